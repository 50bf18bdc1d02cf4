"""Every text on screen goes through Qt's translation: read from the source, with what may stand as it is named."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from console.desk.commands import COMMANDS, groups
from models.records import CallOutcome
from tests.widgets.made import entry
from widgets.queue.activity import head_of
from widgets.theme import priority_name
from widgets.workspace.call_list import outcome_words

ROOT = Path(__file__).parents[3]
SOURCES = sorted([*(ROOT / "widgets").rglob("*.py"), *(ROOT / "console" / "desk").glob("*.py")])
SHOWING = {
    "setText", "say", "_say", "setPlaceholderText", "setAccessibleName", "setToolTip", "setWindowTitle", "setSuffix",
    "notify", "tell", "refuse", "speak", "drawText", "elidedText", "addItem", "addWidget", "toned", "KeyButton",
    "Panel", "Line", "Lines", "Section", "_field", "plural",
}  # fmt: skip
TRANSLATING = {"tr", "translate", "_tr", "_"}
AS_IT_IS = {
    "Vigie",
    # Tones of the style sheet, and properties.
    "label", "second", "title", "dial", "strong", "refused", "warn", "notice", "loud", "instruction", "silent",
    "headline", "time", "event", "site", "person", "clock", "figure", "late", "paneltitle", "oninv", "oninvtitle",
    # Keys as they stand on the keyboard, and as a command is called inside.
    "Enter", "Esc", *(key for command in COMMANDS for key in command.keys), *(command.id for command in COMMANDS),
    # Fields of a refusal.
    "kinds", "places", "ends_at", "when", "file", "form", "zone", "minutes", "Alt+",
    "why", "word", "pin", "identified", "contact.", "last", "numbers", "premises_number", "name", "number",
    # Keys of the Hours tab, which it hears itself.
    "Alt+Del", "PgUp", "PgDown",
    # Dates are put together by strftime.
    "%a %H:%M",
}  # fmt: skip


def name_of(call: ast.Call) -> str:
    """What is called."""
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def bare(node: ast.AST) -> Iterator[ast.Constant]:
    """Words in an expression that no translation is asked for. Records' own words, ``alarm.state.value``, are none."""
    if isinstance(node, ast.Call) and name_of(node) in TRANSLATING:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"[A-Za-z]{2}", node.value):
        yield node
    # What is looked up by a word, and what is compared with one, is not shown.
    inside = [node.value] if isinstance(node, ast.Subscript) else ast.iter_child_nodes(node)
    if isinstance(node, ast.IfExp):
        inside = [node.body, node.orelse]
    if isinstance(node, ast.FormattedValue):
        inside = [node.value]
    if isinstance(node, ast.Call) and name_of(node) in ("get", "strftime", "replace", "split", "join"):
        inside = [node.func, *(node.args if name_of(node) == "join" else [])]
    for child in inside:
        yield from bare(child)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_goes_through_translation(source: Path) -> None:
    found = []
    for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and name_of(call) in SHOWING:
            for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
                found += [f"{word.lineno}: {word.value!r}" for word in bare(argument) if word.value not in AS_IT_IS]
    assert not found, "\n".join(found)


class _Shouting(QTranslator):
    """A language in which everything is shouted."""

    def translate(self, context: str, text: str, _comment: str | None = None, _n: int = -1) -> str:
        return text.upper()


def test_words_from_tables_are_translated_too(qapp: QApplication) -> None:
    shouting = _Shouting(qapp)
    QCoreApplication.installTranslator(shouting)
    try:
        assert priority_name(1) == "EMERGENCY"
        assert outcome_words(CallOutcome.NO_ANSWER) == "NO ANSWER"
        assert head_of(entry(1, kind="alarm-opened")) == "NEW"
        for title, lines in groups():
            assert title == title.upper()
            for key, words in lines:
                assert words == words.upper(), key
    finally:
        QCoreApplication.removeTranslator(shouting)

"""What came from outside is plain text, by construction: there is one kind of label, and one way to show a tip."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QStringListModel, Qt
from PySide6.QtGui import QHelpEvent, QTextDocumentFragment
from PySide6.QtWidgets import QListView, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from widgets.keycap import toned
from widgets.plain import show_tip

WRITTEN = 'PIR <b>hal</b> <img src="http://panel.test/x.png"> & "co"\nsecond line'
ROOT = Path(__file__).parents[2]
_MARKUP = {
    *("QLabel", "QTextBrowser", "QTextEdit", "QTextDocument", "QMessageBox", "QErrorMessage", "QWhatsThis"),
    *("QWizard", "QSplashScreen", "QWebEngineView"),
}
"""Widgets of Qt that take what looks like markup for markup."""


def asked_for(widget: QWidget) -> QHelpEvent:
    middle = widget.rect().center()
    return QHelpEvent(QEvent.Type.ToolTip, middle, widget.mapToGlobal(middle))


def shown() -> str:
    """What is read on the tip, and not what it is made of."""
    return QTextDocumentFragment.fromHtml(QToolTip.text()).toPlainText()


def test_a_label_shows_markup_as_it_is_written(qtbot: QtBot) -> None:
    label = toned("", WRITTEN)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_tip_shows_markup_as_it_is_written(qtbot: QtBot) -> None:
    label = toned("", "PIR")
    qtbot.addWidget(label)
    label.setToolTip(WRITTEN)
    label.show()
    assert show_tip(label, asked_for(label))
    assert shown() == WRITTEN
    assert not show_tip(label, QEvent(QEvent.Type.Paint))
    label.setToolTip("")
    assert not show_tip(label, asked_for(label)), "then it is its parent's"


class _Tips(QStringListModel):
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        return WRITTEN if role == int(Qt.ItemDataRole.ToolTipRole) else super().data(index, role)


def test_the_tip_of_a_row_shows_markup_as_it_is_written(qtbot: QtBot) -> None:
    view = QListView()
    qtbot.addWidget(view)
    view.setModel(_Tips(["a"] * 50))
    view.resize(300, 300)
    view.show()
    assert show_tip(view.viewport(), asked_for(view.viewport()))
    assert shown() == WRITTEN


@pytest.mark.parametrize("folder", ["widgets", "console/desk"])
def test_nothing_that_takes_markup_is_used(folder: str) -> None:
    found = []
    for path in (ROOT / folder).rglob("*.py"):
        if path.name == "plain.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MARKUP
            bases = node.bases if isinstance(node, ast.ClassDef) else []
            if made or any(isinstance(base, ast.Name) and base.id in _MARKUP for base in bases):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
            if isinstance(node, ast.Attribute) and node.attr in ("setHtml", "insertHtml", "setMarkdown", "RichText"):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []

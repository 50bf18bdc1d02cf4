"""Papers speak to their reader: every fixed word stands in the table, in each language (G6)."""

from __future__ import annotations

import ast
import csv
import inspect
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from console.station import journal_paper
from console.station.rules import journal_selection
from console.station.tongue import Reader, words_in
from models.records import ERASED, Disposition, JournalGroup, Language, Priority

BRUSSELS = ZoneInfo("Europe/Brussels")


def holes(words: str) -> list[str | None]:
    return sorted(name for _text, name, _spec, _how in string.Formatter().parse(words) if name is not None)


def written(module: object) -> Iterator[str]:
    """Every text that stands in a module's code."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):  # type: ignore[arg-type]
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_each_word_is_said_in_every_language_with_the_same_holes() -> None:
    with files("resources.languages").joinpath("papers.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert list(rows[0]) == [language.value for language in Language]
    assert len({row["en"] for row in rows}) == len(rows)
    for row in rows:
        assert all(row[language.value].strip() for language in Language), row
        assert {str(holes(words)) for words in row.values()} == {str(holes(row["en"]))}, row


def test_whatever_a_paper_names_is_in_the_table_and_nothing_else_is() -> None:
    named = {one.value.replace("-", " ").capitalize() for one in Disposition}
    named |= {one.name.capitalize() for one in Priority} | {ERASED, "None said"}
    assert set(journal_paper._GROUPS) == set(JournalGroup)
    known = words_in(Language.EN)
    assert named <= set(known)
    said = {*written(journal_paper), *written(journal_selection)}
    assert set(known) - named <= said, "words that no paper says"


@pytest.mark.parametrize(
    ("language", "day", "number"),
    [
        (Language.EN, "Fri 21 Nov 2025", "12,345"),
        (Language.NL, "vr 21 nov 2025", "12.345"),
        (Language.FR, "ven. 21 nov. 2025", "12\u202f345"),
        (Language.DE, "Fr. 21 Nov. 2025", "12.345"),
    ],
)
def test_days_and_numbers_are_written_as_they_are_there(language: Language, day: str, number: str) -> None:
    reader = Reader(language, BRUSSELS)
    assert reader.full(datetime(2025, 11, 20, 23, 30, tzinfo=UTC)) == f"{day} 00:30:00"
    assert reader.number(12_345) == number

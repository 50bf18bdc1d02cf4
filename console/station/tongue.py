"""What papers say in their reader's language: fixed words from one table, days and numbers as they are written (G6).

What was journaled is not translated: it stands as it was written.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from models.records import Language


@cache
def words_in(language: Language) -> Mapping[str, str]:
    """English words and what they are in ``language``, from ``resources/languages/papers.csv``."""
    with files("resources.languages").joinpath("papers.csv").open(encoding="utf-8") as table:
        return {row[Language.EN.value]: row[language.value] for row in csv.DictReader(table)}


class Reader:
    """A reader: their language, and the time zone in which they are told times."""

    def __init__(self, language: Language, zone: ZoneInfo) -> None:
        self._language, self._zone = language, zone
        self._words = words_in(language)

    def at(self, zone: ZoneInfo) -> Reader:
        """The same reader, told times as they are elsewhere."""
        return Reader(self._language, zone)

    @property
    def zone(self) -> str:
        """The zone, for people."""
        return self._zone.key

    def say(self, words: str, *values: object) -> str:
        """``words`` with their ``{0}``, ``{1}`` filled; KeyError where the table has not got them."""
        return self._words[words].format(*values)

    def number(self, number: int) -> str:
        """``12,345`` or ``12.345``."""
        return str(format_decimal(number, locale=self._language.value))

    def day(self, at: datetime) -> str:
        """``Fri 21 Nov 2025``."""
        return format_date(at.astimezone(self._zone).date(), "EEE d MMM y", locale=self._language.value)

    def clock(self, at: datetime) -> str:
        """``20:50:41``."""
        return f"{at.astimezone(self._zone):%H:%M:%S}"

    def full(self, at: datetime) -> str:
        """``Fri 21 Nov 2025 20:50:41``."""
        return f"{self.day(at)} {self.clock(at)}"

"""A test looked at closely: the check-list of its zones, and tests that are planned (F4)."""

from __future__ import annotations

from datetime import datetime

from models.records.record import Record
from models.records.views import TestView


class TestPlace(Record):
    """One place in a test: what came from it, or that nothing did yet."""

    __test__ = False

    account: str = ""
    area: str = ""
    zone: str = ""
    name: str
    """``12 PIR corridor``, or an area, or ``System 1001``."""
    kind: str = ""
    """Of the last signal; empty: nothing came yet."""
    words: str = ""
    signals: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    restored_at: datetime | None = None
    seen: bool = False
    in_alarm: bool = False
    """It told an alarm and no restoral since."""


class TestDetail(Record):
    """A test with the check-list of its zones, seen or not seen (F4)."""

    __test__ = False

    test: TestView
    places: tuple[TestPlace, ...]
    """The zones of its scope by area and number, then what else came."""
    seen: int
    expected: int
    ended_at: datetime | None = None
    ended_by: str = ""

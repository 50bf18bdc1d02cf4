"""A test looked at closely: the check-list of its zones, and tests that are planned (F4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from models.records.record import Record
from models.records.scope import TestScope
from models.records.views import SiteRef, TestView

_LONGEST_MIN = 31 * 24 * 60
_DAY_MIN = 24 * 60
_Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]


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
    alarm_since: datetime | None = None
    """Of what lacks its restoral: when it told its alarm."""


class TestDetail(Record):
    """A test with the check-list of its zones, seen or not seen (F4)."""

    __test__ = False

    test: TestView
    places: tuple[TestPlace, ...]
    """The zones of its scope by area and number, then what else came."""
    seen: int
    expected: int


class PlannedWhen(Record):
    """When a planned test runs, by the clock on the wall of its site (I10): once, or each week on some days."""

    first: _Day
    """The only day, or the first on which it can run."""
    at: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    """``10:00``."""
    minutes: Annotated[int, Field(ge=1, le=_LONGEST_MIN)]
    """How long it runs."""
    weekdays: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], Field(max_length=7)] = ()
    """0 is Monday; none: once, on ``first``."""
    last: _Day | None = None
    """The last day on which it can begin, where it recurs; None: for ever."""

    @model_validator(mode="after")
    def _fits(self) -> PlannedWhen:
        if len(set(self.weekdays)) != len(self.weekdays):
            raise PydanticCustomError("weekdays", "A weekday is named twice")
        if self.weekdays and self.minutes > _DAY_MIN:
            raise PydanticCustomError("minutes", "A test that recurs runs for at most 24 hours each time")
        if not self.weekdays and self.last is not None:
            raise PydanticCustomError("last", "A test that runs once has no last day")
        if self.last is not None and self.last < self.first:
            raise PydanticCustomError("last", "The last day is not before the first")
        return self


class PlannedState(StrEnum):
    """How a planned test stands."""

    PLANNED = "planned"
    CURRENT = "current"
    """It runs now."""
    EXPIRED = "expired"
    """It runs no more: over, or taken back."""


class PlannedTest(Record):
    """A test that is planned, once or recurring (F2, F4)."""

    id: int
    """The journal's number of the entry that planned it."""
    version: int
    """What a change must name (I11)."""
    site: SiteRef
    when: PlannedWhen
    timezone: str
    """The site's."""
    scope: TestScope
    scope_words: str = ""
    """As lists show it; empty for a whole site."""
    life_safety: bool = False
    words: str
    """``every Monday 10:00, 30 min``."""
    next_at: datetime | None = None
    """When it begins next; None: never again."""
    state: PlannedState
    test: int | None = None
    """The test that it began and that runs now."""
    why: str
    ticket: str = ""
    by: str
    """Who planned it."""
    asked_by: str
    asked_how: str = ""
    channel: str
    planned_at: datetime
    over_at: datetime | None = None
    """Since when it is expired, or when its last run ends."""
    over_by: str = ""
    """Who took it back; empty where it ran out."""


class TestBegun(TestView):
    """The answer to a test that was just set."""

    __test__ = False

    run_on: tuple[str, ...] = ()
    """Open alarms of the site that are in its scope: they go on, and can be closed for the test (F5)."""


def age_words(span: timedelta) -> str:
    """How long a test runs: ``0 h 09 m``, ``3 d 04 h``."""
    minutes = max(0, int(span.total_seconds()) // 60)
    if minutes < _DAY_MIN:
        return f"{minutes // 60} h {minutes % 60:02d} m"
    return f"{minutes // _DAY_MIN} d {minutes // 60 % 24:02d} h"

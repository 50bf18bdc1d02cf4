"""Supervised hours: when an area may be open (D1, D3), as they are kept, changed and shown.

Of a site file they are part ``hours:<area>``. A span is minutes from its own day's local midnight and may pass 1440:
a closing at 01:30 belongs to the evening before (D1).
"""

from __future__ import annotations

import itertools
import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from models.records.record import Record
from models.records.site_file import Line, Short

DAY = 1440
"""Minutes of a day on the clock; a day whose clock is changed has other minutes, and the same clock."""
_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")
_MONTH_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


class HoursSpan(Record):
    """Hours on the clock of one day: it opens before its midnight ends, and may close on the next day (D1)."""

    opens: Annotated[int, Field(ge=0, lt=DAY)]
    closes: Annotated[int, Field(gt=0, le=2 * DAY)]

    @model_validator(mode="after")
    def _in_order(self) -> HoursSpan:
        if not 0 < self.closes - self.opens <= DAY:
            raise PydanticCustomError("span", "Hours close after they open, within 24 hours")
        return self

    def __str__(self) -> str:
        closes = "24:00" if (self.opens, self.closes) == (0, DAY) else clock_words(self.closes)
        return f"{clock_words(self.opens)}–{closes}"


def _apart(spans: tuple[HoursSpan, ...]) -> tuple[HoursSpan, ...]:
    ordered = tuple(sorted(spans, key=lambda span: span.opens))
    if any(before.closes > after.opens for before, after in itertools.pairwise(ordered)):
        raise PydanticCustomError("spans", "The hours of one day overlap")
    return ordered


DaySpans = Annotated[tuple[HoursSpan, ...], Field(max_length=6), AfterValidator(_apart)]
"""The hours of a day in their order; none: closed."""
Week = Annotated[tuple[DaySpans, ...], Field(min_length=7, max_length=7)]
"""Monday first."""


class Layer(StrEnum):
    """What gives a day its hours; a later one goes before an earlier one."""

    WEEKLY = "weekly"
    SEASONAL = "seasonal"
    HOLIDAY = "holiday"
    TEMPORARY = "temporary"


class Supervised(StrEnum):
    """What is made an event of the site (D3)."""

    OPENING = "opening outside hours"
    LATE_CLOSE = "not closed in time"
    NOT_OPENED = "not opened in time"


class Season(Record):
    """A part of every year that has a week of its own; one that ends before it begins goes over the new year."""

    name: Annotated[Short, Field(min_length=1)]
    first: Annotated[str, StringConstraints(pattern=_MONTH_DAY)]
    """``07-01``: month and day."""
    last: Annotated[str, StringConstraints(pattern=_MONTH_DAY)]
    """That day included."""
    weekly: Week

    @model_validator(mode="after")
    def _are_days(self) -> Season:
        for given in (self.first, self.last):
            month, _, number = given.partition("-")
            if int(number) > monthrange(2024, int(month))[1]:
                raise PydanticCustomError("season", "There is no such day in any year")
        return self

    def holds(self, day: date) -> bool:
        """Whether ``day`` is in it."""
        of_year = f"{day.month:02d}-{day.day:02d}"
        if self.first <= self.last:
            return self.first <= of_year <= self.last
        return of_year >= self.first or of_year <= self.last


class HoursAsked(Record):
    """A temporary change, as somebody asks for it: a day or several have these hours instead."""

    first: date
    last: date
    """That day included."""
    spans: DaySpans = ()
    """None: closed."""
    why: Annotated[Line, Field(min_length=1)]
    """Who asked for it, and why."""

    @model_validator(mode="after")
    def _in_order(self) -> HoursAsked:
        if not timedelta(0) <= self.last - self.first <= timedelta(days=366):
            raise PydanticCustomError("days", "The last day is not before the first, nor more than a year after it")
        return self


class HoursChange(HoursAsked):
    """A temporary change that is kept, with who made it, when and from where (I6)."""

    id: str
    by: str
    channel: str = ""
    """``console, WS 03``, ``app``."""
    at: datetime


class AreaHours(Record):
    """Part ``hours:<area>``: the supervised hours of one area."""

    weekly: Week
    on_holidays: DaySpans | None = None
    """On public holidays of the site's country; None: as on any other day."""
    seasons: Annotated[tuple[Season, ...], Field(max_length=12)] = ()
    changes: Annotated[tuple[HoursChange, ...], Field(max_length=400)] = ()
    """Read only: made and taken back by acts of their own. Of two for one day the later made one holds."""
    supervised: tuple[Supervised, ...] = tuple(Supervised)
    early_min: Annotated[int, Field(ge=0, le=240)] = 15
    """An opening so many minutes before the hours begin is none outside hours."""
    late_min: Annotated[int, Field(ge=0, le=240)] = 15
    """Still open for so many minutes after the hours ended: not closed in time."""
    missed_min: Annotated[int, Field(ge=0, le=240)] = 15
    """Still closed for so many minutes after the hours began: not opened in time."""
    repeat_min: Annotated[int, Field(ge=0, le=DAY)] = 60
    """What is not closed in time is told again after so many minutes; 0: once."""

    def standing(self) -> dict[str, Any]:
        """Without the changes of single days, as JSON says it; what is as usual is left out."""
        return self.model_dump(mode="json", exclude={"changes"}, exclude_defaults=True)

    @model_validator(mode="after")
    def _seasons_apart(self) -> AreaHours:
        if len(self.seasons) < 2:
            return self
        year = [date(2024, 1, 1) + timedelta(days=number) for number in range(366)]
        for day in year:
            if sum(1 for season in self.seasons if season.holds(day)) > 1:
                raise PydanticCustomError("seasons", "Two seasons hold the same day")
        return self


class ShownDay(Record):
    """One day of the week that is shown: its hours, what gave them, and what a temporary change took the place of."""

    day: date
    spans: DaySpans = ()
    layer: Layer
    was: DaySpans = ()
    """Without the temporary change."""
    named: str = ""
    """The season or the holiday that gives the hours."""
    holiday: str = ""
    """The public holiday that this day is, whether its hours are kept apart or not."""
    change: HoursChange | None = None


class AreaWeek(Record):
    """The hours of one area and a week of them."""

    area: str
    name: str = ""
    state: str | None = None
    """``armed``, ``disarmed``, or None: not transmitted (B3)."""
    hours: AreaHours | None = None
    """None: the area has no supervised hours."""
    version: int = 0
    """What an edit must name (I11); 0: never changed."""
    changed_at: datetime | None = None
    changed_by: str = ""
    days: tuple[ShownDay, ...] = ()
    said: str = ""
    """What is not supervised though it is asked for, and why; empty: nothing."""


class SiteHours(Record):
    """The supervised hours of a site, for one week."""

    site: str
    timezone: str
    country: str
    monday: date
    areas: tuple[AreaWeek, ...] = ()
    depends: tuple[str, ...] = ()
    """What at this site is tied to its hours and is not changed with them (D2)."""


class HoursChanged(Record):
    """The answer to a change of hours."""

    area: str
    version: int
    sentence: str
    """D2: what the change did not change."""
    task: int | None = None
    """The service desk's task, where something depends on the hours (D2)."""
    change: str = ""
    """Id of the temporary change that was made."""


def clock_words(minute: int) -> str:
    """``1530`` is ``01:30``."""
    return f"{minute % DAY // 60:02d}:{minute % 60:02d}"


def hours_words(spans: tuple[HoursSpan, ...]) -> str:
    """``10:00–12:00, 13:30–18:00``; ``closed`` for none. :func:`read_hours` reads it."""
    return ", ".join(str(span) for span in spans) or "closed"


def read_hours(text: str) -> tuple[HoursSpan, ...]:
    """What somebody typed: ``10:00–18:00, 20:00-01:30``, or ``closed``.

    A closing that is not after its opening is on the next day (D1). ValueError with a sentence (I12).
    """
    given = text.strip()
    if given.lower() in ("closed", "-", "–"):
        return ()
    spans = []
    for piece in filter(None, (piece.strip() for piece in re.split(r"[,;]", given))):
        found = _SPAN.fullmatch(piece)
        if found is None:
            raise ValueError("Write hours as 10:00–18:00, several with a comma between, or closed.")
        opens, closes = (int(found[n]) * 60 + int(found[n + 1]) for n in (1, 3))
        if int(found[2]) > 59 or int(found[4]) > 59 or opens >= DAY or closes > DAY:
            raise ValueError(f"{piece} is no time of a day: hours go from 00:00 to 24:00.")
        spans.append(HoursSpan(opens=opens, closes=closes if closes > opens else closes + DAY))
    if not spans:
        raise ValueError("Say the hours, or write closed.")
    ordered = sorted(spans, key=lambda span: span.opens)
    if any(before.closes > after.opens for before, after in itertools.pairwise(ordered)):
        raise ValueError("The hours of one day overlap.")
    return tuple(ordered)

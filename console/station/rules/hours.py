"""Which hours hold on a day, and whether an area may be open at a moment (D1, I10). Facts in, decisions out.

What goes before what: a temporary change, then a holiday, then a season, then the week. Hours are what a clock on the
wall of the site shows. Where that clock is changed: hours that begin in the hour that is left out begin at the change,
and hours that end in the hour that comes twice end the second time: nobody who goes by the wall is early or late.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.records import AreaHours, HoursChange, HoursSpan, Layer, ShownDay

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
NEXT_DAYS = 400
"""How far ahead a next change is looked for: a year and its holidays."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A time in which an area may be open: from ``start``, up to and without ``end``. UTC."""

    start: datetime
    end: datetime

    def __contains__(self, at: object) -> bool:
        return isinstance(at, datetime) and self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Around:
    """How the hours lie around a moment, as far as was looked."""

    current: Interval | None
    """In whose time the moment is; None: the area should be closed."""
    ended: datetime | None
    """When the hours before it ended."""
    following: Interval | None
    """The hours that come next, ``current`` not among them."""


@dataclass(frozen=True)
class Schedule:
    """The supervised hours of one area in its site's zone; ``holiday_of`` names the holiday of a day, if it is one."""

    hours: AreaHours
    zone: ZoneInfo
    holiday_of: Callable[[date], str]

    def day(self, day: date) -> ShownDay:
        """What holds on ``day``, and what gives it."""
        holiday = self.holiday_of(day)
        layer, named, spans = Layer.WEEKLY, "", self.hours.weekly[day.weekday()]
        season = next((season for season in self.hours.seasons if season.holds(day)), None)
        if season is not None:
            layer, named, spans = Layer.SEASONAL, season.name, season.weekly[day.weekday()]
        if holiday and self.hours.on_holidays is not None:
            layer, named, spans = Layer.HOLIDAY, holiday, self.hours.on_holidays
        change = self.change_of(day)
        if change is None:
            return ShownDay(day=day, spans=spans, layer=layer, was=spans, named=named, holiday=holiday)
        return ShownDay(
            day=day, spans=change.spans, layer=Layer.TEMPORARY, was=spans, named=named, holiday=holiday, change=change
        )

    def change_of(self, day: date) -> HoursChange | None:
        """The temporary change that holds on ``day``: of several the one that was made last."""
        return next((change for change in reversed(self.hours.changes) if change.first <= day <= change.last), None)

    def spans(self, day: date) -> tuple[HoursSpan, ...]:
        """The hours of ``day`` alone; quicker than :meth:`day`."""
        change = self.change_of(day)
        if change is not None:
            return change.spans
        if self.hours.on_holidays is not None and self.holiday_of(day):
            return self.hours.on_holidays
        season = next((season for season in self.hours.seasons if season.holds(day)), None)
        return (self.hours if season is None else season).weekly[day.weekday()]

    def intervals(self, first: date, last: date) -> list[Interval]:
        """When the area may be open by the hours of these days, in order; what touches is one."""
        found: list[Interval] = []
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        pieces = sorted(
            ((self._starts(day, span), self._ends(day, span)) for day in days for span in self.spans(day)),
        )
        for start, end in pieces:
            if end <= start:
                # It lies wholly in an hour that was left out.
                continue
            if found and start <= found[-1].end:
                found[-1] = Interval(found[-1].start, max(found[-1].end, end))
            else:
                found.append(Interval(start, end))
        return found

    def open_at(self, at: datetime) -> bool:
        """Whether the area may be open at ``at``."""
        return self._near(at, 2).current is not None

    def outside(self, at: datetime) -> bool:
        """Whether an opening at ``at`` is one outside the hours, with what is tolerated before and after them (D3)."""
        near = self._near(at, 2)
        if near.current is not None:
            return False
        early, late = timedelta(minutes=self.hours.early_min), timedelta(minutes=self.hours.late_min)
        if near.ended is not None and at < near.ended + late:
            return False
        return near.following is None or at < near.following.start - early

    def next_change(self, after: datetime) -> datetime | None:
        """When the hours next begin or end after ``after``; None: not within :data:`NEXT_DAYS`."""
        today = self.local_day(after)
        for ahead in range(0, NEXT_DAYS, 7):
            # Hours of these days and no others begin or end in the week that is looked at.
            days = [today + timedelta(days=ahead + number) for number in range(-2, 8)]
            until = self._wall(today + timedelta(days=ahead + 7))
            moments = {
                moment
                for day in days
                for span in self.spans(day)
                for moment in (self._starts(day, span), self._ends(day, span))
                if after < moment < until
            }
            for moment in sorted(moments):
                if self.open_at(moment) != self.open_at(moment - _SECOND):
                    return moment
        return None

    def around(self, at: datetime, days: int = 9) -> Around:
        """How the hours lie around ``at``, at most ``days`` to either side."""
        # Nearly always the nearest days have hours before and after, and then more days say nothing more.
        near = self._near(at, 2)
        return near if near.ended is not None and near.following is not None else self._near(at, days)

    def local_day(self, at: datetime) -> date:
        """The day that a calendar at the site shows."""
        return at.astimezone(self.zone).date()

    def _near(self, at: datetime, days: int) -> Around:
        today = self.local_day(at)
        found = self.intervals(today - timedelta(days=days), today + timedelta(days=days))
        current = next((interval for interval in found if at in interval), None)
        ended = max((interval.end for interval in found if interval.end <= at), default=None)
        following = next((interval for interval in found if interval.start > at), None)
        return Around(current, ended, following)

    def _wall(self, day: date, minute: int = 0) -> datetime:
        return ends(datetime.combine(day, time()) + timedelta(minutes=minute), self.zone)

    def _starts(self, day: date, span: HoursSpan) -> datetime:
        return starts(datetime.combine(day, time()) + timedelta(minutes=span.opens), self.zone)

    def _ends(self, day: date, span: HoursSpan) -> datetime:
        return self._wall(day, span.closes)


@lru_cache(maxsize=16384)
def starts(wall: datetime, zone: ZoneInfo) -> datetime:
    """When a clock at the site first shows ``wall`` or later, in UTC."""
    first, second = _both(wall, zone)
    return first if first <= second else _change(second, first, zone)


@lru_cache(maxsize=16384)
def ends(wall: datetime, zone: ZoneInfo) -> datetime:
    """From when on a clock at the site never shows less than ``wall`` again, in UTC."""
    first, second = _both(wall, zone)
    if first > second:
        return _change(second, first, zone)
    if first == second or (second - _SECOND).astimezone(zone).replace(tzinfo=None) >= wall:
        # The second time it is shown the clock comes from later on: it was reached the first time.
        return first
    return second


def _both(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The two readings of what a clock shows; the same but where the clock is changed (PEP 495)."""
    return tuple(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))  # type: ignore[return-value]


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second between two moments at which the zone's clock is changed."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after

"""When a planned test runs, by the clock on the wall of its site (I10). Facts in, decisions out.

It begins when that clock first shows its time, or at the change where the clock leaves that time out; it runs for as
long as it is planned for, whatever the clock does meanwhile. So each day of it has one beginning, and one only.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from console.station.rules.hours import Interval, starts
from models.records import PlannedWhen

_DAY = timedelta(days=1)
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def begins(when: PlannedWhen, zone: ZoneInfo, day: date) -> datetime:
    """When it begins on ``day``, in UTC."""
    return starts(datetime.combine(day, time.fromisoformat(when.at)), zone)


def run_on(when: PlannedWhen, zone: ZoneInfo, day: date) -> Interval:
    """The time in which it runs on ``day``."""
    start = begins(when, zone, day)
    return Interval(start, start + timedelta(minutes=when.minutes))


def following(when: PlannedWhen, zone: ZoneInfo, after: datetime) -> Interval | None:
    """When it runs next: the first time that it begins after ``after``; None: never again."""
    if not when.weekdays:
        only = run_on(when, zone, when.first)
        return only if only.start > after else None
    # A beginning lies on its own day by the site's clock; the day before for a zone that leaves out a whole one.
    day = max(when.first, after.astimezone(zone).date() - _DAY)
    for _ in range(2 * 7 + 1):
        if when.last is not None and day > when.last:
            return None
        if day.weekday() in when.weekdays:
            found = run_on(when, zone, day)
            if found.start > after:
                return found
        day += _DAY
    return None


def words(when: PlannedWhen) -> str:
    """``every Monday and Friday 10:00, 30 min``; ``Mon 23 Nov 2026 10:00, 30 min`` for a single one."""
    if when.weekdays:
        named = [_NAMES[day] for day in sorted(when.weekdays)]
        said = "every day" if len(named) == len(_NAMES) else "every " + " and ".join(filter(None, _listed(named)))
        until = f", until {when.last:%d %b %Y}" if when.last is not None else ""
    else:
        said, until = f"{when.first:%a %d %b %Y}", ""
    return f"{said} {when.at}, {_length(when.minutes)}{until}"


def _listed(named: list[str]) -> tuple[str, str]:
    return ", ".join(named[:-1]), named[-1]


def _length(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" + (f" {minutes % 60:02d} min" if minutes % 60 else "")

"""When a report goes out by e-mail, and of which period, by the clock on the wall of its zone (G6, I10).

It goes out when that clock first shows its time, or at the change where the clock leaves that time out: once each day,
week or month, whatever the clock does. What it is of is the whole day, the seven days or the whole month before.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from console.station.rules.hours import starts
from models.records import ReportEvery, ReportPlan

_DAY = timedelta(days=1)
_LOOKED_AT = 64
"""Days among which there is one of any month."""
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def following(plan: ReportPlan, after: datetime) -> datetime:
    """When it goes out next: the first time after ``after``, in UTC."""
    zone = plan.zone
    day = after.astimezone(zone).date() - _DAY
    for _ in range(_LOOKED_AT):
        if _is_on(plan, day):
            found = _at(plan, zone, day)
            if found > after:
                return found
        day += _DAY
    raise AssertionError("every month has that day")


def latest(plan: ReportPlan, due: datetime, now: datetime) -> tuple[datetime, int]:
    """The last time up to ``now`` that it was due, ``due`` being one; and how many before it were missed."""
    missed = 0
    while (more := following(plan, due)) <= now:
        due, missed = more, missed + 1
    return due, missed


def period(plan: ReportPlan, due: datetime) -> tuple[datetime, datetime]:
    """What is told when it goes out at ``due``: from its first moment, up to the first after it."""
    zone = plan.zone
    last = due.astimezone(zone).date()
    if plan.every is ReportEvery.DAY:
        first = last - _DAY
    elif plan.every is ReportEvery.WEEK:
        first = last - 7 * _DAY
    else:
        last = last.replace(day=1)
        first = (last - _DAY).replace(day=1)
    return starts(datetime.combine(first, time()), zone), starts(datetime.combine(last, time()), zone)


def words(plan: ReportPlan) -> str:
    """``every day 06:00``, ``every Monday 06:00``, ``every month on day 1, 06:00``."""
    if plan.every is ReportEvery.DAY:
        return f"every day {plan.at}"
    if plan.every is ReportEvery.WEEK:
        return f"every {NAMES[plan.day]} {plan.at}"
    return f"every month on day {plan.day}, {plan.at}"


def _is_on(plan: ReportPlan, day: date) -> bool:
    if plan.every is ReportEvery.DAY:
        return True
    if plan.every is ReportEvery.WEEK:
        return day.weekday() == plan.day
    # The 31st of a month that has none is its last day.
    return day.day == min(plan.day, monthrange(day.year, day.month)[1])


def _at(plan: ReportPlan, zone: ZoneInfo, day: date) -> datetime:
    return starts(datetime.combine(day, time.fromisoformat(plan.at)), zone)

"""Supervision of hours (D3): what was not closed in time, what was not opened, and when to look again.

An opening outside the hours needs no watch: it is told when it is received (:mod:`console.station.rules.routing`). What
a system does not transmit is not supervised: an unknown state is neither late nor missed (B3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from console.station.rules.hours import Around, Interval, Schedule
from models.records import Supervised

_DAYS = 9
"""How far to either side hours are looked at."""
_LOOK_AGAIN = timedelta(days=7)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AreaStands:
    """The state of an area as it was transmitted last; None: not transmitted."""

    state: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """What was told so far."""

    late_from: datetime | None = None
    late_at: datetime | None = None
    times: int = 0
    missed_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be told now, what is told from then on, and when to look again."""

    late_from: datetime | None
    """Not closed in time: since when it should be closed."""
    missed_from: datetime | None
    """Not opened in time: since when it should be open."""
    told: Told
    due_at: datetime | None
    """Always later than now; None: never."""


def judge(schedule: Schedule, stands: AreaStands, told: Told, now: datetime) -> Judgement:
    """Look at one area. Asked again at ``due_at``, or when its hours or its state changed; too often does no harm."""
    asked = schedule.hours.supervised
    if Supervised.LATE_CLOSE not in asked and Supervised.NOT_OPENED not in asked:
        return Judgement(None, None, told, None)
    near = schedule.around(now, _DAYS)
    again = [now + _LOOK_AGAIN]
    late = missed = None
    if Supervised.LATE_CLOSE in asked:
        late, told = _late(schedule, near, stands, told, now, again)
    if Supervised.NOT_OPENED in asked:
        missed, told = _missed(schedule, near, stands, told, now, again)
    return Judgement(late, missed, told, min(moment for moment in again if moment > now))


def first_look(schedule: Schedule, at: datetime) -> datetime | None:
    """When an area that was opened at ``at``, outside its hours, would not be closed in time."""
    if Supervised.LATE_CLOSE not in schedule.hours.supervised:
        return None
    return at + timedelta(minutes=schedule.hours.late_min)


def _late(
    schedule: Schedule, near: Around, stands: AreaStands, told: Told, now: datetime, again: list[datetime]
) -> tuple[datetime | None, Told]:
    """Not closed in time, for the first time or again. Adds to ``again`` when that must be looked at."""
    late, early = timedelta(minutes=schedule.hours.late_min), timedelta(minutes=schedule.hours.early_min)
    for interval in (near.current, near.following):
        if interval is not None:
            again.append(interval.end + late)
    if near.ended is not None:
        again.append(near.ended + late)
    if near.current is not None or stands.state != "disarmed" or stands.at is None:
        return None, told
    if near.following is not None and now >= near.following.start - early:
        # Who comes a little early is no more late.
        return None, told
    since = near.ended
    if since is None or stands.at >= since + late:
        # It was opened after the hours: it gets as long as one that stayed open.
        since = stands.at
    again.append(since + late)
    if now < since + late:
        return None, told
    if told.late_from == since and told.late_at is not None:
        repeat = timedelta(minutes=schedule.hours.repeat_min)
        if not repeat:
            return None, told
        if now < told.late_at + repeat:
            again.append(told.late_at + repeat)
            return None, told
        again.append(now + repeat)
        return since, replace(told, late_at=now, times=told.times + 1)
    if schedule.hours.repeat_min:
        again.append(now + timedelta(minutes=schedule.hours.repeat_min))
    return since, replace(told, late_from=since, late_at=now, times=1)


def _missed(
    schedule: Schedule, near: Around, stands: AreaStands, told: Told, now: datetime, again: list[datetime]
) -> tuple[datetime | None, Told]:
    """Not opened in time; told once for each beginning of hours."""
    patience = timedelta(minutes=schedule.hours.missed_min)
    for interval in (near.current, near.following):
        if interval is not None:
            again.append(_last_call(interval, patience))
    current = near.current
    if current is None or now < _last_call(current, patience) or current.start <= now - timedelta(days=_DAYS - 1):
        # Hours that go on for longer than was looked at began at nobody knows when.
        return None, told
    if stands.state != "armed" or stands.at is None or stands.at >= current.start:
        return None, told
    if told.missed_from == current.start:
        return None, told
    return current.start, replace(told, missed_from=current.start)


def _last_call(interval: Interval, patience: timedelta) -> datetime:
    """When whoever has not opened is told: within the hours, however short they are."""
    return min(interval.start + patience, max(interval.start, interval.end - _MINUTE))

"""Who can be called now: absence, the week, suspension, and who stands in (C1, C4). Nobody is ever left out unsaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from console.station.rules.plan_facts import StepFacts
from models.records import AvailableSpan

_DAY = 1440


def is_away(step: StepFacts, now: datetime) -> bool:
    """Temporary absence, from (inclusive) until (exclusive); either may be open (C1, C4)."""
    if step.away_from is None and step.away_until is None:
        return False
    begun = step.away_from is None or step.away_from <= now
    return begun and (step.away_until is None or now < step.away_until)


def why_not(step: StepFacts, now: datetime) -> str:
    """Why somebody is not to be called now, for the operator to read; empty where they are."""
    if step.off:
        return step.off
    if step.suspended:
        return "Suspended"
    zone = ZoneInfo(step.timezone)
    if is_away(step, now):
        return f"Away until {step.away_until.astimezone(zone):%a %d %b %H:%M}" if step.away_until else "Away"
    if step.available and not in_week(step.available, now, zone):
        again = _again(step.available, now, zone)
        return f"Not available now, again {again:%a %H:%M}"
    return ""


def in_week(spans: Sequence[AvailableSpan], now: datetime, zone: ZoneInfo) -> bool:
    """Whether ``now`` lies in one of the spans, by the clock on the wall at the site (I10)."""
    local = now.astimezone(zone)
    for back in (0, 1):
        minute = back * _DAY + local.hour * 60 + local.minute
        day = (local.date() - timedelta(days=back)).weekday()
        if any(span.day == day and span.from_minute <= minute < span.until_minute for span in spans):
            return True
    return False


def _again(spans: Sequence[AvailableSpan], now: datetime, zone: ZoneInfo) -> datetime:
    """When the next span begins."""
    local = now.astimezone(zone)
    starts = []
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        starts += [midnight + timedelta(minutes=span.from_minute) for span in spans if span.day == day.weekday()]
    return min(start for start in starts if start > local)


def stand_ins(order: Sequence[StepFacts], people: Mapping[str, StepFacts], now: datetime) -> list[StepFacts]:
    """The order with each substitute right behind whom they stand in for, and that said (C4).

    A substitute who can be called no more than they is left where they are.
    """
    found: list[StepFacts] = []
    moved: set[str] = set()
    for step in order:
        if step.key in moved:
            continue
        found.append(step)
        other = people.get(step.substitute) if step.substitute else None
        if other is None or not why_not(step, now) or why_not(other, now) or other.key in {s.key for s in found}:
            continue
        place = _place(step, next((one for one in order if one.key == other.key), None))
        if place is None:
            continue
        role = f"{other.role}, stands in for {step.name}" if other.role else f"stands in for {step.name}"
        found.append(replace(other, role=role, **place))
        moved.add(other.key)
    return found


def _place(step: StepFacts, own: StepFacts | None) -> dict[str, Any] | None:
    """The conditions of the place that a substitute takes; None where a required step of their own has others.

    ``own`` is their own step, where the procedure has one: it is not done twice, and not forgotten (C4).
    """
    place = {name: getattr(step, name) for name in ("id", "text", "required", "when", "outcomes", "after")}
    if own is None:
        return place
    place["own_id"] = own.id
    if own.required and (own.when, own.outcomes, own.after) != (step.when, step.outcomes, step.after):
        return None
    if own.required:
        place["required"] = True
    if own.text and own.text != step.text:
        place["text"] = f"{step.text}\n{own.text}".strip()
    return place

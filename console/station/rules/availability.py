"""Who can be called now: absence, the week, suspension, and who stands in (C1, C4). Nobody is ever left out unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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

    A substitute who cannot be called either is seen with the reason, and their own substitute is asked for, and so on.
    """
    found: list[StepFacts] = []
    moved: set[str] = set()
    for step in order:
        if step.key in moved:
            continue
        found.append(step)
        if not why_not(step, now):
            continue
        missing = [step.name]
        for other in _line(step, people):
            own = next((one for one in order if one.key == other.key), None)
            here = any(one.key == other.key for one in found)
            callable_ = bool(other.numbers) and not why_not(other, now)
            # Who cannot be called either stays at their own place, and is seen here where they have none.
            place = _place(step, own) if not here and (callable_ or own is None) else None
            if place is not None:
                said = f"stands in for {' and '.join(missing)}"
                found.append(replace(other, role=f"{other.role}, {said}" if other.role else said, **place))
                moved.add(other.key)
            if callable_:
                break
            missing.append(other.name)
    return found


def _line(step: StepFacts, people: Mapping[str, StepFacts]) -> Iterator[StepFacts]:
    """The substitute of somebody, the substitute's substitute and so on; each once, also where they name each other."""
    seen = {step.contact}
    while step.substitute and step.substitute not in seen and step.substitute in people:
        seen.add(step.substitute)
        step = people[step.substitute]
        yield step


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

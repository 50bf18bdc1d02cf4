"""When a test is to run, as people type it: ``30 Nov 10:00``, ``every Mon, Thu 10:00``; for how long: ``30 min``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from models.records import PlannedWhen
from widgets.entry import DAYS, read_moment

_EVERY = re.compile(r"every\s+(?P<days>[a-z,\s–-]+?)\s+(?P<hour>\d{1,2})[:h](?P<minute>\d{2})\Z")
_LONG = re.compile(r"(?:(?P<hours>\d{1,3})\s*(?:h|hours?))?\s*(?:(?P<minutes>\d{1,4})\s*(?:m|min|minutes?)?)?\Z")


def read_minutes(text: str) -> int:
    """``30 min``, ``2 h``, ``1 h 30``; a plain number is minutes. ValueError with a sentence."""
    found = _LONG.match(text.strip().casefold())
    minutes = 60 * int(found["hours"] or 0) + int(found["minutes"] or 0) if found is not None else 0
    if minutes <= 0:
        raise ValueError(f"“{text.strip()}” is no length of time, such as 30 min or 2 h.")
    return minutes


def read_when(text: str, minutes: int, now: datetime) -> PlannedWhen:
    """When it runs, by the wall of the site; ``now`` gives today. ValueError with a sentence."""
    words = text.strip().casefold()
    every = _EVERY.match(words)
    if every is None:
        if words.startswith("every"):
            raise ValueError(f"“{text.strip()}” names no weekdays and time, such as every Mon, Thu 10:00.")
        at = read_moment(text, now)
        assert at is not None
        if at <= now and len(words) <= 5:
            at += timedelta(days=1)
        return PlannedWhen(first=at.date(), at=f"{at:%H:%M}", minutes=minutes)
    days = _days(every["days"])
    hour, minute = int(every["hour"]), int(every["minute"])
    if not days or hour > 23 or minute > 59:
        raise ValueError(f"“{text.strip()}” names no weekdays and time, such as every Mon, Thu 10:00.")
    return PlannedWhen(
        first=now.astimezone().date(), at=f"{hour:02d}:{minute:02d}", minutes=minutes, weekdays=tuple(days)
    )


def _days(words: str) -> list[int]:
    names = [name.casefold() for name in DAYS]
    found: list[int] = []
    for part in re.split(r"[,\s]+", words.replace("–", "-")):
        first, dash, last = part.partition("-")
        if not first:
            continue
        if first[:3] not in names or (dash and last[:3] not in names):
            return []
        begin = names.index(first[:3])
        end = names.index(last[:3]) if dash else begin
        found += [day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1)]
    return sorted(set(found))


def write_when(when: PlannedWhen) -> str:
    """As :func:`read_when` reads it."""
    if when.weekdays:
        return f"every {', '.join(DAYS[day] for day in when.weekdays)} {when.at}"
    return f"{when.first:%d %b %Y} {when.at}"


def write_minutes(minutes: int) -> str:
    """``30 min``, ``2 h``, ``1 h 30 min``."""
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest else "")))

"""Times as people type them, read and written: ``30 Nov 23:59``, ``Mon-Fri 09:00-17:00``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from models.records import AvailableSpan

_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d %b %Y", "%d-%m-%Y", "%d.%m.%Y")
_SHORT = ("%d/%m", "%d %b", "%d-%m", "%d.%m")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SPAN = re.compile(r"(\d{1,2})[:.h]?(\d{2})?\s*[-–]\s*(\d{1,2})[:.h]?(\d{2})?\Z")


def read_moment(text: str, now: datetime, *, end: bool = False) -> datetime | None:
    """A moment at the workstation, aware; None for no text. Without a time of day it is 00:00, or 23:59 for an ``end``.

    ``today`` and ``tomorrow`` are known; a day without a year is the next that comes. ValueError with a sentence.
    """
    words = text.strip()
    if not words:
        return None
    here = now.astimezone()
    words = re.sub(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\s+(?=\d)", "", words, flags=re.IGNORECASE)
    clock = re.search(r"(?:^|\s)(\d{1,2})[:h](\d{2})\Z", words)
    hour, minute = (23, 59) if end else (0, 0)
    if clock is not None:
        hour, minute = int(clock[1]), int(clock[2])
        words = words[: clock.start()].strip()
    day = _day(words, here)
    if day is None or hour > 23 or minute > 59:
        raise ValueError(f"“{text.strip()}” is no day and time, such as 30 Nov 23:59, 30/11/2026 or tomorrow 08:00.")
    return datetime(day.year, day.month, day.day, hour, minute).astimezone()


def _day(words: str, here: datetime) -> datetime | None:
    low = words.casefold()
    if low in ("", "today"):
        return here
    if low == "tomorrow":
        return here + timedelta(days=1)
    for format_ in _FORMATS:
        try:
            return datetime.strptime(words, format_)  # noqa: DTZ007
        except ValueError:
            continue
    for format_ in _SHORT:
        try:
            # With a year, so that the 29th of February is a day in leap years.
            found = datetime.strptime(f"{words} {here.year}", f"{format_} %Y")  # noqa: DTZ007
        except ValueError:
            continue
        return found if found.date() >= here.date() - timedelta(days=60) else found.replace(year=here.year + 1)
    return None


def write_moment(moment: datetime | None) -> str:
    """``30 Nov 2026 23:59``; nothing for None."""
    return "" if moment is None else moment.astimezone().strftime("%d %b %Y %H:%M")


def read_week(text: str) -> tuple[AvailableSpan, ...]:
    """``Mon-Fri 09:00-17:00, Sat 22:00-02:00`` as spans; nothing is always. ValueError with a sentence."""
    found: list[AvailableSpan] = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        days, _, hours = part.partition(" ")
        span = _SPAN.match(hours.strip())
        which = _days(days)
        if span is None or not which:
            raise ValueError(f"“{part}” is no time of the week, such as Mon-Fri 09:00-17:00.")
        begin = int(span[1]) * 60 + int(span[2] or 0)
        end = int(span[3]) * 60 + int(span[4] or 0)
        if begin >= 1440 or end > 1440:
            raise ValueError(f"“{part}” names an hour that no day has.")
        # Past midnight it belongs to the evening before.
        end += 1440 if end <= begin else 0
        found += [AvailableSpan(day=day, from_minute=begin, until_minute=end) for day in which]
    return tuple(found)


def _days(words: str) -> list[int]:
    names = [name.casefold() for name in DAYS]
    first, dash, last = words.replace("–", "-").casefold().partition("-")
    if first[:3] not in names or (dash and last[:3] not in names):
        return []
    begin = names.index(first[:3])
    end = names.index(last[:3]) if dash else begin
    return [day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1)]


def write_week(spans: Iterable[AvailableSpan]) -> str:
    """Spans as :func:`read_week` reads them; equal days in a row are told together."""
    by_hours: dict[tuple[int, int], list[int]] = {}
    for span in spans:
        by_hours.setdefault((span.from_minute, span.until_minute), []).append(span.day)
    parts = []
    for (begin, end), days in by_hours.items():
        for run in _runs(sorted(days)):
            said = DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}"
            parts.append(f"{said} {_clock(begin)}-{_clock(end)}")
    return ", ".join(parts)


def _runs(days: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _clock(minute: int) -> str:
    return "24:00" if minute == 1440 else f"{minute // 60 % 24:02d}:{minute % 60:02d}"

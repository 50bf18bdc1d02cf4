"""More alarms than an operator can handle: where that begins and where it ends (architecture.md §4, G6).

A flood begins where more than ten come to one operator in ten minutes, and is over where fewer than five do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SLOT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Flood:
    """The two limits: between them what is, stays."""

    begins_over: int = 10
    ends_under: int = 5

    def marked(self, counts: Sequence[int]) -> list[bool]:
        """Which of ``counts``, slots in a row without a gap, are in a flood."""
        found, on = [], False
        for count in counts:
            on = count >= self.ends_under if on else count > self.begins_over
            found.append(on)
        return found


def slot_of(moment: datetime) -> datetime:
    """When the ten minutes begin that ``moment`` lies in."""
    return moment.replace(minute=moment.minute - moment.minute % 10, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Slot:
    """Ten minutes of one operator."""

    at: datetime
    alarms: int
    flood: bool


def slots(times: Sequence[datetime], flood: Flood) -> tuple[list[Slot], int]:
    """The slots of one operator's alarms, in order, and how many floods there were; empty slots are left out."""
    counts: dict[datetime, int] = {}
    for moment in times:
        at = slot_of(moment)
        counts[at] = counts.get(at, 0) + 1
    found: list[Slot] = []
    floods, on, last = 0, False, None
    for at in sorted(counts):
        if last is not None and at - last > SLOT and flood.ends_under > 0:
            # Ten minutes without any lie between: fewer than the end of a flood.
            on = False
        [now] = flood.marked([counts[at]]) if not on else [counts[at] >= flood.ends_under]
        floods += now and not on
        found.append(Slot(at, counts[at], now))
        on, last = now, at
    return found, floods

"""A zone that reports far too often: it is offered to be put aside, and hidden by nothing of this.

Two measures, either of which decides. A sliding window finds the burst: a loose contact tells ten alarms in five
minutes. A bucket that leaks slowly finds what no window sees: a detector that tells one every two minutes, all night.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from console.station.rules.profile import Profile
from models.records import age_words

_NOTHING = timedelta(0)


class ZoneKey(NamedTuple):
    """What tells one zone from all others; plain numbers (``rules/places.py``)."""

    site: str
    account: str
    area: str
    zone: str


@dataclass(frozen=True, slots=True)
class Meter:
    """What one zone told lately."""

    times: tuple[datetime, ...] = ()
    """Its last alarms, at most as many as the window's threshold, all of them within the window."""
    level: float = 0.0
    """How full the bucket is, as of the last alarm."""
    since: datetime | None = None
    """When the bucket began to fill."""
    total: int = 0
    """Alarms since then."""


@dataclass(frozen=True, slots=True)
class Runaway:
    """A zone runs away: so many alarms in so long a time."""

    alarms: int
    within: timedelta

    @property
    def words(self) -> str:
        """``10 alarms in 4 min``, ``61 alarms in 2 h 00 m``."""
        minutes = -(-self.within // timedelta(minutes=1))
        return f"{self.alarms} alarms in " + (f"{minutes} min" if minutes < 60 else age_words(self.within))


def counted(meter: Meter, at: datetime, profile: Profile) -> tuple[Meter, Runaway | None]:
    """``meter`` after one more alarm ``at``, and what that says; None: not too often."""
    earliest = at - timedelta(seconds=profile.runaway_window_s)
    most = profile.runaway_alarms
    times = (*(one for one in meter.times[-most + 1 :] if one > earliest), at) if most > 1 else (at,)
    left = _left(meter, at, profile)
    if left > 0 and meter.since is not None:
        meter = Meter(times, left + 1, meter.since, meter.total + 1)
    else:
        meter = Meter(times, 1.0, at, 1)
    if len(times) >= most:
        return meter, Runaway(len(times), max(at - times[0], _NOTHING))
    if meter.level >= profile.runaway_bucket and meter.since is not None:
        return meter, Runaway(meter.total, max(at - meter.since, _NOTHING))
    return meter, None


def remembered(profile: Profile) -> timedelta:
    """How far back alarms still count: until a bucket that is full has run empty."""
    return timedelta(seconds=max(profile.runaway_window_s, profile.runaway_bucket * profile.runaway_leak_s))


def forgettable(meter: Meter, at: datetime, profile: Profile) -> bool:
    """Whether ``meter`` says nothing any more: its window has passed and its bucket ran empty."""
    past = not meter.times or meter.times[-1] <= at - timedelta(seconds=profile.runaway_window_s)
    return past and _left(meter, at, profile) <= 0


def _left(meter: Meter, at: datetime, profile: Profile) -> float:
    """What has not leaked out of the bucket. A clock that was set back leaks nothing and fills nothing."""
    if not meter.times:
        return 0.0
    passed = max((at - meter.times[-1]).total_seconds(), 0.0)
    return meter.level - passed / profile.runaway_leak_s

"""Time is handed in: the station's clock, and one that tests move."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where the station reads the time."""

    def now(self) -> datetime:
        """The present time, aware, UTC, to the microsecond (I6)."""
        ...

    def own(self) -> datetime:
        """What the machine itself says, whatever :meth:`follow` was told."""
        ...

    def follow(self, ahead: timedelta) -> None:
        """Say from now on what the machine says, and ``ahead`` more: stations over one database share its time."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for waits and limits. They stand still while the machine sleeps."""
        ...

    def asleep(self) -> float:
        """Seconds that the machine has slept, from some beginning on."""
        ...


class SystemClock:
    """The machine's clock."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def own(self) -> datetime:
        return datetime.now(UTC)

    def follow(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def monotonic(self) -> float:
        return time.monotonic()

    def asleep(self) -> float:
        boot = getattr(time, "CLOCK_BOOTTIME", None)
        return 0.0 if boot is None else time.clock_gettime(boot) - time.clock_gettime(time.CLOCK_MONOTONIC)


class MovedClock:
    """A clock that stands still until somebody moves it. For tests: nothing there waits for real time."""

    def __init__(self, start: datetime, *, follows: bool = False) -> None:
        """``follows``: it goes by the database's clock where it is told to; others keep the time they are given."""
        self._now = start
        self._elapsed = self._asleep = 0.0
        self._follows = follows
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._now + self._ahead

    def own(self) -> datetime:
        return self._now

    def follow(self, ahead: timedelta) -> None:
        if self._follows:
            self._ahead = ahead

    def monotonic(self) -> float:
        return self._elapsed

    def asleep(self) -> float:
        return self._asleep

    def sleep(self, seconds: float) -> None:
        """The machine sleeps for ``seconds``."""
        self._now += timedelta(seconds=seconds)
        self._asleep += seconds

    def set(self, seconds: float) -> None:
        """The machine's clock is set ``seconds`` ahead, or back where negative; no time passes."""
        self._now += timedelta(seconds=seconds)

    def move(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        self._now += timedelta(seconds=seconds)
        self._elapsed += seconds

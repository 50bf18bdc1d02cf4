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

    def monotonic(self) -> float:
        """Seconds that never run backwards, for waits and limits."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class MovedClock:
    """A clock that stands still until somebody moves it. For tests: nothing there waits for real time."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._elapsed = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    def set(self, seconds: float) -> None:
        """The machine's clock is set ``seconds`` ahead, or back where negative; no time passes."""
        self._now += timedelta(seconds=seconds)

    def move(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        self._now += timedelta(seconds=seconds)
        self._elapsed += seconds

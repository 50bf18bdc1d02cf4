"""Heartbeats of the station's background duties: one that stands still is loud on every console (I4).

Asked by whoever serves the feed, never by a duty: what hangs cannot speak for itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from console.station.clock import Clock


@dataclass(slots=True)
class Heartbeats:
    """Which duties there are, and when each was last done, on the clock that never runs backwards."""

    clock: Clock
    _within: dict[str, float] = field(default_factory=dict)
    _beaten: dict[str, float] = field(default_factory=dict)

    def expect(self, duty: str, within_s: float) -> None:
        """``duty`` is to be done at least every ``within_s`` seconds, beginning now."""
        self._within[duty] = within_s
        self._beaten[duty] = self.clock.monotonic()

    def beat(self, duty: str) -> None:
        """``duty`` was done."""
        self._beaten[duty] = self.clock.monotonic()

    def silent(self) -> dict[str, str]:
        """Each duty that was not done for too long, with a sentence."""
        now = self.clock.monotonic()
        late = {duty: int(now - self._beaten[duty]) for duty, within in self._within.items()}
        return {
            duty: f"The station's duty '{duty}' has stood still for {seconds // 60}:{seconds % 60:02d}. "
            "Tell whoever keeps the station; if it stays so, restart it."
            for duty, seconds in late.items()
            if seconds > self._within[duty]
        }

"""How much one source may send: beyond it, it waits, and costs the others nothing (issue of limits; security)."""

from __future__ import annotations

from dataclasses import dataclass, field

BURST_S = 10.0
"""A source that was quiet may send what it saved up in so many seconds at once: panels behind one gateway do."""
DEBT_S = 5.0
"""However much it sent, a source has made it good after so long: an address can be forged, and its owner must not be
silent for longer than a panel waits."""
_MOST_SOURCES = 20_000


@dataclass(slots=True)
class Pace:
    """A token bucket for each source. Times are seconds of a clock that never runs backwards."""

    per_second: float
    """Frames a second that a source may send for long; 0: no limit."""
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)
    """By source: what is left, and when that was so."""

    def wait(self, source: str, frames: int, now: float) -> float:
        """Take ``frames`` off a source's allowance; the seconds that it must wait before it is read again, or 0."""
        if not self.per_second:
            return 0.0
        left = max(self._left(source, now) - frames, -self.per_second * DEBT_S)
        self._note(source, left, now)
        return 0.0 if left >= 0 else -left / self.per_second

    def take(self, source: str, now: float) -> bool:
        """Whether a source may send one more now; what is refused is not held against it."""
        if not self.per_second:
            return True
        left = self._left(source, now)
        if left < 1:
            return False
        self._note(source, left - 1, now)
        return True

    def _left(self, source: str, now: float) -> float:
        most = self.per_second * BURST_S
        left, at = self._buckets.get(source, (most, now))
        return min(most, left + (now - at) * self.per_second)

    def _note(self, source: str, left: float, now: float) -> None:
        if source not in self._buckets and len(self._buckets) >= _MOST_SOURCES:
            # Whoever was heard longest ago has saved up again what there is to save.
            del self._buckets[next(iter(self._buckets))]
        self._buckets[source] = (left, now)

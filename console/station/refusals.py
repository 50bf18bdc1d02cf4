"""What the receiver refused: each counted, and told as one line, not thousands (I2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from console.station.clock import Clock

_SPAN_S = 60.0
_MOST_SOURCES = 1000


@dataclass(slots=True)
class Refusals:
    """Counts since start, and the last minute by reason and source."""

    clock: Clock
    since_start: Counter[str] = field(default_factory=Counter)
    _began: float = 0.0
    _now: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    _before: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))

    def count(self, reason: str, sender: str) -> None:
        """One frame, datagram or connection of ``sender`` (``tcp 10.0.0.7:40112``) was refused for ``reason``."""
        self._turn()
        self.since_start[reason] += 1
        reasons, sources = self._now
        reasons[reason] += 1
        source = sender.partition(" ")[2].rpartition(":")[0] or sender
        if source in sources or len(sources) < _MOST_SOURCES:
            sources[source] += 1

    def line(self) -> str:
        """One line on the last minute; empty where nothing was refused in it."""
        self._turn()
        reasons, sources = self._before[0] + self._now[0], self._before[1] + self._now[1]
        if not reasons:
            return ""
        total = sum(reasons.values())
        (reason, times), (source, of_source) = reasons.most_common(1)[0], sources.most_common(1)[0]
        more = f" and {len(reasons) - 1} other reasons" if len(reasons) > 1 else ""
        who = f"from {source}" if len(sources) == 1 else f"{of_source} of them from {source}, {len(sources)} sources"
        return f"{total} refused at the panels' port in the last minutes, {who}: {reason} ({times}){more}"

    def _turn(self) -> None:
        now = self.clock.monotonic()
        if now - self._began < _SPAN_S:
            return
        self._before = self._now if now - self._began < 2 * _SPAN_S else (Counter(), Counter())
        self._now, self._began = (Counter(), Counter()), now

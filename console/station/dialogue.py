"""What was said to each panel lately: acknowledgements handed over, refusals for its time, frames not taken.

In memory alone: what is forgotten by a restart makes the station cautious, never deaf (decision 6).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from console.station.clock import Clock
from console.station.rules.profile import Profile

_MOST_REMEMBERED = 200_000
_FORGOTTEN_S = 600.0
Path = tuple[str, str]
"""Account, and receiver and line."""
Signature = tuple[str, str, str]
"""Token, sequence and digest of the data."""


@dataclass(slots=True)
class Dialogue:
    """Bounded; asked and told by the intake and the receiver."""

    clock: Clock
    profile: Profile
    _acknowledged: dict[Path, Signature] = field(default_factory=dict)
    _refused: dict[Path, tuple[Signature, int, float]] = field(default_factory=dict)

    def acknowledged(self, path: Path, signature: Signature) -> None:
        """The ACK of this signal was handed to a living connection."""
        _bound(self._acknowledged)
        self._acknowledged[path] = signature

    def was_acknowledged(self, path: Path, signature: Signature) -> bool:
        """Whether the last ACK on this path was for the same signal."""
        return self._acknowledged.get(path) == signature

    def in_time(self, path: Path) -> None:
        """A frame came whose clock is right."""
        self._refused.pop(path, None)

    def refuse_again(self, path: Path, signature: Signature) -> bool:
        """Whether a frame outside its time window is to be answered NAK once more.

        A clock that the first few did not mend will not be mended by more, and a panel that is refused for ever
        holds back whatever waits behind: then it is acknowledged, and stays marked.
        """
        now = self.clock.monotonic()
        before, times, last = self._refused.get(path, (signature, 0, now))
        if before != signature or now - last > _FORGOTTEN_S:
            times = 0
        _bound(self._refused)
        self._refused[path] = (signature, times + 1, now)
        return times < self.profile.most_naks


def _bound(known: dict[Path, object] | dict[Path, Signature] | dict[Path, tuple[Signature, int, float]]) -> None:
    if len(known) >= _MOST_REMEMBERED:
        known.clear()

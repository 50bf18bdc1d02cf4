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
    _refused: dict[tuple[Path, bool], tuple[Signature, int, float]] = field(default_factory=dict)
    _not_taken: dict[str, tuple[int, float]] = field(default_factory=dict)

    def acknowledged(self, path: Path, signature: Signature) -> None:
        """The ACK of this signal was handed to a living connection."""
        if len(self._acknowledged) >= _MOST_REMEMBERED:
            self._acknowledged.clear()
        self._acknowledged[path] = signature

    def was_acknowledged(self, path: Path, signature: Signature) -> bool:
        """Whether the last ACK on this path was for the same signal."""
        return self._acknowledged.get(path) == signature

    def taken(self, account: str) -> None:
        """A frame of this account was taken: what was damaged before it has come again, or was none of its own."""
        self._not_taken.pop(account, None)

    def not_taken(self, account: str) -> bool:
        """A damaged frame names this account. True where so many came in a row that it is no noise on the line."""
        now = self.clock.monotonic()
        times, last = self._not_taken.get(account, (0, now))
        if now - last > _FORGOTTEN_S:
            times = 0
        if len(self._not_taken) >= _MOST_REMEMBERED:
            self._not_taken.clear()
        self._not_taken[account] = (times + 1, now)
        return times + 1 >= self.profile.most_damaged

    def in_time(self, path: Path) -> None:
        """A frame came whose clock is right."""
        for poll in (False, True):
            self._refused.pop((path, poll), None)

    def refuse_again(self, path: Path, signature: Signature, *, poll: bool) -> bool:
        """Whether a frame outside its time window is to be answered NAK once more.

        A clock that the first few did not mend will not be mended by more, and a panel that is refused for ever
        holds back whatever waits behind: then it is acknowledged, and stays marked. Polls are counted apart.
        """
        now = self.clock.monotonic()
        before, times, last = self._refused.get((path, poll), (signature, 0, now))
        if before != signature or now - last > _FORGOTTEN_S:
            times = 0
        if len(self._refused) >= _MOST_REMEMBERED:
            self._refused.clear()
        self._refused[path, poll] = (signature, times + 1, now)
        return times < self.profile.most_naks

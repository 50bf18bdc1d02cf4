"""Slows down whoever guesses passwords, without letting a neighbour lock anybody out (security).

Tries are counted per account *and* address: wrong tries from one address delay that address alone. An address that
tries many accounts is delayed as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_FREE = 3
_LONGEST_S = 60.0
_FORGET_S = 900.0
_FREE_PER_ADDRESS = 20
_MOST_KEPT = 10_000


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    until: float = 0.0
    last: float = 0.0


@dataclass(slots=True)
class Guesses:
    """Wrong tries by account and address; times are seconds of a clock that never runs backwards."""

    _by_pair: dict[tuple[str, str], _Tries] = field(default_factory=dict)
    _by_address: dict[str, _Tries] = field(default_factory=dict)

    def wait(self, account: str, address: str, now: float) -> float:
        """Seconds until the next try is looked at; 0 when it may be now."""
        waits = [
            tries.until - now
            for tries in (self._by_pair.get((account, address)), self._by_address.get(address))
            if tries is not None
        ]
        return max(0.0, *waits) if waits else 0.0

    def wrong(self, account: str, address: str, now: float) -> None:
        """Count a wrong try: from the fourth on the wait doubles, up to a minute."""
        self._forget(now)
        _count(self._by_pair.setdefault((account, address), _Tries()), _FREE, now)
        _count(self._by_address.setdefault(address, _Tries()), _FREE_PER_ADDRESS, now)

    def right(self, account: str, address: str) -> None:
        """A right password forgives the tries of this account from this address, and was no wrong try of the address.

        Fifty operators behind one address may all sign in; wrong tries of others from there stay counted.
        """
        self._by_pair.pop((account, address), None)
        tries = self._by_address.get(address)
        if tries is not None:
            tries.wrong = max(0, tries.wrong - 1)
            tries.until = 0.0

    def _forget(self, now: float) -> None:
        for kept in (self._by_pair, self._by_address):
            if len(kept) < _MOST_KEPT:
                continue
            old = [key for key, tries in kept.items() if now - tries.last > _FORGET_S]
            for key in old or list(kept)[: _MOST_KEPT // 10]:
                del kept[key]  # type: ignore[arg-type]


def _count(tries: _Tries, free: int, now: float) -> None:
    if now - tries.last > _FORGET_S:
        tries.wrong = 0
    tries.wrong += 1
    tries.last = now
    if tries.wrong > free:
        tries.until = now + min(_LONGEST_S, 2.0 ** (tries.wrong - free - 1))

"""Which connections of panels have a place: one that has shown a known account keeps it, strangers give way (I1).

Thousands of panels may dial from one address, behind a carrier's address translation or a gateway. So it is not
addresses that are counted but strangers: connections that have shown no account that the station knows.
"""

from __future__ import annotations

import resource
from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

MOST = 20_000
"""Connections at once, where the machine lets a process open as many files."""
MOST_STRANGERS = 500
"""Of one address."""
RESERVED_FILES = 512
"""Left for operators, the database, archives and mail, whatever panels do."""
FEWEST = 1_000
"""With room for fewer panels the start says so."""


class Guest(Protocol):
    """A connection that can be asked to leave."""

    def hang_up(self) -> None:
        """Close it."""


@dataclass(slots=True)
class Admission:
    """Who is connected. At most ``most`` are; the stranger who has been there longest is the first to go."""

    most: int = MOST
    most_strangers: int = MOST_STRANGERS
    _known: set[Guest] = field(default_factory=set)
    _strangers: dict[Guest, str] = field(default_factory=dict)
    """By age, each with its address."""
    _by_host: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self._known) + len(self._strangers)

    def all(self) -> list[Guest]:
        """Everybody who is connected."""
        return [*self._known, *self._strangers]

    def come(self, guest: Guest, host: str) -> Guest | str | None:
        """Take a new connection: the one that has to leave for it, if any, or why it is not taken."""
        leaves: Guest | None = None
        if self._by_host[host] >= self.most_strangers:
            leaves = next(one for one, at in self._strangers.items() if at == host)
        elif len(self) >= self.most:
            leaves = next(iter(self._strangers), None)
            if leaves is None:
                return "too many connections"
        if leaves is not None:
            self.leave(leaves)
        self._strangers[guest] = host
        self._by_host[host] += 1
        return leaves

    def show(self, guest: Guest) -> None:
        """It has shown a known account."""
        if guest in self._strangers:
            self._forget_stranger(guest)
            self._known.add(guest)

    def leave(self, guest: Guest) -> None:
        """It is gone, or told to go."""
        self._known.discard(guest)
        if guest in self._strangers:
            self._forget_stranger(guest)

    def _forget_stranger(self, guest: Guest) -> None:
        host = self._strangers.pop(guest)
        self._by_host[host] -= 1
        if not self._by_host[host]:
            del self._by_host[host]


def room_for_panels() -> tuple[int, str]:
    """How many panels can be connected at once, and a sentence where that is few. Raises the limit on open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + RESERVED_FILES
    limit = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    if soft != resource.RLIM_INFINITY and soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
        soft = limit
    room = MOST if soft == resource.RLIM_INFINITY else min(MOST, max(soft - RESERVED_FILES, soft // 2))
    if room >= FEWEST:
        return room, ""
    return room, (
        f"This station may open {soft} files: no more than {room} panels can be connected at once. "
        "Raise the limit of open files (ulimit -n, LimitNOFILE) and start it again."
    )

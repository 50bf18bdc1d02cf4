"""The systems the receiver knows, kept in memory: account to key and policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from console.station.clock import Clock
from console.station.intake import NotAsked
from console.station.store import sites as site_store
from console.station.store.database import Database
from console.station.store.sites import SystemFacts

_UNKNOWN_FOR_S = 5.0
_MOST_UNKNOWN = 10_000


class Directory:
    """Answers from memory; asks the database again where it does not know an account, but not for every frame."""

    def __init__(self, database: Database, clock: Clock, came: Callable[[SystemFacts], None]) -> None:
        """``came`` is told of each system that was found after the others were loaded."""
        self._came = came
        self._database = database
        self._clock = clock
        self._systems: dict[str, SystemFacts] = {}
        self._unknown: dict[str, float] = {}

    def all(self) -> Iterable[SystemFacts]:
        """Every system that is known."""
        return self._systems.values()

    async def load(self) -> None:
        """Read every system anew: at start, and after accounts or sites were changed."""
        self._systems = await self._database.read(site_store.systems)
        self._unknown.clear()

    def system(self, account: str) -> SystemFacts | None:
        """The system of an account (upper case), or None; :class:`NotAsked` where the database must be asked."""
        found = self._systems.get(account)
        if found is None and self._unknown.get(account, 0.0) <= self._clock.monotonic():
            # Another station over the same database may have brought it in.
            raise NotAsked(account)
        return found

    async def look_up(self, account: str) -> None:
        """Ask the database, and remember its answer: that there is no such system for a few seconds."""
        fresh = await self._database.read(lambda connection: site_store.systems(connection, [account]))
        if account in fresh:
            if account not in self._systems:
                self._came(fresh[account])
            self._systems[account] = fresh[account]
            return
        if len(self._unknown) >= _MOST_UNKNOWN:
            self._unknown.clear()
        self._unknown[account] = self._clock.monotonic() + _UNKNOWN_FOR_S

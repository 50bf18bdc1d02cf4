"""Many sites brought in while the station lives: compared beside its work, written in batches that nobody waits for."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from console.station.acts import bring
from console.station.acts.bring import Verdict
from console.station.rules.brought import Brought
from console.station.store.database import Database
from console.station.store.ledger import Ledger
from console.station.store.scribe import Scribe
from console.station.store.secrets import Secrets

AIM_S = 0.1
"""How long a batch may hold the journal's head: an alarm that comes meanwhile waits for it."""
_FIRST, _MOST = 8, 200


class BringRequest(BaseModel):
    """Some sites of a file."""

    who: str
    source: str
    sites: list[Brought] = Field(repr=False, max_length=1_000)
    procedures: list[dict[str, Any]] = Field(default=[], max_length=100_000)
    """Those of the station and of customer groups: see :mod:`console.station.acts.brought_procedures`."""


class EndRequest(BaseModel):
    """All of them were brought."""

    who: str
    source: str
    added: int
    changed: int


class Bringer:
    """The same with and without a running station."""

    def __init__(
        self, database: Database, scribe: Scribe, secrets: Secrets, changed: Callable[[], Awaitable[None]]
    ) -> None:
        """``changed`` is told when accounts or sites changed."""
        self._database, self._scribe, self._secrets, self._changed = database, scribe, secrets, changed
        self._size = _FIRST

    async def compare(self, request: BringRequest) -> list[Verdict]:
        """What would come of each site; nothing is changed."""

        def look(connection: Connection) -> list[Verdict]:
            sites = bring.plan(connection, self._secrets, request.sites)
            return [*bring.everywhere(connection, request.procedures), *(one.verdict for one in sites)]

        return await self._database.read(look)

    async def write(self, request: BringRequest) -> list[Verdict]:
        """Write what differs, in batches of their own; each is durable before the next begins."""
        first: list[Verdict] = []
        if request.procedures:
            by = bring.caller(request.who)
            first = await self._scribe.act(lambda ledger: bring.bring_everywhere(ledger, by, request.procedures))
        done: list[Verdict] = []
        while len(done) < len(request.sites):
            some = request.sites[len(done) : len(done) + self._size]
            spent = 0.0

            def act(ledger: Ledger, some: list[Brought] = some) -> list[Verdict]:
                nonlocal spent
                began = time.perf_counter()
                try:
                    return bring.bring(ledger, self._secrets, bring.caller(request.who), some, request.source)
                finally:
                    spent = time.perf_counter() - began

            done += await self._scribe.act(act)
            wanted = int(len(some) * AIM_S / max(spent, 0.001))
            self._size = max(1, min(wanted, 2 * self._size, _MOST))
        return [*first, *done]

    async def end(self, request: EndRequest) -> None:
        """Journal the import, and let the station know its new accounts."""
        by = bring.caller(request.who)
        await self._scribe.act(lambda ledger: bring.ended(ledger, by, request.source, request.added, request.changed))
        await self._changed()

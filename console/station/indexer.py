"""Keeps the index of the journal's words behind the journal, and out of the way of what panels send (G6, I1)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial

import structlog

from console.station.heartbeats import Heartbeats
from console.station.store import journal_index
from console.station.store.database import Database

_log = structlog.get_logger("vigie.indexer")
_INDEXING = "index of the journal"
_REST_S = 1.0
"""Between two looks while there is nothing to do."""
_BREATH_S = 0.005
_SHARE_BUSY = 9
"""While signals come in numbers it rests for nine times as long as it worked: a tenth of a processor at most."""
_MANY = 200
"""Entries a second since its last look: there is load."""
_AT_ONCE = 100
"""Entries in one batch: 2 ms in which the receiver waits for the processor, 1 ms of the writer."""
_PAGES = 64
_STILL_RESTS = 60
"""So many rests without a look, and it stands still."""


class Indexer:
    """Run :meth:`run` as a task; tests call :meth:`catch_up`."""

    def __init__(
        self,
        database: Database,
        heartbeats: Heartbeats,
        head: Callable[[], int],
        room: Callable[[], bool] = lambda: True,
    ) -> None:
        """``head``: the journal's last number; where it grows fast, the index stands back.

        ``room``: whether the disk has some; the last of it is for what panels send (I1).
        """
        self._room = room
        self._database = database
        self._heartbeats = heartbeats
        self._head = head
        self._seen = (0, time.perf_counter())
        self._merging = False

    async def run(self) -> None:
        """Follow the journal for ever; what fails is told and tried again."""
        rest = _REST_S
        self._heartbeats.expect(_INDEXING, _STILL_RESTS * _REST_S)
        while True:
            await asyncio.sleep(rest)
            began = time.perf_counter()
            try:
                done = await self.some() if self._room() else 0
                self._heartbeats.beat(_INDEXING)
            except Exception as error:
                _log.error("index not written", error=type(error).__name__)
                done = 0
            rest = self._rest(began, time.perf_counter()) if done == _AT_ONCE else _REST_S

    def _rest(self, began: float, ended: float) -> float:
        """Under load it takes a small share of the writer, and catches up when there is less to do.

        A batch that was not full rests longer (:meth:`run`): each costs the writer a commit, however small.
        """
        (had, since), self._seen = self._seen, (self._head(), ended)
        pace = (self._seen[0] - had) / (ended - since)
        return (_SHARE_BUSY if pace > _MANY else 1) * max(_BREATH_S, ended - began)

    async def some(self) -> int:
        """One batch; how many entries were indexed."""
        ready = await self._database.read(partial(journal_index.prepare, limit=_AT_ONCE))
        if not ready.rows and ready.after.version == journal_index.VERSION:
            await self._tidy(ready.after)
            return 0
        return await self._database.write(partial(journal_index.write, ready=ready))

    async def catch_up(self) -> None:
        """Until the index holds the whole journal."""
        while await self.some():
            pass

    async def _tidy(self, mark: journal_index.IndexMark) -> None:
        """What was erased leaves the index's file too, piece by piece while nothing else is to do (I14)."""
        if mark.erased == mark.tidied:
            return
        first, self._merging = not self._merging, True
        if await self._database.write(partial(journal_index.tidy, pages=_PAGES, first=first)):
            self._merging = False

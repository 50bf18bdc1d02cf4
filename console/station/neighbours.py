"""Several stations over one PostgreSQL: learns that another one wrote the journal (architecture.md §1)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import structlog
from sqlalchemy import Connection, select
from sqlalchemy.engine import URL

from console.station.feed import Feed
from console.station.heartbeats import Heartbeats
from console.station.store import postgres_limits
from console.station.store.database import Database
from console.station.store.scribe import NOTIFY_CHANNEL
from models.tables import Journal, JournalHead

_log = structlog.get_logger("vigie.neighbours")
_HEARTBEAT_S = 2.0
_LISTENING = "listening to the other stations"
_IN_MEMORY = ("account-set", "sites-imported", "operator-added", "system-added", "system-changed")
"""Entries that change what a station keeps in memory."""


class Neighbours:
    """A listening connection with a heartbeat query; NOTIFY says "look", the journal says what (libraries.md, 8)."""

    def __init__(
        self,
        url: URL,
        database: Database,
        feed: Feed,
        heartbeats: Heartbeats,
        *,
        since: int,
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        """``changed`` is told when accounts, sites or staff changed after entry ``since``."""
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._database = database
        self._feed = feed
        self._seq = since
        self._changed = changed
        self._look = asyncio.Event()
        self._heartbeats = heartbeats
        heartbeats.expect(_LISTENING, 15 * _HEARTBEAT_S)

    async def run(self) -> None:
        """Listen for ever; reconnect when the connection is lost, and catch up each time."""
        while True:
            try:
                connection = await asyncpg.connect(self._dsn, **postgres_limits.listening())
            except Exception as error:
                # Whatever a driver raises: a station never ends because it cannot listen.
                _log.error("cannot listen to the database", error=type(error).__name__)
                await asyncio.sleep(_HEARTBEAT_S)
                continue
            try:
                await self._listen(connection)
            except Exception as error:
                _log.error("lost the listening connection", error=type(error).__name__)
            finally:
                connection.terminate()

    async def _listen(self, connection: asyncpg.Connection) -> None:
        await connection.add_listener(NOTIFY_CHANNEL, lambda *_: self._look.set())
        while True:
            seq, changed = await self._database.read(self._what_is_new)
            if changed:
                await self._changed()
            self._seq = seq
            await self._feed.grew(seq)
            self._heartbeats.beat(_LISTENING)
            try:
                # Not wait_for: on Python 3.11 it can swallow the cancellation that ends this task.
                async with asyncio.timeout(_HEARTBEAT_S):
                    await self._look.wait()
            except TimeoutError:
                await connection.execute("SELECT 1")
            self._look.clear()

    def _what_is_new(self, connection: Connection) -> tuple[int, bool]:
        seq = connection.execute(select(JournalHead.seq)).scalar_one()
        changed = connection.execute(
            select(Journal.seq)
            .where(Journal.seq > self._seq, Journal.seq <= seq, Journal.kind.in_(_IN_MEMORY))
            .limit(1)
        ).first()
        return seq, changed is not None

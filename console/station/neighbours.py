"""Several stations over one PostgreSQL: learns that another one wrote the journal (architecture.md §1)."""

from __future__ import annotations

import asyncio

import asyncpg
import structlog
from sqlalchemy import select
from sqlalchemy.engine import URL

from console.station.feed import Feed
from console.station.store.database import Database
from console.station.store.scribe import NOTIFY_CHANNEL
from models.tables import JournalHead

_log = structlog.get_logger("vigie.neighbours")
_HEARTBEAT_S = 2.0


class Neighbours:
    """A listening connection with a heartbeat query; NOTIFY says "look", the journal says what (libraries.md, 8)."""

    def __init__(self, url: URL, database: Database, feed: Feed) -> None:
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._database = database
        self._feed = feed
        self._look = asyncio.Event()

    async def run(self) -> None:
        """Listen for ever; reconnect when the connection is lost, and catch up each time."""
        while True:
            try:
                connection = await asyncpg.connect(self._dsn)
            except (OSError, asyncpg.PostgresError) as error:
                _log.error("cannot listen to the database", error=type(error).__name__)
                await asyncio.sleep(_HEARTBEAT_S)
                continue
            try:
                await self._listen(connection)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.error("lost the listening connection", error=type(error).__name__)
            finally:
                connection.terminate()

    async def _listen(self, connection: asyncpg.Connection) -> None:
        await connection.add_listener(NOTIFY_CHANNEL, lambda *_: self._look.set())
        while True:
            seq = await self._database.read(lambda reading: reading.execute(select(JournalHead.seq)).scalar_one())
            await self._feed.grew(seq)
            try:
                await asyncio.wait_for(self._look.wait(), _HEARTBEAT_S)
            except TimeoutError:
                await connection.execute("SELECT 1")
            self._look.clear()

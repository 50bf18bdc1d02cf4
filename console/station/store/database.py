"""The one database: opened so that what is acknowledged is durable (I1), or refused with a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

T = TypeVar("T")


class DatabaseRefused(Exception):
    """The database cannot be used; the message is a sentence for whoever starts the station."""


def sqlite_url(file: Path, *, read_only: bool = False) -> URL:
    """The URL of an SQLite file; read-only connections cannot write even by mistake."""
    if not read_only:
        return URL.create("sqlite+aiosqlite", database=str(file))
    return URL.create("sqlite+aiosqlite", database=f"file:{file}", query={"mode": "ro", "uri": "true"})


def postgres_url(given: str) -> URL:
    """``given`` as an asyncpg URL. :class:`DatabaseRefused` for any other kind of database."""
    try:
        url = make_url(given)
    except SQLAlchemyError as error:
        raise DatabaseRefused(
            "--database: this is not a database URL, for example postgresql://user@host/name"
        ) from error
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise DatabaseRefused("--database: only PostgreSQL URLs are taken here; use --data for the embedded database")
    return url.set(drivername="postgresql+asyncpg")


class Database:
    """One writing connection and a few reading ones.

    Functions given to :meth:`write` and :meth:`read` are plain synchronous SQLAlchemy Core, so that the same code
    serves a running station and a subcommand.
    """

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer = writer
        self._reader = reader
        self._lock = asyncio.Lock()

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return str(self._writer.dialect.name)

    @classmethod
    def sqlite(cls, file: Path) -> Database:
        """The embedded database. One connection writes; all others are read-only (libraries.md, fact 3)."""
        writer = create_async_engine(sqlite_url(file), pool_size=1, max_overflow=0)
        reader = create_async_engine(sqlite_url(file, read_only=True), pool_size=3, max_overflow=2)
        for engine, begin in ((writer, "BEGIN IMMEDIATE"), (reader, "BEGIN")):
            _take_over_transactions(engine, begin)
        event.listen(writer.sync_engine, "connect", _durable_sqlite)
        event.listen(reader.sync_engine, "connect", _reading_sqlite)
        return cls(writer, reader)

    @classmethod
    def postgres(cls, url: str | URL) -> Database:
        """A PostgreSQL shared by several stations."""
        target = postgres_url(url) if isinstance(url, str) else url
        writer = create_async_engine(target, pool_size=1, max_overflow=0, pool_pre_ping=True)
        reader = create_async_engine(
            target, pool_size=4, max_overflow=4, pool_pre_ping=True, isolation_level="REPEATABLE READ"
        )
        return cls(writer, reader)

    async def check_durable(self) -> None:
        """Refuse a PostgreSQL that would acknowledge before a sync (I1)."""
        if self.dialect != "postgresql":
            return
        async with self._reader.connect() as connection:
            for setting in ("fsync", "synchronous_commit"):
                value = (await connection.execute(text(f"SHOW {setting}"))).scalar_one()
                if value == "off":
                    raise DatabaseRefused(
                        f"PostgreSQL runs with {setting}=off: an acknowledged signal could be lost. "
                        f"Set {setting}=on and start again."
                    )

    async def write(self, act: Callable[[Connection], T]) -> T:
        """Run ``act`` in one transaction on the one writing connection; it is durable when this returns."""
        async with self._lock, self._writer.begin() as connection:
            return await connection.run_sync(act)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run ``query`` on one consistent snapshot; nothing it does is kept."""
        async with self._reader.connect() as connection:
            return await connection.run_sync(query)

    async def close(self) -> None:
        """Give all connections back."""
        await self._writer.dispose()
        await self._reader.dispose()


def _take_over_transactions(engine: AsyncEngine, begin: str) -> None:
    # The driver would begin late and only before writes; a read must be one snapshot, a write must lock at once.
    def connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", connect)
    event.listen(engine.sync_engine, "begin", on_begin)


def _pragmas(dbapi_connection: Any, *pragmas: str) -> None:
    cursor = dbapi_connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _durable_sqlite(dbapi_connection: Any, _record: Any) -> None:
    # synchronous=FULL syncs the log at every commit: without it an ACK could precede the disk (I1).
    _pragmas(dbapi_connection, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")


def _reading_sqlite(dbapi_connection: Any, _record: Any) -> None:
    _pragmas(dbapi_connection, "query_only=ON", "busy_timeout=5000")

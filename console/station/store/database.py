"""The one database: opened so that what is acknowledged is durable (I1), or refused with a sentence."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from console.station.store import postgres_limits
from console.station.store.bulk import sqlite_rows

T = TypeVar("T")
_log = structlog.get_logger("vigie.database")
_LOCK_NOT_AVAILABLE = "55P03"
_OLDER_TRANSACTIONS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND xact_start < :began AND backend_xmin IS NOT NULL"
)
_BUSY_MS, _TRUNCATE_WAIT_MS = 5_000, 50
_READERS = 4
_CHECKPOINT_EVERY_S = 2.0
_CACHE_KB = 32 * 1024
"""Pages that the writer keeps: the ends of the journal's indexes, one for each site."""
_READER_CACHE_KB = 16 * 1024
"""Of each reader: a search goes through many pages of the words' index, key after key through the same."""
_SILENT: dict[str, Any] = {"hide_parameters": True}
"""What a statement was given is in no error: the HTTP server logs one that nobody expected with all its words (I9)."""
_ANY_THREAD = {"check_same_thread": False}
"""Connections go from thread to thread, never to two at once: each is checked out by one."""


class DatabaseRefused(Exception):
    """The database cannot be used; the message is a sentence for whoever starts the station."""


def sqlite_url(file: Path, *, read_only: bool = False) -> URL:
    """The URL of an SQLite file; read-only connections cannot write even by mistake."""
    if not read_only:
        return URL.create("sqlite+pysqlite", database=str(file))
    return URL.create("sqlite+pysqlite", database=f"file:{file}", query={"mode": "ro", "uri": "true"})


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


class Database(ABC):
    """One writing connection and a few reading ones.

    Functions given to :meth:`write` and :meth:`read` are plain synchronous SQLAlchemy Core, so that the same code
    serves both databases, a running station and a subcommand.
    """

    dialect: str
    """``sqlite`` or ``postgresql``."""

    @staticmethod
    def sqlite(file: Path) -> Database:
        """The embedded database."""
        return _Sqlite(file)

    @staticmethod
    def postgres(url: str | URL) -> Database:
        """A PostgreSQL shared by several stations."""
        return _Postgres(postgres_url(url) if isinstance(url, str) else url)

    @abstractmethod
    async def check_durable(self) -> None:
        """:class:`DatabaseRefused` where a commit is no promise (I1)."""

    @abstractmethod
    async def write(self, act: Callable[[Connection], T]) -> T:
        """Run ``act`` in one transaction on the one writing connection; it is durable when this returns."""

    @abstractmethod
    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run ``query`` on one consistent snapshot; nothing it does is kept."""

    @abstractmethod
    async def leave_nothing(self) -> bool:
        """Leave nothing of what was deleted or changed beside what is there now, in logs and dead rows (I14).

        False where somebody still reads what was there before: it is to be done again. Nobody's writing waits for it.
        """

    @abstractmethod
    async def close(self) -> None:
        """Give all connections back."""


class _Sqlite(Database):
    """One connection writes, in a thread of its own; all others are read-only (libraries.md, fact 3).

    A transaction is one hop to that thread: a driver that hops for each statement made a batch of signals ten times
    slower (docs/decisions/0005-sqlite-in-its-own-thread.md).
    """

    dialect = "sqlite"

    def __init__(self, file: Path) -> None:
        self._writer = create_engine(sqlite_url(file), poolclass=StaticPool, connect_args=_ANY_THREAD, **_SILENT)
        self._reader = create_engine(
            sqlite_url(file, read_only=True), pool_size=_READERS, connect_args=_ANY_THREAD, **_SILENT
        )
        for engine, begin in ((self._writer, "BEGIN IMMEDIATE"), (self._reader, "BEGIN")):
            _take_over_transactions(engine, begin)
        event.listen(self._writer, "connect", _durable_sqlite)
        event.listen(self._reader, "connect", _reading_sqlite)
        self._connection: Connection | None = None
        """The writing one, kept: taking it from a pool and giving it back costs more than a small transaction."""
        self._file = file
        self._probe: int | None = None
        self._checkpoint_at = 0.0
        self._writing = ThreadPoolExecutor(1, "sqlite-writer")
        self._reading = ThreadPoolExecutor(_READERS, "sqlite-reader")

    async def check_durable(self) -> None:
        """Its pragmas are ours: see :func:`_durable_sqlite`."""

    async def write(self, act: Callable[[Connection], T]) -> T:
        """See :class:`Database`."""

        def transaction() -> T:
            if self._connection is None:
                self._connection = self._writer.connect()
            try:
                with self._connection.begin():
                    done = act(self._connection)
                self._touch()
                return done
            except BaseException:
                self._out_of_transaction(self._connection)
                raise

        done = await asyncio.get_running_loop().run_in_executor(self._writing, transaction)
        self._checkpoint_soon()
        return done

    def _touch(self) -> None:
        """Whether the file system still takes anything, asked after the sync said that it has all; OSError if not.

        A sync can say so untruly: where ext4 finds itself broken and gives its journal up while a commit of it is under
        way, a sync that comes a moment later waits for nothing and reports no error (Linux 6.18, seen twice in whole
        runs on a busy machine: acknowledged signals were gone after the repair). Whatever needs that journal is refused
        from then on, so this is asked before anybody is answered. It costs microseconds and no sync of its own.
        """
        if self._probe is None:
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            self._probe = os.open(self._file.with_name(f"{self._file.name}-probe"), flags, 0o600)
        os.utime(self._probe)

    def _out_of_transaction(self, connection: Connection) -> None:
        """A COMMIT that failed leaves its transaction open; the next BEGIN would be refused, and so on for ever."""
        try:
            driver = connection.connection.driver_connection
            if driver is not None and driver.in_transaction:
                driver.rollback()
        except (sqlite3.Error, SQLAlchemyError):
            # It cannot be rolled back either: the file is opened anew for the next.
            self._connection = None
            with contextlib.suppress(SQLAlchemyError):
                connection.invalidate()
                connection.close()

    def _checkpoint_soon(self) -> None:
        """Bring the log back into the file, behind the transaction that is being answered now, not inside of one.

        On the writing connection and in its thread: no other ever checkpoints (libraries.md, fact 3).
        """
        now = time.monotonic()
        if now >= self._checkpoint_at:
            self._checkpoint_at = now + _CHECKPOINT_EVERY_S
            self._writing.submit(self._checkpoint)

    def _checkpoint(self) -> None:
        if self._connection is None:
            return
        # What cannot be brought back now (a full disk, somebody reading) stays in the log until the next time.
        with contextlib.suppress(SQLAlchemyError):
            sqlite_rows(self._connection, "PRAGMA wal_checkpoint(PASSIVE)")

    async def leave_nothing(self) -> bool:
        """See :class:`Database`. Pages are overwritten as they are deleted (secure_delete); the log keeps what was."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, self._truncate_log)

    def _truncate_log(self) -> bool:
        if self._connection is None:
            self._connection = self._writer.connect()
        # Whoever reads is not waited for in the one thread that writes: it is tried again.
        sqlite_rows(self._connection, f"PRAGMA busy_timeout={_TRUNCATE_WAIT_MS}")
        try:
            [(busy, _pages, _moved)] = sqlite_rows(self._connection, "PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            sqlite_rows(self._connection, f"PRAGMA busy_timeout={_BUSY_MS}")
        return not busy

    async def read(self, query: Callable[[Connection], T]) -> T:
        """See :class:`Database`."""

        def snapshot() -> T:
            with self._reader.connect() as connection:
                return query(connection)

        return await asyncio.get_running_loop().run_in_executor(self._reading, snapshot)

    async def close(self) -> None:
        """See :class:`Database`."""
        for executor in (self._writing, self._reading):
            await asyncio.to_thread(executor.shutdown)
        # The writer last: a reader that closes last can neither bring the log back nor delete it.
        self._reader.dispose()
        if self._connection is not None:
            self._connection.close()
        self._writer.dispose()
        if self._probe is not None:
            os.close(self._probe)
            self._probe = None


class _Postgres(Database):
    """Several stations share it; the server waits for its disk before it says that something is committed."""

    dialect = "postgresql"

    def __init__(self, url: URL) -> None:
        self._writer = create_async_engine(
            url, pool_size=1, max_overflow=0, pool_pre_ping=True, connect_args=postgres_limits.writing(), **_SILENT
        )
        self._reader = create_async_engine(
            url,
            pool_size=4,
            max_overflow=4,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ",
            connect_args=postgres_limits.reading(),
            **_SILENT,
        )
        self._lock = asyncio.Lock()

    async def check_durable(self) -> None:
        """Refuse a server that would acknowledge before a sync (I1)."""
        async with self._reader.connect() as connection:
            for setting in ("fsync", "synchronous_commit"):
                value = (await connection.execute(text(f"SHOW {setting}"))).scalar_one()
                if value == "off":
                    raise DatabaseRefused(
                        f"PostgreSQL runs with {setting}=off: an acknowledged signal could be lost. "
                        f"Set {setting}=on and start again."
                    )

    async def write(self, act: Callable[[Connection], T]) -> T:
        """See :class:`Database`."""
        async with self._lock:
            try:
                return await self._transaction(act)
            except DBAPIError as error:
                if (
                    getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE
                    or not await self._end_who_stands_still()
                ):
                    raise
            return await self._transaction(act)

    async def _transaction(self, act: Callable[[Connection], T]) -> T:
        async with self._writer.begin() as connection:
            return await connection.run_sync(act)

    async def _end_who_stands_still(self) -> int:
        async with self._reader.connect() as connection:
            ended = await connection.run_sync(postgres_limits.end_who_stands_still)
        if ended:
            _log.error("ended the transaction of another station that stood still", connections=ended)
        return ended

    async def read(self, query: Callable[[Connection], T]) -> T:
        """See :class:`Database`."""
        async with self._reader.connect() as connection:
            return await connection.run_sync(query)

    async def leave_nothing(self) -> bool:
        """See :class:`Database`. The server's own log, its archive and base backups keep what they have."""
        async with self._reader.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await alone.execute(text("SET statement_timeout = 0"))
            try:
                # Not giving space back at the end of tables: for that everybody would be kept out for a moment.
                began = (await alone.execute(text("SELECT clock_timestamp()"))).scalar_one()
                await alone.execute(text("VACUUM (INDEX_CLEANUP ON, TRUNCATE OFF)"))
                older = await alone.execute(_OLDER_TRANSACTIONS, {"began": began})
                return int(older.scalar_one()) == 0
            finally:
                # It is opened anew, with the limits that readers have.
                await connection.invalidate()

    async def close(self) -> None:
        """See :class:`Database`."""
        await self._writer.dispose()
        await self._reader.dispose()


def _take_over_transactions(engine: Engine, begin: str) -> None:
    # The driver would begin late and only before writes; a read must be one snapshot, a write must lock at once.
    def connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None

    def on_begin(connection: Connection) -> None:
        sqlite_rows(connection, begin)

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", on_begin)


def _pragmas(dbapi_connection: Any, *pragmas: str) -> None:
    cursor = dbapi_connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _durable_sqlite(dbapi_connection: Any, _record: Any) -> None:
    # synchronous=FULL syncs the log at every commit: without it an ACK could precede the disk (I1).
    _pragmas(dbapi_connection, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_MS}")
    # What is deleted is overwritten, not left in free pages: an erasure must be one (I14).
    _pragmas(dbapi_connection, "secure_delete=ON")
    # Checkpoints are made in between (_checkpoint_soon); this is what remains for one huge transaction.
    _pragmas(dbapi_connection, "wal_autocheckpoint=20000", f"cache_size=-{_CACHE_KB}")


def _reading_sqlite(dbapi_connection: Any, _record: Any) -> None:
    _pragmas(dbapi_connection, "query_only=ON", "busy_timeout=5000", f"cache_size=-{_READER_CACHE_KB}")

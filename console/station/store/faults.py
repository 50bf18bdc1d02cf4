"""Whose fault an error is that was met while something was written: of what was to be written, or of the database (I1).

It decides over a signal. One that our rules or the database choke on is kept raw, shown, and acknowledged (I2): sent
again it would fail again. One that met a database which is away, full, locked, shutting down or broken is not: it gets
no ACK and comes again whole. A gas alarm was once acknowledged as "Unknown event" because a server that restarts raises
errors of many classes. So the list is of what is surely the signal's own; everything else is the database's.
"""

from __future__ import annotations

import sqlite3

import asyncpg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

OWN_SQLSTATES = frozenset({"22", "23", "54"})
"""Classes of SQLSTATE (PostgreSQL, appendix A): bad data, a constraint that it breaks, a row larger than a page takes.

Not 42, although a mistake in a statement is ours: a right that was taken away and a column that a newer station has
moved are of that class, and every signal meets them.
"""
OWN_SQLITE_CODES = frozenset(
    {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE}
)
_DRIVERS = (sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
MACHINE: tuple[type[Exception], ...] = (SQLAlchemyError, *_DRIVERS, OSError, MemoryError, EOFError)
"""What may be raised where the database or the machine does not do its part: sockets, files, memory, the drivers, and
asyncio's TimeoutError, which is an OSError since Python 3.11."""


def of_database(error: BaseException) -> bool:
    """Whether ``error`` is the database's, or may be; False where it is surely of what was to be written."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or error.orig is None or _of_driver(error.orig)
    if isinstance(error, StatementError) and error.orig is not None:
        # A value that no column takes fails before any driver sees it.
        return of_database(error.orig)
    if isinstance(error, _DRIVERS):
        return _of_driver(error)
    return isinstance(error, MACHINE)


def reason(error: BaseException) -> str:
    """The driver's own words, without the statement and what it was given, which may hold secrets (I9)."""
    return (str(getattr(error, "orig", error)).splitlines() or [type(error).__name__])[0]


def _of_driver(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            # SQLite was never asked: Python could not hand it a value, or the connection is closed.
            return not str(error).startswith("Error binding parameter")
        return code & 0xFF not in OWN_SQLITE_CODES
    state = getattr(error, "sqlstate", None)
    if state:
        return state[:2] not in OWN_SQLSTATES
    # asyncpg's own refusal of a value; SQLAlchemy's adapter keeps it as the cause.
    return not any(isinstance(one, (asyncpg.DataError, ValueError)) for one in (error, error.__cause__))

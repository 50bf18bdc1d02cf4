"""Statements that are run for each of many rows, past SQLAlchemy's work per row: the journal's writer lives on them.

A statement is said once, in Core; here it is compiled once for each kind of database, and from then on takes plain
tuples. Values must be what the column holds: whole microseconds for times, 0 and 1 for flags.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import Select

Row = tuple[Any, ...]


class Bulk:
    """One statement and the order in which its rows come."""

    def __init__(self, statement: UpdateBase | Select[Any], names: Sequence[str]) -> None:
        """``names``: the statement's parameters in the order of the tuples that will be given."""
        self._statement = statement
        self._names = tuple(names)
        self._compiled: dict[str, tuple[str, Callable[[Row], Row] | None]] = {}

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Run it for each of ``rows``. Errors come as SQLAlchemy's, on both databases."""
        if not rows:
            return
        sql, reorder = self._for(connection)
        given: Iterable[Row] = rows if reorder is None else map(reorder, rows)
        if connection.dialect.name == "sqlite":
            try:
                _driver(connection).executemany(sql, given)
            except sqlite3.Error as error:
                raise _told(connection, sql, error) from error
        else:
            connection.exec_driver_sql(sql, list(given))

    def one(self, connection: Connection) -> Row:
        """The one row that it finds; it takes no parameters."""
        sql, _ = self._for(connection)
        if connection.dialect.name != "sqlite":
            return tuple(connection.exec_driver_sql(sql).one())
        (row,) = sqlite_rows(connection, sql)
        return row

    def _for(self, connection: Connection) -> tuple[str, Callable[[Row], Row] | None]:
        dialect = connection.dialect
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled = self._statement.compile(dialect=dialect)
            wanted = list(compiled.positiontup or ())
            assert set(wanted) == set(self._names), f"{wanted} are not {self._names}"
            places = [self._names.index(name) for name in wanted]
            # One place alone would not give a tuple; it needs no other order either.
            same = places == list(range(len(self._names)))
            known = compiled.string, None if same else itemgetter(*places)
            self._compiled[dialect.name] = known
        return known


def sqlite_rows(connection: Connection, sql: str, given: Row = ()) -> list[Row]:
    """Run one statement of SQLite's; errors come as SQLAlchemy's."""
    try:
        found: list[Row] = _driver(connection).execute(sql, given).fetchall()
    except sqlite3.Error as error:
        raise _told(connection, sql, error) from error
    return found


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _told(connection: Connection, sql: str, error: sqlite3.Error) -> BaseException:
    # Whoever asks "is the database away, or is this row bad?" asks SQLAlchemy's classes.
    return DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True, dialect=connection.dialect)

"""I1, I2: whose fault an error is, over all that both drivers raise; and a station that meets it at each statement."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_cursor
from sqlalchemy.exc import DBAPIError, InvalidRequestError, ResourceClosedError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from console.station.acts import last_resort
from console.station.rules.routing import Router
from console.station.store import database, faults
from console.station.store.ledger import Ledger
from tests.console.station.house import SITE, House, open_house
from tests.frames import ack, sia

STATES = {
    one.sqlstate: one
    for one in vars(asyncpg.exceptions).values()
    if inspect.isclass(one) and issubclass(one, asyncpg.PostgresError) and one.sqlstate
}
"""Every SQLSTATE that asyncpg knows, with its class."""
# fmt: off
OF_SQLITE = (
    "ABORT", "AUTH", "BUSY", "BUSY_SNAPSHOT", "CANTOPEN", "CORRUPT", "CORRUPT_INDEX", "ERROR", "FULL", "INTERNAL",
    "INTERRUPT", "IOERR", "IOERR_FSYNC", "IOERR_WRITE", "LOCKED", "MISUSE", "NOLFS", "NOMEM", "NOTADB", "PERM",
    "PROTOCOL", "READONLY", "READONLY_DBMOVED", "SCHEMA",
)
OWN_OF_SQLITE = (
    "CONSTRAINT", "CONSTRAINT_PRIMARYKEY", "CONSTRAINT_UNIQUE", "CONSTRAINT_CHECK", "TOOBIG", "MISMATCH", "RANGE",
)
# fmt: on


def from_sqlite(name: str) -> sqlite3.Error:
    """SQLite's error of that name, as Python's module raises it."""
    error = sqlite3.OperationalError(f"as if it were {name}")
    error.sqlite_errorcode = getattr(sqlite3, f"SQLITE_{name}")
    error.sqlite_errorname = f"SQLITE_{name}"
    return error


def through_sqlalchemy(error: sqlite3.Error) -> BaseException:
    return DBAPIError.instance("COMMIT", None, error, sqlite3.Error)


@pytest.mark.parametrize("state", sorted(STATES))
def test_I1_of_postgres_bad_data_a_constraint_and_a_row_too_large_alone_are_the_signals_own(state: str) -> None:
    assert faults.of_database(STATES[state]("as if")) is (state[:2] not in ("22", "23", "54"))


@pytest.mark.parametrize("name", OF_SQLITE)
def test_I1_a_busy_full_broken_or_read_only_file_is_no_signals_fault(name: str) -> None:
    assert faults.of_database(through_sqlalchemy(from_sqlite(name)))


@pytest.mark.parametrize("name", OWN_OF_SQLITE)
def test_I2_what_a_constraint_or_a_limit_refuses_is_the_signals_own(name: str) -> None:
    assert not faults.of_database(through_sqlalchemy(from_sqlite(name)))


@pytest.mark.parametrize(
    ("error", "of_database"),
    [
        (ConnectionResetError("by peer"), True),
        (TimeoutError(), True),
        (MemoryError(), True),
        (PoolTimeout("QueuePool limit"), True),
        (InvalidRequestError("Can't reconnect until invalid transaction is rolled back."), True),
        (ResourceClosedError("This Connection is closed"), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.InternalClientError("got result for unknown protocol state 3"), True),
        (asyncpg.exceptions.ConnectionDoesNotExistError("closed in the middle of operation"), True),
        (sqlite3.ProgrammingError("Cannot operate on a closed database."), True),
        (asyncpg.DataError("invalid input for query argument $1"), False),
        (sqlite3.ProgrammingError("Error binding parameter 3: type 'object' is not supported"), False),
        (StatementError("cannot be bound", "INSERT", None, ValueError("year 0")), False),
        (StatementError("cannot be bound", "INSERT", None, ConnectionResetError("by peer")), True),
        (KeyError("a mistake in a rule"), False),
        (OverflowError("Python int too large to convert to SQLite INTEGER"), False),
        (RecursionError(), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_I1_what_is_not_surely_the_signals_own_is_the_databases(error: Exception, of_database: bool) -> None:
    assert faults.of_database(error) is of_database


class Injector:
    """Raises an error of the driver at one statement of the writer, the first time it comes to it."""

    def __init__(self) -> None:
        self.error: Callable[[], Exception] | None = None
        self.at = -1
        self.raised = ""
        self._seen = 0

    def arm(self, at: int, error: Callable[[], Exception]) -> None:
        self.at, self.error, self._seen, self.raised = at, error, 0, ""

    def comes(self, sql: str) -> None:
        self._seen += 1
        if self.error is not None and self._seen == self.at + 1:
            self.raised, error, self.error = sql, self.error, None
            raise error()


injector = Injector()


class FailingConnection(sqlite3.Connection):
    """SQLite's own, with a hook before each statement."""

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        injector.comes(sql)
        return super().execute(sql, *given)

    def executemany(self, sql: str, *given: Any) -> sqlite3.Cursor:
        injector.comes(sql)
        return super().executemany(sql, *given)

    def commit(self) -> None:
        injector.comes("COMMIT")
        super().commit()


@contextmanager
def statements_fail(monkeypatch: pytest.MonkeyPatch, place: Path | str) -> Iterator[None]:
    if isinstance(place, Path):
        monkeypatch.setattr(database, "_ANY_THREAD", {"check_same_thread": False, "factory": FailingConnection})
    else:
        for name in ("_prepare_and_execute", "_executemany"):
            real = getattr(AsyncAdapt_asyncpg_cursor, name)

            async def hooked(self: Any, sql: str, given: Any, real: Any = real) -> Any:
                try:
                    injector.comes(sql)
                except Exception as error:
                    self._handle_exception(error)
                return await real(self, sql, given)

            monkeypatch.setattr(AsyncAdapt_asyncpg_cursor, name, hooked)
    yield


async def fire_at_each_statement(house: House, error: Callable[[], Exception]) -> list[str]:
    """Let each statement fail in turn: the fire gets no ACK and leaves nothing, and is whole when it comes again."""
    raised = []
    for at, sequence in zip(count(), range(1, 200), strict=False):
        frame = sia("1001", sequence, "Nri1/FA11")
        before = len(await house.entries("signal"))
        line = await house.line()
        injector.arm(at, error)
        answered = not await line.unanswered(frame, poll="1001")
        if not injector.raised:
            injector.error = None
            assert answered
            return raised
        raised.append(injector.raised)
        if answered:
            # A statement of a duty, not of the signal: it may fail, and nothing is lost.
            continue
        assert len(await house.entries("signal")) == before, injector.raised
        assert await line.say(frame) == ack("1001", sequence), injector.raised
    raise AssertionError("there is no end of statements")


@pytest.mark.parametrize("which", ["away", "gone", "limited"])
async def test_I1_a_database_that_fails_at_any_statement_gets_no_fire_acknowledged_as_something_else(
    place: Path | str, still: None, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    of_sqlite = {"away": "IOERR", "gone": "READONLY", "limited": "FULL"}
    of_postgres = {"away": "57P01", "gone": "XX000", "limited": "53100"}

    def error() -> Exception:
        return from_sqlite(of_sqlite[which]) if isinstance(place, Path) else STATES[of_postgres[which]]("as if")

    with statements_fail(monkeypatch, place):
        async with open_house(place) as house:
            await house.bring_in(SITE)
            raised = await fire_at_each_statement(house, error)
            assert len(raised) > 5, raised
            entries = await house.entries("signal")
            assert all("Fire" in entry["text"] for entry in entries), {entry["text"] for entry in entries}
            assert not [entry["seq"] for entry in entries if "kept_raw" in entry["data"]], (
                "taken for the signal's own fault"
            )
            [alarm] = await house.alarms()
            assert (alarm.kind, alarm.priority) == ("fire", 1)


async def chokes(house: House, monkeypatch: pytest.MonkeyPatch, *broken: tuple[Any, str]) -> list[dict[str, Any]]:
    """A fire at a station whose rules or tables fail by the signal's own fault; the entries of the kind ``signal``."""

    def fails(*_args: Any, **_kwargs: Any) -> Any:
        raise KeyError("a mistake of ours")

    with monkeypatch.context() as patched:
        for where, name in broken:
            patched.setattr(where, name, fails)
        line = await house.line()
        assert await line.say(sia("1001", 1, "Nri1/FA11")) == ack("1001", 1)
    return await house.entries("signal")


async def test_I2_a_fire_whose_texts_cannot_be_processed_is_a_fire_of_its_site_still(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = [True]
    route = Router.route

    def fails_first(self: Router) -> Any:
        if failing:
            failing.clear()
            raise KeyError("a mistake of ours")
        return route(self)

    monkeypatch.setattr(Router, "route", fails_first)
    assert await house.send(sia("1001", 1, "Nri1/FA11")) == [ack("1001", 1)]
    [alarm] = await house.alarms()
    assert (alarm.site, alarm.kind, alarm.priority) == ("S1", "fire", 1)
    [entry] = await house.entries("signal")
    assert entry["data"]["kept_raw"] == "could not be processed: KeyError"


async def test_I2_no_failure_of_rules_or_numbering_keeps_a_fire_from_being_stored_and_shown(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    [entry] = await chokes(house, monkeypatch, (Router, "route"), (Ledger, "next_alarm_id"))
    assert "FA11" in entry["raw"]
    [alarm] = await house.alarms()
    assert (alarm.id, alarm.priority, alarm.life_safety) == (f"R-{entry['seq']}", 1, True)
    assert alarm.words == "Fire: signal could not be processed"
    claes = await house.seat("claes")
    taken = await claes.take_next()
    assert taken.status_code == 200, taken.text
    assert taken.json()["id"] == alarm.id
    detail = (await claes.client.get(f"/v1/alarms/{alarm.id}")).json()
    assert "1001" in str(detail)
    closed = await claes.act(alarm.id, "close", disposition="technical", reason="looked at", seen=alarm.last_seq)
    assert closed.status_code in (200, 409, 422), closed.text


async def test_I2_where_no_alarm_can_be_made_the_frame_is_stored_and_the_station_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    [entry] = await chokes(house, monkeypatch, (Router, "route"), (last_resort, "_alarm"))
    assert (entry["alarm"], entry["priority"]) == (None, 1)
    assert f"see entry {entry['seq']} of the journal" in house.station.beat().findings[0]
    assert await house.send(sia("1001", 2, "Nri1/FA11")) == [ack("1001", 2)]
    assert [alarm.kind for alarm in await house.alarms()] == ["fire"]


async def test_I2_the_tables_refusing_one_signal_is_of_that_signal_alone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that was given before: the tables refuse the alarm, and the fire is shown all the same."""
    await house.send(sia("1001", 1, "Nri1/FA11"))
    [first] = await house.alarms()
    monkeypatch.setattr("console.station.store.ledger.alarm_id", lambda _at, _number: first.id)
    assert await house.send(sia("1001", 2, "Nri1/BA07"), sia("9999", 1, "Nri1/BA01")) == [
        ack("1001", 2), ack("9999", 1),
    ]  # fmt: skip
    assert len(await house.alarms()) == 3


async def test_I11_a_database_that_cannot_be_read_is_said_and_is_no_mistake_in_the_log(
    small_house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(_query: Any) -> Any:
        raise through_sqlalchemy(from_sqlite("CANTOPEN"))

    seat = await small_house.seat("claes")
    with monkeypatch.context() as patched:
        patched.setattr(small_house.station.database, "read", fails)
        answer = await seat.client.get("/v1/picture")
    assert (answer.status_code, answer.json()["code"]) == (503, "behind")
    assert not [record for record in caplog.records if record.exc_info], "told as if it were a mistake of ours"


async def test_I1_a_file_system_that_takes_nothing_after_the_sync_gets_no_ack(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sync said that it has all, and the file system had given up already: see ``database._touch``."""

    def refused(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(30, "Read-only file system")

    line = await small_house.line()
    with monkeypatch.context() as patched:
        patched.setattr(database.os, "utime", refused)
        assert await line.unanswered(sia("1001", 1, "Nri1/FA11"), poll="1001")
        assert "Read-only file system" in small_house.station.beat().findings[0]
    assert await line.say(sia("1001", 1, "Nri1/FA11")) == ack("1001", 1)
    assert len(await small_house.alarms()) == 1

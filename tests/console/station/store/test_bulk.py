"""What the writer does past SQLAlchemy must come to the same: values, errors, and the very bytes under the chain."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from console.station.rules.alarm import Alarm, ZoneFact
from console.station.store import alarms as alarm_store
from console.station.store.bulk import Bulk, sqlite_rows
from console.station.store.canonical import chained, readable
from console.station.store.database import Database
from models.records import AlarmClass, AlarmState, Disposition
from tests.console.station.house import House

_NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
_BASE = Alarm(
    id="A-261123-0001",
    version=1,
    matter="S1:intrusion",
    site="S1",
    account="1001",
    alarm_class=AlarmClass.INTRUSION,
    kind="intrusion",
    words="Intrusion",
    place="Winkel",
    zones=(ZoneFact("1", "7", "7 PIR", "intrusion", _NOW),),
    priority=3,
    life_safety=False,
    silent=False,
    state=AlarmState.WAITING,
    incident="A-261123-0001",
    opened_at=_NOW,
    clock_from=_NOW,
    last_signal_at=_NOW,
    last_signal_words="Intrusion",
    last_seq=1,
)
_scalar = st.none() | st.integers(-(2**63), 2**63 - 1) | st.text()
_tree = st.recursive(
    _scalar | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
)


@given(st.lists(_scalar).map(tuple))
def test_I5_the_chain_hashes_what_json_says_of_a_list(columns: tuple[Any, ...]) -> None:
    assert chained(columns) == json.dumps(list(columns), ensure_ascii=True, separators=(",", ":"))


@given(st.dictionaries(st.text(), _tree))
def test_I5_data_are_what_json_says_with_their_keys_in_order(data: dict[str, Any]) -> None:
    assert readable(data) == json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _other(alarm: Alarm, name: str) -> Any:
    """A value that the field does not have."""
    was = getattr(alarm, name)
    if name == "zones":
        return (*was, ZoneFact("2", "11", "11 Rook", "fire", _NOW, restored=True))
    if name == "disposition":
        return Disposition.FALSE_USER
    if isinstance(was, Enum):
        return next(member for member in type(was) if member is not was)
    if isinstance(was, bool):
        return not was
    if isinstance(was, int) or name == "storm":
        return (was or 0) + 1
    if name.endswith(("_at", "_from", "_since", "_until")):
        return (was or _NOW) + timedelta(microseconds=7)
    return f"{was or ''}x"


_CHANGING = [field.name for field in fields(Alarm) if field.name != "id"]


def test_a_changed_alarm_is_what_replace_makes_of_it() -> None:
    for name in _CHANGING:
        changed = _BASE.but(**{name: _other(_BASE, name)})
        assert changed == replace(_BASE, **{name: _other(_BASE, name)})
        assert changed.differs_from(_BASE) == (name,)
    assert _BASE.but().differs_from(_BASE) == ()
    with pytest.raises(TypeError, match="colour"):
        _BASE.but(colour="red")


async def test_every_field_that_differs_is_stored_alone_and_with_all_the_others(house: House) -> None:
    """On both databases; what is read back is what was meant, whichever statement wrote it."""
    database = house.station.database
    alarm, house.by_hand = _BASE, True
    await database.write(lambda connection: alarm_store.add(connection, [_BASE]))
    for name in _CHANGING:
        changed = alarm.but(**{name: _other(alarm, name)})
        await database.write(lambda c, pair=(alarm, changed): alarm_store.save_changes(c, [pair]))  # type: ignore[misc]
        assert await house.alarm(_BASE.id) == changed
        alarm = changed
    await database.write(lambda connection: alarm_store.save_changes(connection, [(alarm, _BASE)]))
    assert await house.alarm(_BASE.id) == _BASE
    await database.write(lambda connection: alarm_store.save(connection, [alarm]))
    assert await house.alarm(_BASE.id) == alarm


async def test_rows_go_where_they_belong_whatever_order_the_statement_has_and_errors_are_sqlalchemys(
    place: Any, house: House
) -> None:
    table = Table("bulk_test", MetaData(), Column("a", Integer, primary_key=True), Column("b", Text), Column("c", Text))
    add = Bulk(insert(table).values({name: bindparam(name) for name in ("c", "a", "b")}), ("c", "a", "b"))
    change = Bulk(
        update(table).where(table.c.a == bindparam("of_a")).values(b=bindparam("new_b"), c=bindparam("new_c")),
        ("of_a", "new_c", "new_b"),
    )

    def work(connection: Connection) -> list[tuple[Any, ...]]:
        table.create(connection)
        add.run(connection, [("c1", 1, "b1"), ("c2", 2, "b2")])
        change.run(connection, [(2, "c3", "b3")])
        add.run(connection, [])
        return [tuple(row) for row in connection.execute(select(table).order_by(table.c.a))]

    assert await house.station.database.write(work) == [(1, "b1", "c1"), (2, "b3", "c3")]
    with pytest.raises(IntegrityError):
        await house.station.database.write(lambda connection: add.run(connection, [("c9", 1, "b9")]))


async def test_a_database_that_cannot_be_written_is_told_from_a_row_that_cannot(tmp_path: Any) -> None:
    """The scribe keeps a bad signal raw, but never one that met a full or locked disk (I2)."""
    database = Database.sqlite(tmp_path / "x.db")
    try:
        with pytest.raises(OperationalError):
            await database.write(lambda connection: sqlite_rows(connection, "SELECT * FROM nothing_of_the_kind"))
    finally:
        await database.close()


async def test_the_log_is_brought_back_behind_the_answer(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.station.store.database._CHECKPOINT_EVERY_S", 0.0)
    file = tmp_path / "x.db"
    database = Database.sqlite(file)
    try:
        await database.write(lambda connection: sqlite_rows(connection, "CREATE TABLE t (a)"))

        def more(connection: Connection) -> None:
            sqlite_rows(connection, "INSERT INTO t VALUES (zeroblob(100000))")

        def count(connection: Connection) -> list[tuple[Any, ...]]:
            return sqlite_rows(connection, "SELECT count(*) FROM t")

        for _ in range(20):
            await database.write(more)
            assert await database.read(count)
        await database.write(more)
        # One more turn of the writing thread: what was put behind the last answer is done.
        await database.write(lambda connection: None)
        assert file.stat().st_size > 1_000_000
        assert await database.read(count) == [(21,)]
    finally:
        await database.close()


async def test_the_kept_connection_writes_again_after_a_locked_database_and_a_failed_act(tmp_path: Any) -> None:
    file = tmp_path / "x.db"
    database = Database.sqlite(file)

    def add(connection: Connection) -> None:
        sqlite_rows(connection, "INSERT INTO t VALUES (1)")

    def add_and_fail(connection: Connection) -> None:
        add(connection)
        raise ValueError("a mistake of ours")

    try:
        await database.write(lambda connection: sqlite_rows(connection, "CREATE TABLE t (a)"))
        await database.write(lambda connection: sqlite_rows(connection, "PRAGMA busy_timeout=1"))
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            await database.write(add)
        other.close()
        with pytest.raises(ValueError, match="a mistake of ours"):
            await database.write(add_and_fail)
        await database.write(add)
        assert await database.read(lambda connection: sqlite_rows(connection, "SELECT count(*) FROM t")) == [(1,)]
    finally:
        await database.close()

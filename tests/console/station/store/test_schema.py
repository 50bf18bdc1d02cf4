"""The migrations make exactly the mapped tables, on both databases; what cannot be durable is refused (I1)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from console.station.run import run_station
from console.station.store import schema
from console.station.store.database import Database, DatabaseRefused, postgres_url
from console.station.store.schema import prepare
from models.tables import Base
from tests.databases import PostgresServer, _binaries


@pytest.fixture
async def database(empty_place: Path | str) -> Any:
    place = empty_place
    opened = Database.sqlite(place.parent / "vigie.db") if isinstance(place, Path) else Database.postgres(place)
    yield opened
    await opened.close()


def mapped(name: str | None, kind: str, _parents: object) -> bool:
    """The words of the journal lie in each database's own kind of table, which no class is mapped to."""
    return kind != "table" or not (name or "").startswith("journal_words")


def differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True, "include_name": mapped}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, Base.metadata))


async def test_migrations_up_give_the_mapped_tables(database: Database) -> None:
    await database.write(schema.upgrade)
    assert await database.read(differences) == []
    assert await database.read(schema.current) == schema.newest()


async def test_migrations_down_leave_nothing_and_up_again_gives_all(database: Database) -> None:
    await database.write(schema.upgrade)
    await database.write(lambda connection: schema.downgrade(connection, "base"))
    assert await database.read(lambda connection: inspect(connection).get_table_names()) == ["alembic_version"]
    await database.write(schema.upgrade)
    assert await database.read(differences) == []


async def test_0002_and_0003_keep_the_rows_that_are_there_up_and_down(database: Database) -> None:
    asked = count()

    def systems(connection: Connection) -> list[dict[str, Any]]:
        return rows(connection, "system")

    def last_signals(connection: Connection) -> list[dict[str, Any]]:
        return rows(connection, "repeat_key")

    def rows(connection: Connection, table: str) -> list[dict[str, Any]]:
        # Said otherwise each time: PostgreSQL's driver keeps the plan of a statement it saw before the change.
        statement = f"SELECT * FROM {table} -- {next(asked)}"
        return [dict(row) for row in connection.exec_driver_sql(statement).mappings()]

    def fill(connection: Connection) -> None:
        schema.upgrade(connection, "0001")
        connection.exec_driver_sql(
            "INSERT INTO site (id, name, street, postcode, town, timezone, access, instructions) "
            "VALUES ('S1', 'Bakkerij', '', '', '', 'Europe/Brussels', '', '')"
        )
        connection.exec_driver_sql(
            "INSERT INTO system (account, site, clear_allowed, check_clear_time, window_before_s) "
            "VALUES ('1001', 'S1', 1, 1, 3600)"
        )
        connection.exec_driver_sql(
            "INSERT INTO repeat_key (account, path, token, sequence, digest, seq, at, accepted, presented) "
            "VALUES ('1001', '/0', 'SIA-DCS', '0001', 'd', 7, 1700000000000000, 1, 1)"
        )

    await database.write(fill)
    before = await database.read(systems), await database.read(last_signals)
    await database.write(lambda connection: schema.upgrade(connection, "0003"))
    [system], [last] = await database.read(systems), await database.read(last_signals)
    links = {"interval_s": None, "margin_s": None, "provider": "", "link_lost_at": None}
    assert system == {**before[0][0], "lenient_length": 0, "overrides": None, **links}
    assert last == {**before[1][0], "sent_at": None, "happened_at": None, "counts": 0, "alarms": None}
    await database.write(lambda connection: schema.downgrade(connection, "0001"))
    assert (await database.read(systems), await database.read(last_signals)) == before


async def test_0004_makes_each_contact_a_person_and_back(database: Database) -> None:
    def fill(connection: Connection) -> None:
        schema.upgrade(connection, "0003")
        for statement in (
            "INSERT INTO site (id, name, street, postcode, town, timezone, access, instructions) "
            "VALUES ('S1', 'Bakkerij', '', '', '', 'Europe/Brussels', '', '')",
            "INSERT INTO contact (id, site, position, name, role, languages, sealed_code_word) "
            "VALUES ('S1-1', 'S1', 1, 'Hugo Laurent', 'owner', 'FR', 'sealed')",
            "INSERT INTO contact_number (contact, position, label, number) VALUES ('S1-1', 0, 'mobile', '+32 400')",
        ):
            connection.exec_driver_sql(statement)

    def read(connection: Connection, *tables: str) -> list[dict[str, Any]]:
        return [
            dict(row)
            for table in tables
            for row in connection.exec_driver_sql(f"SELECT * FROM {table} -- {next(asked)}").mappings()
        ]

    asked = count()
    await database.write(fill)
    before = await database.read(lambda connection: read(connection, "contact", "contact_number"))
    await database.write(schema.upgrade)
    contact, person, number = await database.read(lambda c: read(c, "contact", "person", "person_number"))
    assert (contact["person"], contact["sealed_code_word"]) == ("S1-1", "sealed")
    assert (person["id"], person["name"], person["languages"]) == ("S1-1", "Hugo Laurent", "FR")
    assert (number["person"], number["number"]) == ("S1-1", "+32 400")
    await database.write(lambda connection: schema.downgrade(connection, "0003"))
    assert await database.read(lambda connection: read(connection, "contact", "contact_number")) == before


async def test_preparing_twice_founds_one_journal(database: Database) -> None:
    first = await database.write(prepare)
    assert await database.write(prepare) == first


async def test_the_database_refuses_a_second_open_alarm_of_one_matter(database: Database) -> None:
    from sqlalchemy.exc import IntegrityError

    from console.station.store import alarms
    from tests.console.station.rules.facts import alarm

    await database.write(prepare)
    await database.write(lambda connection: alarms.add(connection, [alarm(id="A-1")]))
    with pytest.raises(IntegrityError):
        await database.write(lambda connection: alarms.add(connection, [alarm(id="A-2")]))


async def test_I1_sqlite_syncs_at_every_commit_and_readers_cannot_write(tmp_path: Path) -> None:
    from sqlalchemy.exc import OperationalError

    database = Database.sqlite(tmp_path / "vigie.db")
    await database.write(prepare)

    def pragmas(connection: Connection) -> tuple[object, ...]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return tuple(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names)

    assert await database.write(pragmas) == ("wal", 2, 1)
    with pytest.raises(OperationalError, match="readonly"):
        await database.read(lambda connection: connection.exec_driver_sql("DELETE FROM alarm"))
    await database.close()


@pytest.fixture(scope="module")
def careless(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    request.getfixturevalue("postgres_server")  # says why where there is none
    binaries = _binaries()
    assert binaries is not None
    server = PostgresServer(binaries, "-c fsync=off", "-c synchronous_commit=off")
    yield server
    server.stop()


async def test_I1_a_postgres_without_fsync_is_refused(careless: PostgresServer) -> None:
    database = Database.postgres(careless.fresh())
    with pytest.raises(DatabaseRefused, match="fsync=off: an acknowledged signal could be lost"):
        await database.check_durable()
    await database.close()


async def test_I1_a_postgres_without_synchronous_commit_is_refused(postgres_server: PostgresServer) -> None:
    import asyncpg

    postgres_url = postgres_server.fresh()
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    name = postgres_url.rpartition("/")[2]
    await connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    await connection.close()
    database = Database.postgres(postgres_url)
    with pytest.raises(DatabaseRefused, match="synchronous_commit=off"):
        await database.check_durable()
    await database.close()


def test_I1_the_station_does_not_start_on_such_a_postgres(
    careless: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run_station(None, careless.fresh(), "127.0.0.1:0", "127.0.0.1:0", None, None)
    assert status == 1
    assert "Set fsync=on and start again." in capsys.readouterr().err


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://host/db", "nonsense", "postgresql"])
def test_I12_only_postgres_urls_are_taken(url: str) -> None:
    with pytest.raises(DatabaseRefused, match="--database"):
        postgres_url(url)

"""I2, I5: an alarm's number is given once, whatever the clocks do, and whoever sets its count back is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from console.station.store import schema
from console.station.store.database import Database
from console.station.store.ledger import alarm_id, alarm_number
from console.station.verifying import verify_journal
from tests.console.station.house import SITE, House, open_house, site
from tests.frames import ack, sia

BEFORE_MIDNIGHT = datetime(2026, 11, 23, 23, 59, 58, tzinfo=UTC)
DAY = 86_400


async def fires(house: House, *accounts: str) -> list[bytes]:
    return [(await house.send(sia(account, 1, "Nri1/FA11")))[0] for account in accounts]


async def test_I2_a_clock_set_back_over_midnight_or_a_day_ahead_refuses_no_fire(place: Path | str, still: None) -> None:
    accounts = [f"{0x5000 + number:04X}" for number in range(12)]
    async with open_house(place, start=BEFORE_MIDNIGHT) as house:
        await house.bring_in(*(site(f"N{account}", account) for account in accounts))
        for at, moved in zip(range(0, 12, 2), (0, 5, -10, DAY, -DAY, -40 * DAY), strict=True):
            house.clock.set(moved)
            some = accounts[at : at + 2]
            assert await fires(house, *some) == [ack(account, 1) for account in some], f"moved by {moved} s"
        numbers = [alarm_number(alarm.id) for alarm in await house.alarms()]
        assert sorted(numbers) == list(range(1, 13))


@pytest.mark.postgres
async def test_I2_two_stations_whose_clocks_stand_on_both_sides_of_midnight_refuse_no_fire(
    postgres_url: str, still: None
) -> None:
    accounts = [f"{0x6000 + number:04X}" for number in range(14)]
    later = BEFORE_MIDNIGHT + timedelta(seconds=3)
    async with open_house(postgres_url, start=BEFORE_MIDNIGHT) as one, open_house(postgres_url, start=later) as two:
        await one.bring_in(*(site(f"N{account}", account) for account in accounts))
        await two.station.accounts_changed()
        for account in accounts:
            house = (one, two)[int(account, 16) % 2]
            assert await fires(house, account) == [ack(account, 1)]
        assert len({alarm.id for alarm in await one.alarms()}) == 14


def test_a_number_is_read_as_it_is_written() -> None:
    at = datetime(2026, 12, 1, tzinfo=UTC)
    assert [alarm_id(at, number) for number in (7, 123456)] == ["A-261201-0007", "A-261201-123456"]
    assert [alarm_number(alarm_id(at, number)) for number in (7, 123456)] == [7, 123456]
    assert [alarm_number(other) for other in ("", "R-17", "A-1", "A-261201-", "A-261201-x", "A-261201-٣")] == [0] * 6


async def test_0022_goes_on_above_every_number_that_any_day_gave(empty_place: Path | str) -> None:
    database = (
        Database.sqlite(empty_place.parent / "vigie.db")
        if isinstance(empty_place, Path)
        else Database.postgres(empty_place)
    )

    def old(connection: Connection) -> None:
        schema.upgrade(connection, "0021")
        connection.exec_driver_sql(
            "INSERT INTO journal_head (id, journal_id, seq, hash, alarm_day, alarm_count) "
            "VALUES (1, 'j', 0, 'h', '261201', 17)"
        )
        columns = [row["name"] for row in _columns(connection, "alarm") if not row["nullable"]]
        for number, identifier in enumerate(("A-261130-0900", "A-261201-0017")):
            given: dict[str, Any] = dict.fromkeys(columns, 0)
            for name in ("words", "place", "account", "kind", "alarm_class", "state", "incident", "zones"):
                given[name] = "" if name != "zones" else "[]"
            texts = [row["name"] for row in _columns(connection, "alarm") if row["text"] and not row["nullable"]]
            given |= dict.fromkeys(texts, "")
            given |= {"id": identifier, "matter": f"m{number}", "zones": "[]"}
            names = [name for name in given if name in columns]
            values = ", ".join(f"'{given[name]}'" if isinstance(given[name], str) else "0" for name in names)
            quoted = ", ".join(f'"{name}"' for name in names)
            connection.exec_driver_sql(f"INSERT INTO alarm ({quoted}) VALUES ({values})")

    def count(connection: Connection) -> int:
        return int(connection.exec_driver_sql("SELECT alarm_count FROM journal_head").scalar_one())

    try:
        await database.write(old)
        await database.write(schema.upgrade)
        assert await database.read(count) == 900
        await database.write(lambda connection: schema.downgrade(connection, "0021"))
        assert await database.read(lambda c: c.exec_driver_sql("SELECT alarm_day FROM journal_head").scalar_one()) == ""
    finally:
        await database.close()


def _columns(connection: Connection, table: str) -> list[dict[str, Any]]:
    from sqlalchemy import String, Text, inspect

    return [
        {"name": one["name"], "nullable": one["nullable"], "text": isinstance(one["type"], (String, Text))}
        for one in inspect(connection).get_columns(table)
    ]


@pytest.mark.parametrize("tampered", [0, 2_000_000, 2**62])
async def test_I5_a_count_that_was_set_back_or_far_ahead_is_found_and_mended_at_the_next_start(
    place: Path | str, still: None, tampered: int, capsys: pytest.CaptureFixture[str]
) -> None:
    import asyncio

    async with open_house(place) as house:
        await house.bring_in(SITE, site("N1", "5001"))
        await fires(house, "1001")
        [first] = await house.alarms()
        await house.station.database.write(
            lambda connection: connection.exec_driver_sql(f"UPDATE journal_head SET alarm_count = {tampered}")
        )
    assert await asyncio.to_thread(verify_journal, place) == 1
    assert f"the head says that {tampered} alarms were numbered" in capsys.readouterr().out
    async with open_house(place) as house:
        assert await fires(house, "5001") == [ack("5001", 1)]
        assert {alarm_number(alarm.id) for alarm in await house.alarms()} == {alarm_number(first.id), 2}
    assert await asyncio.to_thread(verify_journal, place) == 0

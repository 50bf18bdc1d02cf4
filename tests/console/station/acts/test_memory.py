"""What reception remembers must never outlive what somebody else changed (I2, I3, F4, F5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.records import AlarmState
from tests.console.station.house import SITE, House, open_house, site
from tests.frames import ack, sia


async def test_G2_a_signal_joins_the_alarm_as_it_stands_after_an_operator_took_and_closed_it(house: House) -> None:
    an = await house.seat("an")
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri1/BA07"))
    [alarm] = await house.alarms()
    await an.act(alarm.id, "take")
    await house.send(sia("1001", 3, "Nri1/BA07"))
    [held] = await house.alarms()
    assert (held.state, held.holder, held.signals, held.unseen) == (AlarmState.HELD, "an", 3, 1)
    await an.act(alarm.id, "seen", up_to=held.last_seq)
    answer = await an.act(alarm.id, "call", step="premises", outcome="skipped", why="nobody there at night")
    await an.skip_all(alarm.id)
    answer = await an.act(alarm.id, "close", disposition="false-user", reason="test")
    assert answer.status_code == 200, answer.text
    await house.send(sia("1001", 4, "Nri1/BA07"))
    [new] = await house.alarms()
    assert (new.id != alarm.id, new.state, new.signals) == (True, AlarmState.WAITING, 1)


async def test_F4_a_test_counts_from_the_next_signal_on_and_ends_with_it(house: House) -> None:
    an = await house.seat("an")
    await house.send(sia("1001", 1, "NRP"))
    await an.test_on("S1")
    await house.send(sia("1001", 2, "Nri1/BA07"))
    assert await house.alarms() == []
    await an.test_off("S1")
    await house.send(sia("1001", 3, "Nri1/BA07"))
    assert len(await house.alarms()) == 1


async def test_I2_a_site_brought_in_between_two_signals_is_known_at_the_second(house: House) -> None:
    await house.send(sia("7777", 1, "Nri1/OP4"))
    await house.bring_in(site("S7", "7777"))
    await house.send(sia("7777", 2, "Nri1/OP4"))
    entries = await house.entries("signal")
    assert [entry["site"] for entry in entries] == [None, "S7"]


async def test_I2_a_repeat_is_known_within_a_batch_across_batches_and_after_a_failed_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = sia("1001", 1, "Nri1/BA07")
    await house.send(same, same)
    scribe = house.station.scribe
    whole = scribe._database.write
    failed: list[bool] = []

    async def fail_once(act: object) -> object:
        if not failed:
            failed.append(True)
            return await whole(lambda connection: _and_fail(act, connection))
        return await whole(act)  # type: ignore[arg-type]

    def _and_fail(act: object, connection: object) -> None:
        act(connection)  # type: ignore[operator]
        raise OSError("the disk went away before the commit")

    monkeypatch.setattr(scribe._database, "write", fail_once)
    line = await house.line()
    assert await line.unanswered(sia("1001", 2, "Nri1/BA09"))
    assert await line.say(sia("1001", 2, "Nri1/BA09")) == ack("1001", 2)
    signals, repeats = await house.entries("signal"), await house.entries("repeat")
    assert (len(signals), len(repeats)) == (2, 1)
    [alarm] = await house.alarms()
    assert alarm.signals == 2


@pytest.mark.postgres
async def test_I3_two_stations_on_one_database_each_see_what_the_other_did(postgres_url: str, still: None) -> None:
    async with open_house(postgres_url) as one, open_house(postgres_url) as two:
        await one.bring_in(SITE)
        await two.station.directory.load()
        await one.send(sia("1001", 1, "Nri1/BA07"))
        await two.send(sia("1001", 2, "Nri1/BA07"))
        await one.send(sia("1001", 3, "Nri1/BA07"), sia("1001", 4, "Nri1/BA09"))
        await two.send(sia("1001", 4, "Nri1/BA09"))
        [alarm] = await one.alarms()
        assert (alarm.signals, alarm.priority) == (4, 2)
        assert len(await one.entries("repeat")) == 1


async def test_I2_a_restart_forgets_nothing(tmp_path: Path, still: None) -> None:
    async with open_house(tmp_path / "data") as house:
        await house.bring_in(SITE)
        await house.send(sia("1001", 1, "Nri1/BA07"))
    async with open_house(tmp_path / "data") as house:
        await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri1/BA07"))
        [alarm] = await house.alarms()
        assert (alarm.signals, len(await house.entries("repeat"))) == (2, 1)

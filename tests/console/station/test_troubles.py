"""I4, I13: what is wrong with the station itself is an alarm in the queue as well, one for each matter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from console.station import disk
from console.station.acts import clockwork
from models.records import AlarmClass, AlarmState
from tests.console.station.house import House, Seat, open_house
from tests.frames import sia

Look = Callable[[], Any]


async def look(house: House, seconds: int = 0) -> None:
    """Time passes, the duties are done, and somebody looks."""
    house.clock.move(seconds)
    await house.station.duties.second()
    await house.station.troubles.look()


async def stand_still(house: House) -> None:
    """The duties of each second are not done for too long."""
    house.clock.move(16)
    await house.station.troubles.look()


async def lines(house: House, seat: Seat, alarm: str) -> list[tuple[str, str, str]]:
    answer = await seat.client.get(f"/v1/alarms/{alarm}")
    assert answer.status_code == 200, answer.text
    return [(line["role"], line["words"], line["place"]) for line in answer.json()["lines"]]


async def test_I4_duties_that_stand_still_are_one_alarm_however_long_they_do(house: House) -> None:
    await look(house)
    assert await house.alarms() == []
    await stand_still(house)
    [alarm] = await house.alarms()
    assert (alarm.priority, alarm.alarm_class, alarm.state) == (3, AlarmClass.TECHNICAL, AlarmState.WAITING)
    assert (alarm.words.startswith("Station trouble"), alarm.site, alarm.signals) == (True, None, 8)
    assert "has stood still for 0:16. Tell whoever keeps the station; if it stays so, restart it. And 7 more." in (
        alarm.place
    )
    before = len(await house.entries())
    for _ in range(10):
        house.clock.move(1)
        await house.station.troubles.look()
    assert len(await house.entries()) == before
    assert any("has stood still" in finding for finding in house.station.beat().findings), "the notice remains"


async def test_I4_a_duty_that_hangs_is_an_alarm_although_all_duties_wait_for_it(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung = asyncio.Event()

    async def hangs(*_: Any) -> None:
        await hung.wait()

    monkeypatch.setattr(small_house.station.duties, "_supervise", hangs)
    stuck = asyncio.create_task(small_house.station.duties.second())
    await stand_still(small_house)
    assert [alarm.words for alarm in await small_house.alarms()] == ["Station trouble"]
    hung.set()
    await stuck


async def test_I13_what_is_gone_is_noted_and_ends_nothing_and_the_alarm_is_handled_like_any_other(house: House) -> None:
    seat = await house.seat("an")
    await stand_still(house)
    taken = await seat.take_next()
    alarm = taken.json()["id"]
    await look(house)
    for _ in range(2):
        await seat.beat(active=True, alarm=alarm)
        await look(house, 14)
    assert [role for role, _, _ in await lines(house, seat, alarm)] == ["alarm"] * 8
    await seat.beat(active=True, alarm=alarm)
    await look(house, 2)
    found = await lines(house, seat, alarm)
    assert [role for role, _, _ in found] == ["restore"] * 8 + ["alarm"] * 8
    assert {words for role, words, _ in found if role == "restore"} == {"Station trouble cleared"}
    [now_is] = await house.alarms()
    assert (now_is.state, now_is.unseen) == (AlarmState.HELD, 0)
    assert len(await house.entries("trouble-cleared")) == 8
    closed = await seat.act(alarm, "close", disposition="false-technical", reason="restarted", version=now_is.version)
    assert closed.status_code == 200, closed.text
    await look(house, 1)
    assert await house.alarms() == []


async def test_I13_a_low_one_that_waits_does_not_end_by_itself(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "LEAST_FREE", 1 << 62)
    await look(small_house)
    [alarm] = await small_house.alarms()
    assert (alarm.priority, alarm.words) == (4, "Station warning")
    assert "disk is nearly full" in alarm.place
    await look(small_house, 3600)
    assert [alarm.signals for alarm in await small_house.alarms()] == [1]
    monkeypatch.setattr(disk, "LEAST_FREE", 0)
    await look(small_house, 31)
    [alarm] = await small_house.alarms()
    assert (alarm.state, alarm.zones[0].restored) == (AlarmState.WAITING, True)


async def test_I8_what_comes_again_joins_and_is_unseen_and_what_flickers_is_one(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = await small_house.seat("an")
    for free in (1 << 62, 0, 1 << 62):
        monkeypatch.setattr(disk, "LEAST_FREE", free)
        await look(small_house, 10)
    [alarm] = await small_house.alarms()
    assert alarm.signals == 1
    await seat.take_next()
    for free in (0, 1 << 62):
        monkeypatch.setattr(disk, "LEAST_FREE", free)
        await seat.beat(active=True, alarm=alarm.id)
        await look(small_house, 15)
        await seat.beat(active=True, alarm=alarm.id)
        await look(small_house, 16)
    [alarm] = await small_house.alarms()
    assert (alarm.signals, alarm.unseen, alarm.zones[0].restored) == (2, 1, False)


async def test_I4_what_the_auditor_finds_is_an_alarm(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clockwork, "due", lambda *_: [])
    seat = await small_house.seat("an")
    await small_house.send(sia("1001", 1, "NBA07"))
    held = (await seat.take_next()).json()["id"]
    small_house.clock.move(60)
    await small_house.audit()
    await small_house.station.troubles.look()
    [alarm] = [alarm for alarm in await small_house.alarms() if alarm.id != held]
    assert (alarm.priority, alarm.words, alarm.matter) == (3, "Station trouble", "station::audit")
    assert alarm.place == f"{held} is held by WS-an, which is not answering"


async def test_I1_where_the_station_cannot_write_the_notice_remains_and_the_alarm_comes_when_it_can(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await look(small_house)
    whole = small_house.station.database.write

    async def refuses(_: Any) -> Any:
        raise OperationalError("", {}, Exception("attempt to write a readonly database"))

    monkeypatch.setattr(small_house.station.database, "write", refuses)
    line = await small_house.line()
    line.writer.write(sia("1001", 1, "NBA07"))
    for _ in range(100):
        if small_house.station.beat().findings:
            break
        await asyncio.sleep(0.01)
    await look(small_house, 1)
    await look(small_house, 1)
    assert "readonly database" in small_house.station.beat().findings[0]
    monkeypatch.setattr(small_house.station.database, "write", whole)
    await look(small_house, 5)
    [alarm] = await small_house.alarms()
    assert (alarm.words, alarm.place) == (
        "Station trouble",
        "The station cannot write its database: attempt to write a readonly database",
    )
    assert small_house.station.beat().findings == (), "found to be writable again without a signal"
    await look(small_house, 31)
    [alarm] = await small_house.alarms()
    assert alarm.zones[0].restored


async def test_I4_what_still_stands_an_hour_after_it_was_closed_is_presented_again(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "LEAST_FREE", 1 << 62)
    seat = await small_house.seat("an")
    await look(small_house)
    alarm = (await seat.take_next()).json()
    await seat.act(alarm["id"], "close", disposition="no-cause", reason="room is being made", version=alarm["version"])
    await look(small_house, 3599)
    assert await small_house.alarms() == []
    await look(small_house, 1)
    assert [alarm.words for alarm in await small_house.alarms()] == ["Station warning"]


async def test_I4_a_restart_forgets_no_finding(tmp_path: Path, still: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "LEAST_FREE", 1 << 62)
    async with open_house(tmp_path / "data") as house:
        await look(house)
    async with open_house(tmp_path / "data") as house:
        await look(house)
        [alarm] = await house.alarms()
        assert (alarm.signals, alarm.zones[0].restored) == (1, False)
    monkeypatch.setattr(disk, "LEAST_FREE", 0)
    async with open_house(tmp_path / "data") as house:
        await look(house)
        await look(house, 31)
        [alarm] = await house.alarms()
        assert alarm.zones[0].restored
        assert len(await house.entries("trouble-cleared")) == 1

"""I4: the auditor finds what the clockwork should have done. Here the clockwork does nothing at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from console.station import auditor
from console.station.acts import clockwork
from console.station.store import alarms as alarm_store
from tests.console.station.house import House, Seat
from tests.frames import sia


@pytest.fixture(autouse=True)
def clockwork_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clockwork, "due", lambda *_: [])


async def held(house: House, packet: str = "Nri1/BA07") -> tuple[Seat, str]:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, packet))
    return seat, (await seat.take_next()).json()["id"]


async def change(house: House, alarm: str, **changes: Any) -> None:
    changed = replace(await house.alarm(alarm), **changes)
    await house.station.database.write(lambda c: alarm_store.save(c, [changed]))


async def test_I4_a_station_in_order_has_no_findings(small_house: House) -> None:
    house = small_house
    seat, _alarm = await held(house)
    await house.send(sia("8001", 1, "NFA1"))
    assert await house.audit(seat) == ()


async def test_I4_held_by_a_dead_workstation(house: House) -> None:
    _seat, alarm = await held(house)
    house.clock.move(50)
    assert await house.audit() == ()
    house.clock.move(1)
    sentence = f"{alarm} is held by WS-claes, which is not answering"
    assert await house.audit() == (sentence,)
    assert [entry["text"] for entry in await house.entries("finding")] == [f"The auditor finds: {sentence}"]
    await house.audit()
    assert len(await house.entries("finding")) == 1


@pytest.mark.parametrize(("packet", "limit"), [("Nri2/FA11", 60), ("Nri1/BA07", 180)])
async def test_I4_held_by_somebody_who_does_nothing(house: House, packet: str, limit: int) -> None:
    seat, alarm = await held(house, packet)
    house.clock.move(limit + 20 + 30)
    assert await house.audit(seat) == ()
    house.clock.move(1)
    assert await house.audit(seat) == (f"{alarm} is held by WS-claes without an act",)
    await seat.beat(active=True, alarm=alarm)
    assert await house.audit(seat) == ()


async def test_I4_held_during_a_call_is_no_finding(small_house: House) -> None:
    house = small_house
    seat, alarm = await held(house)
    assert (await seat.act(alarm, "call", step="contact:S1-1", number="+32 470 55 50 01")).status_code == 200
    house.clock.move(600)
    assert await house.audit(seat) == ()


async def test_I4_held_by_nobody(small_house: House) -> None:
    house = small_house
    _seat, alarm = await held(house)
    await change(house, alarm, holder=None)
    assert await house.audit() == (f"{alarm} is held by nobody",)


async def test_I4_parked_beyond_its_time(small_house: House) -> None:
    house = small_house
    seat, alarm = await held(house)
    await seat.act(alarm, "park", minutes=1, reason="patrol")
    house.clock.move(90)
    assert await house.audit() == ()
    house.clock.move(1)
    assert await house.audit() == (f"{alarm} should have come back from parked",)


@pytest.mark.parametrize("until", [None, timedelta(days=3)])
async def test_I4_parked_without_an_end(small_house: House, until: timedelta | None) -> None:
    house = small_house
    seat, alarm = await held(house)
    await seat.act(alarm, "park", minutes=1, reason="patrol")
    await change(house, alarm, parked_until=None if until is None else house.clock.now() + until)
    assert await house.audit() == (f"{alarm} is parked without an end",)


async def test_I4_in_no_known_state(small_house: House) -> None:
    house = small_house
    _seat, alarm = await held(house)

    house.by_hand = True

    def spoil(connection: Any) -> None:
        connection.exec_driver_sql("UPDATE alarm SET state = 'lost'")

    await house.station.database.write(spoil)
    assert await house.audit() == (f"{alarm} is in no known state",)


def test_I4_the_auditor_shares_no_code_with_the_engine() -> None:
    source = Path(auditor.__file__).read_text()
    assert "transitions" not in source
    assert "clockwork" not in source

"""Issue 5, point 6: a zone that tells far too often is marked on its alarm and journaled, and hidden by nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from console.station.rules.profile import DEFAULT_PROFILE
from console.station.rules.runaway import ZoneKey, remembered
from console.station.store.runaways import told_since
from models.records import StaffRole
from tests.console.station.house import SITE, START, House, Seat, open_house
from tests.frames import sia


async def tell(house: House, times: int, first: int = 1, *, packet: str = "Nri1/BA07", every: float = 10) -> None:
    """The same zone tells ``times`` alarms."""
    for number in range(first, first + times):
        await house.send(sia("1001", number, packet))
        house.clock.move(every)


async def runaway(seat: Seat) -> list[Any]:
    [alarm, *_others] = (await seat.picture())["alarms"]
    found: list[Any] = alarm["runaway"]
    return found


async def test_a_runaway_zone_is_marked_on_its_alarm_and_journaled_once(house: House) -> None:
    seat = await house.seat("claes")
    await tell(house, 9)
    assert await runaway(seat) == []
    await tell(house, 3, 10)
    assert await runaway(seat) == [
        {
            "account": "1001",
            "area": "1",
            "zone": "7",
            "label": "07 PIR winkel",
            "kind": "intrusion",
            "life_safety": False,
        }
    ]
    [alarm] = await house.alarms()
    [entry] = await house.entries("runaway")
    assert entry["text"] == "Runaway: Winkel / 07 PIR winkel · Intrusion, 10 alarms in 2 min"
    assert (entry["actor"]["kind"], entry["alarm"], entry["site"]) == ("station", alarm.id, "S1")
    # Nothing is dropped or hidden: each is journaled, counted, and to be seen.
    assert len(await house.entries("signal")) == alarm.signals == alarm.unseen == 12


async def test_acts_of_others_between_the_signals_make_no_meter_forgotten(house: House) -> None:
    seat = await house.seat("claes", StaffRole.SUPERVISOR)
    for number in range(1, 11):
        await house.send(sia("1001", number, "Nri1/BA07"))
        await seat.client.post("/v1/shift", json={"text": "Rear window open"})
    assert len(await house.entries("runaway")) == 1


async def test_a_new_alarm_of_a_zone_that_still_runs_away_is_marked_again(house: House) -> None:
    seat = await house.seat("claes", StaffRole.SUPERVISOR)
    await tell(house, 10, every=1)
    close, house.by_hand = "UPDATE alarm SET state = 'closed'", True
    await house.station.scribe.act(lambda ledger: ledger.connection.exec_driver_sql(close) and None)
    await tell(house, 1, 11)
    assert len(await runaway(seat)) == 1
    assert len(await house.entries("runaway")) == 2


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        ("Nri1/BR07", "restorals"),
        ("Nri1/OP07", "openings name a user"),
        ("NYT1", "no zone is concerned"),
    ],
)
async def test_what_is_no_alarm_of_a_zone_is_not_counted(small_house: House, packet: str, why: str) -> None:
    await tell(small_house, 12, packet=packet, every=1)
    assert await small_house.entries("runaway") == [], why


async def test_zones_are_counted_apart_and_what_is_in_test_is_not(house: House) -> None:
    seat = await house.seat("claes")
    # F5: the alarm runs already, and what is in test joins it.
    await tell(house, 1, 60, every=1)
    await seat.test_on("S1", scope={"whole": False, "areas": ["1"], "kinds": ["intrusion"]})
    await tell(house, 12, every=1)
    assert (await house.alarms())[0].signals == 13
    await seat.test_off("S1")
    house.clock.move(1)
    for number in range(20, 36, 2):
        await house.send(sia("1001", number, "Nri1/BA07"), sia("1001", number + 1, "Nri1/BA09"))
    assert await house.entries("runaway") == []
    await tell(house, 1, 50)
    [entry] = await house.entries("runaway")
    assert "07 PIR winkel" in entry["text"]
    assert "09" not in entry["text"]


async def test_a_restart_forgets_no_count(place: Path | str, still: None) -> None:
    async with open_house(place) as house:
        await house.bring_in(SITE)
        await tell(house, 9, every=1)
        seat = await house.seat("claes")
        await seat.test_on("S1")
        # In test it does not count (and neither does a restoral).
        await tell(house, 1, 40, packet="Nri1/BR07", every=1)
        await tell(house, 5, 41, packet="Nri1/BA09", every=1)
        await seat.test_off("S1")
    async with open_house(place) as house:
        house.clock.move(60)
        assert await house.entries("runaway") == []
        await tell(house, 5, 21, packet="Nri1/BA09", every=1)
        assert await house.entries("runaway") == []
        await tell(house, 1, 20)
        [entry] = await house.entries("runaway")
        assert "07 PIR winkel · Intrusion, 10 alarms in" in entry["text"]


async def test_what_is_older_than_a_bucket_lasts_is_not_read(place: Path | str, still: None) -> None:
    async with open_house(place) as house:
        await house.bring_in(SITE)
        await tell(house, 9, every=1)
        database = house.station.database
        lasts = remembered(DEFAULT_PROFILE)
        for since, known in ((START, 9), (START + timedelta(seconds=5), 4), (START + lasts, 0)):
            told = await database.read(lambda connection, since=since: list(told_since(connection, since)))
            assert [zone for zone, _at in told] == [ZoneKey("S1", "1001", "1", "7")] * known
            assert [at for _zone, at in told] == sorted(at for _zone, at in told)


async def test_a_signal_that_could_not_be_written_is_counted_when_it_comes_again(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I1: what is not durable did not happen, and does not count."""
    house, database = small_house, small_house.station.database
    await tell(house, 8, every=1)
    write = database.write

    async def full(do: Any) -> Any:
        def then(connection: Connection) -> None:
            do(connection)
            raise OperationalError("COMMIT", {}, Exception("disk full"))

        return await write(then)

    line = await house.line()
    monkeypatch.setattr(database, "write", full)
    for _ in range(3):
        assert await line.unanswered(sia("1001", 9, "Nri1/BA07"))
    monkeypatch.setattr(database, "write", write)
    await line.say(sia("1001", 9, "Nri1/BA07"))
    assert await house.entries("runaway") == []
    await tell(house, 1, 10)
    assert len(await house.entries("runaway")) == 1

"""Issue 5, point 6, F5, H: a zone put aside: received, journaled and counted, and back in time. On both databases."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from models.records import StaffRole
from tests.console.station.house import House, Seat
from tests.frames import ack, sia

ZONE = {"area": "1", "zone": "7", "kind": "intrusion", "why": "loose contact", "minutes": 60}
FIRE = {"area": "2", "zone": "11", "kind": "fire", "why": "dust of works", "minutes": 30}


async def shelve(seat: Seat, **changes: Any) -> httpx.Response:
    return await seat.client.post("/v1/sites/S1/shelve", json={**ZONE, **changes})


async def held(house: House, seat: Seat, packet: str = "Nri1/BA07") -> str:
    await house.send(sia("1001", 900, packet))
    alarm = (await seat.take_next()).json()["id"]
    house.clock.move(1)
    return str(alarm)


async def test_F4_what_a_zone_put_aside_tells_is_acknowledged_journaled_counted_and_not_presented(house: House) -> None:
    seat = await house.seat("claes")
    test = (await shelve(seat)).json()
    assert (test["shelved"], test["once"], test["scope_words"]) == (True, False, "Winkel: zone 7 · intrusion")
    assert (test["why"], test["by"], test["ends_at"]) == ("loose contact", "Claes", "2026-11-23T21:00:00Z")
    assert await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri1/BR07")) == [
        ack("1001", 1),
        ack("1001", 2),
    ]
    # Other kinds of this zone, and other zones, are presented as ever.
    await house.send(sia("1001", 3, "Nri1/TA07"), sia("1001", 4, "Nri1/BA09"))
    [alarm] = await house.alarms()
    assert alarm.signals == 2
    [now] = await seat.tests("S1")
    assert now["signals"] == 2
    entries = await house.entries("signal")
    assert [(entry["in_test"], entry["data"].get("tests")) for entry in entries] == [
        (True, [test["id"]]),
        (True, [test["id"]]),
        (False, None),
        (False, None),
    ]
    [entry] = await house.entries("test-on")
    assert entry["text"].startswith("Put aside, Winkel: zone 7 · intrusion · asked by Claes")
    assert entry["data"]["shelved"] is True


async def test_its_end_presents_what_is_still_in_alarm(house: House) -> None:
    seat = await house.seat("claes")
    await shelve(seat)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    house.clock.move(3599)
    await house.station.duties.second()
    assert await house.alarms() == []
    house.clock.move(1)
    await house.station.duties.second()
    assert [alarm.place for alarm in await house.alarms()] == ["Winkel / 07 PIR winkel"]
    assert await seat.tests("S1") == []


async def test_once_it_comes_back_when_it_was_quiet_and_after_the_longest_time_in_any_case(house: House) -> None:
    seat = await house.seat("claes")
    assert (await shelve(seat, minutes=None, once=True)).json()["ends_at"] == "2026-11-24T00:00:00Z"
    for number in range(3):
        house.clock.move(899)
        await house.send(sia("1001", 1 + 2 * number, "Nri1/BA07"), sia("1001", 2 + 2 * number, "Nri1/BR07"))
        await house.station.duties.second()
        assert len(await seat.tests("S1")) == 1
    house.clock.move(900)
    await house.station.duties.second()
    assert await seat.tests("S1") == []
    assert await house.alarms() == []
    [entry] = await house.entries("test-off")
    assert entry["text"].endswith("6 signals · it was quiet again")
    assert (await shelve(seat, minutes=None, once=True)).status_code == 200
    for number in range(16):
        house.clock.move(899)
        await house.send(sia("1001", 10 + number, "Nri1/BA07"))
        await house.station.duties.second()
    house.clock.move(16)
    await house.station.duties.second()
    assert await seat.tests("S1") == []
    assert len(await house.alarms()) == 1


async def test_F5_the_alarm_that_runs_goes_on_and_a_new_one_is_not_opened(house: House) -> None:
    seat = await house.seat("claes")
    alarm = await held(house, seat)
    answer = await seat.act(alarm, "shelve", **ZONE)
    assert answer.status_code == 200, answer.text
    assert answer.json()["scope"]["systems"] == ["1001"]
    house.clock.move(1)
    await house.send(sia("1001", 901, "Nri1/BA07"))
    after = await house.alarm(alarm)
    assert (after.signals, after.holder) == (2, "claes")
    [entry] = await house.entries("test-on")
    assert entry["alarm"] == alarm
    house.by_hand = True
    await house.station.scribe.act(
        lambda ledger: ledger.connection.exec_driver_sql("UPDATE alarm SET state = 'closed'") and None
    )
    await house.send(sia("1001", 902, "Nri1/BA07"))
    assert await house.alarms() == []


async def test_it_is_an_act_on_the_alarm_in_hand(house: House) -> None:
    """I4: whoever puts a zone aside is not idle."""
    seat = await house.seat("claes")
    alarm = await held(house, seat)
    house.clock.move(100)
    await seat.act(alarm, "shelve", **ZONE)
    assert (await house.alarm(alarm)).last_act_at == house.clock.now()


async def test_G2_an_alarms_zone_is_put_aside_by_its_holder_or_a_supervisor(house: House) -> None:
    seat, other = await house.seat("claes"), await house.seat("dubois")
    desk, chief = await house.seat("desk", StaffRole.SERVICE_DESK), await house.seat("maes", StaffRole.SUPERVISOR)
    adm = await house.seat("adm", StaffRole.ADMINISTRATOR)
    alarm = await held(house, seat)
    for who, status, code in ((other, 409, "held-by-other"), (desk, 403, "not-allowed"), (adm, 403, "not-allowed")):
        answer = await who.act(alarm, "shelve", **ZONE)
        assert (answer.status_code, answer.json()["code"]) == (status, code), who.login
    assert (await shelve(adm)).status_code == 403
    assert await seat.tests("S1") == []
    assert (await chief.act(alarm, "shelve", **ZONE)).status_code == 200
    assert (await house.alarm(alarm)).holder == "claes"
    assert (await desk.client.post("/v1/sites/S1/shelve", json={**ZONE, "zone": "9"})).status_code == 200


async def test_H_life_safety_is_put_aside_by_a_supervisor_alone_who_confirms_it(house: House) -> None:
    seat, chief = await house.seat("claes"), await house.seat("maes", StaffRole.SUPERVISOR)
    desk = await house.seat("desk", StaffRole.SERVICE_DESK)
    alarm = await held(house, seat, "Nri2/FA11")
    for confirmed in (False, True):
        for answer in (
            await seat.act(alarm, "shelve", **FIRE, confirmed=confirmed),
            await shelve(seat, **FIRE, confirmed=confirmed),
            await shelve(desk, **FIRE, confirmed=confirmed),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    asked = await chief.act(alarm, "shelve", **FIRE)
    assert (asked.status_code, asked.json()["code"], asked.json()["field"]) == (409, "confirm", "kind")
    assert await seat.tests("S1") == []
    done = await chief.act(alarm, "shelve", **FIRE, confirmed=True)
    assert done.json()["life_safety"] is True
    [entry] = await house.entries("test-on")
    assert "life safety confirmed" in entry["text"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"why": "  "}, "why"),
        ({"minutes": None}, "minutes"),
        ({"minutes": 241}, "minutes"),
        ({"minutes": 0}, "minutes"),
        ({"zone": "99"}, "zone"),
        ({"area": "9"}, "zone"),
        ({"zone": ""}, "zone"),
        ({"account": "9999"}, "account"),
        ({"kind": "hum"}, "kind"),
    ],
)
async def test_I12_what_is_put_aside_has_a_reason_a_time_and_a_zone(
    small_house: House, changes: dict[str, Any], field: str
) -> None:
    seat = await small_house.seat("maes", StaffRole.SUPERVISOR)
    answer = await shelve(seat, **changes)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert await seat.tests("S1") == []


async def test_I12_a_zone_is_one_of_the_alarms_and_told_that_kind(small_house: House) -> None:
    seat = await small_house.seat("claes")
    alarm = await held(small_house, seat)
    for changes, field in (({"zone": "9"}, "zone"), ({"kind": "tamper"}, "kind"), ({"account": "1002"}, "zone")):
        answer = await seat.act(alarm, "shelve", **{**ZONE, **changes})
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    missing = await seat.act("A-none", "shelve", **ZONE)
    assert missing.status_code == 404


async def test_a_zone_that_the_site_file_does_not_have_is_put_aside_from_its_alarm(house: House) -> None:
    seat = await house.seat("claes")
    alarm = await held(house, seat, "NBA33")
    answer = await seat.act(alarm, "shelve", **{**ZONE, "area": "", "zone": "33"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["scope_words"] == "system 1001, without area: zone 33 · intrusion"
    house.by_hand = True
    await house.station.scribe.act(
        lambda ledger: ledger.connection.exec_driver_sql("UPDATE alarm SET state = 'closed'") and None
    )
    await house.send(sia("1001", 2, "NBA33"))
    assert await house.alarms() == []
    await house.send(sia("1001", 3, "NBA34"))
    assert len(await house.alarms()) == 1


async def test_F4_a_zone_of_another_area_than_the_file_has_takes_none_of_its_number_along(house: House) -> None:
    seat = await house.seat("claes")
    alarm = await held(house, seat, "Nri5/BA07")
    answer = await seat.act(alarm, "shelve", **{**ZONE, "area": "5"})
    assert answer.json()["scope_words"] == "system 1001, area 5: zone 7 · intrusion"
    house.by_hand = True
    await house.station.scribe.act(
        lambda ledger: ledger.connection.exec_driver_sql("UPDATE alarm SET state = 'closed'") and None
    )
    await house.send(sia("1001", 2, "Nri5/BA07"))
    assert await house.alarms() == []
    await house.send(sia("1001", 3, "Nri1/BA07"))
    assert [one.place for one in await house.alarms()] == ["Winkel / 07 PIR winkel"]


async def test_F4_it_is_taken_back_by_hand_and_neither_changed_nor_put_aside_twice(house: House) -> None:
    seat = await house.seat("claes")
    test = (await shelve(seat, act="s1")).json()
    assert (await shelve(seat, act="s1")).json() == test, "sent twice, it happens once (I11)"
    again = await shelve(seat)
    assert (again.status_code, again.json()["sentence"]) == (409, "This zone is put aside already, by Claes.")
    body = {"version": 1, "scope": test["scope"], "why": "for ever"}
    assert (await seat.client.post(f"/v1/tests/{test['id']}/change", json=body)).status_code == 409
    await house.send(sia("1001", 1, "Nri1/BA07"))
    end = f"/v1/tests/{test['id']}/end"
    assert (await seat.client.post(end, json={})).json()["code"] == "still-in-alarm"
    assert (await seat.client.post(end, json={"still": "raise"})).status_code == 200
    assert len(await house.alarms()) == 1
    assert await seat.tests("S1") == []

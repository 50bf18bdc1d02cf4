"""F1, F3, F4, F5, I7: whole-site test through the real reception, on both databases."""

from __future__ import annotations

import httpx

from models.records import StaffRole
from tests.console.station.house import House, Seat
from tests.frames import ack, cid, sia


async def put_in_test(seat: Seat, on: bool = True, **body: object) -> httpx.Response:
    given = {"asked_by": "An Peeters", "why": "annual check"} if on else {}
    return await seat.client.post("/v1/sites/S1/test", json={"on": on, **given, **body})


async def test_F4_signals_in_test_are_acknowledged_journaled_and_not_presented(house: House) -> None:
    seat = await house.seat("claes")
    assert (await put_in_test(seat)).status_code == 200
    replies = await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri2/FA11"), sia("1001", 3, "NQQ1"))
    assert replies == [ack("1001", number) for number in (1, 2, 3)]
    assert await house.alarms() == []
    assert [(entry["in_test"], entry["alarm"]) for entry in await house.entries("signal")] == [(True, None)] * 3
    [test] = (await seat.picture())["tests"]
    assert test["signals"] == 3


async def test_F3_a_test_shows_since_when_by_whom_and_why_on_every_console(house: House) -> None:
    seat, other = await house.seat("claes"), await house.seat("dubois")
    answer = await put_in_test(seat)
    [test] = (await other.picture())["tests"]
    assert answer.json() == test
    assert (test["site"]["name"], test["by"], test["asked_by"], test["why"], test["whole"]) == (
        "Bakkerij Peeters",
        "Claes",
        "An Peeters",
        "annual check",
        True,
    )
    assert test["since"] == "2026-11-23T20:00:00Z"
    [entry] = await house.entries("test-on")
    assert (entry["text"], entry["in_test"]) == ("In test, whole site · asked by An Peeters · annual check", True)


async def test_F1_there_is_no_timer_and_out_of_test_is_by_hand(house: House) -> None:
    seat = await house.seat("claes", StaffRole.SUPERVISOR)
    await put_in_test(seat)
    house.clock.move(11 * 3600)
    await house.pass_time(5)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    assert await house.alarms() == []
    assert (await put_in_test(seat, on=False)).status_code == 200
    assert (await seat.picture())["tests"] == []
    await house.send(sia("1001", 2, "Nri1/BA07"))
    assert len(await house.alarms()) == 1
    [entry] = await house.entries("test-off")
    assert entry["text"] == "Out of test after 660 min, 1 signals"


async def test_F5_signals_join_what_ran_before_the_test_and_duress_is_always_presented(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    house.clock.move(1)
    await put_in_test(seat)
    house.clock.move(1)
    await house.send(sia("1001", 2, "Nri1/BA09"), sia("1001", 3, "Nri2/FA11"))
    [intrusion] = await house.alarms()
    assert (intrusion.signals, intrusion.words) == (2, "Intrusion, 2 zones confirmed")
    await house.send(cid("1001", 4, "1121 01 004"))
    assert [alarm.words for alarm in await house.alarms()] == ["Duress code", "Intrusion, 2 zones confirmed"]
    in_test = [(entry["in_test"], entry["alarm"] is not None) for entry in await house.entries("signal")]
    assert in_test == [(False, True), (True, True), (True, False), (False, True)]


async def test_F4_another_site_is_presented_as_ever(house: House) -> None:
    seat = await house.seat("claes")
    await put_in_test(seat)
    await house.send(sia("8001", 1, "Nri1/BA07"))
    assert len(await house.alarms()) == 1


async def test_F4_what_came_in_test_is_not_presented_when_the_test_ends(house: House) -> None:
    seat = await house.seat("claes")
    await put_in_test(seat)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await put_in_test(seat, on=False)
    assert await house.alarms() == []
    await house.send(sia("1001", 2, "Nri1/BR07"))
    assert await house.alarms() == []


async def test_I12_a_test_needs_who_and_why_and_is_not_set_twice(small_house: House) -> None:
    seat = await small_house.seat("claes")
    for field in ("asked_by", "why"):
        answer = await put_in_test(seat, **{field: "  "})
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert (await put_in_test(seat, on=False)).json()["sentence"] == "Bakkerij Peeters is not in test."
    await put_in_test(seat)
    again = await put_in_test(seat)
    assert (again.status_code, again.json()["sentence"]) == (409, "Bakkerij Peeters is in test already, set by Claes.")
    nowhere = await seat.client.post("/v1/sites/S9/test", json={"on": True, "asked_by": "x", "why": "y"})
    assert (nowhere.status_code, nowhere.json()["field"]) == (404, "site")


async def test_I11_a_test_act_sent_twice_happens_once(house: House) -> None:
    seat = await house.seat("claes")
    first = await put_in_test(seat, act="t1")
    again = await put_in_test(seat, act="t1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    off = [await put_in_test(seat, on=False, act="t2") for _ in range(2)]
    assert [answer.status_code for answer in off] == [200, 200]
    assert len(await house.entries("test-on")) == len(await house.entries("test-off")) == 1

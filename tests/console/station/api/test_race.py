"""G2, I3, I11: one holder, one effect, whatever comes at the same moment."""

from __future__ import annotations

import asyncio
from collections import Counter

from models.records import AlarmState
from tests.console.station.house import House, open_house
from tests.frames import sia

OPERATORS = 50


async def test_G2_I3_fifty_operators_take_one_alarm_and_one_has_it(house: House) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"))
    [alarm] = await house.alarms()
    seats = [await house.seat(f"op{number:02d}") for number in range(OPERATORS)]
    answers = await asyncio.gather(*(seat.act(alarm.id, "take") for seat in seats))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: OPERATORS - 1}
    held = await house.alarm(alarm.id)
    assert held.state is AlarmState.HELD
    sentence = f"{alarm.id} is in the hands of {held.holder_name} at {held.workstation}."
    for answer in answers:
        if answer.status_code == 409:
            body = answer.json()
            assert (body["code"], body["sentence"]) == ("held-by-other", sentence)
            assert body["changed"]["holder"] == held.holder
        else:
            assert answer.json()["holder"] == held.holder
    assert len(await house.entries("taken")) == 1


async def test_I3_two_stations_over_one_postgres_give_an_alarm_to_one_operator(postgres_url: str, still: None) -> None:
    async with open_house(postgres_url) as one, open_house(postgres_url) as other:
        for round_ in range(1, 6):
            await one.send(sia("8001", round_, "NBA07"))
            [alarm] = await one.alarms()
            seats = [
                seat
                for number in range(5)
                for seat in (await one.seat(f"a{round_}{number}"), await other.seat(f"b{round_}{number}"))
            ]
            answers = await asyncio.gather(*(seat.act(alarm.id, "take") for seat in seats))
            assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
            winner = seats[[answer.status_code for answer in answers].index(200)]
            assert (await winner.act(alarm.id, "close", disposition="no-cause", reason="x")).status_code == 200
        assert len(await other.entries("taken")) == 5
        entries = await other.entries()
        assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))


async def test_G2_fifty_operators_press_F1_for_three_alarms_and_each_goes_to_one(house: House) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("8001", 1, "Nri1/BA07"), sia("8002", 1, "Nri1/FA01"))
    seats = [await house.seat(f"op{number:02d}") for number in range(OPERATORS)]
    answers = await asyncio.gather(*(seat.take_next() for seat in seats))
    assert Counter(answer.status_code for answer in answers) == {200: 3, 409: OPERATORS - 3}
    taken = [answer.json() for answer in answers if answer.status_code == 200]
    assert len({alarm["id"] for alarm in taken}) == len({alarm["holder"] for alarm in taken}) == 3
    refused = {answer.json()["sentence"] for answer in answers if answer.status_code == 409}
    assert refused == {"No alarm is waiting."}


async def test_I11_the_same_act_sent_twice_happens_once(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    [alarm] = await house.alarms()
    first = await seat.act(alarm.id, "take", act="a1")
    again = await seat.act(alarm.id, "take", act="a1")
    assert first.status_code == again.status_code == 200
    assert again.json() == first.json()
    await seat.act(alarm.id, "note", act="a2", text="dog")
    await seat.act(alarm.id, "note", act="a2", text="dog")
    assert len(await house.entries("taken")) == len(await house.entries("note")) == 1


async def test_I11_the_same_act_sent_twenty_times_at_once_happens_once(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    [alarm] = await house.alarms()
    await seat.act(alarm.id, "take")
    answers = await asyncio.gather(*(seat.act(alarm.id, "note", act="n1", text="dog") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(await house.entries("note")) == 1


async def test_I11_an_identifier_used_for_something_else_is_refused(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    [alarm] = await house.alarms()
    await seat.act(alarm.id, "take", act="a1")
    other = await seat.act(alarm.id, "note", act="a1", text="dog")
    assert (other.status_code, other.json()["field"]) == (422, "act")
    assert await house.entries("note") == []


async def test_I11_an_act_on_what_changed_meanwhile_is_refused_with_what_changed(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    [alarm] = await house.alarms()
    stale = (await seat.act(alarm.id, "take")).json()["version"]
    await seat.act(alarm.id, "note", text="dog")
    late = await seat.act(alarm.id, "release", version=stale)
    assert (late.status_code, late.json()["code"]) == (409, "changed")
    assert late.json()["changed"]["version"] == stale + 1
    assert (await house.alarm(alarm.id)).state is AlarmState.HELD


async def test_I11_the_longest_identifier_fits_the_longest_name(house: House) -> None:
    seat = await house.seat("o" * 60, workstation="WS1")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    [alarm] = await house.alarms()
    assert (await seat.act(alarm.id, "take", act="a" * 64)).status_code == 200

"""Taking over and reassigning over HTTP: who may, atomic, versioned, journaled (rulebook H, I3, I11)."""

from __future__ import annotations

import asyncio
from typing import Any

from models.records import StaffRole
from tests.console.station.api.test_locked import unlock
from tests.console.station.house import House, Seat
from tests.frames import sia

SUPERVISOR, DESK = StaffRole.SUPERVISOR, StaffRole.SERVICE_DESK


async def in_hand(house: House) -> tuple[Seat, Seat, str]:
    """An alarm in the hands of Claes, and a supervisor."""
    seat, chief = await house.seat("claes"), await house.seat("chief", SUPERVISOR)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    return seat, chief, (await seat.take_next()).json()["id"]


async def test_H_a_supervisor_takes_an_alarm_over_with_a_reason_and_the_journal_says_it(house: House) -> None:
    claes, chief, alarm = await in_hand(house)
    version = (await house.alarm(alarm)).version
    none = await chief.act(alarm, "take-over", why="  ", version=version)
    assert (none.status_code, none.json()["field"]) == (422, "why")
    assert (await house.alarm(alarm)).holder == "claes"
    taken = await chief.act(alarm, "take-over", why="second call needed", version=version)
    assert (taken.status_code, taken.json()["held_by"]) == (200, "Chief")
    now = await house.alarm(alarm)
    assert (now.holder, now.workstation, now.version) == ("chief", "WS-chief", version + 1)
    [entry] = await house.entries("handed-over")
    assert entry["text"] == "Taken over by Chief from Claes · second call needed"
    assert entry["actor"] == {"kind": "operator", "name": "Chief", "from": "WS-chief, 127.0.0.1"}
    assert entry["data"] == {"from": "claes", "to": "chief", "why": "second call needed"}
    # Whoever had it acts on it no more.
    assert (await claes.act(alarm, "note", text="dog")).json()["code"] == "held-by-other"


async def test_H_nobody_but_a_supervisor_takes_an_alarm_over(small_house: House) -> None:
    house = small_house
    _claes, _chief, alarm = await in_hand(house)
    for role in (StaffRole.OPERATOR, DESK, StaffRole.ADMINISTRATOR):
        seat = await house.seat(role.value, role)
        refused = await seat.act(alarm, "take-over", why="x")
        assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed"), role
    assert (await house.alarm(alarm)).holder == "claes"


async def test_H_a_supervisor_says_why_they_give_anothers_alarm_away_and_a_holder_need_not(house: House) -> None:
    claes, chief, alarm = await in_hand(house)
    await house.seat("dubois")
    none = await chief.act(alarm, "hand-over", to="dubois")
    assert (none.status_code, none.json()["field"]) == (422, "why")
    assert (await chief.act(alarm, "hand-over", to="dubois", why="Claes is at lunch")).status_code == 200
    assert (await claes.act(alarm, "hand-over", to="claes")).json()["code"] == "held-by-other"
    [entry] = await house.entries("handed-over")
    assert entry["text"] == "Handed over by Chief from Claes to Dubois at WS-dubois · Claes is at lunch"


async def test_I11_an_alarm_that_changed_since_it_was_shown_is_not_taken_over(house: House) -> None:
    claes, chief, alarm = await in_hand(house)
    shown = (await house.alarm(alarm)).version
    await claes.act(alarm, "note", text="calls the police")
    for verb, body in (("take-over", {}), ("hand-over", {"to": "chief"})):
        stale = await chief.act(alarm, verb, why="x", version=shown, **body)
        assert (stale.status_code, stale.json()["code"]) == (409, "changed"), verb
    assert (await house.alarm(alarm)).holder == "claes"
    assert not await house.entries("handed-over")


async def test_I3_of_two_supervisors_at_once_one_takes_it_and_the_other_is_told(house: House) -> None:
    _claes, chief, alarm = await in_hand(house)
    other = await house.seat("boss", SUPERVISOR)
    version = (await house.alarm(alarm)).version
    both = await asyncio.gather(*(one.act(alarm, "take-over", why="x", version=version) for one in (chief, other)))
    assert sorted(answer.status_code for answer in both) == [200, 409]
    assert len(await house.entries("handed-over")) == 1


async def test_I11_sent_twice_it_is_taken_over_once(house: House) -> None:
    _claes, chief, alarm = await in_hand(house)
    body: dict[str, Any] = {"why": "x", "act": "one"}
    first, again = [await chief.act(alarm, "take-over", **body) for _ in range(2)]
    assert first.json() == again.json()
    assert len(await house.entries("handed-over")) == 1


async def test_G3_a_call_that_ran_is_broken_off_in_the_journal(house: House) -> None:
    claes, chief, alarm = await in_hand(house)
    await claes.act(alarm, "call", step="premises", number="+32 9 555 01 00")
    assert (await chief.act(alarm, "take-over", why="x")).status_code == 200
    assert (await house.alarm(alarm)).calling_since is None
    [call] = await house.entries("call")
    assert call["data"]["outcome"] == "broken-off"


async def test_the_other_alarms_of_the_site_in_the_same_hands_go_along(house: House) -> None:
    _claes, chief, alarm = await in_hand(house)
    await house.send(sia("1001", 2, "Nri2/FA11"))
    assert [one.holder for one in await house.alarms()] == ["claes", "claes"]
    assert (await chief.act(alarm, "take-over", why="two at one site")).status_code == 200
    assert [one.holder for one in await house.alarms()] == ["chief", "chief"]
    texts = [entry["text"] for entry in await house.entries("handed-over")]
    assert texts[1] == f"Taken over by Chief from Claes together with {alarm} · two at one site"


async def test_what_waits_is_taken_not_taken_over(house: House) -> None:
    claes, chief, alarm = await in_hand(house)
    await claes.act(alarm, "release")
    refused = await chief.act(alarm, "take-over", why="x")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong-state")


async def test_I4_nothing_is_given_to_a_workstation_that_is_silent_or_locked(house: House) -> None:
    claes, chief, alarm = await in_hand(house)
    bea = await house.seat("bea")
    await bea.beat(locked=True)
    await house.station.duties.second()
    refused = await chief.act(alarm, "hand-over", to="bea", why="x")
    assert (refused.status_code, refused.json()["sentence"]) == (422, "Bea has locked WS-bea.")
    assert await unlock(bea) == 200
    await bea.beat()
    await house.pass_time(25, claes, chief)
    refused = await chief.act(alarm, "hand-over", to="bea", why="x")
    assert refused.json()["sentence"] == "WS-bea, where Bea is signed in, is not answering."
    await bea.beat()
    await house.station.duties.second()
    assert (await chief.act(alarm, "hand-over", to="bea", why="x")).status_code == 200


async def test_who_is_where_since_when_and_how_idle(house: House) -> None:
    claes, chief, _alarm = await in_hand(house)
    await house.staff("absent")
    await house.staff("keys", StaffRole.ADMINISTRATOR)
    await house.pass_time(60, claes, chief)
    await claes.beat(used=True)
    await chief.beat(locked=True)
    await house.station.duties.second()
    await house.pass_time(25, claes)
    staff = {one["person"]["login"]: one for one in (await claes.client.get("/v1/operators")).json()}
    assert list(staff) == ["absent", "chief", "claes"], "by name; who only keeps accounts is not on shift"
    assert staff["absent"]["seats"] == []
    [seat], [away] = staff["claes"]["seats"], staff["chief"]["seats"]
    assert (seat["workstation"], seat["quiet"], seat["locked_at"]) == ("WS-claes", False, None)
    assert seat["since"] < seat["used_at"] < seat["last_beat"]
    assert away["quiet"] is True
    assert away["locked_at"] is not None
    assert await unlock(chief) == 200
    # Somebody else under the same name of a workstation: while both answer, nobody is "not signed in".
    await house.staff("dubois")
    dubois = await house.sign_in("dubois", "WS-claes")
    staff = {one["person"]["login"]: one for one in (await chief.client.get("/v1/operators")).json()}
    assert (len(staff["claes"]["seats"]), len(staff["dubois"]["seats"])) == (1, 1)
    # Once whoever sat there is silent: one chair has one operator.
    await house.pass_time(25, dubois)
    staff = {one["person"]["login"]: one for one in (await chief.client.get("/v1/operators")).json()}
    assert (len(staff["claes"]["seats"]), len(staff["dubois"]["seats"])) == (0, 1)

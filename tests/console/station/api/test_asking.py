"""Help asked of supervisors, an alarm asked of its holder: journaled, told to all, over with the alarm (rulebook H)."""

from __future__ import annotations

from typing import Any

import pytest

from models.records import StaffRole
from tests.console.station.house import House, Seat
from tests.frames import sia

SUPERVISOR = StaffRole.SUPERVISOR


async def in_hand(house: House) -> tuple[Seat, Seat, str]:
    """An alarm in the hands of Claes, and a supervisor."""
    seat, chief = await house.seat("claes"), await house.seat("chief", SUPERVISOR)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    return seat, chief, (await seat.take_next()).json()["id"]


async def asks(seat: Seat) -> list[dict[str, Any]]:
    """What is open, as a console that comes now is told."""
    found: list[dict[str, Any]] = (await seat.picture())["asks"]
    return found


async def told(house: House, *kinds: str) -> list[str]:
    return [entry["text"] for entry in await house.entries(*kinds)]


async def test_H_help_is_asked_until_a_supervisor_answers_and_the_journal_says_who(house: House) -> None:
    claes, chief, alarm = await in_hand(house)
    version = (await house.alarm(alarm)).version
    asked = await claes.act(alarm, "help", words="two callers at once")
    assert asked.status_code == 200, asked.text
    [one] = asked.json()
    assert (one["kind"], one["alarm"], one["by"], one["workstation"]) == ("help", alarm, "Claes", "WS-claes")
    assert await asks(chief) == [one]
    assert (await house.alarm(alarm)).version == version, "the alarm itself is as it was"
    again = await claes.act(alarm, "help")
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")
    house.clock.move(40)
    answered = await chief.client.post(f"/v1/asks/{one['id']}/answer", json={"words": "On my way"})
    assert answered.json() == []
    assert await asks(claes) == []
    assert await told(house, "help-asked", "ask-answered") == [
        "Claes asks for help with Intrusion: two callers at once",
        "Chief answers Claes: On my way",
    ]
    [entry] = await house.entries("ask-answered")
    assert entry["actor"]["name"] == "Chief"
    late = await chief.client.post(f"/v1/asks/{one['id']}/answer", json={})
    assert (late.status_code, late.json()["sentence"]) == (409, "That is answered already by Chief.")


async def test_H_who_may_ask_and_answer(small_house: House) -> None:
    house = small_house
    claes, chief, alarm = await in_hand(house)
    other, desk = await house.seat("dubois"), await house.seat("desk", StaffRole.SERVICE_DESK)
    assert (await other.act(alarm, "help")).json()["code"] == "held-by-other"
    for verb in ("help", "ask"):
        assert (await desk.act(alarm, verb)).status_code == 403
    [one] = (await claes.act(alarm, "help")).json()
    for seat in (other, desk, claes):
        refused = await seat.client.post(f"/v1/asks/{one['id']}/answer", json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    assert (await other.client.post(f"/v1/asks/{one['id']}/withdraw", json={})).status_code == 403
    assert await asks(chief) == [one]
    assert (await claes.client.post(f"/v1/asks/{one['id']}/withdraw", json={})).json() == []
    assert await told(house, "ask-withdrawn") == ["Claes asks no longer"]
    assert (await chief.client.post("/v1/asks/99999/answer", json={})).status_code == 404


async def test_H_an_operator_asks_the_holder_who_hands_over_or_says_no(house: House) -> None:
    claes, _chief, alarm = await in_hand(house)
    dubois = await house.seat("dubois")
    assert (await claes.act(alarm, "ask")).json()["sentence"] == f"{alarm} is already in your hands."
    [one] = (await dubois.act(alarm, "ask", words="I know the site")).json()
    assert await told(house, "alarm-asked") == ["Dubois asks Claes for Intrusion: I know the site"]
    assert (await claes.client.post(f"/v1/asks/{one['id']}/answer", json={"words": "nearly done"})).json() == []
    await dubois.act(alarm, "ask")
    assert (await claes.act(alarm, "hand-over", to="dubois")).status_code == 200
    assert await asks(claes) == []
    assert (await told(house, "ask-answered"))[
        -1
    ] == f"What Dubois asked is answered: {alarm} is in the hands of Dubois"


@pytest.mark.parametrize("how", ["closed", "released", "parked", "lease", "signed out", "taken over"])
async def test_I4_what_is_asked_is_over_when_the_alarm_leaves_the_hands(house: House, how: str) -> None:
    claes, chief, alarm = await in_hand(house)
    await claes.act(alarm, "help")
    if how == "closed":
        await claes.skip_all(alarm)
        await claes.act(alarm, "call", step="contact:S1-1", number="+32 470 55 50 01", outcome="verified")
        closed = await claes.act(alarm, "close", disposition="no-cause", reason="x")
        assert closed.status_code == 200, closed.text
    elif how == "released":
        await claes.act(alarm, "release")
    elif how == "parked":
        await claes.act(alarm, "park", minutes=5, reason="patrol")
    elif how == "lease":
        await house.pass_time(25, chief)
    elif how == "signed out":
        await claes.client.delete("/v1/session")
    else:
        await chief.act(alarm, "take-over", why="I help")
    assert await asks(chief) == []
    ended = "ask-answered" if how == "taken over" else "ask-over"
    [entry] = await house.entries(ended)
    assert entry["alarm"] == alarm
    # Taken again, nothing is asked that was asked of other hands.
    await chief.act(alarm, "take")
    assert await asks(chief) == []


async def test_I11_sent_twice_it_is_asked_once_and_the_feed_tells_everybody(small_house: House) -> None:
    house = small_house
    claes, _chief, alarm = await in_hand(house)
    first, again = [await claes.act(alarm, "help", words="x", act="one") for _ in range(2)]
    assert first.json() == again.json()
    assert len(await house.entries("help-asked")) == 1
    from console.station.feed import items_after

    items = await house.station.database.read(lambda c: items_after(c, 0, house.station.profile))
    [item] = [one for one in items if one.entry.kind == "help-asked"]
    assert item.asks is not None
    assert [ask.by for ask in item.asks] == ["Claes"]
    assert all(one.asks is None for one in items if one is not item)


async def test_I12_words_are_bounded_and_named(small_house: House) -> None:
    claes, _chief, alarm = await in_hand(small_house)
    for words in ("x" * 501, "a\x00b"):
        refused = await claes.act(alarm, "help", words=words)
        assert (refused.status_code, refused.json()["field"]) == (422, "words")
    assert (await claes.act("A-none", "help")).status_code == 404

"""An alarm handled over HTTP, act by act: G1, G3, G4, C4, E5, I8, I9 and the gate of the close."""

from __future__ import annotations

from typing import Any

import pytest

from models.records import StaffRole
from tests.console.station.house import House, Seat
from tests.frames import sia

PREMISES, AN, BERT = "+32 9 555 01 00", "+32 470 55 50 01", "+32 470 55 50 02"


async def in_hand(house: House, packet: str = "Nri1/BA07") -> tuple[Seat, str]:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, packet))
    return seat, (await seat.take_next()).json()["id"]


async def ok(seat: Seat, alarm: str, act: str, **body: Any) -> dict[str, Any]:
    answer = await seat.act(alarm, act, **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def plan(seat: Seat, alarm: str) -> dict[str, Any]:
    found: dict[str, Any] = (await seat.client.get(f"/v1/alarms/{alarm}")).json()["plan"]
    return found


async def test_an_alarm_from_the_signal_to_the_close_and_the_journal_tells_who_did_what(house: House) -> None:
    seat, alarm = await in_hand(house)
    house.clock.move(4)
    calling = await ok(seat, alarm, "call", step="premises", number=PREMISES)
    assert calling["doing"] == "Premises: calling"
    house.clock.move(20)
    await ok(seat, alarm, "call", step="premises", number=PREMISES, outcome="no-answer")
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN, outcome="verified")
    await ok(seat, alarm, "cancel", contact="S1-1", why="cleaner came early")
    done = await ok(seat, alarm, "close", disposition="cancelled", reason="cleaner")
    assert (done["state"], done["closed_by"], done["disposition"]) == ("closed", "Claes", "cancelled")
    told = [(entry["kind"], entry["text"]) for entry in await house.entries() if entry["alarm"] == alarm]
    assert told == [
        ("signal", "Intrusion · Winkel / 07 PIR winkel"),
        ("alarm-opened", "New 3 Medium · Intrusion"),
        ("taken", "Taken by Claes after 0:00 · Intrusion"),
        ("call-begun", f"Calling Premises, {PREMISES}"),
        ("call", f"Call Premises, {PREMISES} · no answer"),
        ("call", f"Call An Peeters, {AN} · reached and verified"),
        ("cancelled", "Cancelled by An Peeters, phone, verified · cleaner came early"),
        ("closed", "Closed by Claes · cancelled · cleaner"),
    ]
    for entry in await house.entries("taken", "call", "cancelled", "closed"):
        assert entry["actor"] == {"kind": "operator", "name": "Claes", "from": "WS-claes, 127.0.0.1"}


async def test_G1_F1_takes_the_most_urgent_by_priority_and_then_by_age(house: House) -> None:
    seat = await house.seat("claes")
    for account, packet in (("8001", "NRP"), ("1001", "NAT"), ("8002", "NBA1"), ("8003", "NFA1"), ("8004", "NFA1")):
        await house.send(sia(account, 1, packet))
        house.clock.move(1)
    order = [(alarm.priority, alarm.account) for alarm in await house.alarms()]
    assert order == [(1, "8003"), (1, "8004"), (3, "8001"), (3, "8002"), (4, "1001")]
    for _priority, account in order:
        taken = (await seat.take_next()).json()
        assert taken["account"] == account
        await ok(seat, taken["id"], "close", disposition="no-cause", reason="looked at")
    assert (await seat.take_next()).json()["sentence"] == "No alarm is waiting."


async def test_G1_with_an_alarm_in_hand_F1_is_for_what_is_more_urgent_and_parks_the_other(house: House) -> None:
    seat, alarm = await in_hand(house)
    await house.send(sia("8001", 1, "NBA1"))
    refused = (await seat.take_next()).json()["sentence"]
    assert refused == f"Nothing more urgent is waiting. Close, park or release {alarm} first."
    await house.send(sia("8002", 1, "NFA1"))
    assert (await seat.take_next()).json()["account"] == "8002"
    parked = await house.alarm(alarm)
    assert (parked.state, (parked.parked_until - house.clock.now()).seconds) == ("parked", 300)  # type: ignore[operator]


async def test_G1_a_running_call_is_parked_only_when_F1_is_pressed_again(house: House) -> None:
    seat, alarm = await in_hand(house)
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN)
    await house.send(sia("8002", 1, "NFA1"))
    first = await seat.take_next()
    assert (first.status_code, first.json()["field"]) == (409, "park_call")
    assert (await seat.take_next(park_call=True)).json()["account"] == "8002"
    [broken_off] = await house.entries("call")
    assert broken_off["data"]["outcome"] == "broken-off"
    await house.pass_time(300, seat)
    number = (await plan(seat, alarm))["steps"][1]["numbers"][0]
    assert (number["number"], number["calling_since"]) == (AN, None)


async def test_the_alarms_of_one_site_are_taken_together(house: House) -> None:
    seat = await house.seat("claes")
    for frame in (sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "NAT"), sia("8001", 1, "NBA1")):
        await house.send(frame)
        house.clock.move(1)
    taken = (await seat.take_next()).json()
    detail = (await seat.client.get(f"/v1/alarms/{taken['id']}")).json()
    assert [other["words"] for other in detail["together"]] == ["Mains failure"]
    assert [alarm.holder for alarm in await house.alarms()] == ["claes", None, "claes"]


async def test_the_close_is_gated_until_somebody_was_reached_or_everybody_was_tried(house: House) -> None:
    seat, alarm = await in_hand(house)
    refused = await seat.act(alarm, "close", disposition="no-cause")
    assert (refused.status_code, refused.json()["code"]) == (409, "steps-missing")
    assert "Premises, An Peeters, Bert Maes and 1 more" in refused.json()["sentence"]
    for step, number in (("premises", PREMISES), ("contact:S1-1", AN), ("contact:S1-1", "+32 9 555 01 01")):
        await ok(seat, alarm, "call", step=step, number=number, outcome="voicemail")
    await ok(seat, alarm, "call", step="contact:S1-2", outcome="skipped", why="in hospital")
    await ok(seat, alarm, "verify", how="two zones within a minute", by="M. Claes")
    await ok(seat, alarm, "call", step="authority:police", number="112", outcome="reached")
    assert (await plan(seat, alarm))["missing"] == []
    assert (await ok(seat, alarm, "close", disposition="handed-to-police"))["state"] == "closed"


async def test_I8_a_signal_that_came_meanwhile_must_be_seen_before_the_close(house: House) -> None:
    seat, alarm = await in_hand(house)
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN, outcome="verified")
    on_screen = (await house.alarm(alarm)).last_seq
    await house.send(sia("1001", 2, "Nri1/BA09"))
    refused = await seat.act(alarm, "close", disposition="no-cause", reason="x")
    assert (refused.json()["code"], refused.json()["sentence"]) == (
        "signals-unseen",
        "A new signal is not marked as seen.",
    )
    # "All" covers what was on screen when it was pressed, and not what came since.
    assert (await ok(seat, alarm, "seen", up_to=on_screen))["unseen"] == 1
    assert (await ok(seat, alarm, "seen", up_to=(await house.alarm(alarm)).last_seq))["unseen"] == 0
    assert (await ok(seat, alarm, "close", disposition="no-cause", reason="x"))["state"] == "closed"


async def test_G3_one_call_at_a_time_and_each_ends_with_its_own_outcome(house: House) -> None:
    seat, alarm = await in_hand(house)
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN)
    for body in ({"step": "contact:S1-2", "number": BERT}, {"step": "contact:S1-2", "number": BERT, "outcome": "busy"}):
        assert (await seat.act(alarm, "call", **body)).status_code == 409
    assert (await seat.act(alarm, "close", disposition="no-cause")).status_code == 409
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN, outcome="busy")
    numbers = (await plan(seat, alarm))["steps"][1]["numbers"]
    assert [attempt["outcome"] for attempt in numbers[0]["attempts"]] == ["busy"]
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN)
    await ok(seat, alarm, "release")
    assert [entry["data"]["outcome"] for entry in await house.entries("call")] == ["busy", "broken-off"]


async def test_duress_word_on_the_phone_raises_to_emergency_and_puts_the_police_first(house: House) -> None:
    seat, alarm = await in_hand(house)
    done = await ok(seat, alarm, "call", step="contact:S1-1", number=AN, outcome="duress")
    assert (done["priority"], done["silent"]) == (1, True)
    found = await plan(seat, alarm)
    assert [step["name"] for step in found["steps"]] == ["Police", "An Peeters", "Bert Maes", "Premises"]
    assert found["current"] == 0
    assert (await seat.act(alarm, "close", disposition="cancelled", reason="x")).status_code == 422
    assert len(await house.entries("alarm-raised")) == 1


@pytest.mark.parametrize("word", ["tulp", " TULP "])
async def test_E5_a_caller_is_verified_by_the_code_word(house: House, word: str) -> None:
    seat, alarm = await in_hand(house)
    done = await ok(seat, alarm, "cancel", contact="S1-1", why="cleaner", code_word=word)
    assert (done["state"], done["cancelled"]["by"], done["cancelled"]["channel"]) == (
        "held",
        "An Peeters",
        "phone, code word right",
    )


async def test_E5_G4_nobody_cancels_with_a_wrong_word_or_unverified_and_the_try_is_journaled(house: House) -> None:
    seat, alarm = await in_hand(house)
    for word in ("distel", ""):
        refused = await seat.act(alarm, "cancel", contact="S1-1", why="cleaner", code_word=word)
        assert (refused.status_code, refused.json()["field"]) == (403, "code_word")
    unverified = await seat.act(alarm, "cancel", contact="S1-1", why="cleaner")
    assert (unverified.status_code, unverified.json()["field"]) == (403, "contact")
    # By name: nobody who reads the journal knows a contact by a number of the tables.
    said = [entry["text"] for entry in await house.entries("code-word-wrong")]
    assert said == ["A wrong code word was given for An Peeters"] * 2
    assert (await house.alarm(alarm)).cancelled_at is None


async def test_E5_H_a_contact_without_the_right_cancels_nothing_and_the_alarm_goes_on(house: House) -> None:
    seat, alarm = await in_hand(house)
    await ok(seat, alarm, "call", step="contact:S1-2", number="+32 470 55 50 02", outcome="verified")
    for word in (None, "distel"):
        refused = await seat.act(alarm, "cancel", contact="S1-2", why="cleaner", code_word=word)
        assert (refused.status_code, refused.json()["field"]) == (403, "contact")
        assert refused.json()["sentence"] == (
            "Bert Maes may not cancel alarms of this site: their rights do not name “cancel”."
        )
    found = (await seat.client.get(f"/v1/alarms/{alarm}")).json()
    assert found["alarm"]["cancelled"] is None
    may = {step["name"]: step["may_cancel"] for step in found["plan"]["steps"]}
    assert may == {"Premises": False, "An Peeters": True, "Bert Maes": False, "Police": False}
    # The operator closes it as it ended; nothing but the cancel was refused.
    assert (await seat.act(alarm, "close", disposition="cancelled", reason="x")).status_code == 422
    await ok(seat, alarm, "close", disposition="false-user", reason="cleaner")


async def test_E5_a_duress_word_counts_without_the_right_to_cancel(house: House) -> None:
    from console.station.acts.registry import NewContact
    from tests.console.station.house import site

    threatened = NewContact("Cas Wouters", (("mobile", AN),), "linde", "esdoorn")
    await house.bring_in(site("S2", "2002", contacts=(threatened,)))
    seat = await house.seat("claes")
    await house.send(sia("2002", 1, "NBA1"))
    alarm = (await seat.take_next()).json()["id"]
    raised = await ok(seat, alarm, "cancel", contact="S2-1", why="x", code_word="esdoorn")
    assert (raised["priority"], raised["silent"], raised["cancelled"]) == (1, True, None)


async def test_I9_code_words_are_shown_by_an_act_that_is_journaled_and_lie_nowhere_else(house: House) -> None:
    desk = await house.seat("desk", StaffRole.SERVICE_DESK)
    seat, alarm = await in_hand(house)
    shown = (await desk.act(alarm, "code-words")).json()
    assert shown["S1-1"] == {"name": "An Peeters", "code": "tulp", "duress": "roos"}
    await seat.act(alarm, "cancel", contact="S1-1", why="cleaner", code_word="distel")
    detail = (await seat.client.get(f"/v1/alarms/{alarm}")).text
    everything = detail + str(await house.entries()) + str(await seat.picture())
    for word in ("tulp", "roos", "distel"):
        assert word not in everything
    [entry] = await house.entries("code-words-shown")
    assert (entry["actor"]["name"], entry["text"]) == ("Desk", "Code words of 2 contacts shown to Desk")


async def test_a_contact_with_the_longest_name_can_be_called(house: House) -> None:
    from console.station.acts.registry import NewContact
    from tests.console.station.house import MAY_CANCEL, site

    longest = NewContact("Y" * 200, (("mobile", AN),), "tulp", rights=MAY_CANCEL)
    await house.bring_in(site("S2", "2002", contacts=(longest,)))
    seat = await house.seat("claes")
    await house.send(sia("2002", 1, "NBA1"))
    alarm = (await seat.take_next()).json()["id"]
    await ok(seat, alarm, "call", step="contact:S2-1", number=AN, outcome="verified")
    await ok(seat, alarm, "cancel", contact="S2-1", why="x" * 500)
    assert len((await ok(seat, alarm, "close", disposition="cancelled", reason="x" * 2000))["closed_by"]) > 0


async def test_guesses_at_a_code_word_on_a_held_alarm_slow_down_as_identification_does(house: House) -> None:
    seat, alarm = await in_hand(house)
    for word in ("iris", "lelie", "anjer", "viool"):
        refused = await seat.act(alarm, "cancel", contact="S1-1", why="cleaner", code_word=word)
        assert refused.json()["code"] == "wrong-secret"
    right = await seat.act(alarm, "cancel", contact="S1-1", why="cleaner", code_word="tulp")
    assert (right.status_code, right.json()["code"]) == (429, "too-many-tries")
    assert right.headers["retry-after"]
    # The same person on the phone, asked from their site's file; another is not kept waiting.
    desk = await house.seat("peeters", StaffRole.SERVICE_DESK)
    asked = await desk.client.post("/v1/sites/S1/contacts/S1-1/identify", json={"word": "tulp"})
    assert asked.status_code == 429
    asked = await desk.client.post("/v1/sites/S1/contacts/S1-2/identify", json={"word": "distel"})
    assert asked.status_code == 200
    # Refused for another reason in between, it forgives nothing.
    house.clock.move(2)
    assert (await desk.act(alarm, "cancel", contact="S1-1", why="x", code_word="tulp")).status_code == 403
    assert (await seat.act(alarm, "cancel", contact="S1-1", why="x", code_word="tulp")).status_code == 429
    house.clock.move(10)
    await ok(seat, alarm, "cancel", contact="S1-1", why="cleaner", code_word="tulp")

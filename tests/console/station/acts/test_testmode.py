"""F1–F5, G5, H, I7: tests of sites through the real reception and the real API, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from models.records import StaffRole
from tests.console.station.acts.test_site_file import change
from tests.console.station.house import START, House, Seat, site
from tests.frames import ack, cid, sia

HALL = {"whole": False, "areas": ["1"], "kinds": ["intrusion", "tamper"]}
H = 3600


async def take_out(seat: Seat, test: dict[str, Any], **body: Any) -> httpx.Response:
    return await seat.client.post(f"/v1/tests/{test['id']}/end", json=body)


async def look(seat: Seat, test: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await seat.client.get(f"/v1/tests/{test['id']}")).json()
    return found


# -- The whole site -----------------------------------------------------------------------------


async def test_F4_signals_in_test_are_acknowledged_journaled_and_not_presented(house: House) -> None:
    seat = await house.seat("claes")
    test = (await seat.test_on("S1")).json()
    replies = await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri2/FA11"), sia("1001", 3, "NQQ1"))
    assert replies == [ack("1001", number) for number in (1, 2, 3)]
    assert await house.alarms() == []
    entries = await house.entries("signal")
    assert [(entry["in_test"], entry["alarm"], entry["data"]["tests"]) for entry in entries] == [
        (True, None, [test["id"]])
    ] * 3
    [now] = await seat.tests("S1")
    assert (now["signals"], now["last_signal"]) == (3, "Unknown event QQ · 1")


async def test_F3_a_test_shows_since_when_by_whom_and_why_on_every_console(house: House) -> None:
    seat, other = await house.seat("claes"), await house.seat("dubois")
    answer = await seat.test_on("S1", why="annual check", ticket="T-17")
    [test] = (await other.picture())["tests"]
    assert answer.json() == {**test, "run_on": []}
    assert (test["site"]["name"], test["by"], test["asked_by"], test["why"], test["ticket"]) == (
        "Bakkerij Peeters",
        "Claes",
        "Claes, for the station itself",
        "annual check",
        "T-17",
    )
    assert (test["since"], test["scope"]["whole"]) == ("2026-11-23T20:00:00Z", True)
    [entry] = await house.entries("test-on")
    said = "In test, whole site · asked by Claes, for the station itself · annual check · ticket T-17"
    assert (entry["text"], entry["in_test"]) == (said, True)


async def test_F1_there_is_no_timer_and_out_of_test_is_by_hand(house: House) -> None:
    seat = await house.seat("claes", StaffRole.SUPERVISOR)
    await seat.test_on("S1")
    house.clock.move(11 * H)
    await house.pass_time(5)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    assert await house.alarms() == []
    # Nobody's session lasts so long without a sign of life.
    seat = await house.sign_in("claes", "WS-claes")
    assert (await seat.test_off("S1")).status_code == 200
    assert (await seat.picture())["tests"] == []
    await house.send(sia("1001", 2, "Nri1/BA07"))
    assert len(await house.alarms()) == 1
    [entry] = await house.entries("test-off")
    assert entry["text"] == "Out of test after 11 h 00 m, 1 signals · 1 still in alarm, left"


async def test_F5_signals_join_what_ran_before_the_test_and_duress_is_always_presented(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    house.clock.move(1)
    await seat.test_on("S1")
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
    await seat.test_on("S1")
    await house.send(sia("8001", 1, "Nri1/BA07"))
    assert len(await house.alarms()) == 1


async def test_F4_what_came_in_test_is_not_presented_when_the_test_ends_and_is_left(house: House) -> None:
    seat = await house.seat("claes")
    await seat.test_on("S1")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await seat.test_off("S1")
    assert await house.alarms() == []
    await house.send(sia("1001", 2, "Nri1/BR07"))
    assert await house.alarms() == []


async def test_I12_a_test_needs_a_reason_and_is_not_set_twice(small_house: House) -> None:
    seat = await small_house.seat("claes")
    answer = await seat.test_on("S1", why="  ")
    assert (answer.status_code, answer.json()["field"]) == (422, "why")
    await seat.test_on("S1")
    again = await seat.test_on("S1")
    assert (again.status_code, again.json()["sentence"]) == (409, "Bakkerij Peeters is in test already, set by Claes.")
    nowhere = await seat.test_on("S9")
    assert (nowhere.status_code, nowhere.json()["field"]) == (404, "site")
    [test] = await seat.tests("S1")
    await take_out(seat, test)
    over = await take_out(seat, test)
    sentence = "That test of Bakkerij Peeters is over, ended by Claes."
    assert (over.status_code, over.json()["sentence"]) == (409, sentence)


async def test_I11_a_test_act_sent_twice_happens_once(house: House) -> None:
    seat = await house.seat("claes")
    first = await seat.test_on("S1", act="t1")
    again = await seat.test_on("S1", act="t1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    off = [await take_out(seat, first.json(), act="t2") for _ in range(2)]
    assert [answer.status_code for answer in off] == [200, 200]
    assert len(await house.entries("test-on")) == len(await house.entries("test-off")) == 1


# -- A part -------------------------------------------------------------------------------------


async def test_F2_what_is_outside_the_scope_is_presented_as_ever(house: House) -> None:
    seat = await house.seat("claes")
    test = (await seat.test_on("S1", scope=HALL)).json()
    assert test["scope_words"] == "Winkel · intrusion, tamper"
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri2/BA09"), sia("1001", 3, "Nri1/FA07"))
    assert {(alarm.words, alarm.signals) for alarm in await house.alarms()} == {("Intrusion", 1), ("Fire", 1)}
    assert [entry["in_test"] for entry in await house.entries("signal")] == [True, False, False]


async def test_F2_several_tests_of_one_site_each_hide_their_own(house: House) -> None:
    seat = await house.seat("claes")
    hall = (await seat.test_on("S1", scope=HALL)).json()
    fire = (await seat.test_on("S1", scope={"whole": False, "kinds": ["technical"]})).json()
    assert [test["id"] for test in await seat.tests("S1")] == [hall["id"], fire["id"]]
    await take_out(seat, hall)
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri2/WA11"))
    assert [alarm.words for alarm in await house.alarms()] == ["Intrusion"]


async def test_H_life_safety_in_a_part_is_confirmed_twice_by_all_but_a_supervisor(house: House) -> None:
    fire = {"whole": False, "kinds": ["fire", "intrusion"]}
    seat = await house.seat("claes")
    answer = await seat.test_on("S1", scope=fire)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (409, "confirm", "kinds")
    assert await seat.tests("S1") == []
    assert (await seat.test_on("S1", scope=fire, confirmed=True)).json()["life_safety"]
    [entry] = await house.entries("test-on")
    assert entry["text"].endswith("life safety confirmed")
    await seat.test_off("S1")
    chief = await house.seat("maes", StaffRole.SUPERVISOR)
    assert (await chief.test_on("S1", scope=fire)).status_code == 200


async def test_H_widening_a_test_to_life_safety_is_confirmed_as_well(house: House) -> None:
    seat = await house.seat("claes")
    test = (await seat.test_on("S1", scope=HALL)).json()
    wider = {**HALL, "kinds": ["intrusion", "fire"]}
    body = {"version": 1, "scope": wider, "why": "works"}
    path = f"/v1/tests/{test['id']}/change"
    assert (await seat.client.post(path, json=body)).json()["code"] == "confirm"
    changed = await seat.client.post(path, json={**body, "confirmed": True})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    # What was confirmed is not asked again.
    again = await seat.client.post(path, json={**body, "version": 2, "why": "other works"})
    assert again.status_code == 200
    late = await seat.client.post(path, json={**body, "version": 2})
    assert (late.status_code, late.json()["code"]) == (409, "changed")
    first, _second = await house.entries("test-changed")
    assert first["data"]["before"]["scope"]["kinds"] == ["intrusion", "tamper"]
    assert first["data"]["after"]["scope"]["kinds"] == ["intrusion", "fire"]


async def test_H_life_safety_that_was_confirmed_of_one_place_is_confirmed_anew_of_others(house: House) -> None:
    seat = await house.seat("claes")
    fire = {"whole": False, "areas": ["1"], "kinds": ["fire"]}
    test = (await seat.test_on("S1", scope=fire, confirmed=True)).json()
    path = f"/v1/tests/{test['id']}/change"
    body = {"version": 1, "scope": {**fire, "areas": ["1", "2"]}, "why": "works"}
    assert (await seat.client.post(path, json=body)).json()["code"] == "confirm"
    await house.send(sia("1001", 1, "Nri2/FA11"))
    assert [alarm.words for alarm in await house.alarms()] == ["Fire"]
    assert (await seat.client.post(path, json={**body, "confirmed": True})).status_code == 200
    narrower = {**body, "version": 2, "scope": {**fire, "areas": ["2"]}}
    assert (await seat.client.post(path, json=narrower)).status_code == 200


async def test_F5_what_a_wider_scope_finds_running_goes_on(house: House) -> None:
    seat = await house.seat("claes")
    test = (await seat.test_on("S1", scope=HALL)).json()
    house.clock.move(60)
    await house.send(sia("1001", 1, "Nri2/BA11"))
    house.clock.move(60)
    wider = {**HALL, "areas": ["1", "2"]}
    body = {"version": 1, "scope": wider, "why": "works"}
    assert (await seat.client.post(f"/v1/tests/{test['id']}/change", json=body)).status_code == 200
    house.clock.move(60)
    await house.send(sia("1001", 2, "Nri2/BA12"))
    [alarm] = await house.alarms()
    assert (alarm.signals, alarm.priority) == (2, 2)


@pytest.mark.parametrize(
    ("scope", "field"),
    [
        ({"whole": False, "areas": ["9"], "kinds": ["fire"]}, "areas"),
        ({"whole": False, "zones": [{"area": "1", "zone": "99"}], "kinds": ["fire"]}, "zones"),
        ({"whole": False, "systems": ["9999"], "kinds": ["fire"]}, "systems"),
    ],
)
async def test_I12_a_scope_names_what_the_site_has(small_house: House, scope: dict[str, Any], field: str) -> None:
    seat = await small_house.seat("claes", StaffRole.SUPERVISOR)
    answer = await seat.test_on("S1", scope=scope)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_F2_the_preview_says_what_stays_live_and_changes_nothing(small_house: House) -> None:
    seat = await small_house.seat("claes")
    answer = await seat.client.post("/v1/sites/S1/tests/preview", json={"scope": HALL})
    found = answer.json()
    assert found["words"] == "2 of 3 zones, 2 of 8 kinds. Everything else is presented as ever."
    assert (found["silenced"], found["live"]) == (
        ["Winkel / 7 PIR winkel", "Winkel / 9 Achterdeur"],
        ["Atelier / 11 Rook"],
    )
    assert await seat.tests("S1") == []


async def test_I12_the_preview_is_of_what_the_test_would_be(small_house: House) -> None:
    seat = await small_house.seat("claes")
    path, zone = "/v1/sites/S1/tests/preview", {"area": "01", "zone": "007"}
    given = {"whole": False, "zones": [zone], "kinds": ["intrusion"]}
    assert (await seat.client.post(path, json={"scope": given})).json()["silenced"] == ["Winkel / 7 PIR winkel"]
    given["zones"] = [{**zone, "zone": "99"}]
    answer = await seat.client.post(path, json={"scope": given})
    assert (answer.status_code, answer.json()["field"]) == (422, "zones")
    answer = await seat.client.post("/v1/sites/S9/tests/preview", json={"scope": {}})
    assert (answer.status_code, answer.json()["field"]) == (404, "site")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ends_at": "9999-12-31T23:59:59-12:00"}, "ends_at"),
        ({"ends_at": "0001-01-01T00:00:00+12:00"}, "ends_at"),
        ({"asked": {"contact": "a\x00b", "identified": 1}}, "asked.contact"),
        ({"asked": {"contact": "S1-1", "identified": 10**25}}, "asked.identified"),
        ({"scope": {"whole": False, "areas": ["\x00"], "kinds": ["fire"]}}, "scope.areas.0"),
    ],
)
async def test_I12_what_no_database_takes_is_refused_at_the_door(
    house: House, given: dict[str, Any], field: str
) -> None:
    seat = await house.seat("maes", StaffRole.SUPERVISOR)
    for path, more in (
        ("tests", {}),
        ("planned-tests", {"when": {"first": "2026-12-01", "at": "10:00", "minutes": 5}}),
    ):
        if "ends_at" in given and more:
            continue
        answer = await seat.client.post(f"/v1/sites/S1/{path}", json={"why": "x", **more, **given})
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


async def test_H_the_administrator_sets_no_test_and_the_service_desk_does(small_house: House) -> None:
    chief = await small_house.seat("adm", StaffRole.ADMINISTRATOR)
    assert (await chief.test_on("S1")).status_code == 403
    assert (await chief.test_on("S1", scope=HALL)).status_code == 403
    desk = await small_house.seat("desk", StaffRole.SERVICE_DESK)
    test = (await desk.test_on("S1", scope=HALL)).json()
    assert (await take_out(chief, test)).status_code == 403
    body = {"version": 1, "scope": HALL, "why": "x"}
    assert (await chief.client.post(f"/v1/tests/{test['id']}/change", json=body)).status_code == 403
    assert (await chief.client.get(f"/v1/tests/{test['id']}")).status_code == 403
    assert (await take_out(desk, test)).status_code == 200


# -- Who asked ----------------------------------------------------------------------------------


async def identified(seat: Seat, word: str, contact: str = "S1-1") -> dict[str, Any]:
    answer = await seat.client.post(f"/v1/sites/S1/contacts/{contact}/identify", json={"word": word})
    found: dict[str, Any] = answer.json()
    return found


async def give_right(house: House, seat: Seat, right: str = "whole-site test") -> None:
    file = (await seat.client.get("/v1/sites/S1/file")).json()
    value = {**file["contacts"][0], "rights": [right]}
    assert (await change(seat, file, "contact:S1-1", value)).status_code == 200


async def test_A4_who_asks_is_known_by_their_word_and_not_by_a_name(house: House) -> None:
    seat = await house.seat("maes", StaffRole.SUPERVISOR)
    await give_right(house, seat)
    known = await identified(seat, "tulp")
    asked = {"contact": "S1-1", "identified": known["entry"]}
    test = (await seat.test_on("S1", asked=asked)).json()
    assert (test["asked_by"], test["asked_how"]) == ("An Peeters", "code word")


async def test_A4_an_identification_holds_for_its_contact_its_operator_and_a_quarter_of_an_hour(house: House) -> None:
    seat, other = await house.seat("maes", StaffRole.SUPERVISOR), await house.seat("claes")
    await give_right(house, seat)
    entry = (await identified(seat, "tulp"))["entry"]
    wrong, under_threat = (await identified(seat, "narcis"))["entry"], (await identified(seat, "roos"))["entry"]
    for who, given in (
        (seat, {"contact": "S1-1"}),
        (seat, {"contact": "S1-1", "identified": wrong}),
        (seat, {"contact": "S1-1", "identified": under_threat}),
        (seat, {"contact": "S1-1", "identified": 1}),
        (seat, {"contact": "S1-2", "identified": entry}),
        (other, {"contact": "S1-1", "identified": entry}),
    ):
        answer = await who.test_on("S1", asked=given)
        assert (answer.status_code, answer.json()["field"]) == (422, "identified"), given
    house.clock.move(901)
    late = await seat.test_on("S1", asked={"contact": "S1-1", "identified": entry})
    assert (late.status_code, late.json()["field"]) == (422, "identified")
    assert await seat.tests("S1") == []


async def test_C1_who_has_not_the_right_asks_in_vain(house: House) -> None:
    seat = await house.seat("maes", StaffRole.SUPERVISOR)
    await give_right(house, seat, "cancel")
    entry = (await identified(seat, "tulp"))["entry"]
    answer = await seat.test_on("S1", asked={"contact": "S1-1", "identified": entry})
    assert (answer.status_code, answer.json()["field"]) == (403, "contact")
    assert answer.json()["sentence"] == "An Peeters may not ask for a test: their rights are cancel."


# -- The end ------------------------------------------------------------------------------------


def at(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


async def test_H_an_end_keeps_to_the_cap_of_its_role(small_house: House) -> None:
    seat = await small_house.seat("claes")
    for seconds, status in ((30, 422), (24 * H + 60, 422), (24 * H, 200)):
        answer = await seat.test_on("S1", ends_at=at(seconds))
        assert answer.status_code == status, answer.text
        if status == 422:
            assert answer.json()["field"] == "ends_at"


async def test_F3_it_is_warned_of_and_ends_by_itself(house: House) -> None:
    seat = await house.seat("claes")
    await seat.test_on("S1", ends_at=at(H))
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri1/BR07"))
    house.clock.move(H - 900)
    await house.station.duties.second()
    await house.station.duties.second()
    [warning] = await house.entries("test-ends-soon")
    assert warning["text"] == "The test ends in 15 min · set by Claes · works"
    house.clock.move(899)
    await house.send(sia("1001", 3, "Nri1/BA07"), sia("1001", 4, "Nri1/BR07"))
    assert await house.alarms() == []
    house.clock.move(1)
    # The duty did not look yet: what comes after the end is presented all the same (F5).
    await house.send(sia("1001", 5, "Nri1/BA09"))
    assert [alarm.place for alarm in await house.alarms()] == ["Winkel / 09 Achterdeur"]
    await house.station.duties.second()
    assert await seat.tests("S1") == []
    [entry] = await house.entries("test-off")
    assert (entry["actor"]["kind"], entry["text"]) == (
        "station",
        "Out of test after 1 h 00 m, 4 signals · its end was reached",
    )


async def test_F3_with_a_zone_still_in_alarm_it_goes_on_past_its_end_and_is_brought_up(house: House) -> None:
    seat = await house.seat("claes")
    await seat.test_on("S1", ends_at=at(H))
    await house.send(sia("1001", 1, "Nri1/BA07"))
    house.clock.move(H)
    await house.station.duties.second()
    [test] = await seat.tests("S1")
    assert (test["past_end"], test["still_in_alarm"]) == (True, 1)
    [alarm] = await house.alarms()
    assert (alarm.kind, alarm.priority) == ("test-grown-old", 4)
    assert "past its end" in alarm.place
    await house.send(sia("1001", 2, "Nri1/BA09"))
    assert len(await house.alarms()) == 1
    assert (await take_out(seat, test, still="raise")).status_code == 200
    assert [(a.words, a.signals) for a in await house.alarms()] == [("Intrusion, 2 zones confirmed", 2)]


async def test_F3_past_its_end_it_is_over_once_all_is_restored(house: House) -> None:
    seat = await house.seat("claes")
    await seat.test_on("S1", ends_at=at(H))
    await house.send(sia("1001", 1, "Nri1/BA07"))
    house.clock.move(H)
    await house.pass_time(2)
    assert len(await seat.tests("S1")) == 1
    await house.send(sia("1001", 2, "Nri1/BR07"))
    await house.station.duties.second()
    assert (await seat.tests("S1"), await house.alarms()) == ([], []), "the Low alarm of its age went with it"
    [entry] = await house.entries("test-off")
    assert entry["text"].endswith("2 signals · its end was reached, and all is restored")
    await house.send(sia("1001", 3, "Nri1/BA07"))
    assert [alarm.words for alarm in await house.alarms()] == ["Intrusion"]


async def test_F3_grown_old_is_a_low_alarm_each_day_that_goes_when_the_test_ends(house: House) -> None:
    seat = await house.seat("claes")
    await seat.test_on("S1")
    told = []
    for hour in range(1, 10 * 24 + 1):
        house.clock.move(H)
        await house.station.duties.second()
        if len(await house.entries("test-grown-old")) > len(told):
            told.append(hour)
    assert told == [24 * day for day in range(1, 11)]
    [alarm] = await house.alarms()
    assert (alarm.kind, alarm.signals, alarm.last_signal_words) == ("test-grown-old", 10, "Test grown old")
    assert not any(entry["in_test"] for entry in await house.entries("test-grown-old"))
    await (await house.sign_in("claes", "WS2")).test_off("S1")
    assert await house.alarms() == []


async def test_F3_it_is_presented_anew_where_somebody_closed_it_and_the_test_goes_on(house: House) -> None:
    seat = await house.seat("claes")
    await seat.test_on("S1")
    house.clock.move(24 * H)
    await house.station.duties.second()
    [alarm] = await house.alarms()
    seat = await house.sign_in("claes", "WS2")
    await seat.act(alarm.id, "take")
    await seat.skip_all(alarm.id)
    seen = (await seat.client.get(f"/v1/alarms/{alarm.id}")).json()["alarm"]["last_seq"]
    await seat.act(alarm.id, "seen", seq=seen)
    closed = await seat.act(alarm.id, "close", disposition="work-on-site", reason="still painting")
    assert closed.status_code == 200, closed.text
    house.clock.move(24 * H - 2)
    await house.station.duties.second()
    assert await house.alarms() == []
    house.clock.move(2)
    await house.station.duties.second()
    assert [one.kind for one in await house.alarms()] == ["test-grown-old"]


async def test_I4_a_test_of_a_site_without_a_system_is_brought_up_as_well(house: House) -> None:
    await house.bring_in(site("S2", "x", systems=()))
    seat = await house.seat("claes")
    await seat.test_on("S2")
    house.clock.move(24 * H)
    await house.station.duties.second()
    [alarm] = await house.alarms()
    assert (alarm.kind, alarm.site, alarm.account) == ("test-grown-old", "S2", "")
    await (await house.sign_in("claes", "WS2")).test_off("S2")
    assert await house.alarms() == []


# -- What is still in alarm ---------------------------------------------------------------------


async def test_F4_leaving_with_zones_in_alarm_asks_first_and_can_raise_them(house: House) -> None:
    seat = await house.seat("claes")
    test = (await seat.test_on("S1", scope=HALL)).json()
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri1/BA09"), sia("1001", 3, "Nri1/BR09"))
    answer = await take_out(seat, test)
    assert (answer.status_code, answer.json()["code"]) == (409, "still-in-alarm")
    assert "Winkel / 07 PIR winkel" in answer.json()["sentence"]
    assert "Achterdeur" not in answer.json()["sentence"]
    assert len(await seat.tests("S1")) == 1
    assert (await take_out(seat, test, still="raise")).status_code == 200
    [alarm] = await house.alarms()
    assert (alarm.words, alarm.place) == ("Intrusion", "Winkel / 07 PIR winkel")
    [entry] = await house.entries("still-in-alarm")
    assert (entry["in_test"], entry["data"]["test"]) == (False, test["id"])


async def test_F4_what_another_test_covers_is_not_raised_and_not_forgotten(house: House) -> None:
    seat = await house.seat("claes")
    hall = (await seat.test_on("S1", scope=HALL)).json()
    await house.send(sia("1001", 1, "Nri1/BA07"))
    house.clock.move(1)
    whole = (await seat.test_on("S1")).json()
    # All of it goes on in the other test, which came later and does not know it: there is nothing to ask.
    assert (await take_out(seat, hall)).status_code == 200
    assert await house.alarms() == []
    [entry] = await house.entries("test-off")
    assert entry["text"] == "Out of test after 0 h 00 m, 1 signals · 1 still in alarm in another test"
    [now] = await seat.tests("S1")
    assert (now["id"], now["still_in_alarm"]) == (whole["id"], 1)
    assert (await take_out(seat, whole)).json()["code"] == "still-in-alarm"
    assert (await take_out(seat, whole, still="raise")).status_code == 200
    assert [alarm.place for alarm in await house.alarms()] == ["Winkel / 07 PIR winkel"]
    assert (await house.entries("test-off"))[-1]["text"].endswith("1 signals · 1 still in alarm, raised")


async def test_F4_a_zone_put_aside_that_comes_back_into_a_test_is_not_said_to_be_raised(house: House) -> None:
    seat = await house.seat("claes")
    shelf = {"area": "1", "zone": "7", "kind": "intrusion", "why": "loose contact", "minutes": 60}
    assert (await seat.client.post("/v1/sites/S1/shelve", json=shelf)).status_code == 200
    house.clock.move(1)
    await seat.test_on("S1")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    house.clock.move(H)
    await house.station.duties.second()
    [entry] = await house.entries("test-off")
    assert "1 still in alarm in another test" in entry["text"]
    assert "raised" not in entry["text"]
    [now] = await seat.tests("S1")
    assert (now["signals"], now["still_in_alarm"]) == (1, 1), "known there already: told once"


@pytest.mark.parametrize("still", ["raise", "leave"])
async def test_F4_what_leaves_a_scope_in_alarm_is_asked_about_as_at_an_end(house: House, still: str) -> None:
    seat = await house.seat("claes")
    test = (await seat.test_on("S1", scope=HALL)).json()
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri1/BA09"))
    narrower = {"whole": False, "zones": [{"area": "1", "zone": "9"}], "kinds": ["intrusion"]}
    body = {"version": 1, "scope": narrower, "why": "works"}
    path = f"/v1/tests/{test['id']}/change"
    asked = await seat.client.post(path, json=body)
    assert (asked.status_code, asked.json()["code"], asked.json()["field"]) == (409, "still-in-alarm", "still")
    assert ("PIR winkel" in asked.json()["sentence"], "Achterdeur" in asked.json()["sentence"]) == (True, False)
    assert (await seat.tests("S1"))[0]["version"] == 1
    assert (await seat.client.post(path, json={**body, "still": still})).status_code == 200
    raised = ["Winkel / 07 PIR winkel"] if still == "raise" else []
    assert [alarm.place for alarm in await house.alarms()] == raised
    [entry] = await house.entries("test-changed")
    assert entry["text"].endswith(f"1 still in alarm, {'raised' if raised else 'left'}")
    # Its end asks about what is still in it alone.
    assert (await seat.tests("S1"))[0]["still_in_alarm"] == 1
    end = await take_out(seat, test)
    assert ("Achterdeur" in end.json()["sentence"], "PIR winkel" in end.json()["sentence"]) == (True, False)


async def test_F4_the_check_list_says_which_zones_were_seen(house: House) -> None:
    seat = await house.seat("claes")
    test = (await seat.test_on("S1", scope=HALL)).json()
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri1/BR07"), sia("1001", 3, "Nri1/TA33"))
    found = await look(seat, test)
    assert (found["seen"], found["expected"]) == (1, 2)
    assert [(place["name"], place["seen"], place["in_alarm"], place["signals"]) for place in found["places"]] == [
        ("Winkel / 7 PIR winkel", True, False, 2),
        ("Winkel / 9 Achterdeur", False, False, 0),
        ("Winkel / 33", True, True, 1),
    ]
    # Since its first alarm that has no restoral, however many came after it.
    assert found["places"][2]["alarm_since"] == "2026-11-23T20:00:00Z"
    house.clock.move(60)
    again = ("1/TA33", "1/TR33", "1/TA33", "1/TA33")
    for number, event in enumerate(again, 4):
        await house.send(sia("1001", number, f"Nri{event}"))
        house.clock.move(1)
    found = await look(seat, test)
    assert found["places"][0]["alarm_since"] is None
    assert found["places"][2]["alarm_since"] == "2026-11-23T20:01:02Z"
    assert found["test"]["still_in_alarm"] == 1
    await take_out(seat, test, still="leave")
    over = await look(seat, test)
    assert (over["seen"], over["test"]["ended_by"]) == (1, "Claes")

"""F5, glossary *duress*: a duress word on the telephone is presented by the station itself, on both databases."""

from __future__ import annotations

from tests.console.station.house import SITE, House, site
from tests.frames import sia

IDENTIFY = "/v1/sites/S1/contacts/S1-1/identify"


async def test_F5_a_duress_word_by_phone_opens_a_duress_alarm_and_the_answer_stays(house: House) -> None:
    seat = await house.seat("claes")
    right = (await seat.client.post(IDENTIFY, json={"word": "tulp"})).json()
    assert await house.alarms() == []
    answer = await seat.client.post(IDENTIFY, json={"word": "roos"})
    assert (answer.status_code, answer.json()["how"]) == (200, "duress word")
    # What the operator's screen may say aloud is the same, but for how they were known.
    assert {**answer.json(), "how": "", "entry": 0} == {**right, "how": "", "entry": 0}
    [alarm] = await house.alarms()
    assert (alarm.kind, alarm.place, alarm.priority) == ("duress", "duress word by phone, An Peeters", 1)
    assert (alarm.silent, alarm.life_safety, alarm.site) == (True, True, "S1")
    [entry] = await house.entries("duress-by-phone")
    assert (entry["actor"]["kind"], entry["alarm"], entry["in_test"]) == ("station", alarm.id, False)
    assert not any("roos" in str(one) for one in await house.entries())


async def test_F5_it_is_presented_while_the_whole_site_is_in_test(house: House) -> None:
    seat = await house.seat("claes")
    await seat.test_on("S1")
    house.clock.move(1)
    await seat.client.post(IDENTIFY, json={"word": "roos"})
    assert [alarm.kind for alarm in await house.alarms()] == ["duress"]


async def test_F5_it_joins_the_alarm_of_life_safety_that_runs(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri2/FA11"))
    await seat.client.post(IDENTIFY, json={"word": "roos"})
    [alarm] = await house.alarms()
    assert (alarm.signals, alarm.silent, alarm.last_signal_words) == (2, True, "Duress code")
    [shown] = (await seat.picture())["alarms"]
    assert (shown["words"], shown["duress"]) == ("Fire", True), "every workstation says it in the row"


async def test_a_duress_word_given_in_a_call_is_told_to_every_workstation(house: House) -> None:
    seat, other = await house.seat("claes"), await house.seat("fra")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    mine = (await seat.take_next()).json()
    assert not mine["duress"]
    for outcome in ("no-answer", "duress"):
        [shown] = (await other.picture())["alarms"]
        assert not shown["duress"]
        body = {"step": "contact:S1-1", "number": "+32 470 55 50 01", "outcome": outcome}
        answer = await seat.act(mine["id"], "call", **body)
        assert answer.status_code == 200, answer.text
    [shown] = (await other.picture())["alarms"]
    assert (shown["words"], shown["duress"]) == ("Intrusion", True)


async def test_a_silent_alarm_without_duress_is_not_called_so(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/HA07"))
    [shown] = (await seat.picture())["alarms"]
    assert (shown["silent"], shown["duress"]) == (True, False)


async def test_A4_a_wrong_word_opens_nothing(small_house: House) -> None:
    seat = await small_house.seat("claes")
    await seat.client.post(IDENTIFY, json={"word": "narcis"})
    assert await small_house.alarms() == []


async def test_I4_it_is_presented_of_a_site_without_a_system_too_and_handled_to_its_end(house: House) -> None:
    seat = await house.seat("claes")
    await house.bring_in(site("S2", "x", systems=(), contacts=SITE.contacts))
    answer = await seat.client.post("/v1/sites/S2/contacts/S2-1/identify", json={"word": "roos"})
    assert (answer.status_code, answer.json()["how"]) == (200, "duress word")
    [alarm] = await house.alarms()
    assert (alarm.kind, alarm.site, alarm.account, alarm.priority) == ("duress", "S2", "", 1)
    [shown] = (await seat.picture())["alarms"]
    assert (shown["site"]["id"], shown["place"]) == ("S2", "duress word by phone, An Peeters")
    assert (await seat.take_next()).json()["id"] == alarm.id
    await seat.skip_all(alarm.id)
    detail = (await seat.client.get(f"/v1/alarms/{alarm.id}")).json()
    await seat.act(alarm.id, "seen", seq=detail["alarm"]["last_seq"])
    closed = await seat.act(alarm.id, "close", disposition="real-other", reason="police were sent")
    assert closed.status_code == 200, closed.text
    [entry] = await house.entries("duress-by-phone")
    assert (entry["site"], entry["account"], entry["alarm"]) == ("S2", None, alarm.id)

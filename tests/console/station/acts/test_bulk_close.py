"""Closing several waiting alarms at once: each by itself, looked at anew, never life safety (rulebook H, I8, I11)."""

from __future__ import annotations

from typing import Any

import pytest

from console.station.rules import transitions
from console.station.rules.refusal import Refused
from models.records import AlarmClass, AlarmState, Disposition, ErrorCode, StaffRole
from tests.console.station.house import House, Seat, site
from tests.console.station.rules.facts import NOW, alarm
from tests.frames import sia

SUPERVISOR = StaffRole.SUPERVISOR
WATER = "Nri1/WA11"


async def towns(house: House) -> None:
    """Three sites with a leak, the first with an intrusion as well; a site with a fire and one without its panel."""
    await house.bring_in(*(site(f"T{n}", f"30{n:02d}") for n in range(1, 6)))
    for number in range(1, 4):
        await house.send(sia(f"300{number}", 1, WATER))
    await house.send(sia("3001", 2, "Nri1/BA01"), sia("3004", 1, "Nri1/FA01"), sia("3005", 1, "Nri0/YC00"))


async def listed(seat: Seat, **query: str) -> list[dict[str, Any]]:
    answer = await seat.client.get("/v1/waiting", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["lines"]
    assert answer.json()["count"] == len(found)
    return found


async def close(seat: Seat, line: dict[str, Any], **changes: Any) -> Any:
    body = {
        "version": line["version"],
        "up_to": line["last_seq"],
        "disposition": "false-technical",
        "reason": "grid failure",
        **changes,
    }
    return await seat.client.post(f"/v1/alarms/{line['id']}/bulk-close", json=body)


async def test_each_is_closed_in_an_entry_of_its_own_and_once_however_often_it_is_sent(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await towns(house)
    lines = await listed(chief, kind="water")
    assert [line["site"] for line in lines] == ["T1", "T2", "T3"]
    for nth, line in enumerate(lines):
        for _ in range(2):
            answer = await close(chief, line, act=f"close-{nth}")
            assert (answer.status_code, answer.json()["state"]) == (200, "closed"), answer.text
    entries = await house.entries("closed")
    assert [(e["alarm"], e["site"]) for e in entries] == [(line["id"], line["site"]) for line in lines]
    assert entries[0]["text"] == "Closed with others by Chief · false-technical · grid failure"
    assert entries[0]["data"] == {"disposition": "false-technical", "reason": "grid failure", "bulk": True}
    assert entries[0]["actor"] == {"kind": "operator", "name": "Chief", "from": "WS-chief, 127.0.0.1"}
    one = await house.alarm(lines[0]["id"])
    assert (one.state, one.closed_by, one.close_reason) == (AlarmState.CLOSED, "Chief", "grid failure")
    again = await close(chief, lines[0], act="close-other")
    assert (again.status_code, again.json()["sentence"]) == (409, f"{lines[0]['id']} was closed by Chief.")


async def test_what_fits_a_choice_is_listed_and_life_safety_among_it_with_why_not(house: House) -> None:
    chief, claes = await house.seat("chief", SUPERVISOR), await house.seat("claes")
    await towns(house)
    lines = await listed(chief, site="T4")
    assert [line["kind"] for line in lines] == ["fire"]
    assert lines[0]["why_not"] == "Life safety is never closed with others."
    assert [line["kind"] for line in await listed(chief, site="T1")] == ["intrusion", "water"]
    assert await listed(chief, kind="water", site="T9") == []
    assert await listed(chief, provider="Fixnet") == []
    [silent] = await listed(chief, kind="communication")
    assert (await claes.act(silent["id"], "take")).status_code == 200
    assert await listed(chief, kind="communication") == [], "what somebody has in hand is not chosen"
    nothing = await chief.client.get("/v1/waiting")
    assert (nothing.status_code, nothing.json()["field"]) == (422, "kind")


async def test_I8_I11_what_changed_since_it_was_listed_is_not_closed(house: House) -> None:
    chief, claes = await house.seat("chief", SUPERVISOR), await house.seat("claes")
    await towns(house)
    first, second, third = await listed(chief, kind="water")
    await house.send(sia("3001", 3, "Nri1/WA12"))
    newer = await close(chief, first)
    assert (newer.status_code, newer.json()["code"]) == (409, "signals-unseen")
    await claes.act(second["id"], "take")
    held = await close(chief, second)
    assert (held.status_code, held.json()["code"]) == (409, "held-by-other")
    assert held.json()["changed"]["held_by"] == "Claes"
    await claes.act(second["id"], "release")
    changed = await close(chief, second)
    assert (changed.status_code, changed.json()["code"]) == (409, "changed")
    [fire] = await listed(chief, site="T4")
    refused = await close(chief, fire)
    assert (refused.status_code, refused.json()["sentence"]) == (409, "Life safety is never closed with others.")
    for changes, field in (
        ({"reason": " "}, "reason"),
        ({"disposition": "cancelled"}, "disposition"),
        ({"disposition": "self-completed"}, "disposition"),
    ):
        answer = await close(chief, third, **changes)
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert await house.entries("closed") == []


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.SERVICE_DESK, StaffRole.ADMINISTRATOR])
async def test_H_a_supervisor_alone_closes_several(small_house: House, role: StaffRole) -> None:
    chief, other = await small_house.seat("chief", SUPERVISOR), await small_house.seat("other", role)
    await towns(small_house)
    line = (await listed(chief, kind="water"))[0]
    for answer in (await close(other, line), await other.client.get("/v1/waiting", params={"kind": "water"})):
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    assert (await small_house.alarm(line["id"])).state is AlarmState.WAITING


async def test_what_was_agreed_for_a_site_is_not_passed_over(small_house: House) -> None:
    house = small_house
    chief = await house.seat("chief", SUPERVISOR)
    await house.bring_in(site("T9", "3099"))
    kept = {
        "level": "site",
        "site": "T9",
        "name": "Leaks",
        "applies_to": "kind:water",
        "steps": [
            {"id": "s1", "kind": "instruction", "name": "Stopcock", "text": "Close the stopcock", "required": True},
            {"id": "s2", "kind": "premises"},
        ],
    }
    answer = await chief.client.post("/v1/procedures", json={"procedure": kept})
    assert answer.status_code == 200, answer.text
    house.clock.move(1)
    await towns(house)
    await house.send(sia("3099", 1, WATER))
    last = (await listed(chief, kind="water"))[-1]
    refused = await close(chief, last)
    assert (refused.status_code, refused.json()["code"]) == (409, "steps-missing"), refused.text


@pytest.mark.parametrize("state", list(AlarmState))
def test_the_table_waiting_alone_is_closed_with_others(state: AlarmState) -> None:
    one = alarm(state)

    def closed() -> Any:
        return transitions.close_waiting(one, "Chief", Disposition.NO_CAUSE, "storm", one.last_seq, NOW)

    if state is AlarmState.WAITING:
        done = closed()
        assert (done.state, done.closed_by, done.close_reason) == (AlarmState.CLOSED, "Chief", "storm")
        return
    with pytest.raises(Refused) as refused:
        closed()
    assert refused.value.code in (ErrorCode.WRONG_STATE, ErrorCode.HELD_BY_OTHER)


@pytest.mark.parametrize(
    "changes",
    [
        {"life_safety": True},
        {"silent": True},
        {"priority": 1},
        {"alarm_class": AlarmClass.LIFE_SAFETY},
        {"priority": 4, "own_priority": 1},
    ],
)
def test_life_safety_is_never_closed_with_others(changes: dict[str, Any]) -> None:
    one = alarm(**changes)
    assert transitions.why_not_with_others(one)
    with pytest.raises(Refused, match="never closed with others"):
        transitions.close_waiting(one, "Chief", Disposition.NO_CAUSE, "storm", one.last_seq, NOW)

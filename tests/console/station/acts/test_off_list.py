"""A patrol or an authority that the call list does not name: put on it, called from there, its times kept (G3, C4)."""

from __future__ import annotations

from typing import Any

import pytest

from models.records import StaffRole
from tests.console.station.acts.test_procedures import DESK, kept
from tests.console.station.api.test_handling import in_hand, ok, plan
from tests.console.station.house import House, Seat
from tests.frames import sia

NOORD = {"kind": "patrol", "name": "Team Noord", "number": "02 555 01 91"}
POLICE = {"kind": "authority", "name": "Police", "number": "112"}


async def added(seat: Seat, alarm: str, **given: Any) -> dict[str, Any]:
    """The step that it became."""
    await ok(seat, alarm, "off-list", **given)
    found: dict[str, Any] = (await plan(seat, alarm))["steps"][-1]
    return found


async def test_G3_a_patrol_is_sent_from_an_alarm_whose_procedure_names_none(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    file = (await desk.client.get("/v1/sites/S1/file")).json()
    details = {**file["details"], "keys": "key box KB-0233"}
    await desk.client.post("/v1/sites/S1/file", json={"part": "details", "value": details, "version": 0})
    seat, alarm = await in_hand(house)
    assert not [step for step in (await plan(seat, alarm))["steps"] if step["kind"] == "patrol"]
    team = await added(seat, alarm, **NOORD)
    assert (team["name"], team["role"], team["state"]) == ("Team Noord", "added by Claes", "next")
    assert [number["number"] for number in team["numbers"]] == ["+32 2 555 01 91"]
    await ok(seat, alarm, "call", step=team["key"], number="+32 2 555 01 91", outcome="reached")
    for moment in ("accepted", "arrived", "left"):
        await ok(seat, alarm, "patrol", step=team["key"], moment=moment)
    assert "Team Noord was sent and has not reported." in (await plan(seat, alarm))["missing"][-1]
    await ok(seat, alarm, "patrol", step=team["key"], moment="report", report="all quiet")
    [put] = await house.entries("step-added")
    assert put["text"] == "Patrol put on the call list: Team Noord, +32 2 555 01 91"
    texts = [entry["text"] for entry in await house.entries("patrol")]
    assert texts == [
        "Patrol asked: Team Noord, keys: key box KB-0233",
        "Patrol accepted: Team Noord",
        "Patrol arrived: Team Noord",
        "Patrol left: Team Noord",
        "Patrol reports: Team Noord · all quiet",
    ]
    detail = (await seat.client.get(f"/v1/alarms/{alarm}")).json()
    assert [line["words"] for line in detail["lines"]][:5] == texts[::-1], "in the timeline"
    [run] = detail["plan"]["patrols"]
    assert (run["team"], run["keys"], run["report"]) == ("Team Noord", "key box KB-0233", "all quiet")
    assert None not in (run["asked_at"], run["accepted_at"], run["arrived_at"], run["left_at"], run["reported_at"])


async def test_G3_an_authority_off_the_list_is_called_after_the_verification(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/AT"))
    alarm = (await seat.take_next()).json()["id"]
    assert not [step for step in (await plan(seat, alarm))["steps"] if step["kind"] == "authority"], (
        "of class technical"
    )
    police = await added(seat, alarm, **POLICE)
    early = await seat.act(alarm, "call", step=police["key"], number="112")
    assert (early.json()["code"], early.json()["field"]) == ("steps-missing", "verification")
    await ok(seat, alarm, "verify", how="seen on video", by="Claes")
    await ok(seat, alarm, "call", step=police["key"], number="112", outcome="reached")
    assert (await plan(seat, alarm))["missing"] == [], "the authority may decide"


async def test_C4_what_is_known_is_offered_and_what_is_on_the_list_says_so(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    await kept(desk, applies_to="kind:fire")
    seat, alarm = await in_hand(house)
    offered = (await seat.client.get(f"/v1/alarms/{alarm}/off-list")).json()
    assert [(one["kind"], one["name"], one["number"]) for one in offered] == [
        ("patrol", "Team Centre", "+32 2 555 01 90"),
        ("authority", "Police", "112"),
        ("authority", "Fire brigade", "112"),
        ("authority", "Ambulance", "112"),
    ]
    assert [one["step"] for one in offered] == ["", "authority:police", "", ""]
    again = await seat.act(alarm, "off-list", **POLICE)
    assert (again.status_code, again.json()["sentence"]) == (409, "Police is on the call list already.")
    centre = await added(seat, alarm, **{"kind": "patrol", "name": "Team Centre", "number": "+32 2 555 01 90"})
    offered = (await seat.client.get(f"/v1/alarms/{alarm}/off-list")).json()
    assert offered[0]["step"] == centre["key"]


async def test_G3_two_teams_are_two_steps_and_a_step_not_taken_is_skipped_with_a_reason(house: House) -> None:
    seat, alarm = await in_hand(house)
    first = await added(seat, alarm, **NOORD)
    second = await added(seat, alarm, **{**NOORD, "name": "Team Zuid", "number": "02 555 01 92"})
    assert first["key"] != second["key"]
    await ok(seat, alarm, "call", step=first["key"], number="+32 2 555 01 91", outcome="reached")
    await ok(seat, alarm, "call", step=second["key"], outcome="skipped", why="the first is near")
    states = {step["name"]: step["state"] for step in (await plan(seat, alarm))["steps"]}
    assert (states["Team Noord"], states["Team Zuid"]) == ("done", "skipped")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "contact"}, "kind"),
        ({"kind": "premises"}, "kind"),
        ({"name": "  "}, "name"),
        ({"number": "the usual"}, "number"),
        ({"number": "1"}, "number"),
        ({"version": 0}, "version"),
    ],
)
async def test_I12_bad_input_is_refused_by_its_field(house: House, change: dict[str, Any], field: str) -> None:
    seat, alarm = await in_hand(house)
    refused = await seat.act(alarm, "off-list", **{**NOORD, **change})
    assert refused.status_code in (409, 422), refused.text
    assert refused.json()["field"] == field
    assert await house.entries("step-added") == []


async def test_G2_only_whoever_has_the_alarm_puts_somebody_on_its_list(house: House) -> None:
    _seat, alarm = await in_hand(house)
    other = await house.seat("dirk", StaffRole.SUPERVISOR)
    assert (await other.act(alarm, "off-list", **NOORD)).json()["code"] == "held-by-other"


async def test_an_alarm_of_no_site_has_nobody_to_send(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("9999", 1, "NBA1"))
    alarm = (await seat.take_next()).json()["id"]
    assert (await seat.client.get(f"/v1/alarms/{alarm}/off-list")).json() == []
    assert (await seat.act(alarm, "off-list", **NOORD)).json()["field"] == "alarm"

"""Procedures over HTTP: who writes them, versions, which a running alarm keeps, patrols, verification, the overview."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from models.records import StaffRole
from tests.console.station.house import House, Seat
from tests.frames import sia

DESK = StaffRole.SERVICE_DESK
AN = "+32 470 55 50 01"
STEPS: list[dict[str, Any]] = [
    {"id": "s1", "kind": "instruction", "text": "Mind the dog", "required": True},
    {"id": "s2", "kind": "contact", "contact": "S1-1"},
    {"id": "s3", "kind": "patrol", "name": "Team Centre", "number": "02 555 01 90", "when": "nobody"},
    {"id": "s4", "kind": "authority", "service": "police", "when": "confirmed"},
]


def procedure(**changes: Any) -> dict[str, Any]:
    return {
        "level": "site",
        "site": "S1",
        "applies_to": "kind:intrusion",
        "name": "Intrusion, one zone",
        "steps": STEPS,
        **changes,
    }


async def write(seat: Seat, given: dict[str, Any], version: int = 0, **more: Any) -> httpx.Response:
    return await seat.client.post("/v1/procedures", json={"procedure": given, "version": version, **more})


async def kept(seat: Seat, **changes: Any) -> dict[str, Any]:
    answer = await write(seat, procedure(**changes))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def in_hand(house: House, login: str = "claes", event: str = "Nri1/BA07", number: int = 1) -> tuple[Seat, str]:
    seat = await house.seat(login)
    await house.send(sia("1001", number, event))
    return seat, (await seat.take_next()).json()["id"]


async def plan(seat: Seat, alarm: str) -> dict[str, Any]:
    found: dict[str, Any] = (await seat.client.get(f"/v1/alarms/{alarm}")).json()["plan"]
    return found


async def ok(seat: Seat, alarm: str, act: str, **body: Any) -> dict[str, Any]:
    answer = await seat.act(alarm, act, **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_C4_the_alarm_gets_the_procedure_and_says_why(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    await kept(desk)
    await kept(
        desk, level="station", site="", applies_to="all", name="Always", steps=[{"id": "s1", "kind": "premises"}]
    )
    seat, alarm = await in_hand(house)
    found = await plan(seat, alarm)
    assert (found["title"], found["version"]) == ("procedure “Intrusion, one zone”", 1)
    assert found["why"].startswith("of this site, for this kind of alarm; instead of “Always”, the station's")
    assert [step["name"] for step in found["steps"]] == ["Instruction", "An Peeters", "Team Centre", "Police"]
    await house.send(sia("1001", 2, "Nri1/FA11"))
    fire = next(one for one in await house.alarms() if one.kind == "fire")
    assert (await plan(seat, fire.id))["title"] == "procedure “Always”"


async def test_C4_a_running_alarm_keeps_the_version_it_began_with(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    first = await kept(desk)
    seat, alarm = await in_hand(house)
    house.clock.move(5)
    changed = await write(desk, {**first, "steps": STEPS[:2]}, 1)
    assert changed.json()["version"] == 2
    assert (await plan(seat, alarm))["version"] == 1
    assert len((await plan(seat, alarm))["steps"]) == 4
    answer = await desk.client.post(f"/v1/procedures/{first['id']}/remove", json={"version": 2})
    assert answer.status_code == 200, answer.text
    assert (await plan(seat, alarm))["version"] == 1


async def test_I9_I11_versions_before_and_after_and_two_desks(house: House) -> None:
    one, other = await house.seat("sofie", DESK), await house.seat("lambert", DESK)
    first = await kept(one)
    assert (await write(other, {**first, "name": "Break-in"}, 1)).status_code == 200
    late = await write(one, {**first, "name": "Burglary"}, 1)
    assert (late.status_code, late.json()["code"]) == (409, "changed")
    assert late.json()["sentence"] == "Lambert saved version 2 meanwhile. Look at it, then save again."
    entry = (await house.entries("procedure"))[-1]
    data = json.loads(entry["data"]) if isinstance(entry["data"], str) else entry["data"]
    assert entry["text"] == "Procedure “Break-in” changed, version 2 (site)"
    assert (data["part"], data["before"]["name"], data["after"]["name"]) == (
        f"procedure:{first['id']}",
        "Intrusion, one zone",
        "Break-in",
    )


async def test_I11_sent_twice_it_is_written_once(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    for _ in range(2):
        assert (await write(desk, procedure(), act="one")).json()["version"] == 1
    assert len(await house.entries("procedure")) == 1
    again = await write(desk, procedure(name="Another"))
    assert (again.status_code, again.json()["field"]) == (422, "applies_to")


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.ADMINISTRATOR])
async def test_H_others_write_no_procedures(small_house: House, role: StaffRole) -> None:
    desk, other = await small_house.seat("sofie", DESK), await small_house.seat("other", role)
    first = await kept(desk)
    assert (await write(other, first, 1)).status_code == 403
    assert (await other.client.post(f"/v1/procedures/{first['id']}/remove", json={"version": 1})).status_code == 403
    assert (await other.client.get("/v1/sites/S1/procedures.pdf")).status_code == 403
    expected = 200 if role is StaffRole.OPERATOR else 403
    assert (await other.client.get("/v1/procedures?level=site")).status_code == expected


async def test_a_customer_groups_procedure_holds_for_its_sites(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    group = {"level": "group", "site": "", "target": "Bakers", "steps": [{"id": "s1", "kind": "contact group"}]}
    await kept(desk, **group, name="Group")
    file = (await desk.client.get("/v1/sites/S1/file")).json()
    body = {"part": "details", "value": {**file["details"], "group": "Bakers"}, "version": 0}
    seat, alarm = await in_hand(house)
    assert (await plan(seat, alarm))["title"] == "standard order"
    assert (await desk.client.post("/v1/sites/S1/file", json=body)).status_code == 200
    found = await plan(seat, alarm)
    assert (found["title"], [step["name"] for step in found["steps"]]) == (
        "procedure “Group”",
        ["An Peeters", "Bert Maes"],
    )
    listed = (await desk.client.get("/v1/procedures?level=group&target=Bakers")).json()
    assert [one["name"] for one in listed] == ["Group"]
    effective = (await desk.client.get("/v1/sites/S1/procedures")).json()["effective"]
    assert {line["kind"] for line in effective if line["procedure"]} == {"intrusion"}


async def test_B_a_required_instruction_is_done_by_an_act_of_its_own(house: House) -> None:
    await kept(await house.seat("sofie", DESK))
    seat, alarm = await in_hand(house)
    step = (await plan(seat, alarm))["steps"][0]["key"]
    refused = await seat.act(alarm, "call", step=step, outcome="skipped", why="no time")
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN, outcome="verified")
    refused = await seat.act(alarm, "close", disposition="no-cause", reason="x")
    assert refused.json()["sentence"] == "Required and not done: Instruction."
    await ok(seat, alarm, "step", step=step)
    assert (await house.entries("step-done"))[-1]["text"] == "Done: Instruction · Mind the dog"
    again = await seat.act(alarm, "step", step=step)
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")
    assert (await ok(seat, alarm, "close", disposition="no-cause", reason="x"))["state"] == "closed"


async def test_an_authority_is_dialled_only_after_the_verification_is_recorded(house: House) -> None:
    seat, alarm = await in_hand(house)
    refused = await seat.act(alarm, "call", step="authority:police", number="112")
    assert (refused.json()["code"], refused.json()["field"]) == ("steps-missing", "verification")
    assert (await plan(seat, alarm))["steps"][-1]["verify_first"]
    assert (await seat.act(alarm, "verify", how=" ", by="Claes")).json()["field"] == "how"
    await ok(seat, alarm, "verify", how="heard on the line", by="An Peeters")
    assert (await house.entries("verified"))[-1]["text"] == "Verified: heard on the line · by An Peeters"
    found = (await plan(seat, alarm))["verification"]
    assert (found["how"], found["by"], found["recorded_by"]) == ("heard on the line", "An Peeters", "Claes")
    await ok(seat, alarm, "call", step="authority:police", number="112")


@pytest.mark.parametrize("event", ["Nri1/HA05", "Nri1/FA11"])
async def test_hold_up_and_fire_go_without_a_verification(small_house: House, event: str) -> None:
    seat, alarm = await in_hand(small_house, event=event)
    step = next(step for step in (await plan(seat, alarm))["steps"] if step["kind"] == "authority")
    await ok(seat, alarm, "call", step=step["key"], number="112")


async def test_G3_a_wrong_number_opens_one_task_for_the_desk(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    seat, alarm = await in_hand(house)
    for _ in range(2):
        await ok(seat, alarm, "call", step="contact:S1-1", number=AN, outcome="wrong-number")
    tasks = (await desk.client.get("/v1/tasks")).json()
    assert [task["text"] for task in tasks] == [f"An Peeters is not reached by {AN}: ask for the right number"]
    assert (await plan(seat, alarm))["steps"][1]["numbers"][0]["attempts"][-1]["outcome"] == "wrong-number"


async def test_a_patrols_times_are_journaled_and_stand_in_the_timeline(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    await kept(desk)
    file = (await desk.client.get("/v1/sites/S1/file")).json()
    details = {**file["details"], "keys": "key box KB-0233"}
    await desk.client.post("/v1/sites/S1/file", json={"part": "details", "value": details, "version": 0})
    seat, alarm = await in_hand(house)
    team = next(step for step in (await plan(seat, alarm))["steps"] if step["kind"] == "patrol")
    early = await seat.act(alarm, "patrol", step=team["key"], moment="arrived")
    assert (early.status_code, early.json()["code"]) == (409, "wrong-state")
    # Reached, the team is asked; the other times follow.
    await ok(seat, alarm, "call", step=team["key"], number="+32 2 555 01 90", outcome="reached")
    for moment in ("accepted", "arrived", "left"):
        house.clock.move(60)
        await seat.beat()
        await ok(seat, alarm, "patrol", step=team["key"], moment=moment)
    twice = await seat.act(alarm, "patrol", step=team["key"], moment="arrived")
    assert twice.json()["code"] == "wrong-state"
    assert (await seat.act(alarm, "patrol", step=team["key"], moment="report")).json()["field"] == "report"
    assert "Team Centre was sent and has not reported." in (await plan(seat, alarm))["missing"][-1]
    await ok(seat, alarm, "patrol", step=team["key"], moment="report", report="rear door forced", seen=True)
    texts = [entry["text"] for entry in await house.entries("patrol")]
    assert texts == [
        "Patrol asked: Team Centre, keys: key box KB-0233",
        "Patrol accepted: Team Centre",
        "Patrol arrived: Team Centre",
        "Patrol left: Team Centre",
        "Patrol reports: Team Centre · rear door forced · signs of a real alarm",
    ]
    detail = (await seat.client.get(f"/v1/alarms/{alarm}")).json()
    assert [line["words"] for line in detail["lines"]][:5] == texts[::-1]
    # What it saw verifies the alarm, and the police step applies.
    assert detail["plan"]["verification"]["how"] == "patrol: rear door forced"
    assert detail["plan"]["steps"][-1]["state"] == "next"


async def test_a_sites_own_emergency_number_is_the_one_to_call(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    numbers = [{"service": "police", "name": "Police, zone centre", "number": "02 555 01 01"}]
    body = {"numbers": numbers, "version": 0}
    assert (await desk.client.post("/v1/sites/S1/emergency", json=body)).status_code == 200
    late = await desk.client.post("/v1/sites/S1/emergency", json=body)
    assert (late.status_code, late.json()["code"]) == (409, "changed")
    seat, alarm = await in_hand(house)
    police = (await plan(seat, alarm))["steps"][-1]
    assert (police["name"], police["numbers"][0]["number"]) == ("Police, zone centre", "+32 2 555 01 01")


async def test_I9_a_private_number_is_masked_in_the_journal(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    file = (await desk.client.get("/v1/sites/S1/file")).json()
    contact = file["contacts"][0]
    given = {**contact, "numbers": [{**contact["numbers"][0], "private": True}]}
    change = {"part": "contact:S1-1", "value": given, "version": 1}
    assert (await desk.client.post("/v1/sites/S1/file", json=change)).status_code == 200
    seat, alarm = await in_hand(house)
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN)
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN, outcome="no-answer")
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN)
    # The workstation dies: the station breaks the call off.
    await house.pass_time(30)
    entries = await house.entries("call-begun", "call")
    assert [entry["text"].partition(" · broken off")[0] for entry in entries] == [
        "Calling An Peeters, ··· 01",
        "Call An Peeters, ··· 01 · no answer",
        "Calling An Peeters, ··· 01",
        "Call to ··· 01",
    ]
    assert AN not in json.dumps(entries, ensure_ascii=False)


async def test_C3_the_overview_has_names_order_and_steps_and_no_private_number_or_word(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    await kept(desk)
    file = (await desk.client.get("/v1/sites/S1/file")).json()
    contact = file["contacts"][0]
    numbers = [{**contact["numbers"][0], "private": True}, contact["numbers"][1]]
    change = {"part": "contact:S1-1", "value": {**contact, "numbers": numbers}, "version": 1}
    assert (await desk.client.post("/v1/sites/S1/file", json=change)).status_code == 200
    answer = await desk.client.get("/v1/sites/S1/procedures.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    reader = PdfReader(BytesIO(answer.content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    for said in (
        "Bakkerij Peeters · S1",
        "Intrusion, one zone · version 1",
        "1. Mind the dog",
        "2. An Peeters is called",
        "3. Team Centre is sent (only if nobody was reached)",
        "Standard order",
        "Bert Maes, +32 470 55 50 02",
    ):
        assert said in text, said
    for secret in (AN, "tulp", "roos", "distel"):
        assert secret not in text
    fonts = reader.pages[0]["/Resources"]["/Font"]
    assert all("Inter" in str(font.get_object()["/BaseFont"]) for font in fonts.values())


async def test_C4_what_holds_at_an_area_or_a_zone_is_told_for_that_place(small_house: House) -> None:
    desk = await small_house.seat("sofie", StaffRole.SERVICE_DESK)

    async def add(level: str, target: str, name: str) -> None:
        procedure = {
            "level": level,
            "site": "S1",
            "target": target,
            "applies_to": "kind:intrusion",
            "name": name,
            "steps": [{"id": "s1", "kind": "premises"}],
        }
        answer = await desk.client.post("/v1/procedures", json={"procedure": procedure, "version": 0})
        assert answer.status_code == 200, answer.text

    async def holds(**place: str) -> str:
        found = (await desk.client.get("/v1/sites/S1/procedures", params=place)).json()
        chosen = next(line["procedure"] for line in found["effective"] if line["kind"] == "intrusion")
        return next((one["name"] for one in found["procedures"] if one["id"] == chosen), "")

    await add("area", "1", "Shop")
    assert [await holds(), await holds(area="1"), await holds(area="1", zone="7"), await holds(area="2")] == [
        "",
        "Shop",
        "Shop",
        "",
    ]
    await add("zone", "1 7", "PIR of the shop")
    assert [await holds(), await holds(area="1"), await holds(area="1", zone="7"), await holds(area="1", zone="9")] == [
        "",
        "Shop",
        "PIR of the shop",
        "Shop",
    ]
    assert (await desk.client.get("/v1/sites/S1/procedures?area=a%00b")).status_code == 422


async def test_G3_a_wrong_number_is_kept_also_when_the_contact_left_the_list_during_the_call(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    seat, alarm = await in_hand(house)
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN)
    gone = await desk.client.post("/v1/sites/S1/contacts/S1-1/remove", json={"version": 1})
    assert gone.status_code == 200, gone.text
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN, outcome="wrong-number")
    assert len((await desk.client.get("/v1/tasks")).json()) == 1


async def test_E5_whoever_was_verified_at_a_second_step_of_theirs_may_cancel(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    await kept(
        desk,
        steps=[{"id": f"s{nth}", "kind": "contact", "contact": "S1-1"} for nth in (1, 2)],
    )
    seat, alarm = await in_hand(house)
    await ok(seat, alarm, "call", step="contact:S1-1", outcome="skipped", why="engaged")
    await ok(seat, alarm, "call", step="contact:S1-1#s2", number=AN, outcome="verified")
    await ok(seat, alarm, "cancel", contact="S1-1", why="key forgotten")

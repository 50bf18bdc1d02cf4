"""Supervised hours over HTTP: D1, D2, rulebook H, I11, I12, on both databases."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import httpx
import pytest

from models.records import AreaHours, StaffRole, read_hours
from tests.console.station.house import House, Seat
from tests.console.station.rules.test_hours import week

DESK = StaffRole.SERVICE_DESK
URL = "/v1/sites/S1/hours"


def document(hours: str = "10:00–18:00", **settings: Any) -> dict[str, Any]:
    return AreaHours(weekly=week(every=hours), **settings).model_dump(mode="json")


def asked(first: str, hours: str = "10:00–01:30", last: str | None = None, why: str = "inventory") -> dict[str, Any]:
    spans = [span.model_dump() for span in read_hours(hours)]
    return {"first": first, "last": last or first, "spans": spans, "why": why}


async def set_week(seat: Seat, version: int = 0, area: str = "1", **body: Any) -> httpx.Response:
    given = {"hours": document(), "version": version, **body}
    return await seat.client.post(f"{URL}/{area}", json=given)


async def temporary(seat: Seat, version: int, change: dict[str, Any]) -> httpx.Response:
    return await seat.client.post(f"{URL}/1/temporary", json={"asked": change, "version": version})


async def shown(seat: Seat, week_of: str = "") -> dict[str, Any]:
    answer = await seat.client.get(URL, params={"week": week_of} if week_of else {})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_D1_H_hours_are_set_by_the_desk_and_a_day_is_changed_by_an_operator(house: House) -> None:
    desk, operator = await house.seat("desk", DESK), await house.seat("claes")
    answer = await set_week(desk)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "area": "1", "version": 1, "sentence": "Patrols and procedures are unchanged.", "task": None, "change": "",
    }  # fmt: skip
    refused = await set_week(operator, 1)
    assert (refused.status_code, refused.json()["sentence"]) == (
        403, "Only the service desk or a supervisor may change site files.",
    )  # fmt: skip
    made = (await temporary(operator, 1, asked("2026-11-23"))).json()
    site = await shown(operator)
    assert (site["monday"], site["timezone"], site["country"]) == ("2026-11-23", "Europe/Brussels", "BE")
    shop, workshop = site["areas"]
    assert (shop["area"], shop["name"], shop["version"], shop["changed_by"]) == ("1", "Winkel", 2, "Claes")
    assert (workshop["hours"], workshop["days"], workshop["version"]) == (None, [], 0)
    monday, tuesday = shop["days"][:2]
    assert (monday["layer"], monday["spans"], monday["was"]) == (
        "temporary", [{"opens": 600, "closes": 1530}], [{"opens": 600, "closes": 1080}],
    )  # fmt: skip
    change = monday["change"]
    assert (change["id"], change["by"], change["channel"]) == (made["change"], "Claes", "console, WS-claes")
    assert (change["at"], change["why"]) == ("2026-11-23T20:00:00Z", "inventory")
    assert (tuesday["layer"], tuesday["change"]) == ("weekly", None)
    assert {day["layer"] for day in (await shown(operator, "2026-12-02"))["areas"][0]["days"]} == {"weekly"}


async def test_D2_a_task_is_made_where_something_depends_on_the_hours_and_one_alone(house: House) -> None:
    desk = await house.seat("desk", DESK)
    await house.station.scribe.act(
        lambda ledger: ledger.connection.exec_driver_sql("UPDATE site SET keys_held = 'box KB-1'") and None
    )
    done = (await set_week(desk)).json()
    assert done["sentence"] == ("Patrols and procedures are unchanged. The service desk has a task to look at them.")
    assert (await shown(desk))["depends"] == ["keys held: box KB-1"]
    [opened] = await house.entries("task-opened")
    assert opened["seq"] == done["task"]
    assert opened["text"] == (
        "Task for the service desk · Hours of Winkel changed: see whether these still fit: keys held: box KB-1"
    )
    again = (await set_week(desk, 1, hours=document("09:00–17:00"))).json()
    assert again["task"] == done["task"], "one open task for one matter"
    day = (await temporary(desk, 2, asked("2026-11-27"))).json()
    assert day["task"] != done["task"]
    assert (await house.entries("task-opened"))[1]["text"].endswith(
        "Hours of Winkel changed for Fri 27 Nov 2026: see whether these still fit: keys held: box KB-1"
    )


async def test_I11_an_edit_that_began_from_another_version_is_refused_and_changes_nothing(house: House) -> None:
    desk, other = await house.seat("desk", DESK), await house.seat("other", DESK)
    await set_week(desk)
    refused = await set_week(other, 0, hours=document("00:00–24:00"))
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (409, "changed", "version")
    assert refused.json()["sentence"] == "The hours of Winkel were changed by Desk meanwhile: look at them first."
    for answer in (
        await temporary(other, 0, asked("2026-11-23")),
        await other.client.post(f"{URL}/1/temporary/remove", json={"change": "1", "version": 7}),
    ):
        assert answer.status_code == 409, answer.text
    assert (await shown(desk))["areas"][0]["hours"]["weekly"] == document()["weekly"]
    body = {"asked": asked("2026-11-23"), "version": 1, "act": "a1"}
    answers = [await desk.client.post(f"{URL}/1/temporary", json=body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert len((await shown(desk))["areas"][0]["hours"]["changes"]) == 1, "sent twice it happens once"


async def test_I6_each_change_is_journaled_with_before_and_after_and_nobody_signs_for_another(house: House) -> None:
    desk = await house.seat("desk", DESK)
    await set_week(desk)
    made = (await temporary(desk, 1, asked("2026-11-23", "closed", "2026-11-25"))).json()
    forged = document("09:00–17:00")
    forged["changes"] = [{**asked("2026-11-24"), "id": "x", "by": "Nobody", "at": "2026-11-01T00:00:00Z"}]
    assert (await set_week(desk, 2, hours=forged)).status_code == 200
    removed = await desk.client.post(f"{URL}/1/temporary/remove", json={"change": made["change"], "version": 3})
    assert removed.json()["version"] == 4
    entries = await house.entries("hours-changed")
    assert [entry["text"] for entry in entries] == [
        "Supervised hours of Winkel set",
        "Hours of Winkel for Mon 23 Nov 2026 to Wed 25 Nov 2026: closed · inventory",
        "Supervised hours of Winkel changed",
        "Hours of Winkel for Mon 23 Nov 2026 to Wed 25 Nov 2026 taken back: closed · inventory",
    ]
    assert entries[0]["data"]["before"] is None
    for before, after in pairwise(entries):
        assert after["data"]["before"] == before["data"]["after"]
    assert [change["by"] for change in entries[2]["data"]["after"]["changes"]] == ["Desk"]
    assert entries[3]["data"]["after"]["changes"] == []
    gone = await set_week(desk, 4, hours=None)
    assert gone.json()["version"] == 5
    assert (await shown(desk))["areas"][0]["hours"] is None
    assert (await set_week(desk, 5, hours=None)).status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"hours": {"weekly": [[]] * 6}, "version": 0}, "hours.weekly"),
        ({"hours": {"weekly": [[{"opens": 600, "closes": 600}]] + [[]] * 6}, "version": 0}, "hours.weekly.0.0"),
        ({"hours": {"weekly": [[{"opens": 0, "closes": 1440}] * 2] + [[]] * 6}, "version": 0}, "hours.weekly.0"),
        ({"hours": {"weekly": [[]] * 7, "early_min": 9999}, "version": 0}, "hours.early_min"),
        ({"hours": {"weekly": [[]] * 7, "seasons": [
            {"name": "x", "first": "04-31", "last": "05-01", "weekly": [[]] * 7}]}, "version": 0}, "hours.seasons.0"),
        ({"hours": {"weekly": [[]] * 7}}, "version"),
    ],
)  # fmt: skip
async def test_I12_what_cannot_be_hours_is_refused_with_its_field(
    small_house: House, body: dict[str, Any], field: str
) -> None:
    desk = await small_house.seat("desk", DESK)
    answer = await desk.client.post(f"{URL}/1", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert await small_house.entries("hours-changed") == []


async def test_I12_days_that_are_over_areas_that_are_not_there_and_changes_without_a_week_are_refused(
    small_house: House,
) -> None:
    desk = await small_house.seat("desk", DESK)
    early = await temporary(desk, 0, asked("2026-11-23"))
    assert (early.status_code, early.json()["sentence"]) == (
        409, "Winkel has no supervised hours: set its week first.",
    )  # fmt: skip
    await set_week(desk)
    over = await temporary(desk, 1, asked("2026-11-22"))
    assert (over.status_code, over.json()["field"]) == (422, "last")
    assert over.json()["sentence"] == "Sun 22 Nov 2026 is over: past hours are not changed."
    backwards = await temporary(desk, 1, asked("2026-11-25", last="2026-11-24"))
    assert backwards.status_code == 422
    assert (await set_week(desk, area="9")).status_code == 404
    assert (await desk.client.get("/v1/sites/S9/hours")).status_code == 404
    assert (await desk.client.get(URL, params={"week": "soon"})).status_code == 422
    gone = await desk.client.post(f"{URL}/1/temporary/remove", json={"change": "77", "version": 1})
    assert (gone.status_code, gone.json()["field"]) == (404, "change")


async def test_B3_what_is_not_transmitted_is_said(small_house: House) -> None:
    desk = await small_house.seat("desk", DESK)
    await set_week(desk)
    [said, nothing] = [area["said"] for area in (await shown(desk))["areas"]]
    assert said == "State not transmitted: late closings and missing openings cannot be told."
    assert nothing == ""
    await set_week(desk, 1, hours=document(supervised=["opening outside hours"]))
    assert (await shown(desk))["areas"][0]["said"] == ""


@pytest.mark.parametrize("role", list(StaffRole))
async def test_H_temporary_hours_are_for_operator_desk_and_supervisor(small_house: House, role: StaffRole) -> None:
    seat, desk = await small_house.seat("who", role), await small_house.seat("desk", DESK)
    await set_week(desk)
    allowed = role is not StaffRole.ADMINISTRATOR
    added = await temporary(seat, 1, asked("2026-11-23"))
    assert added.status_code == (200 if allowed else 403), added.text
    change = added.json().get("change", "x")
    removed = await seat.client.post(f"{URL}/1/temporary/remove", json={"change": change, "version": 2})
    assert removed.status_code == (200 if allowed else 403), removed.text


async def test_D1_an_evening_that_is_over_by_the_calendar_is_still_prolonged(house: House) -> None:
    operator = await house.seat("claes")
    await set_week(await house.seat("desk", DESK))
    house.clock.move(4 * 3600)  # Tuesday, 01:00 at the site
    assert (await temporary(operator, 1, asked("2026-11-23", "10:00–01:00"))).status_code == 422, "over already"
    assert (await temporary(operator, 1, asked("2026-11-23", "10:00–03:00"))).status_code == 200
    [monday] = [day for day in (await shown(operator))["areas"][0]["days"] if day["day"] == "2026-11-23"]
    assert monday["layer"] == "temporary"

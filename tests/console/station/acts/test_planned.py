"""Planned tests (F2, F3, H, I10, issue 5 point 3) through the real API and duties, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from models.records import StaffRole
from tests.console.station.acts.test_site_file import change
from tests.console.station.house import House, Seat
from tests.frames import sia

# The house begins on Monday 23 November 2026, 20:00 UTC: 21:00 on the wall in Brussels.
WEEKLY = {"when": {"first": "2026-11-23", "at": "10:00", "minutes": 30, "weekdays": [0]}, "why": "weekly fire test"}
ONCE = {"when": {"first": "2026-11-24", "at": "09:00", "minutes": 60}, "why": "installer"}
HALL = {"whole": False, "areas": ["1"], "kinds": ["intrusion"]}
WEEK = timedelta(days=7)
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)


async def plan(seat: Seat, **body: Any) -> httpx.Response:
    return await seat.client.post("/v1/sites/S1/planned-tests", json=body)


async def listed(seat: Seat, **query: Any) -> list[dict[str, Any]]:
    answer = await seat.client.get("/v1/planned-tests", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def until(house: House, seat: Seat, at: datetime) -> Seat:
    """Move the clock to ``at`` and do one second's duties; the operator signs in anew where the session is over."""
    house.clock.move((at - house.clock.now()).total_seconds())
    await house.station.duties.second()
    if (await seat.client.get("/v1/picture")).status_code == 401:
        return await house.sign_in(seat.login, seat.workstation)
    return seat


async def test_a_weekly_test_begins_ends_and_begins_again(house: House) -> None:
    seat = await house.seat("claes")
    planned = (await plan(seat, **WEEKLY, ticket="T-9", scope=HALL)).json()
    assert (planned["words"], planned["state"], planned["next_at"]) == (
        "every Monday 10:00, 30 min",
        "planned",
        "2026-11-30T09:00:00Z",
    )
    assert (planned["scope_words"], planned["asked_by"], planned["timezone"]) == (
        "Winkel · intrusion",
        "Claes, for the station itself",
        "Europe/Brussels",
    )
    seat = await until(house, seat, MONDAY - timedelta(seconds=1))
    assert await seat.tests("S1") == []
    seat = await until(house, seat, MONDAY)
    [test] = await seat.tests("S1")
    assert (test["planned"], test["ends_at"], test["why"], test["ticket"]) == (
        planned["id"],
        "2026-11-30T09:30:00Z",
        "weekly fire test",
        "T-9",
    )
    assert (test["by"], test["channel"], test["scope_words"]) == ("Claes", "planned", "Winkel · intrusion")
    [begun] = await house.entries("test-on")
    assert (begun["actor"]["kind"], begun["data"]["planned"]) == ("station", planned["id"])
    [current] = await listed(seat)
    assert (current["state"], current["test"], current["next_at"]) == ("current", test["id"], "2026-12-07T09:00:00Z")
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri1/BR07"))
    assert await house.alarms() == []
    seat = await until(house, seat, MONDAY + timedelta(minutes=30))
    assert await seat.tests("S1") == []
    assert [one["state"] for one in await listed(seat)] == ["planned"]
    seat = await until(house, seat, MONDAY + WEEK)
    assert len(await seat.tests("S1")) == 1


async def test_one_that_runs_once_expires_and_is_shown_for_thirty_days(house: House) -> None:
    seat = await house.seat("claes")
    await plan(seat, **ONCE)
    start = datetime(2026, 11, 24, 8, tzinfo=UTC)
    seat = await until(house, seat, start)
    assert [(one["state"], one["next_at"]) for one in await listed(seat)] == [("current", None)]
    seat = await until(house, seat, start + timedelta(hours=1))
    assert await listed(seat) == []
    [expired] = await listed(seat, expired=True)
    assert (expired["state"], expired["over_at"], expired["words"]) == (
        "expired",
        "2026-11-24T09:00:00Z",
        "Tue 24 Nov 2026 09:00, 1 h",
    )
    seat = await until(house, seat, start + timedelta(days=31))
    assert await listed(seat, expired=True) == []


async def test_a_station_that_was_down_begins_late_with_what_is_left(house: House) -> None:
    seat = await house.seat("claes")
    await plan(seat, **WEEKLY)
    seat = await until(house, seat, MONDAY + timedelta(minutes=12))
    [test] = await seat.tests("S1")
    assert (test["channel"], test["ends_at"]) == ("planned, begun 12 min late", "2026-11-30T09:30:00Z")
    assert await house.entries("test-missed") == []


async def test_what_was_wholly_missed_is_journaled(house: House) -> None:
    seat = await house.seat("claes")
    await plan(seat, **WEEKLY)
    seat = await until(house, seat, MONDAY + 2 * WEEK + timedelta(minutes=30))
    assert await seat.tests("S1") == []
    [entry] = await house.entries("test-missed")
    assert entry["text"] == (
        "Planned test missed 3 times, last 2026-12-14 10:00: the station did not run · "
        "every Monday 10:00, 30 min · weekly fire test"
    )
    assert entry["data"]["missed"][0] == "2026-11-30T09:00:00+00:00"
    [planned] = await listed(seat)
    assert planned["next_at"] == "2026-12-21T09:00:00Z"


async def test_one_that_was_missed_before_a_current_one_is_journaled_as_well(house: House) -> None:
    seat = await house.seat("claes")
    await plan(seat, **WEEKLY)
    seat = await until(house, seat, MONDAY + WEEK + timedelta(minutes=5))
    assert len(await seat.tests("S1")) == 1
    [entry] = await house.entries("test-missed")
    assert "missed at 2026-11-30 10:00" in entry["text"]


async def test_a_whole_site_that_is_in_test_already_is_not_put_in_twice(house: House) -> None:
    seat = await house.seat("claes")
    await plan(seat, **WEEKLY)
    house.clock.move(3600)
    seat = await house.sign_in("claes", "WS2")
    hand = (await seat.test_on("S1")).json()
    seat = await until(house, seat, MONDAY)
    assert [test["id"] for test in await seat.tests("S1")] == [hand["id"]]
    [entry] = await house.entries("test-not-begun")
    assert entry["text"].startswith("Planned test not begun: Bakkerij Peeters is in test already, set by Claes")


async def test_a_part_that_still_runs_past_its_end_is_not_doubled(house: House) -> None:
    seat = await house.seat("claes")
    await plan(seat, **WEEKLY, scope=HALL)
    seat = await until(house, seat, MONDAY)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    seat = await until(house, seat, MONDAY + timedelta(minutes=30))
    seat = await until(house, seat, MONDAY + WEEK)
    [test] = await seat.tests("S1")
    assert test["past_end"]
    assert len(await house.entries("test-not-begun")) == 1


async def test_I10_it_keeps_to_the_wall_clock_of_its_site_across_the_change(house: House) -> None:
    seat = await house.seat("claes")
    weekly = {**WEEKLY["when"], "first": "2027-03-22"}  # type: ignore[dict-item]
    await plan(seat, **{**WEEKLY, "when": weekly})
    begun = []
    for at in (datetime(2027, 3, 22, 9, tzinfo=UTC), datetime(2027, 3, 29, 8, tzinfo=UTC)):
        seat = await until(house, seat, at - timedelta(seconds=1))
        assert await seat.tests("S1") == []
        seat = await until(house, seat, at)
        begun += await seat.tests("S1")
        seat = await until(house, seat, at + timedelta(minutes=30))
    assert [test["since"] for test in begun] == ["2027-03-22T09:00:00Z", "2027-03-29T08:00:00Z"]


async def test_I10_a_site_that_gets_another_time_zone_is_tested_by_its_new_clock(house: House) -> None:
    seat = await house.seat("maes", StaffRole.SUPERVISOR)
    await plan(seat, **WEEKLY)
    file = (await seat.client.get("/v1/sites/S1/file")).json()
    answer = await change(seat, file, "details", {**file["details"], "timezone": "Europe/Lisbon"})
    assert answer.status_code == 200, answer.text
    [planned] = await listed(seat)
    assert (planned["next_at"], planned["timezone"]) == ("2026-11-30T10:00:00Z", "Europe/Lisbon")


async def test_I11_it_is_changed_and_taken_back_with_its_version_and_once(house: House) -> None:
    seat = await house.seat("claes")
    first = await plan(seat, **WEEKLY, act="p1")
    planned = first.json()
    assert (await plan(seat, **WEEKLY, act="p1")).json() == planned
    path = f"/v1/planned-tests/{planned['id']}"
    later = {**WEEKLY, "when": {**WEEKLY["when"], "at": "11:30"}, "version": 1}  # type: ignore[dict-item]
    changed = await seat.client.post(f"{path}/change", json=later)
    assert (changed.json()["version"], changed.json()["next_at"]) == (2, "2026-11-30T10:30:00Z")
    assert (await seat.client.post(f"{path}/change", json=later)).json()["code"] == "changed"
    assert (await seat.client.post(f"{path}/remove", json={"version": 1})).json()["code"] == "changed"
    gone = await seat.client.post(f"{path}/remove", json={"version": 2, "why": "moved"})
    assert (gone.json()["state"], gone.json()["over_by"], gone.json()["next_at"]) == ("expired", "Claes", None)
    over = await seat.client.post(f"{path}/remove", json={"version": 3})
    assert (over.status_code, over.json()["sentence"]) == (409, "This planned test was taken back by Claes.")
    assert await listed(seat) == []
    assert len(await listed(seat, expired=True)) == 1
    kinds = [entry["kind"] for entry in await house.entries() if entry["kind"].startswith("test-")]
    assert kinds == ["test-planned", "test-plan-changed", "test-plan-removed"]
    [entry] = await house.entries("test-plan-changed")
    assert entry["text"].startswith("Planned test changed: every Monday 10:00, 30 min → every Monday 11:30, 30 min")
    assert (entry["data"]["before"]["when"]["at"], entry["data"]["after"]["when"]["at"]) == ("10:00", "11:30")
    seat = await until(house, seat, MONDAY + timedelta(hours=2))
    assert await seat.tests("S1") == []


async def test_a_test_that_runs_goes_on_when_its_plan_is_taken_back(house: House) -> None:
    seat = await house.seat("claes")
    planned = (await plan(seat, **WEEKLY)).json()
    seat = await until(house, seat, MONDAY)
    await seat.client.post(f"/v1/planned-tests/{planned['id']}/remove", json={"version": 1})
    assert len(await seat.tests("S1")) == 1
    assert [one["state"] for one in await listed(seat)] == ["current"]
    seat = await until(house, seat, MONDAY + timedelta(minutes=30))
    assert await seat.tests("S1") == []
    assert await listed(seat) == []


async def test_H_who_plans_and_life_safety_is_confirmed_once_more(house: House) -> None:
    seat, adm = await house.seat("claes"), await house.seat("adm", StaffRole.ADMINISTRATOR)
    assert (await plan(adm, **WEEKLY)).status_code == 403
    assert (await adm.client.get("/v1/planned-tests")).status_code == 403
    fire = {"whole": False, "kinds": ["fire"]}
    answer = await plan(seat, **WEEKLY, scope=fire)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (409, "confirm", "kinds")
    planned = (await plan(seat, **WEEKLY, scope=fire, confirmed=True)).json()
    assert planned["life_safety"]
    for which in ("change", "remove"):
        body = {"version": 1, **(WEEKLY if which == "change" else {})}
        assert (await adm.client.post(f"/v1/planned-tests/{planned['id']}/{which}", json=body)).status_code == 403
    seat = await until(house, seat, MONDAY)
    assert (await seat.tests("S1"))[0]["life_safety"]


async def test_A4_who_asked_was_identified(house: House) -> None:
    seat = await house.seat("maes", StaffRole.SUPERVISOR)
    typed = await plan(seat, **WEEKLY, asked={"contact": "S1-1"})
    assert (typed.status_code, typed.json()["field"]) == (422, "identified")
    assert await listed(seat) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"why": " "}, "why"),
        ({"when": {**ONCE["when"], "first": "2026-11-23"}}, "first"),  # type: ignore[dict-item]
        ({"when": {**WEEKLY["when"], "first": "2026-11-01", "last": "2026-11-20"}}, "last"),  # type: ignore[dict-item]
        ({"when": {**ONCE["when"], "minutes": 25 * 60}}, "minutes"),  # type: ignore[dict-item]
        ({"when": {**ONCE["when"], "at": "25:00"}}, "when.at"),  # type: ignore[dict-item]
        ({"scope": {"whole": False, "areas": ["9"], "kinds": ["intrusion"]}}, "areas"),
    ],
)
async def test_I12_what_cannot_be_is_refused_by_name(small_house: House, changes: dict[str, Any], field: str) -> None:
    seat = await small_house.seat("claes")
    answer = await plan(seat, **{**ONCE, **changes})
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert await listed(seat) == []

"""The response targets that a supervisor sets: checked, journaled, and what queue and figures go by (F6, I11, I12)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models.records import StaffRole
from tests.console.station.house import SITE, House, Seat, open_house, site
from tests.frames import sia

SUPERVISOR = StaffRole.SUPERVISOR
TARGETS = "/v1/performance/targets"
GIVEN: dict[str, Any] = {
    "version": 0,
    "name": "Winter",
    "emergency": [{"seconds": 20, "percent": 90}, {"seconds": 40, "percent": 99}],
    "others": [{"seconds": 120, "percent": 80}, {"seconds": 240, "percent": 98}],
}


async def change(seat: Seat, **changes: Any) -> Any:
    return await seat.client.post(TARGETS, json={**GIVEN, **changes})


async def test_what_is_set_is_measured_by_from_then_on_and_journaled_with_before_and_after(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    before = (await chief.client.get(TARGETS)).json()
    assert (before["name"], before["version"], before["others"][0]) == ("default", 0, {"seconds": 90, "percent": 80.0})
    answer = await change(chief)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["by"], answer.json()["version"]) == ("Chief", 1)
    [entry] = await house.entries("response-targets")
    assert entry["text"] == (
        "Response targets “Winter”: Emergency 90 % within 20 s and 99 % within 40 s, others 80 % within 120 s and "
        "98 % within 240 s · before “default”: Emergency 80 % within 30 s and 98.5 % within 60 s, others 80 % within "
        "90 s and 98.5 % within 180 s"
    )
    assert (entry["actor"]["name"], entry["data"]["after"]["name"]) == ("Chief", "Winter")
    assert entry["data"]["before"]["others"][1] == {"seconds": 180, "percent": 98.5}
    picture = await chief.picture()
    assert picture["targets"] == {"1": 20, "2": 120, "3": 120, "4": 120}
    assert [view["target_s"] for view in picture["alarms"]] == [120]
    house.clock.move(100)
    await chief.take_next()
    figures = (await chief.client.get("/v1/performance")).json()
    assert figures["profile"] == "Winter"
    medium = next(one for one in figures["priorities"] if one["priority"] == 3)
    assert (medium["targets"][0]["seconds"], medium["operator"]["first"]) == (120, 1), "100 s is in time now"
    timeline = (await chief.client.get(f"/v1/alarms/{picture['alarms'][0]['id']}/timeline")).json()
    assert timeline["target_s"] == 120
    again = await change(chief, version=1, name="Summer")
    assert (again.status_code, again.json()["version"]) == (200, 2)


async def test_they_hold_after_a_restart_and_for_every_console_at_once(place: Path | str, still: None) -> None:
    async with open_house(place) as house:
        await house.bring_in(SITE)
        chief = await house.seat("chief", SUPERVISOR)
        assert (await change(chief)).status_code == 200
        [item] = [one for one in await feed_items(house) if one.entry.kind == "response-targets"]
        assert item.targets == {1: 20, 2: 120, 3: 120, 4: 120}
    async with open_house(place) as house:
        chief = await house.sign_in("chief", "WS-chief")
        assert (await chief.picture())["targets"]["1"] == 20


async def feed_items(house: House) -> list[Any]:
    from console.station.feed import items_after

    return await house.station.database.read(lambda c: items_after(c, 0, house.station.profile))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"emergency": [{"seconds": 0, "percent": 90}, {"seconds": 40, "percent": 99}]}, "emergency_first_s"),
        ({"emergency": [{"seconds": 40, "percent": 90}, {"seconds": 40, "percent": 99}]}, "emergency_second_s"),
        ({"emergency": [{"seconds": 20, "percent": 0}, {"seconds": 40, "percent": 99}]}, "emergency_first_percent"),
        ({"others": [{"seconds": 90, "percent": 80}, {"seconds": 180, "percent": 100.5}]}, "others_second_percent"),
        ({"others": [{"seconds": 90, "percent": 80}, {"seconds": 180, "percent": 79}]}, "others_second_percent"),
        ({"others": [{"seconds": 90, "percent": 80}, {"seconds": 90_000, "percent": 90}]}, "others_second_s"),
    ],
)
async def test_I12_what_no_targets_may_be_is_refused_by_name(
    small_house: House, changes: dict[str, Any], field: str
) -> None:
    chief = await small_house.seat("chief", SUPERVISOR)
    answer = await change(chief, **changes)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert await small_house.entries("response-targets") == []


async def test_I11_two_who_change_them_and_H_who_may(small_house: House) -> None:
    chief, other = await small_house.seat("chief", SUPERVISOR), await small_house.seat("other", SUPERVISOR)
    assert (await change(chief)).status_code == 200
    stale = await change(other, name="Summer")
    assert (stale.status_code, stale.json()["code"]) == (409, "changed")
    assert "by Chief" in stale.json()["sentence"]
    same = await change(chief, version=1)
    assert (same.status_code, same.json()["sentence"]) == (422, "Nothing differs from the targets that hold.")
    operator = await small_house.seat("claes")
    assert (await change(operator, version=1)).status_code == 403
    assert (await operator.client.get(TARGETS)).status_code == 200, "what the queue measures by is no secret"


async def test_an_emergency_that_waits_counts_against_a_target_once_that_has_passed(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)

    async def emergency() -> dict[str, int]:
        figures = (await chief.client.get("/v1/performance")).json()
        done = figures["priorities"][0]["operator"]
        [hour] = [one for one in figures["hours"] if one["priority"] == 1] or [{"of_second": 0}]
        assert hour["of_second"] == done["of_second"]
        return {name: done[name] for name in ("alarms", "first", "second", "of_second")}

    await house.send(sia("1001", 1, "Nri2/FA11"))
    house.clock.move(30)
    assert await emergency() == {"alarms": 0, "first": 0, "second": 0, "of_second": 0}
    house.clock.move(15)
    assert await emergency() == {"alarms": 1, "first": 0, "second": 0, "of_second": 0}
    house.clock.move(16)
    assert await emergency() == {"alarms": 1, "first": 0, "second": 0, "of_second": 1}
    await house.send(sia("1001", 2, "Nri1/BA07"))
    await chief.take_next()
    assert (await emergency())["of_second"] == 1


async def test_figures_by_customer_group_and_of_one_group(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await house.bring_in(*(site(f"T{n}", f"30{n:02d}") for n in range(1, 4)))
    group = "UPDATE site SET customer_group = 'Bakers' WHERE id IN ('T1', 'T2')"
    await house.station.scribe.act(lambda ledger: ledger.connection.exec_driver_sql(group) and None)
    for number in (1, 2, 3):
        await house.send(sia(f"300{number}", 1, "Nri1/BA07"))
    house.clock.move(10)
    await chief.take_next()
    house.clock.move(100)
    all_ = (await chief.client.get("/v1/performance")).json()
    assert [
        (one["group"], one["opened"], one["operator"]["alarms"], one["operator"]["first"]) for one in all_["groups"]
    ] == [("Bakers", 2, 2, 1)]
    some = (await chief.client.get("/v1/performance", params={"group": "Bakers"})).json()
    assert (some["group"], sum(one["opened"] for one in some["priorities"])) == ("Bakers", 2)
    assert sum(one["opened"] for one in all_["priorities"]) == 3
    assert {one["site"] for one in some["sources"]} == {"T1", "T2"}
    none = (await chief.client.get("/v1/performance", params={"group": "Butchers"})).json()
    assert sum(one["opened"] for one in none["priorities"]) == 0


async def test_the_year_before_is_told_part_by_part_and_of_one_group(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await house.bring_in(site("T1", "3001"))
    for wait in (10, 100, 300):
        await house.send(sia("3001", 1 + wait, "Nri1/BA07"))
        house.clock.move(wait)
        taken = (await chief.take_next()).json()["id"]
        await chief.skip_all(taken)
        closed = await chief.act(taken, "close", disposition="no-cause", reason="seen to")
        assert closed.status_code == 200, closed.text
        house.clock.move(20 * 24 * 3600)
        chief = await house.sign_in("chief", "WS-chief")
    await house.send(sia("3001", 900, "Nri1/BA07"))
    to = (house.clock.now() - timedelta(hours=1)).isoformat()
    told = (await chief.client.get("/v1/performance/earlier", params={"to": to})).json()
    assert {name: told["others"][name] for name in ("alarms", "first", "second", "of_second")} == {
        "alarms": 3, "first": 1, "second": 2, "of_second": 3
    }  # fmt: skip
    assert told["emergency"]["alarms"] == 0
    nobody = await chief.client.get("/v1/performance/earlier", params={"to": to, "group": "Bakers"})
    assert nobody.json()["others"]["alarms"] == 0
    for wrong in ("2026-11-22T20:00:00", "0001-01-01T00:00:00Z"):
        assert (await chief.client.get("/v1/performance/earlier", params={"to": wrong})).status_code == 422

"""Sites of an outage that have no second path are checked one by one, on both databases (06d, G2, I6, I11, I13)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.station.rules.profile import DEFAULT_PROFILE
from models.records import StaffRole
from tests.console.station.acts.test_supervision import accounts, alive, pass_time, system
from tests.console.station.house import House, Seat, open_house, site

PROFILE = replace(DEFAULT_PROFILE, outage_systems=5)


@pytest.fixture
async def down(place: Path | str, still: None) -> AsyncIterator[House]:
    """Six sites of one provider are off line; S-5 alone has a second path, which is up."""
    async with open_house(place, PROFILE) as house:
        sites = [site(f"S-{n}", "", systems=(system(f"A00{n}"),)) for n in range(5)]
        sites.append(site("S-5", "", systems=(system("A005"), system("B005", "Mobile"))))
        await house.bring_in(*sites)
        await pass_time(house, 60)
        await alive(house, "B005")
        await pass_time(house, 61)
        yield house


async def the_outage(house: House) -> str:
    [alarm] = [alarm for alarm in await house.alarms() if alarm.kind == "outage"]
    return alarm.id


async def shown(seat: Seat, outage: str) -> tuple[int, int, int]:
    """Off line, of those without a second path, of those checked: as every console is told."""
    alarms = (await seat.picture())["alarms"]
    view: dict[str, Any] = next(alarm["outage"] for alarm in alarms if alarm["id"] == outage)
    return view["lost"], view["alone"], view["checked"]


async def test_G2_I6_a_check_is_counted_for_all_and_journaled_with_who(down: House) -> None:
    seat, other = await down.seat("claes"), await down.seat("dubois")
    outage = await the_outage(down)
    await seat.act(outage, "take")
    answer = await seat.act(outage, "check", site="S-2")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["outage"]["alone"], answer.json()["outage"]["checked"]) == (5, 1)
    assert await shown(other, outage) == (6, 5, 1)
    [entry] = await down.entries("site-checked")
    assert (entry["site"], entry["account"], entry["alarm"], entry["actor"]["name"]) == ("S-2", "A002", outage, "Claes")
    members = (await other.client.get(f"/v1/alarms/{outage}/members")).json()
    assert {m["account"]: m["checked_by"] for m in members if m["checked_at"]} == {"A002": "Claes"}
    again = await seat.act(outage, "check", site="S-2")
    assert (again.status_code, again.json()["field"]) == (409, "site")
    assert "checked already, by Claes" in again.json()["sentence"]
    assert (await seat.act(outage, "check", site="S-2", checked=False)).json()["outage"]["checked"] == 0
    assert (await seat.act(outage, "check", site="S-2", checked=False)).status_code == 409
    assert len(await down.entries("check-taken-back")) == 1


async def test_H_G2_only_its_holder_checks_and_only_what_is_to_check(down: House) -> None:
    seat, other = await down.seat("claes"), await down.seat("dubois")
    desk = await down.seat("desk", StaffRole.SERVICE_DESK)
    outage = await the_outage(down)
    assert (await seat.act(outage, "check", site="S-0")).json()["code"] == "not-held"
    await seat.act(outage, "take")
    assert (await other.act(outage, "check", site="S-0")).json()["code"] == "held-by-other"
    assert (await desk.act(outage, "check", site="S-0")).status_code == 403
    for wrong in ("S-5", "S-9"):
        refused = await seat.act(outage, "check", site=wrong)
        assert (refused.status_code, refused.json()["field"]) == (404, "site"), "it has a second path, or is no member"
    assert (await seat.act("X", "check", site="S-0")).status_code == 404
    assert await shown(seat, outage) == (6, 5, 0)


async def test_I13_what_returns_is_checked_no_more_and_is_to_check_anew_when_it_falls_silent_again(down: House) -> None:
    seat = await down.seat("claes")
    outage = await the_outage(down)
    await seat.act(outage, "take")
    for site_ in ("S-0", "S-1"):
        await seat.act(outage, "check", site=site_)
    assert await shown(seat, outage) == (6, 5, 2)
    await alive(down, *accounts(0), "B005")
    await pass_time(down, 1, seat)
    assert await shown(seat, outage) == (5, 4, 1)
    await alive(down, "B005")
    await pass_time(down, 60, seat)
    await alive(down, "B005")
    await pass_time(down, 61, seat)
    assert await shown(seat, outage) == (6, 5, 1), "S-0 is to check again, S-1 is not"


async def test_a_site_whose_second_path_came_and_went_is_to_check_anew(down: House) -> None:
    seat = await down.seat("claes")
    outage = await the_outage(down)
    await seat.act(outage, "take")
    for _ in range(2):
        await pass_time(down, 60, seat)
    await pass_time(down, 1, seat)
    assert await shown(seat, outage) == (6, 6, 0), "the second path of S-5 is silent too"
    await seat.act(outage, "check", site="S-5")
    assert await shown(seat, outage) == (6, 6, 1)
    await alive(down, "B005")
    await pass_time(down, 1, seat)
    assert await shown(seat, outage) == (6, 5, 0)
    for _ in range(2):
        await pass_time(down, 60, seat)
    await pass_time(down, 1, seat)
    assert await shown(seat, outage) == (6, 6, 0)

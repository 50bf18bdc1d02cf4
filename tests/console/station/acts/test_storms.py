"""Storm profiles over the whole station, on both databases: nothing is lost, everything comes back (issue 6, I4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from console.station import auditor
from console.station.acts.registry import NewSystem
from console.station.rules.profile import DEFAULT_PROFILE
from models.records import StaffRole
from tests.console.station.house import SITE, START, House, Seat, open_house, site
from tests.frames import sia

SUPERVISOR = StaffRole.SUPERVISOR
FAR = START + timedelta(days=15)
WATER, MAINS, LEAK_BACK, MAINS_BACK = "Nri1/WA11", "Nri0/AT00", "Nri1/WR11", "Nri0/AR00"


async def storm(seat: Seat, **changes: Any) -> dict[str, Any]:
    answer = await asked(seat, **changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def asked(seat: Seat, path: str = "/v1/storms", **changes: Any) -> Any:
    body = {
        "name": "Ciara",
        "scope": {"classes": ["technical", "supervision"]},
        "does": "group",
        "ends_at": (START + timedelta(hours=2)).isoformat(),
        "why": "weather warning",
    }
    return await seat.client.post(path, json={**body, **changes})


async def towns(house: House, count: int = 4) -> None:
    """Sites T1 … with accounts 3001 …, in 2800 and 9000 by turns."""
    await house.bring_in(
        *(site(f"T{n}", f"30{n:02d}", postcode="2800" if n % 2 else "9000") for n in range(1, count + 1))
    )


async def test_I4_what_is_grouped_is_said_in_journal_and_view_and_comes_back_at_the_end(house: House) -> None:
    chief, claes = await house.seat("chief", SUPERVISOR), await house.seat("claes")
    await towns(house)
    await house.send(sia("3001", 1, WATER))
    made = await storm(chief, scope={"kinds": ["water"], "postcodes": ["28"]})
    await house.pass_time(1, chief, claes)
    for number in (2, 3):
        await house.send(sia(f"300{number}", 1, WATER), sia(f"300{number}", 2, "Nri1/FA12"))
    open_ = {(one.site, one.kind): one for one in await house.alarms()}
    assert {key for key, one in open_.items() if one.storm == made["id"]} == {("T1", "water"), ("T3", "water")}
    entries = await house.entries("storm-grouped")
    assert [(e["site"], e["alarm"]) for e in entries] == [(s, open_[s, "water"].id) for s in ("T1", "T3")]
    assert entries[0]["text"] == "Grouped by storm profile “Ciara” until 23 Nov 22:00:00 UTC · Water leak"
    assert [e["text"] for e in await house.entries("storm-begun")] == [
        "Storm profile “Ciara” groups Water leak · postcode 28, until 23 Nov 22:00 UTC · weather warning"
    ]
    [begun] = await house.entries("storm-begun")
    assert begun["actor"]["name"] == "Chief"
    picture = await claes.picture()
    marks = {view["id"]: view["storm"] for view in picture["alarms"]}
    assert marks[open_["T1", "water"].id]["name"] == "Ciara"
    assert marks[open_["T2", "water"].id] is None
    [view] = picture["storms"]
    assert (view["touched"], view["name"]) == (2, "Ciara")
    detail = (await claes.client.get(f"/v1/alarms/{open_['T3', 'water'].id}")).json()
    assert any("Grouped by storm profile" in line["words"] for line in detail["lines"])
    await house.jump(7200, chief, claes)
    back = {one.id: one for one in await house.alarms()}
    for one in open_.values():
        assert (back[one.id].storm, back[one.id].priority) == (None, one.own)
        assert back[one.id].clock_from == one.clock_from
    assert len(await house.entries("storm-presented")) == 2
    [ended] = await house.entries("storm-ended")
    assert ended["text"] == "Storm profile “Ciara” ended: its time has passed · it touched 2 alarms"
    assert ended["actor"]["kind"] == "station"
    assert (await claes.picture())["storms"] == []


async def test_G1_F1_takes_what_is_grouped_last_of_its_priority_and_never_what_is_delayed(house: House) -> None:
    chief, claes = await house.seat("chief", SUPERVISOR), await house.seat("claes")
    await towns(house, 5)
    await storm(chief, scope={"kinds": ["water"]})
    await storm(chief, scope={"kinds": ["mains-failure"]}, does="delay", delay_min=10)
    await house.send(sia("3001", 1, WATER), sia("3002", 1, MAINS))
    house.clock.move(5)
    await house.send(sia("3003", 1, "Nri1/GK01"), sia("3004", 1, "Nri1/BA01"), sia("3005", 1, "Nri0/YC00"))
    order = []
    for _ in range(4):
        taken = (await claes.take_next()).json()
        order.append((taken["site"]["id"], taken["storm"]))
        await claes.act(taken["id"], "park", minutes=1, reason="patrol")
    # Gas, intrusion, what is Low and on its own, and only then the leak that came first; taken it is as it is.
    assert order == [("T3", None), ("T4", None), ("T5", None), ("T1", None)]
    refused = await claes.take_next()
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-waiting")
    delayed = next(one for one in await house.alarms() if one.site == "T2")
    assert (await claes.act(delayed.id, "take")).status_code == 200, "by hand it can be taken at any time"
    assert (await house.alarm(delayed.id)).storm is None


async def test_I13_a_delay_presents_what_stands_and_lets_listed_kinds_complete_themselves(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await towns(house)
    await storm(chief, does="delay", delay_min=10)
    await house.send(sia("3001", 1, MAINS), sia("3002", 1, MAINS), sia("3003", 1, WATER))
    await house.send(sia("3001", 2, MAINS_BACK), sia("3003", 2, LEAK_BACK))
    left = {one.site: one for one in await house.alarms()}
    assert set(left) == {"T2", "T3"}, "mains is listed to complete itself, a leak is not"
    assert left["T3"].zones[0].restored
    assert [e["site"] for e in await house.entries("self-completed")] == ["T1"]
    await house.pass_time(599, chief)
    assert all(one.storm is not None for one in await house.alarms())
    await house.pass_time(2, chief)
    for one in await house.alarms():
        assert (one.storm, one.clock_from) == (None, left[one.site or ""].clock_from)
    told = [e["text"] for e in await house.entries("storm-presented")]
    assert told[0] == "Presented again: storm profile “Ciara” no longer covers it · Mains failure"
    assert len(told) == 2


async def test_life_safety_intrusion_and_the_unknown_pass_every_profile_untouched(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await towns(house)
    for does, more in (("group", {}), ("delay", {"delay_min": 60}), ("lower", {})):
        await storm(chief, does=does, **more)
    packets = ("Nri1/FA12", "Nri1/PA01", "Nri1/HA01", "Nri1/MA01", "Nri1/GA01", "Nri1/BA07", "Nri1/TA07", "Nri1/QQ01")
    for number, packet in enumerate(packets, 1):
        await house.send(sia("3001", number, packet))
    await house.send(sia("7777", 1, WATER))
    assert [one.words for one in await house.alarms() if one.storm is not None] == []
    assert await house.entries("storm-grouped", "storm-delayed", "storm-lowered") == []


async def test_a_signal_that_is_not_covered_brings_a_grouped_alarm_out_and_one_that_is_changes_nothing(
    house: House,
) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await towns(house)
    made = await storm(chief, scope={"kinds": ["water"]})
    await house.send(sia("3001", 1, WATER), sia("3001", 2, "Nri1/WA12"))
    [one] = await house.alarms()
    assert (one.storm, one.signals) == (made["id"], 2)
    assert len(await house.entries("storm-grouped")) == 1
    await house.send(sia("3001", 3, MAINS))
    [one] = await house.alarms()
    assert one.storm is None
    assert len(await house.entries("storm-presented")) == 1


async def test_it_ends_by_itself_also_after_a_restart_and_a_planned_one_begins_then(
    place: Path | str, still: None
) -> None:
    async with open_house(place) as house:
        await house.bring_in(SITE)
        chief = await house.seat("chief", SUPERVISOR)
        await storm(chief, does="delay", delay_min=120)
        later = {
            "begins_at": (START + timedelta(hours=3)).isoformat(),
            "ends_at": (START + timedelta(hours=9)).isoformat(),
        }
        planned = await storm(chief, name="Night", **later)
        assert planned["begun_at"] is None
        soon = {
            "begins_at": (START + timedelta(minutes=30)).isoformat(),
            "ends_at": (START + timedelta(hours=1)).isoformat(),
        }
        await storm(chief, name="Evening", **soon)
        await house.send(sia("1001", 1, MAINS))
        assert (await house.alarms())[0].storm is not None
    async with open_house(place) as house:
        house.clock.move(2 * 3600)
        await house.station.duties.second()
        [one] = await house.alarms()
        assert one.storm is None
        missed = "Storm profile “Evening” taken back: its time passed while the station was down"
        assert missed in [e["text"] for e in await house.entries("storm-ended")]
        house.clock.move(3600)
        await house.station.duties.second()
        [one] = await house.alarms()
        assert one.storm == planned["id"]
        assert [e["actor"]["kind"] for e in await house.entries("storm-begun")] == ["operator", "station"]


async def test_over_a_clock_set_back_nothing_is_held_for_longer(small_house: House) -> None:
    house = small_house
    chief = await house.seat("chief", SUPERVISOR)
    await storm(chief, does="delay", delay_min=30)
    await house.send(sia("1001", 1, MAINS))
    await house.pass_time(10, chief)
    house.clock.set(-3600)
    await house.station.duties.second()
    await house.jump(1800 - 9, chief)
    [one] = await house.alarms()
    assert one.storm is None
    view = (await chief.client.get("/v1/storms")).json()["storms"][0]
    assert view["ends_at"].startswith("2026-11-23T21:00"), "it ends after as long as was said"


async def test_of_a_group_its_first_alone_is_escalated_and_nothing_delayed_is(small_house: House) -> None:
    house = small_house
    chief = await house.seat("chief", SUPERVISOR)
    await towns(house)
    await storm(chief, scope={"kinds": ["water"]})
    await storm(chief, scope={"kinds": ["mains-failure"]}, does="delay", delay_min=90)
    await house.send(*(sia(f"300{n}", 1, WATER) for n in range(1, 4)))
    await house.send(sia("3004", 1, MAINS))
    first = (await house.entries("alarm-opened"))[0]["alarm"]
    await house.pass_time(2400, chief)
    assert {e["alarm"] for e in await house.entries("escalated")} == {first}
    assert len(await house.entries("escalated")) == 2


async def test_an_end_by_hand_and_a_change_bring_the_open_alarms_in_line(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await towns(house)
    await house.send(sia("3001", 1, WATER), sia("3002", 1, MAINS))
    made = await storm(chief, scope={"kinds": ["water"]})
    await house.pass_time(1, chief)
    changed = await storm(
        chief, path=f"/v1/storms/{made['id']}/change", scope={"kinds": ["mains-failure"]}, version=made["version"]
    )
    await house.pass_time(1, chief)
    assert {one.site: one.storm for one in await house.alarms()} == {"T1": None, "T2": made["id"]}
    [entry] = await house.entries("storm-changed")
    assert entry["data"]["before"]["scope"]["kinds"] == ["water"]
    assert entry["data"]["after"]["scope"]["kinds"] == ["mains-failure"]
    stale = await chief.client.post(
        f"/v1/storms/{made['id']}/end", json={"version": made["version"], "why": "wind is down"}
    )
    assert (stale.status_code, stale.json()["code"]) == (409, "changed")
    ended = await chief.client.post(
        f"/v1/storms/{made['id']}/end", json={"version": changed["version"], "why": "wind is down"}
    )
    assert ended.status_code == 200
    await house.pass_time(1, chief)
    assert all(one.storm is None for one in await house.alarms())


async def test_a_preview_says_how_many_open_alarms_it_would_touch_and_touches_none(house: House) -> None:
    chief, claes = await house.seat("chief", SUPERVISOR), await house.seat("claes")
    await towns(house)
    await house.send(*(sia(f"300{n}", 1, WATER) for n in range(1, 5)))
    await house.send(sia("1001", 1, "Nri1/BA07"))
    told = await storm(chief, path="/v1/storms/preview", scope={"kinds": ["water"], "postcodes": ["28"]})
    assert (told["open"], told["touched"]) == (4, 2)
    assert all(one.storm is None for one in await house.alarms())
    assert await house.entries("storm-begun") == []
    for path in ("/v1/storms", "/v1/storms/preview"):
        assert (await asked(claes, path)).status_code == 403


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"why": ""}, "why"),
        ({"scope": {}}, "kinds"),
        ({"scope": {"kinds": ["fire"]}}, "kinds"),
        ({"scope": {"kinds": ["intrusion"]}}, "kinds"),
        ({"scope": {"kinds": ["station-trouble"]}}, "kinds"),
        ({"scope": {"kinds": ["no such kind"]}}, "kinds"),
        ({"scope": {"classes": ["life safety"]}}, "classes"),
        ({"scope": {"classes": ["intrusion"]}}, "classes"),
        ({"scope": {"classes": ["service"]}}, "classes"),
        ({"scope": {"kinds": ["water"], "postcodes": ["-"]}}, "postcodes"),
        ({"scope": {"kinds": ["water"], "postcode": ["28"]}}, "scope.postcode"),
        ({"ends_at": START.isoformat()}, "ends_at"),
        ({"ends_at": (START + timedelta(hours=73)).isoformat()}, "ends_at"),
        ({"begins_at": FAR.isoformat(), "ends_at": (FAR + timedelta(hours=1)).isoformat()}, "begins_at"),
        ({"does": "delay", "delay_min": 0}, "delay_min"),
        ({"does": "delay", "delay_min": 121}, "delay_min"),
    ],
)
async def test_I12_what_no_profile_may_be_is_refused_by_name(
    small_house: House, changes: dict[str, Any], field: str
) -> None:
    chief = await small_house.seat("chief", SUPERVISOR)
    answer = await asked(chief, **changes)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert (await chief.client.get("/v1/storms")).json()["storms"] == []


async def test_I4_the_auditor_shouts_where_the_engine_does_not_give_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await storm(chief, does="delay", delay_min=10)
    await house.send(sia("1001", 1, MAINS))
    [one] = await house.alarms()

    async def nothing(*_given: object) -> None:
        return None

    monkeypatch.setattr(type(house.station.duties), "_storms_turn", nothing)
    house.clock.move(600)
    assert await house.audit(chief) == ()
    house.clock.move(31)
    assert (
        f"{one.id} should be presented: the time is past for which a storm profile held it back",
    ) == await house.audit(chief)

    async def found(**columns: object) -> list[str]:
        changes = ", ".join(f"{name} = '{value}'" for name, value in columns.items())
        sql = f"UPDATE alarm SET {changes} WHERE id = '{one.id}'"
        await house.station.scribe.act(lambda ledger: ledger.connection.exec_driver_sql(sql) and None)
        now = house.clock.now()
        return await house.station.database.read(lambda c: auditor.findings(c, DEFAULT_PROFILE, now, now))

    far = int((house.clock.now() + timedelta(hours=3)).timestamp() * 1_000_000)
    assert await found(storm_until=far) == [f"{one.id} is held back by a storm profile without an end"]
    assert await found(life_safety=1) == [f"{one.id} is touched by a storm profile, which never may"]


async def test_an_outage_is_lowered_where_it_is_named_and_rises_again_at_the_end(
    place: Path | str, still: None
) -> None:
    async with open_house(place, replace(DEFAULT_PROFILE, outage_systems=5)) as house:
        await house.bring_in(
            *(
                site(f"S-{n}", "", systems=(NewSystem(f"A00{n}", None, True, interval_s=90, provider="Fixnet"),))
                for n in range(8)
            )
        )
        chief = await house.seat("chief", SUPERVISOR)
        await storm(chief, does="group")
        low = await storm(chief, scope={"kinds": ["outage"], "providers": ["Fixnet"]}, does="lower")
        house.clock.move(200)
        await chief.beat()
        await house.station.duties.second()
        [one] = await house.alarms()
        assert (one.kind, one.priority, one.own_priority, one.storm) == ("outage", 4, 2, low["id"])
        [entry] = await house.entries("storm-lowered")
        assert entry["text"].startswith("Lowered from 2 High to 4 Low by storm profile “Ciara” until")
        opened = (await house.entries("alarm-opened"))[0]
        assert opened["priority"] == 2, "what it was by itself stays in the journal"
        await house.pass_time(1, chief)
        ended = await chief.client.post(f"/v1/storms/{low['id']}/end", json={"version": 1, "why": "grid is back"})
        assert ended.status_code == 200, ended.text
        await house.pass_time(1, chief)
        [one] = await house.alarms()
        assert (one.priority, one.own_priority, one.storm) == (2, 0, None)
        [entry] = await house.entries("storm-presented")
        assert entry["text"].startswith("Presented again as 2 High")

"""Lost links at a real station, on both databases: transitions, outages, tests, restarts (I2, I4, I13, F4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.station.acts import registry
from console.station.acts.registry import AccountSettings, NewSystem
from console.station.rules.profile import DEFAULT_PROFILE
from console.station.rules.refusal import Refused
from console.station.store.sites import SystemFacts
from models.records import AlarmState, StaffRole
from tests.console.station.house import SITE, House, Seat, open_house, site
from tests.frames import ack, frame, sia

PROFILE = replace(DEFAULT_PROFILE, outage_systems=5)
LIMIT = 120


def system(account: str, provider: str = "Fixnet") -> NewSystem:
    return NewSystem(account, None, True, interval_s=90, margin_s=30, provider=provider)


@pytest.fixture
async def linked(place: Path | str, still: None) -> AsyncIterator[House]:
    """Ten sites of one provider, of which S-8 and S-9 have a second path by another."""
    async with open_house(place, PROFILE) as house:
        sites = [site(f"S-{n}", "", systems=(system(f"A00{n}"),)) for n in range(8)]
        sites += [site(f"S-{n}", "", systems=(system(f"A00{n}"), system(f"B00{n}", "Mobile"))) for n in (8, 9)]
        await house.bring_in(*sites)
        yield house


async def pass_time(house: House, seconds: int, *alive: Seat) -> None:
    house.clock.move(seconds)
    for seat in alive:
        await seat.beat(active=True)
    await house.station.duties.second()


def poll(account: str) -> bytes:
    return frame(f'"NULL"0000L0#{account}[]')


async def alive(house: House, *accounts: str) -> None:
    for account in accounts:
        assert await house.send(poll(account)) == [frame(f'"ACK"0000L0#{account}[]')]


def accounts(*numbers: int) -> list[str]:
    return [f"A00{n}" for n in numbers]


async def test_a_lost_link_is_one_low_alarm_of_its_site_and_its_return_completes_it(linked: House) -> None:
    await pass_time(linked, 100)
    await alive(linked, *accounts(*range(1, 10)), "B008", "B009")
    await pass_time(linked, 21)
    [alarm] = await linked.alarms()
    assert (alarm.kind, alarm.priority, alarm.site, alarm.place) == ("link-lost", 4, "S-0", "system A000 Fixnet")
    [entry] = await linked.entries("link-lost")
    assert (entry["actor"]["kind"], entry["account"], entry["alarm"], entry["raw"]) == (
        "station", "A000", alarm.id, None,
    )  # fmt: skip
    await pass_time(linked, 60)
    assert len(await linked.entries("link-lost")) == 1, "transitions alone are journaled"
    await alive(linked, "A000")
    await pass_time(linked, 1)
    assert await linked.alarms() == []
    assert [e["account"] for e in await linked.entries("link-restored")] == ["A000"]
    assert (await linked.alarm(alarm.id)).close_reason == "restored: Link restored"


async def test_a_providers_silence_is_one_row_later_losses_join_it_and_returns_leave_it(linked: House) -> None:
    seat = await linked.seat("claes")
    await linked.send(sia("A001", 1, "Nri1/BA07"))
    await pass_time(linked, 60)
    await alive(linked, *accounts(0, 7, 8, 9), "B008", "B009")
    await pass_time(linked, 61)
    # Six are silent: more than five within the window.
    outage = next(alarm for alarm in await linked.alarms() if alarm.kind == "outage")
    assert (outage.words, outage.priority) == ("Provider outage, Fixnet", 2)
    assert {alarm.kind for alarm in await linked.alarms()} == {"outage", "intrusion"}, "other kinds keep their rows"
    shown = next(a for a in (await seat.picture())["alarms"] if a["id"] == outage.id)
    assert (shown["outage"]["lost"], shown["outage"]["back"], shown["outage"]["alone"]) == (6, 0, 6)
    await pass_time(linked, 30)
    await alive(linked, *accounts(7, 8), "B008", "B009")
    await pass_time(linked, 31)
    members = (await seat.client.get(f"/v1/alarms/{outage.id}/members")).json()
    assert [m["account"] for m in members] == accounts(0, 1, 2, 3, 4, 5, 6, 9)
    assert [m["account"] for m in members if m["second_path"]] == ["A009"]
    await alive(linked, *accounts(1, 2))
    await pass_time(linked, 1)
    shown = next(a for a in (await seat.picture())["alarms"] if a["id"] == outage.id)
    assert (shown["outage"]["lost"], shown["outage"]["back"], shown["outage"]["alone"]) == (6, 2, 5)
    assert [e["alarm"] for e in await linked.entries("link-lost")] == [outage.id] * 8
    assert [e["alarm"] for e in await linked.entries("link-restored")] == [outage.id] * 2
    await alive(linked, *accounts(0, 3, 4, 5, 6))
    await pass_time(linked, 1)
    [lowered] = await linked.entries("alarm-lowered")
    assert lowered["text"] == "Lowered to 4 Low, no site is without a path · Provider outage, Fixnet"
    now = await linked.alarm(outage.id)
    assert (now.priority, now.state, now.clock_from) == (4, AlarmState.WAITING, outage.clock_from)


async def test_rows_that_a_slow_outage_made_before_it_was_one_go_on_in_it_but_for_what_is_in_hand(
    linked: House,
) -> None:
    seat = await linked.seat("claes")
    await pass_time(linked, 60)
    await alive(linked, *accounts(3, 4, 5, 6, 7, 8, 9), "B008", "B009")
    await pass_time(linked, 61)
    rows = await linked.alarms()
    assert sorted(alarm.site or "" for alarm in rows) == ["S-0", "S-1", "S-2"]
    held = next(alarm for alarm in rows if alarm.site == "S-1")
    assert (await seat.act(held.id, "take")).status_code == 200
    await alive(linked, "B008", "B009")
    await pass_time(linked, 60, seat)
    open_ = {alarm.kind: alarm for alarm in await linked.alarms()}
    assert sorted(open_) == ["link-lost", "outage"]
    assert (open_["link-lost"].id, open_["link-lost"].state) == (held.id, AlarmState.HELD)
    assert sorted(e["site"] for e in await linked.entries("grouped")) == ["S-0", "S-2"]


async def test_I4_G2_an_outage_is_closed_only_once_each_system_is_back_or_has_a_row_of_its_own(linked: House) -> None:
    seat = await linked.seat("claes")
    await pass_time(linked, 60)
    await alive(linked, "B008", "B009")
    await pass_time(linked, 61)
    [outage] = await linked.alarms()
    assert (await seat.act(outage.id, "split-off", account="A000")).status_code == 409, "only its holder"
    desk = await linked.seat("desk", StaffRole.SERVICE_DESK)
    assert (await desk.act(outage.id, "split-off", account="A000")).status_code == 403
    await seat.act(outage.id, "take")
    await alive(linked, *accounts(*range(1, 10)))
    await pass_time(linked, 1, seat)
    refused = await seat.act(outage.id, "close", disposition="no-cause", reason="provider")
    assert refused.status_code == 409
    assert "1 system is still off line" in refused.text
    assert (await seat.act(outage.id, "split-off", account="A001")).status_code == 404, "it is back"
    assert (await seat.act(outage.id, "split-off", account="A000")).status_code == 200
    own = next(alarm for alarm in await linked.alarms() if alarm.kind == "link-lost")
    assert (own.site, own.state) == ("S-0", AlarmState.WAITING)
    closed = await seat.act(outage.id, "close", disposition="no-cause", reason="provider")
    assert closed.status_code == 200, closed.text
    await alive(linked, "A000")
    await pass_time(linked, 1)
    assert await linked.alarms() == []


async def test_F4_a_link_lost_in_test_is_journaled_only_and_counts_anew_after_the_test(linked: House) -> None:
    seat = await linked.seat("claes")
    await seat.test_on("S-0")
    await pass_time(linked, 60)
    others = [*accounts(*range(1, 10)), "B008", "B009"]
    await alive(linked, *others)
    await pass_time(linked, 61)
    assert await linked.alarms() == []
    assert [e["in_test"] for e in await linked.entries("link-lost")] == [True]
    await seat.test_off("S-0")
    for _ in range(10):
        await linked.station.duties.second()
    for seconds in (60, 61):
        await alive(linked, *others)
        await pass_time(linked, seconds)
    assert [alarm.site for alarm in await linked.alarms()] == ["S-0"]


async def test_a_restart_gives_each_system_a_whole_limit_and_tells_no_loss_twice(
    place: Path | str, still: None
) -> None:
    async with open_house(place) as first:
        await first.bring_in(site("S-0", "", systems=(system("A000"), system("A001"))))
        await pass_time(first, 60)
        await alive(first, "A001")
        await pass_time(first, 61)
        assert len(await first.entries("link-lost")) == 1
    async with open_house(place) as second:
        await pass_time(second, LIMIT - 1)
        assert len(await second.entries("link-lost")) == 1
        await pass_time(second, 1)
        assert [e["account"] for e in await second.entries("link-lost")] == ["A000", "A001"]
        await alive(second, "A000")
        await pass_time(second, 1)
        assert [e["account"] for e in await second.entries("link-restored")] == ["A000"]


async def test_I12_supervision_is_set_per_account_and_takes_effect_at_once(house: House) -> None:
    async def set_(**settings: Any) -> None:
        change = AccountSettings("1001", **settings)
        await house.station.scribe.act(
            lambda ledger: registry.set_account(ledger, house.station.secrets, registry.local("test"), change)
        )
        await house.station.accounts_changed()

    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"interval_s": 5}, "interval"),
        ({"margin_s": -1}, "margin"),
        ({"provider": "x" * 101}, "provider"),
    )
    for bad, field in wrong:
        with pytest.raises(Refused) as refused:
            await set_(**bad)
        assert refused.value.field == field
    await set_(interval_s=60, margin_s=0, provider="Fixnet")
    await pass_time(house, 60)
    assert [alarm.kind for alarm in await house.alarms()] == ["link-lost"]
    await house.bring_in(SITE)
    facts = house.station.directory.system("1001")
    assert isinstance(facts, SystemFacts)
    assert (facts.interval_s, facts.provider) == (60, "Fixnet"), "an import keeps what its file has no column for"
    assert await house.send(sia("1001", 1, "NRP")) == [ack("1001", 1)]
    await pass_time(house, 1)
    assert await house.alarms() == []
    await set_(interval_s=0)
    await pass_time(house, 9999)
    assert await house.alarms() == []


async def test_two_stations_over_one_database_tell_a_panel_lost_only_when_neither_hears_it(
    postgres_url: str, still: None
) -> None:
    async with open_house(postgres_url) as one:
        await one.bring_in(site("S-0", "", systems=(system("A000"),)))
        async with open_house(postgres_url) as two:
            for _ in range(4):
                for house in (one, two):
                    house.clock.move(60)
                await alive(one, "A000")
                for _second in range(5):
                    for house in (one, two):
                        await house.station.duties.second()
            assert await one.entries("link-lost") == []
            for house in (one, two):
                house.clock.move(LIMIT)
                await house.station.duties.second()
            assert len(await one.entries("link-lost")) == 1
            for _second in range(10):
                await two.station.duties.second()
            await alive(two, "A000")
            await two.station.duties.second()
            assert len(await one.entries("link-restored")) == 1


async def test_I2_a_system_that_another_station_brought_in_is_supervised_as_soon_as_it_is_heard(
    small_house: House,
) -> None:
    station = small_house.station
    brought = site("S-X", "", systems=(system("A0FF"),))
    # As another station over the same database would: nobody tells this one.
    await station.scribe.act(
        lambda ledger: registry.import_sites(ledger, station.secrets, registry.local("test"), (brought,), "test")
    )
    await alive(small_house, "A0FF")
    await pass_time(small_house, LIMIT - 1)
    assert await small_house.alarms() == []
    await alive(small_house, "A0FF")
    await pass_time(small_house, LIMIT)
    [alarm] = await small_house.alarms()
    assert (alarm.kind, alarm.site) == ("link-lost", "S-X")
    await alive(small_house, "A0FF")
    await pass_time(small_house, 1)
    assert await small_house.alarms() == []

"""Ways in which a lost link could be hidden, stranded or told untruly: each happened once (I2, I4, I13, F4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.station.acts import registry
from console.station.acts.registry import AccountSettings, NewSite, NewSystem
from console.station.dc09.cipher import encrypt_content
from console.station.rules.alarm import Alarm
from console.station.rules.profile import DEFAULT_PROFILE
from models.records import AlarmState
from tests.console.station.house import SITE, House, Seat, open_house, site
from tests.frames import frame

PROFILE = replace(DEFAULT_PROFILE, outage_systems=5)
KEY = "00112233445566778899aabbccddeeff"
SIX = [f"A00{n}" for n in range(6)]


def system(account: str, provider: str = "Fixnet") -> NewSystem:
    return NewSystem(account, None, True, interval_s=90, margin_s=30, provider=provider)


@pytest.fixture
async def house(tmp_path: Path, still: None) -> AsyncIterator[House]:
    async with open_house(tmp_path / "data", PROFILE) as house:
        yield house


async def alive(house: House, *accounts: str) -> None:
    for account in accounts:
        await house.send(frame(f'"NULL"0000L0#{account}[]'))


async def pass_time(house: House, seconds: int, *seats: Seat) -> None:
    house.clock.move(seconds)
    for seat in seats:
        await seat.beat(active=True)
    await house.station.duties.second()


def six_sites() -> list[NewSite]:
    return [site(f"S-{n}", "", systems=(system(f"A00{n}"),)) for n in range(6)]


async def outage_of(house: House) -> Alarm:
    return next(alarm for alarm in await house.alarms() if alarm.kind == "outage")


async def six_silent(house: House, *seats: Seat) -> Alarm:
    await house.bring_in(*six_sites())
    await pass_time(house, 60, *seats)
    await pass_time(house, 61, *seats)
    return await outage_of(house)


async def test_I13_a_row_about_a_system_that_is_not_in_the_outage_stays(house: House) -> None:
    both = site("S-0", "", systems=(system("A000"), system("B000", "Mobile")))
    await house.bring_in(both, *six_sites()[1:])
    await pass_time(house, 100)
    await alive(house, *SIX)
    await pass_time(house, 21)
    [own] = await house.alarms()
    await pass_time(house, 100)
    assert (await outage_of(house)).kind == "outage"
    assert (await house.alarm(own.id)).state is AlarmState.WAITING


async def test_a_site_that_loses_its_second_path_too_raises_the_outage(house: House) -> None:
    others = [f"B00{n}" for n in range(6)]
    await house.bring_in(
        *(site(f"S-{n}", "", systems=(system(f"A00{n}"), system(f"B00{n}", "Mobile"))) for n in range(6))
    )
    await pass_time(house, 100)
    await alive(house, *others)
    await pass_time(house, 21)
    assert (await outage_of(house)).priority == 4
    await pass_time(house, 79)
    await alive(house, *others[1:])
    await pass_time(house, 21)
    assert (await outage_of(house)).priority == 2
    await alive(house, "B000")
    await pass_time(house, 1)
    assert "all have a second path" in (await outage_of(house)).place


async def test_I4_a_cut_line_long_after_the_others_is_heard_though_the_outage_is_parked(house: House) -> None:
    seat = await house.seat("claes")
    back = SIX[1:5]
    await house.bring_in(*six_sites(), site("S-6", "", systems=(system("A006"),)))
    await pass_time(house, 100, seat)
    await alive(house, "A006")
    await pass_time(house, 21, seat)
    outage = await outage_of(house)
    await seat.act(outage.id, "take")
    await alive(house, "A006", *back)
    await pass_time(house, 1, seat)
    assert (await seat.act(outage.id, "park", minutes=30, reason="provider")).status_code == 200
    for _ in range(14):
        await pass_time(house, 60, seat)
        await alive(house, "A006", *back)
    assert (await house.alarm(outage.id)).state is AlarmState.PARKED
    await pass_time(house, 100, seat)
    await alive(house, *back)
    await pass_time(house, 21, seat)
    assert (await house.alarm(outage.id)).state is AlarmState.WAITING


async def test_a_member_that_is_supervised_otherwise_or_no_longer_keeps_no_outage_open(house: House) -> None:
    seat = await house.seat("claes")
    outage = await six_silent(house, seat)
    await seat.act(outage.id, "take")
    change = AccountSettings("A000", interval_s=120)
    await house.station.scribe.act(
        lambda ledger: registry.set_account(ledger, house.station.secrets, registry.local("test"), change)
    )
    await house.station.accounts_changed()
    await house.bring_in(site("S-1", "", systems=(system("A900"),)))
    await alive(house, *SIX)
    await pass_time(house, 1, seat)
    closed = await seat.act(outage.id, "close", disposition="no-cause", reason="provider")
    assert closed.status_code == 200, closed.text


async def test_F4_no_site_in_test_is_split_off_into_nothing(house: House) -> None:
    seat = await house.seat("claes")
    outage = await six_silent(house, seat)
    await seat.act(outage.id, "take")
    await seat.test_on("S-0")
    answer = await seat.act(outage.id, "split-off", account="A000")
    assert (answer.status_code, "is in test" in answer.text) == (409, True)
    assert len((await seat.client.get(f"/v1/alarms/{outage.id}/members")).json()) == 6


async def test_F5_a_link_lost_before_a_test_is_restored_on_its_row_after_it(house: House) -> None:
    seat = await house.seat("claes")
    await house.bring_in(site("S-0", "", systems=(system("A000"),)))
    await pass_time(house, 60, seat)
    await pass_time(house, 61, seat)
    assert len(await house.alarms()) == 1
    await seat.test_on("S-0")
    await seat.test_off("S-0")
    await alive(house, "A000")
    await pass_time(house, 1, seat)
    assert await house.alarms() == []


async def test_a_recorded_poll_played_again_does_not_keep_a_cut_line_alive(house: House) -> None:
    keyed = NewSystem("1001", KEY, False, interval_s=90, margin_s=30)
    await house.bring_in(replace(SITE, systems=(keyed,)))
    content = encrypt_content(b"", bytes.fromhex(KEY), house.clock.now(), None)
    recorded = frame(b'"*NULL"0000L0#1001[' + content)
    await house.send(recorded)
    for _ in range(4):
        await pass_time(house, 60)
        await house.send(recorded)
    assert len(await house.entries("link-lost")) == 1

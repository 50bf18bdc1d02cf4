"""What is set for an account holds at once, is journaled, and outlives an import of its site (G4, I12, dc09.md §6)."""

from __future__ import annotations

from typing import Any

import pytest

from console.station.acts import registry
from console.station.acts.registry import AccountSettings
from console.station.rules.refusal import Refused
from models.records import AlarmClass
from tests.console.station.house import SITE, House
from tests.frames import ack, cid, crc, sia


async def setting(house: House, **settings: Any) -> None:
    change = AccountSettings("1001", **settings)
    await house.station.scribe.act(
        lambda ledger: registry.set_account(ledger, house.station.secrets, registry.local("test"), change)
    )
    await house.station.directory.load()


async def test_ajax_423_is_a_duress_where_the_account_says_so_also_in_test(house: House) -> None:
    await setting(house, overrides=("423=duress", "NC=closing"))
    seat = await house.seat("an")
    await seat.test_on("S1")
    assert await house.send(cid("1001", 1, "1423 01 007")) == [ack("1001", 1)]
    [alarm] = await house.alarms()
    assert (alarm.kind, alarm.priority, alarm.alarm_class, alarm.silent) == (
        "duress",
        1,
        AlarmClass.LIFE_SAFETY,
        True,
    )
    [entry] = await house.entries("account-set")
    assert entry["data"] == {"overrides": "423=duress NC=closing"}


async def test_an_override_sets_the_state_of_an_area(house: House) -> None:
    await setting(house, overrides=("NC=closing",))
    await house.send(sia("1001", 1, "Nri1/NC5"))
    [entry] = await house.entries("signal")
    assert entry["text"] == "Armed · Winkel · user 5" or entry["text"].startswith("Armed")


async def test_I12_a_refused_override_changes_nothing(house: House) -> None:
    with pytest.raises(Refused, match="cannot be lowered"):
        await setting(house, overrides=("NC=closing", "FA=status"))
    await house.send(sia("1001", 1, "Nri1/FA11"))
    assert [alarm.kind for alarm in await house.alarms()] == ["fire"]
    assert await house.entries("account-set") == []


async def test_an_import_of_the_site_keeps_what_no_file_says(house: House) -> None:
    await setting(
        house,
        overrides=("423=duress",),
        lenient_length=True,
        lone_ack=True,
        check_clear_time=True,
        window_before_s=-1,
        window_after_s=-1,
    )
    await house.bring_in(SITE)
    facts = house.station.directory.system("1001")
    assert facts is not None
    assert (facts.overrides, facts.lenient_length, facts.check_clear_time) == ({"423": "duress"}, True, True)
    assert (facts.window_before_s, facts.window_after_s, facts.lone_ack) == (-1, -1, True)
    body = b'"ADM-CID"0001L0#1001[#1001|1423 01 007]_12:00:00,01-01-2000'
    assert await house.send(b"\n%04X%04X%s\r" % (crc(body), 1, body)) == [b"\x06"]
    assert [alarm.kind for alarm in await house.alarms()] == ["duress"]

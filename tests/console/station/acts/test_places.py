"""One place, one spelling (architecture.md §6): what is compared is canonical, what is shown is as it came (F2, G1)."""

from __future__ import annotations

import pytest

from console.station.acts.registry import NewSite, NewSystem
from console.station.rules.places import Spot, apart
from tests.console.station.house import SITE, House
from tests.frames import cid, sia

TWO = tuple(NewSystem(account, None, True) for account in ("1001", "1002"))


async def two_systems(house: House, **changes: object) -> None:
    fields = {name: getattr(SITE, name) for name in SITE.__slots__}
    await house.bring_in(NewSite(**{**fields, "systems": TWO, **changes}))


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (sia("1001", 1, "Nri1/BA7"), sia("1001", 2, "Nri1/BA007")),
        (sia("1001", 1, "Nri01/BA7"), sia("1001", 2, "Nri1/BA07")),
        (sia("1001", 1, "NBA7"), sia("1001", 2, "Nri1/BA7")),
        (sia("1001", 1, "Nri1/BA7"), sia("1001", 2, "NBA007")),
        (sia("1001", 1, "Nri0/BA7"), sia("1001", 2, "Nri001/BA7")),
        (sia("1001", 1, "Npi1/BA7"), sia("1001", 2, "NBA7/ri01")),
        (sia("1001", 1, "Nri1/BA7"), cid("1001", 2, "1130 01 007")),
        (cid("1001", 1, "1130 01 007"), cid("1001", 2, "1130 01 0007")),
        (cid("1001", 1, "1130 00 007"), cid("1001", 2, "1131 01 007")),
        (sia("1001", 1, "NRP"), sia("1001", 2, "Nri1/BA7/BA007")),
        (sia("1001", 1, "Nri1/BA7"), sia("1001", 2, "Nri1/BA")),
    ],
)
@pytest.mark.parametrize("known", [True, False], ids=["in the site file", "not in the site file"])
async def test_G1_one_zone_in_two_spellings_is_one_zone(house: House, first: bytes, then: bytes, known: bool) -> None:
    if not known:
        await two_systems(house, zones=(), areas=())
    await house.send(first, then)
    [alarm] = await house.alarms()
    assert (alarm.kind, alarm.priority, len({zone.spot for zone in alarm.zones if zone.zone})) == ("intrusion", 3, 1)
    assert "confirmed" not in alarm.words


async def test_G1_two_zones_are_two_whatever_their_spelling(house: House) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"), cid("1001", 2, "1130 01 009"))
    [alarm] = await house.alarms()
    assert (alarm.priority, alarm.words) == (2, "Intrusion, 2 zones confirmed")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (sia("1001", 1, "Nri1/BA7"), cid("1002", 1, "1130 01 007")),
        (cid("1001", 1, "1130 01 007"), sia("1002", 1, "Nri001/BA0007")),
        (sia("1001", 1, "NBA7"), cid("1002", 1, "1130 01 007")),
        (sia("1001", 1, "Nri2/FA11"), cid("1002", 1, "1110 02 011")),
        (sia("1001", 1, "Nri1/BA7"), sia("1002", 1, "NBA007")),
    ],
)
async def test_G1_two_paths_in_two_languages_tell_one_occurrence(house: House, first: bytes, then: bytes) -> None:
    await two_systems(house)
    await house.send(first, then)
    [alarm] = await house.alarms()
    assert (alarm.signals, alarm.unseen, len(alarm.zones)) == (1, 2, 1)
    assert "second path of entry" in (await house.entries("signal"))[-1]["text"]


@pytest.mark.parametrize(
    "restoral", [sia("1001", 2, "Nri01/BR7"), sia("1001", 2, "NBR007"), cid("1001", 2, "3130 01 007")]
)
async def test_I13_a_restoral_is_of_its_zone_in_whatever_spelling(house: House, restoral: bytes) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"), restoral)
    [alarm] = await house.alarms()
    assert [zone.restored for zone in alarm.zones] == [True]


async def test_I13_a_restoral_of_one_area_restores_no_other(house: House) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri2/BA11"), sia("1001", 3, "Nri2/BR"))
    [alarm] = await house.alarms()
    assert {zone.area: zone.restored for zone in alarm.zones} == {"1": False, "2": True}


async def test_F2_a_zone_in_test_is_in_test_in_whatever_spelling(house: House) -> None:
    seat = await house.seat("an")
    scope = {"whole": False, "zones": [{"area": "1", "zone": "7"}], "kinds": ["intrusion"]}
    answer = await seat.test_on("S1", scope=scope)
    assert answer.status_code == 200, answer.text
    await house.send(sia("1001", 1, "Nri1/BA7"), sia("1001", 2, "NBA007"), cid("1001", 3, "1130 01 007"))
    assert await house.alarms() == []
    [test] = await seat.tests("S1")
    answer = await seat.client.get(f"/v1/tests/{test['id']}")
    told = [place for place in answer.json()["places"] if place["signals"]]
    assert [(place["zone"], place["signals"]) for place in told] == [("7", 3)]


async def test_I4_a_runaway_is_counted_over_all_spellings(house: House) -> None:
    spellings = ("Nri1/BA7", "Nri1/BA07", "NBA007", "Nri01/BA7")
    for number in range(1, 13):
        await house.send(sia("1001", number, spellings[number % 4]))
        house.clock.move(10)
    assert [entry["text"].split(",")[0] for entry in await house.entries("runaway")]
    [alarm] = await house.alarms()
    assert [zone.runaway for zone in alarm.zones] == [True]


async def test_I6_what_the_panel_wrote_is_kept_beside_it(house: House) -> None:
    await house.send(sia("1001", 1, "Nri01/BA007"))
    [entry] = await house.entries("signal")
    assert (entry["data"]["events"][0]["area"], entry["data"]["events"][0]["address"]) == ("01", "007")
    [alarm] = await house.alarms()
    assert (alarm.zones[0].spot, alarm.zones[0].label) == (Spot("1", "7"), "007 PIR winkel")


async def test_a_user_s_number_is_no_zone_s(house: House) -> None:
    await house.send(cid("1001", 1, "1121 01 007"), cid("1001", 2, "1122 01 007"))
    [alarm] = await house.alarms()
    assert {zone.names for zone in alarm.zones} == {"user", "zone"}


def test_places_that_may_be_one_are_counted_once() -> None:
    seven = Spot("1", "7")
    assert apart([seven, replace_area(seven, ""), Spot("1", ""), Spot("", "")]) == 1
    assert apart([seven, replace_area(seven, "2")]) == 2
    assert apart([replace_area(seven, ""), seven, replace_area(seven, "2")]) == 2
    assert apart([Spot("1", ""), Spot("2", "")]) == 2
    assert apart([seven, Spot("2", "")]) == 2
    assert apart([]) == 0


def replace_area(spot: Spot, area: str) -> Spot:
    return spot._replace(area=area)

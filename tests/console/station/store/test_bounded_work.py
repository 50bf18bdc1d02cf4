"""I1: what a signal costs does not grow with what came before it, and nobody's flood delays another's fire."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.station.acts.received import Received
from console.station.rules.alarm import MOST_ZONES, ZoneFact, with_zone
from console.station.store import scribe
from console.station.store.scribe import Scribe
from models.records import Event, EventRole
from tests.console.station.house import SITE, House, open_house, site
from tests.console.station.rules.facts import NOW, later
from tests.examples import examples
from tests.frames import ack, sia

_facts = st.builds(
    lambda zone, restored, at: ZoneFact("1", str(zone), f"zone {zone}", "fire", later(at), restored=restored),
    st.integers(1, 400),
    st.booleans(),
    st.integers(0, 100),
)


@examples(200)
@given(st.lists(_facts, max_size=400))
def test_I1_an_alarm_names_a_bounded_number_of_zones_the_newest_among_them(facts: list[ZoneFact]) -> None:
    zones: tuple[ZoneFact, ...] = ()
    gone = 0
    for fact in facts:
        before = zones
        zones, beyond = with_zone(zones, fact)
        gone += beyond
        assert zones[-1] is fact
        assert len(zones) <= MOST_ZONES
        in_alarm = {one.key for one in before if not one.restored} - {fact.key}
        assert len(in_alarm - {one.key for one in zones}) == beyond, "one still in alarm gave way uncounted"
    assert gone == 0 or len(zones) == MOST_ZONES


async def test_I1_of_ten_thousand_zones_each_signal_is_stored_and_the_alarm_stays_small(small_house: House) -> None:
    house = small_house
    line = await house.line()
    count = 3 * MOST_ZONES
    for number in range(1, count + 1):
        assert await line.say(sia("1001", number, f"Nri1/FA{number:04d}")) == ack("1001", number)
    [alarm] = await house.alarms()
    assert (len(alarm.zones), alarm.zones_beyond, alarm.signals) == (MOST_ZONES, count - MOST_ZONES, count)
    assert f"{count - 4} more" in alarm.place
    claes = await house.seat("claes")
    detail = (await claes.client.get(f"/v1/alarms/{alarm.id}")).json()
    assert len(detail["lines"]) == 300
    assert detail["lines"][0]["zone"] == f"{count:04d}"


async def test_I13_an_alarm_whose_zones_were_not_all_named_never_completes_itself(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.station.rules.alarm.MOST_ZONES", 3)
    house = small_house
    for number in range(1, 6):
        await house.send(sia("1001", number, f"Nri1/XT{number}"))
    for number in (3, 4, 5):
        await house.send(sia("1001", 10 + number, f"Nri1/XR{number}"))
    [alarm] = await house.alarms()
    assert all(zone.restored for zone in alarm.zones)
    assert alarm.zones_beyond == 2


def received(account: str, kind: str, *, known: bool = True) -> Received:
    event = Event(
        code="", qualifier=None, area=None, address=None, concerns="condition", user=None, text=None,
        kind=kind, description="", role=EventRole.ALARM,
    )  # fmt: skip
    return Received(
        account=account, header_account=account, path="", token="", sequence="", digest="", raw=None, events=(event,),
        received_at=NOW, panel_time=None, sender="", answer="ACK", known=known,
    )  # fmt: skip


def batches(monkeypatch: pytest.MonkeyPatch, house: House, *waiting: Received) -> list[list[str]]:
    """The accounts of each batch, in the order in which a scribe writes them."""
    monkeypatch.setattr(scribe, "_MOST_AT_ONCE", 4)
    writer = Scribe(house.station.database, house.clock, house.station.profile)
    for one in waiting:
        writer.receive(one, lambda _error: None)
    found = []
    while writer.waiting:
        found.append([item.received.account for item in writer._next_batch()])  # type: ignore[union-attr]
    return found


async def test_I1_accounts_take_turns_and_life_safety_of_known_ones_goes_first(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    flood = [received("F", "intrusion")] * 9
    found = batches(monkeypatch, small_house, *flood, received("A", "tamper"), received("B", "fire"))
    assert found[0] == ["B", "F", "A", "F"]
    assert sorted(account for batch in found for account in batch) == sorted(["F"] * 9 + ["A", "B"])


async def test_I1_a_stranger_who_says_fire_goes_before_nobody(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    strangers = [received(f"X{number}", "fire", known=False) for number in range(8)]
    found = batches(monkeypatch, small_house, *strangers, received("B", "fire"), received("B", "tamper"))
    assert found[0] == ["B", "B", "X0", "X1"]


@pytest.mark.parametrize("stranger", [False, True], ids=["of a site", "of a stranger"])
async def test_I1_the_work_for_the_last_of_many_signals_is_that_for_the_first(
    place: Path | str, still: None, stranger: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in bytes written for the alarm, not in seconds."""
    account = "9999" if stranger else "1001"
    written: list[int] = []

    async with open_house(place) as house:
        await house.bring_in(SITE, site("S2", "2002"))
        line = await house.line()

        async def size() -> int:
            def read(connection: Any) -> int:
                return int(connection.exec_driver_sql("SELECT max(length(zones)) FROM alarm").scalar_one())

            return await house.station.database.read(read)

        for number in range(1, 2 * MOST_ZONES + 1):
            assert await line.say(sia(account, number, f"Nri1/BA{number:04d}")) == ack(account, number)
            if number in (MOST_ZONES, 2 * MOST_ZONES):
                written.append(await size())
        assert written[1] < 1.1 * written[0]
        fire = await house.line()
        async with asyncio.timeout(10):
            assert await fire.say(sia("2002", 1, "Nri1/FA11")) == ack("2002", 1)

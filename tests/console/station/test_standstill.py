"""I3, I4: the station's own standstill is not charged to the panels that it did not listen to meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from console.station.acts.registry import NewSystem
from console.station.rules.supervision import Links
from tests.console.station.house import House, site


def test_everybody_who_was_not_lost_gets_the_whole_limit_anew() -> None:
    links = Links()
    links.watch({"A": 15.0, "B": 15.0, "C": 15.0}, ["C"], 0.0)
    assert links.silent(14.0) == []
    links.stood_still(40.0)
    assert links.silent(40.0) == []
    links.heard("A", 50.0)
    assert links.silent(54.9) == []
    assert links.silent(55.0) == ["B"]
    assert links.silent(65.0) == ["A", "B"]
    assert links.returned() == []


@pytest.mark.parametrize(("late_s", "lost"), [(0.5, 1), (40.0, 0)], ids=["a busy second", "frozen"])
async def test_I3_a_station_that_was_frozen_loses_no_link_by_it(
    small_house: House, monkeypatch: pytest.MonkeyPatch, late_s: float, lost: int
) -> None:
    house, duties = small_house, small_house.station.duties
    await house.bring_in(site("L1", "3001", systems=(NewSystem("3001", None, True, interval_s=10, margin_s=5),)))
    house.clock.move(40)
    times, second = iter([0.0, late_s]), duties.second

    async def one_second() -> None:
        await second()
        raise asyncio.CancelledError

    monkeypatch.setattr("console.station.duties._TICK_S", 0.0)
    monkeypatch.setattr(duties, "_real", lambda: next(times))
    monkeypatch.setattr(duties, "second", one_second)
    with pytest.raises(asyncio.CancelledError):
        await duties.run()
    assert len(await house.entries("link-lost")) == lost

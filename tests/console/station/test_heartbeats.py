"""I4: a background duty that stands still is told by somebody else, on every console."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from console.station.clock import MovedClock
from console.station.heartbeats import Heartbeats
from tests.console.station.house import START, House


def test_a_duty_is_silent_only_after_its_time_and_speaks_again() -> None:
    clock = MovedClock(START)
    hearts = Heartbeats(clock)
    hearts.expect("audit", 30)
    clock.move(30)
    assert hearts.silent() == {}
    clock.move(35)
    sentence = hearts.silent()["audit"]
    assert "'audit' has stood still for 1:05" in sentence
    hearts.beat("audit")
    assert hearts.silent() == {}


async def test_I4_duties_that_hang_are_told_with_every_beat_of_the_feed(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = small_house.station
    await station.duties.second()
    hung = asyncio.Event()

    async def hangs(*_: Any) -> None:
        await hung.wait()

    monkeypatch.setattr(station.duties, "_supervise", hangs)
    stuck = asyncio.create_task(station.duties.second())
    small_house.clock.move(16)
    await asyncio.sleep(0)
    assert any("'link supervision' has stood still" in finding for finding in station.beat().findings)
    hung.set()
    await stuck
    assert not any("'link supervision'" in finding for finding in station.beat().findings)


async def test_I4_a_database_that_neither_takes_nor_refuses_is_told(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, let, begun = small_house.station.database.write, asyncio.Event(), asyncio.Event()

    async def waits(act: Any) -> Any:
        begun.set()
        await let.wait()
        return await whole(act)

    monkeypatch.setattr(small_house.station.database, "write", waits)
    asked = asyncio.create_task(small_house.staff("an"))
    await begun.wait()
    small_house.clock.move(12)
    assert "has not answered for 12 s" in small_house.station.beat().findings[0]
    let.set()
    await asked
    assert not any("not answered" in finding for finding in small_house.station.beat().findings)

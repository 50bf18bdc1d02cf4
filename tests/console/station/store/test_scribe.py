"""I1: whatever happens to the journal's writer, nobody waits for ever, and a log that is gone stops nothing."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from console.station.acts.caller import STATION
from console.station.rules.refusal import Refused
from console.station.store import scribe
from tests.console.station.house import House
from tests.frames import ack, sia


async def until(true: Callable[[], bool]) -> None:
    """Let the loop run until something holds."""
    for _ in range(100_000):
        if true():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never was so")


async def test_I1_a_log_that_cannot_be_written_stops_no_signal(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, failed = small_house.station.database.write, []

    async def fails_once(act: Any) -> Any:
        if not failed:
            failed.append(True)
            raise OperationalError("COMMIT", {}, Exception("disk I/O error"))
        return await whole(act)

    gone = io.StringIO()
    gone.close()
    monkeypatch.setattr(small_house.station.database, "write", fails_once)
    monkeypatch.setattr(sys, "stderr", gone)
    line = await small_house.line()
    assert await line.unanswered(sia("1001", 1, "Nri1/BA07"), poll="1001")
    assert await line.say(sia("1001", 1, "Nri1/BA07")) == ack("1001", 1)


async def test_I11_a_writer_that_ended_answers_everybody_and_lets_the_station_stop(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(_seq: int, _hash: str) -> None:
        raise RuntimeError("a mistake of ours")

    station = small_house.station
    monkeypatch.setattr(station.scribe, "_written", breaks)
    async with asyncio.timeout(10):
        asked = [station.scribe.act(lambda ledger: ledger.append("note", STATION, "x")) for _ in range(3)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(answer, Refused) for answer in answers), answers
        line = await small_house.line()
        assert await line.unanswered(sia("1001", 1, "Nri1/BA07"), poll="1001")
        assert station.failed is not None
        with pytest.raises(RuntimeError, match="a mistake of ours"):
            await station.failed
    # That the station stops all the same is seen by the house, which stops it at the end.


async def test_I1_when_more_waits_than_can_be_written_at_once_life_safety_goes_first_and_the_delay_is_told(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scribe, "_MOST_AT_ONCE", 4)
    station, let, begun = small_house.station, asyncio.Event(), asyncio.Event()
    whole = station.database.write

    async def waits(act: Any) -> Any:
        begun.set()
        await let.wait()
        return await whole(act)

    monkeypatch.setattr(station.database, "write", waits)
    first = await small_house.line()
    first.writer.write(sia("9999", 1, "NRP"))
    await begun.wait()
    lines = [await small_house.line() for _ in range(3)]
    for number, (line, packets) in enumerate(
        zip(lines, (["NRP"] * 6, ["NRP"] * 6, ["Nri1/OP4", "Nri2/FA11", "NRP"]), strict=True)
    ):
        account = ("AAAA", "BBBB", "1001")[number]
        line.writer.write(b"".join(sia(account, nth, packet) for nth, packet in enumerate(packets, 1)))
        await until(lambda: station.scribe.waiting >= (6, 12, 15)[number])  # noqa: B023
    small_house.clock.move(12)
    assert any("The station is 12 s behind: 15 signals wait" in told for told in station.beat().findings)
    let.set()
    for line, count in zip(lines, (6, 6, 3), strict=True):
        for _ in range(count):
            assert b'"ACK"' in await line.reply()
    order = [(entry["account"], entry["data"]["sequence"]) for entry in await small_house.entries("signal")]
    assert order[0] == ("9999", "0001")
    assert order[1:4] == [("1001", "0001"), ("1001", "0002"), ("1001", "0003")]
    assert [one for one in order if one[0] == "AAAA"] == [("AAAA", f"{nth:04d}") for nth in range(1, 7)]
    assert not any("behind" in told for told in station.beat().findings)

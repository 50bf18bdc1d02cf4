"""I1: whatever happens to the journal's writer, nobody waits for ever, and a log that is gone stops nothing."""

from __future__ import annotations

import asyncio
import io
import sys
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from console.station.acts.caller import STATION
from console.station.rules.refusal import Refused
from tests.console.station.house import House
from tests.frames import ack, sia


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

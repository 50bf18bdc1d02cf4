"""I1: a PostgreSQL that goes away and comes back: nothing is acknowledged meanwhile, and the station goes on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from console.station.neighbours import Neighbours
from tests.console.station.house import SITE, House, open_house
from tests.databases import PostgresServer
from tests.frames import ack, sia


async def test_I1_the_station_outlives_its_database(own_server: PostgresServer, still: None) -> None:
    server = own_server
    with capture_logs() as logs:
        async with open_house(server.fresh()) as house:
            await gone_and_back(server, house, logs)


async def gone_and_back(server: PostgresServer, house: House, logs: list[Any]) -> None:
    await house.bring_in(SITE)
    line = await house.line()
    assert await line.say(sia("1001", 1, "Nri1/BA07")) == ack("1001", 1)
    await asyncio.to_thread(server._run, "pg_ctl", "-D", str(server._folder / "data"), "-m", "immediate", "stop")
    assert await line.unanswered(sia("1001", 2, "Nri1/BA08"), poll="1001")
    assert "cannot write its database" in house.station.beat().findings[0]
    # The listening connection notices on its own: only then is it known whether the station outlives that.
    async with asyncio.timeout(10):
        while not any("listen" in log["event"] for log in logs):
            await line.unanswered(poll="1001")
    assert house.station.failed is not None
    assert not house.station.failed.done()
    await asyncio.to_thread(server.start)
    async with asyncio.timeout(10):
        while await line.unanswered(sia("1001", 2, "Nri1/BA08"), poll="1001"):
            pass
    assert house.station.beat().findings == ()
    assert [entry["data"]["sequence"] for entry in await house.entries("signal")] == ["0001", "0002"]


async def test_I1_a_query_that_fails_while_listening_does_not_end_the_station(
    postgres_url: str, still: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []
    look = Neighbours._what_is_new

    def failing(self: Neighbours, connection: Any) -> tuple[int, bool]:
        looks.append(len(looks))
        if len(looks) == 2:
            raise OperationalError("SELECT", {}, Exception("the database system is shutting down"))
        return look(self, connection)

    monkeypatch.setattr(Neighbours, "_what_is_new", failing)
    async with open_house(postgres_url) as house:
        async with asyncio.timeout(10):
            while len(looks) < 4:
                await house.send(sia("1001", len(looks), "NRP"))
        assert house.station.failed is not None
        assert not house.station.failed.done()


async def test_I1_a_directory_that_cannot_be_read_loses_no_frame_that_came_with_it(
    postgres_url: str, still: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_house(postgres_url) as house:
        await house.bring_in(SITE)
        line = await house.line()

        async def gone(_query: Any) -> Any:
            raise ConnectionRefusedError

        with monkeypatch.context() as patched:
            patched.setattr(house.station.database, "read", gone)
            first = await line.say(sia("1001", 1, "NRP"), sia("9999", 1, "NBA07"), sia("1001", 2, "NRP"))
            assert (first, await line.reply()) == (ack("1001", 1), ack("1001", 2))
        assert await line.say(sia("9999", 1, "NBA07")) == ack("9999", 1)

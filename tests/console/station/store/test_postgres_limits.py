"""I1, I4: one station that is frozen or cut off keeps nobody else on the same PostgreSQL waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from structlog.testing import capture_logs

from console.station.acts.caller import STATION
from console.station.store import postgres_limits
from console.station.tending import Tending
from tests.console.station.house import SITE, House, open_house
from tests.frames import ack, sia

pytestmark = pytest.mark.postgres


@asynccontextmanager
async def frozen(url: str, *, in_a_statement: bool) -> AsyncIterator[asyncpg.Connection]:
    """Another station's writing connection: it holds the journal's head and says nothing more."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), **postgres_limits.writing())
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("SELECT seq FROM journal_head FOR UPDATE")
    stands: asyncio.Task[str] | None = None
    if in_a_statement:
        # To the server it is active: in the middle of a statement it waits for its client.
        await connection.execute("CREATE TEMP TABLE frozen (n INT) ON COMMIT DROP")
        begun = asyncio.Event()

        async def nothing() -> AsyncIterator[bytes]:
            begun.set()
            await asyncio.Event().wait()
            yield b""

        stands = asyncio.get_running_loop().create_task(
            connection.copy_to_table("frozen", source=nothing(), timeout=600)
        )
        await begun.wait()
    try:
        yield connection
    finally:
        if stands is not None:
            stands.cancel()
            await asyncio.gather(stands, return_exceptions=True)
        connection.terminate()


@pytest.mark.parametrize("in_a_statement", [False, True], ids=["between statements", "in a statement"])
async def test_I1_a_frozen_holder_of_the_head_is_ended_and_panels_and_acts_go_on(
    postgres_url: str, still: None, in_a_statement: bool
) -> None:
    async with open_house(postgres_url) as house:
        await house.bring_in(SITE)
        line = await house.line()
        async with frozen(postgres_url, in_a_statement=in_a_statement) as other:
            said = line.say(sia("1001", 1, "Nri1/FA11"))
            act = house.station.scribe.act(lambda ledger: ledger.append("note", STATION, "x"))
            with capture_logs() as logs:
                answered, _seq = await asyncio.gather(said, act)
            assert answered == ack("1001", 1)
            # By the station that waited, not by the server after its own ten seconds: within two seconds of waiting.
            assert [log["connections"] for log in logs if "stood still" in log["event"]] == [1]
            # It wakes: its transaction is gone before it can answer anybody.
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
                await asyncio.wait_for(other.execute("SELECT 1"), 5)


async def test_I1_a_holder_that_works_is_left_alone(postgres_url: str, still: None) -> None:
    """One that is busy in the server will be done: whoever waits gives no ACK meanwhile, and ends nobody."""
    async with open_house(postgres_url) as house:
        await house.bring_in(SITE)
        connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""), **postgres_limits.writing())
        async with connection.transaction():
            await connection.execute("SELECT seq FROM journal_head FOR UPDATE")
            works = asyncio.get_running_loop().create_task(connection.execute("SELECT pg_sleep(3.5)"))
            line = await house.line()
            assert await line.unanswered(sia("1001", 1, "Nri1/FA11"), poll="1001")
            await works
        await connection.close()
        assert await line.say(sia("1001", 1, "Nri1/FA11")) == ack("1001", 1)


def test_I1_what_panels_and_acts_wait_at_most_is_under_three_seconds() -> None:
    assert max(postgres_limits.STILL_MS, postgres_limits.LOCK_MS) + 500 < 3_000


async def test_every_connection_of_a_station_has_limits(postgres_url: str, still: None) -> None:
    async with open_house(postgres_url) as house:
        await house.station.database.read(lambda c: c.exec_driver_sql("SELECT 1").scalar_one())
        connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
        names = {
            row["application_name"]
            for row in await connection.fetch(
                "SELECT application_name FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        }
        await connection.close()
        assert names == {"vigie writer", "vigie reader", "vigie listener"}

        def limits(read: object) -> tuple[str, ...]:
            shown = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "tcp_user_timeout")
            return tuple(read.exec_driver_sql(f"SHOW {name}").scalar_one() for name in shown)  # type: ignore[attr-defined]

        assert (await house.station.database.write(limits))[:3] == ("2s", "15s", "10s")
        assert (await house.station.database.read(limits))[1:3] == ("2min", "15min")


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.InternalClientError("got result for unknown protocol state 3"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.exceptions.AdminShutdownError("terminating connection"),
        KeyError("a mistake"),
        RuntimeError("a library's"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_I4_no_error_of_a_library_ends_the_station(
    postgres_url: str, still: None, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    raised: list[int] = []

    async def breaks(*_args: object) -> None:
        raised.append(1)
        raise error

    monkeypatch.setattr("console.station.tending._SOON_S", 0.0)
    monkeypatch.setattr("console.station.neighbours._HEARTBEAT_S", 0.0)
    monkeypatch.setattr("console.station.neighbours.Neighbours._listen", breaks)
    for duty in ("duties.Duties.run", "sealing.Sealer.run", "indexer.Indexer.run", "troubles.Troubles.run"):
        monkeypatch.setattr(f"console.station.{duty}", breaks)
    with capture_logs():
        async with open_house(postgres_url) as house:
            while len(raised) < 12:
                assert len(await house.send(sia("9999", len(raised) % 9 + 1, "NRP"))) == 1
            assert house.station.failed is not None
            assert not house.station.failed.done()
            assert "'time' broke off and was begun again" in " ".join(house.station.beat().findings)


async def test_a_duty_that_broke_off_is_told_for_two_minutes(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.station.tending._SOON_S", 3600.0)
    tending = Tending(small_house.clock)

    async def ends() -> None:
        """At once."""

    with capture_logs():
        tending.begin("weather", ends)
        await asyncio.sleep(0)
    assert list(tending.told()) == ["weather"]
    small_house.clock.move(121)
    assert tending.told() == {}
    await tending.end()

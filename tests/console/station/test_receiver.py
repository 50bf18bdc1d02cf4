"""The port itself: bounds on what a sender may take, quiet lines, and a clean end (dc09.md §4)."""

from __future__ import annotations

import asyncio

import pytest

from console.station import receiver
from tests.console.station.house import House
from tests.frames import ack, crc, sia


async def closed(line: object) -> bool:
    try:
        async with asyncio.timeout(10):
            return await line.reader.read() == b""  # type: ignore[attr-defined]
    except ConnectionResetError:
        return True


async def test_one_source_may_not_take_all_connections(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiver, "_MOST_PER_SOURCE", 3)
    lines = [await small_house.line() for _ in range(3)]
    assert await closed(await small_house.line())
    assert await lines[0].say(sia("1001", 1, "NRP")) == ack("1001", 1)
    lines[1].writer.close()
    await lines[1].writer.wait_closed()
    again = await small_house.line()
    assert await again.say(sia("1001", 2, "NRP")) == ack("1001", 2)


async def test_a_frame_that_stays_unfinished_gives_way_to_the_next(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiver, "_PARTIAL_S", 0.01)
    line = await small_house.line()
    line.writer.write(sia("1001", 1, "NBA07")[:20])
    async with asyncio.timeout(10):
        while not small_house.station.intake.tally.refusals:
            await small_house.client().get("/v1/station")
    assert await line.say(sia("1001", 2, "NRP")) == ack("1001", 2)


async def test_a_line_without_any_sign_for_a_day_is_closed(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiver, "_IDLE_S", 0.01)
    assert await closed(await small_house.line())


async def test_a_sender_that_reads_no_replies_is_read_no_further_and_others_are_served(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiver, "_MOST_UNANSWERED", 4)
    greedy, other = await small_house.line(), await small_house.line()
    greedy.writer.write(b"".join(sia("1001", number, "NRP") for number in range(1, 400)))
    assert await other.say(sia("9999", 1, "NRP")) == ack("9999", 1)
    assert [await greedy.reply() for _ in range(399)] == [ack("1001", number) for number in range(1, 400)]


async def test_I1_a_frame_with_a_wrong_length_is_discarded_as_the_standard_says(small_house: House) -> None:
    body = b'"SIA-DCS"0001L0#1001[#1001|NBA07]'
    line = await small_house.line()
    assert await line.unanswered(b"\n%04X%04X%s\r" % (crc(body), len(body) + 1, body))
    assert small_house.station.intake.tally.refused["wrong length"] == 1
    assert await small_house.alarms() == []


async def test_I1_what_was_received_is_stored_though_the_panel_hung_up(small_house: House) -> None:
    line = await small_house.line()
    line.writer.write(sia("1001", 1, "NBA07"))
    line.writer.close()
    async with asyncio.timeout(10):
        while not await small_house.entries("signal"):
            pass


async def test_I1_at_the_end_everything_acknowledged_is_in_the_journal(small_house: House) -> None:
    house = small_house
    lines = [await house.line() for _ in range(5)]
    for number, line in enumerate(lines):
        line.writer.write(b"".join(sia(f"A00{number}", count, "NBA07") for count in range(1, 41)))
    acknowledged = []

    async def read(line: object) -> None:
        while True:
            try:
                acknowledged.append(await line.reply())  # type: ignore[attr-defined]
            except (asyncio.IncompleteReadError, ConnectionResetError):
                return

    reading = [asyncio.create_task(read(line)) for line in lines]
    while len(acknowledged) < 3:
        await house.client().get("/v1/station")
    stored: list[bytes] = []
    close = house.station.database.close

    async def look_before_closing() -> None:
        stored.extend(ack(e["account"], int(e["data"]["sequence"])) for e in await house.entries("signal"))
        await close()

    house.station.database.close = look_before_closing  # type: ignore[method-assign]
    await house.station.stop()
    await asyncio.gather(*reading)
    assert set(acknowledged) <= set(stored)
    house.station.stop = nothing  # type: ignore[method-assign]


async def nothing() -> None:
    """Stopped already."""

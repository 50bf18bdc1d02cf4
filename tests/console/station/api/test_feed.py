"""The feed: from the number last seen on, missing nothing and repeating nothing (architecture.md §1, §3)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.console.station.house import House, Seat
from tests.frames import sia


@dataclass
class Listener:
    """Reads server-sent events."""

    lines: AsyncIterator[str]
    beats: list[dict[str, Any]] = field(default_factory=list)

    async def event(self) -> tuple[str, str, Any]:
        """The next event: its id, its name, its data."""
        fields: dict[str, str] = {}
        async for line in self.lines:
            if not line:
                return fields.get("id", ""), fields["event"], json.loads(fields["data"])
            name, _, value = line.partition(": ")
            fields[name] = value
        raise EOFError

    async def entry(self) -> tuple[str, Any]:
        """The next entry; beats on the way are kept aside."""
        while True:
            async with asyncio.timeout(10):
                identifier, name, data = await self.event()
            if name == "entry":
                return identifier, data
            assert name == "beat"
            self.beats.append(data)


@asynccontextmanager
async def listening(seat: Seat, after: str | None) -> AsyncIterator[Listener]:
    headers = {} if after is None else {"Last-Event-ID": after}
    async with seat.client.stream("GET", "/v1/feed", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Listener(answer.aiter_lines())


async def numbers(listener: Listener, count: int) -> list[int]:
    return [(await listener.entry())[1]["entry"]["seq"] for _ in range(count)]


async def test_a_picture_and_the_feed_from_its_number_miss_nothing_and_repeat_nothing(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    picture = await seat.picture()
    journal, _, at = picture["event_id"].partition(":")
    assert [alarm["words"] for alarm in picture["alarms"]] == ["Intrusion"]
    async with listening(seat, picture["event_id"]) as feed:
        await house.send(sia("1001", 2, "Nri1/BA09"))
        identifier, item = await feed.entry()
        assert identifier == f"{journal}:{int(at) + 1}"
        assert (item["entry"]["kind"], item["alarm"]["words"]) == ("signal", "Intrusion, 2 zones confirmed")
        assert (await feed.entry())[1]["entry"]["kind"] == "alarm-raised"


async def test_a_listener_that_was_cut_off_resumes_where_it_stopped(house: House) -> None:
    seat = await house.seat("claes")
    start = (await seat.picture())["event_id"]
    line, seen, last = await house.line(), [], start
    for round_ in range(5):
        async with listening(seat, last) as feed:
            for number in range(6):
                await line.say(sia("1001", round_ * 6 + number + 1, "Nri1/OP4"))
                if number % 2 == 0:
                    last, item = await feed.entry()
                    seen.append(item["entry"]["seq"])
    async with listening(seat, last) as feed:
        seen += await numbers(feed, 30 - len(seen))
    first = int(start.partition(":")[2]) + 1
    assert seen == list(range(first, first + 30))


async def test_a_listener_far_behind_gets_every_page_in_order(house: House) -> None:
    seat = await house.seat("claes")
    start = (await seat.picture())["event_id"]
    line = await house.line()
    line.writer.write(b"".join(sia("1001", number, "Nri1/OP4") for number in range(1, 651)))
    for _ in range(650):
        await line.reply()
    async with listening(seat, start) as feed:
        seen = await numbers(feed, 650)
    assert seen == list(range(seen[0], seen[0] + 650))


async def test_many_listeners_all_get_everything(house: House) -> None:
    seats = [await house.seat(f"op{number}") for number in range(8)]
    start = (await seats[0].picture())["event_id"]

    async def follow(seat: Seat) -> list[int]:
        async with listening(seat, start) as feed:
            return await numbers(feed, 40)

    following = [asyncio.create_task(follow(seat)) for seat in seats]
    line = await house.line()
    for number in range(1, 41):
        await line.say(sia("1001", number, "Nri1/OP4"))
    found = await asyncio.gather(*following)
    assert all(one == found[0] == list(range(found[0][0], found[0][0] + 40)) for one in found)


@pytest.mark.parametrize(
    "given",
    [None, "", "nonsense", "{journal}", "{journal}:", "{journal}:-1", "{journal}:x", "{journal}:999999", "other:1",
     "{journal}:" + "9" * 5000, "{journal}:1:2"],
)  # fmt: skip
async def test_an_id_that_is_unknown_future_or_foreign_asks_for_a_fresh_picture(
    small_house: House, given: str | None
) -> None:
    seat = await small_house.seat("claes")
    after = None if given is None else given.replace("{journal}", small_house.station.journal_id)
    async with listening(seat, after) as feed:
        assert await feed.event() == ("", "fresh", {})
        with pytest.raises(EOFError):
            await feed.event()


async def test_a_quiet_feed_beats_at_once_and_again_within_three_seconds(small_house: House) -> None:
    seat = await small_house.seat("claes")
    picture = await seat.picture()
    async with asyncio.timeout(3), listening(seat, picture["event_id"]) as feed:
        for _ in range(2):
            _id, name, beat = await feed.event()
            assert (name, beat["seq"]) == ("beat", int(picture["event_id"].partition(":")[2]))


async def test_a_busy_feed_beats_as_well(small_house: House) -> None:
    house, seat = small_house, await small_house.seat("claes")
    async with listening(seat, (await seat.picture())["event_id"]) as feed:
        line = await house.line()
        for number in range(1, 11):
            house.clock.move(1)
            await line.say(sia("1001", number, "Nri1/OP4"))
            await feed.entry()
        assert len(feed.beats) >= 9


@pytest.mark.parametrize("end", ["signing out", "expiry"])
async def test_the_feed_ends_with_the_session(small_house: House, end: str) -> None:
    seat = await small_house.seat("claes")
    async with listening(seat, (await seat.picture())["event_id"]) as feed:
        await feed.event()
        if end == "expiry":
            small_house.clock.move(12 * 3600)
        else:
            await seat.client.delete("/v1/session")
            small_house.clock.move(6)
        line = await small_house.line()

        async def everything() -> None:
            for number in range(1, 100):
                await line.say(sia("1001", number, "Nri1/OP4"))
                await feed.event()

        with pytest.raises(EOFError):
            async with asyncio.timeout(10):
                await everything()


async def test_F3_the_feed_tells_of_tests_as_they_begin_and_end(house: House) -> None:
    seat = await house.seat("claes")
    start = (await seat.picture())["event_id"]
    async with listening(seat, start) as feed:
        await seat.test_on("S1")
        _id, on = await feed.entry()
        await seat.test_off("S1")
        _id, off = await feed.entry()
    assert [test["why"] for test in on["tests"]] == ["works"]
    assert off["tests"] == []


async def test_several_stations_over_one_postgres_tell_each_other(postgres_url: str, still: None) -> None:
    from tests.console.station.house import SITE, open_house

    async with open_house(postgres_url) as one, open_house(postgres_url) as other:
        await one.bring_in(SITE)
        await one.staff("claes")
        seat = await other.sign_in("claes", "WS1")
        async with listening(seat, (await seat.picture())["event_id"]) as feed:
            await one.send(sia("1001", 1, "Nri1/BA07"))
            assert (await feed.entry())[1]["alarm"]["words"] == "Intrusion"
        taken = await seat.take_next()
        assert taken.status_code == 200
        refused = await (await one.seat("dubois")).act(taken.json()["id"], "take")
        assert refused.json()["sentence"].endswith("is in the hands of Claes at WS1.")

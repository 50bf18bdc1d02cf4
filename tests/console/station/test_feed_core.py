"""The feed's core: whoever listens, leaves or is cut off, the journal's writer never waits for them."""

from __future__ import annotations

import asyncio

import anyio
import pytest

from console.station.feed import Feed
from tests.console.station.house import House
from tests.frames import ack, sia


async def listen(feed: Feed, after: int) -> None:
    async for _page in feed.follow(after, 0.001):
        pass


@pytest.mark.parametrize("steps", range(8))
async def test_I1_listeners_that_are_cut_off_never_stop_the_writer(small_house: House, steps: int) -> None:
    """The web framework cancels a listener again and again until it is gone, at whatever step it stands."""
    house, feed = small_house, small_house.station.feed
    line = await house.line()
    for number in range(1, 31):
        async with anyio.create_task_group() as listeners:
            for _ in range(4):
                listeners.start_soon(listen, feed, feed.seq)
            for _ in range(steps):
                await asyncio.sleep(0)
            growing = asyncio.create_task(feed.grew(feed.seq))
            for _ in range(number % 5):
                await asyncio.sleep(0)
            listeners.cancel_scope.cancel()
        async with asyncio.timeout(5):
            await growing
        assert await line.say(sia("1001", number, "NRP")) == ack("1001", number)


async def test_a_listener_that_stands_still_costs_the_others_nothing(small_house: House) -> None:
    house, feed = small_house, small_house.station.feed
    slow, quick = feed.follow(feed.seq, 5), feed.follow(feed.seq, 5)
    line = await house.line()
    await line.say(sia("1001", 1, "NRP"))
    assert [item.entry.kind for item in await anext(slow)] == ["signal"]
    for number in range(2, 20):
        await line.say(sia("1001", number, "NRP"))
        assert [item.entry.kind for item in await anext(quick)][-1] == "signal"
    assert len(await anext(slow)) == 18


async def test_a_closed_feed_lets_every_listener_end(small_house: House) -> None:
    feed = small_house.station.feed
    listening = [asyncio.create_task(listen(feed, feed.seq)) for _ in range(5)]
    await asyncio.sleep(0)
    await feed.close()
    async with asyncio.timeout(5):
        await asyncio.gather(*listening)


async def test_I2_a_listener_that_comes_back_after_a_restart_is_told_what_it_missed_at_once(small_house: House) -> None:
    house, feed = small_house, small_house.station.feed
    before = feed.seq
    line = await house.line()
    await line.say(sia("1001", 1, "NRP"))
    restarted = Feed(house.station.database, house.station.profile)
    restarted.begin(feed.seq)
    async with asyncio.timeout(5):
        assert [item.entry.kind for item in await anext(restarted.follow(before, 5))] == ["signal"]


async def test_growth_upon_growth_is_told_at_a_pace_and_the_last_of_it_always(small_house: House) -> None:
    """A page for each commit took a third of the station under load: however many grow it, fifty a second at most."""
    house, feed = small_house, small_house.station.feed
    loop, looks, count = asyncio.get_running_loop(), 0, 0
    pages = feed.follow(feed.seq, 5)
    line = await house.line()
    began = loop.time()

    async def say() -> None:
        for number in range(1, 61):
            await line.say(sia("1001", number, "NRP"))

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(say())
        while count < 60:
            count += len(await anext(pages))
            looks += 1
    assert count == 60
    assert looks <= (loop.time() - began) / 0.02 + 2

"""I3, I6: stations over one PostgreSQL go by its clock, however far apart their own are, and say that they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.station.clock import MovedClock, SystemClock
from tests.console.station.house import SITE, START, House, open_house
from tests.frames import ack, sia

pytestmark = pytest.mark.postgres


async def seconds_pass(database: MovedClock, seconds: int, *houses: House) -> None:
    for _ in range(seconds):
        for clock in (database, *(house.clock for house in houses)):
            clock.move(1)
        for house in houses:
            await house.station.duties.second()


@pytest.mark.parametrize("apart_s", [1, 20, 25, 3600, 86_400])
async def test_I3_a_live_operators_alarm_is_theirs_however_far_apart_the_clocks_of_stations_are(
    postgres_url: str, still: None, apart_s: int
) -> None:
    database = MovedClock(START)
    late = START - timedelta(seconds=apart_s)
    async with (
        open_house(postgres_url, start=START, database_clock=database) as one,
        open_house(postgres_url, start=late, database_clock=database) as two,
    ):
        await one.bring_in(SITE)
        claes = await two.seat("claes")
        await two.send(sia("1001", 1, "Nri1/BA07"))
        alarm = (await claes.take_next()).json()["id"]
        for _ in range(9):
            await claes.beat(active=True)
            await seconds_pass(database, 5, two, one)
        [held] = await one.alarms()
        assert (held.id, held.holder) == (alarm, "claes")
        assert not await one.entries("returned")
        assert abs(two.clock.now() - one.clock.now()) < timedelta(seconds=1)
        times = [entry["time"] for entry in await one.entries()]
        assert times == sorted(times), "no entry is of a time before the one before it"


async def test_I6_a_clock_that_is_off_is_told_from_two_seconds_on(postgres_url: str, still: None) -> None:
    database = MovedClock(START)
    async with open_house(postgres_url, start=START, database_clock=database) as house:
        for moved, told in (
            (1, None),
            (1, "This machine's clock is 2 s ahead of the database's"),
            (-27, "This machine's clock is 25 s behind the database's"),
            (25 + 7200, "This machine's clock is 120 min ahead of the database's"),
        ):
            house.clock.set(moved)
            await house.station.shared_time.measure()
            found = " ".join(house.station.beat().findings)
            assert told in found if told else not found
        assert house.clock.now() == database.now()
        assert await house.send(sia("9999", 1, "NRP")) == [ack("9999", 1)]


async def test_a_clock_that_is_right_is_followed_closely(postgres_url: str, still: None) -> None:
    """With the real clocks of the machine, which are one: what is measured is what asking takes."""
    clock = SystemClock()
    async with open_house(postgres_url) as house:
        from console.station.shared_time import SharedTime

        shared = SharedTime(house.station.database, clock)
        await shared.measure()
        assert abs(shared.skew) < timedelta(seconds=1)
        assert shared.trouble() is None

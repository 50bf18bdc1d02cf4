"""The machine's clock is set while alarms wait, are held and are parked: what counts goes on counting (I3, I4, I6)."""

from __future__ import annotations

import pytest

from models.records import AlarmState
from tests.console.station.api.test_handling import in_hand, ok
from tests.console.station.house import House
from tests.frames import sia


@pytest.mark.parametrize("step", [-3600, 3600], ids=["back", "ahead"])
async def test_I3_a_dead_workstations_alarm_comes_back_as_soon_as_ever(small_house: House, step: int) -> None:
    _seat, alarm = await in_hand(small_house)
    await small_house.pass_time(1)
    small_house.clock.set(step)
    await small_house.pass_time(15)
    assert (await small_house.alarm(alarm)).state is AlarmState.HELD
    await small_house.pass_time(10)
    assert (await small_house.alarm(alarm)).state is AlarmState.WAITING
    [told] = await small_house.entries("clock-moved")
    assert told["text"] == f"The station's clock was set {'ahead' if step > 0 else 'back'} by 3600 s"


@pytest.mark.parametrize("step", [-3600, 3600], ids=["back", "ahead"])
async def test_I4_a_parked_alarm_comes_back_after_its_minutes_and_no_finding_is_false(
    small_house: House, step: int
) -> None:
    seat, alarm = await in_hand(small_house)
    await ok(seat, alarm, "park", minutes=5, reason="patrol")
    await small_house.pass_time(60, seat)
    small_house.clock.set(step)
    await small_house.pass_time(235, seat)
    assert (await small_house.alarm(alarm)).state is AlarmState.PARKED
    assert await small_house.audit(seat) == ()
    await small_house.pass_time(10, seat)
    assert (await small_house.alarm(alarm)).state is AlarmState.WAITING


async def test_an_operator_stays_signed_in_and_the_wait_goes_on_counting(small_house: House) -> None:
    seat = await small_house.seat("claes")
    await small_house.send(sia("1001", 1, "Nri2/FA11"))
    await small_house.pass_time(30, seat)
    small_house.clock.set(40_000)
    await small_house.pass_time(5, seat)
    [shown] = (await seat.picture())["alarms"]
    waited = small_house.clock.now() - (await small_house.alarm(shown["id"])).clock_from
    assert waited.total_seconds() == 35


async def test_I4_a_machine_that_slept_is_told_and_what_waited_has_waited(small_house: House) -> None:
    seat, held = await in_hand(small_house)
    await small_house.send(sia("1001", 2, "Nri2/FA11"))
    [fire] = [alarm for alarm in await small_house.alarms() if alarm.id != held]
    await seat.act(fire.id, "release")
    await small_house.pass_time(1, seat)
    small_house.clock.sleep(3600)
    await small_house.station.duties.second()
    assert await small_house.entries("clock-moved") == []
    [told] = await small_house.entries("machine-slept")
    assert told["text"] == "The station's machine slept for 3600 s: nothing was received meanwhile"
    assert (await small_house.alarm(fire.id)).escalated == 2
    assert (await small_house.alarm(held)).state is AlarmState.HELD, "the workstation could not be heard meanwhile"
    await small_house.pass_time(10)
    assert len(await small_house.entries("machine-slept")) == 1
    await small_house.pass_time(15)
    assert (await small_house.alarm(held)).state is AlarmState.WAITING


async def test_a_clock_that_is_slewed_is_no_step(small_house: House) -> None:
    for _ in range(10):
        small_house.clock.set(0.5)
        await small_house.pass_time(1)
    assert await small_house.entries("clock-moved") == []


@pytest.mark.parametrize("step", [-3600, 3600], ids=["back", "ahead"])
async def test_I4_what_came_between_the_step_and_the_stations_notice_of_it_is_not_moved(
    small_house: House, step: int
) -> None:
    await small_house.pass_time(1)
    small_house.clock.set(step)
    await small_house.send(sia("1001", 1, "Nri2/FA11"))
    await small_house.station.duties.second()
    await small_house.pass_time(60)
    [alarm] = await small_house.alarms()
    assert alarm.clock_from == alarm.opened_at
    assert alarm.escalated == 1

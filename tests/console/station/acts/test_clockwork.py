"""I3, I4: what the station does as time passes. Time passes when the test says so."""

from __future__ import annotations

from typing import Any

import pytest

from models.records import AlarmState
from tests.console.station.house import House, Seat
from tests.frames import sia

WAITING, HELD, PARKED = AlarmState.WAITING, AlarmState.HELD, AlarmState.PARKED


async def held(house: House, packet: str = "Nri1/BA07") -> tuple[Seat, str]:
    """An alarm of site S1 in the hands of Claes."""
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, packet))
    taken = await seat.take_next()
    return seat, taken.json()["id"]


async def state(house: House, alarm: str) -> AlarmState:
    return (await house.alarm(alarm)).state


async def returned(house: House) -> list[str]:
    return [entry["text"] for entry in await house.entries("returned")]


async def test_I3_a_workstation_silent_for_20_seconds_gives_its_alarm_back(house: House) -> None:
    seat, alarm = await held(house)
    await seat.beat()
    await house.pass_time(19)
    assert await state(house, alarm) is HELD
    await house.pass_time(1)
    back = await house.alarm(alarm)
    assert (back.state, back.holder, back.returned_why) == (WAITING, None, "WS-claes is not answering")
    assert back.clock_from == back.opened_at
    assert await returned(house) == ["Back in the queue: WS-claes is not answering · Intrusion"]


async def test_I3_a_workstation_that_beats_keeps_its_alarm(house: House) -> None:
    seat, alarm = await held(house)
    await house.pass_time(100, seat)
    assert await state(house, alarm) is HELD


async def test_I3_after_a_restart_every_lease_gets_its_full_time(small_house: House) -> None:
    _seat, alarm = await held(small_house)
    small_house.clock.move(3600)
    # As a station that starts an hour later sees it: the beats in the table are old.
    small_house.station.duties._started_at = small_house.clock.now()
    await small_house.pass_time(19)
    assert await state(small_house, alarm) is HELD
    await small_house.pass_time(1)
    assert await state(small_house, alarm) is WAITING


@pytest.mark.parametrize(("packet", "limit"), [("Nri2/FA11", 60), ("Nri1/BA07", 180), ("NAT", 180)])
async def test_I4_held_without_an_act_is_loud_and_then_returns(small_house: House, packet: str, limit: int) -> None:
    house = small_house
    seat, alarm = await held(house, packet)
    await house.pass_time(limit - 1, seat)
    assert (await house.alarm(alarm)).idle_warned_at is None
    await house.pass_time(1, seat)
    assert (await house.alarm(alarm)).idle_warned_at == house.clock.now()
    assert len(await house.entries("idle-warned")) == 1
    await house.pass_time(19, seat)
    assert await state(house, alarm) is HELD
    await house.pass_time(1, seat)
    assert await state(house, alarm) is WAITING
    assert (await house.alarm(alarm)).returned_why == "no act by Claes"


@pytest.mark.parametrize("how", ["note", "keys"])
async def test_I4_an_act_or_a_key_restarts_the_limit(house: House, how: str) -> None:
    seat, alarm = await held(house, "Nri2/FA11")
    await house.pass_time(70, seat)
    assert (await house.alarm(alarm)).idle_warned_at is not None
    if how == "note":
        assert (await seat.act(alarm, "note", text="calling the guard")).status_code == 200
    else:
        await seat.beat(active=True, alarm=alarm)
    await house.pass_time(60, seat)
    assert await state(house, alarm) is HELD
    assert len(await house.entries("idle-warned")) == 2
    await house.pass_time(20, seat)
    assert await state(house, alarm) is WAITING


async def test_I4_a_warning_goes_from_the_screens_once_there_is_a_sign_of_work(small_house: House) -> None:
    seat, alarm = await held(small_house)
    await small_house.pass_time(180, seat)
    assert (await small_house.alarm(alarm)).idle_warned_at is not None
    await seat.beat(active=True, alarm=alarm)
    await small_house.pass_time(1)
    assert (await small_house.alarm(alarm)).idle_warned_at is None
    assert [e["text"] for e in await small_house.entries("idle-over")] == ["Claes is at it again · Intrusion"]


async def test_I4_a_running_call_is_an_act_but_not_for_ever(small_house: House) -> None:
    house = small_house
    seat, alarm = await held(house)
    assert (await seat.act(alarm, "call", step="contact:S1-1", number="+32 470 55 50 01")).status_code == 200
    # The forgotten handset counts for ten minutes; then the three minutes of a Medium alarm begin.
    house.clock.move(600)
    await seat.beat()
    await house.pass_time(179, seat)
    assert (await house.alarm(alarm)).idle_warned_at is None
    await house.pass_time(1, seat)
    assert (await house.alarm(alarm)).idle_warned_at is not None


async def test_I4_a_locked_workstation_gives_its_alarm_back_after_two_minutes(small_house: House) -> None:
    house = small_house
    seat, alarm = await held(house)
    await seat.beat(locked=True)
    for _ in range(23):
        await house.pass_time(4)
        house.clock.move(1)
        await seat.beat(locked=True)
    assert await state(house, alarm) is HELD
    await house.pass_time(5)
    assert (await house.alarm(alarm)).returned_why == "WS-claes stayed locked"


async def test_I4_a_parked_alarm_comes_back_at_its_time(house: House) -> None:
    seat, alarm = await held(house)
    assert (await seat.act(alarm, "park", minutes=2, reason="patrol")).status_code == 200
    await house.pass_time(119)
    assert await state(house, alarm) is PARKED
    await house.pass_time(1)
    assert await state(house, alarm) is WAITING
    assert await returned(house) == ["Back from parked · Intrusion"]


async def test_I4_signing_out_gives_back_at_once(small_house: House) -> None:
    seat, alarm = await held(small_house)
    assert (await seat.client.delete("/v1/session")).status_code == 200
    assert await state(small_house, alarm) is WAITING


async def test_I4_a_session_that_ended_holds_nothing(small_house: House) -> None:
    _seat, alarm = await held(small_house)
    small_house.clock.move(12 * 3600)
    await small_house.pass_time(1)
    assert await state(small_house, alarm) is WAITING


async def test_I3_two_stations_over_one_database_return_an_alarm_once(house: House) -> None:
    from console.station.acts import clockwork
    from console.station.duties import Duties

    _seat, alarm = await held(house)
    station = house.station
    other = Duties(
        station.database, station.scribe, house.clock, station.profile, {}, station.links, station.heartbeats
    )
    house.clock.move(60)
    now = house.clock.now()
    for duties in (station.duties, other):
        # Both have seen that it is due before either has done it.
        due = await station.database.read(
            lambda c, since=duties._started_at: clockwork.due(c, station.profile, now, since)  # type: ignore[misc]
        )
        assert len(due) == 1
    await station.scribe.act(clockwork.tick(station.profile, station.duties._started_at))
    await station.scribe.act(clockwork.tick(station.profile, other._started_at))
    assert await state(house, alarm) is WAITING
    assert len(await returned(house)) == 1


async def test_a_duty_that_fails_is_loud_and_tried_again(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from console.station.acts import clockwork

    def broken(*_: Any) -> Any:
        raise RuntimeError("broken on purpose")

    with monkeypatch.context() as patched:
        patched.setattr(clockwork, "due", broken)
        await small_house.pass_time(1)
    assert "The station's duty 'leases, parked alarms and escalation' fails" in small_house.station.beat().findings
    await small_house.pass_time(1)
    assert small_house.station.beat().findings == ()


async def test_I4_an_unattended_alarm_is_escalated_journaled_and_shown(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri2/FA11"))
    await house.pass_time(59, seat)
    assert await house.entries("escalated") == []
    await house.pass_time(1, seat)
    assert [e["text"] for e in await house.entries("escalated")] == [
        "Unattended for 1:00, escalated to supervisors · Fire"
    ]
    await house.pass_time(60, seat)
    assert len(await house.entries("escalated")) == 2
    [shown] = (await seat.picture())["alarms"]
    assert shown["escalated"] == 2
    await seat.take_next()
    [shown] = (await seat.picture())["alarms"]
    assert shown["escalated"] == 0

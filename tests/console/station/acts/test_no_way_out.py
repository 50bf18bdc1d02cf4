"""What could trap, strip, hide or wave through an alarm: each was seen to happen once (I2, I3, I4, I13, F4, F5, G3)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from console.station.acts import registry
from console.station.acts.registry import AccountSettings
from models.records import AlarmState, StaffRole
from tests.console.station.api.test_handling import AN, PREMISES, in_hand, ok, plan
from tests.console.station.house import House
from tests.frames import ack, frame, sia


async def test_I2_a_database_that_is_locked_for_a_moment_strips_no_signal(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = house.station.database.write
    locked: list[bool] = []

    async def locked_once(act: Any) -> Any:
        if not locked:
            locked.append(True)
            raise OperationalError("COMMIT", {}, Exception("database is locked"))
        return await whole(act)

    monkeypatch.setattr(house.station.database, "write", locked_once)
    line = await house.line()
    assert await line.unanswered(sia("1001", 1, "Nri2/FA11")), "acknowledged, though it was not stored"
    assert await line.say(sia("1001", 1, "Nri2/FA11")) == ack("1001", 1)
    [alarm] = await house.alarms()
    assert (alarm.kind, alarm.priority) == ("fire", 1)


async def test_I3_G3_a_call_is_broken_off_when_its_workstation_dies_and_the_next_operator_can_work(
    house: House,
) -> None:
    _seat, alarm = await in_hand(house)
    await ok(_seat, alarm, "call", step="premises", number=PREMISES)
    next_ = await house.seat("dirk")
    await house.pass_time(30, next_)
    assert (await house.alarm(alarm)).state is AlarmState.WAITING
    await ok(next_, alarm, "take")
    steps = (await plan(next_, alarm))["steps"]
    assert all(number["calling_since"] is None for step in steps for number in step["numbers"])
    await ok(next_, alarm, "call", step="premises", number=PREMISES)
    await ok(next_, alarm, "call", step="premises", number=PREMISES, outcome="no-answer")
    await ok(next_, alarm, "release")
    assert "broken off" in (await house.entries("call"))[0]["text"]


async def test_G3_signing_out_in_a_call_breaks_it_off(house: House) -> None:
    seat, alarm = await in_hand(house)
    await ok(seat, alarm, "call", step="premises", number=PREMISES)
    await seat.client.delete("/v1/session")
    next_ = await house.seat("dirk")
    await ok(next_, alarm, "take")
    await ok(next_, alarm, "call", step="contact:S1-1", number=AN)


async def test_H_a_supervisor_reassigns_an_alarm_whose_holder_is_in_a_call(house: House) -> None:
    seat, alarm = await in_hand(house)
    await ok(seat, alarm, "call", step="premises", number=PREMISES)
    boss = await house.seat("eva", StaffRole.SUPERVISOR)
    dirk = await house.seat("dirk")
    given = await ok(boss, alarm, "hand-over", to="dirk", workstation=dirk.workstation, why="Claes is away")
    assert given["holder"] == "dirk"
    await ok(dirk, alarm, "call", step="contact:S1-1", number=AN)


async def test_I4_a_hold_up_that_joins_during_a_call_to_the_premises_traps_nobody(house: House) -> None:
    seat, alarm = await in_hand(house, "Nri2/FA11")
    await ok(seat, alarm, "call", step="premises", number=PREMISES)
    await house.send(sia("1001", 2, "Nri1/HA07"))
    await ok(seat, alarm, "call", step="premises", number=PREMISES, outcome="no-answer")
    answer = await seat.act(alarm, "call", step="premises", number=PREMISES)
    assert (answer.status_code, "do not call" in answer.text) == (409, True)
    await ok(seat, alarm, "release")


async def test_I13_a_panels_cancel_spares_nobody_a_call(house: House) -> None:
    seat, alarm = await in_hand(house)
    before = (await plan(seat, alarm))["missing"]
    await house.send(sia("1001", 2, "Nri1/BC4"))
    assert (await plan(seat, alarm))["missing"] == before != []


async def test_I13_a_cancel_from_before_a_rise_spares_nobody_a_call(house: House) -> None:
    seat, alarm = await in_hand(house)
    await ok(seat, alarm, "cancel", contact="S1-1", why="cleaner", code_word="tulp")
    assert (await plan(seat, alarm))["missing"] == []
    house.clock.move(60)
    await house.send(sia("1001", 2, "Nri1/BA09"))
    assert (await house.alarm(alarm)).priority == 2
    assert (await plan(seat, alarm))["missing"] != []


async def test_F4_a_fire_answered_nak_in_test_and_resent_after_it_is_presented(house: House) -> None:
    seat = await house.seat("claes")
    await house.station.scribe.act(
        lambda ledger: registry.set_account(
            ledger, house.station.secrets, registry.local("test"), AccountSettings("1001", check_clear_time=True)
        )
    )
    await house.station.directory.load()
    await seat.test_on("S1")
    wrong = frame('"SIA-DCS"0001L0#1001[#1001|Nri2/FA11]_12:00:00,11-23-2020')
    [nak] = await house.send(wrong)
    assert b'"NAK"' in nak
    assert await house.alarms() == []
    await seat.test_off("S1")
    right = frame(f'"SIA-DCS"0001L0#1001[#1001|Nri2/FA11]_{house.clock.now():%H:%M:%S,%m-%d-%Y}')
    assert await house.send(right) == [ack("1001", 1)]
    [alarm] = await house.alarms()
    assert alarm.kind == "fire"


async def test_F5_the_duress_word_in_place_of_the_code_word_raises_and_cancels_nothing(house: House) -> None:
    seat, alarm = await in_hand(house)
    answer = await ok(seat, alarm, "cancel", contact="S1-1", why="all is well", code_word="roos")
    assert (answer["cancelled"], answer["priority"], answer["silent"]) == (None, 1, True)
    assert (await plan(seat, alarm))["missing"] != []
    assert "alarm-raised" in [entry["kind"] for entry in await house.entries()]
    assert not any("roos" in str(entry) for entry in await house.entries())


async def test_I4_a_key_counts_for_the_alarm_on_the_workspace_alone(house: House) -> None:
    seat, first = await in_hand(house, "Nri2/FA11")
    await house.bring_in()
    await house.send(sia("9999", 1, "Nri1/FA01"))
    other = next(alarm for alarm in await house.alarms() if alarm.id != first)
    await ok(seat, other.id, "take")
    for _ in range(18):
        await seat.beat(active=True, alarm=first)
        await house.pass_time(5, seat)
    assert (await house.alarm(first)).state is AlarmState.HELD
    assert (await house.alarm(other.id)).state is AlarmState.WAITING


async def test_C4_a_duress_word_during_a_fire_brings_the_police_first_and_keeps_the_fire_service(house: House) -> None:
    seat, alarm = await in_hand(house, "Nri2/FA11")
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN)
    await ok(seat, alarm, "call", step="contact:S1-1", number=AN, outcome="duress")
    steps = [step["key"] for step in (await plan(seat, alarm))["steps"]]
    assert steps[:2] == ["authority:police", "authority:emergency"]


async def test_C4_a_silent_hold_up_calls_the_police_alone(house: House) -> None:
    seat, alarm = await in_hand(house, "Nri1/HA07")
    steps = [step["key"] for step in (await plan(seat, alarm))["steps"]]
    assert [step for step in steps if step.startswith("authority")] == ["authority:police"]

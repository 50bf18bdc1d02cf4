"""Fixed and restarting sequence numbers through a real station: no second real alarm is lost (I2, decision 6)."""

from __future__ import annotations

import asyncio

import pytest

from console.station import dc09
from console.station.acts import registry
from console.station.acts.registry import AccountSettings, NewSystem
from tests.console.station.house import START, House, Seat, site
from tests.frames import ack, cid, frame, sia

ALARM = sia("1001", 1, "Nri1/BA07")
WRONG = b"_12:00:00,11-23-2020"


async def journaled(house: House) -> tuple[int, int]:
    return len(await house.entries("signal")), len(await house.entries("repeat"))


async def check_time(house: House, account: str = "1001") -> None:
    settings = AccountSettings(account, check_clear_time=True)
    await house.station.scribe.act(
        lambda ledger: registry.set_account(ledger, house.station.secrets, registry.local("test"), settings)
    )
    await house.station.directory.load()


async def close(house: House, seat: Seat, alarm: str) -> None:
    await seat.act(alarm, "take")
    await seat.skip_all(alarm)
    up_to = (await house.alarm(alarm)).last_seq
    await seat.act(alarm, "seen", up_to=up_to)
    answer = await seat.act(alarm, "close", disposition="false-user", reason="test")
    assert answer.status_code == 200, answer.text


async def test_I2_a_panel_that_always_sends_0001_is_heard_again_minutes_later(house: House) -> None:
    assert await house.send(ALARM) == [ack("1001", 1)]
    house.clock.move(180)
    assert await house.send(ALARM) == [ack("1001", 1)]
    assert await journaled(house) == (2, 0)
    [alarm] = await house.alarms()
    assert (alarm.signals, alarm.unseen) == (2, 2)


async def test_I2_a_panel_that_begins_anew_after_power_up_is_heard(house: House) -> None:
    await house.send(sia("1001", 57, "NAT"), ALARM)
    house.clock.move(120)
    await house.send(ALARM)
    assert await journaled(house) == (3, 0)


async def test_I2_a_panel_that_counts_and_lost_the_answer_is_not_heard_twice(house: House) -> None:
    again = sia("1001", 8, "Nri1/BA07")
    await house.send(sia("1001", 7, "NRP"), again)
    house.clock.move(180)
    assert await house.send(again) == [ack("1001", 8)]
    assert await journaled(house) == (2, 1)


async def test_I1_a_panel_that_hung_up_before_the_answer_is_not_heard_twice(small_house: House) -> None:
    house = small_house
    receiver, heard = house.station.receiver, dc09.parse_datagram(ALARM)
    answer: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
    assert receiver.take_in(heard, "tcp 10.0.0.7:4000", answer.set_result, lambda: False) is None
    assert await answer == ack("1001", 1)
    house.clock.move(180)
    await house.send(ALARM)
    assert await journaled(house) == (1, 1)


async def test_I2_what_comes_again_after_the_alarm_was_closed_is_a_new_alarm(house: House) -> None:
    seat = await house.seat("an")
    await house.send(ALARM)
    [alarm] = await house.alarms()
    await close(house, seat, alarm.id)
    house.clock.move(20)
    await house.send(ALARM)
    [second] = await house.alarms()
    assert second.id != alarm.id
    assert await journaled(house) == (2, 0)


@pytest.mark.parametrize("restore", [sia("1001", 1, "Nri1/BR07"), sia("1002", 9, "Nri1/BR07")], ids=["same", "other"])
async def test_I2_a_restore_in_between_on_whatever_path_makes_a_new_alarm(house: House, restore: bytes) -> None:
    both = (NewSystem("1001", None, True), NewSystem("1002", None, True))
    await house.bring_in(site("S1", "-", systems=both))
    await house.send(ALARM)
    house.clock.move(5)
    await house.send(restore)
    house.clock.move(5)
    await house.send(ALARM)
    assert await journaled(house) == (3, 0)
    [alarm] = await house.alarms()
    assert (alarm.signals, [zone.restored for zone in alarm.zones]) == (2, [False])


async def test_F4_what_a_test_kept_is_presented_when_it_comes_after_the_test(house: House) -> None:
    seat = await house.seat("an")
    await seat.test_on("S1")
    await house.send(ALARM, ALARM)
    assert await journaled(house) == (1, 1)
    await seat.test_off("S1")
    await house.send(ALARM)
    [alarm] = await house.alarms()
    assert (alarm.signals, await journaled(house)) == (1, (2, 1))


async def test_I2_another_time_of_occurrence_is_another_alarm(house: House) -> None:
    def at(second: int) -> bytes:
        return frame(f'"SIA-DCS"0001L0#1001[#1001|NBA07][H20:00:{second:02d},11-23-2026]')

    await house.send(at(0), at(0), at(3))
    assert await journaled(house) == (2, 1)


async def test_I2_21_a_clock_that_no_NAK_mends_is_presented_once_refused_three_times_then_acknowledged(
    house: House,
) -> None:
    await check_time(house)
    wrong = frame(b'"ADM-CID"0005L0#1001[#1001|1110 01 011]' + WRONG)
    behind = frame(b'"ADM-CID"0006L0#1001[#1001|1130 01 007]' + WRONG)
    line = await house.line()
    for _ in range(3):
        assert b'"NAK"0000R0L0A0[]_20:' in await line.say(wrong)
        house.clock.move(11)
    assert await line.say(wrong) == ack("1001", 5)
    assert await line.say(wrong) == ack("1001", 5)
    assert b'"NAK"' in await line.say(behind)
    assert await journaled(house) == (2, 4)
    alarms = await house.alarms()
    assert [(alarm.words, alarm.signals, alarm.out_of_window) for alarm in alarms] == [
        ("Fire", 1, True),
        ("Intrusion", 1, True),
    ]


async def test_I2_21_a_second_alarm_of_an_incurable_clock_and_a_fixed_sequence_is_heard(house: House) -> None:
    await check_time(house)
    wrong = frame(b'"ADM-CID"0001L0#1001[#1001|1110 01 011]' + WRONG)
    assert await house.send(wrong, wrong, wrong, wrong) != [ack("1001", 1)] * 4
    house.clock.move(180)
    assert await house.send(wrong) == [ack("1001", 1)]
    assert await journaled(house) == (2, 3)
    [alarm] = await house.alarms()
    assert alarm.signals == 2


async def test_21_polls_between_the_tries_of_an_event_do_not_prolong_them(house: House) -> None:
    await check_time(house)
    poll = frame(b'"NULL"0000L0#1001[]' + WRONG)
    event = frame(b'"ADM-CID"0005L0#1001[#1001|1110 01 011]' + WRONG)
    replies = await house.send(event, poll, event, poll, event, poll, event, poll)
    assert [b'"NAK"' in reply for reply in replies] == [True] * 6 + [False] * 2


async def test_I2_21_every_frame_0000_of_an_incurable_clock_is_one_alarm_too(house: House) -> None:
    await check_time(house)
    wrong = frame(b'"ADM-CID"0000L0#1001[#1001|1110 01 011]' + WRONG)
    replies = await house.send(wrong, wrong, wrong, wrong)
    assert [b'"NAK"' in reply for reply in replies] == [True, True, True, False]
    assert await journaled(house) == (1, 3)


async def test_I2_21_a_clock_mended_after_the_alarm_was_closed_presents_it_again(house: House) -> None:
    seat = await house.seat("an")
    await check_time(house)
    await house.send(frame(b'"ADM-CID"0005L0#1001[#1001|1110 01 011]' + WRONG))
    [alarm] = await house.alarms()
    await close(house, seat, alarm.id)
    now = f"_{house.clock.now():%H:%M:%S,%m-%d-%Y}".encode()
    assert await house.send(frame(b'"ADM-CID"0005L0#1001[#1001|1110 01 011]' + now)) == [ack("1001", 5)]
    [second] = await house.alarms()
    assert second.id != alarm.id


async def test_21_polls_of_an_incurable_clock_are_refused_three_times_then_acknowledged(house: House) -> None:
    await check_time(house)
    poll = frame(b'"NULL"0000L0#1001[]' + WRONG)
    replies = await house.send(poll, poll, poll, poll)
    assert [b'"NAK"' in reply for reply in replies] == [True, True, True, False]
    right = frame(f'"NULL"0000L0#1001[]_{START:%H:%M:%S,%m-%d-%Y}')
    await house.send(right)
    assert b'"NAK"' in (await house.send(poll))[0]


async def test_I2_another_way_to_say_the_same_is_no_repeat(house: House) -> None:
    await house.send(ALARM, cid("1001", 1, "1130 01 007"), ALARM)
    assert await journaled(house) == (3, 0)

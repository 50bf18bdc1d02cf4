"""I2, I9, I6, B3: what a frame leaves behind, through the real sockets into both databases."""

from __future__ import annotations

from typing import Any

import pytest

from console.station.acts.registry import NewSystem
from models.records import ActorKind, AlarmClass
from tests.console.station.house import START, House, site
from tests.frames import ack, cid, frame, sia

KEY = "00112233445566778899AABBCCDDEEFF"


def escaped(raw: bytes) -> str:
    return raw.decode("latin-1").replace("\n", "\\n").replace("\r", "\\r")


async def test_I2_I6_a_signal_is_journaled_with_its_frame_its_sender_and_both_times(house: House) -> None:
    raw = frame('"SIA-DCS"0001RC0FFL7#1001[#1001|Nri1/BA07][H19:59:00,11-23-2026]')
    [reply] = await house.send(raw)
    assert reply == frame('"ACK"0001RC0FFL7#1001[]')
    [entry] = await house.entries("signal")
    assert (entry["raw"], entry["account"], entry["site"], entry["priority"]) == (escaped(raw), "1001", "S1", 3)
    assert entry["time"] == f"{START:%Y-%m-%dT%H:%M:%S}.000000Z"
    assert entry["panel_time"] == "2026-11-23T19:59:00.000000Z"
    assert entry["actor"]["kind"] == ActorKind.PANEL.value
    assert entry["actor"]["name"] == "1001"
    assert entry["actor"]["from"].startswith("tcp 127.0.0.1:")
    assert entry["text"] == "Intrusion · Winkel / 07 PIR winkel"


async def test_I2_a_poll_is_answered_counted_and_not_journaled(house: House) -> None:
    before = len(await house.entries())
    replies = await house.send(frame('"NULL"0000L0#1001[]'), frame('"NULL"0001L0#1001[#1001|0000 00 000]'))
    assert replies == [frame('"ACK"0000L0#1001[]'), frame('"ACK"0001L0#1001[]')]
    assert (len(await house.entries()), house.station.intake.tally.polls) == (before, 2)


async def test_I2_noise_is_counted_not_answered_and_not_journaled(house: House) -> None:
    line = await house.line()
    before = len(await house.entries())
    good = sia("1001", 1, "Nri1/BA07")
    assert await line.unanswered(b"GET / HTTP/1.1\r\n\r\n", good.replace(b"BA07", b"BA08"), frame('"ACK"0001L0#1001[]'))
    assert len(await house.entries()) == before
    assert house.station.intake.tally.refused.total() >= 3


@pytest.mark.parametrize(
    ("packet", "words", "priority"),
    [
        ("Nri1/FA11", "Unknown account 9999: Fire", 1),
        ("Nri1/BA07", "Unknown account 9999: Intrusion", 3),
        ("Nri1/OP4", "Unknown account 9999: Disarmed", 3),
        ("NRP", "Unknown account 9999: Test signal", 3),
        ("NAT", "Unknown account 9999: Mains failure", 3),
    ],
)
async def test_I2_an_unknown_account_becomes_an_alarm_whatever_it_says(
    small_house: House, packet: str, words: str, priority: int
) -> None:
    assert await small_house.send(sia("9999", 1, packet)) == [ack("9999", 1)]
    [alarm] = await small_house.alarms()
    assert (alarm.words, alarm.priority, alarm.alarm_class, alarm.site) == (words, priority, AlarmClass.SERVICE, None)


async def test_I2_a_flood_of_unknown_accounts_hides_nothing_and_nobody(house: House) -> None:
    line = await house.line()
    for number in range(60):
        await line.say(sia(f"E{number:03X}", 1, "Nri1/BA07"))
    alarms = await house.alarms()
    assert len(alarms) == house.station.profile.most_unknown_accounts + 1
    assert sum(alarm.signals for alarm in alarms) == 60
    assert len(await house.entries("signal")) == 60


async def test_I2_an_account_that_is_brought_in_is_known_at_once(house: House) -> None:
    await house.send(sia("9999", 1, "Nri1/BA07"))
    await house.bring_in(site("S2", "9999"))
    await house.send(sia("9999", 2, "Nri1/BA07"))
    assert [entry["site"] for entry in await house.entries("signal")] == [None, "S2"]


@pytest.mark.parametrize(
    ("system", "body", "words", "kind"),
    [
        (NewSystem("2002", KEY, False), '"*SIA-DCS"0001L0#2002[' + "AB" * 32, "Panel unreadable", "unreadable"),
        (NewSystem("2002", KEY, False), '"*SIA-DCS"0001L0#2002[XYZ', "Panel unreadable", "unreadable"),
        (NewSystem("2002", None, True), '"*SIA-DCS"0001L0#2002[' + "AB" * 32, "Panel unreadable", "unreadable"),
        (NewSystem("2002", KEY, False), '"SIA-DCS"0001L0#2002[#2002|NFA1]', "Frame in clear refused", "unreadable"),
        (None, '"*SIA-DCS"0001L0#2002[' + "AB" * 32, "Unknown account 2002: Unknown account", "unreadable"),
    ],
    ids=["wrong key", "no cipher", "no key", "clear refused", "unknown"],
)
async def test_I2_what_cannot_be_read_is_kept_raw_presented_and_not_answered(
    house: House, system: NewSystem | None, body: str, words: str, kind: str
) -> None:
    if system is not None:
        await house.bring_in(site("S2", "-", systems=(system,)))
    line = await house.line()
    assert await line.unanswered(frame(body), frame(body))
    [entry] = await house.entries(kind)
    assert entry["raw"] == escaped(frame(body))
    assert entry["data"]["reason"]
    assert [alarm.words for alarm in await house.alarms()] == [words]
    house.clock.move(61)
    assert await line.unanswered(frame(body))
    assert [entry["data"]["not_told"] for entry in await house.entries(kind)] == [0, 1]


async def test_a_repeat_is_journaled_once_acknowledged_again_and_counted(house: House) -> None:
    raw = sia("1001", 1, "Nri1/BA07")
    assert await house.send(raw, raw, raw) == [ack("1001", 1)] * 3
    [signal] = await house.entries("signal")
    repeats = await house.entries("repeat")
    assert [(entry["raw"], entry["data"]["of"]) for entry in repeats] == [(None, signal["seq"])] * 2
    [alarm] = await house.alarms()
    assert (alarm.signals, alarm.unseen) == (1, 1)


@pytest.mark.parametrize(
    ("between", "then"),
    [
        (sia("1001", 2, "Nri1/BR07"), sia("1001", 1, "Nri1/BA07")),
        (b"", sia("1001", 1, "Nri1/BA08")),
        (b"", frame('"SIA-DCS"0001L1#1001[#1001|Nri1/BA07]')),
        (b"", cid("1001", 1, "1130 01 007")),
    ],
    ids=["another sequence between", "other data", "another path", "another token"],
)
async def test_what_is_not_a_repeat_is_a_signal(house: House, between: bytes, then: bytes) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"), *filter(None, (between,)), then)
    assert await house.entries("repeat") == []


async def test_sequence_0000_is_never_a_repeat_nor_what_comes_after_ten_minutes(house: House) -> None:
    zero, one = frame('"SIA-DCS"0000L0#1001[#1001|NBA]'), sia("1001", 1, "Nri1/BA07")
    await house.send(zero, zero, one)
    house.clock.move(601)
    await house.send(one)
    assert (len(await house.entries("signal")), await house.entries("repeat")) == (4, [])


async def test_B3_the_state_of_an_area_is_what_was_transmitted_last(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri2/BA11"))
    [alarm] = await house.alarms()

    async def areas() -> dict[str, Any]:
        detail = (await seat.client.get(f"/v1/alarms/{alarm.id}")).json()
        return {area["area"]: area["words"] for area in detail["sheet"]["areas"]}

    assert await areas() == {"1": "not transmitted", "2": "not transmitted"}
    await house.send(sia("1001", 2, "Nri02/CL4"), sia("1001", 3, "Nri1/id9/OP"))
    assert await areas() == {"1": "Disarmed by user 9", "2": "Armed by user 4"}
    await house.send(sia("1001", 4, "Nri7/CL4"))
    assert (await areas())["7"] == "Armed by user 4"


async def test_several_signals_in_one_segment_are_all_stored_in_order_and_answered_in_order(house: House) -> None:
    line = await house.line()
    line.writer.write(b"".join(sia("1001", number, f"Nri1/BA{number:02d}") for number in range(1, 101)))
    assert [await line.reply() for _ in range(100)] == [ack("1001", number) for number in range(1, 101)]
    assert [entry["data"]["sequence"] for entry in await house.entries("signal")] == [
        f"{number:04d}" for number in range(1, 101)
    ]


async def test_a_line_of_another_account_speaks_for_its_own_site_alone(house: House) -> None:
    await house.bring_in(site("S2", "-", systems=(NewSystem("2002", KEY, False),)), site("S3", "3003"))
    await house.send(frame('"SIA-DCS"0001L0#1001[#3003|NBA1]'), frame('"SIA-DCS"0002L0#1001[#2002|NBA1]'))
    assert [entry["site"] for entry in await house.entries("signal")] == ["S3", "S1"]

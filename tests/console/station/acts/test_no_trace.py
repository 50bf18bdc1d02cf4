"""Frames with a good CRC that left no trace, or an untrue one: each was seen to happen once (I2)."""

from __future__ import annotations

from dataclasses import replace

from console.station.acts.registry import NewSystem
from tests.console.station.house import SITE, House
from tests.frames import ack, crc, frame, sia

KEY = "00112233445566778899aabbccddeeff"


def one_short(account: str, sequence: int, packet: str) -> bytes:
    """A frame whose length is one less than it is."""
    body = f'"SIA-DCS"{sequence:04d}L0#{account}[#{account}|{packet}]'.encode()
    return b"\n%04X%04X%s\r" % (crc(body), len(body) - 1, body)


async def test_I2_a_good_crc_with_a_wrong_length_is_shown_though_polls_come_between(small_house: House) -> None:
    line = await small_house.line()
    assert await line.unanswered(one_short("1001", 1, "Nri1/FA07^Küche^"), poll="1001")
    [alarm] = await small_house.alarms()
    assert alarm.kind == "panel-unreadable"


async def test_I2_a_frame_that_names_nobody_though_its_crc_is_good_is_kept_and_shown(small_house: House) -> None:
    line = await small_house.line()
    await line.unanswered(frame('"SIA~DCS"0001L0#1001[#1001|NFA11]'), poll="1001")
    assert len(await small_house.alarms()) == 1
    assert "FA11" in (await small_house.entries("unreadable"))[0]["raw"]


async def test_I2_contact_id_under_the_sia_token_is_a_fire(small_house: House) -> None:
    assert await small_house.send(frame('"SIA-DCS"0001L0#1001[#1001|1110 02 011]')) == [ack("1001", 1)]
    [alarm] = await small_house.alarms()
    assert (alarm.kind, alarm.priority) == ("fire", 1)


async def test_I2_digits_that_nobody_knows_are_an_unknown_event_and_a_lone_zero_is_none(small_house: House) -> None:
    await small_house.send(frame('"SIA-DCS"0002L0#1001[#1001|4711]'))
    [alarm] = await small_house.alarms()
    assert alarm.kind == "unknown"
    await small_house.send(frame('"SIA-DCS"0003L0#1001[#1001|NRP|0|]'))
    assert (await small_house.alarm(alarm.id)).signals == 1


async def test_I2_two_panels_that_cannot_be_read_are_two_matters_not_two_paths(small_house: House) -> None:
    keyed = (NewSystem("1001", KEY, False), NewSystem("1002", KEY, False))
    await small_house.bring_in(replace(SITE, systems=keyed))
    for account in ("1001", "1002"):
        line = await small_house.line()
        await line.unanswered(sia(account, 1, "Nri1/BA07"))
    [alarm] = await small_house.alarms()
    assert alarm.signals == 2

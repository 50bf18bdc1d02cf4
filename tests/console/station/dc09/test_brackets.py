"""Nothing that stands between a frame's brackets is left out of the decision (issue 16 B.1; I1, I2)."""

from __future__ import annotations

import pytest

from console.station import dc09
from console.station.acts.registry import NewSystem
from console.station.dc09 import Frame, Framer
from tests.console.station.house import START, House, site
from tests.frames import ack, frame, sia

KEY = "00112233445566778899AABBCCDDEEFF"


def read(body: str) -> Frame:
    [found] = Framer().feed(frame(body))
    assert isinstance(found, Frame)
    return found


def kinds(content: str, token: str = "SIA-DCS") -> list[str]:
    return [event.kind for event in dc09.decode_events(read(f'"{token}"0001L0#1234{content}'))]


@pytest.mark.parametrize(
    "content",
    [
        "[#1234|NRP][#1234|NFA2]",
        "[#1234|NRP][1234|NFA2]",
        "[#1234|NRP][|NFA2]",
        "[#1234|NRP][#5678|NFA2]",
        "[#1234|NRP][NFA2]",
        "[#1234|NRP][FA2]",
        "[#1234|NRP][#1234|1110 01 002]",
        "[#1234|NRP][1110 01 002]",
        "[#1234|NRP] [#1234|NFA2]",
        "[#1234|NRP][#1234|NFA2][X115000][Y59N12]",
        "[#1234|NRP][X115000][#1234|NFA2]",
        "[#1234|NRP][H12:00:00,11-23-2026][Ihall][#1234|NFA2]_12:00:00,11-23-2026",
        "[#1234|NRP][][#1234|NFA2]",
    ],
)
def test_I2_a_second_group_of_data_is_read(content: str) -> None:
    assert kinds(content) == ["test", "fire"]


@pytest.mark.parametrize("token", ["NULL", "ADM-CID"])
@pytest.mark.parametrize("content", ["[][#1234|NFA2]", "[#1234][#1234|NFA2]", "[#1234|][#1234|NFA2]", "[#1234|NFA2]"])
def test_I2_an_empty_group_hides_none_and_a_poll_that_tells_a_fire_is_none(token: str, content: str) -> None:
    assert not dc09.is_poll(read(f'"{token}"0000L0#1234{content}'))
    assert "fire" in kinds(content, token)


@pytest.mark.parametrize("content", ["[#1234|NRP][!?x]", "[#1234|NRP][nrp]", "[#1234|NRP][#1234|%%%]", "[|NRP][99]"])
def test_I2_a_group_that_cannot_be_read_is_presented(content: str) -> None:
    assert kinds(content) == ["test", "unknown"]


@pytest.mark.parametrize(
    "group",
    [
        *(
            "X115000",
            "Y59N12.2",
            "Z100",
            "E115000",
            "M1234567890AB",
            "N192.168.1.20",
            "Nfe80::1",
            "H12:00:00,11-23-2026",
        ),
        *("IFire in hall 2", "IFA2", "Lhall", "OFA4", "RPA1", "SFire station", "Vhttps://x/1|2", "TF", "C3", "G1"),
        *("AB1C2D3E4F5", 'J{"a": 1}', "K00112233", "PFA2", "", " "),
    ],
)
def test_I2_x_data_is_no_event_whatever_letters_it_holds(group: str) -> None:
    assert kinds(f"[#1234|NRP][{group}]") == ["test"]
    assert dc09.is_poll(read(f'"NULL"0000L0#1234[][{group}]'))


def test_I2_the_same_group_twice_says_it_once() -> None:
    assert kinds("[#1234|NFA2][#1234|NFA2]") == ["fire"]


async def test_I1_a_fire_behind_a_test_signal_is_presented_before_it_is_acknowledged(small_house: House) -> None:
    await small_house.bring_in(site("S9", "1234"))
    assert await small_house.send(frame('"SIA-DCS"0001L0#1234[#1234|NRP][#1234|NFA2]')) == [ack("1234", 1)]
    [alarm] = await small_house.alarms()
    assert (alarm.kind, alarm.priority, alarm.site) == ("fire", 1, "S9")


async def test_I2_what_differs_in_the_second_group_alone_is_no_repeat(small_house: House) -> None:
    await small_house.bring_in(site("S9", "1234"))
    await small_house.send(
        frame('"SIA-DCS"0001L0#1234[#1234|NRP][#1234|NBA1]'), frame('"SIA-DCS"0001L0#1234[#1234|NRP][#1234|NFA2]')
    )
    assert [alarm.kind for alarm in await small_house.alarms()] == ["fire", "intrusion"]


async def test_I2_each_group_is_of_the_account_that_it_names(small_house: House) -> None:
    await small_house.bring_in(site("S9", "1234"), site("S8", "5678"))
    line = await small_house.line()
    body = '"SIA-DCS"0001L0#1234[#1234|NBA1][#5678|NFA2][#9999|NPA3]'
    assert await line.say(frame(body)) == ack("1234", 1)
    told = {(alarm.site, alarm.kind) for alarm in await small_house.alarms()}
    # An account that nobody knows is none to leave an alarm with: it is the header's.
    assert told == {("S8", "fire"), ("S9", "intrusion"), ("S9", "panic")}
    assert await line.say(frame(body)) == ack("1234", 1)
    assert len(await small_house.entries("repeat")) == 2


async def test_I9_a_passcode_in_a_further_group_reaches_nobody(small_house: House) -> None:
    await small_house.bring_in(site("S9", "1234", systems=(NewSystem("1234", KEY, False),)))
    clear = frame('"*SIA-DCS"0001L0#1234[' + _encrypted("#1234|NRP][#1234|?4711"))
    await small_house.send(clear, sia("1001", 1, "NRP]["))
    assert not [entry for entry in await small_house.entries() if "4711" in str(entry)]
    [entry] = [entry for entry in await small_house.entries("signal") if entry["account"] == "1234"]
    assert "*" * 32 in entry["raw"]
    assert [event["kind"] for event in entry["data"]["events"]] == ["test", "unknown"]


def _encrypted(inside: str) -> str:
    return dc09.encrypt_content(inside.encode(), bytes.fromhex(KEY), START).decode()

"""A dialler that we did not write and that behaves badly: ``dc09_spt``, over real sockets.

From the tenth event on it writes its sequence in hex (dc09.md §6, 25), it leaves L out where it has no line (§6, 5),
and it makes a new connection for each event. Its encryption needs a library of Python 2; clear frames alone are sent.
"""

from __future__ import annotations

import asyncio

import pytest
from dc09_spt.dc09_spt import dc09_spt
from dc09_spt.msg.dc03_msg import dc03_msg
from dc09_spt.msg.dc05_msg import dc05_msg

from console.station.acts.registry import NewSystem
from tests.console.station.house import House, site

MAIN, BACK_UP = ("main", "primary"), ("back-up", "primary")


def dialler(house: House, line: int | None = None) -> dc09_spt:
    spt = dc09_spt("1234", line=line)
    host, port = house.dc09.host, house.dc09.port
    spt.set_path(*MAIN, host, port, account="1234")
    spt.set_path(*BACK_UP, host, port, account="5678")
    return spt


async def told(spt: dc09_spt, number: int, token: str, data: str, path: tuple[str, str] = MAIN) -> bool:
    """Whether the dialler took our answer for an ACK of this event; it raises for one that it cannot read."""
    to = spt.tpaths[path[0]][path[1]]["path"]
    async with asyncio.timeout(30):
        return bool(await asyncio.to_thread(spt.transfer_msg, number, token, data, to))


async def brought_in(house: House) -> None:
    both = (NewSystem("1234", None, True), NewSystem("5678", None, True))
    await house.bring_in(site("S2", "-", systems=both))


@pytest.mark.parametrize("line", [None, 1])
async def test_6_25_a_dialler_with_hex_sequences_is_heard_and_answered_so_that_it_goes_on(
    house: House, line: int | None
) -> None:
    await brought_in(house)
    spt = dialler(house, line)
    for number in range(1, 28):
        event = dc03_msg.dc03event("1234", {"code": "BA", "zone": number, "area": 1})
        assert await told(spt, number, "SIA-DCS", event)
    assert await told(spt, 0, "NULL", "]")
    entries = await house.entries("signal")
    sequences = [entry["data"]["sequence"] for entry in entries]
    assert sequences == [f"{number:04X}" for number in range(1, 28)]
    assert [entry["data"]["events"][0]["code"] for entry in entries] == ["BA"] * 27
    assert await house.entries("repeat", "unreadable") == []


async def test_6_25_its_tries_after_a_lost_answer_are_repeats_also_from_the_tenth_on(house: House) -> None:
    await brought_in(house)
    spt = dialler(house)
    event = dc05_msg.dc05event("1234", {"code": "110", "zone": 11, "area": 1})
    for _ in range(3):
        assert await told(spt, 10, "ADM-CID", event)
    assert (len(await house.entries("signal")), len(await house.entries("repeat"))) == (1, 2)
    [alarm] = await house.alarms()
    assert (alarm.words, alarm.signals) == ("Fire", 1)


async def test_its_main_and_back_up_paths_are_one_source(house: House) -> None:
    await brought_in(house)
    spt = dialler(house)
    for account, path in (("1234", MAIN), ("5678", BACK_UP)):
        event = dc03_msg.dc03event(account, {"code": "FA", "zone": 11, "area": 1})
        assert await told(spt, 1, "SIA-DCS", event, path)
    [alarm] = await house.alarms()
    assert (alarm.words, alarm.signals) == ("Fire", 1)
    assert [entry["account"] for entry in await house.entries("signal")] == ["1234", "5678"]

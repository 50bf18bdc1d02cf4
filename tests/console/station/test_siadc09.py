"""A client that we did not write: ``siadc09`` makes the frames and reads the replies, over real sockets."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from siadc09.account import Account
from siadc09.message import EventMessage, Message, NullMessage, parse_frame
from siadc09.xdata import Data

from console.station.acts.registry import NewSystem
from tests.console.station.house import START, House, site
from tests.frames import frame

# As the standard prints it, in clear; siadc09 itself cannot read it, because it has no #.
NAK = frame(f'"NAK"0000R0L0A0[]_{START:%H:%M:%S,%m-%d-%Y}')
KEYS = {16: "AES-128", 24: "AES-192", 32: "AES-256"}


def key(length: int) -> bytes:
    return bytes(range(100, 100 + length))


def event(account: Account, sequence: int, packet: str, sent: datetime, token: str = "SIA-DCS") -> bytes:
    data = Data(content=f"#{account.acct:03X}|{packet}".encode())
    message = EventMessage(account, config={"idtoken": token, "data": data})
    return bytes(message.encode(seq=sequence, timestamp=sent))


def understood(reply: bytes, account: Account) -> Message:
    read = parse_frame(reply, {account.get_id(): account.key} if account.key else None)
    assert (read.account.acct, read.account.pref, read.account.rcvr) == (account.acct, account.pref, account.rcvr)
    return read


async def bring_in(house: House, account: Account) -> None:
    system = NewSystem(f"{account.acct:03X}", account.key and account.key.hex(), not account.key)
    await house.bring_in(site("S2", "-", systems=(system,)))


async def test_I2_clear_frames_over_tcp(house: House) -> None:
    account = Account(acct=0x2A2B, pref=0x7, rcvr=0xC0FFD)
    await bring_in(house, account)
    replies = await house.send(
        event(account, 1, "Nri1/BA07", START),
        event(account, 2, "1110 01 011", START, "ADM-CID"),
        bytes(NullMessage(account).encode(seq=0)),
    )
    for reply, sequence in zip(replies, (1, 2, 0), strict=True):
        read = understood(reply, account)
        assert (read.idtoken, read.seq, read.encrypted) == ("ACK", sequence, False)
    assert [alarm.words for alarm in await house.alarms()] == ["Fire", "Intrusion"]


@pytest.mark.parametrize("length", KEYS, ids=KEYS.get)
async def test_I2_encrypted_frames_over_tcp(small_house: House, length: int) -> None:
    house, account = small_house, Account(acct=0x2A2B, pref=0x7, key=key(length))
    await bring_in(house, account)
    for sequence, packet in enumerate(("Nri1/BA07", "Nri1/BA08", "Nri1/BR07"), 1):
        [reply] = await house.send(event(account, sequence, packet, START))
        read = understood(reply, account)
        assert (read.idtoken, read.seq, read.encrypted) == ("ACK", sequence, True)
        assert read.timestamp == START
    [poll] = await house.send(bytes(NullMessage(account).encode(seq=0, timestamp=START)))
    assert understood(poll, account).idtoken == "ACK"
    [alarm] = await house.alarms()
    assert alarm.words == "Intrusion, 2 zones confirmed"


@pytest.mark.parametrize("length", [None, *KEYS])
async def test_I2_frames_over_udp(small_house: House, length: int | None) -> None:
    house, account = small_house, Account(acct=0x2A2B, key=key(length) if length else None)
    await bring_in(house, account)
    replies: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue()

    class Panel(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            replies.put_nowait((data, addr))

    there = (house.dc09.host, house.dc09.port)
    panel, _ = await asyncio.get_running_loop().create_datagram_endpoint(Panel, local_addr=("127.0.0.1", 0))
    try:
        panel.sendto(event(account, 7, "Nri1/FA11", START) + b"\x00\x00", there)
        async with asyncio.timeout(10):
            data, came_from = await replies.get()
    finally:
        panel.close()
    assert came_from == there
    read = understood(data, account)
    assert (read.idtoken, read.seq, read.encrypted) == ("ACK", 7, length is not None)
    [entry] = await house.entries("signal")
    assert entry["actor"]["from"].startswith("udp 127.0.0.1:")
    assert [alarm.words for alarm in await house.alarms()] == ["Fire"]


@pytest.mark.parametrize(("late", "taken"), [(-20, True), (40, True), (-21, False), (41, False)])
async def test_I2_a_clock_outside_the_window_gets_NAK_and_the_alarm_is_presented(
    small_house: House, late: int, taken: bool
) -> None:
    house, account = small_house, Account(acct=0x2A2B, key=key(16))
    await bring_in(house, account)
    sent = START - timedelta(seconds=late)
    [reply] = await house.send(event(account, 3, "Nri1/BA07", sent))
    if taken:
        assert (understood(reply, account).idtoken, understood(reply, account).timestamp) == ("ACK", START)
    else:
        assert reply == NAK
    [alarm] = await house.alarms()
    assert (alarm.words, alarm.out_of_window) == ("Intrusion", not taken)


async def test_I2_after_NAK_the_panel_mends_its_clock_and_one_alarm_is_presented(house: House) -> None:
    account = Account(acct=0x2A2B, key=key(32))
    await bring_in(house, account)
    wrong, right = START - timedelta(hours=3), START
    replies = await house.send(event(account, 3, "Nri1/BA07", wrong), event(account, 3, "Nri1/BA07", right))
    assert replies[0] == NAK
    assert understood(replies[1], account).idtoken == "ACK"
    [alarm] = await house.alarms()
    assert alarm.signals == 1
    assert [entry["data"].get("resent_after_nak") for entry in await house.entries("signal")] == [None, True]


async def test_I2_an_unknown_token_is_told_and_presented(small_house: House) -> None:
    account = Account(acct=0x1001)
    [reply] = await small_house.send(event(account, 9, "whatever", START, "SIA-S2K"))
    assert (understood(reply, account).idtoken, understood(reply, account).seq) == ("DUH", 9)
    [alarm] = await small_house.alarms()
    assert (alarm.words, alarm.priority) == ("Unknown event SIA-S2K", 3)

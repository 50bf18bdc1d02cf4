"""The port itself: bounds on what a sender may take, quiet lines, and a clean end (dc09.md §4)."""

from __future__ import annotations

import asyncio
import resource
import socket
import struct
from typing import Any

import pytest

from console.station import receiver
from console.station.acts import reception
from console.station.acts.received import Received
from console.station.admission import FEWEST, MOST, RESERVED_FILES, room_for_panels
from console.station.rules.limits import Pace
from console.station.store.scribe import Stored
from tests.console.station.house import House
from tests.frames import ack, crc, sia


async def closed(line: object) -> bool:
    try:
        async with asyncio.timeout(10):
            return await line.reader.read() == b""  # type: ignore[attr-defined]
    except ConnectionResetError:
        return True


async def test_I1_strangers_of_one_address_give_way_to_the_panels_behind_it(small_house: House) -> None:
    """Five hundred that dialled and said nothing shut out every panel behind a carrier's address translation."""
    small_house.station.receiver.admission.most_strangers = 3
    panel = await small_house.line()
    assert await panel.say(sia("1001", 1, "NRP")) == ack("1001", 1)
    strangers = [await small_house.line() for _ in range(3)]
    assert await strangers[1].say(sia("9999", 1, "NRP")) == ack("9999", 1), "an unknown account is a stranger's, too"
    late = await small_house.line()
    assert await closed(strangers[0]), "the one that has been there longest leaves"
    assert await late.say(sia("1001", 2, "NRP")) == ack("1001", 2)
    for number, line in enumerate((panel, strangers[1], strangers[2]), 3):
        account = "9999" if line is strangers[1] else "1001"
        assert await line.say(sia(account, number, "NRP")) == ack(account, number)


async def test_I1_where_all_places_are_taken_a_stranger_leaves_and_no_panel_does(small_house: House) -> None:
    small_house.station.receiver.admission.most = 4
    panels = [await small_house.line() for _ in range(3)]
    for number, line in enumerate(panels, 1):
        assert await line.say(sia("1001", number, "NRP")) == ack("1001", number)
    stranger = await small_house.line()
    fourth = await small_house.line()
    assert await closed(stranger)
    assert await fourth.say(sia("1001", 9, "Nri1/FA11")) == ack("1001", 9)
    assert await closed(await small_house.line()), "all that are here are panels"
    refused = small_house.station.intake.tally.refused
    assert refused["too many connections"] == refused["hung up for another: it had shown no known account"] == 1
    for number, line in enumerate((*panels, fourth), 10):
        assert await line.say(sia("1001", number, "NRP")) == ack("1001", number)


async def test_I1_a_stranger_is_hung_up_after_two_minutes_of_quiet_and_a_panel_is_not(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, stranger = await small_house.line(), await small_house.line()
    assert await panel.say(sia("1001", 1, "NRP")) == ack("1001", 1)
    monkeypatch.setattr(receiver, "_STRANGER_IDLE_S", 0.01)
    assert await stranger.say(sia("9999", 1, "NRP")) == ack("9999", 1)
    assert await closed(stranger)
    assert await panel.say(sia("1001", 2, "NRP")) == ack("1001", 2)


async def test_I1_a_flood_of_datagrams_under_a_panels_address_does_not_silence_its_account(small_house: House) -> None:
    small_house.station.receiver.pace = Pace(1)
    small_house.station.receiver._by_account = Pace(1)
    now = asyncio.get_running_loop().time()
    pace = small_house.station.receiver.pace
    while pace.take("127.0.0.1", now):
        pass
    for _ in range(10_000):
        pace.take("127.0.0.1", now)
    panel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    panel.setblocking(False)
    address = (small_house.dc09.host, small_house.dc09.port)
    loop = asyncio.get_running_loop()
    panel.sendto(sia("9999", 1, "Nri1/FA11"), address)
    # The first is asked of the database, and known from then on.
    await small_house.send(sia("1001", 1, "NRP"))
    panel.sendto(sia("1001", 2, "Nri1/FA11"), address)
    async with asyncio.timeout(10):
        assert await loop.sock_recv(panel, 1000) == ack("1001", 2), "the stranger's is not looked at"
    panel.close()


def test_I1_as_many_panels_are_taken_as_files_may_be_opened_and_few_are_said() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        room, _said = room_for_panels()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(hard, MOST + RESERVED_FILES)
        assert room + RESERVED_FILES <= min(hard, MOST + RESERVED_FILES) or room < FEWEST
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_I1_a_machine_that_lets_few_files_be_opened_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (1024, 1024))
    room, said = room_for_panels()
    assert room == 512
    assert said.startswith("This station may open 1024 files: no more than 512 panels")


async def test_a_frame_that_stays_unfinished_gives_way_to_the_next(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiver, "_PARTIAL_S", 0.01)
    line = await small_house.line()
    line.writer.write(sia("1001", 1, "NBA07")[:20])
    async with asyncio.timeout(10):
        while not small_house.station.intake.tally.refused.total():
            await small_house.client().get("/v1/station")
    assert await line.say(sia("1001", 2, "NRP")) == ack("1001", 2)


async def test_a_line_without_any_sign_for_a_day_is_closed(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    line = await small_house.line()
    assert await line.say(sia("1001", 1, "NRP")) == ack("1001", 1)
    monkeypatch.setattr(receiver, "_IDLE_S", 0.01)
    line.writer.write(b"\x00")  # filler between frames: the quiet begins anew
    assert await closed(line)


async def test_a_sender_that_reads_no_replies_is_read_no_further_and_others_are_served(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiver, "_MOST_UNANSWERED", 4)
    greedy, other = await small_house.line(), await small_house.line()
    greedy.writer.write(b"".join(sia("1001", number, "NRP") for number in range(1, 400)))
    assert await other.say(sia("9999", 1, "NRP")) == ack("9999", 1)
    assert [await greedy.reply() for _ in range(399)] == [ack("1001", number) for number in range(1, 400)]


async def test_I1_a_frame_with_a_wrong_length_is_discarded_as_the_standard_says(small_house: House) -> None:
    body = b'"SIA-DCS"0001L0#1001[#1001|NBA07]'
    line = await small_house.line()
    assert await line.unanswered(b"\n%04X%04X%s\r" % (crc(body), len(body) + 1, body))
    assert small_house.station.intake.tally.refused["wrong length"] == 1
    # Its CRC was right, so a panel said it: the desk is shown that it cannot be taken as it is (I2).
    assert [alarm.kind for alarm in await small_house.alarms()] == ["panel-unreadable"]


async def test_I1_what_was_received_is_stored_though_the_panel_hung_up(small_house: House) -> None:
    line = await small_house.line()
    line.writer.write(sia("1001", 1, "NBA07"))
    line.writer.close()
    async with asyncio.timeout(10):
        while not await small_house.entries("signal"):
            pass


@pytest.mark.parametrize("known", ["1001", "9999"])
@pytest.mark.parametrize("end", [b"", b"\n", b"\x00", b"\nnoise", b'\n12340020"SIA'])
async def test_I1_who_closes_its_half_and_waits_gets_its_answers_and_then_the_end(
    house: House, known: str, end: bytes
) -> None:
    line = await house.line()
    line.writer.write(b"".join(sia(known, number, f"NBA0{number}") for number in (1, 2, 3)) + end)
    line.writer.write_eof()
    assert [await line.reply() for _ in range(3)] == [ack(known, number) for number in (1, 2, 3)]
    assert await closed(line)
    assert len(await house.entries("signal")) == 3


async def test_I1_a_frame_whose_return_is_missing_is_taken_at_the_end_of_the_stream(small_house: House) -> None:
    line = await small_house.line()
    line.writer.write(sia("1001", 1, "NBA07")[:-1])
    line.writer.write_eof()
    assert await line.reply() == ack("1001", 1)
    assert await closed(line)


async def test_I1_a_frame_whose_return_is_missing_is_stored_though_the_panel_hung_up(small_house: House) -> None:
    line = await small_house.line()
    line.writer.write(sia("1001", 1, "NBA07")[:-1])
    await line.writer.drain()
    # Reset, not closed: nothing says that the stream ended.
    linger = struct.pack("ii", 1, 0)
    await until_read(small_house)
    line.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    line.writer.close()
    async with asyncio.timeout(10):
        while not await small_house.entries("signal"):
            pass


async def test_who_closes_its_half_without_a_frame_is_hung_up_on(small_house: House) -> None:
    for said in (b"", b"\x00", sia("1001", 1, "NBA07")[:20]):
        line = await small_house.line()
        line.writer.write(said)
        line.writer.write_eof()
        assert await closed(line)
    assert await small_house.entries("signal") == []


async def until_read(house: House) -> None:
    """Until what one line wrote before has come to the station."""
    async with asyncio.timeout(10):
        while not any(connection._framer.pending for connection in house.station.receiver._connections()):
            await house.client().get("/v1/station")


async def test_I1_at_the_end_everything_acknowledged_is_in_the_journal(small_house: House) -> None:
    house = small_house
    # It stops before its end, so that nothing can be compared there.
    house.by_hand = True
    lines = [await house.line() for _ in range(5)]
    for number, line in enumerate(lines):
        line.writer.write(b"".join(sia(f"A00{number}", count, "NBA07") for count in range(1, 41)))
    acknowledged = []

    async def read(line: object) -> None:
        while True:
            try:
                acknowledged.append(await line.reply())  # type: ignore[attr-defined]
            except (asyncio.IncompleteReadError, ConnectionResetError):
                return

    reading = [asyncio.create_task(read(line)) for line in lines]
    while len(acknowledged) < 3:
        await house.client().get("/v1/station")
    stored: list[bytes] = []
    close = house.station.database.close

    async def look_before_closing() -> None:
        stored.extend(ack(e["account"], int(e["data"]["sequence"])) for e in await house.entries("signal"))
        await close()

    house.station.database.close = look_before_closing  # type: ignore[method-assign]
    await house.station.stop()
    await asyncio.gather(*reading)
    assert set(acknowledged) <= set(stored)
    house.station.stop = nothing  # type: ignore[method-assign]


async def test_I1_answers_keep_their_order_while_an_account_is_looked_up(house: House) -> None:
    """The frames behind it wait: the journal's order is the panel's."""
    line = await house.line()
    sent = [("1001", 1), ("7771", 1), ("1001", 2), ("7772", 1), ("1001", 3)]
    line.writer.write(b"".join(sia(account, number, "NRP") for account, number in sent))
    assert [await line.reply() for _ in sent] == [ack(account, number) for account, number in sent]
    journaled = [(entry["account"], int(entry["data"]["sequence"])) for entry in await house.entries("signal")]
    assert journaled == sent


async def test_I1_a_lookup_that_fails_leaves_its_frame_unanswered_and_no_other(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_query: object) -> None:
        raise OSError("the database is away")

    line = await small_house.line()
    with monkeypatch.context() as patched:
        patched.setattr(small_house.station.database, "read", away)
        line.writer.write(sia("7771", 1, "NRP") + sia("1001", 1, "NRP"))
        assert await line.reply() == ack("1001", 1)
    assert await line.say(sia("7771", 1, "NRP")) == ack("7771", 1)
    assert len(await small_house.entries("signal")) == 2


async def test_I1_an_answer_that_cannot_be_sent_keeps_no_other_from_its_own(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[BaseException | None] = []
    scribe = small_house.station.scribe
    receive = scribe.receive

    def twice(received: Received, stored: Stored) -> None:
        def breaks(error: BaseException | None) -> None:
            told.append(error)
            raise RuntimeError("a mistake of ours")

        receive(received, breaks)
        receive(received, stored)

    monkeypatch.setattr(scribe, "receive", twice)
    line = await small_house.line()
    assert await line.say(sia("1001", 1, "NRP")) == ack("1001", 1)
    assert told == [None]


async def test_I1_each_signal_of_a_batch_is_told_once_though_one_of_them_is_kept_raw(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that fails is written one by one: whoever asked must hear once, from what came of their own."""
    told: list[tuple[str, BaseException | None]] = []
    scribe = small_house.station.scribe
    receive = scribe.receive

    def watched(received: Received, stored: Stored) -> None:
        def also(error: BaseException | None) -> None:
            told.append((received.sequence, error))
            stored(error)

        receive(received, also)

    route = reception.Reception._route
    choked: list[str] = []

    def chokes(self: reception.Reception, facts: Any, signal: Received, site: str | None) -> Any:
        if signal.sequence == "0002" and "kept_raw" not in signal.details:
            choked.append(signal.sequence)
            raise ValueError("a mistake of ours")
        return route(self, facts, signal, site)

    monkeypatch.setattr(scribe, "receive", watched)
    monkeypatch.setattr(reception.Reception, "_route", chokes)
    line = await small_house.line()
    line.writer.write(b"".join(sia("1001", number, "NRP") for number in (1, 2, 3)))
    assert [await line.reply() for _ in range(3)] == [ack("1001", number) for number in (1, 2, 3)]
    assert choked
    assert told == [("0001", None), ("0002", None), ("0003", None)]
    assert [bool(entry["data"].get("kept_raw")) for entry in await small_house.entries("signal")] == [
        False,
        True,
        False,
    ]


async def test_connections_have_what_was_said_to_the_listening_socket(small_house: House) -> None:
    line = await small_house.line()
    assert await line.say(sia("1001", 1, "NRP")) == ack("1001", 1)
    [connection] = small_house.station.receiver._connections()
    transport = connection._transport
    assert transport is not None
    there = transport.get_extra_info("socket")
    assert there.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert there.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def nothing() -> None:
    """Stopped already."""


async def test_whoever_says_nothing_of_use_after_dialling_keeps_no_place(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiver, "_FIRST_FRAME_S", 0.05)
    silent, noisy, panel = [await small_house.line() for _ in range(3)]
    assert await panel.say(sia("1001", 1, "NRP")) == ack("1001", 1)
    noisy.writer.write(b"GET / HTTP/1.1\r\n")
    assert await closed(silent)
    assert await closed(noisy)
    assert await panel.say(sia("1001", 2, "NRP")) == ack("1001", 2)
    assert small_house.station.intake.tally.refused["no frame since it dialled"] == 2


async def test_a_source_beyond_its_pace_is_read_more_slowly_and_loses_nothing(small_house: House) -> None:
    small_house.station.receiver._by_account = Pace(200)
    line = await small_house.line()
    # More than it may have saved up: what is over waits, and is answered all the same.
    line.writer.write(b"".join(sia("1001", number % 9999 + 1, "NRP") for number in range(2300)))
    for _ in range(2300):
        assert b'"ACK"' in await line.reply()
    assert small_house.station.intake.tally.refused["slowed down: too much from one source"] >= 1


async def test_refusals_are_one_line_for_the_console(small_house: House) -> None:
    for _ in range(3):
        line = await small_house.line()
        line.writer.write(b"\n0000" + b'0010"SIA-DCS"0001L0#1001[]\r' * 40)
        await line.unanswered(poll="1001")
    said = small_house.station.beat().refusing
    assert "from 127.0.0.1" in said
    assert len(said) < 200
    small_house.clock.move(200)
    assert small_house.station.beat().refusing == ""

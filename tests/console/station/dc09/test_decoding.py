"""Real frames damaged at will: never an exception, bounded work, and the same result however they come (I2, I12)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.station import dc09
from console.station.dc09 import Frame, Framer, Rejected, Unreadable
from tests.examples import examples
from tests.frames import crc, frame

KEY = bytes(range(16))
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
REAL = [
    bytes.fromhex(row["raw_hex"])
    for name in ("dc09_issues", "dc09_code", "dc09_java")
    for row in map(json.loads, (Path(__file__).parent / "vectors" / f"{name}.jsonl").read_text().splitlines())
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A real frame with bytes changed, removed, added or doubled; its envelope sometimes made right again."""
    raw = bytearray(draw(st.sampled_from(REAL)))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(0, len(raw) - 1)))
        how = draw(st.integers(0, 3))
        if how == 0 and raw:
            raw[place] = draw(st.integers(0, 255))
        elif how == 1:
            del raw[place : place + draw(st.integers(1, 9))]
        elif how == 2:
            raw[place:place] = draw(
                st.sampled_from([b"\r", b"\n", b"[", b"]", b"|", b"#", b'"', b"^", b"\x00", b"\r" * 9])
            )
        else:
            raw += raw[place:]
    if draw(st.booleans()) and (quote := raw.find(b'"')) >= 0:
        body = bytes(raw[quote:].rstrip(b"\r"))[:0xFFF]
        if draw(st.booleans()):
            return b"\n%04X%04X%s\r" % (crc(body), len(body), body)
        return b"\n" + crc(body).to_bytes(2, "big") + b"%04X%s\r" % (len(body), body)
    return bytes(raw)


def fed(data: bytes, cuts: list[int]) -> list[Frame | Rejected]:
    framer = Framer()
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    found = [item for begin, end in pairwise(places) for item in framer.feed(data[begin:end])]
    return [*found, *framer.expire()]


def taken(found: list[Frame | Rejected]) -> list[tuple[bytes, bool]]:
    return [(item.raw, item.length_ok) for item in found if isinstance(item, Frame)]


@given(st.lists(st.one_of(damaged(), st.binary(max_size=80)), min_size=1, max_size=4), st.lists(st.integers(0, 9999)))
@examples(500)
@example([b'\n0000FFFF"' + b"\r" * 8 + b'"', frame('"NULL"0000L0#1[]')], [9, 10, 11, 12])
def test_I2_damaged_frames_give_the_same_however_they_are_cut(pieces: list[bytes], cuts: list[int]) -> None:
    data = b"".join(pieces)
    assert taken(fed(data, cuts)) == taken(fed(data, [])) == taken(fed(data, list(range(len(data)))))


@given(damaged())
@examples(500)
def test_I12_whatever_a_frame_holds_it_is_decoded_masked_and_answered_without_an_exception(data: bytes) -> None:
    for found in (*fed(data, []), dc09.parse_datagram(data)):
        if isinstance(found, Rejected):
            assert found.named is None or found.named[1]
            assert len(dc09.masked_bytes(found.raw)[0]) == len(found.raw)
            continue
        opened = found
        if found.encrypted:
            try:
                opened = dc09.decrypt(found, KEY)
            except Unreadable:
                opened = found
        assert len(dc09.masked(found, opened)[0]) == len(found.raw)
        assert all(event.kind for event in dc09.decode_events(opened))
        [reply] = fed(dc09.acknowledge(found, key=KEY, now=NOW), [])
        assert isinstance(reply, Frame)
        assert reply.token == "ACK"


@given(st.text(alphabet="NriBAFPCL0123456789/^'*|:-tida \x00é", max_size=300), st.sampled_from(["SIA-DCS", "ADM-CID"]))
@examples(500)
def test_I2_any_packet_gives_at_least_one_event_or_says_nothing(packet: str, token: str) -> None:
    [found] = fed(frame(f'"{token}"0001L0#1001[#1001|{packet}]'.encode()[:4095]), [])
    if isinstance(found, Frame):
        events = dc09.decode_events(found)
        assert events or token == "SIA-DCS"


@pytest.mark.parametrize(
    "packet",
    # Long enough to tell a square from a line.
    [
        "Nri" + "1" * 3900,
        "N" + "ri1" * 1300,
        "N" + "BA" * 1900,
        "N" + "ri1BA" * 780 + "!",
        "N" + "^" * 3900,
        "N" + "ti" * 1900,
    ],
)
def test_I12_hostile_packets_cost_no_more_than_their_length(packet: str) -> None:
    [found] = fed(frame(f'"SIA-DCS"0001L0#1[#1|{packet}]'), [])
    assert isinstance(found, Frame)
    assert steps(lambda: dc09.decode_events(found)) < 200 * len(packet)


def steps(work: Callable[[], object]) -> int:
    """Lines of Python that ``work`` runs: a bound that no busy machine moves."""
    count = 0

    def trace(_frame: object, event: str, _arg: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def enveloped(body: bytes, length: int) -> bytes:
    return b"\n%04X%04X%s\r" % (crc(body), length, body)


def test_I2_a_frame_full_of_returns_is_the_same_at_once_and_byte_by_byte() -> None:
    for returns in range(12):
        data = enveloped(b'"SIA-DCS"0001L0#1[#1|NBA^' + b"\r" * returns + b"^]", 3) + frame('"NULL"0000L0#1[]')
        assert taken(fed(data, list(range(len(data))))) == taken(fed(data, [])), returns


def test_I2_of_two_ends_that_the_check_sum_allows_the_first_is_taken_however_it_is_cut() -> None:
    short = b'"SIA-DCS"0001L0#1[#1|NBA1]'
    bodies = (b"%s\r%s]" % (short, bytes(pair)) for pair in product(range(33, 127), range(33, 127), range(33, 127)))
    both = next(body for body in bodies if crc(body) == crc(short))
    data = enveloped(both, len(both))
    assert taken(fed(data, [])) == taken(fed(data, list(range(len(data))))) == [(enveloped(short, len(both)), False)]


def test_I2_a_good_frame_behind_one_of_a_short_length_and_a_wrong_sum_is_taken_at_once() -> None:
    good = frame('"SIA-DCS"0002L0#1[#1|NBA1]')
    damaged_one = enveloped(b'"SIA-DCS"0001L0#1[#1|NBA1]', 9).replace(b"NBA1", b"NBA2")
    assert taken(Framer().feed(damaged_one + good)) == [(good, True)]


def test_I12_a_frame_of_nothing_but_returns_costs_a_few_check_sums() -> None:
    data = b'\n0000FFFF"' + b"\r" * 4000
    assert steps(lambda: Framer().feed(data)) < 500

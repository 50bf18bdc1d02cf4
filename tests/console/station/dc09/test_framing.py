"""Frames out of a stream: the same whatever the network splits or merges, without surprise and within bounds (I2)."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.station.dc09 import Frame, Framer, Rejected, parse_datagram
from tests.examples import examples
from tests.frames import crc, frame, sia

FOREIGN_HEAD = b"\x5f\x00\x01\xa1\xb2\xc3\x00\x00" + b"\n\r" * 8
FOREIGN = FOREIGN_HEAD + crc32(FOREIGN_HEAD).to_bytes(4, "big")
GOOD = [
    bytes.fromhex(row["raw_hex"])
    for name in ("dc09_issues", "dc09_code", "dc09_java")
    for row in map(json.loads, (Path(__file__).parent / "vectors" / f"{name}.jsonl").read_text().splitlines())
    if row["valid"] and row["raw_hex"].startswith("0a") and row["raw_hex"].endswith("0d")
]
# What may lie between frames on a real line: nothing that begins a frame, fill, line noise, HTTP scanners.
NOISE = st.sampled_from(
    [b"", b"\x00", b"\r\n", b" \t\r", b"GET / HTTP/1.1\r\n\r\n", b"noise", b"\n\n\n", b"\xff\xfe", b"__", FOREIGN]
)
STREAM = st.lists(st.tuples(NOISE, st.sampled_from(GOOD)), min_size=1, max_size=6)


def fed(data: bytes, cuts: list[int], *, expire: bool = True) -> list[Frame | Rejected]:
    framer = Framer()
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    found = [item for begin, end in pairwise(places) for item in framer.feed(data[begin:end])]
    return [*found, *framer.expire()] if expire else found


def frames(found: list[Frame | Rejected]) -> list[bytes]:
    return [item.raw for item in found if isinstance(item, Frame)]


@given(STREAM, st.lists(st.integers(0, 5000), max_size=12))
@examples(400)
def test_I2_frames_are_the_same_however_the_stream_is_cut(stream: list[tuple[bytes, bytes]], cuts: list[int]) -> None:
    data = b"".join(noise + good for noise, good in stream)
    assert frames(fed(data, cuts, expire=False)) == [good for _noise, good in stream]


@given(st.sampled_from(GOOD), st.sampled_from(GOOD))
@examples(60)
def test_I2_frames_come_out_byte_by_byte(one: bytes, other: bytes) -> None:
    data = one + other
    assert frames(fed(data, list(range(len(data))), expire=False)) == [one, other]


HEADS = st.builds(
    lambda check, length, rest: b'\n%04X%04X"%s' % (check, length, rest),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFF),
    st.binary(max_size=40),
)
GARBAGE = st.lists(
    st.one_of(
        st.binary(max_size=60), HEADS, st.sampled_from(GOOD), st.just(b"\r" * 20), st.just(b"\n" * 20), st.just(FOREIGN)
    ),
    max_size=8,
)


@given(GARBAGE, st.lists(st.integers(0, 5000), max_size=6))
@examples(600)
@example([b'\n0000FFFF"', b"\r" * 5000], [])
def test_I12_nothing_a_sender_does_raises_or_hangs(pieces: list[bytes], cuts: list[int]) -> None:
    data = b"".join(pieces)
    for item in fed(data, cuts):
        assert isinstance(item, Frame | Rejected)
    assert isinstance(parse_datagram(data), Frame | Rejected)


@given(GARBAGE, st.sampled_from(GOOD), st.lists(st.integers(0, 5000), max_size=6))
@examples(400)
def test_I2_garbage_hides_the_same_frames_however_it_is_cut(pieces: list[bytes], good: bytes, cuts: list[int]) -> None:
    data = b"".join(pieces) + good
    assert frames(fed(data, cuts)) == frames(fed(data, []))


@given(GARBAGE, st.sampled_from(GOOD))
@examples(300)
def test_I2_after_two_quiet_seconds_a_good_frame_is_found_whatever_came_before(
    pieces: list[bytes], good: bytes
) -> None:
    framer = Framer()
    framer.feed(b"".join(pieces))
    framer.expire()
    assert frames(framer.feed(good)) == [good]
    assert not framer.pending


@pytest.mark.parametrize(
    "flood",
    [
        b'\n0000FFFF"',
        b"\n",
        b"x",
        b"\r",
        b'\n0000FFFF"' + b"A" * 4000,
        b"\n1234567",
        b'\n00000FFF"NULL"0000L0#1[]',
        b"_",
        b"\x00_",
        FOREIGN,
    ],
    ids=[
        "heads",
        "line feeds",
        "noise",
        "returns",
        "long heads",
        "short heads",
        "frames with wrong sums",
        "marks",
        "marks between fill",
        "envelopes",
    ],
)
def test_I12_memory_stays_bounded_under_a_flood(flood: bytes) -> None:
    framer = Framer()
    most = 0
    for _ in range(3000):
        framer.feed(flood)
        most = max(most, len(framer._buffer))
    assert most < 16_384


def test_I2_a_damaged_frame_takes_no_good_one_with_it() -> None:
    good, after = sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri1/FA11")
    cut_short = good[:30]
    damaged = good.replace(b"BA07", b"BA08")
    found = fed(cut_short + after + damaged + good, [])
    assert frames(found) == [after, good]
    assert [item.reason for item in found if isinstance(item, Rejected)] == ["CRC and length wrong", "CRC wrong"]


@pytest.mark.parametrize("length", ["0005", "0FFF", "0200"])
def test_I2_a_wrong_length_is_said_where_the_sum_is_right(length: str) -> None:
    body = b'"SIA-DCS"0001L0#1001[#1001|Nri1/BA07]'
    [found] = fed(b"\n%04X%s%s\r" % (crc(body), length.encode(), body), [10, 20])
    assert isinstance(found, Frame)
    assert (found.length_ok, found.data) == (False, "#1001|Nri1/BA07")


def test_I2_a_binary_sum_may_hold_the_bytes_that_end_things() -> None:
    for number in range(4000):
        body = b'"SIA-DCS"%04dL0#1001[#1001|Nri1/BA07]' % number
        check = crc(body).to_bytes(2, "big")
        if check[0] in b'\n\r"' or check[1] in b'\n\r"':
            [found] = fed(b"\n%s%04X%s\r" % (check, len(body), body), [3])
            assert isinstance(found, Frame)
            assert found.binary_crc


def test_I2_a_datagram_holds_one_frame_and_what_follows_its_end_is_passed_over() -> None:
    good = frame('"NULL"0000L0#1001[]')
    for data in (good, good + b"\x00\x00", b"\x00" + good, good + sia("1001", 1, "Nri1/BA07")):
        found = parse_datagram(data)
        assert isinstance(found, Frame)
        assert found.raw == good

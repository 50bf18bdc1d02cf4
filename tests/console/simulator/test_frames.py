"""The simulator's encoder and the station's decoder were written apart from one set of notes: each checks the other."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from console.decode_command import decode
from console.simulator import signals
from console.simulator.frames import Answer, Reply, Writer, crc
from console.simulator.signals import About, Code, Signal
from tests.frames import frame
from tests.programs import vigie

NOW = datetime(2026, 11, 24, 19, 30, 5, tzinfo=UTC)
KEYS = [None, bytes(range(16)), bytes(range(24)), bytes(range(32))]


def escaped(raw: bytes) -> str:
    return codecs.escape_encode(raw)[0].decode("ascii")


def signal(code: Code) -> Signal:
    if code.about is About.PANEL:
        return Signal(code)
    if code.about is About.AREA:
        return Signal(code, "1")
    return Signal(code, "2", "07", "PIR réserve")


def decoded(raw: bytes, key: bytes | None) -> dict[str, Any]:
    return decode(escaped(raw), key=key, at=NOW, pad=None)


def test_the_crc_is_arc() -> None:
    assert crc(b"123456789") == 0xBB3D


@pytest.mark.parametrize("key", KEYS, ids=["clear", "AES-128", "AES-192", "AES-256"])
@pytest.mark.parametrize("token", ["SIA-DCS", "ADM-CID"])
@pytest.mark.parametrize("code", signals.ALL, ids=lambda code: code.name)
def test_the_station_reads_every_event_and_the_panel_believes_its_answer(
    code: Code, token: str, key: bytes | None
) -> None:
    writer = Writer("0A1F", token, key)
    found = decoded(writer.event(signal(code), 42, NOW), key)
    assert (found["valid"], found["reason"]) == (True, None)
    assert (found["encrypted"], found["token"], found["sequence"]) == (key is not None, token, "0042")
    assert found["account"] == "0A1F"
    assert found["timestamp"].startswith("2026-11-24T19:30:05")
    [event] = found["events"]
    if token == "ADM-CID":
        assert (event["qualifier"], event["code"]) == (code.cid[0], code.cid[1:])
    else:
        assert event["code"] == code.sia
    assert event["kind"] != "unknown"
    if code.about in (About.ZONE, About.USER):
        assert (int(event["area"]), int(event["address"])) == (2, 7)
    answer, _ = codecs.escape_decode(found["reply"].encode())
    reply = writer.reply(42, bytes(answer))
    assert reply is not None
    assert reply.answer is Answer.ACK


@pytest.mark.parametrize("size", range(1, 18))
def test_padding_fills_the_block_whatever_the_length(size: int) -> None:
    key = KEYS[1]
    writer = Writer("1234", "SIA-DCS", key)
    found = decoded(writer.event(Signal(signals.INTRUSION, "1", "01", "x" * size), 1, NOW), key)
    assert found["valid"] is True
    assert found["events"][0]["text"] == "x" * size


def test_text_cannot_break_the_frame() -> None:
    found = decoded(Writer("1234", "SIA-DCS").event(Signal(signals.INTRUSION, "1", "01", "a^b]|[c\r\n"), 1, NOW), None)
    assert found["events"][0]["text"] == "abc"


def test_a_poll_is_a_null_frame_with_sequence_0000() -> None:
    for key in KEYS:
        found = decoded(Writer("1234", "SIA-DCS", key).poll(NOW), key)
        assert (found["valid"], found["token"], found["sequence"], found["events"]) == (True, "NULL", "0000", [])


def test_the_decode_command_reads_a_frame_of_each_kind() -> None:
    for key in KEYS:
        raw = Writer("BEEF", "ADM-CID", key).event(Signal(signals.FIRE, "1", "03"), 9999, NOW)
        done = vigie("decode", *(["--key", key.hex()] if key else []), stdin=escaped(raw) + "\n")
        assert done.returncode == 0, done.stderr
        assert '"kind": "fire"' in done.stdout
        assert '"valid": true' in done.stdout


def test_a_nak_carries_the_stations_time() -> None:
    raw = frame('"NAK"0000R0L0A0[]_19:31:00,11-24-2026')
    assert Writer("1234", "SIA-DCS").reply(5, raw) == Reply(Answer.NAK, NOW + timedelta(seconds=55))


@pytest.mark.parametrize(
    ("why", "raw"),
    [
        ("another sequence", frame('"ACK"0006L0#1234[]')),
        ("another account", frame('"ACK"0005L0#1235[]')),
        ("wrong CRC", frame('"ACK"0005L0#1234[]').replace(b"ACK", b"AcK")),
        ("no frame", b"OK\r"),
        ("nothing", b""),
    ],
)
def test_a_panel_believes_no_other_answer(why: str, raw: bytes) -> None:
    assert Writer("1234", "SIA-DCS").reply(5, raw) is None, why


def test_a_panel_with_a_key_believes_no_answer_in_clear_nor_with_another_key() -> None:
    writer = Writer("1234", "SIA-DCS", KEYS[1])
    assert writer.reply(5, frame('"ACK"0005L0#1234[]')) is None
    other = decoded(Writer("1234", "SIA-DCS", b"k" * 16).event(Signal(signals.TEST), 5, NOW), b"k" * 16)
    answer, _ = codecs.escape_decode(other["reply"].encode())
    assert writer.reply(5, bytes(answer)) is None

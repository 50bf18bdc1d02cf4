"""Encrypted frames a little off the standard: taken where the content is certain, else the true reason (I2)."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from console import decode_command
from console.station.acts.registry import NewSystem
from tests.console.station.house import START, House, site
from tests.frames import frame

KEY = bytes(range(16))
DATA = b"#1234|Nri1/BA01"
TIME = b"_20:00:00,11-23-2026"


def sealed(plain: bytes, behind: bytes = b"", key: bytes = KEY, account: str = "1234", token: str = "SIA-DCS") -> bytes:
    """A frame round ``plain``, which fills whole blocks, encrypted."""
    assert len(plain) % 16 == 0, len(plain)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    text = (encryptor.update(plain) + encryptor.finalize()).hex().upper().encode()
    return frame(f'"*{token}"0005L0#{account}['.encode() + text + behind)


def padded(text: bytes, fill: bytes = b"") -> bytes:
    """``text`` with a pad before it that makes it whole blocks, ``fill`` included."""
    return b"P" * (16 - (len(text) + len(fill) + 1) % 16) + b"|" + text + fill


def said(raw: bytes, key: bytes = KEY) -> dict[str, Any]:
    return decode_command.decode(raw.decode("latin-1").encode("unicode_escape").decode(), key=key, at=START, pad=None)


WHOLE = DATA + b"]" + TIME


@pytest.mark.parametrize(
    "raw",
    [
        sealed(padded(WHOLE)),
        *(sealed(padded(WHOLE, fill)) for fill in (b" ", b"\x00" * 7, b"\r", b"\r\n", b"\x01", b"\x03\x03\x03")),
        *(sealed(padded(WHOLE) + fill) for fill in (b"\x10" * 16, b" " * 16, b"\x00" * 16, b"q" * 15 + b"\x10")),
        sealed(padded(WHOLE, b"  ") + b"\x10" * 16),
        *(sealed(padded(WHOLE), behind) for behind in (b"]", b"]" + TIME, b"]_20:00:00", b" ", b"]\x00")),
        sealed(padded(DATA + b"]_20:0:0,11-23-2026")),
        sealed(padded(DATA + b"]_20:00,11-23-2026")),
        sealed(padded(DATA + b"]_20:00:00,11-23-26")),
        sealed(padded(b"x|y|" + WHOLE)),
        sealed(padded(b"x]y[|" + WHOLE)),
        sealed(padded(WHOLE.replace(b"#", b""))),
        sealed(padded(WHOLE.replace(b"#1234|", b"|"))),
    ],
)
def test_I2_what_is_certain_is_taken(raw: bytes) -> None:
    found = said(raw)
    assert (found["valid"], found["reason"]) == (True, None)
    [event] = found["events"]
    assert (event["code"], event["area"], event["address"]) == ("BA", "1", "01")
    assert '"*ACK"0005L0#1234[' in found["reply"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (sealed(padded(WHOLE), key=bytes(16)), "the key does not fit"),
        (sealed(padded(WHOLE), b"][#1234|NFA2]"), "text in clear follows the cipher blocks"),
        (sealed(padded(WHOLE, b"NFA2")), "text follows the time inside the cipher"),
        (frame(b'"*SIA-DCS"0005L0#1234[AABBCC'), "the content is not whole cipher blocks in hex"),
        (frame(b'"*SIA-DCS"0005L0#1234[#1234|NFA2]'), "the content is not whole cipher blocks in hex"),
        (sealed(padded(b"]")), "it has no time and no account inside: nothing shows that the key fits"),
        (sealed(padded(b"#9999|NBA1]")), "the key does not fit"),
    ],
)
def test_I2_else_the_true_reason_is_said(raw: bytes, reason: str) -> None:
    found = said(raw)
    assert (found["valid"], found["reply"]) == (False, None)
    assert found["reason"] == f"cannot be decrypted: {reason}"


@pytest.mark.parametrize("text", [DATA + b"]", DATA + b"]  ", DATA + b"]_20:00:00,13-33-2026"])
def test_I2_without_a_possible_time_it_is_read_and_refused_for_its_time(text: bytes) -> None:
    for at in (None, START):
        raw = sealed(padded(text)).decode("latin-1").encode("unicode_escape").decode()
        found = decode_command.decode(raw, key=KEY, at=at, pad=None)
        assert (found["valid"], found["reason"]) == (True, "encrypted, without a possible time of sending")
        assert [event["kind"] for event in found["events"]] == ["intrusion"]
        assert '"NAK"0000R0L0A0[]_' in found["reply"]


async def test_I2_an_alarm_without_a_time_is_presented_and_answered_NAK(small_house: House) -> None:
    await small_house.bring_in(site("S9", "1234", systems=(NewSystem("1234", KEY.hex(), False),)))
    line = await small_house.line()
    assert b'"NAK"0000R0L0A0[]_20:00:00' in await line.say(sealed(padded(DATA + b"]")))
    [alarm] = await small_house.alarms()
    assert (alarm.kind, alarm.out_of_window) == ("intrusion", True)
    assert b'"*ACK"0005L0#1234[' in await line.say(sealed(padded(WHOLE)))


async def test_I2_the_desk_is_told_why_a_frame_of_its_account_cannot_be_read(small_house: House) -> None:
    await small_house.bring_in(site("S9", "1234", systems=(NewSystem("1234", KEY.hex(), False),)))
    line = await small_house.line()
    assert await line.unanswered(sealed(padded(WHOLE, b"NFA2")), sealed(padded(WHOLE), key=bytes(16)))
    assert [entry["data"]["reason"] for entry in await small_house.entries("unreadable")] == [
        "cannot be decrypted with the account's key: text follows the time inside the cipher",
        "cannot be decrypted with the account's key: the key does not fit",
    ]

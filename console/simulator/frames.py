"""DC-09 frames as panels write them, and the replies as panels judge them (dc09.md §1–§3).

Written from the protocol notes alone: nothing is shared with the station's codec, so each checks the other.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from console.simulator.signals import Signal

_BLOCK = 16
_ENDS_FIELDS = frozenset(b"|[]")
_REPLY = re.compile(rb'"(\*?)(ACK|NAK|DUH)"(\d{4}(?:R[0-9A-F]+)?L[0-9A-F]+(?:#[0-9A-Za-z]+|A0))\[(.*)\Z', re.DOTALL)
_TIME = re.compile(rb"\]_(\d\d):(\d\d):(\d\d),(\d\d)-(\d\d)-(\d{4})\Z")


def _table() -> tuple[int, ...]:
    entries = []
    for entry in range(256):
        for _ in range(8):
            entry = entry >> 1 ^ (0xA001 if entry & 1 else 0)
        entries.append(entry)
    return tuple(entries)


_CRC = _table()


def crc(body: bytes) -> int:
    """CRC-16/ARC."""
    value = 0
    for byte in body:
        value = value >> 8 ^ _CRC[(value ^ byte) & 0xFF]
    return value


class Answer(StrEnum):
    """What the station said to a frame."""

    ACK = "ACK"
    NAK = "NAK"
    DUH = "DUH"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that belongs to the frame sent."""

    answer: Answer
    time: datetime | None = None
    """The station's time, where the reply carries it: a NAK sets the panel's clock."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one panel's frames; ``key`` makes them encrypted."""

    account: str
    token: str
    key: bytes | None = field(default=None, repr=False)

    def event(self, signal: Signal, sequence: int, moment: datetime, pad: bytes | None = None) -> bytes:
        """The frame of an event. ``pad`` is for tests: random without."""
        packet = signal.cid() if self.token == "ADM-CID" else signal.sia()
        return self._frame(self.token, sequence, f"#{self.account}|{packet}".encode(), moment, pad)

    def poll(self, moment: datetime) -> bytes:
        """A link test."""
        return self._frame("NULL", 0, b"", moment, None)

    def reply(self, sequence: int, raw: bytes) -> Reply | None:
        """The reply in ``raw`` if it is whole, believable and answers ``sequence``; None for anything else."""
        body = raw[9:-1]
        if raw[:1] != b"\n" or raw[-1:] != b"\r" or raw[1:9] != b"%04X%04X" % (crc(body), len(body)):
            return None
        found = _REPLY.match(body)
        if found is None:
            return None
        star, answer, echo, content = found.groups()
        if answer == b"NAK":
            return Reply(Answer.NAK, _moment(b"[" + content))
        if echo != self._echo(sequence):
            return None
        if answer == b"DUH":
            return Reply(Answer.DUH)
        if bool(star) != (self.key is not None):
            # A clear ACK to an encrypted frame may come from anybody on the way.
            return None
        return self._acknowledged(content)

    def _acknowledged(self, content: bytes) -> Reply | None:
        if self.key is None:
            return Reply(Answer.ACK) if content.startswith(b"]") else None
        try:
            cipher = bytes.fromhex(content.decode("ascii"))
            decryptor = Cipher(algorithms.AES(self.key), modes.CBC(bytes(_BLOCK))).decryptor()
            plain = decryptor.update(cipher) + decryptor.finalize()
        except ValueError:
            return None
        time = _moment(plain)
        return Reply(Answer.ACK, time) if time is not None else None

    def _echo(self, sequence: int) -> bytes:
        return f"{sequence:04d}L0#{self.account}".encode("ascii")

    def _frame(self, token: str, sequence: int, data: bytes, moment: datetime, pad: bytes | None) -> bytes:
        content = data + b"]" + moment.astimezone(UTC).strftime("_%H:%M:%S,%m-%d-%Y").encode("ascii")
        star = ""
        if self.key is not None:
            star, content = "*", _encrypted(content, self.key, pad)
        body = f'"{star}{token}"'.encode("ascii") + self._echo(sequence) + b"[" + content
        return b"\n%04X%04X%s\r" % (crc(body), len(body), body)


def _encrypted(content: bytes, key: bytes, pad: bytes | None) -> bytes:
    """``pad|content`` in AES-CBC with a zero start, in hex; 1 to 16 pad bytes fill the last block."""
    needed = _BLOCK - (len(content) + 1) % _BLOCK
    filler = _random_pad(needed) if pad is None else (pad * needed)[:needed]
    encryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(_BLOCK))).encryptor()
    return (encryptor.update(filler + b"|" + content) + encryptor.finalize()).hex().upper().encode("ascii")


def _random_pad(length: int) -> bytes:
    pad = b""
    while len(pad) < length:
        pad += bytes(byte for byte in os.urandom(length) if byte not in _ENDS_FIELDS)
    return pad[:length]


def _moment(plain: bytes) -> datetime | None:
    found = _TIME.search(plain)
    if found is None:
        return None
    hour, minute, second, month, day, year = (int(part) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None

"""What a receiver answers (dc09.md §2)."""

from __future__ import annotations

from datetime import datetime

from console.station.dc09.cipher import encrypt_content
from console.station.dc09.frame import Frame, Rejected, crc, stamp

LONE_ACK = b"\x06"
"""What panels with a receiver of their own habits wait for in place of an ACK frame (dc09.md §6, 12)."""


def envelope(body: bytes, *, binary_crc: bool) -> bytes:
    """LF, CRC, length, body, CR; in the CRC form of the request."""
    check = crc(body)
    head = check.to_bytes(2, "big") if binary_crc else f"{check:04X}".encode("ascii")
    return b"\n" + head + f"{len(body):04X}".encode("ascii") + body + b"\r"


def acknowledge(frame: Frame, *, key: bytes | None = None, now: datetime, pad: bytes | None = None) -> bytes:
    """ACK: sequence, R, L and account exactly as received; encrypted as the request was."""
    if frame.encrypted:
        if key is None:
            raise ValueError("an encrypted frame is acknowledged with its key")
        body = b'"*ACK"' + frame.echo + b"[" + encrypt_content(b"", key, now, pad)
    else:
        body = b'"ACK"' + frame.echo + b"[]"
    return envelope(body, binary_crc=frame.binary_crc)


def refuse_time(frame: Frame, now: datetime) -> bytes:
    """NAK with the station's time: the panel sets its clock and sends again. Never encrypted."""
    return envelope(b'"NAK"0000R0L0A0[]' + stamp(now), binary_crc=frame.binary_crc)


def unable(frame: Frame | Rejected) -> bytes:
    """DUH: a good frame that is not processed: its token, or data that cannot be read. Never encrypted."""
    return envelope(b'"DUH"' + frame.echo + b"[]", binary_crc=frame.binary_crc)

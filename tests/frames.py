"""Frames as panels send them, built by the tests themselves: an independent check of the station's codec."""

from __future__ import annotations


def crc(body: bytes) -> int:
    """CRC-16/ARC, bit by bit."""
    value = 0
    for byte in body:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return value


def frame(body: str | bytes) -> bytes:
    """A frame with hex CRC round a body."""
    data = body.encode() if isinstance(body, str) else body
    return b"\n%04X%04X%s\r" % (crc(data), len(data), data)


def sia(account: str, sequence: int, packet: str) -> bytes:
    """A SIA-DCS frame in clear."""
    return frame(f'"SIA-DCS"{sequence:04d}L0#{account}[#{account}|{packet}]')


def cid(account: str, sequence: int, packet: str) -> bytes:
    """A Contact ID frame in clear."""
    return frame(f'"ADM-CID"{sequence:04d}L0#{account}[#{account}|{packet}]')


def ack(account: str, sequence: int) -> bytes:
    """The exact acknowledgement of :func:`sia` and :func:`cid`."""
    return frame(f'"ACK"{sequence:04d}L0#{account}[]')

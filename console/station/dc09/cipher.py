"""AES-CBC content of DC-09 frames (dc09.md §3)."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from console.station.dc09.frame import Frame, stamp, take_apart

_IV = bytes(16)
_ENDS_WELL = re.compile(rb"\]_\d\d:\d\d:\d\d,\d\d-\d\d-\d{4}\Z")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{32})+\Z")


class Unreadable(Exception):
    """The content cannot be decrypted with this key; the message is the reason."""


def decrypt(frame: Frame, key: bytes) -> Frame:
    """The frame with its content in clear. :class:`Unreadable` for a wrong key or a damaged content.

    A wrong key gives random text: only a closing bracket with a full timestamp at the end is believed.
    """
    if not _HEX.match(frame.content):
        raise Unreadable("the content is not whole cipher blocks in hex")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(_IV)).decryptor()
    plain = decryptor.update(bytes.fromhex(frame.content.decode("ascii"))) + decryptor.finalize()
    if not _ENDS_WELL.search(plain):
        raise Unreadable("the key does not fit")
    # Two layouts of empty data: "pad|]" and "pad]" (dc09.md §3, 4).
    bar, bracket = plain.find(b"|"), plain.find(b"]")
    content = plain[bar + 1 :] if 0 <= bar < bracket else plain[bracket:]
    clear = take_apart(content)
    if clear is None:
        raise Unreadable("the data are not closed by a bracket")
    return replace(frame, data=clear.data, xdata=clear.xdata, timestamp=clear.timestamp, timed=clear.timed)


def encrypt_content(inside: bytes, key: bytes, moment: datetime, pad: bytes | None = None) -> bytes:
    """What follows the opening bracket: ``pad|inside]_time`` encrypted, in upper-case hex.

    ``pad`` is used whole where it fits the block, else repeated or cut to what is needed; random without.
    """
    text = b"|" + inside + b"]" + stamp(moment)
    if pad is None or (len(pad) + len(text)) % 16 or not pad:
        needed = 16 - len(text) % 16
        pad = _random_pad(needed) if not pad else (pad * (needed // len(pad) + 1))[:needed]
    encryptor = Cipher(algorithms.AES(key), modes.CBC(_IV)).encryptor()
    return (encryptor.update(pad + text) + encryptor.finalize()).hex().upper().encode("ascii")


def _random_pad(length: int) -> bytes:
    """Random bytes without the three that end a field."""
    pad = bytearray()
    while len(pad) < length:
        pad += bytes(byte for byte in os.urandom(length) if byte not in b"|[]")
    return bytes(pad[:length])

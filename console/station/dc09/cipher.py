"""AES-CBC content of DC-09 frames (dc09.md §3)."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from console.station.dc09.frame import TIME_OF_SENDING, Frame, stamp, take_apart

_IV = bytes(16)
_TIMED = re.compile(rb"\](?=_)" + TIME_OF_SENDING)
_BLOCKS = re.compile(rb"[0-9A-Fa-f]*")
_CLOSED = re.compile(rb"\]?(?:_[0-9:, -]*)?[ \t\r\n\x00]*\Z")
_FILL = b" \t\r\n\x00"
_BLOCK = 16


class Unreadable(Exception):
    """The content cannot be decrypted with this key; the message is the reason."""


def decrypt(frame: Frame, key: bytes) -> Frame:
    """The frame with its content in clear. :class:`Unreadable` for a wrong key or a damaged content.

    A wrong key gives random text: only a closing bracket with a time behind it is believed, or the account of the
    header inside. Without its time the frame cannot be in time, and is answered so (dc09.md §3, 7).
    """
    blocks = _BLOCKS.match(frame.content)
    assert blocks is not None
    if not blocks[0] or len(blocks[0]) % (2 * _BLOCK):
        raise Unreadable("the content is not whole cipher blocks in hex")
    if not _CLOSED.match(frame.content, blocks.end()):
        raise Unreadable("text in clear follows the cipher blocks")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(_IV)).decryptor()
    plain = decryptor.update(bytes.fromhex(blocks[0].decode("ascii"))) + decryptor.finalize()
    clear = take_apart(_without_pad(_believed(plain, frame.account.encode()), frame.account.encode()))
    if clear is None:
        raise Unreadable("the data are not closed by a bracket")
    return replace(frame, data=clear.data, xdata=clear.xdata, timestamp=clear.timestamp, timed=clear.timed)


def _believed(plain: bytes, account: bytes) -> bytes:
    """The text up to its time, or to its last bracket; what some panels fill their last block with is cut off."""
    timed = next(reversed(list(_TIMED.finditer(plain))), None)
    if timed is not None:
        if not _is_fill(plain[timed.end() :]):
            raise Unreadable("text follows the time inside the cipher")
        return plain[: timed.end()]
    end = plain.rfind(b"]") + 1
    if end and _is_fill(plain[end:]):
        if account and _named(account).search(plain):
            return plain[:end]
        if plain[:end].endswith(b"|]"):
            raise Unreadable("it has no time and no account inside: nothing shows that the key fits")
    raise Unreadable("the key does not fit")


def _is_fill(tail: bytes) -> bool:
    """Blanks, zeros, or a filling that ends with its own length, as other uses of the cipher have it."""
    if not tail.strip(_FILL):
        return True
    length = tail[-1]
    if not 0 < length <= _BLOCK:
        return False
    return len(tail) == length or (tail[-length:] == bytes([length]) * length and not tail[:-length].strip(_FILL))


def _named(account: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"\|#?" + re.escape(account) + rb"\|")


def _without_pad(plain: bytes, account: bytes) -> bytes:
    """What follows the pad: it ends at a bar, or where the data begin that it cannot be told from."""
    # Some panels have bars in their pad, which the standard forbids: then the account shows where it ends.
    named = _named(account).search(plain) if account else None
    if named is not None:
        return plain[named.start() + 1 :]
    # Two layouts of empty data: "pad|]" and "pad]" (dc09.md §3, 4).
    bar, bracket = plain.find(b"|"), plain.find(b"]")
    return plain[bar + 1 :] if 0 <= bar < bracket else plain[bracket:]


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

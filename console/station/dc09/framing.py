"""Frames out of a stream of bytes, led by their length (dc09.md §6, "Framing algorithm")."""

from __future__ import annotations

import re
from zlib import crc32

from console.station.dc09.frame import FOREIGN_ENVELOPE, LARGEST_BODY, TIME_OF_SENDING, Frame, Rejected, crc, read

_LF, _CR, _QUOTE = 0x0A, 0x0D, 0x22
_HEX = frozenset(b"0123456789abcdefABCDEF")
_FILL = b"\x00\r \t"
_FOREIGN = 0x5F
_FOREIGN_LEAST, _FOREIGN_BLOCK, _FOREIGN_MOST = 28, 16, 8
"""Bytes of the foreign envelope round one cipher block, of a further block, and with how many it is looked for."""
_FURTHEST = 4096
"""How far beyond a wrong length the real end is looked for."""
_MOST_TRIES = 8
# Where a frame may end within what its length covers: data, groups and time, then stale bytes (dc09.md §6, 19).
_ENDS = re.compile(rb"\](?:" + TIME_OF_SENDING + rb")?")
_LARGEST = LARGEST_BODY + _FURTHEST + 16


class Framer:
    """The frames of one connection, however they are split or merged.

    Memory is bounded, and each byte is looked at a bounded number of times whatever a sender does.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._tried_to = 0
        """Places before this one were tried as the end of the frame at the buffer's start."""
        self._tries = 0
        """How many were tried for it."""

    @property
    def pending(self) -> bool:
        """Bytes of an unfinished frame are waiting."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> list[Frame | Rejected]:
        """What ``data`` completes, in order."""
        self._buffer += data
        return self._take(final=False)

    def expire(self) -> list[Frame | Rejected]:
        """Give up waiting for the rest: called after 2 s without bytes."""
        found = self._take(final=True)
        if self._buffer:
            found.append(Rejected("unfinished", bytes(self._buffer)))
            self._buffer.clear()
        self._tried_to = self._tries = 0
        return found

    def _take(self, *, final: bool) -> list[Frame | Rejected]:
        found: list[Frame | Rejected] = []
        buffer = self._buffer
        start = 0
        # One pass with a moving start; the buffer is cut once at the end, so that many frames cost no copies.
        while True:
            foreign = self._foreign(found, start, final=final)
            if foreign is None:
                break
            start = foreign
            begin = buffer.find(_LF, start)
            if begin < 0:
                self._noise(found, buffer[start:])
                start = len(buffer)
                break
            self._noise(found, buffer[start:begin])
            if begin != start:
                self._tried_to = self._tries = 0
            start = begin
            end = self._one(found, start, final=final)
            if end is None:
                break
            start, self._tried_to, self._tries = end, 0, 0
        if start:
            self._tried_to = max(0, self._tried_to - start)
            del buffer[:start]
        return found

    def _foreign(self, found: list[Frame | Rejected], start: int, *, final: bool) -> int | None:
        """Take the foreign envelopes at ``start``; the place after them, or None when more bytes are needed.

        Its cipher may hold any byte, LF too: so it is looked for where a frame would begin, before any LF is.
        """
        buffer = self._buffer
        while True:
            place = start
            while place < len(buffer) and buffer[place] in _FILL:
                place += 1
            if place == len(buffer) or buffer[place] != _FOREIGN:
                return start
            if len(buffer) - place < _FOREIGN_LEAST and not final:
                return None
            length = _foreign_length(buffer[place : place + _FOREIGN_LEAST + _FOREIGN_BLOCK * (_FOREIGN_MOST - 1)])
            if not length:
                return start
            found.append(Rejected(FOREIGN_ENVELOPE, bytes(buffer[place : place + length]), sound=True))
            start = place + length

    def _noise(self, found: list[Frame | Rejected], between: bytes | bytearray) -> None:
        if between.strip(_FILL):
            found.append(Rejected("noise", bytes(between)))

    def _one(self, found: list[Frame | Rejected], start: int, *, final: bool) -> int | None:
        """Take the frame at ``start``; the place after it, or None when more bytes are needed."""
        buffer = self._buffer
        if len(buffer) - start < 10:
            return None
        head = _head(buffer, start)
        if head is None:
            # Not a frame: drop this LF and look for the next one.
            return self._drop_to_next(found, start)
        body, length, binary = head
        end = body + length
        if end < len(buffer) and buffer[end] == _CR and buffer.find(_CR, body, end) < 0:
            # As nearly all are: the length leads to the only CR.
            if self._good(start, body, end, binary):
                found.append(_read(buffer, start, body, end, binary=binary, length_ok=True))
                return end + 1
            return self._damaged(found, start, body, end, binary)
        return self._search(found, start, body, end, binary=binary, final=final)

    def _good(self, start: int, body: int, end: int, binary: bool) -> bool:
        return crc(bytes(self._buffer[body:end])) == _given_crc(self._buffer, start, binary)

    def _search(
        self, found: list[Frame | Rejected], start: int, body: int, end: int, *, binary: bool, final: bool
    ) -> int | None:
        """Where the length does not lead to the first CR: each place that may be the end, in order (dc09.md §6).

        What is decided depends on the bytes up to that place alone, so it is the same however they came.
        """
        buffer = self._buffer
        furthest = min(max(end, body) + _FURTHEST, start + _LARGEST)
        place = max(body, self._tried_to)
        while True:
            place = buffer.find(_CR, place, furthest)
            if self._tried_to <= end < (place if place >= 0 else len(buffer) + final) and end <= len(buffer):
                # No CR where the length says, but the CRC is right: stale bytes follow, or nothing (§6, 19).
                if self._good(start, body, end, binary):
                    raw = bytes(buffer[start:end])
                    found.append(read(raw, bytes(buffer[body:end]), binary_crc=binary, length_ok=True))
                    return end
                self._tried_to = end + 1
            if place < 0:
                break
            # A frame has one CR as a rule; a stream of nothing but CRs must not cost a CRC for each.
            self._tries += 1
            if self._tries > _MOST_TRIES:
                return self._drop_to_next(found, start)
            if self._good(start, body, place, binary):
                found.append(_read(buffer, start, body, place, binary=binary, length_ok=place == end))
                return place + 1
            if place == end:
                return self._damaged(found, start, body, end, binary)
            if place > end:
                # Resume at the next LF: a good frame behind a damaged one must not be lost with it.
                return self._drop_to_next(found, start, "CRC and length wrong")
            place += 1
        if final:
            return self._drop_to_next(found, start, "CRC and length wrong")
        if len(buffer) >= furthest:
            return self._drop_to_next(found, start)
        self._tried_to = max(self._tried_to, len(buffer))
        return None

    def _damaged(self, found: list[Frame | Rejected], start: int, body: int, end: int, binary: bool) -> int:
        """The length leads to a CR, and the CRC is wrong: for stale bytes, or for good."""
        raw = bytes(self._buffer[start : end + 1])
        shorter = self._shorter(start, body, end, binary)
        if shorter is None:
            found.append(Rejected("CRC wrong", raw))
        else:
            # Whole as received, so that the stale bytes are in the journal too.
            body_bytes = bytes(self._buffer[body:shorter])
            found.append(read(raw, body_bytes, binary_crc=binary, length_ok=False))
        return end + 1

    def _shorter(self, start: int, body: int, end: int, binary: bool) -> int | None:
        """Where the frame really ended, if stale bytes are counted in its length but not in its CRC (§6, 19)."""
        candidates = [found.end() + body for found in _ENDS.finditer(self._buffer[body:end])]
        return next((place for place in candidates[-_MOST_TRIES:] if self._good(start, body, place, binary)), None)

    def _drop_to_next(self, found: list[Frame | Rejected], start: int, reason: str = "not a frame") -> int:
        following = self._buffer.find(_LF, start + 1)
        end = following if following >= 0 else len(self._buffer)
        found.append(Rejected(reason, bytes(self._buffer[start:end])))
        return end


def parse_datagram(data: bytes) -> Frame | Rejected:
    """The one frame of a UDP datagram; bytes after its CR are passed over."""
    length = _foreign_length(data)
    if length:
        return Rejected(FOREIGN_ENVELOPE, data[:length], sound=True)
    start = data.find(_LF)
    if start < 0 or len(data) - start < 10:
        return Rejected("not a frame", data)
    buffer = bytearray(data)
    head = _head(buffer, start)
    if head is None:
        return Rejected("not a frame", data)
    framer = Framer()
    found = [*framer.feed(data[start:]), *framer.expire()]
    frames = [item for item in found if isinstance(item, Frame)]
    if frames:
        return frames[0]
    return found[0] if found else Rejected("not a frame", data)


def _foreign_length(data: bytes | bytearray) -> int:
    """How long the foreign envelope at the beginning of ``data`` is; 0 where there is none."""
    if not data or data[0] != _FOREIGN:
        return 0
    lengths = range(_FOREIGN_LEAST, _FOREIGN_LEAST + _FOREIGN_BLOCK * _FOREIGN_MOST, _FOREIGN_BLOCK)
    whole = (length for length in lengths if length <= len(data))
    sums = (length for length in whole if crc32(data[: length - 4]) == int.from_bytes(data[length - 4 : length], "big"))
    return next(sums, 0)


def inspect(raw: bytes) -> tuple[Frame | None, list[str]]:
    """One frame looked at without believing it: what can be read, and everything wrong with its envelope."""
    start = raw.find(_LF)
    if start < 0:
        return None, ["no line feed before the frame"]
    head = _head(bytearray(raw), start) if len(raw) - start >= 9 else None
    if head is None:
        return None, ["no quoted token: not a DC-09 frame"]
    body, length, binary = head
    end = body + length
    wrong = []
    if end >= len(raw) or raw[end] != _CR or crc(raw[body:end]) != _given_crc(raw, start, binary):
        declared_ok = end < len(raw) and raw[end] == _CR
        by_crc = [
            place
            for place in range(body, len(raw))
            if raw[place] == _CR and crc(raw[body:place]) == _given_crc(raw, start, binary)
        ]
        if by_crc:
            end, wrong = by_crc[0], ["length wrong"]
        else:
            wrong = ["CRC wrong"] if declared_ok else ["CRC wrong", "length wrong"]
            if not declared_ok:
                last = raw.rfind(b"\r", body)
                end = last if last >= 0 else len(raw)
    found = read(raw[start : end + 1], raw[body:end], binary_crc=binary, length_ok="length wrong" not in wrong)
    if isinstance(found, Rejected):
        return None, [*wrong, found.reason]
    return found, wrong


def _head(buffer: bytes | bytearray, start: int) -> tuple[int, int, bool] | None:
    """(where the body begins, its length, whether the CRC is binary); None where no frame begins.

    The two tests exclude each other, because a quote is not a hex digit.
    """
    place = start + 1
    if len(buffer) > place + 8 and buffer[place + 8] == _QUOTE and _HEX.issuperset(buffer[place : place + 8]):
        return place + 8, int(buffer[place + 4 : place + 8], 16), False
    if len(buffer) > place + 6 and buffer[place + 6] == _QUOTE and _HEX.issuperset(buffer[place + 2 : place + 6]):
        return place + 6, int(buffer[place + 2 : place + 6], 16), True
    return None


def _given_crc(buffer: bytes | bytearray, start: int, binary: bool) -> int:
    if binary:
        return buffer[start + 1] << 8 | buffer[start + 2]
    return int(buffer[start + 1 : start + 5], 16)


def _read(buffer: bytearray, start: int, body: int, end: int, *, binary: bool, length_ok: bool) -> Frame | Rejected:
    return read(bytes(buffer[start : end + 1]), bytes(buffer[body:end]), binary_crc=binary, length_ok=length_ok)

"""One DC-09 frame: its envelope checked, its header and clear content read (dc09.md §1, §6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastcrc import crc16

LARGEST_BODY = 0xFFF
_HEADER = re.compile(
    rb'"(?P<star>\*?)(?P<token>[A-Za-z0-9-]{1,16})"'
    rb"(?P<echo>(?P<seq>[0-9A-Fa-f]{4})"
    rb"(?:R(?P<receiver>[0-9A-Fa-f]{1,6}))?"
    # A NAK's "L0A0" reads as line 0A0 without an account.
    rb"(?:L(?P<line>[0-9A-Fa-f]{0,6}))?"
    rb"(?:\#(?P<account>[^\[\]\"#|\x00-\x1f]{0,32}))?)"
    rb"\["
)
TIME_OF_SENDING = rb"_(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?,(\d{1,2})-(\d{1,2})-(\d{4}|\d\d)"
"""Some panels write one digit where the standard has two, or leave the seconds out."""
_TIME = re.compile(TIME_OF_SENDING + rb"[ \x00]*\Z")
# What can still be read of a frame whose header or check sum is wrong: token, what follows it, account.
_NAMED = re.compile(
    rb'"\*?(?P<token>[A-Za-z0-9_ -]{1,16})"[0-9A-Za-z_ -]{0,32}\#(?P<account>[^\[\]"#|\x00-\x1f]{1,32})\['
)
FOREIGN_ENVELOPE = "binary envelope 5F, which is not understood"
"""Of DSC TL and Neo communicators (dc09.md §6, 26): 5F, sequence 2, hash of the account 3, flags 2, AES blocks, CRC32.

How key, account and answer are made is not known: what they send is recognised, kept and shown, never answered.
"""
_FOREIGN_ACCOUNT = slice(3, 6)
_LOOKED_THROUGH = 8192
_BETWEEN = re.compile(rb"\][ \t\x00]*\[")
_OCCURRED = re.compile("H" + TIME_OF_SENDING.decode().removeprefix("_") + r"\s*\Z")


@dataclass(frozen=True, slots=True)
class Rejected:
    """Bytes that are no frame, and why. ``reason`` is one of a few fixed sentences, so that they can be counted."""

    reason: str
    raw: bytes
    sound: bool = False
    """The CRC was right: a panel sent exactly this, it is no noise."""
    echo: bytes = b""
    """Sequence to account, where the header could be read: what a DUH must copy."""
    binary_crc: bool = False

    @property
    def named(self) -> tuple[str, str] | None:
        """(token, account) as far as they can be read; None for noise."""
        if self.reason == FOREIGN_ENVELOPE:
            # A name that the desk can give to a site: then what comes is shown there.
            return "", f"5F{self.raw[_FOREIGN_ACCOUNT].hex().upper()}"
        found = _NAMED.search(self.raw[:_LOOKED_THROUGH])
        return (found["token"].decode("ascii").upper(), decoded(found["account"])) if found else None


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame whose CRC is right and whose header can be read."""

    raw: bytes
    """LF to CR, as received."""
    binary_crc: bool
    """CRC sent as two raw bytes: replies go the same way (dc09.md §6, 1)."""
    length_ok: bool
    encrypted: bool
    token: str
    """Upper case, without the asterisk of encrypted frames."""
    sequence: str
    receiver: str | None
    line: str | None
    account: str
    """The header's account as received; empty where there is none."""
    echo: bytes
    """Sequence to account, exactly as received: what a reply must copy (dc09.md §2)."""
    content: bytes
    """What follows the first opening bracket; cipher text in hex for an encrypted frame."""
    data: str | None
    """The data between the brackets; None while encrypted."""
    xdata: tuple[str, ...]
    timestamp: datetime | None
    """Time of sending by the panel's clock; None where missing or impossible."""
    timed: bool
    """A timestamp was there, possible or not."""

    @property
    def data_account(self) -> str | None:
        """The account inside the data, where there is one: several lines of one panel (dc09.md §1)."""
        return account_of(self.data or "")

    @property
    def happened_at(self) -> datetime | None:
        """The time of occurrence of the H data, where there is one: the same in each retry (dc09.md §1)."""
        for group in self.xdata:
            found = _OCCURRED.match(group)
            if found:
                return _moment([int(part or 0) for part in found.groups()])
        return None

    @property
    def occurred_at(self) -> datetime | None:
        """When it happened: H data if present, else the time of sending, which each retry renews (dc09.md §1)."""
        return self.happened_at or self.timestamp


@dataclass(frozen=True, slots=True)
class Clear:
    """Clear content taken apart."""

    data: str
    xdata: tuple[str, ...]
    timestamp: datetime | None
    timed: bool


def account_of(group: str) -> str | None:
    """The account that a group of data names before its bar; None where it names none."""
    return group.split("|", 1)[0].removeprefix("#").strip() or None if "|" in group else None


def crc(body: bytes) -> int:
    """CRC-16/ARC over the body (dc09.md §1)."""
    return crc16.arc(body)


def read(raw: bytes, body: bytes, *, binary_crc: bool, length_ok: bool) -> Frame | Rejected:
    """A frame from a body whose CRC was found right."""
    head = _HEADER.match(body)
    if head is None:
        return Rejected("header not readable", raw, sound=True)
    encrypted = bool(head["star"])
    content = body[head.end() :]
    if encrypted:
        clear: Clear | None = Clear("", (), None, False)
    else:
        clear = take_apart(content)
    if clear is None:
        return Rejected("data not closed by a bracket", raw, sound=True, echo=_echo(head), binary_crc=binary_crc)
    return Frame(
        raw=raw,
        binary_crc=binary_crc,
        length_ok=length_ok,
        encrypted=encrypted,
        token=head["token"].decode("ascii").upper(),
        sequence=head["seq"].decode("ascii"),
        receiver=_text(head["receiver"]),
        line=_text(head["line"]),
        account=_text(head["account"]) or "",
        echo=_echo(head),
        content=content,
        data=None if encrypted else clear.data,
        xdata=clear.xdata,
        timestamp=clear.timestamp,
        timed=clear.timed,
    )


def _echo(head: re.Match[bytes]) -> bytes:
    """Exactly as received; only a missing L is filled in, which every reply must have (dc09.md §1, §6, 5)."""
    echo: bytes = head["echo"]
    if head["line"] is not None:
        return echo
    before_account = head.start("account") - 1 if head["account"] is not None else head.end("echo")
    place = before_account - head.start("echo")
    return echo[:place] + b"L0" + echo[place:]


def take_apart(content: bytes) -> Clear | None:
    """``data]{[X]}[_time]`` taken apart; None where no bracket closes the data."""
    timed = _TIME.search(content)
    timestamp = _moment([int(part or 0) for part in timed.groups()]) if timed else None
    rest = content[: timed.start()] if timed else content
    # Some panels leave the time's place open ("_") or add blanks; what follows the last bracket is passed over.
    end = rest.rfind(b"]")
    if end < 0:
        return None
    groups = _BETWEEN.split(rest[:end])
    return Clear(decoded(groups[0]), tuple(decoded(group) for group in groups[1:]), timestamp, timed is not None)


def decoded(text: bytes) -> str:
    """Text as panels send it: UTF-8, else Windows-1252, else byte by byte; never refused (dc09.md §6, 17)."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return text.decode(encoding)
        except UnicodeDecodeError:
            continue
    return text.decode("latin-1")


def _text(value: bytes | None) -> str | None:
    return None if value is None else decoded(value)


def _moment(parts: list[int]) -> datetime | None:
    """A time from hour, minute, second, month, day, year; None where it cannot be (zero-based months: §6, 4)."""
    hour, minute, second, month, day, year = parts
    try:
        return datetime(year if year > 99 else 2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def stamp(moment: datetime) -> bytes:
    """``_HH:MM:SS,MM-DD-YYYY`` in UTC."""
    return moment.astimezone(UTC).strftime("_%H:%M:%S,%m-%d-%Y").encode("ascii")


def within_window(frame: Frame, now: datetime, before_s: int = 40, after_s: int = 20) -> bool:
    """Whether the panel's clock is at most ``before_s`` behind and ``after_s`` ahead (dc09.md §3, 7)."""
    if frame.timestamp is None:
        return False
    return timedelta(seconds=-before_s) <= frame.timestamp - now <= timedelta(seconds=after_s)

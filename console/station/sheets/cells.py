"""One cell: values as text and back. Text that a spreadsheet would run as a formula is neutralised (I9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from models.records import AvailableSpan, CallOutcome, ContactRight

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_QUOTED = re.compile(r"'+[=+\-@\t\r\n]")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\w{3})\w* (\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)\Z")
_YES_NO = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def neutral(text: str) -> str:
    """``text`` for a spreadsheet: an apostrophe before what it would take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain(cell: str) -> str:
    """What :func:`neutral` was given."""
    return cell[1:] if cell[:1] == "'" and _QUOTED.match(cell) else cell


def escaped(text: str) -> str:
    """``text`` without what a workbook cannot hold; the way is the format's own, ``_x000D_`` for a return."""
    return _UNWRITABLE.sub(lambda found: "".join(f"_x{ord(sign):04X}_" for sign in found[0][0]) + found[0][1:], text)


def unescaped(cell: str) -> str:
    """What :func:`escaped` was given."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell)


def storable(text: str) -> bool:
    """Whether both databases can keep it: no half of a sign."""
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)


# -- from text ----------------------------------------------------------------------------------
# Each says what is expected; never the value, which may be a secret (I9).


def words(text: str) -> str:
    """Any text."""
    return text


def yes_no(text: str) -> bool:
    """``yes`` or ``no``; nothing is no."""
    if text and text.lower() not in _YES_NO:
        raise ValueError("yes or no")
    return _YES_NO.get(text.lower(), False)


def number(text: str) -> int | None:
    """A whole number or nothing."""
    if text and not re.fullmatch(r"-?\d{1,9}(\.0)?", text):
        raise ValueError("a whole number")
    return int(text.partition(".")[0]) if text else None


def seconds(text: str) -> int:
    """A whole number; nothing is 0."""
    return number(text) or 0


def moment(text: str) -> datetime | None:
    """An ISO time; UTC where it names no zone."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("an ISO time such as 2026-11-23T20:47:00Z") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def key(text: str) -> str:
    """An AES key in hex, or nothing."""
    if text and not (re.fullmatch(r"[0-9A-Fa-f]+", text) and len(text) in (32, 48, 64)):
        raise ValueError("an AES key has 32, 48 or 64 hex digits")
    return text.upper()


def account(text: str) -> str:
    """An account as it is kept, in capitals."""
    if not re.fullmatch(r"[A-Za-z0-9]{3,16}", text):
        raise ValueError("an account has 3 to 16 letters and digits")
    return text.upper()


def rights(text: str) -> tuple[ContactRight, ...]:
    """``cancel, whole-site test``."""
    try:
        found = {ContactRight(one.strip().lower()) for one in text.split(",") if one.strip()}
    except ValueError:
        raise ValueError(f"one or more of: {', '.join(ContactRight)}") from None
    return tuple(right for right in ContactRight if right in found)


def spans(text: str) -> tuple[AvailableSpan, ...]:
    """``mon 09:00-17:00, fri 22:00-30:00``: hours past 24 are the next day's."""
    found = []
    for one in filter(None, (part.strip() for part in text.split(","))):
        read = _SPAN.match(one.lower())
        if read is None or read[1] not in _DAYS:
            raise ValueError("times of the week such as mon 09:00-17:00, fri 22:00-30:00")
        begin, end = int(read[2]) * 60 + int(read[3]), int(read[4]) * 60 + int(read[5])
        if not begin < end <= 2880 or begin >= 1440:
            raise ValueError("a time ends after it begins, at 48:00 at the latest")
        found.append(AvailableSpan(day=_DAYS.index(read[1]), from_minute=begin, until_minute=end))
    return tuple(sorted(found, key=lambda span: (span.day, span.from_minute)))


def one_of(kind: type[StrEnum]) -> Callable[[str], Any]:
    """One of a closed list of words, or nothing."""

    def read(text: str) -> Any:
        if not text:
            return None
        try:
            return kind(text.lower())
        except ValueError:
            raise ValueError(f"one of: {', '.join(kind)}") from None

    return read


def outcomes(text: str) -> tuple[CallOutcome, ...]:
    """``no-answer, busy``."""
    try:
        return tuple(CallOutcome(one.strip().lower()) for one in text.split(",") if one.strip())
    except ValueError:
        raise ValueError(f"one or more of: {', '.join(CallOutcome)}") from None


def step(text: str) -> str:
    """The number of a step, or nothing: ``3`` is its id ``s3``."""
    if text and not re.fullmatch(r"s?[0-9]{1,4}", text):
        raise ValueError("the number of a step")
    return f"s{text.removeprefix('s')}" if text else ""


def id_code(text: str) -> str:
    """An ID code, or nothing."""
    if text and not re.fullmatch(r"[0-9A-Za-z]{4,20}", text):
        raise ValueError("an ID code has 4 to 20 letters and digits")
    return text


# -- to text ------------------------------------------------------------------------------------


def text_of(value: Any) -> str:
    """A value as its cell has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple):
        return ", ".join(_span(one) if isinstance(one, AvailableSpan) else str(one) for one in value)
    return str(value)


def _span(span: AvailableSpan) -> str:
    begin, end = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (span.from_minute, span.until_minute))
    return f"{_DAYS[span.day]} {begin}-{end}"


Read = Callable[[str], Any]


def is_empty(row: Iterable[str]) -> bool:
    """Whether nothing stands in a row."""
    return not any(row)

"""``vigie decode``: frames a line in, JSON objects a line out."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TextIO

from console.station import dc09
from console.station.dc09 import Frame, Unreadable
from models.records import Event

_REPLIES = frozenset({"ACK", "NAK", "DUH", "RSP"})


def decode_lines(
    lines: Iterable[str], out: TextIO, *, key: bytes | None, at: datetime | None, pad: bytes | None
) -> None:
    """Decode each line; an unreadable one gives ``valid: false`` with the reason."""
    for line in lines:
        text = line.rstrip("\r\n")
        if text:
            out.write(json.dumps(decode(text, key=key, at=at, pad=pad), ensure_ascii=False) + "\n")


def decode(text: str, *, key: bytes | None, at: datetime | None, pad: bytes | None) -> dict[str, Any]:
    """One frame in Python-style escapes, decoded; time is checked only with ``at``."""
    try:
        raw = _bytes(text)
    except ValueError:
        return _answer(None, ["escapes not readable"])
    frame, wrong = dc09.inspect(raw)
    if frame is None:
        return _answer(None, wrong)
    opened: Frame | None = frame
    if frame.encrypted:
        opened = None
        if key is None:
            return _answer(frame, wrong, note="encrypted, no key given")
        try:
            opened = dc09.decrypt(frame, key)
        except Unreadable as error:
            return _answer(frame, [*wrong, f"cannot be decrypted: {error}"])
    assert opened is not None
    reply = None if wrong else _reply(opened, key, at, pad)
    note = None
    if not wrong and _untimed(opened):
        note = "encrypted, without a possible time of sending"
    elif at is not None and not wrong and not _in_time(opened, at):
        note = "outside the time window"
    return _answer(opened, wrong, note=note, events=dc09.decode_events(opened), reply=reply)


def _bytes(text: str) -> bytes:
    # Characters outside ASCII are taken as the bytes they were read from.
    data, _ = codecs.escape_decode(text.encode("utf-8", "surrogateescape"))
    assert isinstance(data, bytes)
    return data


def _untimed(frame: Frame) -> bool:
    """Nothing shows that it is no recording: it is refused for its time, whatever the time is (dc09.md §3, 7)."""
    return frame.encrypted and frame.timestamp is None and frame.token not in _REPLIES


def _in_time(frame: Frame, at: datetime) -> bool:
    if frame.token in _REPLIES or (not frame.encrypted and not frame.timed):
        return True
    return dc09.within_window(frame, at)


def _reply(frame: Frame, key: bytes | None, at: datetime | None, pad: bytes | None) -> bytes | None:
    if frame.token in _REPLIES:
        return None
    now = at or datetime.now(UTC)
    if _untimed(frame) or (at is not None and not _in_time(frame, at)):
        return dc09.refuse_time(frame, now)
    if not dc09.supported(frame.token):
        return dc09.unable(frame)
    return dc09.acknowledge(frame, key=key, now=now, pad=pad)


def _answer(
    frame: Frame | None,
    wrong: list[str],
    *,
    note: str | None = None,
    events: tuple[Event, ...] = (),
    reply: bytes | None = None,
) -> dict[str, Any]:
    reason = "; ".join(wrong) or note
    head: dict[str, Any] = {"valid": frame is not None and not wrong, "reason": reason}
    if frame is None:
        return {
            **head,
            **dict.fromkeys(
                ("encrypted", "token", "sequence", "receiver", "line", "account", "data"),
            ),
            "xdata": [],
            "events": [],
            "timestamp": None,
            "reply": None,
        }
    return {
        **head,
        "encrypted": frame.encrypted,
        "token": frame.token,
        "sequence": frame.sequence,
        "receiver": frame.receiver,
        "line": frame.line,
        "account": frame.account or None,
        "data": frame.data,
        "xdata": list(frame.xdata),
        "events": [_event(event) for event in events],
        "timestamp": None if frame.timestamp is None else frame.timestamp.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "reply": None if reply is None else codecs.escape_encode(reply)[0].decode("ascii"),
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "code": event.code,
        "qualifier": event.qualifier,
        "area": event.area,
        "address": event.address,
        "text": event.text,
        "kind": event.kind,
        "description": event.description,
    }

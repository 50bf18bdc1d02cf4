"""Secrets inside frames: K, P and passcode groups never leave the receiver unmasked (I9)."""

from __future__ import annotations

import re

from console.station.dc09.frame import Frame

# To the closing bracket or the frame's end: a group that is not closed, or holds a bracket, is a secret as well.
_GROUP = re.compile(rb"\[([KP])([^\]\r]*)")
_PASSCODE = re.compile(rb"([\[|]\?)([^|\]\r]*)")


def masked(frame: Frame, opened: Frame) -> tuple[bytes, bool]:
    """The raw frame with secrets replaced by asterisks, and whether there was one.

    ``opened`` is the same frame decrypted; where its plain text holds a secret, the cipher text is masked as well:
    the account's key must not be enough to read it back out of the journal.
    """
    if frame.encrypted:
        if not _holds_secret(opened):
            return frame.raw, False
        return frame.raw.replace(frame.content, b"*" * len(frame.content)), True
    return masked_bytes(frame.raw)


def masked_bytes(sent: bytes) -> tuple[bytes, bool]:
    """The same for bytes in clear that may be no whole frame."""
    if not (b"[K" in sent or b"[P" in sent or b"?" in sent):
        return sent, False
    raw = _GROUP.sub(lambda found: b"[" + found[1] + b"*" * len(found[2]), sent)
    raw = _PASSCODE.sub(lambda found: found[1] + b"*" * len(found[2]), raw)
    return raw, raw != sent


def _holds_secret(opened: Frame) -> bool:
    groups = any(group[:1] in ("K", "P") for group in opened.xdata)
    return groups or any("|?" in group or group.startswith("?") for group in (opened.data or "", *opened.xdata))

"""Text as it may stand in a name, on a screen and in the journal: one line, and no sign that hides or turns others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_LAYOUT = "\t\n\r"
_CONTROL = "\x00-\x1f\x7f-\x9f\u2028\u2029"
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""They turn or embed the direction of what follows: one name can be shown as another (UAX 9)."""
_INVISIBLE = "\u00ad\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
"""Not the joiners U+200C and U+200D, which some languages are written with."""
_DEEPEST = 20
_BREAKS = re.compile(f"[{_CONTROL}]+")
_UNSEEN = re.compile(f"[{_TURNING}{_INVISIBLE}]+")


def one_line(text: str) -> str:
    """``text`` with a blank for each break and control, and without signs that nobody sees.

    A plain table may hold some where a site file has one line; what was kept by earlier versions is shown so too.
    """
    return _UNSEEN.sub("", _BREAKS.sub(" ", text)) if not text.isprintable() else text


def without_unseen(value: Any, deep: int = 0) -> Any:
    """``value`` without the signs that nobody sees in any text within it: they come along where numbers are copied."""
    if isinstance(value, str):
        return _UNSEEN.sub("", value) if not value.isprintable() else value
    if deep < _DEEPEST:
        if isinstance(value, dict):
            return {key: without_unseen(one, deep + 1) for key, one in value.items()}
        if isinstance(value, list):
            return [without_unseen(one, deep + 1) for one in value]
    return value


def has_control(value: object) -> bool:
    """Whether any text within ``value``, whatever it is made of, holds a control that is none of layout."""
    if isinstance(value, str):
        return not value.isprintable() and any(
            sign not in _LAYOUT for found in _BREAKS.findall(value) for sign in found
        )
    if isinstance(value, Mapping):
        return any(has_control(one) for pair in value.items() for one in pair)
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(has_control(one) for one in value)
    return hasattr(value, "__pydantic_fields__") and has_control(vars(value))

"""One line of text out of what may have come in as several."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f]+")


def one_line(text: str) -> str:
    """``text`` with a blank for each break: a plain table may hold some where a site file has one line."""
    return _CONTROL.sub(" ", text) if not text.isprintable() else text

"""Whether the disk under the journal still has room: told before it is full, for then nothing can be acknowledged."""

from __future__ import annotations

import shutil
from pathlib import Path

LEAST_FREE = 200 * 1024 * 1024
"""Bytes: some hours of a busy station."""


def trouble(folder: Path) -> str | None:
    """A sentence while there is little room, or the folder cannot be looked at."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return f"The station's folder {folder} cannot be looked at: {error.strerror}."
    if free >= LEAST_FREE:
        return None
    return (
        f"The station's disk is nearly full: {free / 1024 / 1024:.0f} MB are left at {folder}. "
        "When it is full no panel is acknowledged: make room."
    )

"""Whether the disk under the journal still has room: told before it is full, for then nothing can be acknowledged."""

from __future__ import annotations

import shutil
import tempfile
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


def refusal(folder: Path) -> str | None:
    """Why the file system takes no file in ``folder`` now, in its own words; None where it takes one.

    Asked only while writing fails: it writes. The database's own words for a file system that has become read-only are
    "disk I/O error", with which nobody knows where to look.
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"?")
            file.flush()
    except OSError as error:
        return error.strerror or type(error).__name__
    return None

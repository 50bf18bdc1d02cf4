"""One entry of the journal with all that it holds, for who opens it (B5, G4, G6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from models.records.record import Record
from models.records.views import Entry


class EntryDetail(Record):
    """An entry as it was written: never with a secret, for none was written (I9)."""

    entry: Entry
    panel_time: datetime | None = None
    """When the panel says that it happened; the entry's own time is the station's (I6)."""
    data: dict[str, Any] = Field(default_factory=dict)
    """By the entry's kind: ``before`` and ``after`` of a change, ``events`` of a signal, ``why``."""
    raw: str | None = None
    """The frame with its secrets masked, in escapes; for signals alone."""

"""The shift log as the consoles see it."""

from __future__ import annotations

from datetime import datetime

from models.records.record import Record


class ShiftRead(Record):
    """Who read a note, and when."""

    name: str
    at: datetime


class ShiftNote(Record):
    """What one shift leaves to the next."""

    id: int
    at: datetime
    by: str
    text: str
    items: tuple[str, ...] = ()
    """What was open when it was written, gathered by the station: parked alarms, tests, tasks."""
    read_by: tuple[ShiftRead, ...] = ()
    unread: bool = False
    """Not read yet by whoever asks; one's own notes are read."""

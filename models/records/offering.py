"""To whom waiting alarms are offered, as a console is told with each beat (issue 6, 5)."""

from __future__ import annotations

from datetime import datetime

from models.records.record import Record


class LeftTo(Record):
    """A waiting alarm that F1 leaves to others for a moment; Enter takes it all the same."""

    alarm: str
    to: tuple[str, ...]
    """Names of those it is left to."""
    until: datetime


class Uncovered(Record):
    """A waiting alarm that needs what nobody who is signed in has: it is offered to everybody, and supervisors told."""

    alarm: str
    lacks: tuple[str, ...]
    """In words that follow "nobody who": ``speaks FR``."""

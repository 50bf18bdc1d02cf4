"""What operators ask of each other: help of a supervisor, an alarm of its holder (rulebook H, issue 6)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from models.records.record import Record

ASK_ENTRIES = ("help-asked", "alarm-asked", "ask-answered", "ask-withdrawn", "ask-over")
"""Kinds of entry of the journal after which something else is asked, or no longer."""


class AskKind(StrEnum):
    """What is asked for."""

    HELP = "help"
    """Of the supervisors, with an alarm in hand."""
    ALARM = "alarm"
    """Of its holder, to hand it over."""


class AskEnd(StrEnum):
    """How it ended."""

    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    """By whoever asked."""
    OVER = "over"
    """The alarm was closed, or left the hands that it was about."""


class Ask(Record):
    """Something that was asked and that nobody answered yet."""

    id: int
    """The journal sequence of its entry."""
    kind: AskKind
    alarm: str
    login: str
    by: str
    workstation: str
    at: datetime
    words: str = ""

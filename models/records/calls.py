"""A call as the telephone exchange tells it. Neither number nor name: the alarm's own plan has them (I9)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from models.records.kinds import CallOutcome
from models.records.record import Record


class LineState(StrEnum):
    """Where a call through the exchange stands."""

    OPERATOR = "operator"
    """The operator's own telephone rings."""
    DIALLING = "dialling"
    """The operator picked up; the number is dialled."""
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class CallOnLine(Record):
    """How the call of one alarm stands, until its outcome was said."""

    alarm: str
    state: LineState
    since: datetime
    """When it came to stand so."""
    answered_at: datetime | None = None
    proposed: CallOutcome | None = None
    """What the exchange's own reason for the end suggests; only the operator says how it ended (G3)."""
    picked_up: bool = True
    """False where the operator's own telephone was never picked up."""
    cause: int = 0
    """Why it ended, as Q.850 counts; 0 where nobody said."""
    away: bool = False
    """The exchange does not answer now: this is how it stood last."""

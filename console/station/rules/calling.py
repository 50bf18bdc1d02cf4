"""A call through the telephone exchange: what is heard of its two legs, where it stands, what it suggests (G3).

The operator's telephone is called first; once it is picked up, the number. Whichever leg ends, the call ended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from console.station.rules.refusal import Refused
from models.records import CallOutcome, ErrorCode, LineState

_PROPOSED = {
    17: CallOutcome.BUSY,
    18: CallOutcome.NO_ANSWER,
    19: CallOutcome.NO_ANSWER,
    1: CallOutcome.WRONG_NUMBER,
    28: CallOutcome.WRONG_NUMBER,
    21: CallOutcome.REFUSED,
}
"""Q.850: user busy; no user responding, no answer; unallocated number, invalid format; call rejected."""
_EXTENSION = re.compile(r"[0-9]{1,10}")
_NUMBER = re.compile(r"\+?[0-9]{2,20}")
_BETWEEN = re.compile(r"[\s()./-]")


class Leg(StrEnum):
    """The two halves of a call."""

    OPERATOR = "operator"
    FAR = "far"


class Heard(StrEnum):
    """What is heard of a leg."""

    RINGS = "rings"
    ANSWERED = "answered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Line:
    """Where a call stands, and when it came there."""

    state: LineState
    began_at: datetime
    since: datetime
    picked_up_at: datetime | None = None
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    cause: int = 0

    @property
    def talked_s(self) -> int:
        """Whole seconds between answer and end; 0 where nobody answered or it runs."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return int((self.ended_at - self.answered_at).total_seconds())

    @property
    def proposed(self) -> CallOutcome | None:
        """What the end suggests; nothing after a conversation, and where the operator's own telephone was the matter.

        Rung and not answered is no answer, whoever gave up.
        """
        if self.ended_at is None or self.answered_at is not None or self.picked_up_at is None:
            return None
        found = _PROPOSED.get(self.cause)
        return CallOutcome.NO_ANSWER if found is None and self.rang_at is not None else found


def begun(now: datetime) -> Line:
    """The operator's telephone is called."""
    return Line(LineState.OPERATOR, now, now)


def after(line: Line, leg: Leg, heard: Heard, now: datetime, cause: int = 0) -> Line:
    """``line`` after something was heard of one leg; what comes late, twice or out of turn changes nothing."""
    if line.state is LineState.ENDED:
        return line
    if heard is Heard.ENDED:
        # The end of the operator's leg says nothing of why the number was not reached.
        said = cause if leg is Leg.FAR or line.picked_up_at is None else 0
        return replace(line, state=LineState.ENDED, since=now, ended_at=now, cause=said)
    if leg is Leg.OPERATOR:
        if heard is Heard.ANSWERED and line.picked_up_at is None:
            return replace(line, state=LineState.DIALLING, since=now, picked_up_at=now)
        return line
    if line.picked_up_at is None or line.answered_at is not None:
        return line
    if heard is Heard.ANSWERED:
        return replace(line, state=LineState.ANSWERED, since=now, answered_at=now)
    return line if line.rang_at is not None else replace(line, state=LineState.RINGING, since=now, rang_at=now)


def words(line: Line, number: str) -> str:
    """An ended call for the journal: its times, how long was talked, and why it ended."""
    told = [f"Line to {number}", f"begun {line.began_at:%H:%M:%S}"]
    if line.picked_up_at is None:
        told.append("the operator's telephone was not picked up")
    if line.rang_at is not None:
        told.append(f"rang {line.rang_at:%H:%M:%S}")
    if line.answered_at is not None:
        told.append(f"answered {line.answered_at:%H:%M:%S}")
    if line.ended_at is not None:
        told.append(f"ended {line.ended_at:%H:%M:%S}")
    else:
        told.append("still open when the station stopped")
    if line.answered_at is not None and line.ended_at is not None:
        told.append(f"talked {line.talked_s // 60}:{line.talked_s % 60:02d}")
    elif line.cause:
        told.append(f"cause {line.cause}")
    return " · ".join(told)


def extension(given: str) -> str:
    """An extension, digits alone; refused otherwise: it becomes part of a dial string."""
    if _EXTENSION.fullmatch(given) is None:
        raise Refused(ErrorCode.INVALID, "An extension is one to ten digits.", "extension")
    return given


def dial_string(given: str) -> str:
    """A number as it is dialled: digits, with a plus before them or not; refused otherwise.

    Only what people write between digits is left out: a letter or an ``@`` is not, it would dial something else.
    """
    number = _BETWEEN.sub("", given)
    # ASCII digits alone: other scripts' are digits too, and no exchange knows them.
    if not number.isascii() or _NUMBER.fullmatch(number) is None:
        raise Refused(ErrorCode.INVALID, "The exchange cannot dial this number: dial it by hand.", "number")
    return number

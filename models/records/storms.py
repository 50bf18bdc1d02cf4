"""Storm profiles: what a supervisor has grouped, delayed or lowered for a while; closing many at once (H)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from models.records.kinds import AlarmClass
from models.records.record import Record

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class StormDoes(StrEnum):
    """What a storm profile does with the technical alarms that it covers."""

    GROUP = "group"
    """One row in the queue with a count; each of them can be opened and taken from it."""
    DELAY = "delay"
    """Presented only after some minutes."""
    LOWER = "lower"
    """Presented at once, as Low."""


class StormState(StrEnum):
    """Where a storm profile stands."""

    RUNNING = "running"
    PLANNED = "planned"
    ENDED = "ended"


class StormScope(Record):
    """What a storm profile covers: of ``kinds`` or ``classes``, and where given also of these places and providers."""

    kinds: tuple[Word, ...] = Field(default=(), max_length=40)
    classes: tuple[AlarmClass, ...] = Field(default=(), max_length=5)
    """Technical and supervision alone (never life safety, never intrusion)."""
    postcodes: tuple[Word, ...] = Field(default=(), max_length=100)
    """Beginnings of postcodes; none: everywhere."""
    providers: tuple[Word, ...] = Field(default=(), max_length=40)
    """Whose paths; none: of any provider, and of none."""


class StormMark(Record):
    """A storm profile has an alarm grouped, delayed or lowered until then."""

    id: int
    name: str
    does: StormDoes
    until: datetime


class StormView(Record):
    """A storm profile as every console sees it."""

    id: int
    """The journal's number of the entry that made it."""
    version: int
    name: str
    scope: StormScope
    scope_words: str = ""
    does: StormDoes
    delay_min: int = 0
    """For a delay: so many minutes from receipt."""
    begins_at: datetime
    ends_at: datetime
    why: str
    by: str
    made_at: datetime
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    ended_why: str = ""
    touched: int = 0
    """Alarms that it grouped, delayed or lowered, each once."""

    @property
    def state(self) -> StormState:
        """Running, planned or ended."""
        if self.ended_at is not None:
            return StormState.ENDED
        return StormState.PLANNED if self.begun_at is None else StormState.RUNNING


class StormPreview(Record):
    """What a storm profile would do if it began now."""

    open: int
    """Technical and supervision alarms that wait now."""
    touched: int
    """Of those: what it would group, delay or lower."""
    words: tuple[str, ...] = ()
    """Some of them: what, where."""


class BulkLine(Record):
    """A waiting alarm that is chosen to be closed with others, as it stood when it was chosen (I8, I11)."""

    id: str
    version: int
    last_seq: int
    priority: int
    words: str
    place: str
    site: str | None = None
    site_name: str = ""
    kind: str = ""
    clock_from: datetime
    why_not: str = ""
    """Why it cannot be closed with others; empty: it can."""


class BulkSelection(Record):
    """Waiting alarms that fit a choice, the most urgent first, and how many there are."""

    lines: tuple[BulkLine, ...] = ()
    count: int = 0


class StormKind(Record):
    """A kind of alarm that a storm profile may cover."""

    name: str
    words: str
    alarm_class: AlarmClass


class StormBoard(Record):
    """Storm profiles, and what a new one can be made of."""

    storms: tuple[StormView, ...] = ()
    """In force, planned, ended in the last 7 days."""
    kinds: tuple[StormKind, ...] = ()
    providers: tuple[str, ...] = ()
    """Those that systems name."""
    most_hours: int = 72
    delay_most_min: int = 120

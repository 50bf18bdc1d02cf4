"""Procedures: who is called for an alarm of a type, and what else is done, in which order (C3, C4, E3).

A procedure is kept at a level, for a type of alarm, in versions: an alarm keeps the one that was in force as it began.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from models.records.kinds import CallOutcome, StepKind
from models.records.record import Record
from models.records.site_file import Line, Short, Words

ALL = "all"
"""What a procedure applies to where it is for every type of alarm."""
_APPLIES = r"^(all|class:[a-z ]{1,30}|kind:[a-z-]{1,40})$"


class Level(StrEnum):
    """Where a procedure is kept, from the most general to the most specific: each overrides those before it."""

    STATION = "station"
    GROUP = "group"
    """All sites of a customer group."""
    SITE = "site"
    AREA = "area"
    ZONE = "zone"


class When(StrEnum):
    """Under which condition a step is taken. One whose condition does not hold is shown, and not asked for."""

    ALWAYS = "always"
    NOBODY = "nobody"
    """Only if nobody was reached."""
    REACHED = "reached"
    """Only after somebody was reached."""
    CONFIRMED = "confirmed"
    """Only if two zones alarmed, or the patrol saw something."""
    PATROL = "patrol"
    """Only after the patrol reported."""
    OUTCOME = "outcome"
    """Only if an earlier step ended in one of :attr:`ProcedureStep.outcomes`."""


class ProcedureStep(Record):
    """One step. Which fields count follows from its kind."""

    id: Annotated[str, StringConstraints(pattern=r"^s[0-9]{1,4}$")]
    """Names the step in all versions of its procedure."""
    kind: StepKind
    contact: Annotated[str, Field(max_length=60)] = ""
    """contact: the contact's id."""
    role: Annotated[Line, Field(max_length=100)] = ""
    """contact group: those with this role, in call order; empty: the whole standard order."""
    name: Annotated[Line, Field(max_length=100)] = ""
    """patrol: the team; authority: what it is called there, where not as usual."""
    number: Annotated[Short, Field(max_length=40)] = ""
    """patrol: where the team is called."""
    service: Annotated[str, StringConstraints(pattern=r"^(|police|fire|ambulance)$")] = ""
    """authority: which; empty: the emergency services that the alarm asks for."""
    text: Annotated[Words, Field(max_length=1000)] = ""
    """What to do or to say; for an instruction all there is."""
    seconds: Annotated[int, Field(ge=0, le=86400)] = 0
    """wait, again: how long."""
    rounds: Annotated[int, Field(ge=1, le=9)] = 1
    """again: how many rounds more."""
    back_to: Annotated[str, StringConstraints(pattern=r"^(|s[0-9]{1,4})$")] = ""
    """again: the step from which; empty: the first."""
    required: bool = False
    """The alarm cannot be closed before it is done."""
    when: When = When.ALWAYS
    outcomes: Annotated[tuple[CallOutcome, ...], Field(max_length=len(CallOutcome))] = ()
    after: Annotated[str, StringConstraints(pattern=r"^(|s[0-9]{1,4})$")] = ""
    """outcome: the step whose outcome counts; empty: any before this one."""


class Procedure(Record):
    """A version of a procedure."""

    id: Annotated[str, Field(max_length=20)] = ""
    """Empty for a new one."""
    level: Level
    site: Annotated[str, Field(max_length=40)] = ""
    """For site, area and zone."""
    target: Annotated[Line, Field(max_length=100)] = ""
    """The customer group; the area; area and zone with a blank between. Empty for station and site."""
    applies_to: Annotated[str, StringConstraints(pattern=_APPLIES)] = ALL
    """``all``, ``class:intrusion``, ``kind:fire``."""
    name: Annotated[Line, Field(min_length=1, max_length=100)]
    after_s: Annotated[int, Field(ge=0, le=86400)] = 0
    """Calling begins so long after the alarm; a push goes at the same moment (E2)."""
    otherwise: Annotated[Words, Field(max_length=1000)] = ""
    """What is done when nobody was reached after the last round."""
    steps: Annotated[tuple[ProcedureStep, ...], Field(min_length=1, max_length=40)]
    version: int = 0
    at: datetime | None = None
    by: str = ""


class EmergencyNumber(Record):
    """A number of an authority that holds for one site: part ``emergency`` of its file."""

    service: Annotated[str, StringConstraints(pattern=r"^(police|fire|ambulance)$")]
    name: Annotated[Line, Field(min_length=1, max_length=100)]
    """``Police, zone centre``."""
    number: Annotated[Short, Field(min_length=1, max_length=40)]


class Effective(Record):
    """Which procedure one type of alarm gets at a site, and why."""

    kind: str
    words: str
    priority: int
    procedure: str = ""
    """Id of the procedure; empty: the standard order."""
    why: str = ""


class SiteProcedures(Record):
    """All that holds for a site now: every level, and what comes of it for each type of alarm."""

    site: str
    group: str = ""
    procedures: tuple[Procedure, ...] = ()
    effective: tuple[Effective, ...] = ()
    emergency: tuple[EmergencyNumber, ...] = ()
    emergency_version: int = 0

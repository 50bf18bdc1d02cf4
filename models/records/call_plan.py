"""The call plan of an alarm as it stands now: computed, never stored (C4, G3; architecture.md §4)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from models.records.kinds import CallOutcome, StepKind, StepState
from models.records.record import Record


class Verification(Record):
    """How it is known that an alarm is real: recorded before an authority is called (architecture.md §4)."""

    at: datetime
    how: str
    by: str
    """Who saw or said it."""
    recorded_by: str = ""


class PatrolMoment(StrEnum):
    """The times of a patrol, in their order."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    LEFT = "left"
    REPORT = "report"


class PatrolRun(Record):
    """A patrol that was sent to an alarm."""

    step: str
    team: str
    keys: str = ""
    """Which keys it takes (SiteDetails.keys)."""
    asked_at: datetime
    accepted_at: datetime | None = None
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    reported_at: datetime | None = None
    report: str = ""
    seen: bool = False
    """The patrol saw signs of a real alarm: it counts as a verification."""

    @property
    def over(self) -> bool:
        """Nothing more is to come from it."""
        return self.reported_at is not None


class Attempt(Record):
    """One attempt to reach somebody (G3)."""

    at: datetime
    number: str
    outcome: CallOutcome | None
    """None while the call runs."""
    by: str
    why: str = ""


class PlanNumber(Record):
    """One number of a step, in the order in which to dial (C4)."""

    label: str
    number: str
    private: bool = False
    """Dialled, and masked in the journal."""
    attempts: tuple[Attempt, ...] = ()
    calling_since: datetime | None = None
    again_at: datetime | None = None
    """It was busy: tried again from this moment."""
    wrong: bool = False
    """Somebody else has it: offered in no round, unless they were reached by it after that."""


class PlanStep(Record):
    """One step of the call list that applies now (C4)."""

    index: int
    key: str = ""
    """Names the step in acts: ``contact:<id>``, ``premises``, ``authority:police``."""
    kind: StepKind
    title: str
    """``Premises``, ``Contact 3``, ``Authority``."""
    name: str
    role: str = ""
    languages: str = ""
    contact: str | None = None
    """The contact's id, what an act names."""
    numbers: tuple[PlanNumber, ...] = ()
    state: StepState
    why: str = ""
    """Why somebody is away or was skipped, or an instruction's text."""
    required: bool = False
    """The alarm cannot be closed before it is done."""
    has_code_word: bool = False
    may_cancel: bool = False
    """A contact with the right to cancel alarms of this site (E5)."""
    text: str = ""
    """What to do or to say."""
    condition: str = ""
    """When it is taken: ``only if nobody was reached``."""
    until: datetime | None = None
    """A wait ends, or a round may begin, at this moment."""
    verify_first: bool = False
    """Nothing is recorded yet of how it is known that the alarm is real: the authority is not called before."""


class OffList(Record):
    """A patrol or an authority that can be put on the call list of an alarm."""

    kind: StepKind
    name: str
    number: str
    step: str = ""
    """The key of the step that calls it already."""


class CallPlan(Record):
    """The ordered steps for this alarm now, computed and never stored (architecture.md §4)."""

    title: str
    """``standard order``, or the name of the procedure."""
    procedure: str = ""
    """Id of the procedure; empty: the standard order."""
    version: int = 0
    why: str = ""
    """Why it is this one: of which level, for which type of alarm, what it overrides (C4)."""
    steps: tuple[PlanStep, ...] = ()
    current: int | None = None
    """Index of the current step in ``steps``; None when nobody is left to call."""
    current_number: int = 0
    """Which number of the current step is to be dialled, from 0."""
    missing: tuple[str, ...] = ()
    """Required things not yet done, as sentences; empty when the alarm may be closed as far as the plan goes."""
    changes_at: datetime | None = None
    """By time alone the plan is another from this moment on: a wait ends, a busy number comes back."""
    verification: Verification | None = None
    patrols: tuple[PatrolRun, ...] = ()
    keys: str = ""
    """Which keys the station or its patrol holds, and where."""
    fault: bool = False
    """A mistake of the station's: the steps are all there are, in order, and nothing of them was worked out."""
    outcome_hints: dict[str, str] = Field(default_factory=dict)
    """What follows each outcome, by outcome: ``next: home``."""

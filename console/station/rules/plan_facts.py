"""What the call plan is computed from: steps before anything was tried, attempts, the alarm's facts (C4, G3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.records import AlarmClass, AvailableSpan, CallOutcome, PatrolRun, StepKind, Verification, When

REACHED = frozenset({CallOutcome.VERIFIED, CallOutcome.REACHED, CallOutcome.DURESS})
CALLED = frozenset({StepKind.PREMISES, StepKind.CONTACT, StepKind.PATROL, StepKind.AUTHORITY})
"""Kinds of steps that are calls."""


AGAIN_AT = "#"
"""In a key, before the step at which somebody is called once more: ``premises#s4``."""


def without_place(key: str) -> str:
    """Whom a step is for, whichever of their steps it is."""
    return key.partition(AGAIN_AT)[0]


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step before anything was tried. ``key`` names it across recomputations: ``contact:c-12``."""

    key: str
    kind: StepKind
    name: str
    role: str = ""
    languages: str = ""
    contact: str | None = None
    numbers: tuple[tuple[str, str], ...] = ()
    """(label, number), in the order in which to dial."""
    private: frozenset[str] = frozenset()
    """Of the numbers, those that the journal has masked."""
    away_from: datetime | None = None
    away_until: datetime | None = None
    has_code_word: bool = False
    may_cancel: bool = False
    available: tuple[AvailableSpan, ...] = ()
    """When in the week they can be called, in ``timezone``; empty: always."""
    timezone: str = "UTC"
    substitute: str = ""
    suspended: bool = False
    off: str = ""
    """Why it can be taken by nobody: ``no longer a contact of this site``. Shown all the same (C4)."""
    id: str = ""
    """In its procedure; several contacts of one group share it. Empty in the standard order."""
    own_id: str = ""
    """The id of its own step, where it stands in for somebody at another place: what refers to that step finds it."""
    text: str = ""
    required: bool = False
    when: When = When.ALWAYS
    outcomes: tuple[CallOutcome, ...] = ()
    after: str = ""
    seconds: int = 0
    rounds: int = 1
    back_to: str = ""
    until: datetime | None = None
    """wait: until this moment, whatever was done before."""


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """One attempt on an alarm (G3); ``outcome`` None while the call runs."""

    step: str
    number: str
    began_at: datetime
    outcome: CallOutcome | None
    by: str
    why: str = ""
    ended_at: datetime | None = None

    @property
    def whom(self) -> str:
        """Whom it was for, wherever in the procedure: ``premises``, ``contact:c-12``."""
        return without_place(self.step)

    @property
    def over_at(self) -> datetime:
        """When it was over; a call that runs: when it began."""
        return self.ended_at or self.began_at


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What of the alarm the plan depends on."""

    priority: int
    alarm_class: AlarmClass
    silent: bool
    cancelled: bool
    """By somebody who was verified, about what the alarm is now; a panel's own cancel is none (I13)."""
    since: datetime | None = None
    """Start of its response clock: who was reached before it rose to this priority knows nothing of the rise."""
    zones: int = 1
    """How many zones alarmed."""
    verification: Verification | None = None
    patrols: tuple[PatrolRun, ...] = ()
    otherwise: str = ""
    """What the procedure says for when nobody was reached after the last round; empty: what always holds."""

    @property
    def confirmed(self) -> bool:
        """Two zones, or a patrol that saw something."""
        return self.zones > 1 or any(run.seen for run in self.patrols)

    @property
    def verified(self) -> bool:
        """An authority may be called: recorded how it is known, or a hold-up or fire, or one under threat (B)."""
        exempt = self.silent or self.alarm_class is AlarmClass.LIFE_SAFETY
        return exempt or self.verification is not None

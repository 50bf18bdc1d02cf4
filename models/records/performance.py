"""How fast alarms were answered, how many there were, and how they ended (G6; architecture.md §4)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from models.records.kinds import Disposition, Priority
from models.records.record import Record


class Measure(StrEnum):
    """What is measured of an alarm."""

    OPERATOR = "operator"
    """From its receipt, or its last rise before somebody acted, to the first act of an operator."""
    HANDLING = "handling"
    """From its receipt to its end, whoever ended it."""


class ResponseTarget(Record):
    """Of so many alarms, so many percent within so many seconds."""

    seconds: int
    percent: float


class ResponseProfile(Record):
    """The response targets that the station measures by: of Emergency, and of the others."""

    name: str
    version: int = 0
    """0: the one that comes with the program."""
    emergency: tuple[ResponseTarget, ResponseTarget]
    others: tuple[ResponseTarget, ResponseTarget]
    by: str = ""
    at: datetime | None = None
    """Who set it, and when."""


class Answered(Record):
    """The times of some alarms against the two targets of their priority."""

    alarms: int = 0
    """Those that are measured: answered, or late already."""
    first: int = 0
    """Within the first target's seconds."""
    second: int = 0
    """Within the second target's."""
    of_second: int = 0
    """Of how many that is known: what waits longer than the first target and not yet as long as the second is not."""
    median_s: float | None = None
    """Of those that were answered; None: none was."""
    p95_s: float | None = None
    """Nearest rank: 95 % of those answered took no longer."""
    slowest_s: float | None = None


class EarlierFigures(Record):
    """How the twelve months before a period were answered, to compare with (picture 05b)."""

    from_: datetime
    """A year before, or since when the journal is live."""
    to: datetime
    emergency: Answered
    others: Answered


class PriorityFigures(Record):
    """One priority in a period."""

    priority: Priority
    targets: tuple[ResponseTarget, ResponseTarget]
    opened: int = 0
    """All of them, also those that nobody had to answer."""
    unmeasured: int = 0
    """Without an operator's act, and not late: they wait, or ended by themselves or by a customer."""
    operator: Answered = Answered()
    handling: Answered = Answered()


class LateAlarm(Record):
    """An alarm that missed its first target."""

    alarm: str
    priority: Priority
    site: str | None = None
    site_name: str = ""
    words: str = ""
    at: datetime
    """When its time began."""
    by: str = ""
    """Who acted first, or ended it; empty: nobody yet."""
    seconds: float
    over_s: float
    """By how much it missed the first target."""
    missed_both: bool = False


class EmergencyMark(Record):
    """One Emergency: there are too few of them for percentages."""

    alarm: str
    at: datetime
    seconds: float
    late: bool = False


class HourFigures(Record):
    """One clock hour and one priority; hours without an alarm are left out."""

    at: datetime
    """When the hour begins."""
    priority: Priority
    opened: int = 0
    alarms: int = 0
    """Those that are measured, operator-only."""
    first: int = 0
    second: int = 0
    of_second: int = 0


class LoadSlot(Record):
    """How many alarms one operator answered in ten minutes."""

    at: datetime
    alarms: int
    flood: bool = False


class OperatorFigures(Record):
    """One operator in a period."""

    name: str
    answered: Answered = Answered()
    closed: int = 0
    slots: tuple[LoadSlot, ...] = ()
    """In order of time; slots without an alarm that are in no flood are left out."""
    floods: int = 0


class GroupFigures(Record):
    """The sites of one customer group in a period."""

    group: str
    opened: int = 0
    operator: Answered = Answered()


class EndFigures(Record):
    """How many alarms ended one way."""

    disposition: Disposition
    alarms: int


class SourceFigures(Record):
    """A zone and how often it alarmed."""

    site: str | None = None
    site_name: str = ""
    area: str | None = None
    zone: str | None = None
    zone_name: str = ""
    signals: int
    alarms: int
    """Alarms that it was part of."""


class Performance(Record):
    """A period in figures: alarms that were received in it, signals in test left out (F4, G6)."""

    profile: str
    group: str = ""
    """The customer group whose sites these are; empty: all."""
    from_: datetime
    to: datetime
    until: datetime
    """Up to when it was measured: alarms that nobody answered are late or not as of then."""
    priorities: tuple[PriorityFigures, ...] = ()
    groups: tuple[GroupFigures, ...] = ()
    """By customer group; of one alone where the figures are of that."""
    late: tuple[LateAlarm, ...] = ()
    """Operator-only, the worst first."""
    late_count: int = 0
    late_handling: tuple[LateAlarm, ...] = ()
    late_handling_count: int = 0
    emergencies: tuple[EmergencyMark, ...] = ()
    """In order of time, the newest where there are very many."""
    hours: tuple[HourFigures, ...] = ()
    operators: tuple[OperatorFigures, ...] = ()
    ends: tuple[EndFigures, ...] = ()
    """The most frequent first."""
    false_alarms: int = 0
    closed: int = 0
    sources: tuple[SourceFigures, ...] = ()
    """The most frequent first."""

"""The field's closed vocabularies: priorities, classes of alarm, what an event does."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Priority(IntEnum):
    """How urgent an alarm is (architecture.md §4). The number is what operators see."""

    EMERGENCY = 1
    HIGH = 2
    MEDIUM = 3
    LOW = 4
    LOG = 5


class AlarmClass(StrEnum):
    """What an alarm is about: one site has at most one open alarm of a class (architecture.md §4)."""

    LIFE_SAFETY = "life safety"
    INTRUSION = "intrusion"
    TECHNICAL = "technical"
    SUPERVISION = "supervision"
    SERVICE = "service"


class EventRole(StrEnum):
    """What an event does to the matter it belongs to."""

    ALARM = "alarm"
    """Raises: an alarm, trouble or anything else that somebody must handle."""
    RESTORE = "restore"
    OPEN = "open"
    CLOSE = "close"
    CANCEL = "cancel"
    """A cancel or abort sent by the panel; noted, never ends an alarm (I13)."""
    TEST = "test"
    INFO = "info"


class AlarmState(StrEnum):
    """The states of the transition table (architecture.md §4)."""

    WAITING = "waiting"
    HELD = "held"
    PARKED = "parked"
    CLOSED = "closed"


class OutagePart(StrEnum):
    """The systems of an outage by what there is to do about them (visual.md 06d)."""

    ALONE = "alone"
    """Off line, and the site has no second path that is up: not monitored, to check one by one."""
    SECOND_PATH = "second path"
    """Off line, and another system of the site is up: still monitored."""
    BACK = "back"


class Escalation(IntEnum):
    """Whom an unattended alarm was brought before, besides the operators (I4)."""

    NONE = 0
    SUPERVISORS = 1
    EVERYBODY = 2


class Disposition(StrEnum):
    """How an alarm ended, in the order of the digits 1 to 8 on the close card."""

    FALSE_USER = "false-user"
    FALSE_TECHNICAL = "false-technical"
    REAL_INTRUSION = "real-intrusion"
    REAL_OTHER = "real-other"
    NO_CAUSE = "no-cause"
    CANCELLED = "cancelled"
    WORK_ON_SITE = "work-on-site"
    HANDED_TO_POLICE = "handed-to-police"
    SELF_COMPLETED = "self-completed"
    """Only by the station itself, for listed Low kinds (I13)."""


class CallOutcome(StrEnum):
    """Outcome of a call, in the order of the digits 1 to 8 on the Now card (architecture.md §4)."""

    VERIFIED = "verified"
    WRONG_CODE = "wrong-code"
    NO_ANSWER = "no-answer"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    WRONG_NUMBER = "wrong-number"
    REFUSED = "refused"
    DURESS = "duress"
    """Looks like success to anyone listening; raises the alarm's priority."""
    SKIPPED = "skipped"
    """Not a call: the step was skipped, with a reason (Ctrl+K)."""
    BROKEN_OFF = "broken-off"
    """The call was put aside for a more urgent alarm; the number is tried again."""
    REACHED = "reached"
    """For authorities and patrols, who give no code word."""
    DONE = "done"
    """Not a call: an instruction was followed, a wait is over, a round begins."""


class StepKind(StrEnum):
    """Step kinds of a call plan (architecture.md §4)."""

    PREMISES = "premises"
    CONTACT = "contact"
    CONTACTS = "contact group"
    """In a procedure alone: in the call plan each of them is a step of their own."""
    PATROL = "patrol"
    AUTHORITY = "authority"
    INSTRUCTION = "instruction"
    WAIT = "wait"
    AGAIN = "again"
    """Another round through the steps before it, while nobody was reached."""
    PUSH = "push"
    """Automatic: the station does it at the moment at which calling may begin (E2)."""


class StepState(StrEnum):
    """Where a step stands in the call plan that applies now (C4)."""

    DONE = "done"
    CURRENT = "current"
    NEXT = "next"
    AWAY = "away"
    """Temporarily unavailable: skipped visibly, never removed (C4)."""
    SKIPPED = "skipped"
    NOT_NOW = "not-now"
    """Its condition does not hold: shown, and not asked for."""
    AUTOMATIC = "automatic"
    """The station's own to do; nobody waits for it."""


class StaffRole(StrEnum):
    """Staff roles of rulebook H. One person may have several."""

    OPERATOR = "operator"
    SERVICE_DESK = "service-desk"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class ActorKind(StrEnum):
    """Who did it (I6)."""

    PANEL = "panel"
    OPERATOR = "operator"
    CUSTOMER = "customer"
    INSTALLER = "installer"
    STATION = "station"
    LOCAL = "local"
    """Somebody with a shell on the station's machine, through a subcommand."""

"""The records that cross the wire between station and console. All times are UTC and aware."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import ConfigDict, Field

from models.records.asking import Ask
from models.records.call_plan import CallPlan
from models.records.calls import CallOnLine
from models.records.kinds import ActorKind, AlarmClass, AlarmState, Disposition, EventRole, OutagePart, StaffRole
from models.records.offering import LeftTo, Uncovered
from models.records.record import Record
from models.records.scope import TestKind, TestScope
from models.records.storms import StormMark, StormView


class Actor(Record):
    """Who did something (I6): kind of actor, name, and the workstation or address it came from."""

    kind: ActorKind
    name: str
    from_: str = Field(default="", alias="from", serialization_alias="from")

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class SiteRef(Record):
    """Enough of a site to name it in a list."""

    id: str
    name: str
    street: str = ""
    postcode: str = ""
    town: str = ""


class FoundSite(SiteRef):
    """A site that was searched for, and why it was found where that is neither its name nor its number."""

    why: str = ""
    """``contact Y. Brasseur``; a private telephone number shows its last two digits alone."""


class Cancellation(Record):
    """``cancelled by`` as a fact beside an alarm's state (E5, G4)."""

    at: datetime
    by: str
    channel: str
    """From where: ``app``, ``phone, code word right``, ``panel``."""
    why: str = ""


class Returned(Record):
    """Why an alarm that was in hand is waiting again."""

    at: datetime
    why: str


class OutageView(Record):
    """How an outage stands: systems, counted once each (architecture.md §4)."""

    lost: int
    """Off line now."""
    back: int
    alone: int
    """Off line at sites without a second path that works: not monitored."""
    checked: int = 0
    """Of those alone: somebody checked the site since it fell silent."""
    began_at: datetime
    last_loss_at: datetime


class OutageMember(Record):
    """One system of an outage."""

    site: SiteRef
    account: str
    lost_at: datetime
    back_at: datetime | None = None
    second_path: bool = False
    checked_at: datetime | None = None
    """When somebody checked the site, which has no second path; None: nobody did since it fell silent."""
    checked_by: str = ""

    @property
    def part(self) -> OutagePart:
        """Which row of the outage counts it."""
        if self.back_at is not None:
            return OutagePart.BACK
        return OutagePart.SECOND_PATH if self.second_path else OutagePart.ALONE


class RunawayZone(Record):
    """A zone that tells alarms far too often, as ``shelve`` names it; a kind group of its own is one of its own."""

    account: str
    area: str
    """As the panel sends it; empty: it sends none."""
    zone: str
    label: str
    """``07 PIR dock``."""
    kind: TestKind | None
    """The group that would be put aside; None: its kind is in no group, and cannot be."""
    life_safety: bool = False
    """For a supervisor alone, who confirms it."""


class AlarmView(Record):
    """One open or just closed alarm as every workstation sees it (architecture.md §4)."""

    id: str
    version: int
    """Counts changes of handling (state, holder, cancel, priority), not joined signals: what an act must name (I11)."""
    site: SiteRef | None
    account: str
    alarm_class: AlarmClass
    kind: str
    words: str
    """Event on screen, for example ``Intrusion, 2 zones confirmed``."""
    place: str
    """Area and zones, for example ``Hall / 07 PIR dock · 09 Door dock 3``."""
    priority: int
    life_safety: bool
    silent: bool = False
    """Do not call the premises: police first (silent hold-up, duress)."""
    duress: bool = False
    """Somebody is under threat: a duress code is among its signals, or the duress word was given in a call of it."""
    state: AlarmState
    incident: str
    opened_at: datetime
    clock_from: datetime
    """Start of its response clock; never reset by a return, restarted by a rise of priority."""
    target_s: int
    """Response target in seconds, from the station's profile."""
    taken_at: datetime | None = None
    """The first take; ``taken_at - clock_from`` is the response time."""
    held_by: str | None = None
    holder: str | None = None
    """Login name of the holder; ``held_by`` is the name shown."""
    workstation: str | None = None
    held_since: datetime | None = None
    last_act_at: datetime | None = None
    idle_limit_s: int = 180
    idle_warned_at: datetime | None = None
    """Set while its holder has not acted for too long: it goes back to the queue soon (I4)."""
    doing: str = ""
    """What the holder does now, for the other workstations: ``Contact 2 of 4: calling``."""
    parked_until: datetime | None = None
    parked_by: str | None = None
    park_reason: str = ""
    longest_park_s: int = 24 * 3600
    """For how long it may be parked at most, from the station's profile (I4)."""
    signals: int = 1
    unseen: int = 0
    last_seq: int = 0
    seen_seq: int = 0
    last_signal_at: datetime
    last_signal_words: str = ""
    cancelled: Cancellation | None = None
    returned: Returned | None = None
    escalated: int = 0
    """:class:`Escalation`: whom it was brought before while it waited."""
    out_of_window: bool = False
    """A signal's own time was outside the station's window: its openings and restorals changed nothing."""
    pushed_at: datetime | None = None
    outage: OutageView | None = None
    """For an outage alone: its systems in figures."""
    storm: StormMark | None = None
    """A storm profile has it grouped, delayed or lowered."""
    own_priority: int = 0
    """What it is by itself while it is lowered; 0: it is not."""
    runaway: tuple[RunawayZone, ...] = ()
    """Zones that told far too often while it was open: offered to be put aside, hidden by nothing."""
    disposition: Disposition | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    close_reason: str = ""


class SignalLine(Record):
    """One line of ``What happened``: equal signals in a row are one line with a count."""

    seq: int
    """Journal sequence of the last signal in this line."""
    first_at: datetime
    at: datetime
    panel_time: datetime | None = None
    words: str
    place: str
    area: str | None = None
    zone: str | None = None
    zone_name: str = ""
    role: EventRole
    priority: int
    count: int = 1
    unseen: bool = False
    in_test: bool = False
    note: str = ""
    """For example ``raised to High``, ``new zone``, ``outside its time window``."""


class OpeningLine(Record):
    """One arming or disarming of the site."""

    at: datetime
    words: str
    """``Armed · Hall · 04 J. De Smet``."""


class PastAlarm(Record):
    """One earlier alarm of the same site."""

    id: str
    at: datetime
    words: str
    place: str = ""
    disposition: str = ""


class AreaState(Record):
    """State of one area; ``not transmitted`` where the system does not send it (B3)."""

    area: str
    name: str
    words: str
    in_test: bool = False


class SiteSheet(Record):
    """What the operator needs of a site while handling."""

    site: SiteRef
    access: str = ""
    instructions: str = ""
    note: str = ""
    """A temporary note; empty once it is past its time."""
    keys: str = ""
    """Which keys the station or its patrol holds."""
    accounts: tuple[str, ...] = ()
    areas: tuple[AreaState, ...] = ()
    line: str = ""
    has_code_words: bool = False
    has_duress_words: bool = False


class NoteLine(Record):
    """One note on an alarm."""

    at: datetime
    by: str
    text: str


class TestView(Record):
    """A test of a site: of what, since when, by whom and why (F3)."""

    __test__ = False

    id: int
    """The journal's number of the entry that began it."""
    version: int = 1
    site: SiteRef
    since: datetime
    by: str
    """Who set it."""
    asked_by: str
    """Who asked for it."""
    asked_how: str = ""
    """How they were known: ``code word``, ``ID code and PIN``; empty: the station's own wish."""
    channel: str
    why: str
    ticket: str = ""
    scope: TestScope = TestScope()
    scope_words: str = ""
    """As lists show it; empty for a whole site."""
    life_safety: bool = False
    """Kinds of life safety are in the scope of a part: marked everywhere."""
    ends_at: datetime | None = None
    past_end: bool = False
    """Its end has passed while zones are still in alarm: it goes on, and is brought up."""
    shelved: bool = False
    """A runaway zone that was put aside, not a test."""
    once: bool = False
    """Shelved until the zone has been quiet."""
    planned: int | None = None
    """The planned test that began it."""
    signals: int = 0
    last_signal_at: datetime | None = None
    last_signal: str = ""
    still_in_alarm: int = 0
    """Places that told an alarm in this test and no restoral since."""
    ended_at: datetime | None = None
    """None: it runs."""
    ended_by: str = ""

    @property
    def whole(self) -> bool:
        """Whether the whole site is in test."""
        return self.scope.whole


class AlarmInTest(Record):
    """Where an alarm of a site in test comes from: what of that is in test now, and what is not (F5)."""

    inside: tuple[str, ...] = ()
    """``Office``, or ``Office / 12 PIR corridor`` where a part of the area is not in test."""
    outside: tuple[str, ...] = ()
    """``Hall``; with the kind where none of that kind is in test: ``Office, fire``."""


class AlarmDetail(Record):
    """Everything the workspace shows of one alarm."""

    alarm: AlarmView
    sheet: SiteSheet | None = None
    tests: tuple[TestView, ...] = ()
    """The tests of its site that run, oldest first."""
    in_test: AlarmInTest | None = None
    """None: its site is not in test."""
    plan: CallPlan
    lines: tuple[SignalLine, ...] = ()
    openings: tuple[OpeningLine, ...] = ()
    previous: tuple[PastAlarm, ...] = ()
    notes: tuple[NoteLine, ...] = ()
    together: tuple[AlarmView, ...] = ()
    """The other open alarms of the same incident."""


class Entry(Record):
    """One journal entry as the feed and the activity list show it; never with secrets (I9)."""

    seq: int
    time: datetime
    kind: str
    actor: Actor
    site: str | None = None
    site_name: str = ""
    account: str | None = None
    alarm: str | None = None
    priority: int | None = None
    in_test: bool = False
    text: str = ""
    archive: str = ""
    """The archive that it is in; empty: it is in the live tables."""


class FeedItem(Record):
    """One event of the feed: what was journaled and how things stand after it."""

    entry: Entry
    alarm: AlarmView | None = None
    tests: tuple[TestView, ...] | None = None
    """All running tests of the entry's site, where the entry touches them; none: it left test."""
    asks: tuple[Ask, ...] | None = None
    """All that is asked and not answered, where the entry touches that."""
    targets: dict[int, int] | None = None
    """The first response target of each priority in seconds, where the entry set them."""
    storms: tuple[StormView, ...] | None = None
    """All storm profiles that are in force or planned, where the entry touches one."""


class Person(Record):
    """A signed-in member of staff."""

    login: str
    name: str
    roles: tuple[StaffRole, ...]


class Presence(Record):
    """Somebody at a workstation now."""

    person: Person
    workstation: str


class Session(Record):
    """The answer to signing in."""

    token: str
    person: Person
    workstation: str
    expires_at: datetime


class Beat(Record):
    """What the feed says every second besides the journal."""

    at: datetime
    last_signal_at: datetime | None = None
    seq: int
    refused: int = 0
    """Frames refused since start: noise, bad checks, unreadable."""
    refusing: str = ""
    """One line on what was refused in the last minutes; empty for nothing."""
    findings: tuple[str, ...] = ()
    """The auditor's open findings (I4): loud on every console."""
    calls: tuple[CallOnLine, ...] = ()
    """The calls that the telephone exchange makes for this station now."""
    next: str | None = None
    """What F1 takes at the workstation that is told; None: nothing is offered there."""
    left: tuple[LeftTo, ...] = ()
    """What F1 leaves to others there now."""
    uncovered: tuple[Uncovered, ...] = ()
    waiting: dict[int, tuple[int, datetime | None]] = Field(default_factory=dict)
    """Per priority: how many wait, and since when the oldest does. For screens without site data."""


class StationInfo(Record):
    """Who answers, for the sign-in screen. Holds no site data."""

    name: str
    version: str
    journal: str
    sqlite: str | None = None
    database: str
    demo: str | None = None
    """In the demo alone: the sentence with its sign-in, which says that it is one."""
    setup_open: bool = False
    """True while no administrator exists and the one-time token is waiting."""
    signed_in: int = 0
    exchange: bool = False
    """Whether it can have calls made by a telephone exchange."""


class Picture(Record):
    """How everything stands at one journal number; follow the feed from ``event_id`` (architecture.md §1)."""

    event_id: str
    """``<journal-id>:<sequence>``."""
    at: datetime
    station: StationInfo
    me: Person
    workstation: str
    alarms: tuple[AlarmView, ...]
    tests: tuple[TestView, ...]
    storms: tuple[StormView, ...] = ()
    """In force or planned."""
    activity: tuple[Entry, ...]
    """The newest entries, newest first."""
    present: tuple[Presence, ...] = ()
    asks: tuple[Ask, ...] = ()
    """What is asked and not answered yet, oldest first."""
    targets: dict[int, int]
    test_default_s: int = 4 * 3600
    """The end that is offered for a test."""
    test_marked_s: int = 8 * 3600
    test_old_s: int = 24 * 3600
    """From when on a test is marked, and old (F3)."""
    findings: tuple[str, ...] = ()


class ErrorCode(StrEnum):
    """Codes of refusals; the console turns each into the same class again."""

    INVALID = "invalid"
    NOT_SIGNED_IN = "not-signed-in"
    NOT_ALLOWED = "not-allowed"
    NOT_FOUND = "not-found"
    CHANGED = "changed"
    HELD_BY_OTHER = "held-by-other"
    NOT_HELD = "not-held"
    WRONG_STATE = "wrong-state"
    NOTHING_WAITING = "nothing-waiting"
    STEPS_MISSING = "steps-missing"
    SIGNALS_UNSEEN = "signals-unseen"
    TOO_MANY_TRIES = "too-many-tries"
    CONFIRM = "confirm"
    """Life safety would be in test: once more, and it is (H)."""
    STILL_IN_ALARM = "still-in-alarm"
    """Zones are still in alarm as their test ends: say what becomes of them."""
    WRONG_SECRET = "wrong-secret"
    LOCKED = "locked"
    """The workstation is locked: its password first."""
    BEHIND = "behind"
    """The station cannot write now (disk full, database gone)."""


class ErrorBody(Record):
    """The one shape of errors (I12): a code, a sentence for the operator, the field at fault."""

    code: ErrorCode
    sentence: str
    field: str | None = None
    changed: AlarmView | None = None
    """With ``changed`` and ``held-by-other``: how the alarm stands now."""
    retry_after_s: int | None = None

"""The journal as it is reviewed: what is asked for, pages of it, one entry opened, one alarm from start to end.

(B2, B5, G4, G6.)
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from models.records.kinds import Priority
from models.records.record import Record
from models.records.views import AlarmView, Entry


class JournalGroup(StrEnum):
    """Kinds of entry that are chosen together (picture 05)."""

    SIGNAL = "signal"
    ARMED = "armed"
    """Armings and disarmings."""
    ALARM = "alarm"
    TAKEN = "taken"
    """Who had it: taken, given back, parked, handed over."""
    CALL = "call"
    """Calls, steps, patrols, notes."""
    CLOSED = "closed"
    CANCELLED = "cancelled"
    TEST = "test"
    FILE = "file"
    """Site files: contacts, systems, procedures."""
    HOURS = "hours"
    ACCESS = "access"
    """Codes, code words, who was identified."""
    SIGN_IN = "sign-in"
    STATION = "station"
    """The station itself."""


class JournalFilter(Record):
    """Which entries are asked for; everything that is given must hold. What is empty asks for nothing (G6)."""

    site: str = Field(default="", max_length=40)
    """Number of the site, whole."""
    system: str = Field(default="", max_length=100)
    """Account of the system, whole."""
    area: str = Field(default="", max_length=40)
    """As the system sends it; ``01`` is ``1``."""
    operator: str = Field(default="", max_length=200)
    """Words of the name of a member of staff who did it."""
    customer: str = Field(default="", max_length=200)
    """Words of the name of a customer or installer who did it."""
    kinds: tuple[str, ...] = Field(default=(), max_length=40)
    """Kinds of entry by name; together with ``groups``: any of them."""
    groups: tuple[JournalGroup, ...] = Field(default=(), max_length=20)
    priorities: tuple[Priority, ...] = Field(default=(), max_length=5)
    from_: datetime | None = Field(default=None)
    """The first moment of the period."""
    to: datetime | None = None
    """The first moment after it."""
    alarm: str = Field(default="", max_length=40)
    in_test: bool = False
    """Only what came in test."""
    words: str = Field(default="", max_length=200)
    """Whole words, all of them, without case and accents."""


class ArchivedPart(Record):
    """A stretch of the journal that is in an archive, a sealed file, and not among the lines that are shown."""

    file: str
    months: str
    """``2025-09``."""
    first: int
    """Number of its first entry."""
    last: int


class JournalPage(Record):
    """Some entries in a row, newest first, and whether there are others beyond them."""

    entries: tuple[Entry, ...] = ()
    older: bool = False
    """There are older ones that fit: ask with ``before`` the last entry's number."""
    newer: bool = False
    """There are newer ones that fit: ask with ``after`` the first entry's number."""
    head: int = 0
    """The journal's last number when this was read: what comes after it is new."""
    count: int | None = None
    """How many fit, where that was asked for; :data:`MOST_COUNTED` stands for that many or more."""
    not_searched: int = 0
    """So many entries are not in the index yet and were not looked through: it is being made."""
    archived: tuple[ArchivedPart, ...] = ()
    """What is asked for reaches into these, oldest first, and they are not mounted: nobody knows what they hold."""
    since: datetime | None = None
    """Only entries from then on are shown: the caller may see their own shift alone (rulebook H)."""


MOST_COUNTED = 1000


class Arming(Record):
    """Who armed or disarmed, and which entry says so (B5)."""

    user: str
    """As the system tells it: ``04``."""
    name: str = ""
    """The text that came with it, where one did."""
    seq: int
    """The entry itself, or the separate confirmation line."""
    separate: bool = False
    """The system sent the user as a line of its own."""
    at: datetime | None = None


class Neighbours(Record):
    """Numbers of the entries before and after one, of the same alarm and of the same site."""

    alarm_before: int | None = None
    alarm_after: int | None = None
    site_before: int | None = None
    site_after: int | None = None


class JournalProof(Record):
    """What verifying some entries found (I5, G4): their hashes, contents and order."""

    first: int
    last: int
    broken: tuple[str, ...] = ()
    """A sentence for each break; empty: they are as they were written."""
    erased: int = 0
    """Contents that were erased by a signed act (I14)."""
    sealed_to: int = 0
    """The last entry under a signed checkpoint of this station; what lies above is sealed within seconds."""


class EntryDetail(Record):
    """An entry as it was written: never with a secret, for none was written (I9)."""

    entry: Entry
    panel_time: datetime | None = None
    """When the panel says that it happened; the entry's own time is the station's (I6)."""
    data: dict[str, Any] = Field(default_factory=dict)
    """By the entry's kind: ``before`` and ``after`` of a change, ``events`` of a signal, ``why``."""
    raw: str | None = None
    """The frame with its secrets masked, in escapes; for signals alone."""
    meanings: tuple[str, ...] = ()
    """What the codes of the ``events`` mean, one for each."""
    hash: str = ""
    """Of the entry, 64 hex digits (I5)."""
    prev: str = ""
    """Hash of the entry before."""
    arming: Arming | None = None
    """For a signal that arms or disarms (B5)."""
    alarm: AlarmView | None = None
    """The entry's alarm as it stands now."""
    neighbours: Neighbours = Neighbours()
    proof: JournalProof | None = None
    """Whether the entry is as it was written."""


class HandSpan(Record):
    """A stretch of an alarm's life: waiting, in somebody's hands, parked."""

    state: str
    """``waiting``, ``held`` or ``parked``."""
    by: str = ""
    from_: datetime
    to: datetime | None = None
    """None: it is so still."""


class AlarmTimeline(Record):
    """One alarm from its first signal to its end, with the response times (G6)."""

    alarm: AlarmView
    began_at: datetime
    """Its first signal."""
    lines: tuple[Entry, ...] = ()
    """Oldest first: signals, acts, calls, the end."""
    more: int = 0
    """So many lines in the middle are left out."""
    archived: tuple[ArchivedPart, ...] = ()
    """Archives of its time that are not mounted: lines of it are in them."""
    spans: tuple[HandSpan, ...] = ()
    """In order, without a gap."""
    calls: tuple[datetime, ...] = ()
    target_s: int = 0
    """From the station's profile: until the first act."""
    first_act_s: float | None = None
    """From the start of its clock to the first take; None: nobody took it."""
    first_call_s: float | None = None
    closed_s: float | None = None
    """From its first signal to its end; None: it is open."""
    handled_s: float | None = None
    """For how long it was in hand, all hands together."""
    together: tuple[AlarmView, ...] = ()
    """The other alarms of its incident, open or closed."""

    @property
    def over_s(self) -> float:
        """By how much the first act came after its target; 0 or less: in time."""
        return (self.first_act_s or 0.0) - self.target_s if self.first_act_s is not None else 0.0

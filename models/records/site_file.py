"""The site file: what the service desk keeps of a site, in parts that are read, changed and journaled whole.

A part is named by its key: ``details``, ``areas``, ``zones``, ``order``, ``system:<account>``, ``contact:<id>``. Each
has a version that grows with every change; an edit names the version it began from (I11).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from models.records.record import Record
from models.records.views import Actor, AreaState, SiteRef

Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f]*$", strip_whitespace=True)]
"""One line of text."""
Short = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f]*$", strip_whitespace=True)]
Words = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$", strip_whitespace=True)]
"""Text of several lines."""


class ContactRight(StrEnum):
    """What a contact may ask for; without any they are called for information only."""

    CANCEL = "cancel"
    TEST = "whole-site test"
    HOURS = "change hours"
    CONTACTS = "change contacts"


class Verified(StrEnum):
    """How somebody on the phone was known."""

    CODE_WORD = "code word"
    PIN = "ID code and PIN"
    DURESS = "duress word"
    """Looks like a success to anyone listening; they speak under threat."""
    NO = "not"


class SiteDetails(Record):
    """Part ``details``: what holds for the site as a whole."""

    name: Annotated[Line, Field(min_length=1)]
    street: Line = ""
    postcode: Annotated[Short, Field(max_length=20)] = ""
    town: Annotated[Line, Field(max_length=100)] = ""
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "BE"
    """ISO 3166, two letters: holidays and telephone numbers are read by it."""
    timezone: Short = "Europe/Brussels"
    """IANA name; hours are computed in it (I10)."""
    group: Annotated[Line, Field(max_length=100)] = ""
    """Customer group: procedures may be kept for all of its sites."""
    premises_number: Annotated[Short, Field(max_length=40)] = ""
    access: Words = ""
    instructions: Words = ""
    keys: Line = ""
    """Which keys the station or its patrol holds, and where: ``key box KB-0233``."""
    note: Words = ""
    """Pops up when the site or one of its alarms is opened, until ``note_until``."""
    note_until: AwareDatetime | None = None


class SystemFile(Record):
    """Part ``system:<account>``: a control panel and its communicator. Its key is no part of what is shown (I9)."""

    account: str
    label: Line = ""
    """``Main panel``."""
    model: Line = ""
    provider: Annotated[Line, Field(max_length=100)] = ""
    """Whose path it comes by."""
    interval_s: Annotated[int, Field(ge=0)] = 0
    """Supervision interval; 0: its silence says nothing."""
    margin_s: Annotated[int | None, Field(ge=0)] = None
    in_service_at: AwareDatetime | None = None
    """None: since before it was kept."""
    out_of_service_at: AwareDatetime | None = None
    """None: it is in service."""
    replaced_by: Annotated[str, Field(max_length=40)] = ""
    """The account that took its place (B6)."""
    encrypted: bool = False
    """Whether a key is kept; read only."""


class AreaFile(Record):
    """One of part ``areas``."""

    area: Annotated[Short, Field(min_length=1)]
    name: Annotated[Line, Field(max_length=100)] = ""


class ZoneFile(Record):
    """One of part ``zones``."""

    area: Short = ""
    zone: Annotated[Short, Field(min_length=1)]
    name: Annotated[Line, Field(max_length=100)] = ""
    kind: Annotated[Line, Field(max_length=40)] = ""


class PhoneNumber(Record):
    """One number of a person, as it is dialled."""

    label: Annotated[Short, Field(max_length=40)] = ""
    """``mobile``, ``work``, ``home``, ``premises``."""
    number: Annotated[Short, Field(min_length=1, max_length=40)]
    private: bool = False
    """Can be dialled and is shown to nobody: the journal has its last two digits."""


class AvailableSpan(Record):
    """When in the week somebody can be called, in the site's own time."""

    day: Annotated[int, Field(ge=0, le=6)]
    """Monday is 0."""
    from_minute: Annotated[int, Field(ge=0, lt=1440)]
    until_minute: Annotated[int, Field(gt=0, le=2880)]
    """Minutes from that day's midnight; over 1440 it ends on the next day."""


class ContactFile(Record):
    """Part ``contact:<id>``: a person on this site's call list.

    Name, languages and numbers are the person's, at every site.
    """

    id: str = ""
    """Empty for a new contact."""
    person: str = ""
    """The person's id; a new contact that names one is that person at another site."""
    name: Annotated[Line, Field(min_length=1)]
    languages: Annotated[Line, Field(max_length=60)] = ""
    numbers: Annotated[tuple[PhoneNumber, ...], Field(max_length=9)] = ()
    role: Annotated[Line, Field(max_length=100)] = ""
    rights: tuple[ContactRight, ...] = ()
    away_from: AwareDatetime | None = None
    away_until: AwareDatetime | None = None
    available: Annotated[tuple[AvailableSpan, ...], Field(max_length=28)] = ()
    """Empty: always."""
    substitute: str = ""
    """Contact id of who stands in while this one is away."""
    suspended: bool = False
    has_code_word: bool = False
    has_duress_word: bool = False
    id_code: str = ""
    """Read only: issued by an act of its own (A4)."""
    email: Annotated[Line, Field(max_length=200)] = ""
    """Read only: removed by an act of its own (A7)."""
    installer: bool = False
    """The person's: their ID code opens the installers' access and no customer's view (A9)."""
    also_at: tuple[SiteRef, ...] = ()
    """The other sites where this person is a contact; read only."""


class Part(Record):
    """How far a part came: what an edit must name, and who changed it last."""

    key: str
    version: int
    at: datetime | None = None
    by: str = ""


class SiteFile(Record):
    """Everything the service desk keeps of a site."""

    site: str
    details: SiteDetails
    systems: tuple[SystemFile, ...] = ()
    areas: tuple[AreaFile, ...] = ()
    zones: tuple[ZoneFile, ...] = ()
    contacts: tuple[ContactFile, ...] = ()
    """In call order (C1)."""
    parts: tuple[Part, ...] = ()
    states: tuple[AreaState, ...] = ()
    """What the areas transmitted last (B3)."""

    def version(self, key: str) -> int:
        """How often a part was changed; 0 for one that nobody touched since it came in."""
        return next((part.version for part in self.parts if part.key == key), 0)


class Identified(Record):
    """A caller who said who they are, and what came of it."""

    contact: str
    name: str
    how: Verified
    rights: tuple[ContactRight, ...] = ()
    entry: int | None = None
    """The journal's number of it: what they ask for within a quarter of an hour refers to it."""


class IssuedCode(Record):
    """An ID code and a new PIN, shown this once (A4)."""

    id_code: str
    pin: str


class ChangeLine(Record):
    """One change of a site file, for its journal tab."""

    seq: int
    at: datetime
    actor: Actor
    text: str


class DeskTask(Record):
    """Something for the service desk: own list, never mixed with alarms."""

    id: int
    """The journal sequence of the entry that opened it."""
    kind: str
    site: SiteRef | None = None
    text: str
    opened_at: datetime
    opened_by: str
    done_at: datetime | None = None
    done_by: str = ""
    done_why: str = ""

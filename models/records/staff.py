"""Staff as supervisors see them: who is at which workstation, and what each can do."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from models.records.kinds import AlarmClass
from models.records.record import Record
from models.records.views import Person


class StaffSkills(Record):
    """What somebody can be given. What is empty limits nothing: whoever has no skills set can handle everything."""

    languages: tuple[str, ...] = ()
    """As ``NL``; the languages of a site are those of whoever is called first there."""
    classes: tuple[AlarmClass, ...] = ()
    groups: tuple[str, ...] = ()
    """Customer groups, as site files name them."""
    trainee: bool = False
    """Is not given an Emergency while somebody else can take it."""
    version: int = Field(default=0, ge=0)
    """Counts changes; 0: none was set (I11)."""


class Seat(Record):
    """Somebody's session at a workstation."""

    workstation: str
    since: datetime
    """When they signed in."""
    last_beat: datetime
    """The workstation's last sign of life."""
    quiet: bool = False
    """No sign of life for longer than a lease: what it held is in the queue again (I3)."""
    used_at: datetime
    """The last key or button there, whatever was on its screen."""
    locked_at: datetime | None = None


class StaffMember(Record):
    """One member of staff who works with alarms or at the service desk."""

    person: Person
    seats: tuple[Seat, ...] = ()
    """Where they are signed in now; none: they are not."""
    skills: StaffSkills = StaffSkills()

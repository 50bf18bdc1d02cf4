"""What a report of the journal needs besides its lines: the site, the alarms of the period (G6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from console.station.rules.alarm import Alarm
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.store import alarms as alarm_store
from console.station.store import response
from console.station.store.journal_view import Told, first_act, timeline
from models.records import AlarmTimeline, ErrorCode, JournalFilter
from models.tables import AlarmRow, SiteRow

MOST_ALARMS = 500


@dataclass(frozen=True, slots=True)
class SitePlace:
    """A site as the head of a paper names it."""

    id: str
    name: str
    address: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class AlarmFact:
    """One alarm in a table: response in seconds, None where nobody took it."""

    alarm: Alarm
    first_act_s: float | None
    target_s: int

    @property
    def in_time(self) -> bool:
        """Whether the first act came within its target."""
        return self.first_act_s is not None and self.first_act_s <= self.target_s


@dataclass(frozen=True, slots=True)
class Facts:
    """A report's lines, oldest first, as :func:`console.station.store.export.entries_numbered` gives them."""

    asked: JournalFilter
    until: datetime
    lines: Sequence[dict[str, Any]]
    site: SitePlace | None = None
    alarms: Sequence[AlarmFact] = field(default=())
    """Of the site, opened in the period; or those the operator took first. Oldest first."""
    more_alarms: int = 0
    """So many more than :data:`MOST_ALARMS`."""
    missing: Sequence[str] = ()
    """Archives that are not mounted, and into which it reaches."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One alarm whole, and where it was."""

    timeline: AlarmTimeline
    site: SitePlace | None
    missing: Sequence[str] = ()
    """Archives that are not mounted, and that have lines of it."""


def place_of(connection: Connection, site: str) -> SitePlace | None:
    """A site by its number; None where there is none."""
    row = connection.execute(
        select(SiteRow.id, SiteRow.name, SiteRow.street, SiteRow.postcode, SiteRow.town, SiteRow.timezone).where(
            func.lower(SiteRow.id) == site.lower()
        )
    ).first()
    if row is None:
        return None
    address = f"{row.street}, {row.postcode} {row.town}".strip(", ")
    return SitePlace(row.id, row.name, address, ZoneInfo(row.timezone))


def incident(connection: Connection, alarm_id: str, profile: Profile, earlier: Told | None = None) -> Incident:
    """One alarm from its first signal to its end; ``earlier``: what mounted archives have of it."""
    alarm = alarm_store.by_id(connection, alarm_id)
    if alarm is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no alarm {alarm_id}.", "alarm")
    return Incident(
        timeline(connection, alarm, profile, earlier), None if alarm.site is None else place_of(connection, alarm.site)
    )


def of(
    connection: Connection, asked: JournalFilter, lines: Sequence[dict[str, Any]], profile: Profile, now: datetime
) -> Facts:
    """What a report of ``asked`` tells; ``lines`` are those that fit."""
    until = asked.to or now
    place = place_of(connection, asked.site) if asked.site else None
    if place is not None and asked.from_ is not None:
        opened = (
            select(AlarmRow.id)
            .where(AlarmRow.site == place.id, AlarmRow.opened_at >= asked.from_, AlarmRow.opened_at < until)
            .order_by(AlarmRow.opened_at, AlarmRow.id)
        )
        ids = list(connection.execute(opened).scalars())
    else:
        ids = list(dict.fromkeys(line["alarm"] for line in lines if line["kind"] == "taken" and line["alarm"]))
    found = alarm_store.by_ids(connection, ids[:MOST_ALARMS])
    profile = response.profile_of(connection, profile)
    facts = [
        AlarmFact(found[one], first_act(found[one]), profile.targets_s.get(found[one].priority, 0))
        for one in ids[:MOST_ALARMS]
        if one in found
    ]
    return Facts(asked, until, lines, place, facts, max(0, len(ids) - MOST_ALARMS))

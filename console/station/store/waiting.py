"""Waiting alarms by what they have in common, to be closed together (rulebook H)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from console.station.rules import storm as storm_rule
from console.station.rules import transitions
from console.station.rules.alarm import Alarm
from console.station.store import sites as site_store
from console.station.store import storms
from models.records import BulkLine, BulkSelection
from models.tables import OutageMemberRow

MOST = 2000


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything that is given must hold; what is empty asks for nothing."""

    kind: str = ""
    site: str = ""
    provider: str = ""
    outage: str = ""
    """An outage's alarm: supervision and technical alarms at the sites that it has."""
    storm: int | None = None

    def __bool__(self) -> bool:
        return bool(self.kind or self.site or self.provider or self.outage or self.storm is not None)


def selection(connection: Connection, choice: Choice) -> BulkSelection:
    """What fits, the most urgent first, each with why it cannot be closed so where it cannot."""
    alarms = [alarm for alarm in storms.waiting(connection) if _fits(alarm, choice)]
    if choice.outage:
        members = select(OutageMemberRow.site).where(OutageMemberRow.alarm == choice.outage)
        sites = set(connection.execute(members).scalars())
        alarms = [alarm for alarm in alarms if alarm.site in sites and alarm.alarm_class in storm_rule.CLASSES]
    if choice.provider:
        facts, wanted = storms.facts(connection, alarms), choice.provider.casefold()
        alarms = [one for one in alarms if {name.casefold() for name in facts[one.id].providers} == {wanted}]
    alarms.sort(key=lambda alarm: alarm.urgency)
    shown = alarms[:MOST]
    refs = site_store.refs(connection, (alarm.site for alarm in shown if alarm.site))
    lines = tuple(
        BulkLine(
            id=alarm.id,
            version=alarm.version,
            last_seq=alarm.last_seq,
            priority=alarm.priority,
            words=alarm.words,
            place=alarm.place,
            site=alarm.site,
            site_name=refs[alarm.site].name if alarm.site in refs else alarm.account,
            kind=alarm.kind,
            clock_from=alarm.clock_from,
            why_not=transitions.why_not_with_others(alarm),
        )
        for alarm in shown
    )
    return BulkSelection(lines=lines, count=len(alarms))


def _fits(alarm: Alarm, choice: Choice) -> bool:
    return (
        (not choice.kind or alarm.kind == choice.kind)
        and (not choice.site or alarm.site == choice.site)
        and (choice.storm is None or alarm.storm == choice.storm)
    )

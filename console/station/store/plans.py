"""The call plan of one alarm, computed from the tables (C4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from console.station.rules import call_plan, outage
from console.station.rules.alarm import Alarm
from console.station.rules.call_plan import PlanFacts, StepFacts
from console.station.store import alarms as alarm_store
from console.station.store import outages as outage_store
from console.station.store import sites as site_store
from models.records import AlarmClass, CallPlan, StepKind
from models.tables import SiteRow

# Until a site has an emergency number list of its own (later), the national one: the European 112.
_AUTHORITIES = {
    AlarmClass.LIFE_SAFETY: StepFacts(
        "authority:emergency", StepKind.AUTHORITY, "Emergency services", numbers=(("emergency", "112"),)
    ),
    AlarmClass.INTRUSION: StepFacts("authority:police", StepKind.AUTHORITY, "Police", numbers=(("emergency", "112"),)),
}
_POLICE_ALONE = frozenset({"hold-up", "panic", "duress"})


def steps_of(connection: Connection, alarm: Alarm) -> list[StepFacts]:
    """The steps for an alarm before anything was tried: the standard order of its site."""
    if alarm.site is None:
        return []
    premises = connection.execute(select(SiteRow.premises_number).where(SiteRow.id == alarm.site)).scalar_one_or_none()
    contacts = site_store.contacts(connection, alarm.site)
    return call_plan.standard_order(_facts(alarm), premises, contacts, authorities_of(alarm))


def authorities_of(alarm: Alarm) -> list[StepFacts]:
    """Whom to call of the authorities. Silent means police first; a fire or somebody ill keeps the rescue services."""
    usual = [_AUTHORITIES[alarm.alarm_class]] if alarm.alarm_class in _AUTHORITIES else []
    if not alarm.silent:
        return usual
    police = _AUTHORITIES[AlarmClass.INTRUSION]
    kinds = {alarm.kind, *(zone.kind for zone in alarm.zones)}
    rescue = alarm.alarm_class is AlarmClass.LIFE_SAFETY and kinds - _POLICE_ALONE
    return [police, *usual] if rescue else [police]


def plan_of(connection: Connection, alarm: Alarm, now: datetime) -> CallPlan:
    """The call list that applies now. An outage has none: it is watched, and gives sites rows of their own."""
    if alarm.kind == outage.KIND:
        return CallPlan(title="outage", missing=outage.missing(outage_store.count(connection, alarm.id)))
    return call_plan.compute(
        "standard order",
        steps_of(connection, alarm),
        alarm_store.attempts(connection, alarm.id),
        _facts(alarm),
        now,
    )


def _facts(alarm: Alarm) -> PlanFacts:
    cancelled = (
        alarm.cancelled_at is not None and alarm.cancel_channel != "panel" and alarm.cancelled_at >= alarm.clock_from
    )
    return PlanFacts(alarm.priority, alarm.alarm_class, alarm.silent, cancelled, alarm.clock_from)

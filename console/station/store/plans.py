"""The call plan of one alarm, computed from the tables (C4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import Connection, select

from console.station.rules import call_plan, outage, procedures
from console.station.rules.alarm import Alarm
from console.station.rules.availability import stand_ins
from console.station.rules.plan_facts import PlanFacts, StepFacts
from console.station.store import alarms as alarm_store
from console.station.store import faults, site_file
from console.station.store import outages as outage_store
from console.station.store import procedures as procedure_store
from models.records import AlarmClass, CallPlan, ContactFile, ContactRight, EmergencyNumber, OffList, Priority, StepKind
from models.tables import SiteRow

_log = structlog.get_logger("vigie.plans")
_POLICE_ALONE = frozenset({"hold-up", "panic", "duress"})
_RESCUE = StepFacts(
    "authority:emergency",
    StepKind.AUTHORITY,
    "Emergency services",
    numbers=(("emergency", procedures.NATIONAL),),
)
_BY_KIND = {"fire": "fire", "gas": "fire", "co": "fire", "medical": "ambulance"}


@dataclass(frozen=True, slots=True)
class Order:
    """The steps for an alarm before anything was tried, and where they come from."""

    steps: list[StepFacts]
    title: str = "standard order"
    procedure: str = ""
    version: int = 0
    why: str = ""
    otherwise: str = ""
    keys: str = ""


def order_of(connection: Connection, alarm: Alarm, now: datetime) -> Order:
    """The steps for an alarm: of the procedure that was in force as it began, else the standard order (C4)."""
    if alarm.site is None:
        return Order([])
    site = connection.execute(select(SiteRow).where(SiteRow.id == alarm.site)).first()
    people = contacts(connection, alarm.site, site.timezone if site is not None else "UTC")
    numbers = procedure_store.emergency(connection, alarm.site)
    usual, facts = authorities_of(alarm, numbers), _facts(connection, alarm)
    premises = site.premises_number if site is not None else None
    kept = procedure_store.in_force(
        connection, alarm.site, site.customer_group if site is not None else "", alarm.opened_at
    )
    places = [zone.key for zone in alarm.zones]
    chosen = procedures.choose(kept, alarm.kind, alarm.alarm_class, places)
    one = chosen.procedure
    if one is None:
        steps = call_plan.standard_order(facts, premises, people, usual)
    else:
        expanded = procedures.expand(one, people, premises, usual, numbers)
        steps = call_plan.silently(facts, call_plan.delayed(expanded, alarm.opened_at, one.after_s), usual)
    steps = stand_ins(steps, {step.contact or "": step for step in people}, now)
    steps += procedure_store.added_steps(connection, alarm.id)
    keys = site.keys_held if site is not None else ""
    if one is None:
        return Order(steps, why=chosen.why, keys=keys)
    return Order(steps, f"procedure “{one.name}”", one.id, one.version, chosen.why, one.otherwise, keys)


def contacts(connection: Connection, site: str, timezone: str) -> list[StepFacts]:
    """The contacts of a site in call order, their numbers in dial order (C4)."""
    return [_contact(contact, timezone) for contact in site_file.contacts(connection, site)]


def _contact(contact: ContactFile, timezone: str) -> StepFacts:
    return StepFacts(
        key=f"contact:{contact.id}",
        kind=StepKind.CONTACT,
        name=contact.name,
        role=contact.role,
        languages=contact.languages,
        contact=contact.id,
        numbers=tuple((number.label, number.number) for number in contact.numbers),
        private=frozenset(number.number for number in contact.numbers if number.private),
        away_from=contact.away_from,
        away_until=contact.away_until,
        has_code_word=contact.has_code_word,
        may_cancel=ContactRight.CANCEL in contact.rights,
        available=contact.available,
        timezone=timezone,
        substitute=contact.substitute,
        suspended=contact.suspended,
    )


def authorities_of(alarm: Alarm, numbers: tuple[EmergencyNumber, ...] = ()) -> list[StepFacts]:
    """Whom to call of the authorities. Silent means police first; a fire or somebody ill keeps the rescue services."""
    police = procedures.authority("police", numbers)
    if alarm.alarm_class is AlarmClass.INTRUSION:
        return [police]
    if alarm.alarm_class is not AlarmClass.LIFE_SAFETY:
        return [police] if alarm.silent else []
    service = _BY_KIND.get(alarm.kind)
    own = service is not None and any(one.service == service for one in numbers)
    rescue = procedures.authority(service, numbers) if own and service is not None else _RESCUE
    if not alarm.silent:
        return [rescue]
    kinds = {alarm.kind, *(zone.kind for zone in alarm.zones)}
    return [police, rescue] if kinds - _POLICE_ALONE else [police]


def off_list(connection: Connection, alarm: Alarm, now: datetime) -> tuple[OffList, ...]:
    """Who can be put on the call list: patrols that a procedure of the site, group or station names, and authorities.

    Empty for an alarm that is of no single site: nobody can be sent to it.
    """
    site = site_file.details(connection, alarm.site) if alarm.site is not None else None
    if site is None or alarm.site is None or alarm.kind == outage.KIND:
        return ()
    kept = procedure_store.in_force(connection, alarm.site, site.group, now)
    patrols = [step for one in kept for step in one.steps if step.kind is StepKind.PATROL]
    own = procedure_store.emergency(connection, alarm.site)
    authorities = [procedures.authority(service, own) for service in procedures.SERVICES]
    known = dict.fromkeys((StepKind.PATROL, step.name, step.number) for step in patrols)
    known |= dict.fromkeys((StepKind.AUTHORITY, one.name, one.numbers[0][1]) for one in authorities)
    plan = plan_of(connection, alarm, now)
    return tuple(OffList(kind=k, name=name, number=n, step=listed(plan, k, name, n)) for k, name, n in known)


def listed(plan: CallPlan, kind: StepKind, name: str, number: str) -> str:
    """The key of the step that calls the same; empty where there is none."""
    for step in plan.steps:
        if step.kind is kind and step.name == name and number in [one.number for one in step.numbers]:
            return step.key
    return ""


def plan_of(connection: Connection, alarm: Alarm, now: datetime) -> CallPlan:
    """The call list that applies now; where a mistake of ours keeps it from being computed, all numbers in order.

    Nobody loses an alarm to a plan: it can be opened, called from, noted, handed over, and ended by a supervisor.
    """
    try:
        return _computed(connection, alarm, now)
    except Exception as error:
        if faults.of_database(error):
            raise
        _log.error("call list not computed", alarm=alarm.id, exc_info=error)
    try:
        order = order_of(connection, alarm, now).steps
    except Exception as error:
        if faults.of_database(error):
            raise
        order = contacts(connection, alarm.site, "UTC") if alarm.site is not None else []
    return call_plan.unreckoned(order, alarm.silent)


def _computed(connection: Connection, alarm: Alarm, now: datetime) -> CallPlan:
    """An outage has none: it is watched, and gives sites rows of their own."""
    if alarm.kind == outage.KIND:
        return CallPlan(title="outage", missing=outage.missing(outage_store.count(connection, alarm.id)))
    order = order_of(connection, alarm, now)
    facts = replace(_facts(connection, alarm), otherwise=order.otherwise)
    attempts = alarm_store.attempts(connection, alarm.id)
    plan = call_plan.compute(order.title, order.steps, attempts, facts, now)
    return plan.model_copy(
        update={"procedure": order.procedure, "version": order.version, "why": order.why, "keys": order.keys}
    )


def _facts(connection: Connection, alarm: Alarm) -> PlanFacts:
    cancelled = (
        alarm.cancelled_at is not None and alarm.cancel_channel != "panel" and alarm.cancelled_at >= alarm.clock_from
    )
    # A panel that confirms by itself tells of one zone.
    confirmed = alarm.alarm_class is AlarmClass.INTRUSION and alarm.priority <= Priority.HIGH
    return PlanFacts(
        alarm.priority,
        alarm.alarm_class,
        alarm.silent,
        cancelled,
        alarm.clock_from,
        max(len(alarm.zones), 2 if confirmed else 1),
        procedure_store.verification(connection, alarm.id),
        procedure_store.patrols(connection, alarm.id),
    )

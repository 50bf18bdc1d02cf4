"""Procedures, emergency numbers, verifications and patrols in the tables. Versions are added, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, or_, select, update

from console.station.rules.plan_facts import StepFacts
from models.records import (
    EmergencyNumber,
    Level,
    PatrolMoment,
    PatrolRun,
    Procedure,
    ProcedureStep,
    StepKind,
    Verification,
)
from models.tables import AddedStepRow, EmergencyNumberRow, PatrolRow, ProcedureRow, VerificationRow

_STEPS = TypeAdapter(tuple[ProcedureStep, ...])


def in_force(connection: Connection, site: str, group: str, at: datetime) -> list[Procedure]:
    """What was in force at a moment for a site: its own, its customer group's and the station's."""
    whose = [ProcedureRow.level == Level.STATION.value, ProcedureRow.site == site]
    if group:
        whose.append(and_(ProcedureRow.level == Level.GROUP.value, ProcedureRow.target == group))
    return _load(
        connection, or_(*whose), ProcedureRow.at <= at, or_(ProcedureRow.until.is_(None), ProcedureRow.until > at)
    )


def of_level(connection: Connection, level: Level, target: str | None, site: str | None = None) -> list[Procedure]:
    """What is kept at a level now."""
    where = [ProcedureRow.level == level.value, ProcedureRow.until.is_(None)]
    if target is not None:
        where.append(ProcedureRow.target == target)
    if site is not None:
        where.append(ProcedureRow.site == site)
    return _load(connection, *where)


def of_site(connection: Connection, site: str) -> list[Procedure]:
    """The site's own, of its areas and zones as well, as they stand now."""
    return _load(connection, ProcedureRow.site == site, ProcedureRow.until.is_(None))


def of_sites(connection: Connection, sites: Sequence[str]) -> list[Procedure]:
    """The same of several sites."""
    return _load(connection, ProcedureRow.site.in_(sites), ProcedureRow.until.is_(None))


def current(connection: Connection, identifier: str) -> Procedure | None:
    """The version in force; None where there is none, or it was removed."""
    found = _load(connection, ProcedureRow.id == identifier, ProcedureRow.until.is_(None))
    return found[0] if found else None


def last_change(connection: Connection, identifier: str) -> tuple[datetime, str] | None:
    """When its last version came in, and by whom."""
    row = connection.execute(
        select(ProcedureRow.at, ProcedureRow.by)
        .where(ProcedureRow.id == identifier)
        .order_by(ProcedureRow.version.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.at, row.by)


def _load(connection: Connection, *where: ColumnElement[bool]) -> list[Procedure]:
    query = select(ProcedureRow).where(*where).order_by(ProcedureRow.name, ProcedureRow.id)
    return [_procedure(row) for row in connection.execute(query)]  # type: ignore[arg-type]


def _procedure(row: Row[tuple[ProcedureRow]]) -> Procedure:
    return Procedure(
        id=row.id,
        level=Level(row.level),
        site=row.site or "",
        target=row.target,
        applies_to=row.applies_to,
        name=row.name,
        after_s=row.after_s,
        otherwise=row.otherwise,
        steps=_STEPS.validate_json(row.steps),
        version=row.version,
        at=row.at,
        by=row.by,
    )


def matter(given: Procedure) -> str:
    """What makes two procedures one."""
    return "|".join((given.level.value, given.site, given.target, given.applies_to))


def same(connection: Connection, given: Procedure) -> Procedure | None:
    """The one in force that is for the same type of alarm at the same level."""
    found = _load(connection, ProcedureRow.matter == matter(given), ProcedureRow.until.is_(None))
    return found[0] if found else None


def write(connection: Connection, given: Procedure, now: datetime, by: str) -> Procedure:
    """Add a version: the one after the version that ``given`` names, which is 0 for a new procedure."""
    if given.version:
        end(connection, given.id, now)
    written = given.model_copy(update={"version": given.version + 1, "at": now, "by": by})
    connection.execute(
        insert(ProcedureRow).values(
            id=given.id,
            version=written.version,
            level=given.level.value,
            site=given.site or None,
            target=given.target,
            matter=matter(given),
            applies_to=given.applies_to,
            name=given.name,
            after_s=given.after_s,
            otherwise=given.otherwise,
            steps=_STEPS.dump_json(given.steps).decode(),
            at=now,
            until=None,
            by=by,
        )
    )
    return written


def end(connection: Connection, identifier: str, now: datetime) -> None:
    """No longer in force from now on; alarms that began before keep it."""
    connection.execute(
        update(ProcedureRow).where(ProcedureRow.id == identifier, ProcedureRow.until.is_(None)).values(until=now)
    )


# -- emergency numbers --------------------------------------------------------------------------


def emergency(connection: Connection, site: str) -> tuple[EmergencyNumber, ...]:
    """The site's own numbers of authorities, in their order."""
    return tuple(number for _site, number in emergency_of(connection, [site]))


def emergency_of(connection: Connection, sites: Sequence[str]) -> list[tuple[str, EmergencyNumber]]:
    """Those of several sites, each site's in their order."""
    query = select(EmergencyNumberRow).where(EmergencyNumberRow.site.in_(sites))
    rows = connection.execute(query.order_by(EmergencyNumberRow.site, EmergencyNumberRow.position))
    return [(row.site, EmergencyNumber(service=row.service, name=row.name, number=row.number)) for row in rows]


def write_emergency(connection: Connection, site: str, given: Sequence[EmergencyNumber]) -> None:
    """Part ``emergency``, whole."""
    connection.execute(delete(EmergencyNumberRow).where(EmergencyNumberRow.site == site))
    for nth, one in enumerate(given):
        connection.execute(insert(EmergencyNumberRow).values(site=site, position=nth, **one.model_dump()))


# -- verifications and patrols ------------------------------------------------------------------


def verification(connection: Connection, alarm: str) -> Verification | None:
    """The last that was recorded."""
    row = connection.execute(
        select(VerificationRow).where(VerificationRow.alarm == alarm).order_by(VerificationRow.id.desc()).limit(1)
    ).first()
    return None if row is None else Verification(at=row.at, how=row.how, by=row.by, recorded_by=row.recorded_by)


def add_verification(connection: Connection, alarm: str, seq: int, given: Verification) -> None:
    """Keep one beside its journal entry."""
    connection.execute(insert(VerificationRow).values(id=seq, alarm=alarm, **given.model_dump()))


def patrols(connection: Connection, alarm: str) -> tuple[PatrolRun, ...]:
    """The patrols that were sent, oldest first."""
    rows = connection.execute(select(PatrolRow).where(PatrolRow.alarm == alarm).order_by(PatrolRow.id))
    return tuple(
        PatrolRun(
            step=row.step,
            team=row.team,
            keys=row.keys_held,
            asked_at=row.asked_at,
            accepted_at=row.accepted_at,
            arrived_at=row.arrived_at,
            left_at=row.left_at,
            reported_at=row.reported_at,
            report=row.report,
            seen=bool(row.seen),
        )
        for row in rows
    )


def add_step(connection: Connection, alarm: str, seq: int, kind: StepKind, name: str, number: str, by: str) -> None:
    """Somebody was put on the call list of this alarm alone."""
    connection.execute(
        insert(AddedStepRow).values(id=seq, alarm=alarm, kind=kind.value, name=name, number=number, by=by)
    )


def added_steps(connection: Connection, alarm: str) -> list[StepFacts]:
    """Who was put on the call list of an alarm, in that order."""
    return [
        StepFacts(
            f"{row.kind}:added:{row.id}",
            StepKind(row.kind),
            row.name,
            role=f"added by {row.by}",
            numbers=(("team" if row.kind == StepKind.PATROL.value else "emergency", row.number),),
        )
        for row in connection.execute(select(AddedStepRow).where(AddedStepRow.alarm == alarm).order_by(AddedStepRow.id))
    ]


def ask_patrol(connection: Connection, alarm: str, seq: int, run: PatrolRun) -> None:
    """A patrol is sent."""
    connection.execute(
        insert(PatrolRow).values(
            id=seq, alarm=alarm, step=run.step, team=run.team, keys_held=run.keys, asked_at=run.asked_at, report="",
            seen=0,
        )
    )  # fmt: skip


def patrol_moment(
    connection: Connection, alarm: str, step: str, moment: PatrolMoment, at: datetime, report: str, seen: bool
) -> None:
    """One of its times; with its report what it saw."""
    values: dict[str, object] = {f"{'reported' if moment is PatrolMoment.REPORT else moment.value}_at": at}
    if moment is PatrolMoment.REPORT:
        values |= {"report": report, "seen": int(seen)}
    connection.execute(
        update(PatrolRow)
        .where(PatrolRow.alarm == alarm, PatrolRow.step == step, PatrolRow.reported_at.is_(None))
        .values(values)
    )

"""The facts of a period's alarms, one row each, from the journal and the alarm tables on one snapshot (G6).

The journal says when an alarm came and who acted on it first; the tables, how it ended. What came in test opens no
alarm that counts here (F4). Bounded: so many alarms and no more are read.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CTE, ColumnElement, Connection, Function, func, literal, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from console.station.rules.response import CLOCKS, FIRST_ACTS, AlarmFacts
from models.records import ActorKind, Disposition, EventRole, SourceFigures
from models.tables import AlarmRow, AlarmSignalRow, Journal, JournalPayload, SiteRow
from models.tables.base import from_micros, to_micros

MOST_ALARMS = 100_000
_MOST_SOURCES = 50
_END = 2**62


def count(connection: Connection, from_: datetime, to: datetime, group: str = "") -> int:
    """How many alarms came in the period, at the sites of a customer group or at all."""
    came = select(func.count()).select_from(Journal).where(*_came(from_, to, group))
    return int(connection.execute(came).scalar_one())


def _came(from_: datetime, to: datetime, group: str) -> tuple[ColumnElement[bool], ...]:
    of_group = (Journal.site.in_(select(SiteRow.id).where(SiteRow.customer_group == group)),) if group else ()
    return (
        *of_group,
        Journal.time >= to_micros(from_),
        Journal.time < to_micros(to),
        Journal.kind == "alarm-opened",
        Journal.in_test == 0,
        Journal.alarm.is_not(None),
    )


def _opened(from_: datetime, to: datetime, group: str) -> CTE:
    came = select(Journal.alarm, Journal.seq, Journal.time).where(*_came(from_, to, group))
    return came.limit(MOST_ALARMS).cte("opened")


def alarms(connection: Connection, from_: datetime, to: datetime, group: str = "") -> list[AlarmFacts]:
    """The alarms that came from ``from_`` on and before ``to``, at most :data:`MOST_ALARMS`."""
    opened = _opened(from_, to, group)
    act, clock, acted, payload = (aliased(Journal), aliased(Journal), aliased(Journal), aliased(JournalPayload))
    first = (
        select(func.min(act.seq))
        .where(
            act.alarm == opened.c.alarm,
            act.actor_kind == ActorKind.OPERATOR.value,
            act.kind.in_(FIRST_ACTS),
        )
        .scalar_subquery()
    )
    answered = select(opened, first.label("acted")).cte("answered")
    began = (
        select(func.max(act.seq))
        .where(
            act.alarm == answered.c.alarm,
            act.kind.in_(CLOCKS),
            act.seq < func.coalesce(answered.c.acted, literal(_END)),
        )
        .scalar_subquery()
    )
    clocked = select(answered, began.label("began")).cte("clocked")
    rows = connection.execute(
        select(
            clocked.c.alarm,
            clocked.c.time,
            clock.time.label("clock_time"),
            func.coalesce(clock.priority, AlarmRow.priority).label("priority"),
            AlarmRow.site,
            SiteRow.name.label("site_name"),
            SiteRow.customer_group,
            AlarmRow.words,
            acted.time.label("acted_time"),
            payload.actor_name,
            AlarmRow.closed_at,
            AlarmRow.closed_by,
            AlarmRow.disposition,
        )
        .select_from(clocked)
        .join(AlarmRow, AlarmRow.id == clocked.c.alarm)
        .join(clock, clock.seq == func.coalesce(clocked.c.began, clocked.c.seq))
        .join(SiteRow, SiteRow.id == AlarmRow.site, isouter=True)
        .join(acted, acted.seq == clocked.c.acted, isouter=True)
        .join(payload, payload.seq == clocked.c.acted, isouter=True)
        .order_by(clocked.c.seq)
    )
    return [
        AlarmFacts(
            id=row.alarm,
            priority=row.priority,
            opened_at=from_micros(row.time),
            clock_from=from_micros(row.clock_time),
            site=row.site,
            site_name=row.site_name or "",
            group=row.customer_group or "",
            words=row.words,
            acted_at=None if row.acted_time is None else from_micros(row.acted_time),
            acted_by=row.actor_name or "",
            closed_at=row.closed_at,
            closed_by=row.closed_by or "",
            disposition=None if row.disposition is None else Disposition(row.disposition),
        )
        for row in rows
    ]


def _plain(number: InstrumentedAttribute[str | None]) -> Function[str]:
    """:func:`plain_number`, by the database; written out, as PostgreSQL groups by no expression with parameters."""
    text = func.upper(func.coalesce(number, literal_column("''")))
    return func.ltrim(text, literal_column("'0'"))


def sources(connection: Connection, from_: datetime, to: datetime, group: str = "") -> tuple[SourceFigures, ...]:
    """The zones that those alarms came from, the most frequent first."""
    opened = _opened(from_, to, group)
    signals, several = func.count().label("signals"), func.count(AlarmSignalRow.alarm.distinct()).label("alarms")
    area, zone = _plain(AlarmSignalRow.area).label("area"), _plain(AlarmSignalRow.zone).label("zone")
    place = (AlarmRow.site, area, zone)
    rows = connection.execute(
        select(
            *place,
            func.max(SiteRow.name).label("site_name"),
            func.max(AlarmSignalRow.zone_name).label("zone_name"),
            func.max(AlarmSignalRow.place).label("place"),
            signals,
            several,
        )
        .select_from(opened)
        .join(AlarmRow, AlarmRow.id == opened.c.alarm)
        .join(AlarmSignalRow, AlarmSignalRow.alarm == opened.c.alarm)
        .join(SiteRow, SiteRow.id == AlarmRow.site, isouter=True)
        .where(
            AlarmSignalRow.role == EventRole.ALARM.value,
            AlarmSignalRow.in_test == 0,
            AlarmSignalRow.at < to,
        )
        .group_by(*place)
        .order_by(signals.desc(), *place)
        .limit(_MOST_SOURCES)
    )
    return tuple(
        SourceFigures(
            site=row.site,
            site_name=row.site_name or "",
            area=row.area,
            zone=row.zone,
            zone_name=row.zone_name or row.place or "",
            signals=row.signals,
            alarms=row.alarms,
        )
        for row in rows
    )

"""Planned tests in the tables, and as screens show them (F2, F4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select, update

from console.station.rules import planned as rule
from console.station.rules.scope import short_words
from console.station.store import hours, testmode
from console.station.store import sites as site_store
from models.records import PlannedState, PlannedTest, PlannedWhen
from models.tables import PlannedTestRow, SiteRow, SiteTestRow

SHOWN_OVER = timedelta(days=30)
"""What is expired is shown for so long."""


def when_of(row: Row[Any]) -> PlannedWhen:
    """When a planned test runs."""
    return PlannedWhen.model_validate_json(row.runs)


def row_of(connection: Connection, planned: int) -> Row[Any] | None:
    """A planned test by its number, an expired one as well."""
    return connection.execute(select(PlannedTestRow).where(PlannedTestRow.id == planned)).first()


def any_due(connection: Connection, now: datetime) -> bool:
    """Whether one is to begin, or should have begun. One step of an index."""
    due = select(PlannedTestRow.id).where(PlannedTestRow.next_at <= now).limit(1)
    return connection.execute(due).first() is not None


def due(connection: Connection, now: datetime, most: int) -> list[Row[Any]]:
    """Those that are to begin, or should have begun, the longest due first; at most ``most``."""
    return list(
        connection.execute(
            select(PlannedTestRow)
            .where(PlannedTestRow.next_at <= now)
            .order_by(PlannedTestRow.next_at, PlannedTestRow.id)
            .limit(most)
        )
    )


def look_anew(connection: Connection, site: str, now: datetime) -> None:
    """The time zone of ``site`` changed: its planned tests go by the new clock from now on (I10)."""
    zone = hours.zone_of(connection, site)
    table = PlannedTestRow
    for row in connection.execute(select(table).where(table.site == site, table.next_at > now)).all():
        following = rule.following(when_of(row), zone, now)
        values = {"next_at": None, "over_at": now} if following is None else {"next_at": following.start}
        connection.execute(update(table).where(table.id == row.id).values(values))


def listed(connection: Connection, now: datetime, *, expired: bool) -> list[PlannedTest]:
    """What runs now and what is planned, the next first; with ``expired`` what expired in the last 30 days as well."""
    table = PlannedTestRow
    running = select(SiteTestRow.planned).where(SiteTestRow.ended_at.is_(None), SiteTestRow.planned.is_not(None))
    wanted: list[ColumnElement[bool]] = [table.next_at.is_not(None), table.id.in_(running)]
    if expired:
        wanted.append(table.over_at >= now - SHOWN_OVER)
    found = views(connection, connection.execute(select(table).where(or_(*wanted))).all())
    order = (PlannedState.CURRENT, PlannedState.PLANNED, PlannedState.EXPIRED)
    return sorted(found, key=lambda one: (order.index(one.state), one.next_at or one.over_at or now, one.id))


def view(connection: Connection, planned: int) -> PlannedTest:
    """A planned test by its number; there must be one."""
    row = row_of(connection, planned)
    assert row is not None
    return views(connection, [row])[0]


def views(connection: Connection, rows: Iterable[Row[Any]]) -> list[PlannedTest]:
    """Planned tests as screens show them."""
    rows = list(rows)
    sites = {row.site for row in rows}
    refs, zones = site_store.refs(connection, sites), testmode.known_zones(connection, sites)
    clocks = dict(connection.execute(select(SiteRow.id, SiteRow.timezone).where(SiteRow.id.in_(sites))).all())
    running = dict(
        connection.execute(
            select(SiteTestRow.planned, SiteTestRow.id).where(
                SiteTestRow.ended_at.is_(None), SiteTestRow.planned.in_([row.id for row in rows])
            )
        ).all()
    )
    found = []
    for row in rows:
        scope, when = testmode.scope_of(row.scope), when_of(row)
        state = PlannedState.PLANNED if row.next_at is not None else PlannedState.EXPIRED
        found.append(
            PlannedTest(
                id=row.id,
                version=row.version,
                site=refs[row.site],
                when=when,
                timezone=clocks[row.site],
                scope=scope,
                scope_words=short_words(scope, zones[row.site]),
                life_safety=bool(scope.life_safety),
                words=rule.words(when),
                next_at=row.next_at,
                state=PlannedState.CURRENT if row.id in running else state,
                test=running.get(row.id),
                why=row.why,
                ticket=row.ticket,
                by=row.by,
                asked_by=row.asked_by,
                asked_how=row.asked_how,
                channel=row.channel,
                planned_at=row.at,
                over_at=row.over_at,
                over_by=row.over_by,
            )
        )
    return found

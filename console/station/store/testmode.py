"""Tests of sites: those that run, and what came in each (F1–F5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from console.station.rules.scope import KnownZone, RunningTest
from models.records import TestScope, plain_number
from models.tables import AreaRow, SiteTestRow, TestPlaceRow, ZoneRow

_WHOLE = TestScope()
_MOST_OVER = 500


def stored_scope(scope: TestScope) -> str:
    """A scope as it is kept; empty for a whole site."""
    return "" if scope.whole else scope.model_dump_json()


def scope_of(stored: str) -> TestScope:
    """The scope that was kept."""
    return TestScope.model_validate_json(stored) if stored else _WHOLE


def _running(sites: Iterable[str] | None) -> Select[Any]:
    query = select(SiteTestRow).where(SiteTestRow.ended_at.is_(None)).order_by(SiteTestRow.since, SiteTestRow.id)
    return query if sites is None else query.where(SiteTestRow.site.in_(list(sites)))


def running(connection: Connection, sites: Iterable[str] | None = None) -> dict[str, tuple[RunningTest, ...]]:
    """By site the tests that run there, oldest first, as the rules know them; sites without one are left out."""
    found: dict[str, tuple[RunningTest, ...]] = {}
    for row in connection.execute(_running(sites)):
        until = None if row.past_end else row.ends_at
        test = RunningTest(row.id, row.scoped_at, scope_of(row.scope), until)
        found[row.site] = (*found.get(row.site, ()), test)
    return found


def row_of(connection: Connection, test: int) -> Row[Any] | None:
    """A test by its number, one that is over as well."""
    return connection.execute(select(SiteTestRow).where(SiteTestRow.id == test)).first()


def known_zones(connection: Connection, sites: Iterable[str]) -> dict[str, list[KnownZone]]:
    """By site its zones with their names, by area and number."""
    wanted = list(sites)
    names = {
        (row.site, plain_number(row.area)): row.name
        for row in connection.execute(select(AreaRow.site, AreaRow.area, AreaRow.name).where(AreaRow.site.in_(wanted)))
    }
    found: dict[str, list[KnownZone]] = {site: [] for site in wanted}
    for row in connection.execute(select(ZoneRow).where(ZoneRow.site.in_(wanted))):
        area, zone = plain_number(row.area), plain_number(row.zone)
        name = f"{row.zone} {row.name}".strip()
        found[row.site].append(KnownZone(area, zone, names.get((row.site, area)) or f"Area {row.area}", name))
    for zones in found.values():
        zones.sort(key=lambda one: (_by_number(one.area), _by_number(one.zone)))
    return found


def _by_number(number: str) -> tuple[int, str]:
    return (int(number) if number.isdecimal() else 1_000_000, number)


def places(connection: Connection, test: int) -> list[Row[Any]]:
    """What came in a test, place by place, the first that came first."""
    return list(
        connection.execute(
            select(TestPlaceRow).where(TestPlaceRow.test == test).order_by(TestPlaceRow.first_at, TestPlaceRow.zone)
        )
    )


def still_in_alarm(connection: Connection, test: int) -> list[Row[Any]]:
    """Places that told an alarm in this test and no restoral since, and did not leave it."""
    return [row for row in places(connection, test) if in_alarm(row)]


def in_alarm(place: Row[Any]) -> bool:
    """Whether a place told an alarm in its test and no restoral since, and did not leave it."""
    return bool(place.alarms) and place.restored_at is None and place.let_go_at is None


def running_rows(connection: Connection, sites: Iterable[str] | None = None) -> list[Row[Any]]:
    """The rows of the tests that run, oldest first."""
    return list(connection.execute(_running(sites)))


def over_rows(connection: Connection, since: datetime) -> list[Row[Any]]:
    """The rows of the tests that ended ``since`` then, the last that ended first; at most 500."""
    over = select(SiteTestRow).where(SiteTestRow.ended_at >= since)
    return list(connection.execute(over.order_by(SiteTestRow.ended_at.desc(), SiteTestRow.id.desc()).limit(_MOST_OVER)))

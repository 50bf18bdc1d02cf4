"""Tests of sites as screens show them (F3, F4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from console.station.rules.scope import KnownZone, short_words, silenced, words
from console.station.store import sites as site_store
from console.station.store import testmode
from models.records import ScopePreview, SiteRef, TestDetail, TestKind, TestPlace, TestScope, TestView, plain_number
from models.tables import TestPlaceRow


def views(connection: Connection, sites: Iterable[str] | None = None) -> list[TestView]:
    """The tests that run, oldest first (F3); of ``sites`` alone where given."""
    return _views(connection, testmode.running_rows(connection, sites))


def view(connection: Connection, row: Row[Any]) -> TestView:
    """One test, one that is over as well."""
    return _views(connection, [row])[0]


def over(connection: Connection, since: datetime) -> list[TestView]:
    """The tests that ended ``since`` then, the last that ended first."""
    return _views(connection, testmode.over_rows(connection, since))


def _views(connection: Connection, rows: Sequence[Row[Any]]) -> list[TestView]:
    refs = site_store.refs(connection, {row.site for row in rows})
    zones = testmode.known_zones(connection, {row.site for row in rows if not row.whole})
    still = dict(
        connection.execute(
            select(TestPlaceRow.test, func.count())
            .where(
                TestPlaceRow.test.in_([row.id for row in rows]),
                TestPlaceRow.alarms > 0,
                TestPlaceRow.restored_at.is_(None),
                TestPlaceRow.let_go_at.is_(None),
            )
            .group_by(TestPlaceRow.test)
        ).all()
    )
    return [_view(row, refs[row.site], zones.get(row.site, []), still.get(row.id, 0)) for row in rows]


def _view(row: Row[Any], site: SiteRef, zones: Sequence[KnownZone], still: int) -> TestView:
    scope = testmode.scope_of(row.scope)
    return TestView(
        id=row.id,
        version=row.version,
        site=site,
        since=row.since,
        by=row.by,
        asked_by=row.asked_by,
        asked_how=row.asked_how,
        channel=row.channel,
        why=row.why,
        ticket=row.ticket,
        scope=scope,
        scope_words=short_words(scope, zones),
        life_safety=bool(scope.life_safety),
        ends_at=row.ends_at,
        past_end=bool(row.past_end),
        shelved=bool(row.shelved),
        once=bool(row.once),
        planned=row.planned,
        signals=row.signals,
        last_signal_at=row.last_signal_at,
        last_signal=row.last_signal,
        still_in_alarm=still,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


def of(connection: Connection, test: int) -> TestDetail:
    """A test by its number; there must be one."""
    row = testmode.row_of(connection, test)
    assert row is not None
    return detail(connection, row)


def preview(connection: Connection, site: str, scope: TestScope) -> ScopePreview:
    """What a scope would silence at a site, and what stays live (F2)."""
    zones = testmode.known_zones(connection, [site])[site]
    inside, outside = silenced(scope, zones)
    kinds = tuple(TestKind) if scope.whole else scope.kinds
    return ScopePreview(
        words=words(scope, zones),
        short=short_words(scope, zones),
        silenced=tuple(f"{zone.area_name} / {zone.name}" for zone in inside),
        live=tuple(f"{zone.area_name} / {zone.name}" for zone in outside),
        kinds_silenced=kinds,
        kinds_live=tuple(kind for kind in TestKind if kind not in kinds),
        life_safety=scope.life_safety,
    )


def detail(connection: Connection, row: Row[Any]) -> TestDetail:
    """A test with the check-list of its zones: those of its scope, seen or not, then what else came in it (F4)."""
    zones = testmode.known_zones(connection, [row.site])[row.site]
    expected, _ = silenced(testmode.scope_of(row.scope), zones)
    came = testmode.places(connection, row.id)
    of_zone: dict[tuple[str, str], list[Row[Any]]] = {}
    others = []
    known = {(zone.area, zone.zone) for zone in expected}
    for place in came:
        at = _zone_of(place, known)
        if at is None:
            others.append(place)
        else:
            of_zone.setdefault(at, []).append(place)
    listed = [_listed(zone, of_zone.get((zone.area, zone.zone), [])) for zone in expected]
    return TestDetail(
        test=view(connection, row),
        places=(*listed, *(_came(place) for place in others)),
        seen=sum(1 for place in listed if place.seen),
        expected=len(listed),
    )


def _zone_of(place: Row[Any], known: set[tuple[str, str]]) -> tuple[str, str] | None:
    """The zone of the site file that a place means; without an area the only one of that number."""
    area, zone = plain_number(place.area), plain_number(place.zone)
    if (area, zone) in known:
        return (area, zone)
    named = [one for one in known if one[1] == zone] if zone else []
    return named[0] if len(named) == 1 else None


def _listed(zone: KnownZone, came: Sequence[Row[Any]]) -> TestPlace:
    if not came:
        return TestPlace(area=zone.area, zone=zone.zone, name=f"{zone.area_name} / {zone.name}")
    last = max(came, key=lambda row: row.last_at)
    return TestPlace(
        account=last.account,
        area=zone.area,
        zone=zone.zone,
        name=f"{zone.area_name} / {zone.name}",
        kind=last.kind,
        words=last.words,
        signals=sum(row.signals for row in came),
        first_at=min(row.first_at for row in came),
        last_at=last.last_at,
        restored_at=last.restored_at,
        # A restoral or a trouble shows that something is there, not that the detector alarms.
        seen=any(row.alarms for row in came),
        in_alarm=any(testmode.in_alarm(row) for row in came),
        alarm_since=min((row.alarm_since for row in came if testmode.in_alarm(row)), default=None),
    )


def _came(place: Row[Any]) -> TestPlace:
    return TestPlace(
        account=place.account,
        area=place.area,
        zone=place.zone,
        name=place.place or f"System {place.account}",
        kind=place.kind,
        words=place.words,
        signals=place.signals,
        first_at=place.first_at,
        last_at=place.last_at,
        restored_at=place.restored_at,
        seen=True,
        in_alarm=testmode.in_alarm(place),
        alarm_since=place.alarm_since if testmode.in_alarm(place) else None,
    )

"""Sites, systems and contacts, read for the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from console.station.rules.numbers import masked
from console.station.rules.overrides import read_overrides
from console.station.rules.places import SiteFacts
from console.station.rules.scope import touches
from console.station.store import hours as hour_store
from console.station.store import testmode
from models.records import AreaState, SiteRef, plain_number
from models.tables import AreaRow, ContactRow, PersonNumberRow, PersonRow, SiteRow, SystemRow, ZoneRow


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """A system as the receiver must know it. ``sealed_key`` is opened only in memory (I9)."""

    account: str
    site: str
    sealed_key: str | None
    clear_allowed: bool
    check_clear_time: bool
    window_before_s: int | None
    window_after_s: int | None
    interval_s: int | None = None
    """Supervision interval; None: not supervised."""
    margin_s: int | None = None
    provider: str = ""
    link_lost_at: datetime | None = None
    lenient_length: bool = False
    lone_ack: bool = False
    """Its panel waits for the byte 06 in place of an ACK frame."""
    overrides: Mapping[str, str] = field(default_factory=dict)
    """What this vendor means by its codes: code, with a Contact ID qualifier before it or not, to kind."""
    in_service: bool = True
    """Out of service its silence says nothing; what it sends is heard all the same."""


def system(row: SystemRow) -> SystemFacts:
    """A system from its columns."""
    return SystemFacts(
        row.account,
        row.site,
        row.sealed_key,
        bool(row.clear_allowed),
        bool(row.check_clear_time),
        row.window_before_s,
        row.window_after_s,
        row.interval_s,
        row.margin_s,
        row.provider,
        row.link_lost_at,
        bool(row.lenient_length),
        bool(row.lone_ack),
        read_overrides(row.overrides),
        row.out_of_service_at is None,
    )


def systems(connection: Connection, accounts: Iterable[str] | None = None) -> dict[str, SystemFacts]:
    """Systems by account (upper case); all of them without ``accounts``."""
    query = select(SystemRow)
    if accounts is not None:
        query = query.where(SystemRow.account.in_(list(accounts)))
    return {row.account: system(row) for row in connection.execute(query)}  # type: ignore[arg-type]


def facts(connection: Connection, sites: Sequence[str]) -> dict[str, SiteFacts]:
    """What routing must know of ``sites``."""
    areas: dict[str, dict[str, str]] = {site: {} for site in sites}
    zones: dict[str, dict[tuple[str, str], str]] = {site: {} for site in sites}
    for area in connection.execute(select(AreaRow).where(AreaRow.site.in_(sites))):
        areas[area.site][plain_number(area.area)] = area.name
    for zone in connection.execute(select(ZoneRow).where(ZoneRow.site.in_(sites))):
        zones[zone.site][plain_number(zone.area), plain_number(zone.zone)] = zone.name
    hours = hour_store.of_sites(connection, sites)
    tests = testmode.running(connection, sites)
    return {site: SiteFacts(site, tests.get(site, ()), areas[site], zones[site], hours.get(site, {})) for site in sites}


def area_rows(connection: Connection, sites: Sequence[str]) -> dict[str, dict[str, str]]:
    """By site: plain number of an area to the number in its row."""
    found: dict[str, dict[str, str]] = {site: {} for site in sites}
    for row in connection.execute(select(AreaRow.site, AreaRow.area).where(AreaRow.site.in_(sites))):
        found[row.site][plain_number(row.area)] = row.area
    return found


def area_states(connection: Connection, site: str) -> tuple[AreaState, ...]:
    """The areas of a site as they were transmitted last (B3), and whether anything of them is in test."""
    scopes = [test.scope for test in testmode.running(connection, [site]).get(site, ())]
    rows = connection.execute(select(AreaRow).where(AreaRow.site == site).order_by(AreaRow.area))
    return tuple(
        AreaState(
            area=row.area,
            name=row.name or f"Area {row.area}",
            words=_state(row),
            in_test=any(touches(scope, plain_number(row.area)) for scope in scopes),
        )
        for row in rows
    )


def _state(area: Row[Any]) -> str:
    """B3: armed or disarmed only where the system transmits it; never a guess."""
    if area.state is None:
        return "not transmitted"
    by = f" by {area.state_by}" if area.state_by else ""
    return f"{area.state.capitalize()}{by}"


def refs(connection: Connection, sites: Iterable[str]) -> dict[str, SiteRef]:
    """Names and addresses of sites."""
    wanted = list(set(sites))
    if not wanted:
        return {}
    return {row.id: ref(row) for row in connection.execute(select(SiteRow).where(SiteRow.id.in_(wanted)))}  # type: ignore[arg-type]


def ref(row: SiteRow) -> SiteRef:
    """Enough of a site to name it."""
    return SiteRef(id=row.id, name=row.name, street=row.street, postcode=row.postcode, town=row.town)


def account_of(connection: Connection, site: str) -> str | None:
    """The account in whose name the station tells something of a site: the first in service, else the first."""
    return connection.execute(
        select(SystemRow.account)
        .where(SystemRow.site == site)
        .order_by(SystemRow.out_of_service_at.is_not(None), SystemRow.account)
        .limit(1)
    ).scalar()


def journaled_number(connection: Connection, number: str) -> str:
    """A number as the journal names it: one that is private with anybody shows its last two digits alone (I9).

    Asked by number and not by step: whom a call was to may have left the call list while it ran.
    """
    private = select(PersonNumberRow.person).where(PersonNumberRow.number == number, PersonNumberRow.private == 1)
    return masked(number) if connection.execute(private.limit(1)).first() is not None else number


def _people(site: str) -> Select[*tuple[Any, ...]]:
    """The contacts of a site in call order, with who they are."""
    return (
        select(ContactRow, PersonRow.name, PersonRow.languages)
        .join(PersonRow, PersonRow.id == ContactRow.person)
        .where(ContactRow.site == site)
        .order_by(ContactRow.position)
    )


@dataclass(frozen=True, slots=True)
class Words:
    """A contact's sealed words."""

    contact: str
    name: str
    code_word: str | None
    duress_word: str | None


def words(connection: Connection, site: str) -> list[Words]:
    """The sealed code and duress words of a site's contacts, in call order."""
    rows = connection.execute(_people(site))
    return [Words(row.id, row.name, row.sealed_code_word, row.sealed_duress_word) for row in rows]

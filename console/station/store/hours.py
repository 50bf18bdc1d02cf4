"""Supervised hours in the tables: documents, what is due to be looked at, and what depends on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Select, and_, bindparam, delete, insert, select, update

from console.station.rules import holidays_of
from console.station.rules.hours import Schedule
from console.station.rules.watch import AreaStands, Told
from console.station.store import procedures
from models.records import AreaHours, StepKind, plain_number
from models.tables import AreaRow, FilePartRow, HoursRow, SiteRow

_UTC = ZoneInfo("UTC")


@lru_cache(maxsize=4096)
def read(document: str) -> AreaHours:
    """A document as it is kept. One of an older station lacks what is new, which then has its default."""
    return AreaHours.model_validate_json(document)


def zone(name: str) -> ZoneInfo:
    """A site's time zone; UTC where there is none of that name, so that nothing stops for one site's mistake."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _UTC


def zone_of(connection: Connection, site: str) -> ZoneInfo:
    """The zone of a site."""
    return zone(str(connection.execute(select(SiteRow.timezone).where(SiteRow.id == site)).scalar_one()))


def schedule(document: str, timezone: str, country: str) -> Schedule:
    """A document as the rules see it."""
    return Schedule(read(document), zone(timezone), holidays_of.of(country))


@dataclass(frozen=True, slots=True)
class Watched:
    """One area with supervised hours, and how it stands."""

    site: str
    area: str
    name: str
    schedule: Schedule
    stands: AreaStands
    told: Told
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """How far a part of a site file came (I11)."""

    number: int = 0
    at: datetime | None = None
    by: str = ""


def part_of(area: str) -> str:
    """The key of an area's hours among the parts of a site file."""
    return f"hours:{area}"


def document(connection: Connection, site: str, area: str) -> AreaHours | None:
    """The hours of one area; None: it has none."""
    found = connection.execute(select(HoursRow.document).where(HoursRow.site == site, HoursRow.area == area)).scalar()
    return None if found is None else read(found)


def keep(connection: Connection, site: str, area: str, hours: AreaHours | None, now: datetime) -> None:
    """Keep the hours of an area, to be looked at at once; None: it has none any more."""
    here = (HoursRow.site == site, HoursRow.area == area)
    if hours is None:
        connection.execute(delete(HoursRow).where(*here))
        return
    values = {"document": hours.model_dump_json(), "due_at": now}
    if not connection.execute(update(HoursRow).where(*here).values(values)).rowcount:
        connection.execute(insert(HoursRow).values(site=site, area=area, told=0, **values))


def of_sites(connection: Connection, sites: Sequence[str]) -> dict[str, dict[str, Schedule]]:
    """By site and plain number of an area: its supervised hours."""
    found: dict[str, dict[str, Schedule]] = {}
    rows = connection.execute(
        select(HoursRow.site, HoursRow.area, HoursRow.document, SiteRow.timezone, SiteRow.country)
        .join(SiteRow, SiteRow.id == HoursRow.site)
        .where(HoursRow.site.in_(sites))
    )
    for row in rows:
        found.setdefault(row.site, {})[plain_number(row.area)] = schedule(row.document, row.timezone, row.country)
    return found


def due(connection: Connection, now: datetime, most: int) -> list[Watched]:
    """The areas that must be looked at now, the longest due first."""
    query = _watched().where(HoursRow.due_at <= now).order_by(HoursRow.due_at).limit(most)
    return [_as_watched(row) for row in connection.execute(query)]


def watched(connection: Connection, site: str, area: str) -> Watched | None:
    """One area with supervised hours, as it stands now."""
    row = connection.execute(_watched().where(HoursRow.site == site, HoursRow.area == area)).first()
    return None if row is None else _as_watched(row)


def _watched() -> Select[*tuple[Any, ...]]:
    beside = (AreaRow.site == HoursRow.site) & (AreaRow.area == HoursRow.area)
    return (
        select(HoursRow, SiteRow.timezone, SiteRow.country, AreaRow.name, AreaRow.state, AreaRow.state_at)
        .join(SiteRow, SiteRow.id == HoursRow.site)
        .outerjoin(AreaRow, beside)
    )


def _as_watched(row: Any) -> Watched:
    return Watched(
        row.site,
        row.area,
        row.name or "",
        schedule(row.document, row.timezone, row.country),
        AreaStands(row.state, row.state_at),
        Told(row.late_from, row.told_at, row.told, row.missed_from),
        row.due_at,
    )


_LOOK_AGAIN = (
    update(HoursRow)
    .where(
        HoursRow.site == bindparam("of_site"),
        HoursRow.area == bindparam("of_area"),
        HoursRow.due_at == bindparam("was"),
    )
    .values(due_at=bindparam("next"))
)


def look_again(connection: Connection, looked: Iterable[tuple[Watched, datetime | None]]) -> None:
    """When areas must be looked at next. One that is no more due as it was when it was read is left alone."""
    rows = [{"of_site": one.site, "of_area": one.area, "was": one.due_at, "next": at} for one, at in looked]
    if rows:
        connection.execute(_LOOK_AGAIN, rows, execution_options={"synchronize_session": False})


def note(connection: Connection, site: str, area: str, told: Told, due_at: datetime | None) -> None:
    """What was told of an area, and when to look again."""
    connection.execute(
        update(HoursRow)
        .where(HoursRow.site == site, HoursRow.area == area)
        .values(
            due_at=due_at,
            late_from=told.late_from,
            told_at=told.late_at,
            told=told.times,
            missed_from=told.missed_from,
        )
    )


def look_by(connection: Connection, site: str, area: str, at: datetime) -> None:
    """An area must be looked at by ``at`` at the latest."""
    connection.execute(
        update(HoursRow)
        .where(HoursRow.site == site, HoursRow.area == area, HoursRow.due_at.is_(None) | (HoursRow.due_at > at))
        .values(due_at=at)
    )


def look_anew(connection: Connection, site: str, now: datetime) -> None:
    """All areas of ``site`` are looked at at once: its test ended, or its time zone or country changed."""
    connection.execute(update(HoursRow).where(HoursRow.site == site).values(due_at=now))


def supervise_anew(connection: Connection, site: str, areas: Iterable[str], since: datetime, now: datetime) -> None:
    """A test of ``areas`` is over: what was told in it was presented nowhere, and is told again where it still is so.

    ``areas`` by their numbers in the site file.
    """
    here = and_(HoursRow.site == site, HoursRow.area.in_(list(areas)))
    connection.execute(
        update(HoursRow).where(here, HoursRow.told_at >= since).values(late_from=None, told_at=None, told=0)
    )
    connection.execute(update(HoursRow).where(here, HoursRow.missed_from >= since).values(missed_from=None))
    look_anew(connection, site, now)


def depends_on_hours(connection: Connection, site: str) -> list[str]:
    """What at ``site`` is tied to its hours and does not change with them, in words (D2).

    The keys that a patrol holds, and the site's own procedures that send one.
    """
    held = connection.execute(select(SiteRow.keys_held).where(SiteRow.id == site)).scalar()
    found = [f"keys held: {held}"] if held else []
    for procedure in procedures.of_site(connection, site):
        if any(step.kind is StepKind.PATROL for step in procedure.steps):
            found.append(f"procedure “{procedure.name}” sends a patrol")
    return found


def versions(connection: Connection, site: str, areas: Iterable[str]) -> dict[str, Version]:
    """By area: how often its hours were changed, and who did it last."""
    keys = {part_of(area): area for area in areas}
    rows = connection.execute(select(FilePartRow).where(FilePartRow.site == site, FilePartRow.part.in_(list(keys))))
    found = {keys[row.part]: Version(row.version, row.at, row.by) for row in rows}
    return {area: found.get(area, Version()) for area in keys.values()}


def changed(connection: Connection, site: str, area: str, before: Version, at: datetime, by: str) -> int:
    """The hours of an area were changed once more; returns the new version."""
    values = {"version": before.number + 1, "at": at, "by": by}
    part = part_of(area)
    if before.number:
        connection.execute(update(FilePartRow).where(FilePartRow.site == site, FilePartRow.part == part).values(values))
    else:
        connection.execute(insert(FilePartRow).values(site=site, part=part, **values))
    return before.number + 1


def areas(connection: Connection, site: str, only: Collection[str] | None = None) -> list[Any]:
    """The areas of a site with their states, by number."""
    query = select(AreaRow).where(AreaRow.site == site).order_by(AreaRow.area)
    if only is not None:
        query = query.where(AreaRow.area.in_(only))
    return list(connection.execute(query))

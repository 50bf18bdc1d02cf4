"""Storm profiles in the tables, and what they need to know of alarms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from console.station.codes import kind
from console.station.rules import outage
from console.station.rules.alarm import Alarm
from console.station.rules.storm import Facts, Storm, scope_words
from console.station.store import alarms as alarm_store
from models.records import AlarmState, StormDoes, StormMark, StormScope, StormView
from models.tables import AlarmRow, SiteRow, StormRow, SystemRow

_MOST = 200
LOOK_BACK = timedelta(days=7)
"""For so long a profile that ended is listed."""


def by_id(connection: Connection, storm: int) -> Row[Any] | None:
    """One profile's row."""
    return connection.execute(select(StormRow).where(StormRow.id == storm)).first()


def view(row: Any) -> StormView:
    """One profile as every console sees it."""
    scope = StormScope.model_validate_json(row.scope)
    return StormView(
        id=row.id,
        version=row.version,
        name=row.name,
        scope=scope,
        scope_words=scope_words(scope, kind),
        does=StormDoes(row.does),
        delay_min=row.delay_min,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        why=row.why,
        by=row.by,
        made_at=row.made_at,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        ended_why=row.ended_why,
        touched=row.touched,
    )


def listed(connection: Connection, now: datetime) -> list[StormView]:
    """Those that run, those that are planned, those that ended lately; the next end, the next begin, the last end."""
    open_ = StormRow.ended_at.is_(None)
    rows = connection.execute(
        select(StormRow)
        .where(or_(open_, StormRow.ended_at > now - LOOK_BACK))
        .order_by(StormRow.id.desc())
        .limit(_MOST)
    )
    found = [view(row) for row in rows]
    running = sorted((one for one in found if one.state == "running"), key=lambda one: one.ends_at)
    planned = sorted((one for one in found if one.state == "planned"), key=lambda one: one.begins_at)
    ended = [one for one in found if one.ended_at is not None]
    return [*running, *planned, *sorted(ended, key=lambda one: one.ended_at or now, reverse=True)]


def standing(connection: Connection) -> list[StormView]:
    """Those that run or are planned: what every console knows."""
    rows = connection.execute(select(StormRow).where(StormRow.ended_at.is_(None)).order_by(StormRow.id).limit(_MOST))
    return [view(row) for row in rows]


def in_force(connection: Connection) -> tuple[Storm, ...]:
    """Those that have begun and were not ended."""
    rows = connection.execute(
        select(StormRow).where(StormRow.ended_at.is_(None), StormRow.begun_at.is_not(None)).order_by(StormRow.id)
    )
    return tuple(as_rule(row) for row in rows)


def as_rule(row: Any, now: datetime | None = None) -> Storm:
    """A profile as the rules see it; one that has not begun as if it did ``now``."""
    return Storm(
        id=row.id,
        name=row.name,
        scope=StormScope.model_validate_json(row.scope),
        does=StormDoes(row.does),
        delay=timedelta(minutes=row.delay_min),
        begun_at=row.begun_at or now or row.begins_at,
        ends_at=row.ends_at,
    )


def turning(connection: Connection, now: datetime) -> list[Row[Any]]:
    """Those that are to begin or to end now."""
    rows = connection.execute(
        select(StormRow).where(
            StormRow.ended_at.is_(None),
            or_(
                StormRow.begun_at.is_(None) & (StormRow.begins_at <= now),
                StormRow.ends_at <= now,
                StormRow.begun_at > now,
            ),
        )
    )
    return list(rows)


def unsettled(connection: Connection) -> dict[int, int]:
    """Profiles whose open alarms are to be looked at, with their version."""
    rows = connection.execute(select(StormRow.id, StormRow.version).where(StormRow.settled < StormRow.version))
    return {row.id: row.version for row in rows}


def mark_settled(connection: Connection, versions: Mapping[int, int]) -> None:
    """The open alarms are in line with these versions."""
    for storm, version in sorted(versions.items()):
        which = (StormRow.id == storm, StormRow.version == version)
        connection.execute(update(StormRow).where(*which).values(settled=version))


def count(connection: Connection, storms: Mapping[int, int]) -> None:
    """So many alarms more were touched by each of ``storms``."""
    for storm, more in sorted(storms.items()):
        counted = {"touched": StormRow.touched + more}
        connection.execute(update(StormRow).where(StormRow.id == storm).values(counted))


# -- alarms ---------------------------------------------------------------------------------------


def waiting(connection: Connection) -> list[Alarm]:
    """Every alarm that waits."""
    return alarm_store.in_state(connection, AlarmState.WAITING)


def past(connection: Connection, now: datetime) -> list[Alarm]:
    """What waits and was held back, or lowered, until now at most."""
    return alarm_store.where(
        connection,
        AlarmRow.storm.is_not(None),
        AlarmRow.state == AlarmState.WAITING.value,
        AlarmRow.storm_until <= now,
    )


def firsts(connection: Connection) -> dict[int, str]:
    """By profile the alarm of its group that came first, which speaks for all of them."""
    found: dict[int, str] = {}
    rows = connection.execute(
        select(AlarmRow.storm, AlarmRow.id)
        .where(
            AlarmRow.storm.is_not(None),
            AlarmRow.storm_does == StormDoes.GROUP.value,
            AlarmRow.state == AlarmState.WAITING.value,
        )
        .order_by(AlarmRow.priority, AlarmRow.clock_from, AlarmRow.id)
    )
    for row in rows:
        found.setdefault(row.storm, row.id)
    return found


def names(connection: Connection, storms: Collection[int]) -> dict[int, str]:
    """What profiles are called."""
    if not storms:
        return {}
    rows = connection.execute(select(StormRow.id, StormRow.name).where(StormRow.id.in_(storms)))
    return {row.id: row.name for row in rows}


def marks(connection: Connection, alarms: Iterable[Alarm]) -> dict[str, StormMark]:
    """What profiles do with these alarms, by alarm."""
    touched = [alarm for alarm in alarms if alarm.storm is not None and alarm.storm_until is not None]
    called = names(connection, {alarm.storm for alarm in touched if alarm.storm is not None})
    return {
        alarm.id: StormMark(
            id=alarm.storm,
            name=called.get(alarm.storm, ""),
            does=StormDoes(alarm.storm_does),
            until=alarm.storm_until,
        )
        for alarm in touched
        if alarm.storm is not None and alarm.storm_until is not None
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site is, and by whose paths its systems come."""

    postcode: str
    providers: Mapping[str, str]
    """By account."""


NOWHERE = Place("", {})


def places(connection: Connection, sites: Collection[str]) -> dict[str, Place]:
    """Where sites are, by site."""
    found: dict[str, Place] = {}
    for some in _pieces(sorted(sites)):
        providers: dict[str, dict[str, str]] = {}
        systems = select(SystemRow.site, SystemRow.account, SystemRow.provider).where(SystemRow.site.in_(some))
        for row in connection.execute(systems):
            providers.setdefault(row.site, {})[row.account] = row.provider
        rows = connection.execute(select(SiteRow.id, SiteRow.postcode).where(SiteRow.id.in_(some)))
        found.update({row.id: Place(row.postcode, providers.get(row.id, {})) for row in rows})
    return found


def facts_of(alarm: Alarm, place: Place) -> Facts:
    """What a profile must know of an alarm besides itself."""
    if alarm.kind == outage.KIND:
        return Facts("", frozenset({alarm.matter.partition(":")[2]}))
    return Facts(place.postcode, frozenset(place.providers.get(account, "") for account in told_by(alarm)))


def facts(connection: Connection, alarms: Collection[Alarm]) -> dict[str, Facts]:
    """The same for several, by alarm."""
    known = places(connection, {alarm.site for alarm in alarms if alarm.site is not None})
    return {alarm.id: facts_of(alarm, known.get(alarm.site or "", NOWHERE)) for alarm in alarms}


def told_by(alarm: Alarm) -> set[str]:
    """The systems that told it."""
    found = {account for zone in alarm.zones for account in zone.accounts or (alarm.account,)}
    return found or {alarm.account}


def _pieces(things: Sequence[str], most: int = 500) -> Iterable[Sequence[str]]:
    return (things[at : at + most] for at in range(0, len(things), most))


def providers(connection: Connection) -> tuple[str, ...]:
    """The providers that systems name."""
    found = select(SystemRow.provider).where(SystemRow.provider != "").distinct().order_by(SystemRow.provider)
    return tuple(connection.execute(found.limit(_MOST)).scalars())


def open_now(connection: Connection) -> int:
    """How many technical and supervision alarms wait."""
    return int(
        connection.execute(
            select(func.count()).where(
                AlarmRow.state == AlarmState.WAITING.value, AlarmRow.alarm_class.in_(("technical", "supervision"))
            )
        ).scalar_one()
    )

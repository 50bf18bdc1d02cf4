"""Alarms in the tables: rows to plain objects and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, bindparam, func, insert, or_, select, update

from console.station.rules.alarm import Alarm, ZoneFact
from console.station.rules.plan_facts import AttemptFacts
from console.station.store.bulk import Bulk, Row
from models.records import AlarmClass, AlarmState, CallOutcome, Disposition, EventRole, plain_number
from models.tables import AlarmRow, AlarmSignalRow, AttemptRow, NoteRow
from models.tables.base import UtcMicros, from_micros, to_micros

_FIELDS = tuple(field.name for field in fields(Alarm))
_alarms = cast(Table, AlarmRow.__table__)
_FLAGS = ("life_safety", "silent", "out_of_window")


def _zones(zones: tuple[ZoneFact, ...]) -> str:
    return json.dumps([_zone(zone) for zone in zones], ensure_ascii=False)


def _zone(zone: ZoneFact) -> list[Any]:
    at, restored, runaway = to_micros(zone.at), int(zone.restored), int(zone.runaway)
    told = [zone.area, zone.zone, zone.label, zone.kind, at, restored, zone.code, zone.seq, zone.accounts, runaway]
    return [*told, zone.names]


def _value_of(member: Enum | None) -> Any:
    return member.value if member is not None else None


def _micros(at: datetime | None) -> int | None:
    return None if at is None else to_micros(at)


_AS_STORED: dict[str, Callable[[Any], Any]] = {
    **{column.name: _micros for column in _alarms.c if isinstance(column.type, UtcMicros)},
    **dict.fromkeys(_FLAGS, int),
    **dict.fromkeys(("alarm_class", "state", "disposition"), _value_of),
    "zones": _zones,
}
"""How the fields that are not stored as they are become columns."""


def _columns(alarm: Alarm, names: Iterable[str]) -> Row:
    return tuple(
        [_AS_STORED[name](getattr(alarm, name)) if name in _AS_STORED else getattr(alarm, name) for name in names]
    )


_ADD = Bulk(insert(_alarms).values({name: bindparam(name) for name in _FIELDS}), _FIELDS)


@cache
def _change(names: tuple[str, ...]) -> Bulk:
    """Sets ``names`` of one alarm. As many statements as there are ways in which an alarm changes: a few dozen."""
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return Bulk(
        update(_alarms).where(_alarms.c.id == bindparam("which")).values(values),
        [*(f"new_{name}" for name in names), "which"],
    )


def from_row(row: RowMapping) -> Alarm:
    """An alarm from its columns."""
    values: dict[str, Any] = {name: row[name] for name in _FIELDS}
    for name in _FLAGS:
        values[name] = bool(values[name])
    values["alarm_class"] = AlarmClass(values["alarm_class"])
    values["state"] = AlarmState(values["state"])
    values["disposition"] = Disposition(values["disposition"]) if values["disposition"] else None
    values["zones"] = tuple(_fact(*zone) for zone in json.loads(values["zones"]))
    return Alarm(**values)


def _fact(
    area: str,
    zone: str,
    label: str,
    kind: str,
    at: int,
    restored: int,
    code: str = "",
    seq: int = 0,
    accounts: Sequence[str] = (),
    runaway: int = 0,
    names: str = "",
) -> ZoneFact:
    """A zone of an alarm; rows of earlier versions have less of it, and the numbers as the panel wrote them."""
    if not names:
        if code:
            area, zone = plain_number(area), plain_number(zone)
        names = "zone"
    told = from_micros(at), bool(restored), code, seq, tuple(accounts), bool(runaway)
    return ZoneFact(area, zone, label, kind, *told, names)


def _load(connection: Connection, *where: ColumnElement[bool]) -> list[Alarm]:
    return [from_row(row) for row in connection.execute(select(AlarmRow).where(*where)).mappings()]


def where(connection: Connection, *conditions: ColumnElement[bool]) -> list[Alarm]:
    """The alarms of which all ``conditions`` on their columns hold."""
    return _load(connection, *conditions)


def by_id(connection: Connection, alarm_id: str) -> Alarm | None:
    """One alarm, open or closed."""
    found = _load(connection, AlarmRow.id == alarm_id)
    return found[0] if found else None


def by_ids(connection: Connection, alarm_ids: Iterable[str]) -> dict[str, Alarm]:
    """Several alarms by id."""
    wanted = list(set(alarm_ids))
    return {alarm.id: alarm for alarm in _load(connection, AlarmRow.id.in_(wanted))} if wanted else {}


def all_open(connection: Connection) -> list[Alarm]:
    """Every open alarm."""
    return _load(connection, AlarmRow.state != AlarmState.CLOSED.value)


def open_of(connection: Connection, sites: Sequence[str], matters: Sequence[str]) -> list[Alarm]:
    """The open alarms of ``sites`` and those of the named ``matters``."""
    return _load(
        connection,
        AlarmRow.state != AlarmState.CLOSED.value,
        or_(AlarmRow.site.in_(sites), AlarmRow.matter.in_(matters)),
    )


def open_with_matters(connection: Connection, beginnings: Iterable[str]) -> list[Alarm]:
    """The open alarms whose matter begins with one of ``beginnings``."""
    begins = (AlarmRow.matter.startswith(beginning, autoescape=True) for beginning in beginnings)
    return _load(connection, AlarmRow.state != AlarmState.CLOSED.value, or_(*begins))


def of_incident(connection: Connection, alarm: Alarm) -> list[Alarm]:
    """The other open alarms of the same incident."""
    return _load(
        connection,
        AlarmRow.incident == alarm.incident,
        AlarmRow.id != alarm.id,
        AlarmRow.state != AlarmState.CLOSED.value,
    )


def in_hand(connection: Connection, login: str, workstation: str) -> list[Alarm]:
    """What somebody holds at a workstation, the most urgent first."""
    held = _load(
        connection,
        AlarmRow.state == AlarmState.HELD.value,
        AlarmRow.holder == login,
        AlarmRow.workstation == workstation,
    )
    return sorted(held, key=lambda alarm: alarm.urgency)


def in_state(connection: Connection, *states: AlarmState) -> list[Alarm]:
    """The alarms in any of ``states``."""
    return _load(connection, AlarmRow.state.in_([state.value for state in states]))


def unattended(connection: Connection, since: datetime, below: int) -> list[Alarm]:
    """What has waited since before ``since`` and was not escalated to ``below`` yet."""
    return _load(
        connection,
        AlarmRow.state == AlarmState.WAITING.value,
        AlarmRow.clock_from <= since,
        AlarmRow.escalated < below,
    )


def unknown_open(connection: Connection) -> int:
    """How many alarms for unknown accounts are open."""
    count = connection.execute(
        select(func.count()).where(AlarmRow.matter.like("unknown:%"), AlarmRow.state != AlarmState.CLOSED.value)
    ).scalar_one()
    return int(count)


def add(connection: Connection, alarms: Sequence[Alarm]) -> None:
    """Store new alarms. The database refuses a second open one of a matter."""
    _ADD.run(connection, [_columns(alarm, _FIELDS) for alarm in alarms])


_CHANGING = tuple(name for name in _FIELDS if name != "id")


def save(connection: Connection, alarms: Iterable[Alarm]) -> None:
    """Store changed alarms."""
    _change(_CHANGING).run(connection, [(*_columns(alarm, _CHANGING), alarm.id) for alarm in alarms])


def save_changes(connection: Connection, pairs: Iterable[tuple[Alarm, Alarm]]) -> None:
    """Store of each (as stored, as it is now) what differs: most signals touch few columns, and none with an index."""
    by_names: dict[tuple[str, ...], list[Row]] = {}
    for old, new in pairs:
        names = new.differs_from(old)
        if names:
            by_names.setdefault(names, []).append((*_columns(new, names), new.id))
    for names, rows in by_names.items():
        _change(names).run(connection, rows)


def attempts(connection: Connection, alarm_id: str) -> list[AttemptFacts]:
    """The attempts on an alarm, oldest first (G3)."""
    rows = connection.execute(select(AttemptRow).where(AttemptRow.alarm == alarm_id).order_by(AttemptRow.id))
    return [
        AttemptFacts(
            row.step,
            row.number,
            row.began_at,
            CallOutcome(row.outcome) if row.outcome else None,
            row.by,
            row.why,
            row.ended_at,
        )
        for row in rows
    ]


def break_off_calls(connection: Connection, alarm_id: str, now: datetime, why: str) -> list[tuple[str, str]]:
    """End every attempt that is recorded as running; answers with their steps and numbers."""
    running = (AttemptRow.alarm == alarm_id, AttemptRow.outcome.is_(None))
    found = [(row.step, row.number) for row in connection.execute(select(AttemptRow).where(*running))]
    if found:
        values = {"ended_at": now, "outcome": CallOutcome.BROKEN_OFF.value, "why": why}
        connection.execute(update(AttemptRow).where(*running).values(values))
    return found


def unseen_after(connection: Connection, alarm_id: str, seq: int) -> int:
    """How many alarms of zones came after journal number ``seq`` (I8)."""
    count = connection.execute(
        select(func.count()).where(
            AlarmSignalRow.alarm == alarm_id,
            AlarmSignalRow.seq > seq,
            AlarmSignalRow.role == EventRole.ALARM.value,
        )
    ).scalar_one()
    return int(count)


def add_note(connection: Connection, alarm_id: str, seq: int, at: datetime, by: str, text: str) -> None:
    """Keep a note beside its journal entry."""
    connection.execute(insert(NoteRow).values(id=seq, alarm=alarm_id, at=at, by=by, text=text))

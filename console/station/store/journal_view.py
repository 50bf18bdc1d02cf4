"""One entry of the journal opened, and one alarm from its first signal to its end (B5, G4, G6)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from console.station.codes import cid_codes, sia_codes
from console.station.rules.alarm import Alarm
from console.station.rules.profile import Profile
from console.station.store import alarms as alarm_store
from console.station.store import archives, response, views
from models.records import (
    AlarmState,
    AlarmTimeline,
    Arming,
    Entry,
    EntryDetail,
    EventRole,
    HandSpan,
    Neighbours,
    plain_number,
)
from models.tables import AlarmRow, AlarmSignalRow, ErasureRow, Journal, JournalHead, JournalPayload, OperatorRow
from models.tables.base import from_micros, to_micros

CONFIRMED_WITHIN = timedelta(minutes=2)
"""A confirmation line names the user of an arming that came no longer ago."""
_CONFIRMATIONS = 20
_FIRST_LINES, _LAST_LINES = 100, 300
_ARMS = (EventRole.OPEN.value, EventRole.CLOSE.value)


# -- one entry ------------------------------------------------------------------------------------


def opened(connection: Connection, seq: int, profile: Profile) -> EntryDetail | None:
    """An entry with all that it holds; None where there is none of that number."""
    found = views.entries_numbered(connection, [seq])
    if not found:
        return None
    entry = found[0]
    row = connection.execute(
        select(
            Journal.panel_time, Journal.hash, Journal.prev, JournalPayload.data, JournalPayload.raw, ErasureRow.by_seq
        )
        .join(JournalPayload, JournalPayload.seq == Journal.seq, isouter=True)
        .join(ErasureRow, ErasureRow.seq == Journal.seq, isouter=True)
        .where(Journal.seq == seq)
    ).one()
    data = json.loads(row.data or "{}")
    if row.by_seq is not None:
        data = {"erased_by_line": row.by_seq}
    alarm = alarm_store.by_id(connection, entry.alarm) if entry.alarm else None
    return EntryDetail(
        entry=entry,
        panel_time=None if row.panel_time is None else from_micros(row.panel_time),
        data=data,
        raw=row.raw,
        meanings=tuple(_meaning(event) for event in _events(data)),
        hash=row.hash,
        prev=row.prev,
        arming=_arming(connection, entry, _events(data)),
        alarm=None if alarm is None else views.alarm_views(connection, [alarm], profile)[0],
        neighbours=_neighbours(connection, entry),
    )


def _events(data: Any) -> list[dict[str, Any]]:
    events = data.get("events") if isinstance(data, dict) else None
    return [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []


def _meaning(event: dict[str, Any]) -> str:
    code = str(event.get("code") or "")
    known = cid_codes().get(code) if event.get("qualifier") else sia_codes().get(code)
    return known.description if known is not None else ""


def _arming(connection: Connection, entry: Entry, events: Sequence[dict[str, Any]]) -> Arming | None:
    """Who armed or disarmed: said by the signal itself, or by the line that confirms it (B5)."""
    arms = next((event for event in events if event.get("role") in _ARMS), None)
    if arms is None or entry.account is None:
        return None
    user = _user(arms)
    if user:
        return Arming(user=user, name=str(arms.get("text") or ""), seq=entry.seq, at=entry.time)
    after = connection.execute(
        select(Journal.seq, Journal.time, JournalPayload.data)
        .join(JournalPayload, JournalPayload.seq == Journal.seq)
        .where(
            Journal.seq > entry.seq,
            Journal.site == entry.site,
            Journal.account == entry.account,
            Journal.kind == "signal",
            Journal.time <= to_micros(entry.time + CONFIRMED_WITHIN),
        )
        .order_by(Journal.seq)
        .limit(_CONFIRMATIONS)
    )
    for row in after:
        for event in _events(json.loads(row.data)):
            role, user = event.get("role"), _user(event)
            if role in _ARMS and role != arms.get("role"):
                # It was armed and disarmed again: what comes now confirms the other.
                return None
            if user and (role == EventRole.INFO.value or role in _ARMS):
                return Arming(
                    user=user,
                    name=str(event.get("text") or ""),
                    seq=row.seq,
                    separate=True,
                    at=from_micros(row.time),
                )
    return None


def _user(event: dict[str, Any]) -> str:
    user = str(event.get("user") or "")
    return user if user and plain_number(user) else ""


def _neighbours(connection: Connection, entry: Entry) -> Neighbours:
    def beside(column: Any, value: str | None) -> tuple[int | None, int | None]:
        if value is None:
            return None, None
        here = select(Journal.seq).where(column == value).limit(1)
        before = here.where(Journal.seq < entry.seq).order_by(Journal.seq.desc())
        after = here.where(Journal.seq > entry.seq).order_by(Journal.seq)
        return connection.execute(before).scalar(), connection.execute(after).scalar()

    alarm, site = beside(Journal.alarm, entry.alarm), beside(Journal.site, entry.site)
    return Neighbours(alarm_before=alarm[0], alarm_after=alarm[1], site_before=site[0], site_after=site[1])


# -- one alarm ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What one journal, live or an archive, has of an alarm."""

    lines: tuple[Entry, ...] = ()
    more: int = 0
    """So many in the middle are left out."""
    acts: tuple[_Act, ...] = ()


def told(connection: Connection, alarm: str, numbers: Sequence[int], archive: str = "") -> Told:
    """The alarm's lines; ``numbers`` are those of signals that belong to it besides another.

    ``archive``: the name of the one that this is.
    """
    edge, head = archives.cut(connection), connection.execute(select(JournalHead.seq)).scalar_one()
    own = connection.execute(select(Journal.seq).where(Journal.alarm == alarm, Journal.seq > edge)).scalars()
    every = sorted({*own, *(seq for seq in numbers if edge < seq <= head)})
    kept = every
    if len(every) > _FIRST_LINES + _LAST_LINES:
        kept = [*every[:_FIRST_LINES], *every[-_LAST_LINES:]]
    lines = tuple(
        entry.model_copy(update={"archive": archive}) if archive else entry
        for entry in views.entries_numbered(connection, kept)
    )
    return Told(lines, len(every) - len(kept), tuple(_acts(connection, alarm)))


def joined(parts: Iterable[Told]) -> Told:
    """Several journals in their order as one."""
    lines: list[Entry] = []
    acts: list[_Act] = []
    more = 0
    for part in parts:
        lines += part.lines
        acts += part.acts
        more += part.more
    return Told(tuple(lines), more, tuple(acts))


def timeline(connection: Connection, alarm: Alarm, profile: Profile, earlier: Told | None = None) -> AlarmTimeline:
    """One alarm from its first signal to its end, with its response times against the profile (G6).

    ``earlier``: what mounted archives have of it.
    """
    here = told(connection, alarm.id, signals_of(connection, alarm.id))
    whole = joined([earlier or Told(), here])
    lines, more, acts = whole.lines, whole.more, whole.acts
    began = lines[0].time if lines else alarm.opened_at
    spans = _spans(acts, min(began, alarm.opened_at), alarm.closed_at)
    calls = tuple(act.time for act in acts if act.kind == "call")
    first_call = next((act.time for act in acts if act.kind in ("call-begun", "call")), None)
    together = [other for other in _of_incident(connection, alarm) if other.id != alarm.id]
    return AlarmTimeline(
        alarm=views.alarm_views(connection, [alarm], profile)[0],
        began_at=began,
        lines=tuple(lines),
        more=more,
        spans=tuple(spans),
        calls=calls,
        target_s=response.profile_of(connection, profile).targets_s.get(alarm.priority, 0),
        first_act_s=first_act(alarm),
        first_call_s=None if first_call is None else (first_call - began).total_seconds(),
        closed_s=None if alarm.closed_at is None else (alarm.closed_at - began).total_seconds(),
        handled_s=_handled(spans),
        together=tuple(views.alarm_views(connection, together, profile)),
    )


def signals_of(connection: Connection, alarm: str) -> list[int]:
    """The numbers of the alarm's signals, also of those that belong to it besides another."""
    found = connection.execute(select(AlarmSignalRow.seq).distinct().where(AlarmSignalRow.alarm == alarm))
    return list(found.scalars())


_TOLD_OF_HANDS = ("taken", "released", "returned", "parked", "handed-over", "closed", "call-begun", "call")


class _Act:
    """One act that moves an alarm, or calls."""

    def __init__(self, kind: str, time: datetime, by: str) -> None:
        self.kind, self.time, self.by = kind, time, by


def _acts(connection: Connection, alarm: str) -> list[_Act]:
    rows = connection.execute(
        select(Journal.kind, Journal.time, JournalPayload.actor_name, JournalPayload.data)
        .join(JournalPayload, JournalPayload.seq == Journal.seq)
        .where(Journal.alarm == alarm, Journal.kind.in_(_TOLD_OF_HANDS))
        .order_by(Journal.seq)
    )
    found = []
    for row in rows:
        by = row.actor_name
        if row.kind == "handed-over":
            to = str(json.loads(row.data).get("to", ""))
            by = connection.execute(select(OperatorRow.name).where(OperatorRow.login == to)).scalar() or to
        found.append(_Act(row.kind, from_micros(row.time), by))
    return found


def _spans(acts: Sequence[_Act], began: datetime, closed: datetime | None) -> list[HandSpan]:
    becomes = {
        "taken": AlarmState.HELD,
        "handed-over": AlarmState.HELD,
        "parked": AlarmState.PARKED,
        "released": AlarmState.WAITING,
        "returned": AlarmState.WAITING,
    }
    spans = [HandSpan(state=AlarmState.WAITING.value, from_=began)]
    for act in acts:
        state = becomes.get(act.kind)
        if state is None:
            continue
        by = act.by if state is not AlarmState.WAITING else ""
        spans[-1] = spans[-1].model_copy(update={"to": act.time})
        spans.append(HandSpan(state=state.value, by=by, from_=act.time))
    if closed is not None:
        spans[-1] = spans[-1].model_copy(update={"to": closed})
    return [span for span in spans if span.to is None or span.to > span.from_]


def _handled(spans: Sequence[HandSpan]) -> float | None:
    """In hand altogether; None while it is in hand, or where it never was."""
    held = [span for span in spans if span.state == AlarmState.HELD.value]
    if not held or any(span.to is None for span in held):
        return None
    return sum((span.to - span.from_).total_seconds() for span in held if span.to is not None)


def first_act(alarm: Alarm) -> float | None:
    """From the clock's start to the first take. A rise of priority after it starts another clock, not this one's."""
    if alarm.taken_at is None:
        return None
    since = alarm.clock_from if alarm.clock_from <= alarm.taken_at else alarm.opened_at
    return (alarm.taken_at - since).total_seconds()


def _of_incident(connection: Connection, alarm: Alarm) -> list[Alarm]:
    rows = connection.execute(
        select(AlarmRow.id).where(AlarmRow.incident == alarm.incident, AlarmRow.site == alarm.site).limit(20)
    )
    return list(alarm_store.by_ids(connection, rows.scalars()).values())

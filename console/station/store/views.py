"""What the console is shown, built from the tables on one snapshot. Nothing here carries a secret (I9)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, func, select, union

from console.station.codes import kind
from console.station.rules import outage
from console.station.rules.alarm import Alarm
from console.station.rules.profile import Profile
from console.station.rules.scope import group_of
from console.station.store import alarms as alarm_store
from console.station.store import archives, testmode_alarms, testmode_views
from console.station.store import outages as outage_store
from console.station.store import response as response_store
from console.station.store import sites as site_store
from console.station.store import storms as storm_store
from console.station.store.plans import plan_of
from models.records import (
    ERASED,
    LIFE_SAFETY,
    Actor,
    ActorKind,
    AlarmDetail,
    AlarmState,
    AlarmView,
    CallOutcome,
    Cancellation,
    Entry,
    EventRole,
    NoteLine,
    OpeningLine,
    OutageView,
    PastAlarm,
    Priority,
    Returned,
    RunawayZone,
    SignalLine,
    SiteRef,
    SiteSheet,
    StormMark,
)
from models.tables import (
    AlarmRow,
    AlarmSignalRow,
    AttemptRow,
    Journal,
    JournalPayload,
    NoteRow,
    SiteRow,
    SystemRow,
)
from models.tables.base import from_micros

_DURESS = "duress"
_PAST_DAYS = 365
_MOST_SIGNALS, _MOST_LINES = 5_000, 300
"""Of one alarm: signals that are looked at, and lines that come of them."""
_BETWEEN = ("patrol", "storm-grouped", "storm-delayed", "storm-lowered", "storm-presented")
_ENTRIES = (
    select(
        Journal.seq,
        Journal.time,
        Journal.kind,
        Journal.actor_kind,
        Journal.site,
        Journal.account,
        Journal.alarm,
        Journal.priority,
        Journal.in_test,
        JournalPayload.actor_name,
        JournalPayload.actor_from,
        JournalPayload.text,
        SiteRow.name,
    )
    .join(JournalPayload, JournalPayload.seq == Journal.seq, isouter=True)
    .join(SiteRow, SiteRow.id == Journal.site, isouter=True)
    .order_by(Journal.seq)
)
"""In the order that :func:`_entry` takes them."""
_NUMBERED = _ENTRIES.where(Journal.seq.in_(bindparam("numbers", expanding=True)))


def alarm_view(
    alarm: Alarm,
    site: SiteRef | None,
    profile: Profile,
    outage: OutageView | None = None,
    storm: StormMark | None = None,
    *,
    duress: bool = False,
) -> AlarmView:
    """One alarm as every workstation sees it."""
    return AlarmView(
        id=alarm.id,
        version=alarm.version,
        site=site,
        account=alarm.account,
        alarm_class=alarm.alarm_class,
        kind=alarm.kind,
        words=alarm.words,
        place=alarm.place,
        priority=alarm.priority,
        life_safety=alarm.life_safety,
        silent=alarm.silent,
        duress=duress,
        state=alarm.state,
        incident=alarm.incident,
        opened_at=alarm.opened_at,
        clock_from=alarm.clock_from,
        target_s=profile.targets_s[alarm.priority],
        taken_at=alarm.taken_at,
        held_by=alarm.holder_name,
        holder=alarm.holder,
        workstation=alarm.workstation,
        held_since=alarm.held_since,
        last_act_at=alarm.last_act_at,
        idle_limit_s=profile.idle_s[alarm.priority],
        idle_warned_at=alarm.idle_warned_at,
        doing=alarm.doing,
        parked_until=alarm.parked_until,
        parked_by=alarm.parked_by,
        park_reason=alarm.park_reason,
        longest_park_s=profile.longest_park_s[alarm.priority],
        signals=alarm.signals,
        unseen=alarm.unseen,
        last_seq=alarm.last_seq,
        seen_seq=alarm.seen_seq,
        last_signal_at=alarm.last_signal_at,
        last_signal_words=alarm.last_signal_words,
        cancelled=None
        if alarm.cancelled_at is None
        else Cancellation(
            at=alarm.cancelled_at, by=alarm.cancelled_by, channel=alarm.cancel_channel, why=alarm.cancel_why
        ),
        returned=None if alarm.returned_at is None else Returned(at=alarm.returned_at, why=alarm.returned_why),
        escalated=alarm.escalated,
        out_of_window=alarm.out_of_window,
        pushed_at=alarm.pushed_at,
        outage=outage,
        storm=storm,
        own_priority=alarm.own_priority,
        runaway=_runaway(alarm),
        disposition=alarm.disposition,
        closed_at=alarm.closed_at,
        closed_by=alarm.closed_by,
        close_reason=alarm.close_reason,
    )


def _runaway(alarm: Alarm) -> tuple[RunawayZone, ...]:
    return tuple(
        RunawayZone(
            account=zone.accounts[0] if zone.accounts else alarm.account,
            area=zone.area,
            zone=zone.zone,
            label=zone.label,
            kind=group_of(kind(zone.kind)),
            life_safety=group_of(kind(zone.kind)) in LIFE_SAFETY,
        )
        for zone in alarm.zones
        if zone.runaway
    )


def alarm_views(connection: Connection, alarms: Sequence[Alarm], profile: Profile) -> list[AlarmView]:
    """Several alarms with the names of their sites, the most urgent first."""
    refs = site_store.refs(connection, (alarm.site for alarm in alarms if alarm.site))
    counts = outage_store.counts(connection, [alarm.id for alarm in alarms if alarm.kind == outage.KIND])
    ordered = sorted(alarms, key=lambda alarm: alarm.urgency)
    storms, profile = storm_store.marks(connection, alarms), response_store.profile_of(connection, profile)
    duress = _under_threat(connection, alarms)
    return [
        alarm_view(
            alarm,
            refs.get(alarm.site or ""),
            profile,
            counts.get(alarm.id),
            storms.get(alarm.id),
            duress=alarm.id in duress,
        )
        for alarm in ordered
    ]


def _under_threat(connection: Connection, alarms: Sequence[Alarm]) -> set[str]:
    """Those of duress, whatever came first: by their kind, by a signal that joined, by a word on the telephone."""
    found = {alarm.id for alarm in alarms if alarm.kind == _DURESS}
    # Each of these makes its alarm silent, and few are.
    silent = [alarm.id for alarm in alarms if alarm.silent and alarm.id not in found]
    if silent:
        told = select(AttemptRow.alarm).where(
            AttemptRow.alarm.in_(silent), AttemptRow.outcome == CallOutcome.DURESS.value
        )
        sent = select(AlarmSignalRow.alarm).where(
            AlarmSignalRow.alarm.in_(silent),
            AlarmSignalRow.role == EventRole.ALARM.value,
            AlarmSignalRow.words == kind(_DURESS).words,
        )
        found.update(connection.execute(union(told, sent)).scalars())
    return found


def entries_after(connection: Connection, seq: int, limit: int) -> list[Entry]:
    """Journal entries above ``seq`` in order."""
    return _entries(connection, select(Journal.seq).where(Journal.seq > seq).order_by(Journal.seq).limit(limit))


def newest_entries(connection: Connection, limit: int) -> list[Entry]:
    """The last entries, newest first."""
    return _entries(connection, select(Journal.seq).order_by(Journal.seq.desc()).limit(limit))[::-1]


def entries_of_site(
    connection: Connection, site: str, before: int, limit: int, kinds: Sequence[str] = ()
) -> list[Entry]:
    """Entries of one site below number ``before``, newest first; of some kinds alone where given."""
    edge = archives.cut(connection)
    which = select(Journal.seq).where(Journal.site == site, Journal.seq < before, Journal.seq > edge)
    if kinds:
        which = which.where(Journal.kind.in_(kinds))
    return _entries(connection, which.order_by(Journal.seq.desc()).limit(limit))[::-1]


def entries_numbered(connection: Connection, numbers: Sequence[int]) -> list[Entry]:
    """Some entries, in order."""
    return _entries(connection, list(numbers))


def _entries(connection: Connection, which: Any) -> list[Entry]:
    if isinstance(which, list):
        rows = connection.execute(_NUMBERED, {"numbers": which}).all()
    else:
        rows = connection.execute(_ENTRIES.where(Journal.seq.in_(which))).all()
    return [_entry(*row) for row in map(tuple, rows)]


def _entry(
    seq: int,
    time: int,
    kind: str,
    actor_kind: str,
    site: str | None,
    account: str | None,
    alarm: str | None,
    priority: int | None,
    in_test: int,
    actor_name: str | None,
    actor_from: str | None,
    text: str | None,
    site_name: str | None,
) -> Entry:
    return Entry(
        seq=seq,
        time=from_micros(time),
        kind=kind,
        actor=Actor(kind=ActorKind(actor_kind), name=actor_name or "", from_=actor_from or ""),
        site=site,
        site_name=site_name or "",
        account=account,
        alarm=alarm,
        priority=priority,
        in_test=bool(in_test),
        text=ERASED if text is None else text,
    )


def alarm_detail(connection: Connection, alarm: Alarm, profile: Profile, now: datetime) -> AlarmDetail:
    """Everything the workspace shows of one alarm."""
    site = alarm.site
    refs = site_store.refs(connection, [site]) if site else {}
    tests = testmode_views.views(connection, [site]) if site else []
    return AlarmDetail(
        alarm=alarm_views(connection, [alarm], profile)[0],
        sheet=_sheet(connection, site, refs[site], now) if site in refs else None,
        tests=tuple(tests),
        in_test=testmode_alarms.in_test(connection, alarm, now) if tests else None,
        plan=plan_of(connection, alarm, now),
        lines=tuple(sorted((*_lines(connection, alarm), *_patrol_lines(connection, alarm)), key=_newest_first)),
        openings=_openings(connection, site) if site else (),
        previous=_previous(connection, alarm, now) if site else (),
        notes=_notes(connection, alarm.id),
        together=tuple(alarm_views(connection, alarm_store.of_incident(connection, alarm), profile)),
    )


def _lines(connection: Connection, alarm: Alarm) -> tuple[SignalLine, ...]:
    """The alarm's signals, newest first; equal ones are one line with a count, the first time and the last.

    A zone that fires a hundred times is one line and buries no other zone's (best-practice A). What is not seen yet
    stands apart from what is (I8). Counted by the database: a runaway's rows are not read one by one. Of very many
    signals the newest are looked at: an alarm is opened as soon as any other, and the journal has them all.
    """
    row = AlarmSignalRow
    unseen = case((and_(row.seq > alarm.seen_seq, row.role == EventRole.ALARM.value), 1), else_=0)
    same = (row.words, row.place, row.role, row.in_test, unseen)
    groups = connection.execute(
        select(
            func.max(row.seq).label("last"),
            func.min(row.at).label("first_at"),
            func.count().label("count"),
            func.sum(row.repeats).label("repeats"),
            func.max(row.note).label("note"),
            row.words,
            row.place,
            row.role,
            unseen.label("unseen"),
        )
        .where(row.alarm == alarm.id, row.seq >= _oldest_shown(connection, alarm.id))
        .group_by(*same)
        .order_by(func.max(row.seq).desc())
        .limit(_MOST_LINES)
    ).all()
    newest = connection.execute(
        select(row).where(row.alarm == alarm.id, row.seq.in_([group.last for group in groups]))
    ).all()
    by_words = {(found.seq, found.words, found.place, found.role): found for found in newest}
    return tuple(_line(group, by_words[group.last, group.words, group.place, group.role]) for group in groups)


def _oldest_shown(connection: Connection, alarm: str) -> int:
    """Of the newest signals of an alarm that are looked at, the first."""
    row = AlarmSignalRow
    nth = select(row.seq).where(row.alarm == alarm).order_by(row.seq.desc()).offset(_MOST_SIGNALS - 1).limit(1)
    return connection.execute(nth).scalar() or 0


def _newest_first(line: SignalLine) -> int:
    return -line.seq


def _patrol_lines(connection: Connection, alarm: Alarm) -> list[SignalLine]:
    """When a patrol was asked, arrived, left, and what a storm profile did: between the signals, where one looks."""
    rows = connection.execute(
        select(Journal.seq, Journal.time, JournalPayload.text)
        .join(JournalPayload, JournalPayload.seq == Journal.seq)
        .where(Journal.alarm == alarm.id, Journal.kind.in_(_BETWEEN))
    )
    return [
        SignalLine(
            seq=row.seq,
            first_at=from_micros(row.time),
            at=from_micros(row.time),
            words=row.text,
            place="",
            role=EventRole.INFO,
            priority=int(Priority.LOG),
        )
        for row in rows
    ]


def _line(group: Row[Any], last: Row[Any]) -> SignalLine:
    return SignalLine(
        seq=last.seq,
        first_at=group.first_at,
        at=last.at,
        panel_time=last.panel_time,
        words=last.words,
        place=last.place,
        area=last.area,
        zone=last.zone,
        zone_name=last.zone_name,
        role=EventRole(last.role),
        priority=last.priority,
        count=group.count,
        unseen=bool(group.unseen),
        in_test=bool(last.in_test),
        # What an earlier one said ("new zone", "raised to High") is not lost behind the last.
        note=(last.note or group.note) + (f", resent {group.repeats} ×" if group.repeats else ""),
    )


def _sheet(connection: Connection, site: str, ref: SiteRef, now: datetime) -> SiteSheet:
    row = connection.execute(select(SiteRow).where(SiteRow.id == site)).one()
    accounts = connection.execute(select(SystemRow.account).where(SystemRow.site == site).order_by(SystemRow.account))
    words = site_store.words(connection, site)
    return SiteSheet(
        site=ref,
        access=row.access,
        instructions=row.instructions,
        note=row.note if row.note_until is None or row.note_until > now else "",
        keys=row.keys_held,
        accounts=tuple(accounts.scalars()),
        areas=site_store.area_states(connection, site),
        line=_last_signal(connection, site),
        has_code_words=any(word.code_word for word in words),
        has_duress_words=any(word.duress_word for word in words),
    )


def _last_signal(connection: Connection, site: str) -> str:
    last = connection.execute(
        select(func.max(Journal.time)).where(Journal.site == site, Journal.kind == "signal")
    ).scalar_one()
    return "" if last is None else from_micros(last).isoformat()


def _openings(connection: Connection, site: str) -> tuple[OpeningLine, ...]:
    rows = connection.execute(
        select(Journal.time, JournalPayload.text, JournalPayload.data)
        .join(JournalPayload, JournalPayload.seq == Journal.seq)
        .where(Journal.site == site, Journal.kind == "signal", Journal.priority == 5)
        .order_by(Journal.seq.desc())
        .limit(50)
    )
    found = []
    for row in rows:
        events = json.loads(row.data).get("events", [])
        if any(event["role"] in (EventRole.OPEN.value, EventRole.CLOSE.value) for event in events):
            found.append(OpeningLine(at=from_micros(row.time), words=row.text))
    return tuple(found[:4])


def _previous(connection: Connection, alarm: Alarm, now: datetime) -> tuple[PastAlarm, ...]:
    rows = connection.execute(
        select(AlarmRow)
        .where(
            AlarmRow.site == alarm.site,
            AlarmRow.state == AlarmState.CLOSED.value,
            AlarmRow.opened_at >= now - timedelta(days=_PAST_DAYS),
            AlarmRow.id != alarm.id,
        )
        .order_by(AlarmRow.opened_at.desc())
        .limit(20)
    )
    return tuple(
        PastAlarm(id=row.id, at=row.opened_at, words=row.words, place=row.place, disposition=row.disposition or "")
        for row in rows
    )


def _notes(connection: Connection, alarm_id: str) -> tuple[NoteLine, ...]:
    rows = connection.execute(select(NoteRow).where(NoteRow.alarm == alarm_id).order_by(NoteRow.id))
    return tuple(NoteLine(at=row.at, by=row.by, text=row.text) for row in rows)

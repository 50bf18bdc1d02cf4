"""The shift log: notes for the next shift, with what was open gathered by the station, and who read them (06c)."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import Connection, func, insert, select

from console.station.acts.caller import Caller
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import alarms as alarm_store
from console.station.store import sites as site_store
from console.station.store import testmode
from console.station.store.ledger import Ledger
from models.records import AlarmState, ErrorCode, ShiftNote, ShiftRead
from models.tables import DeskTaskRow, ShiftNoteRow, ShiftReadRow

KEPT = timedelta(days=7)
"""So far back the log is shown; the journal has it for ever."""
_MOST = 100
_PARKED_NAMED = 20


def write(ledger: Ledger, caller: Caller, text: str) -> int:
    """Leave a note to the next shift; what is open now is added by itself. Returns its number."""
    require(caller.roles, Right.WATCH)
    if not text.strip():
        raise Refused(ErrorCode.INVALID, "The note is empty.", "text")
    items = open_items(ledger.connection)
    seq = ledger.append("shift-note", caller.actor, f"For the next shift: {text.strip()}", data={"items": items})
    ledger.connection.execute(
        insert(ShiftNoteRow).values(
            id=seq, at=ledger.now, login=caller.login, by=caller.name, words=text.strip(), items=json.dumps(items)
        )
    )
    return seq


def mark_read(ledger: Ledger, caller: Caller, note: int) -> None:
    """Whoever takes over has read a note; a second time changes nothing."""
    require(caller.roles, Right.WATCH)
    row = ledger.connection.execute(select(ShiftNoteRow).where(ShiftNoteRow.id == note)).first()
    if row is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no note {note}.", "note")
    here = (ShiftReadRow.note == note, ShiftReadRow.login == caller.login)
    if row.login == caller.login or ledger.connection.execute(select(ShiftReadRow.note).where(*here)).first():
        return
    ledger.connection.execute(
        insert(ShiftReadRow).values(note=note, login=caller.login, name=caller.name, at=ledger.now)
    )
    ledger.append("shift-note-read", caller.actor, f"Note of {row.by} read by {caller.name}", data={"note": note})


def notes(connection: Connection, caller: Caller, since: timedelta | None = None) -> list[ShiftNote]:
    """The notes of the last days, newest first."""
    newest = connection.execute(select(func.max(ShiftNoteRow.at))).scalar()
    if newest is None:
        return []
    rows = connection.execute(
        select(ShiftNoteRow)
        .where(ShiftNoteRow.at >= newest - (since or KEPT))
        .order_by(ShiftNoteRow.id.desc())
        .limit(_MOST)
    ).all()
    readers: dict[int, list[ShiftRead]] = {}
    mine: set[int] = set()
    for row in connection.execute(
        select(ShiftReadRow).where(ShiftReadRow.note.in_([row.id for row in rows])).order_by(ShiftReadRow.at)
    ):
        readers.setdefault(row.note, []).append(ShiftRead(name=row.name, at=row.at))
        if row.login == caller.login:
            mine.add(row.note)
    return [
        ShiftNote(
            id=row.id,
            at=row.at,
            by=row.by,
            text=row.words,
            items=tuple(json.loads(row.items)),
            read_by=tuple(readers.get(row.id, ())),
            unread=row.login != caller.login and row.id not in mine,
        )
        for row in rows
    ]


def open_items(connection: Connection) -> list[str]:
    """What the next shift finds open: alarms that wait or are parked, sites in test, tasks."""
    alarms = sorted(alarm_store.all_open(connection), key=lambda alarm: alarm.urgency)
    parked = [alarm for alarm in alarms if alarm.state is AlarmState.PARKED]
    refs = site_store.refs(connection, [alarm.site for alarm in parked if alarm.site])
    found = []
    waiting = sum(1 for alarm in alarms if alarm.state is AlarmState.WAITING)
    held = sum(1 for alarm in alarms if alarm.state is AlarmState.HELD)
    found.append(f"{waiting} alarms waiting, {held} in hand, {len(parked)} parked")
    for alarm in parked[:_PARKED_NAMED]:
        where = refs[alarm.site].name if alarm.site in refs else alarm.account
        found.append(f"Parked: {alarm.words}, {where}: {alarm.park_reason}")
    tests = testmode.running(connection)
    found.append(f"{len(tests)} sites in test")
    tasks = connection.execute(
        select(func.count()).select_from(DeskTaskRow).where(DeskTaskRow.done_at.is_(None))
    ).scalar_one()
    found.append(f"{tasks} tasks of the service desk open")
    return found

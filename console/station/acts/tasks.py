"""The service desk's own list: what somebody must do in office hours. Never mixed with alarms (D2, A4)."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from console.station.acts.caller import Caller
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store.ledger import Ledger
from models.records import Actor, ErrorCode
from models.tables import DeskTaskRow


def open_task(ledger: Ledger, actor: Actor, kind: str, words: str, *, matter: str, site: str | None = None) -> int:
    """Open a task, or find the one that is open for the same ``matter``; returns its number.

    ``kind`` is for people to filter by (``wrong number``, ``hours``); ``words`` is one sentence that says what to do.
    """
    found = ledger.connection.execute(
        select(DeskTaskRow.id).where(DeskTaskRow.matter == matter, DeskTaskRow.done_at.is_(None))
    ).scalar()
    if found is not None:
        return int(found)
    seq = ledger.append("task-opened", actor, f"Task for the service desk · {words}", site=site, data={"kind": kind})
    ledger.connection.execute(
        insert(DeskTaskRow).values(
            id=seq, kind=kind, site=site, matter=matter, words=words, opened_at=ledger.now, opened_by=actor.name
        )
    )
    return seq


def finish(ledger: Ledger, caller: Caller, task: int, why: str) -> None:
    """The task is done; what was done about it is said in ``why``."""
    require(caller.roles, Right.DESK_TASKS)
    row = ledger.connection.execute(select(DeskTaskRow).where(DeskTaskRow.id == task)).first()
    if row is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no task {task}.", "task")
    if row.done_at is not None:
        raise Refused(ErrorCode.WRONG_STATE, f"{row.done_by} did this task already.")
    if not why.strip():
        raise Refused(ErrorCode.INVALID, "Say what was done.", "why")
    ledger.connection.execute(
        update(DeskTaskRow)
        .where(DeskTaskRow.id == task)
        .values(done_at=ledger.now, done_by=caller.name, done_why=why.strip())
    )
    ledger.append(
        "task-done", caller.actor, f"Task done: {row.words} · {why.strip()}", site=row.site, data={"task": task}
    )

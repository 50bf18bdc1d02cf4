"""Asking: a supervisor for help with an alarm in hand, or its holder for the alarm (rulebook H, "ask"; issue 6)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Row

from console.station.acts.caller import Caller
from console.station.rules import transitions
from console.station.rules.alarm import Alarm
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import alarms as alarm_store
from console.station.store.asking import open_asks
from console.station.store.ledger import Ledger
from models.records import Actor, AlarmState, Ask, AskEnd, AskKind, ErrorCode
from models.tables import HelpRequestRow

_ASKED = {AskKind.HELP: "help-asked", AskKind.ALARM: "alarm-asked"}


def ask(ledger: Ledger, caller: Caller, kind: AskKind, alarm_id: str, words: str) -> tuple[Ask, ...]:
    """Ask; nothing changes about the alarm. Answers with everything that is open now."""
    require(caller.roles, Right.HANDLE)
    alarm = alarm_store.by_id(ledger.connection, alarm_id)
    if alarm is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no alarm {alarm_id}.", "alarm")
    if kind is AskKind.HELP:
        transitions.require_holder(alarm, caller.hand)
        said = f"{caller.name} asks for help with {alarm.words}"
    else:
        if alarm.state is not AlarmState.HELD:
            raise Refused(ErrorCode.NOT_HELD, f"{alarm.id} is {alarm.state.value}: it can be taken.", "alarm")
        if (alarm.holder, alarm.workstation) == (caller.login, caller.workstation):
            raise Refused(ErrorCode.WRONG_STATE, f"{alarm.id} is already in your hands.", "alarm")
        said = f"{caller.name} asks {alarm.holder_name} for {alarm.words}"
    mine = (
        HelpRequestRow.alarm == alarm.id,
        HelpRequestRow.kind == kind.value,
        HelpRequestRow.login == caller.login,
        HelpRequestRow.workstation == caller.workstation,
        HelpRequestRow.ended_at.is_(None),
    )
    if ledger.connection.execute(select(HelpRequestRow.id).where(*mine)).first() is not None:
        raise Refused(ErrorCode.WRONG_STATE, "You have asked already, and nobody has answered yet.", "alarm")
    text = words.strip()
    seq = _append(ledger, caller.actor, _ASKED[kind], f"{said}: {text}" if text else said, alarm)
    ledger.connection.execute(
        insert(HelpRequestRow).values(
            id=seq,
            kind=kind.value,
            alarm=alarm.id,
            login=caller.login,
            by=caller.name,
            workstation=caller.workstation,
            at=ledger.now,
            words=text,
            ended_at=None,
            ended_by="",
            how="",
            answer="",
        )
    )
    return open_asks(ledger.connection)


def answer(ledger: Ledger, caller: Caller, number: int, words: str) -> tuple[Ask, ...]:
    """Answer: a supervisor whoever asks for help, its holder whoever asks for an alarm (or a supervisor for them)."""
    row = _open(ledger, number)
    alarm = alarm_store.by_id(ledger.connection, row.alarm)
    assert alarm is not None
    holder = (alarm.holder, alarm.workstation) == (caller.login, caller.workstation)
    if row.kind == AskKind.HELP.value or not holder:
        require(caller.roles, Right.ANSWER)
    else:
        require(caller.roles, Right.HANDLE)
    text = words.strip()
    said = f"{caller.name} answers {row.by}"
    _end(ledger, row, alarm, caller.actor, AskEnd.ANSWERED, f"{said}: {text}" if text else said, text)
    return open_asks(ledger.connection)


def withdraw(ledger: Ledger, caller: Caller, number: int) -> tuple[Ask, ...]:
    """Take back what one asked oneself."""
    row = _open(ledger, number)
    if row.login != caller.login:
        raise Refused(ErrorCode.NOT_ALLOWED, f"Only {row.by} may take that back.")
    alarm = alarm_store.by_id(ledger.connection, row.alarm)
    assert alarm is not None
    _end(ledger, row, alarm, caller.actor, AskEnd.WITHDRAWN, f"{caller.name} asks no longer", "")
    return open_asks(ledger.connection)


def left_hands(ledger: Ledger, alarm: Alarm, actor: Actor) -> None:
    """``alarm`` was closed, given back, or is in other hands: what was asked about it is over, or answered by that."""
    rows = ledger.connection.execute(
        select(HelpRequestRow)
        .where(HelpRequestRow.alarm == alarm.id, HelpRequestRow.ended_at.is_(None))
        .order_by(HelpRequestRow.id)
    ).all()
    for row in rows:
        given = row.kind == AskKind.ALARM.value and (alarm.holder, alarm.workstation) == (row.login, row.workstation)
        taken = row.kind == AskKind.HELP.value and alarm.state is AlarmState.HELD
        how = AskEnd.ANSWERED if given or taken else AskEnd.OVER
        words = f"{alarm.id} is in the hands of {alarm.holder_name}" if alarm.holder else f"{alarm.id} is {alarm.state}"
        _end(ledger, row, alarm, actor, how, f"What {row.by} asked is {how.value}: {words}", words)


def _open(ledger: Ledger, number: int) -> Row[Any]:
    row = ledger.connection.execute(select(HelpRequestRow).where(HelpRequestRow.id == number)).first()
    if row is None:
        raise Refused(ErrorCode.NOT_FOUND, f"Nobody asked anything under number {number}.", "number")
    if row.ended_at is not None:
        by = f" by {row.ended_by}" if row.ended_by else ""
        raise Refused(ErrorCode.CHANGED, f"That is {row.how} already{by}.", "number")
    return row


def _end(ledger: Ledger, row: Row[Any], alarm: Alarm, actor: Actor, how: AskEnd, text: str, words: str) -> None:
    ledger.connection.execute(
        update(HelpRequestRow)
        .where(HelpRequestRow.id == row.id)
        .values(ended_at=ledger.now, ended_by=actor.name, how=how.value, answer=words)
    )
    _append(ledger, actor, f"ask-{how.value}", text, alarm, data={"asked": row.id, "by": row.by})


def _append(
    ledger: Ledger, actor: Actor, kind: str, text: str, alarm: Alarm, data: dict[str, object] | None = None
) -> int:
    return ledger.append(
        kind,
        actor,
        text,
        site=alarm.site,
        account=alarm.account,
        alarm=alarm.id,
        priority=alarm.priority,
        data=data,
    )

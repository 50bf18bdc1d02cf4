"""A call through the exchange: which attempt it is for, and its end in the journal (G3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Row, select

from console.station.acts.caller import STATION, Caller
from console.station.rules import calling, transitions
from console.station.rules.calling import Line
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import alarms as alarm_store
from console.station.store.ledger import Ledger
from console.station.store.sites import journaled_number
from models.records import ErrorCode
from models.tables import AttemptRow


@dataclass(frozen=True, slots=True)
class Called:
    """An attempt that runs, and the telephone that it is made from."""

    attempt: int
    alarm: str
    number: str = field(repr=False)
    extension: str
    by: str
    workstation: str


def called(connection: Connection, caller: Caller, alarm_id: str, extension: str) -> Called:
    """The call that ``caller`` began on an alarm in their hands. The number is the journal's, never the request's."""
    attempt = running(connection, caller, alarm_id)
    if attempt is None:
        raise Refused(ErrorCode.WRONG_STATE, "No call is running on this alarm.", "alarm")
    return Called(attempt.id, alarm_id, attempt.number, extension, caller.name, caller.workstation)


def running(connection: Connection, caller: Caller, alarm_id: str) -> Row[int, str] | None:
    """The attempt that runs on an alarm; refused where the alarm is not in the caller's hands."""
    require(caller.roles, Right.HANDLE)
    alarm = alarm_store.by_id(connection, alarm_id)
    if alarm is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no alarm {alarm_id}.", "alarm")
    transitions.require_holder(alarm, caller.hand)
    return connection.execute(
        select(AttemptRow.id, AttemptRow.number)
        .where(AttemptRow.alarm == alarm_id, AttemptRow.outcome.is_(None))
        .order_by(AttemptRow.id.desc())
    ).first()


def journal_line(call: Called, line: Line) -> Callable[[Ledger], None]:
    """One entry for the whole of a call; a private number by its last two digits (I9)."""

    def act(ledger: Ledger) -> None:
        alarm = alarm_store.by_id(ledger.connection, call.alarm)
        number = journaled_number(ledger.connection, call.number)
        times = {
            "began": line.began_at,
            "picked-up": line.picked_up_at,
            "rang": line.rang_at,
            "answered": line.answered_at,
            "ended": line.ended_at,
        }
        ledger.append(
            "line",
            STATION,
            f"{calling.words(line, number)} · extension {call.extension}, {call.by} at {call.workstation}",
            site=alarm.site if alarm else None,
            account=alarm.account if alarm else None,
            alarm=call.alarm,
            priority=alarm.priority if alarm else None,
            data={
                "attempt": call.attempt,
                "number": number,
                "extension": call.extension,
                "by": call.by,
                "workstation": call.workstation,
                "talked_s": line.talked_s,
                "cause": line.cause,
                **{name: time.isoformat() for name, time in times.items() if time is not None},
            },
        )

    return act

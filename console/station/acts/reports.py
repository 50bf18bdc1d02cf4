"""Reports by e-mail: set up and changed by supervisors, handed out and accounted for by the station (G6, H).

That one is handed out is journaled before it leaves; what became of it, after. :func:`due` and :func:`to_send` only
read; the acts decide again under the journal's lock, so that of several stations one alone hands out or sends.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from console.station.acts import tasks
from console.station.acts.caller import STATION, Caller
from console.station.acts.handing_out import journal_handed_out
from console.station.mail.settings import MailSettings
from console.station.rules import reports as rule
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store.ledger import Ledger
from models.records import ErrorCode, ReportPlan, Reports, ReportView
from models.tables import LetterRow, ReportRow

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240))
"""Between the tries; after the last of them it is given up, some seven hours after the first."""
LEASE = timedelta(minutes=15)
"""A station that tries has so long, longer than any letter takes; then another takes it for dead and tries."""
_MOST = 200


def show(connection: Connection, settings: MailSettings | None) -> Reports:
    """All that there are, the next first."""
    rows = connection.execute(
        select(ReportRow.__table__).where(ReportRow.removed == 0).order_by(ReportRow.next_at, ReportRow.id)
    )
    return Reports(
        reports=tuple(_view(row) for row in rows),
        sender="" if settings is None else settings.sender,
        domains=() if settings is None else settings.domains,
    )


def _view(row: Row[Any]) -> ReportView:
    return ReportView(
        id=row.id,
        version=row.version,
        plan=ReportPlan.model_validate_json(row.plan),
        by=row.by,
        next_at=row.next_at,
        last_at=row.last_at,
        last_words=row.last_words,
        last_failed=bool(row.last_failed),
    )


# -- set up by people -----------------------------------------------------------------------------


def add(ledger: Ledger, caller: Caller, settings: MailSettings | None, plan: ReportPlan) -> int:
    """Set a report up; returns its number."""
    require(caller.roles, Right.HAND_OVER)
    _check(settings, plan)
    there = select(ReportRow.id).where(ReportRow.removed == 0)
    if len(ledger.connection.execute(there).all()) >= _MOST:
        raise Refused(ErrorCode.INVALID, f"There are {_MOST} reports already: remove one first.", "name")
    seq = ledger.append(
        "report-scheduled", caller.actor, f"Report by e-mail set up: {_said(plan)}", data=plan.model_dump(mode="json")
    )
    ledger.connection.execute(
        insert(ReportRow).values(
            id=seq,
            version=1,
            plan=plan.model_dump_json(),
            by=caller.name,
            next_at=rule.following(plan, ledger.now) if plan.on else None,
            removed=0,
            last_at=None,
            last_words="",
            last_failed=0,
        )
    )
    return seq


def change(
    ledger: Ledger, caller: Caller, settings: MailSettings | None, report: int, version: int, plan: ReportPlan
) -> None:
    """Change it, or switch it on or off; a letter that is under way goes on as it is."""
    require(caller.roles, Right.HAND_OVER)
    row = _row(ledger.connection, report, version)
    if plan.on:
        _check(settings, plan)
    before = ReportPlan.model_validate_json(row.plan)
    ledger.connection.execute(
        update(ReportRow)
        .where(ReportRow.id == report)
        .values(
            version=row.version + 1,
            plan=plan.model_dump_json(),
            by=caller.name,
            next_at=rule.following(plan, ledger.now) if plan.on else None,
        )
    )
    ledger.append(
        "report-changed",
        caller.actor,
        f"Report by e-mail changed: {_said(plan)}",
        data={
            "report": report,
            "before": before.model_dump(mode="json"),
            "after": plan.model_dump(mode="json"),
        },
    )


def remove(ledger: Ledger, caller: Caller, report: int, version: int) -> None:
    """It goes out no more."""
    require(caller.roles, Right.HAND_OVER)
    row = _row(ledger.connection, report, version)
    ledger.connection.execute(
        update(ReportRow).where(ReportRow.id == report).values(version=row.version + 1, removed=1, next_at=None)
    )
    said = _said(ReportPlan.model_validate_json(row.plan))
    ledger.append("report-removed", caller.actor, f"Report by e-mail removed: {said}", data={"report": report})


def _row(connection: Connection, report: int, version: int) -> Row[Any]:
    row = connection.execute(select(ReportRow.__table__).where(ReportRow.id == report, ReportRow.removed == 0)).first()
    if row is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no report {report}.", "report")
    if row.version != version:
        raise Refused(ErrorCode.CHANGED, "This report was changed meanwhile: look at it again.", "version")
    return row


def _check(settings: MailSettings | None, plan: ReportPlan) -> None:
    if settings is None:
        words = "This station has no mail server: whoever keeps it starts it with --smtp."
        raise Refused(ErrorCode.WRONG_STATE, words)
    for address in plan.to:
        if not settings.may(address):
            allowed = ", ".join(settings.domains)
            raise Refused(ErrorCode.INVALID, f"{address} is not of a domain that is allowed: {allowed}.", "to")


def _said(plan: ReportPlan) -> str:
    return f"{plan.name}, {rule.words(plan)}, to {', '.join(plan.to)}" + ("" if plan.on else ", off")


# -- handed out by the station --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is to go out now."""

    report: int
    version: int
    due: datetime
    """When it was to."""
    missed: int
    """How many times before it the station did not run."""
    plan: ReportPlan


def due(connection: Connection, now: datetime) -> list[Due]:
    """What is to go out: of each report the latest time alone."""
    rows = connection.execute(
        select(ReportRow.__table__).where(ReportRow.next_at <= now).order_by(ReportRow.next_at).limit(_MOST)
    )
    found = []
    for row in rows:
        plan = ReportPlan.model_validate_json(row.plan)
        at, missed = rule.latest(plan, row.next_at, now)
        found.append(Due(row.id, row.version, at, missed, plan))
    return found


def period_of(one: Due) -> tuple[datetime, datetime]:
    """What it is of."""
    return rule.period(one.plan, one.due)


def hand_out(ledger: Ledger, one: Due, what: str, selection: str, head: int, host: str) -> int | None:
    """Journal that it is handed out, and put it on its way; None where another station did so meanwhile."""
    if not _still_due(ledger, one):
        return None
    to = ", ".join(one.plan.to)
    seq = journal_handed_out(ledger, STATION, f"{what}, report “{one.plan.name}”", f"e-mail to {to}", selection)
    begin, end = period_of(one)
    # Told by report and time alone: whoever hands it out, it is the same letter.
    name = f"{one.report}.{one.due:%Y%m%d%H%M}"
    ledger.connection.execute(
        insert(LetterRow).values(
            id=seq,
            report=one.report,
            message_id=f"<vigie.{ledger.head.journal_id[:12]}.{name}@{host}>",
            plan=one.plan.model_dump_json(),
            from_at=begin,
            to_at=end,
            head=head,
            left=json.dumps(one.plan.to),
            tries=0,
            next_try=ledger.now,
        )
    )
    return seq


def cannot(ledger: Ledger, one: Due, why: str) -> None:
    """It cannot be made as it is asked for: told, and left for somebody to change."""
    if _still_due(ledger, one):
        words, data = f"Report not made: {one.plan.name}. {why}", {"report": one.report, "due": one.due.isoformat()}
        _failed(ledger, one.report, words, data)


def _still_due(ledger: Ledger, one: Due) -> bool:
    row = ledger.connection.execute(
        select(ReportRow.__table__).where(ReportRow.id == one.report, ReportRow.version == one.version)
    ).first()
    if row is None or row.next_at is None or row.next_at > one.due:
        return False
    following = rule.following(one.plan, one.due)
    ledger.connection.execute(update(ReportRow).where(ReportRow.id == one.report).values(next_at=following))
    if one.missed:
        words = f"Report by e-mail missed {one.missed} times, the station did not run: {one.plan.name}"
        ledger.append("report-missed", STATION, words, data={"report": one.report, "missed": one.missed})
    return True


# -- on its way -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Underway:
    """A letter and to whom it is to go still."""

    id: int
    report: int
    message_id: str
    plan: ReportPlan
    from_at: datetime
    to_at: datetime
    head: int
    left: tuple[str, ...]
    tries: int


def to_send(connection: Connection, now: datetime) -> bool:
    """Whether any is to be tried now."""
    return connection.execute(select(LetterRow.id).where(LetterRow.next_try <= now).limit(1)).first() is not None


def claim(ledger: Ledger) -> Underway | None:
    """Take the oldest that is to be tried: for some minutes no other station does."""
    row = ledger.connection.execute(
        select(LetterRow.__table__).where(LetterRow.next_try <= ledger.now).order_by(LetterRow.id).limit(1)
    ).first()
    if row is None:
        return None
    ledger.connection.execute(
        update(LetterRow).where(LetterRow.id == row.id).values(tries=row.tries + 1, next_try=ledger.now + LEASE)
    )
    plan = ReportPlan.model_validate_json(row.plan)
    return Underway(
        row.id,
        row.report,
        row.message_id,
        plan,
        row.from_at,
        row.to_at,
        row.head,
        tuple(json.loads(row.left)),
        row.tries + 1,
    )


def came_of(
    ledger: Ledger,
    letter: Underway,
    taken: Sequence[str],
    refused: Sequence[tuple[str, str]],
    later: Sequence[tuple[str, str]],
) -> None:
    """Journal what became of a try; what is left is tried again, or given up with a task for the service desk."""
    name, now = letter.plan.name, ledger.now
    data = {"report": letter.report, "handed_out": letter.id, "message": letter.message_id}
    if taken:
        words = f"Report sent: {name}, to {', '.join(taken)}"
        ledger.append("report-sent", STATION, words, data={**data, "to": list(taken)})
        _told(ledger, letter.report, words, failed=False)
    if refused:
        said = "; ".join(f"{address}: {why}" for address, why in refused)
        _failed(ledger, letter.report, f"Report refused: {name}, {said}.", data)
    again = [address for address, _why in later]
    why = "; ".join(dict.fromkeys(why for _address, why in later))
    next_try = None
    if again and letter.tries <= len(WAITS):
        next_try = now + WAITS[letter.tries - 1]
        words = f"Report not sent yet: {name}. {why} Tried again at {next_try:%H:%M} UTC."
        if letter.tries == 1:
            ledger.append("report-delayed", STATION, words, data={**data, "to": again})
        _told(ledger, letter.report, words, failed=True)
    elif again:
        words = f"Report given up after {letter.tries} tries: {name}, to {', '.join(again)}. {why}"
        _failed(ledger, letter.report, words, data)
    ledger.connection.execute(
        update(LetterRow).where(LetterRow.id == letter.id).values(left=json.dumps(again), next_try=next_try)
    )


def _told(ledger: Ledger, report: int, words: str, *, failed: bool) -> None:
    ledger.connection.execute(
        update(ReportRow)
        .where(ReportRow.id == report)
        .values(last_at=ledger.now, last_words=words, last_failed=int(failed))
    )


def _failed(ledger: Ledger, report: int, words: str, data: dict[str, Any]) -> None:
    ledger.append("report-failed", STATION, words, data=data)
    _told(ledger, report, words, failed=True)
    tasks.open_task(ledger, STATION, "report", f"{words} Look at Reports by e-mail.", matter=f"report:{report}")

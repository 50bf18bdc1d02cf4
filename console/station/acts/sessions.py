"""Signing in and out, and the signs of life of workstations (I3, rulebook H, security)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from console.station.acts.caller import Caller
from console.station.acts.returning import return_alarm
from console.station.rules import transitions
from console.station.store import alarms as alarm_store
from console.station.store.ledger import Ledger
from models.records import Actor, ActorKind, Person, Presence, Session, StaffRole
from models.tables import OperatorRole, OperatorRow, SessionRow

SESSION_HOURS = 12


def digest(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()


def stored_password(connection: Connection, login: str) -> str | None:
    """The stored hash of somebody's password."""
    row = connection.execute(select(OperatorRow.password_hash).where(OperatorRow.login == login.lower())).first()
    return None if row is None else str(row.password_hash)


def person(connection: Connection, login: str) -> Person | None:
    """A member of staff with their roles."""
    row = connection.execute(select(OperatorRow).where(OperatorRow.login == login.lower())).first()
    if row is None:
        return None
    roles = connection.execute(select(OperatorRole.role).where(OperatorRole.login == row.login)).scalars()
    return Person(login=row.login, name=row.name, roles=tuple(StaffRole(role) for role in sorted(roles)))


def sign_in(ledger: Ledger, login: str, workstation: str, address: str) -> Session:
    """Open a session for somebody whose password was verified. A workstation has one session at a time."""
    who = person(ledger.connection, login)
    assert who is not None
    token = secrets.token_urlsafe(32)
    ledger.connection.execute(
        delete(SessionRow).where(SessionRow.login == who.login, SessionRow.workstation == workstation)
    )
    expires_at = ledger.now + timedelta(hours=SESSION_HOURS)
    ledger.connection.execute(
        insert(SessionRow).values(
            token_digest=digest(token),
            login=who.login,
            workstation=workstation,
            address=address,
            created_at=ledger.now,
            expires_at=expires_at,
            last_beat=ledger.now,
            active_at=ledger.now,
            used_at=ledger.now,
        )
    )
    ledger.append("signed-in", _actor(who, workstation, address), f"{who.name} signed in at {workstation}")
    return Session(token=token, person=who, workstation=workstation, expires_at=expires_at)


def sign_in_refused(ledger: Ledger, login: str, workstation: str, address: str) -> None:
    """Journal a wrong try; never what was typed as a password (I9)."""
    actor = Actor(kind=ActorKind.OPERATOR, name=login[:60], from_=f"{workstation}, {address}")
    ledger.append("sign-in-refused", actor, f"Wrong name or password at {workstation}")


def sign_out(ledger: Ledger, caller: Caller, token: str) -> None:
    """Close a session; what it held goes back to the queue at once."""
    ledger.connection.execute(delete(SessionRow).where(SessionRow.token_digest == digest(token)))
    for alarm in alarm_store.in_hand(ledger.connection, caller.login, caller.workstation):
        back = transitions.give_back(alarm, ledger.now, f"{caller.name} signed out")
        return_alarm(ledger, back, f"Back in the queue: {caller.name} signed out · {alarm.words}")
    ledger.append("signed-out", caller.actor, f"{caller.name} signed out at {caller.workstation}")


@dataclass(frozen=True, slots=True)
class KnownSession:
    """A session as the tables have it, and when that was read."""

    caller: Caller
    expires_at: datetime
    read_at: datetime
    locked_at: datetime | None
    used_at: datetime


def session_of(
    connection: Connection, token: str, address: str, now: datetime, longest_silence: timedelta
) -> KnownSession | None:
    """The session of ``token``; None for one that is not, or no longer, good."""
    row = connection.execute(
        select(SessionRow).where(
            SessionRow.token_digest == digest(token),
            SessionRow.expires_at > now,
            SessionRow.last_beat > now - longest_silence,
        )
    ).first()
    if row is None:
        return None
    who = person(connection, row.login)
    if who is None:
        return None
    caller = Caller(who.login, who.name, who.roles, row.workstation, address)
    return KnownSession(caller, row.expires_at, now, row.locked_at, row.used_at or row.created_at)


def unlock(connection: Connection, token: str) -> None:
    """The password was given: what is in the tables of a lock goes. Past the journal, as the lock is."""
    changed = update(SessionRow).where(SessionRow.token_digest == digest(token)).values(locked_at=None)
    connection.execute(changed)


@dataclass(frozen=True, slots=True)
class LifeSign:
    """A beat of a workstation, gathered and stored in batches."""

    token_digest: str
    at: datetime
    active_at: datetime | None
    locked_at: datetime | None
    active_alarm: str | None = None
    used_at: datetime | None = None
    """The last key or button, whatever was on the screen."""


def store_life_signs(connection: Connection, signs: Iterable[LifeSign]) -> None:
    """Write the beats gathered since the last time."""
    table = SessionRow.__table__
    connection.execute(
        update(table)  # type: ignore[arg-type]
        .where(table.c.token_digest == bindparam("which"))
        .values(
            last_beat=bindparam("beat"),
            # Inside a function the column's type is not inferred: without it the time is stored as text.
            active_at=func.coalesce(bindparam("active", type_=table.c.active_at.type), table.c.active_at),
            active_alarm=func.coalesce(bindparam("alarm", type_=table.c.active_alarm.type), table.c.active_alarm),
            used_at=func.coalesce(bindparam("used", type_=table.c.used_at.type), table.c.used_at),
            # A beat locks and never unlocks: whoever has the token alone could else.
            locked_at=func.coalesce(table.c.locked_at, bindparam("locked", type_=table.c.locked_at.type)),
        ),
        [
            {
                "which": sign.token_digest,
                "beat": sign.at,
                "active": sign.active_at,
                "alarm": sign.active_alarm,
                "used": sign.used_at,
                "locked": sign.locked_at,
            }
            for sign in signs
        ],
    )


def present(connection: Connection, alive_since: datetime) -> list[Presence]:
    """Who is at which workstation."""
    rows = connection.execute(
        select(SessionRow).where(SessionRow.last_beat >= alive_since).order_by(SessionRow.workstation)
    ).all()
    found = []
    for row in rows:
        who = person(connection, row.login)
        if who is not None:
            found.append(Presence(person=who, workstation=row.workstation))
    return found


def _actor(who: Person, workstation: str, address: str) -> Actor:
    return Actor(kind=ActorKind.OPERATOR, name=who.name, from_=f"{workstation}, {address}")

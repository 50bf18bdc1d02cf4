"""What the tables say of staff and alarms, compared with what the journal tells (I5, G4, I13).

The journal is the truth and is under the chain; the tables say how things stand now and are not. Whoever can write the
database could add an administrator or close every alarm there, and leave the journal whole. What follows from the
journal alone is worked out anew here and held against the tables.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from console.station.store import archives
from console.station.store.archives import ARCHIVED
from models.records import AlarmState
from models.tables import AlarmRow, Journal, JournalPayload, OperatorRole, OperatorRow

OPENED = "alarm-opened"
_ENDED = ("closed", "self-completed")
_GROUPED = "grouped"
"""Ends an alarm where its data names the outage in which it goes on; storms group without ending anything."""
ADDED = "operator-added"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff as an entry tells of them; None: it does not tell."""

    roles: frozenset[str]
    credential: str | None = None

    def told(self) -> dict[str, Any]:
        """As the data of an entry has it."""
        return {"roles": sorted(self.roles), "credential": self.credential}


@dataclass(slots=True)
class Staff:
    """Who was added, as the journal tells it."""

    members: dict[str, Member] = field(default_factory=dict)
    unnamed: int = 0
    """Entries that tell of somebody added, whose content was erased (I14)."""
    known: bool = True
    """False: the beginning is in archives, and no entry since says who was there."""


def credential(password_hash: str) -> str:
    """A digest of a stored password hash, which has a random salt of its own: nobody can guess a password by it."""
    return sha256(password_hash.encode()).hexdigest()


def staff(connection: Connection, up_to: int | None = None) -> Staff:
    """Who was added by entry ``up_to`` (all there are without it), by the journal alone.

    What is in archives is told by the entry of the last one (:mod:`console.station.acts.archiving`).
    """
    found, base = Staff(), 0
    for told in _contents(connection, ARCHIVED, 0):
        if isinstance(told.get("staff"), dict):
            base = int(told["last"])
            found.members = {login: _member(each) for login, each in told["staff"].items()}
            found.unnamed = int(told["unnamed"])
    found.known = base == archives.cut(connection)
    for told in _contents(connection, ADDED, base, up_to):
        if "login" in told:
            found.members[told["login"]] = _member(told)
        else:
            found.unnamed += 1
    return found


def _contents(connection: Connection, kind: str, after: int, up_to: int | None = None) -> Iterator[dict[str, Any]]:
    query = (
        select(JournalPayload.data, JournalPayload.text)
        .join_from(Journal, JournalPayload, JournalPayload.seq == Journal.seq, isouter=True)
        .where(Journal.kind == kind, Journal.seq > after)
        .order_by(Journal.seq)
    )
    for data, text in connection.execute(query if up_to is None else query.where(Journal.seq <= up_to)):
        told = _told(data)
        if kind == ADDED and "roles" not in told:
            # Earlier versions told the roles in words alone.
            told["roles"] = str(text).rpartition(" added as ")[2].split(", ")
        yield told


def _member(told: dict[str, Any]) -> Member:
    given = told.get("credential")
    return Member(frozenset(map(str, told.get("roles", ()))), None if given is None else str(given))


def _told(data: str | None) -> dict[str, Any]:
    try:
        told = json.loads(data or "{}")
    except ValueError:
        # What is no JSON was changed: the chain says so.
        return {}
    return told if isinstance(told, dict) else {}


def differences(connection: Connection) -> Iterator[str]:
    """A sentence for each thing that the tables say and the journal does not, on one snapshot."""
    yield from _staff_differences(connection)
    yield from _alarm_differences(connection)


def _staff_differences(connection: Connection) -> Iterator[str]:
    told = staff(connection)
    roles: dict[str, set[str]] = defaultdict(set)
    for login, role in connection.execute(select(OperatorRole.login, OperatorRole.role)):
        roles[login].add(role)
    there = {row.login: row.password_hash for row in connection.execute(select(OperatorRow))}
    unknown = sorted(there.keys() - told.members.keys())
    # Of somebody whose entry was erased, or is in an archive, nothing can be said.
    if told.known and len(unknown) > told.unnamed:
        for login in unknown:
            yield f"{login} can sign in as {_words(roles[login])}, and no entry tells that they were added"
    for login, member in sorted(told.members.items()):
        if login not in there:
            yield f"{login}, whom an entry says was added, is not among the staff"
            continue
        if roles[login] != member.roles:
            yield f"{login} is {_words(roles[login])}, and was added as {_words(member.roles)}"
        if member.credential not in (None, credential(there[login])):
            yield f"the password of {login} is not the one with which they were added"


def _words(roles: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(roles)) or "nothing"


def _alarm_differences(connection: Connection) -> Iterator[str]:
    opened, ended = _alarms_told(connection)
    seen: set[str] = set()
    for identifier, state, by in connection.execute(
        select(AlarmRow.id, AlarmRow.state, AlarmRow.closed_by).order_by(AlarmRow.id)
    ):
        seen.add(identifier)
        closed = state == AlarmState.CLOSED.value
        if not closed and identifier in ended:
            yield f"alarm {identifier} is {state} in the tables, and the journal says that it was ended"
        elif not closed and identifier not in opened:
            yield f"alarm {identifier} is {state} in the tables, and no entry tells that it was opened"
        elif closed and identifier in opened and identifier not in ended:
            yield f"alarm {identifier} is closed in the tables, and no entry tells that it was ended"
        elif closed and ended.get(identifier) not in (None, by):
            yield f"alarm {identifier} was closed by {ended[identifier]}, and the tables name {by or 'nobody'}"
    for identifier in sorted(opened - ended.keys() - seen):
        yield f"alarm {identifier} is open by the journal, and is not in the tables"


def _alarms_told(connection: Connection) -> tuple[set[str], dict[str, str | None]]:
    """The alarms that entries say were opened, and those ended with who ended them; None: that was erased (I14)."""
    opened: set[str] = set()
    ended: dict[str, str | None] = {}
    for kind, alarm, by, data in connection.execute(
        select(Journal.kind, Journal.alarm, JournalPayload.actor_name, JournalPayload.data)
        .join(JournalPayload, JournalPayload.seq == Journal.seq, isouter=True)
        .where(
            Journal.alarm.is_not(None),
            or_(
                Journal.kind.in_((OPENED, *_ENDED, _GROUPED)),
                # The last resort has one entry for both (acts/last_resort.py).
                and_(Journal.kind == "signal", Journal.alarm.startswith("R-")),
            ),
        )
        .order_by(Journal.seq)
    ):
        named = str(alarm)
        if kind in _ENDED or (kind == _GROUPED and (data is None or "outage" in _told(data))):
            ended[named] = by
        elif kind != _GROUPED:
            opened.add(named)
    return opened, ended

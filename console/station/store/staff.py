"""Members of staff, where they are signed in, and what each can be given."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from models.records import AlarmClass, Person, Seat, StaffMember, StaffRole, StaffSkills
from models.tables import OperatorRole, OperatorRow, OperatorSkillRow, SessionRow

_ON_SHIFT = frozenset({StaffRole.OPERATOR, StaffRole.SERVICE_DESK, StaffRole.SUPERVISOR})


def members(connection: Connection, now: datetime, lease: timedelta) -> list[StaffMember]:
    """Everybody who works on shift, by name, with their sessions.

    A workstation has one operator: who was heard last. A session that somebody else's took the place of is not told.
    """
    roles: dict[str, list[StaffRole]] = {}
    for row in connection.execute(select(OperatorRole).order_by(OperatorRole.role)):
        roles.setdefault(row.login, []).append(StaffRole(row.role))
    skills = all_skills(connection)
    seats = _seats(connection, now, lease)
    people = (
        Person(login=row.login, name=row.name, roles=tuple(roles.get(row.login, ())))
        for row in connection.execute(select(OperatorRow).order_by(OperatorRow.name, OperatorRow.login))
    )
    return [
        StaffMember(
            person=person,
            seats=tuple(seats.get(person.login, ())),
            skills=skills.get(person.login, StaffSkills()),
        )
        for person in people
        if not _ON_SHIFT.isdisjoint(person.roles)
    ]


def _seats(connection: Connection, now: datetime, lease: timedelta) -> dict[str, list[Seat]]:
    rows = list(
        connection.execute(
            select(SessionRow).where(SessionRow.expires_at > now).order_by(SessionRow.last_beat, SessionRow.created_at)
        )
    )
    newest = {row.workstation: row for row in rows}
    found: dict[str, list[Seat]] = {}
    for row in sorted(rows, key=lambda each: str(each.workstation)):
        # Whoever sat there before and is silent is not there any more. Two who answer are both there: two
        # machines may have one name, and nobody who works is "not signed in".
        if row is not newest[row.workstation] and now - row.last_beat >= lease:
            continue
        seat = Seat(
            workstation=row.workstation,
            since=row.created_at,
            last_beat=row.last_beat,
            quiet=now - row.last_beat >= lease,
            used_at=row.used_at or row.created_at,
            locked_at=row.locked_at,
        )
        found.setdefault(row.login, []).append(seat)
    return found


def all_skills(connection: Connection, logins: Iterable[str] | None = None) -> dict[str, StaffSkills]:
    """What was set for whom; who is not in it can be given everything."""
    query = select(OperatorSkillRow)
    if logins is not None:
        query = query.where(OperatorSkillRow.login.in_(list(logins)))
    return {
        row.login: StaffSkills(
            languages=tuple(json.loads(row.languages)),
            classes=tuple(AlarmClass(one) for one in json.loads(row.classes)),
            groups=tuple(json.loads(row.groups)),
            trainee=bool(row.trainee),
            version=row.version,
        )
        for row in connection.execute(query)
    }

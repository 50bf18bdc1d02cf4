"""Customers' sessions in the tables: begun, used, ended; and the sites of an ID code (A2, A8, A10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from models.records import ContactRight, CustomerDevice, CustomerSite
from models.tables import ContactRow, CustomerSessionRow, PersonRow, SiteRow

IDLE = timedelta(minutes=10)
"""A8: unused for so long, a session shows nothing any more."""
_KEPT = timedelta(days=30)
"""What is over stays for so long, for who asks about it; the journal has it for ever."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Whoever an ID code belongs to."""

    person: str
    name: str
    pin_hash: str | None
    installer: bool
    """A9: an installer's code opens no customer's view."""


def by_code(connection: Connection, code: str) -> Coded | None:
    """Whose ID code this is."""
    row = connection.execute(
        select(PersonRow.id, PersonRow.name, PersonRow.pin_hash, PersonRow.installer).where(PersonRow.id_code == code)
    ).first()
    return None if row is None else Coded(row.id, row.name, row.pin_hash, bool(row.installer))


@dataclass(frozen=True, slots=True)
class Standing:
    """A session as it stands, and whose it is."""

    session: int
    person: str
    name: str
    used_at: datetime
    open: bool
    """Neither ended, nor unused for too long, nor an installer's."""


def by_token(connection: Connection, token_digest: str, now: datetime) -> Standing | None:
    """The session of a token; None for a token that never was."""
    row = connection.execute(
        select(CustomerSessionRow, PersonRow.name, PersonRow.installer)
        .join(PersonRow, PersonRow.id == CustomerSessionRow.person)
        .where(CustomerSessionRow.token_digest == token_digest)
    ).first()
    if row is None:
        return None
    is_open = row.ended_at is None and now - row.used_at < IDLE and not row.installer
    return Standing(row.id, row.person, row.name, row.used_at, is_open)


def begin(connection: Connection, seq: int, person: str, token_digest: str, device: str, now: datetime) -> None:
    """A new session beside its journal entry; what of this person was over long ago goes."""
    connection.execute(
        delete(CustomerSessionRow).where(CustomerSessionRow.person == person, CustomerSessionRow.used_at < now - _KEPT)
    )
    connection.execute(
        insert(CustomerSessionRow).values(
            id=seq, token_digest=token_digest, person=person, device=device, begun_at=now, used_at=now
        )
    )


def used(connection: Connection, session: int, now: datetime) -> None:
    """It is in use now; one that was ended meanwhile stays ended."""
    connection.execute(
        update(CustomerSessionRow)
        .where(CustomerSessionRow.id == session, CustomerSessionRow.ended_at.is_(None))
        .values(used_at=now)
    )


def open_of(connection: Connection, person: str, now: datetime) -> list[CustomerDevice]:
    """The open sessions of a person, the one that was used last first."""
    rows = connection.execute(
        select(CustomerSessionRow)
        .where(CustomerSessionRow.person == person, *_open(now))
        .order_by(CustomerSessionRow.used_at.desc(), CustomerSessionRow.id.desc())
    )
    return [CustomerDevice(device=row.device, begun_at=row.begun_at, used_at=row.used_at) for row in rows]


def end(connection: Connection, person: str, now: datetime, by: str, session: int | None = None) -> int:
    """End all sessions of a person, or that one; returns how many of them were open.

    Those that nobody used for too long are ended as well: no change of the clock brings them back.
    """
    which: list[ColumnElement[bool]] = [CustomerSessionRow.person == person]
    if session is not None:
        which.append(CustomerSessionRow.id == session)
    count = len(connection.execute(select(CustomerSessionRow.id).where(*which, *_open(now))).all())
    connection.execute(
        update(CustomerSessionRow)
        .where(*which, CustomerSessionRow.ended_at.is_(None))
        .values(ended_at=now, ended_by=by)
    )
    return count


def forget(connection: Connection, people: Sequence[str]) -> None:
    """Persons go, and their sessions with them."""
    connection.execute(delete(CustomerSessionRow).where(CustomerSessionRow.person.in_(people)))


def sites(connection: Connection, person: str) -> list[CustomerSite]:
    """The sites where a person is a contact, by name (A2); twice a contact of one site is one site."""
    found: dict[str, CustomerSite] = {}
    for row in connection.execute(
        select(SiteRow, ContactRow.rights)
        .join(ContactRow, ContactRow.site == SiteRow.id)
        .where(ContactRow.person == person)
        .order_by(SiteRow.name, SiteRow.id, ContactRow.position)
    ):
        before = found[row.id].rights if row.id in found else ()
        may = {*before, *(ContactRight(right) for right in row.rights.split(",") if right)}
        found[row.id] = CustomerSite(
            id=row.id,
            name=row.name,
            street=row.street,
            postcode=row.postcode,
            town=row.town,
            rights=tuple(right for right in ContactRight if right in may),
        )
    return list(found.values())


def _open(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return CustomerSessionRow.ended_at.is_(None), CustomerSessionRow.used_at > now - IDLE

"""Accounts of staff, systems and sites: what subcommands and the first run change. Every change is journaled (G4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from console.station.rules.overrides import changed_overrides, read_overrides, write_overrides
from console.station.rules.refusal import Refused
from console.station.store import outages, site_file, site_words
from console.station.store.ledger import Ledger
from console.station.store.secrets import Secrets
from models.records import Actor, ActorKind, ErrorCode, StaffRole
from models.tables import (
    AreaRow,
    ContactRow,
    OperatorRole,
    OperatorRow,
    PersonNumberRow,
    PersonRow,
    SiteRow,
    SystemRow,
    ZoneRow,
)

SHORTEST_INTERVAL_S, LONGEST_INTERVAL_S = 10, 7 * 24 * 3600


def local(who: str) -> Actor:
    """Somebody with a shell on the station's machine."""
    return Actor(kind=ActorKind.LOCAL, name=who, from_="command line")


@dataclass(frozen=True, slots=True)
class NewOperator:
    """A member of staff to be added; the password is hashed already."""

    login: str
    name: str
    roles: tuple[StaffRole, ...]
    password_hash: str = field(repr=False)


def add_operator(ledger: Ledger, actor: Actor, operator: NewOperator) -> None:
    """Add a member of staff; refused where the name exists."""
    login = operator.login.strip().lower()
    if not login or len(login) > 60 or not login.isprintable() or "/" in login:
        raise Refused(ErrorCode.INVALID, "A name has 1 to 60 printable characters and no slash.", "operator")
    if not operator.name.strip() or len(operator.name) > 200 or not operator.name.isprintable():
        raise Refused(ErrorCode.INVALID, "The name shown has 1 to 200 printable characters.", "name")
    exists = ledger.connection.execute(select(OperatorRow.login).where(OperatorRow.login == login)).first()
    if exists is not None:
        raise Refused(ErrorCode.INVALID, f"An operator named {login} exists already.", "operator")
    ledger.connection.execute(
        insert(OperatorRow).values(login=login, name=operator.name.strip(), password_hash=operator.password_hash)
    )
    ledger.connection.execute(
        insert(OperatorRole), [{"login": login, "role": role.value} for role in dict.fromkeys(operator.roles)]
    )
    roles = ", ".join(role.value for role in operator.roles)
    ledger.append("operator-added", actor, f"Operator {operator.name} added as {roles}", data={"login": login})


def add_first_operator(ledger: Ledger, operator: NewOperator) -> None:
    """Add the first administrator; refused once there is anybody."""
    count = ledger.connection.execute(select(func.count()).select_from(OperatorRow)).scalar_one()
    if count:
        raise Refused(ErrorCode.NOT_ALLOWED, "This station has an administrator already.", "token")
    add_operator(ledger, Actor(kind=ActorKind.LOCAL, name=operator.name, from_="first run"), operator)


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """What ``vigie account set`` changes; None leaves a setting as it is."""

    account: str
    key_hex: str | None = field(default=None, repr=False)
    clear_allowed: bool | None = None
    check_clear_time: bool | None = None
    window_before_s: int | None = None
    """-1: time is not checked."""
    window_after_s: int | None = None
    interval_s: int | None = None
    """Supervision interval in seconds; 0: its silence says nothing."""
    margin_s: int | None = None
    provider: str | None = None
    lenient_length: bool | None = None
    """Whether a frame with a good CRC and a wrong length is taken (dc09.md §6)."""
    lone_ack: bool | None = None
    """Whether its panel waits for the byte 06 in place of an ACK frame (dc09.md §6, 12)."""
    overrides: tuple[str, ...] = ()
    """``CODE=KIND`` sets what this vendor means by a code, ``CODE=`` takes it back."""


def set_account(ledger: Ledger, secrets: Secrets, actor: Actor, settings: AccountSettings) -> None:
    """Change a system's key and policy; refused for an account that no site has. The key is never journaled (I9)."""
    account = settings.account.strip().upper()
    row = ledger.connection.execute(select(SystemRow).where(SystemRow.account == account)).first()
    if row is None:
        raise Refused(ErrorCode.NOT_FOUND, f"No site has the account {account}.", "account")
    changes: dict[str, Any] = {}
    if settings.key_hex is not None:
        changes["sealed_key"] = secrets.seal(bytes.fromhex(settings.key_hex), key_purpose(account))
    for name in ("clear_allowed", "check_clear_time", "lenient_length", "lone_ack"):
        value = getattr(settings, name)
        if value is not None:
            changes[name] = int(value)
    for name in ("window_before_s", "window_after_s"):
        if getattr(settings, name) is not None:
            changes[name] = getattr(settings, name)
    changes.update(supervision(settings.interval_s, settings.margin_s, settings.provider))
    if settings.overrides:
        changes["overrides"] = write_overrides(changed_overrides(read_overrides(row.overrides), settings.overrides))
    if not changes:
        raise Refused(ErrorCode.INVALID, "Nothing to change was given.")
    if "link_lost_at" in changes:
        outages.supervised_no_longer(ledger.connection, [account], ledger.now)
    ledger.connection.execute(update(SystemRow).where(SystemRow.account == account).values(changes))
    shown = {name: ("changed" if name == "sealed_key" else value) for name, value in changes.items()}
    ledger.append(
        "account-set",
        actor,
        f"Account {account} set: {', '.join(name.replace('_', ' ') for name in shown)}".replace("sealed key", "key"),
        site=row.site,
        account=account,
        data={name.replace("sealed_key", "key"): value for name, value in shown.items()},
    )


def supervision(
    interval_s: int | None = None, margin_s: int | None = None, provider: str | None = None
) -> dict[str, Any]:
    """A system's columns of link supervision; refused with the field's name where a figure cannot be meant.

    None leaves a setting as it is; an interval of 0 ends the supervision.
    """
    changes: dict[str, Any] = {}
    if interval_s is not None:
        if interval_s and not SHORTEST_INTERVAL_S <= interval_s <= LONGEST_INTERVAL_S:
            raise Refused(
                ErrorCode.INVALID,
                f"A supervision interval is {SHORTEST_INTERVAL_S} to {LONGEST_INTERVAL_S} seconds, or 0 for none.",
                "interval",
            )
        changes["interval_s"] = interval_s or None
        # A new interval counts from now; what was told of the old one is over.
        changes["link_lost_at"] = None
    if margin_s is not None:
        if not 0 <= margin_s <= LONGEST_INTERVAL_S:
            raise Refused(ErrorCode.INVALID, f"A margin is 0 to {LONGEST_INTERVAL_S} seconds.", "margin")
        changes["margin_s"] = margin_s
    if provider is not None:
        named = provider.strip()
        if len(named) > 100 or not named.isprintable():
            raise Refused(ErrorCode.INVALID, "A provider has at most 100 printable characters.", "provider")
        changes["provider"] = named
    return changes


def key_purpose(account: str) -> str:
    """What an account's key is sealed for."""
    return f"key of account {account}"


def word_purpose(contact: str, which: str) -> str:
    """What a contact's code or duress word is sealed for."""
    return f"{which} word of contact {contact}"


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact in an imported site."""

    name: str
    numbers: tuple[tuple[str, str], ...]
    code_word: str | None = field(default=None, repr=False)
    duress_word: str | None = field(default=None, repr=False)
    role: str = ""
    languages: str = ""
    away_from: datetime | None = None
    away_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewSystem:
    """A system in an imported site."""

    account: str
    key_hex: str | None = field(repr=False)
    clear_allowed: bool
    interval_s: int | None = None
    """Supervision interval, margin and provider; None leaves what was set (link supervision)."""
    margin_s: int | None = None
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class NewSite:
    """A site to be imported, whole: what it replaces is removed."""

    id: str
    name: str
    street: str = ""
    postcode: str = ""
    town: str = ""
    access: str = ""
    instructions: str = ""
    premises_number: str | None = None
    systems: tuple[NewSystem, ...] = ()
    areas: tuple[tuple[str, str], ...] = ()
    """(number, name)"""
    zones: tuple[tuple[str, str, str, str], ...] = ()
    """(area, number, name, kind)"""
    contacts: tuple[NewContact, ...] = ()


def import_sites(ledger: Ledger, secrets: Secrets, actor: Actor, sites: tuple[NewSite, ...], source: str) -> int:
    """Bring sites in, all or none; a site that exists is replaced.

    The states of its areas stay, and what was set for its accounts and no file says: times, lengths, overrides.
    """
    taken = {
        row.account: row.site
        for row in ledger.connection.execute(
            select(SystemRow.account, SystemRow.site).where(
                SystemRow.account.in_([system.account for site in sites for system in site.systems])
            )
        )
    }
    for site in sites:
        for system in site.systems:
            if taken.get(system.account, site.id) != site.id:
                raise Refused(
                    ErrorCode.INVALID,
                    f"Account {system.account} belongs to site {taken[system.account]} already.",
                    "account",
                )
    for site in sites:
        _replace(ledger, secrets, site)
        site_words.refresh(ledger.connection, [site.id])
        ledger.append(
            "site-imported",
            actor,
            f"Site {site.name} imported: {len(site.systems)} systems, {len(site.zones)} zones, "
            f"{len(site.contacts)} contacts",
            site=site.id,
            data={"accounts": [system.account for system in site.systems], "source": source},
        )
    return len(sites)


def _replace(ledger: Ledger, secrets: Secrets, site: NewSite) -> None:
    connection = ledger.connection
    columns = {
        "name": site.name,
        "street": site.street,
        "postcode": site.postcode,
        "town": site.town,
        "access": site.access,
        "instructions": site.instructions,
        "premises_number": site.premises_number,
    }
    if connection.execute(select(SiteRow.id).where(SiteRow.id == site.id)).first() is None:
        connection.execute(insert(SiteRow).values(id=site.id, timezone="Europe/Brussels", **columns))
    else:
        connection.execute(update(SiteRow).where(SiteRow.id == site.id).values(columns))
    known = {
        row["account"]: dict(row)
        for row in connection.execute(select(SystemRow.__table__).where(SystemRow.site == site.id)).mappings()
    }
    states = {row.area: row for row in connection.execute(select(AreaRow).where(AreaRow.site == site.id))}
    connection.execute(delete(AreaRow).where(AreaRow.site == site.id))
    _remove_contacts(connection, site.id)
    for table in (ZoneRow, SystemRow):
        connection.execute(delete(table).where(table.site == site.id))
    gone = known.keys() - {system.account for system in site.systems}
    outages.supervised_no_longer(connection, gone, ledger.now)
    for system in site.systems:
        # What the file has no column for stays as it was set.
        row = {**known.get(system.account, {}), **_system_row(secrets, site.id, system)}
        connection.execute(insert(SystemRow).values(row))
    _insert(
        ledger,
        AreaRow,
        [
            {
                "site": site.id,
                "area": area,
                "name": name,
                "state": states[area].state if area in states else None,
                "state_at": states[area].state_at if area in states else None,
                "state_by": states[area].state_by if area in states else "",
            }
            for area, name in site.areas
        ],
    )
    _insert(
        ledger,
        ZoneRow,
        [
            {"site": site.id, "area": area, "zone": zone, "name": name, "kind": kind}
            for area, zone, name, kind in site.zones
        ],
    )
    for position, contact in enumerate(site.contacts, 1):
        _add_contact(ledger, secrets, site.id, position, contact)


def _insert(ledger: Ledger, table: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        ledger.connection.execute(insert(table), rows)


def _system_row(secrets: Secrets, site: str, system: NewSystem) -> dict[str, Any]:
    row: dict[str, Any] = {
        "account": system.account,
        "site": site,
        "sealed_key": system.key_hex and secrets.seal(bytes.fromhex(system.key_hex), key_purpose(system.account)),
        "clear_allowed": int(system.clear_allowed),
    }
    linked = supervision(system.interval_s, system.margin_s, system.provider)
    # An import that brings the same interval again says nothing about a link that is lost.
    linked.pop("link_lost_at", None)
    return {**row, **linked}


def _add_contact(ledger: Ledger, secrets: Secrets, site: str, position: int, contact: NewContact) -> None:
    identifier = f"{site}-{position}"
    ledger.connection.execute(insert(PersonRow).values(id=identifier, name=contact.name, languages=contact.languages))
    ledger.connection.execute(
        insert(ContactRow).values(
            id=identifier,
            site=site,
            person=identifier,
            position=position,
            role=contact.role,
            sealed_code_word=contact.code_word and secrets.seal(contact.code_word, word_purpose(identifier, "code")),
            sealed_duress_word=contact.duress_word
            and secrets.seal(contact.duress_word, word_purpose(identifier, "duress")),
            away_from=contact.away_from,
            away_until=contact.away_until,
        )
    )
    _insert(
        ledger,
        PersonNumberRow,
        [
            {"person": identifier, "position": index, "label": label, "number": number}
            for index, (label, number) in enumerate(contact.numbers)
        ],
    )


def _remove_contacts(connection: Connection, site: str) -> None:
    people = connection.execute(select(ContactRow.person).where(ContactRow.site == site)).scalars().all()
    connection.execute(delete(ContactRow).where(ContactRow.site == site))
    site_file.forget_people(connection, people)

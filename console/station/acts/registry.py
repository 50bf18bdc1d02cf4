"""Accounts of staff, systems and sites: what subcommands and the first run change. Every change is journaled (G4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from console.station.rules.brought import Brought
from console.station.rules.lines import one_line
from console.station.rules.overrides import changed_overrides, read_overrides, write_overrides
from console.station.rules.refusal import Refused
from console.station.store import outages
from console.station.store.ledger import Ledger
from console.station.store.secrets import Secrets, key_purpose
from console.station.store.standing import ADDED, Member, credential
from models.records import Actor, ActorKind, AreaHours, ContactRight, ErrorCode, StaffRole
from models.tables import (
    CustomerSessionRow,
    OperatorRole,
    OperatorRow,
    SessionRow,
    SystemRow,
)

SHORTEST_INTERVAL_S, LONGEST_INTERVAL_S = 10, 7 * 24 * 3600


def local(who: str) -> Actor:
    """Somebody with a shell on the station's machine."""
    return Actor(kind=ActorKind.LOCAL, name=one_line(who), from_="command line")


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
    roles = [role.value for role in dict.fromkeys(operator.roles)]
    member = Member(frozenset(roles), credential(operator.password_hash))
    words = f"Operator {operator.name} added as {', '.join(roles)}"
    ledger.append(ADDED, actor, words, data={"login": login, **member.told()})


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
    rights: tuple[ContactRight, ...] = ()
    """Without any they are called for information only."""


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
    """A site as the file of one table has it."""

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
    hours: tuple[tuple[str, AreaHours], ...] = ()
    """(area, its supervised hours); the changes of single days that are kept stay."""

    def brought(self) -> Brought:
        """The same as what is compared with what is kept; what it does not say is left as it is."""
        details = {name: one_line(getattr(self, name)) for name in ("name", "street", "postcode", "town")}
        more = {name: getattr(self, name) for name in ("access", "instructions", "premises_number")}
        return Brought(
            site=self.id,
            details=details | {name: value for name, value in more.items() if value},
            systems=[_system_fields(system) for system in self.systems],
            areas=[{"area": area, "name": one_line(name)} for area, name in self.areas],
            zones=[
                {"area": area, "zone": zone, "name": one_line(name), "kind": one_line(kind)}
                for area, zone, name, kind in self.zones
            ],
            contacts=[_contact_fields(contact) for contact in self.contacts],
            extras={"hours": {area: kept.standing() for area, kept in self.hours}} if self.hours else {},
        )


def _system_fields(system: NewSystem) -> dict[str, Any]:
    supervision(system.interval_s, system.margin_s, system.provider)
    found: dict[str, Any] = {"account": system.account}
    if system.key_hex:
        found |= {"key_hex": system.key_hex.upper(), "clear_allowed": system.clear_allowed}
    elif not system.clear_allowed:
        found["clear_allowed"] = False
    settings = {name: getattr(system, name) for name in ("interval_s", "margin_s", "provider")}
    return found | {name: value for name, value in settings.items() if value is not None}


def _contact_fields(contact: NewContact) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": one_line(contact.name),
        "numbers": [{"label": label, "number": number} for label, number in contact.numbers],
    }
    more = ("role", "languages", "away_from", "away_until", "code_word", "duress_word", "rights")
    return found | {name: getattr(contact, name) for name in more if getattr(contact, name)}


def import_sites(ledger: Ledger, secrets: Secrets, actor: Actor, sites: tuple[NewSite, ...], source: str) -> int:
    """Bring sites in, all or none. Of a site that exists only what differs is written; who is a contact stays one."""
    # Bringing in needs the acts on site files, and those need what is above.
    from console.station.acts import bring

    done = bring.bring(ledger, secrets, bring.caller(actor.name), [site.brought() for site in sites], source)
    counts = [sum(1 for verdict in done if verdict.what == what) for what in (bring.ADDED, bring.CHANGED)]
    bring.ended(ledger, bring.caller(actor.name), source, *counts)
    return len(sites)


def restored(ledger: Ledger, actor: Actor, source: str, made_at: str, seq: int, *, signed: bool) -> int:
    """The database was brought back from a backup: say so, and let nobody go on from what was seen since (I6).

    Every session ends: a console or a phone that followed what came after the backup would go on from a number that
    now stands for something else. Alarms held then return to the queue by the lease (I3).
    """
    rows = (SessionRow, CustomerSessionRow)
    ended = sum(ledger.connection.execute(delete(row)).rowcount for row in rows)
    unsigned = "" if signed else ". The backup had no signature: nothing shows that it is what the station wrote"
    words = f"Restored from the backup {source} of {made_at}: what the station knew after it is not here{unsigned}"
    data = {"source": source, "made_at": made_at, "seq": seq, "ended": ended, "signed": signed}
    return ledger.append("restored", actor, words, data=data)

"""Customers identify on their devices, and sessions end: by themselves, by the desk, with a new PIN (A1, A8–A10)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from console.station.acts.sessions import digest
from console.station.rules.refusal import Refused
from console.station.store import customers as store
from console.station.store.ledger import Ledger
from models.records import Actor, ActorKind, CustomerSession, ErrorCode

WRONG = "The ID code or the PIN is wrong."
"""One sentence for every reason: nobody learns which ID codes there are, nor whose are installers' (A9)."""
AGAIN = "Identify again with your ID code and PIN."


@dataclass(frozen=True, slots=True)
class Customer:
    """Whoever holds a customer's token; no member of staff is one, and none of them is staff."""

    session: int
    person: str
    name: str
    address: str

    @property
    def actor(self) -> Actor:
        """The customer as the journal names them (I6)."""
        return _actor(self.name, self.address)


def _actor(name: str, address: str) -> Actor:
    return Actor(kind=ActorKind.CUSTOMER, name=name, from_=f"app, {address}")


def begin(ledger: Ledger, code: str, pin_hash: str, device: str, address: str) -> CustomerSession:
    """Open a session for whoever's PIN was verified against ``pin_hash``; refused where that is theirs no longer."""
    known = store.by_code(ledger.connection, code)
    if known is None or known.installer or known.pin_hash != pin_hash:
        # A new PIN was issued while the old one was looked at: the old one is void at once (A4).
        raise Refused(ErrorCode.WRONG_SECRET, WRONG, "pin")
    token = secrets.token_urlsafe(32)
    seq = ledger.append(
        "customer-identified",
        _actor(known.name, address),
        f"{known.name} identified in self-service on {device}",
        data={"person": known.person, "device": device},
    )
    store.begin(ledger.connection, seq, known.person, digest(token), device, ledger.now)
    return CustomerSession(token=token, name=known.name, idle_s=int(store.IDLE.total_seconds()))


def refused(ledger: Ledger, code: str, device: str, address: str) -> None:
    """Journal a wrong try: whose code it was, where it is anybody's; never what was typed (I9)."""
    known = store.by_code(ledger.connection, code)
    whose = f"the ID code of {known.name}" if known is not None else "an ID code that is nobody's"
    ledger.append(
        "customer-not-identified",
        _actor("not identified", address),
        f"Wrong ID code or PIN in self-service, with {whose}, on {device}",
        data={"person": known.person, "device": device} if known is not None else {"device": device},
    )


def customer_of(connection: Connection, token: str, address: str, now: datetime) -> tuple[Customer, datetime]:
    """Who holds ``token``, and when they used it last; refused where it is not, or no longer, good (A8)."""
    found = store.by_token(connection, digest(token), now)
    if found is None or not found.open:
        raise Refused(ErrorCode.NOT_SIGNED_IN, AGAIN)
    return Customer(found.session, found.person, found.name, address), found.used_at


def end_own(ledger: Ledger, customer: Customer, *, every: bool) -> int:
    """End this session, or all of one's own (H); returns how many."""
    session = None if every else customer.session
    count = store.end(ledger.connection, customer.person, ledger.now, customer.name, session)
    if count:
        words = _counted(count) if every else "the session"
        ledger.append(
            "customer-sessions-ended",
            customer.actor,
            f"{customer.name} ended {words} of their own in self-service",
            data={"person": customer.person, "ended": count},
        )
    return count


def end_all(ledger: Ledger, actor: Actor, person: str, name: str, why: str, *, site: str, always: bool = False) -> int:
    """End all sessions of a person, journaled: who for whom, how many, why. ``always``: also where none was open."""
    count = store.end(ledger.connection, person, ledger.now, actor.name)
    if count or always:
        ledger.append(
            "customer-sessions-ended",
            actor,
            f"{_counted(count).capitalize()} of {name} in self-service ended by {actor.name} · {why}",
            site=site,
            data={"person": person, "ended": count, "why": why},
        )
    return count


def _counted(count: int) -> str:
    return {0: "no open session", 1: "1 open session"}.get(count, f"{count} open sessions")

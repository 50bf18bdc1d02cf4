"""The customers' door: identify, end one's own sessions, one's sites. No token of staff opens it (A1, A2, A8, A9)."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from console.station import passwords
from console.station.acts import customers
from console.station.acts.customers import Customer
from console.station.api.context import ONE_LINE, Body, Parts, StationParts, address_of, token_of
from console.station.rules.refusal import Refused
from console.station.store import customers as store
from models.records import CustomerSession, CustomerSite, ErrorCode, SessionsEnded

router = APIRouter(prefix="/customer")
_USE_TOLD_EVERY = timedelta(seconds=1)
"""Not each picture on a page is a use of its own to be written down."""


class IdentifyBody(Body):
    """An ID code, its PIN, and the device in its own words."""

    id_code: str = Field(min_length=1, max_length=20)
    pin: str = Field(min_length=1, max_length=20, repr=False)
    device: str = Field(min_length=1, max_length=100, pattern=ONE_LINE)


async def identified(request: Request, parts: StationParts) -> Customer:
    """The customer who calls; refused when the session was ended, or not used for 10 minutes (A8)."""
    token, address, now = token_of(request), address_of(request), parts.clock.now()
    # Read each time, never kept: what the service desk ends is over at once, at every station (A10).
    found, used_at = await parts.database.read(lambda c: customers.customer_of(c, token, address, now))
    if now - used_at >= _USE_TOLD_EVERY:
        await parts.database.write(lambda c: store.used(c, found.session, now))
    return found


Identified = Annotated[Customer, Depends(identified)]


@router.post("/session")
async def begin(body: IdentifyBody, request: Request, parts: StationParts) -> CustomerSession:
    """Identify by ID code and PIN; the token is for the ``Authorization: Bearer`` header of everything else here."""
    code, address = body.id_code.strip(), address_of(request)
    tried = _count_try(parts, code, address)
    known = await parts.database.read(lambda connection: store.by_code(connection, code))
    stored = known.pin_hash if known is not None and not known.installer else None
    if not await asyncio.to_thread(passwords.password_fits, stored, body.pin.strip()) or stored is None:
        await parts.scribe.act(lambda ledger: customers.refused(ledger, code, body.device, address))
        raise Refused(ErrorCode.WRONG_SECRET, customers.WRONG, "pin")
    for key in tried:
        parts.customer_guesses.right(*key)
    return await parts.scribe.act(lambda ledger: customers.begin(ledger, code, stored, body.device, address))


def _count_try(parts: Parts, code: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Count a try before it is looked at, or refuse it: many at once must not all be the first."""
    account, now = f"id code {code}", parts.clock.monotonic()
    # A PIN has four digits: guesses at one code wait from wherever they come, and one address waits at all codes.
    keys = ((account, account), (account, address))
    wait = math.ceil(max(parts.customer_guesses.wait(*key, now) for key in keys))
    if wait > 0:
        raise Refused(ErrorCode.TOO_MANY_TRIES, f"Too many wrong tries. Try again in {wait} s.", retry_after_s=wait)
    for key in keys:
        parts.customer_guesses.wrong(*key, now)
    return keys


@router.delete("/session")
async def end(customer: Identified, parts: StationParts, every: Annotated[bool, Query()] = False) -> SessionsEnded:
    """End this session; with ``every`` all of one's own, on every device (H)."""
    return SessionsEnded(ended=await parts.scribe.act(lambda ledger: customers.end_own(ledger, customer, every=every)))


@router.get("/sites")
async def sites(customer: Identified, parts: StationParts) -> list[CustomerSite]:
    """The sites where this ID code is a contact (A2); everything else is asked for one of them."""
    return await parts.database.read(lambda connection: store.sites(connection, customer.person))

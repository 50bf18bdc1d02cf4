"""Sign in, sign out, signs of life, first administrator, who answers."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta

from fastapi import APIRouter, Request
from pydantic import Field

from console.station import passwords
from console.station.acts import registry, sessions
from console.station.api.context import (
    ONE_LINE,
    Body,
    Known,
    Parts,
    StationParts,
    There,
    address_of,
    locked_since,
    token_of,
)
from console.station.rules.refusal import Refused
from console.station.store.secrets import Secrets
from models.records import ErrorCode, Session, StaffRole, StationInfo

router = APIRouter(prefix="/v1")


class Credentials(Body):
    """Who signs in, and where."""

    operator: str = Field(min_length=1, max_length=60)
    password: str = Field(min_length=1, max_length=200)
    workstation: str = Field(min_length=1, max_length=60, pattern=ONE_LINE)


class LifeSignBody(Body):
    """A workstation's sign of life, every 5 s (I3)."""

    active: bool = Field(default=False, description="A key or button was used on the alarm in hand since the last.")
    alarm: str | None = Field(default=None, max_length=40, description="Which alarm that was: it counts for no other.")
    locked: bool = False
    used: bool = Field(default=False, description="A key or button was used since the last, on any screen.")


class FirstAdministrator(Body):
    """The first account of a new station."""

    token: str = Field(max_length=200)
    operator: str = Field(min_length=1, max_length=60)
    name: str = Field(default="", max_length=200)
    password: str = Field(min_length=10, max_length=200)
    on_shift: bool = Field(default=False, description="Also works as supervisor on shift.")


@router.get("/station")
async def station(parts: StationParts) -> StationInfo:
    """Who answers; nothing about sites. The only route without a session besides signing in."""
    return parts.info()


@router.post("/session")
async def sign_in(body: Credentials, request: Request, parts: StationParts) -> Session:
    """Sign in; the token is for the ``Authorization: Bearer`` header of everything else."""
    login, address = body.operator.strip().lower(), address_of(request)
    wait = parts.guesses.wait(login, address, parts.clock.monotonic())
    if wait > 0:
        seconds = math.ceil(wait)
        raise Refused(
            ErrorCode.TOO_MANY_TRIES,
            f"Too many wrong tries from here. Try again in {seconds} s.",
            retry_after_s=seconds,
        )
    # Counted before it is looked at: many tries at once must not all be the first.
    parts.guesses.wrong(login, address, parts.clock.monotonic())
    stored = await parts.database.read(lambda connection: sessions.stored_password(connection, login))
    if not await asyncio.to_thread(passwords.password_fits, stored, body.password):
        await parts.scribe.act(lambda ledger: sessions.sign_in_refused(ledger, login, body.workstation, address))
        raise Refused(ErrorCode.WRONG_SECRET, "The name or the password is wrong.", "password")
    parts.guesses.right(login, address)
    return await parts.scribe.act(lambda ledger: sessions.sign_in(ledger, login, body.workstation, address))


@router.delete("/session")
async def sign_out(request: Request, caller: There, parts: StationParts) -> dict[str, bool]:
    """Sign out; what was in hand goes back to the queue."""
    token = token_of(request)
    await parts.scribe.act(lambda ledger: sessions.sign_out(ledger, caller, token))
    parts.sessions.clear()
    # Nobody is at this workstation from now on, not only when its silence is noticed.
    parts.life_signs.pop(sessions.digest(token), None)
    return {"signed_out": True}


@router.post("/session/beat")
async def beat(body: LifeSignBody, request: Request, session: Known, parts: StationParts) -> dict[str, bool]:
    """A sign of life. After 20 s without one the workstation's alarms go back to the queue (I3).

    Answers whether the workstation is locked. It is once it said so, or nobody touched a key for long, and stays so
    until the password is given.
    """
    key, now = sessions.digest(token_of(request)), parts.clock.now()
    before = parts.life_signs.get(key)
    active, alarm = (now, body.alarm) if body.active and body.alarm else (None, None)
    if active is None and before is not None:
        active, alarm = before.active_at, before.active_alarm
    used = now if body.used else before.used_at if before is not None else None
    unused = now - max(used or session.used_at, session.used_at)
    locked = locked_since(session, before)
    if locked is None and (body.locked or unused >= timedelta(seconds=parts.profile.unused_lock_s)):
        locked = now
    parts.life_signs[key] = sessions.LifeSign(key, now, active, locked, alarm, used)
    return {"alive": True, "locked": locked is not None}


@router.post("/session/unlock")
async def unlock(body: Credentials, request: Request, caller: There, parts: StationParts) -> dict[str, bool]:
    """Check the password of whoever is signed in, to unlock the workstation."""
    if body.operator.strip().lower() != caller.login:
        raise Refused(ErrorCode.NOT_ALLOWED, f"This workstation is locked by {caller.name}.", "operator")
    address = address_of(request)
    wait = parts.guesses.wait(caller.login, address, parts.clock.monotonic())
    if wait > 0:
        raise Refused(
            ErrorCode.TOO_MANY_TRIES,
            f"Too many wrong tries from here. Try again in {math.ceil(wait)} s.",
            retry_after_s=math.ceil(wait),
        )
    parts.guesses.wrong(caller.login, address, parts.clock.monotonic())
    stored = await parts.database.read(lambda connection: sessions.stored_password(connection, caller.login))
    if not await asyncio.to_thread(passwords.password_fits, stored, body.password):
        await parts.scribe.act(
            lambda ledger: sessions.sign_in_refused(ledger, caller.login, caller.workstation, address)
        )
        raise Refused(ErrorCode.WRONG_SECRET, "The password is wrong.", "password")
    parts.guesses.right(caller.login, address)
    token, now = token_of(request), parts.clock.now()
    key = sessions.digest(token)
    before = parts.life_signs.get(key)
    # First what beats go by, then the tables: a beat that is being written was told before and is written before.
    active, alarm = (before.active_at, before.active_alarm) if before is not None else (None, None)
    parts.life_signs[key] = sessions.LifeSign(key, now, active, None, alarm, now)
    await parts.database.write(lambda connection: sessions.unlock(connection, token))
    parts.sessions.pop((key, address), None)
    return {"unlocked": True}


@router.post("/setup")
async def first_administrator(body: FirstAdministrator, parts: StationParts) -> dict[str, str]:
    """Make the first administrator with the one-time token of a new station. Works once."""
    _check_token(parts, body.token)
    roles = (StaffRole.ADMINISTRATOR, StaffRole.SUPERVISOR) if body.on_shift else (StaffRole.ADMINISTRATOR,)
    password_hash = await asyncio.to_thread(passwords.hash_password, body.password)
    operator = registry.NewOperator(body.operator, body.name or body.operator, roles, password_hash)
    await parts.scribe.act(lambda ledger: registry.add_first_operator(ledger, operator))
    parts.setup.used()
    return {"operator": body.operator.strip().lower()}


def _check_token(parts: Parts, token: str) -> None:
    expected = parts.setup.token
    if expected is None or not Secrets.same(expected, token):
        raise Refused(ErrorCode.WRONG_SECRET, "The one-time token is wrong or was used already.", "token")

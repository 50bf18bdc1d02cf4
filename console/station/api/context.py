"""What every route needs: the station's parts, and who calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator, model_validator
from pydantic_core import PydanticCustomError

from console.station.acts.caller import Caller
from console.station.acts.sessions import KnownSession, LifeSign, digest, session_of
from console.station.api.errors import RefusedWithAlarm
from console.station.clock import Clock
from console.station.exchange import Exchange
from console.station.feed import Feed
from console.station.guesses import Guesses
from console.station.handover import Making
from console.station.mail.settings import MailSettings
from console.station.rules.alarm import Alarm
from console.station.rules.lines import has_control, without_unseen
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.shelves import Shelves
from console.station.store import alarms as alarm_store
from console.station.store import done_acts
from console.station.store.database import Database
from console.station.store.ledger import Ledger
from console.station.store.offering import Offers
from console.station.store.scribe import Scribe
from console.station.store.secrets import Secrets
from console.station.store.views import alarm_views
from models.records import AlarmView, Beat, ErrorCode, StationInfo

R = TypeVar("R")
_ALARM_VIEW = TypeAdapter(AlarmView)
_AS_TYPED = ("password", "pin", "token")
"""Secrets that are compared as they were set, elsewhere too."""
_CALLER_KEPT = timedelta(seconds=5)


@dataclass(slots=True)
class Parts:
    """The running station's parts, as the API sees them."""

    database: Database
    scribe: Scribe
    feed: Feed
    clock: Clock
    profile: Profile
    secrets: Secrets
    journal_id: str
    info: Callable[[], StationInfo]
    beat: Callable[[], Beat]
    setup: Setup
    accounts_changed: Callable[[], Awaitable[None]]
    """Systems were changed: what the receiver keeps of them in memory is read anew."""
    sealed_to: Callable[[], int]
    """The last entry of the journal that this station has sealed (I5)."""
    offers: Callable[[], Offers] = Offers
    """To whom each waiting alarm is offered, as of this second."""
    exchange: Exchange | None = None
    """The telephone exchange, where there is one."""
    guesses: Guesses = field(default_factory=Guesses)
    customer_guesses: Guesses = field(default_factory=Guesses)
    """Apart from the staff's: who guesses at PINs from an address must keep nobody there from signing in."""
    mail: MailSettings | None = None
    """The server that takes the station's e-mail, where there is one."""
    shelves: Shelves = field(default_factory=lambda: Shelves(None))
    """Archives of the journal that are mounted here."""
    unshown: dict[str, str] = field(default_factory=dict)
    """Alarms of which something could not be worked out when they were opened, each with a sentence."""
    life_signs: dict[str, LifeSign] = field(default_factory=dict)
    handovers: dict[tuple[str, str], Making] = field(default_factory=dict)
    """Files of the journal in the making, by who wants them and their own identifier."""
    sessions: dict[tuple[str, str], KnownSession] = field(default_factory=dict)
    """By digest of the token and address, for some seconds."""


@dataclass(slots=True)
class Setup:
    """The one-time token for the first administrator; None once used or never needed."""

    token: str | None
    used: Callable[[], None]


def parts_of(request: Request) -> Parts:
    """The station behind a request."""
    parts = request.app.state.parts
    assert isinstance(parts, Parts)
    return parts


StationParts = Annotated[Parts, Depends(parts_of)]


def address_of(request: Request) -> str:
    """The peer's address."""
    return request.client.host if request.client else "local"


def token_of(request: Request) -> str:
    """The bearer token of a request; refused where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(ErrorCode.NOT_SIGNED_IN, "Sign in first.")
    return token.strip()


async def known_session(request: Request, parts: StationParts) -> KnownSession:
    """Whose session it is, locked or not; refused with a sentence when it is not, or no longer, good."""
    token, now = token_of(request), parts.clock.now()
    address = address_of(request)
    key = (digest(token), address)
    kept = parts.sessions.get(key)
    if kept is not None and kept.expires_at > now and now - kept.read_at < _CALLER_KEPT:
        return kept
    silence = timedelta(seconds=parts.profile.silent_session_s)
    found = await parts.database.read(lambda connection: session_of(connection, token, address, now, silence))
    if found is None:
        parts.sessions.pop(key, None)
        raise Refused(ErrorCode.NOT_SIGNED_IN, "Your session has ended; sign in again.")
    if len(parts.sessions) > 1000:
        parts.sessions.clear()
    parts.sessions[key] = found
    return found


def locked_since(session: KnownSession, sign: LifeSign | None) -> datetime | None:
    """Since when a workstation is locked: by the tables, or by what it told a moment ago."""
    return session.locked_at or (sign.locked_at if sign is not None else None)


async def there(request: Request, parts: StationParts) -> Caller:
    """Who calls, whether the workstation is locked or not: for what its bell and its lock live on."""
    return (await known_session(request, parts)).caller


async def signed_in(request: Request, parts: StationParts) -> Caller:
    """Who calls; refused while the workstation is locked: whoever walks up to it has the token, not the password."""
    session = await known_session(request, parts)
    if locked_since(session, parts.life_signs.get(digest(token_of(request)))) is not None:
        raise Refused(ErrorCode.LOCKED, "This workstation is locked: unlock it first.")
    return session.caller


Known = Annotated[KnownSession, Depends(known_session)]
There = Annotated[Caller, Depends(there)]
SignedIn = Annotated[Caller, Depends(signed_in)]


class Body(BaseModel):
    """What a request may say: known fields alone, no NUL, which PostgreSQL takes in no text, and no control (I12).

    Signs that nobody sees, by which one name can be shown as another, are left out, of what is no secret.
    """

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_unseen(cls, said: Any) -> Any:
        if not isinstance(said, dict):
            return said
        return {name: value if name in _AS_TYPED else without_unseen(value) for name, value in said.items()}

    @field_validator("*", mode="after")
    @classmethod
    def _without_control(cls, value: object) -> object:
        if isinstance(value, str) and "\x00" in value:
            raise PydanticCustomError("nul", "The text holds a NUL character")
        if has_control(value):
            # By its own name where it lies deeper: that is the field that somebody typed it into (I12).
            inner = next(
                (name for name in getattr(type(value), "model_fields", ()) if has_control(getattr(value, name))), ""
            )
            raise PydanticCustomError("control", "The text holds a control character", {"field": inner})
        return value


ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$"
"""A name of one line, of a workstation or a device; what turns its direction is refused everywhere."""
WITHOUT_NUL = r"^[^\x00]*$"
"""The same for words in a path or a query."""


class ActBody(Body):
    """What every act carries (I11)."""

    act: str | None = Field(
        default=None, max_length=64, description="The act's own identifier: sent twice, it happens once (I11)."
    )
    version: int | None = Field(
        default=None, description="The alarm's version that was shown: refused when it changed meanwhile (I11)."
    )


async def once(parts: Parts, caller: Caller, what: str, body: ActBody, act: Callable[[Ledger], Alarm]) -> AlarmView:
    """Run ``act`` once for its identifier and answer with the alarm after it; see :func:`answer_once`."""

    def run(ledger: Ledger) -> AlarmView:
        return alarm_views(ledger.connection, [act(ledger)], parts.profile)[0]

    try:
        return await answer_once(parts, caller, what, body, run, _ALARM_VIEW)
    except Refused as refused:
        if refused.code not in (ErrorCode.CHANGED, ErrorCode.HELD_BY_OTHER, ErrorCode.NOT_HELD):
            raise
        alarm_id = what.split("/")[-1]
        raise RefusedWithAlarm(refused, await _as_it_stands(parts, alarm_id)) from refused


async def answer_once(
    parts: Parts, caller: Caller, what: str, body: ActBody, act: Callable[[Ledger], R], answer: TypeAdapter[R]
) -> R:
    """Run ``act`` once for its identifier (I11).

    The same identifier again gets the first answer; for something else it is refused.
    """
    said = parts.secrets.digest(body.model_dump_json(exclude={"version"}).encode())
    identifier = f"{caller.login}/{body.act}"

    def run(ledger: Ledger) -> R:
        if body.act is None:
            return act(ledger)
        known = done_acts.answered(ledger, identifier, what, said)
        if known is not None:
            return answer.validate_json(known)
        result = act(ledger)
        done_acts.keep(ledger, identifier, what, said, answer.dump_json(result).decode())
        return result

    return await parts.scribe.act(run)


def slow_down(parts: Parts, person: str) -> None:
    """Count a try to speak as ``person``, before it is looked at; refused while the last ones must be waited out.

    The guesser is on the phone: through whichever operator, at an alarm or not, and as a contact of whichever site,
    it is the same person who is tried, with the words and the one PIN that they have.
    """
    key, now = _key_of(person), parts.clock.monotonic()
    wait = parts.guesses.wait(key, key, now)
    if wait > 0:
        seconds = int(wait) + 1
        raise Refused(
            ErrorCode.TOO_MANY_TRIES, f"Too many wrong tries. Ask again in {seconds} s.", retry_after_s=seconds
        )
    parts.guesses.wrong(key, key, now)


def found_right(parts: Parts, person: str) -> None:
    """What was given for ``person`` is right: the wrong tries before it are forgiven."""
    key = _key_of(person)
    parts.guesses.right(key, key)


def _key_of(person: str) -> str:
    return f"person {person}"


async def _as_it_stands(parts: Parts, alarm_id: str) -> AlarmView | None:
    def read(connection: object) -> AlarmView | None:
        alarm = alarm_store.by_id(connection, alarm_id)  # type: ignore[arg-type]
        return None if alarm is None else alarm_views(connection, [alarm], parts.profile)[0]  # type: ignore[arg-type]

    return await parts.database.read(read)

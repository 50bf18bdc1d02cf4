"""A workstation's link to a station: sign in, picture, feed, acts, signs of life. Headless.

Silence of the feed beyond :data:`SILENCE_S` is a lost link: acts are refused at once with a sentence, nothing is shown
as current, and the link mends itself from the last entry it saw (architecture.md §1, I11).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import httpx
from httpx_sse import ServerSentEvent, SSEError, aconnect_sse
from pydantic import ValidationError

from console.client.picture import Known
from models.records import (
    AlarmDetail,
    AlarmView,
    Beat,
    ErrorBody,
    ErrorCode,
    FeedItem,
    OutageMember,
    Picture,
    Session,
    StationInfo,
)
from models.records.record import Record

R = TypeVar("R", bound=Record)
SILENCE_S = 2.5
"""The feed beats every second; after so much silence the link is lost (seen within 3 s)."""
_LOOK_S = 0.25
"""So often it is looked whether the station is silent."""
_BEAT_EVERY_S = 5.0
_AT_A_TIME_S = 0.004
"""For so long what the feed told is taken in before anybody else has a turn."""
IDLE_S = 5.0
"""An idle connection is let go of after so long: well before the station closes it, never at the same time."""
_RETRY_S = (0.2, 0.5, 1.0, 2.0)
_ACT_TIMEOUT_S = 4.0
_log = logging.getLogger(__name__)


class LinkState(StrEnum):
    """Where the link stands."""

    SIGNED_OUT = "signed out"
    LINKED = "linked"
    LOST = "lost"


class Refusal(Exception):
    """The station, or the link itself, refused; ``body`` has the code and the sentence for the operator."""

    def __init__(self, body: ErrorBody) -> None:
        super().__init__(body.sentence)
        self.body = body


class Listener(Protocol):
    """Who wants to know what the link hears."""

    def picture_loaded(self) -> None:
        """Everything may have changed: ``known`` holds a new picture."""

    def item_heard(self, item: FeedItem) -> None:
        """One new entry; ``known`` has it."""

    def beat_heard(self, beat: Beat) -> None:
        """The station lives."""

    def state_changed(self, state: LinkState, why: str) -> None:
        """The link was found, lost, or the session ended; with a sentence."""

    def locked_by_station(self) -> None:
        """No key was touched for long: the station holds this workstation locked until the password is given."""


class Link:
    """One workstation's link. Give several addresses and it goes to the next where one is silent."""

    def __init__(
        self, stations: Sequence[str], workstation: str, listener: Listener, *, ca: Path | None = None
    ) -> None:
        self.stations = [url.rstrip("/") for url in stations]
        self.workstation = workstation
        self.known = Known()
        self.state = LinkState.SIGNED_OUT
        self.lost_at: float | None = None
        """Workstation's monotonic seconds since when the link is lost."""
        self.session: Session | None = None
        self.active = False
        """Set by the desk when the operator used a key; told with the next sign of life (I4)."""
        self.active_alarm: str | None = None
        """The alarm on the workspace: a key counts for that one alone (I4)."""
        self.locked = False
        self.used = False
        """Set by the desk at each key and button, on any screen; told with the next sign of life."""
        self._listener = listener
        self._at = 0
        self._offset = timedelta(0)
        self._client = httpx.AsyncClient(
            verify=_trusted(self.stations, ca),
            timeout=httpx.Timeout(_ACT_TIMEOUT_S, connect=2.0),
            limits=httpx.Limits(max_connections=16, max_keepalive_connections=8, keepalive_expiry=IDLE_S),
            trust_env=False,
        )
        self._few = asyncio.Semaphore(8)
        self._telling = asyncio.Lock()
        """One sign of life or unlocking at a time: a beat that says "locked" must not arrive after the password."""
        self._tasks: list[asyncio.Task[None]] = []

    # -- what everybody asks --------------------------------------------------------------------

    @property
    def station(self) -> str:
        """The address in use."""
        return self.stations[self._at]

    def now(self) -> datetime:
        """The station's time, as far as known: all that is shown is measured by the station's clock, not ours."""
        return datetime.now(UTC) + self._offset

    # -- signing in and out ---------------------------------------------------------------------

    async def info(self) -> StationInfo:
        """Who answers; tries the next address where one does not."""
        try:
            return self._read(StationInfo, (await self._send("GET", "/v1/station")).content)
        except Refusal:
            self._at = (self._at + 1) % len(self.stations)
            raise

    async def set_up(self, token: str, operator: str, name: str, password: str, *, on_shift: bool) -> None:
        """Make the first administrator with the one-time token."""
        await self._send(
            "POST",
            "/v1/setup",
            {"token": token, "operator": operator, "name": name, "password": password, "on_shift": on_shift},
        )

    async def sign_in(self, operator: str, password: str) -> Session:
        """Open a session and begin to follow. :class:`Refusal` where the station says no."""
        await self._end_tasks()
        answer = await self._send(
            "POST", "/v1/session", {"operator": operator, "password": password, "workstation": self.workstation}
        )
        self.session = self._read(Session, answer.content)
        try:
            await self._load()
        except Refusal:
            with contextlib.suppress(Refusal):
                await self._send("DELETE", "/v1/session")
            self.session = None
            raise
        self._set_state(LinkState.LINKED, "")
        self._tasks = [asyncio.ensure_future(self._follow()), asyncio.ensure_future(self._live())]
        return self.session

    async def unlock(self, password: str) -> None:
        """Check the password of whoever is signed in; the workstation is locked no longer, here and at the station."""
        assert self.session is not None
        given = {"operator": self.session.person.login, "password": password, "workstation": self.workstation}
        async with self._telling:
            await self._send("POST", "/v1/session/unlock", given)
            self.locked = False

    async def sign_out(self) -> None:
        """End the session; the station gives back what was in hand. A lost link does not stop anybody from leaving."""
        await self._end_tasks()
        if self.session is not None:
            with contextlib.suppress(Refusal):
                await self._send("DELETE", "/v1/session")
        self._ended("")

    async def close(self) -> None:
        """Let go of everything, without signing out: the lease ends by itself."""
        await self._end_tasks()
        await self._client.aclose()

    # -- reading and acting ---------------------------------------------------------------------

    async def detail(self, alarm: str) -> AlarmDetail:
        """Everything of one alarm."""
        return self._read(AlarmDetail, (await self._send("GET", f"/v1/alarms/{alarm}")).content)

    async def members(self, alarm: str) -> list[OutageMember]:
        """The systems of an outage, all of them: read page by page."""
        found: list[OutageMember] = []
        while page := await self.get(f"/v1/alarms/{alarm}/members", after=found[-1].account if found else ""):
            found += [OutageMember.model_validate(member) for member in page]
        return found

    async def get(self, path: str, **query: str) -> Any:
        """Any other question, as JSON."""
        return (await self._send("GET", path, query=query)).json()

    async def fetch(self, path: str) -> bytes:
        """A document, as it is."""
        return (await self._send("GET", path)).content

    @contextlib.asynccontextmanager
    async def streamed(self, path: str, body: dict[str, Any]) -> AsyncIterator[httpx.Response]:
        """A long answer as it comes, however long it is in the making; whoever leaves it stops the station's making.

        :class:`Refusal` where the station says no, or its answer breaks off.
        """
        timeout = httpx.Timeout(_ACT_TIMEOUT_S, read=None)
        try:
            async with self._client.stream(
                "POST", self.station + path, json=body, headers=self._headers(), timeout=timeout
            ) as response:
                if not response.is_success:
                    await response.aread()
                    raise self._refused(response)
                yield response
        except httpx.RequestError as error:
            sentence = f"The station at {self.station} broke off: nothing was kept. Try again."
            raise _NoAnswer(ErrorBody(code=ErrorCode.BEHIND, sentence=sentence)) from error

    async def act(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """An act, with its own identifier: where the answer was lost on the way it is asked again, and happens once.

        Refused at once, with a sentence, while the link is lost (I11).
        """
        if self.state is LinkState.LOST:
            raise Refusal(
                ErrorBody(
                    code=ErrorCode.BEHIND,
                    sentence="The link to the station is lost: nothing was done. Wait for the link.",
                )
            )
        given = {**(body or {}), "act": uuid4().hex}
        try:
            answer = await self._send("POST", path, given)
        except _NoAnswer:
            answer = await self._send("POST", path, given)
        return answer.json()

    async def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """What must not be asked twice by itself, and whose answer is kept nowhere: secrets shown, tries counted."""
        return (await self._send("POST", path, body or {})).json()

    async def act_on(self, alarm: str, verb: str, body: dict[str, Any] | None = None) -> AlarmView:
        """An act on an alarm; what it answers is taken in at once."""
        path = "/v1/alarms/take-next" if verb == "take-next" else f"/v1/alarms/{alarm}/{verb}"
        try:
            view = AlarmView.model_validate(await self.act(path, body))
        except Refusal as refusal:
            if refusal.body.changed is not None:
                self.known.see(refusal.body.changed)
            raise
        self.known.see(view)
        return view

    async def _send(
        self, method: str, path: str, body: dict[str, Any] | None = None, query: dict[str, str] | None = None
    ) -> httpx.Response:
        try:
            async with self._few:
                response = await self._client.request(
                    method, self.station + path, json=body, params=query, headers=self._headers()
                )
        except (httpx.RequestError, OSError) as error:
            sentence = _refused_certificate(self.station, error) or (
                f"The station at {self.station} does not answer. If this was an act, look whether it happened."
            )
            raise _NoAnswer(ErrorBody(code=ErrorCode.BEHIND, sentence=sentence)) from error
        if response.is_success:
            return response
        raise self._refused(response)

    def _refused(self, response: httpx.Response) -> Refusal:
        try:
            body = ErrorBody.model_validate_json(response.content)
        except ValidationError:
            return self._not_understood(str(response.status_code))
        if body.code is ErrorCode.NOT_SIGNED_IN and self.session is not None:
            self._ended(body.sentence)
        return Refusal(body)

    def _read(self, record: type[R], text: bytes | str) -> R:
        try:
            return record.model_validate_json(text)
        except ValidationError as error:
            raise self._not_understood("what this console does not understand") from error

    def _not_understood(self, what: str) -> Refusal:
        sentence = f"{self.station} answered {what}: it is no Vigie station, or one of another version."
        return Refusal(ErrorBody(code=ErrorCode.INVALID, sentence=sentence))

    def _headers(self) -> dict[str, str]:
        return {} if self.session is None else {"Authorization": f"Bearer {self.session.token}"}

    # -- following ------------------------------------------------------------------------------

    async def _load(self) -> None:
        answer = await self._send("GET", "/v1/picture")
        picture = self._read(Picture, answer.content)
        self._offset = picture.at - datetime.now(UTC)
        self.known.load(picture)
        self._heard()
        self._listener.picture_loaded()

    async def _follow(self) -> None:
        failures = 0
        while self.session is not None:
            try:
                if self.known.event_id is None:
                    await self._load()
                async with (
                    self._unless_silent(),
                    aconnect_sse(
                        self._client,
                        "GET",
                        self.station + "/v1/feed",
                        headers={**self._headers(), "Last-Event-ID": self.known.event_id or ""},
                        timeout=None,
                    ) as source,
                ):
                    if not source.response.is_success:
                        await source.response.aread()
                        raise self._refused(source.response)
                    rested = time.monotonic()
                    async for event in source.aiter_sse():
                        if self.session is None:
                            return
                        self._hear(event)
                        failures = 0
                        if time.monotonic() - rested > _AT_A_TIME_S:
                            # A storm comes in pieces of hundreds: keys and the screen go between.
                            await asyncio.sleep(0)
                            rested = time.monotonic()
                if self.known.event_id is None:
                    continue
                why = "The station closed the link."
            except Refusal as refusal:
                why = refusal.body.sentence
            except (httpx.TransportError, SSEError, OSError) as error:
                why = _refused_certificate(self.station, error) or (
                    f"The station at {self.station} is silent ({type(error).__name__})."
                )
            except Exception as error:
                # Whatever it is: a link that no longer follows must not look alive.
                why = f"The console failed at following {self.station} ({type(error).__name__})."
                _log.exception(why)
                # What was being taken in may be half taken in: everything anew.
                self.known.event_id = None
            if self.session is None:
                return
            self._set_state(LinkState.LOST, why)
            await asyncio.sleep(_RETRY_S[min(failures, len(_RETRY_S) - 1)])
            failures += 1
            self._at = (self._at + 1) % len(self.stations)

    @contextlib.asynccontextmanager
    async def _unless_silent(self) -> AsyncIterator[None]:
        """Ends what is inside with a TimeoutError once the station was silent for :data:`SILENCE_S`."""
        async with asyncio.timeout(None) as limit:
            watch = asyncio.ensure_future(self._watch(limit))
            try:
                yield
            finally:
                watch.cancel()

    async def _watch(self, limit: asyncio.Timeout) -> None:
        """Count silence in small steps. A standstill of this console is one late step, and no silence of the station.

        After one, what waits in the socket is read before the next step is over (I4).
        """
        silent, heard, at = 0.0, self.known.heard_at, time.monotonic()
        while silent < SILENCE_S:
            await asyncio.sleep(_LOOK_S)
            passed, at = time.monotonic() - at, time.monotonic()
            silent = silent + min(passed, 2 * _LOOK_S) if self.known.heard_at == heard else 0.0
            heard = self.known.heard_at
        limit.reschedule(asyncio.get_running_loop().time())

    def _hear(self, event: ServerSentEvent) -> None:
        self._heard()
        if event.event == "fresh":
            self.known.event_id = None
            return
        self._set_state(LinkState.LINKED, "")
        if event.event == "beat":
            beat = self._read(Beat, event.data)
            self._offset = beat.at - datetime.now(UTC)
            self.known.beat = beat
            self._listener.beat_heard(beat)
        elif event.event == "entry":
            item = self._read(FeedItem, event.data)
            if self.known.apply(item):
                self._listener.item_heard(item)

    def _heard(self) -> None:
        self.known.heard_at = time.monotonic()

    async def _live(self) -> None:
        while self.session is not None:
            async with self._telling:
                await self._beat()
            await asyncio.sleep(_BEAT_EVERY_S)

    async def _beat(self) -> None:
        active, self.active = self.active, False
        used, self.used = self.used, False
        try:
            sign = {"active": active, "locked": self.locked, "alarm": self.active_alarm, "used": used}
            answer = await self._send("POST", "/v1/session/beat", sign)
        except Refusal:
            # A sign of use that did not arrive is told with the next one.
            self.active, self.used = self.active or active, self.used or used
            return
        # Stations of earlier versions do not say it.
        if answer.json().get("locked") and not self.locked:
            self._listener.locked_by_station()

    def _ended(self, why: str) -> None:
        self.session = None
        self.known = Known()
        self.locked = False
        self._set_state(LinkState.SIGNED_OUT, why)

    def _set_state(self, state: LinkState, why: str) -> None:
        if state is self.state:
            return
        self.state = state
        self.lost_at = (self.known.heard_at or time.monotonic()) if state is LinkState.LOST else None
        self._listener.state_changed(state, why)

    async def _end_tasks(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _NoAnswer(Refusal):
    """Nobody answered: it is not known whether the act happened, so it may be sent again with its identifier."""


def _trusted(stations: Sequence[str], ca: Path | None) -> ssl.SSLContext | bool:
    """Whose certificates are accepted: those of ``ca``; else the public ones; nobody's where no station needs any."""
    if ca is not None:
        return ssl.create_default_context(cafile=str(ca))
    if any(url.lower().startswith("https:") for url in stations):
        return True
    # Reading all public certificates takes a thirtieth of a second of every start; this context still refuses all.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _refused_certificate(station: str, error: BaseException) -> str | None:
    """What is wrong with a station's certificate, where that is why it cannot be reached."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"The certificate of {station} is not accepted: {cause.verify_message}. Tell whoever keeps the station."
            )
        cause = cause.__cause__ or cause.__context__
    return None

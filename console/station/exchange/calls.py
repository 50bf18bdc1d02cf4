"""The calls that the exchange makes for this station: what is heard is shown at once, an ended one is journaled (G3).

An exchange that is away blocks nothing: the operator dials by hand, and the link to it mends by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import Connection, select

from console.station.acts.line import Called, journal_line
from console.station.clock import Clock
from console.station.exchange.ari import Ari, AriAway, AriRefused
from console.station.exchange.settings import ExchangeSettings
from console.station.heartbeats import Heartbeats
from console.station.rules import calling
from console.station.rules.calling import Heard, Leg, Line
from console.station.rules.refusal import Refused
from console.station.store.database import Database
from console.station.store.scribe import Scribe
from models.records import CallOnLine, ErrorCode, LineState
from models.tables import AttemptRow

_log = structlog.get_logger("vigie.exchange")
_PICK_UP_S = 20
"""For so long the operator's own telephone rings."""
_RING_S = 60
"""For so long the number rings; the network's voicemail comes before."""
_LOOK_EVERY_S = 1.0
_STILL_S = 60.0
_STOP_S = 3.0
_RETRY_S = (0.2, 0.5, 1.0, 2.0)
_TOLD_AFTER_S = 5.0
"""An exchange that is back sooner, as after its own reload, was not away."""
_DUTY = "the telephone exchange"
_HEARD = {"Ringing": Heard.RINGS, "Up": Heard.ANSWERED}
"""Of a channel's states."""
_SILENT = "does not answer"
_WHY = {
    "status 401": "refuses the station's name or password",
    "status 403": "refuses the station's name or password",
    "SSLCertVerificationError": "has a certificate that this station does not accept",
}
BY_HAND = "The telephone exchange does not answer: dial by hand."


@dataclass(slots=True)
class _Call:
    called: Called
    endpoint: str
    trunk: str
    line: Line
    name: str
    """Its channels and its bridge begin with it."""
    over: bool = False
    """Its outcome was said, or it left the hands that made it."""
    journaled: bool = False
    far_made: bool = False
    dialled: bool = False

    def channel(self, leg: Leg) -> str:
        return f"{self.name}-{leg}"


@dataclass(slots=True)
class Exchange:
    """One exchange. :meth:`run` keeps the link; calls are made by :meth:`ring` and ended by :meth:`hang_up`."""

    settings: ExchangeSettings
    app: str
    """The station's name there, the same after a restart: what an earlier run left is found by it."""
    database: Database
    scribe: Scribe
    clock: Clock
    heartbeats: Heartbeats
    told: Callable[[], None]
    """Called when a call's state changed: the consoles are told at once."""
    _ari: Ari = field(init=False)
    _calls: dict[int, _Call] = field(init=False, default_factory=dict)
    _linked: bool = field(init=False, default=False)
    _why: str = field(init=False, default=_SILENT)
    _away_since: float = field(init=False)
    _doing: set[asyncio.Task[None]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._ari = Ari(self.settings, self.app)
        self._away_since = self.clock.monotonic()

    # -- what the station asks --------------------------------------------------------------------

    def lines(self) -> tuple[CallOnLine, ...]:
        """The calls whose outcome was not said yet."""
        return tuple(self._shown(call) for call in self._calls.values() if not call.over)

    def trouble(self) -> str | None:
        """A sentence for every console while the exchange is away."""
        if self._linked or self.clock.monotonic() - self._away_since < _TOLD_AFTER_S:
            return None
        return f"The telephone exchange {self._why}: dial by hand. The station goes on trying."

    async def ring(self, called: Called) -> CallOnLine:
        """Call the operator's telephone, then the number. Asked again for the same attempt it calls nobody twice.

        Refused with a sentence where the exchange is away or will not: the operator dials by hand.
        """
        endpoint = self.settings.endpoint.format(extension=calling.extension(called.extension))
        trunk = self.settings.trunk.format(number=calling.dial_string(called.number))
        known = self._calls.get(called.attempt)
        if known is not None:
            return self._shown(known)
        if not self._linked:
            raise Refused(ErrorCode.WRONG_STATE, BY_HAND)
        line = calling.begun(self.clock.now())
        call = _Call(called, endpoint, trunk, line, f"{self.app}-{called.attempt}")
        # Before anything is awaited: the same act sent twice finds it.
        self._calls[called.attempt] = call
        try:
            await self._free_telephone(call)
            await self._ari.call(call.channel(Leg.OPERATOR), endpoint, f"Vigie {called.alarm}", _PICK_UP_S)
        except Refused:
            del self._calls[called.attempt]
            raise
        except (AriAway, AriRefused) as error:
            del self._calls[called.attempt]
            _log.warning("not called", error=str(error))
            if isinstance(error, AriAway):
                # It may ring all the same.
                self._do(self._end(call))
                raise Refused(ErrorCode.WRONG_STATE, BY_HAND) from error
            raise Refused(
                ErrorCode.WRONG_STATE,
                f"The telephone exchange cannot call extension {called.extension}: dial by hand.",
                "extension",
            ) from error
        self.told()
        return self._shown(call)

    async def hang_up(self, alarm: str) -> None:
        """End the call of an alarm, both legs; nothing where none runs. Refused where the exchange is away."""
        for call in list(self._calls.values()):
            if call.called.alarm == alarm and call.line.state is not LineState.ENDED:
                try:
                    await self._end(call)
                except (AriAway, AriRefused) as error:
                    raise Refused(
                        ErrorCode.WRONG_STATE, "The telephone exchange does not answer: put down the handset."
                    ) from error

    async def close(self) -> None:
        """The station stops. Calls go on without it: nobody's conversation is cut off by a restart."""
        if self._doing:
            # Not cut off: what is being journaled must not be journaled again below.
            await asyncio.wait(self._doing, timeout=_STOP_S)
        for task in list(self._doing):
            task.cancel()
        for call in self._calls.values():
            if not call.journaled:
                with contextlib.suppress(Refused):
                    await self.scribe.act(journal_line(call.called, call.line))
        await self._ari.__aexit__(None, None, None)

    # -- the link ---------------------------------------------------------------------------------

    async def run(self) -> None:
        """Follow the exchange's events for ever, and look after the calls each second."""
        self.heartbeats.expect(_DUTY, _STILL_S)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow())
            group.create_task(self._look())

    async def _follow(self) -> None:
        failures = 0
        while True:
            try:
                async with self._ari.events() as events:
                    # Subscribed first, then looked: what changes between is heard, not missed.
                    await self._as_it_stands()
                    self._linked, failures = True, 0
                    _log.info("telephone exchange linked")
                    self.told()
                    async for event in events:
                        self._hear(event)
                why = "closed"
            except (AriAway, AriRefused) as error:
                why = str(error)
            except Exception as error:
                # Whatever it sends, the station goes on without it.
                why = type(error).__name__
                _log.exception("telephone exchange not understood")
            self._why = _WHY.get(why, _SILENT)
            if self._linked or failures == 0:
                _log.warning("telephone exchange away", why=why)
            if self._linked:
                self._linked, self._away_since = False, self.clock.monotonic()
                self.told()
            await asyncio.sleep(_RETRY_S[min(failures, len(_RETRY_S) - 1)])
            failures += 1

    async def _as_it_stands(self) -> None:
        """Bring the calls to what the exchange has now; end what an earlier run of this station left alone."""
        there = await self._ari.channels()
        for call in list(self._calls.values()):
            for leg in Leg:
                state = there.get(call.channel(leg))
                if state is not None:
                    self._heard(call, leg, _HEARD.get(state))
                elif leg is Leg.OPERATOR or call.far_made:
                    self._heard(call, leg, Heard.ENDED)
            if call.line.state is LineState.ENDED:
                await self._end(call)
        known = {call.channel(leg) for call in self._calls.values() for leg in Leg}
        for channel in there:
            if channel not in known and self._partner(channel) not in (None, *there):
                await self._ari.hang_up(channel)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Journal what ended, end what nobody waits for, forget what is over. Tests call it themselves."""
        self.heartbeats.beat(_DUTY)
        for call in list(self._calls.values()):
            if call.line.state is LineState.ENDED and not call.journaled:
                self._do(self._journal(call))
        if not self._calls:
            return
        try:
            running = await self.database.read(_running(list(self._calls)))
        except Exception as error:
            # Said by the database's own trouble; the calls go on.
            _log.warning("calls not looked after", error=type(error).__name__)
            return
        for attempt, call in list(self._calls.items()):
            if attempt in running:
                continue
            call.over = True
            if call.line.state is LineState.ENDED:
                if call.journaled:
                    del self._calls[attempt]
            elif call.line.answered_at is None and self._linked:
                # Its outcome was said while it rang: whoever picks up now would find nobody.
                self._do(self._end(call))

    # -- what is heard ----------------------------------------------------------------------------

    def _hear(self, event: dict[str, Any]) -> None:
        kind, channel = event.get("type"), event.get("channel")
        if kind not in ("StasisStart", "ChannelStateChange", "ChannelDestroyed") or not isinstance(channel, dict):
            return
        name = str(channel.get("id"))
        leg = Leg.FAR if name.endswith(f"-{Leg.FAR}") else Leg.OPERATOR
        call = next((call for call in self._calls.values() if call.channel(leg) == name), None)
        if call is None:
            partner = self._partner(name)
            if partner is not None and kind == "ChannelDestroyed":
                # Of an earlier run: its two halves still end together.
                self._do(self._ari.hang_up(partner))
            elif partner is not None and kind == "StasisStart":
                # Rung although the exchange did not say so in time: it was refused, and nobody waits for it.
                self._do(self._ari.hang_up(name))
            return
        if kind == "ChannelDestroyed":
            cause = event.get("cause")
            self._heard(call, leg, Heard.ENDED, cause if isinstance(cause, int) else 0)
            self._do(self._end(call))
        elif kind == "ChannelStateChange":
            self._heard(call, leg, _HEARD.get(str(channel.get("state"))))
        elif leg is Leg.OPERATOR:
            self._heard(call, leg, Heard.ANSWERED)
            self._do(self._or_end(call, self._reach(call)))
        elif not call.dialled:
            call.dialled = True
            self._do(self._or_end(call, self._dial(call)))

    def _heard(self, call: _Call, leg: Leg, heard: Heard | None, cause: int = 0) -> None:
        if heard is None:
            return
        before = call.line
        call.line = calling.after(before, leg, heard, self.clock.now(), cause)
        if call.line is before:
            return
        if call.line.state is LineState.RINGING:
            self._do(self._ari.ring(call.channel(Leg.OPERATOR), on=True))
        elif before.state is LineState.RINGING and call.line.state is LineState.ANSWERED:
            self._do(self._ari.ring(call.channel(Leg.OPERATOR), on=False))
        if call.line.state is LineState.ENDED:
            self._do(self._journal(call))
        self.told()

    def _partner(self, channel: str) -> str | None:
        """The other half of a call of this station; None for anybody else's channel."""
        name, _, leg = channel.rpartition("-")
        if not name.startswith(f"{self.app}-") or leg not in list(Leg):
            return None
        return f"{name}-{Leg.FAR if leg == Leg.OPERATOR else Leg.OPERATOR}"

    def _shown(self, call: _Call) -> CallOnLine:
        line = call.line
        return CallOnLine(
            alarm=call.called.alarm,
            state=line.state,
            since=line.since,
            answered_at=line.answered_at,
            proposed=line.proposed,
            picked_up=line.picked_up_at is not None,
            cause=line.cause,
            away=not self._linked and line.state is not LineState.ENDED,
        )

    # -- what is done -----------------------------------------------------------------------------

    async def _reach(self, call: _Call) -> None:
        """The operator picked up: the number is prepared, in one bridge with them."""
        bridge = f"{call.name}-bridge"
        await self._ari.bridge(bridge)
        await self._ari.join(bridge, call.channel(Leg.OPERATOR))
        call.far_made = True
        await self._ari.prepare(call.channel(Leg.FAR), call.trunk, call.channel(Leg.OPERATOR))

    async def _dial(self, call: _Call) -> None:
        # In the bridge before it dials: what the network says itself ("not in service") is heard.
        await self._ari.join(f"{call.name}-bridge", call.channel(Leg.FAR))
        await self._ari.dial(call.channel(Leg.FAR), _RING_S)

    async def _or_end(self, call: _Call, work: Coroutine[Any, Any, None]) -> None:
        """A call that cannot be carried on is ended: nobody sits with a silent handset."""
        try:
            await work
        except (AriAway, AriRefused):
            self._heard(call, Leg.FAR, Heard.ENDED)
            self._do(self._end(call))
            raise

    async def _end(self, call: _Call) -> None:
        for leg in (Leg.FAR, Leg.OPERATOR):
            await self._ari.hang_up(call.channel(leg))
        await self._ari.unbridge(f"{call.name}-bridge")

    async def _free_telephone(self, call: _Call) -> None:
        """Whoever dials anew has done with the call before: as on any telephone."""
        for other in list(self._calls.values()):
            same = other.called.extension == call.called.extension
            if other is call or not same or other.line.state is LineState.ENDED:
                continue
            if other.called.workstation != call.called.workstation:
                sentence = (
                    f"Extension {call.called.extension} is calling from {other.called.workstation}: dial by hand."
                )
                raise Refused(ErrorCode.WRONG_STATE, sentence, "extension")
            await self._end(other)

    async def _journal(self, call: _Call) -> None:
        if call.journaled:
            return
        call.journaled = True
        try:
            await self.scribe.act(journal_line(call.called, call.line))
        except BaseException:
            # Tried again each second; the scribe itself says what is wrong.
            call.journaled = False
            raise

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        async def done() -> None:
            try:
                await work
            except AriAway as error:
                # What was to be ended is ended once the exchange is back.
                _log.warning("telephone exchange away", why=str(error))
            except AriRefused as error:
                _log.warning("telephone exchange will not", error=str(error))
            except Refused as refused:
                _log.warning("call not journaled yet", why=refused.code.value)
            except Exception as error:
                _log.error("call not carried on", error=type(error).__name__)

        task = asyncio.get_running_loop().create_task(done())
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)


def _running(attempts: list[int]) -> Callable[[Connection], set[int]]:
    def read(connection: Connection) -> set[int]:
        query = select(AttemptRow.id).where(AttemptRow.id.in_(attempts), AttemptRow.outcome.is_(None))
        return set(connection.execute(query).scalars())

    return read

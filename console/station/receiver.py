"""DC-09 on TCP and UDP at one port. A panel is acknowledged only after its signal is durable (I1)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, cast

import structlog

from console.station.admission import Admission
from console.station.dc09 import Frame, Framer, Rejected, parse_datagram
from console.station.intake import Intake, NotAsked
from console.station.rules.limits import Pace
from console.station.store.scribe import Scribe

_log = structlog.get_logger("vigie.receiver")
_PARTIAL_S = 2.0
_IDLE_S = 24 * 3600.0
_STRANGER_IDLE_S = 120.0
"""A connection that has shown no known account may be quiet for so long."""
_FIRST_FRAME_S = 30.0
"""Whoever says nothing of use for so long after dialling is no panel, and keeps no place."""
ACCOUNT_SHARE = 0.1
"""Of what an address may send, an account that the station knows may send so much by itself, whoever else is there."""
_MOST_UNANSWERED = 256
_MOST_WAITING = 20_000
"""So many signals wait to be written: whoever waits for an answer is read no further."""
_LONGEST_WAIT_S = 10.0


class PortTaken(Exception):
    """The DC-09 port cannot be had; the message is a sentence."""


Give = Callable[[bytes | None], None]
"""Takes the reply to one frame, None where it gets none. Called once, in the loop."""
Shown = Callable[[str], None]
"""Told an account that the station knows, which a frame has shown."""
Alive = Callable[[], bool]
"""Whether a reply still has somewhere to go."""


@dataclass(slots=True)
class Receiver:
    """Listens, judges each frame, and answers in order once what it carried is stored.

    A frame goes from the socket to the scribe's queue in one call, and its answer from the commit to the socket in
    another: a task for each would cost more than the frame.
    """

    intake: Intake
    scribe: Scribe
    pace: Pace = field(default_factory=lambda: Pace(0))
    stopping: bool = False
    _server: asyncio.Server | None = None
    _udp: asyncio.DatagramTransport | None = None
    admission: Admission = field(default_factory=Admission)
    _by_account: Pace = field(default_factory=lambda: Pace(0))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _owed: int = 0
    """Frames that were read and have no answer yet, not even that they get none."""
    _settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the receiver stops and nothing is owed."""

    def __post_init__(self) -> None:
        self._by_account = Pace(self.pace.per_second * ACCOUNT_SHARE)

    async def start(self, host: str, port: int) -> tuple[str, int]:
        """Open TCP and UDP on one port; returns the real address. :class:`PortTaken` with a sentence."""
        loop = asyncio.get_running_loop()
        tcp, udp = _bind_both(host, port)
        self._server = await loop.create_server(lambda: _Connection(self), sock=tcp, backlog=1024)
        self._udp, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), sock=udp)
        address = tcp.getsockname()
        return address[0], address[1]

    async def stop(self) -> None:
        """Take no more; what was taken is still journaled and answered."""
        self.stopping = True
        if self._server is not None:
            self._server.close()
        for connection in self._connections():
            connection.pause()
        if self._owed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await self._settled.wait()

    def close(self) -> None:
        """Hang up."""
        for connection in self._connections():
            connection.hang_up()
        if self._udp is not None:
            self._udp.close()

    def take_in(
        self, found: Frame | Rejected, sender: str, give: Give, alive: Alive, shown: Shown | None = None
    ) -> str | None:
        """Judge a frame and hand what it carried to the scribe; ``give`` gets the reply once that is durable.

        ``alive`` says whether the reply still has somewhere to go. Frames of one panel must be taken in one after the
        other: their order is the journal's. Answers with an account that must be looked up before this frame can be
        judged, and has then done nothing. ``shown`` is told the account where the station knows it.
        """
        try:
            verdict = self.intake.judge(found, sender)
        except NotAsked as missing:
            return missing.account
        except Exception as error:
            self.not_judged(error, sender, give)
            return None
        if shown is not None and verdict.account:
            shown(verdict.account)
        received = verdict.received
        if received is None:
            give(verdict.reply)
            return None

        signals = (received, *verdict.others)
        told: list[BaseException | None] = []

        def stored(error: BaseException | None) -> None:
            told.append(error)
            if len(told) < len(signals):
                return
            failed = any(one is not None for one in told)
            if failed:
                # No reply where anything failed: the panel sends again, and an ACK is never untrue (I1).
                _log.error("signal not stored, not acknowledged", sender=sender)
            elif alive():
                for signal in signals:
                    self.intake.handed_over(signal)
            # The reply exists only after the commit that holds the signal (I1).
            give(None if failed else verdict.reply)

        for signal in signals:
            self.scribe.receive(signal, stored)
        return None

    async def take_in_once_known(
        self,
        account: str,
        found: Frame | Rejected,
        sender: str,
        give: Give,
        alive: Alive,
        shown: Shown | None = None,
    ) -> None:
        """Look ``account`` up, and whatever else the frame needs, and take it in."""
        missing: str | None = account
        while missing is not None:
            try:
                await self.intake.look_up(missing)
            except Exception as error:
                self.not_judged(error, sender, give)
                return
            missing = self.take_in(found, sender, give, alive, shown)

    def not_judged(self, error: Exception, sender: str, give: Give) -> None:
        """Most of all a database that cannot be read: not acknowledged, so the panel sends again.

        The frames that came with this one are answered all the same.
        """
        _log.error("frame not judged, not acknowledged", sender=sender, error=type(error).__name__)
        give(None)

    def owe(self, frames: int) -> None:
        """So many frames more (or fewer) wait for their answers."""
        self._owed += frames
        if self.stopping and not self._owed:
            self._settled.set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """A task that is kept until done."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def refuse(self, reason: str, sender: str) -> None:
        """Count what is not even judged."""
        self.intake.tally.refusals.count(reason, sender)

    def _connections(self) -> list[_Connection]:
        return cast("list[_Connection]", self.admission.all())

    def joined(self, connection: _Connection, host: str) -> bool:
        """Whether a new connection is taken; where room is short a stranger leaves for it."""
        found = self.admission.come(connection, host)
        if isinstance(found, str):
            self.refuse(found, f"tcp {host}:")
            return False
        if found is not None:
            self.refuse("hung up for another: it had shown no known account", f"tcp {host}:")
            found.hang_up()
        return True

    def pace_of(self, account: str, host: str, cost: int, now: float) -> float:
        """The seconds that a connection must wait: by its account once it has shown one, else by its address."""
        if account:
            return self._by_account.wait(account, cost, now)
        return self.pace.wait(host, cost, now)

    def takes_datagram(self, found: Frame | Rejected, host: str, now: float) -> bool:
        """Whether a datagram is looked at: within what its address may send, or its account where that is known.

        Addresses of datagrams can be forged: somebody else's flood under a panel's address leaves its account be.
        """
        if self.pace.take(host, now):
            return True
        if not isinstance(found, Frame) or not self.intake.knows(found.account):
            return False
        return self._by_account.take(found.account.upper(), now)


class _Answer:
    """The place of one reply in the order of its connection."""

    __slots__ = ("_line", "given", "reply")

    def __init__(self, line: _Connection) -> None:
        self._line = line
        self.reply: bytes | None = None
        self.given = False

    def give(self, reply: bytes | None) -> None:
        self.reply, self.given = reply, True
        self._line.send()


class _Connection(asyncio.Protocol):
    """One TCP connection: frames in, replies out in the same order."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._loop = asyncio.get_running_loop()
        self._framer = Framer()
        self._transport: asyncio.Transport | None = None
        self._found: deque[Frame | Rejected] = deque()
        """What was read and is not judged yet, because an account is being looked up."""
        self._answers: deque[_Answer] = deque()
        self._looking_up = False
        self._paused = False
        self._choked = False
        self._slowed = False
        self._heard = False
        """A whole frame came: it may be a panel."""
        self._account = ""
        """The account that it has shown last, of those that the station knows."""
        self._first_by = 0.0
        self._ended = False
        """The panel sends no more, and may wait for its answers."""
        self._timer: asyncio.TimerHandle | None = None
        self._until = 0.0
        self._host = ""
        self._sender = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are not asyncio's classes: the protocol says which one comes.
        transport = cast(asyncio.Transport, transport)
        self._transport = transport
        peer = transport.get_extra_info("peername") or ("unknown", 0)
        self._host, self._sender = peer[0], f"tcp {peer[0]}:{peer[1]}"
        if not self._receiver.joined(self, self._host):
            transport.abort()
            return
        self._first_by = self._loop.time() + _FIRST_FRAME_S
        self._rearm(_FIRST_FRAME_S)

    def data_received(self, data: bytes) -> None:
        found = self._framer.feed(data)
        self._take(found)
        self._rearm(_PARTIAL_S if self._framer.pending else self._may_be_quiet())
        # What is no frame costs as well: half a kilobyte counts as one.
        cost = max(len(found), 1 + len(data) // 512)
        wait = self._receiver.pace_of(self._account, self._host, cost, self._loop.time())
        if wait and not self._slowed:
            self._slowed = True
            self._receiver.refuse("slowed down: too much from one source", self._sender)
            self.pause()
            self._loop.call_later(min(wait, _LONGEST_WAIT_S), self._go_slower)

    def _go_slower(self) -> None:
        self._slowed = False
        self._resume()

    def _may_be_quiet(self) -> float:
        if not self._heard:
            return max(0.0, self._first_by - self._loop.time())
        return _IDLE_S if self._account else _STRANGER_IDLE_S

    def eof_received(self) -> bool:
        """The panel sends no more: what has no end yet is judged as it is; the line stays until it has its answers."""
        self._ended = True
        if self._framer.pending:
            self._take(self._framer.expire())
        return self._unanswered > 0

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._receiver.admission.leave(self)
        # What was received is stored all the same; only the answer has nowhere to go.
        self._transport = None
        if self._framer.pending and not self._receiver.stopping:
            self._take(self._framer.expire())

    def pause_writing(self) -> None:
        """The panel does not read its replies: nothing more is read from it until it does."""
        self._choked = True
        self.pause()

    def resume_writing(self) -> None:
        self._choked = False
        self._resume()

    def pause(self) -> None:
        """Read no more from this panel."""
        if not self._paused and self._transport is not None and not self._transport.is_closing():
            self._paused = True
            self._transport.pause_reading()

    def hang_up(self) -> None:
        """Close after what is being sent."""
        if self._transport is not None:
            self._transport.close()

    def _shown(self, account: str) -> None:
        if not self._account:
            self._receiver.admission.show(self)
            if not self._framer.pending:
                self._rearm(_IDLE_S)
        self._account = account

    def _alive(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def send(self) -> None:
        """Send the replies that are there, up to the first that is not."""
        answers, sent = self._answers, 0
        while answers and answers[0].given:
            reply = answers.popleft().reply
            sent += 1
            if reply is not None and self._transport is not None and not self._transport.is_closing():
                self._transport.write(reply)
        if sent:
            self._receiver.owe(-sent)
            if self._ended and not self._unanswered:
                self.hang_up()
            elif self._paused:
                self._resume()

    def _resume(self) -> None:
        if self._choked or self._slowed or self._receiver.stopping or self._unanswered > _MOST_UNANSWERED // 2:
            return
        if self._paused and self._transport is not None and not self._transport.is_closing():
            self._paused = False
            self._transport.resume_reading()

    @property
    def _unanswered(self) -> int:
        return len(self._found) + len(self._answers)

    def _rearm(self, seconds: float) -> None:
        if self._transport is None:
            # It is gone; only what it sent is still judged.
            return
        # One timer that looks when it rings, instead of a new one for every segment.
        self._until = self._loop.time() + seconds
        if self._timer is not None:
            if self._timer.when() <= self._until:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(self._until, self._rings)

    def _rings(self) -> None:
        self._timer = None
        if self._loop.time() < self._until:
            self._timer = self._loop.call_at(self._until, self._rings)
        elif self._framer.pending:
            self._take(self._framer.expire())
            self._rearm(self._may_be_quiet())
        elif self._unanswered:
            # It waits for us: a database that is slow makes nobody quiet.
            self._rearm(max(self._may_be_quiet(), 1.0))
        else:
            if not self._heard:
                self._receiver.refuse("no frame since it dialled", self._sender)
            self.hang_up()

    def _take(self, found: list[Frame | Rejected]) -> None:
        self._heard = self._heard or any(isinstance(one, Frame) for one in found)
        self._receiver.owe(len(found))
        self._found.extend(found)
        self._go_on()
        if self._unanswered > _MOST_UNANSWERED or (self._unanswered and self._receiver.scribe.waiting > _MOST_WAITING):
            # Read again once it has its answers.
            self.pause()

    def _go_on(self) -> None:
        """Take in what was found, in order, up to a frame whose account must be looked up first."""
        while self._found and not self._looking_up:
            frame = self._found.popleft()
            answer = _Answer(self)
            self._answers.append(answer)
            account = self._receiver.take_in(frame, self._sender, answer.give, self._alive, self._shown)
            if account is not None:
                self._looking_up = True
                self._receiver.spawn(self._once_known(account, frame, answer.give))

    async def _once_known(self, account: str, frame: Frame | Rejected, give: Give) -> None:
        try:
            await self._receiver.take_in_once_known(account, frame, self._sender, give, self._alive, self._shown)
        finally:
            self._looking_up = False
            self._go_on()


class _Datagrams(asyncio.DatagramProtocol):
    """UDP: one datagram, one frame; answered to where it came from, from the port it came to."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.DatagramTransport | None = None
        self._unanswered = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        if self._receiver.stopping:
            return
        if self._unanswered >= 4 * _MOST_UNANSWERED:
            # Not answered, so the panel sends it again.
            self._receiver.refuse("datagrams while behind", f"udp {addr[0]}:{addr[1]}")
            return
        found = parse_datagram(data)
        if not self._receiver.takes_datagram(found, addr[0], self._loop.time()):
            # A panel sends it again, more slowly.
            self._receiver.refuse("too many datagrams from one source", f"udp {addr[0]}:{addr[1]}")
            return
        self._unanswered += 1
        self._receiver.owe(1)

        def give(reply: bytes | None) -> None:
            self._unanswered -= 1
            self._receiver.owe(-1)
            if reply is not None and self._transport is not None and not self._transport.is_closing():
                self._transport.sendto(reply, addr)

        sender = f"udp {addr[0]}:{addr[1]}"
        account = self._receiver.take_in(found, sender, give, _anywhere)
        if account is not None:
            self._receiver.spawn(self._receiver.take_in_once_known(account, found, sender, give, _anywhere))


def _anywhere() -> bool:
    """A datagram has no connection that could be gone."""
    return True


def _bind_both(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for attempt in range(20):
        tcp = socket.socket(family, socket.SOCK_STREAM)
        udp = socket.socket(family, socket.SOCK_DGRAM)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit these two: said once here, not in two system calls for every panel that dials.
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            tcp.bind((host, port))
            udp.bind((host, tcp.getsockname()[1]))
        except OSError as error:
            tcp.close()
            udp.close()
            # A free TCP port may be taken on UDP: look for another, unless one was asked for.
            if port == 0 and attempt < 19:
                continue
            raise PortTaken(f"The DC-09 address {host}:{port} cannot be opened: {error.strerror or error}.") from error
        tcp.setblocking(False)
        udp.setblocking(False)
        return tcp, udp
    raise PortTaken(f"No port is free for both TCP and UDP on {host}.")

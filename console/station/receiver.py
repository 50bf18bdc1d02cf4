"""DC-09 on TCP and UDP at one port. A panel is acknowledged only after its signal is durable (I1)."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import structlog

from console.station.dc09 import Frame, Framer, Rejected, parse_datagram
from console.station.intake import Intake
from console.station.store.scribe import Scribe

_log = structlog.get_logger("vigie.receiver")
_PARTIAL_S = 2.0
_IDLE_S = 24 * 3600.0
_MOST_CONNECTIONS = 5000
_MOST_PER_SOURCE = 500
_MOST_UNANSWERED = 256


class PortTaken(Exception):
    """The DC-09 port cannot be had; the message is a sentence."""


@dataclass(slots=True)
class Receiver:
    """Listens, judges each frame, and answers in order once what it carried is stored."""

    intake: Intake
    scribe: Scribe
    _server: asyncio.Server | None = None
    _udp: asyncio.DatagramTransport | None = None
    _connections: set[_Connection] | None = None
    _tasks: set[asyncio.Task[None]] | None = None

    async def start(self, host: str, port: int) -> tuple[str, int]:
        """Open TCP and UDP on one port; returns the real address. :class:`PortTaken` with a sentence."""
        self._connections, self._tasks = set(), set()
        loop = asyncio.get_running_loop()
        tcp, udp = _bind_both(host, port)
        self._server = await loop.create_server(lambda: _Connection(self), sock=tcp, backlog=1024)
        self._udp, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), sock=udp)
        address = tcp.getsockname()
        return address[0], address[1]

    async def stop(self) -> None:
        """Take no more; what was taken is still journaled and answered."""
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections or ()):
            connection.pause()
        tasks = list(self._tasks or ())
        if tasks:
            await asyncio.wait(tasks, timeout=5)

    def close(self) -> None:
        """Hang up."""
        for connection in list(self._connections or ()):
            connection.hang_up()
        if self._udp is not None:
            self._udp.close()

    async def take_in(
        self, found: Frame | Rejected, sender: str, alive: Callable[[], bool]
    ) -> asyncio.Future[bytes | None]:
        """Judge a frame and hand what it carried to the scribe; the future gives the reply once that is durable.

        ``alive`` says whether the reply still has somewhere to go. Frames of one panel must be taken in one after the
        other: their order is the journal's.
        """
        reply: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        try:
            verdict = await self.intake.judge(found, sender)
        except Exception as error:
            # Most of all a database that cannot be read: not acknowledged, so the panel sends again; the frames
            # that came with this one are answered all the same.
            _log.error("frame not judged, not acknowledged", sender=sender, error=type(error).__name__)
            reply.set_result(None)
            return reply
        received = verdict.received
        if received is None:
            reply.set_result(verdict.reply)
            return reply

        def stored(done: asyncio.Future[int]) -> None:
            if reply.cancelled():
                return
            if done.cancelled() or done.exception() is not None:
                # No reply where anything failed: the panel sends again, and an ACK is never untrue (I1).
                _log.error("signal not stored, not acknowledged", sender=sender)
                reply.set_result(None)
            else:
                if alive():
                    self.intake.handed_over(received)
                reply.set_result(verdict.reply)

        # The reply exists only after the commit that holds the signal (I1).
        self.scribe.receive(received).add_done_callback(stored)
        return reply

    def spawn(self, work: Any) -> asyncio.Task[None]:
        """A task that is kept until done."""
        assert self._tasks is not None
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def joined(self, connection: _Connection, host: str) -> bool:
        """Whether a new connection is taken: bounded in all and per source."""
        assert self._connections is not None
        if len(self._connections) >= _MOST_CONNECTIONS:
            self.intake.tally.refused["too many connections"] += 1
            return False
        if sum(1 for other in self._connections if other.host == host) >= _MOST_PER_SOURCE:
            self.intake.tally.refused["too many connections from one source"] += 1
            return False
        self._connections.add(connection)
        return True

    def left(self, connection: _Connection) -> None:
        """A connection is gone."""
        assert self._connections is not None
        self._connections.discard(connection)


class _Connection(asyncio.Protocol):
    """One TCP connection: frames in, replies out in the same order."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._framer = Framer()
        self._transport: asyncio.Transport | None = None
        self._found: deque[Frame | Rejected] = deque()
        self._working = False
        self._timer: asyncio.TimerHandle | None = None
        self.host = ""
        self._sender = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are not asyncio's classes: the protocol says which one comes.
        transport = cast(asyncio.Transport, transport)
        self._transport = transport
        peer = transport.get_extra_info("peername") or ("unknown", 0)
        self.host, self._sender = peer[0], f"tcp {peer[0]}:{peer[1]}"
        if not self._receiver.joined(self, self.host):
            transport.abort()
            return
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rearm(_IDLE_S)

    def data_received(self, data: bytes) -> None:
        self._take(self._framer.feed(data))
        self._rearm(_PARTIAL_S if self._framer.pending else _IDLE_S)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._receiver.left(self)
        # What was received is stored all the same; only the answer has nowhere to go.
        self._transport = None

    def pause(self) -> None:
        """Read no more from this panel."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def hang_up(self) -> None:
        """Close after what is being sent."""
        if self._transport is not None:
            self._transport.close()

    def _alive(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def _rearm(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._quiet)

    def _quiet(self) -> None:
        if not self._framer.pending:
            self.hang_up()
            return
        self._take(self._framer.expire())
        self._rearm(_IDLE_S)

    def _take(self, found: list[Frame | Rejected]) -> None:
        self._found.extend(found)
        if len(self._found) > _MOST_UNANSWERED:
            self.pause()
        if self._found and not self._working:
            self._working = True
            self._receiver.spawn(self._work())

    async def _work(self) -> None:
        """Handle what was found, together where it came together, and answer in order."""
        try:
            while self._found:
                batch = [self._found.popleft() for _ in range(len(self._found))]
                replies = [await self._receiver.take_in(found, self._sender, self._alive) for found in batch]
                for coming in replies:
                    reply = await coming
                    if reply is not None and self._transport is not None and not self._transport.is_closing():
                        self._transport.write(reply)
                if self._transport is not None and not self._transport.is_closing():
                    self._transport.resume_reading()
        finally:
            self._working = False


class _Datagrams(asyncio.DatagramProtocol):
    """UDP: one datagram, one frame; answered to where it came from, from the port it came to."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._transport: asyncio.DatagramTransport | None = None
        self._unanswered = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        if self._unanswered >= 4 * _MOST_UNANSWERED:
            # Not answered, so the panel sends it again.
            self._receiver.intake.tally.refused["datagrams while behind"] += 1
            return
        self._unanswered += 1
        self._receiver.spawn(self._answer(data, addr))

    async def _answer(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        sender = f"udp {addr[0]}:{addr[1]}"
        try:
            reply = await (await self._receiver.take_in(parse_datagram(data), sender, lambda: True))
        finally:
            self._unanswered -= 1
        if reply is not None and self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(reply, addr)


def _bind_both(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for attempt in range(20):
        tcp = socket.socket(family, socket.SOCK_STREAM)
        udp = socket.socket(family, socket.SOCK_DGRAM)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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

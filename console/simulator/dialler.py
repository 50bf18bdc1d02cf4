"""A panel that dials the station's real port, and dials again until it is answered (dc09.md §4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import cast

from console.simulator.frames import Answer, Writer
from console.simulator.signals import Signal

_LAST_SEQUENCE = 9999
_RETRIES = 3
_ANSWER_WITHIN_S = 5.0
_REDIAL_AFTER_S = 0.5


class Transport(StrEnum):
    """How a panel reaches the station."""

    TCP = "tcp"
    UDP = "udp"


class Outcome(StrEnum):
    """How sending one signal ended."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Station:
    """Where panels dial in."""

    host: str
    port: int


class _Line(asyncio.BaseProtocol):
    """A way to the station: whole replies come out of ``replies``, None when it is gone."""

    def __init__(self) -> None:
        self.replies: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.gone = False
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        self.replies.put_nowait(None)

    def send(self, frame: bytes) -> None:
        """Put a frame on the line."""
        raise NotImplementedError

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


class _Connection(_Line, asyncio.Protocol):
    """A TCP connection."""

    _kept = b""

    def send(self, frame: bytes) -> None:
        # asyncio's classes of transports overlap: the protocol says which one comes.
        cast(asyncio.Transport, self._transport).write(frame)

    def data_received(self, data: bytes) -> None:
        # A hex CRC holds no CR, so each CR ends a reply.
        *whole, self._kept = (self._kept + data).split(b"\r")
        for reply in whole:
            self.replies.put_nowait(reply + b"\r")


class _Datagrams(_Line, asyncio.DatagramProtocol):
    """A UDP socket: a datagram is a frame."""

    def send(self, frame: bytes) -> None:
        cast(asyncio.DatagramTransport, self._transport).sendto(frame)

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        self.replies.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        # Nobody listens (yet): the wait for the answer runs out, and the panel sends again.
        pass


def _system_time() -> datetime:
    return datetime.now(UTC)


class Panel:
    """One panel: its sequence, its line, and one frame in flight at a time."""

    def __init__(
        self,
        writer: Writer,
        station: Station,
        transport: Transport = Transport.TCP,
        *,
        sequence: int = 0,
        stays: bool = True,
        answer_within_s: float = _ANSWER_WITHIN_S,
        retries: int = _RETRIES,
        redial_after_s: float = _REDIAL_AFTER_S,
        clock: Callable[[], datetime] = _system_time,
    ) -> None:
        """``sequence`` was the last one used. A panel that ``stays`` keeps its connection (dc09.md §4)."""
        self._writer = writer
        self._station = station
        self._transport = transport
        self._stays = stays
        self._answer_within_s = answer_within_s
        self._tries = 1 + retries
        self._redial_after_s = redial_after_s
        self._clock = clock
        self._behind = timedelta()
        self._sequence = sequence
        self._line: _Line | None = None
        self._turn = asyncio.Lock()

    @property
    def sequence(self) -> int:
        """The last sequence number used."""
        return self._sequence

    async def send(self, signal: Signal) -> Outcome:
        """Send an event and wait for its answer; repeats keep the sequence and take a fresh time."""
        async with self._turn:
            self._sequence = self._sequence % _LAST_SEQUENCE + 1
            sequence = self._sequence
            return await self._insist(sequence, lambda moment: self._writer.event(signal, sequence, moment))

    async def poll(self) -> Outcome:
        """Send a link test."""
        async with self._turn:
            return await self._insist(0, self._writer.poll)

    async def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    async def _insist(self, sequence: int, frame: Callable[[datetime], bytes]) -> Outcome:
        outcome = Outcome.UNANSWERED
        for attempt in range(self._tries):
            try:
                outcome = await self._try(sequence, frame)
            except OSError:
                await self.close()
                if attempt + 1 < self._tries:
                    await asyncio.sleep(self._redial_after_s)
                continue
            if outcome is not Outcome.UNANSWERED:
                break
        if not self._stays:
            await self.close()
        return outcome

    async def _try(self, sequence: int, frame: Callable[[datetime], bytes]) -> Outcome:
        line = await self._dialled()
        line.send(frame(self._clock() + self._behind))
        try:
            async with asyncio.timeout(self._answer_within_s):
                while True:
                    raw = await line.replies.get()
                    if raw is None:
                        raise ConnectionResetError
                    reply = self._writer.reply(sequence, raw)
                    if reply is None:
                        # A late answer to an earlier try, or noise.
                        continue
                    if reply.answer is Answer.ACK:
                        return Outcome.ACKNOWLEDGED
                    if reply.answer is Answer.DUH:
                        return Outcome.REFUSED
                    if reply.time is not None:
                        self._behind = reply.time - self._clock()
                    return Outcome.UNANSWERED
        except TimeoutError:
            if self._transport is Transport.TCP:
                # A connection on which nothing comes back may be dead without saying so.
                await self.close()
            return Outcome.UNANSWERED

    async def _dialled(self) -> _Line:
        if self._line is not None and not self._line.gone:
            return self._line
        loop = asyncio.get_running_loop()
        host, port = self._station.host, self._station.port
        async with asyncio.timeout(self._answer_within_s):
            if self._transport is Transport.UDP:
                _, self._line = await loop.create_datagram_endpoint(_Datagrams, remote_addr=(host, port))
            else:
                _, self._line = await loop.create_connection(_Connection, host, port)
        return self._line

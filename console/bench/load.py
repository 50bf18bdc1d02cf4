"""One load for every receiver: prebuilt frames, as fast as each connection is answered, or at a steady pace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from typing import cast

from console.simulator import signals
from console.simulator.frames import Writer

CONNECTIONS = 50
# One in ten raises an alarm, as on a lively evening; the rest are openings, closings and restorals.
_MIX = (
    *(signals.OPENING, signals.CLOSING, signals.INTRUSION_RESTORED) * 3,
    signals.INTRUSION,
)


@dataclass(slots=True)
class Measured:
    """What one round gave."""

    acknowledged: int = 0
    refused: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    """Seconds from sending to the reply, one a frame."""

    @property
    def rate(self) -> float:
        """Acknowledged frames a second."""
        return self.acknowledged / self.seconds if self.seconds else 0.0

    def wait(self, share: float) -> float:
        """The wait that ``share`` of the frames did not exceed, in seconds."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def account(connection: int) -> str:
    """The account of a connection's panel."""
    return f"{0xB000 + connection:04X}"


def frames_of(connection: int, count: int, key: bytes | None, first: int = 1) -> list[bytes]:
    """``count`` frames of one panel, numbered on from ``first``."""
    writer, now = Writer(account(connection), "SIA-DCS", key), datetime.now(UTC)
    mixed = cycle(_MIX)
    return [
        writer.event(signals.Signal(next(mixed), "1", str(number % 8 + 1)), (number - 1) % 9999 + 1, now)
        for number in range(first, first + count)
    ]


def poll_of(connection: int) -> bytes:
    """A panel's link test, which asks for an answer and says nothing."""
    return Writer(account(connection), "SIA-DCS").poll(datetime.now(UTC))


class _Panel(asyncio.Protocol):
    """Sends the next frame when the last was answered."""

    def __init__(self, frames: Iterator[bytes], measured: Measured, until: float, done: asyncio.Future[None]) -> None:
        self._frames, self._measured, self._until, self._done = frames, measured, until, done
        self._sent_at = 0.0
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no asyncio.Transport by name.
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._buffer.endswith(b"\r"):
            return
        now = time.perf_counter()
        self._measured.waits.append(now - self._sent_at)
        if b'ACK"' in self._buffer:
            self._measured.acknowledged += 1
        else:
            self._measured.refused += 1
        self._buffer = b""
        if now >= self._until:
            self._transport.close()
        else:
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)

    def _next(self) -> None:
        frame = next(self._frames)
        self._sent_at = time.perf_counter()
        self._transport.write(frame)


async def _dial(host: str, port: int, frames: Iterator[bytes], measured: Measured, until: float) -> None:
    """One connection, until ``until`` or after its first frame."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    await loop.create_connection(lambda: _Panel(frames, measured, until, done), host, port)
    await done


async def persistent(host: str, port: int, frames: list[list[bytes]], seconds: float) -> Measured:
    """Every connection stays open and sends its next frame when the last was answered."""
    measured = Measured()
    began = time.perf_counter()
    await asyncio.gather(*(_dial(host, port, cycle(own), measured, began + seconds) for own in frames))
    measured.seconds = time.perf_counter() - began
    return measured


async def per_frame(host: str, port: int, frames: list[list[bytes]], seconds: float) -> Measured:
    """Every frame dials anew, as most panels do."""
    measured = Measured()
    began = time.perf_counter()

    async def panel(own: Iterator[bytes]) -> None:
        while time.perf_counter() - began < seconds:
            await _dial(host, port, own, measured, 0.0)

    await asyncio.gather(*(panel(cycle(own)) for own in frames))
    measured.seconds = time.perf_counter() - began
    return measured


async def steady(host: str, port: int, frames: list[list[bytes]], seconds: float, per_second: float) -> Measured:
    """``per_second`` frames a second over all connections, by an absolute schedule: a late answer counts as late."""
    measured = Measured()
    began = time.perf_counter()
    gap = len(frames) / per_second

    async def panel(nth: int, own: list[bytes]) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        for number in range(int(seconds / gap)):
            due = began + nth * gap / len(frames) + number * gap
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(own[number % len(own)])
            reply = await reader.readuntil(b"\r")
            measured.waits.append(time.perf_counter() - due)
            if b'ACK"' in reply:
                measured.acknowledged += 1
            else:
                measured.refused += 1
        writer.close()

    await asyncio.gather(*(panel(nth, own) for nth, own in enumerate(frames)))
    measured.seconds = time.perf_counter() - began
    return measured


async def dialled(host: str, port: int, frames: list[list[bytes]], seconds: float, per_second: float) -> Measured:
    """``per_second`` frames a second by an absolute schedule, each on a connection of its own."""
    measured = Measured()
    began = time.perf_counter()
    calls = []
    for number in range(int(seconds * per_second)):
        await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        own = iter(frames[number % len(frames)])
        calls.append(asyncio.ensure_future(_dial(host, port, own, measured, 0.0)))
    await asyncio.gather(*calls)
    measured.seconds = time.perf_counter() - began
    return measured

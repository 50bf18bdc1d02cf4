"""A TCP wire between console and station that can fall silent, lose an answer, refuse, or carry nonsense."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from console.station.http_server import Address

_CHUNK = 65536


class Wire:
    """Forwards bytes. What is cut is cut as a pulled cable cuts it: nobody is told."""

    def __init__(self, station: Address) -> None:
        self._station = station
        self._through = asyncio.Event()
        self._through.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.lost_answers: list[bytes] = []
        """The answer to the first request that holds one of these never arrives; then it is taken off."""
        self.refused: list[bytes] = []
        """A request that holds one of these ends the connection, and does not arrive."""
        self.spoil: Callable[[bytes], bytes] = bytes
        """What becomes of the station's bytes on the way."""
        self.requests: list[str] = []
        """First lines of what the console sent, in order."""

    async def open(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """From now on nothing comes through, and no connection is closed."""
        self._through.clear()

    def mend(self) -> None:
        """It carries again."""
        self._through.set()

    def drop(self) -> None:
        """Close all connections; new ones are carried."""
        for writer in self._writers:
            writer.close()

    async def close(self) -> None:
        """Take it down."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.drop()

    def count(self, words: str) -> int:
        """How many requests began so."""
        return sum(1 for request in self.requests if request.startswith(words))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            there_reader, there_writer = await asyncio.open_connection(self._station.host, self._station.port)
        except OSError:
            writer.close()
            return
        self._writers.add(there_writer)
        pair = _Pair(self, writer, there_writer)
        for work in (pair.ask(reader), pair.answer(there_reader)):
            task = asyncio.ensure_future(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def through(self) -> None:
        """Wait while it is cut."""
        await self._through.wait()


class _Pair:
    """One connection, both ways."""

    def __init__(self, wire: Wire, here: asyncio.StreamWriter, there: asyncio.StreamWriter) -> None:
        self._wire, self._here, self._there = wire, here, there
        self._lose = False

    async def ask(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                await self._wire.through()
                line = data.split(b"\r\n", 1)[0].decode(errors="replace")
                if line.endswith("HTTP/1.1"):
                    self._wire.requests.append(line)
                if any(part in data for part in self._wire.refused):
                    break
                for part in self._wire.lost_answers:
                    if part in data:
                        self._wire.lost_answers.remove(part)
                        self._lose = True
                self._there.write(data)
                await self._there.drain()
        self._end()

    async def answer(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                if self._lose:
                    break
                await self._wire.through()
                self._here.write(self._wire.spoil(data))
                await self._here.drain()
        self._end()

    def _end(self) -> None:
        self._here.close()
        self._there.close()


@asynccontextmanager
async def wire_to(station: Address) -> AsyncIterator[Wire]:
    """A wire to a station, taken down at the end."""
    wire = Wire(station)
    await wire.open()
    try:
        yield wire
    finally:
        await wire.close()

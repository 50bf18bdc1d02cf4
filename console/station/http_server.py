"""Where the station serves HTTP, on the network and on the local socket."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import uvicorn
from fastapi import FastAPI

KEEP_ALIVE_S = 30
"""An idle connection is kept well beyond the five seconds after which httpx lets go of its own: where both let go at
the same time, an act is sent into a connection that is being closed, and its operator told that nobody answers."""

_DATE_EVERY_S = 1.0
_LOOK_AGAIN_S = 0.005
"""While the last answers leave: the few that a stop meets are gone after one look or two."""


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port; port 0 asks for a free one."""

    host: str
    port: int

    @classmethod
    def parse(cls, given: str) -> Address:
        """``HOST:PORT``, also ``[::1]:PORT``. ValueError with a sentence."""
        host, _, port = given.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            raise ValueError(f"'{given}' is not HOST:PORT")
        return cls(host.strip("[]"), int(port))

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def http_config(app: FastAPI, **more: Any) -> uvicorn.Config:
    """How HTTP is served, on the network and on the local socket; ``more`` as :class:`uvicorn.Config` takes."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=3,
        **more,
    )


class HttpServer(uvicorn.Server):
    """uvicorn inside the station's own loop; the station handles the signals.

    uvicorn looks every tenth of a second whether it should end, and again whether its last answer has left. Here the
    end is an event: a station that stops lets go of its port at once, so that the next one can have it.
    """

    done: asyncio.Task[None]

    def start(self, sockets: list[socket.socket]) -> None:
        """Serve as a task."""
        self._ending = asyncio.Event()
        self.done = asyncio.get_running_loop().create_task(self.serve(sockets=sockets))

    def end(self) -> None:
        """Take no more; what is being answered is answered. :attr:`done` tells when."""
        self.should_exit = True
        self._ending.set()

    async def main_loop(self) -> None:
        """Keep the date header right, until :meth:`end`."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_DATE_EVERY_S):
                    await self._ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what listens, let running answers end within the grace, cut off the rest."""
        for server in self.servers:
            server.close()
        for sock in sockets or []:
            sock.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK_AGAIN_S)  # uvicorn tells nobody when a connection goes
                for server in self.servers:
                    await server.wait_closed()
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel(msg="the grace of a station that stops is over")

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None of ours: see :class:`console.station.service.Station`."""
        yield


def listen(address: Address) -> socket.socket:
    """A socket that listens there, not blocking. OSError where it cannot."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    # Named TCP, or asyncio's own loop leaves Nagle on and each answer waits 40 ms for the peer.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((address.host, address.port))
        sock.listen(256)
    except OSError:
        sock.close()
        raise
    sock.setblocking(False)
    return sock

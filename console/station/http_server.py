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
    """uvicorn inside the station's own loop; the station handles the signals."""

    done: asyncio.Task[None]

    def start(self, sockets: list[socket.socket]) -> None:
        """Serve as a task."""
        self.done = asyncio.get_running_loop().create_task(self.serve(sockets=sockets))

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
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

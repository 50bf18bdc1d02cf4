"""Real databases for the tests: SQLite files, and a private PostgreSQL that the tests start themselves."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def _missing(reason: str) -> None:
    """PostgreSQL is part of the product: its absence fails CI and is said elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """A TCP port that nobody uses now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class PostgresServer:
    """A server of its own in a temporary folder; it refuses to run as root, so root hands it to ``postgres``."""

    def __init__(self, binaries: Path, *options: str) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="vigie-pg-"))
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as:
            shutil.chown(self._folder, "postgres")
        self.port = free_port()
        self._run("initdb", "-D", str(self._folder / "data"), "-A", "trust", "-U", "postgres", "--no-sync")
        self._options = [f"-p {self.port}", "-c listen_addresses=127.0.0.1", f"-k {self._folder}", *options]
        self.start()

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [*self._as, str(self._binaries / program), *words],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
        )

    def start(self) -> None:
        """Start and wait until it takes connections."""
        self._run(
            "pg_ctl", "-D", str(self._folder / "data"), "-l", str(self._folder / "log"), "-w",
            "-o", " ".join(self._options), "start",
        )  # fmt: skip

    def stop(self) -> None:
        """Stop at once and remove everything."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def fresh(self) -> str:
        """The URL of a new empty database."""
        name = f"vigie_{uuid.uuid4().hex[:12]}"

        async def create() -> None:
            connection = await asyncpg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres")
            await connection.execute(f"CREATE DATABASE {name}")
            await connection.close()

        # In a thread of its own: the caller may have a loop that runs.
        thread = threading.Thread(target=lambda: asyncio.run(create()))
        thread.start()
        thread.join()
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{name}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for all tests of this process."""
    binaries = _binaries()
    if binaries is None:
        _missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    assert binaries is not None
    server = PostgresServer(binaries)
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """A fresh empty database."""
    return postgres_server.fresh()


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a station keeps its journal: a data folder, or a fresh PostgreSQL database."""
    if request.param == "sqlite":
        return tmp_path / "data"
    url = request.getfixturevalue("postgres_url")
    assert isinstance(url, str)
    return url

"""Real databases for the tests: SQLite files, and a private PostgreSQL that the tests start themselves.

The migrations run once in each process, into a database that is copied from then on. Tests of the migrations
themselves ask for ``empty_place``; stations that are started as programs migrate for themselves, as a user's do.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Coroutine, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from console.station.store import schema
from console.station.store.database import Database


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs on PostgreSQL: a lane of its own (``.ci/test``), and ``-m "not postgres"`` for a quick look."""
    for item in items:
        params = (
            item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
        )
        fixtures = getattr(item, "fixturenames", ())
        if "postgres" in params or {"postgres_url", "postgres_server", "own_server"} & set(fixtures):
            item.add_marker(pytest.mark.postgres)


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
        self._migrated = ""
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

    def runs(self) -> bool:
        """Whether it was started and not stopped since."""
        return (self._folder / "data" / "postmaster.pid").exists()

    def sql(self, statement: str) -> None:
        """Run one statement as the server's owner."""
        self._run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-qc", statement, "postgres")

    def fresh(self) -> str:
        """The URL of a new empty database."""
        return self._create("")

    def migrated(self) -> str:
        """The URL of a new database with the schema of today and nothing in it: a copy of one that was migrated."""
        if not self._migrated:
            url = self.fresh()
            _apart(_migrate(Database.postgres(url)))
            self._migrated = url.rpartition("/")[2]
        # Not the strategy file_copy: it makes a checkpoint before and after, which took up to 19 s.
        return self._create(f"TEMPLATE {self._migrated} STRATEGY wal_log")

    def _create(self, how: str) -> str:
        name = f"vigie_{uuid.uuid4().hex[:12]}"

        async def create() -> None:
            connection = await asyncpg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres")
            await connection.execute(f"CREATE DATABASE {name} {how}")
            await connection.close()

        _apart(create())
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{name}"


def _apart(work: Coroutine[Any, Any, None]) -> None:
    """Run ``work`` in a thread of its own: the caller may have a loop that runs. What it raises is raised."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


async def _migrate(database: Database) -> None:
    try:
        await database.write(schema.upgrade)
    finally:
        await database.close()


@cache
def _migrated_file() -> bytes:
    """An SQLite database with the schema of today and nothing in it."""
    with tempfile.TemporaryDirectory(prefix="vigie-sqlite-") as folder:
        file = Path(folder) / "vigie.db"
        _apart(_migrate(Database.sqlite(file)))
        assert not file.with_name("vigie.db-wal").exists(), "the log was not brought back into the file"
        return file.read_bytes()


def migrated_folder(folder: Path) -> Path:
    """``folder`` as a data folder whose database stands at the schema of today; one that has a database is left."""
    file = folder / "vigie.db"
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_bytes(_migrated_file())
    return folder


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
def own_server(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """A server of the test's own, to be stopped and started; that there can be one is known by the other."""
    binaries = _binaries()
    assert binaries is not None
    server = PostgresServer(binaries)
    yield server
    if server.runs():
        server.stop()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """A database of its own, migrated already, with nothing in it."""
    return postgres_server.migrated()


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database: a test that asks for ``place`` or ``empty_place`` runs on each."""
    return str(request.param)


@pytest.fixture
def place(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a station keeps its journal, migrated already: a data folder, or a PostgreSQL database of its own."""
    if kind == "sqlite":
        return migrated_folder(tmp_path / "data")
    return _server(request).migrated()


@pytest.fixture
def empty_place(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """A place that nothing was written to, for what the migrations do."""
    return tmp_path / "data" if kind == "sqlite" else _server(request).fresh()


def _server(request: pytest.FixtureRequest) -> PostgresServer:
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server

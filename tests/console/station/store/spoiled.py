"""A sealed journal of a real station, copied for each test, and somebody who writes into its database by hand."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Callable, Coroutine
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from console.station.clock import MovedClock
from console.station.rules.profile import DEFAULT_PROFILE
from console.station.sealing import Sealer
from console.station.store.chain import JOURNAL_COLUMNS, PAYLOAD_COLUMNS, entry_hash, first_prev, payload_digest
from console.station.store.database import Database
from console.station.store.erasure import ERASED, erase
from console.station.store.ledger import Ledger, journal_id
from console.station.store.scribe import Scribe
from console.station.store.secrets import Secrets
from models.records import Actor, ActorKind
from tests.console.station.house import SITE, START, open_house
from tests.frames import sia

SIGNALS = 12


def alone(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine in a thread of its own: the caller may have a loop that runs."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(work())))
    thread.start()
    thread.join()
    return found[0]


def write_journal(place: Path | str) -> None:
    """A station that received a few signals and stopped cleanly, so that every entry is sealed."""

    async def work() -> None:
        async with open_house(place) as house:
            await house.bring_in(SITE)
            await house.send(*(sia("1001", number, f"Nri1/BA{number:02d}") for number in range(1, SIGNALS + 1)))

    alone(work)


@dataclass
class Copy:
    """A journal that may be spoiled."""

    place: Path | str
    secrets: Path

    def query(self, *statements: str) -> list[dict[str, Any]]:
        """Run SQL past all triggers; the rows of the last statement."""
        if isinstance(self.place, Path):
            return self._sqlite(statements)
        return alone(lambda: self._postgres(statements))  # type: ignore[no-any-return]

    def _sqlite(self, statements: tuple[str, ...]) -> list[dict[str, Any]]:
        assert isinstance(self.place, Path)
        with closing(sqlite3.connect(self.place / "vigie.db")) as connection, connection:
            connection.row_factory = sqlite3.Row
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            rows = [connection.execute(statement).fetchall() for statement in statements]
            return [dict(row) for row in rows[-1]]

    async def _postgres(self, statements: tuple[str, ...]) -> list[dict[str, Any]]:
        assert isinstance(self.place, str)
        connection = await asyncpg.connect(self.place.replace("+asyncpg", ""))
        try:
            async with connection.transaction():
                for table in ("journal", "journal_payload", "erasure", "journal_archive"):
                    await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
                rows = [await connection.fetch(statement) for statement in statements]
            return [dict(row) for row in rows[-1]]
        finally:
            await connection.close()

    @property
    def checkpoints(self) -> Path:
        """The file with the signed checkpoints."""
        [found] = self.secrets.glob("checkpoints-*.jsonl")
        return found

    def rehash(self, journal_id: str | None = None) -> None:
        """Forge the whole chain anew, as somebody could who has the database but not the station's key."""
        if journal_id is not None:
            self.query(f"UPDATE journal_head SET journal_id = '{journal_id}'")
        prev = first_prev(self.query("SELECT journal_id FROM journal_head")[0]["journal_id"])
        for row in self.query("SELECT hash FROM journal_archive ORDER BY last"):
            # What is live begins where the last archive ends.
            prev = row["hash"]
        changes = []
        for row in self.query("SELECT j.*, p.* FROM journal j JOIN journal_payload p ON p.seq = j.seq ORDER BY j.seq"):
            row["payload_digest"] = payload_digest(row["salt"], [row[name] for name in PAYLOAD_COLUMNS])
            row["prev"] = prev
            prev = entry_hash([row[name] for name in JOURNAL_COLUMNS])
            changes.append(
                f"UPDATE journal SET payload_digest = '{row['payload_digest']}', prev = '{row['prev']}', "
                f"hash = '{prev}' WHERE seq = {row['seq']}"
            )
        self.query(
            *changes, f"UPDATE journal_head SET hash = '{prev}', seq = (SELECT max(seq) FROM journal)", "SELECT 1"
        )


def copied(original: Copy, folder: Path) -> Copy:
    """A copy of its own for one test."""
    secrets = folder / "secrets"
    if isinstance(original.place, Path):
        shutil.copytree(original.place, folder / "data")
        return Copy(folder / "data", folder / "data" / "secrets")
    shutil.copytree(original.secrets, secrets)
    name = f"vigie_{uuid.uuid4().hex[:12]}"
    server, _, template = original.place.rpartition("/")

    async def work() -> None:
        connection = await asyncpg.connect(f"{server.replace('+asyncpg', '')}/postgres")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        await connection.close()

    alone(work)
    return Copy(f"{server}/{name}", secrets)


def erased(journal: Copy, entries: list[int]) -> int:
    """Erase what ``entries`` say, as the station does; the number of the entry that tells of it."""

    async def work() -> int:
        secrets = Secrets.open(journal.secrets, create=False)
        is_file = isinstance(journal.place, Path)
        database = Database.sqlite(journal.place / "vigie.db") if is_file else Database.postgres(str(journal.place))
        clock = MovedClock(START)
        stands: list[tuple[int, str]] = []

        async def written(seq: int, hash_: str) -> None:
            stands.append((seq, hash_))

        scribe = Scribe(database, clock, DEFAULT_PROFILE, written=written)
        writing = asyncio.create_task(scribe.run())

        def act(ledger: Ledger) -> int:
            seq = ledger.append(ERASED, Actor(kind=ActorKind.OPERATOR, name="Sofie Maes", from_="desk 2"), "Erased")
            erase(ledger.connection, ledger.head.journal_id, entries, seq, secrets.sign_key)
            return seq

        seq = await scribe.act(act)
        scribe.stop()
        await writing
        sealer = Sealer(secrets, (await database.read(journal_id)) or "", clock)
        sealer.stands(*stands[-1])
        sealer.seal()
        await database.close()
        return seq

    return alone(work)  # type: ignore[no-any-return]

"""What the station's subcommands share: how they speak, read a journal, and end."""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from console.station.folder import DataFolder
from console.station.store import archives, faults
from console.station.store.database import Database, DatabaseRefused

IN_USE, REFUSED, BROKEN, UNREADABLE = 3, 1, 1, 2


def say(sentence: str) -> None:
    """A sentence on standard error."""
    print(f"vigie: {sentence}", file=sys.stderr)


def say_archived(connection: Connection) -> None:
    """Say which entries left the live tables: an export of those is not of them."""
    edge = archives.cut(connection)
    if edge:
        say(f"Entries 1 to {edge} are in archives, sealed files of their own; this is of what came after them.")


def who() -> str:
    """The user at this machine, for the journal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def reading(place: Path | str, query: Callable[[Connection], int]) -> int:
    """Run ``query`` on one snapshot of a journal, with and without a running station; its exit status."""
    return looking(place, lambda database: database.read(query))


def looking(place: Path | str, work: Callable[[Database], Awaitable[int]]) -> int:
    """Run ``work``, which reads a journal in as many snapshots as it likes; its exit status.

    What waits for somebody, as for whoever reads a pipe, is done between them: SQLite brings its log back only as far
    as the oldest snapshot that is open.
    """

    async def read() -> int:
        if isinstance(place, Path):
            folder = DataFolder(place)
            if not folder.database.is_file():
                say(f"There is no station's database in {place}.")
                return UNREADABLE
            database = Database.sqlite(folder.database)
        else:
            database = Database.postgres(place)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        return asyncio.run(read())
    except DatabaseRefused as error:
        say(str(error))
    except BrokenPipeError:
        raise
    except (SQLAlchemyError, OSError) as error:
        say(f"The journal cannot be read: {faults.reason(error)}")
    except (json.JSONDecodeError, TypeError, ValueError) as error:
        say(f"The journal holds something that is not an entry: {error}")
    return UNREADABLE

"""``vigie journal mount`` and ``unmount``: an archive's entries can be searched again, beside those that are live (G6).

A mounted archive is an SQLite file with the station's own schema, made from the sealed file after that was verified,
and read by the same code as the live journal. It lies in the station's folder and is gone when it is unmounted.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import SQLAlchemyError

from console.station.archive_places import forget_shelf, mounted_file
from console.station.control import ArchiveMountedRequest
from console.station.errand import ErrandFailed, do
from console.station.progress import progress
from console.station.store import archives, faults, journal_index, known_keys, schema, sealed_check
from console.station.store.archives import Archive
from console.station.store.chain import JOURNAL_COLUMNS, PAYLOAD_COLUMNS
from console.station.store.database import Database, DatabaseRefused
from console.station.store.ledger import journal_id
from console.station.store.secrets import Secrets, SecretsRefused
from console.station.subcommand import REFUSED, UNREADABLE, reading, say, who
from console.station.verifying import secrets_of
from models.tables import ErasureRow, Journal, JournalHead, JournalPayload, SiteRow

_AT_ONCE = 2_000


def mount(place: Path | str, files: Sequence[Path]) -> int:
    """Verify each archive and show it; exit status. One that is not what was archived is refused."""
    try:
        secrets = secrets_of(place)
        for file in files:
            _mount(place, secrets, file)
    except (SecretsRefused, DatabaseRefused) as error:
        say(str(error))
        return REFUSED
    except ErrandFailed as error:
        say(str(error))
        return error.status
    except (OSError, SQLAlchemyError, sqlite3.Error) as error:
        say(f"The archive cannot be mounted: {faults.reason(error)}")
        return UNREADABLE
    except KeyboardInterrupt:
        say("Cancelled: it is not mounted.")
        return REFUSED
    return 0


def unmount(place: Path | str, names: Sequence[str]) -> int:
    """Show archives no longer, by the names of their files; all where no name is given; exit status."""
    known, _sites, _journal = _known(place)
    shown = [one for one in known if mounted_file(place, one).is_file()]
    wanted = [Path(name).name for name in names] or [one.file for one in shown]
    for name in wanted:
        one = next((one for one in shown if one.file == name), None)
        if one is None:
            say(f"{name} is not mounted.")
            return REFUSED
        try:
            # First: who hid it is in the journal.
            asyncio.run(do(place, ArchiveMountedRequest(who=who(), file=name, on=False)))
        except ErrandFailed as error:
            say(str(error))
            return error.status
        forget_shelf(place, one)
        print(f"{name} is not shown any more.")
    if not wanted:
        print("No archive is mounted.")
    return 0


def _mount(place: Path | str, secrets: Secrets, file: Path) -> None:
    if not file.is_file():
        raise ErrandFailed(f"There is no file {file}.")
    known, sites, journal = _known(place, secrets)
    digest = sealed_check.digest(file)
    one = next((one for one in known if one.digest == digest), None)
    if one is None:
        raise ErrandFailed(f"{file.name} is not what was archived, nor an archive of this journal: refused.")
    target = mounted_file(place, one)
    if target.is_file():
        raise ErrandFailed(f"{one.file} is mounted already.")
    found = sealed_check.check(file, secrets.sign_key.public_key())
    whole = (found.journal, found.first, found.last, found.prev, found.hash, found.gaps)
    if found.broken or whole != (journal, one.first, one.last, one.prev, one.hash, 0):
        raise ErrandFailed(f"{file.name} is broken: {'; '.join(found.broken[:3]) or 'entries are missing in it'}.")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    try:
        asyncio.run(_build(draft, file, one, [other for other in known if other.last < one.first], sites, journal))
        with closing(sqlite3.connect(draft)) as connection:
            # One file, which no reader changes.
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        draft.chmod(0o600)
        # First: who shows it is in the journal.
        asyncio.run(do(place, ArchiveMountedRequest(who=who(), file=one.file, on=True)))
        forget_shelf(place, one)
        draft.replace(target)
    finally:
        for path in draft.parent.glob(f"{draft.name}*"):
            path.unlink()
    print(f"{one.words()} is whole, and shown in the journal.")


def _known(place: Path | str, secrets: Secrets | None = None) -> tuple[list[Archive], list[dict[str, Any]], str]:
    """The archives, the sites as they are called now, the journal's id; refused where ``secrets`` signed not all."""
    known: list[Archive] = []
    sites: list[dict[str, Any]] = []
    journal: list[str] = []

    def look(connection: Connection) -> int:
        wrong = "" if secrets is None else archives.unsigned(connection, known_keys.verifier(connection, secrets))
        if wrong:
            raise ErrandFailed(wrong)
        known.extend(archives.known(connection))
        sites.extend(dict(row) for row in connection.execute(select(SiteRow.__table__)).mappings())
        journal.append(journal_id(connection) or "")
        return 0

    if reading(place, look) != 0:
        raise ErrandFailed("The station's database cannot be read.")
    return known, sites, journal[0]


async def _build(
    target: Path, file: Path, one: Archive, before: Iterable[Archive], sites: list[dict[str, Any]], journal: str
) -> None:
    database = Database.sqlite(target)
    try:
        await database.write(schema.upgrade)
        await database.write(lambda connection: _begin(connection, one, before, sites, journal))
        with progress(one.last - one.first + 1, "Mounting") as bar:
            entries = sealed_check.entries(file)
            while some := list(islice(entries, _AT_ONCE)):
                await database.write(partial(_put, some=some))
                bar.update(len(some))
        with progress(one.last - one.first + 1, "Indexing") as bar:
            while done := await database.write(
                lambda connection: journal_index.write(connection, journal_index.prepare(connection, _AT_ONCE))
            ):
                bar.update(done)
    finally:
        await database.close()


def _begin(
    connection: Connection, one: Archive, before: Iterable[Archive], sites: list[dict[str, Any]], journal: str
) -> None:
    """A journal that ends with this archive, and whose beginning is in those before it."""
    for earlier in before:
        archives.add(connection, earlier)
    if sites:
        connection.execute(insert(SiteRow), sites)
    connection.execute(insert(JournalHead).values(id=1, journal_id=journal, seq=one.last, hash=one.hash, alarm_count=0))


def _put(connection: Connection, some: Sequence[dict[str, Any]]) -> None:
    connection.execute(insert(Journal), [{name: entry[name] for name in (*JOURNAL_COLUMNS, "hash")} for entry in some])
    contents = [{name: entry[name] for name in ("seq", "salt", *PAYLOAD_COLUMNS)} for entry in some if "salt" in entry]
    if contents:
        connection.execute(insert(JournalPayload), contents)
    erased = [
        {
            "seq": entry["seq"],
            "by_seq": entry["erased_by"],
            "digest": entry["payload_digest"],
            "signature": entry["erased_signature"],
        }
        for entry in some
        if "salt" not in entry
    ]
    if erased:
        connection.execute(insert(ErasureRow), erased)

"""A person's data erased from archives that are mounted: each is written anew, and the new file takes its place (I14).

The entries keep their place in the chain and their hashes; what they say goes, as in the live tables (decision 13).
The erasure is journaled first, so that the new file can name it; then the file is written, synced, read again and
verified; then a signed act says that it takes the place of the old one, which is deleted last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from console.station import mounting
from console.station.archive_files import NotWhole, alone, keep
from console.station.archive_places import archive_folder, forget_shelf, mounted_file
from console.station.control import ROUTES, ArchiveErasedRequest, ArchiveReplacedRequest
from console.station.errand import ErrandFailed, hands
from console.station.store import export, sealed, sealed_check, traces
from console.station.store.archives import Archive
from console.station.store.chain import JOURNAL_COLUMNS
from console.station.store.checkpoints import CheckpointFile
from console.station.store.database import Database
from console.station.store.erasure import signed
from console.station.store.secrets import Secrets
from console.station.store.traces import Subject
from console.station.subcommand import say, who
from console.station.verifying import secrets_of


def naming(place: Path | str, one: Archive, subject: Subject) -> list[int] | None:
    """The entries of an archive that name the person; None where it is not mounted, so that nobody knows."""
    file = mounted_file(place, one)
    if not file.is_file():
        return None

    async def look() -> list[int]:
        database = Database.sqlite(file)
        try:
            return await database.read(lambda connection: list(traces.entries(connection, subject)))
        finally:
            await database.close()

    return asyncio.run(look())


def erase(place: Path | str, one: Archive, entries: Sequence[int], subject: Subject, why: str, journal: str) -> Archive:
    """Write the archive anew without what ``entries`` say; the new one. :class:`ErrandFailed` with a sentence."""
    file = archive_folder(place) / one.file
    if not file.is_file() or sealed_check.digest(file) != one.digest:
        raise ErrandFailed(f"{one.file} is not in {file.parent} as it was archived: nothing was erased from it.")
    secrets = secrets_of(place)

    async def work() -> Archive:
        async with hands(place) as ask:
            told = ArchiveErasedRequest(
                who=who(), why=why, file=one.file, entries=len(entries), sites=list(subject.sites)
            )
            by_seq = _number(await ask(ROUTES[ArchiveErasedRequest], told))
            made = await asyncio.to_thread(_rewrite, secrets, file, one, frozenset(entries), by_seq, journal)
            await ask(ROUTES[ArchiveReplacedRequest], ArchiveReplacedRequest(who=who(), archive=made))
            return made

    try:
        with alone(file.parent):
            made = asyncio.run(work())
    except BlockingIOError as error:
        raise ErrandFailed(f"Another program is archiving into {file.parent}: try again.") from error
    except NotWhole as error:
        raise ErrandFailed(f"{one.file} was not written anew, and stays: {error}.") from error
    drop(place, [one])
    if mounting.mount(place, [file.parent / made.file]) != 0:
        say(f"{made.file} is in the place of {one.file}, and not mounted.")
    return made


def drop(place: Path | str, superseded: Sequence[Archive]) -> None:
    """Delete archives in whose place others are, here: a call that was killed may have left one (I14)."""
    for one in superseded:
        (archive_folder(place) / one.file).unlink(missing_ok=True)
        forget_shelf(place, one)


def _number(answer: Any) -> int:
    return int(answer["done"] if isinstance(answer, dict) else answer)


def _rewrite(
    secrets: Secrets, file: Path, one: Archive, entries: Collection[int], by_seq: int, journal: str
) -> Archive:
    selection = export.Selection(first=one.first, last=one.last)
    made = sealed.Made(journal, datetime.now(UTC).isoformat(timespec="seconds"), who(), selection.words())
    points, _wrong = CheckpointFile(secrets.folder, journal).signed(secrets.sign_key.public_key())
    draft = file.with_name(f"{one.first}.part")
    frames = (frame for frame in sealed_check.frames(file) if frame["seq"] not in entries)
    try:
        left = _without(secrets, file, entries, by_seq, journal)
        sealed.write(draft, made, left, points, secrets.sign_key, lambda _count: None, frames)
        kept, _erased = keep(
            draft, file.parent, journal, one.period()[:7], one.first, one.last, secrets.sign_key.public_key()
        )
    finally:
        draft.unlink(missing_ok=True)
    return kept


def _without(
    secrets: Secrets, file: Path, entries: Collection[int], by_seq: int, journal: str
) -> Iterator[dict[str, Any]]:
    for entry in sealed_check.entries(file):
        if entry["seq"] not in entries or "salt" not in entry:
            yield entry
            continue
        signature = signed(secrets.sign_key, journal, entry["seq"], entry["payload_digest"], by_seq)
        yield {
            **{name: entry[name] for name in (*JOURNAL_COLUMNS, "hash")},
            "erased_by": by_seq,
            "erased_signature": signature,
        }

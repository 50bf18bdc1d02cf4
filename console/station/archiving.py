"""``vigie journal archive``: whole old months leave the live tables for sealed files (issue 6, I1, I5).

A month is written, synced, read again from the disk and verified; then a signed, journaled act says where it is; only
then it is removed, a few entries at a time. Broken off at any moment it is whole in the live tables, or in a file that
was verified, or in both; the next call goes on where this one stopped.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, select

from console.station.archive_files import NotWhole, alone, keep
from console.station.archive_places import archive_folder
from console.station.control import REMOVE_ARCHIVED, ROUTES, ArchivedRequest, RemoveArchivedRequest
from console.station.errand import Ask, ErrandFailed, hands
from console.station.progress import progress
from console.station.rules.refusal import Refused
from console.station.store import archive_plan, archives, export, known_keys, sealed, sealed_check
from console.station.store.archive_plan import LEAST_MONTHS, Month, Plan
from console.station.store.archives import Archive
from console.station.store.checkpoints import CheckpointFile
from console.station.store.database import DatabaseRefused
from console.station.store.ledger import journal_id
from console.station.store.secrets import Secrets, SecretsRefused
from console.station.subcommand import IN_USE, REFUSED, UNREADABLE, reading, say, who
from console.station.verifying import secrets_of
from models.tables import SealedFrame

_AT_ONCE = 50
"""Entries that leave the live tables in one transaction: whoever waits for the writer waits for some milliseconds."""
_SHARE = 3
"""It rests for so many times as long as it worked."""


class _Refused(Exception):
    """It cannot be done; the message is a sentence."""


def archive_journal(
    place: Path | str,
    *,
    before: datetime | None = None,
    months: int | None = None,
    folder: Path | None = None,
    dry_run: bool = False,
) -> int:
    """Archive the whole months that end by ``before``, or all but the last ``months``; exit status.

    ``folder``: where the files go; without it the station's own.
    """
    try:
        secrets = secrets_of(place)
        target = folder or archive_folder(place)
        plan = _plan(place, before, months)
        if dry_run:
            for month in plan.months:
                print(f"{month.name}: entries {month.first:,} to {month.last:,} would go.")
            print(plan.stays)
            return 0
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone(target):
            for broken_off in (*target.glob("*.part"), *target.glob(".*.part")):
                broken_off.unlink()
            return asyncio.run(_archive(place, secrets, target, before, months))
    except BlockingIOError:
        say("Another program is archiving into this folder.")
        return IN_USE
    except (_Refused, sealed.Broken, SecretsRefused, DatabaseRefused) as error:
        say(str(error))
        return REFUSED
    except ErrandFailed as error:
        say(str(error))
        return error.status
    except OSError as error:
        say(f"The archive cannot be written: {error.strerror or error}.")
        return UNREADABLE
    except KeyboardInterrupt:
        say("Cancelled. Do it again to go on: nothing is lost.")
        return REFUSED


async def _archive(
    place: Path | str, secrets: Secrets, folder: Path, before: datetime | None, months: int | None
) -> int:
    async with hands(place) as ask:
        await _finish(place, secrets, folder, ask)
        # Anew, under the lock: another program may have been here since.
        plan = await asyncio.to_thread(_plan, place, before, months)
        for month in plan.months:
            made, erased = await asyncio.to_thread(_write, place, secrets, folder, month)
            try:
                await ask(ROUTES[ArchivedRequest], ArchivedRequest(who=who(), archive=made, erased=erased))
            except (Refused, ErrandFailed):
                # Of several stations another was first: what no act names nobody would find again to erase it (I14).
                if not await asyncio.to_thread(_named, place, made):
                    (folder / made.file).unlink()
                raise
            print(f"{month.name}: {made.words()}, SHA-256 {made.digest}")
            await _remove(ask, made)
        print(plan.stays)
    return 0


def _plan(place: Path | str, before: datetime | None, months: int | None) -> Plan:
    now = datetime.now(UTC)
    least = archive_plan.limit(now, LEAST_MONTHS)
    edge = archive_plan.limit(now, months) if months is not None else before or least
    if edge > least:
        raise _Refused(f"The last {LEAST_MONTHS} whole months stay: only what is before {least:%Y-%m} can go.")
    found: list[Plan] = []

    def look(connection: Connection) -> int:
        found.append(archive_plan.plan(connection, edge, now))
        return 0

    if reading(place, look) != 0:
        raise _Refused("Nothing was archived.")
    return found[0]


def _write(place: Path | str, secrets: Secrets, folder: Path, month: Month) -> tuple[Archive, int]:
    """Write a month, synced; read it again and verify it. What it is, and how many contents of it were erased."""
    selection = export.Selection(first=month.first, last=month.last)
    journal: list[str] = []
    draft = folder / f"{month.first}.part"

    def query(connection: Connection) -> int:
        journal.append(journal_id(connection) or "")
        points, _wrong = CheckpointFile(secrets.folder, journal[0]).signed(secrets.sign_key.public_key())
        made = sealed.Made(journal[0], datetime.now(UTC).isoformat(timespec="seconds"), who(), selection.words())
        found = export.chained_entries(connection, selection)
        frames = connection.execute(
            select(SealedFrame.seq, SealedFrame.sealed)
            .where(SealedFrame.seq >= month.first, SealedFrame.seq <= month.last)
            .order_by(SealedFrame.seq)
        )
        originals = ({"seq": row.seq, "sealed": row.sealed} for row in frames)
        with progress(month.last - month.first + 1, month.name) as bar:
            sealed.write(draft, made, found, points, secrets.sign_key, bar.update, originals)
        return 0

    try:
        if reading(place, query) != 0:
            raise _Refused("Nothing was archived.")
        made, erased = keep(
            draft, folder, journal[0], month.name, month.first, month.last, secrets.sign_key.public_key()
        )
    except NotWhole as error:
        words = f"{month.name} was not archived, nothing was removed: {error}. Verify the journal."
        raise _Refused(words) from error
    finally:
        draft.unlink(missing_ok=True)
    for other in folder.glob(f"journal-{journal[0][:8]}-*-{month.first}-{month.last}-*.zip"):
        # Made by a call that was killed before its act: nothing left the live tables for it.
        if other.name != made.file:
            other.unlink()
    return made, erased


def _named(place: Path | str, made: Archive) -> bool:
    """Whether an act names the file, or nobody knows."""
    found: list[str] = []

    def look(connection: Connection) -> int:
        found.extend(one.file for one in archives.acts(connection))
        return 0

    return reading(place, look) != 0 or made.file in found


async def _finish(place: Path | str, secrets: Secrets, folder: Path, ask: Ask) -> None:
    """Go on with what was broken off: only where the file is here as the act says."""
    found: list[Archive] = []

    def look(connection: Connection) -> int:
        wrong = archives.unsigned(connection, known_keys.verifier(connection, secrets))
        if wrong:
            raise _Refused(wrong)
        first = archives.first_left(connection)
        if first is not None:
            found.extend(one for one in archives.known(connection) if one.last >= first)
        return 0

    if await asyncio.to_thread(reading, place, look) != 0:
        raise _Refused("Nothing was archived.")
    for one in found:
        file = folder / one.file
        if not file.is_file() or await asyncio.to_thread(sealed_check.digest, file) != one.digest:
            raise _Refused(f"{one.file} is not in {folder} as it was archived: its entries stay in the live tables.")
    if found:
        await _remove(ask, found[-1])


async def _remove(ask: Ask, upto: Archive) -> None:
    with progress(upto.last - upto.first + 1, "Removing") as bar:
        while True:
            began = time.perf_counter()
            answer = await ask(REMOVE_ARCHIVED, RemoveArchivedRequest(limit=_AT_ONCE))
            if not answer["removed"]:
                return
            bar.update(answer["removed"])
            # Panels that send meanwhile have most of the writer (I1).
            await asyncio.sleep(_SHARE * (time.perf_counter() - began))

"""``vigie journal verify``: the chain walked by as many processes as there are processors (I5, G4)."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from console.station.archive_places import mounted_file
from console.station.folder import DataFolder
from console.station.progress import progress
from console.station.store import archives, faults, known_keys, schema
from console.station.store.archives import Archive
from console.station.store.checkpoints import Checkpoint, CheckpointFile
from console.station.store.database import Database, DatabaseRefused, postgres_url
from console.station.store.ledger import journal_id
from console.station.store.proof import Bounds, Proof, prove
from console.station.store.secrets import Secrets, SecretsRefused, Verifies, folder_for_url
from console.station.store.walk import Stretch, walk
from console.station.subcommand import BROKEN, UNREADABLE, reading, say
from models.tables import Journal, JournalPayload
from models.tables.base import from_micros

STRETCH = 50_000
"""Entries that a process walks at once; a journal of no more is walked here, without another process."""


def secrets_of(place: Path | str) -> Secrets:
    """The keys of a station that has some. SecretsRefused and DatabaseRefused where there are none."""
    folder = DataFolder(place).secrets if isinstance(place, Path) else folder_for_url(postgres_url(place))
    return Secrets.open(folder, create=False)


def verify_journal(place: Path | str, kept: Sequence[Path] = (), *, stretch: int = STRETCH) -> int:
    """Say what was found, as a sentence a line; exit status. ``kept`` are files of checkpoints kept elsewhere."""
    try:
        secrets = secrets_of(place)
    except (SecretsRefused, DatabaseRefused) as error:
        say(str(error))
        return UNREADABLE
    missing = [path for path in kept if not path.is_file()]
    if missing:
        say(f"--checkpoints: there is no file {missing[0]}.")
        return UNREADABLE

    def query(connection: Connection) -> int:
        if schema.current(connection) != schema.newest():
            say("The database is of another version of Vigie: start this station once, or use its own version.")
            return UNREADABLE
        if known_keys.known(connection) not in (None, secrets.marks):
            say(f"The keys in {secrets.folder} are not those of this journal: nothing can be said of it with them.")
            return UNREADABLE
        journal, key = journal_id(connection) or "", known_keys.verifier(connection, secrets)
        points, wrong = CheckpointFile(secrets.folder, journal).read(key)
        for path in kept:
            more, wrong_there = CheckpointFile.at(path, journal).read(key)
            points += more
            wrong += [f"{path.name}: {sentence}" for sentence in wrong_there]
            others = sorted({point.journal for point in more} - {journal})
            # Passed over, another journal that somebody put in the place of this one would be called whole.
            wrong += [f"{path.name} seals another journal than this, {other}" for other in others]
            if not more and not wrong_there:
                wrong.append(f"{path.name} holds no checkpoint")
        proof = prove(connection, points, wrong, key, sealing_expected=True, stretch=stretch, walker=_Walkers(place))
        proven.append((proof, points, key))
        cuts.append(archives.cut(connection))
        return 0 if proof.intact else BROKEN

    def tell(connection: Connection) -> int:
        return _tell(connection, proven[0][0], shelves)

    proven: list[tuple[Proof, list[Checkpoint], Verifies]] = []
    cuts: list[int] = []
    shelves: dict[str, Proof] = {}
    status = reading(place, query)
    # A month that was archived meanwhile left the tables before all of the processes had begun to look.
    while proven and not proven[0][0].intact and _cut(place) > cuts[-1]:
        proven.clear()
        status = reading(place, query)
    if not proven:
        return status
    for one in proven[0][0].archives:
        file = mounted_file(place, one)
        if file.is_file():
            shelves[one.file] = _shelf(file, one, proven[0][1], proven[0][2])
    return reading(place, tell)


def _cut(place: Path | str) -> int:
    """The last entry that is in an archive by now."""
    found: list[int] = []

    def look(connection: Connection) -> int:
        found.append(archives.cut(connection))
        return 0

    return found[0] if reading(place, look) == 0 else 0


def _shelf(file: Path, one: Archive, points: list[Checkpoint], key: Verifies) -> Proof:
    """Verify what is in a mounted archive: a journal whose beginning is in the archives before it."""
    sealed = [point for point in points if one.first <= point.seq <= one.last]

    async def work() -> Proof:
        database = Database.sqlite(file)
        try:
            return await database.read(lambda c: prove(c, sealed, [], key, sealing_expected=False))
        finally:
            await database.close()

    try:
        proof = asyncio.run(work())
    except SQLAlchemyError as error:
        proof = Proof(broken=[f"it cannot be read: {faults.reason(error)}"])
    if proof.intact and (proof.begins, proof.entries, proof.last_hash) != (one.first, one.last, one.hash):
        proof.found("it does not hold what was archived")
    return proof


def _tell(connection: Connection, proof: Proof, shelves: Mapping[str, Proof]) -> int:
    erased = Counter(proof.erased)
    for shelf in shelves.values():
        erased.update(shelf.erased)
    proof.erased = dict(erased)
    for one in proof.archives:
        found = shelves.get(one.file)
        for sentence in found.broken if found is not None else ():
            proof.found(f"the mounted archive {one.file}: {sentence}")
    for seq, count in sorted(proof.erased.items()):
        print(f"{count} contents were erased{_by_whom(connection, seq)} (entry {seq}).")
    if not proof.intact:
        print(f"The journal is broken ({proof.entries} entries):")
        for sentence in proof.broken:
            print(f"  {sentence}")
        return BROKEN
    unsealed = proof.entries - proof.sealed_to
    tail = _unsealed(connection, proof) if unsealed else "all are sealed"
    if not proof.archives:
        print(f"The journal is intact: {proof.entries} entries, {tail}.")
        return 0
    for one in proof.archives:
        known = "mounted, and verified with the rest" if one.file in shelves else "not mounted, so not looked at here"
        print(f"Entries {one.first} to {one.last} are in the archive {one.file}: signed; {known}.")
    print(f"The journal is intact: entries {proof.begins} to {proof.entries}, {tail}.")
    return 0


_SEALED_WITHIN_S = 60
"""A station seals every ten seconds."""


def _unsealed(connection: Connection, proof: Proof) -> str:
    """What no checkpoint covers; and, where that is more than a station leaves, that checkpoints are missing."""
    first, last = proof.sealed_to + 1, proof.entries
    words = f"entries {first} to {last} are not sealed"
    times = connection.execute(select(func.min(Journal.time), func.max(Journal.time)).where(Journal.seq >= first)).one()
    if times[0] is None or times[1] - times[0] <= _SEALED_WITHIN_S * 1_000_000:
        return f"{words} yet"
    since = from_micros(times[0])
    # Not a break: a disk may have refused them, another station may have sealed what this folder does not know of.
    return f"{words}, the first since {since:%Y-%m-%d %H:%M UTC}: checkpoints were cut off, or could not be written"


def _by_whom(connection: Connection, seq: int) -> str:
    row = connection.execute(
        select(JournalPayload.actor_name, Journal.time)
        .join(Journal, Journal.seq == JournalPayload.seq)
        .where(Journal.seq == seq)
    ).one_or_none()
    return f" by {row.actor_name} on {from_micros(row.time):%Y-%m-%d}" if row is not None else ""


@dataclass(frozen=True, slots=True)
class _Walkers:
    """Walks stretches in processes of their own, with a bar: hashing holds a processor, and one is not enough."""

    place: Path | str

    def __call__(self, bounds: Sequence[Bounds], wanted: frozenset[int]) -> list[Stretch]:
        found = []
        # Spawned, not forked: a fork would take this process's open database along.
        context = multiprocessing.get_context("spawn")
        with (
            progress(len(bounds), "Verifying") as bar,
            ProcessPoolExecutor(min(os.cpu_count() or 1, len(bounds)), mp_context=context) as pool,
        ):
            few = [frozenset(seq for seq in wanted if _inside(seq, one)) for one in bounds]
            for stretch in pool.map(_walked, [self.place] * len(bounds), bounds, few):
                found.append(stretch)
                bar.update(1)
        return found


def _inside(seq: int, bounds: Bounds) -> bool:
    after, up_to = bounds
    return (after is None or seq > after) and (up_to is None or seq <= up_to)


def _walked(place: Path | str, bounds: Bounds, wanted: frozenset[int]) -> Stretch:
    """One stretch, in a process that has nothing else to do."""

    async def work() -> Stretch:
        is_file = isinstance(place, Path)
        database = Database.sqlite(DataFolder(place).database) if is_file else Database.postgres(str(place))  # type: ignore[arg-type]
        try:
            return await database.read(lambda connection: walk(connection, *bounds, wanted))
        finally:
            await database.close()

    return asyncio.run(work())

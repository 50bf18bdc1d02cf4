"""Checks that the journal is whole: numbers, hashes, contents, head and checkpoints (I5, G4, I14)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import Connection, func, select

from console.station.store import archives, standing
from console.station.store.archives import ARCHIVED, Archive
from console.station.store.chain import first_prev
from console.station.store.checkpoints import Checkpoint
from console.station.store.erasure import ERASED, batched, good
from console.station.store.ledger import MOST_NUMBERS_UNUSED
from console.station.store.secrets import Verifies
from console.station.store.walk import MOST_FINDINGS, Stretch, walk
from models.tables import ErasureRow, Journal, JournalHead, JournalPayload, KnownKeys

Bounds = tuple[int | None, int | None]
"""The numbers above the first, up to the second; None: from the first, to the last there is."""
Walker = Callable[[Sequence[Bounds], frozenset[int]], Sequence[Stretch]]
"""Walks stretches of the same journal and gives them back in order; the numbers are those whose hashes are wanted."""


@dataclass(slots=True)
class Proof:
    """What verifying found. ``broken`` holds a sentence for each break and is empty for a whole journal."""

    journal_id: str = ""
    entries: int = 0
    last_hash: str = ""
    sealed_to: int = 0
    broken: list[str] = field(default_factory=list)
    erased: dict[int, int] = field(default_factory=dict)
    """How many contents were erased (I14), by the number of the entry that tells of the act."""
    archives: list[Archive] = field(default_factory=list)
    """The files that signed acts say the beginning is in: not looked at here."""
    begins: int = 1
    """The first entry that was walked."""

    @property
    def intact(self) -> bool:
        """Nothing changed, missing, moved or cut."""
        return not self.broken

    def found(self, sentence: str) -> None:
        """Note a break; past twenty only that there are more."""
        if len(self.broken) < MOST_FINDINGS:
            self.broken.append(sentence)
        elif len(self.broken) == MOST_FINDINGS:
            self.broken.append("and more after these")


def prove(
    connection: Connection,
    checkpoints: list[Checkpoint],
    wrong_lines: list[str],
    key: Verifies,
    *,
    sealing_expected: bool,
    stretch: int | None = None,
    walker: Walker | None = None,
) -> Proof:
    """Verify the whole journal on one snapshot.

    ``checkpoints`` are those whose signature by ``key`` is good, ``wrong_lines`` sentences about those whose is not;
    ``sealing_expected`` says that a journal found without any checkpoint has lost them. ``walker`` walks stretches of
    ``stretch`` entries elsewhere, as in processes of their own: the journal only grows, so that what is at or below
    the head of this snapshot is the same for all.
    """
    proof = Proof()
    heads = connection.execute(select(JournalHead)).all()
    if len(heads) != 1:
        proof.found(f"the journal has {len(heads)} heads instead of one")
        return proof
    head = heads[0]
    proof.journal_id = head.journal_id
    # All of them: of two that seal one entry differently one was signed over what somebody had changed before a start.
    points = [point for point in checkpoints if point.journal == head.journal_id]
    sealed = {point.seq for point in points}
    hashes = _archived(connection, proof, key)
    after = _begin(connection, proof) if proof.archives else None
    base = after or 0
    wanted = frozenset(sealed) | frozenset(hashes)
    edge = proof.archives[-1].last if proof.archives else base
    if walker is None or stretch is None or head.seq - base <= stretch:
        stretches: Sequence[Stretch] = [walk(connection, after, None, wanted)]
    else:
        # What is in an archive and not removed yet is removed while others walk: it is walked on this snapshot.
        stretches = [walk(connection, after, edge, wanted)] if base < edge < head.seq else []
        begin = edge if stretches else after
        edges = [begin, *range((begin or 0) + stretch, head.seq, stretch), head.seq]
        stretches = [*stretches, *walker(list(pairwise(edges)), wanted)]
        # What lies above the head is not walked there: a running station appends meanwhile.
        _nothing_above(connection, proof, head.seq)
    ends = dict(hashes)
    # Where the removal of what was archived was broken off, what the first entry points back to is in the archive.
    _join(proof, stretches, hashes.get(base) or stretches[0].first_prev, hashes, before=base)
    for seq, hash_ in ends.items():
        if hashes[seq] != hash_:
            proof.found(f"entry {seq} is not what the archive that ends with it holds")
    _account_for_lost(connection, proof, [lost for one in stretches for lost in one.lost], key, base=base)
    if sealing_expected:
        # An archive that is mounted has the rows of those before it alone.
        rows = {one.by_seq for one in archives.acts(connection)}
        for seq in (seq for one in stretches for seq in one.archived):
            if seq not in rows:
                proof.found(f"entry {seq} tells of an archive whose signed row is missing")
    if (head.seq, head.hash) != (proof.entries, proof.last_hash):
        proof.found(
            f"the head says entry {head.seq}, the last entry found is {proof.entries}: the tail is cut or changed"
        )
    if sealing_expected:
        if not proof.archives:
            _count_keys(connection, proof, sum(one.keys_replaced for one in stretches))
        _count_alarms(proof, head.alarm_count, max(one.alarms for one in stretches))
    _count_payloads(connection, proof)
    if sealing_expected:
        # A mounted archive has entries alone.
        for sentence in standing.differences(connection):
            proof.found(sentence)
    for sentence in wrong_lines:
        proof.found(sentence)
    for point in points:
        if point.seq <= base and point.seq not in hashes:
            # In an archive: compared there, where it is mounted.
            continue
        if hashes.get(point.seq) != point.hash:
            proof.found(f"entry {point.seq}, sealed at {point.time}, is missing or is not what was sealed")
    if sealing_expected and not sealed:
        proof.found("no checkpoint of this journal was found beside the station's key")
    proof.sealed_to = max(sealed, default=0)
    return proof


def _archived(connection: Connection, proof: Proof, key: Verifies) -> dict[int, str]:
    """What signed acts say of the beginning; the hashes of the ends of what is in archives, and of entry 0."""
    proof.archives, wrong = archives.checked(archives.known(connection), proof.journal_id, key)
    for sentence in wrong:
        proof.found(sentence)
    hashes = {0: first_prev(proof.journal_id)}
    for one in proof.archives:
        hashes[one.last] = one.hash
    return hashes


def _begin(connection: Connection, proof: Proof) -> int:
    """The number before the first entry to walk: the last that is in an archive, or less while they are removed."""
    first = connection.execute(select(func.min(Journal.seq))).scalar()
    if first is not None and first < 1:
        proof.found(f"entry {first}: a number out of order")
    edge: int = proof.archives[-1].last
    base = edge if first is None else min(max(int(first), 1) - 1, edge)
    proof.begins = base + 1
    acts = [one.by_seq for one in proof.archives]
    head = connection.execute(select(JournalHead.seq)).scalar_one()
    there = select(Journal.seq).where(Journal.seq.in_(acts), Journal.kind == ARCHIVED)
    told = set(connection.execute(there).scalars())
    for one in proof.archives:
        # Told above the head: this is an archive that is mounted, and it was told later.
        if base < one.by_seq <= head and one.by_seq not in told:
            proof.found(f"entry {one.by_seq} does not tell of the archive {one.file}")
    return base


def prove_range(connection: Connection, first: int, last: int, key: Verifies) -> Proof:
    """Verify the entries from ``first`` to ``last`` and that they follow the one before, on one snapshot.

    What lies before and after is not looked at: that nothing was cut says :func:`prove` alone. ``sealed_to`` is not
    known here, and stays 0.
    """
    head = connection.execute(select(JournalHead.journal_id, JournalHead.seq)).one()
    proof = Proof(head.journal_id)
    before = connection.execute(select(Journal.hash).where(Journal.seq == first - 1)).scalar()
    ends, _wrong = archives.checked(archives.known(connection), head.journal_id, key)
    archived = {0: first_prev(head.journal_id), **{one.last: one.hash for one in ends}}
    leads = before or archived.get(first - 1)
    found = walk(connection, first - 1, min(last, head.seq), frozenset())
    if leads is None and first - 1 > max(archived):
        proof.found(f"entry {first - 1} is missing")
    _join(proof, [found], leads or found.first_prev, {}, before=first - 1)
    _account_for_lost(connection, proof, found.lost, key, among=(first, last))
    return proof


def _join(proof: Proof, stretches: Sequence[Stretch], first: str, hashes: dict[int, str], *, before: int = 0) -> None:
    proof.entries, proof.last_hash = before, first
    for one in stretches:
        if one.first is not None:
            # Where numbers are missing before it, what it points back to is not here to be compared.
            if one.first_prev != proof.last_hash and one.first == proof.entries + 1:
                proof.found(f"entry {one.first} does not follow the entry before it")
            proof.entries, proof.last_hash = one.last, one.last_hash
        for sentence in one.broken:
            proof.found(sentence)
        hashes.update(one.hashes)


def _account_for_lost(
    connection: Connection,
    proof: Proof,
    lost: Sequence[tuple[int, str]],
    key: Verifies,
    *,
    among: tuple[int, int] | None = None,
    base: int | None = None,
) -> None:
    """Contents that are not here were erased by a signed act, or lost; ``among``: only from number to number.

    Up to ``base`` entries are in archives: what was erased of them, and where it is told, is looked at there.
    """
    edge = archives.cut(connection) if base is None else base
    head = connection.execute(select(JournalHead.seq)).scalar_one()
    asked = select(ErasureRow.__table__).where(ErasureRow.seq > (edge if among is None else 0))
    if among is not None:
        asked = asked.where(ErasureRow.seq >= among[0], ErasureRow.seq <= among[1])
    rows = {row.seq: row for row in connection.execute(asked)}
    acts = {row.by_seq for row in rows.values()}
    known: set[int] = set()
    for some in batched(sorted(acts)):
        query = select(Journal.seq).where(Journal.seq.in_(some), Journal.kind == ERASED)
        known.update(connection.execute(query).scalars())
    for seq, digest in lost:
        row = rows.pop(seq, None)
        if row is None:
            proof.found(f"entry {seq} has lost its content")
        elif row.digest != digest or not good(key, proof.journal_id, seq, digest, row.by_seq, row.signature):
            proof.found(f"entry {seq} has lost its content: that it was erased is not signed by the station")
        elif edge < row.by_seq <= head and row.by_seq not in known:
            proof.found(f"entry {seq} has lost its content: entry {row.by_seq} does not tell of an erasure")
        else:
            proof.erased[row.by_seq] = proof.erased.get(row.by_seq, 0) + 1
    for seq in rows:
        proof.found(f"entry {seq} is said to be erased, and its content is still here")


def _nothing_above(connection: Connection, proof: Proof, head: int) -> None:
    above = connection.execute(select(func.count()).select_from(Journal).where(Journal.seq > head)).scalar_one()
    if above:
        proof.found(f"the head says entry {head}, and {above} entries lie above it: they were slipped in")


def _count_keys(connection: Connection, proof: Proof, told: int) -> None:
    """New keys are an act of somebody: rows that no entry tells of were slipped in."""
    rows = connection.execute(select(func.count()).select_from(KnownKeys)).scalar_one()
    if max(rows - 1, 0) != told:
        proof.found(f"the keys were replaced {max(rows - 1, 0)} times, and {told} entries tell of it")


def _count_alarms(proof: Proof, count: int, highest: int) -> None:
    """The head's count of alarms is in no entry, but what was counted is: entries name the alarms that they tell of."""
    if count < highest:
        proof.found(f"the head says that {count} alarms were numbered, and the journal names number {highest}")
    elif count > highest + MOST_NUMBERS_UNUSED and not proof.archives:
        proof.found(
            f"the head says that {count} alarms were numbered, and the highest that the journal names is {highest}"
        )


def _count_payloads(connection: Connection, proof: Proof) -> None:
    journal, payload = Journal.__table__, JournalPayload.__table__
    orphans = connection.execute(
        select(func.count())
        .select_from(payload)
        .join(journal, journal.c.seq == payload.c.seq, isouter=True)
        .where(journal.c.seq.is_(None))
    ).scalar_one()
    if orphans:
        proof.found(f"{orphans} contents belong to no entry: entries were removed")

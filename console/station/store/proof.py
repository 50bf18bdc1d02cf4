"""Checks that the journal is whole: numbers, hashes, payloads, head and checkpoints (I5, G4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, Row, func, select

from console.station.store.chain import JOURNAL_COLUMNS, PAYLOAD_COLUMNS, entry_hash, first_prev, payload_digest
from console.station.store.checkpoints import Checkpoint
from models.tables import Journal, JournalHead, JournalPayload

_PAGE = 5000
_MOST_FINDINGS = 20


@dataclass(slots=True)
class Proof:
    """What verifying found. ``broken`` holds a sentence for each break and is empty for a whole journal."""

    journal_id: str = ""
    entries: int = 0
    last_hash: str = ""
    sealed_to: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Nothing changed, missing, moved or cut."""
        return not self.broken

    def found(self, sentence: str) -> None:
        """Note a break; past twenty only that there are more."""
        if len(self.broken) < _MOST_FINDINGS:
            self.broken.append(sentence)
        elif len(self.broken) == _MOST_FINDINGS:
            self.broken.append("and more after these")


def prove(
    connection: Connection, checkpoints: list[Checkpoint], wrong_lines: list[str], *, sealing_expected: bool
) -> Proof:
    """Verify the whole journal on one snapshot.

    ``checkpoints`` are those whose signature is good, ``wrong_lines`` sentences about those whose is not;
    ``sealing_expected`` says that a journal found without any checkpoint has lost them.
    """
    proof = Proof()
    heads = connection.execute(select(JournalHead)).all()
    if len(heads) != 1:
        proof.found(f"the journal has {len(heads)} heads instead of one")
        return proof
    head = heads[0]
    proof.journal_id = head.journal_id
    sealed = {point.seq: point for point in checkpoints if point.journal == head.journal_id}
    wanted_hashes: dict[int, str] = {0: first_prev(head.journal_id)}
    _walk(connection, proof, set(sealed), wanted_hashes)
    if (head.seq, head.hash) != (proof.entries, proof.last_hash):
        proof.found(
            f"the head says entry {head.seq}, the last entry found is {proof.entries}: the tail is cut or changed"
        )
    _count_payloads(connection, proof)
    for sentence in wrong_lines:
        proof.found(sentence)
    for point in sealed.values():
        if wanted_hashes.get(point.seq) != point.hash:
            proof.found(f"entry {point.seq}, sealed at {point.time}, is missing or is not what was sealed")
    if sealing_expected and not sealed:
        proof.found("no checkpoint of this journal was found beside the station's key")
    proof.sealed_to = max(sealed, default=0)
    return proof


def _walk(connection: Connection, proof: Proof, wanted: set[int], hashes: dict[int, str]) -> None:
    expected, prev = 1, hashes[0]
    for row in _rows(connection):
        values = row._mapping
        seq = values["seq"]
        if seq != expected:
            what = f"entries {expected} to {seq - 1} are missing" if _after(seq, expected) else "a number out of order"
            proof.found(f"entry {seq}: {what}")
            expected, prev = seq, values["prev"]
        if values["prev"] != prev:
            proof.found(f"entry {seq} does not follow the entry before it")
        if entry_hash([values[name] for name in JOURNAL_COLUMNS]) != values["hash"]:
            proof.found(f"entry {seq} was changed")
        if values["salt"] is None:
            proof.found(f"entry {seq} has lost its content")
        elif payload_digest(values["salt"], [values[name] for name in PAYLOAD_COLUMNS]) != values["payload_digest"]:
            proof.found(f"the content of entry {seq} was changed")
        prev = values["hash"]
        if seq in wanted:
            hashes[seq] = prev
        proof.entries, proof.last_hash = seq, prev
        expected = seq + 1 if isinstance(seq, int) else expected + 1
    if not proof.entries:
        proof.last_hash = hashes[0]


def _after(seq: object, expected: int) -> bool:
    return isinstance(seq, int) and seq > expected


def _rows(connection: Connection) -> Iterator[Row[tuple[object, ...]]]:
    journal, payload = Journal.__table__, JournalPayload.__table__
    query = (
        select(journal, payload.c.salt, *(payload.c[name] for name in PAYLOAD_COLUMNS))
        .join_from(journal, payload, journal.c.seq == payload.c.seq, isouter=True)
        .order_by(journal.c.seq)
        .limit(_PAGE)
    )
    # Below zero on purpose: an entry slipped in before the first must be seen as well.
    last: int | None = None
    while True:
        page = connection.execute(query if last is None else query.where(journal.c.seq > last)).all()
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1].seq


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

"""What left the live tables as sealed files: which entries, into which file, by which signed act (I5, I14).

The acts are a table of their own, ``journal_archive``: without a row there the database lets no entry go. Whoever has
the database can write a row, so that each carries the station's signature, and proving counts it only with that.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, delete, func, insert, select

from console.station.store import journal_index
from console.station.store.chain import first_prev
from console.station.store.secrets import Verifies
from models.records import JournalFilter
from models.tables import ArchiveRow, Journal, JournalHead, JournalPayload, SealedFrame
from models.tables.base import from_micros, to_micros

ARCHIVED = "archived"
"""The kind of the entry that tells of the act."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Entries ``first`` to ``last`` and the file that holds them; the names are those of :class:`ArchiveRow`."""

    by_seq: int
    first: int
    last: int
    prev: str
    hash: str
    first_time: int
    last_time: int
    file: str
    digest: str
    signature: str = ""

    def message(self, journal_id: str) -> bytes:
        """What is signed."""
        return json.dumps(["archived", journal_id, *astuple(self)[:-1]], separators=(",", ":")).encode()

    def signed(self, journal_id: str, key: Ed25519PrivateKey) -> Archive:
        """The same with the station's signature."""
        return replace(self, signature=base64.b64encode(key.sign(self.message(journal_id))).decode())

    def good(self, journal_id: str, key: Verifies) -> bool:
        """Whether the station signed it."""
        try:
            key.verify(base64.b64decode(self.signature, validate=True), self.message(journal_id))
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True

    def words(self) -> str:
        """``journal-….zip (entries 1 to 1,200, 2025-09)``."""
        return f"{self.file} (entries {self.first:,} to {self.last:,}, {self.period()})"

    def period(self) -> str:
        """``2025-09``, or the first and the last month."""
        months = dict.fromkeys(f"{from_micros(at):%Y-%m}" for at in (self.first_time, self.last_time))
        return " to ".join(months)

    def reaches(self, asked: JournalFilter) -> bool:
        """Whether the period that is asked for reaches into it."""
        begins = asked.from_ is None or to_micros(asked.from_) <= self.last_time
        return begins and (asked.to is None or to_micros(asked.to) > self.first_time)


def known(connection: Connection) -> list[Archive]:
    """Those that hold now, in the order of their entries: of the acts on the same entries the newest."""
    return list({(one.first, one.last): one for one in acts(connection)}.values())


def acts(connection: Connection) -> list[Archive]:
    """All that were ever told, in the order of their entries and then of the acts."""
    columns = (ArchiveRow.__table__.c[name] for name in Archive.__slots__)
    rows = connection.execute(select(*columns).order_by(ArchiveRow.first, ArchiveRow.by_seq))
    return [Archive(*row) for row in rows]


def unsigned(connection: Connection, key: Verifies) -> str:
    """A sentence where an act is not the station's own; empty: all are.

    Whoever has the database can write one. By its word no file is deleted, and nothing leaves the live tables.
    """
    journal_id = str(connection.execute(select(JournalHead.journal_id)).scalar_one())
    wrong = next((one for one in acts(connection) if not one.good(journal_id, key)), None)
    if wrong is None:
        return ""
    return f"That entries {wrong.first:,} to {wrong.last:,} are in an archive is not signed: verify the journal first."


def superseded(connection: Connection) -> list[Archive]:
    """Those in whose place others are, without what was erased (I14)."""
    holding = {one.by_seq for one in known(connection)}
    return [one for one in acts(connection) if one.by_seq not in holding]


def cut(connection: Connection) -> int:
    """The last entry that an act says is in an archive; 0 where none is."""
    return int(connection.execute(select(func.coalesce(func.max(ArchiveRow.last), 0))).scalar_one())


def cut_of(archives: Iterable[Archive]) -> int:
    """The same of what :func:`known` gave."""
    return max((one.last for one in archives), default=0)


def add(connection: Connection, archive: Archive) -> None:
    """In the transaction that appends entry ``by_seq``, which tells of it: from now on the database lets them go."""
    values = dict(zip(Archive.__slots__, astuple(archive), strict=True))
    connection.execute(insert(ArchiveRow).values(**values))


def holds(archives: Iterable[Archive], seq: int) -> Archive | None:
    """The one that holds an entry."""
    return next((one for one in archives if one.first <= seq <= one.last), None)


def checked(archives: list[Archive], journal_id: str, key: Verifies) -> tuple[list[Archive], list[str]]:
    """Those that follow each other from the first entry on, each signed; and a sentence for what is not so."""
    good: list[Archive] = []
    wrong: list[str] = []
    last, prev = 0, first_prev(journal_id)
    for one in archives:
        if not one.good(journal_id, key):
            wrong.append(f"that entries {one.first} to {one.last} are in the archive {one.file} is not signed")
        elif one.first != last + 1 or one.prev != prev or one.last < one.first:
            wrong.append(f"the archive {one.file} does not follow what was archived before it")
        else:
            good.append(one)
            last, prev = one.last, one.hash
    return good, wrong


def first_left(connection: Connection) -> int | None:
    """The first entry that is in an archive and in the live tables still: removing them was broken off."""
    where = (Journal.seq >= 1, Journal.seq <= cut(connection))
    return connection.execute(select(func.min(Journal.seq)).where(*where)).scalar()


def remove_some(connection: Connection, limit: int) -> int:
    """Remove the oldest ``limit`` entries that are in an archive from the live tables; how many were removed.

    Entry, content, words of the index and sealed frame go in one transaction, the oldest first: what is left is a
    chain without a gap at any moment.
    """
    edge = cut(connection)
    numbers = list(
        connection.execute(
            select(Journal.seq).where(Journal.seq >= 1, Journal.seq <= edge).order_by(Journal.seq).limit(limit)
        ).scalars()
    )
    if not numbers:
        return 0
    # While the content is still there: what is taken out of the index is told by it.
    journal_index.drop(connection, numbers)
    for row in (SealedFrame, JournalPayload, Journal):
        connection.execute(delete(row).where(row.seq >= numbers[0], row.seq <= numbers[-1]))
    if numbers[-1] == edge:
        journal_index.dropped(connection, edge)
    return len(numbers)

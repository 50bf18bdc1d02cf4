"""Follows the chain over a stretch of the journal: numbers, hashes, contents (I5, I14)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import cast

from sqlalchemy import Connection, Table, bindparam, select

from console.station.store.archives import ARCHIVED
from console.station.store.bulk import Row, sqlite_rows
from console.station.store.chain import JOURNAL_COLUMNS, PAYLOAD_COLUMNS, entry_hash, payload_digest
from console.station.store.ledger import KEYS_REPLACED, alarm_number
from models.tables import Journal, JournalPayload

_PAGE = 5000
MOST_FINDINGS = 20
_SEQ, _KIND, _DIGEST, _PREV, _ALARM = (
    JOURNAL_COLUMNS.index(name) for name in ("seq", "kind", "payload_digest", "prev", "alarm")
)
_HASH = len(JOURNAL_COLUMNS)
_SALT, _PAYLOAD = _HASH + 1, _HASH + 2
_journal, _payload = cast(Table, Journal.__table__), cast(Table, JournalPayload.__table__)
_ENTRIES = (
    select(
        *(_journal.c[name] for name in (*JOURNAL_COLUMNS, "hash")),
        *(_payload.c[name] for name in ("salt", *PAYLOAD_COLUMNS)),
    )
    .join_from(_journal, _payload, _journal.c.seq == _payload.c.seq, isouter=True)
    .order_by(_journal.c.seq)
    .limit(_PAGE)
)


@dataclass(slots=True)
class Stretch:
    """What was found of the entries above ``after`` up to ``up_to``; None: from the first, to the last there is."""

    after: int | None
    up_to: int | None
    first: int | None = None
    """The number of its first entry; None where it has none."""
    first_prev: str = ""
    """What its first entry points back to; whoever joins stretches compares it."""
    last: int = 0
    last_hash: str = ""
    broken: list[str] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)
    """Numbers and payload digests of entries without content: erased (I14), or lost."""
    archived: list[int] = field(default_factory=list)
    """Entries that tell of an archive: each has its signed row, or that was removed."""
    keys_replaced: int = 0
    """How many entries tell of new keys."""
    alarms: int = 0
    """The highest number of an alarm that an entry names."""
    hashes: dict[int, str] = field(default_factory=dict)
    """The hashes of the entries that were asked for."""

    def found(self, sentence: str) -> None:
        """Note a break; past twenty one more, so that it is known that there are more."""
        if len(self.broken) <= MOST_FINDINGS:
            self.broken.append(sentence)


def walk(connection: Connection, after: int | None, up_to: int | None, wanted: Container[int]) -> Stretch:
    """Walk one stretch on the snapshot of ``connection``; ``wanted`` are the numbers whose hashes are given back."""
    stretch = Stretch(after, up_to)
    expected, prev, alarm = (after or 0) + 1, "", None
    for row in _rows(connection, after, up_to):
        seq = row[_SEQ]
        if stretch.first is None:
            stretch.first, stretch.first_prev = seq, row[_PREV]
            prev = row[_PREV]
        if seq != expected:
            late = isinstance(seq, int) and seq > expected
            what = f"entries {expected} to {seq - 1} are missing" if late else "a number out of order"
            stretch.found(f"entry {seq}: {what}")
            prev = row[_PREV]
        elif row[_PREV] != prev:
            stretch.found(f"entry {seq} does not follow the entry before it")
        prev = row[_HASH]
        if entry_hash(row[:_HASH]) != prev:
            stretch.found(f"entry {seq} was changed")
        if row[_SALT] is None:
            stretch.lost.append((seq, row[_DIGEST]))
        elif payload_digest(row[_SALT], row[_PAYLOAD:]) != row[_DIGEST]:
            stretch.found(f"the content of entry {seq} was changed")
        if row[_KIND] == ARCHIVED:
            stretch.archived.append(seq)
        elif row[_KIND] == KEYS_REPLACED:
            stretch.keys_replaced += 1
        if row[_ALARM] != alarm:
            alarm = row[_ALARM]
            stretch.alarms = max(stretch.alarms, alarm_number(alarm or ""))
        if seq in wanted:
            stretch.hashes[seq] = prev
        stretch.last, stretch.last_hash = seq, prev
        expected = seq + 1 if isinstance(seq, int) else expected + 1
    if up_to is not None and expected <= up_to:
        stretch.found(f"entries {expected} to {up_to} are missing")
    return stretch


def _rows(connection: Connection, after: int | None, up_to: int | None) -> Iterator[Row]:
    # Below zero on purpose where nothing is said: an entry slipped in before the first must be seen as well.
    last = after
    while True:
        page = _page(connection, last, up_to)
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1][_SEQ]


def _page(connection: Connection, after: int | None, up_to: int | None) -> Sequence[Row]:
    query = _ENTRIES if up_to is None else _ENTRIES.where(_journal.c.seq <= bindparam("up_to"))
    if connection.dialect.name != "sqlite":
        query = query if after is None else query.where(_journal.c.seq > bindparam("after"))
        bounds = {"after": after, "up_to": up_to}
        given = {name: value for name, value in bounds.items() if value is not None}
        return [tuple(row) for row in connection.execute(query, given)]
    # SQLAlchemy's work on each row costs as much as the two hashes.
    compiled = query.where(_journal.c.seq > bindparam("after")).compile(dialect=connection.dialect)
    values = {**compiled.params, "after": -inf if after is None else after, "up_to": up_to}
    return sqlite_rows(connection, compiled.string, tuple(values[name] for name in compiled.positiontup or ()))

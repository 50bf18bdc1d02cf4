"""The one way into the journal: entries appended under the locked head, chained, in one transaction (I5)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from console.station.store.bulk import Bulk, Row
from console.station.store.canonical import readable
from console.station.store.chain import JOURNAL_COLUMNS, PAYLOAD_COLUMNS, entry_hash, first_prev, payload_digest
from models.records import Actor
from models.tables import Journal, JournalHead, JournalPayload
from models.tables.base import to_micros

_head, _journal, _payload = (cast(Table, row.__table__) for row in (JournalHead, Journal, JournalPayload))
_ENTRY = (*JOURNAL_COLUMNS, "hash")
_CONTENT = ("seq", "salt", *PAYLOAD_COLUMNS)
_LOCK_HEAD = Bulk(
    select(*(_head.c[name] for name in ("journal_id", "seq", "hash", "alarm_count"))).with_for_update(), ()
)
_ADD_ENTRIES = Bulk(insert(_journal).values({name: bindparam(name) for name in _ENTRY}), _ENTRY)
_ADD_PAYLOADS = Bulk(insert(_payload).values({name: bindparam(name) for name in _CONTENT}), _CONTENT)
_MOVED = ("seq", "hash", "alarm_count")
_MOVE_HEAD = Bulk(
    update(_head).values({name: bindparam(f"new_{name}") for name in _MOVED}), [f"new_{n}" for n in _MOVED]
)
_SALT, _SALTS = 16, 64
"""Bytes of a salt, and how many are drawn at once: each draw is a system call."""


@dataclass(slots=True)
class Head:
    """Where the chain stands inside this transaction."""

    journal_id: str
    seq: int
    hash: str
    alarm_count: int


@dataclass(slots=True)
class Mark:
    """A place to come back to when one act of a batch is refused."""

    head: Head
    entries: int


@dataclass(slots=True)
class Ledger:
    """One transaction of the one writer: a connection, the time, and the entries to be appended.

    ``now`` is the station's time of the batch. Nothing is visible to anybody before the transaction ends well.
    """

    connection: Connection
    now: datetime
    head: Head
    _journal: list[Row] = field(default_factory=list)
    _payload: list[Row] = field(default_factory=list)
    _random: str = ""

    @classmethod
    def open(cls, connection: Connection, now: datetime) -> Ledger:
        """Lock the head and begin. On PostgreSQL this waits for the other stations (architecture.md §3)."""
        return cls(connection, now, Head(*_LOCK_HEAD.one(connection)))

    def append(
        self,
        kind: str,
        actor: Actor,
        text: str,
        *,
        at: datetime | None = None,
        panel_time: datetime | None = None,
        site: str | None = None,
        account: str | None = None,
        alarm: str | None = None,
        priority: int | None = None,
        in_test: bool = False,
        data: Mapping[str, Any] | None = None,
        raw: str | None = None,
    ) -> int:
        """Add one entry and return its sequence number.

        ``text`` and ``data`` must be free of secrets (I9). ``at`` is the time of receipt where it differs from now.
        """
        head = self.head
        seq = head.seq + 1
        salt = self._salt()
        content = (actor.name, actor.from_, _storable(text), readable(data or {}), raw)
        entry = (
            seq,
            to_micros(at or self.now),
            None if panel_time is None else to_micros(panel_time),
            kind,
            actor.kind.value,
            site,
            account,
            alarm,
            None if priority is None else int(priority),
            int(in_test),
            payload_digest(salt, content),
            head.hash,
        )
        head.seq, head.hash = seq, entry_hash(entry)
        self._journal.append((*entry, head.hash))
        self._payload.append((seq, salt, *content))
        return seq

    def _salt(self) -> str:
        if not self._random:
            self._random = secrets.token_hex(_SALT * _SALTS)
        salt, self._random = self._random[: 2 * _SALT], self._random[2 * _SALT :]
        return salt

    def next_alarm_id(self, at: datetime) -> str:
        """The next alarm's number with the day of ``at`` (UTC) before it, for example ``A-251121-0417``.

        The day is for those who read it. What tells alarms apart is the number: it is counted under the journal's
        lock and never begins anew, so that no clock can bring one back, of this station or of another.
        """
        self.head.alarm_count += 1
        return alarm_id(at, self.head.alarm_count)

    def mark(self) -> Mark:
        """Remember this place; see :meth:`back_to`."""
        head = self.head
        return Mark(Head(head.journal_id, head.seq, head.hash, head.alarm_count), len(self._journal))

    def back_to(self, mark: Mark) -> None:
        """Forget every entry since ``mark``."""
        self.head = mark.head
        del self._journal[mark.entries :]
        del self._payload[mark.entries :]

    def write(self) -> int:
        """Write the entries and the head; returns the head's sequence. The caller commits."""
        if self._journal:
            head = self.head
            _ADD_ENTRIES.run(self.connection, self._journal)
            _ADD_PAYLOADS.run(self.connection, self._payload)
            _MOVE_HEAD.run(self.connection, [(head.seq, head.hash, head.alarm_count)])
        return self.head.seq


def found_journal(connection: Connection) -> str:
    """The journal's id; founds the journal where there is none yet. Idempotent, also between stations."""
    row = connection.execute(select(JournalHead.journal_id)).first()
    if row is not None:
        return str(row.journal_id)
    journal_id = secrets.token_hex(16)
    connection.execute(
        insert(JournalHead).values(id=1, journal_id=journal_id, seq=0, hash=first_prev(journal_id), alarm_count=0)
    )
    return journal_id


KEYS_REPLACED = "keys-replaced"
"""The kind of the entry that tells of new keys (:mod:`console.station.store.known_keys`)."""
_HIGHEST = {
    "sqlite": "SELECT max(CAST(substr(id, 10) AS INTEGER)) FROM alarm WHERE id GLOB 'A-[0-9]*-[0-9]*'",
    "postgresql": "SELECT max(CAST(substring(id FROM '^A-[0-9]{6}-([0-9]{1,15})$') AS BIGINT)) FROM alarm",
}
MOST_NUMBERS_UNUSED = 10_000
"""So far at most the count may be ahead of the alarms: a number that was drawn in an act that failed is not lost."""


def mend_count(connection: Connection) -> None:
    """Bring the count of alarms in line with the alarms there are.

    Somebody who can write the database could set it back, so that every new alarm were refused as one that is there
    already, or so far ahead that the next number fits no column. :mod:`console.station.store.proof` tells of both.
    """
    count = connection.execute(select(_head.c.alarm_count).with_for_update()).scalar_one()
    highest = connection.exec_driver_sql(_HIGHEST[connection.dialect.name]).scalar() or 0
    if not highest <= count <= highest + MOST_NUMBERS_UNUSED:
        connection.execute(update(_head).values(alarm_count=highest))


def alarm_id(at: datetime, number: int) -> str:
    """An alarm's number as it is written; :func:`alarm_number` reads it."""
    return f"A-{at:%y%m%d}-{number:04d}"


def alarm_number(identifier: str) -> int:
    """What was counted of ``A-251121-0417``: 417. 0 for what was not numbered so."""
    number = identifier[9:]
    return int(number) if identifier[:2] == "A-" and number.isdecimal() and number.isascii() else 0


def _storable(text: str) -> str:
    """PostgreSQL takes neither NUL nor lone surrogates in text; both are shown escaped."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()


def journal_id(connection: Connection) -> str | None:
    """The journal's id; None where no journal was founded."""
    found = connection.execute(select(JournalHead.journal_id)).scalar()
    return None if found is None else str(found)

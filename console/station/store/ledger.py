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
    select(*(_head.c[name] for name in ("journal_id", "seq", "hash", "alarm_day", "alarm_count"))).with_for_update(), ()
)
_ADD_ENTRIES = Bulk(insert(_journal).values({name: bindparam(name) for name in _ENTRY}), _ENTRY)
_ADD_PAYLOADS = Bulk(insert(_payload).values({name: bindparam(name) for name in _CONTENT}), _CONTENT)
_MOVED = ("seq", "hash", "alarm_day", "alarm_count")
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
    alarm_day: str
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

    def next_alarm_id(self, day: str) -> str:
        """The next alarm number of ``day`` (``yymmdd`` at the station), for example ``A-251121-0417``."""
        if self.head.alarm_day != day:
            self.head.alarm_day, self.head.alarm_count = day, 0
        self.head.alarm_count += 1
        return f"A-{day}-{self.head.alarm_count:04d}"

    def mark(self) -> Mark:
        """Remember this place; see :meth:`back_to`."""
        head = self.head
        return Mark(Head(head.journal_id, head.seq, head.hash, head.alarm_day, head.alarm_count), len(self._journal))

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
            _MOVE_HEAD.run(self.connection, [(head.seq, head.hash, head.alarm_day, head.alarm_count)])
        return self.head.seq


def found_journal(connection: Connection) -> str:
    """The journal's id; founds the journal where there is none yet. Idempotent, also between stations."""
    row = connection.execute(select(JournalHead.journal_id)).first()
    if row is not None:
        return str(row.journal_id)
    journal_id = secrets.token_hex(16)
    connection.execute(
        insert(JournalHead).values(
            id=1, journal_id=journal_id, seq=0, hash=first_prev(journal_id), alarm_day="", alarm_count=0
        )
    )
    return journal_id


def _storable(text: str) -> str:
    """PostgreSQL takes neither NUL nor lone surrogates in text; both are shown escaped."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()


def journal_id(connection: Connection) -> str | None:
    """The journal's id; None where no journal was founded."""
    found = connection.execute(select(JournalHead.journal_id)).scalar()
    return None if found is None else str(found)

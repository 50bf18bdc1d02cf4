"""The one way into the journal: entries appended under the locked head, chained, in one transaction (I5)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from console.station.store.chain import entry_hash, first_prev, payload_digest
from models.records import Actor
from models.tables import Journal, JournalHead, JournalPayload
from models.tables.base import to_micros

_head, _journal, _payload = (cast(Table, row.__table__) for row in (JournalHead, Journal, JournalPayload))
# Made once: building a statement costs more than running it.
_LOCK_HEAD = select(_head).with_for_update()
_ADD_ENTRIES, _ADD_PAYLOADS = insert(_journal), insert(_payload)
_MOVE_HEAD = update(_head).values(
    seq=bindparam("new_seq"),
    hash=bindparam("new_hash"),
    alarm_day=bindparam("new_day"),
    alarm_count=bindparam("new_count"),
)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


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
    _journal: list[dict[str, Any]] = field(default_factory=list)
    _payload: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def open(cls, connection: Connection, now: datetime) -> Ledger:
        """Lock the head and begin. On PostgreSQL this waits for the other stations (architecture.md §3)."""
        row = connection.execute(_LOCK_HEAD).one()
        return cls(connection, now, Head(row.journal_id, row.seq, row.hash, row.alarm_day, row.alarm_count))

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
        seq = self.head.seq + 1
        salt = secrets.token_hex(16)
        payload = (actor.name, actor.from_, _storable(text), _encode(data or {}), raw)
        row: dict[str, Any] = {
            "seq": seq,
            "time": to_micros(at or self.now),
            "panel_time": None if panel_time is None else to_micros(panel_time),
            "kind": kind,
            "actor_kind": actor.kind.value,
            "site": site,
            "account": account,
            "alarm": alarm,
            "priority": priority,
            "in_test": int(in_test),
            "payload_digest": payload_digest(salt, payload),
            "prev": self.head.hash,
        }
        row["hash"] = entry_hash(tuple(row.values()))
        self._journal.append(row)
        self._payload.append(
            {
                "seq": seq,
                "salt": salt,
                "actor_name": payload[0],
                "actor_from": payload[1],
                "text": payload[2],
                "data": payload[3],
                "raw": raw,
            }
        )
        self.head.seq, self.head.hash = seq, row["hash"]
        return seq

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
            self.connection.execute(_ADD_ENTRIES, self._journal)
            self.connection.execute(_ADD_PAYLOADS, self._payload)
            self.connection.execute(
                _MOVE_HEAD,
                {
                    "new_seq": self.head.seq,
                    "new_hash": self.head.hash,
                    "new_day": self.head.alarm_day,
                    "new_count": self.head.alarm_count,
                },
            )
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
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()


def journal_id(connection: Connection) -> str | None:
    """The journal's id; None where no journal was founded."""
    found = connection.execute(select(JournalHead.journal_id)).scalar()
    return None if found is None else str(found)

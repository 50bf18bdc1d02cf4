"""What the journal has of one test (F4)."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from console.station.store.views import entries_numbered
from models.records import Entry
from models.tables import Journal, JournalPayload
from models.tables.base import to_micros

_MOST, _LOOKED_AT = 100, 1000


def came(connection: Connection, row: Row[Any]) -> list[Entry]:
    """The newest entries of a test: what came in it, and what was done to it; newest first."""
    last = to_micros(row.ended_at) if row.ended_at is not None else None
    which = select(Journal.seq, JournalPayload.data).join(JournalPayload, JournalPayload.seq == Journal.seq)
    which = which.where(Journal.site == row.site, Journal.seq >= row.id)
    # Its end is no signal in test, and is told all the same.
    which = which.where(or_(Journal.in_test == 1, Journal.kind == "test-off"))
    if last is not None:
        which = which.where(Journal.time <= last)
    found = []
    for seq, data in connection.execute(which.order_by(Journal.seq.desc()).limit(_LOOKED_AT)):
        said = json.loads(data)
        if seq == row.id or said.get("test") == row.id or row.id in said.get("tests", ()):
            found.append(seq)
    return entries_numbered(connection, found[:_MOST])[::-1]

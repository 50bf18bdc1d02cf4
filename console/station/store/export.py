"""The journal handed out, entry by entry (G6): JSON lines or CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO

from sqlalchemy import Connection, Row, select

from models.tables import Journal, JournalPayload
from models.tables.base import from_micros, to_micros

_PAGE = 2000
COLUMNS = (
    "seq", "time", "panel_time", "kind", "actor", "site", "account", "alarm", "priority", "in_test", "text", "data",
    "raw", "prev", "hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries: of one site, from a time (inclusive) to a time (exclusive)."""

    site: str | None = None
    from_: datetime | None = None
    to: datetime | None = None


def entries(connection: Connection, selection: Selection) -> Iterator[dict[str, Any]]:
    """The entries in order, each as one object with the fields :data:`COLUMNS`."""
    journal, payload = Journal.__table__, JournalPayload.__table__
    query = (
        select(journal, payload)
        .join_from(journal, payload, journal.c.seq == payload.c.seq, isouter=True)
        .order_by(journal.c.seq)
        .limit(_PAGE)
    )
    if selection.site is not None:
        query = query.where(journal.c.site == selection.site)
    if selection.from_ is not None:
        query = query.where(journal.c.time >= to_micros(selection.from_))
    if selection.to is not None:
        query = query.where(journal.c.time < to_micros(selection.to))
    last: int | None = None
    while True:
        page = connection.execute(query if last is None else query.where(journal.c.seq > last)).all()
        for row in page:
            yield _entry(row)
        if len(page) < _PAGE:
            return
        last = page[-1][0]


def _entry(row: Row[Any]) -> dict[str, Any]:
    values = row._mapping
    journal, payload = Journal.__table__.c, JournalPayload.__table__.c
    return {
        "seq": values[journal.seq],
        "time": iso(values[journal.time]),
        "panel_time": None if values[journal.panel_time] is None else iso(values[journal.panel_time]),
        "kind": values[journal.kind],
        "actor": {
            "kind": values[journal.actor_kind],
            "name": values[payload.actor_name],
            "from": values[payload.actor_from],
        },
        "site": values[journal.site],
        "account": values[journal.account],
        "alarm": values[journal.alarm],
        "priority": values[journal.priority],
        "in_test": bool(values[journal.in_test]),
        "text": values[payload.text],
        "data": json.loads(values[payload.data] or "null"),
        "raw": values[payload.raw],
        "prev": values[journal.prev],
        "hash": values[journal.hash],
    }


def iso(micros: int) -> str:
    """``2026-11-23T20:47:36.000001Z``: always six digits, so that text sorts like time."""
    return from_micros(micros).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def write_jsonl(found: Iterator[dict[str, Any]], out: TextIO) -> None:
    """One JSON object a line."""
    for entry in found:
        out.write(json.dumps(entry, ensure_ascii=False) + "\n")


def write_csv(found: Iterator[dict[str, Any]], out: TextIO) -> None:
    """The same fields as columns; what a spreadsheet would take for a formula is made text."""
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in found:
        writer.writerow([_cell(entry[name]) for name in COLUMNS])


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        return "'" + value
    return value

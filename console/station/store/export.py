"""The journal handed out, entry by entry (G6): JSON lines or CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TextIO

from sqlalchemy import Connection, Row, Select, func, select

from console.station.sheets import cells
from console.station.store.chain import JOURNAL_COLUMNS, PAYLOAD_COLUMNS
from models.tables import ErasureRow, Journal, JournalPayload, SiteRow
from models.tables.base import from_micros, to_micros

_PAGE = 2000
COLUMNS = (
    "seq", "time", "panel_time", "kind", "actor", "site", "account", "alarm", "priority", "in_test", "text", "data",
    "raw", "prev", "hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries: of one site, from a time (inclusive) to a time (exclusive), or by their numbers."""

    site: str | None = None
    from_: datetime | None = None
    to: datetime | None = None
    first: int | None = None
    last: int | None = None
    """With ``first``: a stretch of numbers, both ends in it."""

    def of(self, query: Select[Any]) -> Select[Any]:
        """``query`` of the journal, for these entries alone."""
        if self.site is not None:
            query = query.where(Journal.site == self.site)
        if self.from_ is not None:
            query = query.where(Journal.time >= to_micros(self.from_))
        if self.to is not None:
            query = query.where(Journal.time < to_micros(self.to))
        if self.first is not None:
            query = query.where(Journal.seq >= self.first)
        if self.last is not None:
            query = query.where(Journal.seq <= self.last)
        return query

    def words(self) -> str:
        """Which entries, for people."""
        parts = [
            f"site {self.site}" if self.site is not None else "all entries",
            f"from {self.from_.isoformat()}" if self.from_ is not None else "",
            f"up to {self.to.isoformat()}" if self.to is not None else "",
            f"from number {self.first} to {self.last}" if self.first is not None else "",
        ]
        return " ".join(part for part in parts if part)


def entries(connection: Connection, selection: Selection) -> Iterator[dict[str, Any]]:
    """The entries in order, each as one object with the fields :data:`COLUMNS`."""
    return map(_entry, _rows(connection, selection))


def page(connection: Connection, selection: Selection, after: int, up_to: int) -> list[dict[str, Any]]:
    """The first entries above number ``after``, up to ``up_to``, as in :func:`entries`; none: there are no more."""
    first, last = selection.first, selection.last
    stretch = replace(
        selection,
        first=after + 1 if first is None else max(first, after + 1),
        last=up_to if last is None else min(last, up_to),
    )
    return list(islice(entries(connection, stretch), _PAGE))


def entries_numbered(connection: Connection, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Some entries in order, each as in :func:`entries` with ``site_name`` besides, as the site is called now."""
    journal, payload = Journal.__table__, JournalPayload.__table__
    query = (
        select(journal, payload, SiteRow.name.label("site_name"))
        .join_from(journal, payload, journal.c.seq == payload.c.seq, isouter=True)
        .join(SiteRow, SiteRow.id == journal.c.site, isouter=True)
        .where(journal.c.seq.in_(numbers))
        .order_by(journal.c.seq)
    )
    return [{**_entry(row), "site_name": row.site_name} for row in connection.execute(query)]


def chained_entries(connection: Connection, selection: Selection) -> Iterator[dict[str, Any]]:
    """The entries in order with every column under the chain by its name, ``hash``, and the content with its salt.

    Of an entry whose content was erased: ``erased_by`` and ``erased_signature`` in its place (I14).
    """
    return map(_chained, _rows(connection, selection))


def count(connection: Connection, selection: Selection) -> int:
    """How many entries there are."""
    found: int = connection.execute(selection.of(select(func.count()).select_from(Journal))).scalar_one()
    return found


def _rows(connection: Connection, selection: Selection) -> Iterator[Row[Any]]:
    journal, payload, erasure = Journal.__table__, JournalPayload.__table__, ErasureRow.__table__
    query = selection.of(
        select(journal, payload, erasure)
        .join_from(journal, payload, journal.c.seq == payload.c.seq, isouter=True)
        .join(erasure, journal.c.seq == erasure.c.seq, isouter=True)
        .order_by(journal.c.seq)
        .limit(_PAGE)
    )
    last: int | None = None
    while True:
        page = connection.execute(query if last is None else query.where(journal.c.seq > last)).all()
        yield from page
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


def _chained(row: Row[Any]) -> dict[str, Any]:
    values = row._mapping
    journal, payload, erasure = Journal.__table__.c, JournalPayload.__table__.c, ErasureRow.__table__.c
    found = {name: values[journal[name]] for name in (*JOURNAL_COLUMNS, "hash")}
    if values[payload.salt] is not None:
        return {**found, **{name: values[payload[name]] for name in ("salt", *PAYLOAD_COLUMNS)}}
    return {**found, "erased_by": values[erasure.by_seq], "erased_signature": values[erasure.signature] or ""}


def iso(micros: int) -> str:
    """``2026-11-23T20:47:36.000001Z``: always six digits, so that text sorts like time."""
    return from_micros(micros).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def write_jsonl(found: Iterable[dict[str, Any]], out: TextIO) -> None:
    """One JSON object a line."""
    for entry in found:
        out.write(json.dumps(entry, ensure_ascii=False) + "\n")


def write_csv(found: Iterable[dict[str, Any]], out: TextIO, *, head: bool = True) -> None:
    """The same fields as columns; what a spreadsheet would take for a formula is made text."""
    writer = csv.writer(out)
    if head:
        writer.writerow(COLUMNS)
    for entry in found:
        writer.writerow([cell(entry[name]) for name in COLUMNS])


def cell(value: Any) -> str:
    """A field as one cell of a sheet: what a spreadsheet would take for a formula is made text."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return cells.neutral(str(value))

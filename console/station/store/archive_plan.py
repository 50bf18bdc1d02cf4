"""Which months may leave the live tables, and what keeps the others there (issue 6; A2, B2, F3, I4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, or_, select

from console.station.store import archives
from console.station.store.journal_index import BLOCK
from models.records import AlarmState
from models.tables import AlarmRow, AlarmSignalRow, Journal, JournalHead, JournalIndexed, JournalSpan, SiteTestRow
from models.tables.base import from_micros, to_micros

LEAST_MONTHS = 4
"""Whole months that stay whatever is asked: figures are made of 93 days (F6), customers see ten (B2)."""
_TEST_REPORTS = timedelta(days=8)
"""Reports of tests are printed for seven days after their end."""


@dataclass(frozen=True, slots=True)
class Month:
    """A whole month (UTC) of the journal that may go: a stretch of numbers without a gap."""

    name: str
    """``2025-09``."""
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The months that may go, in order, and why what comes after them stays."""

    months: tuple[Month, ...]
    stays: str


def limit(now: datetime, months: int) -> datetime:
    """The beginning of the month ``months`` before this one: what is earlier is old enough."""
    count = now.astimezone(UTC).year * 12 + now.astimezone(UTC).month - 1 - months
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=UTC)


def held_back(connection: Connection, now: datetime) -> tuple[int, str] | None:
    """The first entry that something running still needs, and what that is; None: nothing needs an old one."""
    open_ = select(AlarmRow.id).where(AlarmRow.state != AlarmState.CLOSED.value)
    running = or_(SiteTestRow.ended_at.is_(None), SiteTestRow.ended_at > now - _TEST_REPORTS)
    found = []
    for asked, words in (
        (select(func.min(Journal.seq)).where(Journal.alarm.in_(open_)), "an alarm that is open"),
        (select(func.min(AlarmSignalRow.seq)).where(AlarmSignalRow.alarm.in_(open_)), "an alarm that is open"),
        (select(func.min(SiteTestRow.id)).where(running), "a test that runs or has just ended"),
    ):
        seq = connection.execute(asked).scalar()
        if seq is not None:
            found.append((int(seq), words))
    return min(found, default=None)


def plan(connection: Connection, before: datetime, now: datetime) -> Plan:
    """The whole months that end by ``before``, from the first entry that is live on.

    A month ends before the first entry of a later one, by number: where a clock was set back, what it told with the
    wrong time goes with the entries around it, and never earlier than they.
    """
    head, indexed = connection.execute(
        select(JournalHead.seq, JournalIndexed.seq).join(JournalIndexed, JournalIndexed.id == JournalHead.id)
    ).one()
    first = archives.cut(connection) + 1
    held = held_back(connection, now)
    months: list[Month] = []
    while first <= head:
        at = connection.execute(select(Journal.time).where(Journal.seq == first)).scalar()
        if at is None:
            return Plan(tuple(months), f"Entry {first:,} is missing: verify the journal.")
        begins = from_micros(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        ends = (begins + timedelta(days=32)).replace(day=1)
        if ends > before:
            return Plan(tuple(months), f"Entry {first:,} is of {begins:%Y-%m}: that month is not old enough.")
        following = _first_from(connection, first, ends)
        if following is None:
            why = "the index is being made" if indexed < head else "nothing was journaled after it"
            return Plan(tuple(months), f"Whether {begins:%Y-%m} is whole is not known: {why}.")
        if held is not None and held[0] < following:
            return Plan(tuple(months), f"{begins:%Y-%m} stays: entry {held[0]:,} is needed by {held[1]}.")
        months.append(Month(f"{begins:%Y-%m}", first, following - 1))
        first = following
    return Plan(tuple(months), "Nothing is left.")


def _first_from(connection: Connection, first: int, ends: datetime) -> int | None:
    """The first entry above ``first`` whose time is not before ``ends``; from the spans, without reading the month."""
    blocks = connection.execute(
        select(JournalSpan.block)
        .where(JournalSpan.block >= first // BLOCK, JournalSpan.last_time >= to_micros(ends))
        .order_by(JournalSpan.block)
    ).scalars()
    for block in blocks:
        found = connection.execute(
            select(func.min(Journal.seq)).where(
                Journal.seq >= max(first + 1, block * BLOCK),
                Journal.seq < (block + 1) * BLOCK,
                # Not by the index of times, which would go through all that is younger.
                Journal.time + 0 >= to_micros(ends),
            )
        ).scalar()
        if found is not None:
            return int(found)
    return None

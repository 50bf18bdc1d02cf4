"""Pages of the journal by what is asked for (G6): by number, both ways, so that any page costs what the first does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, TextClause, and_, column, func, literal_column, or_, select, table, text

from console.station.rules.journal_words import Sought, sought
from console.station.store import archives, views
from console.station.store.journal_index import BLOCK, said, said_columns
from models.records import MOST_COUNTED, JournalFilter, JournalPage
from models.tables import Journal, JournalHead, JournalIndexed, JournalPayload, JournalSpan
from models.tables.base import to_micros

NOWHERE = 2**63 - 1
"""Above every entry's number."""
_STANDS = select(JournalHead.seq, JournalIndexed.seq).join(JournalIndexed, JournalIndexed.id == JournalHead.id)
_LOOKED_THROUGH = 4000
"""Entries that are not in the index are read one by one: so many, the newest, and no more."""


def find(
    connection: Connection,
    asked: JournalFilter,
    limit: int,
    *,
    before: int | None = None,
    after: int | None = None,
    count: bool = False,
) -> JournalPage:
    """At most ``limit`` entries below number ``before``, or above ``after``; the newest where neither is given."""
    search = _Search(connection, asked)
    up = after is not None
    low, high = (after if after is not None else 0), (before if before is not None else NOWHERE)
    numbers = search.numbers(low, high, limit + 1, up=up)
    further = len(numbers) > limit
    numbers = numbers[:limit]
    return JournalPage(
        entries=tuple(views.entries_numbered(connection, numbers)[::-1]),
        older=low > 0 if up else further,
        newer=further if up else before is not None,
        head=search.head,
        count=search.count() if count else None,
        not_searched=search.not_searched,
    )


def numbers(connection: Connection, asked: JournalFilter, limit: int) -> list[int]:
    """The numbers alone of the newest entries that fit, newest first."""
    return _Search(connection, asked).numbers(0, NOWHERE, limit, up=False)


@dataclass(frozen=True, slots=True)
class Extent:
    """What is handed out of the journal: known before it begins, so that it can be refused, counted and journaled."""

    count: int
    """How many entries fit."""
    head: int
    """The last entry there was: later ones are not of it."""
    not_searched: int = 0
    """So many are not in the index yet: nobody knows whether they fit."""
    missing: tuple[str, ...] = ()
    """Archives that it reaches into and that are not mounted: nothing of them goes along."""


def extent(connection: Connection, asked: JournalFilter) -> Extent:
    """How many entries fit, all of them counted."""
    search = _Search(connection, asked)
    return Extent(search.total(), search.head, search.not_searched)


def numbers_on(connection: Connection, asked: JournalFilter, after: int, upto: int, limit: int) -> list[int]:
    """The numbers of the next entries that fit, oldest first: above ``after``, and none above ``upto``.

    ``upto`` is the ``head`` of an :func:`extent` whose ``not_searched`` was 0: none is left out then.
    """
    search = _Search(connection, asked, whole=True)
    return search.numbers(after, upto + 1, limit, up=True)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Numbers between which a period lies; what is there besides is told by its time."""

    low: int
    high: int


class _Search:
    """One filter on one snapshot."""

    def __init__(self, connection: Connection, asked: JournalFilter, *, whole: bool = False) -> None:
        self._connection, self._asked = connection, asked
        self._sought: Sought = sought(asked)
        self.head, indexed = connection.execute(_STANDS).one()
        self._floor = archives.cut(connection)
        """Up to this one they are in archives, and looked for there."""
        self._indexed = max(min(indexed, self.head), self._floor)
        self._looked_from = self._indexed
        self.not_searched = 0
        if self._sought and not whole and self.head - self._indexed > _LOOKED_THROUGH:
            self._looked_from = self.head - _LOOKED_THROUGH
            self.not_searched = self._looked_from - self._indexed
        self._bounds = self._period()

    def numbers(self, low: int, high: int, limit: int, *, up: bool) -> list[int]:
        """Numbers above ``low`` and below ``high``, those next to ``low`` first where ``up``, else next to ``high``."""
        parts = [self._fresh, self._old]
        low = max(low, self._floor)
        found: list[int] = []
        for part in reversed(parts) if up else parts:
            if len(found) < limit:
                found += part(low, high, limit - len(found), up)
        return found

    def count(self) -> int:
        """How many fit, up to the most that is counted."""
        if not self._sought and self._asked.from_ is None and self._asked.to is None:
            return int(self.head) - self._floor
        return len(self.numbers(0, NOWHERE, MOST_COUNTED, up=False))

    def total(self) -> int:
        """How many fit, however many they are."""
        low, high = max(self._floor, self._bounds.low - 1), min(self._bounds.high, self._indexed + 1)
        old = 0
        if high - low > 1:
            fitting = self._statement(low, high, NOWHERE, up=True).order_by(None).subquery()
            old = int(self._connection.execute(select(func.count()).select_from(fitting)).scalar_one())
        return old + len(self._fresh(self._floor, NOWHERE, NOWHERE, up=True))

    # -- what the index holds ---------------------------------------------------------------------

    def _old(self, low: int, high: int, limit: int, up: bool) -> list[int]:
        low, high = max(low, self._bounds.low - 1), min(high, self._bounds.high, self._indexed + 1)
        if high - low < 2:
            return []
        return list(self._connection.execute(self._statement(low, high, limit, up=up)).scalars())

    def _statement(self, low: int, high: int, limit: int, *, up: bool) -> Select[Any]:
        if not self._sought:
            number: Any = Journal.seq
            statement = select(number).where(*self._at_that_time())
        else:
            sqlite = self._connection.dialect.name == "sqlite"
            words = table("journal_words", column("rowid"), column("seq"), column("words"))
            number = words.c.rowid if sqlite else words.c.seq
            statement = select(number).where(_match(self._sought, sqlite=sqlite))
            if self._at_that_time():
                at_that_time = select(Journal.seq).where(Journal.seq == number, *self._at_that_time()).exists()
                statement = statement.where(at_that_time)
        order = number if up else number.desc()
        return statement.where(number > low, number < high).order_by(order).limit(limit)

    def _period(self) -> _Bounds:
        """From the spans: exact, however the clock was set meanwhile."""
        low, high = 0, NOWHERE
        if self._asked.from_ is not None:
            first = self._connection.execute(
                select(func.min(JournalSpan.block)).where(JournalSpan.last_time >= to_micros(self._asked.from_))
            ).scalar()
            low = NOWHERE if first is None else int(first) * BLOCK
        if self._asked.to is not None:
            last = self._connection.execute(
                select(func.max(JournalSpan.block)).where(JournalSpan.first_time < to_micros(self._asked.to))
            ).scalar()
            high = 0 if last is None else (int(last) + 1) * BLOCK
        return _Bounds(low, high)

    def _at_that_time(self) -> list[Any]:
        asked = []
        if self._asked.from_ is not None:
            asked.append(Journal.time >= to_micros(self._asked.from_))
        if self._asked.to is not None:
            asked.append(Journal.time < to_micros(self._asked.to))
        return asked

    # -- what it does not hold yet ----------------------------------------------------------------

    def _fresh(self, low: int, high: int, limit: int, up: bool) -> list[int]:
        low = max(low, self._looked_from)
        if min(high, self.head + 1) - low < 2:
            return []
        order = Journal.seq if up else Journal.seq.desc()
        where = and_(Journal.seq > low, Journal.seq < high, Journal.seq <= self.head, *self._at_that_time())
        if not self._sought:
            return list(
                self._connection.execute(select(Journal.seq).where(where).order_by(order).limit(limit)).scalars()
            )
        rows = self._connection.execute(
            select(*said_columns())  # type: ignore[call-overload]
            .join(JournalPayload, JournalPayload.seq == Journal.seq, isouter=True)
            .where(where, *self._plainly())
            .order_by(order)
        )
        found: list[int] = []
        for row in rows:
            one = said(row)
            if self._sought.fits(one):
                found.append(one.seq)
                if len(found) == limit:
                    break
        rows.close()
        return found

    def _plainly(self) -> list[Any]:
        """What columns say without words: fewer rows to look at."""
        asked = self._asked
        plain = ((Journal.site, asked.site), (Journal.account, asked.system), (Journal.alarm, asked.alarm))
        found = [func.lower(field) == value.lower() for field, value in plain if value]
        if asked.kinds and not asked.groups:
            found.append(Journal.kind.in_(asked.kinds))
        if asked.priorities:
            found.append(or_(*(Journal.priority == int(priority) for priority in asked.priorities)))
        return found


def _match(words: Sought, *, sqlite: bool) -> TextClause | Any:
    """The condition in each database's own language. Words hold neither quotes nor operators: letters and digits."""
    if sqlite:
        parts = ["(" + " OR ".join(f'"{word}"' for word in group) + ")" for group in words.groups]
        return text("journal_words MATCH :words").bindparams(words=" AND ".join(parts))
    parts = ["(" + " | ".join(f"'{word}'" for word in group) + ")" for group in words.groups]
    return literal_column("journal_words.words").op("@@")(
        text("CAST(:words AS tsquery)").bindparams(words=" & ".join(parts))
    )

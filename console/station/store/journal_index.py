"""The index of the journal's words, kept behind the journal (G6): FTS5 in SQLite, a tsvector with GIN in PostgreSQL.

Not in the transaction that appends: an acknowledgement would wait for it (I1). A duty brings it up to the journal a
batch at a time, and what it does not hold yet is searched entry by entry (:mod:`console.station.store.journal_search`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, column, func, insert, literal_column, select, table, update

from console.station.rules.journal_words import VERSION as VERSION
from console.station.rules.journal_words import Said, tokens
from console.station.store.bulk import Bulk, Row
from models.tables import Journal, JournalIndexed, JournalPayload, JournalSpan

BLOCK = 4096
"""Entries in one :class:`JournalSpan`."""
_words = table("journal_words", column("rowid"), column("words"))
_words_postgres = table("journal_words", column("seq"), column("words"))
_ADD_SQLITE = Bulk(insert(_words).values(rowid=bindparam("seq"), words=bindparam("told")), ("seq", "told"))
_ADD_POSTGRES = Bulk(
    insert(_words_postgres).values(
        seq=bindparam("seq"),
        words=func.array_to_tsvector(func.string_to_array(bindparam("told"), literal_column("' '"))),
    ),
    ("seq", "told"),
)
_REMOVE = "INSERT INTO journal_words (journal_words, rowid, words) VALUES ('delete', ?, ?)"


@dataclass(frozen=True, slots=True)
class IndexMark:
    """How far the index reaches, and what it was made by."""

    seq: int
    version: int
    erased: int
    tidied: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """Entries read and taken to words, ready to be written."""

    after: IndexMark
    rows: tuple[Row, ...]
    """Number and words."""
    times: tuple[tuple[int, int], ...]
    """Number and time."""


def said(row: object) -> Said:
    """A row of :func:`said_columns`."""
    return Said(*row)  # type: ignore[misc]


def said_columns() -> tuple[object, ...]:
    """What is selected of the journal and its payload, in the order of :class:`Said`."""
    return (
        Journal.seq,
        Journal.time,
        Journal.kind,
        Journal.actor_kind,
        Journal.site,
        Journal.account,
        Journal.alarm,
        Journal.priority,
        Journal.in_test,
        # What was erased before it was indexed is found by what is left of it.
        *(
            func.coalesce(content, "")
            for content in (
                JournalPayload.actor_name,
                JournalPayload.actor_from,
                JournalPayload.text,
                JournalPayload.data,
            )
        ),
    )


def index_mark(connection: Connection) -> IndexMark:
    """How far the index reaches now."""
    row = connection.execute(select(JournalIndexed)).one()
    return IndexMark(row.seq, row.version, row.erased, row.tidied)


def prepare(connection: Connection, limit: int) -> Prepared:
    """Read the next entries that are not indexed; for a reading connection, apart from the writer."""
    after = index_mark(connection)
    if after.version != VERSION:
        return Prepared(after, (), ())
    found = [
        said(row)
        for row in connection.execute(
            select(*said_columns())  # type: ignore[call-overload]
            .join(JournalPayload, JournalPayload.seq == Journal.seq, isouter=True)
            .where(Journal.seq > after.seq)
            .order_by(Journal.seq)
            .limit(limit)
        )
    ]
    return Prepared(
        after,
        tuple((one.seq, " ".join(tokens(one))) for one in found),
        tuple((one.seq, one.time) for one in found),
    )


def write(connection: Connection, ready: Prepared) -> int:
    """Write what was prepared; returns how many entries. 0 where somebody else wrote, or words were erased since."""
    locked = connection.execute(select(JournalIndexed).with_for_update()).one()
    now = IndexMark(locked.seq, locked.version, locked.erased, locked.tidied)
    if now.version != VERSION:
        _begin_anew(connection)
        return 0
    if (now.seq, now.erased) != (ready.after.seq, ready.after.erased) or not ready.rows:
        return 0
    (_ADD_POSTGRES if connection.dialect.name == "postgresql" else _ADD_SQLITE).run(connection, ready.rows)
    _widen_spans(connection, ready.times)
    connection.execute(update(JournalIndexed).values(seq=ready.rows[-1][0]))
    return len(ready.rows)


def index_all(connection: Connection, limit: int = 5000) -> int:
    """Bring the index up to the journal in one go, for subcommands and benchmarks; returns how many entries."""
    done = 0
    while more := write(connection, prepare(connection, limit)):
        done += more
    return done


def forget(connection: Connection, numbers: Iterable[int]) -> None:
    """Take the words of some entries out of the index; their marks that name nobody stay (I14).

    To be called before their payload is erased and in the same transaction: what is in the index is told by it.
    What SQLite still keeps of the words inside its file goes as :func:`tidy` is called until it has nothing to do.
    """
    mark = index_mark(connection)
    rows = connection.execute(
        select(*said_columns())  # type: ignore[call-overload]
        .join(JournalPayload, JournalPayload.seq == Journal.seq)
        .where(Journal.seq.in_(list(numbers)), Journal.seq <= mark.seq)
    ).all()
    connection.execute(update(JournalIndexed).values(erased=JournalIndexed.erased + 1))
    for row in rows:
        _forget_one(connection, said(row))


def drop(connection: Connection, numbers: Sequence[int]) -> None:
    """Take all of some entries out of the index: they leave the live tables in the same transaction (I14)."""
    mark = index_mark(connection)
    if connection.dialect.name == "postgresql":
        gone = (_words_postgres.c.seq >= numbers[0], _words_postgres.c.seq <= numbers[-1])
        connection.execute(_words_postgres.delete().where(*gone))
        return
    rows = connection.execute(
        select(*said_columns(), JournalPayload.seq.label("content"))  # type: ignore[call-overload]
        .join(JournalPayload, JournalPayload.seq == Journal.seq, isouter=True)
        .where(Journal.seq >= numbers[0], Journal.seq <= numbers[-1], Journal.seq <= mark.seq)
    )
    gone_words = []
    for *columns, content in rows.all():
        one = said(columns)
        words = tokens(one)
        if content is None:
            # Erased before it was indexed, or after: what it is found by differs.
            words = list(dict.fromkeys((*words, *tokens(_nobody(one)))))
        gone_words.append((one.seq, " ".join(words)))
    if gone_words:
        connection.exec_driver_sql(_REMOVE, gone_words)


def dropped(connection: Connection, upto: int) -> None:
    """The last entry up to ``upto`` was dropped: so are the spans, and :func:`tidy` has something to do."""
    connection.execute(JournalSpan.__table__.delete().where(JournalSpan.block < (upto + 1) // BLOCK))  # type: ignore[attr-defined]
    connection.execute(update(JournalIndexed).values(erased=JournalIndexed.erased + 1))


def _nobody(one: Said) -> Said:
    return replace(one, actor_kind="", actor_name="", actor_from="", text="", data="{}")


def _forget_one(connection: Connection, one: Said) -> None:
    left = ((one.seq, " ".join(tokens(_nobody(one)))),)
    if connection.dialect.name == "postgresql":
        connection.execute(_words_postgres.delete().where(_words_postgres.c.seq == one.seq))
        _ADD_POSTGRES.run(connection, left)
    else:
        # A table without a copy of what it holds is told what to take out.
        connection.exec_driver_sql(_REMOVE, (one.seq, " ".join(tokens(one))))
        _ADD_SQLITE.run(connection, left)


def tidy(connection: Connection, pages: int, *, first: bool) -> bool:
    """Merge a part of the index after words were erased; whether nothing is left to merge (I14).

    ``first``: this is the first call since. Elsewhere than in SQLite the database does it by itself.
    """
    done = connection.dialect.name == "postgresql"
    if not done:
        before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        connection.exec_driver_sql(
            "INSERT INTO journal_words (journal_words, rank) VALUES ('merge', ?)", (-pages if first else pages,)
        )
        after = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        done = after - before < 2
    if done:
        connection.execute(update(JournalIndexed).values(tidied=JournalIndexed.erased))
    return done


def _begin_anew(connection: Connection) -> None:
    """What an older program made of the words is of no use."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("TRUNCATE journal_words")
    else:
        connection.exec_driver_sql("INSERT INTO journal_words (journal_words) VALUES ('delete-all')")
    connection.execute(JournalSpan.__table__.delete())  # type: ignore[attr-defined]
    connection.execute(update(JournalIndexed).values(seq=0, version=VERSION))


def _widen_spans(connection: Connection, times: Sequence[tuple[int, int]]) -> None:
    found: dict[int, tuple[int, int]] = {}
    for seq, at in times:
        low, high = found.get(seq // BLOCK, (at, at))
        found[seq // BLOCK] = min(low, at), max(high, at)
    known = {
        row.block: (row.first_time, row.last_time)
        for row in connection.execute(select(JournalSpan).where(JournalSpan.block.in_(found)))
    }
    for block, (low, high) in found.items():
        if block in known:
            had = known[block]
            connection.execute(
                update(JournalSpan)
                .where(JournalSpan.block == block)
                .values(first_time=min(low, had[0]), last_time=max(high, had[1]))
            )
        else:
            connection.execute(insert(JournalSpan).values(block=block, first_time=low, last_time=high))

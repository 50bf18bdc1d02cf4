"""Where a person's data is, beyond the site file: in what the journal says and in what was written of alarms (I14)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, Text, cast, func, or_, select, true, update

from models.tables import (
    Act,
    AlarmRow,
    AlarmSignalRow,
    AttemptRow,
    Base,
    ContactRow,
    DeskTaskRow,
    HelpRequestRow,
    Journal,
    JournalPayload,
    LetterRow,
    NoteRow,
    PatrolRow,
    PersonNumberRow,
    PersonRow,
    PlannedTestRow,
    ProcedureRow,
    ReportRow,
    ShiftNoteRow,
    SiteRow,
    SiteTestRow,
    VerificationRow,
)

ERASED_WORD = "[erased]"
"""What stands where a person was named."""
_PIECE = 50_000
"""Entries looked through by one statement."""

# What is written of an alarm, a test or a task of the person's sites is erased there.
_OF_ALARMS: tuple[tuple[type[Base], tuple[str, ...]], ...] = (
    (AlarmSignalRow, ("words", "note")),
    (AttemptRow, ("number", "why")),
    (HelpRequestRow, ("words", "answer")),
    (NoteRow, ("text",)),
    (PatrolRow, ("report",)),
    (VerificationRow, ("how", "by")),
)
_OF_SITES: tuple[tuple[type[Base], tuple[str, ...]], ...] = (
    (AlarmRow, ("park_reason", "cancelled_by", "cancel_why", "closed_by", "close_reason")),
    (DeskTaskRow, ("words", "matter", "done_why")),
    (PlannedTestRow, ("asked_by", "why")),
    (SiteTestRow, ("asked_by", "why")),
)
# What somebody wrote for others to act by is theirs to change: it is only said that the person is named there.
_TOLD: tuple[tuple[type[Base], tuple[str, ...], ColumnElement[bool]], ...] = (
    (SiteRow, ("access", "instructions", "note"), true()),
    (ProcedureRow, ("steps",), true()),
    (ShiftNoteRow, ("words",), true()),
    (ReportRow, ("plan",), ReportRow.removed == 0),
    (LetterRow, ("plan", "left"), LetterRow.next_try.is_not(None)),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data: every spelling of name, number, address or code by which they are found, and the sites they knew."""

    words: tuple[str, ...]
    sites: tuple[str, ...]

    def spellings(self) -> list[str]:
        """The words as text holds them, and as JSON does; the longest first, or a part of one would be left."""
        found = set(self.words) | {json.dumps(word)[1:-1] for word in self.words}
        found |= {json.dumps(word, ensure_ascii=False)[1:-1] for word in self.words}
        return sorted(found, key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class Trace:
    """That the person is named in ``count`` rows of a place, in words for the report."""

    place: str
    count: int


def entries(connection: Connection, subject: Subject) -> Iterator[int]:
    """Numbers of the entries of the person's sites, and of no site, that say one of the words, in order.

    Looked through piece by piece: millions of entries take seconds, and memory for a piece alone.
    """
    last: int = connection.execute(select(func.coalesce(func.max(Journal.seq), 0))).scalar_one()
    payload = JournalPayload.__table__.c
    said = _says([payload.actor_name, payload.text, payload.data, payload.raw], subject)
    for after in range(0, last, _PIECE):
        yield from connection.execute(
            select(Journal.seq)
            .join(JournalPayload, JournalPayload.seq == Journal.seq)
            .where(Journal.seq > after, Journal.seq <= after + _PIECE)
            .where(or_(Journal.site.in_(subject.sites), Journal.site.is_(None)), said)
            .order_by(Journal.seq)
        ).scalars()


def still_contact(connection: Connection, subject: Subject) -> list[str]:
    """The sites, of any, on whose call list somebody is who has one of the words as name, number or address."""
    number = select(PersonNumberRow.person).where(PersonNumberRow.number.in_(subject.words))
    return list(
        connection.execute(
            select(ContactRow.site)
            .join(PersonRow, PersonRow.id == ContactRow.person)
            .where(
                or_(
                    PersonRow.name.in_(subject.words) & ContactRow.site.in_(subject.sites),
                    PersonRow.email.in_([word for word in subject.words if "@" in word]),
                    PersonRow.id.in_(number),
                )
            )
            .distinct()
            .order_by(ContactRow.site)
        ).scalars()
    )


def elsewhere(connection: Connection, subject: Subject) -> list[Trace]:
    """Where else the person is named: what :func:`blot_out` erases."""
    return _counted(connection, subject, [*_held(subject)])


def told(connection: Connection, subject: Subject) -> list[Trace]:
    """Where the person is named in what others act by: to be changed by hand."""
    return _counted(connection, subject, _TOLD)


def blot_out(connection: Connection, subject: Subject) -> int:
    """Write :data:`ERASED_WORD` for each of the words; how many rows had one."""
    changed = 0
    for row, names, whose in _held(subject):
        for name in names:
            column = row.__table__.c[name]
            erased: ColumnElement[str] = column
            for word in subject.spellings():
                erased = func.replace(erased, word, ERASED_WORD)
            if column is DeskTaskRow.__table__.c.matter:
                # Two open tasks of one matter there cannot be: of two numbers of one person each stays its own.
                erased = ERASED_WORD + " " + cast(DeskTaskRow.__table__.c.id, Text)
            done = connection.execute(
                update(row)
                .where(whose, _says([column], subject))
                .values({name: erased})
                .execution_options(synchronize_session=False)
            )
            changed += done.rowcount
    return changed


def _held(subject: Subject) -> Iterator[tuple[type[Base], tuple[str, ...], ColumnElement[bool]]]:
    alarms = select(AlarmRow.id).where(AlarmRow.site.in_(subject.sites))
    for row, names in _OF_ALARMS:
        yield row, names, row.__table__.c.alarm.in_(alarms)
    for row, names in _OF_SITES:
        whose = row.__table__.c.site.in_(subject.sites)
        # As with entries: what is of no site names whoever it names.
        yield row, names, or_(whose, DeskTaskRow.site.is_(None)) if row is DeskTaskRow else whose
    yield ReportRow, ("last_words",), true()
    yield ReportRow, ("plan",), ReportRow.removed == 1
    yield LetterRow, ("plan", "left"), LetterRow.next_try.is_(None)
    # What was answered to each act is kept a while, for one that is sent again (I11).
    yield Act, ("answer",), true()


def _counted(
    connection: Connection,
    subject: Subject,
    places: Sequence[tuple[type[Base], tuple[str, ...], ColumnElement[bool]]],
) -> list[Trace]:
    found = []
    for row, names, whose in places:
        table = row.__table__
        assert isinstance(table, Table)
        query = select(func.count()).select_from(table).where(whose, _says([table.c[name] for name in names], subject))
        count = connection.execute(query).scalar_one()
        if count:
            found.append(Trace(_WORDS[row], count))
    return found


def _says(columns: Sequence[ColumnElement[str]], subject: Subject) -> ColumnElement[bool]:
    # What is shorter without the word has it. Not LIKE: a name may have a per cent sign, and its letters' case counts
    # for one database and not for the other; and neither has the other's function for the place of a word.
    return or_(
        *(
            func.length(column) > func.length(func.replace(column, word, ""))
            for column in columns
            for word in subject.spellings()
        )
    )


_WORDS: dict[type[Base], str] = {
    Act: "answers kept for acts that are sent again",
    AlarmSignalRow: "signals of alarms",
    AttemptRow: "calls",
    NoteRow: "notes on alarms",
    PatrolRow: "reports of patrols",
    VerificationRow: "verifications",
    AlarmRow: "alarms",
    DeskTaskRow: "tasks of the service desk",
    HelpRequestRow: "what was asked about alarms",
    ReportRow: "reports by e-mail",
    LetterRow: "e-mails of reports",
    PlannedTestRow: "planned tests",
    SiteTestRow: "tests",
    SiteRow: "access, instructions and notes of sites",
    ProcedureRow: "procedures",
    ShiftNoteRow: "notes of shifts",
}

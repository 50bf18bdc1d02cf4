"""The journal handed over as a file, made page by page while it is sent: a long one is never held whole (G6)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from console.station import journal_paper
from console.station.journal_sheets import Line, not_here, sheet_of
from console.station.rules.journal_selection import said
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.shelves import Shelf, Shelves, not_shown, reach
from console.station.store import alarms as alarm_store
from console.station.store import archives, handover_facts, journal_search, journal_view
from console.station.store.database import Database
from console.station.store.export import entries_numbered
from console.station.store.journal_search import Extent
from console.station.tongue import Reader
from models.records import (
    MOST_ON_A_SHEET,
    MOST_ON_PAPER,
    ErrorCode,
    HandOverForm,
    HandOverProgress,
    HandOverReport,
    JournalFilter,
    Language,
)

PAGE = 500
"""Lines at a time: who receives waits no longer for the processor than these take (I1)."""
FORM_WORDS = {
    HandOverForm.CSV: "CSV",
    HandOverForm.XLSX: "XLSX",
    HandOverForm.JSONL: "JSON lines",
    HandOverForm.PDF: "PDF",
}
REPORT_WORDS = {
    HandOverReport.LINES: "lines",
    HandOverReport.SITE: "site activity",
    HandOverReport.INCIDENT: "incident report",
    HandOverReport.OPERATOR: "operator report",
}


class Stopped(Exception):
    """Whoever wanted the file does not want it any more."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is handed over."""

    form: HandOverForm
    report: HandOverReport
    asked: JournalFilter
    zone: ZoneInfo
    """The reader's; a report of a site is set in the site's own."""
    language: Language = Language.EN
    """The reader's: a paper speaks it."""

    @property
    def words(self) -> str:
        """As the journal says it: ``CSV (lines)``."""
        return f"{FORM_WORDS[self.form]} ({REPORT_WORDS[self.report]})"


@dataclass(slots=True)
class Making:
    """A file in the making; set ``stop`` and it ends soon."""

    count: int
    done: int = 0
    stop: bool = field(default=False)

    def tell(self, lines: int) -> None:
        """So many more are in it. :class:`Stopped` where nobody wants it any more."""
        if self.stop:
            raise Stopped
        self.done = min(self.count, self.done + lines)

    @property
    def progress(self) -> HandOverProgress:
        """For whoever waits."""
        return HandOverProgress(done=self.done, count=self.count)


def check(wanted: Wanted, extent: Extent) -> None:
    """Refuse before anything is begun: what a report needs, what the form cannot hold, what no index holds yet."""
    asked, report = wanted.asked, wanted.report
    if report is HandOverReport.SITE and not asked.site:
        raise Refused(ErrorCode.INVALID, "A report of a site's activity needs a site.", "site")
    if report is HandOverReport.OPERATOR and not asked.operator.strip():
        raise Refused(ErrorCode.INVALID, "An operator report needs the name of an operator.", "operator")
    if report is HandOverReport.INCIDENT and not asked.alarm:
        raise Refused(ErrorCode.INVALID, "An incident report needs an alarm.", "alarm")
    if report in (HandOverReport.SITE, HandOverReport.OPERATOR) and asked.from_ is None:
        raise Refused(ErrorCode.INVALID, "This report is of a period: say from when.", "from")
    if extent.not_searched:
        sentence = f"The index is being made: {extent.not_searched:,} lines are not looked through yet. Try again soon."
        raise Refused(ErrorCode.BEHIND, sentence, retry_after_s=60)
    for form, most, what in (
        (HandOverForm.XLSX, MOST_ON_A_SHEET, "A sheet of XLSX holds"),
        (HandOverForm.PDF, MOST_ON_PAPER, "A PDF holds"),
    ):
        if wanted.form is form and extent.count > most:
            sentence = f"{what} {most:,} lines at most; these are {extent.count:,}. Choose a shorter period, or CSV."
            raise Refused(ErrorCode.INVALID, sentence, "form")


def measure(connection: Connection, wanted: Wanted) -> Extent:
    """How much it is; refused where there is no such alarm or site, or it cannot be handed over so."""
    asked = wanted.asked
    if wanted.report is HandOverReport.INCIDENT and asked.alarm and alarm_store.by_id(connection, asked.alarm) is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no alarm {asked.alarm}.", "alarm")
    if wanted.report is HandOverReport.SITE and asked.site and handover_facts.place_of(connection, asked.site) is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no site {asked.site}.", "site")
    found = journal_search.extent(connection, asked)
    check(wanted, found)
    return found


def selection(wanted: Wanted, extent: Extent) -> str:
    """Which entries, and how many, for the journal."""
    lines = f"{said(wanted.asked)}; {extent.count:,} {'line' if extent.count == 1 else 'lines'}"
    return lines + (f"; without what is in {', '.join(extent.missing)}" if extent.missing else "")


async def beyond(database: Database, shelves: Shelves, wanted: Wanted, extent: Extent) -> tuple[Extent, list[Shelf]]:
    """``extent`` with what mounted archives have of it, and which those are; what is not mounted is named in it."""
    known = await database.read(archives.known)
    reached = await database.read(lambda connection: reach(connection, wanted.asked)) if known else wanted.asked
    mounted = [shelf for shelf in await shelves.of(known) if shelf.archive.reaches(reached)]
    count = extent.count
    for shelf in mounted:
        found = await shelf.database.read(lambda connection: journal_search.extent(connection, wanted.asked))
        count += found.count
    missing = tuple(part.file for part in not_shown(known, mounted, reached))
    whole = replace(extent, count=count, missing=missing)
    check(wanted, whole)
    return whole, mounted


async def make(
    database: Database,
    wanted: Wanted,
    extent: Extent,
    making: Making,
    profile: Profile,
    now: datetime,
    shelves: Sequence[Shelf] = (),
) -> AsyncGenerator[bytes]:
    """The file in pieces. :class:`Stopped` soon after ``making.stop``. ``shelves``: archives that are part of it."""
    journals = [*(shelf.database for shelf in shelves), database]
    if wanted.form is HandOverForm.PDF:
        yield await _paper(database, journals, wanted, extent, making, profile, now)
        return
    sheet = sheet_of(wanted.form)
    try:
        if extent.missing and (piece := await asyncio.to_thread(sheet.add, list(map(not_here, extent.missing)))):
            yield piece
        async for lines in _pages(journals, wanted.asked, extent):
            piece = await asyncio.to_thread(sheet.add, lines)
            making.tell(len(lines))
            if piece:
                yield piece
        rest = sheet.end()
        while (piece := await asyncio.to_thread(next, rest, b"")) != b"":
            if making.stop:
                raise Stopped
            yield piece
    finally:
        sheet.drop()


async def _pages(journals: Sequence[Database], asked: JournalFilter, extent: Extent) -> AsyncGenerator[list[Line]]:
    """Each page is a snapshot of its own: one that stands for minutes would keep the database from tidying up."""
    for journal in journals:
        last, whole = 0, True
        while whole:

            def read(connection: Connection, after: int = last) -> list[dict[str, Any]]:
                numbers = journal_search.numbers_on(connection, asked, after, extent.head, PAGE)
                return entries_numbered(connection, numbers)

            lines = await journal.read(read)
            if lines:
                yield lines
                last = lines[-1]["seq"]
            whole = len(lines) == PAGE


async def _paper(
    database: Database,
    journals: Sequence[Database],
    wanted: Wanted,
    extent: Extent,
    making: Making,
    profile: Profile,
    now: datetime,
) -> bytes:
    asked, reader = wanted.asked, Reader(wanted.language, wanted.zone)
    if wanted.report is HandOverReport.INCIDENT:
        numbers = await database.read(lambda connection: journal_view.signals_of(connection, asked.alarm))
        told = [await one.read(partial(journal_view.told, alarm=asked.alarm, numbers=numbers)) for one in journals[:-1]]
        earlier = journal_view.joined(told)
        incident = await database.read(
            lambda connection: handover_facts.incident(connection, asked.alarm, profile, earlier)
        )
        incident = replace(incident, missing=extent.missing)
        making.count = len(incident.timeline.lines)
        return await asyncio.to_thread(journal_paper.incident_report, incident, reader, now, making.tell)
    lines = [line async for page in _pages(journals, asked, extent) for line in page]
    facts = await database.read(lambda connection: handover_facts.of(connection, asked, lines, profile, now))
    facts = replace(facts, missing=extent.missing)
    report = {
        HandOverReport.LINES: journal_paper.lines_report,
        HandOverReport.SITE: journal_paper.site_report,
        HandOverReport.OPERATOR: journal_paper.operator_report,
    }[wanted.report]
    return await asyncio.to_thread(report, facts, reader, now, making.tell)

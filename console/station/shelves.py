"""The journal over what is live and what is mounted: archives hold the older numbers, so that the list is one (G6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from console.station.archive_places import shelf_name
from console.station.store import alarms as alarm_store
from console.station.store import journal_search
from console.station.store.archives import Archive
from console.station.store.database import Database
from models.records import MOST_COUNTED, ArchivedPart, Entry, JournalFilter, JournalPage


@dataclass(frozen=True, slots=True)
class Shelf:
    """A mounted archive."""

    archive: Archive
    database: Database


@dataclass(slots=True)
class Shelves:
    """Which archives are mounted here: those whose file is in ``folder`` now. None: this station shows none."""

    folder: Path | None
    _open: dict[Path, tuple[float, Database]] = field(default_factory=dict)

    async def of(self, known: Sequence[Archive]) -> list[Shelf]:
        """The mounted ones of ``known``, in the order of their entries."""
        if self.folder is None or not known:
            return []
        found = []
        for one in known:
            file = self.folder / shelf_name(one)
            try:
                changed = file.stat().st_mtime
            except OSError:
                await self._drop(file)
                continue
            opened = self._open.get(file)
            if opened is None or opened[0] != changed:
                await self._drop(file)
                opened = self._open[file] = (changed, Database.sqlite(file))
            found.append(Shelf(one, opened[1]))
        return found

    async def _drop(self, file: Path) -> None:
        opened = self._open.pop(file, None)
        if opened is not None:
            await opened[1].close()

    async def close(self) -> None:
        """Give all connections back."""
        for file in list(self._open):
            await self._drop(file)


def not_shown(known: Sequence[Archive], shelves: Sequence[Shelf], asked: JournalFilter) -> tuple[ArchivedPart, ...]:
    """The archives that the asked period reaches into and that are not mounted: never silently nothing."""
    shown = {shelf.archive.by_seq for shelf in shelves}
    return tuple(
        ArchivedPart(file=one.file, months=one.period(), first=one.first, last=one.last)
        for one in known
        if one.by_seq not in shown and one.reaches(asked)
    )


def reach(connection: Connection, asked: JournalFilter) -> JournalFilter:
    """The period into which a question reaches: of an alarm from its beginning to its end, whatever else is asked."""
    alarm = alarm_store.by_id(connection, asked.alarm) if asked.alarm else None
    if alarm is None:
        return asked
    # Its last moment is of it.
    end = None if alarm.closed_at is None else alarm.closed_at + timedelta(microseconds=1)
    begin = alarm.opened_at if asked.from_ is None else max(alarm.opened_at, asked.from_)
    if asked.to is not None:
        end = asked.to if end is None else min(end, asked.to)
    return asked.model_copy(update={"from_": begin, "to": end})


async def page(
    live: JournalPage,
    shelves: Sequence[Shelf],
    asked: JournalFilter,
    limit: int,
    *,
    before: int | None = None,
    after: int | None = None,
    count: bool = False,
) -> JournalPage:
    """``live`` is what the live tables say to the same question; what is on shelves goes below it."""
    reached = [shelf for shelf in shelves if shelf.archive.reaches(asked)]
    if after is not None:
        found = await _up(live, reached, asked, limit, after)
    else:
        found = await _down(live, reached, asked, limit, before)
    if count and live.count is not None:
        counted = live.count
        for shelf in reached:
            if counted < MOST_COUNTED or asked == JournalFilter():
                counted += (await _find(shelf, asked, 1, count=True)).count or 0
        found = found.model_copy(update={"count": counted if asked == JournalFilter() else min(counted, MOST_COUNTED)})
    return found


async def _down(
    live: JournalPage, shelves: Sequence[Shelf], asked: JournalFilter, limit: int, before: int | None
) -> JournalPage:
    entries, older = list(live.entries), live.older
    for shelf in reversed(shelves):
        if older:
            break
        if before is not None and shelf.archive.first >= before:
            continue
        room = limit - len(entries)
        more = await _find(shelf, asked, max(1, room), before=before)
        if room:
            entries += _of(shelf, more)
            older = more.older
        else:
            older = bool(more.entries)
    return live.model_copy(update={"entries": tuple(entries), "older": older})


async def _up(live: JournalPage, shelves: Sequence[Shelf], asked: JournalFilter, limit: int, after: int) -> JournalPage:
    # Newest first on a page: the nearest above ``after`` are at its end.
    entries: list[Entry] = []
    newer = False
    for shelf in shelves:
        if newer or shelf.archive.last <= after:
            continue
        room = limit - len(entries)
        more = await _find(shelf, asked, max(1, room), after=after)
        if room:
            entries = [*_of(shelf, more), *entries]
            newer = more.newer
        else:
            newer = bool(more.entries)
    room = limit - len(entries)
    fitting = () if newer or not room else live.entries[-room:]
    newer = newer or live.newer or len(fitting) < len(live.entries)
    return live.model_copy(update={"entries": (*fitting, *entries), "newer": newer})


async def _find(
    shelf: Shelf,
    asked: JournalFilter,
    limit: int,
    *,
    before: int | None = None,
    after: int | None = None,
    count: bool = False,
) -> JournalPage:
    return await shelf.database.read(
        lambda connection: journal_search.find(connection, asked, limit, before=before, after=after, count=count)
    )


def _of(shelf: Shelf, found: JournalPage) -> list[Entry]:
    return [entry.model_copy(update={"archive": shelf.archive.file}) for entry in found.entries]

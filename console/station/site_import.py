"""``vigie site import``: everything is checked before anything is changed, and only what differs is changed (I12)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from console.station import site_csv
from console.station.acts.bring import ADDED, CHANGED, SAME, Verdict
from console.station.bringer import BringRequest, EndRequest
from console.station.errand import Ask, ErrandFailed, hands
from console.station.folder import DataFolder
from console.station.progress import progress
from console.station.rules.brought import Brought
from console.station.sheets import books
from console.station.sheets.gather import gather
from console.station.subcommand import say, who

_AT_ONCE = 100
"""Sites a request: a running station must not be kept by reading it."""
_SHOWN = 200
"""Problems that are printed; a wrong column is wrong on each line."""


@dataclass(frozen=True, slots=True)
class _Packed:
    """A site, as JSON: a tenth of what its values take in memory, of which a file may have fifty thousand times."""

    site: str
    content: bytes = field(repr=False)

    @classmethod
    def of(cls, site: Brought) -> _Packed:
        return cls(site.site, site.model_dump_json().encode())

    def unpacked(self) -> Brought:
        return Brought.model_validate_json(self.content)


@dataclass(slots=True)
class _Found:
    """What a file holds, whichever form it has."""

    sites: list[_Packed]
    problems: list[str]
    lines: dict[str, int] = field(default_factory=dict)
    sheet: str = ""
    everywhere: list[dict[str, Any]] = field(default_factory=list)
    """Procedures of the station and of customer groups."""
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    """Where a part of a site stands in the file, with its field."""


def import_sites(place: Path | str, file: Path, *, skip_bad: bool, dry_run: bool) -> int:
    """Import ``file``; exit status 0, 1 when something was refused, 2 when it cannot be read."""
    try:
        found = _read(file)
    except (books.Unreadable, site_csv.Unreadable) as error:
        say(str(error))
        return 2
    except site_csv.BadExtras as error:
        say(str(error))
        return 1
    try:
        return asyncio.run(_Import(place, file.name, found, skip_bad, dry_run).run())
    except ErrandFailed as error:
        say(str(error))
        return error.status


def _read(file: Path) -> _Found:
    if file.suffix.lower() == ".csv" and not file.is_dir():
        sites, bad = site_csv.read(file)
        return _Found([_Packed.of(site.brought()) for site in sites], [f"{file.name}: {problem}" for problem in bad])
    tables = books.read(file)
    with progress(sum(len(table.rows) for table in tables if table.name == "site"), "Checking") as bar:
        packed: list[_Packed] = []
        gathered = gather(tables, bar.update, lambda site: packed.append(_Packed.of(site)))
    problems = [f"{file.name}: {problem}" for problem in gathered.problems]
    return _Found(packed, problems, gathered.lines, "site, line ", gathered.everywhere, gathered.places)


class _Import:
    def __init__(self, place: Path | str, source: str, found: _Found, skip_bad: bool, dry_run: bool) -> None:
        self._place, self._source, self._found = place, source, found
        self._skip_bad, self._dry_run = skip_bad, dry_run
        self._problems = list(found.problems)

    async def run(self) -> int:
        if self._problems and not self._skip_bad:
            return self._refused()
        if not self._found.sites and not self._found.everywhere:
            self._tell_problems()
            say("There is no site to import.")
            return 1
        if self._dry_run and isinstance(self._place, Path) and not DataFolder(self._place).database.is_file():
            # There is no station yet, and looking makes none.
            everywhere = [Verdict(site="", what=ADDED) for _one in self._found.everywhere]
            return self._told([Verdict(site=site.site, what=ADDED) for site in self._found.sites], everywhere)
        async with hands(self._place) as ask:
            everywhere = await self._everywhere(ask, "/bring/compare")
            verdicts = await self._all(ask, "/bring/compare", self._found.sites, "Comparing")
            for verdict in verdicts:
                self._problems += [self._problem(verdict.site, part, words) for part, words in verdict.wrong]
            if self._problems and not self._skip_bad:
                return self._refused()
            if self._dry_run:
                return self._told(verdicts, everywhere)
            return await self._write(ask, verdicts)

    async def _everywhere(self, ask: Ask, route: str) -> list[Verdict]:
        if not self._found.everywhere:
            return []
        request = BringRequest(who=who(), source=self._source, sites=[], procedures=self._found.everywhere)
        return [Verdict.model_validate(one) for one in await ask(route, request)]

    async def _write(self, ask: Ask, verdicts: Sequence[Verdict]) -> int:
        self._tell_problems()
        everywhere = await self._everywhere(ask, "/bring/write")
        differ = {verdict.site for verdict in verdicts if verdict.what != SAME and not verdict.wrong}
        sites = [site for site in self._found.sites if site.site in differ]
        done: list[Verdict] = []
        try:
            await self._all(ask, "/bring/write", sites, "Importing", done)
        finally:
            counts = {what: sum(1 for verdict in done if verdict.what == what) for what in (ADDED, CHANGED)}
            if done:
                end = EndRequest(who=who(), source=self._source, added=counts[ADDED], changed=counts[CHANGED])
                await ask("/bring/end", end)
            if len(done) < len(sites):
                say(f"{len(done)} of {len(sites)} sites were imported; the rest comes when it is imported again.")
        good = sum(1 for verdict in verdicts if not verdict.wrong)
        print(
            f"{good} sites are imported. {counts[ADDED]} added, {counts[CHANGED]} changed, "
            f"{good - counts[ADDED] - counts[CHANGED]} as they were."
        )
        _tell_everywhere(everywhere, "as they were")
        return 0

    async def _all(
        self, ask: Ask, route: str, sites: Sequence[_Packed], title: str, done: list[Verdict] | None = None
    ) -> list[Verdict]:
        done = [] if done is None else done
        with progress(len(sites), title) as bar:
            for begin in range(0, len(sites), _AT_ONCE):
                some = [site.unpacked() for site in sites[begin : begin + _AT_ONCE]]
                answer = await ask(route, BringRequest(who=who(), source=self._source, sites=some))
                done += [Verdict.model_validate(one) for one in answer]
                bar.update(len(some))
        return done

    def _problem(self, site: str, part: str, words: str) -> str:
        if place := self._found.places.get((site, part)):
            return f"{self._source}: {place}: site {site}: {words}"
        where = f"{self._found.sheet}{self._found.lines[site]}, " if site in self._found.lines else ""
        return f"{self._source}: {where}{part}: site {site}: {words}"

    def _tell_problems(self) -> None:
        for problem in self._problems[:_SHOWN]:
            print(problem, file=sys.stderr)
        if len(self._problems) > _SHOWN:
            print(f"… and {len(self._problems) - _SHOWN} more.", file=sys.stderr)

    def _refused(self) -> int:
        self._tell_problems()
        say(f"Nothing was imported: {len(self._problems)} problems. Mend them, or give --skip-bad.")
        return 1

    def _told(self, verdicts: Sequence[Verdict], everywhere: Sequence[Verdict]) -> int:
        self._tell_problems()
        good = [verdict for verdict in verdicts if not verdict.wrong]
        for verdict in good:
            parts = f": {', '.join(verdict.parts)}" if verdict.parts else ""
            print(f"{verdict.site}: {verdict.what}{parts}")
        counts = [sum(1 for verdict in good if verdict.what == what) for what in (ADDED, CHANGED, SAME)]
        print(f"Dry run, nothing is changed: {counts[0]} added, {counts[1]} changed, {counts[2]} as they are.")
        _tell_everywhere(everywhere, "as they are")
        return 0


def _tell_everywhere(verdicts: Sequence[Verdict], same: str) -> None:
    if not verdicts:
        return
    counts = [sum(1 for verdict in verdicts if verdict.what == what) for what in (ADDED, CHANGED, SAME)]
    whose = "Procedures of the station and of customer groups"
    print(f"{whose}: {counts[0]} added, {counts[1]} changed, {counts[2]} {same}.")

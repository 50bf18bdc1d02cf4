"""Sites gathered from the rows of their sheets, each value checked where it stands (I12)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from console.station.acts import brought_procedures
from console.station.acts.registry import supervision
from console.station.rules import brought, numbers
from console.station.rules.brought import Brought
from console.station.rules.lines import without_unseen
from console.station.rules.overrides import changed_overrides, write_overrides
from console.station.rules.refusal import Refused
from console.station.sheets import cells, layout
from console.station.sheets.books import Problem, Table
from console.station.sheets.gather_procedures import Gathering as Procedures
from console.station.sheets.layout import EVERYWHERE, ExtraSheet, Row, Sheet, Values
from models.records import AreaFile, ContactFile, PhoneNumber, SiteDetails, SystemFile, ZoneFile

_SITE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")
_ID = re.compile(r"[^\x00-\x20](?:[^\x00-\x1f]{0,58}[^\x00-\x20])?\Z")
_IDS = ("contact", "person", "substitute", "replaced_by")
_ALL = ""
"""For a site's number where nobody can say whose row it is: a list that lacks a row would remove what it lacks."""
_NEVER_EMPTY = ("country", "timezone")
"""An empty cell leaves them as they are; a new site has those of this station."""
_LONGEST_WORD = 100
_MOST_ROWS, _MOST_NUMBERS = 4096, 9
_COUNTRY = "BE"
"""How numbers without a country's code are read where the file names no country."""


@dataclass(slots=True)
class Gathered:
    """What a file holds."""

    sites: list[Brought] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    """On which line of the first sheet each site stands."""
    bad: set[str] = field(default_factory=set)
    """Sites of which something is wrong."""
    secrets: bool = False
    """Whether there are keys or code words among it."""
    everywhere: list[Values] = field(default_factory=list)
    """Procedures of the station and of customer groups."""
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    """By site and part: sheet, line and field of what can only be judged beside what is kept."""


def gather(
    tables: Sequence[Table],
    told: Callable[[int], object] = lambda _more: None,
    keep: Callable[[Brought], object] | None = None,
) -> Gathered:
    """The sites of ``tables``, and every problem found; a site with a problem is not among them.

    ``told`` is told how many more sites were looked at. With ``keep`` that is given each, and keeps it as it likes.
    """
    return _Gathering(told, keep).run(tables)


class _Gathering:
    def __init__(self, told: Callable[[int], object], keep: Callable[[Brought], object] | None) -> None:
        self._told = told
        self.out = Gathered()
        self._keep = keep or self.out.sites.append
        self._rows: dict[str, dict[str, list[tuple[int, Sequence[str]]]]] = {}
        """By sheet and site, as they stand in the file: fifty thousand sites are a million rows."""
        self._columns: dict[str, list[str]] = {}
        self._now: dict[str, list[Row]] = {}
        """The rows of the site that is looked at, by sheet."""
        self._accounts: dict[str, str] = {}
        self._contacts: dict[str, str] = {}
        self._codes: dict[str, tuple[str, int]] = {}
        self._people: dict[str, tuple[Values, str]] = {}
        self._bad_numbers: set[str] = set()
        self._nowhere: set[str] = set()
        """What stands for a number in other sheets and is none."""

    def run(self, tables: Sequence[Table]) -> Gathered:
        known = {sheet.name: sheet for sheet in layout.sheets()}
        for table in tables:
            self.out.problems += table.problems
            if table.name in self._rows:
                self._wrong(Row(table.name, 1, {}), "(sheet)", "this sheet is there twice", _ALL)
            elif table.name == "about":
                self._about(table)
            elif table.name not in known:
                self._wrong(Row(table.name, 1, {}), "(sheet)", f"no such sheet: {', '.join(known)}", _ALL)
            else:
                self._rows[table.name] = self._read(known[table.name], table)
        if "site" not in self._rows:
            self._wrong(Row("site", 1, {}), "(sheet)", "this sheet is missing: it names the sites", _ALL)
            return self.out
        for number, rows in self._rows["site"].items():
            self.out.lines[number] = first = rows[0][0]
            for line, _row in rows[1:]:
                self._wrong(Row("site", line, {}), "site", f"is on line {first} already", number)
        for name, sheet in self._rows.items():
            for number, rows in sheet.items():
                if number not in self.out.lines and number != EVERYWHERE:
                    self._wrong(Row(name, rows[0][0], {}), "site", "the sheet of sites has no such number", _ALL)
        if self._nowhere - self._bad_numbers:
            self.out.bad.add(_ALL)
        for number in self.out.lines:
            self._look_at(number)
            site = self._site(number)
            self._told(1)
            if not self.out.bad & {number, _ALL}:
                self._keep(site)
        self._look_at(EVERYWHERE)
        procedures = self._procedures(EVERYWHERE, _COUNTRY)
        if not self.out.bad & {EVERYWHERE, _ALL}:
            self.out.everywhere = procedures or []
        self.out.problems.sort(key=lambda problem: (problem.sheet, problem.line))
        return self.out

    def _wrong(self, row: Row, name: str, sentence: str, site: str) -> None:
        self.out.problems.append(Problem(row.sheet, row.line, name, sentence))
        self.out.bad.add(site)

    def _about(self, table: Table) -> None:
        said = {row[0]: row[1] for _line, row in table.rows if len(row) > 1}
        if said.get("format", layout.FORMAT) != layout.FORMAT:
            self._wrong(Row("about", 1, {}), "format", f"this version reads “{layout.FORMAT}”", _ALL)

    # -- rows -----------------------------------------------------------------------------------

    def _read(self, sheet: Sheet, table: Table) -> dict[str, list[tuple[int, Sequence[str]]]]:
        self._columns[sheet.name] = table.columns
        head = Row(sheet.name, 1, {})
        for column in table.columns:
            if column not in sheet.columns and column != "site":
                self._wrong(head, column or "(empty)", "this column is not known", _ALL)
            elif table.columns.count(column) > 1:
                self._wrong(head, column, "this column is there twice", _ALL)
        missing = [name for name in ("site", *sheet.required) if name not in table.columns]
        for name in missing:
            self._wrong(head, name, "this column is missing", _ALL)
        self.out.secrets |= any(column in sheet.secret for column in table.columns)
        found: dict[str, list[tuple[int, Sequence[str]]]] = {}
        if missing:
            return found
        at = table.columns.index("site")
        unread = {problem.line for problem in table.problems}
        if unread - {line for line, _row in table.rows}:
            self.out.bad.add(_ALL)
        for line, row in table.rows:
            number = row[at].strip() if at < len(row) else ""
            if number in found and len(row) <= len(table.columns) and not unread:
                found[number].append((line, row))
                continue
            read = Row(sheet.name, line, {})
            if not _SITE.match(number) and not (number == EVERYWHERE and sheet.beyond_sites):
                self._wrong(read, "site", "a site number has letters, digits, dots and dashes, 40 at most", number)
                (self._bad_numbers if sheet is layout.SITE else self._nowhere).add(number)
                continue
            if line in unread:
                self.out.bad.add(number)
            if any(row[len(table.columns) :]):
                self._wrong(read, "(end)", "there are more values than columns", number)
            found.setdefault(number, []).append((line, row))
        table.rows.clear()
        return found

    def _look_at(self, site: str) -> None:
        """Read the values of a site's rows, and let go of these."""
        self._now.clear()
        for sheet in layout.sheets():
            if sheet.name in self._rows:
                rows = self._rows[sheet.name].pop(site, ())
                self._now[sheet.name] = [self._row(sheet, line, row, site) for line, row in rows]

    def _row(self, sheet: Sheet, line: int, row: Sequence[str], site: str) -> Row:
        read = Row(sheet.name, line, {})
        columns = self._columns[sheet.name]
        for name, cell in zip(columns, [*row, *[""] * (len(columns) - len(row))], strict=False):
            if name in sheet.columns:
                self._value(sheet, name, cell, read, site)
        return read

    def _value(self, sheet: Sheet, name: str, cell: str, row: Row, site: str) -> None:
        how = sheet.columns[name]
        cell = without_unseen(cell)
        text = cell if how is cells.words and name not in (*_IDS, *brought.WORDS) else cell.strip()
        if not text and name in _NEVER_EMPTY:
            return
        try:
            row.values[name] = how(text)
        except ValueError as error:
            self._wrong(row, name, str(error), site)
            return
        if name in _IDS and text and not _ID.match(text):
            self._wrong(row, name, "60 printable characters at most", site)
        if name in brought.WORDS and (len(text) > _LONGEST_WORD or not text.isprintable()):
            self._wrong(row, name, f"a word has at most {_LONGEST_WORD} printable characters", site)
        if not text.isprintable() and ("\x00" in text or not cells.storable(text)):
            self._wrong(row, name, "there is a character that cannot be kept", site)

    # -- sites ----------------------------------------------------------------------------------

    def _site(self, number: str) -> Brought:
        [first, *_] = self._now["site"]
        site = Brought(site=number, details=first.values)
        self._details(first, number)
        country = first.values.get("country") or _COUNTRY
        self._premises(site.details, first, country, number)
        for sheet in (layout.SYSTEM, layout.AREA, layout.ZONE, layout.CONTACT):
            rows = self._of(sheet.name)
            if rows is not None and len(rows) > _MOST_ROWS:
                self._wrong(rows[0], "site", f"at most {_MOST_ROWS} rows a site", number)
        if (rows := self._of("system")) is not None:
            site.systems = [self._system(row, number) for row in rows]
            self._once(rows, ("account",), number)
        if (rows := self._of("area")) is not None:
            site.areas = [self._checked(AreaFile, row, number) for row in rows]
            self._once(rows, ("area",), number)
        if (rows := self._of("zone")) is not None:
            site.zones = [self._checked(ZoneFile, row, number) for row in rows]
            self._once(rows, ("area", "zone"), number)
        if (rows := self._of("contact")) is not None:
            site.contacts = self._all_contacts(rows, number, country)
        elif self._of("number"):
            self._wrong(self._now["number"][0], "contact", "there is no sheet of contacts", number)
        for sheet in layout.EXTRA_SHEETS:
            assert isinstance(sheet, ExtraSheet)
            if (rows := self._of(sheet.name)) is not None:
                try:
                    site.extras[sheet.part] = sheet.gather([row.values for row in rows])
                except ValueError as error:
                    self._wrong(rows[0] if rows else first, sheet.name, str(error), number)
        if (procedures := self._procedures(number, country)) is not None:
            site.extras[brought_procedures.NAME] = procedures
        if (rows := self._of(layout.EMERGENCY.name)) is not None:
            site.extras[brought_procedures.EMERGENCY_NAME] = self._gathering(number, country).emergency(rows)
        return site

    def _procedures(self, number: str, country: str) -> list[Values] | None:
        """Those of a site, or of none; None where the file has no sheet of them."""
        heads, steps = (self._of(sheet.name) for sheet in (layout.PROCEDURE, layout.STEP))
        if heads is None and not steps:
            return None
        gathering = self._gathering(number, country)
        found = gathering.procedures(heads or [], steps or [])
        self.out.places.update({(number, part): place for part, place in gathering.places.items()})
        return found

    def _gathering(self, number: str, country: str) -> Procedures:
        return Procedures(
            "" if number == EVERYWHERE else number,
            country,
            lambda row, name, sentence: self._wrong(row, name, sentence, number),
            lambda record, row, values: self._can_be(record, Row(row.sheet, row.line, values), number),
        )

    def _of(self, sheet: str) -> list[Row] | None:
        """The rows of the site that is looked at; None where the file has no such sheet."""
        return self._now.get(sheet)

    def _checked(self, record: Any, row: Row, site: str, **more: Any) -> Values:
        self._can_be(record, row, site, **more)
        return row.values

    def _can_be(self, record: Any, row: Row, site: str, **more: Any) -> bool:
        try:
            record.model_validate({**more, **row.values})
        except ValidationError as error:
            for one in error.errors():
                self._wrong(row, str(one["loc"][0]), _said(one), site)
            return False
        return True

    def _once(self, rows: Sequence[Row], names: tuple[str, ...], site: str) -> None:
        seen: set[tuple[Any, ...]] = set()
        for row in rows:
            key = tuple(str(row.values.get(name, "")).strip() for name in names)
            if key in seen:
                self._wrong(row, names[-1], "is there twice", site)
            seen.add(key)

    def _details(self, row: Row, site: str) -> None:
        self._checked(SiteDetails, row, site)
        zone = row.values.get("timezone")
        if zone is not None:
            try:
                ZoneInfo(zone)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                self._wrong(row, "timezone", "this is not a time zone", site)
        if row.values.get("note_until") and not row.values.get("note", "x"):
            self._wrong(row, "note_until", "there is no note to show until then", site)

    def _premises(self, details: Values, row: Row, country: str, site: str) -> None:
        if details.get("premises_number"):
            try:
                details["premises_number"] = numbers.dialled(details["premises_number"], country)
            except Refused:
                self._wrong(row, "premises_number", "this is not a telephone number", site)

    def _system(self, row: Row, site: str) -> Values:
        values = row.values
        own = Row(row.sheet, row.line, {name: values[name] for name in values if name not in brought.POLICY})
        self._checked(SystemFile, own, site, account="?")
        account = values.get("account", "")
        owner = self._accounts.setdefault(account, site)
        if account and owner != site:
            self._wrong(row, "account", f"belongs to site {owner} already", site)
        try:
            supervision(values.get("interval_s"), values.get("margin_s"), values.get("provider"))
        except Refused as refused:
            self._wrong(row, f"{refused.field}".replace("interval", "interval_s"), refused.sentence, site)
        for name in ("window_before_s", "window_after_s"):
            if (values.get(name) or 0) < -1:
                self._wrong(row, name, "seconds, or -1: not checked", site)
        if values.get("overrides"):
            try:
                values["overrides"] = write_overrides(changed_overrides({}, tuple(values["overrides"].split()))) or ""
            except Refused as refused:
                self._wrong(row, "overrides", refused.sentence, site)
        return values

    # -- contacts -------------------------------------------------------------------------------

    def _all_contacts(self, rows: list[Row], site: str, country: str) -> list[Values]:
        called = self._numbers(rows, site, country)
        found = []
        for row in sorted(rows, key=lambda row: row.values.get("order") or _MOST_ROWS):
            values = {name: value for name, value in row.values.items() if name not in ("order", "contact")}
            if not values.get("id_code", ""):
                # A code is no file's to take away: an empty cell leaves it.
                values.pop("id_code", None)
            own = {name: value for name, value in values.items() if name not in brought.WORDS}
            self._checked(ContactFile, Row(row.sheet, row.line, own), site)
            away = values.get("away_from"), values.get("away_until")
            if away[0] and away[1] and away[1] <= away[0]:
                self._wrong(row, "away_until", "the absence ends before it begins", site)
            pair = [str(values.get(name, "")).casefold() for name in brought.WORDS]
            if pair[0] and pair[0] == pair[1]:
                self._wrong(row, "duress_word", "code word and duress word must differ", site)
            identifier = row.values.get("contact", "")
            owner = self._contacts.setdefault(identifier, f"{site}, line {row.line}")
            if identifier and owner != f"{site}, line {row.line}":
                self._wrong(row, "contact", f"is at site {owner} already", site)
            if called is not None:
                values["numbers"] = called.get(row.line, [])
            self._same_person(values, row, site)
            self._own_code(values, row, site)
            found.append({**values, "id": identifier})
        return found

    def _numbers(self, rows: list[Row], site: str, country: str) -> dict[int, list[Values]] | None:
        """By the line of the contact; None where the file has no sheet of numbers."""
        given = self._of("number")
        if given is None:
            return None
        by_name = {row.values.get("name", "").strip(): row.line for row in rows}
        lines = by_name | {row.values["contact"]: row.line for row in rows if row.values.get("contact")}
        found: dict[int, list[Values]] = {}
        for row in given:
            line = lines.get(row.values["contact"])
            if line is None:
                self._wrong(row, "contact", "the sheet of contacts has neither such an id nor such a name", site)
                continue
            number = {name: value for name, value in row.values.items() if name != "contact"}
            self._checked(PhoneNumber, Row(row.sheet, row.line, number), site)
            try:
                number["number"] = numbers.dialled(number["number"], country)
            except Refused:
                self._wrong(row, "number", "this is not a telephone number", site)
            number["label"] = number.get("label") or numbers.label_of(number["number"], country)
            known = found.setdefault(line, [])
            if number["number"] in [one["number"] for one in known]:
                self._wrong(row, "number", "is there twice", site)
            if len(known) == _MOST_NUMBERS:
                self._wrong(row, "number", f"at most {_MOST_NUMBERS} of them", site)
            known.append(number)
        return found

    def _same_person(self, values: Values, row: Row, site: str) -> None:
        """Somebody who is at several sites is the same at each."""
        person = values.get("person", "")
        if not person:
            return
        own: Values = {name: values[name] for name in ("name", "languages", "numbers", "id_code") if name in values}
        known, where = self._people.setdefault(person, (own, f"line {row.line}"))
        for name in own:
            if name in known and known[name] != own[name]:
                self._wrong(row, "person", f"has other {name.replace('name', 'names')} on {where}", site)

    def _own_code(self, values: Values, row: Row, site: str) -> None:
        """An ID code is one person's (A6)."""
        if code := values.get("id_code"):
            who = values.get("person") or f"{site}, line {row.line}"
            owner, line = self._codes.setdefault(code, (who, row.line))
            if owner != who:
                self._wrong(row, "id_code", f"is somebody else's on line {line} (A6)", site)


def _said(error: Any) -> str:
    """Pydantic's words without its own way of speaking, and never the value."""
    limits = error.get("ctx") or {}
    if "max_length" in limits:
        return f"{limits['max_length']} characters at most"
    if error["type"] == "string_too_short" or error["type"] == "missing":
        return "is empty"
    if error["type"] == "string_pattern_mismatch":
        return "there is a character or form that is not taken here"
    return str(error["msg"])


def rows_of(kept: brought.Kept, sheet: Sheet, site: str, columns: Sequence[str]) -> Iterator[list[str]]:
    """A site's rows of one sheet, as its cells have them."""
    for values in sheet.rows(kept):
        yield [site, *(cells.text_of(values.get(name)) for name in columns[1:])]

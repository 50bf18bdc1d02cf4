"""``vigie site import``: sites from CSV, checked line by line before anything is changed (I12)."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from console.station.acts import registry
from console.station.rules import numbers
from console.station.rules.lines import without_unseen
from console.station.rules.refusal import Refused
from console.station.sheets import cells
from models.records import AreaHours

COLUMNS = (
    "site", "name", "street", "postcode", "town", "account", "key_hex", "clear_allowed", "area", "zone", "zone_kind",
    "contact", "phone", "order", "code_word", "rights",
)  # fmt: skip
_COUNTRY = "BE"
"""This format has no column for a country: numbers without a prefix are read by it."""
_REQUIRED = ("site", "name")
LARGEST = 500_000_000
"""Bytes of a file of one table, and of its extras: they are in memory whole."""
_LONGEST = {
    "name": 200, "street": 200, "postcode": 20, "town": 100, "area": 100, "zone": 100, "zone_kind": 40, "contact": 200,
    "code_word": 100,
}  # fmt: skip
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")
_ACCOUNT = re.compile(r"[A-Za-z0-9]{3,16}\Z")
_YES_NO = {"": None, "yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, on which line and in which field; never the value of a secret (I9)."""

    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.sentence}"


@dataclass(slots=True)
class _Draft:
    """A site being gathered from its rows."""

    line: int
    id: str
    address: dict[str, str]
    systems: dict[str, registry.NewSystem] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    zones: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    contacts: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    bad: bool = False

    def finished(self) -> registry.NewSite:
        """The site, its contacts in call order."""
        return registry.NewSite(
            id=self.id,
            **self.address,  # type: ignore[arg-type]
            systems=tuple(self.systems.values()),
            areas=tuple(self.areas.items()),
            zones=tuple((area, zone, name, kind) for (area, zone), (name, kind) in self.zones.items()),
            contacts=tuple(
                registry.NewContact(name, tuple(found["numbers"]), found["code_word"], rights=found["rights"])
                for (_order, name), found in sorted(self.contacts.items(), key=lambda item: item[0][0])
            ),
        )


class Unreadable(Exception):
    """The file cannot be read; the message is a sentence."""


class BadExtras(Exception):
    """The file of extras beside it is none; the message is a sentence."""


def read(file: Path) -> tuple[tuple[registry.NewSite, ...], list[Problem]]:
    """The sites of a file of one table, with the extras beside it, and every problem found."""
    extras = file.with_suffix(".json")
    for one in (file, extras):
        if one.is_file() and one.stat().st_size > LARGEST:
            raise Unreadable(f"{one} has more than {LARGEST:,} bytes: give whole site files instead, as a zip.")
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}."
        ) from error
    sites, problems = parse(text)
    if extras.is_file():
        try:
            sites = with_extras(sites, json.loads(extras.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise BadExtras(
                f"Nothing was imported: {extras.name} beside it is not a file of extras: {error}"
            ) from error
        print(
            f"{extras.name} beside it is taken in as well: access, instructions, roles, absences, hours.",
            file=sys.stderr,
        )
    return sites, problems


def parse(text: str) -> tuple[tuple[registry.NewSite, ...], list[Problem]]:
    """The sites whose rows are all right, and every problem found."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = list(reader.fieldnames or ())
    except csv.Error as error:
        return (), [Problem(1, "(row)", f"this row and what follows cannot be read: {error}")]
    missing = [name for name in _REQUIRED if name not in names]
    if missing:
        return (), [Problem(1, missing[0], "this column is missing")]
    unknown = [name for name in names if name not in COLUMNS]
    problems = [Problem(1, name or "(empty)", "this column is not known") for name in unknown]
    drafts: dict[str, _Draft] = {}
    accounts: dict[str, str] = {}
    done = 1
    try:
        for row in reader:
            _row(reader.line_num, row, drafts, accounts, problems)
            done = reader.line_num
    except csv.Error as error:
        problems.append(Problem(done + 1, "(row)", f"this row and what follows cannot be read: {error}"))
        # Any of them may have rows behind it: half a site would take away the other half.
        for draft in drafts.values():
            draft.bad = True
    sites = tuple(draft.finished() for draft in drafts.values() if not draft.bad)
    return sites, sorted(problems, key=lambda problem: problem.line)


def _row(
    line: int,
    row: dict[str, Any],
    drafts: dict[str, _Draft],
    accounts: dict[str, str],
    problems: list[Problem],
) -> None:
    if row.get(None):  # type: ignore[call-overload]
        problems.append(Problem(line, "(end)", "there are more values than columns"))
    value = {name: str(without_unseen(row.get(name) or "")).strip() for name in COLUMNS}
    found: list[Problem] = []
    if not _NUMBER.match(value["site"]):
        problems.append(Problem(line, "site", "a site number has letters, digits, dots and dashes, 40 at most"))
        return
    for name, most in _LONGEST.items():
        if len(value[name]) > most or "\x00" in value[name]:
            found.append(Problem(line, name, f"{most} characters at most, and no NUL"))
    draft = drafts.get(value["site"])
    if draft is None:
        address = {name: value[name] for name in ("name", "street", "postcode", "town")}
        draft = drafts[value["site"]] = _Draft(line, value["site"], address)
        if not value["name"]:
            found.append(Problem(line, "name", "a site has a name"))
    elif value["name"] and value["name"] != draft.address["name"]:
        found.append(Problem(line, "name", f"another name than on line {draft.line}"))
    _system(line, value, draft, accounts, found)
    _zone(line, value, draft, found)
    _contact(line, value, draft, found)
    if found:
        draft.bad = True
        problems += found


def _system(line: int, value: dict[str, str], draft: _Draft, accounts: dict[str, str], found: list[Problem]) -> None:
    account = value["account"].upper()
    clear = _YES_NO.get(value["clear_allowed"].lower(), "?")
    if clear == "?":
        found.append(Problem(line, "clear_allowed", "yes or no"))
        return
    if not account:
        if value["key_hex"]:
            found.append(Problem(line, "account", "a key needs an account"))
        return
    if not _ACCOUNT.match(account):
        found.append(Problem(line, "account", "an account has 3 to 16 letters and digits"))
        return
    if accounts.setdefault(account, draft.id) != draft.id:
        found.append(Problem(line, "account", f"belongs to site {accounts[account]} already"))
        return
    key = value["key_hex"]
    if key and not (re.fullmatch(r"[0-9A-Fa-f]+", key) and len(key) in (32, 48, 64)):
        found.append(Problem(line, "key_hex", "an AES key has 32, 48 or 64 hex digits"))
        return
    known = draft.systems.get(account)
    # A key means that clear frames are refused, unless the file says otherwise (dc09.md §3, 10).
    allowed = clear if isinstance(clear, bool) else (known.clear_allowed if known and not key else not key)
    draft.systems[account] = registry.NewSystem(account, key or (known.key_hex if known else None), allowed)


def _zone(line: int, value: dict[str, str], draft: _Draft, found: list[Problem]) -> None:
    area, zone = value["area"], value["zone"]
    if area:
        number, _, name = area.partition(" ")
        draft.areas.setdefault(number, name.strip())
        area = number
    if not zone:
        if value["zone_kind"]:
            found.append(Problem(line, "zone", "a kind of zone needs a zone"))
        return
    number, _, name = zone.partition(" ")
    draft.zones[area or "", number] = (name.strip(), value["zone_kind"])


def _contact(line: int, value: dict[str, str], draft: _Draft, found: list[Problem]) -> None:
    if not value["contact"]:
        for name in ("phone", "order", "code_word", "rights"):
            if value[name]:
                found.append(Problem(line, "contact", f"a value in {name} needs a contact"))
        return
    order = value["order"] or str(len(draft.contacts) + 1)
    if not order.isdecimal() or not 1 <= int(order) <= 999:
        found.append(Problem(line, "order", "the place in the call order, a number from 1"))
        return
    kept = next((key for key in draft.contacts if key[1] == value["contact"]), (int(order), value["contact"]))
    contact = draft.contacts.setdefault(kept, {"numbers": [], "code_word": None, "rights": ()})
    if value["code_word"]:
        contact["code_word"] = value["code_word"]
    if value["rights"]:
        try:
            contact["rights"] = cells.rights(value["rights"])
        except ValueError as error:
            found.append(Problem(line, "rights", str(error)))
    if value["phone"]:
        try:
            number = numbers.dialled(value["phone"], _COUNTRY)
        except Refused:
            found.append(Problem(line, "phone", "this is not a telephone number"))
            return
        if number not in [known for _label, known in contact["numbers"]]:
            contact["numbers"].append((numbers.label_of(number, _COUNTRY), number))


def with_extras(sites: tuple[registry.NewSite, ...], extras: dict[str, Any]) -> tuple[registry.NewSite, ...]:
    """What CSV cannot carry (instructions, absence, roles, hours), from a JSON file of the same name beside it."""
    done = []
    for site in sites:
        extra = extras.get(site.id, {})
        people = extra.get("contacts", {})
        contacts = tuple(
            replace(contact, **_person(people[contact.name])) if contact.name in people else contact
            for contact in site.contacts
        )
        links = extra.get("systems", {})
        systems = tuple(replace(system, **_link(links.get(system.account, {}))) for system in site.systems)
        done.append(
            replace(
                site,
                systems=systems,
                access=extra.get("access", ""),
                instructions=extra.get("instructions", ""),
                premises_number=extra.get("premises_number"),
                contacts=contacts,
                hours=tuple((area, AreaHours.model_validate(kept)) for area, kept in extra.get("hours", {}).items()),
            )
        )
    return tuple(done)


def _link(extra: dict[str, Any]) -> dict[str, Any]:
    """Link supervision of a system; ValueError where a figure cannot be meant."""
    settings: dict[str, Any] = {name: extra[name] for name in ("interval_s", "margin_s", "provider") if name in extra}
    try:
        registry.supervision(**settings)
    except Refused as refused:
        raise ValueError(refused.sentence) from None
    return settings


def _person(extra: dict[str, Any]) -> dict[str, Any]:
    person: dict[str, Any] = {name: extra[name] for name in ("role", "languages", "duress_word") if name in extra}
    for name in ("away_from", "away_until"):
        if extra.get(name):
            person[name] = datetime.fromisoformat(extra[name])
    return person

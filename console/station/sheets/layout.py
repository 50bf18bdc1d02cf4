"""The sheets of a whole site file: which columns each has, and what stands in them.

Every sheet but ``about`` has the column ``site``. A part that a module of its own keeps (see
:mod:`console.station.acts.extras`) adds its sheets to :data:`EXTRA_SHEETS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from console.station.acts import brought_hours, brought_procedures
from console.station.rules import brought
from console.station.rules.brought import Kept
from console.station.sheets import cells
from console.station.sheets.cells import Read
from models.records import ALL, Level, StepKind, When

FORMAT = "vigie site file 1"
EVERYWHERE = "*"
"""In the column ``site``: what holds for the station or for a customer group. A cell left empty is never that."""
Values = dict[str, Any]


@dataclass(slots=True)
class Row:
    """A row whose values could be read."""

    sheet: str
    line: int
    values: Values


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. A column that a file has not is left as it is kept."""

    name: str
    columns: Mapping[str, Read]
    """How each is read; ValueError says what is expected."""
    required: Sequence[str]
    rows: Callable[[Kept], Iterator[Values]]
    """A site's rows, each as values by column."""
    secret: Sequence[str] = ()
    """Handed out only where they are asked for (I9)."""
    beyond_sites: bool = False
    """Whether a row may be of no site: :data:`EVERYWHERE` stands in its place."""


@dataclass(frozen=True, slots=True)
class ExtraSheet(Sheet):
    """A sheet of a part that a module of its own keeps."""

    part: str = ""
    """The name of its :class:`console.station.acts.extras.Extra`."""
    gather: Callable[[list[Values]], Any] = field(default=lambda rows: rows)
    """The part's value from the rows of one site, in the order of the sheet, as JSON can say it."""


def _of_site(kept: Kept) -> Iterator[Values]:
    yield kept.details.model_dump()


def _of_system(kept: Kept) -> Iterator[Values]:
    for account, system in kept.systems.items():
        policy = kept.policies[account]
        yield system.model_dump() | {name: getattr(policy, name) for name in brought.POLICY}


def _of_area(kept: Kept) -> Iterator[Values]:
    yield from (area.model_dump() for area in kept.areas)


def _of_zone(kept: Kept) -> Iterator[Values]:
    yield from (zone.model_dump() for zone in kept.zones)


def _of_contact(kept: Kept) -> Iterator[Values]:
    for order, (contact, words) in enumerate(brought.beside(kept), 1):
        own = {name: getattr(contact, name) for name in type(contact).model_fields}
        yield {**own, "order": order, "contact": contact.id, **words}


def _of_number(kept: Kept) -> Iterator[Values]:
    for contact in kept.contacts:
        for number in contact.numbers:
            yield {"contact": contact.id, **number.model_dump()}


SITE = Sheet(
    "site",
    {
        **dict.fromkeys(("name", "street", "postcode", "town", "country", "timezone", "group"), cells.words),
        **dict.fromkeys(("premises_number", "access", "instructions", "keys", "note"), cells.words),
        "note_until": cells.moment,
    },
    ("name",),
    _of_site,
)
SYSTEM = Sheet(
    "system",
    {
        "account": cells.account,
        **dict.fromkeys(("label", "model", "provider"), cells.words),
        "interval_s": cells.seconds,
        "margin_s": cells.number,
        **dict.fromkeys(("in_service_at", "out_of_service_at"), cells.moment),
        "replaced_by": cells.words,
        **dict.fromkeys(("clear_allowed", "check_clear_time", "lenient_length", "lone_ack"), cells.yes_no),
        **dict.fromkeys(("window_before_s", "window_after_s"), cells.number),
        "overrides": cells.words,
        "key_hex": cells.key,
    },
    ("account",),
    _of_system,
    ("key_hex",),
)
AREA = Sheet("area", {"area": cells.words, "name": cells.words}, ("area",), _of_area)
ZONE = Sheet("zone", dict.fromkeys(("area", "zone", "name", "kind"), cells.words), ("zone",), _of_zone)
CONTACT = Sheet(
    "contact",
    {
        "order": cells.number,
        **dict.fromkeys(("contact", "person", "name", "languages", "role"), cells.words),
        "rights": cells.rights,
        **dict.fromkeys(("away_from", "away_until"), cells.moment),
        "available": cells.spans,
        "substitute": cells.words,
        **dict.fromkeys(("suspended", "installer"), cells.yes_no),
        **dict.fromkeys(brought.WORDS, cells.words),
        "id_code": cells.id_code,
    },
    ("name",),
    _of_contact,
    # Half of what a customer is known by (A1).
    (*brought.WORDS, "id_code"),
)
NUMBER = Sheet(
    "number",
    {**dict.fromkeys(("contact", "label", "number"), cells.words), "private": cells.yes_no},
    ("contact", "number"),
    _of_number,
)


def _of_procedure(kept: Kept) -> Iterator[Values]:
    for one in kept.extras.get(brought_procedures.NAME, ()):
        yield {**one, **_for_what(one)}


def _of_step(kept: Kept) -> Iterator[Values]:
    for one in kept.extras.get(brought_procedures.NAME, ()):
        for order, step in enumerate(one["steps"], 1):
            named = {name: step.get(name, "").removeprefix("s") for name in ("back_to", "after")}
            outcomes = tuple(step.get("outcomes", ()))
            yield {**step, **_for_what(one), **named, "outcomes": outcomes, "order": order, "step": step["id"][1:]}


def _for_what(one: Values) -> Values:
    """What a procedure is for, in the words of the other sheets."""
    level, target = one["level"], one.get("target", "")
    area, _, zone = target.partition(" ") if level == Level.ZONE else (target, "", "")
    place = {"group": target} if level == Level.GROUP else {"area": area, "zone": zone}
    return {**place, "applies_to": one.get("applies_to", ALL)}


_FOR_WHAT = dict.fromkeys(("group", "area", "zone", "applies_to"), cells.words)
PROCEDURE = Sheet(
    "procedure",
    {**_FOR_WHAT, "name": cells.words, "after_s": cells.seconds, "otherwise": cells.words},
    ("name",),
    _of_procedure,
    beyond_sites=True,
)
STEP = Sheet(
    "step",
    {
        **_FOR_WHAT,
        "order": cells.number,
        "step": cells.step,
        "kind": cells.one_of(StepKind),
        **dict.fromkeys(("contact", "role", "name", "number", "service", "text"), cells.words),
        **dict.fromkeys(("seconds", "rounds"), cells.seconds),
        "back_to": cells.step,
        "required": cells.yes_no,
        "when": cells.one_of(When),
        "outcomes": cells.outcomes,
        "after": cells.step,
    },
    ("kind",),
    _of_step,
    beyond_sites=True,
)
EMERGENCY = Sheet(
    "emergency",
    dict.fromkeys(("service", "name", "number"), cells.words),
    ("service", "name", "number"),
    lambda kept: iter(kept.extras.get(brought_procedures.EMERGENCY_NAME, ())),
)


def _of_hours(kept: Kept) -> Iterator[Values]:
    for area, hours in kept.extras.get(brought_hours.NAME, {}).items():
        yield {"area": area, "hours": json.dumps(hours, sort_keys=True)}


HOURS = ExtraSheet(
    "hours",
    {"area": cells.words, "hours": brought_hours.read},
    ("area", "hours"),
    _of_hours,
    part=brought_hours.NAME,
    # A cell that could not be read is told already, and its row has no value.
    gather=lambda rows: {row["area"]: row["hours"] for row in rows if {"area", "hours"} <= row.keys()},
)
EXTRA_SHEETS: list[ExtraSheet] = [HOURS]


def sheets() -> list[Sheet]:
    """Every sheet, in the order in which they are handed out."""
    return [SITE, SYSTEM, AREA, ZONE, CONTACT, NUMBER, *EXTRA_SHEETS, PROCEDURE, STEP, EMERGENCY]


def columns(sheet: Sheet, *, secrets: bool) -> list[str]:
    """The columns that are handed out."""
    return ["site", *(name for name in sheet.columns if secrets or name not in sheet.secret)]

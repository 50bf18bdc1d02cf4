"""The sheets of a whole site file: which columns each has, and what stands in them.

Every sheet but ``about`` has the column ``site``. A part that a module of its own keeps (see
:mod:`console.station.acts.extras`) adds its sheets to :data:`EXTRA_SHEETS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from console.station.acts import brought_hours
from console.station.rules import brought
from console.station.rules.brought import Kept
from console.station.sheets import cells
from console.station.sheets.cells import Read

FORMAT = "vigie site file 1"
Values = dict[str, Any]


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
        "suspended": cells.yes_no,
        **dict.fromkeys(brought.WORDS, cells.words),
    },
    ("name",),
    _of_contact,
    brought.WORDS,
)
NUMBER = Sheet(
    "number",
    {**dict.fromkeys(("contact", "label", "number"), cells.words), "private": cells.yes_no},
    ("contact", "number"),
    _of_number,
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
    return [SITE, SYSTEM, AREA, ZONE, CONTACT, NUMBER, *EXTRA_SHEETS]


def columns(sheet: Sheet, *, secrets: bool) -> list[str]:
    """The columns that are handed out."""
    return ["site", *(name for name in sheet.columns if secrets or name not in sheet.secret)]

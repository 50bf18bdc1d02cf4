"""Procedures and emergency numbers in whole site files: what is in force, without its versions (C3, decision 11).

A procedure is known by what it is for (level, area or zone, type of alarm), never by its number: that is each
station's own, and a file may go to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from console.station.acts.caller import Caller
from console.station.acts.procedures import EMERGENCY, Procedures
from console.station.acts.site_file import Editing
from console.station.rules.brought import Kept, Wrong
from console.station.store import procedures as store
from console.station.store import site_file
from console.station.store.ledger import Ledger
from models.records import EmergencyNumber, Level, Procedure, StepKind

NAME, EMERGENCY_NAME = "procedures", EMERGENCY
_LEVELS = tuple(Level)
_OWN = {"id", "site", "version", "at", "by"}
"""What is the station's own to give."""


def shown(one: Procedure) -> dict[str, Any]:
    """A procedure as a file has it, as JSON says it; what is as usual is left out."""
    return one.model_dump(mode="json", exclude=_OWN, exclude_defaults=True)


def in_order(given: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same list for the same procedures: the most general first, then by place and type of alarm."""
    return sorted(given, key=_key)


def _key(one: dict[str, Any]) -> tuple[int, str, str]:
    return _LEVELS.index(Level(one["level"])), one.get("target", ""), one.get("applies_to", "all")


def step_part(one: dict[str, Any], step: str) -> str:
    """How a problem names a step, so that whoever read the file knows its line."""
    level, target, applies_to = one["level"], one.get("target", ""), one.get("applies_to", "all")
    return f"procedure {level} {target} {applies_to} {step}"


# -- of a site ------------------------------------------------------------------------------------


def load(connection: Connection, sites: Sequence[str]) -> dict[str, Any]:
    """By site: the procedures of it, its areas and zones. None is said of a site as well: an empty list."""
    found: dict[str, list[dict[str, Any]]] = {site: [] for site in sites}
    for one in store.of_sites(connection, sites):
        found[one.site].append(shown(one))
    return {site: in_order(some) for site, some in found.items()}


def settle(before: Any, given: Any, after: Kept) -> tuple[Any, list[Wrong]]:
    """The procedures with their contacts by id, and what is wrong of those that differ from ``before``.

    What is kept already is not judged: somebody may have left the call list since, which the workspace shows.
    """
    ids = {contact.id for contact in after.contacts if contact.id}
    names: dict[str, list[str]] = {}
    for contact in after.contacts:
        names.setdefault(contact.name, []).append(contact.id or contact.name)
    done, wrong = [], []
    for one in given:
        steps = []
        for step in one["steps"]:
            who = names.get(step.get("contact", ""), [])
            if step.get("contact") not in ids and len(who) == 1:
                step = {**step, "contact": who[0]}
            elif step.get("contact") not in ids and len(who) > 1:
                wrong.append(Wrong(step_part(one, step["id"]), "two contacts have this name: give the contact's id"))
            steps.append(step)
        one = {**one, "steps": steps}
        done.append(one)
        if one not in (before or ()):
            wrong += _contacts_missing(one, ids | set(names))
    return done, wrong


def _contacts_missing(one: dict[str, Any], known: set[str]) -> Iterable[Wrong]:
    for step in one["steps"]:
        if step["kind"] == StepKind.CONTACT and step.get("contact") not in known:
            yield Wrong(step_part(one, step["id"]), "the site has neither a contact with this id nor with this name")


def write(edit: Editing, value: Any) -> None:
    """Bring a site's procedures to ``value``, as the desk writes them; one that it does not name is removed."""
    connection = edit.ledger.connection
    # Who was new in this file has an id only now.
    ids = {contact.name: contact.id for contact in site_file.contacts(connection, edit.site)}
    known = set(ids.values())
    given = []
    for one in value:
        steps = [
            {**step, "contact": ids.get(step["contact"], step["contact"])}
            if step.get("contact") and step["contact"] not in known
            else step
            for step in one["steps"]
        ]
        given.append({**one, "steps": steps})
    _write(edit.ledger, edit.caller, store.of_site(connection, edit.site), given, edit.site, whole=True)


def _write(
    ledger: Ledger, caller: Caller, kept: Iterable[Procedure], given: Sequence[Any], site: str, *, whole: bool
) -> None:
    acts = Procedures(ledger, caller)
    had = {_key(shown(one)): one for one in kept}
    named = {_key(one) for one in given}
    for key, one in had.items():
        if whole and key not in named:
            acts.remove(one.id, one.version)
    for value in given:
        before = had.get(_key(value))
        if before is None:
            acts.write(Procedure(site=site, **value), 0)
        elif shown(before) != value:
            acts.write(Procedure(id=before.id, site=site, **value), before.version)


# -- of the station and of customer groups --------------------------------------------------------


def of_station(connection: Connection) -> list[dict[str, Any]]:
    """The procedures of the station and of every customer group."""
    kept = (one for level in (Level.STATION, Level.GROUP) for one in store.of_level(connection, level, None))
    return in_order(map(shown, kept))


def kept_beside(connection: Connection, given: Sequence[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """For each of a file's: what is kept for the same; None where it is new."""
    had = {_key(one): one for one in of_station(connection)}
    return [had.get(_key(one)) for one in given]


def write_of_station(ledger: Ledger, caller: Caller, given: Sequence[dict[str, Any]]) -> None:
    """Add or change those that ``given`` names. None is removed: a file of some sites does not speak for all."""
    kept = (one for level in (Level.STATION, Level.GROUP) for one in store.of_level(ledger.connection, level, None))
    _write(ledger, caller, kept, given, "", whole=False)


# -- emergency numbers ----------------------------------------------------------------------------


def load_emergency(connection: Connection, sites: Sequence[str]) -> dict[str, Any]:
    """By site: its own numbers of authorities, in their order."""
    found: dict[str, list[dict[str, Any]]] = {site: [] for site in sites}
    for site, number in store.emergency_of(connection, sites):
        found[site].append(number.model_dump())
    return found


def write_emergency(edit: Editing, value: Any) -> None:
    """Bring a site's own numbers of authorities to ``value``, as the desk writes them."""
    given = [EmergencyNumber(**one) for one in value]
    version = site_file.version(edit.ledger.connection, edit.site, EMERGENCY)
    Procedures(edit.ledger, edit.caller).write_emergency(edit.site, given, version)

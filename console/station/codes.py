"""The code tables of ``resources/codes``: SIA DC-03, Contact ID DC-05, and the one table of kinds."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from models.records import AlarmClass, EventRole, Priority


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of event is called and how it is treated."""

    name: str
    words: str
    restored_words: str
    alarm_class: AlarmClass
    priority: Priority
    life_safety: bool
    silent: bool
    """Do not call the premises: police first."""
    pushed: bool
    """Low priority: pushed to the customers' phones as well (E1)."""
    test_kind: str
    self_completing: bool
    """Of priority 4, may complete itself on its restoral while nobody holds it (I13)."""


@dataclass(frozen=True, slots=True)
class SiaCode:
    """One event code of DC-03."""

    code: str
    description: str
    concerns: str
    role: EventRole
    kind: str
    restores: str | None


@dataclass(frozen=True, slots=True)
class CidCode:
    """One event code of DC-05: its role as new event (qualifier 1, 6) and as restore (3)."""

    code: str
    description: str
    concerns: str
    kind: str
    role_1: EventRole
    role_3: EventRole


def _rows(name: str) -> list[dict[str, str]]:
    with files("resources.codes").joinpath(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def kinds() -> dict[str, Kind]:
    """The one table of kinds, by name."""
    return {
        row["kind"]: Kind(
            row["kind"],
            row["words"],
            row["restored_words"],
            AlarmClass(row["class"]),
            Priority(int(row["priority"])),
            row["life_safety"] == "1",
            row["silent"] == "1",
            row["pushed"] == "1",
            row["test_kind"],
            row["self_completing"] == "1",
        )
        for row in _rows("kinds.csv")
    }


def kind(name: str) -> Kind:
    """A kind by name; the unknown one for a name that no table has: nothing unknown is ever log only."""
    table = kinds()
    return table.get(name) or table["unknown"]


@cache
def sia_codes() -> dict[str, SiaCode]:
    """DC-03 codes."""
    return {
        row["code"]: SiaCode(
            row["code"],
            row["description"],
            row["concerns"],
            EventRole(row["role"]),
            row["kind"],
            row["restores"].split()[0] if row["restores"] else None,
        )
        for row in _rows("sia.csv")
    }


@cache
def cid_codes() -> dict[str, CidCode]:
    """DC-05 codes."""
    return {
        row["code"]: CidCode(
            row["code"],
            row["description"],
            row["concerns"],
            row["kind"],
            EventRole(row["role_1"]),
            EventRole(row["role_3"]),
        )
        for row in _rows("cid.csv")
    }

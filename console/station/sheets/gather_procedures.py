"""Procedures and emergency numbers gathered from the rows of their sheets, each step checked on its own line (I12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from console.station.acts.brought_procedures import in_order, shown, step_part
from console.station.acts.procedures import known_type
from console.station.rules import numbers
from console.station.rules import procedures as rules
from console.station.rules.refusal import Refused
from console.station.sheets.layout import Row, Values
from models.records import EmergencyNumber, Level, Procedure, ProcedureStep, StepKind

_PLACE = ("group", "area", "zone", "applies_to")
_MOST_STEPS, _MOST_EMERGENCY = 40, 20
_FIRST = {"id": "s1", "kind": "contact group"}
"""A step that is always right: what is wrong of the steps is told by line."""
Key = tuple[str, ...]


@dataclass(slots=True)
class Gathering:
    """The procedures of one site, or those of the station and of customer groups."""

    site: str
    """Empty for those of the station and of groups."""
    country: str
    wrong: Callable[[Row, str, str], object]
    """Told of the row, the field and what is wrong."""
    checked: Callable[[Any, Row, Values], bool]
    """Whether a record can be made of some values of a row; it has told what is wrong."""
    places: dict[str, str] = field(default_factory=dict)
    """Sheet and line of the steps that name a contact, by the name that a later problem has for them."""

    def procedures(self, rows: Sequence[Row], steps: Sequence[Row]) -> list[Values]:
        """What a file says of them, in the form that :func:`brought_procedures.load` has."""
        beneath: dict[Key, list[Row]] = {}
        for row in steps:
            beneath.setdefault(_key(row), []).append(row)
        found, seen = [], set()
        for row in rows:
            key = _key(row)
            if key in seen:
                self.wrong(row, "applies_to", "there is a procedure for the same already")
                continue
            seen.add(key)
            own = sorted(beneath.pop(key, []), key=lambda step: step.values.get("order") or 0)
            one = self._procedure(row, key, own)
            if one is not None:
                found.append(one)
        for left in beneath.values():
            self.wrong(left[0], "applies_to", "the sheet of procedures has none for this")
        return in_order(found)

    def _procedure(self, row: Row, key: Key, steps: Sequence[Row]) -> Values | None:
        head = self._head(row, key)
        if not steps:
            self.wrong(row, "name", "the sheet of steps has none for it")
        elif len(steps) > _MOST_STEPS:
            self.wrong(steps[0], "applies_to", f"at most {_MOST_STEPS} steps")
        read = self._steps(steps)
        if head is None or read is None or not 0 < len(read) <= _MOST_STEPS:
            return None
        one = Procedure(**{**head, "steps": read})
        # Whether the contacts are there is seen with those that are kept.
        people = {step.contact: step.contact for step in read if step.contact}
        for fault in rules.faults(one, people):
            at, named = (row, fault.field) if fault.step is None else (steps[fault.step], fault.step_field)
            self.wrong(at, named.replace("target", "area").replace("steps", "name"), fault.sentence)
        done = shown(one)
        for step, at in zip(done["steps"], steps, strict=True):
            if step.get("contact"):
                self.places[step_part(done, step["id"])] = f"{at.sheet}, line {at.line}, contact"
        return done

    def _head(self, row: Row, key: Key) -> Values | None:
        group, area, zone, applies_to = key
        if self.site and group:
            self.wrong(row, "group", "a group's procedure is of no site: * in the column site")
        if not self.site and (area or zone):
            self.wrong(row, "site", "an area or zone is one of a site")
        if zone and not area:
            self.wrong(row, "area", "a zone is named with its area")
        if not known_type(applies_to):
            self.wrong(row, "applies_to", "no such type of alarm: all, class:intrusion or kind:fire, for example")
        level = Level.GROUP if group else Level.STATION if not self.site else _of_site(area, zone)
        target = group or " ".join(filter(None, (area, zone)))
        own: Values = {name: row.values[name] for name in ("name", "after_s", "otherwise") if name in row.values}
        head = {**own, "level": level, "site": self.site, "target": target, "applies_to": applies_to}
        return head if self.checked(Procedure, row, {**head, "steps": [_FIRST]}) else None

    def _steps(self, rows: Sequence[Row]) -> list[ProcedureStep] | None:
        found: list[ProcedureStep] = []
        used = {row.values.get("step") for row in rows}
        free = (f"s{nth}" for nth in range(1, 10_000) if f"s{nth}" not in used)
        for row in rows:
            values = {name: value for name, value in row.values.items() if name not in (*_PLACE, "order", "step")}
            values = {name: value for name, value in values.items() if value not in (None, "", 0, ())}
            values["id"] = row.values.get("step") or next(free)
            if values.get("kind") is StepKind.PATROL and values.get("number"):
                values["number"] = self._dialled(row, values["number"])
            if self.checked(ProcedureStep, row, values):
                found.append(ProcedureStep(**values))
        return found if len(found) == len(rows) else None

    def _dialled(self, row: Row, number: str) -> str:
        try:
            return numbers.dialled(number, self.country)
        except Refused:
            self.wrong(row, "number", "this is not a telephone number")
            return number

    def emergency(self, rows: Sequence[Row]) -> list[Values]:
        """The site's own numbers of authorities."""
        if len(rows) > _MOST_EMERGENCY:
            self.wrong(rows[0], "site", f"at most {_MOST_EMERGENCY} numbers a site")
        found = []
        for row in rows:
            values = {**row.values, "number": self._dialled(row, row.values.get("number", ""))}
            if self.checked(EmergencyNumber, row, values):
                found.append(EmergencyNumber(**values).model_dump())
        return found


def _key(row: Row) -> Key:
    place = tuple(str(row.values.get(name, "")).strip() for name in _PLACE)
    return (*place[:-1], place[-1] or "all")


def _of_site(area: str, zone: str) -> Level:
    return Level.ZONE if zone else Level.AREA if area else Level.SITE

"""Before and after of a change, field by field, in words (I9, G4). Plain: records' own JSON in, texts out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from models.records import AvailableSpan, HoursSpan, hours_words
from widgets.entry import DAYS, write_moment, write_week

NOTHING = "–"
_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d")
_NAMED_BY = ("id", "zone", "area", "account")
"""By the first of these that its rows have, a list's rows are the same before and after."""
_NONE: tuple[Any, ...] = (None, "", [], {}, False)
_UNTOLD = frozenset({"version", "at", "by", "id"})
"""What a change of something else always changes as well, and names that nobody reads."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is other than it was."""

    field: str
    before: str
    after: str


def differences(before: Any, after: Any) -> list[Difference]:
    """What differs; what is new has nothing before it, and what went has nothing after it."""
    return [one for one in _walk((), before, after) if one.before != one.after]


def _walk(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    if before == after or (before in _NONE and after in _NONE):
        return
    if _is_week(before) or _is_week(after):
        for nth, day in enumerate(DAYS):
            had, has = (value[nth] if _is_week(value) else None for value in (before, after))
            if had != has:
                yield Difference(" · ".join((*path, day)), _hours(had), _hours(has))
    elif path and (before is None or after is None):
        # A row that is new, or went: told whole, in one line.
        yield Difference(" · ".join(path), words(before), words(after))
    elif _is_fields(before) and _is_fields(after) and not (_is_leaf(before) or _is_leaf(after)):
        had, has = before or {}, after or {}
        for name in dict.fromkeys((*had, *has)):
            if name not in _UNTOLD:
                yield from _walk((*path, _label(name)), had.get(name), has.get(name))
    elif _is_rows(before) and _is_rows(after) and (before or after):
        had, has = _by_name(before or []), _by_name(after or [])
        for name in dict.fromkeys((*had, *has)):
            yield from _walk((*path, name), had.get(name), has.get(name))
    else:
        yield Difference(" · ".join(path), words(before), words(after))


def _is_fields(value: Any) -> bool:
    return value is None or isinstance(value, Mapping)


def _is_leaf(value: Any) -> bool:
    return isinstance(value, Mapping) and "number" in value and "private" in value


def _is_rows(value: Any) -> bool:
    """Rows that have names of their own. A span of hours, or a number, has none: such lists are told whole."""
    rows = value is None or (
        isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(one, Mapping) for one in value)
    )
    return rows and all(any(name in one for name in _NAMED_BY) for one in value or ())


def _by_name(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        name = next(name for name in _NAMED_BY if name in row)
        said = str(row[name])
        step = re.fullmatch(r"s(\d+)", said) if name == "id" else None
        label = _tr("Step {0}").format(step[1]) if step else said if name == "id" else f"{_label(name)} {said}"
        found[label] = row
    return found


def _is_week(value: Any) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and len(value) == len(DAYS)
        and all(isinstance(day, Sequence) and not isinstance(day, str) for day in value)
    )


def _hours(day: Any) -> str:
    if day is None:
        return NOTHING
    return hours_words(tuple(HoursSpan.model_validate(span) for span in day))


def words(value: Any) -> str:
    """A value as somebody reads it."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _tr("yes") if value else _tr("no")
    if isinstance(value, str):
        return _moment(value) if _TIME.match(value) else value
    if isinstance(value, Mapping):
        return _fields(value)
    if isinstance(value, Sequence):
        return _many(value)
    return str(value)


def _moment(text: str) -> str:
    try:
        return write_moment(datetime.fromisoformat(text))
    except ValueError:
        return text


def _many(values: Sequence[Any]) -> str:
    if _is_week(values):
        return ", ".join(f"{name} {_hours(day)}" for name, day in zip(DAYS, values, strict=True))
    first = values[0]
    if isinstance(first, Mapping) and "from_minute" in first:
        return write_week(AvailableSpan.model_validate(span) for span in values)
    if isinstance(first, Mapping) and "opens" in first:
        return _hours(values)
    between = "\n" if isinstance(first, Mapping) else ", "
    return between.join(words(value) for value in values)


def _fields(value: Mapping[str, Any]) -> str:
    if _is_leaf(value):
        private = _tr("private") if value["private"] else ""
        return " ".join(part for part in (value.get("label", ""), value["number"], private) if part)
    told = ((_label(name), one) for name, one in value.items() if name not in _UNTOLD and one not in _NONE)
    # What is so is said by its name alone: "Whole site", not "Whole site yes".
    return ", ".join(label if one is True else f"{label} {words(one)}" for label, one in told)


_LABELS = {
    "away_from": QT_TRANSLATE_NOOP("journal", "Away from"),
    "away_until": QT_TRANSLATE_NOOP("journal", "Away until"),
    "after_s": QT_TRANSLATE_NOOP("journal", "Call after, seconds"),
    "applies_to": QT_TRANSLATE_NOOP("journal", "For"),
    "on_holidays": QT_TRANSLATE_NOOP("journal", "On holidays"),
    "interval_s": QT_TRANSLATE_NOOP("journal", "Supervision, seconds"),
    "margin_s": QT_TRANSLATE_NOOP("journal", "Margin, seconds"),
    "early_min": QT_TRANSLATE_NOOP("journal", "Early, minutes"),
    "late_min": QT_TRANSLATE_NOOP("journal", "Late, minutes"),
    "missed_min": QT_TRANSLATE_NOOP("journal", "Missed, minutes"),
    "repeat_min": QT_TRANSLATE_NOOP("journal", "Again after, minutes"),
    "otherwise": QT_TRANSLATE_NOOP("journal", "Nobody reached"),
    "when": QT_TRANSLATE_NOOP("journal", "Condition"),
    "whole": QT_TRANSLATE_NOOP("journal", "Whole site"),
}


def _label(name: str) -> str:
    """``away_until`` as people say it."""
    return _tr(str(_LABELS.get(name, name.replace("_", " ").capitalize())))


def _tr(said: str) -> str:
    return QCoreApplication.translate("journal", said)

"""By what an entry of the journal is found: its words, and its marks (kind, site, who, area …) as words of their own.

One way for what is indexed, what is searched for, and the newest entries that no index holds yet. Of an entry's data
only what tells why and where goes in; a frame never does. All of it was written free of secrets (I9).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from console.station.rules.search_words import words
from models.records import ASK_ENTRIES, ActorKind, EventRole, JournalGroup
from models.records.journal import JournalFilter

VERSION = 1
"""Of what is indexed. Another one than an index was made by: it is made anew."""
_MOST_WORDS = 400
_LONGEST = 100
_SIGN = "\ue000"
"""Before each mark: private use, so that no word that was written is one. It may be no sign of punctuation either."""
_NEVER_SPLIT = {code: 0xE100 + code for code in range(128) if not chr(code).isalnum()}
"""Signs between the letters of a mark, as signs that are no end of a word."""
_TOLD = ("why", "reason", "identified", "channel", "by", "asked_by")
_PEOPLE = {
    ActorKind.OPERATOR.value: "o",
    ActorKind.CUSTOMER.value: "c",
    ActorKind.INSTALLER.value: "c",
}
"""Whose names are asked for: staff, and those outside."""


class Mark(StrEnum):
    """The first letter of a mark."""

    KIND = "k"
    GROUP = "g"
    SITE = "s"
    SYSTEM = "u"
    AREA = "r"
    ALARM = "n"
    PRIORITY = "p"
    STAFF = "o"
    OUTSIDE = "c"
    TEST = "t"


@dataclass(frozen=True, slots=True)
class Said:
    """What the index is made from: columns of an entry and of its payload."""

    seq: int
    time: int
    kind: str
    actor_kind: str
    site: str | None
    account: str | None
    alarm: str | None
    priority: int | None
    in_test: int
    actor_name: str
    actor_from: str
    text: str
    data: str
    """Canonical JSON."""


def mark(which: Mark, value: str) -> str:
    """A mark as one word."""
    return _SIGN + which.value + value.lower().translate(_NEVER_SPLIT)[:_LONGEST]


def tokens(said: Said) -> list[str]:
    """Everything that an entry is found by, each once."""
    return list(dict.fromkeys((*_marks(said), *_words(said))))


def _marks(said: Said) -> Iterator[str]:
    data = _data(said)
    events = _events(data)
    yield mark(Mark.KIND, said.kind)
    yield mark(Mark.GROUP, group_of(said.kind, events).value)
    if said.site:
        yield mark(Mark.SITE, said.site)
    if said.account:
        yield mark(Mark.SYSTEM, said.account)
    if said.alarm:
        yield mark(Mark.ALARM, said.alarm)
    if said.priority is not None:
        yield mark(Mark.PRIORITY, str(said.priority))
    if said.in_test:
        yield mark(Mark.TEST, "")
    people = _PEOPLE.get(said.actor_kind)
    if people is not None:
        for word in words(said.actor_name):
            yield mark(Mark(people), word)
    for area in (data.get("area"), *(event.get("area") for event in events)):
        if isinstance(area, str) and area:
            yield mark(Mark.AREA, _number(area))


def _words(said: Said) -> list[str]:
    data = _data(said)
    told = [said.text, said.actor_name, said.actor_from, said.site or "", said.account or "", said.alarm or ""]
    told += [value for name in _TOLD if isinstance(value := data.get(name), str)]
    return words(" ".join(told))[:_MOST_WORDS]


def _data(said: Said) -> dict[str, Any]:
    if len(said.data) <= 2:
        return {}
    found = json.loads(said.data)
    return found if isinstance(found, dict) else {}


def _events(data: dict[str, Any]) -> list[dict[str, Any]]:
    events = data.get("events")
    return [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []


def _number(area: str) -> str:
    """``01`` and ``1`` are one area."""
    return area.lstrip("0") or "0"


@dataclass(frozen=True, slots=True)
class Sought:
    """What an entry must have: a word of each of ``groups``."""

    groups: tuple[tuple[str, ...], ...]

    def fits(self, said: Said) -> bool:
        """Whether an entry has it."""
        has = set(tokens(said))
        return all(not has.isdisjoint(group) for group in self.groups)

    def __bool__(self) -> bool:
        return bool(self.groups)


def sought(asked: JournalFilter) -> Sought:
    """What a filter asks for, but for its period."""
    groups: list[tuple[str, ...]] = []
    kinds = [mark(Mark.KIND, kind) for kind in asked.kinds] + [mark(Mark.GROUP, group.value) for group in asked.groups]
    if kinds:
        groups.append(tuple(kinds))
    if asked.priorities:
        groups.append(tuple(mark(Mark.PRIORITY, str(priority)) for priority in asked.priorities))
    single = ((Mark.SITE, asked.site), (Mark.SYSTEM, asked.system), (Mark.ALARM, asked.alarm))
    groups += [(mark(which, value),) for which, value in single if value]
    if asked.area:
        groups.append((mark(Mark.AREA, _number(asked.area)),))
    if asked.in_test:
        groups.append((mark(Mark.TEST, ""),))
    for which, name in ((Mark.STAFF, asked.operator), (Mark.OUTSIDE, asked.customer)):
        groups += [(mark(which, word),) for word in words(name)]
    groups += [(word,) for word in words(asked.words)]
    return Sought(tuple(dict.fromkeys(groups)))


# -- groups of kinds ----------------------------------------------------------------------------

_KINDS: dict[str, JournalGroup] = {
    **dict.fromkeys(("alarm-opened", "alarm-raised", "alarm-lowered", "alarm-joined"), JournalGroup.ALARM),
    **dict.fromkeys(("grouped", "split-off"), JournalGroup.ALARM),
    **dict.fromkeys(("storm-grouped", "storm-delayed", "storm-lowered", "storm-presented"), JournalGroup.ALARM),
    **dict.fromkeys(("runaway", "link-lost", "link-restored", "line", "escalated"), JournalGroup.ALARM),
    **dict.fromkeys(
        ("taken", "released", "returned", "parked", "handed-over", "seen", "idle-warned", "idle-over", *ASK_ENTRIES),
        JournalGroup.TAKEN,
    ),
    **dict.fromkeys(
        ("call", "call-begun", "step-done", "step-skipped", "verified", "patrol", "note", "site-checked"),
        JournalGroup.CALL,
    ),
    "check-taken-back": JournalGroup.CALL,
    "closed": JournalGroup.CLOSED,
    "completed": JournalGroup.CLOSED,
    "cancelled": JournalGroup.CANCELLED,
    "hours-changed": JournalGroup.HOURS,
    **dict.fromkeys(
        ("pin-issued", "email-removed", "code-word-set", "code-word-wrong", "code-words-shown", "id-code-brought"),
        JournalGroup.ACCESS,
    ),
    **dict.fromkeys(
        (
            "caller-identified",
            "caller-not-identified",
            "customer-identified",
            "customer-not-identified",
            "customer-sessions-ended",
        ),
        JournalGroup.ACCESS,
    ),
    **dict.fromkeys(("signed-in", "signed-out", "sign-in-refused"), JournalGroup.SIGN_IN),
    "repeat": JournalGroup.SIGNAL,
    "unreadable": JournalGroup.SIGNAL,
}
_FILES = ("site", "sites-", "contact", "system", "procedure", "order", "account-", "task", "area", "zone", "level")
_ARMED = frozenset({EventRole.OPEN.value, EventRole.CLOSE.value})


def group_of(kind: str, events: Iterable[dict[str, Any]] = ()) -> JournalGroup:
    """The group that a kind of entry belongs to; a signal that only arms or disarms is apart from the others."""
    if kind == "signal":
        roles = {event.get("role") for event in events}
        return JournalGroup.ARMED if roles and roles <= _ARMED else JournalGroup.SIGNAL
    if kind in _KINDS:
        return _KINDS[kind]
    if kind.startswith("test-"):
        return JournalGroup.TEST
    if kind.startswith(_FILES):
        return JournalGroup.FILE
    return JournalGroup.STATION

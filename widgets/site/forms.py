"""What the site file's forms ask, and how their texts become records again. ValueError names the field (I12)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from models.records import ContactFile, ContactRight, PhoneNumber, SiteDetails, SystemFile
from widgets.entry import read_moment, read_week, write_moment, write_week
from widgets.form import Field, Value

_NUMBER = re.compile(
    r"^(?P<label>[^\d+(]*?)\s*(?P<number>[+(\d][\d\s()./-]*)(?P<private>\s*\(?private\)?)?$", re.IGNORECASE
)


class BadField(ValueError):
    """A text that cannot be meant; ``name`` is its field."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


def _tr(words: str) -> str:
    return QCoreApplication.translate("forms", words)


def _wrong(read: Callable[[str], object]) -> Callable[[str], str]:
    """What is wrong with a text, as a sentence."""

    def check(text: str) -> str:
        try:
            read(text)
        except ValueError as error:
            return str(error)
        return ""

    return check


def _moment(text: str, *, end: bool = False) -> datetime | None:
    return read_moment(text, datetime.now(UTC), end=end)


def _numbers(text: str) -> tuple[PhoneNumber, ...]:
    """One number a line, in dial order: ``mobile +32 470 55 50 01``, with ``private`` behind it where it is."""
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = _NUMBER.match(line)
        if match is None:
            raise ValueError(f"“{line}” is no number, such as mobile +32 470 55 50 01.")
        found.append(
            PhoneNumber(
                label=match["label"].strip(" :"), number=match["number"].strip(), private=match["private"] is not None
            )
        )
    return tuple(found)


def details_fields() -> tuple[Field, ...]:
    """Part ``details``."""
    return (
        Field("name", _tr("Name")),
        Field("street", _tr("Street")),
        Field("postcode", _tr("Postcode"), longest=20),
        Field("town", _tr("Town"), longest=100),
        Field("country", _tr("Country"), _tr("two letters, as BE"), longest=2),
        Field("timezone", _tr("Time zone"), longest=60),
        Field("group", _tr("Customer group"), _tr("procedures may be kept for all of its sites"), longest=100),
        Field("premises_number", _tr("Premises"), _tr("the telephone at the site"), longest=40),
        Field("access", _tr("Access"), _tr("gates, key boxes, dogs"), longest=4000, lines=2),
        Field("instructions", _tr("Instructions"), _tr("shown with every alarm"), longest=4000, lines=3),
        Field("keys", _tr("Keys held"), _tr("key box KB-0233; empty: none")),
        Field("note", _tr("Note"), _tr("pops up when the site or an alarm is opened"), longest=4000, lines=2),
        Field("note_until", _tr("Note until"), _tr("30 Nov 23:59; empty: until taken away"), reads=_wrong(_moment)),
    )


def details_values(details: SiteDetails) -> dict[str, Value]:
    """Its fields."""
    values: dict[str, Value] = {name: str(value or "") for name, value in details.model_dump().items()}
    values["note_until"] = write_moment(details.note_until)
    return values


def details_record(values: Mapping[str, Value]) -> dict[str, Any]:
    """What the act sends."""
    given: dict[str, Any] = dict(values)
    given["country"] = str(given["country"]).upper()
    given["note_until"] = _sent(_moment(str(values["note_until"]), end=True))
    return given


def contact_fields() -> tuple[Field, ...]:
    """Part ``contact:<id>``."""
    rights = {
        ContactRight.CANCEL: _tr("may cancel alarms"),
        ContactRight.TEST: _tr("may put the whole site in test"),
        ContactRight.HOURS: _tr("may change hours"),
        ContactRight.CONTACTS: _tr("may change contacts"),
    }
    return (
        Field("name", _tr("Name")),
        Field("role", _tr("Role"), _tr("owner, manager, caretaker"), longest=100),
        Field(
            "numbers",
            _tr("Dial in order"),
            _tr("one a line: mobile +32 470 55 50 01; write “private” behind one that nobody may see"),
            lines=3,
            reads=_wrong(_numbers),
        ),
        Field("languages", _tr("Speaks"), _tr("FR, NL, EN"), longest=60),
        *(
            Field(right.name.lower(), _tr("Rights") if right is ContactRight.CANCEL else "", words, check=True)
            for right, words in rights.items()
        ),
        Field("away_from", _tr("Away from"), _tr("today, 28 Nov 08:00; empty: already"), reads=_wrong(_moment)),
        Field(
            "away_until",
            _tr("Away until"),
            _tr("30 Nov 23:59; empty with a beginning: until further notice"),
            reads=_wrong(lambda text: _moment(text, end=True)),
        ),
        Field(
            "available",
            _tr("Available"),
            _tr("Mon-Fri 09:00-17:00, Sat 10:00-12:00; empty: always"),
            longest=400,
            reads=_wrong(read_week),
        ),
        Field("substitute", _tr("Substitute"), choices=(("", _tr("nobody")),)),
        Field("suspended", "", _tr("Suspended: stays on file, not called"), check=True),
        Field("installer", "", _tr("Installer: no view of customers"), check=True),
    )


def contact_values(contact: ContactFile) -> dict[str, Value]:
    """Its fields."""
    values: dict[str, Value] = {
        "name": contact.name,
        "role": contact.role,
        "languages": contact.languages,
        "numbers": "\n".join(
            f"{number.label} {number.number}{' private' if number.private else ''}".strip()
            for number in contact.numbers
        ),
        "away_from": write_moment(contact.away_from),
        "away_until": write_moment(contact.away_until),
        "available": write_week(contact.available),
        "substitute": contact.substitute,
        "suspended": contact.suspended,
        "installer": contact.installer,
    }
    for right in ContactRight:
        values[right.name.lower()] = right in contact.rights
    return values


def contact_record(values: Mapping[str, Value], person: str = "") -> dict[str, Any]:
    """What the act sends."""
    return {
        "person": person,
        "name": values["name"],
        "role": values["role"],
        "languages": values["languages"],
        "numbers": [number.model_dump() for number in _numbers(str(values["numbers"]))],
        "rights": [right.value for right in ContactRight if values[right.name.lower()]],
        **absence_record(values),
        "available": [span.model_dump() for span in read_week(str(values["available"]))],
        "substitute": values["substitute"],
        "suspended": values["suspended"],
        "installer": values["installer"],
    }


def absence_record(values: Mapping[str, Value]) -> dict[str, Any]:
    """What the act of an absence alone sends (C1)."""
    return {
        "away_from": _sent(_moment(str(values["away_from"]))),
        "away_until": _sent(_moment(str(values["away_until"]), end=True)),
    }


def words_fields() -> tuple[Field, ...]:
    """A contact's words: typed, never shown."""
    return (
        Field("code", _tr("New code word"), _tr("empty: stays as it is"), longest=100, secret=True),
        Field("no_code", "", _tr("Remove the code word"), check=True),
        Field("duress", _tr("New duress word"), _tr("empty: stays as it is"), longest=100, secret=True),
        Field("no_duress", "", _tr("Remove the duress word"), check=True),
    )


def words_record(values: Mapping[str, Value]) -> dict[str, str]:
    """What the act sends: a word, nothing for one that goes, and no key for one that stays."""
    given: dict[str, str] = {}
    for which in ("code", "duress"):
        if values[f"no_{which}"]:
            given[which] = ""
        elif values[which]:
            given[which] = str(values[which])
    return given


def _seconds(text: str) -> int | None:
    """``90``, ``90 s``, ``25 h``, ``10 min``; None for nothing."""
    match = re.match(r"^(\d+)\s*(s|min|h|d)?$", text.strip())
    if not text.strip():
        return None
    if match is None:
        raise ValueError(f"“{text}” is no time span, such as 90 s, 10 min, 25 h.")
    return int(match[1]) * {"s": 1, "min": 60, "h": 3600, "d": 86400}[match[2] or "s"]


def _span(seconds: int | None) -> str:
    if not seconds:
        return "" if seconds is None else "0 s"
    for name, size in (("h", 3600), ("min", 60)):
        if seconds % size == 0:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


def system_fields(*, new: bool) -> tuple[Field, ...]:
    """Part ``system:<account>``."""
    fields = (
        Field("account", _tr("Account"), _tr("3 to 16 letters and digits"), longest=16, fixed=not new),
        Field("label", _tr("Name"), _tr("Main panel")),
        Field("model", _tr("Make and model")),
        Field("provider", _tr("Provider"), _tr("whose path it comes by"), longest=100),
        Field(
            "interval", _tr("Supervision"), _tr("90 s, 25 h; empty: its silence says nothing"), reads=_wrong(_seconds)
        ),
        Field("margin", _tr("Margin"), _tr("empty: the station's"), reads=_wrong(_seconds)),
    )
    if new:
        return (*fields, Field("replaces", _tr("Takes the place of"), choices=(("", _tr("no other")),)))
    return (*fields, Field("out", "", _tr("Out of service"), check=True))


def system_values(system: SystemFile) -> dict[str, Value]:
    """Its fields."""
    return {
        "account": system.account,
        "label": system.label,
        "model": system.model,
        "provider": system.provider,
        "interval": "" if not system.interval_s else _span(system.interval_s),
        "margin": _span(system.margin_s),
        "out": system.out_of_service_at is not None,
    }


def system_record(values: Mapping[str, Value], system: SystemFile | None, now: datetime) -> dict[str, Any]:
    """What the act sends; ``system`` is what it was."""
    given: dict[str, Any] = {
        "account": str(values["account"]).upper(),
        "label": values["label"],
        "model": values["model"],
        "provider": values["provider"],
        "interval_s": _seconds(str(values["interval"])) or 0,
        "margin_s": _seconds(str(values["margin"])),
    }
    if system is not None:
        since = (system.out_of_service_at or now) if values["out"] else None
        given["out_of_service_at"] = _sent(since)
        given["in_service_at"] = _sent(system.in_service_at)
        given["replaced_by"] = system.replaced_by if values["out"] else ""
    return given


def _sent(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()

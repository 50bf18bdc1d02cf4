"""What a vendor means by its codes, where that is not what the code tables say (dc09.md §5.3).

Nothing may be hidden by it: a code that stands for danger stays in sight.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from console.station.codes import CidCode, Kind, cid_codes, kind, kinds, sia_codes
from console.station.rules.refusal import Refused
from models.records import ErrorCode, Event, EventRole, Priority

_CODE = re.compile(r"(?P<qualifier>[136]?)(?P<cid>[0-9B-F]{3})|(?P<sia>[A-Z]{2})")
TEXTS = "/A"
"""``/A=text``: what begins so behind an event is text, and no code: "CL/AT1" is closed by T1, and no mains failure."""
_LOG_ROLES = {
    "opening": EventRole.OPEN,
    "closing": EventRole.CLOSE,
    "cancel": EventRole.CANCEL,
    "test": EventRole.TEST,
}


def read_overrides(stored: str | None) -> dict[str, str]:
    """``423=duress NC=closing`` as code to kind."""
    return dict(item.split("=", 1) for item in (stored or "").split())


def write_overrides(overrides: Mapping[str, str]) -> str | None:
    """As it is stored; None for none."""
    return " ".join(f"{code}={name}" for code, name in sorted(overrides.items())) or None


def changed_overrides(before: Mapping[str, str], given: tuple[str, ...]) -> dict[str, str]:
    """``before`` with each ``CODE=KIND`` set and each ``CODE=`` removed. :class:`Refused` with a sentence."""
    after = dict(before)
    for item in given:
        code, equals, name = (part.strip() for part in item.partition("="))
        code = code.upper()
        if not equals or not (code == TEXTS or _CODE.fullmatch(code)):
            raise _refused(
                f"'{item}' is not CODE=KIND: a code is two letters (NC), or three digits of Contact ID with the "
                "qualifier before them or not (423, 1423)."
            )
        if not name:
            if after.pop(code, None) is None:
                raise _refused(f"There is no override of {code} to remove.")
            continue
        if code == TEXTS:
            if name != "text":
                raise _refused(f"{TEXTS} can only be text: {TEXTS}=text.")
            after[code] = name
            continue
        if name not in kinds():
            raise _refused(f"There is no kind '{name}'. Kinds: {', '.join(sorted(kinds()))}.")
        _check_in_sight(code, kind(name))
        after[code] = name
    return after


def _check_in_sight(code: str, wanted: Kind) -> None:
    own = _own_kind(code)
    if own is None or own.priority >= Priority.LOG:
        return
    if own.priority == Priority.EMERGENCY and wanted.priority > Priority.MEDIUM:
        raise _refused(f"{code} means {own.words}, an Emergency: it cannot be lowered to {wanted.words}.")
    if wanted.priority == Priority.LOG:
        raise _refused(f"{code} means {own.words}, an alarm: it cannot be hidden as {wanted.words}, log only.")


def _own_kind(code: str) -> Kind | None:
    """What the tables say that a code raises; None where they say nothing, or that it raises nothing."""
    found = _CODE.fullmatch(code)
    assert found is not None
    if found["sia"]:
        sia = sia_codes().get(code)
        return kind(sia.kind) if sia is not None and sia.role is EventRole.ALARM else None
    cid = cid_codes().get(found["cid"])
    if cid is None or EventRole.ALARM not in _roles(cid, found["qualifier"]):
        return None
    return kind(cid.kind)


def _roles(code: CidCode, qualifier: str) -> set[EventRole]:
    if not qualifier:
        return {code.role_1, code.role_3}
    return {code.role_3 if qualifier == "3" else code.role_1}


def overridden(event: Event, overrides: Mapping[str, str]) -> Event:
    """An event with the meaning that the account gives to its code."""
    exact = overrides.get(f"{event.qualifier}{event.code}") if event.qualifier else None
    name = exact or overrides.get(event.code)
    if name is None:
        return event
    meant = kind(name)
    if meant.priority == Priority.LOG:
        role = _LOG_ROLES.get(meant.name, EventRole.INFO)
    elif exact is None and event.qualifier == "3" and event.role in (EventRole.RESTORE, EventRole.CLOSE):
        # Without a qualifier the code as a whole is meant: its restoral stays one.
        role = EventRole.RESTORE
    else:
        role = EventRole.ALARM
    restores = event.code if role is EventRole.RESTORE else None
    return replace(event, kind=meant.name, description=meant.words, role=role, restores=restores)


def _refused(sentence: str) -> Refused:
    return Refused(ErrorCode.INVALID, sentence, "override")

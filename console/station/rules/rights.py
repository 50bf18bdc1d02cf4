"""Who may do what: the table of rulebook H, checked on the server for every act."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from console.station.rules.refusal import Refused
from models.records import ErrorCode, StaffRole

_OPERATOR, _DESK, _SUPERVISOR = StaffRole.OPERATOR, StaffRole.SERVICE_DESK, StaffRole.SUPERVISOR


class Right(StrEnum):
    """The acts of rulebook H that exist so far; the value reads after "may"."""

    HANDLE = "handle alarms"
    """take, call, note, park, close, cancel on behalf of a verified caller"""
    REASSIGN = "take over or reassign another's alarm"
    ANSWER = "answer whoever asks for help"
    KEEP_SKILLS = "change what operators can be given"
    WHOLE_TEST = "put a whole site in or out of test"
    PART_TEST = "put a part of a site in test"
    """with or without an end; planned tests; shelving"""
    UNCONFIRMED_LIFE_SAFETY = "put life safety in the test of a part without confirming it"
    SHELVE_LIFE_SAFETY = "put a zone of fire, hold-up or medical help aside"
    REVEAL_HELD = "see code words of a held alarm"
    REVEAL_ANY = "see code words"
    WATCH = "see the queue"
    EDIT_FILE = "change site files"
    """contacts, order, availability, procedures, systems, zones, hours"""
    SET_ABSENCE = "set a temporary absence"
    SET_TEMPORARY_HOURS = "set temporary hours"
    ISSUE_CODES = "issue ID codes and PINs"
    """also: remove an e-mail address, end sessions"""
    DESK_TASKS = "do tasks of the service desk"
    READ_JOURNAL = "see the whole journal"
    READ_OWN_SHIFT = "see the journal of their own shift"
    READ_SITE_JOURNAL = "see the journal of a site at hand"
    READ_FIGURES = "see how fast alarms were answered"
    HAND_OVER = "hand over the journal and its reports"
    """also: by e-mail, as it was set up"""
    SET_TARGETS = "set the response targets"
    STORM = "keep storm profiles"
    BULK_CLOSE = "close several waiting alarms at once"


_WHO: dict[Right, frozenset[StaffRole]] = {
    Right.HANDLE: frozenset({_OPERATOR, _SUPERVISOR}),
    Right.REASSIGN: frozenset({_SUPERVISOR}),
    Right.ANSWER: frozenset({_SUPERVISOR}),
    Right.KEEP_SKILLS: frozenset({_SUPERVISOR}),
    Right.WHOLE_TEST: frozenset({_OPERATOR, _DESK, _SUPERVISOR}),
    Right.PART_TEST: frozenset({_OPERATOR, _DESK, _SUPERVISOR}),
    Right.UNCONFIRMED_LIFE_SAFETY: frozenset({_SUPERVISOR}),
    Right.SHELVE_LIFE_SAFETY: frozenset({_SUPERVISOR}),
    Right.REVEAL_HELD: frozenset({_OPERATOR, _DESK, _SUPERVISOR}),
    Right.REVEAL_ANY: frozenset({_DESK, _SUPERVISOR}),
    Right.WATCH: frozenset({_OPERATOR, _DESK, _SUPERVISOR}),
    Right.EDIT_FILE: frozenset({_DESK, _SUPERVISOR}),
    Right.SET_ABSENCE: frozenset({_OPERATOR, _DESK, _SUPERVISOR}),
    Right.SET_TEMPORARY_HOURS: frozenset({_OPERATOR, _DESK, _SUPERVISOR}),
    Right.ISSUE_CODES: frozenset({_DESK, _SUPERVISOR}),
    Right.DESK_TASKS: frozenset({_DESK, _SUPERVISOR}),
    Right.READ_JOURNAL: frozenset({_SUPERVISOR}),
    Right.READ_OWN_SHIFT: frozenset({_OPERATOR, _SUPERVISOR}),
    Right.READ_SITE_JOURNAL: frozenset({_OPERATOR, _DESK, _SUPERVISOR}),
    Right.READ_FIGURES: frozenset({_SUPERVISOR}),
    Right.HAND_OVER: frozenset({_SUPERVISOR}),
    Right.SET_TARGETS: frozenset({_SUPERVISOR}),
    Right.STORM: frozenset({_SUPERVISOR}),
    Right.BULK_CLOSE: frozenset({_SUPERVISOR}),
}

_ROLE_WORDS = {
    StaffRole.OPERATOR: "an operator",
    StaffRole.SERVICE_DESK: "the service desk",
    StaffRole.SUPERVISOR: "a supervisor",
    StaffRole.ADMINISTRATOR: "an administrator",
}


def may(roles: Iterable[StaffRole], right: Right) -> bool:
    """Whether any of ``roles`` gives ``right``."""
    return not _WHO[right].isdisjoint(roles)


def require(roles: Iterable[StaffRole], right: Right) -> None:
    """Refuse with a sentence that names the right and who has it."""
    roles = tuple(roles)
    if may(roles, right):
        return
    who = " or ".join(_ROLE_WORDS[role] for role in StaffRole if role in _WHO[right])
    raise Refused(ErrorCode.NOT_ALLOWED, f"Only {who} may {right.value}.")

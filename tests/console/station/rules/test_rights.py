"""Rulebook H: who may do what, whole, as far as the acts exist."""

from __future__ import annotations

import pytest

from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, may, require
from models.records import ErrorCode, StaffRole

OPERATOR, DESK = StaffRole.OPERATOR, StaffRole.SERVICE_DESK
SUPERVISOR, ADMINISTRATOR = StaffRole.SUPERVISOR, StaffRole.ADMINISTRATOR

TABLE = {
    Right.HANDLE: {OPERATOR, SUPERVISOR},
    Right.REASSIGN: {SUPERVISOR},
    Right.ANSWER: {SUPERVISOR},
    Right.KEEP_SKILLS: {SUPERVISOR},
    Right.WHOLE_TEST: {OPERATOR, DESK, SUPERVISOR},
    Right.PART_TEST: {OPERATOR, DESK, SUPERVISOR},
    Right.UNCONFIRMED_LIFE_SAFETY: {SUPERVISOR},
    Right.SHELVE_LIFE_SAFETY: {SUPERVISOR},
    Right.REVEAL_HELD: {OPERATOR, DESK, SUPERVISOR},
    Right.REVEAL_ANY: {DESK, SUPERVISOR},
    Right.WATCH: {OPERATOR, DESK, SUPERVISOR},
    Right.EDIT_FILE: {DESK, SUPERVISOR},
    Right.SET_ABSENCE: {OPERATOR, DESK, SUPERVISOR},
    Right.SET_TEMPORARY_HOURS: {OPERATOR, DESK, SUPERVISOR},
    Right.ISSUE_CODES: {DESK, SUPERVISOR},
    Right.DESK_TASKS: {DESK, SUPERVISOR},
    Right.READ_JOURNAL: {SUPERVISOR},
    Right.READ_OWN_SHIFT: {OPERATOR, SUPERVISOR},
    Right.READ_SITE_JOURNAL: {OPERATOR, DESK, SUPERVISOR},
    Right.READ_FIGURES: {SUPERVISOR},
    Right.HAND_OVER: {SUPERVISOR},
    Right.SET_TARGETS: {SUPERVISOR},
    Right.STORM: {SUPERVISOR},
    Right.BULK_CLOSE: {SUPERVISOR},
}


def test_H_every_right_is_in_this_table() -> None:
    assert set(TABLE) == set(Right)


@pytest.mark.parametrize("role", list(StaffRole))
@pytest.mark.parametrize("right", list(Right))
def test_H_who_may_do_what(right: Right, role: StaffRole) -> None:
    assert may([role], right) == (role in TABLE[right])
    if role not in TABLE[right]:
        with pytest.raises(Refused) as refused:
            require([role], right)
        assert refused.value.code is ErrorCode.NOT_ALLOWED
        assert right.value in refused.value.sentence


def test_H_a_supervisor_has_what_operator_and_desk_have_and_an_administrator_handles_nothing() -> None:
    for right in Right:
        if may([OPERATOR], right) or may([DESK], right):
            assert may([SUPERVISOR], right)
        assert not may([ADMINISTRATOR], right)


def test_H_roles_add_up() -> None:
    assert may([ADMINISTRATOR, OPERATOR], Right.HANDLE)
    assert not may([], Right.WATCH)


def test_H_a_refusal_names_who_may() -> None:
    with pytest.raises(Refused, match="Only an operator or a supervisor may handle alarms"):
        require([DESK], Right.HANDLE)

"""I4: what nobody takes is brought before supervisors, then before everybody. A checklist of waits."""

from __future__ import annotations

import pytest

from console.station.rules import escalation, transitions
from console.station.rules.profile import DEFAULT_PROFILE
from models.records import AlarmState, CallOutcome
from tests.console.station.rules.facts import CLAES, alarm, later


@pytest.mark.parametrize(
    ("priority", "waited_s", "level"),
    [
        (1, 59, 0), (1, 60, 1), (1, 119, 1), (1, 120, 2), (1, 99_999, 2),
        (2, 179, 0), (2, 180, 1), (2, 300, 2),
        (3, 299, 0), (3, 300, 1), (3, 600, 2),
        (4, 899, 0), (4, 900, 1), (4, 1800, 2),
    ],
)  # fmt: skip
def test_I4_the_longer_it_waits_the_more_hear_of_it(priority: int, waited_s: int, level: int) -> None:
    assert escalation.level(alarm(priority=priority), DEFAULT_PROFILE, later(waited_s)) == level


@pytest.mark.parametrize("state", [AlarmState.HELD, AlarmState.PARKED, AlarmState.CLOSED])
def test_I4_what_somebody_has_is_not_unattended(state: AlarmState) -> None:
    assert escalation.level(alarm(state, priority=1), DEFAULT_PROFILE, later(9999)) == 0


def test_I4_a_duress_word_on_the_phone_begins_the_wait_anew() -> None:
    low = alarm(AlarmState.HELD, priority=4, calling_since=later(4000), escalated=1)
    raised = transitions.end_call(low, CLAES, CallOutcome.DURESS, "", later(4030))
    assert (raised.escalated, raised.clock_from, raised.taken_at) == (0, later(4030), later(4030))
    back = transitions.give_back(raised, later(4060), "WS is not answering")
    assert escalation.escalate(back, DEFAULT_PROFILE, later(4089)) is None
    first = escalation.escalate(back, DEFAULT_PROFILE, later(4090))
    assert first is not None
    assert first.escalated == 1
    again = transitions.end_call(raised, CLAES, CallOutcome.DURESS, "", later(4050))
    assert again.clock_from == later(4030), "an Emergency's clock is never reset"


def test_each_step_is_told_once_and_a_take_begins_anew() -> None:
    first = escalation.escalate(alarm(priority=1), DEFAULT_PROFILE, later(60))
    assert first is not None
    assert escalation.words(first, later(60)) == "Unattended for 1:00, escalated to supervisors"
    assert escalation.escalate(first, DEFAULT_PROFILE, later(119)) is None
    second = escalation.escalate(first, DEFAULT_PROFILE, later(120))
    assert second is not None
    assert escalation.escalate(second, DEFAULT_PROFILE, later(999)) is None
    assert transitions.take(second, CLAES, later(130)).escalated == 0

"""The transition table of architecture.md §4: what is listed works, all else is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from console.station.rules import transitions
from console.station.rules.alarm import Alarm
from console.station.rules.profile import DEFAULT_PROFILE
from console.station.rules.refusal import Refused
from models.records import AlarmState, CallOutcome, Disposition, ErrorCode, Priority
from tests.console.station.rules.facts import CLAES, DUBOIS, NOW, alarm, later

WAITING, HELD, PARKED, CLOSED = AlarmState.WAITING, AlarmState.HELD, AlarmState.PARKED, AlarmState.CLOSED


def close(one: Alarm, disposition: Disposition = Disposition.NO_CAUSE, **changes: object) -> Alarm:
    return transitions.close(one, CLAES, disposition, str(changes.get("reason", "no trace")), (), later(60))


ACTS: dict[str, Callable[[Alarm], Alarm]] = {
    "take": lambda one: transitions.take(one, DUBOIS, later(5)),
    "release": lambda one: transitions.release(one, CLAES, later(5)),
    "lease or idle end": lambda one: transitions.give_back(one, later(5), "WS1 is not answering"),
    "hand over": lambda one: transitions.hand_over(one, CLAES, DUBOIS, later(5), supervisor=False),
    "park": lambda one: transitions.park(one, CLAES, later(120), "patrol", later(5), DEFAULT_PROFILE),
    "wake": lambda one: transitions.wake(one, later(5), "its time is reached"),
    "close": close,
    "cancelled by": lambda one: transitions.cancel(one, "An Peeters", "phone", "cleaner", later(5)),
    "self-completion": lambda one: transitions.complete_itself(one, "restored", later(5)),
    "act": lambda one: transitions.act(one, CLAES, later(5)),
    "seen": lambda one: transitions.seen(one, CLAES, 1, 0, later(5)),
    "begin call": lambda one: transitions.begin_call(one, CLAES, "Contact 1: calling", later(5)),
}

TABLE: dict[tuple[str, AlarmState], AlarmState] = {
    ("take", WAITING): HELD,
    ("take", PARKED): HELD,
    ("release", HELD): WAITING,
    ("lease or idle end", HELD): WAITING,
    ("hand over", HELD): HELD,
    ("park", HELD): PARKED,
    ("wake", PARKED): WAITING,
    ("close", HELD): CLOSED,
    ("cancelled by", WAITING): WAITING,
    ("cancelled by", HELD): HELD,
    ("cancelled by", PARKED): PARKED,
    ("act", HELD): HELD,
    ("seen", HELD): HELD,
    ("begin call", HELD): HELD,
}
LOW: dict[tuple[str, AlarmState], AlarmState] = {
    **TABLE,
    ("cancelled by", WAITING): CLOSED,
    ("cancelled by", PARKED): CLOSED,
    ("self-completion", WAITING): CLOSED,
}


@pytest.mark.parametrize("priority", [1, 2, 3, 4])
@pytest.mark.parametrize("state", list(AlarmState))
@pytest.mark.parametrize("act", ACTS)
def test_table_what_is_listed_works_and_nothing_besides(act: str, state: AlarmState, priority: int) -> None:
    before = alarm(state, priority=priority)
    listed = (LOW if priority == Priority.LOW else TABLE).get((act, state))
    if listed is None:
        with pytest.raises(Refused):
            ACTS[act](before)
        return
    after = ACTS[act](before)
    assert after.state is listed
    assert after.version > before.version
    assert (after.holder is not None) == (after.state is HELD)
    assert (after.parked_until is not None) == (after.parked_by is not None) == (after.state is PARKED)
    assert (after.closed_at is not None) == (after.state is CLOSED)


def test_G2_taking_what_another_holds_names_the_holder() -> None:
    with pytest.raises(Refused) as refused:
        transitions.take(alarm(HELD), DUBOIS, NOW)
    assert refused.value.code is ErrorCode.HELD_BY_OTHER
    assert refused.value.sentence == "A-1 is in the hands of M. Claes at WS1."


@pytest.mark.parametrize("act", ["release", "park", "close", "act", "seen", "begin call", "hand over"])
@pytest.mark.parametrize("change", [{"holder": "dubois"}, {"workstation": "WS9"}], ids=["other person", "other place"])
def test_G2_only_its_holder_at_its_workstation_acts(act: str, change: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        ACTS[act](replace(alarm(HELD), **change))
    assert refused.value.code is ErrorCode.HELD_BY_OTHER


def test_H_a_supervisor_reassigns_what_another_holds() -> None:
    given = transitions.hand_over(alarm(HELD), DUBOIS, DUBOIS, later(5), supervisor=True)
    assert (given.holder, given.workstation, given.calling_since) == ("dubois", "WS2", None)


def test_I3_a_return_never_resets_the_clock() -> None:
    taken = transitions.take(alarm(), CLAES, later(20))
    back = transitions.give_back(taken, later(60), "WS1 is not answering")
    assert (back.clock_from, back.taken_at) == (NOW, later(20))
    assert back.returned_why == "WS1 is not answering"


def test_targets_the_first_act_counts_and_later_takes_do_not() -> None:
    again = transitions.take(
        transitions.release(transitions.take(alarm(), CLAES, later(20)), CLAES, later(30)), DUBOIS, later(90)
    )
    assert again.taken_at == later(20)


@pytest.mark.parametrize(("priority", "minutes"), [(1, 5), (2, 30), (3, 120), (4, 1440)])
def test_I4_no_alarm_is_parked_longer_than_its_priority_allows(priority: int, minutes: int) -> None:
    held = alarm(HELD, priority=priority)
    until = later(minutes * 60)
    assert transitions.park(held, CLAES, until, "patrol", NOW, DEFAULT_PROFILE).parked_until == until
    with pytest.raises(Refused, match=f"{minutes} minutes at most"):
        transitions.park(held, CLAES, later(minutes * 60 + 1), "patrol", NOW, DEFAULT_PROFILE)


def test_I4_no_alarm_is_parked_into_the_past() -> None:
    with pytest.raises(Refused, match="time to come"):
        transitions.park(alarm(HELD), CLAES, NOW, "patrol", NOW, DEFAULT_PROFILE)


@pytest.mark.parametrize("act", ["close", "park"])
def test_I8_unseen_signals_keep_an_alarm_open_and_in_hand(act: str) -> None:
    with pytest.raises(Refused) as refused:
        ACTS[act](alarm(HELD, unseen=2))
    assert refused.value.code is ErrorCode.SIGNALS_UNSEEN
    assert refused.value.sentence == "2 new signals are not marked as seen."


def test_I8_seen_covers_what_was_on_screen_and_no_later_signal() -> None:
    marked = transitions.seen(alarm(HELD, last_seq=9, unseen=3), CLAES, 7, 1, later(5))
    assert (marked.seen_seq, marked.unseen) == (7, 1)
    with pytest.raises(Refused, match="does not belong"):
        transitions.seen(alarm(HELD, last_seq=9), CLAES, 10, 0, later(5))


@pytest.mark.parametrize("act", ["close", "park", "begin call"])
def test_G3_a_running_call_must_end_first(act: str) -> None:
    with pytest.raises(Refused, match="A call is running"):
        ACTS[act](alarm(HELD, calling_since=NOW))


def test_close_needs_the_required_steps_and_above_medium_a_reason() -> None:
    with pytest.raises(Refused, match="Call the police"):
        transitions.close(alarm(HELD), CLAES, Disposition.NO_CAUSE, "x", ("Call the police.",), NOW)
    with pytest.raises(Refused, match="reason in words"):
        close(alarm(HELD, priority=2), reason=" ")
    assert close(alarm(HELD), reason=" ").state is CLOSED


def test_I13_nobody_closes_as_cancelled_what_nobody_cancelled_or_as_the_station() -> None:
    with pytest.raises(Refused, match="Nobody cancelled"):
        close(alarm(HELD), Disposition.CANCELLED)
    with pytest.raises(Refused, match="station's own"):
        close(alarm(HELD), Disposition.SELF_COMPLETED)
    assert close(alarm(HELD, cancelled_at=NOW), Disposition.CANCELLED).state is CLOSED


@pytest.mark.parametrize("state", [WAITING, HELD, PARKED])
@pytest.mark.parametrize("priority", [1, 2, 3, 4])
def test_I13_a_cancel_from_the_panel_never_ends_anything(state: AlarmState, priority: int) -> None:
    noted = transitions.cancel(alarm(state, priority=priority), "user 4", "panel", "", NOW, by_panel=True)
    assert (noted.state, noted.cancelled_by, noted.cancel_channel) == (state, "user 4", "panel")


def test_duress_word_raises_to_emergency_and_looks_like_success() -> None:
    done = transitions.end_call(alarm(HELD, calling_since=NOW), CLAES, CallOutcome.DURESS, "", later(5))
    assert (done.priority, done.silent, done.life_safety, done.calling_since) == (1, True, True, None)
    plain = transitions.end_call(alarm(HELD, calling_since=NOW), CLAES, CallOutcome.VERIFIED, "", later(5))
    assert (plain.priority, plain.silent) == (3, False)

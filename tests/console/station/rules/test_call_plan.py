"""The call list that applies now: C4, G3, silent alarms, and the gate of the close."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from console.station.rules.call_plan import LAST, compute, standard_order
from console.station.rules.plan_facts import AttemptFacts, PlanFacts, StepFacts
from models.records import AlarmClass, CallOutcome, CallPlan, StepKind, StepState
from tests.console.station.rules.facts import NOW, later

AN = StepFacts(
    "contact:an", StepKind.CONTACT, "An", contact="an", numbers=(("mobile", "0470"), ("home", "09")), has_code_word=True
)
BERT = StepFacts("contact:bert", StepKind.CONTACT, "Bert", contact="bert", numbers=(("mobile", "0471"),))
CARL = StepFacts("contact:carl", StepKind.CONTACT, "Carl", contact="carl", numbers=(("mobile", "0472"),))
POLICE = StepFacts("authority:police", StepKind.AUTHORITY, "Police", numbers=(("emergency", "112"),))
MEDIUM = PlanFacts(priority=3, alarm_class=AlarmClass.INTRUSION, silent=False, cancelled=False)
SILENT = replace(MEDIUM, priority=1, silent=True)


def tried(
    step: StepFacts, outcome: CallOutcome | None, number: str | None = None, why: str = "", at: float = 0
) -> AttemptFacts:
    dialled = step.numbers[0][1] if number is None else number
    return AttemptFacts(step.key, dialled, later(at), outcome, "M. Claes", why, later(at))


def plan(
    *attempts: AttemptFacts, facts: PlanFacts = MEDIUM, contacts: Any = (AN, BERT), premises: str | None = "09555"
) -> CallPlan:
    return compute("standard order", standard_order(facts, premises, contacts, [POLICE]), attempts, facts, later(60))


def now_to_call(found: CallPlan) -> str | None:
    if found.current is None:
        return None
    step = found.steps[found.current]
    return f"{step.name} {step.numbers[found.current_number].number}"


NOBODY_HOME = tried(replace(AN, key="premises", numbers=(("premises", "09555"),)), CallOutcome.NO_ANSWER)


def test_C4_premises_first_then_the_contacts_in_order_then_the_authority() -> None:
    found = plan()
    assert [step.name for step in found.steps] == ["Premises", "An", "Bert", "Police"]
    assert [step.title for step in found.steps] == ["Premises", "Contact 1", "Contact 2", "Authority"]
    assert [step.index for step in found.steps] == [0, 1, 2, 3]
    assert [step.state for step in found.steps] == [StepState.CURRENT, *[StepState.NEXT] * 3]
    assert now_to_call(found) == "Premises 09555"


def test_C4_all_numbers_are_there_in_the_order_in_which_to_dial() -> None:
    assert [(one.label, one.number) for one in plan().steps[1].numbers] == [("mobile", "0470"), ("home", "09")]


@pytest.mark.parametrize(
    ("from_", "until", "away"),
    [(None, 600, True), (0, None, True), (0, 600, True), (61, 600, False), (0, 60, False), (60, 600, True)],
)
def test_C4_who_is_away_is_shown_and_skipped(from_: int | None, until: int | None, away: bool) -> None:
    an = replace(
        AN,
        away_from=None if from_ is None else later(from_),
        away_until=None if until is None else later(until),
    )
    found = plan(NOBODY_HOME, contacts=(an, BERT))
    assert [step.name for step in found.steps] == ["Premises", "An", "Bert", "Police"]
    assert (found.steps[1].state is StepState.AWAY) == away
    assert found.steps[1].why.startswith("Away") == away
    assert now_to_call(found) == ("Bert 0471" if away else "An 0470")


def test_C4_a_contact_without_a_number_is_shown_and_skipped() -> None:
    found = plan(NOBODY_HOME, contacts=(replace(AN, numbers=()), BERT))
    assert (found.steps[1].state, found.steps[1].why) == (StepState.AWAY, "No number")
    assert now_to_call(found) == "Bert 0471"


@pytest.mark.parametrize(
    ("outcome", "then"),
    [
        (CallOutcome.NO_ANSWER, "An 09"),
        (CallOutcome.VOICEMAIL, "An 09"),
        (CallOutcome.WRONG_NUMBER, "An 09"),
        (CallOutcome.BUSY, "An 09"),
        (CallOutcome.BROKEN_OFF, "An 0470"),
        (CallOutcome.WRONG_CODE, "Bert 0471"),
        (CallOutcome.REFUSED, "Bert 0471"),
        (CallOutcome.SKIPPED, "Bert 0471"),
        (CallOutcome.VERIFIED, None),
        (CallOutcome.REACHED, None),
    ],
)
def test_G3_what_follows_each_outcome(outcome: CallOutcome, then: str | None) -> None:
    assert now_to_call(plan(NOBODY_HOME, tried(AN, outcome))) == then


def test_G3_after_the_last_number_comes_the_next_person_and_after_the_last_person_the_authority() -> None:
    an = [tried(AN, CallOutcome.NO_ANSWER), tried(AN, CallOutcome.NO_ANSWER, "09")]
    assert now_to_call(plan(NOBODY_HOME, *an)) == "Bert 0471"
    assert now_to_call(plan(NOBODY_HOME, *an, tried(BERT, CallOutcome.WRONG_CODE))) == "Police 112"
    all_ = (NOBODY_HOME, *an, tried(BERT, CallOutcome.WRONG_CODE), tried(POLICE, CallOutcome.NO_ANSWER))
    ended = plan(*all_)
    # Never nothing: what is to be done when nobody was reached is a step, and gates the close.
    assert ended.current is not None
    assert (ended.steps[ended.current].name, len(ended.missing)) == ("Nobody was reached", 1)
    told = AttemptFacts(LAST, "", NOW, CallOutcome.DONE, "M. Claes")
    assert (plan(*all_, told).current, plan(*all_, told).missing) == (None, ())


def test_G3_a_wrong_number_stays_marked_whatever_came_after_until_they_were_reached_by_it() -> None:
    wrong = tried(AN, CallOutcome.WRONG_NUMBER)

    def marked(*after: AttemptFacts) -> list[bool]:
        return [number.wrong for number in plan(NOBODY_HOME, wrong, *after).steps[1].numbers]

    assert marked() == [True, False]
    assert marked(tried(AN, CallOutcome.NO_ANSWER), tried(AN, CallOutcome.NO_ANSWER)) == [True, False]
    assert marked(tried(AN, CallOutcome.REFUSED)) == [False, False]
    shared = replace(BERT, numbers=(("home", "0470"),))
    assert not plan(NOBODY_HOME, wrong, contacts=(AN, shared)).steps[2].numbers[0].wrong, "it may be right for another"


def test_G3_every_attempt_is_shown_beside_its_number() -> None:
    found = plan(NOBODY_HOME, tried(AN, CallOutcome.BUSY), tried(AN, CallOutcome.NO_ANSWER))
    assert [one.outcome for one in found.steps[1].numbers[0].attempts] == [CallOutcome.BUSY, CallOutcome.NO_ANSWER]
    assert found.steps[1].numbers[1].attempts == ()


def test_G3_a_running_call_is_the_current_step_whatever_the_order_says() -> None:
    found = plan(tried(BERT, None))
    assert now_to_call(found) == "Bert 0471"
    assert found.steps[2].numbers[0].calling_since == NOW
    assert found.steps[0].state is StepState.NEXT


def test_C4_a_skipped_step_keeps_its_reason() -> None:
    found = plan(NOBODY_HOME, tried(AN, CallOutcome.SKIPPED, "", "in hospital"))
    assert (found.steps[1].state, found.steps[1].why) == (StepState.SKIPPED, "in hospital")


def test_silent_nobody_calls_the_premises_and_the_authority_comes_first() -> None:
    found = plan(facts=SILENT)
    assert [step.name for step in found.steps] == ["Police", "An", "Bert", "Premises"]
    assert (found.steps[-1].state, found.steps[-1].why) == (
        StepState.SKIPPED,
        "Silent alarm: do not call the premises",
    )
    reached = plan(tried(AN, CallOutcome.VERIFIED), facts=SILENT)
    assert (now_to_call(reached), len(reached.missing)) == ("Police 112", 1)
    assert plan(tried(POLICE, CallOutcome.REACHED), facts=SILENT).missing == ()


def test_silent_a_cancellation_does_not_spare_the_authority() -> None:
    assert plan(facts=replace(SILENT, cancelled=True)).missing
    assert plan(facts=replace(MEDIUM, cancelled=True)).missing == ()


def test_duress_given_on_the_phone_is_not_somebody_reached() -> None:
    found = plan(NOBODY_HOME, tried(AN, CallOutcome.DURESS))
    assert found.missing
    assert plan(NOBODY_HOME, tried(AN, CallOutcome.DURESS), tried(POLICE, CallOutcome.REACHED)).missing == ()


@pytest.mark.parametrize(("priority", "gated"), [(1, True), (2, True), (3, True), (4, False)])
def test_gate_of_the_close(priority: int, gated: bool) -> None:
    found = plan(NOBODY_HOME, facts=replace(MEDIUM, priority=priority))
    assert bool(found.missing) == gated
    if gated:
        assert found.missing == (
            "Nobody who may decide was reached. Still to call, or to skip with a reason: An, Bert, Police.",
        )


def test_gate_names_three_and_counts_the_others() -> None:
    found = plan(contacts=(AN, BERT, CARL))
    assert found.missing[0].endswith("Premises, An, Bert and 2 more.")


def test_low_alarms_go_to_no_authority() -> None:
    assert "Police" not in [step.name for step in plan(facts=replace(MEDIUM, priority=4)).steps]


def test_hints_say_what_follows() -> None:
    hints = plan(NOBODY_HOME).outcome_hints
    assert hints[CallOutcome.NO_ANSWER] == "next: home"
    assert hints[CallOutcome.WRONG_CODE] == "next: contact 2"
    assert (
        plan(NOBODY_HOME, contacts=(BERT,), facts=replace(MEDIUM, priority=4)).outcome_hints[CallOutcome.NO_ANSWER]
        == "nobody left"
    )


def test_G3_a_step_added_at_the_end_says_what_really_comes_next() -> None:
    added = StepFacts("patrol:added:1", StepKind.PATROL, "Patrol", numbers=(("patrol", "0900"),))
    order = [*standard_order(MEDIUM, "09555", (AN, BERT), [POLICE]), added]

    def hints(*attempts: AttemptFacts) -> dict[str, str]:
        return compute("standard order", order, attempts, MEDIUM, later(60)).outcome_hints

    calling = tried(added, None)
    for outcome in (CallOutcome.NO_ANSWER, CallOutcome.VOICEMAIL, CallOutcome.REFUSED):
        assert hints(calling)[outcome] == "next: premises"
        assert hints(NOBODY_HOME, calling)[outcome] == "next: contact 1"
        # Who may decide was reached already: the rest of the list is not called any more.
        assert hints(NOBODY_HOME, tried(AN, CallOutcome.VERIFIED), calling)[outcome] == "then close or next"

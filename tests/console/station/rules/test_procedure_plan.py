"""The call plan of a procedure: one row a case, by rule (C4, G3, E2, E3; architecture.md §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from console.station.rules.availability import stand_ins
from console.station.rules.call_plan import compute, delayed, silently
from console.station.rules.plan_facts import AttemptFacts, PlanFacts, StepFacts
from models.records import (
    AlarmClass,
    AvailableSpan,
    CallOutcome,
    CallPlan,
    PatrolRun,
    StepKind,
    StepState,
    Verification,
    When,
)
from tests.console.station.rules.facts import NOW, later

AN = StepFacts(
    "contact:an", StepKind.CONTACT, "An", contact="an", numbers=(("mobile", "0470"), ("home", "09")), id="s1"
)
BERT = StepFacts("contact:bert", StepKind.CONTACT, "Bert", contact="bert", numbers=(("mobile", "0471"),), id="s2")
POLICE = StepFacts("authority:police", StepKind.AUTHORITY, "Police", numbers=(("emergency", "112"),), id="s8")
TEAM = StepFacts("patrol:P-1:s5", StepKind.PATROL, "Team", numbers=(("team", "0902"),), when=When.NOBODY, id="s5")
READ = StepFacts("instruction:P-1:s3", StepKind.INSTRUCTION, "Instruction", text="Mind the dog", required=True)
WAIT = StepFacts("wait:P-1:s4", StepKind.WAIT, "Wait", seconds=300)
AGAIN = StepFacts("again:P-1:s6", StepKind.AGAIN, "Another round", seconds=120, rounds=2)
PUSH = StepFacts("push:P-1:s7", StepKind.PUSH, "Push to the contacts' phones")
KNOWN = Verification(at=NOW, how="two zones", by="Claes")
FACTS = PlanFacts(3, AlarmClass.INTRUSION, silent=False, cancelled=False, since=NOW, verification=KNOWN)
ROUND = (("0470", 10), ("09", 20), ("0471", 30))


def tried(step: StepFacts, outcome: CallOutcome | None, number: str | None = None, at: float = 10) -> AttemptFacts:
    dialled = number if number is not None else (step.numbers[0][1] if step.numbers else "")
    return AttemptFacts(step.key, dialled, later(at), outcome, "Claes", "", later(at))


def nobody(at: float = 0) -> list[AttemptFacts]:
    """Every number of An and Bert in vain."""
    return [tried(AN if number != "0471" else BERT, CallOutcome.NO_ANSWER, number, at + when) for number, when in ROUND]


def plan(order: Any, *attempts: AttemptFacts, at: float = 60, facts: PlanFacts = FACTS) -> CallPlan:
    return compute("procedure “Test”", list(order), attempts, facts, later(at))


def now_to_do(found: CallPlan) -> str | None:
    if found.current is None:
        return None
    step = found.steps[found.current]
    return f"{step.name} {step.numbers[found.current_number].number}" if step.numbers else step.name


VERIFIED, NO_ANSWER, BUSY, DONE = CallOutcome.VERIFIED, CallOutcome.NO_ANSWER, CallOutcome.BUSY, CallOutcome.DONE
CASES: list[tuple[str, tuple[StepFacts, ...], list[AttemptFacts], float, str | None]] = [
    # what, steps, tried already, at second, what is to do then
    ("the first step is the first to do", (READ, AN), [], 0, "Instruction"),
    ("an instruction that was followed gives way", (READ, AN), [tried(READ, DONE)], 60, "An 0470"),
    ("busy: the other number meanwhile", (AN, BERT), [tried(AN, BUSY)], 60, "An 09"),
    ("busy: others meanwhile", (BERT, AN), [tried(BERT, BUSY)], 60, "An 0470"),
    ("busy: again after two minutes", (BERT, AN), [tried(BERT, BUSY)], 130, "Bert 0471"),
    ("busy alone: it, before its time", (BERT,), [tried(BERT, BUSY)], 60, "Bert 0471"),
    (
        "busy three times: as if nobody had answered",
        (BERT, AN),
        [tried(BERT, BUSY, at=at) for at in (10, 140, 270)],
        500,
        "An 0470",
    ),
    ("wrong number: the next one", (AN, BERT), [tried(AN, CallOutcome.WRONG_NUMBER)], 60, "An 09"),
    ("a wait holds up what comes after it", (BERT, WAIT, AN), [tried(BERT, NO_ANSWER)], 60, "Wait"),
    ("a wait counts from what came before", (BERT, WAIT, AN), [tried(BERT, NO_ANSWER)], 309, "Wait"),
    ("a wait ends by itself", (BERT, WAIT, AN), [tried(BERT, NO_ANSWER)], 310, "An 0470"),
    ("two waits are one after the other", (WAIT, replace(WAIT, key="wait:2"), AN), [], 599, "Wait"),
    ("and end one after the other", (WAIT, replace(WAIT, key="wait:2"), AN), [], 600, "An 0470"),
    ("nobody reached: another round", (AN, BERT, AGAIN, POLICE), nobody(), 60, "Another round"),
    ("a round tries everybody anew", (AN, BERT, AGAIN), [*nobody(), tried(AGAIN, DONE, at=100)], 110, "An 0470"),
    (
        "a number that is wrong is wrong in the next round too",
        (AN, BERT, AGAIN),
        [tried(AN, CallOutcome.WRONG_NUMBER), *nobody()[1:], tried(AGAIN, DONE, at=100)],
        110,
        "An 09",
    ),
    (
        "whose only number is wrong is called in no round",
        (BERT, AN, AGAIN),
        [tried(BERT, CallOutcome.WRONG_NUMBER), *nobody()[:1], tried(AGAIN, DONE, at=100)],
        110,
        "An 0470",
    ),
    (
        "and then the next round",
        (AN, BERT, AGAIN),
        [*nobody(), tried(AGAIN, DONE, at=100), *nobody(110)],
        200,
        "Another round",
    ),
    (
        "after the last round what follows it",
        (AN, BERT, AGAIN, POLICE),
        [*nobody(), tried(AGAIN, DONE, at=100), *nobody(110), tried(AGAIN, DONE, at=200), *nobody(210)],
        300,
        "Police 112",
    ),
    (
        "after the last round without a step: what the procedure says",
        (AN, BERT, AGAIN),
        [*nobody(), tried(AGAIN, DONE, at=100), *nobody(110), tried(AGAIN, DONE, at=200), *nobody(210)],
        300,
        "Nobody was reached",
    ),
    ("somebody reached: no round, no patrol", (AN, AGAIN, TEAM), [tried(AN, VERIFIED)], 60, None),
    ("nobody reached: the patrol", (BERT, TEAM), [tried(BERT, NO_ANSWER)], 60, "Team 0902"),
    ("reached: a required step is still to do", (AN, READ), [tried(AN, VERIFIED)], 60, "Instruction"),
    ("a push is nobody's to wait for", (PUSH, AN), [], 0, "An 0470"),
    (
        "branch: only after a wrong code word",
        (AN, replace(BERT, when=When.OUTCOME, outcomes=(CallOutcome.WRONG_CODE,)), POLICE),
        [tried(AN, CallOutcome.WRONG_CODE)],
        60,
        "Bert 0471",
    ),
    (
        "branch: not after another outcome",
        (AN, replace(BERT, when=When.OUTCOME, outcomes=(CallOutcome.WRONG_CODE,)), POLICE),
        [tried(AN, CallOutcome.REFUSED)],
        60,
        "Police 112",
    ),
    (
        "branch: only after that step's outcome",
        (AN, BERT, replace(POLICE, when=When.OUTCOME, after="s1", outcomes=(CallOutcome.REFUSED,))),
        [*nobody()[:2], tried(BERT, CallOutcome.REFUSED)],
        60,
        "Nobody was reached",
    ),
    (
        "after somebody was reached: tell another",
        (AN, replace(BERT, when=When.REACHED)),
        [tried(AN, VERIFIED)],
        60,
        "Bert 0471",
    ),
]


@pytest.mark.parametrize(("steps", "attempts", "at", "then"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_C4_G3_what_is_to_do(
    steps: tuple[StepFacts, ...], attempts: list[AttemptFacts], at: float, then: str | None
) -> None:
    assert now_to_do(plan(steps, *attempts, at=at)) == then


def test_E2_calling_begins_when_the_procedure_says() -> None:
    order = delayed([AN], NOW, 120)
    assert now_to_do(plan(order, at=119)) == "Calling begins"
    assert plan(order, at=60).changes_at == later(120)
    assert now_to_do(plan(order, at=120)) == "An 0470"


def test_C4_a_condition_that_does_not_hold_is_shown_with_the_step() -> None:
    confirmed = replace(POLICE, when=When.CONFIRMED)
    found = plan((BERT, confirmed), tried(BERT, NO_ANSWER))
    assert (found.steps[1].state, found.steps[1].why) == (
        StepState.NOT_NOW,
        "Only if 2 zones, or seen by patrol",
    )
    assert now_to_do(plan((BERT, confirmed), tried(BERT, NO_ANSWER), facts=replace(FACTS, zones=2))) == "Police 112"


def test_C4_a_push_says_that_it_is_planned_and_not_sent() -> None:
    found = plan((PUSH, AN)).steps[0]
    assert (found.state, found.why) == (StepState.AUTOMATIC, "Planned; this version sends none")


def test_G3_the_plan_tells_when_time_alone_changes_it() -> None:
    assert plan((BERT, AN), tried(BERT, BUSY), at=60).changes_at == later(130)
    assert plan((BERT, WAIT, AN), tried(BERT, NO_ANSWER)).changes_at == later(310)
    assert plan((AN,)).changes_at is None


# -- required steps, the gate of the close, verification -----------------------------------------


def test_B_a_required_step_gates_the_close_also_of_a_low_alarm() -> None:
    for priority in (1, 3, 4):
        facts = replace(FACTS, priority=priority)
        found = plan((AN, READ), tried(AN, VERIFIED), facts=facts)
        assert found.missing == ("Required and not done: Instruction.",)
        assert plan((AN, READ), tried(AN, VERIFIED), tried(READ, DONE), facts=facts).missing == ()


def test_B_a_required_step_whose_condition_does_not_hold_gates_nothing() -> None:
    for step in (TEAM, AGAIN):
        assert plan((AN, replace(step, required=True)), tried(AN, VERIFIED)).missing == ()


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({"verification": None}, True),
        ({}, False),
        ({"verification": None, "alarm_class": AlarmClass.LIFE_SAFETY}, False),
        ({"verification": None, "silent": True}, False),
    ],
    ids=["nothing recorded", "recorded", "hold-up and fire", "under threat"],
)
def test_an_authority_is_called_only_when_it_is_recorded_how_the_alarm_is_known(
    changes: dict[str, Any], first: bool
) -> None:
    assert plan((POLICE,), facts=replace(FACTS, **changes)).steps[0].verify_first == first


# -- duress, silent alarms -----------------------------------------------------------------------


def test_E3_under_threat_the_police_come_first_whatever_the_procedure_waits_for() -> None:
    facts = replace(FACTS, silent=True, priority=1, verification=None)
    order = silently(facts, [AN, replace(POLICE, when=When.CONFIRMED)], [POLICE])
    assert now_to_do(plan(order, tried(AN, CallOutcome.DURESS), facts=facts)) == "Police 112"


def test_E3_a_procedure_without_the_police_gets_them_under_threat() -> None:
    facts = replace(FACTS, silent=True, priority=1)
    assert [step.name for step in silently(facts, [AN, BERT], [POLICE])] == ["Police", "An", "Bert"]
    assert [step.name for step in silently(FACTS, [AN, BERT], [POLICE])] == ["An", "Bert"]


# -- patrols -------------------------------------------------------------------------------------


def test_a_patrol_under_way_is_what_there_is_still_to_hear_of_and_gates_the_close() -> None:
    run = PatrolRun(step=TEAM.key, team="Team", asked_at=later(20))
    sent = plan((BERT, TEAM), tried(BERT, NO_ANSWER), facts=replace(FACTS, patrols=(run,)))
    assert sent.missing[-1] == "Team was sent and has not reported."
    assert (sent.steps[1].state, sent.steps[1].why) == (StepState.DONE, "Patrol asked")
    back = run.model_copy(update={"reported_at": later(50), "report": "nothing found"})
    over = plan((BERT, TEAM), tried(BERT, NO_ANSWER), facts=replace(FACTS, patrols=(back,)))
    assert (over.current, over.missing) == (None, ())


def test_a_patrol_that_saw_something_confirms_the_alarm() -> None:
    run = PatrolRun(step=TEAM.key, team="Team", asked_at=later(20), reported_at=later(50), report="door", seen=True)
    police = replace(POLICE, when=When.CONFIRMED)
    assert plan((TEAM, police), facts=replace(FACTS, patrols=(run,))).steps[1].state is StepState.NEXT


def test_to_reach_the_patrols_team_is_not_to_reach_who_may_decide() -> None:
    assert plan((TEAM, AN), tried(TEAM, CallOutcome.REACHED)).missing


# -- availability --------------------------------------------------------------------------------

MONDAY = AvailableSpan(day=0, from_minute=9 * 60, until_minute=17 * 60)
MONDAY_NIGHT = AvailableSpan(day=0, from_minute=20 * 60, until_minute=26 * 60)


@pytest.mark.parametrize(
    ("an", "why"),
    [
        # NOW is Monday 23 November 2026, 20:00 UTC: 21:00 in Brussels.
        ({"suspended": True}, "Suspended"),
        ({"away_until": later(7200)}, "Away until Mon 23 Nov 23:00"),
        ({"available": (MONDAY,)}, "Not available now, again Mon 09:00"),
        ({"available": (MONDAY_NIGHT,)}, ""),
        ({"available": (MONDAY, MONDAY_NIGHT)}, ""),
        ({"off": "No longer a contact of this site"}, "No longer a contact of this site"),
        ({"numbers": ()}, "No number"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_C1_C4_who_cannot_be_called_is_shown_with_the_reason(an: dict[str, Any], why: str) -> None:
    found = plan((replace(AN, timezone="Europe/Brussels", **an), BERT))
    assert [step.name for step in found.steps] == ["An", "Bert"]
    assert (found.steps[0].why, found.steps[0].state is StepState.AWAY) == (why, bool(why))
    assert now_to_do(found) == ("Bert 0471" if why else "An 0470")


@pytest.mark.parametrize(("hours", "available"), [(0, True), (4.9, True), (5, False)])
def test_I10_availability_past_midnight_belongs_to_the_evening_before(hours: float, available: bool) -> None:
    an = replace(AN, timezone="Europe/Brussels", available=(MONDAY_NIGHT,))
    assert (plan((an,), at=hours * 3600).steps[0].state is StepState.CURRENT) == available


def test_C4_a_substitute_takes_the_place_and_it_is_said() -> None:
    carl = StepFacts("contact:carl", StepKind.CONTACT, "Carl", contact="carl", numbers=(("mobile", "0472"),))
    away = replace(AN, suspended=True, substitute="carl", when=When.NOBODY)
    people = {"an": away, "bert": BERT, "carl": carl}
    for order in ([away, BERT, carl], [away, BERT]):
        found = stand_ins(order, people, NOW)
        assert [step.name for step in found] == ["An", "Carl", "Bert"]
        assert (found[1].role, found[1].when) == ("stands in for An", When.NOBODY)
    assert [s.name for s in stand_ins([replace(away, suspended=False), BERT, carl], people, NOW)] == [
        "An",
        "Bert",
        "Carl",
    ]
    nor_carl = {**people, "carl": replace(carl, suspended=True)}
    shown = plan(stand_ins([away, BERT], nor_carl, NOW)).steps
    assert [(step.name, step.why) for step in shown] == [("An", "Suspended"), ("Carl", "Suspended"), ("Bert", "")]


def test_C4_a_substitute_who_is_away_too_is_seen_and_theirs_is_called() -> None:
    carl, dirk = (
        StepFacts(f"contact:{name}", StepKind.CONTACT, name.title(), contact=name, numbers=(("mobile", number),))
        for name, number in (("carl", "0472"), ("dirk", "0473"))
    )
    an = replace(AN, suspended=True, substitute="carl")
    carl = replace(carl, away_until=NOW + timedelta(days=1), substitute="dirk")
    people = {"an": an, "bert": BERT, "carl": carl, "dirk": dirk}

    def shown(*order: StepFacts, **changed: StepFacts) -> list[tuple[str, str, str]]:
        found = plan(stand_ins([changed.get(one.contact or "", one) for one in order], {**people, **changed}, NOW))
        return [(step.name, step.role, step.state.value) for step in found.steps]

    # A procedure that names An alone: who was skipped on the way is seen.
    assert shown(an, BERT) == [
        ("An", "", "away"),
        ("Carl", "stands in for An", "away"),
        ("Dirk", "stands in for An and Carl", "current"),
        ("Bert", "", "next"),
    ]
    # In the standard order whoever is away keeps their own place, and Dirk is called once.
    assert shown(an, BERT, carl, dirk) == [
        ("An", "", "away"),
        ("Dirk", "stands in for An and Carl", "current"),
        ("Bert", "", "next"),
        ("Carl", "", "away"),
    ]
    # Two who name each other: nobody goes round in a ring, everybody is seen.
    ring = shown(an, BERT, carl=replace(carl, substitute="an"))
    assert ring == [("An", "", "away"), ("Carl", "stands in for An", "away"), ("Bert", "", "current")]
    # Three in a ring, without whoever begins it.
    far = shown(an, BERT, dirk=replace(dirk, suspended=True, substitute="carl"))
    assert [name for name, _role, _state in far] == ["An", "Carl", "Dirk", "Bert"]
    # Somebody without a number stands in for nobody.
    assert shown(an, BERT, dirk=replace(dirk, numbers=()))[2] == ("Dirk", "stands in for An and Carl", "away")
    # Two who are away have the same substitute: once is enough.
    both = shown(an, replace(BERT, suspended=True, substitute="dirk"))
    assert [name for name, _role, _state in both] == ["An", "Carl", "Dirk", "Bert"]


def test_C4_a_step_that_asks_after_a_substitutes_own_step_still_finds_it() -> None:
    carl = StepFacts("contact:carl", StepKind.CONTACT, "Carl", contact="carl", numbers=(("mobile", "0472"),), id="s4")
    away = replace(AN, suspended=True, substitute="carl")
    late = replace(TEAM, when=When.OUTCOME, outcomes=(NO_ANSWER,), after="s4")
    order = stand_ins([away, carl, late], {"an": away, "carl": carl}, NOW)
    assert [step.name for step in order] == ["An", "Carl", "Team"]
    assert now_to_do(plan(order, tried(carl, NO_ANSWER))) == "Team 0902"


def test_C4_a_required_substitute_stays_required_in_the_place_that_they_take() -> None:
    away = replace(AN, suspended=True, substitute="bert")
    bert = replace(BERT, required=True, text="Has the keys")
    order = stand_ins([away, READ, bert], {"an": away, "bert": bert}, NOW)
    assert [(step.name, step.required, step.text) for step in order[:2]] == [
        ("An", False, ""),
        ("Bert", True, "Has the keys"),
    ]
    # Under a condition it would be required of nobody: who must be called at all events stays where they are.
    order = stand_ins([replace(away, when=When.NOBODY), READ, bert], {"an": away, "bert": bert}, NOW)
    assert [(step.name, step.required, step.when) for step in order] == [
        ("An", False, When.NOBODY),
        ("Instruction", True, When.ALWAYS),
        ("Bert", True, When.ALWAYS),
    ]


def test_B_premises_reached_at_a_second_place_in_the_procedure_count_as_reached() -> None:
    premises = StepFacts("premises", StepKind.PREMISES, "Premises", numbers=(("premises", "09"),))
    again = replace(premises, key="premises#s9")
    found = plan((premises, again), tried(premises, NO_ANSWER), tried(again, VERIFIED, at=20))
    assert (found.current, found.missing) == (None, ())

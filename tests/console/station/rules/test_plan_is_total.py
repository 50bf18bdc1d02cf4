"""C4, I4: a call plan is computed whatever was done before, in whatever order and by whatever clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.station.rules.call_plan import compute
from console.station.rules.plan_facts import CALLED, AttemptFacts, PlanFacts, StepFacts
from models.records import AlarmClass, CallOutcome, PatrolRun, StepKind, Verification, When
from tests.console.station.rules.facts import NOW
from tests.console.station.rules.test_procedure_plan import AN, FACTS, TEAM, VERIFIED, now_to_do, plan, tried
from tests.examples import examples

_IDS = ["s1", "s2", "s3", ""]
_NUMBERS = ["0470", "09", "112", ""]
_numbers = st.lists(st.tuples(st.sampled_from(["mobile", ""]), st.sampled_from(_NUMBERS)), max_size=3).map(tuple)
_times = st.integers(-7200, 7200).map(lambda seconds: NOW + timedelta(seconds=seconds))


@st.composite
def steps(draw: st.DrawFn) -> list[StepFacts]:
    order = []
    for nth in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(list(StepKind)))
        order.append(
            StepFacts(
                key=f"{kind.value}:{nth}",
                kind=kind,
                name=f"Step {nth}",
                contact=draw(st.none() | st.just(f"c{nth}")),
                numbers=draw(_numbers),
                away_from=draw(st.none() | _times),
                away_until=draw(st.none() | _times),
                suspended=draw(st.booleans()),
                id=draw(st.sampled_from(_IDS)),
                own_id=draw(st.sampled_from(_IDS)),
                required=draw(st.booleans()),
                when=draw(st.sampled_from(list(When))),
                outcomes=tuple(draw(st.lists(st.sampled_from(list(CallOutcome)), max_size=2))),
                after=draw(st.sampled_from(_IDS)),
                seconds=draw(st.integers(0, 3600)),
                rounds=draw(st.integers(0, 3)),
                back_to=draw(st.sampled_from(_IDS)),
                until=draw(st.none() | _times),
            )
        )
    return order


@st.composite
def nights(draw: st.DrawFn) -> tuple[list[StepFacts], list[AttemptFacts], PlanFacts]:
    """A plan, and what was done about it: on its steps and on others that it has no longer."""
    order = draw(steps())
    keys = st.sampled_from([*(step.key for step in order), "contact:gone", "instruction:last", "authority:police"])
    when = st.tuples(_times, st.none() | st.sampled_from(list(CallOutcome)))
    attempts = [
        AttemptFacts(draw(keys), draw(st.sampled_from(_NUMBERS)), at, outcome, "Claes", "", at)
        for at, outcome in draw(st.lists(when, max_size=8))
    ]
    over, seen = st.none() | _times, st.booleans()
    runs = [
        PatrolRun(step=draw(keys), team="Team", asked_at=draw(_times), reported_at=draw(over), seen=draw(seen))
        for _ in range(draw(st.integers(0, 2)))
    ]
    facts = PlanFacts(
        draw(st.integers(1, 5)),
        draw(st.sampled_from(list(AlarmClass))),
        silent=draw(st.booleans()),
        cancelled=draw(st.booleans()),
        since=draw(st.none() | _times),
        zones=draw(st.integers(0, 3)),
        verification=draw(st.none() | st.just(Verification(at=NOW, how="seen", by="Claes"))),
        patrols=tuple(runs),
    )
    return order, attempts, facts


@examples(500)
@given(nights(), _times)
def test_C4_every_plan_is_computed_and_what_it_points_at_is_there(
    night: tuple[list[StepFacts], list[AttemptFacts], PlanFacts], now: object
) -> None:
    order, attempts, facts = night
    found = compute("any", order, attempts, facts, now)  # type: ignore[arg-type]
    if found.current is None:
        assert found.current_number == 0
        return
    step = found.steps[found.current]
    assert found.current_number == 0 or found.current_number < len(step.numbers)
    running = any(attempt.step == step.key and attempt.outcome is None for attempt in attempts)
    assert not (facts.silent and step.kind is StepKind.PREMISES) or running


def test_a_patrol_that_was_reached_by_telephone_and_is_under_way_leaves_the_alarm_open_to_all() -> None:
    """Contact verified, then a patrol with a number reached: every later look at the alarm failed for good."""
    team = StepFacts(TEAM.key, TEAM.kind, TEAM.name, numbers=TEAM.numbers, id="s5")
    run = PatrolRun(step=team.key, team="Team", asked_at=NOW)
    facts = PlanFacts(3, AlarmClass.INTRUSION, silent=False, cancelled=False, since=NOW, patrols=(run,))
    attempts = [tried(AN, VERIFIED), tried(team, CallOutcome.NO_ANSWER), tried(team, CallOutcome.REACHED)]
    found = plan((AN, team), *attempts, facts=facts)
    assert now_to_do(found) == "Team 0902"
    assert found.current_number == 0


@pytest.mark.parametrize("kind", sorted(CALLED))
def test_the_hints_of_a_call_are_there_when_all_its_numbers_were_tried(kind: StepKind) -> None:
    step = StepFacts("authority:x", kind, "X", numbers=(("one", "1"),), id="s1", required=True)
    run = PatrolRun(step=step.key, team="X", asked_at=NOW)
    facts = PlanFacts(2, FACTS.alarm_class, silent=False, cancelled=True, since=NOW, patrols=(run,))
    assert plan((step,), tried(step, CallOutcome.WRONG_NUMBER, "1"), facts=facts).outcome_hints is not None

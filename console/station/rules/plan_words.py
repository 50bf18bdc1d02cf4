"""What the call plan says in words: conditions, what follows an outcome, what the close still waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from console.station.rules.numbers import masked
from console.station.rules.plan_facts import PlanFacts, StepFacts
from models.records import CallOutcome, CallPlan, PatrolRun, PlanNumber, PlanStep, Priority, StepState, When

UNRECKONED = "it could not be worked out: everybody, in order"
SUPERVISOR_ENDS = "The call list could not be worked out. Call by hand and note it; a supervisor ends this alarm."
NOBODY = "Nobody could be reached. Tell a supervisor, or park the alarm and call again."
"""What always holds where a procedure says nothing of it."""
_WHEN = {
    When.ALWAYS: "",
    When.NOBODY: "only if nobody was reached",
    When.REACHED: "only after somebody was reached",
    When.CONFIRMED: "only if 2 zones, or seen by patrol",
    When.PATROL: "only after the patrol reported",
}
OUTCOMES = {
    CallOutcome.VERIFIED: "reached and verified",
    CallOutcome.WRONG_CODE: "reached, wrong code word",
    CallOutcome.NO_ANSWER: "no answer",
    CallOutcome.VOICEMAIL: "voicemail",
    CallOutcome.BUSY: "busy",
    CallOutcome.WRONG_NUMBER: "wrong number",
    CallOutcome.REFUSED: "refused",
    CallOutcome.DURESS: "duress word",
    CallOutcome.REACHED: "reached",
    CallOutcome.BROKEN_OFF: "broken off for a more urgent alarm",
    CallOutcome.SKIPPED: "skipped",
    CallOutcome.DONE: "done",
}


def condition(step: StepFacts) -> str:
    """When a step is taken; empty: always."""
    if step.when is When.OUTCOME:
        return f"only after: {', '.join(OUTCOMES[outcome] for outcome in step.outcomes)}"
    return _WHEN[step.when]


def patrol(run: PatrolRun) -> str:
    """How far a patrol came."""
    moments = (
        ("asked", run.asked_at),
        ("accepted", run.accepted_at),
        ("arrived", run.arrived_at),
        ("left", run.left_at),
        ("reported", run.reported_at),
    )
    last = [word for word, at in moments if at is not None][-1]
    return f"Patrol {last}" + (f": {run.report}" if run.report else "")


def missing(steps: Sequence[PlanStep], satisfied: bool, facts: PlanFacts) -> tuple[str, ...]:
    """The gate of the close: what is required, a patrol's report; above Low somebody reached, or all tried (B)."""
    found = []
    left = [step for step in steps if step.state in (StepState.CURRENT, StepState.NEXT)]
    required = [step for step in left if step.required]
    if not satisfied and facts.priority < Priority.LOW and left:
        found.append(f"Nobody who may decide was reached. Still to call, or to skip with a reason: {_named(left)}.")
    elif required:
        found.append(f"Required and not done: {_named(required)}.")
    found += [f"{run.team} was sent and has not reported." for run in facts.patrols if not run.over]
    return tuple(found)


def without_private(plan: CallPlan) -> CallPlan:
    """The plan for whoever does not hold the alarm: of a private number its last two digits, nobody else dials it."""

    def shown(number: PlanNumber) -> PlanNumber:
        if not number.private:
            return number
        said = masked(number.number)
        tried = tuple(attempt.model_copy(update={"number": said}) for attempt in number.attempts)
        return number.model_copy(update={"number": said, "attempts": tried})

    steps = tuple(step.model_copy(update={"numbers": tuple(map(shown, step.numbers))}) for step in plan.steps)
    return plan.model_copy(update={"steps": steps})


def _named(steps: Sequence[PlanStep]) -> str:
    return ", ".join(step.name for step in steps[:3]) + (f" and {len(steps) - 3} more" if len(steps) > 3 else "")


GO_ON = (CallOutcome.NO_ANSWER, CallOutcome.VOICEMAIL, CallOutcome.WRONG_CODE, CallOutcome.REFUSED)
"""After these the list goes on; to what, it says itself."""


def onward(after: PlanStep | None, number: str, *, satisfied: bool) -> str:
    """What comes next. ``after`` None: no step; ``number``: the label of another number of the same step."""
    if after is None:
        return "then close or next" if satisfied else "nobody left"
    return f"next: {number or after.title.lower()}"


def hints(onwards: Mapping[str, str], busy: timedelta) -> dict[str, str]:
    """What follows each outcome, in words for the operator's buttons; ``onwards`` for those of :data:`GO_ON`."""
    again = int(busy.total_seconds())
    return {
        **onwards,
        CallOutcome.VERIFIED: "then close or next",
        CallOutcome.REACHED: "then close or next",
        CallOutcome.BUSY: f"again in {again // 60}:{again % 60:02d}",
        CallOutcome.WRONG_NUMBER: "next, task to desk",
        CallOutcome.DURESS: "end call, police",
    }

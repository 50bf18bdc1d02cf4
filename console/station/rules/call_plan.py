"""The call list that applies now (C4, G3): order × who is available now × what was tried already. Never stored.

Procedures per alarm type come in front of the standard order here, as another source of :class:`StepFacts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.records import (
    AlarmClass,
    Attempt,
    CallOutcome,
    CallPlan,
    PlanNumber,
    PlanStep,
    Priority,
    StepKind,
    StepState,
)

_NEXT_NUMBER = frozenset({CallOutcome.NO_ANSWER, CallOutcome.VOICEMAIL, CallOutcome.WRONG_NUMBER})
_REACHED = frozenset({CallOutcome.VERIFIED, CallOutcome.REACHED, CallOutcome.DURESS})
_STEP_OVER = frozenset(
    {*_REACHED, CallOutcome.WRONG_CODE, CallOutcome.REFUSED, CallOutcome.SKIPPED}
)  # busy is not: the same number is tried again


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step before anything was tried. ``key`` names it across recomputations: ``contact:c-12``."""

    key: str
    kind: StepKind
    name: str
    role: str = ""
    languages: str = ""
    contact: str | None = None
    numbers: tuple[tuple[str, str], ...] = ()
    """(label, number), in the order in which to dial."""
    away_from: datetime | None = None
    away_until: datetime | None = None
    has_code_word: bool = False


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """One attempt on an alarm (G3); ``outcome`` None while the call runs."""

    step: str
    number: str
    began_at: datetime
    outcome: CallOutcome | None
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What of the alarm the plan depends on."""

    priority: int
    alarm_class: AlarmClass
    silent: bool
    cancelled: bool
    """By somebody who was verified, about what the alarm is now; a panel's own cancel is none (I13)."""
    since: datetime | None = None
    """Start of its response clock: who was reached before it rose to this priority knows nothing of the rise."""


def standard_order(
    facts: PlanFacts, premises_number: str | None, contacts: Sequence[StepFacts], authorities: Sequence[StepFacts]
) -> list[StepFacts]:
    """Premises, the contacts in their order, then the authorities.

    Where nobody may call the premises: police first, and the premises last, to be seen and not to be called (C4).
    """
    premises = (
        [StepFacts("premises", StepKind.PREMISES, "Premises", numbers=(("premises", premises_number),))]
        if premises_number
        else []
    )
    last = list(authorities) if facts.priority <= Priority.MEDIUM else []
    if facts.silent:
        return [*last, *contacts, *premises]
    return [*premises, *contacts, *last]


def compute(
    title: str, order: Sequence[StepFacts], attempts: Sequence[AttemptFacts], facts: PlanFacts, now: datetime
) -> CallPlan:
    """The plan as it stands at ``now``."""
    by_step: dict[str, list[AttemptFacts]] = {}
    for attempt in attempts:
        by_step.setdefault(attempt.step, []).append(attempt)
    satisfied = _satisfied(attempts, facts)
    steps: list[PlanStep] = []
    current: int | None = None
    counts: dict[StepKind, int] = {}
    for index, step in enumerate(order):
        counts[step.kind] = counts.get(step.kind, 0) + 1
        tried = by_step.get(step.key, [])
        state, why = _state(step, tried, now, silent=facts.silent)
        if state is StepState.NEXT and (current is None or _calling(tried)) and not satisfied:
            if current is not None:
                steps[current] = steps[current].model_copy(update={"state": StepState.NEXT})
            current, state = index, StepState.CURRENT
        steps.append(_shown(index, counts[step.kind], step, tried, state, why))
    number = _number_to_dial(order[current], by_step.get(order[current].key, [])) if current is not None else 0
    return CallPlan(
        title=title,
        steps=tuple(steps),
        current=current,
        current_number=number,
        missing=_missing(steps, satisfied, facts),
        outcome_hints=_hints(order, steps, current, number),
    )


def _satisfied(attempts: Sequence[AttemptFacts], facts: PlanFacts) -> bool:
    """Somebody who may decide was reached: a verified contact, or the authority where it comes first."""
    if facts.cancelled and not facts.silent:
        return True
    reached = {
        attempt.step.split(":")[0]
        for attempt in attempts
        if attempt.outcome in _REACHED and (facts.since is None or attempt.began_at >= facts.since)
    }
    if facts.silent or any(attempt.outcome is CallOutcome.DURESS for attempt in attempts):
        return "authority" in reached
    return bool(reached)


def _calling(tried: Sequence[AttemptFacts]) -> bool:
    return any(attempt.outcome is None for attempt in tried)


def _state(step: StepFacts, tried: Sequence[AttemptFacts], now: datetime, *, silent: bool) -> tuple[StepState, str]:
    if _calling(tried):
        return StepState.NEXT, ""
    if silent and step.kind is StepKind.PREMISES:
        return StepState.SKIPPED, "Silent alarm: do not call the premises"
    last = tried[-1] if tried else None
    if last is not None and last.outcome is CallOutcome.SKIPPED:
        return StepState.SKIPPED, last.why
    if last is not None and (last.outcome in _STEP_OVER or _number_to_dial(step, tried) >= len(step.numbers)):
        return StepState.DONE, ""
    if is_away(step, now):
        until = f"Away until {step.away_until:%a %d %b %H:%M}" if step.away_until else "Away"
        return StepState.AWAY, until
    if not step.numbers:
        return StepState.AWAY, "No number"
    return StepState.NEXT, ""


def is_away(step: StepFacts, now: datetime) -> bool:
    """Temporary absence, from (inclusive) until (exclusive); either may be open (C1, C4)."""
    if step.away_from is None and step.away_until is None:
        return False
    begun = step.away_from is None or step.away_from <= now
    return begun and (step.away_until is None or now < step.away_until)


def _number_to_dial(step: StepFacts, tried: Sequence[AttemptFacts]) -> int:
    """Index of the first number that was not tried in vain; the count of numbers when all were."""
    spent = {attempt.number for attempt in tried if attempt.outcome in _NEXT_NUMBER}
    for index, (_label, number) in enumerate(step.numbers):
        if number not in spent:
            return index
    return len(step.numbers)


def _shown(
    index: int, nth: int, step: StepFacts, tried: Sequence[AttemptFacts], state: StepState, why: str
) -> PlanStep:
    numbers = tuple(
        PlanNumber(
            label=label,
            number=number,
            attempts=tuple(
                Attempt(at=a.began_at, number=a.number, outcome=a.outcome, by=a.by, why=a.why)
                for a in tried
                if a.number == number and a.outcome is not None
            ),
            calling_since=next((a.began_at for a in tried if a.number == number and a.outcome is None), None),
        )
        for label, number in step.numbers
    )
    title = f"Contact {nth}" if step.kind is StepKind.CONTACT else step.kind.value.capitalize()
    return PlanStep(
        index=index,
        key=step.key,
        kind=step.kind,
        title=title,
        name=step.name,
        role=step.role,
        languages=step.languages,
        contact=step.contact,
        numbers=numbers,
        state=state,
        why=why,
        required=False,
        has_code_word=step.has_code_word,
    )


def _missing(steps: Sequence[PlanStep], satisfied: bool, facts: PlanFacts) -> tuple[str, ...]:
    """The gate of the close: above Low, somebody was reached, or everybody was tried or skipped with a reason."""
    if satisfied or facts.priority >= Priority.LOW:
        return ()
    left = [step for step in steps if step.state in (StepState.CURRENT, StepState.NEXT)]
    if not left:
        return ()
    names = ", ".join(step.name for step in left[:3]) + (f" and {len(left) - 3} more" if len(left) > 3 else "")
    return (f"Nobody who may decide was reached. Still to call, or to skip with a reason: {names}.",)


def _hints(order: Sequence[StepFacts], steps: Sequence[PlanStep], current: int | None, number: int) -> dict[str, str]:
    """What follows each outcome, in words for the operator's buttons."""
    if current is None:
        return {}
    numbers = order[current].numbers
    after = next((step for step in steps[current + 1 :] if step.state is StepState.NEXT), None)
    onward = f"next: {after.title.lower()}" if after else "nobody left"
    other_number = f"next: {numbers[number + 1][0] or 'other number'}" if number + 1 < len(numbers) else onward
    return {
        CallOutcome.VERIFIED: "then close or next",
        CallOutcome.REACHED: "then close or next",
        CallOutcome.WRONG_CODE: onward,
        CallOutcome.NO_ANSWER: other_number,
        CallOutcome.VOICEMAIL: other_number,
        CallOutcome.BUSY: "again",
        CallOutcome.WRONG_NUMBER: other_number,
        CallOutcome.REFUSED: onward,
        CallOutcome.DURESS: "end call, police",
    }

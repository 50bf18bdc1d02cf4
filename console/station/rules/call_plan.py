"""The call list that applies now (C4, G3): order × who is available now × what was tried already. Never stored.

The order is the standard one, or a procedure's steps (:mod:`console.station.rules.procedures`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.station.rules import plan_words
from console.station.rules.availability import why_not
from console.station.rules.plan_facts import CALLED, REACHED, AttemptFacts, PlanFacts, StepFacts, without_place
from models.records import (
    Attempt,
    CallOutcome,
    CallPlan,
    PlanNumber,
    PlanStep,
    Priority,
    StepKind,
    StepState,
    When,
)

BUSY_AGAIN = timedelta(minutes=2)
"""A number that was busy is tried again after so long; others are called meanwhile."""
BUSY_MOST = 3
"""Busy so many times in a round: as if nobody had answered."""
LAST = "instruction:last"
"""The key of the step for when nobody was reached: something always follows (E3)."""
_NEXT_NUMBER = frozenset({CallOutcome.NO_ANSWER, CallOutcome.VOICEMAIL, CallOutcome.WRONG_NUMBER})
_STEP_OVER = frozenset(
    {*REACHED, CallOutcome.WRONG_CODE, CallOutcome.REFUSED, CallOutcome.SKIPPED, CallOutcome.DONE}
)  # busy is not: the same number is tried again
_SPOKEN_TO = frozenset({*REACHED, CallOutcome.WRONG_CODE, CallOutcome.REFUSED})
_PEOPLE = frozenset({"premises", "contact"})
_AFTER_REACHED = frozenset({When.REACHED, When.PATROL, When.OUTCOME})
"""Under these conditions a step is still to do when somebody was reached."""


def standard_order(
    facts: PlanFacts, premises_number: str | None, contacts: Sequence[StepFacts], authorities: Sequence[StepFacts]
) -> list[StepFacts]:
    """Premises, the contacts in their order, then the authorities."""
    premises = (
        [StepFacts("premises", StepKind.PREMISES, "Premises", numbers=(("premises", premises_number),))]
        if premises_number
        else []
    )
    last = list(authorities) if facts.priority <= Priority.MEDIUM else []
    return silently(facts, [*premises, *contacts, *last], authorities)


def silently(facts: PlanFacts, order: Sequence[StepFacts], police: Sequence[StepFacts]) -> list[StepFacts]:
    """Where nobody may call the premises: the authority first, and the premises last, to be seen and not called (C4).

    An order without an authority gets the usual one: somebody under threat is never left to a call list (E3).
    """
    if not facts.silent:
        return list(order)
    first = [step for step in order if step.kind is StepKind.AUTHORITY] or list(police)
    rest = [step for step in order if step.kind is not StepKind.AUTHORITY]
    quiet = [step for step in rest if step.kind is StepKind.PREMISES]
    return [*first, *(step for step in rest if step.kind is not StepKind.PREMISES), *quiet]


def compute(
    title: str, order: Sequence[StepFacts], attempts: Sequence[AttemptFacts], facts: PlanFacts, now: datetime
) -> CallPlan:
    """The plan as it stands at ``now``."""
    stand = _stand(order, attempts, facts, now)
    found, steps, current = stand.found, stand.steps, stand.current
    number = found[current].to_dial if current is not None else 0
    moments = [moment for one in found for moment in one.moments if moment > now]
    return CallPlan(
        title=title,
        steps=tuple(steps),
        current=current,
        current_number=number,
        missing=plan_words.missing(steps, stand.reached, facts),
        changes_at=min(moments, default=None),
        verification=facts.verification,
        patrols=facts.patrols,
        outcome_hints=_hints(stand, order, attempts, facts, now),
    )


def unreckoned(order: Sequence[StepFacts], silent: bool) -> CallPlan:
    """What is shown where a mistake of ours keeps the plan from being computed: everybody and all numbers, in order.

    Nothing is current and nothing skipped but premises that may not be called. A supervisor ends such an alarm.
    """
    steps = tuple(
        PlanStep(
            index=nth,
            key=step.key,
            kind=step.kind,
            title=step.kind.value.capitalize(),
            name=step.name,
            contact=step.contact,
            numbers=tuple(PlanNumber(label=label, number=n, private=n in step.private) for label, n in step.numbers),
            state=StepState.SKIPPED if silent and step.kind is StepKind.PREMISES else StepState.NEXT,
            text=step.text,
        )
        for nth, step in enumerate(order)
    )
    return CallPlan(title=plan_words.UNRECKONED, steps=steps, missing=(plan_words.SUPERVISOR_ENDS,), fault=True)


@dataclass(frozen=True, slots=True)
class _Stand:
    """The whole order as it stands."""

    order: Sequence[StepFacts]
    """With the step for when nobody was reached, where it has come to that."""
    found: Sequence[_Look]
    steps: list[PlanStep]
    current: int | None
    reached: bool
    """Somebody who may decide was."""


def _stand(order: Sequence[StepFacts], attempts: Sequence[AttemptFacts], facts: PlanFacts, now: datetime) -> _Stand:
    reached = _satisfied(attempts, facts)
    stands = _Standing(order, attempts, facts, now, reached)
    found = [stands.look(nth) for nth in range(len(order))]
    steps, current = _choose(found, satisfied=reached)
    tried_last = any(attempt.step == LAST for attempt in attempts)
    if order and ((current is None and not reached) or tried_last):
        order = [*order, _last(facts)]
        stands.order = order
        found.append(stands.look(len(order) - 1))
        steps, current = _choose(found, satisfied=reached)
    if current is None:
        current = _patrol_under_way(order, facts)
        if current is not None:
            steps[current] = steps[current].model_copy(update={"state": StepState.CURRENT})
    return _Stand(order, found, steps, current, reached)


def _hints(
    stand: _Stand, order: Sequence[StepFacts], attempts: Sequence[AttemptFacts], facts: PlanFacts, now: datetime
) -> dict[str, str]:
    """What follows each outcome of the current call. Not guessed from the order: the list as it would stand then."""
    if stand.current is None or stand.order[stand.current].kind not in CALLED:
        return {}
    step, look = stand.order[stand.current], stand.found[stand.current]
    running = next((one for one in attempts if one.step == step.key and one.outcome is None), None)
    number = running.number if running else step.numbers[look.to_dial][1] if step.numbers else ""
    before = [one for one in attempts if one is not running]
    began = running.began_at if running else now

    def after(outcome: CallOutcome) -> str:
        then = _stand(order, [*before, AttemptFacts(step.key, number, began, outcome, "", "", now)], facts, now)
        if then.current is None:
            return plan_words.onward(None, "", satisfied=then.reached)
        following = then.steps[then.current]
        if following.key == LAST:
            return plan_words.onward(None, "", satisfied=False)
        label = ""
        if following.key == step.key and following.numbers:
            label = following.numbers[then.found[then.current].to_dial].label or "other number"
        return plan_words.onward(following, label, satisfied=then.reached)

    return plan_words.hints({outcome.value: after(outcome) for outcome in plan_words.GO_ON}, BUSY_AGAIN)


@dataclass(frozen=True, slots=True)
class _Look:
    """One step as it stands."""

    step: PlanStep
    number: int = 0
    """Which number is to be dialled; as many as there are numbers once all were tried."""
    calling: bool = False
    deferred: bool = False
    """Its numbers were busy: others first, it when its time has come or nobody else is left."""
    still: bool = False
    """To be done also when somebody was reached."""
    moments: tuple[datetime, ...] = ()
    """When time alone changes something about it."""

    @property
    def to_dial(self) -> int:
        """An index into its numbers, where it has any; the first again where all were tried.

        A step of which nothing more is to be called can still be the current one: a patrol that is under way.
        """
        return self.number if self.number < len(self.step.numbers) else 0


@dataclass(slots=True)
class _Standing:
    """Goes through the order once; what came before decides about rounds, waits and conditions."""

    order: Sequence[StepFacts]
    attempts: Sequence[AttemptFacts]
    facts: PlanFacts
    now: datetime
    satisfied: bool

    def look(self, nth: int) -> _Look:
        step = self.order[nth]
        everything = [attempt for attempt in self.attempts if attempt.step == step.key]
        tried = self._of_round(nth, everything)
        wrong = _wrong_numbers(step, self.attempts)
        number, agains = _number_to_dial(step, tried, wrong, self.now)
        until = self._until(nth)
        state, why = self._state(step, everything, tried, number, until)
        deferred = state is StepState.NEXT and number < len(step.numbers) and agains.get(number, self.now) > self.now
        shown = PlanStep(
            index=nth,
            key=step.key,
            kind=step.kind,
            title=self._title(nth),
            name=step.name,
            role=step.role,
            languages=step.languages,
            contact=step.contact,
            numbers=_numbers(step, everything, wrong, agains),
            state=state,
            why=why,
            required=step.required,
            has_code_word=step.has_code_word,
            may_cancel=step.may_cancel,
            text=step.text,
            condition=plan_words.condition(step),
            until=until if state is StepState.NEXT else None,
            verify_first=step.kind is StepKind.AUTHORITY and not self.facts.verified,
        )
        waits = until if step.kind in (StepKind.WAIT, StepKind.AGAIN) and state is StepState.NEXT else None
        moments = tuple(moment for moment in (waits, *agains.values()) if moment is not None)
        calling = _calling(everything)
        still = step.required or step.when in _AFTER_REACHED
        return _Look(shown, number, calling, deferred, still, moments)

    def _title(self, nth: int) -> str:
        kind = self.order[nth].kind
        if kind is StepKind.CONTACT:
            return f"Contact {sum(one.kind is kind for one in self.order[: nth + 1])}"
        return "Automatic" if kind is StepKind.PUSH else kind.value.capitalize()

    def _state(
        self,
        step: StepFacts,
        everything: Sequence[AttemptFacts],
        tried: Sequence[AttemptFacts],
        number: int,
        until: datetime | None,
    ) -> tuple[StepState, str]:
        if _calling(everything):
            return StepState.NEXT, ""
        if step.kind is StepKind.PUSH:
            return StepState.AUTOMATIC, "Planned; this version sends none"
        if self.facts.silent and step.kind is StepKind.PREMISES:
            return StepState.SKIPPED, "Silent alarm: do not call the premises"
        last = tried[-1] if tried else None
        if last is not None and last.outcome is CallOutcome.SKIPPED:
            return StepState.SKIPPED, last.why
        run = next((run for run in self.facts.patrols if run.step == step.key), None)
        if run is not None:
            return StepState.DONE, plan_words.patrol(run)
        # Nothing of it was tried, and every number of it is known to be wrong: there is nobody to call either.
        spent = bool(step.numbers) and step.kind in CALLED and number >= len(step.numbers)
        # A round that begins does not end the step that begins it: it may begin as often as the procedure says.
        over = last is not None and last.outcome in _STEP_OVER and step.kind is not StepKind.AGAIN
        if over or spent:
            return StepState.DONE, ""
        if not self._holds(step):
            words = plan_words.condition(step)
            return StepState.NOT_NOW, words[:1].upper() + words[1:]
        return self._to_do(step, tried, until)

    def _to_do(self, step: StepFacts, tried: Sequence[AttemptFacts], until: datetime | None) -> tuple[StepState, str]:
        if step.kind is StepKind.AGAIN:
            if len(tried) >= step.rounds:
                return StepState.DONE, f"{step.rounds} of {step.rounds} rounds"
            return StepState.NEXT, f"Round {len(tried) + 2} of {step.rounds + 1}"
        if step.kind is StepKind.WAIT:
            over = until is not None and until <= self.now
            return (StepState.DONE, "The wait is over") if over else (StepState.NEXT, "")
        if step.kind not in CALLED:
            return StepState.NEXT, ""
        why = why_not(step, self.now) or ("" if step.numbers else "No number")
        return (StepState.AWAY, why) if why else (StepState.NEXT, "")

    def _holds(self, step: StepFacts) -> bool:
        """Whether its condition does. Somebody under threat gets the authority whatever the procedure waits for."""
        if step.kind is StepKind.AUTHORITY and self.facts.silent:
            return True
        if step.kind is StepKind.AGAIN:
            return not self.satisfied
        if step.when is When.NOBODY:
            return not (self.facts.cancelled or _people_reached(self.attempts, self.facts))
        if step.when is When.REACHED:
            return _people_reached(self.attempts, self.facts)
        if step.when is When.CONFIRMED:
            return self.facts.confirmed
        if step.when is When.PATROL:
            return any(run.over for run in self.facts.patrols)
        if step.when is When.OUTCOME:
            return self._ended_so(step)
        return True

    def _ended_so(self, step: StepFacts) -> bool:
        earlier = self.order[: list(self.order).index(step)]
        keys = {one.key for one in earlier if not step.after or step.after in (one.id, one.own_id)}
        return any(attempt.step in keys and attempt.outcome in step.outcomes for attempt in self.attempts)

    # -- rounds and waits -----------------------------------------------------------------------

    def _of_round(self, nth: int, everything: Sequence[AttemptFacts]) -> list[AttemptFacts]:
        """What was tried since the last round that this step belongs to began."""
        starts = [
            attempt.began_at
            for again, step in enumerate(self.order)
            if step.kind is StepKind.AGAIN and again > nth >= self._back_to(again)
            for attempt in self.attempts
            if attempt.step == step.key and attempt.outcome is CallOutcome.DONE
        ]
        begun = max(starts, default=None)
        return [attempt for attempt in everything if begun is None or attempt.began_at >= begun]

    def _back_to(self, again: int) -> int:
        wanted = self.order[again].back_to
        return next((nth for nth, step in enumerate(self.order[:again]) if wanted and step.id == wanted), 0)

    def _until(self, nth: int) -> datetime | None:
        """When a wait ends, or a round may begin: counted from when what comes before it was over."""
        step = self.order[nth]
        if step.until is not None or step.kind not in (StepKind.WAIT, StepKind.AGAIN):
            return step.until
        moment = self.facts.since or self.now
        for earlier in range(nth):
            before = self.order[earlier]
            if before.kind is StepKind.WAIT:
                moment = max(moment, self._ended(earlier) or self._until(earlier) or moment)
            else:
                moment = max(moment, self._ended(earlier) or moment)
        return moment + timedelta(seconds=step.seconds)

    def _ended(self, nth: int) -> datetime | None:
        """When the last try of a step was over."""
        key = self.order[nth].key
        return max((attempt.over_at for attempt in self.attempts if attempt.step == key), default=None)


def _choose(found: Sequence[_Look], *, satisfied: bool) -> tuple[list[PlanStep], int | None]:
    """The steps with the current one marked: a running call, else the first to do, else one that was busy."""
    todo = [nth for nth, one in enumerate(found) if one.step.state is StepState.NEXT]
    if satisfied:
        todo = [nth for nth in todo if found[nth].still]
    ready = [nth for nth in todo if not found[nth].deferred]
    calling = [nth for nth, one in enumerate(found) if one.calling]
    current = next(iter((*calling, *ready, *todo)), None)
    steps = [one.step for one in found]
    if current is not None:
        steps[current] = steps[current].model_copy(update={"state": StepState.CURRENT})
    return steps, current


def _last(facts: PlanFacts) -> StepFacts:
    return StepFacts(
        LAST, StepKind.INSTRUCTION, "Nobody was reached", text=facts.otherwise or plan_words.NOBODY, required=True
    )


def _patrol_under_way(order: Sequence[StepFacts], facts: PlanFacts) -> int | None:
    """A patrol that was sent and has not reported is what there is still to hear of."""
    open_ = {run.step for run in facts.patrols if not run.over}
    return next((nth for nth, step in enumerate(order) if step.kind is StepKind.PATROL and step.key in open_), None)


def _people_reached(attempts: Sequence[AttemptFacts], facts: PlanFacts) -> bool:
    """Somebody of the site was, since the alarm is what it is; not by a word given under threat."""
    return any(
        attempt.whom.split(":")[0] in _PEOPLE
        and attempt.outcome in (CallOutcome.VERIFIED, CallOutcome.REACHED)
        and (facts.since is None or attempt.began_at >= facts.since)
        for attempt in attempts
    )


def _satisfied(attempts: Sequence[AttemptFacts], facts: PlanFacts) -> bool:
    """Somebody who may decide was reached: a verified contact, the authority, or a patrol that has reported."""
    if facts.cancelled and not facts.silent:
        return True
    authority = any(
        attempt.step.startswith("authority:")
        and attempt.outcome in REACHED
        and (facts.since is None or attempt.began_at >= facts.since)
        for attempt in attempts
    )
    if facts.silent or any(attempt.outcome is CallOutcome.DURESS for attempt in attempts):
        return authority
    return authority or _people_reached(attempts, facts) or any(run.over for run in facts.patrols)


def _calling(tried: Sequence[AttemptFacts]) -> bool:
    return any(attempt.outcome is None for attempt in tried)


def _number_to_dial(
    step: StepFacts, tried: Sequence[AttemptFacts], wrong: Collection[str], now: datetime
) -> tuple[int, dict[int, datetime]]:
    """Index of the first number that was not tried in vain, and by index when a busy one is tried again.

    Others go before one whose time has not come; the count of numbers when all were tried. What is ``wrong`` is so in
    every round.
    """
    spent = {attempt.number for attempt in tried if attempt.outcome in _NEXT_NUMBER} | set(wrong)
    agains: dict[int, datetime] = {}
    left = []
    for index, (_label, number) in enumerate(step.numbers):
        of_number = [attempt for attempt in tried if attempt.number == number]
        busy = [attempt for attempt in of_number if attempt.outcome is CallOutcome.BUSY]
        if number in spent or len(busy) >= BUSY_MOST:
            continue
        left.append(index)
        if of_number and of_number[-1].outcome is CallOutcome.BUSY:
            agains[index] = busy[-1].over_at + BUSY_AGAIN
    if not left:
        return len(step.numbers), {}
    ready = [index for index in left if agains.get(index, now) <= now]
    return (ready or sorted(left, key=lambda index: agains[index]))[0], agains


def _wrong_numbers(step: StepFacts, attempts: Sequence[AttemptFacts]) -> set[str]:
    """By which whom ``step`` is for is not reached at all, wherever in the procedure it was found out.

    That nobody answers there says nothing else; that they were reached there after all does.
    """
    wrong: set[str] = set()
    for attempt in attempts:
        if attempt.whom != without_place(step.key):
            continue
        if attempt.outcome is CallOutcome.WRONG_NUMBER:
            wrong.add(attempt.number)
        elif attempt.outcome in _SPOKEN_TO:
            wrong.discard(attempt.number)
    return wrong


def _numbers(
    step: StepFacts, tried: Sequence[AttemptFacts], wrong: Collection[str], agains: dict[int, datetime]
) -> tuple[PlanNumber, ...]:
    return tuple(
        PlanNumber(
            label=label,
            number=number,
            private=number in step.private,
            attempts=tuple(
                Attempt(at=a.began_at, number=a.number, outcome=a.outcome, by=a.by, why=a.why)
                for a in tried
                if a.number == number and a.outcome is not None
            ),
            calling_since=next((a.began_at for a in tried if a.number == number and a.outcome is None), None),
            again_at=agains.get(nth),
            wrong=number in wrong,
        )
        for nth, (label, number) in enumerate(step.numbers)
    )


def delayed(order: Sequence[StepFacts], opened_at: datetime, after_s: int) -> list[StepFacts]:
    """The order behind a wait, where calling begins only some time after the alarm (E2)."""
    if not after_s:
        return list(order)
    wait = StepFacts("wait:begin", StepKind.WAIT, "Calling begins", until=opened_at + timedelta(seconds=after_s))
    return [wait, *order]

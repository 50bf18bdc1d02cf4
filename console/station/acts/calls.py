"""Calls on an alarm in hand: begun, ended, skipped; what comes of each, and what all acts on alarms share (G3, I11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from console.station.acts import asking
from console.station.acts.caller import Caller
from console.station.acts.tasks import open_task
from console.station.rules import transitions
from console.station.rules.alarm import Alarm
from console.station.rules.plan_words import OUTCOMES
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, may, require
from console.station.store import alarms as alarm_store
from console.station.store import procedures as procedure_store
from console.station.store.ledger import Ledger
from console.station.store.plans import plan_of
from console.station.store.sites import journaled_number
from models.records import (
    CallOutcome,
    CallPlan,
    ErrorCode,
    PatrolRun,
    PlanStep,
    StepKind,
)
from models.tables import AttemptRow

_OUT_OF_HAND = ("released", "parked", "handed-over", "closed")
"""What was asked of whoever held an alarm is over with these."""
_KEPT_BEFORE = (None, CallOutcome.SKIPPED, CallOutcome.DONE)
"""An attempt with one of these has its journal entry already; that of another outcome follows."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one caller inside one transaction."""

    ledger: Ledger
    caller: Caller
    profile: Profile

    def dial(self, alarm_id: str, step: str, number: str, version: int | None = None) -> Alarm:
        """A call begins (G3): every workstation sees whom the holder calls."""
        alarm = self._mine(alarm_id, version)
        known = self._may_call(alarm, step, number)
        begun = transitions.begin_call(alarm, self.caller.hand, f"{known.title}: calling", self.ledger.now)
        said = journaled_number(self.ledger.connection, number)
        kept = self._keep(begun, "call-begun", f"Calling {known.name}, {said}", {"step": step, "number": said})
        self._attempt(alarm, step, number, None, "")
        return kept

    def call(
        self, alarm_id: str, step: str, number: str, outcome: CallOutcome, why: str, version: int | None = None
    ) -> Alarm:
        """How a call ended, or an attempt made without dialling here (G3)."""
        alarm = self._mine(alarm_id, version)
        # A running call is ended as it was begun, whatever became of the call list meanwhile.
        if alarm.calling_since is None:
            self._may_call(alarm, step, number)
        if outcome in (CallOutcome.SKIPPED, CallOutcome.BROKEN_OFF, CallOutcome.DONE):
            raise Refused(ErrorCode.INVALID, "This is not an outcome of a call.", "outcome")
        if alarm.calling_since is None:
            self._attempt(alarm, step, number, outcome, why)
        ended = self._end_call(alarm, outcome, why, step=step, number=number)
        if outcome is CallOutcome.WRONG_NUMBER:
            self._tell_desk(alarm, step, number)
        elif outcome is CallOutcome.REACHED and step.startswith("patrol:"):
            self._send_patrol(ended, step)
        return ended

    def skip(self, alarm_id: str, step: str, why: str, version: int | None = None) -> Alarm:
        """Step over somebody, with a reason, visibly (C4)."""
        if not why.strip():
            raise Refused(ErrorCode.INVALID, "Skipping a step needs a reason.", "why")
        alarm = self._mine(alarm_id, version)
        known = self._step(alarm, step, None)
        if known.required and not may(self.caller.roles, Right.REASSIGN):
            raise Refused(ErrorCode.NOT_ALLOWED, f"{known.name} is required: only a supervisor may skip it.", "step")
        if alarm.calling_since is not None:
            raise Refused(ErrorCode.WRONG_STATE, "A call is running: hang up and say how it ended first.", "outcome")
        skipped = transitions.act(alarm, self.caller.hand, self.ledger.now)
        kept = self._keep(
            skipped,
            "step-skipped",
            f"Skipped {known.name}: {why.strip()}",
            {"step": step, "why": why.strip()},
        )
        self._attempt(alarm, step, "", CallOutcome.SKIPPED, why.strip())
        return kept

    # -- what all acts share --------------------------------------------------------------------

    def _get(self, alarm_id: str) -> Alarm:
        alarm = alarm_store.by_id(self.ledger.connection, alarm_id)
        if alarm is None:
            raise Refused(ErrorCode.NOT_FOUND, f"There is no alarm {alarm_id}.", "alarm")
        return alarm

    def _mine(self, alarm_id: str, version: int | None) -> Alarm:
        require(self.caller.roles, Right.HANDLE)
        alarm = self._get(alarm_id)
        transitions.require_holder(alarm, self.caller.hand)
        self._unchanged(alarm, version)
        return alarm

    def _unchanged(self, alarm: Alarm, version: int | None) -> None:
        """I11: what is sent to something that changed meanwhile is refused, with what changed."""
        if version is not None and version != alarm.version:
            raise Refused(
                ErrorCode.CHANGED,
                f"{alarm.id} changed since it was shown: it is {alarm.state.value}, priority {alarm.priority}.",
                "version",
            )

    def _keep(self, alarm: Alarm, kind: str, text: str, data: dict[str, Any] | None = None) -> Alarm:
        self.ledger.append(
            kind,
            self.caller.actor,
            text,
            site=alarm.site,
            account=alarm.account,
            alarm=alarm.id,
            priority=alarm.priority,
            data=data,
        )
        alarm_store.save(self.ledger.connection, [alarm])
        if kind in _OUT_OF_HAND:
            asking.left_hands(self.ledger, alarm, self.caller.actor)
        return alarm

    def _plan(self, alarm: Alarm) -> CallPlan:
        return plan_of(self.ledger.connection, alarm, self.ledger.now)

    def _step(self, alarm: Alarm, key: str, number: str | None) -> PlanStep:
        for step in self._plan(alarm).steps:
            if step.key == key:
                if number is not None and number not in [known.number for known in step.numbers]:
                    raise Refused(ErrorCode.INVALID, f"{step.name} does not have this number.", "number")
                return step
        raise Refused(ErrorCode.INVALID, "This step is not on the call list of this alarm.", "step")

    def _may_call(self, alarm: Alarm, key: str, number: str) -> PlanStep:
        """A step that may be called now; refused where it must not, or not yet."""
        step = self._step(alarm, key, number)
        if alarm.silent and step.kind is StepKind.PREMISES:
            raise Refused(ErrorCode.WRONG_STATE, "This is a silent alarm: do not call the premises.", "step")
        if step.verify_first:
            raise Refused(
                ErrorCode.STEPS_MISSING,
                "Record first how it is known that this alarm is real; only hold-up and fire go without.",
                "verification",
            )
        return step

    def _who(self, alarm: Alarm, key: str) -> str:
        """The name of a step, also of one that is on the list no longer."""
        return next((s.name for s in self._plan(alarm).steps if s.key == key), key.split(":")[0].capitalize())

    def _tell_desk(self, alarm: Alarm, step: str, number: str) -> None:
        """A number that is wrong is wrong at the next alarm too: the service desk mends the file."""
        # Whoever was called may be on the list no longer: the call was made all the same (G3).
        known = next((one for one in self._plan(alarm).steps if one.key == step), None)
        name = known.name if known is not None else self._who(alarm, step)
        whom = (known.contact if known is not None else "") or step
        said = journaled_number(self.ledger.connection, number)
        open_task(
            self.ledger,
            self.caller.actor,
            "wrong number",
            f"{name} is not reached by {said}: ask for the right number",
            matter=f"wrong-number:{alarm.site}:{whom}:{number}",
            site=alarm.site,
        )

    def _send_patrol(self, alarm: Alarm, step: str) -> Alarm:
        """A patrol is asked; its other times follow as they come."""
        plan = self._plan(alarm)
        known = next(one for one in plan.steps if one.key == step)
        if any(run.step == step and not run.over for run in plan.patrols):
            raise Refused(ErrorCode.WRONG_STATE, f"{known.name} is on its way already.", "step")
        keys = f", keys: {plan.keys}" if plan.keys else ", no keys held"
        asked = self._keep(alarm, "patrol", f"Patrol asked: {known.name}{keys}", {"step": step, "moment": "asked"})
        run = PatrolRun(step=step, team=known.name, keys=plan.keys, asked_at=self.ledger.now)
        procedure_store.ask_patrol(self.ledger.connection, alarm.id, self.ledger.head.seq, run)
        return asked

    def _attempt(self, alarm: Alarm, step: str, number: str, outcome: CallOutcome | None, why: str) -> None:
        ended = None if outcome is None else self.ledger.now
        self.ledger.connection.execute(
            insert(AttemptRow).values(
                id=self.ledger.head.seq + (0 if outcome in _KEPT_BEFORE else 1),
                alarm=alarm.id,
                step=step,
                number=number,
                began_at=self.ledger.now,
                ended_at=ended,
                outcome=outcome.value if outcome else None,
                by=self.caller.name,
                why=why,
            )
        )

    def _end_running_call(self, alarm: Alarm, why: str) -> Alarm:
        return self._end_call(alarm, CallOutcome.BROKEN_OFF, why) if alarm.calling_since is not None else alarm

    def _end_call(
        self, alarm: Alarm, outcome: CallOutcome, why: str, *, step: str | None = None, number: str | None = None
    ) -> Alarm:
        if alarm.calling_since is not None:
            step, number = self._end_attempt(alarm, outcome, why, step, number)
        assert step is not None
        assert number is not None
        known = next((one for one in self._plan(alarm).steps if one.key == step), None)
        name = known.name if known is not None else self._who(alarm, step)
        said = journaled_number(self.ledger.connection, number)
        ended = transitions.end_call(alarm, self.caller.hand, outcome, f"{name}: {OUTCOMES[outcome]}", self.ledger.now)
        text = f"Call {name}, {said} · {OUTCOMES[outcome]}"
        kept = self._keep(
            ended,
            "call",
            f"{text} · {why}" if why else text,
            {"step": step, "number": said, "outcome": outcome.value},
        )
        if ended.priority < alarm.priority:
            self._keep(ended, "alarm-raised", f"Raised to {ended.priority} · duress word given")
        return kept

    def _end_attempt(
        self, alarm: Alarm, outcome: CallOutcome, why: str, step: str | None, number: str | None
    ) -> tuple[str, str]:
        running = self.ledger.connection.execute(
            select(AttemptRow)
            .where(AttemptRow.alarm == alarm.id, AttemptRow.outcome.is_(None))
            .order_by(AttemptRow.id.desc())
        ).first()
        if running is None:
            raise Refused(ErrorCode.WRONG_STATE, "No call is running on this alarm.", "outcome")
        if step is not None and (running.step, running.number) != (step, number):
            raise Refused(
                ErrorCode.WRONG_STATE,
                f"Another call is running, to {running.number}: say how that ended first.",
                "number",
            )
        self.ledger.connection.execute(
            update(AttemptRow)
            .where(AttemptRow.id == running.id)
            .values(ended_at=self.ledger.now, outcome=outcome.value, why=why)
        )
        return running.step, running.number

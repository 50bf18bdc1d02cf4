"""An operator's acts on alarms: rights, the transition table, the journal, in one transaction (G1–G4, I3, I8, I11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from console.station.acts.caller import Caller
from console.station.acts.code_words import Given
from console.station.acts.returning import break_off_call
from console.station.rules import call_plan, transitions
from console.station.rules.alarm import Alarm, Hand
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, may, require
from console.station.store import alarms as alarm_store
from console.station.store.ledger import Ledger
from console.station.store.plans import plan_of, steps_of
from console.station.store.sites import journaled_number
from models.records import AlarmState, CallOutcome, Disposition, ErrorCode, StepKind
from models.tables import AttemptRow, SessionRow

_PARKED_FOR_URGENT_S = 300
_OUTCOME_WORDS = {
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
}


@dataclass(frozen=True, slots=True)
class Handling:
    """The acts of one caller inside one transaction."""

    ledger: Ledger
    caller: Caller
    profile: Profile

    # -- taking ---------------------------------------------------------------------------------

    def take(self, alarm_id: str, version: int | None = None) -> Alarm:
        """Take an alarm, and with it what waits of the same incident (architecture.md §4)."""
        require(self.caller.roles, Right.HANDLE)
        alarm = self._get(alarm_id)
        taken = transitions.take(alarm, self.caller.hand, self.ledger.now)
        # After the table's own answer: "held by M. Claes" says more than "changed".
        self._unchanged(alarm, version)
        self._keep(taken, "taken", f"Taken by {self.caller.name}{self._after(alarm)} · {alarm.words}")
        for other in alarm_store.of_incident(self.ledger.connection, alarm):
            if other.state is AlarmState.WAITING:
                with_it = transitions.take(other, self.caller.hand, self.ledger.now)
                self._keep(with_it, "taken", f"Taken together with {alarm.id} · {other.words}")
        return taken

    def take_next(self, *, park_call: bool = False) -> Alarm:
        """G1: the most urgent waiting alarm. With one in hand only for a strictly higher priority, parking that."""
        require(self.caller.roles, Right.HANDLE)
        waiting = sorted(
            alarm_store.in_state(self.ledger.connection, AlarmState.WAITING), key=lambda alarm: alarm.urgency
        )
        in_hand = alarm_store.in_hand(self.ledger.connection, self.caller.login, self.caller.workstation)
        if not waiting:
            raise Refused(ErrorCode.NOTHING_WAITING, "No alarm is waiting.")
        if in_hand and waiting[0].priority >= in_hand[0].priority:
            raise Refused(
                ErrorCode.WRONG_STATE,
                f"Nothing more urgent is waiting. Close, park or release {in_hand[0].id} first.",
            )
        for alarm in in_hand:
            self._put_aside(alarm, waiting[0], park_call=park_call)
        return self.take(waiting[0].id)

    def _put_aside(self, alarm: Alarm, urgent: Alarm, *, park_call: bool) -> None:
        if alarm.calling_since is not None:
            if not park_call:
                raise Refused(ErrorCode.WRONG_STATE, "A call is running. F1 again parks this call.", "park_call")
            alarm = self._end_call(alarm, CallOutcome.BROKEN_OFF, f"for {urgent.id}")
        longest = self.profile.longest_park_s[alarm.priority]
        until = self.ledger.now + timedelta(seconds=min(_PARKED_FOR_URGENT_S, longest))
        # Unseen signals do not stop an Emergency: they stay unseen and are there when it comes back.
        parked = replace(
            transitions.park(
                replace(alarm, unseen=0), self.caller.hand, until, f"for {urgent.id}", self.ledger.now, self.profile
            ),
            unseen=alarm.unseen,
        )
        self._keep(parked, "parked", f"Parked by {self.caller.name} for {urgent.id} · {alarm.words}")

    # -- giving back ----------------------------------------------------------------------------

    def release(self, alarm_id: str, version: int | None = None) -> Alarm:
        """Give an alarm back to the queue."""
        alarm = self._mine(alarm_id, version)
        alarm = self._end_running_call(alarm, "released")
        released = transitions.release(alarm, self.caller.hand, self.ledger.now)
        return self._keep(released, "released", f"Released by {self.caller.name} · {alarm.words}")

    def park(self, alarm_id: str, until: datetime, reason: str, version: int | None = None) -> Alarm:
        """Put an alarm aside until a time, with a reason."""
        alarm = self._mine(alarm_id, version)
        if not reason.strip():
            raise Refused(ErrorCode.INVALID, "Parking needs a reason.", "reason")
        parked = transitions.park(alarm, self.caller.hand, until, reason, self.ledger.now, self.profile)
        return self._keep(
            parked,
            "parked",
            f"Parked by {self.caller.name} until {transitions.at(until)} · {reason.strip()}",
            {"until": until.isoformat(), "reason": reason.strip()},
        )

    def hand_over(self, alarm_id: str, to: Hand, version: int | None = None) -> Alarm:
        """Give an alarm in hand to another operator; a supervisor may give anybody's (rulebook H)."""
        require(self.caller.roles, Right.HANDLE)
        alarm = self._get(alarm_id)
        supervisor = may(self.caller.roles, Right.REASSIGN)
        if not supervisor:
            transitions.require_holder(alarm, self.caller.hand)
        self._unchanged(alarm, version)
        if alarm.calling_since is not None:
            # Not by `_end_call`: a supervisor reassigns what is in another's hands.
            break_off_call(self.ledger, alarm, self.caller.actor, "handed over")
        given = transitions.hand_over(alarm, self.caller.hand, to, self.ledger.now, supervisor=supervisor)
        return self._keep(
            given,
            "handed-over",
            f"Handed over by {self.caller.name} from {alarm.holder_name} to {to.name} at {to.workstation}",
            {"from": alarm.holder, "to": to.login},
        )

    # -- working --------------------------------------------------------------------------------

    def note(self, alarm_id: str, text: str) -> Alarm:
        """Write a note."""
        if not text.strip():
            raise Refused(ErrorCode.INVALID, "The note is empty.", "text")
        alarm = self._mine(alarm_id, None)
        noted = transitions.act(alarm, self.caller.hand, self.ledger.now)
        kept = self._keep(noted, "note", f"Note: {text.strip()}")
        alarm_store.add_note(
            self.ledger.connection, alarm.id, self.ledger.head.seq, self.ledger.now, self.caller.name, text.strip()
        )
        return kept

    def seen(self, alarm_id: str, up_to: int) -> Alarm:
        """Mark the signals that were on screen as seen: those up to ``up_to`` and no later one (I8)."""
        alarm = self._mine(alarm_id, None)
        still = alarm_store.unseen_after(self.ledger.connection, alarm.id, up_to)
        marked = transitions.seen(alarm, self.caller.hand, up_to, still, self.ledger.now)
        return self._keep(marked, "seen", f"Signals up to entry {up_to} seen", {"up_to": up_to})

    def dial(self, alarm_id: str, step: str, number: str, version: int | None = None) -> Alarm:
        """A call begins (G3): every workstation sees whom the holder calls."""
        alarm = self._mine(alarm_id, version)
        known = self._step(alarm, step, number)
        if alarm.silent and known.kind is StepKind.PREMISES:
            raise Refused(ErrorCode.WRONG_STATE, "This is a silent alarm: do not call the premises.", "step")
        plan = plan_of(self.ledger.connection, alarm, self.ledger.now)
        title = next(s.title for s, key in zip(plan.steps, self._keys(alarm), strict=True) if key == step)
        begun = transitions.begin_call(alarm, self.caller.hand, f"{title}: calling", self.ledger.now)
        said = journaled_number(self.ledger.connection, number)
        kept = self._keep(
            begun,
            "call-begun",
            f"Calling {self._who(alarm, step)}, {said}",
            {"step": step, "number": said},
        )
        self._attempt(alarm, step, number, None, "")
        return kept

    def call(
        self, alarm_id: str, step: str, number: str, outcome: CallOutcome, why: str, version: int | None = None
    ) -> Alarm:
        """How a call ended, or an attempt made without dialling here (G3)."""
        alarm = self._mine(alarm_id, version)
        # A running call is ended as it was begun, whatever became of the call list meanwhile.
        if alarm.calling_since is None:
            self._step(alarm, step, number)
        if outcome in (CallOutcome.SKIPPED, CallOutcome.BROKEN_OFF):
            raise Refused(ErrorCode.INVALID, "This is not an outcome of a call.", "outcome")
        if alarm.calling_since is None:
            self._attempt(alarm, step, number, outcome, why)
        return self._end_call(alarm, outcome, why, step=step, number=number)

    def skip(self, alarm_id: str, step: str, why: str, version: int | None = None) -> Alarm:
        """Step over somebody, with a reason, visibly (C4)."""
        if not why.strip():
            raise Refused(ErrorCode.INVALID, "Skipping a step needs a reason.", "why")
        alarm = self._mine(alarm_id, version)
        self._step(alarm, step, None)
        if alarm.calling_since is not None:
            raise Refused(ErrorCode.WRONG_STATE, "A call is running: hang up and say how it ended first.", "outcome")
        skipped = transitions.act(alarm, self.caller.hand, self.ledger.now)
        kept = self._keep(
            skipped,
            "step-skipped",
            f"Skipped {self._who(alarm, step)}: {why.strip()}",
            {"step": step, "why": why.strip()},
        )
        self._attempt(alarm, step, "", CallOutcome.SKIPPED, why.strip())
        return kept

    # -- ending ---------------------------------------------------------------------------------

    def cancel(self, alarm_id: str, contact: str, why: str, check: Callable[[Alarm], Given]) -> Alarm:
        """Cancel on behalf of a caller whom ``check`` verifies; it answers with the channel (E5, G4, rulebook H)."""
        alarm = self._mine(alarm_id, None)
        name = next((s.name for s in steps_of(self.ledger.connection, alarm) if s.contact == contact), None)
        if name is None:
            raise Refused(ErrorCode.INVALID, "This person is not a contact of the site.", "contact")
        if not why.strip():
            raise Refused(ErrorCode.INVALID, "Cancelling needs a reason.", "why")
        check_of = check(alarm)
        if check_of is Given.DURESS:
            return self._duress(alarm, f"contact:{contact}", name)
        channel = check_of.value
        touched = transitions.act(alarm, self.caller.hand, self.ledger.now)
        cancelled = transitions.cancel(touched, name, channel, why, self.ledger.now)
        return self._keep(
            cancelled,
            "cancelled",
            f"Cancelled by {name}, {channel} · {why.strip()}",
            {"contact": contact, "channel": channel, "why": why.strip()},
        )

    def _duress(self, alarm: Alarm, step: str, name: str) -> Alarm:
        """The duress word was given: it looks like success to anyone listening, and is none (architecture.md §4)."""
        alarm = self._end_running_call(alarm, "duress word given")
        raised = transitions.end_call(alarm, self.caller.hand, CallOutcome.DURESS, "In hand", self.ledger.now)
        kept = self._keep(
            raised,
            "call",
            f"Call from {name} · {_OUTCOME_WORDS[CallOutcome.DURESS]}",
            {"step": step, "outcome": CallOutcome.DURESS.value},
        )
        # `_attempt` numbers an outcome by the entry after it.
        self._attempt(alarm, step, "", CallOutcome.DURESS, "")
        self._keep(raised, "alarm-raised", f"Raised to {raised.priority} · duress word given")
        return kept

    def close(self, alarm_id: str, disposition: Disposition, reason: str, version: int | None = None) -> Alarm:
        """End an alarm: how, and why, once everything required is done (I8)."""
        alarm = self._mine(alarm_id, version)
        missing = plan_of(self.ledger.connection, alarm, self.ledger.now).missing
        closed = transitions.close(alarm, self.caller.hand, disposition, reason, missing, self.ledger.now)
        text = f"Closed by {self.caller.name} · {disposition.value}"
        return self._keep(
            closed,
            "closed",
            f"{text} · {reason.strip()}" if reason.strip() else text,
            {"disposition": disposition.value, "reason": reason.strip()},
        )

    # -- what they share ------------------------------------------------------------------------

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
        return alarm

    def _after(self, alarm: Alarm) -> str:
        if alarm.taken_at is not None:
            return ""
        seconds = int((self.ledger.now - alarm.clock_from).total_seconds())
        return f" after {seconds // 60}:{seconds % 60:02d}"

    def _keys(self, alarm: Alarm) -> list[str]:
        return [step.key for step in steps_of(self.ledger.connection, alarm)]

    def _step(self, alarm: Alarm, key: str, number: str | None) -> call_plan.StepFacts:
        for step in steps_of(self.ledger.connection, alarm):
            if step.key == key:
                if number is not None and number not in [known for _label, known in step.numbers]:
                    raise Refused(ErrorCode.INVALID, f"{step.name} does not have this number.", "number")
                return step
        raise Refused(ErrorCode.INVALID, "This step is not on the call list of this alarm.", "step")

    def _who(self, alarm: Alarm, key: str) -> str:
        """The name of a step, also of one that is on the list no longer."""
        steps = steps_of(self.ledger.connection, alarm)
        return next((step.name for step in steps if step.key == key), key.split(":")[0].capitalize())

    def _attempt(self, alarm: Alarm, step: str, number: str, outcome: CallOutcome | None, why: str) -> None:
        ended = None if outcome is None else self.ledger.now
        self.ledger.connection.execute(
            insert(AttemptRow).values(
                id=self.ledger.head.seq if outcome in (None, CallOutcome.SKIPPED) else self.ledger.head.seq + 1,
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
        said = None if number is None else journaled_number(self.ledger.connection, number)
        doing = f"{self._who(alarm, step)}: {_OUTCOME_WORDS[outcome]}"
        ended = transitions.end_call(alarm, self.caller.hand, outcome, doing, self.ledger.now)
        text = f"Call {self._who(alarm, step)}, {said} · {_OUTCOME_WORDS[outcome]}"
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


def present_hand(ledger: Ledger, login: str, workstation: str | None, name_of: Callable[[str], str | None]) -> Hand:
    """Somebody who is signed in now, to hand an alarm to; refused where nobody of that name is."""
    query = select(SessionRow).where(SessionRow.login == login, SessionRow.expires_at > ledger.now)
    if workstation is not None:
        query = query.where(SessionRow.workstation == workstation)
    session = ledger.connection.execute(query.order_by(SessionRow.last_beat.desc())).first()
    name = name_of(login)
    if session is None or name is None:
        raise Refused(ErrorCode.INVALID, f"{name or login} is not signed in.", "to")
    return Hand(login, name, session.workstation)

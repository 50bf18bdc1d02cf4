"""What the holder of an alarm does of its call plan besides calls: instructions, rounds, verification, patrols."""

from __future__ import annotations

from dataclasses import dataclass

from console.station.acts.handling import Handling
from console.station.rules import numbers, outage, transitions
from console.station.rules.alarm import Alarm
from console.station.rules.lines import one_line
from console.station.rules.refusal import Refused
from console.station.store import procedures as procedure_store
from console.station.store import site_file
from console.station.store.plans import listed
from models.records import CallOutcome, ErrorCode, PatrolMoment, PatrolRun, StepKind, StepState, Verification

_TO_DO = (StepState.CURRENT, StepState.NEXT)
_PATROL_WORDS = {
    PatrolMoment.ACCEPTED: "Patrol accepted",
    PatrolMoment.ARRIVED: "Patrol arrived",
    PatrolMoment.LEFT: "Patrol left",
    PatrolMoment.REPORT: "Patrol reports",
}


@dataclass(frozen=True, slots=True)
class PlanSteps(Handling):
    """See :class:`Handling`; each act is the holder's alone (G2) and journaled with its time (G3)."""

    def done(self, alarm_id: str, step: str, version: int | None = None) -> Alarm:
        """An instruction was followed, or another round begins."""
        alarm = self._mine(alarm_id, version)
        known = self._step(alarm, step, None)
        if known.kind not in (StepKind.INSTRUCTION, StepKind.AGAIN, StepKind.WAIT):
            raise Refused(ErrorCode.INVALID, f"{known.name} is not done so: call, or skip it with a reason.", "step")
        if known.state not in _TO_DO:
            raise Refused(ErrorCode.WRONG_STATE, f"{known.name} is not to be done now.", "step")
        if known.kind is StepKind.WAIT:
            until = f" until {transitions.at(known.until)}" if known.until is not None else ""
            raise Refused(
                ErrorCode.WRONG_STATE,
                f"The wait lasts{until} and ends by itself; Ctrl+K ends it with a reason.",
                "step",
            )
        if alarm.calling_since is not None:
            raise Refused(ErrorCode.WRONG_STATE, "A call is running: hang up and say how it ended first.", "outcome")
        acted = transitions.act(alarm, self.caller.hand, self.ledger.now)
        words = f"{known.why} begins" if known.kind is StepKind.AGAIN else f"Done: {known.name} · {known.text}"
        kept = self._keep(acted, "step-done", words, {"step": step})
        self._attempt(alarm, step, "", CallOutcome.DONE, "")
        return kept

    def verify(self, alarm_id: str, how: str, by: str, version: int | None = None) -> Alarm:
        """Record how it is known that the alarm is real, and who saw or said it (architecture.md §4)."""
        alarm = self._mine(alarm_id, version)
        if not how.strip():
            raise Refused(ErrorCode.INVALID, "Say how it is known that the alarm is real.", "how")
        if not by.strip():
            raise Refused(ErrorCode.INVALID, "Say who saw or said it.", "by")
        acted = transitions.act(alarm, self.caller.hand, self.ledger.now)
        given = Verification(at=self.ledger.now, how=how.strip(), by=by.strip(), recorded_by=self.caller.name)
        data = {"how": given.how, "by": given.by}
        kept = self._keep(acted, "verified", f"Verified: {given.how} · by {given.by}", data)
        procedure_store.add_verification(self.ledger.connection, alarm.id, self.ledger.head.seq, given)
        return kept

    def put_on_list(self, alarm_id: str, kind: StepKind, name: str, number: str, version: int | None = None) -> Alarm:
        """A patrol or an authority that the procedure does not name: called from the list as any other (G3)."""
        alarm = self._mine(alarm_id, version)
        site = site_file.details(self.ledger.connection, alarm.site) if alarm.site is not None else None
        if site is None or alarm.kind == outage.KIND:
            raise Refused(ErrorCode.WRONG_STATE, "This alarm is of no single site: nobody can be sent to it.", "alarm")
        if kind not in (StepKind.PATROL, StepKind.AUTHORITY):
            raise Refused(ErrorCode.INVALID, "A patrol or an authority can be put on the call list.", "kind")
        named = one_line(name).strip()
        if not named:
            raise Refused(ErrorCode.INVALID, "Say which team or authority it is.", "name")
        try:
            called = numbers.dialled(number, site.country)
        except Refused as refused:
            raise Refused(refused.code, refused.sentence, "number") from None
        if listed(self._plan(alarm), kind, named, called):
            raise Refused(ErrorCode.WRONG_STATE, f"{named} is on the call list already.", "name")
        acted = transitions.act(alarm, self.caller.hand, self.ledger.now)
        words = f"{kind.value.capitalize()} put on the call list: {named}, {called}"
        kept = self._keep(acted, "step-added", words, {"kind": kind.value, "name": named, "number": called})
        procedure_store.add_step(
            self.ledger.connection, alarm.id, self.ledger.head.seq, kind, named, called, self.caller.name
        )
        return kept

    def patrol(
        self,
        alarm_id: str,
        step: str,
        moment: PatrolMoment,
        report: str = "",
        *,
        seen: bool = False,
        version: int | None = None,
    ) -> Alarm:
        """A patrol is sent, or one of its times came; its report ends it, and verifies the alarm where it saw signs."""
        alarm = self._mine(alarm_id, version)
        known = self._step(alarm, step, None)
        if known.kind is not StepKind.PATROL:
            raise Refused(ErrorCode.INVALID, f"{known.name} is no patrol.", "step")
        acted = transitions.act(alarm, self.caller.hand, self.ledger.now)
        if moment is PatrolMoment.ASKED:
            return self._send_patrol(acted, step)
        self._may_follow(alarm, step, moment, report)
        words = f"{_PATROL_WORDS[moment]}: {known.name}" + (f" · {report.strip()}" if report.strip() else "")
        if seen:
            words += " · signs of a real alarm"
        kept = self._keep(acted, "patrol", words, {"step": step, "moment": moment.value, "seen": seen})
        seq = self.ledger.head.seq
        procedure_store.patrol_moment(
            self.ledger.connection, alarm.id, step, moment, self.ledger.now, report.strip(), seen
        )
        if seen:
            verified = Verification(
                at=self.ledger.now, how=f"patrol: {report.strip()}", by=known.name, recorded_by=self.caller.name
            )
            procedure_store.add_verification(self.ledger.connection, alarm.id, seq, verified)
        return kept

    def _may_follow(self, alarm: Alarm, step: str, moment: PatrolMoment, report: str) -> None:
        run = next((r for r in self._plan(alarm).patrols if r.step == step and not r.over), None)
        if run is None:
            raise Refused(ErrorCode.WRONG_STATE, "No patrol is on its way: ask for it first.", "moment")
        if moment is PatrolMoment.REPORT and not report.strip():
            raise Refused(ErrorCode.INVALID, "Write what the patrol reports.", "report")
        known = _times(run)
        if known.get(moment) is not None:
            raise Refused(ErrorCode.WRONG_STATE, "This time of the patrol is known already.", "moment")
        later = [other for other in list(PatrolMoment)[list(PatrolMoment).index(moment) + 1 :] if known.get(other)]
        if later:
            raise Refused(ErrorCode.WRONG_STATE, f"The patrol has {later[0].value} already.", "moment")


def _times(run: PatrolRun) -> dict[PatrolMoment, object]:
    return {
        PatrolMoment.ASKED: run.asked_at,
        PatrolMoment.ACCEPTED: run.accepted_at,
        PatrolMoment.ARRIVED: run.arrived_at,
        PatrolMoment.LEFT: run.left_at,
    }

"""The Now card: the step to take now, its number, and what became of it (G3; visual.md §6, 02)."""

from __future__ import annotations

import time
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QApplication,
)

from models.records import (
    AlarmDetail,
    CallOnLine,
    CallOutcome,
    CallPlan,
    LineState,
    PatrolMoment,
    PatrolRun,
    PlanStep,
    StepKind,
    StepState,
)
from widgets.keycap import retone
from widgets.words import duration
from widgets.workspace.call_list import outcome_words
from widgets.workspace.line import line_words
from widgets.workspace.now_frame import PERSON, NowFrame
from widgets.workspace.step_face import counting, time_left

_WITHOUT_WORD = {CallOutcome.VERIFIED: CallOutcome.REACHED, CallOutcome.WRONG_CODE: None, CallOutcome.DURESS: None}
_WORDLESS = frozenset({StepKind.AUTHORITY, StepKind.PATROL})
"""Who gives no code word: 2 and 8 are off."""
_CALLED = frozenset({StepKind.PREMISES, StepKind.CONTACT, StepKind.PATROL, StepKind.AUTHORITY})
_DUE = frozenset({StepState.CURRENT, StepState.NEXT})
_STEADY_S = 0.7
"""After the step on the card changed by itself, Enter does nothing for so long: nobody dials the wrong number (I8)."""


class NowCard(NowFrame):
    """Enter dials; digits say how the call ended; Ctrl+digit chooses a step; Ctrl+K skips it, with a reason."""

    dial = Signal(str, str)
    """Step key, number."""
    ended = Signal(str, str, object)
    """Step key, number, CallOutcome."""
    skip = Signal(str, str)
    """Step key, reason."""
    done = Signal(str)
    """Step key: an instruction was followed, another round begins."""
    verify_asked = Signal()
    """An authority step waits for its verification."""
    patrol = Signal(str, object, str, bool)
    """Step key, PatrolMoment, report, whether it saw signs."""
    hung_up = Signal()
    close_asked = Signal()
    shown_changed = Signal(object)
    """Index of the step on the card, or None."""

    def __init__(self) -> None:
        super().__init__()
        self._detail: AlarmDetail | None = None
        self._now: datetime | None = None
        self._picked: str | None = None
        self._picked_number = 0
        self._on_card: tuple[str, str] | None = None
        self._changed_at = float("-inf")
        self._own_act = True
        self._hung_up_at: datetime | None = None
        self._skipping = self._refusal = self._reporting = ""
        """The step whose reason, and whose report, is being written."""
        self._seen = False
        self._line: CallOnLine | None = None
        self.may_skip_required = False
        """Whether who is signed in may step over what is required (rulebook H): a supervisor."""

    # -- what it shows --------------------------------------------------------------------------

    def show_detail(self, detail: AlarmDetail, *, own: bool) -> None:
        """Show how things stand; ``own`` when the operator's own act brought the change."""
        if self._detail is None or self._detail.alarm.id != detail.alarm.id:
            self._picked, self._picked_number, self._on_card = None, 0, None
            self._hung_up_at, self._refusal = None, ""
            self.why.clear()
            self._foot.setCurrentIndex(0)
            own = True
        elif self._finished(detail):
            # It leads on to what is to do next; whom was called before can still be picked again.
            self._picked = None
        self._detail = detail
        self._own_act = own
        self._render()

    def _finished(self, detail: AlarmDetail) -> bool:
        """Whether the picked step was still to do, and now is done or skipped."""
        before = next((step for step in self.plan().steps if step.key == self._picked), None)
        after = next((step for step in detail.plan.steps if step.key == self._picked), None)
        if before is None or after is None:
            return False
        return before.state in _DUE and after.state in (StepState.DONE, StepState.SKIPPED)

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self._now = now
        step = self.step()
        since = self._calling_since(step)
        if since is None:
            counted = None if self.calling() else counting(step, now)
            self._calling.setVisible(counted is not None)
            if counted is not None:
                words = self.tr("Again in {0}") if counted[0] == "again" else self.tr("Wait {0}")
                self._calling.setText(words.format(time_left(counted[1], now)))
            return
        if self._line is not None:
            self._calling.setText(line_words(self._line, now))
            return
        if self._hung_up_at is not None:
            self._calling.setText(self.tr("Ended {0}").format(duration(self._hung_up_at - since)))
        else:
            self._calling.setText(self.tr("Calling {0}").format(duration(now - since)))

    def show_line(self, line: CallOnLine | None) -> None:
        """How the telephone exchange says that the call stands; None where it makes none for this alarm."""
        self._line = line if self.calling() else None
        self.hang_up.setEnabled(self._can_hang_up())
        self.propose(None if self._line is None else self._line.proposed)
        if self._now is not None:
            self.tick(self._now)

    def propose(self, outcome: CallOutcome | None) -> None:
        """Mark one outcome. Its digit chooses it as ever, and nothing else does: Enter does nothing in a call."""
        step = self.step()
        for nth, button in enumerate(self.outcomes):
            marked = outcome is not None and self._outcome(nth + 1, step) is outcome
            if marked and not button.property("next"):
                button.say(button.words(), self.tr("says the exchange"))
            button.set_next(marked)

    def _can_hang_up(self) -> bool:
        return self._hung_up_at is None and (self._line is None or self._line.state is not LineState.ENDED)

    def step(self) -> PlanStep | None:
        """The step on the card: the one being called, the one picked, or the plan's own."""
        plan = self.plan()
        for step in plan.steps:
            if self._calling_since(step) is not None:
                return step
        for step in plan.steps:
            if step.key == self._picked:
                return step
        return None if plan.current is None else plan.steps[plan.current]

    def pick(self, index: int) -> None:
        """Ctrl+digit: put that step on the card; again for its next number."""
        plan = self.plan()
        if not 0 <= index < len(plan.steps) or self.calling():
            return
        step = plan.steps[index]
        if step.key == self._picked and step.numbers:
            self._picked_number = (self._picked_number + 1) % len(step.numbers)
        else:
            self._picked, self._picked_number = step.key, self._untried(step)
        self._own_act, self._refusal = True, ""
        self._foot.setCurrentIndex(0)
        self._render()

    def can_skip(self) -> bool:
        """Whether the step on the card can be stepped over by whoever is signed in: as the station will decide."""
        step = self.step()
        if step is None or self.calling() or self._run(step) is not None:
            return False
        return not step.required or self.may_skip_required

    def calling(self) -> bool:
        """Whether a call runs."""
        return any(self._calling_since(step) is not None for step in self.plan().steps)

    def plan(self) -> CallPlan:
        """The call list as it stands."""
        return self._detail.plan if self._detail is not None else CallPlan(title="")

    def _calling_since(self, step: PlanStep | None) -> datetime | None:
        numbers = step.numbers if step is not None else ()
        return next((number.calling_since for number in numbers if number.calling_since is not None), None)

    def _untried(self, step: PlanStep) -> int:
        if self.plan().current == step.index:
            return self.plan().current_number
        return next((nth for nth, number in enumerate(step.numbers) if not number.attempts), 0)

    def _nth(self, step: PlanStep) -> int:
        for nth, number in enumerate(step.numbers):
            if number.calling_since is not None:
                return nth
        nth = self._picked_number if step.key == self._picked else self._untried(step)
        return min(nth, max(0, len(step.numbers) - 1))

    def _render(self) -> None:
        focus = QApplication.focusWidget()
        self._render_all()
        if focus is not None and self.isAncestorOf(focus) and not (focus.isVisible() and focus.isEnabled()):
            # Qt hands the keyboard on to the next button, and an Enter would press it (I8).
            self.setFocus()

    def _render_all(self) -> None:
        step, plan = self.step(), self.plan()
        calling = self.calling()
        if not calling:
            self._hung_up_at = self._line = None
        on_card = None
        if step is not None:
            number = step.numbers[self._nth(step)] if step.numbers else None
            on_card = (step.key, number.number if number is not None else "")
            self._render_step(step, plan, calling=calling)
        else:
            self._render_nobody(plan)
        if on_card != self._on_card and not self._own_act:
            self._changed_at = time.monotonic()
            self._say(self.tr("The step changed by itself: look before you dial."), "warn")
        self._on_card = on_card
        self._render_outcomes(step, calling=calling)
        self.next.setVisible(not calling)
        self.hang_up.setVisible(calling)
        self.hang_up.setEnabled(self._can_hang_up())
        self.skip_button.setEnabled(self.can_skip())
        self._calling.setVisible(calling or (self._now is not None and counting(step, self._now) is not None))
        self.shown_changed.emit(step.index if step is not None else None)
        if self._now is not None:
            self.tick(self._now)

    def _render_step(self, step: PlanStep, plan: CallPlan, *, calling: bool) -> None:
        nth = self._nth(step)
        what = {StepKind.CONTACT: self.tr("call {0}").format(step.title.lower())}.get(
            step.kind, self.tr("call {0}").format(step.kind.value)
        )
        self.head_text.setText(self.tr("Step {0} of {1} · {2}").format(step.index + 1, len(plan.steps), what))
        count = len(step.numbers)
        self.head_right.setText(self.tr("number {0} of {1}").format(nth + 1, count) if count else "")
        self._name.setText(step.name)
        self._role.setText(" · ".join(part for part in (step.role, step.languages, step.why) if part))
        number = step.numbers[nth] if step.numbers else None
        self._number.setText(number.number if number is not None else self.tr("No number"))
        self._label.setText(number.label if number is not None else "")
        self.next.say(self.tr("Dial"), key="Enter")
        if not self._is_call(step):
            self._render_other(step, plan)
            return
        silent = step.kind is StepKind.PREMISES and self._detail is not None and self._detail.alarm.silent
        self.next.setEnabled(number is not None and not silent)
        if silent and not calling:
            # Not even shown: somebody might dial it by hand.
            self._number.setText(self.tr("Do not call"))
            self._label.setText("")
            self._say(self.tr("Silent alarm: do not call the premises."), "warn")
        elif calling:
            said = self.tr("Choose how the call ended: 1 to 8.")
            if step.kind in _WORDLESS:
                said = self.tr("Choose how the call ended: 1, or 3 to 7.")
            self._say(said, "second")
        elif step.verify_first:
            self.next.say(self.tr("Verify first"), key="Enter")
            self._say(self.tr("Recorded first: how it is known that this alarm is real. Enter asks for it."), "warn")
        elif step.text:
            self._say(step.text, "second")
        else:
            asks = self.tr("Ask for the code word: Alt+C shows it for 15 s, journaled.") if step.has_code_word else ""
            bars = step.kind is StepKind.CONTACT and not step.may_cancel
            self._say(f"{asks} {self.tr('Has no right to cancel.')}".strip() if bars else asks, "second")

    def _render_other(self, step: PlanStep, plan: CallPlan) -> None:
        """A step that is no call, or a patrol that is under way."""
        run = self._run(step)
        said = {
            StepKind.INSTRUCTION: (self.tr("do as it says"), self.tr("Done")),
            StepKind.WAIT: (self.tr("wait"), self.tr("Wait")),
            StepKind.AGAIN: (self.tr("another round"), self.tr("Begin the round")),
            StepKind.PUSH: (self.tr("the station's own"), self.tr("Automatic")),
            StepKind.PATROL: (self.tr("patrol under way"), self.tr("Wait")),
        }
        head, verb = said[step.kind]
        self.head_text.setText(self.tr("Step {0} of {1} · {2}").format(step.index + 1, len(plan.steps), head))
        self._number.setText(step.why if step.kind is StepKind.AGAIN else "")
        self._role.setText("" if step.kind is StepKind.AGAIN else self._role.text())
        self._label.setText("")
        self.next.say(verb, key="Enter")
        self.next.setEnabled(step.kind in (StepKind.INSTRUCTION, StepKind.AGAIN) and step.state in _DUE)
        self.head_right.setText("")
        self.face.show_step(step, run, run.keys if run is not None else "")
        required = self.tr("Required: the alarm cannot be closed before it is done.") if step.required else ""
        self._say(self.tr("1 to 5 say how far the patrol came.") if run is not None else required, "second")

    def _run(self, step: PlanStep) -> PatrolRun | None:
        return next((run for run in self.plan().patrols if run.step == step.key and not run.over), None)

    def _is_call(self, step: PlanStep | None) -> bool:
        return step is None or (step.kind in _CALLED and (self._run(step) is None or self.calling()))

    def _render_nobody(self, plan: CallPlan) -> None:
        cancelled = self._detail is not None and self._detail.alarm.cancelled is not None
        self.head_right.setText("")
        outage = self._detail is not None and self._detail.alarm.outage is not None
        if plan.missing and outage:
            self.head_text.setText(self.tr("An outage calls nobody, its sites do"))
            self._name.setText(self.tr("Systems are off line"))
        elif plan.missing:
            self.head_text.setText(self.tr("Something is missing"))
            self._name.setText(self.tr("Not ready to close"))
        elif cancelled and self._detail is not None and self._detail.alarm.cancelled is not None:
            self.head_text.setText(self.tr("Cancelled by {0}").format(self._detail.alarm.cancelled.by))
            self._name.setText(self.tr("Cancelled: close when all is done"))
        elif plan.steps:
            self.head_text.setText(self.tr("The call list is done"))
            self._name.setText(self.tr("Ready to close"))
        else:
            self.head_text.setText(self.tr("Nobody to call"))
            self._name.setText(self.tr("Ready to close"))
        self._role.setText("")
        self._number.setText("")
        self._label.setText("")
        self.next.say(self.tr("Close alarm"), key="F10")
        self.next.setEnabled(True)
        self._say(" ".join(plan.missing) or self.tr("Ctrl and a digit still calls anybody on the list."), "second")

    def _render_outcomes(self, step: PlanStep | None, *, calling: bool) -> None:
        self._middle.setCurrentIndex(0 if self._is_call(step) else 1)
        hints = self.plan().outcome_hints
        for nth, button in enumerate(self.outcomes):
            outcome = self._outcome(nth + 1, step)
            button.setEnabled(calling and outcome is not None)
            shown = outcome or PERSON[nth]
            hint = hints.get(shown.value, "") if step is not None and step.index == self.plan().current else ""
            button.say(outcome_words(shown), hint or " ")
            button.set_next(False)
        self.propose(None if self._line is None else self._line.proposed)

    def _outcome(self, digit: int, step: PlanStep | None) -> CallOutcome | None:
        outcome = PERSON[digit - 1]
        if step is not None and step.kind in _WORDLESS:
            return _WITHOUT_WORD.get(outcome, outcome)
        return outcome

    def _say(self, sentence: str, tone: str) -> None:
        if self._refusal and tone == "second":
            sentence, tone = self._refusal, "refused"
        self._sentence.setText(sentence)
        retone(self._sentence, tone)
        self.speak(self.head_text.text(), self._name.text(), self._number.text(), sentence)

    # -- what is done ---------------------------------------------------------------------------

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused, until the next try."""
        self._refusal = sentence
        self._say(sentence, "refused")
        if field == "why":
            self.press_skip()

    def press_next(self) -> None:
        """Enter: dial, skip with the reason that was written, or go to the close. Nothing during a call."""
        step, self._refusal = self.step(), ""
        if self._foot.currentIndex() == 1:
            self._send_words(self.why.text().strip())
            return
        if self.calling() or time.monotonic() - self._changed_at < _STEADY_S:
            return
        if step is None:
            self.close_asked.emit()
        elif not self.next.isEnabled():
            return
        elif not self._is_call(step):
            self.done.emit(step.key)
        elif step.verify_first:
            self.verify_asked.emit()
        elif step.numbers:
            self.dial.emit(step.key, step.numbers[self._nth(step)].number)

    def press_digit(self, digit: int) -> None:
        """How the call ended."""
        step, self._refusal = self.step(), ""
        if step is not None and not self._is_call(step):
            self._say_of_patrol(step, digit)
            return
        if step is None or not self.calling() or not 1 <= digit <= len(PERSON):
            return
        outcome = self._outcome(digit, step)
        if outcome is not None:
            self._picked = None
            self.ended.emit(step.key, step.numbers[self._nth(step)].number, outcome)

    def _say_of_patrol(self, step: PlanStep, digit: int) -> None:
        moment = self.face.may(digit)
        if moment is None:
            return
        if moment is not PatrolMoment.REPORT:
            self.patrol.emit(step.key, moment, "", False)
            return
        self._reporting, self._seen = step.key, digit == len(self.face.buttons)
        self._ask(self.tr("What does the patrol report? Enter records it, Esc goes back"), self.tr("Patrol's report"))

    def _ask(self, hint: str, name: str) -> None:
        self.why.setPlaceholderText(hint)
        self.why.setAccessibleName(name)
        self._foot.setCurrentIndex(1)
        self.why.setFocus()

    def _send_words(self, words: str) -> None:
        """Enter in the field below: why a step is skipped, or what the patrol reports."""
        if not words:
            return
        if self._reporting:
            self.patrol.emit(self._reporting, PatrolMoment.REPORT, words, self._seen)
        else:
            self.skip.emit(self._skipping, words)
        self.why.clear()
        self._leave_skip()

    def press_hang_up(self) -> None:
        """The handset is down; how it ended is still to be said."""
        if self.calling() and self._hung_up_at is None and self._now is not None:
            self._hung_up_at = self._now
            if self.hang_up.hasFocus():
                self.setFocus()
            self.hang_up.setEnabled(False)
            self.tick(self._now)
            self.hung_up.emit()

    def press_skip(self) -> None:
        """Ctrl+K: ask why."""
        step = self.step()
        if step is not None and step.required and not self.may_skip_required and not self.calling():
            # Before anybody writes why.
            self._say(self.tr("{0} is required: only a supervisor may skip it.").format(step.name), "refused")
        elif step is not None and self.can_skip():
            # The step may change by itself while the reason is written.
            self._skipping, self._reporting = step.key, ""
            self._ask(
                self.tr("Why is this step skipped? Enter skips it, Esc goes back"),
                self.tr("Reason for skipping the step"),
            )

    def press_back(self) -> bool:
        """Esc leaves the question why, or lets go of the step that was picked."""
        if self._foot.currentIndex() == 1:
            self._leave_skip()
            return True
        if self._picked is not None and not self.calling():
            self._picked = None
            self._own_act = True
            self._render()
            return True
        return False

    def _leave_skip(self) -> None:
        self._reporting = ""
        self._foot.setCurrentIndex(0)
        self.next.setFocus()

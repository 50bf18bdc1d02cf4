"""What stands on the Now card for a step that is no call: its words, and the times of a patrol (architecture.md §4)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from models.records import PatrolMoment, PatrolRun, PlanStep, StepKind
from widgets.keycap import KeyButton, toned
from widgets.theme import theme
from widgets.words import clock, duration


class StepFace(QWidget):
    """Digits say how far a patrol came; everything else is Enter's."""

    pressed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(8))
        self.text = toned("", wrap=True)
        column.addWidget(self.text, 1)
        self._patrol = QWidget()
        grid = QGridLayout(self._patrol)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme().px(8))
        self.buttons: list[KeyButton] = []
        words = (
            self.tr("Accepted"),
            self.tr("Arrived"),
            self.tr("Left"),
            self.tr("Nothing found"),
            self.tr("Signs seen"),
        )
        for nth, word in enumerate(words):
            button = KeyButton(word, str(nth + 1), " ")
            button.clicked.connect(lambda _checked=False, digit=nth + 1: self.pressed.emit(digit))
            button.setFixedHeight(theme().px(62))
            self.buttons.append(button)
            grid.addWidget(button, 0, nth)
        column.addWidget(self._patrol)

    def show_step(self, step: PlanStep, run: PatrolRun | None, keys: str) -> None:
        """A step that is no call, or a patrol under way."""
        self._patrol.setVisible(run is not None)
        if run is None:
            said = {
                StepKind.AGAIN: self.tr("Nobody was reached. The calls before this step are made again."),
                StepKind.WAIT: self.tr("Goes on by itself when the time is over. Ctrl+K ends it, with a reason."),
            }.get(step.kind, "")
            self.text.setText("\n".join(part for part in (step.text, said) if part))
            return
        held = self.tr("Keys held: {0}.").format(keys) if keys else self.tr("No keys are held.")
        self.text.setText(self.tr("Asked {0}. {1}").format(clock(run.asked_at), held))
        times = (run.accepted_at, run.arrived_at, run.left_at, None, None)
        hints = ("", "", "", self.tr("write the report"), self.tr("counts as verified"))
        for button, at, hint in zip(self.buttons, times, hints, strict=True):
            button.say(button.words(), clock(at) if at is not None else hint or " ")
            button.setEnabled(at is None)

    def may(self, digit: int) -> PatrolMoment | None:
        """What a digit says of the patrol; None where that is known already, or it is no patrol."""
        if self._patrol.isHidden() or not 1 <= digit <= len(self.buttons):
            return None
        moments = (PatrolMoment.ACCEPTED, PatrolMoment.ARRIVED, PatrolMoment.LEFT)
        if not self.buttons[digit - 1].isEnabled():
            return None
        return moments[digit - 1] if digit <= len(moments) else PatrolMoment.REPORT


def counting(step: PlanStep | None, now: datetime) -> tuple[str, datetime] | None:
    """What a step counts down to: ``wait``, ``again``; None where it counts nothing."""
    if step is None:
        return None
    if step.until is not None and step.until > now:
        return ("again" if step.kind is StepKind.AGAIN else "wait", step.until)
    again = [number.again_at for number in step.numbers if number.again_at is not None]
    ready = any(number.again_at is None and not number.attempts for number in step.numbers)
    if again and not ready and min(again) > now:
        return ("again", min(again))
    return None


def time_left(until: datetime, now: datetime) -> str:
    """How long still."""
    return duration(until - now)

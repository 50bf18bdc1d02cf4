"""The call list that applies now: numbers in the order to dial, who is away and why, what was tried (C4, G3)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from models.records import CallOutcome, CallPlan, PlanNumber, PlanStep, StepKind, StepState
from widgets.keycap import cap_width, draw_cap, toned
from widgets.lines import LEFT
from widgets.panel import Panel
from widgets.theme import theme
from widgets.words import clock, duration

_LABEL, _NUMBER, _SAID = 352, 442, 596
"""Where a number's label, the number, and what became of it begin, at 100 %."""
_OUTCOME_WORDS = {
    CallOutcome.VERIFIED: QT_TRANSLATE_NOOP("outcomes", "Verified"),
    CallOutcome.WRONG_CODE: QT_TRANSLATE_NOOP("outcomes", "Wrong code"),
    CallOutcome.NO_ANSWER: QT_TRANSLATE_NOOP("outcomes", "No answer"),
    CallOutcome.VOICEMAIL: QT_TRANSLATE_NOOP("outcomes", "Voicemail"),
    CallOutcome.BUSY: QT_TRANSLATE_NOOP("outcomes", "Busy"),
    CallOutcome.WRONG_NUMBER: QT_TRANSLATE_NOOP("outcomes", "Wrong number"),
    CallOutcome.REFUSED: QT_TRANSLATE_NOOP("outcomes", "Refused"),
    # The word must look like success to anyone who sees the list over the operator's shoulder on site.
    CallOutcome.DURESS: QT_TRANSLATE_NOOP("outcomes", "Duress word"),
    CallOutcome.SKIPPED: QT_TRANSLATE_NOOP("outcomes", "Skipped"),
    CallOutcome.BROKEN_OFF: QT_TRANSLATE_NOOP("outcomes", "Broken off"),
    CallOutcome.REACHED: QT_TRANSLATE_NOOP("outcomes", "Reached"),
    CallOutcome.DONE: QT_TRANSLATE_NOOP("outcomes", "Done"),
}


def outcome_words(outcome: CallOutcome) -> str:
    """How a call ended, in the operator's language."""
    return QCoreApplication.translate("outcomes", str(_OUTCOME_WORDS[outcome]))


def attempts_words(number: PlanNumber) -> str:
    """What came of a number that was tried: that it is wrong whatever came after, else the last, and how often that."""
    marks = [one for one in number.attempts if one.outcome is CallOutcome.WRONG_NUMBER]
    last = marks[-1] if number.wrong and marks else number.attempts[-1]
    same = sum(1 for one in number.attempts if one.outcome is last.outcome)
    said = f"{clock(last.at)} {outcome_words(last.outcome) if last.outcome else ''}"
    return said + (f" ({same} ×)" if same > 1 else "")


class _Steps(QWidget):
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.plan = CallPlan(title="")
        self.shown: int | None = None
        self.now: datetime | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def heights(self) -> list[int]:
        return [theme().px(57 + 22 * max(0, len(step.numbers) - 2)) for step in self.plan.steps]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        top = 0
        for step, height in zip(self.plan.steps, self.heights(), strict=True):
            if top <= event.position().y() < top + height:
                self.chosen.emit(step.index)
                return
            top += height

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look, top = QPainter(self), theme(), 0
        if not self.plan.steps:
            painter.setPen(look["text3"])
            painter.setFont(look.font(16))
            words = self.tr("Nobody is on the call list. An account without a site has none: tell the service desk.")
            room = QRectF(look.px(18), look.px(10), self.width() - look.px(36), look.px(60))
            painter.drawText(room, Qt.TextFlag.TextWordWrap, words)
        for step, height in zip(self.plan.steps, self.heights(), strict=True):
            self._paint_step(painter, QRectF(0, top, self.width(), height), step)
            top += height

    def _paint_step(self, painter: QPainter, box: QRectF, step: PlanStep) -> None:
        look = theme()
        now = step.index == self.shown
        away = step.state in (StepState.AWAY, StepState.SKIPPED)
        over = away or step.state in (StepState.DONE, StepState.NOT_NOW, StepState.AUTOMATIC)
        if now:
            painter.fillRect(box, look["bg3"])
            painter.fillRect(QRectF(0, box.top(), look.px(4), box.height()), look["text1"])
        painter.setPen(look["line1"])
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        self._paint_index(painter, box, step, now=now, away=away)
        painter.setPen(look["text2"])
        painter.setFont(look.font(15))
        painter.drawText(QRectF(look.px(57), box.top(), look.px(90), box.height()), LEFT, step.title)
        ink = look["text3" if away else "text2" if over else "text1"]
        name = look.font(17, 600 if not over else 400)
        name.setStrikeOut(away)
        self._paint_name(painter, box, step, name, ink)
        self._paint_numbers(painter, box, step, now=now, away=away)
        if step.index < 9:
            cap = f"Ctrl+{step.index + 1}"
            draw_cap(painter, box.right() - look.px(14) - cap_width(cap), box.center().y(), cap, look["text2"])

    def _paint_index(self, painter: QPainter, box: QRectF, step: PlanStep, *, now: bool, away: bool) -> None:
        look = theme()
        square = QRectF(look.px(13), box.center().y() - look.px(15), look.px(30), look.px(30))
        painter.setPen(QPen(look["line2"], 1.5, Qt.PenStyle.DashLine if away else Qt.PenStyle.SolidLine))
        painter.setBrush(look["inv"] if now else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(square, 3, 3)
        painter.setPen(look["oninv"] if now else look["text3" if away else "text1"])
        painter.setFont(look.font(16, 700))
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, str(step.index + 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_name(self, painter: QPainter, box: QRectF, step: PlanStep, font: QFont, ink: QColor) -> None:
        look = theme()
        room = QRectF(look.px(148), box.top() + look.px(6), look.px(198), look.px(24))
        if not step.role and not step.languages:
            room.setHeight(box.height() - look.px(12))
        painter.setPen(ink)
        painter.setFont(font)
        words = painter.fontMetrics().elidedText(step.name, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, LEFT, words)
        painter.setPen(look["text3"])
        painter.setFont(look.font(14))
        under = ", ".join(part for part in (step.role, step.languages) if part)
        painter.drawText(QRectF(room.left(), box.top() + look.px(30), room.width(), look.px(20)), LEFT, under)

    def _paint_numbers(self, painter: QPainter, box: QRectF, step: PlanStep, *, now: bool, away: bool) -> None:
        look = theme()
        row = look.px(22)
        top = box.center().y() - row * max(1, len(step.numbers)) / 2
        # When a step is taken stands beside it as long as nothing was tried.
        shown = away or step.state in (StepState.NOT_NOW, StepState.AUTOMATIC) or not step.numbers
        why = (step.why or step.text if shown else step.why or step.condition) or step.condition
        right = box.right() - look.px(90)
        if why and not any(number.attempts or number.calling_since for number in step.numbers):
            # Nothing else stands there: why somebody is away has all the room, on two lines where it needs them.
            painter.setPen(look["text2"])
            painter.setFont(look.font(15))
            left = look.px(_SAID if step.numbers else _LABEL)
            free = QRectF(left, box.top() + look.px(4), right - left, box.height() - look.px(8))
            painter.drawText(free, LEFT | Qt.TextFlag.TextWordWrap, why)
            why = ""
        for nth, number in enumerate(step.numbers):
            line = top + nth * row
            painter.setPen(look["text3"])
            painter.setFont(look.font(14))
            room = look.px(_NUMBER - _LABEL - 10)
            label = painter.fontMetrics().elidedText(number.label, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(look.px(_LABEL), line, room, row), LEFT, label)
            font = look.font(16, 600 if now and number.calling_since else 400)
            font.setStrikeOut(away)
            painter.setFont(font)
            painter.setPen(look["text3" if away or step.state is StepState.NOT_NOW else "text1"])
            painter.drawText(QRectF(look.px(_NUMBER), line, look.px(_SAID - _NUMBER - 8), row), LEFT, number.number)
            painter.setFont(look.font(15, 600 if number.calling_since else 400))
            painter.setPen(look["text1" if number.calling_since else "text2"])
            said = why if nth == 0 else ""
            if number.calling_since is not None and self.now is not None:
                said = self.tr("Calling {0}").format(duration(self.now - number.calling_since))
            elif step.kind is StepKind.PATROL and step.why and not away:
                said = step.why
            elif number.attempts:
                said = attempts_words(number)
                if number.again_at is not None and self.now is not None and number.again_at > self.now:
                    said = self.tr("Busy, again in {0}").format(duration(number.again_at - self.now))
            room = int(right - look.px(_SAID))
            words = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(look.px(_SAID), line, room, row), LEFT, words)


class CallList(Panel):
    """The panel with every step, none left out."""

    chosen = Signal(int)
    """A step was clicked."""

    def __init__(self) -> None:
        super().__init__(self.tr("Call list that applies now"))
        self.add_keys("Alt+S", words=self.tr("besides"))
        self._steps = _Steps()
        self._steps.chosen.connect(self.chosen)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._steps)
        self.area.setAccessibleName(self.tr("Call list: {0}").format(self.tr("nobody")))
        self.why = toned("second", wrap=True)
        self.why.setContentsMargins(theme().px(14), theme().px(6), theme().px(14), theme().px(6))
        self.body.addWidget(self.why)
        self.body.addWidget(self.area)

    def show_plan(self, plan: CallPlan, shown: int | None) -> None:
        """Show ``plan``; ``shown`` is the step on the Now card."""
        self.summary.setText(self.tr("{0} · dial in this order").format(plan.title))
        version = self.tr("version {0}").format(plan.version)
        self.why.setText(self.tr("{0}, {1}: {2}").format(plan.title, version, plan.why))
        self.why.setVisible(bool(plan.procedure))
        self._steps.plan, self._steps.shown = plan, shown
        self._steps.setMinimumHeight(sum(self._steps.heights()) or theme().px(60))
        said = "; ".join(_said(step) for step in plan.steps)
        self.area.setAccessibleName(self.tr("Call list: {0}").format(said or self.tr("nobody")))
        self._steps.update()
        heights = self._steps.heights()
        if shown is not None and shown < len(heights):
            self.area.ensureVisible(0, sum(heights[:shown]) + heights[shown] // 2, 0, heights[shown])

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self._steps.now = now
        if any(number.calling_since or number.again_at for step in self._steps.plan.steps for number in step.numbers):
            self._steps.update()


def _said(step: PlanStep) -> str:
    kind = "" if step.kind is StepKind.CONTACT else f"{step.kind.value} "
    numbers = ", ".join(number.number for number in step.numbers)
    return f"{step.index + 1} {kind}{step.name} {numbers} {step.state.value} {step.why}".strip()

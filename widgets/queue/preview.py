"""The alarm under the focus bar, read without taking it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from models.records import AlarmDetail, AlarmState, AlarmView, OutageMember, OutageView, PlanStep, StepState
from widgets.badge import PriorityBadge
from widgets.facts import Facts
from widgets.keycap import KeyButton, toned
from widgets.outage_figures import OutageFigures
from widgets.queue.face import face
from widgets.theme import priority_name, theme
from widgets.words import clock, day, duration, headline, minute

_LEAST_STEPS = 2
"""Lines of the call list that are shown whatever else is."""


class StepLines(QWidget):
    """The call list that applies now, one line a step; away is struck, never left out (C4)."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[PlanStep, ...] = ()

    def tell(self, steps: tuple[PlanStep, ...]) -> None:
        """Show ``steps``."""
        if steps == self._steps:
            return
        self._steps = steps
        # Where there is no room for all of them, the last line says how many more there are.
        self.setMinimumHeight(theme().px(29) * min(_LEAST_STEPS, len(steps)))
        self.setMaximumHeight(theme().px(29) * len(steps))
        self.updateGeometry()
        said = "; ".join(f"{step.index + 1} {step.name} {step.why}" for step in steps)
        self.setAccessibleName(self.tr("Call list that applies now: {0}").format(said))
        self.update()

    def sizeHint(self) -> QSize:
        """All lines."""
        return QSize(super().sizeHint().width(), theme().px(29) * len(self._steps))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """One line a step."""
        look, painter = theme(), QPainter(self)
        centre = Qt.AlignmentFlag.AlignVCenter
        room_for = self.height() // look.px(29)
        whole = len(self._steps) if room_for >= len(self._steps) else max(0, room_for - 1)
        if whole < len(self._steps):
            painter.setPen(look["text2"])
            painter.setFont(look.font(15))
            line = QRectF(look.px(24), whole * look.px(29), self.width(), look.px(29))
            painter.drawText(line, centre, self.tr("and {0} more").format(len(self._steps) - whole))
        for row, step in enumerate(self._steps[:whole]):
            line = QRectF(0, row * look.px(29), self.width(), look.px(29))
            away = step.state in (StepState.AWAY, StepState.SKIPPED)
            painter.setPen(look["text3" if away or step.state is StepState.DONE else "text1"])
            font = look.font(16, 600 if step.state is StepState.CURRENT else 400)
            painter.setFont(font)
            painter.drawText(line, centre, str(step.index + 1))
            number = step.numbers[0].number if step.numbers else ""
            font.setStrikeOut(away)
            painter.setFont(font)
            name = f"{step.name}, {step.role}" if step.role else step.name
            metrics = painter.fontMetrics()
            room = line.adjusted(look.px(24), 0, -metrics.horizontalAdvance(number) - look.px(12), 0)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, centre, shown)
            painter.drawText(line, centre | Qt.AlignmentFlag.AlignRight, number)
            if away:
                font.setStrikeOut(False)
                painter.setFont(look.font(15))
                painter.drawText(
                    room.adjusted(metrics.horizontalAdvance(shown) + look.px(8), 0, 0, 0), centre, step.why
                )


class Preview(QFrame):
    """What is known of one alarm, and what can be done with it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._alarm: AlarmView | None = None
        self._loading = False
        """Whether only what the list knows is shown."""
        pad = theme().px(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(pad, pad, pad, pad)
        column.setSpacing(theme().px(6))
        head = QHBoxLayout()
        self._badge = PriorityBadge()
        self._name = toned("headline")
        self._time = toned("time")
        self._target = toned("second")
        head.addWidget(self._badge)
        head.addSpacing(theme().px(8))
        head.addWidget(self._name)
        head.addStretch(1)
        head.addWidget(self._time)
        head.addWidget(self._target)
        column.addLayout(head)
        self._event = toned("event", wrap=True)
        self._place = toned("", wrap=True)
        self._site = toned("site", wrap=True)
        self._address = toned("second", wrap=True)
        for label in (self._event, self._place, self._site, self._address):
            column.addWidget(label)
        self._silent = toned("silent", wrap=True)
        column.addWidget(self._silent)
        self.figures = OutageFigures()
        self.figures.hide()
        column.addWidget(self.figures)
        self._facts = Facts()
        # What is short of room gives way elsewhere: half a line of facts is none.
        self._facts.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column.addWidget(self._facts)
        self._list_title = toned("label")
        self._steps = StepLines()
        column.addWidget(self._list_title)
        column.addWidget(self._steps)
        column.addStretch(1)
        self.take = KeyButton(self.tr("Take this alarm"), "Enter")
        self.test = KeyButton(self.tr("Test on / off"), "F7")
        row = QHBoxLayout()
        row.addWidget(self.take)
        row.addWidget(self.test)
        row.addStretch(1)
        self._buttons = QWidget()
        self._buttons.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._buttons)
        self.show_alarm(None)

    def show_alarm(self, alarm: AlarmView | None) -> None:
        """Show what the list knows, at once; the rest follows with :meth:`show_detail`."""
        other = alarm is None or self._alarm is None or alarm.id != self._alarm.id
        self._alarm = alarm
        if other:
            self._clear_detail(alarm)
        if alarm is None or alarm.outage is None:
            self.figures.hide()
        for widget in (self._badge, self._time, self._target, self._buttons):
            widget.setVisible(alarm is not None)
        if alarm is None:
            self._name.setText(self.tr("No alarm chosen"))
            self._event.setText("")
            self._place.setText(
                self.tr("When an alarm is in the list, the arrow keys choose it and its preview is here.")
            )
            self._site.setText("")
            self._address.setText("")
            self._silent.hide()
            return
        self._badge.show_alarm(alarm)
        self._name.setText(priority_name(alarm.priority))
        self._event.setText(headline(alarm))
        self._place.setText(alarm.place or self.tr("Account {0}").format(alarm.account))
        if alarm.outage is not None:
            words = self.tr("{0} off line · {1} back")
            self._site.setText(words.format(alarm.outage.lost, alarm.outage.back))
            words = self.tr("{0} systems in one incident · began {1}")
            self._place.setText(words.format(alarm.outage.lost + alarm.outage.back, clock(alarm.outage.began_at)))
            self._address.setText("")
            self.figures.show_outage(alarm.outage, other=other)
        elif alarm.site is None and not alarm.account:
            self._site.setText(self.tr("The station itself"))
            self._address.setText(self.tr("Tell whoever keeps the station."))
        elif alarm.site is None:
            self._site.setText(self.tr("Unknown account {0}").format(alarm.account))
            self._address.setText(self.tr("No site has this account: call the service desk."))
        else:
            self._site.setText(f"{alarm.site.name}  {alarm.site.id}")
            self._address.setText(address(alarm))
        self._silent.setText(self.tr("Do not call the premises. Silent alarm: police first."))
        self._silent.setVisible(alarm.silent)
        self.take.setEnabled(alarm.state is not AlarmState.CLOSED)
        if alarm.outage is not None:
            # Last: what is shown has the whole window laid out at once, and it must not grow for what is going.
            self.figures.show()

    def show_detail(self, detail: AlarmDetail) -> None:
        """The station's answer for the alarm that is shown; another's is dropped."""
        if self._alarm is None or detail.alarm.id != self._alarm.id:
            return
        self._loading = False
        if detail.alarm.outage is not None:
            self._show_outage(detail.alarm.outage)
            return
        signals = " · ".join(f"{clock(line.at)} {line.words} {line.place}" for line in detail.lines[:2])
        if len(detail.lines) > 2:
            signals += self.tr(" and {0} more").format(len(detail.lines) - 2)
        pairs = [(self.tr("Signals"), signals)]
        if detail.sheet is not None:
            states = " · ".join(f"{area.name}: {area.words}" for area in detail.sheet.areas)
            pairs.append((self.tr("System"), states or self.tr("not transmitted")))
        past = " · ".join(
            f"{minute(old.at)} {day(old.at)}, {old.words}, {old.disposition}" for old in detail.previous[:2]
        )
        pairs.append((self.tr("Earlier"), past or self.tr("No earlier alarm in 12 months")))
        for test in detail.tests:
            since = self.tr("since {0} {1}, by {2}: {3}")
            said = since.format(day(test.since), minute(test.since), test.by, test.why)
            pairs.append((self.tr("In test"), " · ".join(filter(None, (test.scope_words, said)))))
        self._facts.tell(pairs)
        title = self.tr("Call list that applies now · {0}").format(detail.plan.title)
        self._list_title.setText(title if detail.plan.steps else self.tr("No call list: this account has no site."))
        self._steps.tell(detail.plan.steps[:8])

    def show_trouble(self, alarm: str, sentence: str) -> None:
        """Why the rest of the alarm that is shown does not come; another's is dropped."""
        if self._alarm is not None and self._alarm.id == alarm and self._loading:
            self._list_title.setText(sentence)

    def show_members(self, alarm: str, members: Sequence[OutageMember]) -> None:
        """The systems of the outage that is shown; another's are dropped."""
        if self._alarm is not None and self._alarm.id == alarm:
            self.figures.show_members(members)

    def _show_outage(self, outage: OutageView) -> None:
        pairs = [
            (self.tr("Last loss"), clock(outage.last_loss_at)),
            (self.tr("Grouped"), self.tr("lost links of this provider alone: every other kind keeps its own row")),
        ]
        self._facts.tell(pairs)
        self._list_title.setText(self.tr("Take it: its systems are listed, and each can get a row of its own."))
        self._steps.tell(())

    def tick(self, now: datetime) -> None:
        """A second passed."""
        if self._alarm is None:
            return
        if self._alarm.outage is not None:
            self.figures.tick(now)
        said = face(self._alarm, now)
        self._time.setText(said.time)
        waiting = self._alarm.state is AlarmState.WAITING
        self._target.setText(f"/ {duration(self._alarm.target_s)}" if waiting else said.after_time)

    def _clear_detail(self, alarm: AlarmView | None) -> None:
        self._facts.tell(())
        self._loading = alarm is not None
        self._list_title.setText(self.tr("loading {0}").format(alarm.id) if alarm is not None else "")
        self._steps.tell(())


def address(alarm: AlarmView) -> str:
    """Street, postcode and town on one line."""
    site = alarm.site
    if site is None:
        return ""
    return ", ".join(part for part in (site.street, f"{site.postcode} {site.town}".strip()) if part)

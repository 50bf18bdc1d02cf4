"""The head of the workspace: what, where, and the three times that matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from models.records import AlarmView
from widgets.badge import PriorityBadge
from widgets.keycap import toned
from widgets.queue.preview import address
from widgets.theme import priority_name, theme
from widgets.words import clock, duration, headline
from widgets.workspace.warning_line import Warning, WarningLine


class _Time(QWidget):
    """A label over a time."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme().px(16), 0, theme().px(16), 0)
        column.setSpacing(0)
        self.label = toned("label")
        self.value = toned("figure")
        self.late = toned("late")
        row = QHBoxLayout()
        row.setSpacing(theme().px(6))
        row.addWidget(self.value)
        row.addWidget(self.late)
        row.addStretch(1)
        column.addStretch(1)
        column.addWidget(self.label)
        column.addLayout(row)
        column.addStretch(1)
        self.setMinimumWidth(theme().px(150))


class WorkspaceHeader(QFrame):
    """124 high at 100 %, the line of warnings included; its times tick."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setFixedHeight(theme().px(124))
        self._alarm: AlarmView | None = None
        self._gone = False
        column = QVBoxLayout(self)
        column.setContentsMargins(theme().px(18), 0, theme().px(4), 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        column.addLayout(row, 1)
        self.warnings = WarningLine()
        column.addWidget(self.warnings)
        row.setSpacing(theme().px(14))
        self._badge = PriorityBadge()
        self._priority = toned("headline")
        row.addWidget(self._badge)
        row.addWidget(self._priority)
        self._event, self._place = toned("event"), toned("second")
        self._site, self._address = toned("site"), toned("second")
        row.addLayout(_pair(self._event, self._place), 3)
        row.addWidget(_rule())
        row.addLayout(_pair(self._site, self._address), 2)
        self._since, self._taken, self._hands = _Time(), _Time(), _Time()
        for time in (self._since, self._taken, self._hands):
            row.addWidget(_rule())
            row.addWidget(time)

    def show_alarm(self, alarm: AlarmView, warnings: Sequence[Warning]) -> None:
        """Show ``alarm`` and what holds of it."""
        self._alarm, self._gone = alarm, False
        self.warnings.tell(warnings)
        self._badge.show_alarm(alarm)
        self._priority.setText(priority_name(alarm.priority))
        words = headline(alarm)
        self._event.setText(words)
        self._event.setToolTip(words)
        self._place.setText(alarm.place)
        self._place.setToolTip(alarm.place)
        if alarm.outage is not None:
            self._site.setText(self.tr("{0} off line").format(alarm.outage.lost))
            self._address.setText(
                self.tr("{0} back · last loss {1}").format(alarm.outage.back, clock(alarm.outage.last_loss_at))
            )
        elif alarm.site is None and not alarm.account:
            self._site.setText(self.tr("The station itself"))
            self._address.setText(self.tr("Tell whoever keeps the station"))
        elif alarm.site is None:
            self._site.setText(self.tr("Unknown account {0}").format(alarm.account))
            self._address.setText(self.tr("No site has this account"))
        else:
            self._site.setText(alarm.site.name)
            self._address.setText(f"{alarm.site.id} · {address(alarm)}")
        self._since.label.setText(self.tr("Since alarm, {0}").format(clock(alarm.clock_from)))
        self._taken.label.setText(self.tr("Taken after"))
        self._hands.label.setText(self.tr("In your hands"))
        taken = (alarm.taken_at - alarm.clock_from) if alarm.taken_at else None
        self._taken.value.setText(duration(taken) if taken is not None else "–")
        late = 0.0 if taken is None else taken.total_seconds() - alarm.target_s
        over = self.tr("+{0} over {1}").format(duration(late), duration(alarm.target_s))
        self._taken.late.setText(over if late > 0 else "")
        self.setAccessibleName(f"{self._priority.text()}, {words}, {alarm.place}, {self._site.text()}")

    def tell_gone(self) -> None:
        """It is in these hands no longer: what is said of them is of the past, and stands still."""
        self._hands.label.setText(self.tr("Was in your hands"))
        self._gone = True

    def tick(self, now: datetime) -> None:
        """A second passed."""
        if self._alarm is not None and not self._gone:
            self._since.value.setText(duration(now - self._alarm.clock_from))
            held = self._alarm.held_since
            self._hands.value.setText(duration(now - held) if held is not None else "–")


def _pair(first: QWidget, second: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(theme().px(2))
    column.addStretch(1)
    column.addWidget(first)
    column.addWidget(second)
    column.addStretch(1)
    first.setMinimumWidth(theme().px(120))
    second.setMinimumWidth(theme().px(120))
    return column


def _rule() -> QFrame:
    rule = QFrame()
    rule.setObjectName("rule")
    rule.setFixedWidth(1)
    rule.setFixedHeight(theme().px(50))
    return rule

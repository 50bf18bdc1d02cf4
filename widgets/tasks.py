"""The service desk's tasks: what somebody must do in office hours, oldest first, with their age (D2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from models.records import DeskTask
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned
from widgets.panel import Panel
from widgets.rows import Row, RowsView
from widgets.theme import theme
from widgets.words import day, duration, minute


class DoneCard(Card):
    """A task is done: what was done about it."""

    wanted = Signal(int, str)
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.task: DeskTask | None = None
        self.head_title.setText(self.tr("Task"))
        self._text = toned("", wrap=True)
        self.body.addWidget(self._text)
        self.why = QLineEdit()
        self.why.setMaxLength(500)
        self.why.setPlaceholderText(self.tr("What was done: called them, patrol moved to 02:00…"))
        self.why.setAccessibleName(self.tr("What was done"))
        self.body.addWidget(self.why)
        self.body.addStretch(1)
        self.next = KeyButton(self.tr("Done"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self._sentence = toned("second", wrap=True)
        self.add_foot(self.next, self._sentence)

    def show_task(self, task: DeskTask) -> None:
        """The task; what was typed for another is dropped."""
        if self.task is None or self.task.id != task.id:
            self.why.clear()
        self.task = task
        self.head_text.setText(task.site.name if task.site is not None else "")
        opened = self.tr("Opened {0} {1} by {2}.")
        self._text.setText(f"{task.text}\n{opened.format(day(task.opened_at), minute(task.opened_at), task.opened_by)}")
        self._say("", "second")
        self.speak(self.head_text.text(), task.text)

    def _say(self, sentence: str, tone: str) -> None:
        self._sentence.setText(sentence)
        retone(self._sentence, tone)

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self._say(sentence, "refused")
        self.why.setFocus()

    def press_next(self) -> None:
        """Enter."""
        if self.task is None:
            return
        if not self.why.text().strip():
            self.refuse(self.tr("Say what was done."))
        else:
            self.wanted.emit(self.task.id, self.why.text().strip())

    def press_back(self) -> bool:
        """Esc: what was typed stays."""
        self.back.emit()
        return True


class TasksScreen(QWidget):
    """The list left, the card right."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        gutter = theme().px(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(gutter, 0, gutter, gutter)
        row.setSpacing(gutter)
        panel = Panel(self.tr("Tasks of the service desk, oldest first"), self.tr("Enter: done"))
        self.view = RowsView(self.tr("Tasks, oldest first"))
        self.empty = toned(
            "", self.tr("No task is open. What alarms and changes leave to do in office hours is listed here.")
        )
        self.empty.setContentsMargins(gutter, gutter, gutter, gutter)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        panel.body.addWidget(self.stack, 1)
        row.addWidget(panel, 1272)
        self.card = DoneCard()
        self.card.setFixedHeight(theme().px(240))
        self.card.hide()
        side = QVBoxLayout()
        side.addWidget(self.card)
        side.addWidget(
            toned("second", self.tr("Enter on a task: what was done. Ctrl+E opens its site file."), wrap=True)
        )
        side.addStretch(1)
        row.addLayout(side, 612)

    def show_tasks(self, tasks: Sequence[DeskTask], now: datetime) -> None:
        """Oldest first; the age is what matters."""
        self.view.know(
            [
                Row(
                    str(task.id),
                    task.text,
                    f"{task.site.name} · {task.site.id}" if task.site is not None else task.kind,
                    duration(now - task.opened_at),
                    f"{day(task.opened_at)} {minute(task.opened_at)} · {task.opened_by}",
                )
                for task in tasks
            ]
        )
        self.stack.setCurrentIndex(0 if tasks else 1)

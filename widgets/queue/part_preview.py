"""One part of an outage beside the queue: its systems, each of which can be opened and checked (visual.md 06d)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from models.records import AlarmView, OutageMember, OutagePart
from widgets.keycap import KeyButton, toned
from widgets.outage_figures import by_what_to_do
from widgets.outage_list import OutageList
from widgets.queue.outage_rows import state_of
from widgets.theme import theme
from widgets.words import clock, thousands


class PartPreview(QFrame):
    """What the row under the focus bar counts, one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._alarm = ""
        self._mine = False
        self._part = OutagePart.ALONE
        pad = theme().px(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, pad, 1, pad)
        column.setSpacing(theme().px(6))
        head = QVBoxLayout()
        head.setContentsMargins(pad, 0, pad, 0)
        head.setSpacing(theme().px(4))
        self._title = toned("event", wrap=True)
        self._todo = toned("", wrap=True)
        self._of = toned("second", wrap=True)
        for label in (self._title, self._todo, self._of):
            head.addWidget(label)
        column.addLayout(head)
        self.list = OutageList(self.tr("Systems of this row"))
        column.addWidget(self.list, 1)
        self._hint = toned("second", wrap=True)
        self.open = KeyButton(self.tr("Open its site file"), "Enter")
        self.check = KeyButton(self.tr("Mark as checked"), "Ctrl+T")
        self.open.clicked.connect(self.list.press_open)
        self.check.clicked.connect(self.list.press_check)
        foot = QVBoxLayout()
        foot.setContentsMargins(pad, 0, pad, 0)
        foot.addWidget(self._hint)
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addWidget(self.check)
        row.addStretch(1)
        foot.addLayout(row)
        column.addLayout(foot)
        self.list.moved.connect(self._offer)

    def show_part(self, alarm: AlarmView, part: OutagePart, *, mine: bool) -> None:
        """What the row says, at once; its systems follow. ``mine``: the outage is in the hands of who sits here."""
        assert alarm.outage is not None
        if alarm.id != self._alarm:
            self._alarm = alarm.id
            self.list.forget()
        self._part, self._mine = part, mine
        self.list.show_part(part)
        row = by_what_to_do(alarm.outage)[part]
        self._title.setText(f"{thousands(row.systems)} · {row.what}")
        self._todo.setText(f"{row.todo} · {state_of(part, alarm.outage)}")
        self._of.setText(self.tr("{0} · began {1}").format(alarm.words, clock(alarm.outage.began_at)))
        self._offer()

    def show_members(self, alarm: str, members: Sequence[OutageMember]) -> None:
        """The systems of the outage; another's are dropped."""
        if alarm == self._alarm:
            self.list.show_members(members)

    def can_check(self) -> bool:
        """Whether the chosen site can be marked as checked from here."""
        return self._mine and self.list.can_check()

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.list.tick(now)

    def _offer(self) -> None:
        member = self.list.chosen()
        self.open.setEnabled(member is not None)
        alone = self._part is OutagePart.ALONE
        self.check.setVisible(alone)
        self.check.setEnabled(self.can_check())
        done = member is not None and member.checked_at is not None
        self.check.say(self.tr("Take the check back") if done else self.tr("Mark as checked"))
        words = self.tr("Enter goes into the list, arrows choose, typing finds, Esc comes back.")
        if alone and not self._mine:
            words += " " + self.tr("Whoever holds the outage marks its sites as checked.")
        self._hint.setText(words)

"""The systems of an outage in hand: each counted once, each openable, off line first (visual.md §6, 06d)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from models.records import OutageMember, OutageView
from widgets.keycap import KeyButton, toned
from widgets.outage_list import OutageList
from widgets.panel import Panel
from widgets.theme import theme
from widgets.words import thousands


class OutagePanel(Panel):
    """Stands where a site's call list stands: an outage calls nobody, its sites do."""

    split_asked = Signal(str)
    """Account of the system that is to get a row of its own."""

    def __init__(self) -> None:
        super().__init__(self.tr("Systems of this outage"))
        self.list = OutageList(self.tr("Systems of this outage, off line first"))
        self.body.addWidget(self.list, 1)
        self.open = KeyButton(self.tr("Open its site file"), "Enter")
        self.check = KeyButton(self.tr("Mark as checked"), "Ctrl+T")
        self.split = KeyButton(self.tr("Give this site a row of its own"), "Ctrl+S")
        self.open.clicked.connect(self.list.press_open)
        self.check.clicked.connect(self.list.press_check)
        self.split.clicked.connect(self.press_split)
        self._hint = toned("second", wrap=True)
        pad = theme().px(12)
        self._hint.setContentsMargins(pad, pad, pad, 0)
        self.body.addWidget(self._hint)
        row = QHBoxLayout()
        row.setContentsMargins(pad, theme().px(6), pad, pad)
        row.setSpacing(theme().px(8))
        for button in (self.open, self.check, self.split):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.list.moved.connect(self._offer)
        self._offer()

    def show_outage(self, outage: OutageView) -> None:
        """The figures, before the systems are read."""
        words = self.tr("{0} off line · {1} back · {2} without a second path, {3} of them checked")
        counts = (outage.lost, outage.back, outage.alone, outage.checked)
        self.summary.setText(words.format(*(thousands(count) for count in counts)))

    def show_members(self, members: Sequence[OutageMember]) -> None:
        """The systems; the focus bar stays on its system."""
        self.list.show_members(members)

    def can_split(self) -> bool:
        """Whether the chosen system is off line."""
        member = self.list.chosen()
        return member is not None and member.back_at is None

    def press_split(self) -> None:
        """Ask for a row of its own for the chosen system."""
        member = self.list.chosen()
        if member is not None and self.can_split():
            self.split_asked.emit(member.account)

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.list.tick(now)

    def _offer(self) -> None:
        member = self.list.chosen()
        self.open.setEnabled(member is not None)
        self.check.setEnabled(self.list.can_check())
        done = member is not None and member.checked_at is not None
        self.check.say(self.tr("Take the check back") if done else self.tr("Mark as checked"))
        self.split.setEnabled(self.can_split())
        if member is None:
            words = self.tr("The systems are listed here; arrows choose, typing finds.")
        elif self.can_split():
            words = self.tr("A row of its own goes to the queue, with the site's call list.")
        else:
            words = self.tr("Choose a system that is off line with the arrow keys.")
        self._hint.setText(words)

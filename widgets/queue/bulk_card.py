"""Closing many waiting alarms at once: which, how they ended, why; then how far it is, and what was not closed (H)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QProgressBar

from models.records import BulkLine, BulkSelection, Disposition
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned
from widgets.rows import Row, RowsView
from widgets.theme import theme
from widgets.words import duration, plural
from widgets.workspace.close_card import DISPOSITION_WORDS


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that waiting alarms may have in common."""

    words: str
    query: Mapping[str, str] = field(default_factory=dict)


class BulkCard(Card):
    """A choice, its list, a disposition and a reason; Enter closes what is listed, Esc stops."""

    chosen = Signal(dict)
    """The query of what was chosen."""
    wanted = Signal(object, str)
    """Disposition, reason: close what is listed."""
    stopped = Signal()
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.disposition: Disposition | None = None
        self._lines: list[BulkLine] = []
        self._count = 0
        self._now: datetime | None = None
        self._running = False
        self.head_title.setText(self.tr("Close several"))
        self.what = QComboBox()
        self.what.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.what.setMinimumContentsLength(20)
        for widget in (self.what, self.what.view()):
            widget.setAccessibleName(self.tr("Which waiting alarms"))
        self.what.currentIndexChanged.connect(self._choose)
        self.body.addWidget(toned("label", self.tr("Which waiting alarms")))
        self.body.addWidget(self.what)
        self.said = toned("second", "", wrap=True)
        self.body.addWidget(self.said)
        self.view = RowsView(self.tr("Alarms to close"))
        self.body.addWidget(self.view, 1)
        self.hint = toned("label", self.tr("Ctrl+Delete leaves the chosen one out"))
        self.body.addWidget(self.hint)
        self.body.addWidget(toned("label", self.tr("How they ended")))
        grid = QGridLayout()
        grid.setSpacing(theme().px(6))
        self.buttons: dict[Disposition, KeyButton] = {}
        for nth, (disposition, words) in enumerate(DISPOSITION_WORDS.items()):
            button = KeyButton(QCoreApplication.translate("dispositions", str(words)), str(nth + 1))
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, which=disposition: self._dispose(which))
            self.buttons[disposition] = button
            grid.addWidget(button, nth // 2, nth % 2)
        self.body.addLayout(grid)
        self.reason = QLineEdit()
        self.reason.setMaxLength(500)
        self.reason.setPlaceholderText(self.tr("Why: grid failure reported by the operator…"))
        self.reason.setAccessibleName(self.tr("Reason, in words"))
        self.body.addWidget(self.reason)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(theme().px(8))
        self.bar.setAccessibleName(self.tr("How far the closing is"))
        self.bar.hide()
        self.body.addWidget(self.bar)
        self.next = KeyButton(self.tr("Close them"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self._sentence = toned("second", wrap=True)
        self.add_foot(self.next, self._sentence)
        self.speak()

    # -- what it is told ------------------------------------------------------------------------

    def begin(self, options: Sequence[Option]) -> None:
        """What can be chosen; the first is chosen. What was typed stays."""
        self._running = False
        self.bar.hide()
        self.what.blockSignals(True)
        self.what.clear()
        for option in options:
            self.what.addItem(option.words, dict(option.query))
        self.what.blockSignals(False)
        self.what.setEnabled(bool(options))
        self._dispose(None)
        self.reason.clear()
        self.show_lines(BulkSelection(), None)
        if options:
            self.what.setFocus()
            self._choose()
        else:
            self._say(self.tr("No alarm waits that can be closed with others."), "second")

    def add_options(self, options: Sequence[Option]) -> None:
        """Further things that alarms may have in common."""
        known = {self.what.itemText(row) for row in range(self.what.count())}
        for option in options:
            if option.words not in known:
                self.what.addItem(option.words, dict(option.query))
        self.what.setEnabled(self.what.count() > 0)

    def show_lines(self, selection: BulkSelection, now: datetime | None) -> None:
        """What fits the choice; life safety among it is said and not closed."""
        self._now = now
        self._lines = [line for line in selection.lines if not line.why_not]
        self._count = selection.count
        refused = len(selection.lines) - len(self._lines)
        words = plural(len(self._lines), self.tr("alarm will be closed"), self.tr("alarms will be closed"))
        if refused:
            why = next(line.why_not for line in selection.lines if line.why_not)
            words += self.tr(" · {0} not: {1}").format(refused, why)
        if selection.count > len(selection.lines):
            words += self.tr(" · the most urgent {0} of {1}").format(len(selection.lines), selection.count)
        self.said.setText(words if now is not None else "")
        self._show_rows()
        self._tell_missing()

    def tick(self, now: datetime) -> None:
        """A second passed: what waits waits longer."""
        if self._lines and self._now is not None and not self._running:
            self._now = now
            self._show_rows()

    def lines(self) -> list[BulkLine]:
        """What would be closed, as it stood when it was listed."""
        return list(self._lines)

    def leave_out(self) -> None:
        """The chosen line is not closed."""
        key = self.view.key()
        self._lines = [line for line in self._lines if line.id != key]
        left = plural(len(self._lines), self.tr("alarm will be closed"), self.tr("alarms will be closed"))
        self.said.setText(left)
        self._show_rows()
        self._tell_missing()

    def progress(self, done: int, of: int) -> None:
        """So many were gone through."""
        self._running = True
        self.bar.setMaximum(max(1, of))
        self.bar.setValue(done)
        self.bar.show()
        self._say(self.tr("{0} of {1} · Esc stops").format(done, of), "second")

    def finished(self, closed: int, not_closed: Sequence[tuple[BulkLine, str]], left: int) -> None:
        """What came of it: what was not closed is listed with why."""
        self._running = False
        self.bar.hide()
        words = plural(closed, self.tr("alarm closed"), self.tr("alarms closed"))
        if not_closed:
            words += self.tr(" · {0} not closed").format(len(not_closed))
        if left:
            words += self.tr(" · stopped: {0} left as they were").format(left)
        self._lines = []
        self.hint.hide()
        self.said.setText(words)
        self.view.know(
            [
                Row(line.id, f"{line.site_name} · {line.words}", why, line.id, badge=line.priority)
                for line, why in not_closed
            ]
        )
        self._say(words, "refused" if not_closed else "second")

    def running(self) -> bool:
        """Whether alarms are being closed now."""
        return self._running

    # -- what is done ---------------------------------------------------------------------------

    def _choose(self) -> None:
        query = self.what.currentData()
        if isinstance(query, dict) and not self._running:
            # What was listed is of another choice: Enter must close none of it, whenever the new list comes (I8).
            self.show_lines(BulkSelection(), None)
            self.chosen.emit(query)

    def _dispose(self, disposition: Disposition | None) -> None:
        self.disposition = disposition
        for which, button in self.buttons.items():
            button.setChecked(which is disposition)
        if disposition is not None:
            self.reason.setFocus()
        self._tell_missing()

    def _missing(self) -> str:
        if not self._lines:
            return self.tr("Nothing is listed to close.")
        if self.disposition is None:
            return self.tr("Choose how they ended: 1 to 8, Alt with the digit while you write.")
        if not self.reason.text().strip():
            return self.tr("Give the reason in words.")
        return ""

    def _tell_missing(self) -> None:
        ready = self.tr("Enter closes each of them, journaled with your name and this reason.")
        self._say(self._missing() or ready, "second")

    def _say(self, sentence: str, tone: str) -> None:
        self._sentence.setText(sentence)
        retone(self._sentence, tone)
        self.speak(self.said.text(), sentence)

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self._say(sentence, "refused")
        if field == "reason":
            self.reason.setFocus()

    def press_next(self) -> None:
        """Enter: close them, or say what is missing."""
        if self._running:
            return
        missing = self._missing()
        if missing or self.disposition is None:
            self._say(missing, "refused")
            if self._lines and self.disposition is not None:
                self.reason.setFocus()
            return
        self.wanted.emit(self.disposition, self.reason.text().strip())

    def press_digit(self, digit: int) -> None:
        """How they ended."""
        if not self._running:
            self._dispose(list(DISPOSITION_WORDS)[digit - 1])

    def press_back(self) -> bool:
        """Esc: stop, or go."""
        if self._running:
            self.stopped.emit()
        else:
            self.back.emit()
        return True

    def _show_rows(self) -> None:
        rows = []
        for line in self._lines:
            waited = duration(self._now - line.clock_from) if self._now is not None else ""
            where = " · ".join(part for part in (line.place, line.id) if part)
            rows.append(Row(line.id, f"{line.site_name} · {line.words}", where, waited, badge=line.priority))
        self.view.know(rows)
        self.hint.setVisible(bool(rows))

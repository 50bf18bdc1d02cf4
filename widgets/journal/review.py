"""The journal reviewed: what is looked for, its lines, the chosen one opened; or one alarm whole (G6; picture 05)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from models.records import AlarmTimeline, Entry
from widgets.journal.chips import Chip, Chips
from widgets.journal.entry_detail import EntryPane
from widgets.journal.find_panel import FindPanel
from widgets.journal.hand_over_card import HandOverCard
from widgets.journal.lines_view import EntriesView
from widgets.journal.timeline import TimelineBar, TimelineView
from widgets.keycap import KeyButton, toned
from widgets.panel import Panel
from widgets.theme import theme
from widgets.words import plural


class ReviewScreen(QWidget):
    """``/`` looks for something, arrows choose a line, Enter goes into it, Alt+Enter shows its alarm whole."""

    new_wanted = Signal()
    timeline_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        gutter = theme().px(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(gutter, 0, gutter, gutter)
        row.setSpacing(gutter)
        self.search = FindPanel()
        self.search.setFixedWidth(theme().px(316))
        row.addWidget(self.search)
        self.middle = QStackedWidget()
        self.middle.addWidget(self._lines())
        self.timeline = TimelineView()
        self.middle.addWidget(self.timeline)
        self.card = HandOverCard()
        self.middle.addWidget(self._place_of(self.card))
        row.addWidget(self.middle, 1)
        self.pane = EntryPane()
        self.pane.setFixedWidth(theme().px(500))
        self._add_alarm()
        row.addWidget(self.pane)

    def _place_of(self, card: QWidget) -> QWidget:
        """The card at the top: no taller than what is in it."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)
        return holder

    def _lines(self) -> QWidget:
        panel = Panel(self.tr("Lines, newest first"), "", "Enter")
        self.panel = panel
        self.chips = Chips()
        self.chips.hide()
        panel.body.addWidget(self.chips)
        self.fresh = KeyButton("", "Space")
        self.fresh.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.fresh.clicked.connect(self.new_wanted)
        self.fresh.hide()
        panel.body.addWidget(self.fresh)
        self.view = EntriesView(self.tr("Lines of the journal, newest first"), sites=True)
        self.empty = toned("", "", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(theme().px(40), 0, theme().px(40), 0)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        panel.body.addWidget(self.stack, 1)
        self.archived = toned("late", "", wrap=True)
        self.archived.setContentsMargins(theme().px(14), theme().px(6), theme().px(14), theme().px(8))
        self.archived.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.archived.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.archived.hide()
        panel.body.addWidget(self.archived)
        return panel

    def _add_alarm(self) -> None:
        """Below the opened line: its alarm as a bar, and the key that shows it whole."""
        self.alarm = QWidget()
        column = QVBoxLayout(self.alarm)
        column.setContentsMargins(0, theme().px(6), 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme().px(14), 0, theme().px(14), 0)
        head.addWidget(toned("paneltitle", self.tr("Its alarm, from start to end")))
        head.addStretch(1)
        self.whole = KeyButton(self.tr("Show"), "Alt+Enter")
        self.whole.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.whole.clicked.connect(self.timeline_wanted)
        head.addWidget(self.whole)
        column.addLayout(head)
        self.bar = TimelineBar()
        column.addWidget(self.bar)
        self.pane.more.addWidget(self.alarm)
        self.alarm.hide()

    # -- what it is shown -------------------------------------------------------------------------

    def show_lines(self, entries: Sequence[Entry], empty: str) -> None:
        """Show ``entries``, newest first, or say why there are none."""
        self.empty.setText(empty)
        self.stack.setCurrentIndex(0 if entries else 1)
        self.view.know(entries)

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """What the lines are filtered by."""
        self.chips.tell(chips)

    def show_fresh(self, count: int, *, more: bool) -> None:
        """So many lines came that fit; they are put in when that is asked for, never under who reads."""
        words = self.tr("{0}, press to show").format(plural(count, self.tr("new line"), self.tr("new lines")))
        if more:
            words = self.tr("Over {0} new lines, press to show").format(count)
        self.fresh.say(words)
        self.fresh.setVisible(count > 0)

    def show_archived(self, words: str) -> None:
        """What is older and not among the lines; empty for nothing."""
        self.archived.setText(words)
        self.archived.setVisible(bool(words))

    def show_bar(self, timeline: AlarmTimeline | None, now: datetime) -> None:
        """The alarm of the opened line as a bar; None: it has none."""
        self.alarm.setVisible(timeline is not None)
        self.bar.tell(timeline, now)

    def shows_timeline(self) -> bool:
        """Whether one alarm is shown whole."""
        return self.middle.currentWidget() is self.timeline

    def show_timeline(self, timeline: AlarmTimeline, now: datetime, *, keys: bool) -> None:
        """One alarm whole, in the place of the lines; ``keys``: it gets the keyboard."""
        self.timeline.show_timeline(timeline, now)
        self.middle.setCurrentWidget(self.timeline)
        if keys:
            self.timeline.view.setFocus()

    def leave_timeline(self) -> None:
        """Back to the lines, where one was."""
        self.middle.setCurrentIndex(0)
        self.view.setFocus()

    def hands_over(self) -> bool:
        """Whether the card that hands over is in front."""
        return self.middle.currentIndex() == 2

    def show_card(self) -> None:
        """The card in the place of the lines."""
        self.middle.setCurrentIndex(2)

    def leave_card(self) -> None:
        """Back to the lines, where it was in front."""
        if self.middle.currentIndex() == 2:
            self.leave_timeline()

    def lines(self) -> EntriesView:
        """The list that is in front."""
        return self.timeline.view if self.shows_timeline() else self.view

    def finds(self) -> bool:
        """Whether the keyboard is in what is looked for."""
        focus = self.focusWidget()
        return focus is not None and self.search.isAncestorOf(focus) and focus.hasFocus()

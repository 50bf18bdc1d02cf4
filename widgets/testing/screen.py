"""The screen of everything in test: the board, its filters, and beside it the chosen test (F3, F4; picture 03)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from models.records import Entry, PlannedState, PlannedTest, TestDetail, TestPlace
from widgets.facts import Facts
from widgets.keycap import KeyButton, KeyCap, toned
from widgets.lines import Line, Lines
from widgets.panel import Panel
from widgets.testing.board import BoardModel, BoardView
from widgets.testing.card import TestCard
from widgets.testing.face import BoardRow, end_words, expired_words, moment
from widgets.theme import theme
from widgets.words import clock

_NAMED = 3
FILTERS = ("all", "old", "part", "signals", "over")


class TestsScreen(QWidget):
    """The board left; right what came from the chosen test, or the card."""

    __test__ = False

    chosen = Signal()
    filtered = Signal()
    """Other words or another filter."""
    report_asked = Signal()
    """The chosen test on paper."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        gutter = theme().px(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(gutter, 0, gutter, gutter)
        row.setSpacing(gutter)
        self.filter = "all"
        left = QVBoxLayout()
        left.setSpacing(gutter)
        left.addLayout(self._filters())
        self.model = BoardModel()
        self.view = BoardView(self.model)
        self.empty = toned("", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        left.addWidget(self.stack, 1)
        row.addLayout(left, 1272)
        row.addLayout(self._side(), 612)
        self.view.chosen.connect(self.chosen)

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme().px(8))
        self.words = QLineEdit()
        self.words.setMaxLength(100)
        self.words.setFixedWidth(theme().px(300))
        self.words.setPlaceholderText(self.tr("Site, person or reason"))
        self.words.setAccessibleName(self.tr("Only tests of this site, person or reason"))
        self.words.textChanged.connect(lambda _text: self.filtered.emit())
        row.addWidget(self.words)
        row.addWidget(KeyCap("/"))
        self.buttons = {name: KeyButton("", f"Alt+{nth}") for nth, name in enumerate(FILTERS, 1)}
        for name, button in self.buttons.items():
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, which=name: self.choose_filter(which))
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(toned("second", self.tr("oldest first")))
        self.count(dict.fromkeys(FILTERS, 0))
        return row

    def _side(self) -> QVBoxLayout:
        side = QVBoxLayout()
        side.setSpacing(theme().px(12))
        self.card = TestCard(parts=True)
        self.look = Panel(self.tr("This test"), "", "F7")
        self.report = KeyButton(self.tr("Report on paper"), "Ctrl+P")
        self.report.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.report.clicked.connect(self.report_asked)
        self.facts = Facts()
        self.look.body.addWidget(self.facts)
        self.places = Lines(self.tr("Zones seen and not seen"), self.tr("Its zones are listed here."), 84)
        self.look.body.addWidget(self.places, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme().px(16), theme().px(8), theme().px(16), theme().px(12))
        foot.addWidget(self.report)
        foot.addStretch(1)
        self.look.body.addLayout(foot)
        self.beside = QStackedWidget()
        self.beside.addWidget(self.look)
        self.beside.addWidget(self.card)
        side.addWidget(self.beside, 7)
        came = Panel(self.tr("Signals received in test"), "")
        self.came = Lines(self.tr("Signals received in test, newest first"), self.tr("Nothing came in this test yet."))
        came.body.addWidget(self.came)
        self.came_panel = came
        side.addWidget(came, 2)
        return side

    # -- what it is shown -----------------------------------------------------------------------

    def count(self, counts: dict[str, int]) -> None:
        """How many each filter shows."""
        said = {
            "all": self.tr("All {0}"),
            "old": self.tr("Grown old {0}"),
            "part": self.tr("In part {0}"),
            "signals": self.tr("With signals {0}"),
            "over": self.tr("Over {0}"),
        }
        for name, button in self.buttons.items():
            button.say(said[name].format(counts[name]))
            button.setChecked(name == self.filter)

    def choose_filter(self, name: str) -> None:
        """Alt+1 to Alt+5."""
        self.filter = name
        self.filtered.emit()

    def show_rows(self, rows: Sequence[BoardRow], empty: str) -> None:
        """Show ``rows``, or say what would be here. The chosen test stays chosen."""
        kept = self.view.current()
        moved = self.model.know(rows)
        self.empty.setText(empty)
        self.stack.setCurrentIndex(0 if rows else 1)
        if moved and rows:
            self.view.choose(kept.key if kept is not None else None)
        elif not rows:
            self.chosen.emit()

    def show_test(self, row: BoardRow | None, detail: TestDetail | None, came: Sequence[Entry], now: datetime) -> None:
        """The chosen test closely: who, until when, its check-list, and what came."""
        if row is not None and row.planned is not None:
            self._show_planned(row.planned, now)
            return
        test = detail.test if detail is not None else row.test if row is not None else None
        self.report.setEnabled(test is not None)
        if test is None:
            self.facts.tell([])
            self.places.tell([])
            self.came.tell([])
            self.look.summary.setText("")
            self.came_panel.summary.setText("")
            return
        self.look.summary.setText(f"{test.site.name} · {test.site.id}")
        self.came_panel.summary.setText(test.site.name)
        how = f", {test.asked_how}" if test.asked_how else ""
        facts = [
            (self.tr("In test"), self.tr("Whole site") if test.whole else test.scope_words),
            (self.tr("Since"), moment(test.since, now)),
            (self.tr("End") if test.ended_at is None else self.tr("Over"), end_words(test, now)),
            (self.tr("Asked by"), test.asked_by + how),
            (self.tr("Set by"), f"{test.by}, {test.channel}"),
            (self.tr("Why"), " · ".join(filter(None, (test.why, test.ticket)))),
        ]
        if detail is not None and detail.expected:
            facts.append((self.tr("Zones seen"), self.tr("{0} of {1}").format(detail.seen, detail.expected)))
        missing = [place for place in detail.places if place.in_alarm] if detail is not None else []
        if missing:
            facts.append((self.tr("No restoral"), self._missing(missing, now)))
        self.facts.tell(facts)
        lines = []
        for place in detail.places if detail is not None else ():
            when = clock(place.last_at) if place.last_at is not None else "–"
            state = self.tr("seen") if place.seen else self.tr("not seen")
            if place.in_alarm and place.alarm_since is not None:
                state = self.tr("no restoral since {0}").format(moment(place.alarm_since, now))
            count = f"{place.signals} ×" if place.signals > 1 else ""
            text = " · ".join(filter(None, (place.words, count)))
            lines.append(Line(when, place.name, text, right=state, in_test=place.in_alarm, dim=not place.seen))
        self.places.tell(lines)
        self.came.tell(
            [Line(clock(entry.time), entry.text, right=entry.actor.name, in_test=entry.in_test) for entry in came]
        )

    def _missing(self, places: Sequence[TestPlace], now: datetime) -> str:
        """F4: what told an alarm and no restoral since, the longest first."""
        since = sorted((place.alarm_since, place.name) for place in places if place.alarm_since is not None)
        named = "; ".join(self.tr("{0} since {1}").format(name, moment(at, now)) for at, name in since[:_NAMED])
        more = self.tr(" and {0} more").format(len(since) - _NAMED) if len(since) > _NAMED else ""
        return f"{len(places)}: {named}{more}"

    def _show_planned(self, planned: PlannedTest, now: datetime) -> None:
        how = f", {planned.asked_how}" if planned.asked_how else ""
        self.look.summary.setText(f"{planned.site.name} · {planned.site.id}")
        self.came_panel.summary.setText(planned.site.name)
        begins = (self.tr("Begins"), moment(planned.next_at, now) if planned.next_at is not None else "–")
        if planned.state is PlannedState.EXPIRED:
            begins = (self.tr("Expired"), expired_words(planned, now))
        self.facts.tell(
            [
                (self.tr("Planned"), planned.words),
                begins,
                (self.tr("In test"), planned.scope_words or self.tr("Whole site")),
                (self.tr("Asked by"), planned.asked_by + how),
                (self.tr("Planned by"), f"{planned.by}, {planned.channel}"),
                (self.tr("Why"), " · ".join(filter(None, (planned.why, planned.ticket)))),
            ]
        )
        self.places.tell([])
        self.came.tell([])

    def asks(self) -> bool:
        """Whether the card is in front."""
        return self.beside.currentWidget() is self.card

    def ask(self, *, on: bool) -> None:
        """The card to the front, or away."""
        self.beside.setCurrentWidget(self.card if on else self.look)
        if not on:
            self.view.setFocus()

"""The supervisor's screen: who is where, what each holds, what nobody attends to (issue 6, 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from models.records import AlarmView, Ask, AskKind, Escalation
from widgets.keycap import toned
from widgets.lines import Line, Lines
from widgets.operators.ask_card import AskCard
from widgets.operators.card import TakeOverCard
from widgets.operators.face import At, alarm_words, doing_words, role_of, row_of, seat_words, skills_words
from widgets.operators.skills_panel import SkillsPanel
from widgets.panel import Panel
from widgets.rows import RowsView
from widgets.theme import theme
from widgets.words import duration


class OperatorsScreen(QWidget):
    """The list left; the chosen one right, and below what was escalated."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        gutter = theme().px(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(gutter, 0, gutter, gutter)
        row.setSpacing(gutter)
        self.seats: list[At] = []
        panel = Panel(self.tr("Who is where"), self.tr("take over, or give to somebody"), "Enter")
        self.panel = panel
        self.view = RowsView(self.tr("Operators and what they hold"))
        self.empty = toned("", self.tr("Reading who is there. Everybody who works on shift is listed here."))
        self.empty.setContentsMargins(gutter, gutter, gutter, gutter)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        self.stack.setCurrentIndex(1)
        panel.body.addWidget(self.stack, 1)
        row.addWidget(panel, 1120)
        self.chosen = Panel(self.tr("Operator"), "")
        self._facts = toned("", wrap=True)
        self._facts.setContentsMargins(gutter, gutter, gutter, 0)
        self.holds = Lines(self.tr("In hand"), self.tr("Holds no alarm."), 70)
        self._how = toned("second", wrap=True)
        self._how.setContentsMargins(gutter, 0, gutter, gutter)
        self.chosen.body.addWidget(self._facts)
        self.chosen.body.addWidget(self.holds, 1)
        self.chosen.body.addWidget(self._how)
        self.card = TakeOverCard()
        self.side = QStackedWidget()
        self.side.addWidget(self.chosen)
        self.side.addWidget(self.card)
        self.ask, self.skills = AskCard(), SkillsPanel()
        self.side.addWidget(self.ask)
        self.side.addWidget(self.skills)
        asks = Panel(self.tr("Asked, and not answered yet"), self.tr("answer"), "Alt+R")
        self.asks = Lines(self.tr("Asked"), self.tr("Nobody asks for help, or for an alarm."), 70, whole=True)
        asks.body.addWidget(self.asks)
        unattended = Panel(self.tr("Unattended"), self.tr("waits too long"))
        self.unattended = Lines(
            self.tr("Unattended"),
            self.tr("Nothing. What waits too long is brought before supervisors, then before everybody, and is here."),
            70,
        )
        unattended.body.addWidget(self.unattended)
        side = QVBoxLayout()
        side.setSpacing(gutter)
        side.addWidget(self.side, 500)
        side.addWidget(asks, 160)
        side.addWidget(unattended, 220)
        self.column = side
        holder = QWidget()
        side.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(side)
        row.addWidget(holder, 764)

    def acts(self) -> bool:
        """Whether a card is in front."""
        return self.side.currentWidget() is not self.chosen

    def edits(self) -> bool:
        """Whether the form of what somebody can be given is in front."""
        return self.side.currentWidget() is self.skills

    def show_card(self, card: TakeOverCard | AskCard | SkillsPanel) -> None:
        """A card to the front; it has the keys."""
        self.side.setCurrentWidget(card)
        card.begin()

    def leave_card(self) -> None:
        """Back to the list."""
        self.side.setCurrentWidget(self.chosen)
        self.view.setFocus()

    def current(self) -> At | None:
        """Who is under the focus bar."""
        key = self.view.key()
        return next((at for at in self.seats if at.key == key), None)

    def show_staff(self, seats: Sequence[At], now: datetime) -> None:
        """Who is there, then who is not."""
        self.seats = list(seats)
        self.view.know([row_of(at, now) for at in seats])
        self.stack.setCurrentIndex(0 if seats else 1)

    def show_asks(self, asks: Sequence[Ask], alarms: Mapping[str, AlarmView], now: datetime) -> None:
        """What is asked of supervisors and of holders, oldest first."""
        lines = []
        for ask in asks:
            what = self.tr("help") if ask.kind is AskKind.HELP else self.tr("the alarm")
            about = alarm_words(alarms[ask.alarm]) if ask.alarm in alarms else ask.alarm
            said = f"{ask.words} · {about}" if ask.words else about
            lines.append(
                Line(duration(now - ask.at), self.tr("{0} asks for {1}").format(ask.by, what), said, fresh=True)
            )
        self.asks.tell(lines)

    def show_unattended(self, alarms: Sequence[AlarmView], now: datetime) -> None:
        """What was escalated, the most urgent first, and before whom."""
        words = {Escalation.SUPERVISORS: self.tr("supervisors"), Escalation.EVERYBODY: self.tr("everybody")}
        self.unattended.tell(
            [
                Line(
                    duration(now - alarm.clock_from),
                    alarm_words(alarm),
                    right=self.tr("told: {0}").format(words[Escalation(alarm.escalated)]),
                    fresh=alarm.escalated >= Escalation.EVERYBODY,
                )
                for alarm in alarms
            ]
        )

    def show_chosen(self, at: At | None, now: datetime, *, supervisor: bool, mine: bool = False) -> None:
        """The one under the focus bar, whole; ``mine``: it is whoever looks."""
        give, ask = self.tr("take over, or give to somebody"), self.tr("ask for an alarm")
        self.panel.summary.setText(give if supervisor else ask)
        if at is None:
            self.chosen.title.setText(self.tr("Operator"))
            self._facts.setText(self.tr("Whoever is chosen in the list is shown here."))
            self.holds.tell(())
            return
        self.chosen.title.setText(at.member.person.name)
        where = self.tr("not signed in")
        if at.seat is not None:
            where = f"{at.workstation} · {seat_words(at.seat, now)}"
        skills = skills_words(at.member) or self.tr("can be given everything")
        skills += self.tr(" · Ctrl+E changes that") if supervisor else ""
        self._facts.setText(f"{role_of(at.member)} · {where}\n{skills}")
        self.holds.tell(
            [Line(duration(now - (a.held_since or now)), alarm_words(a), doing_words(a, now)) for a in at.held]
        )
        if at.held and mine and supervisor:
            self._how.setText(self.tr("In your own hands. Enter: give it to somebody else."))
        elif at.held and mine:
            self._how.setText(self.tr("In your own hands: Ctrl+F2 opens it, Ctrl+F12 there hands it over."))
        elif len(at.held) > 1 and supervisor:
            self._how.setText(self.tr("Enter: take one over, or give it to somebody else; ↑ ↓ then choose which."))
        elif at.held and supervisor:
            self._how.setText(self.tr("Enter: take it over, or give it to somebody else."))
        elif at.held:
            self._how.setText(self.tr("Enter asks for it. Only a supervisor may take it over."))
        else:
            self._how.setText("")

"""The alarm workspace: everything of one alarm, and the one card where the operator acts (visual.md §6, 02)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from models.records import AlarmDetail
from widgets.card import Card
from widgets.operators.ask_card import AskCard
from widgets.testing.card import TestCard
from widgets.theme import theme
from widgets.workspace.call_list import CallList
from widgets.workspace.close_card import CloseCard
from widgets.workspace.gone_card import GoneCard
from widgets.workspace.happened import Happened
from widgets.workspace.header import WorkspaceHeader
from widgets.workspace.now_card import NowCard
from widgets.workspace.off_list_card import OffListCard
from widgets.workspace.outage_panel import OutagePanel
from widgets.workspace.people_card import PeopleCard
from widgets.workspace.shelve_card import ShelveCard
from widgets.workspace.side import SidePanels
from widgets.workspace.verify_card import VerifyCard


class WorkspaceScreen(QWidget):
    """Puts the parts together; the desk fills them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        gutter = theme().px(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(gutter, 0, gutter, gutter)
        column.setSpacing(gutter)
        self.header = WorkspaceHeader()
        column.addWidget(self.header)
        row = QHBoxLayout()
        row.setSpacing(gutter)
        self.happened = Happened()
        self.now, self.closing = NowCard(), CloseCard()
        self.testing, self.people, self.verifying = TestCard(), PeopleCard(), VerifyCard()
        self.shelving, self.off_list, self.gone = ShelveCard(), OffListCard(), GoneCard()
        self.ask = AskCard()
        self.cards = QStackedWidget()
        cards = (self.now, self.closing, self.testing, self.people, self.verifying, self.shelving, self.off_list)
        for card in (*cards, self.gone, self.ask):
            self.cards.addWidget(card)
        self.cards.setFixedHeight(theme().px(334))
        self.calls = CallList()
        self.outage = OutagePanel()
        self._below = QStackedWidget()
        self._below.addWidget(self.calls)
        self._below.addWidget(self.outage)
        self.side = SidePanels()
        middle = QVBoxLayout()
        middle.setSpacing(gutter)
        middle.addWidget(self.cards)
        middle.addWidget(self._below, 1)
        holder = QWidget()
        holder.setLayout(middle)
        middle.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.happened, 480)
        row.addWidget(holder, 860)
        row.addWidget(self.side, 532)
        column.addLayout(row, 1)
        self.now.shown_changed.connect(self._shown_changed)
        self.calls.chosen.connect(self.now.pick)
        self.detail: AlarmDetail | None = None
        """What is shown."""

    def card(self) -> Card:
        """The card in front."""
        card = self.cards.currentWidget()
        assert isinstance(card, Card)
        return card

    def front(self, card: Card) -> None:
        """Bring a card to the front; it stands where the others stood."""
        self.cards.setCurrentWidget(card)

    def show_detail(self, detail: AlarmDetail, *, own: bool) -> None:
        """Fill everything; ``own`` when the operator's own act brought the change."""
        self.detail = detail
        self.header.show_alarm(detail.alarm)
        outage = detail.alarm.outage
        self._below.setCurrentWidget(self.calls if outage is None else self.outage)
        if outage is not None:
            self.outage.show_outage(outage)
        self.happened.show_detail(detail)
        self.now.show_detail(detail, own=own)
        self.closing.show_detail(detail)
        self.side.show_detail(detail)

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.header.tick(now)
        self.happened.lanes.tick(now)
        self.now.tick(now)
        self.calls.tick(now)
        self.outage.tick(now)

    def _shown_changed(self, index: int | None) -> None:
        self.calls.show_plan(self.now.plan(), index)

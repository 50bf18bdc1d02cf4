"""The alarm workspace: everything of one alarm, and the one card where the operator acts (visual.md §6, 02)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from models.records import AlarmDetail, AlarmView
from widgets.card import Card
from widgets.operators.ask_card import AskCard
from widgets.panel import Panel
from widgets.testing.card import TestCard
from widgets.theme import theme
from widgets.workspace.call_list import CallList
from widgets.workspace.close_card import CloseCard
from widgets.workspace.gone_card import GoneCard
from widgets.workspace.happened import Happened
from widgets.workspace.header import WorkspaceHeader
from widgets.workspace.loading_card import LoadingCard
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
        self.loading = LoadingCard()
        self.loading.setFixedHeight(theme().px(334))
        self._panels = QStackedWidget()
        self._panels.addWidget(_columns(self.happened, self.cards, self._below, self.side))
        happened, calls = Panel(self.tr("What happened")), Panel(self.tr("Call list that applies now"))
        self._panels.addWidget(_columns(happened, self.loading, calls, Panel(self.tr("Site"))))
        column.addWidget(self._panels, 1)
        self.now.shown_changed.connect(self._shown_changed)
        self.calls.chosen.connect(self.now.pick)
        self.detail: AlarmDetail | None = None
        """What is shown; None while it is being read."""

    def show_loading(self, alarm: AlarmView) -> None:
        """Another alarm: nothing is below its head until it was read; what was shown goes in the same paint."""
        self.detail = None
        self.front(self.now)
        self.side.hide_words()
        self.outage.list.forget()
        self.loading.tell(alarm.id)
        self._panels.setCurrentIndex(1)

    def card(self) -> Card:
        """The card in front."""
        card = self.loading if self._panels.currentIndex() == 1 else self.cards.currentWidget()
        assert isinstance(card, Card)
        return card

    def front(self, card: Card) -> None:
        """Bring a card to the front; it stands where the others stood."""
        self.cards.setCurrentWidget(card)

    def show_detail(self, detail: AlarmDetail, *, own: bool) -> None:
        """Fill everything below the head; ``own`` when the operator's own act brought the change."""
        self.detail = detail
        outage = detail.alarm.outage
        self._below.setCurrentWidget(self.calls if outage is None else self.outage)
        if outage is not None:
            self.outage.show_outage(outage)
        self.happened.show_detail(detail)
        self.now.show_detail(detail, own=own)
        self.closing.show_detail(detail)
        self.side.show_detail(detail)
        # Last: every panel is of this alarm by now.
        self._panels.setCurrentIndex(0)

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.header.tick(now)
        self.happened.lanes.tick(now)
        self.now.tick(now)
        self.calls.tick(now)
        self.outage.tick(now)

    def _shown_changed(self, index: int | None) -> None:
        self.calls.show_plan(self.now.plan(), index)


def _columns(left: QWidget, card: QWidget, below: QWidget, right: QWidget) -> QWidget:
    """The three columns under the head."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme().px(12))
    middle = QVBoxLayout()
    middle.setSpacing(theme().px(12))
    middle.addWidget(card)
    middle.addWidget(below, 1)
    row.addWidget(left, 480)
    row.addLayout(middle, 860)
    row.addWidget(right, 532)
    return page

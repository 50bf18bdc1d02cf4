"""What is in test, and the card that puts sites in and out of it (F3, G5; visual.md §6, 03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from models.records import SiteRef, TestView
from widgets.badge import draw_test_tag
from widgets.keycap import toned
from widgets.lines import LEFT, RIGHT
from widgets.panel import Panel
from widgets.screens_list import ScreensList, paint_row
from widgets.test_card import TestCard
from widgets.theme import theme
from widgets.words import day, duration, minute

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()
_OLD, _VERY_OLD = timedelta(hours=8), timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site of the list."""

    site: SiteRef
    test: TestView | None = None


class SitesModel(QAbstractListModel):
    """Sites, with their test."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[SiteRow] = []
        self.now: datetime | None = None

    def know(self, rows: Sequence[SiteRow]) -> None:
        """Show ``rows``; the same sites in the same order are updated in place."""
        if [row.site.id for row in rows] == [row.site.id for row in self._rows]:
            changed = [nth for nth, row in enumerate(rows) if row != self._rows[nth]]
            self._rows = list(rows)
            for nth in changed:
                self.dataChanged.emit(self.index(nth), self.index(nth))
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rows(self) -> list[SiteRow]:
        """What is shown."""
        return list(self._rows)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """How many."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The row, and its words."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            words = f"{row.site.name}, {row.site.id}, {row.site.town}"
            if row.test is None:
                return words
            since = self.tr("in test since {0} {1}").format(day(row.test.since), minute(row.test.since))
            return f"{words}, {since}"
        return None


class _Row(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(10, theme().px(50))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, model = index.data(ROW_ROLE), index.model()
        if not isinstance(row, SiteRow) or not isinstance(model, SitesModel):
            return
        look, box = theme(), paint_row(painter, option)
        left = box.left() + look.px(16)
        if row.test is not None:
            tag = QRectF(left, box.center().y() - look.px(13), look.px(26), look.px(26))
            draw_test_tag(painter, tag, whole=row.test.whole)
        left += look.px(40)
        upper = QRectF(left, box.top() + look.px(4), look.px(480), look.px(24))
        lower = QRectF(left, box.top() + look.px(27), look.px(480), look.px(20))
        painter.setPen(look["text1"])
        painter.setFont(look.font(18, 600))
        painter.drawText(upper, LEFT, row.site.name)
        painter.setPen(look["text2"])
        painter.setFont(look.font(15))
        painter.drawText(lower, LEFT, f"{row.site.town} · {row.site.id}")
        if row.test is not None and model.now is not None:
            self._paint_test(painter, box, row.test, model.now)

    def _paint_test(self, painter: QPainter, box: QRectF, test: TestView, now: datetime) -> None:
        look, age = theme(), now - test.since
        left = box.left() + look.px(560)
        width = box.width() - look.px(560) - look.px(190)
        painter.setPen(look["text1"])
        painter.setFont(look.font(16))
        elide = Qt.TextElideMode.ElideRight
        words = painter.fontMetrics().elidedText(test.why, elide, int(width))
        painter.drawText(QRectF(left, box.top() + look.px(4), width, look.px(24)), LEFT, words)
        painter.setPen(look["text2"])
        painter.setFont(look.font(15))
        by = self.tr("{0} {1} · by {2} · asked by {3}").format(
            day(test.since), minute(test.since), test.by, test.asked_by
        )
        words = painter.fontMetrics().elidedText(by, elide, int(width))
        painter.drawText(QRectF(left, box.top() + look.px(27), width, look.px(20)), LEFT, words)
        painter.setFont(look.font(18, 600))
        said = duration(age)
        chip = QRectF(box.right() - look.px(170), box.center().y() - look.px(15), look.px(150), look.px(30))
        if age >= _VERY_OLD:
            painter.fillRect(chip, look["test"])
            painter.setPen(look["ontest"])
        elif age >= _OLD:
            painter.setPen(look["test"])
            painter.drawRoundedRect(chip, 3, 3)
        else:
            painter.setPen(look["text1"])
        painter.drawText(chip.adjusted(0, 0, -look.px(10), 0), RIGHT, said)


class SitesScreen(QWidget):
    """What is in test left, the test card right."""

    site_chosen = Signal(object)
    """SiteRow or None."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        gutter = theme().px(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(gutter, 0, gutter, gutter)
        row.setSpacing(gutter)
        self.panel = Panel(self.tr("In test"), "")
        self.model = SitesModel()
        self.view = ScreensList(self.model, _Row(), self.tr("Sites in test, oldest first"))
        self.view.selectionModel().currentChanged.connect(self._chose)
        self.empty = toned("", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        self.panel.body.addWidget(self.stack, 1)
        row.addWidget(self.panel, 1272)
        side = QVBoxLayout()
        self.card = TestCard()
        self.card.setFixedHeight(theme().px(334))
        self.card.hide()
        side.addWidget(self.card)
        self.hint = toned("second", self.tr("F7 puts the chosen site in test, or takes it out."), wrap=True)
        side.addWidget(self.hint)
        side.addStretch(1)
        frame = QFrame()
        frame.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        row.addWidget(frame, 612)

    def show_rows(self, rows: Sequence[SiteRow], empty: str) -> None:
        """Show ``rows``, or say what would be here."""
        kept = self.current()
        self.model.know(rows)
        self.empty.setText(empty)
        self.stack.setCurrentIndex(0 if rows else 1)
        if rows and self.view.currentIndex().row() < 0:
            ids = [row.site.id for row in rows]
            at = ids.index(kept.site.id) if kept is not None and kept.site.id in ids else 0
            self.view.setCurrentIndex(self.model.index(at))
        if not rows:
            self.card.hide()
            self.site_chosen.emit(None)

    def current(self) -> SiteRow | None:
        """The site under the focus bar."""
        row = self.view.currentIndex().data(ROW_ROLE)
        return row if isinstance(row, SiteRow) else None

    def ask(self) -> None:
        """F7: the card for the chosen site."""
        row = self.current()
        if row is not None:
            self.card.show_site(row.site, row.test)
            self.card.show()
            self.card.begin()

    def leave_card(self) -> None:
        """The card is done."""
        self.card.hide()
        self.view.setFocus()

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.model.now = now
        if now.second == 0:
            self.view.viewport().update()

    def _chose(self) -> None:
        self.site_chosen.emit(self.current())
        if self.card.isVisible():
            self.card.hide()

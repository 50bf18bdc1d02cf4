"""A list of two-line rows: sites found, contacts, systems, tasks, changes. One model, one delegate (visual.md §8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from widgets.badge import BadgeStyle, draw_badge, draw_test_tag
from widgets.lines import LEFT, RIGHT
from widgets.screens_list import ScreensList, paint_row
from widgets.theme import priority_name, theme

_NOWHERE = QModelIndex()
_MIME = "application/x-vigie-row"
ROW = int(Qt.ItemDataRole.UserRole)
"""The role under which the model has its rows, for delegates."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``key`` names it across updates."""

    key: str
    title: str
    second: str = ""
    right: str = ""
    right_second: str = ""
    mark: str = ""
    """In a box at the left: the place in an order."""
    badge: int | None = None
    """In its place the badge of this priority, hollow; 0: ``mark`` in a box as wide."""
    lead: str = ""
    """What kind of thing it is, where the list has a column for it."""
    off: bool = False
    """Struck and dashed: there, and not to be used now; never hidden."""
    in_test: bool = False
    unsaved: bool = False


class RowsModel(QAbstractListModel):
    """Rows in the order given; the same keys are updated in place, so that the focus stays."""

    dropped = Signal(list)
    """Keys in the order that somebody dragged them into."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self.found = ""
        """Words that were searched for: underlined."""

    def know(self, rows: Sequence[Row]) -> None:
        """Show ``rows``."""
        if [row.key for row in rows] == [row.key for row in self._rows]:
            before, self._rows = self._rows, list(rows)
            for nth, row in enumerate(rows):
                if row != before[nth]:
                    self.dataChanged.emit(self.index(nth), self.index(nth))
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rows(self) -> list[Row]:
        """What is shown."""
        return list(self._rows)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Rows can be dragged between each other; the view decides whether it offers that."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        """Moved, never copied."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Rows of this list alone."""
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The key of the row that is dragged."""
        data = QMimeData()
        data.setData(_MIME, self._rows[indexes[0].row()].key.encode())
        return data

    def dropMimeData(
        self,
        data: QMimeData,
        _action: Qt.DropAction,
        row: int,
        _column: int,
        parent: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Tell the order that it would give; the rows move when the station says so."""
        key = bytes(data.data(_MIME).data()).decode()
        keys = [one.key for one in self._rows]
        if key not in keys:
            return False
        at = row if row >= 0 else parent.row() if parent.isValid() else len(keys)
        before = keys.index(key)
        keys.remove(key)
        keys.insert(at - 1 if before < at else at, key)
        self.dropped.emit(keys)
        return False

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """How many."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The row, and its words for who cannot see it."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            off = self.tr("not to be used now") if row.off else ""
            unsaved = self.tr("unsaved") if row.unsaved else ""
            priority = priority_name(row.badge) if row.badge else ""
            parts = (row.mark, priority, row.lead, row.title, row.second, row.right, row.right_second, off, unsaved)
            return ", ".join(part for part in parts if part)
        return None


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(10, theme().px(52))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, model = index.data(ROW), index.model()
        if not isinstance(row, Row) or not isinstance(model, RowsModel):
            return
        painter.save()
        look, box = theme(), paint_row(painter, option)
        left = box.left() + look.px(14)
        if row.badge is not None:
            left = self._paint_badge(painter, box, left, row)
        elif row.mark:
            left = self._paint_mark(painter, box, left, row)
        right = box.right() - look.px(14)
        upper_right = self._paint_right(painter, box, right, row)
        self._paint_words(painter, box, left, upper_right, row, model.found)
        painter.restore()

    def _paint_badge(self, painter: QPainter, box: QRectF, left: float, row: Row) -> float:
        look = theme()
        cap = QRectF(left, box.center().y() - look.px(16), look.px(54), look.px(32))
        if row.badge:
            draw_badge(painter, cap, row.badge, BadgeStyle.HOLLOW)
        else:
            painter.setPen(QPen(look["line2"], 1.5))
            painter.drawRoundedRect(cap.adjusted(1, 1, -1, -1), 3, 3)
            painter.setPen(look["text2"])
            painter.setFont(look.font(14))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, row.mark)
        return left + look.px(66)

    def _paint_mark(self, painter: QPainter, box: QRectF, left: float, row: Row) -> float:
        look = theme()
        cap = QRectF(left, box.center().y() - look.px(13), look.px(28), look.px(26))
        pen = QPen(look["line2"], 1.5)
        pen.setStyle(Qt.PenStyle.DashLine if row.off else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.drawRoundedRect(cap, 3, 3)
        painter.setPen(look["text3" if row.off else "text1"])
        painter.setFont(look.font(15, 700))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, row.mark)
        return left + look.px(40)

    def _paint_right(self, painter: QPainter, box: QRectF, right: float, row: Row) -> float:
        look, widest = theme(), 0
        for text, top, height, size, token in (
            (row.right, 4, 24, 16, "text3" if row.off else "text1"),
            (row.right_second, 28, 20, 15, "text2"),
        ):
            if not text:
                continue
            painter.setFont(look.font(size))
            painter.setPen(look[token])
            room = int(box.width() * 0.46)
            said = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
            width = painter.fontMetrics().horizontalAdvance(said)
            widest = max(widest, width)
            rect = QRectF(right - width - 2, box.top() + look.px(top), width + 2, look.px(height))
            painter.drawText(rect, RIGHT, said)
        return right - widest - look.px(12) if widest else right

    def _paint_words(self, painter: QPainter, box: QRectF, left: float, right: float, row: Row, found: str) -> None:
        look = theme()
        font = look.font(17, 600)
        font.setStrikeOut(row.off)
        painter.setFont(font)
        painter.setPen(look["text3" if row.off else "text1"])
        metrics, room = painter.fontMetrics(), int(right - left)
        title = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, room - (look.px(32) if row.in_test else 0))
        upper = QRectF(left, box.top() + look.px(4), room, look.px(25))
        painter.drawText(upper, LEFT, title)
        self._underline(painter, upper, title, found)
        end = left + metrics.horizontalAdvance(title) + look.px(8)
        if row.in_test:
            draw_test_tag(painter, QRectF(end, upper.top() + look.px(2), look.px(20), look.px(20)))
        if row.unsaved:
            painter.setPen(look["ink3"])
            painter.setFont(look.font(14, 600))
            painter.drawText(QRectF(end, upper.top(), look.px(90), upper.height()), LEFT, self.tr("unsaved"))
        painter.setFont(look.font(15))
        painter.setPen(look["text2"])
        lower = QRectF(left, box.top() + look.px(28), room, look.px(20))
        second = painter.fontMetrics().elidedText(row.second, Qt.TextElideMode.ElideRight, room)
        painter.drawText(lower, LEFT, second)
        self._underline(painter, lower, second, found)

    def _underline(self, painter: QPainter, box: QRectF, text: str, found: str) -> None:
        """What was searched for, where a word begins with it."""
        metrics, low = painter.fontMetrics(), text.casefold()
        for word in found.casefold().split():
            at = low.find(word)
            while at > 0 and low[at - 1].isalnum():
                at = low.find(word, at + 1)
            if at >= 0:
                left = box.left() + metrics.horizontalAdvance(text[:at])
                width = metrics.horizontalAdvance(text[at : at + len(word)])
                y = box.center().y() + metrics.ascent() / 2 + 1
                painter.drawLine(int(left), int(y), int(left + width), int(y))


class RowsView(ScreensList):
    """The list itself; it tells which row has the focus bar."""

    chosen = Signal(str)
    """Key of the row under the focus bar; empty for none."""

    def __init__(self, name: str, delegate: QStyledItemDelegate | None = None) -> None:
        self.rows = RowsModel()
        super().__init__(self.rows, delegate or _Delegate(), name)
        self._told = ""
        self.selectionModel().currentChanged.connect(lambda _now, _before: self._tell())

    def know(self, rows: Sequence[Row], *, found: str = "") -> None:
        """Show ``rows``; the focus bar stays on the same row, else goes to the first."""
        kept = self.key()
        self.rows.found = found
        self.rows.know(rows)
        keys = [row.key for row in rows]
        if keys and (self.key() != kept or not self.currentIndex().isValid()):
            self.choose(kept if kept in keys else keys[0])
        elif not keys:
            self._tell()
        self.viewport().update()

    def key(self) -> str:
        """The row under the focus bar; empty for none."""
        row = self.currentIndex().data(ROW)
        return row.key if isinstance(row, Row) else ""

    def choose(self, key: str) -> None:
        """Put the focus bar there."""
        for nth, row in enumerate(self.rows.rows()):
            if row.key == key:
                self.setCurrentIndex(self.rows.index(nth))
                self.scrollTo(self.rows.index(nth))

    def _tell(self) -> None:
        key = self.key()
        if key != self._told:
            self._told = key
            self.chosen.emit(key)

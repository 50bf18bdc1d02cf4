"""The steps of a procedure as the operator will see them: place, kind, whom, under which condition (picture 04b)."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from widgets.rows import ROW, Row
from widgets.screens_list import paint_row
from widgets.theme import theme
from widgets.writing import write

_GRIP, _MARK, _LEAD, _NAME, _WHEN = 12, 33, 71, 184, 408
"""Where each column begins, at 100 %."""


class StepsDelegate(QStyledItemDelegate):
    """One row: dots to drag it by, its place, its kind, two lines of whom, two lines of when."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """62 high at 100 %."""
        return QSize(10, theme().px(62))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One step."""
        row = index.data(ROW)
        if not isinstance(row, Row):
            return
        painter.save()
        look, box = theme(), paint_row(painter, option)
        self._paint_grip(painter, box)
        self._paint_mark(painter, box, row)
        painter.setPen(look["text3" if row.off else "text2"])
        room = QRectF(box.left() + look.px(_LEAD), box.top(), look.px(_NAME - _LEAD - 4), box.height())
        write(painter, room, row.lead, 15)
        name_room = look.px(_WHEN - _NAME - 12)
        self._two_lines(painter, box, look.px(_NAME), name_room, row.title, row.second, off=row.off)
        end = box.width() - look.px(_WHEN + 12) - (look.px(70) if row.unsaved else 0)
        if row.right_second:
            self._two_lines(painter, box, look.px(_WHEN), end, row.right, row.right_second)
        else:
            # Several outcomes need the room of both lines.
            painter.setPen(look["text1"])
            painter.setFont(look.font(16, 600))
            place = QRectF(box.left() + look.px(_WHEN), box.top() + look.px(4), end, box.height() - look.px(8))
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(place, int(flags), row.right)
        painter.restore()

    def _paint_grip(self, painter: QPainter, box: QRectF) -> None:
        look = theme()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look["text3"])
        size = look.px(3)
        for column in (0, 1):
            for line in (-1, 0, 1):
                at = box.left() + look.px(_GRIP) + column * look.px(6)
                painter.drawRect(QRectF(at, box.center().y() + line * look.px(6) - size / 2, size, size))

    def _paint_mark(self, painter: QPainter, box: QRectF, row: Row) -> None:
        look = theme()
        cap = QRectF(box.left() + look.px(_MARK), box.center().y() - look.px(15), look.px(28), look.px(30))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look["line2"], 1.5, Qt.PenStyle.DashLine if row.off else Qt.PenStyle.SolidLine))
        painter.drawRoundedRect(cap, 3, 3)
        painter.setPen(look["text3" if row.off else "text1"])
        painter.setFont(look.font(15, 700))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, row.mark)

    def _two_lines(
        self, painter: QPainter, box: QRectF, left: float, width: float, upper: str, lower: str, *, off: bool = False
    ) -> None:
        look = theme()
        painter.setPen(look["text3" if off else "text1"])
        height = look.px(24)
        top = box.center().y() - (height if lower else height / 2)
        write(painter, QRectF(box.left() + left, top, width, height), upper, 16, 600, struck=off)
        if lower:
            painter.setPen(look["text2"])
            write(painter, QRectF(box.left() + left, top + height, width, look.px(21)), lower, 15)

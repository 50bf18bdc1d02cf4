"""Boxes that Space ticks, whatever Space does on the screen around them (it lets new alarms into the queue)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QCheckBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QTreeWidget,
)

from widgets.theme import theme

_MARK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))
"""The mark within its box, from left above."""


def keeps_space(event: QEvent) -> bool:
    """Whether the key is Space and was kept from the screen's commands."""
    if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() != Qt.Key.Key_Space:
        return False
    event.accept()
    return True


def draw_tick(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """The mark of a ticked box; colour alone is no mark (visual.md §2)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(
        QPen(colour, box.width() / 8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    points = [QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in _MARK]
    painter.drawPolyline(QPolygonF(points))
    painter.restore()


class TickBox(QCheckBox):
    """A box that Space ticks on every screen."""

    def event(self, event: QEvent) -> bool:
        """Space is its own."""
        return keeps_space(event) or super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box of the style, and the mark where it is ticked."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        draw_tick(painter, QRectF(box), theme()["field"])
        painter.end()


class TickDelegate(QStyledItemDelegate):
    """Lines with a box: the mark of those that are ticked."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The line of the style, and the mark."""
        super().paint(painter, option, index)
        if index.data(Qt.ItemDataRole.CheckStateRole) not in (Qt.CheckState.Checked, Qt.CheckState.Checked.value):
            return
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        element = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box = self._tree.style().subElementRect(element, shown, self._tree)
        draw_tick(painter, QRectF(box), theme()["ontest"])

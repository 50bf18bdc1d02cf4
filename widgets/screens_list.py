"""A list whose Enter belongs to the screen around it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from widgets.theme import theme


class ScreensList(QListView):
    """Arrow keys choose; the screen knows what is chosen and decides what Enter does with it."""

    def __init__(self, model: QAbstractItemModel, delegate: QStyledItemDelegate, name: str) -> None:
        """``name`` is what a screen reader says."""
        super().__init__()
        self.setModel(model)
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAccessibleName(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter passes on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)


def paint_row(painter: QPainter, option: QStyleOptionViewItem) -> QRectF:
    """The ground of a row: its line below, the focus bar where it is chosen. Gives the row's box."""
    look, box = theme(), QRectF(option.rect)
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    painter.fillRect(box, look["bg3" if selected else "bg1"])
    painter.setPen(look["line1"])
    painter.drawLine(box.bottomLeft(), box.bottomRight())
    if selected:
        painter.fillRect(QRectF(box.left(), box.top(), look.px(4), box.height()), look["focus"])
    return box

"""A field to type in and the list of what it finds: arrows choose without leaving the field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from widgets.keycap import KeyCap, toned
from widgets.rows import Row, RowsView
from widgets.theme import theme


class SearchList(QWidget):
    """``searched`` comes shortly after the last letter; what was found comes by :meth:`show_found`."""

    searched = Signal(str)

    def __init__(self, asks: str, by: str, found: str, key: str, longest: int = 100) -> None:
        """``asks`` and ``found`` name the field and the list, ``by`` says what one may type; ``key`` leads here."""
        super().__init__()
        gutter = theme().px(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(gutter, gutter, gutter, theme().px(6))
        top.setSpacing(theme().px(6))
        row = QHBoxLayout()
        row.setSpacing(theme().px(8))
        self.field = QLineEdit()
        self.field.setMaxLength(longest)
        self.field.setAccessibleName(asks)
        row.addWidget(self.field, 1)
        row.addWidget(KeyCap(key))
        top.addLayout(row)
        top.addWidget(toned("label", by))
        column.addLayout(top)
        self.view = RowsView(found)
        self._empty = toned("", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._empty.setContentsMargins(gutter, gutter, gutter, gutter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        column.addWidget(self._stack, 1)
        self._count = toned("label", "")
        self._count.setContentsMargins(gutter, theme().px(6), gutter, theme().px(10))
        column.addWidget(self._count)
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(60)
        self._due.timeout.connect(lambda: self.searched.emit(self.words()))
        self.field.textEdited.connect(lambda: self._due.start())
        self.field.installEventFilter(self)

    def words(self) -> str:
        """What is searched for."""
        return self.field.text().strip()

    def show_found(self, rows: Sequence[Row], words: str, empty: str, count: str) -> None:
        """What was found; else what to do."""
        self.view.know(rows, found=words)
        self._empty.setText(empty)
        self._stack.setCurrentIndex(0 if rows else 1)
        self._count.setText(count)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows in the field move the choice in the list: nobody has to leave the field to look at the next."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}.get(event.key())
            if step is not None and not event.modifiers():
                self._step(step)
                return True
        return super().eventFilter(watched, event)

    def _step(self, step: int) -> None:
        rows, at = self.view.rows.rowCount(), self.view.currentIndex().row()
        if rows:
            self.view.setCurrentIndex(self.view.rows.index(max(0, min(rows - 1, at + step))))

"""The left column of the site file: search as one types, and what was opened last (picture 04)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout

from widgets.keycap import KeyCap, toned
from widgets.lines import Lines
from widgets.panel import Panel
from widgets.rows import Row, RowsView
from widgets.theme import theme


class SearchPanel(Panel):
    """Type, then arrows choose; the file beside follows."""

    searched = Signal(str)

    def __init__(self) -> None:
        super().__init__("")
        self.header.hide()
        gutter = theme().px(12)
        top = QVBoxLayout()
        top.setContentsMargins(gutter, gutter, gutter, theme().px(6))
        top.setSpacing(theme().px(6))
        row = QHBoxLayout()
        row.setSpacing(theme().px(8))
        self.field = QLineEdit()
        self.field.setMaxLength(100)
        self.field.setAccessibleName(self.tr("Find a site by name, number, town, phone, contact or account"))
        row.addWidget(self.field, 1)
        row.addWidget(KeyCap("F3"))
        top.addLayout(row)
        top.addWidget(toned("label", self.tr("Name, number, town, phone, contact, account")))
        self.body.addLayout(top)
        self.view = RowsView(self.tr("Sites found"))
        self.empty = toned("", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.empty.setContentsMargins(gutter, gutter, gutter, gutter)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.stack, 1)
        self.count = toned("label", "")
        self.count.setContentsMargins(gutter, theme().px(6), gutter, theme().px(10))
        self.body.addWidget(self.count)
        self.last = Lines(self.tr("Last opened"), self.tr("Sites that you open are listed here."), 10)
        last = Panel(self.tr("Last opened"), "")
        last.body.addWidget(self.last)
        last.setFixedHeight(theme().px(38 + 5 * 33 + 6))
        self.body.addWidget(last)
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
        self.empty.setText(empty)
        self.stack.setCurrentIndex(0 if rows else 1)
        self.count.setText(count)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows in the field move the choice in the list: nobody has to leave the field to look at the next."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}.get(event.key())
            if step is not None and not event.modifiers():
                self.step(step)
                return True
        return super().eventFilter(watched, event)

    def step(self, step: int) -> None:
        """Arrow keys while typing move the choice in the list."""
        rows, at = self.view.rows.rowCount(), self.view.currentIndex().row()
        if rows:
            self.view.setCurrentIndex(self.view.rows.index(max(0, min(rows - 1, at + step))))

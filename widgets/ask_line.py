"""One question over the page, answered in one line: nothing else stands still for it (visual.md §1)."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QWidget
from shiboken6 import isValid

from widgets.keycap import KeyButton, toned
from widgets.theme import theme


class AskLine(QFrame):
    """A question and a line for its answer. Enter gives it, Esc takes the question back."""

    answered = Signal(str)

    def __init__(self, parent: QWidget, question: str, pattern: str) -> None:
        """``pattern``: what an answer looks like; nothing else can be written or given."""
        super().__init__(parent)
        self.setObjectName("panel")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme().px(18), theme().px(10), theme().px(18), theme().px(10))
        row.setSpacing(theme().px(12))
        self.line = QLineEdit()
        self.line.setAccessibleName(question)
        self.line.setValidator(QRegularExpressionValidator(QRegularExpression(pattern), self))
        self.line.setFixedWidth(theme().px(220))
        keep = KeyButton(self.tr("Keep"), "Enter", next_=True)
        keep.clicked.connect(self.press_next)
        back = KeyButton(self.tr("Back"), "Esc")
        back.clicked.connect(self.leave)
        row.addWidget(toned("", question), 1)
        for widget in (self.line, keep, back):
            row.addWidget(widget)
        self._before: QWidget | None = None
        self.hide()

    def ask(self, over: QWidget, known: str) -> None:
        """Lie over the top of ``over``, with what was answered before."""
        self._before = QApplication.focusWidget()
        place = over.geometry()
        self.setGeometry(place.left(), place.top(), place.width(), self.sizeHint().height())
        self.line.setText(known)
        self.line.selectAll()
        self.raise_()
        self.show()
        self.line.setFocus()

    def press_next(self) -> None:
        """Give the answer, where it is one."""
        if self.line.hasAcceptableInput():
            self.leave()
            self.answered.emit(self.line.text())

    def leave(self) -> None:
        """Go; the keyboard goes back to where it was, not on to whatever button comes next (I8)."""
        if self.isVisible():
            self.hide()
            if self._before is not None and isValid(self._before) and self._before.isVisible():
                self._before.setFocus()
        self._before = None

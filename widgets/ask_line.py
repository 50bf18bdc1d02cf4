"""One question over the page, answered in one line: nothing else stands still for it (visual.md §1)."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from widgets.keycap import KeyButton, toned
from widgets.theme import theme


class AskLine(QFrame):
    """A question and a line for its answer. Enter gives it, Esc takes the question back."""

    answered = Signal(str)

    def __init__(
        self, parent: QWidget, question: str, pattern: str, *, verb: str = "", hint: str = "", wide: bool = False
    ) -> None:
        """``pattern``: what an answer looks like; nothing else can be written or given. ``verb``: what Enter does.

        ``hint`` stands in the line while it is empty; ``wide``: for a sentence, below its question.
        """
        super().__init__(parent)
        self.setObjectName("panel")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme().px(18), theme().px(10), theme().px(18), theme().px(10))
        row = QHBoxLayout()
        row.setSpacing(theme().px(12))
        self.line = QLineEdit()
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(question)
        self.line.setValidator(QRegularExpressionValidator(QRegularExpression(pattern), self))
        keep = KeyButton(verb or self.tr("Keep"), "Enter", next_=True)
        keep.clicked.connect(self.press_next)
        back = KeyButton(self.tr("Back"), "Esc")
        back.clicked.connect(self.leave)
        self.question = toned("", question)
        if wide:
            whole.addWidget(self.question)
            row.addWidget(self.line, 1)
        else:
            row.addWidget(self.question, 1)
            self.line.setFixedWidth(theme().px(220))
            row.addWidget(self.line)
        row.addWidget(keep)
        row.addWidget(back)
        whole.addLayout(row)
        self._before: QWidget | None = None
        self.hide()

    def ask(self, over: QWidget, known: str, *, low: bool = False) -> None:
        """Lie over the top of ``over``, or its foot where it is ``low``, with what was answered before."""
        self._before = QApplication.focusWidget()
        place, height = over.geometry(), self.sizeHint().height()
        self.setGeometry(place.left(), place.bottom() + 1 - height if low else place.top(), place.width(), height)
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

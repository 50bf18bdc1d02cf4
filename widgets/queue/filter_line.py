"""A supervisor's filter of their own queue: what it asks for, how much it hides, how it goes (rulebook H)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from widgets.keycap import KeyCap, retone, toned
from widgets.theme import theme


class FilterLine(QWidget):
    """There only while something is filtered, or is about to be."""

    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(10))
        row.addWidget(KeyCap("/"))
        self.field = QLineEdit()
        self.field.setMaxLength(100)
        self.field.setPlaceholderText(self.tr("Site, town, kind, place, who holds it"))
        self.field.setAccessibleName(self.tr("Filter of the queue, here alone"))
        self.field.textChanged.connect(self.typed)
        row.addWidget(self.field, 1)
        self.said = toned("second")
        row.addWidget(self.said)
        row.addWidget(KeyCap("Ctrl+0"))
        row.addWidget(toned("second", self.tr("Show all")))
        self.hide()

    def begin(self) -> None:
        """The cursor into it."""
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    def clear(self) -> None:
        """Nothing is filtered."""
        self.field.clear()
        self.hide()

    def tell(self, hidden: int) -> None:
        """How many rows are not in sight."""
        none = self.tr("hides nothing")
        retone(self.said, "loud" if hidden else "second")
        words = self.tr("hides {0} of the open alarms, never an Emergency").format(hidden)
        self.said.setText(words if hidden else none)

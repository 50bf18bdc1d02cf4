"""The card of an alarm that left these hands: it says how, and nothing pressed on it does anything else (I8)."""

from __future__ import annotations

from PySide6.QtCore import Signal

from widgets.card import Card
from widgets.keycap import toned


class GoneCard(Card):
    """It stands where the Now card stood. A key meant for that one calls nobody and takes nothing."""

    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.head_title.setText(self.tr("No longer in your hands"))
        self._why = toned("headline", wrap=True)
        self.body.addWidget(self._why)
        self._how = toned(
            "second", self.tr("What is shown is how it stood. F1 takes the next alarm, F2 shows the queue."), wrap=True
        )
        self.body.addWidget(self._how)
        self.body.addStretch(1)
        self.add_foot()
        self.speak()

    def tell(self, alarm: str, why: str) -> None:
        """Which alarm, and what became of it."""
        self.head_text.setText(alarm)
        self._why.setText(why)
        self.speak(alarm, why)

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Said in its place."""
        self._why.setText(sentence)

    def press_next(self) -> None:
        """Enter does nothing: it was meant for what stood here before."""

    def press_back(self) -> bool:
        """Esc."""
        self.back.emit()
        return True

"""The key bar: twelve fixed places, the same on every screen (visual.md §3)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from widgets.keycap import draw_cap
from widgets.theme import theme


class KeyPlace(QAbstractButton):
    """One place: a cap and a word. Off stays visible."""

    def __init__(self, key: str, words: str) -> None:
        super().__init__()
        self.key, self.words, self.current = key, words, False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{key} {words}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint cap and word."""
        look, painter, box = theme(), QPainter(self), QRectF(self.rect())
        painter.fillRect(box, look["bg3"] if self.current else look["bg1"])
        if self.current:
            painter.fillRect(QRectF(0, 0, box.width(), 3), look["text1"])
        ink = look["text1"] if self.isEnabled() else look["text3"]
        left = draw_cap(painter, look.px(11), box.center().y(), self.key, ink) + look.px(9)
        painter.setPen(ink)
        painter.setFont(look.font(16, 600 if self.current else 400))
        painter.drawText(QRectF(left, 0, box.width() - left, box.height()), Qt.AlignmentFlag.AlignVCenter, self.words)
        painter.setPen(look["line1"])
        painter.drawLine(box.topRight(), box.bottomRight())


class KeyBar(QWidget):
    """Twelve places in one row."""

    pressed = Signal(str)
    """The command's id."""

    def __init__(self, places: Sequence[tuple[str, str, str]]) -> None:
        """``places``: command id, key, word, in order."""
        super().__init__()
        self.setFixedHeight(theme().px(48))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.places: dict[str, KeyPlace] = {}
        for command, key, words in places:
            place = KeyPlace(key, words)
            place.clicked.connect(lambda _checked=False, which=command: self.pressed.emit(which))
            self.places[command] = place
            place.setSizePolicy(place.sizePolicy().Policy.Expanding, place.sizePolicy().Policy.Expanding)
            row.addWidget(place, 1)

    def tell(self, command: str, *, on: bool, words: str, current: bool) -> None:
        """How one place stands."""
        place = self.places[command]
        if (place.isEnabled(), place.words, place.current) != (on, words, current):
            place.setEnabled(on)
            place.words, place.current = words, current
            place.setAccessibleName(f"{place.key} {words}")
            place.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The line above."""
        painter = QPainter(self)
        painter.setPen(theme()["line1"])
        painter.drawLine(self.rect().topLeft(), self.rect().topRight())

"""What all plots have in common: spots that keys go through, the words of the chosen one, and where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from models.records import JournalFilter
from widgets.theme import theme

Lead = JournalFilter | str | None
"""What opens it: lines of the journal, or a screen by its name; None: it has none."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing in a plot."""

    words: str
    """All of it in words: below the plot, and for who cannot see it."""
    lead: Lead = None


_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)
_ON = (Qt.Key.Key_Right, Qt.Key.Key_Down)


class Plot(QWidget):
    """Arrows choose a spot, Enter opens what it leads to; ``empty`` is said where there is none."""

    opened = Signal(object)

    def __init__(self, name: str, empty: str) -> None:
        super().__init__()
        self._name, self._empty = name, empty
        self.spots: list[Spot] = []
        self.at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(theme().px(80))
        self.know([])

    def know(self, spots: Sequence[Spot]) -> None:
        """Other spots; the chosen one keeps its place."""
        self.spots = list(spots)
        self.at = min(self.at, max(0, len(self.spots) - 1))
        self._speak()
        self.update()

    def current(self) -> Spot | None:
        """The chosen one."""
        return self.spots[self.at] if self.spots else None

    def choose(self, nth: int) -> None:
        """Choose a spot; beyond an end: the one at that end."""
        if self.spots:
            self.at = max(0, min(nth, len(self.spots) - 1))
            self._speak()
            self.update()

    def _speak(self) -> None:
        spot = self.current()
        self.setAccessibleName(f"{self._name}: {spot.words if spot is not None else self._empty}")

    # -- keys and pointer -------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home, End."""
        to = self.step(Qt.Key(event.key()))
        if to is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        self.choose(to)

    def step(self, key: Qt.Key) -> int | None:
        """Where a key leads to."""
        if key in _BACK:
            return self.at - 1
        if key in _ON:
            return self.at + 1
        if key == Qt.Key.Key_Home:
            return 0
        if key == Qt.Key.Key_End:
            return len(self.spots) - 1
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is clicked."""
        nth = self.under(event.position())
        if nth is not None:
            self.choose(nth)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open it."""
        spot = self.current()
        if spot is not None and self.under(event.position()) is not None:
            self.opened.emit(spot.lead)

    def under(self, point: QPointF) -> int | None:
        """The spot that is there."""
        for nth in range(len(self.spots)):
            box = self.box(nth)
            if box is not None and box.contains(point):
                return nth
        return None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """It is seen where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """It is seen where the keyboard is not."""
        super().focusOutEvent(event)
        self.update()

    # -- painting ---------------------------------------------------------------------------------

    def box(self, nth: int) -> QRectF | None:
        """Where a spot is, for pointer and focus; None: not in sight."""
        raise NotImplementedError

    def paint(self, painter: QPainter) -> None:
        """All spots."""
        raise NotImplementedError

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it, and around the chosen spot the focus."""
        look, painter = theme(), QPainter(self)
        if not self.spots:
            painter.setPen(look["text3"])
            painter.setFont(look.font(15))
            room = QRectF(self.rect()).adjusted(look.px(14), 0, -look.px(14), 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)
        else:
            self.paint(painter)
        if not self.hasFocus():
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look["focus"], 2))
        painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        box = self.box(self.at) if self.spots else None
        if box is not None:
            painter.drawRect(box)

    def say_current(self, painter: QPainter, legend: str) -> None:
        """Below the plot: the chosen spot while it has the keyboard, else what the signs mean."""
        look, spot = theme(), self.current()
        focused = self.hasFocus() and spot is not None
        painter.setFont(look.font(14, 600 if focused else 400))
        painter.setPen(look["text1" if focused else "text3"])
        box = QRectF(look.px(14), self.height() - look.px(28), self.width() - look.px(28), look.px(24))
        words = spot.words if focused and spot is not None else legend
        cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)

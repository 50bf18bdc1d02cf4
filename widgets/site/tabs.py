"""The tabs of the site file, each with its key (visual.md, picture 04)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.keycap import cap_width, draw_cap
from widgets.theme import theme


class Tabs(QWidget):
    """A row of tabs; Alt and a digit, or a click, chooses."""

    chosen = Signal(int)

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names, self.current = tuple(names), 0
        self._boxes: list[QRectF] = []
        self._note, self._note_key = "", ""
        self.setFixedHeight(theme().px(46))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.choose(0)

    def choose(self, nth: int) -> None:
        """Bring a tab to the front."""
        self.current = nth
        self.setAccessibleName(self.tr("Tabs, {0} is open").format(self._names[nth]))
        self.update()

    def note(self, words: str, key: str) -> None:
        """What else this tab can do, at the right; empty for nothing."""
        self._note, self._note_key = words, key
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for all."""
        return QSize(600, theme().px(46))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        for nth, box in enumerate(self._boxes):
            if box.contains(event.position()):
                self.chosen.emit(nth)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Names and caps; the open one on bg3 with a line under it."""
        look, painter, left = theme(), QPainter(self), 0.0
        self._boxes = []
        painter.fillRect(self.rect(), look["bg1"])
        for nth, name in enumerate(self._names):
            key, font = f"Alt+{nth + 1}", look.font(16, 600 if nth == self.current else 400)
            width = look.px(16) + QFontMetrics(font).horizontalAdvance(name) + look.px(8) + cap_width(key) + look.px(14)
            box = QRectF(left, 0, width, self.height())
            self._boxes.append(box)
            if nth == self.current:
                painter.fillRect(box, look["bg3"])
                painter.fillRect(QRectF(left, self.height() - look.px(3), width, look.px(3)), look["text1"])
            painter.setPen(look["text1" if nth == self.current else "text2"])
            painter.setFont(font)
            words = box.adjusted(look.px(16), 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
            at = left + look.px(16) + QFontMetrics(font).horizontalAdvance(name) + look.px(8)
            draw_cap(painter, at, self.height() / 2, key, look["text2"])
            left += width
            painter.setPen(look["line1"])
            painter.drawLine(int(left), look.px(10), int(left), self.height() - look.px(10))
        self._paint_note(painter, left)
        painter.setPen(look["line1"])
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _paint_note(self, painter: QPainter, left: float) -> None:
        look, font = theme(), theme().font(15)
        width = QFontMetrics(font).horizontalAdvance(self._note)
        at = self.width() - look.px(14) - cap_width(self._note_key)
        if not self._note or at - look.px(8) - width < left:
            return
        draw_cap(painter, at, self.height() / 2, self._note_key, look["text2"])
        painter.setPen(look["text3"])
        painter.setFont(font)
        room = QRectF(at - look.px(8) - width, 0, width + 1, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._note)

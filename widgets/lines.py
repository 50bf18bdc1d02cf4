"""Lines of a timeline: when, what, and a word on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from widgets.badge import draw_test_tag
from widgets.theme import theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``strong`` opens it, ``right`` closes it; ``fresh`` marks what was not seen yet (I8)."""

    when: str
    strong: str
    text: str = ""
    right: str = ""
    in_test: bool = False
    fresh: bool = False
    dim: bool = False
    was: str = ""
    """What ``strong`` takes the place of: struck, before it."""


class _Painted(QWidget):
    def __init__(self, empty: str, when_width: int, *, whole: bool) -> None:
        super().__init__()
        self._empty, self._when, self._whole = empty, when_width, whole
        self.lines: tuple[Line, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(whole)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(100, self.heightForWidth(max(100, self.width())))

    def heightForWidth(self, width: int) -> int:
        """As high as its lines."""
        return max(theme().px(33), sum(theme().px(33) + self._below(line, width) for line in self.lines))

    def _below(self, line: Line, width: int) -> int:
        """How much higher than one row a line is whose words are shown whole."""
        if not self._whole:
            return 0
        look = theme()
        strong, plain = QFontMetrics(look.font(15, 400 if line.dim else 600)), QFontMetrics(look.font(15))
        right = QFontMetrics(look.font(14, 600)).horizontalAdvance(line.right) + look.px(10) if line.right else 0
        room = width - look.px(28 + self._when) - right
        beside = f" · {line.text}" if line.text else ""
        if strong.horizontalAdvance(line.strong) + plain.horizontalAdvance(beside) <= room:
            return 0
        words, room = (line.text, room + right) if line.text else (line.strong, room)
        tall = plain.boundingRect(QRect(0, 0, room, 100_000), Qt.TextFlag.TextWordWrap, words).height()
        return tall + look.px(6) if line.text else max(1, tall - look.px(33) + look.px(14))

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        height = look.px(33)
        if not self.lines:
            painter.setPen(look["text3"])
            painter.setFont(look.font(15))
            room = QRectF(look.px(14), 0, self.width() - look.px(28), height)
            painter.drawText(room, LEFT | Qt.TextFlag.TextWordWrap, self._empty)
        top = 0.0
        for line in self.lines:
            below = self._below(line, self.width())
            whole = QRectF(0, top, self.width(), height + below)
            if line.fresh:
                painter.fillRect(whole, look["bg3"])
            painter.setPen(look["line1"])
            painter.drawLine(whole.bottomLeft(), whole.bottomRight())
            self._paint(painter, QRectF(0, top, self.width(), height), line, below)
            if below and line.text:
                left = look.px(14 + self._when)
                painter.setFont(look.font(15))
                painter.setPen(look["text2" if line.dim else "text1"])
                room = QRectF(left, top + height - look.px(4), self.width() - left - look.px(14), below)
                painter.drawText(room, Qt.TextFlag.TextWordWrap, line.text)
            top += whole.height()

    def _paint(self, painter: QPainter, box: QRectF, line: Line, below: int) -> None:
        look = theme()
        left = look.px(14)
        painter.setPen(look["text2"])
        painter.setFont(look.font(15))
        painter.drawText(QRectF(left, box.top(), look.px(self._when), box.height()), LEFT, line.when)
        left += look.px(self._when)
        right = box.right() - look.px(14)
        if line.right:
            painter.setFont(look.font(14, 600 if line.fresh else 400))
            painter.setPen(look["text1" if line.fresh else "text3"])
            width = painter.fontMetrics().horizontalAdvance(line.right)
            painter.drawText(QRectF(right - width - 1, box.top(), width + 2, box.height()), RIGHT, line.right)
            right -= width + look.px(10)
        if line.in_test:
            draw_test_tag(painter, QRectF(left, box.center().y() - look.px(9), look.px(18), look.px(18)), whole=False)
            left += look.px(24)
        if line.was:
            left = int(self._paint_was(painter, box, left, (right - left) / 2, line.was))
        painter.setPen(look["text2" if line.dim else "text1"])
        painter.setFont(look.font(15, 400 if line.dim else 600))
        metrics = painter.fontMetrics()
        if below and not line.text:
            room = QRectF(left, box.top() + look.px(7), right - left, box.height() + below)
            painter.drawText(room, Qt.TextFlag.TextWordWrap, line.strong)
            return
        strong = metrics.elidedText(line.strong, Qt.TextElideMode.ElideRight, int(right - left))
        painter.drawText(QRectF(left, box.top(), right - left, box.height()), LEFT, strong)
        if line.text and not below:
            left += metrics.horizontalAdvance(strong)
            painter.setFont(look.font(15))
            painter.setPen(look["text2" if line.dim else "text1"])
            words = painter.fontMetrics().elidedText(f" · {line.text}", Qt.TextElideMode.ElideRight, int(right - left))
            painter.drawText(QRectF(left, box.top(), right - left, box.height()), LEFT, words)

    def _paint_was(self, painter: QPainter, box: QRectF, left: float, room: float, was: str) -> float:
        look = theme()
        struck = look.font(15)
        struck.setStrikeOut(True)
        painter.setFont(struck)
        painter.setPen(look["text3"])
        said = painter.fontMetrics().elidedText(was, Qt.TextElideMode.ElideRight, int(room))
        width = painter.fontMetrics().horizontalAdvance(said)
        painter.drawText(QRectF(left, box.top(), width + 1, box.height()), LEFT, said)
        painter.setFont(look.font(15))
        arrow = painter.fontMetrics().horizontalAdvance(" → ")
        painter.drawText(QRectF(left + width, box.top(), arrow + 1, box.height()), LEFT, " → ")
        return left + width + arrow


class Lines(QScrollArea):
    """The lines, scrolled where there are many."""

    def __init__(self, name: str, empty: str, when_width: int = 84, *, whole: bool = False) -> None:
        """``whole``: text that has no room on its line goes on below it, none of it is cut."""
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._name = name
        self._painted = _Painted(empty, when_width, whole=whole)
        self.setWidget(self._painted)
        self.tell(())

    def tell(self, lines: Sequence[Line]) -> None:
        """Show ``lines``."""
        self._painted.lines = tuple(lines)
        said = "; ".join(_said(line) for line in lines)
        self.setAccessibleName(f"{self._name}: {said}" if said else self._name)
        self._painted.updateGeometry()
        self._painted.update()


def _said(line: Line) -> str:
    strong = f"{line.was} → {line.strong}" if line.was else line.strong
    return f"{line.when} {strong} {line.text} {line.right}".strip()

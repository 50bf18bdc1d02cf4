"""Lines of a timeline: when, what, and a word on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
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
    def __init__(self, empty: str, when_width: int) -> None:
        super().__init__()
        self._empty, self._when = empty, when_width
        self.lines: tuple[Line, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def sizeHint(self) -> QSize:
        return QSize(100, theme().px(33) * max(1, len(self.lines)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        height = look.px(33)
        if not self.lines:
            painter.setPen(look["text3"])
            painter.setFont(look.font(15))
            room = QRectF(look.px(14), 0, self.width() - look.px(28), height)
            painter.drawText(room, LEFT | Qt.TextFlag.TextWordWrap, self._empty)
        for row, line in enumerate(self.lines):
            self._paint(painter, QRectF(0, row * height, self.width(), height), line)

    def _paint(self, painter: QPainter, box: QRectF, line: Line) -> None:
        look = theme()
        if line.fresh:
            painter.fillRect(box, look["bg3"])
        painter.setPen(look["line1"])
        painter.drawLine(box.bottomLeft(), box.bottomRight())
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
        strong = metrics.elidedText(line.strong, Qt.TextElideMode.ElideRight, int(right - left))
        painter.drawText(QRectF(left, box.top(), right - left, box.height()), LEFT, strong)
        if line.text:
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

    def __init__(self, name: str, empty: str, when_width: int = 84) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._name = name
        self._painted = _Painted(empty, when_width)
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

"""Rows of texts under their headings, to be looked at and not changed: zones beside a procedure (picture 04b)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from widgets.theme import theme
from widgets.writing import write

Texts = tuple[str, ...]
_HEAD, _ROW = 28, 33


class _Painted(QWidget):
    def __init__(self, headings: Texts, widths: Sequence[int], empty: str) -> None:
        super().__init__()
        self.headings, self._widths, self._empty = headings, tuple(widths), empty
        self.rows: tuple[Texts, ...] = ()
        self.foot = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def sizeHint(self) -> QSize:
        return QSize(100, theme().px(_HEAD + _ROW * (max(1, len(self.rows)) + bool(self.foot))))

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        top = float(look.px(_HEAD))
        self._paint(painter, 0, top, self.headings, ("text3",) * len(self.headings), 14)
        for row in self.rows or ((self._empty,),):
            tokens = ("text2", "text1", *("text2",) * len(self.headings)) if self.rows else ("text3",)
            self._paint(painter, top, look.px(_ROW), row, tokens, 15)
            top += look.px(_ROW)
        if self.foot:
            painter.setPen(look["text3"])
            room = QRectF(look.px(14), top, self.width() - look.px(28), look.px(_ROW))
            write(painter, room, self.foot, 15)

    def _paint(
        self, painter: QPainter, top: float, height: float, texts: Texts, tokens: Sequence[str], size: int
    ) -> None:
        look = theme()
        painter.setPen(look["line1"])
        painter.drawLine(0, int(top + height) - 1, self.width(), int(top + height) - 1)
        left, whole = float(look.px(14)), sum(self._widths)
        room = self.width() - look.px(28)
        for nth, text in enumerate(texts):
            width = room * self._widths[nth] / whole if len(texts) > 1 else room
            painter.setPen(look[tokens[nth]])
            write(painter, QRectF(left, top, width - look.px(8), height), text, size)
            left += width


class Columns(QScrollArea):
    """The rows, scrolled where there are many. ``widths`` are shares of what room there is."""

    def __init__(self, name: str, headings: Sequence[str], widths: Sequence[int], empty: str) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._name = name
        self._painted = _Painted(tuple(headings), widths, empty)
        self.setWidget(self._painted)
        self.tell(())

    def tell(self, rows: Sequence[Texts], foot: str = "") -> None:
        """Show ``rows``, and under them ``foot``."""
        self._painted.rows, self._painted.foot = tuple(rows), foot
        said = "; ".join(" ".join(row).strip() for row in rows)
        self.setAccessibleName(": ".join(part for part in (self._name, said, foot) if part))
        self._painted.updateGeometry()
        self._painted.update()

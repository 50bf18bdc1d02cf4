"""The figures along the top: percent in time for each target, what waits and what is open now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from widgets.theme import theme


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: what it is, itself, what it is measured against."""

    name: str
    figure: str
    second: str
    missed: bool = False


class Tiles(QWidget):
    """Tiles side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles: list[Tile] = []
        self.setFixedHeight(theme().px(96))

    def show_tiles(self, tiles: Sequence[Tile]) -> None:
        """Other figures."""
        self.tiles = list(tiles)
        self.setAccessibleName("; ".join(f"{tile.name}: {tile.figure}, {tile.second}" for tile in tiles))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint them."""
        look, painter = theme(), QPainter(self)
        gap = look.px(12)
        width = (self.width() - gap * (len(self.tiles) - 1)) / max(1, len(self.tiles))
        for nth, tile in enumerate(self.tiles):
            box = QRectF(nth * (width + gap), 0, width, self.height()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(QPen(look["ink2" if tile.missed else "line1"], 1.5 if tile.missed else 1))
            painter.setBrush(look["bg1"])
            painter.drawRoundedRect(box, 3, 3)
            inner = box.adjusted(look.px(14), look.px(8), -look.px(10), -look.px(8))
            for text, token, size, weight, top, high in (
                (tile.name, "text2", 14, 400, 0, 20),
                (tile.figure, "text1", 30, 700, 20, 38),
                (tile.second, "ink2" if tile.missed else "text3", 14, 600 if tile.missed else 400, 58, 22),
            ):
                painter.setFont(look.font(size, weight))
                painter.setPen(look[token])
                line = QRectF(
                    inner.left(), inner.top() + look.px(top) if top else inner.top(), inner.width(), look.px(high)
                )
                cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(line.width()))
                painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)

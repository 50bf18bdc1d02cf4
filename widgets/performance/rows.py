"""Lists beside the plots: late alarms, what is open, priorities, ends, zones; a bar where a share says something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from widgets.badge import BadgeStyle, draw_badge, draw_test_tag
from widgets.performance.plot import Plot, Spot
from widgets.theme import theme


@dataclass(frozen=True, slots=True)
class Row:
    """One line, or two."""

    spot: Spot
    first: str
    second: str = ""
    right: str = ""
    right_second: str = ""
    badge: tuple[int, BadgeStyle] | None = None
    test: bool | None = None
    """The T of test instead of a badge: filled, or hollow."""
    share: float | None = None
    """Length of its bar, 0 to 1."""
    missed: bool = False
    """Its figure at the right in the colour of misses, and its bar."""
    loud: bool = False
    """What it says as well."""


class RowsPlot(Plot):
    """Rows of one height; those that do not fit are come to by keys."""

    def __init__(self, name: str, empty: str, *, lines: int = 2, badges: bool = True) -> None:
        super().__init__(name, empty)
        self._rows: list[Row] = []
        self._height = theme().px(50 if lines == 2 else 34)
        self._badges = badges
        self._top = 0

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Other rows."""
        self._rows = list(rows)
        self.know([row.spot for row in rows])

    def _fit(self) -> int:
        return max(1, self.height() // self._height)

    def box(self, nth: int) -> QRectF | None:
        """A whole row."""
        here = nth - self._top
        if not 0 <= here < self._fit():
            return None
        return QRectF(2, here * self._height, self.width() - 4, self._height - 1)

    def paint(self, painter: QPainter) -> None:
        """The rows in sight."""
        fit = self._fit()
        self._top = max(0, min(self._top, self.at, len(self._rows) - fit))
        self._top = max(self._top, self.at - fit + 1)
        for nth in range(self._top, min(len(self._rows), self._top + fit)):
            box = self.box(nth)
            if box is not None:
                self._paint_row(painter, self._rows[nth], box, chosen=nth == self.at and self.hasFocus())
        if len(self._rows) > self._top + fit:
            look = theme()
            painter.fillRect(QRectF(self.width() - look.px(5), 0, look.px(3), self.height()), look["line1"])
            whole = self.height() / len(self._rows)
            bar = QRectF(self.width() - look.px(5), whole * self._top, look.px(3), whole * fit)
            painter.fillRect(bar, look["line2"])

    def _paint_row(self, painter: QPainter, row: Row, box: QRectF, *, chosen: bool) -> None:
        look = theme()
        if chosen:
            painter.fillRect(box, look["bg3"])
        painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), 1), look["line1"])
        left, right = box.left() + look.px(12), box.right() - look.px(14)
        if row.badge is not None:
            height = look.px(26)
            draw_badge(painter, QRectF(left, box.center().y() - height / 2, look.px(44), height), *row.badge)
        elif row.test is not None:
            tag = look.px(24)
            draw_test_tag(painter, QRectF(left, box.center().y() - tag / 2, tag, tag), whole=row.test)
        if self._badges:
            left += look.px(56)
        two = bool(row.second or row.right_second)
        upper = QRectF(left, box.top() + look.px(5), right - left, box.height() / 2 - look.px(4)) if two else box
        upper = QRectF(left, upper.top(), right - left, upper.height())
        ink = look["ink2" if row.loud else "text1"]
        figure = look["ink2" if row.missed else "text1"]
        end = self._write(painter, upper, row.right, 15, 700, figure, right_side=True)
        if row.share is not None:
            # Bars begin and may end in one place, however wide the figures beside them are.
            end = max(end, look.px(44))
        room = upper.adjusted(0, 0, -end - look.px(10), 0)
        if row.share is not None:
            label = room.width() * 0.56
            self._write(painter, QRectF(room.left(), room.top(), label, room.height()), row.first, 15, 400, ink)
            track = QRectF(room.left() + label + look.px(8), box.center().y() - look.px(5), 0, look.px(10))
            most = room.right() - track.left()
            if most > 0:
                track.setWidth(max(2.0, most * row.share))
                painter.fillRect(track, look["p2" if row.missed else "line2"])
        else:
            self._write(painter, room, row.first, 15, 600, ink)
        if two:
            lower = QRectF(left, box.center().y(), right - left, box.height() / 2 - look.px(3))
            end = self._write(painter, lower, row.right_second, 14, 400, look["text3"], right_side=True)
            self._write(painter, lower.adjusted(0, 0, -end - look.px(10), 0), row.second, 14, 400, look["text2"])

    def _write(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        size: int,
        weight: int,
        ink: object,
        *,
        right_side: bool = False,
    ) -> float:
        painter.setFont(theme().font(size, weight))
        painter.setPen(ink)
        metrics = painter.fontMetrics()
        cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        side = Qt.AlignmentFlag.AlignRight if right_side else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | side, cut)
        return float(metrics.horizontalAdvance(cut))

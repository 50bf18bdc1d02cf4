"""Alarms per operator, per ten minutes: where there were more than one can handle (picture 05b)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from models.records import LoadSlot, OperatorFigures
from widgets.performance.plot import Lead, Plot, Spot
from widgets.theme import theme
from widgets.words import minute

SLOT = timedelta(minutes=10)
_MOST_COLUMNS = 93 * 144


class LoadPlot(Plot):
    """Operators below each other, time from left to right; the newest are in sight, arrows go back."""

    def __init__(self, name: str, empty: str) -> None:
        super().__init__(name, empty)
        self._operators: list[OperatorFigures] = []
        self._begin: datetime | None = None
        self._columns = 1
        self._left = 0
        self._slots: list[dict[int, LoadSlot]] = []

    def show_operators(
        self,
        operators: Sequence[OperatorFigures],
        said: Callable[[OperatorFigures, datetime, LoadSlot | None], str],
        lead: Callable[[OperatorFigures, datetime], Lead],
    ) -> None:
        """Other operators; ``said`` puts a slot in words, ``lead`` says what it opens."""
        times = [slot.at for operator in operators for slot in operator.slots]
        self._operators = list(operators) if times else []
        if not times:
            self.know([])
            return
        self._begin = min(times)
        self._columns = min(_MOST_COLUMNS, (max(times) - self._begin) // SLOT + 1)
        self._slots = [
            {(slot.at - self._begin) // SLOT: slot for slot in operator.slots} for operator in self._operators
        ]
        self._said, self._lead = said, lead
        fresh = not self.spots
        # Only the chosen one is put in words: there may be thousands.
        self.spots = [_NOTHING] * (len(self._operators) * self._columns)
        self.at = min(self.at, len(self.spots) - 1)
        if fresh:
            self.at = self._columns - 1
        self._speak()
        self.update()

    def current(self) -> Spot | None:
        """The chosen ten minutes of the chosen operator."""
        if not self.spots or self._begin is None:
            return None
        row, column = divmod(self.at, self._columns)
        operator, at = self._operators[row], self._begin + SLOT * column
        return Spot(self._said(operator, at, self._slots[row].get(column)), self._lead(operator, at))

    def step(self, key: Qt.Key) -> int | None:
        """Left and right in time, up and down to another operator."""
        row, column = divmod(self.at, self._columns)
        last = self._columns - 1
        columns = {
            Qt.Key.Key_Left: column - 1,
            Qt.Key.Key_Right: column + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        rows = {Qt.Key.Key_Up: row - 1, Qt.Key.Key_Down: row + 1}
        if key in columns:
            return row * self._columns + max(0, min(columns[key], last))
        if key in rows:
            return max(0, min(rows[key], len(self._operators) - 1)) * self._columns + column
        return None

    # -- painting ---------------------------------------------------------------------------------

    def _sizes(self) -> tuple[float, float, float, int]:
        """Left edge, width and height of a cell, and how many are in sight."""
        look = theme()
        left, right = look.px(112), look.px(98)
        cell = look.px(28)
        fit = max(1, int((self.width() - left - right) // cell))
        high = min(look.px(36), max(look.px(24), (self.height() - look.px(60)) / max(1, len(self._operators))))
        return left, cell, high, fit

    def box(self, nth: int) -> QRectF | None:
        """A cell."""
        left, cell, high, fit = self._sizes()
        row, column = divmod(nth, self._columns)
        if not self._left <= column < self._left + fit:
            return None
        return QRectF(left + (column - self._left) * cell, theme().px(28) + row * high, cell - 2, high - 2)

    def paint(self, painter: QPainter) -> None:
        """Cells in grey by their number; those of a flood filled."""
        look, (left, cell, high, fit) = theme(), self._sizes()
        column_at = self.at % self._columns
        self._left = max(0, min(self._left, column_at, self._columns - fit))
        self._left = max(self._left, column_at - fit + 1)
        assert self._begin is not None
        most = max(slot.alarms for slots in self._slots for slot in slots.values())
        painter.setFont(look.font(14))
        painter.setPen(look["text3"])
        for column in range(self._left, min(self._columns, self._left + fit)):
            if (column - self._left) % 3 == 0:
                box = QRectF(left + (column - self._left) * cell, look.px(4), cell * 3, look.px(20))
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft, minute(self._begin + SLOT * column))
        head = QRectF(self.width() - look.px(98), look.px(4), look.px(84), look.px(20))
        painter.drawText(head, Qt.AlignmentFlag.AlignRight, self.tr("all · in time"))
        for row, operator in enumerate(self._operators):
            top = look.px(28) + row * high
            if top + high > self.height() - look.px(28):
                break
            self._paint_ends(painter, operator, QRectF(0, top, self.width(), high - 2))
            for column in range(self._left, min(self._columns, self._left + fit)):
                box_ = self.box(row * self._columns + column)
                assert box_ is not None
                slot = self._slots[row].get(column)
                self._paint_cell(painter, box_, slot, most)
        floods = sum(operator.floods for operator in self._operators)
        legend = self.tr("over 10 in 10 minutes, until under 5: {0} times").format(floods)
        self.say_current(painter, legend if floods else self.tr("never over 10 per operator in 10 minutes"))

    def _paint_cell(self, painter: QPainter, box: QRectF, slot: LoadSlot | None, most: int) -> None:
        look = theme()
        if slot is None:
            painter.fillRect(box, look["bg2"])
            return
        fill = look["p2"] if slot.flood else look["bg2"]
        painter.fillRect(box, fill)
        if not slot.flood:
            shade = QColor(look["line2"])
            shade.setAlphaF(min(1.0, 0.1 + 0.5 * slot.alarms / max(1, most)))
            painter.fillRect(box, shade)
        painter.setFont(look.font(14, 700 if slot.flood else 400))
        painter.setPen(look["on2" if slot.flood else "text1"])
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(slot.alarms))

    def _paint_ends(self, painter: QPainter, operator: OperatorFigures, box: QRectF) -> None:
        look, done = theme(), operator.answered
        painter.setFont(look.font(15))
        painter.setPen(look["text1"])
        name = QRectF(look.px(14), box.top(), look.px(92), box.height())
        cut = painter.fontMetrics().elidedText(operator.name, Qt.TextElideMode.ElideRight, int(name.width()))
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, cut)
        painter.setFont(look.font(14, 600))
        share = f"{done.first / done.alarms:.0%}" if done.alarms else "–"
        right = QRectF(box.right() - look.px(98), box.top(), look.px(84), box.height())
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{done.alarms} · {share}")


_NOTHING = Spot("")

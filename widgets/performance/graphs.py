"""Emergencies one by one, and the others by hour, against the dashed and the dotted line of their targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from models.records import EmergencyMark, ResponseTarget
from widgets.performance.plot import Plot, Spot
from widgets.theme import theme
from widgets.words import day, duration, minute

_ROUND = (60, 90, 120, 180, 300, 600, 1200, 1800, 3600, 7200, 4 * 3600, 12 * 3600, 86400)
"""Where a scale of seconds may end."""
_DAY_S = 26 * 3600
_MANY = 100
"""Marks that are more than this are drawn smaller."""


class _Graph(Plot):
    """A frame with a scale at its left and words below."""

    def _room(self) -> QRectF:
        look = theme()
        return QRectF(
            look.px(54), look.px(18), self.width() - look.px(54 + 14), max(1, self.height() - look.px(18 + 54))
        )

    def _line(self, painter: QPainter, y: float, ink: QColor, style: Qt.PenStyle) -> None:
        room = self._room()
        painter.setPen(QPen(ink, 1.5, style))
        painter.drawLine(round(room.left()), round(y), round(room.right()), round(y))

    def _scale(self, painter: QPainter, y: float, words: str) -> None:
        look = theme()
        painter.fillRect(QRectF(self._room().left(), y, self._room().width(), 1), look["line1"])
        painter.setFont(look.font(14))
        painter.setPen(look["text3"])
        box = QRectF(0, y - look.px(10), look.px(48), look.px(20))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _below(self, painter: QPainter, x: float, words: str) -> None:
        look = theme()
        painter.setFont(look.font(14))
        painter.setPen(look["text3"])
        width = look.px(90)
        box = QRectF(x - width / 2, self._room().bottom() + look.px(2), width, look.px(20))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


class MarksPlot(_Graph):
    """Each Emergency: when it came, how long until somebody acted."""

    def __init__(self, name: str, empty: str) -> None:
        super().__init__(name, empty)
        self._marks: tuple[EmergencyMark, ...] = ()
        self._period: tuple[datetime, datetime] | None = None
        self._targets = (ResponseTarget(seconds=30, percent=80), ResponseTarget(seconds=60, percent=98.5))

    def show_marks(
        self,
        marks: Sequence[EmergencyMark],
        spots: Sequence[Spot],
        period: tuple[datetime, datetime],
        targets: tuple[ResponseTarget, ResponseTarget],
    ) -> None:
        """Other alarms; ``spots`` says each in words."""
        self._marks, self._period, self._targets = tuple(marks), period, targets
        self.know(spots)

    def _top(self) -> int:
        most = max([mark.seconds for mark in self._marks] + [self._targets[1].seconds * 1.5])
        # One forgotten alarm must not press all others flat: what is beyond stands at the top, and says so.
        most = min(most, self._targets[1].seconds * 5)
        return next((top for top in _ROUND if top >= most), _ROUND[-1])

    def _spot(self, mark: EmergencyMark) -> tuple[float, float]:
        assert self._period is not None
        room, (begin, end) = self._room(), self._period
        whole = max(1.0, (end - begin).total_seconds())
        x = room.left() + room.width() * min(1.0, max(0.0, (mark.at - begin).total_seconds() / whole))
        return x, room.bottom() - room.height() * min(1.0, mark.seconds / self._top())

    def box(self, nth: int) -> QRectF | None:
        """Around a mark."""
        x, y = self._spot(self._marks[nth])
        half = theme().px(11)
        return QRectF(x - half, y - half, 2 * half, 2 * half)

    def paint(self, painter: QPainter) -> None:
        """Lines of the targets, a mark for each alarm, the worst in words."""
        look, room, top = theme(), self._room(), self._top()
        for part in range(4):
            self._scale(painter, room.bottom() - room.height() * part / 3, duration(top * part / 3))
        for target, style in zip(self._targets, (Qt.PenStyle.DashLine, Qt.PenStyle.DotLine), strict=True):
            self._line(painter, room.bottom() - room.height() * target.seconds / top, look["text1"], style)
        assert self._period is not None
        begin, end = self._period
        for part in range(5):
            moment = begin + (end - begin) * part / 4
            words = minute(moment) if (end - begin).total_seconds() <= _DAY_S else f"{moment.astimezone():%d %b}"
            self._below(painter, room.left() + room.width() * (0.06 + 0.88 * part / 4), words)
        half = look.px(5 if len(self._marks) <= _MANY else 3)
        for mark in self._marks:
            x, y = self._spot(mark)
            painter.fillRect(QRectF(x - half, y - half, 2 * half, 2 * half), look["p2" if mark.late else "text2"])
        worst = max(self._marks, key=lambda mark: mark.seconds)
        if worst.late:
            x, y = self._spot(worst)
            painter.setFont(look.font(14, 700))
            painter.setPen(look["ink2"])
            words = f"{minute(worst.at)} · {duration(worst.seconds)}"
            width = painter.fontMetrics().horizontalAdvance(words)
            left = x - width - look.px(12) if x - width > room.left() + look.px(12) else x + look.px(12)
            painter.drawText(QRectF(left, y - look.px(10), width + 2, look.px(20)), Qt.AlignmentFlag.AlignCenter, words)
        legend = self.tr("{0} for {1} %, dashed · {2} for {3} %, dotted")
        first, second = self._targets
        self.say_current(
            painter,
            legend.format(
                duration(first.seconds), f"{first.percent:g}", duration(second.seconds), f"{second.percent:g}"
            ),
        )


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: how many alarms are measured, and how many kept each target."""

    label: str
    spot: Spot
    alarms: int
    first: int
    second: int
    of_second: int
    """Of how many it is known whether they kept the second target."""


class HoursPlot(_Graph):
    """A bar for each hour: percent within the first target; a stroke above it for the second."""

    def __init__(self, name: str, empty: str) -> None:
        super().__init__(name, empty)
        self._bars: list[Bar] = []
        self._targets = (ResponseTarget(seconds=90, percent=80), ResponseTarget(seconds=180, percent=98.5))

    def show_bars(self, bars: Sequence[Bar], targets: tuple[ResponseTarget, ResponseTarget]) -> None:
        """Other hours."""
        self._bars, self._targets = list(bars), targets
        self.know([bar.spot for bar in bars] if any(bar.alarms for bar in bars) else [])

    def box(self, nth: int) -> QRectF | None:
        """From the bottom to the top of an hour."""
        room = self._room()
        width = room.width() / max(1, len(self._bars))
        return QRectF(room.left() + nth * width, room.top() - theme().px(4), width, room.height() + theme().px(4))

    def paint(self, painter: QPainter) -> None:
        """Bars, strokes, both lines."""
        look, room = theme(), self._room()
        for percent in range(0, 101, 20):
            self._scale(painter, room.bottom() - room.height() * percent / 100, f"{percent}%")
        measured = [nth for nth, bar in enumerate(self._bars) if bar.alarms]
        worst = min(measured, key=lambda nth: self._bars[nth].first / self._bars[nth].alarms)
        for nth, bar in enumerate(self._bars):
            box = self.box(nth)
            assert box is not None
            if nth % 3 == 0:
                self._below(painter, box.center().x(), bar.label)
            if not bar.alarms:
                continue
            gap = max(1.0, box.width() * 0.16)
            first, second = bar.first / bar.alarms, bar.second / bar.of_second if bar.of_second else 1.0
            missed = first * 100 < self._targets[0].percent
            height = max(2.0, room.height() * first)
            column = QRectF(box.left() + gap, room.bottom() - height, box.width() - 2 * gap, height)
            painter.fillRect(column, look["p2" if missed else "line2"])
            below = second * 100 < self._targets[1].percent
            stroke = QRectF(column.left(), room.bottom() - room.height() * second - 2, column.width(), 4)
            painter.fillRect(stroke, look["p2" if below else "text1"])
        for target, style in zip(self._targets, (Qt.PenStyle.DashLine, Qt.PenStyle.DotLine), strict=True):
            self._line(painter, room.bottom() - room.height() * target.percent / 100, look["text1"], style)
        self._say_worst(painter, worst)
        first_, second_ = self._targets
        legend = self.tr("bar: in {0}, {1} % dashed · stroke: in {2}, {3} % dotted")
        self.say_current(
            painter,
            legend.format(
                duration(first_.seconds), f"{first_.percent:g}", duration(second_.seconds), f"{second_.percent:g}"
            ),
        )

    def _say_worst(self, painter: QPainter, nth: int) -> None:
        """How many percent, where that is below the target."""
        look, bar, box = theme(), self._bars[nth], self.box(nth)
        share = bar.first / bar.alarms
        if box is None or share * 100 >= self._targets[0].percent:
            return
        painter.setFont(look.font(14, 700))
        words = f"{share:.0%}"
        width = painter.fontMetrics().horizontalAdvance(words) + look.px(8)
        top = self._room().bottom() - self._room().height() * share - look.px(22)
        label = QRectF(min(box.center().x() - width / 2, self.width() - width), top, width, look.px(18))
        # Bars beside it are higher.
        painter.fillRect(label, look["bg1"])
        painter.setPen(look["ink2"])
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, words)


def moment_words(moment: datetime) -> str:
    """``Fri 21 Nov 20:36``."""
    return f"{day(moment)} {minute(moment)}"

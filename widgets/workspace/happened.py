"""What happened: zone lanes, the signals, openings and closings, earlier alarms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.records import AlarmDetail, EventRole, SignalLine
from widgets.lines import LEFT, Line, Lines
from widgets.panel import Panel
from widgets.theme import theme
from widgets.words import clock, day, duration, minute, plural

_MOST_LANES = 3
_STEPS_S = (10, 30, 60, 120, 300, 600, 1800, 3600, 14400, 43200, 86400)


class Lanes(QWidget):
    """When each zone alarmed and was restored: one lane a zone, the newest zones last, a dotted line for now."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme().px(150))
        self._lines: tuple[SignalLine, ...] = ()
        self._now: datetime | None = None

    def tell(self, lines: tuple[SignalLine, ...]) -> None:
        """Show the signals of an alarm."""
        self._lines = lines
        said = ", ".join(dict.fromkeys(_lane_name(line) for line in reversed(lines)))
        self.setAccessibleName(self.tr("Zones in time: {0}").format(said))
        self.update()

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self._now = now
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lanes."""
        if not self._lines or self._now is None:
            return
        look, painter = theme(), QPainter(self)
        left, right = look.px(132), self.width() - look.px(16)
        oldest = min(line.first_at for line in self._lines)
        span = max((self._now - oldest).total_seconds() * 1.06, 60.0)

        def at(moment: datetime) -> float:
            return left + (right - left) * (moment - oldest).total_seconds() / span

        names = list(dict.fromkeys(_lane_name(line) for line in reversed(self._lines)))[-_MOST_LANES:]
        bottom = look.px(120)
        self._paint_minutes(painter, at, oldest, span, (right - left) / look.px(86))
        for row, name in enumerate(names):
            centre = look.px(24) + row * look.px(40)
            painter.setPen(look["text2"])
            painter.setFont(look.font(14))
            label = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, look.px(112))
            painter.drawText(QRectF(look.px(14), centre - look.px(12), look.px(114), look.px(24)), LEFT, label)
            self._paint_lane(painter, at, [line for line in self._lines if _lane_name(line) == name], centre)
        painter.setPen(QPen(look["text1"], 1, Qt.PenStyle.DotLine))
        painter.drawLine(int(at(self._now)), look.px(4), int(at(self._now)), bottom)

    def _paint_minutes(
        self, painter: QPainter, at: Callable[[datetime], float], oldest: datetime, span: float, most: float
    ) -> None:
        look, bottom = theme(), theme().px(120)
        step = next((s for s in _STEPS_S if span / s <= most), 604800)
        first = oldest.replace(second=0, microsecond=0)
        painter.setFont(look.font(14))
        for nth in range(1, 9):
            moment = first + timedelta(seconds=step * nth)
            if moment < oldest or (moment - oldest).total_seconds() > span:
                continue
            painter.setPen(look["line1"])
            painter.drawLine(int(at(moment)), look.px(4), int(at(moment)), bottom)
            painter.setPen(look["text3"])
            words = clock(moment) if step < 60 else minute(moment)
            left = min(at(moment) - look.px(40), self.width() - look.px(84))
            box = QRectF(left, bottom + 2, look.px(80), look.px(22))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_lane(
        self, painter: QPainter, at: Callable[[datetime], float], lines: list[SignalLine], centre: int
    ) -> None:
        assert self._now is not None
        look, half = theme(), theme().px(11)
        open_from: datetime | None = None
        for line in reversed(lines):
            colour = look["test" if line.in_test else "text1"]
            if line.role is EventRole.RESTORE:
                if open_from is not None:
                    box = QRectF(at(open_from), centre - half + 2, at(line.at) - at(open_from), 2 * half - 4)
                    painter.fillRect(box, look["bg3"])
                    painter.setPen(look["focus"])
                    painter.drawRect(box)
                    painter.setPen(look["text1"])
                    painter.setFont(look.font(14))
                    painter.drawText(box.adjusted(6, 0, 60, 0), LEFT, duration(line.at - open_from))
                    open_from = None
                continue
            open_from = open_from or line.first_at
            for moment in {line.first_at, line.at}:
                painter.fillRect(QRectF(at(moment), centre - half, 4, 2 * half), colour)
            if line.count > 2:
                painter.setPen(colour)
                painter.setFont(look.font(14, 600))
                painter.drawText(QRectF(at(line.at) + 8, centre - half, 60, 2 * half), LEFT, f"{line.count} ×")


def _lane_name(line: SignalLine) -> str:
    if line.zone_name.startswith(line.zone or ""):
        return line.zone_name or line.zone or line.place or line.words
    if line.zone or line.zone_name:
        return f"{line.zone or ''} {line.zone_name}".strip()
    return line.place or line.words


class Happened(QWidget):
    """The left column."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(12))
        self.signals = Panel(self.tr("What happened"), key="Alt+A")
        self.lanes = Lanes()
        self.lines = Lines(self.tr("Signals, newest first"), self.tr("No signal is recorded."), 88)
        self.signals.body.addWidget(self.lanes)
        self.signals.body.addWidget(self.lines, 1)
        self.openings = Panel(self.tr("Openings and closings"), self.tr("newest first"))
        self._openings = Lines(
            self.tr("Openings and closings"), self.tr("This site's system has sent no opening or closing."), 92
        )
        self.openings.body.addWidget(self._openings)
        self.previous = Panel(self.tr("Earlier alarms"), "")
        self._previous = Lines(self.tr("Earlier alarms"), self.tr("No earlier alarm in 12 months."), 84)
        self.previous.body.addWidget(self._previous)
        column.addWidget(self.signals, 412)
        column.addWidget(self.openings, 190)
        column.addWidget(self.previous, 230)

    def show_detail(self, detail: AlarmDetail) -> None:
        """Fill the column."""
        count = sum(line.count for line in detail.lines)
        said = plural(count, self.tr("signal"), self.tr("signals"))
        new = detail.alarm.unseen
        self.signals.summary.setText(
            self.tr("{0}, {1} new: mark seen").format(said, new) if new else self.tr("{0}, all seen").format(said)
        )
        self.lanes.tell(tuple(line for line in detail.lines if line.role in (EventRole.ALARM, EventRole.RESTORE)))
        self.lines.tell([_line(line) for line in detail.lines])
        self._openings.tell(
            [Line(f"{opening.at.astimezone():%a %H:%M}", opening.words, dim=True) for opening in detail.openings]
        )
        self.previous.summary.setText(self.tr("{0} in 12 months").format(len(detail.previous)))
        self._previous.tell(
            [
                Line(day(past.at)[4:], f"{past.words} {past.place}".strip(), right=past.disposition, dim=True)
                for past in detail.previous
            ]
        )


def _line(line: SignalLine) -> Line:
    notes = [line.note] if line.note else []
    if line.count > 1:
        notes.insert(0, f"{line.count} ×, last {clock(line.at)}")
    return Line(
        when=clock(line.first_at),
        strong=line.words,
        text=line.place,
        right=", ".join(notes),
        in_test=line.in_test,
        fresh=line.unseen,
        dim=line.role is not EventRole.ALARM,
    )

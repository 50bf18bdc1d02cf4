"""The week grid: each day's supervised hours from 04:00 to 04:00, what a change made of them, and who made it.

A day runs to four in the morning, so that a closing at 01:30 stays on its evening (D1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from models.records import HoursChange, HoursSpan, Layer, ShownDay, clock_words
from widgets.lines import LEFT
from widgets.theme import theme

FIRST, LAST = 4 * 60, 28 * 60
"""The minutes of a day that the grid shows."""
_STEP = 3 * 60
_ROW, _HEAD, _LINE = 42, 40, 38
_DAYS, _EDGE, _LAYERS = 76, 14, 214
_BAR = 27
Piece = tuple[int, int]


def hours_said(spans: Sequence[HoursSpan]) -> str:
    """``10:00–18:00, 20:00–01:30``, or closed, in the operator's language."""
    return ", ".join(map(str, spans)) or QCoreApplication.translate("hours", "closed")


def day_said(day: date) -> str:
    """``Fri 21``."""
    return f"{day:%a} {day.day}"


@dataclass(frozen=True, slots=True)
class Pieces:
    """How a day differs from what it would be without its temporary change, in minutes."""

    kept: tuple[Piece, ...]
    added: tuple[Piece, ...]
    taken: tuple[Piece, ...]


def pieces(day: ShownDay) -> Pieces:
    """What of a day stays, what is longer, and what is closed instead."""
    now, was = ([(span.opens, span.closes) for span in spans] for spans in (day.spans, day.was))
    edges = sorted({edge for piece in (*now, *was) for edge in piece})
    found: tuple[list[Piece], list[Piece], list[Piece]] = ([], [], [])
    for begin, end in pairwise(edges):
        is_open, was_open = (any(a <= begin and end <= b for a, b in given) for given in (now, was))
        if not is_open and not was_open:
            continue
        into = found[0] if is_open and was_open else found[1] if is_open else found[2]
        if into and into[-1][1] == begin:
            into[-1] = (into[-1][0], end)
        else:
            into.append((begin, end))
    return Pieces(*(tuple(part) for part in found))


class WeekGrid(QWidget):
    """Seven days, one chosen. Arrows choose, Enter edits; ``compact`` is for beside other things, with no column of
    what gives the hours."""

    chosen = Signal(object)
    """A date."""
    edited = Signal(object)
    """A date: Enter, or twice clicked."""

    def __init__(self, *, compact: bool = False) -> None:
        super().__init__()
        self._compact = compact
        self._days: tuple[ShownDay, ...] = ()
        self._zone = ZoneInfo("UTC")
        self._now: datetime | None = None
        self._empty = ""
        self.day: date | None = None
        """The chosen day."""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if compact else Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._speak()

    # -- what is shown --------------------------------------------------------------------------

    def show_week(self, days: Sequence[ShownDay], timezone: str, now: datetime, *, empty: str = "") -> None:
        """Show a week; ``empty`` says why there is none. The chosen day stays where the week has it."""
        self._days, self._empty = tuple(days), empty
        self._zone, self._now = ZoneInfo(timezone), now
        shown = [day.day for day in days]
        if self.day not in shown:
            today = self._today()
            self.day = today if today in shown else shown[0] if shown else None
        self._speak()
        self.updateGeometry()
        self.update()

    def tick(self, now: datetime) -> None:
        """A second passed: the line moves once a minute."""
        before, self._now = self._now, now
        if before is None or before.minute != now.minute:
            self.update()

    def choose(self, day: date) -> None:
        """Choose a day of the week."""
        if day != self.day and any(shown.day == day for shown in self._days):
            self.day = day
            self._speak()
            self.update()
            self.chosen.emit(day)

    def shown(self, day: date | None = None) -> ShownDay | None:
        """What is shown of a day, of the chosen one without."""
        wanted = day or self.day
        return next((shown for shown in self._days if shown.day == wanted), None)

    def lines(self) -> list[tuple[str, str]]:
        """Below the grid: each temporary change, who made it and that nothing else follows it (D2); then holidays and
        seasons of the week, where nothing else says them."""
        found: list[tuple[str, str]] = []
        told: set[str] = set()
        for day in self._days:
            if day.change is not None and day.change.id not in told:
                told.add(day.change.id)
                found.append((self._change_words(day, day.change), self._author_words(day.change)))
        if self._compact:
            for day in self._days:
                if day.holiday and day.layer is not Layer.TEMPORARY:
                    held = self.tr("holiday hours") if day.layer is Layer.HOLIDAY else self.tr("hours as ever")
                    found.append((day_said(day.day), f"{day.holiday} · {held}"))
            seasons = {day.named for day in self._days if day.layer is Layer.SEASONAL}
            found += [(name, self.tr("seasonal hours")) for name in sorted(seasons)]
        return found

    def layer_words(self, day: ShownDay) -> str:
        """What gives a day its hours."""
        if day.layer is Layer.TEMPORARY and day.change is not None:
            said = self.tr("temporary · {0}").format(day.change.by)
            return self.tr("{0}, on {1}").format(said, day.named) if day.named else said
        if day.layer is Layer.HOLIDAY:
            return self.tr("holiday · {0}").format(day.named)
        words = self.tr("season · {0}").format(day.named) if day.layer is Layer.SEASONAL else self.tr("standard week")
        return f"{words} · {day.holiday}" if day.holiday else words

    def bar_words(self, day: ShownDay) -> str:
        """What stands in a day's bar."""
        if day.layer is not Layer.TEMPORARY or day.spans == day.was:
            return hours_said(day.spans)
        one_day = day.change is None or day.change.first == day.change.last
        only = self.tr("this day only") if one_day else self.tr("for these days")
        if not day.spans or not day.was:
            return f"{hours_said(day.spans)}, {only}"
        if len(day.spans) == len(day.was) == 1 and day.spans[0].opens == day.was[0].opens:
            return f"{day.was[0]} → {clock_words(day.spans[0].closes)}"
        return f"{hours_said(day.was)} → {hours_said(day.spans)}"

    def _change_words(self, day: ShownDay, change: HoursChange) -> str:
        if change.first != change.last:
            when = self.tr("{0} to {1}").format(day_said(change.first), day_said(change.last))
        else:
            when = self.tr("Today") if day.day == self._today() else day_said(day.day)
        if not change.spans:
            return self.tr("{0} closed").format(when)
        only_later = len(change.spans) == 1 and day.was and day.was[0].opens == change.spans[0].opens
        return f"{when} {clock_words(change.spans[0].closes) if only_later else hours_said(change.spans)}"

    def _author_words(self, change: HoursChange) -> str:
        at = change.at.astimezone(self._zone)
        same_day = self._now is not None and at.date() == self._now.astimezone(self._zone).date()
        when = f"{at:%H:%M}" if same_day else f"{at.day} {at:%b}" if self._compact else f"{at.day} {at:%b %H:%M}"
        channel = "" if self._compact and not same_day else change.channel
        who = ", ".join(filter(None, (change.by, channel, when)))
        return self.tr("{0} · patrol unchanged · {1}").format(who, change.why)

    def _today(self) -> date | None:
        """The row that it is now: until four it is still the evening before."""
        return None if self._now is None else (self._wall() - timedelta(minutes=FIRST)).date()

    def _wall(self) -> datetime:
        assert self._now is not None
        return self._now.astimezone(self._zone).replace(tzinfo=None)

    def _speak(self) -> None:
        day = self.shown()
        words = self._empty or self.tr("Supervised hours")
        if day is not None:
            words = f"{day.day:%A} {day.day.day} {day.day:%B}, {self.bar_words(day)}, {self.layer_words(day)}"
        self.setAccessibleName(words)

    # -- keys and pointer -----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose a day, Enter edits it; all else passes on."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Home: -7, Qt.Key.Key_End: 7}
        step = steps.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.day is not None:
            self.edited.emit(self.day)
        elif step is not None and self.day is not None and not event.modifiers():
            days = [shown.day for shown in self._days]
            self.choose(days[min(max(days.index(self.day) + step, 0), len(days) - 1)])
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        day = self._day_at(event.position())
        if day is not None and not self._compact:
            self.choose(day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two clicks edit."""
        day = self._day_at(event.position())
        if day is not None and not self._compact:
            self.edited.emit(day)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The bar of the chosen day shows the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """See above."""
        super().focusOutEvent(event)
        self.update()

    def _day_at(self, at: QPointF) -> date | None:
        row = int((at.y() - theme().px(_HEAD)) // theme().px(_ROW))
        return self._days[row].day if 0 <= row < len(self._days) and at.y() >= theme().px(_HEAD) else None

    # -- painting -------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Head, seven rows and the lines below."""
        look, lines = theme(), len(self.lines())
        height = look.px(_HEAD) + 7 * look.px(_ROW) + look.px(8) + lines * look.px(_LINE)
        return QSize(look.px(512 if self._compact else 740), height)

    def minimumSizeHint(self) -> QSize:
        """No line is cut."""
        return QSize(theme().px(420), self.sizeHint().height())

    def _axis(self) -> tuple[float, float]:
        look = theme()
        right = self.width() - look.px(_EDGE) - (0 if self._compact else look.px(_LAYERS))
        return float(look.px(_EDGE + _DAYS)), float(right)

    def _x(self, minute: float) -> float:
        left, right = self._axis()
        return left + (min(max(minute, FIRST), LAST) - FIRST) / (LAST - FIRST) * (right - left)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Head, rows, the line of now, and what stands below."""
        look, painter = theme(), QPainter(self)
        if not self._days:
            painter.setPen(look["text3"])
            painter.setFont(look.font(15))
            room = QRectF(look.px(_EDGE), look.px(12), self.width() - look.px(2 * _EDGE), self.height() - look.px(12))
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, self._empty)
            return
        self._paint_rows(painter)
        self._paint_axis(painter)
        for row, day in enumerate(self._days):
            top = look.px(_HEAD) + row * look.px(_ROW)
            self._paint_day(painter, QRectF(0, top, self.width(), look.px(_ROW)), day)
        self._paint_lines(painter, look.px(_HEAD) + 7 * look.px(_ROW) + look.px(8))

    def _paint_rows(self, painter: QPainter) -> None:
        look, today = theme(), self._today()
        for row, day in enumerate(self._days):
            box = QRectF(0, look.px(_HEAD) + row * look.px(_ROW), self.width(), look.px(_ROW))
            if day.day == (today if self._compact else self.day):
                painter.fillRect(box, look["bg3"])
                if self.hasFocus():
                    painter.fillRect(QRectF(0, box.top(), look.px(4), box.height()), look["focus"])

    def _paint_axis(self, painter: QPainter) -> None:
        look = theme()
        top, bottom = look.px(_HEAD), look.px(_HEAD) + 7 * look.px(_ROW)
        left, right = self._axis()
        painter.setFont(look.font(14))
        for minute in range(FIRST - FIRST % _STEP + _STEP, LAST, _STEP):
            x, midnight = self._x(minute), minute == 24 * 60
            painter.setPen(look["text3"])
            room = QRectF(x - look.px(20), look.px(8), look.px(40), look.px(24))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, f"{minute // 60 % 24:02d}")
            painter.setPen(QPen(look["line2" if midnight else "line1"], 1.5 if midnight else 1))
            painter.drawLine(QPointF(x, top - look.px(6)), QPointF(x, bottom))
        painter.setPen(look["line1"])
        for row in range(1, 8):
            y = top + row * look.px(_ROW)
            painter.drawLine(QPointF(left, y), QPointF(right, y))

    def _paint_day(self, painter: QPainter, box: QRectF, day: ShownDay) -> None:
        look, today = theme(), day.day == self._today()
        painter.setFont(look.font(15, 600 if today else 400))
        painter.setPen(look["text1" if today else "text2"])
        painter.drawText(QRectF(look.px(_EDGE), box.top(), look.px(_DAYS), box.height()), LEFT, day_said(day.day))
        parts = pieces(day)
        changed = bool(parts.added or parts.taken)
        for piece in parts.kept:
            self._bar(painter, box, piece, look["field" if changed else "bg2"], look["text1" if changed else "line2"])
        for piece in parts.added:
            self._bar(painter, box, piece, self._hatch(), look["text1"])
        for piece in parts.taken:
            self._bar(painter, box, piece, None, look["text3"], dashed=True)
        self._paint_now(painter, box, today=today)
        self._write(painter, box, day, parts)
        if not self._compact:
            room = QRectF(box.right() - look.px(_LAYERS) + look.px(6), box.top(), look.px(_LAYERS - 16), box.height())
            painter.setFont(look.font(14))
            painter.setPen(look["text1" if day.layer is Layer.TEMPORARY else "text2"])
            elided = painter.fontMetrics().elidedText(
                self.layer_words(day), Qt.TextElideMode.ElideRight, int(room.width())
            )
            painter.drawText(room, LEFT, elided)

    def _bar(
        self,
        painter: QPainter,
        box: QRectF,
        piece: Piece,
        fill: QColor | QBrush | None,
        edge: QColor,
        *,
        dashed: bool = False,
    ) -> None:
        look = theme()
        left, right = self._x(piece[0]), self._x(piece[1])
        height = look.px(_BAR)
        bar = QRectF(left, box.center().y() - height / 2, max(right - left, look.px(3)), height)
        if fill is not None:
            painter.fillRect(bar, fill)
        painter.setPen(QPen(edge, 1.5, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))

    def _hatch(self) -> QBrush:
        """What is longer than it was: never the hatch of tests, which means something else."""
        look = theme()
        pixmap = QPixmap(14, 14)
        pixmap.fill(look["bg1"])
        painter = QPainter(pixmap)
        painter.setPen(QPen(look["text3"], 4))
        for shift in (-14, 0, 14):
            painter.drawLine(-3 + shift, 17, 17 + shift, -3)
        painter.end()
        return QBrush(pixmap)

    def _paint_now(self, painter: QPainter, box: QRectF, *, today: bool) -> None:
        if not today or self._now is None:
            return
        look, wall = theme(), self._wall()
        minute = (wall - datetime.combine(self._today() or wall.date(), time())) / timedelta(minutes=1)
        painter.setPen(QPen(look["focus"], 2))
        painter.drawLine(QPointF(self._x(minute), box.top() + 1), QPointF(self._x(minute), box.bottom() - 1))

    def _write(self, painter: QPainter, box: QRectF, day: ShownDay, parts: Pieces) -> None:
        look, words = theme(), self.bar_words(day)
        bars = sorted((*parts.kept, *parts.added, *parts.taken))
        painter.setFont(look.font(15))
        painter.setPen(look["text1" if day.spans else "text2"])
        measure = painter.fontMetrics().horizontalAdvance
        left = self._x(10 * 60) if not bars else self._place(bars, measure(words))
        if left is None:
            words = words.replace(":00", "")
            left = self._place(bars, measure(words))
        if left is None:
            # Nowhere is room beside them: they stand on the bars, on a ground of their own.
            left = self._x(bars[0][0]) + look.px(9)
            ground = QRectF(left - look.px(4), box.center().y() - look.px(10), measure(words) + look.px(8), look.px(20))
            painter.fillRect(ground, look["field"])
        room = QRectF(left, box.top(), self._axis()[1] - left, box.height())
        elided = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()) + 1)
        painter.drawText(room, LEFT, elided)

    def _place(self, bars: Sequence[Piece], width: int) -> float | None:
        """Where words of ``width`` begin: in the first bar, behind the last, or before the first; None: nowhere."""
        gap, (least, most) = theme().px(9), self._axis()
        first = self._x(bars[0][0])
        if first + gap + width <= self._x(bars[0][1]) - gap / 2:
            return first + gap
        behind = self._x(bars[-1][1]) + gap
        if behind + width <= most:
            return behind
        return first - gap - width if first - gap - width >= least else None

    def _paint_lines(self, painter: QPainter, top: int) -> None:
        look = theme()
        for strong, text in self.lines():
            painter.setPen(look["line1"])
            painter.drawLine(0, top, self.width(), top)
            room = QRectF(look.px(_EDGE), top, self.width() - 2 * look.px(_EDGE), look.px(_LINE))
            painter.setFont(look.font(15, 600))
            painter.setPen(look["text1"])
            painter.drawText(room, LEFT, strong)
            used = max(look.px(132), painter.fontMetrics().horizontalAdvance(strong) + look.px(14))
            painter.setFont(look.font(15))
            painter.setPen(look["text2"])
            rest = room.adjusted(used, 0, 0, 0)
            painter.drawText(
                rest, LEFT, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(rest.width()))
            )
            top += look.px(_LINE)

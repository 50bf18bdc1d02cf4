"""The top strip, on every screen: what waits, the next alarm, tests, link, operator, clock (visual.md §3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from widgets.badge import draw_test_tag
from widgets.keycap import draw_cap
from widgets.theme import PRIORITIES, draw_shape, priority_name, theme
from widgets.words import clock, day, duration, minute

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
COUNT_SIZES, COUNT_ROOM = (38, 30, 26, 20, 16, 14), 40
"""Sizes that a count is tried in, and its width; at 100 %."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of one priority. ``since`` None: nothing does, or it is not known."""

    count: int | None
    since: datetime | None = None
    target_s: int = 90


class PriorityCell(QWidget):
    """One priority: shape, count, name, oldest and target, a bar. Fills when it is late, or an Emergency."""

    def __init__(self, priority: int) -> None:
        super().__init__()
        self.priority = priority
        self._waiting = Waiting(None)
        self._now: datetime | None = None
        self.setFixedWidth(theme().px(214))

    def tell(self, waiting: Waiting, now: datetime | None) -> None:
        """Show what waits at ``now``."""
        shown = self._said()
        self._waiting, self._now = waiting, now
        if shown == self._said():
            return
        elapsed = self._elapsed()
        name = priority_name(self.priority)
        if waiting.count is None:
            self.setAccessibleName(self.tr("{0}: not known").format(name))
        elif elapsed is None:
            self.setAccessibleName(self.tr("{0}: none waiting").format(name))
        else:
            target = duration(waiting.target_s)
            words = self.tr("{0}: {1} waiting, longest {2}, target {3}")
            self.setAccessibleName(words.format(name, waiting.count, duration(elapsed), target))
        self.update()

    def _said(self) -> tuple[object, ...]:
        """What is seen of it, to the second."""
        elapsed = self._elapsed()
        return self._waiting.count, self._waiting.target_s, None if elapsed is None else int(elapsed.total_seconds())

    def filled(self) -> bool:
        """Whether somebody must look now: an Emergency waits, or a target is passed."""
        elapsed = self._elapsed()
        if elapsed is None:
            return False
        return self.priority == 1 or elapsed.total_seconds() > self._waiting.target_s

    def _elapsed(self) -> timedelta | None:
        if not self._waiting.count or self._waiting.since is None or self._now is None:
            return None
        return max(timedelta(0), self._now - self._waiting.since)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the cell."""
        look, painter, box = theme(), QPainter(self), QRectF(self.rect())
        elapsed, filled = self._elapsed(), self.filled()
        painter.fillRect(box, look.priority(self.priority) if filled else look["bg1"])
        strong = look.on_priority(self.priority) if filled else look["text1" if elapsed is not None else "text3"]
        soft = look.on_priority(self.priority) if filled else look["text2" if elapsed is not None else "text3"]
        shape = strong if filled else look.priority(self.priority) if elapsed is not None else look["text3"]
        edge = look.ink(self.priority) if elapsed is not None and not filled else None
        middle = box.center().y() - look.px(2)
        solid = elapsed is not None
        draw_shape(painter, self.priority, QPointF(look.px(26), middle), look.px(24), shape, filled=solid, edge=edge)
        painter.setPen(strong)
        count = "–" if self._waiting.count is None else str(self._waiting.count)
        room = QRectF(look.px(41), 0, look.px(COUNT_ROOM), box.height() - 4)
        # A count that is cut is another count: a thousand waiting are written smaller, never in part.
        _fit(painter, room, count, COUNT_SIZES, 600, Qt.AlignmentFlag.AlignCenter)
        left = look.px(88)
        over = 0.0 if elapsed is None else elapsed.total_seconds() - self._waiting.target_s
        painter.setFont(look.font(14, 600 if solid else 400))
        # Clear of the border, which is 4 px inside a filled cell of Emergency.
        room = QRectF(left, look.px(14), box.width() - left - look.px(12), look.px(24))
        name = priority_name(self.priority)
        late = f"+{duration(timedelta(seconds=over))}" if over > 0 else ""
        whole = f"{name}  {late}" if late else name
        beside = painter.fontMetrics().horizontalAdvance(whole) <= room.width()
        painter.drawText(room, LEFT, whole if beside else name)
        under = QRectF(left, look.px(35), room.width(), look.px(22))
        painter.setPen(soft)
        painter.setFont(look.font(15, 600 if solid else 400))
        if elapsed is None:
            painter.drawText(
                under, LEFT, self.tr("not known") if self._waiting.count is None else self.tr("none waiting")
            )
        else:
            # How late it is is never left out: where the name leaves it no room, it takes the target's place.
            second = f"/ {duration(self._waiting.target_s)}" if beside else late
            _fit(painter, under, f"{duration(elapsed)} {second}", (15, 14), 600)
            self._paint_bar(painter, box, elapsed, filled)
        if filled and self.priority == 1:
            painter.setPen(QPen(look["text1"], 4))
            painter.drawRect(box.adjusted(2, 2, -2, -2))
        painter.setPen(look["line1"])
        painter.drawLine(box.topRight(), box.bottomRight())

    def _paint_bar(self, painter: QPainter, box: QRectF, elapsed: timedelta, filled: bool) -> None:
        look = theme()
        part = min(1.0, elapsed.total_seconds() / self._waiting.target_s)
        bar = QRectF(0, box.bottom() - 5, box.width(), 5)
        if not filled:
            painter.fillRect(bar, look["line1"])
        late = look.ink(self.priority) if part >= 0.75 else look["text2"]
        painter.fillRect(
            QRectF(0, bar.top(), bar.width() * part, 5), look.on_priority(self.priority) if filled else late
        )


class NextBlock(QAbstractButton):
    """F1: the most urgent alarm is always one key away (G1)."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(theme().px(58))
        self.setMinimumWidth(theme().px(270))
        self.setMaximumWidth(theme().px(440))
        self._title, self._under, self._inverse = "", "", False

    def sizeHint(self) -> QSize:
        """312 wide where there is room."""
        return QSize(theme().px(312), theme().px(58))

    def tell(self, title: str, under: str, *, inverse: bool) -> None:
        """What F1 would do; ``inverse`` when it is the next action."""
        if (title, under, inverse) == (self._title, self._under, self._inverse):
            return
        self._title, self._under, self._inverse = title, under, inverse
        self.setAccessibleName(f"F1: {title}, {under}")
        self.setToolTip(f"{title}\n{under}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the block."""
        look, painter, box = theme(), QPainter(self), QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look["line2"], 1.5))
        painter.setBrush(look["inv"] if self._inverse else look["bg2"])
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
        ink = look["oninv"] if self._inverse else look["text1"]
        soft = look["oninv"] if self._inverse else look["text2"]
        left = draw_cap(painter, look.px(12), box.center().y(), "F1", soft) + look.px(10)
        room = box.width() - left - look.px(6)
        painter.setPen(ink)
        _fit(painter, QRectF(left, look.px(7), room, look.px(24)), self._title, (17, 16, 15, 14), 700)
        painter.setPen(soft)
        _fit(painter, QRectF(left, look.px(29), room, look.px(22)), self._under, (15, 14), 400)


def _fit(
    painter: QPainter,
    room: QRectF,
    words: str,
    sizes: tuple[int, ...],
    weight: int,
    where: Qt.AlignmentFlag = LEFT,
) -> None:
    """Words in the largest size in which they are whole; in the least, the end gives way."""
    fonts = [theme().font(size, weight) for size in sizes]
    whole = next((font for font in fonts if QFontMetrics(font).horizontalAdvance(words) <= room.width()), None)
    painter.setFont(whole or fonts[-1])
    if whole is None:
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(room, where, words)


class InfoCell(QWidget):
    """Two lines on the right of the strip; filled with the colour of Emergency when it must be seen."""

    clicked = Signal()

    def __init__(self, *, tag: bool = False) -> None:
        super().__init__()
        self._tag = tag
        self._lines, self._fill = ("", ""), False
        self._least = 0

    def tell(self, first: str, second: str, *, loud: bool = False) -> None:
        """Show two lines."""
        if (first, second) == self._lines and loud == self._fill:
            return
        self._lines, self._fill = (first, second), loud
        self.setAccessibleName(f"{first}, {second}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for both lines; never narrower than it was, so that nothing beside it moves."""
        look = theme()
        fonts = (look.font(15, 600), look.font(14))
        sized = zip(fonts, self._lines, strict=True)
        widest = max(QFontMetrics(font).horizontalAdvance(line) for font, line in sized)
        self._least = max(self._least, widest + look.px(66 if self._tag else 26))
        return QSize(self._least, look.px(76))

    def minimumSizeHint(self) -> QSize:
        """Its words are never cut."""
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on it."""
        self.clicked.emit()
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint both lines."""
        look, painter, box = theme(), QPainter(self), QRectF(self.rect())
        painter.fillRect(box, look["p1"] if self._fill else look["bg1"])
        strong: QColor = look["on1"] if self._fill else look["text1"]
        left = float(look.px(13))
        if self._tag:
            draw_test_tag(painter, QRectF(left, box.center().y() - look.px(15), look.px(30), look.px(30)))
            left += look.px(40)
        painter.setPen(strong)
        painter.setFont(look.font(15, 600))
        painter.drawText(QRectF(left, look.px(15), box.width() - left, look.px(24)), LEFT, self._lines[0])
        painter.setPen(strong if self._fill else look["text2"])
        painter.setFont(look.font(14))
        painter.drawText(QRectF(left, look.px(38), box.width() - left, look.px(20)), LEFT, self._lines[1])
        painter.setPen(look["line1"])
        painter.drawLine(box.topLeft(), box.bottomLeft())


class ClockCell(QWidget):
    """The station's time at this workstation's zone."""

    def __init__(self) -> None:
        super().__init__()
        self._now: datetime | None = None
        self.setFixedWidth(theme().px(154))

    def tell(self, now: datetime) -> None:
        """Show ``now``."""
        if self._now is not None and clock(now) == clock(self._now) and now.date() == self._now.date():
            return
        self._now = now
        self.setAccessibleName(f"{minute(now)}, {day(now)}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint clock and date."""
        look, painter, box = theme(), QPainter(self), QRectF(self.rect())
        painter.fillRect(box, look["bg1"])
        painter.setPen(look["line1"])
        painter.drawLine(box.topLeft(), box.bottomLeft())
        if self._now is None:
            return
        left = look.px(15)
        painter.setPen(look["text1"])
        painter.setFont(look.font(27, 700))
        painter.drawText(QRectF(left, look.px(8), box.width(), look.px(36)), LEFT, clock(self._now))
        painter.setPen(look["text2"])
        painter.setFont(look.font(14))
        date = f"{day(self._now)} {self._now.astimezone().year}"
        painter.drawText(QRectF(left, look.px(43), box.width(), look.px(20)), LEFT, date)


class Mark(QAbstractButton):
    """The mark, which opens the menu."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedSize(theme().px(114), theme().px(75))
        self._under, self._loud = "", False
        self.setAccessibleName(self.tr("Menu"))
        self.setToolTip(self.tr("Menu of all commands, Ctrl+M"))

    def tell(self, under: str, *, loud: bool) -> None:
        """The word under the mark: whether this workstation can be heard."""
        if (under, loud) == (self._under, self._loud):
            return
        self._under, self._loud = under, loud
        self.setAccessibleName(self.tr("Menu, {0}").format(under))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the mark."""
        look, painter, box = theme(), QPainter(self), QRectF(self.rect())
        painter.fillRect(box, look["bg1"])
        painter.setPen(look["text1"])
        painter.setFont(look.font(22, 700))
        painter.drawText(QRectF(look.px(16), look.px(12), box.width(), look.px(32)), LEFT, "Vigie")
        painter.setPen(look["ink1" if self._loud else "text3"])
        painter.setFont(look.font(14, 600 if self._loud else 400))
        painter.drawText(QRectF(look.px(16), look.px(40), box.width(), look.px(20)), LEFT, self._under)
        painter.setPen(look["line1"])
        painter.drawLine(box.topRight(), box.bottomRight())


class Strip(QWidget):
    """The whole strip, 76 high at 100 %."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme().px(76))
        self.mark = Mark()
        self.cells = {priority: PriorityCell(priority) for priority in PRIORITIES}
        self.next = NextBlock()
        self.tests = InfoCell(tag=True)
        self.link = InfoCell()
        self.operator = InfoCell()
        self.clock = ClockCell()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.mark)
        for cell in self.cells.values():
            row.addWidget(cell)
        row.addSpacing(theme().px(12))
        # All the room that is left, to its widest: the town of the next alarm is worth more than a gap.
        row.addWidget(self.next, 1_000)
        row.addSpacing(theme().px(12))
        row.addStretch(1)
        for info in (self.tests, self.link, self.operator, self.clock):
            row.addWidget(info)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground and the line below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme()["bg1"])
        painter.setPen(theme()["line1"])
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())

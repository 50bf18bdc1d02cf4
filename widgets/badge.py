"""The badge of a priority: shape, digit and colour; filled waits, hollow is in hand or parked, grey is over."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap, QPixmapCache
from PySide6.QtWidgets import QWidget

from models.records import AlarmState, AlarmView
from widgets.theme import draw_shape, theme


class BadgeStyle(Enum):
    """Whether somebody must act (visual.md §1)."""

    FILLED = "waiting"
    HOLLOW = "in hand or parked"
    GREY = "over"


def style_of(alarm: AlarmView) -> BadgeStyle:
    """How an alarm's badge looks."""
    if alarm.state is AlarmState.CLOSED:
        return BadgeStyle.GREY
    return BadgeStyle.FILLED if alarm.state is AlarmState.WAITING else BadgeStyle.HOLLOW


def draw_badge(painter: QPainter, box: QRectF, priority: int, style: BadgeStyle) -> None:
    """Paint a badge into ``box`` (54×32, or 74×48 at 100 %). Drawn once and kept: a queue has the same few, often."""
    look, ratio = theme(), painter.device().devicePixelRatioF()
    key = f"badge {look.name} {look.scale} {ratio} {box.width()} {box.height()} {priority} {style}"
    picture = QPixmap()
    if not QPixmapCache.find(key, picture):
        picture = QPixmap(round(box.width() * ratio), round(box.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        fresh = QPainter(picture)
        _draw_badge(fresh, QRectF(0, 0, box.width(), box.height()), priority, style)
        fresh.end()
        QPixmapCache.insert(key, picture)
    painter.drawPixmap(round(box.left()), round(box.top()), picture)


def _draw_badge(painter: QPainter, box: QRectF, priority: int, style: BadgeStyle) -> None:
    look = theme()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = look.ink(priority) if style is not BadgeStyle.GREY else look["text3"]
    writing = look.on_priority(priority) if style is BadgeStyle.FILLED else ink
    width = 3 if style is BadgeStyle.FILLED and priority == 1 else 2 if style is not BadgeStyle.GREY else 1.5
    edge = look["text1"] if style is BadgeStyle.FILLED and priority == 1 else ink
    painter.setPen(QPen(edge, width))
    painter.setBrush(look.priority(priority) if style is BadgeStyle.FILLED else Qt.BrushStyle.NoBrush)
    inset = width / 2
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 3, 3)
    size = box.height() * 0.36
    middle = QPointF(box.left() + box.width() * 0.32, box.center().y())
    draw_shape(painter, priority, middle, size, writing, filled=style is BadgeStyle.FILLED)
    painter.setPen(writing)
    painter.setFont(look.font(box.height() / look.scale * 0.52, 700))
    digit = QRectF(box.left() + box.width() * 0.52, box.top(), box.width() * 0.4, box.height())
    painter.drawText(digit, Qt.AlignmentFlag.AlignCenter, str(priority))
    painter.restore()


class PriorityBadge(QWidget):
    """A badge that stands alone, in preview and workspace."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(theme().px(74), theme().px(48))
        self._priority, self._style = 4, BadgeStyle.GREY

    def show_alarm(self, alarm: AlarmView) -> None:
        """Look as ``alarm`` does."""
        self._priority, self._style = alarm.priority, style_of(alarm)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the badge."""
        draw_badge(QPainter(self), QRectF(self.rect()), self._priority, self._style)


class TypeBadge(QWidget):
    """The hollow badge of a type of alarm, as in a list of them: nobody waits for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(theme().px(54), theme().px(32))
        self._priority = 4

    def show_priority(self, priority: int) -> None:
        """0: of no single priority; nothing is shown."""
        self._priority = priority
        self.setVisible(priority > 0)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the badge."""
        draw_badge(QPainter(self), QRectF(self.rect()), self._priority, BadgeStyle.HOLLOW)


def draw_test_tag(painter: QPainter, box: QRectF, *, whole: bool = True) -> None:
    """The T of test: filled for a whole site, hollow for a part."""
    look = theme()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look["test"], 1.5))
    painter.setBrush(look["test"] if whole else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
    painter.setPen(look["ontest"] if whole else look["test"])
    painter.setFont(look.font(box.height() / look.scale * 0.55, 700))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "T")
    painter.restore()

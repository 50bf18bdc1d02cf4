"""Keys as they look on screen, and buttons that show theirs: every action shows its key (visual.md §1)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from widgets.plain import Words
from widgets.theme import theme


def cap_width(text: str) -> int:
    """How wide the cap of a key is."""
    return QFontMetrics(theme().font(13, 600)).horizontalAdvance(text) + theme().px(14)


def draw_cap(painter: QPainter, left: float, centre: float, text: str, ink: QColor) -> float:
    """A key cap at ``left``, around the line ``centre``; returns its right edge."""
    height, width = theme().px(23), cap_width(text)
    box = QRectF(left, centre - height / 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setFont(theme().font(13, 600))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
    return box.right()


class KeyCap(QWidget):
    """A key alone, beside the label of what it does."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setFixedSize(cap_width(key), theme().px(25))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the cap."""
        draw_cap(QPainter(self), 0, self.height() / 2, self._key, theme()["text2"])


class KeyButton(QPushButton):
    """A button with its key, its verb and, where it helps, what follows."""

    def __init__(
        self, text: str, key: str = "", second: str = "", *, next_: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoDefault(False)
        self.set_next(next_)
        self._tell(text, second, key)

    def say(self, text: str, second: str = "", key: str | None = None) -> None:
        """Change its words; the accessible name follows."""
        said = (text, second, self.key if key is None else key)
        # A layout that is asked anew with each change of a storm, 25 times a second, costs the queue its pace.
        if said != (self._words, self.second, self.key):
            self._tell(*said)

    def _tell(self, text: str, second: str, key: str) -> None:
        self._words, self.second, self.key = text, second, key
        self.setAccessibleName(", ".join(part for part in (text, second, key) if part))
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """Its verb."""
        return self._words

    def set_next(self, on: bool) -> None:
        """Make it the next action: the one inverse element (visual.md §1)."""
        if self.property("next") != on:
            self.setProperty("next", on)
            self.style().unpolish(self)
            self.style().polish(self)

    def sizeHint(self) -> QSize:
        """Wide enough for cap and words."""
        font = theme().font(16, 600)
        width = QFontMetrics(font).horizontalAdvance(self._words)
        if self.second:
            width = max(width, QFontMetrics(theme().font(14)).horizontalAdvance(self.second))
        cap = cap_width(self.key) + theme().px(12) if self.key else 0
        return QSize(width + cap + theme().px(30), theme().px(68 if self.second else 40))

    def minimumSizeHint(self) -> QSize:
        """As the size hint, so that no words are cut."""
        return self.sizeHint() if not self.second else QSize(theme().px(120), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The style's bevel, then cap and words."""
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        ink = theme()["oninv" if self.property("next") else "text1"]
        second = theme()["oninv" if self.property("next") else "text2"]
        if not self.isEnabled():
            ink = second = theme()["text3"]
        left = float(theme().px(12))
        if self.key:
            left = draw_cap(painter, left, self.height() / 2, self.key, second) + theme().px(12)
        room = QRectF(left, 0, self.width() - left - theme().px(6), self.height())
        painter.setPen(ink)
        painter.setFont(theme().font(16, 600))
        metrics = QFontMetrics(painter.font())
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, int(room.width()))
        if not self.second.strip():
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
            return
        half = room.height() / 2
        upper = QRectF(room.left(), room.top(), room.width(), half - 1)
        lower = QRectF(room.left(), room.top() + half + 1, room.width(), half)
        painter.drawText(upper, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, words)
        painter.setPen(second)
        painter.setFont(theme().font(14))
        hint = QFontMetrics(painter.font()).elidedText(self.second, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(lower, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, hint)


def toned(tone: str, text: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the style sheet's tones."""
    label = Words(text)
    label.setWordWrap(wrap)
    if tone:
        label.setProperty("tone", tone)
    return label


def retone(label: QLabel, tone: str) -> None:
    """Give a label another tone."""
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        label.style().unpolish(label)
        label.style().polish(label)
        # Another tone has another padding: a frame asks for its margins anew only when it is told of another style.
        QApplication.sendEvent(label, QEvent(QEvent.Type.StyleChange))

"""The title line: screen and summary left, one notice right; the hatched banner for a site in test (visual.md §3)."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegion, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.records import Priority
from widgets.badge import draw_test_tag
from widgets.fitted import Fitted
from widgets.keycap import KeyCap, retone, toned
from widgets.theme import theme

_BORDER = 8


class TitleLine(QWidget):
    """Always reserved, so that nothing below moves when a notice or a banner comes."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme().px(44))
        self._banner = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme().px(16), 0, theme().px(16), 0)
        self._row.setSpacing(theme().px(12))
        self.title = toned("title")
        self.summary = Fitted("second", Qt.TextElideMode.ElideRight, theme().px(240))
        # The end of a notice is the key that answers it.
        self.notice = Fitted("notice", Qt.TextElideMode.ElideMiddle, theme().px(240))
        self.key: KeyCap | None = None
        self._row.addWidget(self.title)
        self._row.addWidget(self.summary)
        self._row.addStretch(1)
        self._row.addWidget(self.notice)
        self.notice.hide()

    def tell(self, title: str, summary: str, *, banner: bool = False) -> None:
        """Name the screen, or show the banner of a site in test."""
        self.title.setText(title)
        self.summary.setText(summary)
        self.setAccessibleName(f"{title}, {summary}")
        if banner != self._banner:
            self._banner = banner
            left = theme().px(54 if banner else 16)
            self._row.setContentsMargins(left, 0, theme().px(16), 0)
            self.update()

    def notify(self, sentence: str, *, loud: bool = False) -> None:
        """The one notice; an empty sentence takes it away."""
        retone(self.notice, "loud" if loud else "notice")
        self.notice.setText(sentence)
        self.notice.setAccessibleName(sentence)
        self.notice.setVisible(bool(sentence))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The hatch of a site in test."""
        if not self._banner:
            return
        painter, look = QPainter(self), theme()
        painter.fillRect(self.rect(), look.hatch())
        painter.setPen(QPen(look["test"], 1))
        painter.drawLine(self.rect().topLeft(), self.rect().topRight())
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        size = look.px(28)
        draw_test_tag(painter, QRectF(look.px(16), (self.height() - size) / 2, size, size))


class AlertBorder(QWidget):
    """A border round the window, seen with the sound off. Only for an untaken Emergency it blinks, once a second."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.priority: int | None = None
        self._lit = False
        self.hide()

    def alert(self, priority: int | None) -> None:
        """Begin or end; only the border blinks, and for an Emergency alone: else it stands (visual.md §5)."""
        if priority == self.priority:
            return
        self.priority = priority
        self._lit = priority is not None
        self.setVisible(self._lit)
        self.raise_()
        self.update()

    @property
    def lit(self) -> bool:
        """Whether it is seen now."""
        return self.priority is not None and self._lit

    def tick(self) -> None:
        """Half a second passed."""
        if self.priority == Priority.EMERGENCY:
            self._lit = not self._lit
            # Not hidden: whatever lies under a widget that is hidden is painted again, here the whole window.
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """It is a border and nothing else, so that nothing else is painted with it."""
        inner = self.rect().adjusted(_BORDER, _BORDER, -_BORDER, -_BORDER)
        self.setMask(QRegion(self.rect()) - QRegion(inner))
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the border."""
        if self.priority is None or not self._lit:
            return
        painter, half = QPainter(self), _BORDER // 2
        painter.setPen(QPen(theme().priority(self.priority), _BORDER))
        painter.drawRect(self.rect().adjusted(half, half, -half, -half))

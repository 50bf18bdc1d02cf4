"""Words that give way where there is no room: what somebody wrote makes no window wider than its screen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent

from widgets.plain import Words


class Fitted(Words):
    """One line. :meth:`text` is what it was told, whole; what is not seen of it is in the tool tip."""

    def __init__(self, tone: str, gives: Qt.TextElideMode, least: int) -> None:
        """``gives``: which part gives way; ``least``: so many pixels are asked for, where the words need that many."""
        self._whole = ""
        super().__init__()
        self.setProperty("tone", tone)
        self._gives, self._least = gives, least

    def text(self) -> str:
        """The words, whole."""
        return self._whole

    def setText(self, words: str) -> None:
        """Show ``words``."""
        if words != self._whole:
            self._whole = words
            self._fit()
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Wide enough for all of it."""
        self.ensurePolished()
        shown, metrics = super().text(), self.fontMetrics()
        more = metrics.horizontalAdvance(self._whole) - metrics.horizontalAdvance(shown)
        hint = super().sizeHint()
        return QSize(hint.width() + more, hint.height())

    def minimumSizeHint(self) -> QSize:
        """Not all of it."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), self._least), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room for the words."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room, metrics = self.contentsRect().width(), self.fontMetrics()
        whole = self._whole
        shown = whole if metrics.horizontalAdvance(whole) <= room else metrics.elidedText(whole, self._gives, room)
        if shown != super().text():
            super().setText(shown)
        self.setToolTip("" if shown == whole else whole)

"""Words from outside, which are never markup: panels, files and people write ``<b>`` too, and pictures' addresses."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QToolTip, QWidget


class Words(QLabel):
    """The one label there is: Qt's own takes what looks like markup for markup."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def show_tip(watched: QObject, event: QEvent) -> bool:
    """Show a tool tip as what it says, in place of Qt; whether ``event`` asked for one that there is."""
    if not isinstance(event, QHelpEvent) or event.type() is not QEvent.Type.ToolTip or not isinstance(watched, QWidget):
        return False
    view, words = watched.parent(), watched.toolTip()
    if isinstance(view, QAbstractItemView) and view.viewport() is watched:
        words = str(view.indexAt(event.pos()).data(int(Qt.ItemDataRole.ToolTipRole)) or "") or words
    if not words:
        return False
    QToolTip.showText(event.globalPos(), f'<p style="white-space: pre-wrap">{escape(words)}</p>', watched)
    return True

"""The frame of every screen: strip, title line, content, key bar (visual.md §3)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from widgets.key_bar import KeyBar
from widgets.strip import Strip
from widgets.title_line import AlertBorder, TitleLine


class Frame(QWidget):
    """Strip, title line, pages and key bar in their fixed places."""

    def __init__(self, places: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.setObjectName("root")
        self.strip = Strip()
        self.title = TitleLine()
        self.pages = QStackedWidget()
        # However much a page would like to show: the window does not grow beyond the screen, with the keys outside.
        self.pages.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.keys = KeyBar(places)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.title)
        column.addWidget(self.pages, 1)
        column.addWidget(self.keys)
        self.border = AlertBorder(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The border lies over everything."""
        super().resizeEvent(event)
        self.border.setGeometry(self.rect())

"""The panel: a header with a title, a summary and a key, and what it holds."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from widgets.keycap import KeyCap, toned
from widgets.theme import theme


class Panel(QFrame):
    """A bordered surface with a header; ``body`` takes what it holds."""

    def __init__(self, title: str, summary: str = "", key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        self.header = QWidget()
        self.header.setObjectName("panelhead")
        self.header.setFixedHeight(theme().px(38))
        line = QHBoxLayout(self.header)
        line.setContentsMargins(theme().px(14), 0, theme().px(14), 0)
        line.setSpacing(theme().px(8))
        self.title = toned("paneltitle", title)
        self.summary = toned("label", summary)
        line.addWidget(self.title)
        line.addStretch(1)
        line.addWidget(self.summary)
        if key:
            line.addWidget(KeyCap(key))
        self._line = line
        outer.addWidget(self.header)
        holder = QWidget()
        self.body = QVBoxLayout(holder)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        outer.addWidget(holder, 1)

    def add_keys(self, *keys: str, words: str = "") -> None:
        """More keys at the right of the header, and what stands behind them."""
        for key in keys:
            self._line.addWidget(KeyCap(key))
        if words:
            self._line.addWidget(toned("label", words))

    def lead_with(self, widget: QWidget) -> None:
        """Something before the title: the badge of what the panel is about."""
        self._line.insertWidget(0, widget)

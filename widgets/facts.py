"""Label and value pairs, two columns: addresses, states, access."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from widgets.keycap import toned
from widgets.theme import theme


class Facts(QWidget):
    """Pairs under each other; an unknown value says so, never a guess (B3)."""

    def __init__(self, label_width: int = 104) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(8))
        self._grid.setHorizontalSpacing(theme().px(12))
        self._grid.setVerticalSpacing(theme().px(6))
        self._grid.setColumnMinimumWidth(0, theme().px(label_width))
        self._grid.setColumnStretch(1, 1)
        self._shown: tuple[tuple[str, str], ...] | None = None

    def tell(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show ``pairs``; nothing is rebuilt where nothing changed."""
        pairs = tuple(pairs)
        if pairs == self._shown:
            return
        self._shown = pairs
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        for row, (label, value) in enumerate(pairs):
            self._grid.addWidget(toned("label", label), row, 0, top)
            words = toned("", value, wrap=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(words, row, 1)

"""All keys on one sheet, from the same declarations as the menu and the key bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from widgets.keycap import KeyCap, toned
from widgets.theme import theme


class KeyHelp(QFrame):
    """An overlay; Esc closes it. It covers the content only: strip, title and key bar stay in sight."""

    def __init__(self, parent: QWidget, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> None:
        """``groups``: title, and pairs of key and words."""
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName(self.tr("All keys"))
        column = QVBoxLayout(self)
        pad = theme().px(28)
        column.setContentsMargins(pad, pad, pad, pad)
        column.addWidget(toned("title", self.tr("All keys")))
        column.addWidget(
            toned("second", self.tr("In text fields digits write; Alt and a digit acts. Esc closes this."))
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme().px(48))
        grid.setVerticalSpacing(theme().px(24))
        for nth, (title, pairs) in enumerate(groups):
            part = QGridLayout()
            part.setHorizontalSpacing(theme().px(12))
            part.addWidget(toned("label", title), 0, 0, 1, 2)
            for row, (key, words) in enumerate(pairs):
                part.addWidget(KeyCap(key), row + 1, 0, Qt.AlignmentFlag.AlignRight)
                part.addWidget(toned("", words), row + 1, 1)
            part.setColumnStretch(1, 1)
            grid.addLayout(part, nth // 3, nth % 3, Qt.AlignmentFlag.AlignTop)
        column.addLayout(grid)
        column.addStretch(1)
        self.hide()

    def cover(self, widget: QWidget) -> None:
        """Lie over ``widget``."""
        self.setGeometry(widget.geometry())
        self.raise_()
        self.show()

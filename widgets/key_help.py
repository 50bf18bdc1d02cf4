"""All keys on one sheet, from the same declarations as the menu and the key bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from widgets.keycap import KeyCap, toned
from widgets.theme import theme

Groups = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Title, and pairs of key and words."""


class KeyHelp(QFrame):
    """An overlay; Esc closes it. It covers the content only: strip, title and key bar stay in sight."""

    def __init__(self, parent: QWidget, groups: Groups) -> None:
        """``groups``: title, and pairs of key and words."""
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName(self.tr("All keys"))
        column = QVBoxLayout(self)
        pad, low = theme().px(28), theme().px(16)
        column.setContentsMargins(pad, low, pad, low)
        head = QHBoxLayout()
        head.setSpacing(theme().px(16))
        head.addWidget(toned("title", self.tr("All keys")))
        head.addWidget(toned("second", self.tr("In text fields digits write; Alt and a digit acts. Esc closes this.")))
        head.addStretch(1)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(theme().px(48))
        for parts in _columns(groups):
            stack = QVBoxLayout()
            stack.setSpacing(theme().px(14))
            for title, pairs in parts:
                stack.addLayout(self._part(title, pairs))
            stack.addStretch(1)
            row.addLayout(stack, 1)
        column.addLayout(row)
        column.addStretch(1)
        self.hide()

    def _part(self, title: str, pairs: Sequence[tuple[str, str]]) -> QGridLayout:
        part = QGridLayout()
        part.setHorizontalSpacing(theme().px(12))
        part.setVerticalSpacing(1)
        part.addWidget(toned("label", title), 0, 0, 1, 2)
        for row, (key, words) in enumerate(pairs):
            part.addWidget(KeyCap(key), row + 1, 0, Qt.AlignmentFlag.AlignRight)
            part.addWidget(toned("", words), row + 1, 1)
        part.setColumnStretch(1, 1)
        return part

    def cover(self, widget: QWidget) -> None:
        """Lie over ``widget``."""
        self.setGeometry(widget.geometry())
        self.raise_()
        self.show()


def _columns(groups: Groups) -> list[list[tuple[str, Sequence[tuple[str, str]]]]]:
    """The groups in three columns about as long as each other: none is so long that its keys lie on each other."""
    columns: list[list[tuple[str, Sequence[tuple[str, str]]]]] = [[], [], []]
    for group in sorted(groups, key=lambda each: -len(each[1])):
        shortest = min(columns, key=lambda column: sum(len(pairs) + 1 for _title, pairs in column))
        shortest.append(group)
    return columns

"""A card: where the operator acts. It stands in one place and never moves (visual.md §6)."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from widgets.keycap import KeyCap, toned
from widgets.theme import theme


class Card(QFrame):
    """Inverse head, body, and a foot with one sentence; keys come from the screen it stands on."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("now", True)
        self.setObjectName("panel")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2, 2, 2, 2)
        outer.setSpacing(0)
        head = QWidget()
        head.setObjectName("nowhead")
        head.setFixedHeight(theme().px(40))
        row = QHBoxLayout(head)
        row.setContentsMargins(theme().px(16), 0, theme().px(16), 0)
        row.setSpacing(theme().px(14))
        self.head_title, self.head_text, self.head_right = toned("oninvtitle"), toned("oninv"), toned("oninv")
        row.addWidget(self.head_title)
        row.addWidget(self.head_text)
        row.addStretch(1)
        row.addWidget(self.head_right)
        outer.addWidget(head)
        holder = QWidget()
        self.body = QVBoxLayout(holder)
        pad = theme().px(16)
        self.body.setContentsMargins(pad, theme().px(10), pad, theme().px(8))
        self.body.setSpacing(theme().px(8))
        outer.addWidget(holder, 1)

    def add_foot(self, *parts: QWidget) -> None:
        """The last line: the next action, what else can be done, and at the right how to go back."""
        foot = QHBoxLayout()
        for part in parts:
            foot.addWidget(part, 1 if isinstance(part, QLabel) else 0)
        if not any(isinstance(part, QLabel) for part in parts):
            foot.addStretch(1)
        foot.addWidget(toned("second", self.tr("Back")))
        foot.addWidget(KeyCap("Esc"))
        self.body.addLayout(foot)

    def speak(self, *words: str) -> None:
        """What a screen reader says of the card, which has the keyboard itself: its title, then ``words``."""
        self.setAccessibleName(", ".join(part for part in (self.head_title.text(), *words) if part.strip()))

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Show why something was refused, in place; the field at fault gets the focus where there is one."""
        raise NotImplementedError

    def press_next(self) -> None:
        """Enter."""
        raise NotImplementedError

    def press_digit(self, _digit: int) -> None:
        """1 to 8."""
        return

    def press_back(self) -> bool:
        """Esc: whether the card used it up."""
        return False

"""What the journal is filtered by, each taken away by a key (G6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from widgets.keycap import KeyButton, toned
from widgets.theme import theme

MOST = 8
"""As many as there are digits; what is beyond has no key and is taken away in its field."""

_IN_A_ROW, _LONGEST = 3, 24
"""What is longer is cut, and told whole to who cannot see it: the row is no wider than the list."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that is asked for: the field of the filter, and its words."""

    field: str
    words: str


class Chips(QWidget):
    """A row of them; Alt+1 takes the first away."""

    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(theme().px(10), theme().px(6), theme().px(10), theme().px(6))
        self._grid.setSpacing(theme().px(6))
        self._grid.setColumnStretch(_IN_A_ROW + 1, 1)
        self.chips: tuple[Chip, ...] = ()
        self._buttons: list[QWidget] = []

    def tell(self, chips: Sequence[Chip]) -> None:
        """Show them."""
        if tuple(chips) == self.chips:
            return
        self.chips = tuple(chips)
        for button in self._buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for nth, chip in enumerate(self.chips):
            key = f"Alt+{nth + 1}" if nth < MOST else ""
            said = chip.words if len(chip.words) <= _LONGEST else f"{chip.words[: _LONGEST - 1]}…"
            button = KeyButton(f"{said}  ×", key)
            button.setAccessibleName(self.tr("{0}, {1} takes it away").format(chip.words, key))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, which=chip.field: self.removed.emit(which))
            self._buttons.append(button)
            self._grid.addWidget(button, nth // _IN_A_ROW, nth % _IN_A_ROW + 1)
        if self.chips:
            lead = toned("label", self.tr("Only"))
            self._buttons.append(lead)
            self._grid.addWidget(lead, 0, 0)
        self.setVisible(bool(self.chips))

    def press(self, nth: int) -> bool:
        """Take the ``nth`` away, from 0. False where there is none."""
        if nth >= len(self.chips):
            return False
        self.removed.emit(self.chips[nth].field)
        return True

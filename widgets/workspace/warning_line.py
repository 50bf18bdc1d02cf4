"""What must never be forgotten of an alarm, in one place under its title: nothing but its own state changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from widgets.fitted import Fitted
from widgets.theme import theme


class Weight(StrEnum):
    """How a warning looks; the values are tones of the style sheet."""

    DANGER = "loud"
    """Somebody may be hurt by a call: duress, do not call."""
    TEST = "intest"
    FACT = "notice"


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing that holds of the alarm in hand."""

    words: str
    weight: Weight = Weight.FACT


class WarningLine(QWidget):
    """Always reserved, so that nothing below moves when one comes or goes."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme().px(34))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, theme().px(6))
        self._row.setSpacing(theme().px(8))
        self._row.addStretch(1)
        self.shown: tuple[Warning, ...] = ()
        self._labels: list[Fitted] = []

    def tell(self, warnings: Sequence[Warning]) -> None:
        """Show all of ``warnings``, the gravest first."""
        warnings = tuple(warnings)
        if warnings == self.shown:
            return
        if [warning.weight for warning in warnings] != [warning.weight for warning in self.shown]:
            self._lay(warnings)
        self.shown = warnings
        for label, warning in zip(self._labels, warnings, strict=True):
            label.setText(warning.words)
            label.setAccessibleName(warning.words)
        self.setAccessibleName(" · ".join(warning.words for warning in warnings))

    def _lay(self, warnings: Sequence[Warning]) -> None:
        for label in self._labels:
            self._row.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._labels = []
        for warning in warnings:
            label = Fitted(warning.weight.value, Qt.TextElideMode.ElideRight, theme().px(160))
            self._row.insertWidget(len(self._labels), label)
            self._labels.append(label)

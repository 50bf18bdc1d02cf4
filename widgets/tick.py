"""Boxes that Space ticks, whatever Space does on the screen around them (it lets new alarms into the queue)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox


def keeps_space(event: QEvent) -> bool:
    """Whether the key is Space and was kept from the screen's commands."""
    if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() != Qt.Key.Key_Space:
        return False
    event.accept()
    return True


class TickBox(QCheckBox):
    """A box that Space ticks on every screen."""

    def event(self, event: QEvent) -> bool:
        """Space is its own."""
        return keeps_space(event) or super().event(event)

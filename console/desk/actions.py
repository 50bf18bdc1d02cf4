"""The window's actions: a key and a place in the menu for each command, made from the one list of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from console.desk.commands import COMMANDS
from widgets.digits import digit_of, writes


class Actions:
    """Keys and menu cannot disagree: both are the same actions."""

    def __init__(self, window: QMainWindow, do: Callable[[str], None], able: Callable[[str], bool]) -> None:
        self._window, self._do, self._able = window, do, able
        self._all: dict[str, QAction] = {}
        for command in COMMANDS:
            action = QAction(command.text(), window)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(lambda _checked=False, which=command.id: do(which))
            window.addAction(action)
            self._all[command.id] = action

    def press_digit(self, event: QKeyEvent, focus: QWidget) -> bool:
        """What a digit does by its place on the keyboard, where the layout writes something else there; if anything.

        Where it writes a digit, the key came as a shortcut already.
        """
        digit = digit_of(event)
        if digit is None or event.isAutoRepeat():
            return False
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers is Qt.KeyboardModifier.NoModifier and writes(focus, digit):
            return False
        before = {Qt.KeyboardModifier.AltModifier: "Alt+", Qt.KeyboardModifier.ControlModifier: "Ctrl+"}
        key = f"{before.get(modifiers, '')}{digit}"
        command = next((command.id for command in COMMANDS if key in command.keys), None)
        if command is None:
            return False
        self._do(command)
        return True

    def show_menu(self, below: QWidget) -> None:
        """Everything that can be done now, by group."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = ""
        for command in COMMANDS:
            if command.id.startswith(("digit-", "step-")) or command.id in ("menu", "next", "back"):
                continue
            if command.group != group:
                menu.addSeparator()
                group = command.group
            action = self._all[command.id]
            action.setEnabled(self._able(command.id))
            menu.addAction(action)
        menu.aboutToHide.connect(self._enable_all)
        menu.popup(below.mapToGlobal(QPoint(0, below.height())))

    def _enable_all(self) -> None:
        # A disabled action lets its key through to whatever has the focus; `able` decides instead.
        for action in self._all.values():
            action.setEnabled(True)

"""The digits above the letters by where they are, not by what the layout writes there.

On a Belgian or French keyboard these keys write ``&é"'(§è!çà`` and digits only with Shift: an operator who presses 3
means the key with the 3 on it.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

_MEANT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
_LEVEL_3 = 0x80
"""Mod5: AltGr writes, also on a key with a digit on it."""
_COCOA = {18: 1, 19: 2, 20: 3, 21: 4, 23: 5, 22: 6, 26: 7, 28: 8, 25: 9, 29: 0}


def digit_of(event: QKeyEvent) -> int | None:
    """The digit on the key that was pressed, alone, with Alt or with Ctrl; None where it is another key.

    A digit of the number pad counts while the pad writes digits.
    """
    pad = event.modifiers() & Qt.KeyboardModifier.KeypadModifier
    key = int(event.key())
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier not in _MEANT:
        return None
    if pad:
        return key - int(Qt.Key.Key_0) if int(Qt.Key.Key_0) <= key <= int(Qt.Key.Key_9) else None
    return _on_row(event)


def _on_row(event: QKeyEvent) -> int | None:
    if sys.platform == "darwin":
        return _COCOA.get(event.nativeVirtualKey())
    code = event.nativeScanCode()
    if sys.platform.startswith("win"):
        return (code - 1) % 10 if 2 <= code <= 11 else None
    if QGuiApplication.platformName() not in ("xcb", "wayland") or event.nativeModifiers() & _LEVEL_3:
        return None
    # Codes of X11 and of Wayland are those of the kernel plus 8.
    return (code - 9) % 10 if 10 <= code <= 19 else None


def writes(widget: QWidget, digit: int) -> bool:
    """Whether a digit alone is for ``widget`` itself: asked of it as Qt asks, before a key is anything else's."""
    asked = QKeyEvent(
        QEvent.Type.ShortcutOverride, int(Qt.Key.Key_0) + digit, Qt.KeyboardModifier.NoModifier, str(digit)
    )
    asked.ignore()
    QApplication.sendEvent(widget, asked)
    return asked.isAccepted()

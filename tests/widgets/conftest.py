"""The application, dressed as on a workstation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from widgets import theme


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    """Font and theme; the theme is put back where a test changed it."""
    qapp.setQuitOnLastWindowClosed(False)
    if theme.theme().name != "dark" or not qapp.styleSheet():
        theme.load_fonts()
        theme.apply(qapp, "dark")


@pytest.fixture
def show(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Show a widget and give it the keyboard."""

    def shown(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(lambda: widget.isActiveWindow())

    return shown

"""The application, dressed."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from widgets import theme


@pytest.fixture(scope="module")
def app() -> QApplication:
    """The application, dressed."""
    found = QApplication.instance() or QApplication([])
    assert isinstance(found, QApplication)
    found.setQuitOnLastWindowClosed(False)
    theme.load_fonts()
    theme.apply(found, "dark")
    return found

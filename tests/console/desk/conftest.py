"""The application, and the stage for plays with a whole window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.console.desk.scripted import Play, player_of
from widgets import theme


@pytest.fixture
def play(qapp: QApplication, tmp_path: Path) -> Play:
    """Runs a play: a coroutine that is given a signed-out window over a scripted station."""
    qapp.setQuitOnLastWindowClosed(False)
    theme.load_fonts()
    theme.apply(qapp, "dark")
    return player_of(qapp, tmp_path / "preferences")

"""The header of a site's file: what stands open there, in words."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from widgets.site.screen import SiteScreen


@pytest.mark.parametrize(("alarms", "said"), [(0, "No alarm"), (1, "1 open alarm"), (2, "2 open alarms")])
def test_the_chip_counts_the_open_alarms_as_one_says_it(qtbot: QtBot, alarms: int, said: str) -> None:
    screen = SiteScreen()
    qtbot.addWidget(screen)
    screen.show_state(None, alarms, 0)
    assert screen.state_chip.text() == f"{said}, not in test"

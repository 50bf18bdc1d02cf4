"""One stroke too few or too many does no harm: signing out, and Enter after an alarm is gone (I8, G2)."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt

from console.desk import workspace_desk
from models.records import AlarmState
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import NOW, alarm, detail, held, parked

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_who_signs_out_is_told_first_what_is_in_hand_and_what_is_parked(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held(), parked("A2"), parked("A3", parked_by="Bea"))
        desk.press(Qt.Key.Key_F12, SHIFT)
        await desk.settled()
        assert desk.link.session is not None
        assert desk.notice == (
            "In your hands: A1. Sign out again, and it goes back to the queue. Parked by you, and staying so: A2."
        )
        desk.window._sign_out_at -= 60
        desk.press(Qt.Key.Key_F12, SHIFT)
        await desk.settled()
        assert desk.link.session is not None, "long after it is a first try again"
        desk.press(Qt.Key.Key_F12, SHIFT)
        await desk.until(lambda: desk.link.session is None, "signed out")

    play(act)


@pytest.mark.parametrize("left", ["close", "release"])
def test_I8_enter_after_an_alarm_is_gone_takes_and_dials_nothing(
    play: Play, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(desk: Scripted) -> None:
        mine, waiting = held(), alarm("A2")
        desk.sign_in(mine, waiting)
        desk.details["A1"] = detail(mine, current=None)
        await desk.open(mine)
        gone = alarm(state=AlarmState.CLOSED, closed_at=NOW, version=4) if left == "close" else alarm(version=4)
        desk.answers[f"/{left}"] = lambda _body: gone
        desk.answers["/take"] = lambda _body: held("A2")
        desk.press(Qt.Key.Key_F10 if left == "close" else Qt.Key.Key_F11)
        if left == "close":
            desk.press(Qt.Key.Key_5)
            desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.window.at == "queue", "the queue")
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        assert desk.acts("take") == []
        assert desk.window.at == "queue"
        monkeypatch.setattr(workspace_desk, "STEADY_S", 0.0)
        desk.window.workspace.left_at = time.monotonic() - 1
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.acts("take"), "later it does")

    play(act)

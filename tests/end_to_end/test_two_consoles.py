"""Two real consoles and a real station: an alarm taken over and reassigned, seen and told on both (rulebook H, G2)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.end_to_end.consoles import Desk, play, running, signal
from tests.programs import exported

STAFF = {"an": "operator", "chief": "supervisor"}
ALT = Qt.KeyboardModifier.AltModifier


def test_H_G2_a_supervisor_takes_an_alarm_over_and_gives_it_back_and_both_are_told(
    app: QApplication, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with running(data, STAFF) as station:

        async def act() -> None:
            an = Desk(station.http, "WS 01", tmp_path / "one")
            await an.sign_in("an")
            chief = Desk(station.http, "WS 02", tmp_path / "two")
            await chief.sign_in("chief")
            signal(station, "1001", 1, "Nri1/BA7")
            an.window.activateWindow()
            await an.until(an.window.isActiveWindow, "WS 01 has the keys")
            await an.until(lambda: an.link.link.known.waiting(), "it waits")
            an.press(Qt.Key.Key_F1)
            await an.until(lambda: an.window.workspace.detail is not None, "An has it")
            an.press(Qt.Key.Key_F9)
            an.type("half a note")

            chief.window.activateWindow()
            await chief.until(chief.window.isActiveWindow, "WS 02 has the keys")
            chief.press(Qt.Key.Key_O, ALT)
            screen = chief.window.screens.operators.widget
            await chief.until(lambda: any(at.held for at in screen.seats), "what An holds is on the screen")
            screen.view.choose(next(at.key for at in screen.seats if at.held))
            chief.press(Qt.Key.Key_Return)
            chief.type("second call needed")
            chief.press(Qt.Key.Key_Return)
            await chief.until(lambda: chief.link.link.known.in_hand(), "the chief has it")
            await chief.until(lambda: chief.window.at == "workspace", "and works on it")

            # Who had it is told by whom and why, stays where they were, and what they press does nothing.
            notice = an.window.frame.title.notice
            await an.until(lambda: "Taken over by chief from an · second call needed" in notice.text(), "An is told")
            assert an.window.at == "workspace"
            workspace = an.window.workspace.widget
            await an.until(lambda: workspace.card() is workspace.gone, "An sees that it is gone")
            an.window.activateWindow()
            await an.until(an.window.isActiveWindow, "WS 01 has the keys")
            an.press(Qt.Key.Key_Escape)
            an.press(Qt.Key.Key_Escape)
            await an.until(lambda: an.window.at == "queue", "An leaves by Esc")

            # Back to An, from the screen of operators.
            chief.window.activateWindow()
            await chief.until(chief.window.isActiveWindow, "WS 02 has the keys")
            chief.press(Qt.Key.Key_O, ALT)
            await chief.until(
                lambda: any(at.held and at.member.person.login == "chief" for at in screen.seats), "the chief's row"
            )
            screen.view.choose(next(at.key for at in screen.seats if at.held))
            chief.press(Qt.Key.Key_Return)
            chief.type("you know the place")
            chief.press(Qt.Key.Key_1, ALT)
            await an.until(lambda: an.link.link.known.in_hand(), "An has it again")
            await an.until(lambda: "you know the place" in notice.text(), "An is told why")
            assert an.window.at == "queue", "nothing moves under An's hands"
            await an.until(lambda: an.player.heard[-1:] == [3], "it rings until An looks at it")
            await chief.until(lambda: not chief.link.link.known.in_hand(), "the chief has nothing in hand")
            an.window.activateWindow()
            await an.until(an.window.isActiveWindow, "WS 01 has the keys")
            an.press(Qt.Key.Key_F2, Qt.KeyboardModifier.ControlModifier)
            await an.until(lambda: an.window.workspace.detail is not None, "An opens it")
            await an.until(lambda: an.player.heard[-1:] == [None], "silence once it is looked at")
            await an.close()
            await chief.close()

        play(app, act)
    texts = [entry["text"] for entry in exported(data) if entry["kind"] == "handed-over"]
    assert texts == [
        "Taken over by chief from an · second call needed",
        "Handed over by chief from chief to an at WS 01 · you know the place",
    ]

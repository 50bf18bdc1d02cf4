"""A storm with real parts: a profile made by keys, frames at the socket, rows, the end, many closed at once (I4)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from models.records import AlarmState
from tests.end_to_end.consoles import Desk, play, running, signal
from tests.programs import exported, vigie, where

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def test_I4_what_a_profile_groups_is_one_row_until_its_end_and_nothing_is_lost(
    app: QApplication, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with running(data, {"chief": "supervisor"}) as station:

        async def act() -> None:
            desk = Desk(station.http, "WS 01", tmp_path / "prefs")
            await desk.sign_in("chief")
            window, known = desk.window, desk.link.link.known
            signal(station, "1001", 1, "Nri1/WA7")
            await desk.until(lambda: len(known.waiting()) == 1, "the leak is known")

            desk.press(Qt.Key.Key_M, ALT)
            screen = window.screens.storms.widget
            await desk.until(lambda: screen.form is not None, "what can be covered")
            desk.press(Qt.Key.Key_Insert)
            for text, tabs in (("Ciara", 1), ("weather warning", 4), ("tomorrow 06:00", 1), ("90", 4)):
                desk.type(text)
                for _ in range(tabs):
                    desk.press(Qt.Key.Key_Tab)
            desk.press(Qt.Key.Key_Space)
            await desk.until(lambda: "Would touch 1 of 1" in screen.touches.text(), "the preview")
            desk.press(Qt.Key.Key_Return, CONTROL)
            await desk.until(lambda: known.storms_in_force(), "it is in force")
            await desk.until(lambda: known.storm_counts(), "the leak that was open is in it")

            # Further leaks come into it, an intrusion and a hold-up do not.
            signal(station, "2002", 1, "Nri1/WA3")
            signal(station, "1001", 2, "Nri1/BA7")
            signal(station, "2002", 2, "Nri1/HA3")
            desk.press(Qt.Key.Key_F2)
            await desk.until(lambda: len(known.all_waiting()) == 4, "all four wait")
            model = window.queue.widget.model

            def rows() -> list[str]:
                return [str(model.index(row, 2).data() or "") for row in range(model.rowCount())]

            await desk.until(lambda: "Storm “Ciara”" in rows() and "Water leak" not in rows(), "one row for both")
            assert [alarm.priority for alarm in known.waiting()] == [1, 3, 4]
            await desk.until(lambda: "2 alarms  Alt+M" in window.frame.title.notice.text(), "both are counted")

            # It ends, and what stands is presented with its own time.
            came = {alarm.id: alarm.clock_from for alarm in known.all_waiting()}
            desk.press(Qt.Key.Key_M, ALT)
            await desk.until(lambda: screen.view.key(), "the profile")
            desk.press(Qt.Key.Key_Delete, CONTROL)
            desk.type("wind is down")
            desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: not known.storms_in_force() and not known.storm_counts(), "it is over")
            assert {alarm.id: alarm.clock_from for alarm in known.waiting()} == came

            # Both leaks are closed at once; nothing else is.
            desk.press(Qt.Key.Key_F2)
            leak = next(alarm for alarm in known.waiting() if alarm.kind == "water")
            await desk.until(lambda: model.row_of(leak.id) is not None, "its row")
            window.queue.widget.list.view.choose(leak.id)
            desk.press(Qt.Key.Key_F10, CONTROL)
            card = window.queue.widget.bulk
            await desk.until(lambda: len(card.lines()) == 2, "both are listed")
            desk.press(Qt.Key.Key_4)
            desk.type("leaks through the roof, owners told")
            desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: card.said.text() == "2 alarms closed", "both are closed")
            assert sorted(alarm.priority for alarm in known.in_state(AlarmState.WAITING)) == [1, 3]
            await desk.close()

        play(app, act)

    entries = exported(data)
    kinds = [entry["kind"] for entry in entries]
    assert [kinds.count(kind) for kind in ("storm-begun", "storm-grouped", "storm-ended", "storm-presented")] == [
        1,
        2,
        1,
        2,
    ]
    closed = [entry for entry in entries if entry["kind"] == "closed"]
    assert [entry["data"]["bulk"] for entry in closed] == [True, True]
    assert len({entry["alarm"] for entry in closed}) == 2
    assert vigie("journal", "verify", *where(data)).returncode == 0

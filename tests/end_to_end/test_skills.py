"""Skills set by keys on a real console and felt on another; a supervisor's filter over a real station (H, I4)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.end_to_end.consoles import Desk, play, running, signal
from tests.programs import exported

STAFF = {"an": "operator", "bea": "operator", "chief": "supervisor"}
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


async def to(desk: Desk) -> None:
    """Go and sit there."""
    desk.window.activateWindow()
    await desk.until(desk.window.isActiveWindow, "it has the keys")


def test_H_an_emergency_is_left_to_others_than_a_trainee_who_can_take_it_all_the_same(
    app: QApplication, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with running(data, STAFF) as station:

        async def act() -> None:
            desks = {login: Desk(station.http, f"WS {login}", tmp_path / login) for login in STAFF}
            for login, desk in desks.items():
                await to(desk)
                await desk.sign_in(login)
            chief, bea = desks["chief"], desks["bea"]

            await to(chief)
            chief.press(Qt.Key.Key_O, ALT)
            screen = chief.window.screens.operators.widget
            await chief.until(lambda: len(screen.seats) == len(STAFF), "all are on the screen")
            screen.view.choose(next(at.key for at in screen.seats if at.member.person.login == "bea"))
            chief.press(Qt.Key.Key_E, CTRL)
            for _ in range(20):
                if "Trainee" in (QApplication.focusWidget() or chief.window).accessibleName():
                    break
                chief.press(Qt.Key.Key_Tab)
            chief.press(Qt.Key.Key_Space)
            chief.press(Qt.Key.Key_Return, CTRL)
            await chief.until(lambda: screen.skills.form.sentence.text() == "Saved.", "Bea is a trainee")

            signal(station, "2002", 1, "Nri1/HA3")
            signal(station, "1001", 1, "Nri1/BA7")
            known = bea.link.link.known
            await bea.until(
                lambda: len(known.waiting()) == 2 and known.beat and known.beat.left, "one is left to others"
            )
            await to(bea)
            hold_up, intrusion = known.waiting()
            bea.press(Qt.Key.Key_F1)
            await bea.until(lambda: bea.window.at == "workspace", "F1 gives what she may have")
            assert [alarm.id for alarm in known.in_hand()] == [intrusion.id]
            assert hold_up.id in bea.window.queue.widget.model._placed(), "no row is hidden"

            # Nothing is kept from who is there: Enter takes the row.
            bea.press(Qt.Key.Key_F11)
            bea.press(Qt.Key.Key_Return)
            await bea.until(lambda: not known.in_hand(), "she gives it back")
            bea.press(Qt.Key.Key_F2)
            bea.window.queue.widget.list.view.choose(hold_up.id)

            def taken() -> bool:
                # Just after an alarm left her hands Enter does nothing: she presses it again.
                bea.press(Qt.Key.Key_Return)
                return [alarm.id for alarm in known.in_hand()] == [hold_up.id]

            await bea.until(taken, "Enter takes it")
            for desk in desks.values():
                await desk.close()

        play(app, act)

    entries = exported(data)
    [changed] = [entry for entry in entries if entry["kind"] == "skills-changed"]
    assert changed["actor"]["name"] == "chief"
    assert "trainee" in changed["text"]


def test_I4_a_supervisors_filter_hides_in_one_view_alone_and_never_an_emergency(
    app: QApplication, tmp_path: Path
) -> None:
    with running(tmp_path / "data", STAFF) as station:

        async def act() -> None:
            chief = Desk(station.http, "WS chief", tmp_path / "one")
            await chief.sign_in("chief")
            an = Desk(station.http, "WS an", tmp_path / "two")
            await to(an)
            await an.sign_in("an")
            signal(station, "1001", 1, "Nri1/BA7")
            signal(station, "2002", 1, "Nri1/TA2")
            known = chief.link.link.known
            await chief.until(lambda: len(known.waiting()) == 2, "both wait")
            await to(chief)
            shown = chief.window.queue.widget.model._placed
            chief.press(Qt.Key.Key_Slash)
            chief.type("bakkerij")
            await chief.until(lambda: len(shown()) == 1, "one is hidden")
            signal(station, "2002", 2, "Nri1/HA3")
            await chief.until(lambda: len(known.waiting()) == 3, "a hold-up comes")
            chief.press(Qt.Key.Key_Return)
            emergency = known.waiting()[0].id
            await chief.until(lambda: shown()[0] == emergency and len(shown()) == 2, "it is in sight")
            await an.until(lambda: len(an.window.queue.widget.model._placed()) == 3, "nobody else's view is filtered")
            chief.press(Qt.Key.Key_0, CTRL)
            await chief.until(lambda: len(shown()) == 3, "all again")
            for desk in (chief, an):
                await desk.close()

        play(app, act)

"""A locked workstation shows no site and opens with the password alone (visual.md §6, 06b)."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from console.client.link import LinkState, Refusal
from models.records import AlarmState, ErrorBody, ErrorCode, Returned
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import NOW, SITE, alarm, detail, held


def wrong(_body: object) -> object:
    raise Refusal(ErrorBody(code=ErrorCode.WRONG_SECRET, sentence="The password is wrong.", field="password"))


def seen(desk: Scripted) -> str:
    """Every word in sight."""
    visible = [widget for widget in desk.window.findChildren(QWidget) if widget.isVisible()]
    words = [widget.text() for widget in visible if isinstance(widget, QLabel | QAbstractButton | QLineEdit)]
    return "\n".join([*words, *(widget.accessibleName() for widget in visible)])


def test_only_the_password_unlocks(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held())
        desk.press(Qt.Key.Key_F12)
        assert desk.window.at == "locked"
        assert desk.link.locked
        for key in (Qt.Key.Key_F1, Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F10, Qt.Key.Key_Escape):
            desk.press(key)
        assert desk.window.at == "locked"
        desk.answers["/session/unlock"] = wrong
        desk.type("guess")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.window.lock.widget.sentence.text() == "The password is wrong.", "the refusal")
        assert desk.window.at == "locked"
        desk.answers["/session/unlock"] = lambda _body: {"unlocked": True}
        desk.type("right")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.window.at == "queue", "unlocked")
        assert not desk.link.locked

    play(act)


def test_no_word_of_a_site_is_in_sight_while_locked(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.sign_in(mine)
        await desk.open(mine)
        assert SITE.name in seen(desk)
        desk.press(Qt.Key.Key_F12)
        assert SITE.name not in seen(desk)
        words = "Intrusion Achterdeur"
        desk.tell(held(unseen=1, last_seq=11, signals=2, last_signal_words=words))
        desk.tell(alarm("A2", words=words))
        await desk.settled()
        desk.window.tick()
        said = seen(desk)
        for secret in (SITE.name, SITE.town, words, "Winkel"):
            assert secret not in said
        assert desk.player.playing == 3, "it rings all the same"

    play(act)


def test_an_alarm_that_goes_back_leaves_it_locked(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.sign_in(mine)
        await desk.open(mine)
        desk.press(Qt.Key.Key_F12)
        # After two minutes the station takes it away.
        desk.tell(alarm(version=3, returned=Returned(at=NOW, why="WS 01 was locked")))
        await desk.settled()
        assert desk.window.at == "locked"
        assert desk.window.frame.pages.currentWidget() is desk.window.lock.widget
        desk.answers["/session/unlock"] = lambda _body: {"unlocked": True}
        desk.type("right")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.window.at == "queue", "unlocked, at the queue")

    play(act)


def test_an_answer_that_comes_late_leaves_it_locked(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(alarm())
        desk.gates["take-next"] = asyncio.Event()
        desk.answers["take-next"] = lambda _body: held()
        desk.details["A1"] = detail(held())
        desk.press(Qt.Key.Key_F1)
        await desk.until(lambda: desk.acts("take-next"), "F1 asks")
        desk.press(Qt.Key.Key_F12)
        desk.gates["take-next"].set()
        await desk.settled()
        assert desk.window.at == "locked"
        assert desk.link.known.in_hand()[0].state is AlarmState.HELD
        desk.answers["/session/unlock"] = lambda _body: {"unlocked": True}
        desk.type("right")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.window.at == "workspace", "unlocked, with what was taken")

    play(act)


def test_a_session_that_ended_goes_to_the_sign_in(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held())
        desk.press(Qt.Key.Key_F12)
        desk.link._ended("Your session has ended; sign in again.")
        assert desk.window.at == "sign-in"
        assert not desk.link.locked
        assert desk.window.sign_in.widget.sentence.text() == "Your session has ended; sign in again."
        assert desk.link.state is LinkState.SIGNED_OUT

    play(act)


def test_a_lost_link_says_why_the_password_cannot_be_checked(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held())
        desk.press(Qt.Key.Key_F12)
        desk.lose()
        assert desk.window.at == "locked"
        desk.type("right")
        desk.press(Qt.Key.Key_Return)
        await desk.until(
            lambda: "it cannot check the password" in desk.window.lock.widget.sentence.text(), "a sentence"
        )
        assert desk.window.at == "locked"

    play(act)


def test_where_the_station_locks_it_no_site_is_shown_any_more(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held())
        desk.qt_link.locked_by_station()
        assert desk.window.at == "locked"
        assert desk.link.locked
        # Told again with the next sign of life: it comes back to where it was all the same.
        desk.qt_link.locked_by_station()
        desk.answers["/session/unlock"] = lambda _body: {"unlocked": True}
        desk.type("right")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.window.at == "queue", "unlocked")
        assert not desk.link.locked

    play(act)

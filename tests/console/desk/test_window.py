"""Keys that act on an alarm from wherever the operator is: F1 takes, F8 to F11 act on the right one (G1, G2, I8)."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QTextDocumentFragment
from PySide6.QtWidgets import QApplication, QToolTip

from console.client.link import Refusal
from models.records import AlarmState, ErrorBody, ErrorCode
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import NOW, alarm, held

FIRE = alarm("A9", priority=1, words="Brand")
RUNNING = "A call is running. F1 again parks this call."
SEVERAL = "Several alarms are in your hands: choose one in the list first."


def parks_a_call(body: dict[str, Any]) -> object:
    if not body["park_call"]:
        raise Refusal(ErrorBody(code=ErrorCode.WRONG_STATE, sentence=RUNNING, field="park_call"))
    return held("A9", priority=1, words="Brand")


@pytest.mark.parametrize("where", ["queue", "find-site", "tests", "workspace"])
def test_G1_F1_again_parks_the_call_wherever_the_operator_is(play: Play, where: str) -> None:
    async def act(desk: Scripted) -> None:
        # In the workspace the call runs on the other alarm in hand than the one on the screen.
        shown = held("A2")
        desk.sign_in(held(), shown, FIRE)
        desk.answers["take-next"] = parks_a_call
        if where == "workspace":
            await desk.open(shown)
        else:
            desk.window.go(where)
        desk.press(Qt.Key.Key_F1)
        await desk.settled()
        assert (desk.notice, desk.window.at) == (RUNNING, where)
        assert desk.window.frame.strip.next.accessibleName().startswith("F1: F1 again parks this call")
        desk.details["A9"] = desk.details["A9"].model_copy(update={"alarm": held("A9", priority=1, words="Brand")})
        desk.press(Qt.Key.Key_F1)
        await desk.settled()
        assert desk.acts("take-next") == [{"park_call": False}, {"park_call": True}]
        assert desk.window.at == "workspace"
        assert desk.window.workspace.alarm is not None
        assert desk.window.workspace.alarm.id == "A9"

    play(act)


def test_G1_a_later_F1_asks_again_before_it_parks_a_call(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held(), FIRE)
        desk.answers["take-next"] = parks_a_call
        desk.press(Qt.Key.Key_F1)
        await desk.settled()
        assert time.monotonic() - desk.window.taking._f1_at < 3
        desk.window.taking._f1_at -= 3.1
        desk.press(Qt.Key.Key_F1)
        await desk.settled()
        assert desk.acts("take-next") == [{"park_call": False}, {"park_call": False}]

    play(act)


async def at_the_queue(desk: Scripted, chosen: str) -> None:
    desk.window.go("queue")
    desk.window.queue.widget.list.view.choose(chosen)
    now = desk.window.queue.widget.list.view.current_alarm()
    assert now is not None
    assert now.id == chosen


def released(desk: Scripted) -> list[str]:
    return [path.split("/")[-2] for path, _ in desk.asked if path.endswith("/release")]


def test_G2_from_the_queue_the_chosen_alarm_in_hand_is_released(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held("A1", priority=2), held("A2"))
        desk.answers["/release"] = lambda _body: alarm("A2", version=3)
        await at_the_queue(desk, "A2")
        desk.press(Qt.Key.Key_F11)
        await desk.settled()
        assert released(desk) == ["A2"]

    play(act)


def test_G2_from_the_queue_else_the_alarm_of_the_workspace(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        second = held("A2")
        desk.sign_in(held("A1", priority=2), second, FIRE)
        desk.answers["/release"] = lambda _body: alarm("A2", version=3)
        await desk.open(second)
        await at_the_queue(desk, "A9")
        desk.press(Qt.Key.Key_F10)
        assert desk.window.workspace.alarm == second
        await at_the_queue(desk, "A9")
        desk.press(Qt.Key.Key_F11)
        await desk.settled()
        assert released(desk) == ["A2"]

    play(act)


@pytest.mark.parametrize("key", [Qt.Key.Key_F8, Qt.Key.Key_F9, Qt.Key.Key_F10, Qt.Key.Key_F11])
def test_G2_from_the_queue_one_of_several_must_be_chosen(play: Play, key: Qt.Key) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held("A1", priority=2), held("A2"), FIRE)
        await at_the_queue(desk, "A9")
        desk.press(key)
        await desk.settled()
        assert (desk.asked, desk.window.at, desk.notice) == ([], "queue", SEVERAL)

    play(act)


def test_G2_from_the_queue_the_only_one_in_hand_needs_no_choosing(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        second = held("A2")
        desk.sign_in(held(), second, FIRE)
        await desk.open(second)
        await at_the_queue(desk, "A9")
        # What the workspace showed has left the hands since.
        desk.tell(alarm("A2", state=AlarmState.CLOSED, closed_at=NOW, version=3))
        await desk.settled()
        desk.press(Qt.Key.Key_F10)
        await desk.settled()
        assert desk.window.at == "workspace"
        assert desk.window.workspace.alarm == held()

    play(act)


def test_every_screen_fits_the_screen_it_is_made_for(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in()
        # One page that wants more pushes the key bar of every screen out of sight.
        least = desk.window.minimumSizeHint()
        assert (least.width() <= 1920, least.height() <= 1080) == (True, True), least

    play(act)


def test_a_start_builds_what_it_shows_and_a_key_the_rest(play: Play) -> None:
    """A thousand widgets of the site file would stand between an operator and the first picture of the queue."""

    async def act(desk: Scripted) -> None:
        screens = desk.window.screens
        built = {name for name in screens.names() if name in screens}
        assert built == {"sign-in", "setup", "locked", "queue", "workspace"}
        desk.sign_in(held(), FIRE)
        desk.answers["/v1/sites"] = lambda _body: []
        desk.press(Qt.Key.Key_F3)
        await desk.settled()
        assert (desk.window.at, "find-site" in screens, "tests" in screens) == ("find-site", True, False)
        assert screens.sites.widget.search.field.hasFocus()
        for name in screens.names():
            if name not in ("setup", "locked", "sign-in", "workspace"):
                desk.window.go(name)
                assert desk.window.frame.pages.currentWidget() is screens[name].widget
        assert desk.window.frame.pages.count() == len(list(screens.names()))

    play(act)


def test_a_tip_over_what_a_panel_wrote_is_plain_text_in_the_window(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held(words="<b>Brand</b> <img src='http://panel.test/x.png'>")
        desk.sign_in(mine)
        await desk.open(mine)
        await asyncio.sleep(0)
        event = desk.window.workspace.widget.header._event
        middle = event.rect().center()
        QApplication.sendEvent(event, QHelpEvent(QEvent.Type.ToolTip, middle, event.mapToGlobal(middle)))
        assert QTextDocumentFragment.fromHtml(QToolTip.text()).toPlainText() == mine.words

    play(act)

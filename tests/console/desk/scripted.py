"""The whole window over a link whose station is the test: every answer is given by hand, nothing is awaited."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.client.link import LinkState, Refusal
from console.client.picture import Known
from console.client.qt_link import QtLink
from console.desk.loop import PreciseLoop
from console.desk.preferences import Preferences
from console.desk.softphone import Telephone
from console.desk.window import Window
from models.records import AlarmDetail, AlarmView, ErrorBody, ErrorCode, FeedItem, Picture, Session
from tests.widgets.made import WORKSTATION, detail, entry, picture

Answer = Callable[[dict[str, Any]], Any]


class Quiet:
    """A sound device that plays nothing and remembers what."""

    trouble = ""

    def __init__(self) -> None:
        self.playing: int | None = None

    def play(self, priority: int | None) -> None:
        self.playing = priority

    def close(self) -> None:
        """Nothing to let go of."""


class Scripted:
    """An operator's window, signed in; the test says what the station answers and what the feed tells."""

    def __init__(self, folder: Path) -> None:
        self.player = Quiet()
        self.qt_link = QtLink(["http://station.test"], WORKSTATION)
        self.link = self.qt_link.link
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, Answer] = {}
        self.details: dict[str, AlarmDetail] = {}
        self.gates: dict[str, asyncio.Event] = {}
        """A request whose path ends so waits until its gate is opened."""
        self._seq = 10
        self.link._send = self._send  # type: ignore[method-assign]
        preferences = Preferences(folder)
        # No test rings anybody.
        preferences.telephone = Telephone.BY_HAND
        self.window = Window(self.qt_link, self.player, preferences)
        self.window.resize(1920, 1080)
        self.window.show()
        self.window.activateWindow()

    async def _send(
        self, method: str, path: str, body: dict[str, Any] | None = None, query: dict[str, str] | None = None
    ) -> httpx.Response:
        if method == "POST":
            self.asked.append((path, {k: v for k, v in (body or {}).items() if k != "act"}))
        for end, gate in self.gates.items():
            if path.endswith(end):
                await gate.wait()
        answer = next((self.answers[end] for end in self.answers if path.endswith(end)), None)
        if answer is not None:
            given = answer(body or {})
        elif method == "GET" and path.split("/")[-1] in self.details:
            given = self.details[path.split("/")[-1]]
        else:
            raise Refusal(ErrorBody(code=ErrorCode.NOT_FOUND, sentence=f"Nothing is scripted for {path}."))
        text = given.model_dump_json() if hasattr(given, "model_dump_json") else json.dumps(given)
        return httpx.Response(200, text=text)

    def sign_in(self, *alarms: AlarmView, **more: Any) -> None:
        """A session, a picture, and a link that lives."""
        shown: Picture = picture(*alarms, **{"at": datetime.now(UTC), **more})
        self.link.session = Session(
            token="t", person=shown.me, workstation=WORKSTATION, expires_at=datetime(2099, 1, 1, tzinfo=UTC)
        )
        self.link.known.load(shown)
        self.link._set_state(LinkState.LINKED, "")
        for alarm in alarms:
            self.details.setdefault(alarm.id, detail(alarm))

    def tell(self, alarm: AlarmView, **more: Any) -> None:
        """The feed tells how an alarm stands now."""
        self._seq += 1
        self.details[alarm.id] = more.pop("shown", self.details.get(alarm.id, detail(alarm))).model_copy(
            update={"alarm": alarm}
        )
        item = FeedItem(entry=entry(self._seq, alarm=alarm.id, site="S1", **more), alarm=alarm)
        assert self.link.known.apply(item)
        self.qt_link.item_heard(item)

    def lose(self) -> None:
        """The link is lost."""
        self.link._set_state(LinkState.LOST, "The station is silent.")

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, to whatever has the keyboard."""
        QTest.keyClick(self.focus(), key, modifiers)

    def type(self, text: str) -> None:
        """Text, key by key."""
        QTest.keyClicks(self.focus(), text)

    def focus(self) -> QWidget:
        """What has the keyboard."""
        return QApplication.focusWidget() or self.window

    def acts(self, verb: str) -> list[dict[str, Any]]:
        """What was asked of the station with that verb."""
        return [body for path, body in self.asked if path.endswith(f"/{verb}")]

    @property
    def notice(self) -> str:
        """The one notice in sight."""
        said = self.window.frame.title.notice
        return said.text() if said.isVisible() else ""

    async def until(self, true: Callable[[], object], what: str) -> None:
        """Let the loop run until something holds; patiently, as a machine may have other things to do."""
        for _ in range(3000):
            if true():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"never: {what}; at {self.window.at}, notice {self.notice!r}, asked {self.asked}")

    async def settled(self) -> None:
        """What is under way is done: tasks, and the timers that gather changes."""
        timers = (self.window._changed_due, self.window.workspace._load_due)
        await self.until(
            lambda: not self.qt_link._running and not any(timer.isActive() for timer in timers), "everything is done"
        )

    async def open(self, alarm: AlarmView) -> None:
        """Bring an alarm in hand to the workspace."""
        self.window.open_alarm(alarm)
        await self.until(lambda: self.window.workspace.detail is not None, "its detail")

    async def close(self) -> None:
        """Close the window."""
        self.link.session = None
        self.link.known = Known()
        self.window.close()
        await self.qt_link.close()
        self.window.deleteLater()


Play = Callable[[Callable[[Scripted], Coroutine[Any, Any, None]]], None]


def player_of(app: QApplication, folder: Path) -> Play:
    """Gives what runs a play in the console's own kind of loop."""

    def play(act: Callable[[Scripted], Coroutine[Any, Any, None]]) -> None:
        async def whole() -> None:
            desk = Scripted(folder)
            # No QTest.qWait here: it turns Qt's loop inside a task, and tasks cannot be entered in one another.
            await desk.until(desk.window.isActiveWindow, "the window is active")
            try:
                await act(desk)
            finally:
                await desk.close()

        loop = PreciseLoop(app)
        asyncio.set_event_loop(loop)
        try:
            with loop:
                loop.run_until_complete(whole())
        finally:
            asyncio.set_event_loop(None)

    return play

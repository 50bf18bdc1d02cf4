"""Real consoles on a real station, for those who have a keyboard and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.client.qt_link import QtLink
from console.desk.loop import PreciseLoop
from console.desk.preferences import Preferences
from console.desk.softphone import Telephone
from console.desk.window import Window
from tests.frames import ack, sia
from tests.programs import RunningStation, vigie

PASSWORD = "een lang wachtwoord"
SITES = """\
site,name,street,postcode,town,account,key_hex,clear_allowed,area,zone,zone_kind,contact,phone,order,code_word,rights
S-1,Bakkerij Peeters,Kerkstraat 1,9000,Gent,1001,,yes,1 Winkel,7 PIR winkel,motion,An Peeters,+32400550101,1,tulp,cancel
S-1,Bakkerij Peeters,Kerkstraat 1,9000,Gent,1001,,yes,1 Winkel,8 Achterdeur,door,Bert Maes,+32400550102,2,distel,cancel
S-2,Juwelier Korenmarkt,Korenmarkt 5,9000,Gent,2002,,yes,1 Winkel,3 Hold-up,holdup,H. Wouters,+32400550112,1,anjer,
"""


OPERATORS = {"an": "operator", "bea": "operator"}


class Quiet:
    """Notes what would be heard."""

    trouble = ""

    def __init__(self) -> None:
        self.heard: list[int | None] = []

    def play(self, priority: int | None) -> None:
        """Remember each change."""
        if not self.heard or self.heard[-1] != priority:
            self.heard.append(priority)

    def close(self) -> None:
        """Nothing to let go of."""


class Desk:
    """An operator at a console, who has a keyboard and nothing else."""

    def __init__(self, url: str, workstation: str, folder: Path) -> None:
        self.player = Quiet()
        self.link = QtLink([url], workstation)
        preferences = Preferences(folder)
        # No test rings anybody.
        preferences.telephone = Telephone.BY_HAND
        self.window = Window(self.link, self.player, preferences)
        self.window.resize(1920, 1080)
        self.window.show()
        self.window.activateWindow()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, to whatever has the focus."""
        QTest.keyClick(self._focus(), key, modifiers)

    def type(self, text: str) -> None:
        """Text, key by key."""
        QTest.keyClicks(self._focus(), text)

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    async def until(self, true: Callable[[], object], what: str) -> None:
        """Let the loop run until something holds; patiently, as a machine may have other things to do."""
        for _ in range(3000):
            if true():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"never: {what}; at {self.window.at}, notice {self.window.frame.title.notice.text()!r}")

    async def sign_in(self, login: str) -> None:
        """Name, Tab, password, Enter."""
        # Never qWaitForWindowActive: its own event loop would run a second task inside this one.
        await self.until(self.window.isActiveWindow, "the window is active")
        await self.until(lambda: self.window.sign_in.info is not None, "the station is named")
        self.type(login)
        self.press(Qt.Key.Key_Tab)
        self.type(PASSWORD)
        self.press(Qt.Key.Key_Return)
        await self.until(lambda: self.window.at == "queue", "the queue")

    async def close(self) -> None:
        """Close the window."""
        self.window.close()
        await self.link.close()
        self.window.deleteLater()


@contextmanager
def running(data: Path, staff: Mapping[str, str] = OPERATORS) -> Iterator[RunningStation]:
    """A real station with two sites and ``staff``: login to role."""
    sites = data.parent / "sites.csv"
    sites.write_text(SITES)
    done = vigie("site", "import", "--data", str(data), str(sites))
    assert done.returncode == 0, done.stderr
    for login, role in staff.items():
        done = vigie("operator", "add", "--data", str(data), login, "--role", role, stdin=PASSWORD + "\n")
        assert done.returncode == 0, done.stderr
    with RunningStation(data) as station:
        yield station


def play(app: QApplication, act: Callable[[], Awaitable[Any]]) -> None:
    """Run one play in the console's own kind of loop."""
    loop = PreciseLoop(app)
    asyncio.set_event_loop(loop)
    try:
        with loop:
            loop.run_until_complete(act())
    finally:
        asyncio.set_event_loop(None)


def signal(station: RunningStation, account: str, sequence: int, packet: str) -> None:
    """A panel dials in, and is acknowledged."""
    with station.dial() as line:
        line.sendall(sia(account, sequence, packet))
        assert line.recv(1000) == ack(account, sequence)

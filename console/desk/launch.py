"""Start the console: application, loop, window."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from console.client.qt_link import QtLink
from console.desk.bell import Player, SpeakerPlayer
from console.desk.loop import PreciseLoop
from console.desk.own_station import OwnStation, StationWillNotStart, find_or_start, own_folder
from console.desk.preferences import Preferences
from console.desk.window import Window
from widgets import theme

_WIDTH, _HEIGHT = 1920, 1080
_NO_SCREEN = 1
"""Exit status."""


def run_with_own_station() -> int:
    """``vigie``: the console on this machine's own station, which is started where it does not run."""
    if not _screen():
        return _NO_SCREEN
    try:
        own = find_or_start(own_folder())
    except StationWillNotStart as error:
        print(f"vigie: This machine's own station does not start: {error}", file=sys.stderr)
        return 1
    return run_console([own.url], own=own)


def run_console(
    stations: Sequence[str],
    *,
    ca: Path | None = None,
    own: OwnStation | None = None,
    player: Player | None = None,
    preferences: Preferences | None = None,
    opened: Callable[[Window], None] = lambda _window: None,
) -> int:
    """``vigie console``: the console on stations that run already. ``opened`` is handed the window, once it is shown.

    ``player`` and ``preferences`` stand in for this workstation's own, as where the console is measured.
    """
    if not _screen():
        return _NO_SCREEN
    # Nearly all that a start makes stays. Looking through it for rubbish again and again only delays the first picture.
    gc.disable()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("vigie")
    app.setApplicationDisplayName("Vigie")
    preferences = preferences or Preferences()
    theme.load_fonts()
    theme.choose(app, preferences.theme, scale_for(app))
    loop = PreciseLoop(app)
    asyncio.set_event_loop(loop)
    link = QtLink(stations, preferences.workstation, ca=ca)
    window = Window(link, player or SpeakerPlayer(), preferences, own)
    theme.dress(app)
    window.resize(min(_WIDTH, app.primaryScreen().availableSize().width()), min(_HEIGHT, _available(app)))
    window.showMaximized()
    opened(window)
    _spare_long_pauses()
    with loop:
        # The loop ends after the sign-out, not with the window.
        app.setQuitOnLastWindowClosed(False)
        app.lastWindowClosed.connect(loop.stop)
        loop.run_forever()
        loop.run_until_complete(_leave(link))
    return 0


def _spare_long_pauses() -> None:
    """What is there after the start stays: the collector, looking through all of it, would stop the window under a key.

    Rubbish that comes later is found as ever, in fewer and short rounds (I11).
    """
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)
    gc.enable()


def _screen() -> bool:
    """Whether a window can be shown. Qt itself ends the whole process where it cannot."""
    given = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if not sys.platform.startswith("linux") or any(os.environ.get(name) for name in given):
        return True
    print(
        "vigie: The console needs a screen, and there is none here (no DISPLAY). `vigie station` runs without one.",
        file=sys.stderr,
    )
    return False


async def _leave(link: QtLink) -> None:
    """Sign out, so that nothing waits for the lease; a station that does not answer keeps nobody here."""
    if link.link.session is not None:
        await link.link.sign_out()
    await link.close()


def scale_for(app: QApplication) -> float:
    """How large 100 % is on this screen: the layout was drawn for 1920 × 1080."""
    size = app.primaryScreen().availableSize()
    return max(0.66, min(size.width() / _WIDTH, size.height() / _HEIGHT, 2.0))


def _available(app: QApplication) -> int:
    return app.primaryScreen().availableSize().height()

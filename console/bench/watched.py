"""A window that is measured, as a program of its own: the console's real one, or a bare one of PySide6 beside it.

Run as ``python -m console.bench.watched bare`` or ``… console URL FOLDER LOGIN PASSWORD``. It prints ``painted`` and
the moment when its window, the console's with the first row of its queue, was painted. Then each line ``report`` on
standard input is answered with one line of JSON (:class:`Report`), and all is counted anew. It ends with its input.
Moments are of the clock that all processes of a machine share (Linux).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QStyleOptionViewItem

if TYPE_CHECKING:
    from console.desk.window import Window

BEAT_S = 0.005


class Pulse(QObject):
    """How late the event loop is, at moments that lie :data:`BEAT_S` apart whether it comes to them or not.

    A stall of a tenth of a second so counts twenty times, as the waits of twenty keys pressed meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._due = time.perf_counter() + BEAT_S
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(round(BEAT_S * 1000))

    def _beat(self) -> None:
        now = time.perf_counter()
        if now < self._due:
            # Timers count whole milliseconds: in step with them again, not early for ever.
            self.late.append(0.0)
            self._due = now + BEAT_S
        while self._due <= now:
            self.late.append(now - self._due)
            self._due += BEAT_S


class Reporter:
    """Answers ``report``, and ends the program with its input."""

    def __init__(self, pulse: Pulse, end: Callable[[], object], rows: list[tuple[str, int, float]]) -> None:
        self._pulse, self._end, self._rows = pulse, end, rows
        self._notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)

    def _read(self) -> None:
        said = os.read(sys.stdin.fileno(), 4096)
        if not said:
            self._notifier.setEnabled(False)
            self._end()
        for _ in range(said.count(b"report")):
            print(json.dumps({"late": self._pulse.late, "rows": self._rows, "bytes": resident()}), flush=True)
            self._pulse.late.clear()
            self._rows.clear()


def resident(process: int | str = "self") -> int:
    """Bytes of memory that a process has in hand (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


class Silent:
    """Rings for nobody: a benchmark runs where people work."""

    trouble = ""

    def play(self, _priority: int | None) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def _bare() -> int:
    app = QApplication(sys.argv[:1])

    class Label(QLabel):
        def paintEvent(self, event: Any) -> None:
            super().paintEvent(event)
            _once_painted(self)

    window = QMainWindow()
    window.setCentralWidget(Label("A window"))
    window.resize(1920, 1080)
    window.showMaximized()
    _keep.append(Reporter(Pulse(), app.quit, []))
    return app.exec()


def _console(url: str, folder: str, login: str, password: str) -> int:
    from console.desk.launch import run_console
    from console.desk.preferences import Preferences

    def opened(window: Window) -> None:
        rows: list[tuple[str, int, float]] = []
        _watch(window, rows)
        _keep.append(Reporter(Pulse(), window.close, rows))
        window.sign_in.widget.operator.setText(login)
        window.sign_in.widget.password.setText(password)
        # As soon as the loop runs, as whoever types ahead.
        QTimer.singleShot(0, window.sign_in.widget.press_next)

    return run_console([url], player=Silent(), preferences=Preferences(Path(folder)), opened=opened)


def _watch(window: Window, rows: list[tuple[str, int, float]]) -> None:
    """Note in ``rows`` when which alarm's row was first painted with how many signals: account, signals, moment."""
    from models.records import AlarmView
    from widgets.queue.delegate import QueueDelegate
    from widgets.queue.model import ALARM_ROLE

    said: dict[str, int] = {}
    fresh: list[tuple[str, int]] = []

    def painted() -> None:
        now = time.perf_counter()
        rows.extend((account, signals, now) for account, signals in fresh)
        fresh.clear()

    class Watched(QueueDelegate):
        def paint(
            self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
        ) -> None:
            super().paint(painter, option, index)
            alarm = index.data(ALARM_ROLE) if index.column() == 4 else None
            if isinstance(alarm, AlarmView) and said.get(alarm.account, 0) < alarm.signals:
                said[alarm.account] = alarm.signals
                if not fresh:
                    # The window is on the screen when all of it is painted: at the loop's next turn.
                    QTimer.singleShot(0, painted)
                fresh.append((alarm.account, alarm.signals))
                _once_painted(window)

    view = window.queue.widget.list.view
    view.setItemDelegate(Watched(view))


_keep: list[object] = []
_painted: list[QEvent.Type] = []


def _once_painted(window: QObject) -> None:
    if not _painted:
        _painted.append(QEvent.Type.Paint)
        QTimer.singleShot(0, window, lambda: print(f"painted {time.perf_counter()}", flush=True))


if __name__ == "__main__":
    sys.exit(_bare() if sys.argv[1] == "bare" else _console(*sys.argv[2:]))

"""One loop for Qt and asyncio, with precise timers."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, Qt, QTimerEvent
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop


class _Timers(QObject):
    def __init__(self) -> None:
        super().__init__()
        self._handles: dict[int, asyncio.Handle] = {}

    def add(self, handle: asyncio.Handle, delay: float) -> None:
        self._handles[self.startTimer(round(delay * 1000), Qt.TimerType.PreciseTimer)] = handle

    def timerEvent(self, event: QTimerEvent) -> None:
        self.killTimer(event.timerId())
        handle = self._handles.pop(event.timerId(), None)
        if handle is not None and not handle.cancelled():
            handle._run()

    def stop(self) -> None:
        for timer in self._handles:
            self.killTimer(timer)
        self._handles.clear()


class PreciseLoop(QEventLoop):  # type: ignore[misc]
    """qasync's loop; its own timers are coarse and woke up to 268 ms early (libraries.md, fact 2)."""

    def __init__(self, app: QApplication) -> None:
        self._precise = _Timers()
        super().__init__(app)

    def _add_callback(self, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
        if delay <= 0:
            return super()._add_callback(handle, delay)  # type: ignore[no-any-return]
        self._precise.add(handle, delay)
        return handle

    def close(self) -> None:
        """Stop the timers as well."""
        self._precise.stop()
        super().close()

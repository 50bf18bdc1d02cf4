"""The link's thin Qt skin: what it hears becomes signals."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.client.link import Link, LinkState, Refusal
from models.records import Beat, ErrorBody, ErrorCode, FeedItem


class QtLink(QObject):
    """Signals for the desk, and coroutines run as tasks that never vanish silently."""

    picture = Signal()
    item = Signal(object)
    """FeedItem"""
    beat = Signal(object)
    """Beat"""
    state = Signal(object, str)
    """LinkState, sentence"""
    locked = Signal()
    """See :meth:`console.client.link.Listener.locked_by_station`."""

    def __init__(self, stations: Sequence[str], workstation: str, *, ca: Path | None = None) -> None:
        super().__init__()
        self.link = Link(stations, workstation, self, ca=ca)
        self._running: set[asyncio.Task[None]] = set()

    def picture_loaded(self) -> None:
        """See :class:`console.client.link.Listener`."""
        self.picture.emit()

    def item_heard(self, item: FeedItem) -> None:
        """See :class:`console.client.link.Listener`."""
        self.item.emit(item)

    def beat_heard(self, beat: Beat) -> None:
        """See :class:`console.client.link.Listener`."""
        self.beat.emit(beat)

    def state_changed(self, state: LinkState, why: str) -> None:
        """See :class:`console.client.link.Listener`."""
        self.state.emit(state, why)

    def locked_by_station(self) -> None:
        """See :class:`console.client.link.Listener`."""
        self.locked.emit()

    def run(self, work: Coroutine[Any, Any, Any], refused: Callable[[ErrorBody], None]) -> None:
        """Run ``work`` in the background; a refusal, or anything unexpected, goes to ``refused`` as a sentence."""

        async def guarded() -> None:
            try:
                await work
            except Refusal as refusal:
                refused(refusal.body)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                refused(ErrorBody(code=ErrorCode.INVALID, sentence=f"The console failed at this: {error!r}."))
                raise

        task = asyncio.ensure_future(guarded())
        self._running.add(task)
        # One that was cancelled before it began would complain that nobody awaited it.
        task.add_done_callback(lambda _task: work.close())
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """Let go of everything."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.link.close()

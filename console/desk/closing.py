"""The presenter of the close card: what was cancelled is journaled first, then the alarm is closed (G4)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from console.desk.place import Desk
from models.records import Disposition
from widgets.workspace.close_card import CloseCard


class _Act(Protocol):
    def __call__(self, verb: str, body: dict[str, Any], then: Callable[[str], object]) -> None: ...


class Closing(QObject):
    """Sends how an alarm ended."""

    refused = Signal(str, object)
    """The alarm, and why it was not closed: ErrorBody."""

    def __init__(
        self,
        desk: Desk,
        card: CloseCard,
        act: _Act,
        fetch: Callable[[str], Awaitable[None]],
        shows: Callable[[str], bool],
        gone: Callable[[str], None],
    ) -> None:
        """``act`` sends an act on the alarm that is shown, ``fetch`` reads one anew; ``gone``: it is closed."""
        super().__init__()
        self._desk, self._card, self._act, self._fetch, self._shows, self._gone = desk, card, act, fetch, shows, gone
        card.close_asked.connect(self._close)
        card.cancel_asked.connect(self._cancel_then_close)

    def _close(self, disposition: Disposition, reason: str) -> None:
        self._act("close", {"disposition": disposition.value, "reason": reason}, self._closed)

    def _closed(self, alarm: str) -> None:
        self._gone(alarm)
        self._desk.notify(self.tr("{0} is closed.").format(alarm))

    def _cancel_then_close(self, contact: str, why: str, code_word: str | None) -> None:
        disposition = self._card.chosen
        assert disposition is not None

        async def close(alarm: str) -> None:
            # What was cancelled is in the journal, whatever becomes of the close.
            await self._fetch(alarm)
            if self._shows(alarm):
                self._close(disposition, why)
            else:
                words = self.tr("{0} is cancelled, and not closed: it was no longer on the screen.")
                self._desk.notify(words.format(alarm), loud=True)

        def cancelled(alarm: str) -> None:
            self._desk.run(close(alarm), lambda body: self.refused.emit(alarm, body))

        self._act("cancel", {"contact": contact, "why": why, "code_word": code_word}, cancelled)

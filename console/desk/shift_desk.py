"""The presenter of the shift log: written by one shift, read by the next (06c)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject

from console.desk.place import Desk
from models.records import Entry, ErrorBody, ShiftNote
from widgets.shift import ShiftScreen

_KINDS = ("shift-note", "shift-note-read")


class ShiftDesk(QObject):
    """See :class:`console.desk.place.Place`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.widget = ShiftScreen()
        self.notes: list[ShiftNote] = []
        self._open_now: list[str] = []
        self.widget.written.connect(self._write)

    def title(self) -> tuple[str, str, bool]:
        """How many are not read."""
        unread = sum(1 for note in self.notes if note.unread)
        return (
            self.tr("Shift log"),
            self.tr("{0} not read · alarms keep coming in: F1 stays live").format(unread),
            False,
        )

    def can(self, command: str) -> bool:
        """Enter reads, F9 writes, Ctrl+Enter leaves."""
        if command == "next":
            note = self.widget.current()
            return note is not None and note.unread
        return command in ("note", "save", "back")

    def do(self, command: str) -> None:
        """One command."""
        screen, note = self.widget, self.widget.current()
        if command == "note":
            screen.text.setFocus()
        elif command == "save":
            screen.press_leave()
        elif command == "next" and note is not None:
            self._send(f"/v1/shift/{note.id}/read", {})
        elif command == "back":
            if screen.text.hasFocus():
                screen.view.setFocus()
            else:
                self._desk.go("queue")

    def enter(self) -> None:
        """To the front."""
        self.load()
        self.widget.view.setFocus()

    def refresh(self) -> None:
        """What is known changed; see :meth:`heard`."""

    def heard(self, entry: Entry) -> None:
        """A note was left or read."""
        if entry.kind in _KINDS:
            self.load()

    def tick(self, now: datetime) -> None:
        """A second passed."""

    def load(self) -> None:
        """Read the log anew; a new one that is not read is told wherever the operator is."""

        async def load() -> None:
            notes = await self._desk.link.get("/v1/shift")
            self._show(notes, await self._desk.link.get("/v1/shift/open"))

        # Whoever may not see it, or has no link now, misses nothing here.
        self._desk.run(load(), lambda _body: None)

    def _show(self, notes: list[object], open_now: list[str] | None = None) -> None:
        before = {note.id for note in self.notes if note.unread}
        self.notes = [ShiftNote.model_validate(note) for note in notes]
        if open_now is not None:
            self._open_now = open_now
        self.widget.show_notes(self.notes, self._open_now)
        unread = [note for note in self.notes if note.unread]
        if any(note.id not in before for note in unread) and not self.widget.isVisible():
            self._desk.notify(self.tr("{0} notes of the last shift are not read: Alt+G").format(len(unread)))

    def _write(self, text: str) -> None:
        def done() -> None:
            if self.widget.text.toPlainText().strip() == text:
                self.widget.text.clear()
            self.widget.say(self.tr("The next shift will find it."))

        self._send("/v1/shift", {"text": text}, done)

    def _send(self, path: str, body: dict[str, object], done: Callable[[], None] = lambda: None) -> None:
        async def send() -> None:
            self._show(await self._desk.patiently(self._desk.link.act(path, body)))
            done()

        def refused(error: ErrorBody) -> None:
            self.widget.say(error.sentence, refused=True)

        self._desk.run(send(), refused)

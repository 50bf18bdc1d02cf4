"""The presenter of the journal tab: lines page by page, the chosen one opened (B5, G4, I9)."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from console.desk.archived import archived_words
from console.desk.file_at_hand import FileAtHand
from console.desk.place import Desk
from models.records import Entry, EntryDetail, ErrorBody
from widgets.site.journal_tab import JournalTab

_OPEN_AFTER_MS = 120
_FEW = 20


class JournalDesk(QObject):
    """What keys do on the lines of the open site."""

    def __init__(self, desk: Desk, at_hand: FileAtHand, tab: JournalTab) -> None:
        super().__init__()
        self._desk, self._at_hand, self.tab = desk, at_hand, tab
        self._details: dict[int, EntryDetail] = {}
        """What was opened already: an entry never changes."""
        self._open_due = QTimer(tab)
        self._open_due.setSingleShot(True)
        self._open_due.setInterval(_OPEN_AFTER_MS)
        self._open_due.timeout.connect(self._open)
        tab.view.chosen.connect(self._chose)
        tab.view.older_wanted.connect(self._older)

    def show(self) -> None:
        """The file changed, more lines came, or the tab came to the front."""
        self.tab.view.know(self._at_hand.entries)
        parts, here = self._at_hand.archived, len(self._at_hand.entries)
        self.tab.show_count(here, more=self._at_hand.older, known=parts is not None)
        self.tab.show_archived("" if self._at_hand.older else archived_words(parts or ()), here)
        if len(self._at_hand.entries) < _FEW:
            # They do not fill the list: nobody can go down to ask whether that is all.
            self._at_hand.load_older()

    def can(self, command: str) -> bool:
        """Enter and Esc are all there is."""
        return command in ("next", "back")

    def do(self, command: str) -> None:
        """Enter: into the detail."""
        if command == "next" and self.tab.view.current() is not None:
            self.tab.pane.begin()

    def back(self) -> bool:
        """Esc: from the detail to the lines. False where it was there already."""
        if self.tab.pane.area.hasFocus():
            self.tab.view.setFocus()
            return True
        return False

    def _chose(self, entry: Entry | None) -> None:
        self.tab.pane.show_entry(entry)
        known = self._details.get(entry.seq) if entry is not None else None
        if known is not None:
            self.tab.pane.show_detail(known)
        elif entry is not None:
            self._open_due.start()

    def _open(self) -> None:
        entry, site = self.tab.view.current(), self._at_hand.site
        if entry is None or not site or entry.seq in self._details:
            return

        async def load() -> None:
            answer = await self._desk.link.get(f"/v1/sites/{site}/journal/{entry.seq}")
            detail = EntryDetail.model_validate(answer)
            self._details[entry.seq] = detail
            self.tab.pane.show_detail(detail)

        def refused(body: ErrorBody) -> None:
            if self.tab.pane.seq == entry.seq:
                self.tab.pane.refuse(body.sentence)

        self._desk.run(load(), refused)

    def _older(self) -> None:
        self._at_hand.load_older()

    def forget(self) -> None:
        """Whoever signs out leaves nothing open."""
        self._details.clear()
        self.tab.view.know([])
        self.tab.pane.show_entry(None)

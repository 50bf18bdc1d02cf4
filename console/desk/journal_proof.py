"""Has the station verify the lines of the journal's list, piece by piece, and says what it found (G4, I5)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from console.desk.place import Desk
from models.records import Entry, JournalProof
from widgets.journal.entry_detail import grouped

PIECE = 5_000
"""Lines that the station verifies at once."""


class JournalProofDesk(QObject):
    """From the oldest line of the list to the newest, what a filter left out between them included."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._running = False

    def verify(self, entries: Sequence[Entry]) -> None:
        """Begin; said in the title line as it goes, and what was found stays there."""
        if not entries or self._running:
            return
        numbers = [entry.seq for entry in entries]
        self._running = True
        self._desk.run(self._walk(min(numbers), max(numbers)))

    async def _walk(self, first: int, last: int) -> None:
        try:
            erased, sealed = 0, 0
            for begin in range(first, last + 1, PIECE):
                end = min(begin + PIECE - 1, last)
                if last - first >= PIECE:
                    said = self.tr("Verifying lines {0} to {1} of {2}…")
                    self._desk.notify(said.format(grouped(begin), grouped(end), grouped(last)))
                answer = await self._desk.link.get("/v1/journal/proof", first=str(begin), last=str(end))
                proof = JournalProof.model_validate(answer)
                if proof.broken:
                    words = self.tr("The journal is NOT as it was written: {0}").format("; ".join(proof.broken[:3]))
                    self._desk.notify(words, loud=True, stays=True)
                    return
                erased, sealed = erased + proof.erased, proof.sealed_to
            self._desk.notify(self._found(first, last, erased, sealed), stays=True)
        finally:
            self._running = False

    def _found(self, first: int, last: int, erased: int, sealed: int) -> str:
        words = self.tr("Lines {0} to {1} are as they were written").format(grouped(first), grouped(last))
        words += self.tr(", all sealed.") if last <= sealed else self.tr("; the newest are sealed within seconds.")
        return words + (self.tr(" {0} were erased by signed acts.").format(grouped(erased)) if erased else "")

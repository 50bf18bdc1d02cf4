"""A table of a site's file at this workstation: what was typed is kept per site; others' changes meet it (I11)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from console.desk.file_at_hand import FileAtHand
from widgets.site.table import TableForm, Texts


class KeptTable(QObject):
    """Binds ``table`` to the part ``key`` of the file at hand."""

    def __init__(self, at_hand: FileAtHand, key: str, table: TableForm) -> None:
        super().__init__()
        self._at_hand, self._key, self.table = at_hand, key, table
        self._of = ""
        """The site whose rows the table shows."""
        table.changed.connect(self._keep)

    def show(self, site: str, rows: Sequence[Texts]) -> None:
        """What is kept at the station now; what was typed for this site stays over it."""
        if self._of != site:
            self._of = site
            base, draft = self._at_hand.draft(self._key) or (rows, None)
            self.table.show_rows(base, draft)
        if self.table.draft() is None:
            self.table.show_rows(rows)
        else:
            self.table.show_theirs(rows)
        self._keep()

    def saved(self, site: str) -> None:
        """What was typed is what is kept now."""
        self._at_hand.drafts.pop((site, self._key), None)
        if self._of == site:
            self._of = ""

    def _keep(self) -> None:
        if self._of and self._of == self._at_hand.site:
            draft = self.table.draft()
            self._at_hand.keep(self._key, None if draft is None else (self.table.base(), draft))

"""The journal of a site: its lines left, the chosen one opened beside them (B5, G4, I9)."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from widgets.journal.entry_detail import EntryPane
from widgets.journal.lines_view import EntriesView
from widgets.keycap import toned
from widgets.panel import Panel
from widgets.theme import theme


class JournalTab(QWidget):
    """Arrows choose a line, Enter goes into its detail, Esc back; older lines come as one goes down."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(12))
        self.panel = Panel(self.tr("Journal, newest first"), "", "Enter")
        self.view = EntriesView(self.tr("Journal of this site, newest first"))
        self._empty = toned("", self.tr("Nothing is journaled of this site yet."), wrap=True)
        self._empty.setContentsMargins(theme().px(14), theme().px(12), theme().px(14), theme().px(12))
        self._list = QStackedWidget()
        self._list.addWidget(self.view)
        self._list.addWidget(self._empty)
        self.panel.body.addWidget(self._list, 1)
        row.addWidget(self.panel, 960)
        self.pane = EntryPane()
        row.addWidget(self.pane, 552)

    def show_count(self, count: int, *, more: bool) -> None:
        """How many lines are here, and whether there are older ones."""
        self._list.setCurrentIndex(0 if count else 1)
        older = self.tr("{0} lines here, older ones come as you go down · open").format(count)
        whole = self.tr("{0} lines, all there are · open").format(count)
        self.panel.summary.setText(older if more else whole)

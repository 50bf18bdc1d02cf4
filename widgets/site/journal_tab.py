"""The journal of a site: its lines left, the chosen one opened beside them (B5, G4, I9)."""

from __future__ import annotations

from PySide6.QtCore import Qt
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
        self.archived = toned("late", "", wrap=True)
        self.archived.setContentsMargins(theme().px(14), theme().px(6), theme().px(14), theme().px(8))
        self.archived.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.archived.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.archived.hide()
        self.panel.body.addWidget(self.archived)
        row.addWidget(self.panel, 960)
        self.pane = EntryPane()
        row.addWidget(self.pane, 552)

    def show_count(self, count: int, *, more: bool, known: bool = True) -> None:
        """How many lines are here, and whether there are older ones; ``known``: whether that is all is known."""
        self._list.setCurrentIndex(0 if count else 1)
        if more:
            said = self.tr("{0} lines here, older ones come as you go down · open")
        else:
            said = self.tr("{0} lines, all there are · open") if known else self.tr("{0} lines here · open")
        self.panel.summary.setText(said.format(count))

    def show_archived(self, words: str, count: int) -> None:
        """What is older and in archives that are not mounted; empty for nothing. ``count``: lines that are here."""
        self.archived.setText(words)
        self.archived.setVisible(bool(words))
        if words:
            self.panel.summary.setText(self.tr("{0} lines here, older ones are archived · open").format(count))
        nothing = self.tr("Nothing is journaled of this site yet.")
        self._empty.setText(self.tr("No line of this site is here.") if words else nothing)

"""The left column of the site file: search as one types, and what was opened last (picture 04)."""

from __future__ import annotations

from widgets.lines import Lines
from widgets.panel import Panel
from widgets.search_list import SearchList
from widgets.theme import theme


class SearchPanel(Panel):
    """Type, then arrows choose; the file beside follows."""

    def __init__(self) -> None:
        super().__init__("")
        self.header.hide()
        self.list = SearchList(
            self.tr("Find a site by name, number, town, phone, contact or account"),
            self.tr("Name, number, town, phone, contact, account"),
            self.tr("Sites found"),
            "F3",
        )
        self.field, self.view = self.list.field, self.list.view
        self.searched, self.words, self.show_found = self.list.searched, self.list.words, self.list.show_found
        self.body.addWidget(self.list, 1)
        self.last = Lines(self.tr("Last opened"), self.tr("Sites that you open are listed here."), 10)
        last = Panel(self.tr("Last opened"), "")
        last.body.addWidget(self.last)
        last.setFixedHeight(theme().px(38 + 5 * 33 + 6))
        self.body.addWidget(last)

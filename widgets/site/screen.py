"""The site file: search left, header and tabs right (visual.md §6, pictures 04 and 04b)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from models.records import SiteDetails, SiteFile, SiteRef, TestView
from widgets.form import Field, Form, Value
from widgets.keycap import KeyButton, toned
from widgets.lines import Lines
from widgets.panel import Panel
from widgets.site.contacts_tab import ContactsTab
from widgets.site.forms import details_fields, details_values
from widgets.site.journal_tab import JournalTab
from widgets.site.overview import Overview
from widgets.site.procedures_tab import ProceduresTab
from widgets.site.search import SearchPanel
from widgets.site.systems_tab import SystemsTab
from widgets.site.tabs import Tabs
from widgets.testing.card import TestCard
from widgets.theme import theme
from widgets.words import plural

OVERVIEW, SYSTEMS, CONTACTS, PROCEDURES, HOURS, TESTS, JOURNAL = range(7)


class SiteScreen(QWidget):
    """Puts the parts together; the desk fills them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        gutter = theme().px(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(gutter, 0, gutter, gutter)
        row.setSpacing(gutter)
        self.search = SearchPanel()
        row.addWidget(self.search, 348)
        self.tabs = Tabs(
            [
                self.tr("Overview"),
                self.tr("Systems"),
                self.tr("Contacts"),
                self.tr("Procedures"),
                self.tr("Hours"),
                self.tr("Tests"),
                self.tr("Journal"),
            ]
        )
        self.overview, self.systems, self.contacts = Overview(), SystemsTab(), ContactsTab()
        self.procedures, self.hours = QStackedWidget(), QStackedWidget()
        self.plans = ProceduresTab()
        self.procedures.addWidget(self.plans)
        self.tests = Lines(
            self.tr("Tests of this site"), self.tr("No test is on record. F7 puts the site in test."), 196
        )
        self.journal = JournalTab()
        self.pages = QStackedWidget()
        for page in (
            self.overview,
            self.systems,
            self.contacts,
            self.procedures,
            self.hours,
            self._tests_page(),
            self.journal,
        ):
            self.pages.addWidget(page)
        self._nothing = toned(
            "", self.tr("Type a few letters: the first site found is shown here. Ctrl+N makes a new one.")
        )
        self._nothing.setContentsMargins(gutter, gutter, gutter, gutter)
        file = QWidget()
        column = QVBoxLayout(file)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self.tabs)
        column.addSpacing(gutter)
        self.loading = toned("second", wrap=True)
        self.loading.setContentsMargins(gutter, gutter, gutter, gutter)
        self._body = QStackedWidget()
        self._body.addWidget(self.pages)
        self._body.addWidget(self.loading)
        column.addWidget(self._body, 1)
        self.stack = QStackedWidget()
        self.new = Form(
            (Field("site", self.tr("Site number"), "S-10233", longest=40), *details_fields()), self.tr("New site")
        )
        new = Panel(self.tr("New site"), self.tr("Ctrl+Enter makes it · Esc goes back and keeps"))
        new.body.addWidget(self.new, 1)
        for page in (self._nothing, file, new):
            self.stack.addWidget(page)
        row.addWidget(self.stack, 1536)

    def _header(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("panel")
        frame.setFixedHeight(theme().px(82))
        row = QHBoxLayout(frame)
        row.setContentsMargins(theme().px(18), theme().px(8), theme().px(14), theme().px(8))
        words = QVBoxLayout()
        words.setSpacing(0)
        top = QHBoxLayout()
        top.setSpacing(theme().px(10))
        self.name, self.number = toned("event"), toned("headline")
        top.addWidget(self.name)
        top.addWidget(self.number)
        top.addStretch(1)
        words.addLayout(top)
        self.address = toned("second")
        words.addWidget(self.address)
        row.addLayout(words, 1)
        self.tasks_chip, self.state_chip = toned("notice"), toned("notice")
        self.test = KeyButton(self.tr("Put in test"), "F7")
        for widget in (self.tasks_chip, self.state_chip, self.test):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        return frame

    def _tests_page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(12))
        row.addWidget(_in_panel(self.tr("Tests"), self.tests), 912)
        # There is room for all of it: when it begins, and which part.
        self.card = TestCard(parts=True)
        side = QVBoxLayout()
        side.addWidget(self.card, 1)
        side.addWidget(toned("second", self.tr("F7 puts the site in test, or takes it out."), wrap=True))
        side.addStretch(0)
        row.addLayout(side, 612)
        self.card.hide()
        return page

    def ask_new(self, draft: dict[str, Value] | None) -> None:
        """Ctrl+N: a new site; what was typed before is still there."""
        empty = {**details_values(SiteDetails(name="-")), "name": "", "site": ""}
        self.new.show_values(empty, draft)
        self.stack.setCurrentIndex(2)
        self.new.begin()

    def asks_new(self) -> bool:
        """Whether a new site is being written."""
        return self.stack.currentIndex() == 2

    def leave_new(self, *, any_open: bool) -> None:
        """Back to the file that is open, or to none."""
        self.stack.setCurrentIndex(1 if any_open else 0)

    def show_file(self, file: SiteFile | None, now: datetime) -> None:
        """The header and the overview; None shows what to do."""
        if not self.asks_new():
            self.leave_new(any_open=file is not None)
        if file is None:
            return
        self.test.show()
        details = file.details
        self.name.setText(details.name)
        self.number.setText(file.site)
        where = ", ".join(filter(None, (details.street, f"{details.postcode} {details.town}".strip())))
        premises = self.tr("premises {0}").format(details.premises_number) if details.premises_number else ""
        self.address.setText(" · ".join(filter(None, (where, premises))))
        self.overview.show_file(file, now)

    def show_loading(self, site: SiteRef, trouble: str) -> None:
        """The name of a site whose file is on its way, and nothing of another; ``trouble``: why it does not come."""
        if not self.asks_new():
            self.leave_new(any_open=True)
        self.name.setText(site.name or site.id)
        self.number.setText(site.id if site.name else "")
        self.address.setText(self.tr("loading {0}").format(site.id))
        for part in (self.tasks_chip, self.state_chip, self.test):
            part.hide()
        self.hold_back(site.id, trouble, on=True)

    def hold_back(self, site: str, trouble: str, *, on: bool) -> None:
        """In place of the tab: that it is being read, or why it does not come; or the tab again."""
        words = self.tr("{0} Open it again from the list.").format(trouble) if trouble else ""
        self.loading.setText(words or self.tr("loading {0}").format(site))
        self._body.setCurrentIndex(1 if on else 0)

    def show_state(self, test: TestView | None, alarms: int, tasks: int) -> None:
        """The chips of the header."""
        self.tasks_chip.setText(self.tr("1 task open") if tasks == 1 else self.tr("{0} tasks open").format(tasks))
        self.tasks_chip.setVisible(tasks > 0)
        said = plural(alarms, self.tr("open alarm"), self.tr("open alarms")) if alarms else self.tr("No alarm")
        self.state_chip.show()
        self.state_chip.setText(said + (self.tr(", in test") if test else self.tr(", not in test")))
        self.test.say(self.tr("Take out of test") if test else self.tr("Put in test"))


def _in_panel(title: str, widget: QWidget) -> Panel:
    panel = Panel(title, "")
    panel.body.addWidget(widget, 1)
    return panel

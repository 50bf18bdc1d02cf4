"""The presenter of the site file: find a site, look, change (F3; pictures 04 and 04b)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from console.desk.contacts_desk import ContactsDesk
from console.desk.file_at_hand import FileAtHand
from console.desk.hours_desk import HoursDesk
from console.desk.journal_desk import JournalDesk
from console.desk.place import Desk
from console.desk.procedures_desk import ProceduresDesk
from console.desk.systems_desk import SystemsDesk
from console.desk.testing import Testing
from models.records import Entry, ErrorBody, FoundSite, SiteRef
from widgets.form import Value
from widgets.lines import Line
from widgets.rows import Row
from widgets.site.forms import details_record, details_values
from widgets.site.screen import CONTACTS, HOURS, JOURNAL, OVERVIEW, PROCEDURES, SYSTEMS, TESTS, SiteScreen
from widgets.testing.face import banner, in_test_words
from widgets.words import clock, day, minute

_OPEN_AFTER_MS = 120
_LAST = 5


class SiteDesk(QObject):
    """See :class:`console.desk.place.Place`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.widget = SiteScreen()
        self.at_hand = FileAtHand(desk)
        self.contacts = ContactsDesk(desk, self.at_hand, self.widget.contacts)
        self.systems = SystemsDesk(desk, self.at_hand, self.widget.systems)
        self.hours = HoursDesk(desk)
        self.widget.hours.addWidget(self.hours.widget)
        self.widget.overview.hours.body.addWidget(self.hours.overview, 1)
        self.procedures = ProceduresDesk(desk, self.at_hand, self.widget.plans)
        self.journal = JournalDesk(desk, self.at_hand, self.widget.journal)
        self._found: list[FoundSite] = []
        self._words = ""
        self._shown = ""
        self.back_to = "queue"
        """The screen that named the open site, and gets the keys back."""
        self._new: dict[str, Value] | None = None
        """What was typed of a new site and not saved."""
        self._opened: list[tuple[SiteRef, datetime]] = []
        self._open_due = QTimer(self.widget)
        self._open_due.setSingleShot(True)
        self._open_due.setInterval(_OPEN_AFTER_MS)
        self._open_due.timeout.connect(self._open_chosen)
        self._again_due = QTimer(self.widget)
        self._again_due.setSingleShot(True)
        self._again_due.setInterval(_OPEN_AFTER_MS)
        self._again_due.timeout.connect(lambda: self.at_hand.open(self.at_hand.wanted))
        screen = self.widget
        screen.search.searched.connect(self._search)
        screen.search.view.chosen.connect(lambda _key: self._open_due.start())
        screen.tabs.chosen.connect(self.tab)
        screen.test.clicked.connect(lambda: self.do("test-change"))
        screen.new.wanted.connect(lambda _values: self._add_site())
        screen.overview.form.wanted.connect(lambda _values: self._save_details())
        screen.overview.form.changed.connect(self._keep_details)
        self.at_hand.changed.connect(self._show)
        self.at_hand.lines_changed.connect(self.journal.show)
        self.hours.read.connect(self._lay)
        self.procedures.read.connect(self._lay)
        self.testing = Testing(desk, screen.card, self._leave_card)

    # -- Place ----------------------------------------------------------------------------------

    def title(self) -> tuple[str, str, bool]:
        """What is open, and what is not saved."""
        unsaved = sum(1 for site, _key in self.at_hand.drafts if site == self.at_hand.site)
        tab = ("overview", "systems", "contacts", "procedures", "hours", "tests", "journal")[self.widget.tabs.current]
        summary = self.tr("site file, {0}").format(self.tr(tab))
        if unsaved:
            summary += self.tr(" · {0} not saved yet: Ctrl+Enter saves, Ctrl+R takes back").format(unsaved)
        tests = self._desk.link.known.tests.get(self.at_hand.site, ()) if self.at_hand.file is not None else ()
        if tests:
            said = f"{banner(tests, self._desk.link.now())} · {summary}"
            return in_test_words(tests), said, True
        return self.tr("Sites"), summary, False

    def standing(self) -> str:
        """Beside procedures, what customers see of them (C3)."""
        shown = self.at_hand.file is not None and self.widget.tabs.current == PROCEDURES
        return self.tr("Customers see only the standard order") if shown else ""

    def can(self, command: str) -> bool:
        """What the tab in front allows."""
        if self.widget.card.isVisible() and command.startswith("test-"):
            return self.testing.can(command)
        if command in ("next", "back"):
            return True
        if command == "new-site":
            return self.at_hand.may_edit()
        if self.widget.asks_new():
            return command in ("save", "take-back")
        if self.at_hand.file is None:
            return False
        if command.startswith("digit-"):
            return int(command[-1]) <= self.widget.pages.count()
        if command == "test-change":
            return not self.widget.card.isVisible()
        if command == "test-out":
            return self.at_hand.site in self._desk.link.known.tests and not self.widget.card.isVisible()
        tab = self.widget.tabs.current
        if tab == CONTACTS:
            return self.contacts.can(command)
        if tab == SYSTEMS:
            return self.systems.can(command)
        if tab == HOURS:
            return self.hours.can(command)
        if tab == PROCEDURES:
            return self.procedures.can(command)
        if tab == JOURNAL:
            return self.journal.can(command)
        if tab == OVERVIEW:
            return command == "edit" or (command in ("save", "take-back") and self.at_hand.may_edit())
        return False

    def do(self, command: str) -> None:
        """One command."""
        screen, tab = self.widget, self.widget.tabs.current
        if command.startswith("digit-"):
            self.tab(int(command[-1]) - 1)
        elif command == "new-site":
            screen.ask_new(self._new)
        elif command == "back":
            self._back()
        elif screen.asks_new():
            if command == "save":
                screen.new.press_save()
            elif command == "take-back":
                screen.new.take_back()
        elif screen.card.isVisible() and command in ("next", "test-whole", "test-part"):
            self.testing.do(command)
        elif command in ("test-change", "test-out"):
            self._ask_test(out=command == "test-out")
        elif command == "next" and screen.search.field.hasFocus():
            if screen.search.view.rows.rowCount():
                screen.search.view.setFocus()
        elif command == "next" and screen.search.view.hasFocus():
            self._into_tab()
        elif tab == CONTACTS:
            self.contacts.do(command)
        elif tab == SYSTEMS:
            self.systems.do(command)
        elif tab == HOURS:
            self.hours.do(command)
        elif tab == PROCEDURES:
            self.procedures.do(command)
        elif tab == JOURNAL:
            self.journal.do(command)
        elif tab == OVERVIEW:
            self._do_overview(command)

    def enter(self) -> None:
        """To the front, ready to type."""
        self.refresh()
        self.widget.search.field.setFocus()
        self.widget.search.field.selectAll()

    def refresh(self) -> None:
        """What is known changed: tests and alarms of what is shown."""
        self.testing.refresh()
        self._show_found()
        self.hours.refresh()
        file, known = self.at_hand.file, self._desk.link.known
        if file is None:
            return
        test = known.test_of(file.site)
        alarms = sum(1 for alarm in known.alarms.values() if alarm.site is not None and alarm.site.id == file.site)
        self.widget.show_state(test, alarms, len(self.at_hand.tasks))
        self.widget.overview.show_tests(test, self.at_hand.tests)

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.hours.tick(now)

    # -- what is heard --------------------------------------------------------------------------

    def heard(self, entry: Entry) -> None:
        """Something happened at the open site: its file is read again, once for many entries."""
        if self.at_hand.wanted and entry.site == self.at_hand.wanted and not self._again_due.isActive():
            self._again_due.start()

    def signed_out(self) -> None:
        """Nothing stays open."""
        self._found, self._words, self._opened, self._shown = [], "", [], ""
        self._new = None
        self.widget.leave_new(any_open=False)
        self.widget.search.field.clear()
        self.at_hand.close()
        self.journal.forget()

    def open_site(self, site: SiteRef, back_to: str = "queue") -> None:
        """Show a site that another screen names; Esc goes ``back_to`` a screen."""
        self.back_to = back_to
        self._found, self._words = [FoundSite(**site.model_dump())], site.id
        self.widget.search.field.setText(site.id)
        self._show_found()
        self.at_hand.open(site.id, site.name)

    # -- tabs -----------------------------------------------------------------------------------

    def tab(self, nth: int) -> None:
        """Bring a tab to the front."""
        screen = self.widget
        screen.card.hide()
        screen.tabs.choose(nth)
        paper = nth == PROCEDURES and self.at_hand.may_edit()
        screen.tabs.note(self.tr("printable overview") if paper else "", "Ctrl+P")
        screen.pages.setCurrentIndex(nth)
        if nth == OVERVIEW:
            screen.overview.edit(False)
        self._show_tab()
        self._into_tab()

    def _into_tab(self) -> None:
        tab = self.widget.tabs.current
        if self.at_hand.file is None:
            self.widget.search.view.setFocus()
            return
        if tab == HOURS:
            self.hours.enter()
            return
        target = {
            SYSTEMS: self.widget.systems.view,
            CONTACTS: self.widget.contacts.view,
            PROCEDURES: self.widget.plans.types,
            TESTS: self.widget.tests,
            JOURNAL: self.widget.journal.view,
        }.get(tab)
        (target or self.widget.search.view).setFocus()

    def _back(self) -> None:
        screen, tab = self.widget, self.widget.tabs.current
        backs: dict[int, Callable[[], bool]] = {
            CONTACTS: self.contacts.back,
            SYSTEMS: self.systems.back,
            PROCEDURES: self.procedures.back,
            JOURNAL: self.journal.back,
            HOURS: lambda: self.hours.do("back"),
        }
        if screen.asks_new():
            self._leave_new()
        elif screen.card.isVisible():
            self._leave_card()
        elif tab == OVERVIEW and screen.overview.stack.currentIndex() == 1:
            screen.overview.edit(False)
            screen.search.view.setFocus()
        elif tab in backs and backs[tab]():
            return
        elif not screen.search.field.hasFocus():
            screen.search.field.setFocus()
            screen.search.field.selectAll()
        else:
            self._desk.go(self.back_to)

    def _do_overview(self, command: str) -> None:
        overview = self.widget.overview
        if command == "edit":
            overview.edit(True)
        elif command == "save" and overview.stack.currentIndex() == 1:
            overview.form.press_save()
        elif command == "take-back" and overview.stack.currentIndex() == 1:
            overview.form.take_back()
            self._keep_details()

    # -- showing --------------------------------------------------------------------------------

    def _show(self) -> None:
        file, now = self.at_hand.file, self._desk.link.now()
        if file is None and self.at_hand.loading is not None:
            self.widget.card.hide()
            self.widget.show_loading(self.at_hand.loading, self.at_hand.trouble)
            return
        self.widget.show_file(file, now)
        if file is None:
            return
        site = SiteRef(id=file.site, name=file.details.name, town=file.details.town)
        if self._shown != file.site:
            self._opened = [(site, now), *(one for one in self._opened if one[0].id != file.site)][:_LAST]
            self.hours.show_site(file.site)
            self.widget.search.last.tell([Line("", s.name, s.id, right=minute(at)) for s, at in self._opened])
        self.widget.overview.show_tasks(
            [Row(str(t.id), t.text, right=f"{day(t.opened_at)} {minute(t.opened_at)}") for t in self.at_hand.tasks]
        )
        self._show_tab()
        self._shown = file.site
        self.refresh()

    def _show_tab(self) -> None:
        file, tab, now = self.at_hand.file, self.widget.tabs.current, self._desk.link.now()
        if file is None:
            return
        form, values = self.widget.overview.form, details_values(file.details)
        form.allow(self.at_hand.may_edit(), self.tr("The service desk or a supervisor changes the site file."))
        if self._shown != file.site:
            self.at_hand.fill(form, "details", values)
        else:
            form.show_theirs(values)
        if tab == SYSTEMS:
            self.systems.show()
        elif tab == CONTACTS:
            self.contacts.show(now)
        elif tab == PROCEDURES:
            self.procedures.show(now)
        elif tab == TESTS:
            self.widget.tests.tell([_line(e) for e in self.at_hand.tests])
        elif tab == JOURNAL:
            self.journal.show()
        self._lay()

    def _lay(self) -> None:
        """A tab whose own data is on its way shows nothing of another site."""
        file, tab = self.at_hand.file, self.widget.tabs.current
        if file is not None:
            waits = (tab == PROCEDURES and self.procedures.found is None) or (tab == HOURS and self.hours.hours is None)
            self.widget.hold_back(file.site, self.hours.trouble if tab == HOURS else "", on=waits)

    def _keep_details(self) -> None:
        self.at_hand.keep_typed("details", self.widget.overview.form)

    def _save_details(self) -> None:
        self.at_hand.save(self.widget.overview.form, "details", details_record, {"numbers": "premises_number"})

    # -- finding --------------------------------------------------------------------------------

    def _search(self, words: str) -> None:
        async def find() -> None:
            found = await self._desk.link.get("/v1/sites", q=words) if words else []
            if words != self.widget.search.words():
                return
            self._words = words
            self._found = [FoundSite.model_validate(site) for site in found]
            self._show_found()

        self._desk.run(find())

    def _show_found(self) -> None:
        tests = self._desk.link.known.tests
        rows = [
            Row(site.id, site.name, f"{site.id} · {site.why or site.town}", in_test=site.id in tests)
            for site in self._found
        ]
        empty = self.tr("No site matches “{0}”.").format(self._words) if self._words else self.tr("Type a few letters.")
        most = self.tr("The first {0}: type more letters.") if len(rows) >= 50 else self.tr("{0} found")
        self.widget.search.show_found(rows, self._words, empty, most.format(len(rows)) if rows else "")

    # -- a new site -----------------------------------------------------------------------------

    def _leave_new(self) -> None:
        self._new = self.widget.new.draft()
        self.widget.leave_new(any_open=self.at_hand.file is not None)
        self.widget.search.field.setFocus()

    def _add_site(self) -> None:
        form = self.widget.new
        try:
            details = details_record({name: value for name, value in form.values().items() if name != "site"})
        except ValueError as error:
            form.refuse(str(error))
            return
        site = str(form.values()["site"])

        async def add() -> None:
            await self._desk.patiently(self._desk.link.act("/v1/sites", {"site": site, "details": details}))
            form.take_in()
            self._leave_new()
            self._new = None
            self.open_site(SiteRef(id=site, name=str(details["name"]), town=str(details["town"])))
            self._desk.notify(self.tr("{0} is made. Alt+2 adds its system, Alt+3 its contacts.").format(site))

        def refused(body: ErrorBody) -> None:
            name = (body.field or "").removeprefix("details.")
            form.refuse(body.sentence, {"numbers": "premises_number"}.get(name, name))

        self._desk.run(add(), refused)

    def _open_chosen(self) -> None:
        site = self.widget.search.view.key()
        if site and site != self.at_hand.wanted:
            self.at_hand.open(site, next((one.name for one in self._found if one.id == site), ""))

    # -- test -----------------------------------------------------------------------------------

    def _ask_test(self, *, out: bool) -> None:
        file = self.at_hand.file
        if file is None:
            return
        if self.widget.tabs.current != TESTS:
            self.tab(TESTS)
        site = SiteRef(id=file.site, name=file.details.name, town=file.details.town)
        if self.testing.ask_site(site, out=out):
            self.widget.card.show()
            self.widget.card.begin()

    def _leave_card(self) -> None:
        self.widget.card.hide()
        self.widget.search.view.setFocus()


def _line(entry: Entry) -> Line:
    when = f"{day(entry.time)} {clock(entry.time)}"
    return Line(when, entry.text, right=entry.actor.name, in_test=entry.in_test)

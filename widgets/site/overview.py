"""The overview of a site: systems and areas, contacts, procedures, hours, tests, instructions (picture 04)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from models.records import ContactFile, Entry, SiteFile, TestView
from widgets.facts import Facts
from widgets.form import Form
from widgets.keycap import toned
from widgets.lines import Line, Lines
from widgets.panel import Panel
from widgets.rows import Row
from widgets.site.forms import details_fields
from widgets.theme import theme
from widgets.words import day, minute

NOT_TRANSMITTED = "not transmitted"
"""As the station says it (B3)."""


class Overview(QWidget):
    """Everything at a glance; Ctrl+E changes what holds for the whole site."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(12))
        left, middle, right = (_column(row, width) for width in (396, 604, 512))
        self._systems = Lines(self.tr("Systems and areas"), self.tr("No system is on file."), 10)
        left.addWidget(_with(Panel(self.tr("Systems and areas"), "", "Alt+2"), self._systems), 3)
        self._facts = Facts(92)
        site = Panel(self.tr("Site"), self.tr("change"), "Ctrl+E")
        site.body.addWidget(self._facts)
        site.body.addStretch(1)
        left.addWidget(site, 4)
        self._contacts = Lines(self.tr("Contacts"), self.tr("Nobody is on file: nobody can be called."), 34)
        self._note = toned("instruction", wrap=True)
        self._instructions = toned("", wrap=True)
        standard = QWidget()
        column = QVBoxLayout(standard)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(12))
        column.addWidget(self._note)
        column.addWidget(_with(Panel(self.tr("Contacts, standard order"), "", "Alt+3"), self._contacts), 3)
        panel = Panel(self.tr("Special instructions"), self.tr("change"), "Ctrl+E")
        holder = QVBoxLayout()
        holder.setContentsMargins(theme().px(14), theme().px(10), theme().px(14), theme().px(10))
        holder.addWidget(self._instructions)
        holder.addStretch(1)
        panel.body.addLayout(holder)
        column.addWidget(panel, 2)
        self.form = Form(details_fields(), self.tr("Site file"))
        self.form_panel = _with(
            Panel(self.tr("Change the site file"), self.tr("Esc goes back and keeps"), ""), self.form
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(standard)
        self.stack.addWidget(self.form_panel)
        middle.addWidget(self.stack)
        self.hours = Panel(self.tr("Supervised hours"), "", "Alt+5")
        right.addWidget(self.hours, 3)
        self._tests = Lines(self.tr("Tests"), self.tr("No test is on record."), 150)
        right.addWidget(_with(Panel(self.tr("Tests"), "", "Alt+6"), self._tests), 2)
        self._tasks = Lines(self.tr("Tasks"), self.tr("No task is open."), 118)
        right.addWidget(_with(Panel(self.tr("Tasks of the service desk"), "", "Alt+T"), self._tasks), 1)

    def show_file(self, file: SiteFile, now: datetime) -> None:
        """Fill the panels."""
        states = [Line("", area.name, area.words, dim=area.words == NOT_TRANSMITTED) for area in file.states]
        systems = [Line("", *_system_words(self, system.account, file), dim=True) for system in file.systems]
        self._systems.tell([*systems, *states])
        details = file.details
        self._facts.tell(
            [
                (
                    self.tr("Address"),
                    ", ".join(filter(None, (details.street, f"{details.postcode} {details.town}"))) or "–",
                ),
                (self.tr("Premises"), details.premises_number or self.tr("no number")),
                (self.tr("Access"), details.access or self.tr("Nothing is noted.")),
                (self.tr("Keys held"), details.keys or self.tr("none")),
                (self.tr("Group"), details.group or self.tr("none")),
                (self.tr("Time zone"), f"{details.timezone} · {details.country}"),
            ]
        )
        self._instructions.setText(
            details.instructions or self.tr("None. They are shown with every alarm of the site.")
        )
        shown = bool(details.note) and (details.note_until is None or details.note_until > now)
        self._note.setText(details.note)
        self._note.setVisible(shown)
        self._contacts.tell([contact_line(nth, contact, now) for nth, contact in enumerate(file.contacts, 1)])

    def show_tests(self, test: TestView | None, entries: Sequence[Entry]) -> None:
        """The test that runs, and those that were."""
        lines = []
        if test is not None:
            words = self.tr("In test · {0} · {1}").format(test.by, test.why)
            lines.append(Line(f"{day(test.since)} {minute(test.since)}", words, in_test=True))
        # The entry that tells of its beginning says the same.
        earlier = [entry for entry in entries if test is None or entry.seq != test.id]
        lines += [Line(f"{day(e.time)} {minute(e.time)}", e.text, dim=True) for e in earlier]
        self._tests.tell(lines)

    def show_tasks(self, rows: Sequence[Row]) -> None:
        """Open tasks of this site."""
        self._tasks.tell([Line(row.right, row.title) for row in rows])

    def edit(self, on: bool) -> None:
        """Ctrl+E, and back."""
        self.stack.setCurrentIndex(1 if on else 0)
        if on:
            self.form.begin()


def contact_line(nth: int, contact: ContactFile, now: datetime) -> Line:
    """A contact in one line: place, name, role, number; away is told, never hidden (C4)."""
    number = shown_number(contact)
    more = f" +{len(contact.numbers) - 1}" if len(contact.numbers) > 1 else ""
    away = availability(contact, now)
    return Line(
        f"{nth}", contact.name, " · ".join(filter(None, (contact.role, away))), f"{number}{more}", dim=bool(away)
    )


def shown_number(contact: ContactFile) -> str:
    """The number that is dialled first; a private one as dots and its last two digits."""
    if not contact.numbers:
        return _tr("no number")
    first = contact.numbers[0]
    return f"··· {first.number[-2:]}" if first.private else first.number


def availability(contact: ContactFile, now: datetime) -> str:
    """Why a contact is not called now, or from when; empty where they are."""
    if contact.suspended:
        return _tr("Suspended")
    if contact.away_from is None and contact.away_until is None:
        return ""
    if contact.away_until is not None and contact.away_until <= now:
        return ""
    if contact.away_from is not None and contact.away_from > now:
        return _tr("Away from {0} {1}").format(day(contact.away_from), minute(contact.away_from))
    if contact.away_until is None:
        return _tr("Away until further notice")
    return _tr("Away until {0} {1}").format(day(contact.away_until), minute(contact.away_until))


def reachable(contact: ContactFile, now: datetime) -> bool:
    """Whether nothing keeps them from being called now, as far as the file of absences says."""
    later = contact.away_from is not None and contact.away_from > now
    return not contact.suspended and (later or not availability(contact, now))


def _tr(words: str) -> str:
    return QCoreApplication.translate("contacts", words)


def _system_words(widget: QWidget, account: str, file: SiteFile) -> tuple[str, str, str]:
    system = next(one for one in file.systems if one.account == account)
    name = system.label or widget.tr("System")
    if system.out_of_service_at is not None:
        words = (
            widget.tr("replaced by {0}").format(system.replaced_by)
            if system.replaced_by
            else widget.tr("out of service")
        )
        return name, f"{account} · {words}", day(system.out_of_service_at)
    since = widget.tr("since {0}").format(day(system.in_service_at)) if system.in_service_at else ""
    return name, " · ".join(filter(None, (account, system.model, system.provider))), since


def _column(row: QHBoxLayout, width: int) -> QVBoxLayout:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme().px(12))
    row.addWidget(holder, width)
    return column


def _with(panel: Panel, widget: QWidget) -> Panel:
    panel.body.addWidget(widget, 1)
    return panel

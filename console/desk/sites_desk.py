"""Presenters of the two lists of sites: find a site, and what is in test (F3, G5)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject

from console.desk.place import Desk
from console.desk.testing import serve
from models.records import SiteRef
from widgets.sites import SiteRow, SitesScreen


class _SitesDesk(QObject):
    """What both share: the card, and the acts."""

    def __init__(self, desk: Desk, *, search: bool) -> None:
        super().__init__()
        self._desk = desk
        self.widget = SitesScreen(search=search)
        serve(desk, self.widget.card, self.widget.leave_card)
        self.widget.card.back.connect(self.widget.leave_card)

    def can(self, command: str) -> bool:
        """F7 for the chosen site; Enter on the card."""
        card = self.widget.card.isVisible()
        if command in ("next", "back"):
            return True
        row = self.widget.current()
        if command == "test-change":
            return row is not None and not card
        return command == "test-out" and row is not None and row.test is not None and not card

    def do(self, command: str) -> None:
        """One command."""
        card = self.widget.card
        if card.isVisible():
            if command == "next":
                card.press_next()
            elif command == "back":
                card.press_back()
        elif command == "back":
            self._desk.go("queue")
        else:
            self.widget.ask()

    def refresh(self) -> None:
        """See :class:`console.desk.place.Place`."""
        raise NotImplementedError

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.widget.tick(now)


class TestsDesk(_SitesDesk):
    """What is in test, oldest first."""

    __test__ = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, search=False)

    def title(self) -> tuple[str, str, bool]:
        """How many, and how many have grown old."""
        known = self._desk.link.known
        old = len(known.grown_old(self._desk.link.now()))
        summary = self.tr("{0} sites in test · {1} grown old · oldest first").format(len(known.tests), old)
        return self.tr("Tests"), summary, False

    def enter(self) -> None:
        """To the front."""
        self.widget.card.hide()
        self.refresh()
        self.widget.view.setFocus()

    def refresh(self) -> None:
        """What is known changed."""
        tests = self._desk.link.known.tests_by_age()
        empty = self.tr("No site is in test. A site put in test is listed here until somebody takes it out.")
        self.widget.show_rows([SiteRow(test.site, test) for test in tests], empty)


class FindDesk(_SitesDesk):
    """Find a site by a few letters."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, search=True)
        self._found: list[SiteRef] = []
        self._words = ""
        self.widget.searched.connect(self._search)

    def title(self) -> tuple[str, str, bool]:
        """What it is for."""
        return self.tr("Find site"), self.tr("by name, number, town or account; F7 puts it in or out of test"), False

    def enter(self) -> None:
        """To the front, ready to type."""
        self.widget.card.hide()
        self.refresh()
        self.widget.field.setFocus()
        self.widget.field.selectAll()

    def refresh(self) -> None:
        """What is known changed: tests among the sites found."""
        tests = self._desk.link.known.tests
        empty = self.tr("No site matches “{0}”.").format(self._words) if self._words else self.tr("Type a few letters.")
        self.widget.show_rows([SiteRow(site, tests.get(site.id)) for site in self._found], empty)

    def do(self, command: str) -> None:
        """Enter goes from the field to the list, then to the card."""
        if command == "next" and not self.widget.card.isVisible() and self.widget.field.hasFocus():
            if self.widget.current() is not None:
                self.widget.view.setFocus()
            return
        super().do(command)

    def _search(self, words: str) -> None:
        async def find() -> None:
            found = await self._desk.link.get("/v1/sites", q=words) if words else []
            if words != self.widget.field.text().strip():
                return
            self._words = words
            self._found = [SiteRef.model_validate(site) for site in found]
            self.refresh()

        self._desk.run(find())

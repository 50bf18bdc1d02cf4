"""The presenter of what is in test (F3, G5)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject

from console.desk.place import Desk
from console.desk.testing import serve
from widgets.sites import SiteRow, SitesScreen


class TestsDesk(QObject):
    """What is in test, oldest first."""

    __test__ = False

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.widget = SitesScreen()
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

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.widget.tick(now)

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

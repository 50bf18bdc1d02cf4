"""The window's screens by name. What a start does not show is built when somebody first goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Protocol, TypeVar, runtime_checkable

from PySide6.QtWidgets import QApplication, QStackedWidget

from console.desk.operators_desk import OperatorsDesk
from console.desk.performance_desk import PerformanceDesk
from console.desk.place import Desk, Place
from console.desk.reports_desk import ReportsDesk
from console.desk.review_desk import ReviewDesk
from console.desk.shift_desk import ShiftDesk
from console.desk.site_desk import SiteDesk
from console.desk.storms_desk import StormsDesk
from console.desk.tasks_desk import TasksDesk
from console.desk.tests_desk import TestsDesk
from models.records import Entry, JournalFilter, SiteRef
from widgets import theme

P = TypeVar("P", bound=Place)
_LATER = {
    "tests": "tests",
    "find-site": "sites",
    "tasks": "tasks",
    "shift": "shift",
    "operators": "operators",
    "storms": "storms",
    "journal": "review",
    "performance": "performance",
    "reports": "reports",
}
"""The screen's name, and the property that builds it. The site file alone is a thousand widgets."""


@runtime_checkable
class Hearing(Protocol):
    """A screen that wants to know what was journaled."""

    def heard(self, entry: Entry) -> None:
        """One new entry."""


@runtime_checkable
class Forgetting(Protocol):
    """A screen on which nothing may stay when whoever sat there signs out."""

    def signed_out(self) -> None:
        """The session is over."""


class Screens:
    """Builds each screen once; tells those that are there what is known, heard and over.

    One that is not built has nothing to forget, and reads what it shows when it comes to the front.
    """

    def __init__(
        self,
        desk: Desk,
        pages: QStackedWidget,
        open_site: Callable[[SiteRef], None],
        show_lines: Callable[[JournalFilter], None],
    ) -> None:
        self._desk, self._pages, self._open_site, self._show_lines = desk, pages, open_site, show_lines
        self._built: dict[str, Place] = {}
        self._hearing: list[Hearing] = []

    def add(self, name: str, place: P) -> P:
        """A screen that is there from now on."""
        self._built[name] = place
        self._pages.addWidget(place.widget)
        if isinstance(place, Hearing):
            self._hearing.append(place)
        return place

    def __getitem__(self, name: str) -> Place:
        """A screen; it is built where it was not yet."""
        if name not in self._built:
            getattr(self, _LATER[name])
        return self._built[name]

    def __contains__(self, name: str) -> bool:
        """Whether it was built."""
        return name in self._built

    def names(self) -> Iterable[str]:
        """Of all screens, built or not."""
        return dict.fromkeys([*self._built, *_LATER])

    # -- what they are told -----------------------------------------------------------------------

    def refresh(self) -> None:
        """What is known changed."""
        for place in self._built.values():
            place.refresh()

    def heard(self, entry: Entry) -> None:
        """The feed told of an entry."""
        for place in self._hearing:
            place.heard(entry)

    def signed_out(self) -> None:
        """Nothing of the session stays in sight."""
        for place in self._built.values():
            if isinstance(place, Forgetting):
                place.signed_out()

    # -- those that are built later ---------------------------------------------------------------

    @cached_property
    def tests(self) -> TestsDesk:
        """F4: what is in test."""
        return self.add("tests", TestsDesk(self._desk))

    @cached_property
    def sites(self) -> SiteDesk:
        """F3: the site file."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        # A thousand widgets below a sheet take three times as long: whoever presses F3 would wait for them.
        with theme.undressed(app):
            return self.add("find-site", SiteDesk(self._desk))

    @cached_property
    def tasks(self) -> TasksDesk:
        """Alt+T: tasks of the service desk."""
        return self.add("tasks", TasksDesk(self._desk, self._open_site))

    @cached_property
    def shift(self) -> ShiftDesk:
        """Alt+G: the shift log."""
        return self.add("shift", ShiftDesk(self._desk))

    @cached_property
    def operators(self) -> OperatorsDesk:
        """Alt+O: who is where."""
        return self.add("operators", OperatorsDesk(self._desk))

    @cached_property
    def storms(self) -> StormsDesk:
        """Alt+M: storm profiles."""
        return self.add("storms", StormsDesk(self._desk))

    @cached_property
    def review(self) -> ReviewDesk:
        """F5: the journal."""
        return self.add("journal", ReviewDesk(self._desk))

    @cached_property
    def performance(self) -> PerformanceDesk:
        """F6: how fast alarms were answered."""
        return self.add("performance", PerformanceDesk(self._desk, self._show_lines))

    @cached_property
    def reports(self) -> ReportsDesk:
        """Alt+E: reports by e-mail."""
        return self.add("reports", ReportsDesk(self._desk))

"""The presenter of what is in test (F3, F4, G5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from console.desk import papers
from console.desk.papers import documents
from console.desk.place import Desk
from console.desk.testing import Testing
from models.records import Entry, PlannedState, PlannedTest, SiteRef, TestDetail, TestView
from widgets.testing.face import Age, Ages, BoardRow, planned_row, row_of, summary
from widgets.testing.screen import FILTERS, TestsScreen

_LOAD_AFTER_MS = 150
_LOOK_BACK_DAYS = 7


class TestsDesk(QObject):
    """What is in test, oldest first; the chosen test closely; the card that sets one."""

    __test__ = False

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.widget = TestsScreen()
        self.testing = Testing(desk, self.widget.card, self._card_done)
        self._from = ""
        """The screen that asked for the card, which goes back there."""
        self._detail: TestDetail | None = None
        self._came: list[Entry] = []
        self._loaded: tuple[int, int, int, bool] | None = None
        """Test, version, signals, and whether it ran, as they were loaded."""
        self._over: list[TestView] = []
        """Tests that ended in the last days, the last that ended first."""
        self._ran: set[int] | None = None
        """The tests that ran when those that are over were read."""
        self.folder: Callable[[], Path] = documents
        self._minute = -1
        self._planned: list[PlannedTest] = []
        self._plans_due = QTimer(self.widget)
        self._plans_due.setSingleShot(True)
        self._plans_due.setInterval(_LOAD_AFTER_MS)
        self._plans_due.timeout.connect(self._load_plans)
        self._load_due = QTimer(self.widget)
        self._load_due.setSingleShot(True)
        self._load_due.setInterval(_LOAD_AFTER_MS)
        self._load_due.timeout.connect(self._load)
        self.widget.filtered.connect(self.refresh)
        self.widget.chosen.connect(self._chose)
        self.widget.report_asked.connect(self._print)

    # -- Place ----------------------------------------------------------------------------------

    def can(self, command: str) -> bool:
        """F7 for the chosen site; the card's keys while it is in front; filters."""
        if self.widget.asks():
            return self.testing.can(command)
        if command.startswith("digit-"):
            return int(command[-1]) <= len(FILTERS)
        if command in ("test-change", "test-out"):
            row = self.widget.view.current()
            if row is not None and row.test is not None:
                return row.test.ended_at is None
            return row is not None and row.planned is not None and not row.over
        if command == "print":
            return self._test() is not None
        return command in ("next", "back", "filter")

    def do(self, command: str) -> None:
        """One command."""
        row = self.widget.view.current()
        if self.widget.asks():
            self.testing.do(command)
        elif command.startswith("digit-"):
            self.widget.choose_filter(FILTERS[int(command[-1]) - 1])
        elif command == "filter":
            self.widget.words.setFocus()
            self.widget.words.selectAll()
        elif command == "back":
            self._back()
        elif command == "next" and self.widget.words.hasFocus():
            self.widget.view.setFocus()
        elif command == "print":
            self._print()
        elif row is not None and row.test is not None:
            if row.test.ended_at is None:
                self.ask(row.test.site, row.test, out=command == "test-out")
        elif row is not None and row.planned is not None and not row.over:
            self.ask(row.planned.site, None, out=command == "test-out", planned=row.planned)

    def ask(
        self,
        site: SiteRef,
        test: TestView | None,
        *,
        out: bool = False,
        part: bool = False,
        back: str = "",
        planned: PlannedTest | None = None,
    ) -> None:
        """The card for a site, with room to choose a part. ``back``: the screen to go to when it is done."""
        self._from = back
        # No other site stays chosen beside the card.
        if test is not None:
            self.widget.view.choose(str(test.id))
        elif planned is None:
            self.widget.view.choose_none()
        self.widget.ask(on=True)
        self.testing.ask(site, test, out=out, planned=planned)
        if part:
            self.widget.card.press_part()
        self.widget.card.begin()

    def show_site(self, site: SiteRef) -> None:
        """The tests of one site alone."""
        self.widget.words.setText(site.id)
        self.widget.choose_filter("all")
        self.widget.view.choose(None)
        self.widget.view.setFocus()

    def tick(self, now: datetime) -> None:
        """A second passed: ages are told in minutes."""
        if now.minute != self._minute:
            self._minute = now.minute
            self.refresh()

    def title(self) -> tuple[str, str, bool]:
        """How many, and how."""
        tests = self._desk.link.known.tests_by_age()
        old = len(self._desk.link.known.grown_old(self._desk.link.now()))
        said = summary(tests)
        if old:
            said += self.tr(" · {0} grown old, each also a Low alarm in the queue").format(old)
        return self.tr("Tests"), said, False

    def enter(self) -> None:
        """To the front."""
        if not self._from:
            self.widget.ask(on=False)
        self._ran = None
        self.refresh()
        self._plans_due.start()
        if self.widget.view.current() is None:
            self.widget.view.choose(None)
        if not self.widget.asks():
            self.widget.view.setFocus()

    def refresh(self) -> None:
        """What is known changed."""
        self.testing.refresh()
        now, ages = self._desk.link.now(), self.ages()
        running = self._desk.link.known.tests_by_age()
        self._look_back({test.id for test in running})
        rows = [row_of(test, now, ages) for test in running]
        begun = {test.planned for test in running}
        planned = [one for one in self._planned if one.state is not PlannedState.CURRENT and one.id not in begun]
        rows += [planned_row(one, now) for one in planned if one.state is PlannedState.PLANNED]
        # Old ones first whatever their age: one past its end may be young.
        rows.sort(key=lambda row: (_ORDER[row.age], row.planned is not None, row.test is not None and row.test.shelved))
        over = [row_of(test, now, ages) for test in self._over]
        over += [planned_row(one, now) for one in reversed(planned) if one.state is PlannedState.EXPIRED]
        empty = self._empty(len(rows))
        rows += over
        self.widget.count({name: sum(1 for row in rows if _shown(row, name)) for name in FILTERS})
        words = self.widget.words.text().casefold().split()
        shown = [row for row in rows if _shown(row, self.widget.filter) and _fits(row, words)]
        self.widget.show_rows(shown, empty)
        row = self.widget.view.current()
        if row is not None and row.test is not None and self._loaded != _state(row.test):
            self._load_due.start()

    def ages(self) -> Ages:
        """From when on a test is marked, and old."""
        picture = self._desk.link.known.picture
        if picture is None:
            return Ages()
        return Ages(timedelta(seconds=picture.test_marked_s), timedelta(seconds=picture.test_old_s))

    def _look_back(self, running: set[int]) -> None:
        """Read the tests that are over where one ended since, or when the screen comes to the front."""
        if not self.widget.isVisible() or (self._ran is not None and self._ran <= running):
            return
        self._ran = running

        async def load() -> None:
            found = await self._desk.link.get("/v1/tests", over_days=str(_LOOK_BACK_DAYS))
            self._over = [TestView.model_validate(test) for test in found]
            self.refresh()

        self._desk.run(load())

    def _empty(self, all_: int) -> str:
        if self.widget.filter == "over":
            return self.tr("No test that fits ended in the last 7 days, and no plan that fits expired.")
        if all_:
            return self.tr("No test fits. Alt+1 shows all of them.")
        return self.tr("No site is in test. A site put in test is listed here until somebody takes it out.")

    def _back(self) -> None:
        if self.widget.words.text() or self.widget.filter != "all":
            self.widget.words.clear()
            self.widget.choose_filter("all")
            self.widget.view.setFocus()
        else:
            self._desk.go("queue")

    def _card_done(self) -> None:
        back, self._from = self._from, ""
        self.widget.ask(on=False)
        self._plans_due.start()
        if back:
            self._desk.go(back)

    def heard(self, entry: Entry) -> None:
        """The feed told something of a test."""
        if entry.kind.startswith("test-"):
            self._plans_due.start()

    def _load_plans(self) -> None:
        if self._desk.link.session is None:
            return

        async def load() -> None:
            answer = await self._desk.link.get("/v1/planned-tests", expired="true")
            self._planned = [PlannedTest.model_validate(one) for one in answer]
            self.refresh()

        self._desk.run(load())

    def _print(self) -> None:
        """The report of the chosen test, on paper."""
        test = self._test()
        if test is None:
            return
        at = self._desk.link.now().astimezone()
        path = self.folder() / f"Test {test.id} {test.site.id} {at:%Y-%m-%d %H%M}.pdf"
        papers.save(self._desk, f"/v1/tests/{test.id}/report.pdf", path, self.tr("The report is saved as {0}"))

    def _test(self) -> TestView | None:
        row = self.widget.view.current()
        return row.test if row is not None else None

    # -- the chosen test ------------------------------------------------------------------------

    def _chose(self) -> None:
        row = self.widget.view.current()
        if row is None or row.test is None:
            self._detail, self._came, self._loaded = None, [], None
            self.widget.show_test(row, None, [], self._desk.link.now())
            return
        if self._detail is None or self._detail.test.id != row.test.id:
            self._detail, self._came = None, []
            self._show()
            self._load_due.start()

    def _show(self) -> None:
        self.widget.show_test(self.widget.view.current(), self._detail, self._came, self._desk.link.now())

    def _load(self) -> None:
        row = self.widget.view.current()
        if row is None or row.test is None or not self.widget.isVisible():
            # Behind another screen nobody reads it: coming to the front asks for it.
            return
        test = row.test
        self._loaded = _state(test)

        async def load() -> None:
            detail = TestDetail.model_validate(await self._desk.link.get(f"/v1/tests/{test.id}"))
            came = await self._desk.link.get(f"/v1/tests/{test.id}/signals")
            chosen = self.widget.view.current()
            if chosen is not None and chosen.key == str(test.id):
                self._detail, self._came = detail, [Entry.model_validate(entry) for entry in came]
                self._show()

        self._desk.run(load())


_ORDER = {Age.OLD: 0, Age.MARKED: 1, Age.PLAIN: 2}


def _state(test: TestView) -> tuple[int, int, int, bool]:
    return test.id, test.version, test.signals, test.ended_at is None


def _shown(row: BoardRow, name: str) -> bool:
    test = row.test
    if row.over or name == "over":
        return row.over and name == "over"
    if name == "old":
        return row.age is Age.OLD
    if name == "part":
        return test is not None and not test.whole
    if name == "signals":
        return test is not None and test.signals > 0
    return True


def _fits(row: BoardRow, words: list[str]) -> bool:
    said = " ".join(text for cell in row.cells for text in cell).casefold()
    return all(word in said for word in words)

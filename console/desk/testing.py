"""Putting a site in and out of test, from whichever screen (G5): who asks is checked first, then the test is set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer

from console.desk.place import Desk
from models.records import (
    Identified,
    PlannedTest,
    ScopePreview,
    SiteFile,
    SiteRef,
    TestBegun,
    TestScope,
    TestView,
    Verified,
)
from widgets.testing.card import TestCard
from widgets.testing.order import TestOrder
from widgets.words import plural

_LOOK_AFTER_MS = 120
COMMANDS = ("next", "back", "test-whole", "test-part")


class Testing(QObject):
    """Lets one card put sites in and out of test."""

    def __init__(self, desk: Desk, card: TestCard, done: Callable[[], None]) -> None:
        """``done`` when something was set, or was left."""
        # Goes with its card: nothing is looked at for a window that is closed.
        super().__init__(card)
        self._desk, self.card, self._done = desk, card, done
        self._identified: tuple[str, str, str, int] | None = None
        """Site, contact, what they gave, and the entry that says so: a second press does not ask twice."""
        self._tests: set[int] = set()
        """The tests of the site when the card was asked for."""
        self._setting = False
        """What the card wants is on its way: the feed may tell of it before the answer."""
        self._scope: tuple[str, TestScope] | None = None
        self._look_due = QTimer(self)
        self._look_due.setSingleShot(True)
        self._look_due.setInterval(_LOOK_AFTER_MS)
        self._look_due.timeout.connect(self._look)
        card.wanted.connect(self._wanted)
        card.looked_at.connect(self._look_at)
        card.part_wanted.connect(lambda site: desk.test_part(site))
        card.back.connect(done)

    def can(self, command: str) -> bool:
        """What the card takes while it is in front."""
        return command in COMMANDS or command in ("digit-1", "digit-2")

    def do(self, command: str) -> None:
        """One command, with the card in front."""
        acts: dict[str, Callable[[], object]] = {
            "next": self.card.press_next,
            "back": self.card.press_back,
            "test-whole": self.card.press_whole,
            "test-part": self.card.press_part,
        }
        if command in acts:
            acts[command]()
        elif command.startswith("digit-"):
            self.card.press_digit(int(command[-1]))

    def ask_site(self, site: SiteRef, *, out: bool = False) -> bool:
        """F7 and Shift+F7 for a site; False: the board is in front, where one of its several tests is chosen."""
        tests = self._desk.link.known.tests.get(site.id, ())
        if len(tests) > 1:
            self._desk.test_part(site)
            return False
        self.ask(site, tests[0] if tests else None, out=out)
        return True

    def ask(
        self, site: SiteRef, test: TestView | None, *, out: bool = False, planned: PlannedTest | None = None
    ) -> None:
        """Show the card for a site: a new test, or ``test`` (or what is ``planned``) to be changed or ended."""
        link = self._desk.link
        picture = link.known.picture
        self._tests = self._running(site)
        default = timedelta(seconds=picture.test_default_s) if picture is not None else None

        def show(file: SiteFile | None) -> None:
            self.card.ask(site, file, test, link.now(), out=out, default_end=default, planned=planned)

        show(None)

        async def load() -> None:
            file = SiteFile.model_validate(await link.get(f"/v1/sites/{site.id}/file"))
            if self.card.site is not None and self.card.site.id == site.id:
                show(file)

        self._desk.run(load(), lambda body: self.card.refuse(body.sentence, body.field))

    def refresh(self) -> None:
        """What is known changed: a card does nothing more for a site whose tests are others by now, and says so.

        It stays in front: the next Enter must not go to whatever is below it (I8).
        """
        site, test = self.card.site, self.card.test
        if site is None or self._setting or not self.card.isVisible():
            return
        running = self._running(site)
        if running == self._tests or (test is not None and test.id in running):
            return
        said = self.tr("{0} was put in test meanwhile.") if running - self._tests else self.tr("A test of {0} ended.")
        self.card.stale(said.format(site.name) + " " + self.tr("Esc, then F7 asks again."))

    def _running(self, site: SiteRef) -> set[int]:
        return {test.id for test in self._desk.link.known.tests.get(site.id, ())}

    # -- doing it -------------------------------------------------------------------------------

    def _wanted(self, order: TestOrder) -> None:
        self._setting = True

        async def carry_out() -> None:
            try:
                await self._carry_out(order)
            finally:
                self._setting = False

        self._desk.run(carry_out(), self.card.refused)

    async def _carry_out(self, order: TestOrder) -> None:
        link = self._desk.link
        if order.planned is not None:
            said = await self._change_plan(order, order.planned)
        elif order.out and order.test is not None:
            body: dict[str, Any] = {"why": order.why, "still": order.still.value}
            await self._desk.patiently(link.act(f"/v1/tests/{order.test.id}/end", body))
            said = self.tr("{0} is out of test")
        elif order.test is not None:
            body = self._body(order) | {"version": order.test.version, "still": order.still.value}
            await self._desk.patiently(link.act(f"/v1/tests/{order.test.id}/change", body))
            said = self.tr("The test of {0} is changed")
        else:
            asked = await self._asked(order)
            if asked is None:
                return
            body = self._body(order) | {"asked": asked}
            if order.when is not None:
                await self._desk.patiently(link.act(f"/v1/sites/{order.site}/planned-tests", body))
                said = self.tr("A test of {0} is planned")
            else:
                answer = await self._desk.patiently(link.act(f"/v1/sites/{order.site}/tests", body))
                said = self._begun(TestBegun.model_validate(answer))
        name = self.card.site.name if self.card.site is not None else order.site
        self.card.forget()
        self._identified = None
        self._done()
        self._desk.notify(said.format(name))

    async def _change_plan(self, order: TestOrder, planned: PlannedTest) -> str:
        path = f"/v1/planned-tests/{planned.id}"
        if order.out:
            body: dict[str, Any] = {"version": planned.version, "why": order.why}
            await self._desk.patiently(self._desk.link.act(f"{path}/remove", body))
            return self.tr("The planned test of {0} is taken back")
        body = self._body(order) | {"version": planned.version}
        if order.when is None:
            body["when"] = planned.when.model_dump(mode="json")
        await self._desk.patiently(self._desk.link.act(f"{path}/change", body))
        return self.tr("The planned test of {0} is changed")

    def _begun(self, test: TestBegun) -> str:
        """F5: what runs goes on, and is handled to its end. No key is promised that may refuse it."""
        said = self.tr("{0} is in test")
        if not test.run_on:
            return said
        alarms = plural(len(test.run_on), self.tr("open alarm"), self.tr("open alarms"))
        offer = self.tr("{0} of this site run on, to be handled and closed like any other")
        if len(test.run_on) == 1:
            offer = self.tr("{0} of this site runs on, to be handled and closed like any other")
        return f"{said}. {offer.format(alarms)}"

    async def _asked(self, order: TestOrder) -> dict[str, Any] | None:
        """Who asked, known by what they gave (A4); None where they are not known: the card says so."""
        if not order.contact:
            return {}
        known = (order.site, order.contact, order.proof)
        if self._identified is None or self._identified[:3] != known:
            code, _, pin = order.proof.partition(" ")
            by_code = code.isdecimal() and pin.strip().isdecimal()
            given = {"id_code": code, "pin": pin.strip()} if by_code else {"word": order.proof}
            path = f"/v1/sites/{order.site}/contacts/{order.contact}/identify"
            found = Identified.model_validate(await self._desk.patiently(self._desk.link.post(path, given)))
            if found.how is Verified.NO:
                self.card.refuse(self.tr("That is not right. Give nothing away; the try is journaled."), "identified")
                return None
            if found.how is Verified.DURESS:
                # Nothing on the screen says more to whoever looks over a shoulder (rulebook, duress).
                self.card.refuse(self.tr("Act as under threat: speak as if all were well."), "identified")
                return None
            self._identified = (*known, found.entry or 0)
        return {"contact": order.contact, "identified": self._identified[3]}

    @staticmethod
    def _body(order: TestOrder) -> dict[str, Any]:
        body: dict[str, Any] = {
            "scope": order.scope.model_dump(mode="json"),
            "why": order.why,
            "ticket": order.ticket,
            "confirmed": order.confirmed,
        }
        if order.when is not None:
            return body | {"when": order.when.model_dump(mode="json")}
        return body | {"ends_at": None if order.ends_at is None else order.ends_at.isoformat()}

    # -- what a scope would silence -------------------------------------------------------------

    def _look_at(self, site: str, scope: TestScope) -> None:
        self._scope = (site, scope)
        self._look_due.start()

    def _look(self) -> None:
        if self._scope is None:
            return
        site, scope = self._scope

        async def look() -> None:
            body = {"scope": scope.model_dump(mode="json")}
            answer = await self._desk.link.post(f"/v1/sites/{site}/tests/preview", body)
            if self._scope == (site, scope):
                self.card.show_preview(site, ScopePreview.model_validate(answer))

        self._desk.run(look(), lambda body: self.card.refuse(body.sentence, body.field))

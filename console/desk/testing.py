"""Putting a site in and out of test, from whichever screen (G5)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from console.desk.place import Desk
from models.records import ErrorBody, StillThere, TestView
from widgets.test_card import TestCard


def serve(desk: Desk, card: TestCard, done: Callable[[], None]) -> None:
    """Let ``card`` put sites in and out of test; ``done`` when one was."""

    def wanted(site: str, running: TestView | None, why: str) -> None:
        async def test() -> None:
            if running is None:
                await desk.patiently(desk.link.act(f"/v1/sites/{site}/tests", {"why": why}))
            else:
                body = {"why": why, "still": StillThere.LEAVE.value}
                await desk.patiently(desk.link.act(f"/v1/tests/{running.id}/end", body))
            done()
            into = QCoreApplication.translate("testing", "{0} is in test")
            out_of = QCoreApplication.translate("testing", "{0} is out of test")
            desk.notify((into if running is None else out_of).format(site))

        def refused(body: ErrorBody) -> None:
            card.refuse(body.sentence, body.field)

        desk.run(test(), refused)

    card.wanted.connect(wanted)

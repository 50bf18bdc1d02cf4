"""Putting a site in and out of test, from whichever screen (G5)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from console.desk.place import Desk
from models.records import ErrorBody
from widgets.test_card import TestCard


def serve(desk: Desk, card: TestCard, done: Callable[[], None]) -> None:
    """Let ``card`` put sites in and out of test; ``done`` when one was."""

    def wanted(site: str, on: bool, asked_by: str, why: str) -> None:
        async def test() -> None:
            body = {"on": on, "asked_by": asked_by, "why": why}
            await desk.patiently(desk.link.act(f"/v1/sites/{site}/test", body))
            done()
            into = QCoreApplication.translate("testing", "{0} is in test")
            out_of = QCoreApplication.translate("testing", "{0} is out of test")
            desk.notify((into if on else out_of).format(site))

        def refused(body: ErrorBody) -> None:
            card.refuse(body.sentence, body.field)

        desk.run(test(), refused)

    card.wanted.connect(wanted)

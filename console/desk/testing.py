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
            await desk.link.act(f"/v1/sites/{site}/test", {"on": on, "asked_by": asked_by, "why": why})
            done()
            said = "{0} is in test" if on else "{0} is out of test"
            desk.notify(QCoreApplication.translate("testing", said).format(site))

        def refused(body: ErrorBody) -> None:
            card.refuse(body.sentence, body.field)

        desk.run(test(), refused)

    card.wanted.connect(wanted)

"""A zone that tells far too often is put aside from the alarm in hand; the alarm goes on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from console.desk.place import Desk
from widgets.workspace.shelve_card import ShelfOrder, ShelveCard


class Shelving(QObject):
    """Lets one card put zones aside."""

    def __init__(self, desk: Desk, card: ShelveCard, done: Callable[[], None]) -> None:
        """``done`` when it was set, or was left."""
        super().__init__(card)
        self._desk, self.card, self._done = desk, card, done
        card.wanted.connect(self._wanted)
        card.back.connect(done)

    def _wanted(self, order: ShelfOrder) -> None:
        zone = order.zone
        body = {
            "zone": zone.zone,
            "area": zone.area,
            "account": zone.account,
            "kind": zone.kind.value if zone.kind is not None else "",
            "why": order.why,
            "minutes": order.minutes,
            "once": order.minutes is None,
            "confirmed": order.confirmed,
        }

        async def shelve() -> None:
            await self._desk.patiently(self._desk.link.act(f"/v1/alarms/{order.alarm}/shelve", body))
            self._done()
            self._desk.notify(self.tr("{0} is put aside").format(zone.label))

        self._desk.run(shelve(), self.card.refused)

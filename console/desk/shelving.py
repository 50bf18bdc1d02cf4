"""A zone that tells far too often is put aside from the alarm in hand; the alarm goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication, QObject

from console.desk.place import Desk
from models.records import AlarmView
from widgets.workspace.shelve_card import ShelfOrder, ShelveCard


def why_nothing(here: AlarmView | None, in_hand: Iterable[AlarmView]) -> str:
    """Why Alt+Z puts nothing aside where it was pressed, and where it would (issue 5, 6).

    ``here``: the alarm on screen, None on a screen without one; ``in_hand``: all that whoever sits here holds.
    """
    found = next((alarm for alarm in in_hand if alarm.runaway), None)
    if found is not None:
        zones = ", ".join(zone.label for zone in found.runaway)
        return _tr("{0} of alarm {1} can be put aside: Ctrl+F2 opens the alarm, then Alt+Z.").format(zones, found.id)
    if here is not None:
        return _tr("No zone of this alarm reports too often: there is none to put aside. F7 puts zones in test.")
    return _tr("A zone is put aside from an alarm in your hands, and none of those has one that reports too often.")


def _tr(words: str) -> str:
    return QCoreApplication.translate("shelving", words)


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

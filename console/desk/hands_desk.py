"""What others took out of these hands, and what they answer, is said at once and moves nobody (I8, rulebook H)."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console.desk.place import Desk
from models.records import FeedItem
from widgets.words import headline

_KIND, _ANSWERED = "handed-over", "ask-answered"


class HandsDesk(QObject):
    """Says it in the title line, on whatever screen; what was put into these hands the frame itself keeps saying."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._mine: dict[int, str] = {}
        """What was asked from here and is not answered yet: its number, its alarm."""

    def heard(self, item: FeedItem) -> None:
        """Something was journaled."""
        self._hear_answer(item)
        known, alarm = self._desk.link.known, item.alarm
        if item.entry.kind != _KIND or alarm is None:
            return
        where = alarm.site.name if alarm.site is not None else alarm.account
        named = ", ".join(part for part in (headline(alarm), where) if part)
        if alarm.id in known.away:
            self._desk.tell(self.tr("No longer in your hands: {0}. {1}.").format(named, item.entry.text))

    def _hear_answer(self, item: FeedItem) -> None:
        """Whoever asked something is told what came of it."""
        known = self._desk.link.known
        if item.asks is None or known.picture is None:
            return
        me = (known.picture.me.login, known.picture.workstation)
        mine = {one.id: one.alarm for one in item.asks if (one.login, one.workstation) == me}
        over = {alarm for number, alarm in self._mine.items() if number not in mine}
        self._mine = mine
        if item.entry.kind == _ANSWERED and item.entry.alarm in over:
            self._desk.tell(f"{item.entry.text}.")

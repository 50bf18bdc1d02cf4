"""What others put into these hands, or took out of them, is said at once and moves nobody (I8, rulebook H)."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console.desk.place import Desk
from models.records import FeedItem

_KIND = "handed-over"


class HandsDesk(QObject):
    """Says it in the title line, on whatever screen; what was put into these hands rings until it is looked at."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def heard(self, item: FeedItem) -> None:
        """Something was journaled."""
        known, alarm = self._desk.link.known, item.alarm
        if item.entry.kind != _KIND or alarm is None:
            return
        where = alarm.site.name if alarm.site is not None else alarm.account
        named = ", ".join(part for part in (alarm.words, where) if part)
        if alarm.id in known.given:
            words = self.tr("In your hands now: {0}. {1}. Ctrl+F2 opens it.")
            self._desk.notify(words.format(named, item.entry.text), loud=True)
        elif alarm.id in known.away:
            words = self.tr("No longer in your hands: {0}. {1}.")
            self._desk.notify(words.format(named, item.entry.text), loud=True)

"""Closing several waiting alarms from the queue (Ctrl+F10): a supervisor's; one act for each, in turns."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject

from console.client.link import LinkState, Refusal
from console.desk.place import Desk
from models.records import AlarmClass, AlarmView, BulkLine, BulkSelection, Disposition, ErrorCode, StormBoard
from widgets.queue.bulk_card import BulkCard, Option

_SHOWN_EVERY_S = 0.25
_GIVES_UP = (ErrorCode.NOT_SIGNED_IN, ErrorCode.NOT_ALLOWED, ErrorCode.BEHIND)
"""Refusals after which no further alarm would be closed either."""


class BulkDesk(QObject):
    """Asks for the choice, closes one after another, and says which were not closed and why."""

    def __init__(self, desk: Desk, card: BulkCard, done: Callable[[], None]) -> None:
        """``done`` when the card was left."""
        super().__init__(card)
        self._desk, self.card = desk, card
        self._stop = False
        self._turn = 0
        card.chosen.connect(self._list)
        card.wanted.connect(self._close)
        card.stopped.connect(self._stopped)
        card.back.connect(done)

    def can(self, command: str) -> bool:
        """What the card takes while it is in front."""
        return command in ("next", "back", "remove") or command.startswith("digit-")

    def do(self, command: str) -> None:
        """One command, with the card in front."""
        if command == "next":
            self.card.press_next()
        elif command == "back":
            self.card.press_back()
        elif command == "remove":
            self.card.leave_out()
        elif command.startswith("digit-"):
            self.card.press_digit(int(command[-1]))

    def ask(self, alarm: AlarmView | None, storm: int | None) -> None:
        """The card: what the chosen alarm is one of comes first, then what else many have in common."""
        self._turn += 1
        self.card.begin(self._options(alarm, storm))

        async def load() -> None:
            # Providers are the station's to name; what is chosen meanwhile stays.
            board = StormBoard.model_validate(await self._desk.link.get("/v1/storms"))
            self.card.add_options([_provider(name) for name in board.providers])

        self._desk.run(load(), lambda _body: None)

    def _options(self, alarm: AlarmView | None, storm: int | None) -> list[Option]:
        known = self._desk.link.known
        waiting = [each for each in known.all_waiting() if not each.life_safety and each.priority > 1]
        found: list[Option] = []
        held = Counter(each.storm.id for each in waiting if each.storm is not None)
        names = {each.storm.id: each.storm.name for each in waiting if each.storm is not None}
        for which, many in sorted(held.items(), key=lambda one: (one[0] != storm, -one[1])):
            words = self.tr("Storm profile “{0}” · {1}").format(names[which], many)
            found.append(Option(words, {"storm": str(which)}))
        kinds = Counter(each.kind for each in waiting)
        said = {each.kind: each.words for each in reversed(waiting)}
        mine = alarm.kind if alarm is not None else ""
        people = {each.kind for each in waiting if each.alarm_class is AlarmClass.INTRUSION}
        # Whoever opens the card above an Emergency is not offered break-ins first: most of a storm is technical.
        for kind, many in sorted(kinds.items(), key=lambda one: (one[0] != mine, one[0] in people, -one[1])):
            found.append(Option(self.tr("Kind “{0}” · {1}").format(said[kind], many), {"kind": kind}))
        if alarm is not None and alarm.site is not None:
            words = self.tr("Site {0} · {1}").format(alarm.site.name, alarm.site.id)
            found.append(Option(words, {"site": alarm.site.id}))
        for each in known.alarms.values():
            if each.outage is not None and each.closed_at is None:
                found.append(Option(self.tr("Sites of {0}").format(each.words), {"outage": each.id}))
        first = {"storm": str(storm)} if storm is not None else {"kind": mine}
        found.sort(key=lambda option: option.query != first)
        return found

    def _list(self, query: dict[str, str]) -> None:
        self._turn += 1
        turn = self._turn

        async def load() -> None:
            found = BulkSelection.model_validate(await self._desk.link.get("/v1/waiting", **query))
            if turn == self._turn:
                self.card.show_lines(found, self._desk.link.now())

        self._desk.run(load(), lambda body: self.card.refuse(body.sentence, body.field))

    def _stopped(self) -> None:
        self._stop = True

    def _close(self, disposition: Disposition, reason: str) -> None:
        lines = self.card.lines()
        self._stop = False
        self.card.progress(0, len(lines))
        self._desk.run(self._close_each(lines, disposition, reason))

    async def _close_each(self, lines: list[BulkLine], disposition: Disposition, reason: str) -> None:
        closed, not_closed, done = 0, [], 0
        shown_at = float("-inf")
        for line in lines:
            if self._stop or self._desk.link.state is not LinkState.LINKED:
                break
            body: dict[str, Any] = {
                "version": line.version,
                "up_to": line.last_seq,
                "disposition": disposition.value,
                "reason": reason,
            }
            done += 1
            try:
                await self._desk.link.act_on(line.id, "bulk-close", body)
                closed += 1
            except Refusal as refusal:
                not_closed.append((line, refusal.body.sentence))
                if refusal.body.code in _GIVES_UP:
                    break
            if time.monotonic() - shown_at >= _SHOWN_EVERY_S:
                shown_at = time.monotonic()
                self.card.progress(done, len(lines))
                self._desk.changed()
        self.card.finished(closed, not_closed, len(lines) - done)
        self._desk.changed()


def _provider(name: str) -> Option:
    return Option(QCoreApplication.translate("bulk", "Provider {0}").format(name), {"provider": name})

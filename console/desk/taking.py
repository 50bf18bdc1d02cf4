"""F1, and which alarm in hand a key means away from its screen (G1, G2, visual.md §4)."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject

from console.desk.place import Desk
from console.desk.queue_desk import QueueDesk
from console.desk.workspace_desk import WorkspaceDesk
from models.records import AlarmView, ErrorBody

_PARK_CALL_S = 3.0
"""F1 pressed again within so long parks the running call (visual.md §4)."""


class Taking(QObject):
    """Takes the most urgent alarm; finds the one that is meant among those in hand."""

    def __init__(self, desk: Desk, queue: QueueDesk, workspace: WorkspaceDesk) -> None:
        super().__init__()
        self._desk, self._queue, self._workspace = desk, queue, workspace
        self._f1_at = float("-inf")

    def parks_call(self) -> bool:
        """Whether F1 pressed now parks the call that runs."""
        return time.monotonic() - self._f1_at < _PARK_CALL_S

    def take_next(self, *, here: bool) -> None:
        """F1. A call that runs is parked by a second press alone; ``here``: the workspace is on the screen."""
        known = self._desk.link.known
        in_hand, first = known.in_hand(), known.next_here(self._desk.link.now())
        if in_hand and first is not None and first.priority >= in_hand[0].priority:
            words = self.tr("Nothing more urgent waits: close, park or release {0} first. Enter on a row takes it too.")
            self._desk.notify(words.format(in_hand[0].id))
            return
        again = self.parks_call()
        if here and self._workspace.calling() and not again:
            self._f1_at = time.monotonic()
            return
        self._f1_at = float("-inf")

        async def take() -> None:
            alarm = await self._desk.patiently(self._desk.link.act_on("", "take-next", {"park_call": again}))
            self._desk.changed()
            self._desk.open_alarm(alarm)

        def refused(body: ErrorBody) -> None:
            if body.field == "park_call":
                # A call that is not on this screen runs: F1 again parks it, from wherever.
                self._f1_at = time.monotonic()
            self._desk.notify(body.sentence, loud=True)

        self._desk.run(take(), refused)

    def meant(self) -> AlarmView | None:
        """The alarm in hand that a key means away from the workspace: chosen, else last worked on, else the only one.

        Never a guess: F11 gives it away at once.
        """
        in_hand = {alarm.id: alarm for alarm in self._desk.link.known.in_hand()}
        for alarm in (self._queue.widget.list.view.current_alarm(), self._workspace.alarm):
            if alarm is not None and alarm.id in in_hand:
                return in_hand[alarm.id]
        return next(iter(in_hand.values())) if len(in_hand) == 1 else None

    def show_in_hand(self, *, here: bool) -> None:
        """Ctrl+F2: the alarm last worked on; where that is on the screen (``here``), the next in hand."""
        in_hand = self._desk.link.known.in_hand()
        ids = [alarm.id for alarm in in_hand]
        shown = self._workspace.alarm
        at = ids.index(shown.id) if shown is not None and shown.id in ids else -1
        self._desk.open_alarm(in_hand[(at + 1) % len(ids) if here or at < 0 else at])

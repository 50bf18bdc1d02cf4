"""One line of the journal, opened beside the list, and its alarm from start to end (G6, G4)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QTimer

from console.desk.place import Desk
from models.records import AlarmTimeline, Entry, EntryDetail, ErrorBody
from widgets.journal.review import ReviewScreen

_OPEN_AFTER_MS = 120
"""Whoever goes through the lines by an arrow that is held down asks for none of them."""


class OpenedLine:
    """Asks for what a chosen line holds, and for the timeline of its alarm; shows them on the review's screen."""

    def __init__(self, desk: Desk, screen: ReviewScreen) -> None:
        self._desk, self._screen = desk, screen
        self._bar: AlarmTimeline | None = None
        self._details: dict[int, EntryDetail] = {}
        self._timelines: dict[str, AlarmTimeline] = {}
        self._asked = 0
        """Counts the questions to the journal: an alarm that comes after another question is not shown."""
        self._open_due = QTimer(screen)
        self._open_due.setSingleShot(True)
        self._open_due.setInterval(_OPEN_AFTER_MS)
        self._open_due.timeout.connect(self._open)
        screen.view.chosen.connect(self.chose)
        screen.timeline.view.chosen.connect(self.chose)

    def chose(self, entry: Entry | None) -> None:
        """The focus bar stands on another line, or on none."""
        self._screen.pane.show_entry(entry)
        if entry is None or self._bar is None or entry.alarm != self._bar.alarm.id:
            self._show_bar(None)
        if entry is None:
            return
        if entry.seq in self._details:
            self._screen.pane.show_detail(self._details[entry.seq])
        self._open_due.start()

    def _open(self) -> None:
        entry = self._screen.lines().current()
        if entry is None or self._desk.link.session is None:
            return

        async def load() -> None:
            if entry.seq not in self._details:
                answer = await self._desk.link.get(f"/v1/journal/{entry.seq}")
                self._details[entry.seq] = EntryDetail.model_validate(answer)
            self._screen.pane.show_detail(self._details[entry.seq])
            if entry.alarm:
                told = await self._timeline(entry.alarm)
                if self._screen.pane.seq == entry.seq and not self._screen.shows_timeline():
                    self._show_bar(told)

        def refused(body: ErrorBody) -> None:
            if self._screen.pane.seq == entry.seq:
                self._screen.pane.refuse(body.sentence)

        self._desk.run(load(), refused)

    def _show_bar(self, told: AlarmTimeline | None) -> None:
        self._bar = told
        self._screen.show_bar(told, self._desk.link.now())

    async def _timeline(self, alarm: str) -> AlarmTimeline:
        if alarm not in self._timelines:
            answer = await self._desk.link.get(f"/v1/alarms/{alarm}/timeline")
            self._timelines[alarm] = AlarmTimeline.model_validate(answer)
        return self._timelines[alarm]

    # -- its alarm from start to end --------------------------------------------------------------

    def has_alarm(self) -> bool:
        """Whether the chosen line is of an alarm that is not shown whole already."""
        entry = self._screen.lines().current()
        return entry is not None and entry.alarm is not None and not self._screen.shows_timeline()

    def alarm(self) -> str:
        """The alarm that is shown whole, or that the chosen line is of; empty for none."""
        shown, entry = self._screen.timeline.timeline, self._screen.lines().current()
        if self._screen.shows_timeline() and shown is not None:
            return shown.alarm.id
        return entry.alarm or "" if entry is not None else ""

    def show_alarm(self, *, again: bool = False) -> None:
        """One alarm from start to end, in the place of the lines; ``again``: the one that is shown, as it is now."""
        entry, shown = self._screen.view.current(), self._screen.timeline.timeline
        alarm = shown.alarm.id if again and shown is not None else entry.alarm if entry is not None else None
        if alarm is None:
            return
        asked = self._asked

        async def load() -> None:
            told = await self._timeline(alarm)
            if asked != self._asked or (again and not self._screen.shows_timeline()):
                return
            self._screen.show_timeline(told, self._desk.link.now(), keys=not again)
            self._show_bar(None)

        self._desk.run(load())

    def leave_alarm(self) -> None:
        """Back to the lines; opened beside them is the one that is chosen there."""
        self._screen.leave_timeline()
        self.chose(self._screen.view.current())

    # -- what goes on -----------------------------------------------------------------------------

    def asked_anew(self) -> None:
        """Something else is asked of the journal: an alarm that is shown whole is left."""
        if self._screen.shows_timeline():
            self.leave_alarm()
        self._asked += 1

    def tick(self, now: datetime) -> None:
        """An alarm that is not over ages."""
        if self._bar is not None and self._bar.closed_s is None:
            self._screen.bar.tell(self._bar, now)
        if self._screen.shows_timeline():
            self._screen.timeline.tick(now)

    def heard(self, entry: Entry) -> None:
        """The journal grew: an alarm that is shown goes on."""
        if entry.alarm is None or self._timelines.pop(entry.alarm, None) is None:
            return
        # An entry never changes, but a line of an alarm says how that stands now as well.
        self._details = {seq: told for seq, told in self._details.items() if told.entry.alarm != entry.alarm}
        if self._screen.shows_timeline():
            self.show_alarm(again=True)
        elif self._bar is not None and self._bar.alarm.id == entry.alarm:
            self._open_due.start()

    def nothing(self) -> None:
        """There is no line to open."""
        self._screen.pane.show_entry(None)
        self._show_bar(None)

    def signed_out(self) -> None:
        """Nothing stays open."""
        self._asked += 1
        self._details, self._timelines = {}, {}
        self._screen.leave_timeline()
        self.nothing()

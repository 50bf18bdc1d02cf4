"""The queue's presenter: the list moves when it may, the preview follows, Enter takes."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer

from console.client.link import LinkState
from console.desk.bulk_desk import BulkDesk
from console.desk.place import Desk
from console.desk.testing import Testing
from models.records import AlarmState, AlarmView, OutagePart, OutageView, SiteRef, StaffRole, StormDoes
from widgets.queue.screen import QueueScreen
from widgets.testing.card import TestCard
from widgets.words import plural, thousands

_PREVIEW_AFTER_MS = 150
_OUTAGE_EVERY_S = 5.0
"""The systems of an outage that grows are read again no sooner: thousands at a time."""
_RACED = timedelta(seconds=2)
"""Enter on a row that came into other hands so short ago was meant to take it: nobody is moved off the queue (G2)."""
_ACTIVITY_EVERY_S = 0.25
"""Nobody reads a list that moves faster; in a storm each move paints all of it."""


class QueueDesk(QObject):
    """See :class:`console.desk.place.Place`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.widget = QueueScreen()
        self.test = TestCard()
        self.test.hide()
        self.widget.side.addWidget(self.test)
        self._shown: str | None = None
        self._activity_at = self._outage_at = float("-inf")
        self._outage: OutageView | None = None
        self._members_of = ""
        """The outage whose systems were read, as :attr:`_outage` counted them."""
        self._returns = False
        """A site of an outage was opened from its list: whoever comes back goes on there."""
        self._preview_due = QTimer(self.widget)
        self._preview_due.setSingleShot(True)
        self._preview_due.setInterval(_PREVIEW_AFTER_MS)
        self._preview_due.timeout.connect(self._load_preview)
        self._settle_due = QTimer(self.widget)
        self._settle_due.setInterval(round(1000 * _ACTIVITY_EVERY_S))
        self._settle_due.timeout.connect(self._look_again)
        self._settle_due.start()
        view = self.widget.list.view
        view.chosen.connect(self._chose)
        view.opened.connect(self._open)
        self.widget.list.filter.typed.connect(self._filter)
        view.listed.connect(lambda: self.widget.part.list.setFocus())
        self.widget.part.list.open_asked.connect(self._leave_for_site)
        self.widget.part.list.check_asked.connect(self._check)
        self.widget.preview.take.clicked.connect(lambda: self.do("next"))
        self.widget.preview.test.clicked.connect(lambda: self.do("test-change"))
        self.widget.storm.open.clicked.connect(lambda: view.open_storm(opened=True))
        self.widget.storm.bulk.clicked.connect(lambda: self.do("close-several"))
        self.widget.storm.profile.clicked.connect(lambda: desk.go("storms"))
        self.testing = Testing(desk, self.test, self._leave_test)
        self.bulk = BulkDesk(desk, self.widget.bulk, self._leave_bulk)

    # -- Place ----------------------------------------------------------------------------------

    def title(self) -> tuple[str, str, bool]:
        """How many wait, are parked, are held."""
        known = self._desk.link.known
        me = known.picture.me.login if known.picture else ""
        counts = {state: known.in_state(state) for state in (AlarmState.WAITING, AlarmState.PARKED, AlarmState.HELD)}
        others = [alarm for alarm in counts[AlarmState.HELD] if alarm.holder != me]
        mine = len(counts[AlarmState.HELD]) - len(others)
        total = sum(len(alarms) for alarms in counts.values())
        grouped = self._grouped()
        if not total:
            return self.tr("Queue"), self.tr("Nothing is open. New alarms appear here by priority, and ring."), False
        waiting = len(known.waiting())
        summary = self.tr("{0} open · {1} waiting · {2} parked · {3} held by other operators").format(
            total, waiting, len(counts[AlarmState.PARKED]), len(others)
        )
        summary += self.tr(" · {0} in your hands").format(mine) if mine else ""
        return self.tr("Queue"), summary + self._hides() + grouped + self._in_storms(), False

    def can(self, command: str) -> bool:
        """What the chosen alarm allows."""
        if self.test.isVisible():
            return self.testing.can(command)
        if self.widget.bulk.isVisible():
            return self.bulk.can(command)
        if command in ("close-several", "filter"):
            return self._supervises()
        if command == "clear-filter":
            return self.widget.list.filter.isVisible()
        alarm = self.widget.list.view.current_alarm()
        if command == "insert-new":
            return True
        if command == "check-site":
            return self._lists() and self.widget.part.can_check()
        if command == "back":
            return self.widget.part.list.has_keys() or self.widget.list.filter.field.hasFocus()
        if alarm is None:
            return command == "next" and self.widget.list.view.current_storm() is not None
        if command in ("test-change", "test-out"):
            in_test = alarm.site is not None and alarm.site.id in self._desk.link.known.tests
            return alarm.site is not None and (command == "test-change" or in_test)
        return command == "next"

    def do(self, command: str) -> None:
        """Enter takes, F7 asks about the test, Space lets new alarms in."""
        view = self.widget.list.view
        if self.test.isVisible():
            self.testing.do(command)
        elif self.widget.bulk.isVisible():
            self.bulk.do(command)
        elif command == "close-several":
            self._close_several()
        elif command == "filter":
            self.widget.list.filter.begin()
        elif command == "clear-filter":
            self._show_all()
        elif command == "insert-new":
            view.rest()
            self._settle()
        elif command == "back":
            view.setFocus()
        elif command == "check-site":
            self.widget.part.list.press_check()
        elif command == "next":
            self._next()
        elif command in ("test-change", "test-out"):
            self._ask_test(out=command == "test-out")

    def enter(self) -> None:
        """To the front: the list may move, and has the keys."""
        self.test.hide()
        if self.widget.bulk.isVisible():
            # What is being closed goes on, whoever looks elsewhere meanwhile.
            self.widget.bulk.setFocus()
            return
        view = self.widget.list.view
        view.rest()
        self.refresh()
        self._settle()
        returns, self._returns = self._returns and self._lists(), False
        if returns:
            self.widget.part.list.setFocus()
            return
        view.choose_first(anew=True)
        view.setFocus()

    def refresh(self) -> None:
        """New words in the rows; whether rows move is another matter."""
        self.testing.refresh()
        link = self._desk.link
        model = self.widget.model
        model.me = link.known.picture.me.login if link.known.picture else ""
        model.know(link.known.alarms.values(), link.now())
        model.tell_notes(self._notes())
        self.widget.list.filter.tell(model.hidden())
        if time.monotonic() - self._activity_at >= _ACTIVITY_EVERY_S:
            self._show_activity()
        alarm = self.widget.list.view.current_alarm()
        if alarm is not None and self._shown == alarm.id:
            self._show_chosen(alarm)
            self.widget.preview.take.say(self._take_words(alarm))
            self._read_again()
        elif self.widget.list.view.current_storm() is not None:
            self._show_chosen(None)
        self._settle()

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.widget.model.tell_notes(self._notes())
        self.widget.model.tick(now)
        self.widget.preview.tick(now)
        self.widget.part.tick(now)
        if self.widget.bulk.isVisible():
            self.widget.bulk.tick(now)
        if self.widget.list.view.current_storm() is not None:
            self._show_chosen(None)
        # What came within the five seconds is read after them, also where nothing more comes.
        self._read_again()

    # -- inside ---------------------------------------------------------------------------------

    def _notes(self) -> dict[str, str]:
        """Of what waits: what nobody has who is signed in, and to whom F1 leaves it for a moment."""
        known = self._desk.link.known
        left = self.tr("F1 leaves it to {0}")
        notes = {one.alarm: left.format(", ".join(one.to)) for one in known.left_to(self._desk.link.now()).values()}
        nobody = self.tr("Nobody {0}")
        return notes | {alarm: nobody.format(", ".join(lacks)) for alarm, lacks in known.lacking().items()}

    def _show_activity(self) -> None:
        self._activity_at = time.monotonic()
        self.widget.activity.model.know(self._desk.link.known.activity)

    def _look_again(self) -> None:
        self._show_activity()
        self._settle()

    def _settle(self) -> None:
        view = self.widget.list.view
        if not self.widget.isVisible() or not view.in_use():
            self.widget.model.settle()
            view.choose_first()

    def _chose(self, alarm: AlarmView | None) -> None:
        same = alarm is not None and alarm.id == self._shown
        self._shown = alarm.id if alarm is not None else None
        self._show_chosen(alarm)
        self.widget.preview.tick(self._desk.link.now())
        self.widget.part.tick(self._desk.link.now())
        if alarm is not None:
            self.widget.preview.take.say(self._take_words(alarm))
            # From an outage to the rows below it nothing new is to be read.
            if not (same and alarm.id == self._members_of):
                self._preview_due.start()

    def _show_chosen(self, alarm: AlarmView | None) -> None:
        part, held = self.widget.list.view.current_part(), self.widget.list.view.current_storm()
        figures = self.widget.model.held_in(held) if held is not None else None
        if held is not None and figures is not None:
            known = self._desk.link.known
            alarms, profile = self.widget.model.alarms_in(held), known.storms.get(held.storm)
            self.widget.storm.show_row(figures, alarms, profile, self._desk.link.now(), may_close=self._supervises())
            self.widget.previews.setCurrentWidget(self.widget.storm)
            return
        self.widget.preview.show_alarm(alarm)
        if alarm is not None and alarm.outage is not None:
            self.widget.part.show_part(alarm, part or OutagePart.ALONE, mine=self._mine(alarm))
        self.widget.previews.setCurrentWidget(self.widget.preview if part is None else self.widget.part)

    def _take_words(self, alarm: AlarmView) -> str:
        """What Enter does with it."""
        if self._mine(alarm):
            return self.tr("Go on with it")
        if alarm.state is not AlarmState.HELD:
            return self.tr("Take this one too") if self._desk.link.known.in_hand() else self.tr("Take this alarm")
        return self.tr("Take over, or give to somebody") if self._supervises() else self.tr("Ask for it")

    def _mine(self, alarm: AlarmView) -> bool:
        return alarm.state is AlarmState.HELD and alarm in self._desk.link.known.in_hand()

    def _lists(self) -> bool:
        """Whether the systems of a row below an outage are beside the queue."""
        return self.widget.list.view.current_part() is not None

    def _filter(self, text: str) -> None:
        """In this view, for this session: what rings, F1 and the counts above know nothing of it."""
        self.widget.model.filter(text)
        self.widget.list.view.choose_first()
        self.widget.list.filter.tell(self.widget.model.hidden())

    def _show_all(self) -> None:
        self.widget.list.filter.clear()
        self.widget.list.view.setFocus()

    def signed_out(self) -> None:
        """A filter ends with its session."""
        self.widget.list.filter.clear()

    def _hides(self) -> str:
        hidden = self.widget.model.hidden()
        return self.tr(" · filter hides {0}: Ctrl+0 shows all").format(hidden) if hidden else ""

    def _next(self) -> None:
        """Enter takes an alarm, goes into the list of a row below an outage, and opens a site there."""
        alarm, held = self.widget.list.view.current_alarm(), self.widget.list.view.current_storm()
        if self.widget.list.filter.field.hasFocus():
            self.widget.list.view.setFocus()
        elif held is not None:
            self.widget.list.view.open_storm(opened=not self.widget.model.is_storm_open(held))
        elif self._lists() and self.widget.part.list.has_keys():
            self.widget.part.list.press_open()
        elif self._lists():
            self.widget.part.list.setFocus()
        elif alarm is not None:
            self._open(alarm)

    def site_below(self) -> SiteRef | None:
        """The site of the chosen alarm, where it stands below a storm profile's row: F3 opens its file."""
        view = self.widget.list.view
        alarm = view.current_alarm()
        below = alarm is not None and self.widget.model.below_storm(view.currentIndex().row())
        return alarm.site if alarm is not None and below else None

    def _supervises(self) -> bool:
        session = self._desk.link.session
        return session is not None and StaffRole.SUPERVISOR in session.person.roles

    def _close_several(self) -> None:
        view = self.widget.list.view
        held = view.current_storm()
        self.widget.close_several(on=True)
        self.bulk.ask(view.current_alarm(), held.storm if held is not None else None)

    def _leave_bulk(self) -> None:
        self.widget.close_several(on=False)
        self._settle()
        self.widget.list.view.setFocus()

    def _in_storms(self) -> str:
        """What storm profiles keep out of the rows, said once."""
        known = self._desk.link.known
        marks = [alarm.storm for alarm in known.all_waiting() if alarm.storm is not None]
        grouped = sum(1 for mark in marks if mark.does is StormDoes.GROUP)
        delayed = sum(1 for mark in marks if mark.does is StormDoes.DELAY)
        said = self.tr(" · {0} grouped by a storm profile").format(thousands(grouped)) if grouped else ""
        return said + (self.tr(" · {0} delayed by one").format(thousands(delayed)) if delayed else "")

    def _leave_for_site(self) -> None:
        self._returns = True

    def _grouped(self) -> str:
        """What an outage gathers, said once (06d)."""
        outages = [alarm.outage for alarm in self._desk.link.known.alarms.values() if alarm.outage is not None]
        if not outages:
            return ""
        systems = thousands(sum(outage.lost + outage.back for outage in outages))
        return self.tr(" · {0} of {1} systems, counted once").format(
            plural(len(outages), self.tr("incident"), self.tr("incidents")), systems
        )

    def _check(self, site: str, checked: bool) -> None:
        alarm = self.widget.list.view.current_alarm()
        if alarm is None:
            return

        async def act() -> None:
            body = {"site": site, "checked": checked}
            await self._desk.patiently(self._desk.link.act_on(alarm.id, "check", body))
            self._desk.changed()
            await self._read_members(alarm.id)

        self._desk.run(act())

    def _read_again(self) -> None:
        """The systems of the outage that is chosen, where they changed since they were read."""
        alarm = self.widget.list.view.current_alarm()
        if alarm is None or alarm.outage in (None, self._outage) or self._shown != alarm.id:
            return
        if time.monotonic() - self._outage_at > _OUTAGE_EVERY_S and not self._preview_due.isActive():
            self._preview_due.start()

    def _load_preview(self) -> None:
        if self._shown is None or self._desk.link.state is not LinkState.LINKED or not self.widget.isVisible():
            return

        async def load(alarm: str) -> None:
            detail = await self._desk.link.detail(alarm)
            self.widget.preview.show_detail(detail)
            if detail.alarm.outage is not None:
                self._outage, self._outage_at = detail.alarm.outage, time.monotonic()
                await self._read_members(alarm)

        # A preview that does not come is said in its place alone: the row has what matters.
        alarm = self._shown
        self._desk.run(load(alarm), lambda body: self.widget.preview.show_trouble(alarm, body.sentence))

    async def _read_members(self, alarm: str) -> None:
        members = await self._desk.link.members(alarm)
        self._members_of = alarm
        self.widget.preview.show_members(alarm, members)
        self.widget.part.show_members(alarm, members)

    def _open(self, alarm: AlarmView) -> None:
        if alarm in self._desk.link.known.in_hand():
            self._desk.open_alarm(alarm)
            return
        if alarm.state is AlarmState.HELD:
            if alarm.held_since is not None and self._desk.link.now() - alarm.held_since < _RACED:
                words = self.tr("{0} took it just before you.")
                self._desk.notify(words.format(alarm.held_by or ""), loud=True)
            else:
                self._desk.in_other_hands(alarm)
            return

        async def take() -> None:
            view = await self._desk.patiently(self._desk.link.act_on(alarm.id, "take", {"version": alarm.version}))
            self._desk.changed()
            self._desk.open_alarm(view)

        self._desk.run(take())

    def _ask_test(self, *, out: bool) -> None:
        alarm = self.widget.list.view.current_alarm()
        if alarm is None or alarm.site is None:
            return
        if self.testing.ask_site(alarm.site, out=out):
            self.test.show()
            self.test.begin()

    def _leave_test(self) -> None:
        self.test.hide()
        self.widget.list.view.setFocus()

"""The workspace's presenter: one alarm in hand, from the first call to the close."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer

from console.client.link import LinkState
from console.desk.call_steps import CallSteps
from console.desk.closing import Closing
from console.desk.off_list_desk import OffListDesk
from console.desk.others import Others
from console.desk.place import Desk
from console.desk.shelving import Shelving
from console.desk.testing import Testing
from console.desk.workspace_title import notice_of, title_of, warnings_of, why_lost
from models.records import (
    AlarmDetail,
    AlarmView,
    Entry,
    ErrorBody,
    ErrorCode,
    StaffRole,
)
from widgets.card import Card
from widgets.workspace.screen import WorkspaceScreen

STEADY_S = 0.7
"""After an alarm left these hands Enter does nothing for so long, wherever it led (I8)."""
_OWN_FOR_S = 1.5
"""A change that follows an own act so closely was brought by it."""


class WorkspaceDesk(QObject):
    """See :class:`console.desk.place.Place`."""

    def __init__(self, desk: Desk, ring: Callable[[str, str], str]) -> None:
        """``ring``: see :class:`CallSteps`."""
        super().__init__()
        self._desk = desk
        self.widget = WorkspaceScreen()
        self.alarm: AlarmView | None = None
        self.detail: AlarmDetail | None = None
        self._gone_why = ""
        """Why the alarm on the screen is in these hands no longer: shown as it stood until its operator leaves it."""
        self._told = ("", "")
        """The alarm and the notice of it that was given last."""
        self._when_read, self._reading = "", False
        """What was asked for by a key before the alarm was read; whether it is being read."""
        self._busy = ""
        """The alarm whose act is on its way."""
        self._acted_at = self.left_at = float("-inf")
        self._load_due = QTimer(self.widget)
        self._load_due.setSingleShot(True)
        self._load_due.setInterval(60)
        self._load_due.timeout.connect(self._load)
        screen = self.widget
        screen.now.close_asked.connect(lambda: self.do("close"))
        self.closing = Closing(desk, screen.closing, self._act, self._fetch, self._shows, self._gone)
        self.closing.refused.connect(self._refused)
        screen.gone.back.connect(lambda: self._leave_gone())
        screen.loading.back.connect(lambda: self._leave_gone() if self._gone_why else self._desk.go("queue"))
        for card in (screen.closing, screen.people):
            card.back.connect(self._to_now)
        self.testing = Testing(desk, screen.testing, self._to_now)
        self.others = Others(desk, screen, self._shows, self._focus_card, self._to_now)
        screen.people.chosen.connect(
            lambda to, at: self._act("hand-over", {"to": to, "workstation": at}, then=self._gone)
        )
        self.shelving = Shelving(desk, screen.shelving, self._to_now)
        self.calls = CallSteps(desk, screen, self._act_and_read, ring, lambda: self.detail, self._to_now)
        self.off_list = OffListDesk(desk, screen, self._act_and_read, self._to_now)
        screen.side.note_written.connect(self._note)
        screen.side.park_wanted.connect(self._park)
        screen.side.left_field.connect(self._focus_card)
        screen.outage.split_asked.connect(self._split_off)
        screen.outage.list.check_asked.connect(
            lambda site, checked: self._act("check", {"site": site, "checked": checked})
        )

    # -- Place ----------------------------------------------------------------------------------

    def title(self) -> tuple[str, str, bool]:
        """The alarm, or the banner of a site in test."""
        if self.alarm is not None and self._gone_why:
            return self.tr("Alarm {0}").format(self.alarm.id), self.tr("no longer in your hands: as it stood"), False
        return title_of(self.alarm, self.detail, self._desk.link.known, self._desk.link.now())

    def can(self, command: str) -> bool:
        """What this alarm allows now."""
        if self.alarm is None or self._gone_why:
            return command == "back"
        if self.detail is None:
            # No key acts on what is not shown; what is in hand can always be given back.
            return command in ("back", "release")
        if command in ("test-change", "test-out"):
            site = self.alarm.site
            return site is not None and (command == "test-change" or site.id in self._desk.link.known.tests)
        if command == "shelve":
            return bool(self.alarm.runaway)
        if command == "off-list":
            return self.alarm.site is not None
        if command in ("test-whole", "test-part"):
            return self.widget.card() is self.widget.testing
        if command == "hang-up":
            return self.widget.now.calling()
        if command == "seen":
            # Only what is on screen can be marked seen (I8).
            return self.detail.alarm.unseen > 0
        if command == "code-words":
            return self.alarm.site is not None
        if command in ("insert-new", "move-down"):
            return self.widget.card() is self.widget.closing and self.widget.closing.opens_list()
        if command == "split-off":
            return self.alarm.outage is not None and self.widget.outage.can_split()
        if command == "check-site":
            return self.alarm.outage is not None and self.widget.outage.list.can_check()
        known = (
            *("park-5", "park-15", "park-other", "note", "close", "release", "hand-over", "next", "back", "skip"),
            "ask-help",
        )
        return command in known or command.startswith(("digit-", "step-"))

    def do(self, command: str) -> None:
        """One command."""
        screen = self.widget
        family, _, tail = command.partition("-")
        acts: dict[str, Callable[[], object]] = {
            "test-change": self._ask_test,
            "test-out": lambda: self._ask_test(out=True),
            "shelve": self._ask_shelve,
            "ask-help": lambda: self.others.ask_help(self.alarm),
            "off-list": lambda: self.off_list.ask(self.detail),
            "test-whole": screen.testing.press_whole,
            "test-part": screen.testing.press_part,
            "park-5": lambda: screen.side.ask_park(5),
            "park-15": lambda: screen.side.ask_park(15),
            "park-other": lambda: screen.side.ask_park(None),
            "note": screen.side.note.setFocus,
            "close": self._ask_close,
            "release": lambda: self._act("release", then=self._gone),
            "hand-over": lambda: self.others.ask_hand_over(self.alarm),
            "next": self._next,
            "back": self._back,
            "hang-up": screen.now.press_hang_up,
            **dict.fromkeys(("insert-new", "move-down"), screen.closing.open_list),
            "skip": screen.now.press_skip,
            "seen": self._seen,
            "code-words": self._code_words,
            "split-off": screen.outage.press_split,
            "check-site": screen.outage.list.press_check,
        }
        if command in acts:
            acts[command]()
        elif family == "digit":
            screen.card().press_digit(int(tail))
        elif family == "step":
            self._to_now()
            screen.now.pick(int(tail) - 1)

    def do_when_read(self, command: str) -> None:
        """One command, from another screen: at once, or when the alarm that is opened by it was read."""
        if self.detail is not None or self.can(command):
            self.do(command)
        else:
            self._when_read = command

    def enter(self) -> None:
        """To the front; without an alarm in hand there is nothing to show here."""
        self.refresh()
        if self.alarm is None:
            self._desk.go("queue")
        else:
            self._focus_card()

    def refresh(self) -> None:
        """What is known changed: load the alarm again where it is this one's, or leave it where it is gone."""
        self.testing.refresh()
        if self.alarm is None:
            return
        known = self._desk.link.known
        now = known.alarms.get(self.alarm.id)
        mine = now is not None and now in known.in_hand()
        if self._gone_why:
            away = known.away.get(self.alarm.id)
            if away is not None and self._gone_why != f"{away}.":
                # It was seen to be gone before the entry came that says by whom and why.
                self._gone_why = f"{away}."
                self.widget.gone.tell(self.alarm.id, self._gone_why)
            return
        if not mine and self._desk.link.state is LinkState.LINKED:
            if self._busy != self.alarm.id:
                self._lost(now)
            return
        if now is not None and now != self.alarm:
            self.alarm = now
            # The head at once; the cards, and the version that acts name, when it was read again.
            self._load_due.start()
        self._show_head(self.alarm)

    def heard(self, entry: Entry) -> None:
        """The feed told something of this site or alarm."""
        if self.alarm is None or self._gone_why:
            return
        ours = self.alarm.site.id if self.alarm.site else None
        if entry.alarm == self.alarm.id or (entry.site is not None and entry.site == ours):
            self._load_due.start()

    def signed_out(self) -> None:
        """No alarm stays here."""
        self.alarm = self.detail = None

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.widget.tick(now)
        if self.alarm is not None and not self._gone_why:
            self._show_head(self._desk.link.known.alarms.get(self.alarm.id, self.alarm))
        if self.detail is None and not self._reading and not self._load_due.isActive():
            self._load()
        changes = self.detail.plan.changes_at if self.detail is not None else None
        if changes is not None and now >= changes and not self._load_due.isActive():
            # A wait is over, a busy number comes back: by time alone.
            self._load_due.start()

    # -- an alarm comes and goes ----------------------------------------------------------------

    def open(self, alarm: AlarmView) -> None:
        """Show an alarm that is in hand."""
        self._told = ("", "")
        self._desk.link.known.looked_at(alarm.id)
        if self.alarm is None or self.alarm.id != alarm.id or self._gone_why:
            self._gone_why = self._when_read = ""
            self.detail = None
            self._show_head(alarm)
            self.widget.show_loading(alarm)
            self.widget.tick(self._desk.link.now())
        self.alarm = alarm
        self._acted_at = time.monotonic()
        self._load()

    def calling(self) -> bool:
        """Whether a call runs on the alarm that is here, in these hands."""
        return not self._gone_why and self.detail is not None and self.widget.now.calling()

    def _shows(self, alarm: str) -> bool:
        return self.alarm is not None and self.alarm.id == alarm

    def _load(self) -> None:
        if self._gone_why:
            return
        if self._busy and self._shows(self._busy):
            # The act's own answer comes first: what the card offers must be what the next key can do.
            self._load_due.start()
        elif self.alarm is not None and self._desk.link.state is LinkState.LINKED:
            alarm = self.alarm.id
            self._desk.run(self._fetch(alarm), lambda body: self._not_read(alarm, body))

    def _not_read(self, alarm: str, body: ErrorBody) -> None:
        if self._shows(alarm) and self.detail is None:
            self.widget.loading.refuse(body.sentence)
        self._desk.notify(body.sentence, loud=True)

    async def _fetch(self, alarm: str, *, by_act: bool = False) -> None:
        self._reading = True
        try:
            detail = await self._desk.link.detail(alarm)
        finally:
            self._reading = False
        if not self._shows(alarm) or self._gone_why:
            return
        if self._busy == alarm and not by_act:
            # Read before an act that is under way: the next step would be shown while no key can act on it yet.
            self._load_due.start()
            return
        own, first = time.monotonic() - self._acted_at < _OWN_FOR_S, self.detail is None
        self.detail, self.alarm = detail, detail.alarm
        self._show_head(detail.alarm)
        session = self._desk.link.session
        self.widget.now.may_skip_required = session is not None and StaffRole.SUPERVISOR in session.person.roles
        self.widget.show_detail(detail, own=own)
        if first and self.widget.isVisible():
            self._focus_card()
            asked, self._when_read = self._when_read, ""
            if asked and self.can(asked):
                self.do(asked)
        self.off_list.read(detail)
        if detail.alarm.outage is not None:
            members = await self._desk.link.members(alarm)
            if not self._shows(alarm):
                return
            self.widget.outage.show_members(members)
        known = self._desk.link.known.alarms.get(alarm)
        if known is not None and (known.version, known.last_seq) > (detail.alarm.version, detail.alarm.last_seq):
            self._show_head(known)
            self._load_due.start()
        self.widget.tick(self._desk.link.now())
        self._tell()

    def _show_head(self, alarm: AlarmView) -> None:
        """What the alarm's own state says, at once; what the cards show follows when it was read."""
        warnings = warnings_of(alarm, self.detail, self._desk.link.known, self._desk.link.now())
        self.widget.header.show_alarm(alarm, warnings)

    def _tell(self) -> None:
        """The one notice of the alarm that is here."""
        if self.alarm is not None:
            sentence, loud, stays = notice_of(self.alarm, self.calls.trouble)
            told = (self.alarm.id, sentence)
            # Read again it is no news: said anew it would keep back what somebody asks of whoever sits here.
            if loud or stays or told != self._told:
                self._desk.notify(sentence, loud=loud, stays=stays)
            self._told = told

    def _lost(self, now: AlarmView | None) -> None:
        """Somebody or something took it out of these hands: say so where it was worked on, and move nobody (I8).

        What was typed is still to be read; a key that was meant for its card calls nobody and takes nothing.
        """
        assert self.alarm is not None
        why = why_lost(self.alarm.id, now, self._desk.link.known)
        if self.widget.isVisible():
            self._gone_why = why
            self.widget.header.tell_gone()
            if self.detail is None:
                self.widget.loading.tell_gone(why)
            self.widget.gone.tell(self.alarm.id, why)
            self.widget.front(self.widget.gone)
            self.widget.card().setFocus()
        else:
            self.alarm = self.detail = None
        self._desk.notify(why, loud=True)

    def _leave_gone(self) -> None:
        """Esc: on with the next one in hand, or back to the queue."""
        if self.alarm is not None:
            self._gone(self.alarm.id)

    def _gone(self, alarm: str) -> None:
        """It is out of these hands: on with the next one in hand, or back to the queue."""
        if not self._shows(alarm):
            # Whoever is at another alarm by now is not moved (I8).
            return
        self.alarm = self.detail = None
        self._gone_why, self.left_at = "", time.monotonic()
        self._desk.notify("")
        if not self.widget.isVisible():
            # Whoever is elsewhere by now is not moved (I8).
            return
        rest = self._desk.link.known.in_hand()
        if rest:
            self._desk.open_alarm(rest[0])
        else:
            self._desk.go("queue")

    # -- acts -----------------------------------------------------------------------------------

    def _act(
        self,
        verb: str,
        body: dict[str, Any] | None = None,
        then: Callable[[str], object] | None = None,
        *,
        reread: bool = False,
    ) -> None:
        """One act at a time, on what is shown; then the alarm is read again, so that the next acts on the truth.

        ``then`` is given the alarm that was acted on: another may be on the screen when the answer comes.
        """
        if self.alarm is None or self._busy or self._gone_why:
            return
        if self.detail is None and verb != "release":
            return
        alarm = self._busy = self.alarm.id
        versioned = verb not in ("cancel", "note", "seen", "split-off", "check")
        # What the cards show, not what the feed told since (I11).
        version = (self.detail.alarm if self.detail is not None else self.alarm).version
        given = {**(body or {}), **({"version": version} if versioned else {})}

        async def act() -> None:
            try:
                self._acted_at = time.monotonic()
                await self._desk.patiently(self._desk.link.act_on(alarm, verb, given))
                if self._shows(alarm):
                    self._acted_at = time.monotonic()
                if then is not None:
                    then(alarm)
                if then is None or reread:
                    await self._fetch(alarm, by_act=True)
            finally:
                self._busy = ""
            self._desk.changed()

        def said(body: ErrorBody) -> None:
            if verb == "park" and self._shows(alarm):
                self.widget.side.refuse_park(body.sentence, body.field)
            else:
                self._refused(alarm, body)
            if body.code in (ErrorCode.CHANGED, ErrorCode.HELD_BY_OTHER, ErrorCode.NOT_HELD):
                self._desk.changed()
                self._load_due.start()

        self._desk.run(act(), said)

    def _act_and_read(self, verb: str, body: dict[str, Any], then: Callable[[str], object] | None) -> None:
        self._act(verb, body, then, reread=True)

    def _refused(self, alarm: str, body: ErrorBody) -> None:
        if self._shows(alarm):
            self.widget.card().refuse(body.sentence, body.field)
        else:
            self._desk.notify(f"{alarm}: {body.sentence}", loud=True)

    def telephone_trouble(self, sentence: str) -> None:
        """What went wrong with the call that runs: loud until its outcome is said."""
        self.calls.trouble = sentence
        self._tell()

    def _park(self, minutes: float, reason: str) -> None:
        self._act("park", {"minutes": minutes, "reason": reason}, then=self._gone)

    def _note(self, text: str) -> None:
        def saved(alarm: str) -> None:
            if self._shows(alarm):
                self.widget.side.note_saved(text)

        self._act("note", {"text": text}, then=saved, reread=True)

    def _split_off(self, account: str) -> None:
        def done(alarm: str) -> None:
            if self._shows(alarm):
                self._desk.notify(self.tr("Account {0} has a row of its own in the queue.").format(account))

        self._act("split-off", {"account": account}, then=done, reread=True)

    def _seen(self) -> None:
        if self.detail is not None:
            # Up to what is on this screen, not up to what came meanwhile (I8).
            self._act("seen", {"up_to": self.detail.alarm.last_seq})

    def _code_words(self) -> None:
        if self.alarm is None:
            return
        alarm = self.alarm.id

        async def reveal() -> None:
            words = await self._desk.patiently(self._desk.link.act(f"/v1/alarms/{alarm}/code-words"))
            if self._shows(alarm):
                self.widget.side.show_words(words)

        self._desk.run(reveal(), lambda body: self._refused(alarm, body))

    def _ask_close(self) -> None:
        if self.widget.now.calling():
            self.widget.now.refuse(self.tr("A call is running: say how it ended first, 1 to 8."))
            self._to_now()
            return
        self.widget.front(self.widget.closing)
        self.widget.closing.begin()

    def _ask_test(self, *, out: bool = False) -> None:
        site = self.alarm.site if self.alarm is not None else None
        if site is not None and self.testing.ask_site(site, out=out):
            self.widget.front(self.widget.testing)
            self.widget.testing.begin()

    def _ask_shelve(self) -> None:
        if self.alarm is not None:
            self.widget.front(self.widget.shelving)
            self.widget.shelving.ask(self.alarm)

    def standing(self) -> str:
        """What one asked and nobody answered yet."""
        return self.others.standing(self.alarm)

    # -- focus ----------------------------------------------------------------------------------

    def _next(self) -> None:
        if self.widget.side.press_next():
            return
        if self.widget.outage.list.has_keys():
            self.widget.outage.list.press_open()
        else:
            self.widget.card().press_next()

    def _back(self) -> None:
        if self.alarm is not None and (self.widget.side.press_back() or self.widget.card().press_back()):
            return
        self._desk.go("queue")

    def _to_now(self) -> None:
        self.widget.front(self.widget.now)
        self._focus_card()

    def _focus_card(self) -> None:
        card: Card = self.widget.card()
        if self.alarm is not None and self.alarm.outage is not None and card is self.widget.now:
            # Nobody is called from here: the keys go through the systems.
            self.widget.outage.list.setFocus()
            return
        card.setFocus()

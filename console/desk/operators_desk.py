"""The presenter of the supervisor's screen (Alt+O): who is there, what each holds, taking over and reassigning."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from PySide6.QtCore import QObject, QTimer

from console.client.link import LinkState
from console.desk.asking import Asking
from console.desk.place import Desk
from models.records import (
    AlarmState,
    AlarmView,
    Ask,
    AskKind,
    Entry,
    ErrorBody,
    ErrorCode,
    StaffMember,
    StaffRole,
    StaffSkills,
)
from widgets.card import Card
from widgets.operators.face import At, seats_of
from widgets.operators.screen import OperatorsScreen
from widgets.words import plural

_READ_EVERY_MS = 5000
"""Who is idle, locked or silent is told by no entry of the journal."""
_KINDS = ("signed-in", "signed-out", "operator-added", "skills-changed")


class OperatorsDesk(QObject):
    """See :class:`console.desk.place.Place`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.widget = OperatorsScreen()
        self.staff: list[StaffMember] = []
        self._busy = False
        self._about = ""
        """An alarm that another screen asked about, until it is known who is where."""
        self._due = QTimer(self.widget)
        self._due.setInterval(_READ_EVERY_MS)
        self._due.timeout.connect(self._read_again)
        self._due.start()
        screen = self.widget
        screen.view.chosen.connect(lambda _key: self._show_chosen())
        screen.card.take_wanted.connect(self._take_over)
        screen.card.give_wanted.connect(self._give)
        screen.card.back.connect(self._leave_card)
        screen.card.chosen.connect(self._show)
        screen.skills.wanted.connect(self._keep_skills)
        self.asking = Asking(desk, screen.ask, lambda: screen.show_card(screen.ask), self._leave_card)

    # -- Place ----------------------------------------------------------------------------------

    def title(self) -> tuple[str, str, bool]:
        """How many are there, hold something, do not answer."""
        if not self.staff:
            # Whoever reads this is signed in: nobody is not the answer.
            return self.tr("Operators"), self.tr("loading who is where"), False
        seats = [seat for member in self.staff for seat in member.seats]
        quiet = sum(1 for seat in seats if seat.quiet)
        held = len(self._desk.link.known.in_state(AlarmState.HELD))
        alarms = plural(held, self.tr("alarm"), self.tr("alarms"))
        said = self.tr("{0} signed in · {1} in hand").format(len(seats) - quiet, alarms)
        return self.tr("Operators"), said + (self.tr(" · {0} not answering").format(quiet) if quiet else ""), False

    def can(self, command: str) -> bool:
        """Enter on somebody who holds an alarm; in the card what the card does."""
        if self.widget.edits():
            return command in ("save", "take-back", "back")
        if self.widget.acts():
            return command in ("next", "back") or command.startswith("digit-")
        if command == "edit":
            return self._supervises() and self.widget.current() is not None
        if command == "next":
            return bool(self._held()) and (self._supervises() or not self._mine())
        if command == "hand-over":
            return self._supervises() and bool(self._held())
        if command == "ask-help":
            return self._asks() is not None
        return command == "back"

    def do(self, command: str) -> None:
        """One command."""
        card, asks = self.widget.side.currentWidget(), self._asks()
        if self.widget.edits():
            self._do_in_form(command)
        elif isinstance(card, Card):
            if command == "next":
                card.press_next()
            elif command == "back":
                card.press_back()
            elif command.startswith("digit-"):
                card.press_digit(int(command[-1]))
        elif command == "ask-help" and asks is not None:
            self.answer(asks)
        elif command == "next" and not self._supervises():
            self.asking.ask_for(self._held()[0])
        elif command in ("next", "hand-over"):
            self._ask()
        elif command == "edit":
            self._edit()
        elif command == "back":
            self._desk.go("queue")

    def _do_in_form(self, command: str) -> None:
        form = self.widget.skills.form
        if command == "save":
            form.press_save()
        elif command == "take-back":
            form.take_back()
        elif command == "back":
            self._leave_card()

    def enter(self) -> None:
        """To the front."""
        self._about = ""
        self.widget.leave_card()
        self.load()
        self._show()

    def refresh(self) -> None:
        """What is known changed: who holds what is among it."""
        if self.widget.isVisible():
            self._show()

    def heard(self, entry: Entry) -> None:
        """Somebody came or went."""
        if entry.kind in _KINDS and self.widget.isVisible():
            self.load()

    def tick(self, now: datetime) -> None:
        """A second passed: times grow."""
        self._show()

    def signed_out(self) -> None:
        """Nobody is known any more."""
        self.staff, self._about = [], ""
        self.widget.skills.forget()
        self.widget.leave_card()

    # -- reading --------------------------------------------------------------------------------

    def load(self) -> None:
        """Read who is there."""

        async def load() -> None:
            found = await self._desk.link.get("/v1/operators")
            self.staff = [StaffMember.model_validate(one) for one in found]
            skills = self.widget.skills
            of = skills.member.person.login if skills.member is not None else ""
            for member in self.staff:
                if member.person.login == of:
                    skills.show_member(member)
            self._show()
            self._ask_about()

        # What was read before stays, with its times; a lost link is told by the frame.
        self._desk.run(load(), lambda _body: None)

    def _read_again(self) -> None:
        if self.widget.isVisible() and self._desk.link.state is LinkState.LINKED:
            self.load()

    def _show(self) -> None:
        known = self._desk.link.known
        now = self._desk.link.now()
        self.widget.show_staff(seats_of(self.staff, known.in_state(AlarmState.HELD), known.asks), now)
        self.widget.show_asks(known.asks, known.alarms, now)
        self.widget.show_unattended([alarm for alarm in known.waiting() if alarm.escalated], now)
        card = self.widget.card
        if self.widget.side.currentWidget() is card and card.alarm is not None:
            card.follow(known.alarms.get(card.alarm.id), now)
        self._show_chosen()

    def _show_chosen(self) -> None:
        at, now = self.widget.current(), self._desk.link.now()
        self.widget.show_chosen(at, now, supervisor=self._supervises(), mine=self._mine())

    # -- acts -----------------------------------------------------------------------------------

    def _supervises(self) -> bool:
        session = self._desk.link.session
        return session is not None and StaffRole.SUPERVISOR in session.person.roles

    def _held(self) -> tuple[AlarmView, ...]:
        at = self.widget.current()
        return at.held if at is not None else ()

    def _mine(self) -> bool:
        at, known = self.widget.current(), self._desk.link.known.picture
        here = (known.me.login, known.workstation) if known is not None else None
        return at is not None and here == (at.member.person.login, at.workstation)

    def _asks(self) -> Ask | None:
        """Who asks for help: whoever is chosen, else the first who does. A supervisor answers."""
        if not self._supervises():
            return None
        asked = [ask for ask in self._desk.link.known.asked_here(supervisor=True) if ask.kind is AskKind.HELP]
        at = self.widget.current()
        chosen = (at.member.person.login, at.workstation) if at is not None else ("", "")
        return next((ask for ask in asked if (ask.login, ask.workstation) == chosen), asked[0] if asked else None)

    def answer(self, ask: Ask) -> None:
        """The card on which ``ask`` is answered, and its row chosen."""
        self.widget.view.choose(f"{ask.login}\n{ask.workstation}")
        self.asking.answer(ask, self._desk.link.known.alarms.get(ask.alarm))

    def about(self, alarm: AlarmView) -> None:
        """An alarm in somebody else's hands: a supervisor takes it over or gives it away, an operator asks for it."""
        if not self._supervises():
            self.asking.ask_for(alarm)
            return
        self._about = alarm.id
        self._ask_about()

    def _ask_about(self) -> None:
        """Once, when the row of whoever holds it is there."""
        at = next((at for at in self.widget.seats if any(one.id == self._about for one in at.held)), None)
        if self._about and at is not None:
            self.widget.view.choose(at.key)
            self._ask(self._about)
            self._about = ""

    def _edit(self) -> None:
        """What the chosen one can be given."""
        at = self.widget.current()
        if at is not None:
            self.widget.skills.show_member(at.member)
            self.widget.show_card(self.widget.skills)

    def _keep_skills(self, login: str, skills: StaffSkills, version: int) -> None:
        body = {**skills.model_dump(mode="json", exclude={"version"}), "version": version}

        async def keep() -> None:
            answer = await self._desk.patiently(
                self._desk.link.act(f"/v1/operators/{quote(login, safe='')}/skills", body)
            )
            self.widget.skills.saved(StaffSkills.model_validate(answer))
            self.load()

        def refused(error: ErrorBody) -> None:
            self.widget.skills.refuse(error.sentence, error.field)
            if error.code is ErrorCode.CHANGED:
                self.load()

        self._desk.run(keep(), refused)

    def _ask(self, about: str = "") -> None:
        at, me = self.widget.current(), self._desk.link.known.picture
        if at is None or me is None:
            return
        here = (me.me.login, me.workstation)
        mine = here == (at.member.person.login, at.workstation)
        others = [
            other
            for other in self.widget.seats
            if self._takes(other) and other.key != at.key and here != (other.member.person.login, other.workstation)
        ]
        self.widget.card.ask(at, others, self._desk.link.now(), mine=mine, about=about)
        self.widget.show_card(self.widget.card)

    def _takes(self, at: At) -> bool:
        """Whether an alarm can be put into these hands: somebody is there and may handle it."""
        handles = {StaffRole.OPERATOR, StaffRole.SUPERVISOR}.intersection(at.member.person.roles)
        seat = at.seat
        return bool(handles) and seat is not None and not seat.quiet and seat.locked_at is None

    def _take_over(self, alarm: AlarmView, why: str) -> None:
        self._send(alarm, "take-over", {"why": why}, opens=True)

    def _give(self, alarm: AlarmView, login: str, workstation: str, why: str) -> None:
        self._send(alarm, "hand-over", {"to": login, "workstation": workstation, "why": why}, opens=False)

    def _send(self, alarm: AlarmView, verb: str, body: dict[str, str], *, opens: bool) -> None:
        if self._busy:
            return
        self._busy = True

        async def send() -> None:
            try:
                # As the card showed it: refused where it changed since (I11).
                given = {**body, "version": alarm.version}
                view = await self._desk.patiently(self._desk.link.act_on(alarm.id, verb, given))
            finally:
                self._busy = False
            self.widget.card.done()
            self._leave_card()
            self._desk.changed()
            if opens:
                self._desk.open_alarm(view)
            else:
                self._desk.notify(self.tr("{0} is in the hands of {1} now.").format(alarm.id, view.held_by or ""))

        def refused(error: ErrorBody) -> None:
            self._desk.changed()
            self.widget.card.refuse(error.sentence, error.field)

        self._desk.run(send(), refused)

    def _leave_card(self) -> None:
        self.widget.leave_card()

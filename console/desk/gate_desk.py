"""Presenters of what stands before the queue: sign in, first administrator, lock (visual.md §6, 06a, 06b)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from console.client.link import LinkState
from console.desk.own_station import OwnStation
from console.desk.place import Desk
from console.desk.preferences import Preferences
from models.records import AlarmState, ErrorBody, StationInfo
from widgets.gate import FirstAdministrator, Locked, SignIn
from widgets.theme import priority_name
from widgets.words import clock, duration, plural

_LOCKED_S = 120
_ASK_EVERY_S = 3


class SignInDesk(QObject):
    """Who answers, and signing in."""

    setup_open = Signal()
    theme_wanted = Signal(str)

    def __init__(self, desk: Desk, preferences: Preferences, own: OwnStation | None) -> None:
        super().__init__()
        self._desk, self._preferences, self._own = desk, preferences, own
        self.widget = SignIn(preferences.theme)
        self.widget.operator.setText(preferences.operator)
        self.widget.wanted.connect(self._sign_in)
        self.widget.theme_wanted.connect(self.theme_wanted)
        self._asked_at: datetime | None = None
        self._asking = False
        self.info: StationInfo | None = None

    def title(self) -> tuple[str, str, bool]:
        """Where one signs in."""
        return self.tr("Sign in"), self.tr("workstation {0}").format(self._desk.link.workstation), False

    def can(self, command: str) -> bool:
        """Enter alone."""
        return command == "next"

    def do(self, command: str) -> None:
        """Enter."""
        self.widget.press_next()

    def enter(self) -> None:
        """To the front."""
        self.widget.begin()
        self._asked_at = None

    def refresh(self) -> None:
        """Nothing of a station is shown before one signed in."""

    def tick(self, now: datetime) -> None:
        """Ask who answers, every few seconds."""
        if self._asking or (self._asked_at is not None and (now - self._asked_at).total_seconds() < _ASK_EVERY_S):
            return
        self._asking, self._asked_at = True, now
        self._desk.run(self._ask(), self._silent)

    async def _ask(self) -> None:
        try:
            self.info = info = await self._desk.link.info()
        finally:
            self._asking = False
        station = self.tr("{0}, linked · {1}").format(info.name, self._desk.link.station)
        if self._own is not None:
            started = self.tr("started now") if self._own.started else self.tr("it was running")
            station += self.tr("\nThis machine's own ({0}); it goes on when the console closes.").format(started)
        database = f"{info.database} {info.sqlite}" if info.sqlite else info.database
        self._show(
            [
                (self.tr("Station"), station),
                (self.tr("Signed in now"), plural(info.signed_in, self.tr("workstation"), self.tr("workstations"))),
                (self.tr("Database"), database),
                (self.tr("Version"), info.version),
            ]
        )
        self.widget.demo.setText(info.demo or "")
        self.widget.demo.setVisible(bool(info.demo))
        if info.setup_open and self._own is not None and self._own.first_run_token() is not None:
            self.setup_open.emit()

    def _silent(self, body: ErrorBody) -> None:
        self.info = None
        self._show([(self.tr("Station"), body.sentence)])

    def _show(self, pairs: list[tuple[str, str]]) -> None:
        self.widget.facts.tell([(self.tr("Workstation"), self._desk.link.workstation), *pairs])

    def _sign_in(self, login: str, password: str) -> None:
        async def sign_in() -> None:
            self._preferences.operator = login
            await self._desk.link.sign_in(login, password)
            self.widget.password.clear()

        self.widget.busy()
        self._desk.run(sign_in(), lambda body: self.widget.refuse(body.sentence))


class SetupDesk(QObject):
    """The first administrator of a new station."""

    made = Signal(str)
    """Login name."""

    def __init__(self, desk: Desk, own: OwnStation | None) -> None:
        super().__init__()
        self._desk, self._own = desk, own
        self.widget = FirstAdministrator()
        self.widget.wanted.connect(self._make)

    def title(self) -> tuple[str, str, bool]:
        """What this is."""
        return self.tr("First administrator"), self.tr("of this machine's own station"), False

    def can(self, command: str) -> bool:
        """Enter alone."""
        return command == "next"

    def do(self, command: str) -> None:
        """Enter."""
        self.widget.press_next()

    def enter(self) -> None:
        """To the front."""
        folder = str(self._own.folder) if self._own is not None else ""
        self.widget.facts.tell([(self.tr("Station"), self._desk.link.station), (self.tr("Data folder"), folder)])
        self.widget.operator.setFocus()

    def refresh(self) -> None:
        """Nothing of the station is shown here."""

    def tick(self, now: datetime) -> None:
        """Nothing ticks here."""

    def _make(self, login: str, name: str, password: str, on_shift: bool) -> None:
        token = self._own.first_run_token() if self._own is not None else None

        async def make() -> None:
            await self._desk.link.set_up(token or "", login, name, password, on_shift=on_shift)
            self.made.emit(login)

        self._desk.run(make(), lambda body: self.widget.refuse(body.sentence))


class LockDesk(QObject):
    """The locked workstation."""

    def __init__(self, desk: Desk, unlocked: Callable[[], None], sign_out: Callable[[], None]) -> None:
        super().__init__()
        self._desk, self._unlocked = desk, unlocked
        self.widget = Locked()
        self.widget.wanted.connect(self._unlock)
        self.widget.sign_out_wanted.connect(sign_out)
        self._since: datetime | None = None

    def title(self) -> tuple[str, str, bool]:
        """Who locked it, and when."""
        person = self._desk.link.session.person.name if self._desk.link.session else ""
        since = clock(self._since) if self._since else ""
        return self.tr("Locked"), self.tr("by {0} at {1} · no site is shown while locked").format(person, since), False

    def can(self, command: str) -> bool:
        """Enter alone."""
        return command == "next"

    def do(self, command: str) -> None:
        """Enter."""
        self.widget.press_next()

    def enter(self) -> None:
        """Lock."""
        self._since = self._desk.link.now()
        self._desk.link.locked = True
        self.widget.begin()
        self.tick(self._since)

    def refresh(self) -> None:
        """See :meth:`tick`."""

    def tick(self, now: datetime) -> None:
        """What is in hand, and until when; no site is named."""
        link = self._desk.link
        if self._since is None or link.session is None:
            return
        since = (now - self._since).total_seconds()
        in_hand = link.known.in_hand()
        said = ", ".join(f"{alarm.priority} {priority_name(alarm.priority)}" for alarm in in_hand)
        pairs = [(self.tr("In hand"), said or self.tr("Nothing"))]
        if in_hand:
            left = duration(max(0.0, _LOCKED_S - since))
            pairs.append(("", self.tr("{0} until it goes back to the queue").format(left)))
        parked = [a for a in link.known.in_state(AlarmState.PARKED) if a.parked_by == link.session.person.name]
        pairs.append((self.tr("Parked"), plural(len(parked), self.tr("alarm"), self.tr("alarms"))))
        self.widget.tell(link.workstation, link.session.person.name, duration(since), pairs)

    def _unlock(self, password: str) -> None:
        async def unlock() -> None:
            await self._desk.link.unlock(password)
            self._desk.link.locked = False
            self._since = None
            self._unlocked()

        def refused(body: ErrorBody) -> None:
            if self._desk.link.state is LinkState.LOST:
                self.widget.refuse(self.tr("The link to the station is lost: it cannot check the password now."))
            else:
                self.widget.refuse(body.sentence)

        self._desk.run(unlock(), refused)

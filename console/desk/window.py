"""The console's window: screens, commands, and what goes between them and the link."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QMainWindow, QWidget

from console.client.link import LinkState
from console.client.qt_link import QtLink
from console.desk.actions import Actions
from console.desk.bell import Player
from console.desk.commands import BY_ID, COMMANDS, groups, why_not
from console.desk.frame_desk import FrameDesk
from console.desk.gate_desk import LockDesk, SetupDesk, SignInDesk
from console.desk.hands_desk import HandsDesk
from console.desk.own_station import OwnStation
from console.desk.preferences import Preferences
from console.desk.queue_desk import QueueDesk
from console.desk.screens import Screens
from console.desk.shelving import why_nothing
from console.desk.taking import Taking
from console.desk.telephone_desk import TelephoneDesk
from console.desk.workspace_desk import STEADY_S
from models.records import AlarmState, AlarmView, Ask, AskKind, ErrorBody, FeedItem, JournalFilter, SiteRef, StaffRole
from widgets import theme as themes
from widgets.frame import Frame
from widgets.key_help import KeyHelp
from widgets.plain import show_tip

T = TypeVar("T")
_SLOW_S = 0.3
_CLOSE_AGAIN_S = 10.0
_CHANGES_EVERY_S = 0.04
"""A storm of changes is shown 25 times a second; a single one at once."""
_PLACES = ("queue", "find-site", "tests", "tasks", "shift", "operators", "storms", "journal")
"""Screens that everybody who is signed in may go to."""
_GATES = ("sign-in", "setup", "locked")


class Window(QMainWindow):
    """One window: frame, screens, commands."""

    def __init__(
        self, qt_link: QtLink, player: Player, preferences: Preferences, own: OwnStation | None = None
    ) -> None:
        super().__init__()
        self._qt_link, self._preferences = qt_link, preferences
        self.link = qt_link.link
        self.setWindowTitle("Vigie")
        places = [(c.id, c.keys[0], c.text()) for c in COMMANDS if c.bar is not None]
        self.frame = Frame(places)
        self.setCentralWidget(self.frame)
        self.frames = FrameDesk(self.link, self.frame, player)
        self.telephone = TelephoneDesk(self, self.frame, preferences)
        self.hands = HandsDesk(self)
        self.screens = Screens(self, self.frame.pages, self._open_site, self._figures_lines)
        add = self.screens.add
        self.sign_in = add("sign-in", SignInDesk(self, preferences, own))
        self.setup = add("setup", SetupDesk(self, own))
        self.lock = add("locked", LockDesk(self, lambda: self.go(self._before_lock), self._sign_out))
        self.queue = add("queue", QueueDesk(self))
        self.workspace = add("workspace", self.telephone.workspace)
        self.taking = Taking(self, self.queue, self.workspace)
        self.at = "sign-in"
        self._before_lock = "queue"
        self._close_at = self._sign_out_at = self._changed_at = float("-inf")
        self._help: KeyHelp | None = None
        self._changed_due = QTimer(self)
        self._changed_due.setSingleShot(True)
        self._changed_due.setTimerType(Qt.TimerType.PreciseTimer)
        self._changed_due.timeout.connect(self.changed)
        self._actions = Actions(self, self.do, self.able)
        self._connect()
        self.go("sign-in")
        self._start_clocks()

    # -- what presenters ask (console.desk.place.Desk) --------------------------------------------

    def run(self, work: Coroutine[Any, Any, Any], refused: Callable[[ErrorBody], None] | None = None) -> None:
        """Run an act in the background; a refusal is said in place, else in the title line."""
        self._qt_link.run(work, refused or (lambda body: self.notify(body.sentence, loud=True)))

    def notify(self, sentence: str, *, loud: bool = False, stays: bool = False) -> None:
        """The one notice of the title line."""
        self.frames.notify(sentence, loud=loud, stays=stays)
        self._show()

    def tell(self, sentence: str) -> None:
        """What somebody else did to whoever sits here."""
        self.frames.tell(sentence)
        self._show()

    async def patiently(self, work: Coroutine[Any, Any, T]) -> T:
        """Await an act, and say so where it takes longer than an eye blinks (I11)."""
        waiting = self.tr("Sending to the station…")
        due = asyncio.get_running_loop().call_later(_SLOW_S, lambda: self.notify(waiting))
        try:
            return await work
        finally:
            due.cancel()
            self.frames.take_back(waiting)

    def open_alarm(self, alarm: AlarmView) -> None:
        """Bring an alarm in hand to the workspace."""
        self.workspace.open(alarm)
        self.go("workspace")

    def test_part(self, site: SiteRef) -> None:
        """A part of a site is chosen on the board; then it goes back to where it was asked."""
        back = self.at
        tests = self.link.known.tests.get(site.id, ())
        self.go("tests")
        if len(tests) > 1:
            self.screens.tests.show_site(site)
        else:
            self.screens.tests.ask(site, tests[0] if tests else None, part=True, back=back)

    def go(self, place: str) -> None:
        """Bring a screen to the front. A locked workstation opens with the password alone, whatever happens."""
        if self.link.locked and place not in _GATES:
            self._before_lock = place
            return
        if place != self.at:
            self.frames.notify("", loud=False)
        self.at = place
        self.frame.pages.setCurrentWidget(self.screens[place].widget)
        if self._help is not None:
            self._help.hide()
        self.telephone.question.hide()
        self.screens[place].enter()
        self._show()

    def changed(self) -> None:
        """What is known changed."""
        self._changed_due.stop()
        self._changed_at = time.monotonic()
        self.screens.refresh()
        self._show()

    # -- commands ---------------------------------------------------------------------------------

    def able(self, command: str) -> bool:
        """Whether a command does something now."""
        if BY_ID[command].since:
            return False
        if command in ("theme", "help", "menu", "mute", "telephone"):
            return True
        if self._help is not None and self._help.isVisible():
            return command == "back"
        if self.telephone.asks(command):
            return True
        if self.at in _GATES:
            return self.screens[self.at].can(command) or (command == "sign-out" and self.at == "locked")
        if command == "take-next":
            return bool(self.link.known.waiting())
        if command == "in-hand":
            return bool(self.link.known.in_hand())
        if command == "ask-help":
            return self.screens[self.at].can(command) or bool(self._asked() or self.link.known.in_hand())
        if command == "journal-here":
            return self._at_hand() is not None
        if command in ("performance", "reports"):
            return self._supervises()
        if command in _PLACES or command in ("lock", "sign-out"):
            return True
        if command in ("close", "release", "note", "park-5", "park-15", "park-other") and self.at == "queue":
            return bool(self.link.known.in_hand())
        return self.screens[self.at].can(command)

    def do(self, command: str) -> None:
        """Do what a key, the menu or the key bar asks for."""
        if not self.able(command):
            if command == "shelve" and self.at not in _GATES:
                here = self.workspace.alarm if self.at == "workspace" else None
                self.notify(why_nothing(here, self.link.known.in_hand()))
            elif self.at not in _GATES and (said := why_not(command)):
                self.notify(said)
            return
        self._used()
        if command == "next" and time.monotonic() - self.workspace.left_at < STEADY_S:
            # It was meant for the card that is gone: here it would take or dial something else (I8).
            return
        own: dict[str, Callable[[], object]] = {
            "take-next": lambda: self.taking.take_next(here=self.at == "workspace"),
            "queue": lambda: self.go("queue"),
            "find-site": self._find_site,
            "tasks": lambda: self.go("tasks"),
            "shift": lambda: self.go("shift"),
            "operators": lambda: self.go("operators"),
            "storms": lambda: self.go("storms"),
            "tests": lambda: self.go("tests"),
            "in-hand": lambda: self.taking.show_in_hand(here=self.at == "workspace"),
            "journal": self._journal,
            "ask-help": self._ask_or_answer,
            "performance": lambda: self.go("performance"),
            "reports": lambda: self.go("reports"),
            "journal-here": self._journal_here,
            "lock": self._lock,
            "sign-out": self._sign_out,
            "mute": self._mute,
            "theme": self._other_theme,
            "telephone": self.telephone.other,
            "menu": lambda: self._actions.show_menu(self.frame.strip.mark),
            "help": self._show_help,
        }
        focus = QApplication.focusWidget()
        if command in own:
            own[command]()
        elif command == "back" and self._help is not None and self._help.isVisible():
            self._help.hide()
        elif command == "next" and isinstance(focus, QAbstractButton) and focus.isEnabled():
            focus.click()
        elif self.telephone.asks(command):
            self.telephone.do(command)
        elif (self.at == "queue" and BY_ID[command].bar in (8, 9, 10, 11)) or command in ("park-15", "park-other"):
            self._do_in_workspace(command)
        else:
            self.screens[self.at].do(command)
        self._show()

    def _do_in_workspace(self, command: str) -> None:
        if self.at != "workspace":
            alarm = self.taking.meant()
            if alarm is None:
                self.notify(self.tr("Several alarms are in your hands: choose one in the list first."))
                return
            self.open_alarm(alarm)
        self.workspace.do_when_read(command)

    def _find_site(self) -> None:
        """F3; from the workspace to the file of the site whose alarm is there."""
        alarm = self.workspace.alarm if self.at == "workspace" else None
        below = self.queue.site_below() if self.at == "queue" else None
        if alarm is not None and alarm.site is not None:
            self._open_site(alarm.site)
        elif below is not None:
            self._open_member(below)
        else:
            self.screens.sites.back_to = "queue"
            self.go("find-site")

    def _open_site(self, site: SiteRef) -> None:
        self.screens.sites.open_site(site)
        self.go("find-site")

    def _open_member(self, site: SiteRef) -> None:
        """A site of an outage; Esc comes back to the list, to the next one."""
        self.screens.sites.open_site(site, self.at)
        self.go("find-site")

    def _journal(self) -> None:
        """F5: as it was left; Esc goes back to the queue."""
        if self.at != "journal":
            self.screens.review.back_to = "queue"
        self.go("journal")

    def _at_hand(self) -> tuple[SiteRef | None, str] | None:
        """The site and the alarm that are in front here; None where nothing is."""
        alarm: AlarmView | None = None
        if self.at == "workspace":
            alarm = self.workspace.alarm
        elif self.at == "queue":
            alarm = self.queue.widget.list.view.current_alarm()
        if alarm is not None:
            return alarm.site, alarm.id
        site = self.screens.sites.at_hand.ref() if self.at == "find-site" else None
        if self.at == "tests":
            row = self.screens.tests.widget.view.current()
            test = row.test if row is not None else None
            site = test.site if test is not None else None
        return None if site is None else (site, "")

    def _journal_here(self) -> None:
        """Shift+F5: the journal of the alarm or the site at hand; Esc comes back here."""
        here = self._at_hand()
        if here is None:
            return
        site, alarm = here
        self.screens.review.open(JournalFilter(site=site.id if site is not None else "", alarm=alarm), site, self.at)
        self.go("journal")

    def _asked(self) -> list[Ask]:
        return self.link.known.asked_here(supervisor=self._supervises())

    def _ask_or_answer(self) -> None:
        """Alt+R: what this screen knows to ask or answer; else answer who asks; else ask, with the alarm in hand."""
        help_ = [ask for ask in self._asked() if ask.kind is AskKind.HELP]
        if self.screens[self.at].can("ask-help"):
            self.screens[self.at].do("ask-help")
        elif help_:
            self.go("operators")
            self.screens.operators.answer(help_[0])
        else:
            self._do_in_workspace("ask-help")

    def in_other_hands(self, alarm: AlarmView) -> None:
        """See :class:`console.desk.place.Desk`."""
        self.go("operators")
        self.screens.operators.about(alarm)

    def _supervises(self) -> bool:
        """Figures are for supervisors (rulebook H, G6)."""
        session = self.link.session
        return session is not None and StaffRole.SUPERVISOR in session.person.roles

    def _figures_lines(self, asked: JournalFilter) -> None:
        """The lines behind a figure; Esc comes back to it."""
        self.screens.review.open(asked, None, "performance")
        self.go("journal")

    def _lock(self) -> None:
        if self.at in _GATES:
            return
        self._before_lock = self.at
        self.go("locked")

    def _sign_out(self) -> None:
        """What is in hand goes back to the queue, and what is typed and not saved is dropped: the first try says so."""
        again = time.monotonic() - self._sign_out_at <= _CLOSE_AGAIN_S
        held, said = self.link.known.in_hand(), []
        if held:
            names = ", ".join(alarm.id for alarm in held)
            said.append(self.tr("In your hands: {0}. Sign out again, and it goes back to the queue.").format(names))
        if parked := self._parked_here():
            names = ", ".join(alarm.id for alarm in parked)
            said.append(self.tr("Parked by you, and staying so: {0}.").format(names))
        unsaved = set()
        if "find-site" in self.screens:
            unsaved = {site for site, _part in self.screens.sites.at_hand.drafts}
        if unsaved:
            words = self.tr("Not saved: changes of {0}. Save them first; sign out again, and they are dropped.")
            said.append(words.format(", ".join(sorted(unsaved))))
        if said and not again:
            self._sign_out_at = time.monotonic()
            if self.link.locked:
                # Of a locked workstation the title line says what waits, and nothing else.
                self.lock.widget.refuse(" ".join(said))
            else:
                self.notify(" ".join(said), loud=True)
            return
        self.run(self.link.sign_out())

    def _parked_here(self) -> list[AlarmView]:
        """What whoever sits here parked: signing out changes nothing of it."""
        picture = self.link.known.picture
        me = picture.me.name if picture is not None else ""
        return [alarm for alarm in self.link.known.in_state(AlarmState.PARKED) if alarm.parked_by == me]

    def _mute(self) -> None:
        self.frames.ringer.mute()

    def _other_theme(self) -> None:
        self._set_theme("light" if self._preferences.theme == "dark" else "dark")

    def _set_theme(self, name: str) -> None:
        self._preferences.theme = name
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        themes.apply(app, name, themes.theme().scale)

    def _show_help(self) -> None:
        if self._help is None:
            self._help = KeyHelp(self.frame, groups())
        if self._help.isVisible():
            self._help.hide()
        else:
            self._help.cover(self.frame.pages)

    # -- what is heard ------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._qt_link.picture.connect(self._change)
        self._qt_link.item.connect(self._item)
        self._qt_link.state.connect(self._state)
        self._qt_link.locked.connect(self._lock)
        self._qt_link.beat.connect(self.telephone.heard)
        self.queue.widget.part.list.open_asked.connect(self._open_member)
        self.workspace.widget.outage.list.open_asked.connect(self._open_member)
        self.frame.keys.pressed.connect(self.do)
        self.frame.strip.next.clicked.connect(lambda: self.do("take-next"))
        self.frame.strip.tests.clicked.connect(lambda: self.do("tests"))
        self.frame.strip.mark.clicked.connect(lambda: self.do("menu"))
        self.sign_in.setup_open.connect(lambda: self.go("setup"))
        self.sign_in.theme_wanted.connect(self._set_theme)
        self.setup.made.connect(self._administrator_made)

    def _item(self, item: FeedItem) -> None:
        self.screens.heard(item.entry)
        self.hands.heard(item)
        self._change()

    def _change(self) -> None:
        """Show it at once where nothing changed for a while; else together with what comes meanwhile."""
        if not self._changed_due.isActive():
            rest = self._changed_at + _CHANGES_EVERY_S - time.monotonic()
            self._changed_due.start(round(1000 * rest) if rest > 0 else 0)

    def _state(self, state: LinkState, why: str) -> None:
        if state is LinkState.SIGNED_OUT:
            self.screens.signed_out()
            self.go("sign-in")
            if why:
                self.sign_in.widget.refuse(why)
        elif self.at in ("sign-in", "setup"):
            self.go("queue")
            self.screens.shift.load()
        self.changed()

    def _administrator_made(self, login: str) -> None:
        self.sign_in.widget.operator.setText(login)
        self.go("sign-in")
        self.notify(self.tr("The account is made: sign in with it."))

    # -- time ---------------------------------------------------------------------------------------

    def _start_clocks(self) -> None:
        self._second = QTimer(self)
        self._second.setTimerType(Qt.TimerType.PreciseTimer)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.tick)
        self._second.start()
        self._half = QTimer(self)
        self._half.setInterval(500)
        self._half.timeout.connect(self.frame.border.tick)
        self._half.start()
        app = QApplication.instance()
        assert app is not None
        # Once the loop runs: a start sends fourteen thousand events, and none of them is a key.
        QTimer.singleShot(0, self, lambda: app.installEventFilter(self))
        self.tick()

    def tick(self) -> None:
        """A second passed."""
        now = self.link.now()
        self.screens[self.at].tick(now)
        self._show()

    def _show(self) -> None:
        self.frames.show(self.screens[self.at], parks_call=self.taking.parks_call())
        current = {"workspace": ""}.get(self.at, self.at)
        if self.at == "workspace" and self.workspace.widget.card() is self.workspace.widget.closing:
            current = "close"
        able = {command.id: self.able(command.id) for command in COMMANDS if command.bar is not None}
        self.frames.show_keys(able, current)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any key or click shows that somebody is there: the alarm in hand is being worked on (I4)."""
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress) and not self.link.locked:
            self._used()
        if event.type() is QEvent.Type.ToolTip and show_tip(watched, event):
            return True
        if (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QWidget)
            and watched is (QApplication.focusWidget() or self)
            and self._actions.press_digit(event, watched)
        ):
            return True
        return super().eventFilter(watched, event)

    def _used(self) -> None:
        """Whoever uses the workspace works on the alarm there; elsewhere a key keeps no alarm in hand."""
        self.link.used = True
        if self.at == "workspace" and self.workspace.alarm is not None:
            self.link.active, self.link.active_alarm = True, self.workspace.alarm.id

    def closeEvent(self, event: QCloseEvent) -> None:
        """With an alarm in hand the first try says so; the second signs out, and it goes back to the queue."""
        in_hand = self.link.known.in_hand()
        if in_hand and time.monotonic() - self._close_at > _CLOSE_AGAIN_S:
            self._close_at = time.monotonic()
            words = self.tr("{0} is in your hands. Close the window again and it goes back to the queue.")
            self.notify(words.format(in_hand[0].id), loud=True)
            event.ignore()
            return
        self.frames.close()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        super().closeEvent(event)

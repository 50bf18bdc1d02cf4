"""What an operator asks of others for the alarm in hand: a supervisor's help, and somebody to hand it over to (H)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from console.desk.asking import Asking
from console.desk.place import Desk
from models.records import AlarmView, AskKind, Picture
from widgets.words import duration
from widgets.workspace.screen import WorkspaceScreen


class Others(QObject):
    """Brings the cards of asking and of handing over to the front."""

    def __init__(
        self,
        desk: Desk,
        screen: WorkspaceScreen,
        shows: Callable[[str], bool],
        focus: Callable[[], None],
        leave: Callable[[], None],
    ) -> None:
        """``shows``: whether an alarm is on the screen; ``focus`` gives its card the keys; ``leave``: the Now card."""
        super().__init__()
        self._desk, self._screen, self._shows, self._focus = desk, screen, shows, focus
        self.asking = Asking(desk, screen.ask, lambda: screen.front(screen.ask), leave)

    def standing(self, alarm: AlarmView | None) -> str:
        """What one asked and nobody answered yet."""
        asked = self.asking.mine(alarm.id, AskKind.HELP) if alarm is not None else None
        if asked is None:
            return ""
        ago = duration(self._desk.link.now() - asked.at)
        return self.tr("You asked for help {0} ago: no supervisor has answered yet. Alt+R takes it back.").format(ago)

    def ask_help(self, alarm: AlarmView | None) -> None:
        """Who asks for this alarm is answered first; else help is asked for, or that is taken back."""
        if alarm is None:
            return
        wanted = [ask for ask in self._desk.link.known.asked_here(supervisor=False) if ask.alarm == alarm.id]
        if wanted:
            self.asking.answer(wanted[0], alarm)
        else:
            self.asking.ask_help(alarm)

    def ask_hand_over(self, alarm: AlarmView | None) -> None:
        """The card with everybody who is at a workstation, once that is known."""
        picture = self._desk.link.known.picture
        if alarm is None or picture is None:
            return
        number, me = alarm.id, picture.me.login

        async def ask() -> None:
            found = Picture.model_validate(await self._desk.patiently(self._desk.link.get("/v1/picture")))
            if not self._shows(number):
                return
            self._screen.people.show_people(number, [one for one in found.present if one.person.login != me])
            self._screen.front(self._screen.people)
            self._focus()

        self._desk.run(ask(), lambda body: self._desk.notify(f"{number}: {body.sentence}", loud=True))

"""How this workstation's calls are made: by its softphone, by hand, or by the station's telephone exchange (G3)."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject

from console.desk.place import Desk
from console.desk.preferences import Preferences
from console.desk.softphone import Softphone, Telephone, next_of, words_of
from console.desk.workspace_desk import WorkspaceDesk
from models.records import Beat, ErrorBody
from widgets.ask_line import AskLine
from widgets.frame import Frame

_EXTENSION = "[0-9]{1,10}"
_AGAIN_S = 5.0


class TelephoneDesk(QObject):
    """Has calls made and shows how they stand; it never says how one ended: the operator does."""

    def __init__(self, desk: Desk, frame: Frame, preferences: Preferences) -> None:
        super().__init__()
        self._desk, self._frame, self._preferences = desk, frame, preferences
        self._softphone = Softphone(self._how)
        self.workspace = WorkspaceDesk(desk, self.ring)
        self.workspace.widget.now.hung_up.connect(self._hang_up)
        self.question = AskLine(frame, self.tr("Extension of this workstation's telephone"), _EXTENSION)
        self.question.answered.connect(self._extension_given)
        self._said_at = float("-inf")

    def ring(self, alarm: str, number: str) -> str:
        """Make the call that was begun on ``alarm``; what went wrong as a sentence, or nothing."""
        if self._how() is not Telephone.PBX:
            return self._softphone.dial(number)
        if not self._offered():
            return self.tr("This station has no telephone exchange. Dial by hand; Ctrl+Y changes how.")
        extension = self._preferences.extension
        if not extension:
            return self.tr("Dial by hand: nobody said which extension this workstation has. Ctrl+Y asks.")
        self._desk.run(self._desk.link.act(f"/v1/alarms/{alarm}/ring", {"extension": extension}), self._refused)
        return ""

    def other(self) -> None:
        """Ctrl+Y says how calls are dialled; again within 5 s it is the next way: one key that slips changes nothing.

        The exchange's asks for the extension, and shows the one that is known.
        """
        now, following = self._preferences.telephone, next_of(self._preferences.telephone, exchange=self._offered())
        again = time.monotonic() - self._said_at <= _AGAIN_S
        self._said_at = time.monotonic()
        if not again:
            said = self.tr("{0}. Ctrl+Y again changes that: {1}.")
            self._desk.notify(said.format(words_of(now), words_of(following)))
            return
        how = self._preferences.telephone = following
        self._desk.notify(words_of(how))
        if how is Telephone.PBX:
            self.question.ask(self._frame.pages, self._preferences.extension)
        else:
            self.question.leave()

    def asks(self, command: str) -> bool:
        """Whether ``command`` is for the question now."""
        return self.question.isVisible() and command in ("next", "back")

    def do(self, command: str) -> None:
        """Answer the question, or take it back."""
        if command == "next":
            self.question.press_next()
        else:
            self.question.leave()

    def heard(self, beat: Beat) -> None:
        """How the call on the card stands now."""
        alarm = self.workspace.alarm
        found = (call for call in beat.calls if alarm is not None and call.alarm == alarm.id)
        self.workspace.widget.now.show_line(next(found, None))

    def _how(self) -> Telephone:
        """How calls are made here. The demo calls nobody: its numbers are invented, and somebody may have one."""
        picture = self._desk.link.known.picture
        demo = picture is not None and picture.station.demo is not None
        return Telephone.BY_HAND if demo else self._preferences.telephone

    def _offered(self) -> bool:
        picture = self._desk.link.known.picture
        return picture is not None and picture.station.exchange

    def _extension_given(self, digits: str) -> None:
        self._preferences.extension = digits
        self._desk.notify(self.tr("Calls are made by the telephone exchange, from extension {0}").format(digits))

    def _hang_up(self) -> None:
        alarm, beat = self.workspace.alarm, self._desk.link.known.beat
        # A call that was dialled otherwise is ended otherwise.
        if alarm is not None and beat is not None and any(call.alarm == alarm.id for call in beat.calls):
            self._desk.run(self._desk.link.act(f"/v1/alarms/{alarm.id}/hang-up"), self._refused)

    def _refused(self, body: ErrorBody) -> None:
        self.workspace.telephone_trouble(body.sentence)

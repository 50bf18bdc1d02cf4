"""The presenter of the Now card's steps: calls and how they end, patrols, verification before an authority (G3)."""

from __future__ import annotations

from collections.abc import Callable

from console.desk.place import Act, Desk
from models.records import AlarmDetail, CallOutcome, PatrolMoment
from widgets.workspace.screen import WorkspaceScreen


class CallSteps:
    """Sends what an operator says of a step; hands a number to the telephone."""

    def __init__(
        self,
        desk: Desk,
        screen: WorkspaceScreen,
        act: Act,
        ring: Callable[[str, str], str],
        here: Callable[[], AlarmDetail | None],
        leave: Callable[[], object],
    ) -> None:
        """``ring`` gives an alarm's number to whatever dials here, and says what went wrong.

        ``here`` is the alarm in hand, None until it was read; ``leave`` brings the Now card back.
        """
        self._desk, self._screen, self._act, self._here, self._leave = desk, screen, act, here, leave
        self.ring = ring
        self.trouble = ""
        """What went wrong with the telephone at the call that runs."""
        now = screen.now
        now.dial.connect(self._dial)
        now.ended.connect(self._ended)
        now.skip.connect(self._skip)
        now.done.connect(lambda step: self._act("step", {"step": step}, None))
        now.patrol.connect(self._patrol)
        now.verify_asked.connect(self._ask_verification)
        screen.verifying.wanted.connect(self._verify)
        screen.verifying.back.connect(leave)

    def _dial(self, step: str, number: str) -> None:
        """A call begins: journaled first, then handed to the telephone, so that none is made that nobody knows of."""

        def begun(alarm: str) -> None:
            self.trouble = self.ring(alarm, number)

        self._act("call", {"step": step, "number": number}, begun)

    def _ended(self, step: str, number: str, outcome: CallOutcome) -> None:
        self.trouble = ""
        self._act("call", {"step": step, "number": number, "outcome": outcome.value}, None)

    def _skip(self, step: str, why: str) -> None:
        self._act("call", {"step": step, "outcome": CallOutcome.SKIPPED.value, "why": why}, None)

    def _patrol(self, step: str, moment: PatrolMoment, report: str, seen: bool) -> None:
        self._act("patrol", {"step": step, "moment": moment.value, "report": report, "seen": seen}, None)

    def _ask_verification(self) -> None:
        session, detail = self._desk.link.session, self._here()
        if detail is not None and session is not None:
            self._screen.verifying.show_detail(detail, session.person.name)
            self._screen.front(self._screen.verifying)
            self._screen.verifying.begin()

    def _verify(self, how: str, by: str) -> None:
        def recorded(alarm: str) -> None:
            if (now := self._here()) is not None and now.alarm.id == alarm:
                self._leave()

        self._act("verify", {"how": how, "by": by}, recorded)

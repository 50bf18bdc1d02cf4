"""Asking and answering on a card, wherever that card stands: in the workspace, among the operators."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from console.desk.place import Desk
from models.records import AlarmView, Ask, AskKind, ErrorBody
from widgets.operators.ask_card import AskCard
from widgets.operators.face import alarm_words


class Asking(QObject):
    """``front`` brings the card to the front, ``leave`` takes it away."""

    def __init__(self, desk: Desk, card: AskCard, front: Callable[[], None], leave: Callable[[], None]) -> None:
        super().__init__()
        self._desk, self._card, self._front, self._leave = desk, card, front, leave
        self._path = ""
        self._then = ""
        """What is said once it is sent."""
        self._busy = False
        card.wanted.connect(self._send)
        card.back.connect(leave)

    def mine(self, alarm: str, kind: AskKind) -> Ask | None:
        """What this workstation asked about an alarm and nobody answered yet."""
        known = self._desk.link.known
        if known.picture is None:
            return None
        me = (known.picture.me.login, known.picture.workstation)
        of = (one for one in known.asks if one.alarm == alarm and one.kind is kind)
        return next((one for one in of if (one.login, one.workstation) == me), None)

    def ask_help(self, alarm: AlarmView) -> None:
        """Of the supervisors, with an alarm in hand; asked already, it is taken back."""
        open_ = self.mine(alarm.id, AskKind.HELP)
        if open_ is not None:
            self._withdraw(open_)
            return
        self._path, self._then = f"/v1/alarms/{alarm.id}/help", self.tr("The supervisors are told.")
        self._card.show_matter(
            self._path,
            self.tr("Ask for help"),
            self.tr("{0}. Every supervisor's console shows and rings it until one answers. It stays yours.").format(
                alarm_words(alarm)
            ),
            self.tr("What is needed, in words if you like"),
            self.tr("Ask a supervisor"),
        )
        self._show()

    def ask_for(self, alarm: AlarmView) -> None:
        """Its holder, to hand an alarm over; asked already, it is taken back."""
        open_ = self.mine(alarm.id, AskKind.ALARM)
        if open_ is not None:
            self._withdraw(open_)
            return
        holder = alarm.held_by or ""
        self._path, self._then = f"/v1/alarms/{alarm.id}/ask", self.tr("{0} is asked.").format(holder)
        self._card.show_matter(
            self._path,
            self.tr("Ask for an alarm"),
            self.tr("{0}. {1} is asked to hand it over, and decides.").format(alarm_words(alarm), holder),
            self.tr("Why, in words if you like"),
            self.tr("Ask for it"),
        )
        self._show()

    def answer(self, ask: Ask, alarm: AlarmView | None) -> None:
        """Somebody who asks."""
        self._path, self._then = f"/v1/asks/{ask.id}/answer", self.tr("{0} is told.").format(ask.by)
        what = self.tr("asks for help") if ask.kind is AskKind.HELP else self.tr("asks for this alarm")
        said = f": {ask.words}" if ask.words else ""
        about = f" {alarm_words(alarm)}." if alarm is not None else ""
        self._card.show_matter(
            self._path,
            self.tr("Answer"),
            f"{ask.by} {what}{said}.{about}",
            self.tr("What you tell {0}, in words if you like").format(ask.by),
            self.tr("Answer"),
        )
        self._show()

    def _show(self) -> None:
        self._front()
        self._card.begin()

    def _withdraw(self, ask: Ask) -> None:
        self._act(f"/v1/asks/{ask.id}/withdraw", {}, self.tr("You ask no longer."), sent=False)

    def _send(self, words: str) -> None:
        self._act(self._path, {"words": words}, self._then, sent=True)

    def _act(self, path: str, body: dict[str, str], then: str, *, sent: bool) -> None:
        if self._busy or not path:
            return
        self._busy = True

        async def act() -> None:
            try:
                asks = await self._desk.patiently(self._desk.link.act(path, body))
            finally:
                self._busy = False
            self._desk.link.known.asks = tuple(Ask.model_validate(one) for one in asks)
            if sent:
                self._card.done()
                self._leave()
            self._desk.notify(then)
            self._desk.changed()

        def refused(error: ErrorBody) -> None:
            if sent:
                self._card.refuse(error.sentence, error.field)
            else:
                self._desk.notify(error.sentence, loud=True)

        self._desk.run(act(), refused)

"""The presenter of who is put on an alarm's call list besides the procedure: patrols, authorities (G3)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from console.desk.place import Act, Desk
from models.records import AlarmDetail, OffList, StepKind
from widgets.workspace.screen import WorkspaceScreen


class OffListDesk(QObject):
    """Asks who is known, sends whom the operator wants, and brings the new step to the Now card."""

    def __init__(self, desk: Desk, screen: WorkspaceScreen, act: Act, leave: Callable[[], object]) -> None:
        """``leave`` brings the Now card back."""
        super().__init__()
        self._desk, self._screen, self._act, self._leave = desk, screen, act, leave
        self._wanted: tuple[str, StepKind, str] | None = None
        """An alarm, and what was put on its list: that step comes to the Now card when it is read."""
        card = screen.off_list
        card.wanted.connect(self._put)
        card.listed.connect(self._pick)
        card.back.connect(leave)

    def ask(self, detail: AlarmDetail | None) -> None:
        """Alt+S: the card, once it is known who there is."""
        if detail is None:
            return
        alarm, card = detail.alarm.id, self._screen.off_list

        async def ask() -> None:
            known = await self._desk.patiently(self._desk.link.get(f"/v1/alarms/{alarm}/off-list"))
            now = self._screen.detail
            if now is None or now.alarm.id != alarm:
                return
            card.show_known(alarm, [OffList.model_validate(one) for one in known], now.plan)
            self._screen.front(card)
            card.begin()

        self._desk.run(ask(), lambda body: self._desk.notify(body.sentence, loud=True))

    def _put(self, kind: StepKind, name: str, number: str) -> None:
        def done(alarm: str) -> None:
            self._wanted = (alarm, kind, name)
            if (now := self._screen.detail) is not None and now.alarm.id == alarm:
                self._leave()

        self._act("off-list", {"kind": kind.value, "name": name, "number": number}, done)

    def read(self, detail: AlarmDetail) -> None:
        """An alarm was read: what was put on its list last is the operator's next call."""
        if self._wanted is None or self._wanted[0] != detail.alarm.id:
            return
        _alarm, kind, name = self._wanted
        step = next((one for one in reversed(detail.plan.steps) if (one.kind, one.name) == (kind, name)), None)
        if step is not None:
            self._wanted = None
            self._screen.now.pick(step.index)

    def _pick(self, key: str) -> None:
        now = self._screen.detail
        step = next((one for one in now.plan.steps if one.key == key), None) if now is not None else None
        self._leave()
        if step is not None:
            self._screen.now.pick(step.index)

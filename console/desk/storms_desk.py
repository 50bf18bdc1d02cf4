"""The presenter of storm profiles (Alt+M): what is in force, planned and ended; made and changed by a supervisor."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer

from console.desk.place import Desk
from models.records import Entry, ErrorBody, ErrorCode, StaffRole, StormBoard, StormPreview, StormView
from widgets.storms.screen import BadStorm, StormsScreen, body_of

_LOOK_AFTER_MS = 300
KINDS = ("storm-planned", "storm-begun", "storm-changed", "storm-ended")


class StormsDesk(QObject):
    """See :class:`console.desk.place.Place`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.widget = StormsScreen()
        self.board = StormBoard()
        self._changing: StormView | None = None
        self._turn = 0
        self._look_due = QTimer(self.widget)
        self._look_due.setSingleShot(True)
        self._look_due.setInterval(_LOOK_AFTER_MS)
        self._look_due.timeout.connect(self._look)
        self.widget.chosen.connect(lambda _key: self._show_chosen())
        self.widget.wanted.connect(self._save)
        self.widget.typed.connect(lambda: self._look_due.start())
        self.widget.ended.connect(self._end)
        for button, command in (
            (self.widget.new, "add"),
            (self.widget.edit, "edit"),
            (self.widget.stop, "remove"),
        ):
            button.clicked.connect(lambda _checked=False, which=command: self.do(which))

    # -- Place ------------------------------------------------------------------------------------

    def title(self) -> tuple[str, str, bool]:
        """How many are in force, and how many alarms they have."""
        known = self._desk.link.known
        running = known.storms_in_force()
        if not running:
            return self.tr("Storms"), self.tr("No storm profile is in force: every alarm has its own row."), False
        words = self.tr("{0} in force · {1} alarms grouped, delayed or lowered")
        return self.tr("Storms"), words.format(len(running), sum(known.storm_counts().values())), False

    def can(self, command: str) -> bool:
        """Whoever watches reads; a supervisor makes, changes and ends."""
        screen = self.widget
        if screen.question.isVisible():
            return command in ("next", "back")
        if command == "back":
            return True
        if screen.editing():
            return command in ("save", "take-back")
        if not self._may():
            return False
        storm = self._chosen()
        return command == "add" or (
            command in ("edit", "remove", "next") and storm is not None and storm.ended_at is None
        )

    def do(self, command: str) -> None:
        """One command."""
        screen = self.widget
        if screen.question.isVisible():
            (screen.question.press_next if command == "next" else screen.question.leave)()
        elif command == "back" and screen.editing():
            screen.show_about()
        elif command == "back":
            self._desk.go("queue")
        elif command == "save" and screen.form is not None:
            screen.form.press_save()
        elif command == "take-back" and screen.form is not None:
            screen.form.take_back()
        elif command == "add":
            self._open(None)
        elif command in ("edit", "next"):
            self._open(self._chosen())
        elif command == "remove":
            chosen = self._chosen()
            if chosen is not None:
                screen.ask_why_it_ends(chosen)

    def enter(self) -> None:
        """To the front."""
        self.load()
        if self.widget.editing() and self.widget.form is not None:
            self.widget.form.begin()
        else:
            self.widget.view.setFocus()

    def refresh(self) -> None:
        """What is known changed: how many each has."""
        if self.widget.isVisible():
            self._show()

    def heard(self, entry: Entry) -> None:
        """A profile was made, began, changed or ended."""
        if entry.kind in KINDS and self.widget.isVisible():
            self.load()

    def tick(self, now: datetime) -> None:
        """A second passed: what is left grows less."""
        if now.second % 10 == 0:
            self._show()

    def signed_out(self) -> None:
        """Nothing stays in sight."""
        self._turn += 1
        self.board = StormBoard(kinds=self.board.kinds)
        self._changing = None
        self.widget.show_about()
        self._show()

    # -- inside -----------------------------------------------------------------------------------

    def _may(self) -> bool:
        session = self._desk.link.session
        return session is not None and StaffRole.SUPERVISOR in session.person.roles

    def load(self) -> None:
        """Read the profiles."""

        async def load() -> None:
            self.board = StormBoard.model_validate(await self._desk.link.get("/v1/storms"))
            self._show()
            self._show_theirs()

        self._desk.run(load())

    def _show_theirs(self) -> None:
        """What another saved meanwhile of the profile that is typed over here: both are shown (I11)."""
        mine = self._changing
        if mine is None or self.widget.form is None or not self.widget.editing():
            return
        now = next((storm for storm in self.board.storms if storm.id == mine.id), None)
        if now is not None and now.version != mine.version and now.ended_at is None:
            self._changing = now
            self.widget.show_theirs(now)

    def _show(self) -> None:
        holds = self._desk.link.known.storm_counts()
        self.widget.show_board(self.board, holds, self._desk.link.now())
        self._show_chosen()

    def _show_chosen(self) -> None:
        storm = self._chosen()
        holds = self._desk.link.known.storm_counts().get(storm.id, 0) if storm is not None else 0
        self.widget.show_storm(storm, holds, may=self._may())

    def _chosen(self) -> StormView | None:
        key = self.widget.view.key()
        return next((storm for storm in self.board.storms if str(storm.id) == key), None)

    def _open(self, storm: StormView | None) -> None:
        self._changing = storm
        self.widget.show_form(storm)
        self._look_due.start()

    def _body(self) -> dict[str, Any] | None:
        form = self.widget.form
        return None if form is None else body_of(form.values(), self._desk.link.now())

    def _look(self) -> None:
        """How many open alarms it would touch now, before it begins."""
        self._turn += 1
        turn = self._turn
        try:
            body = self._body()
        except BadStorm as bad:
            self.widget.show_preview(None, str(bad))
            return
        if body is None or not self.widget.editing():
            return

        async def look() -> None:
            told = StormPreview.model_validate(await self._desk.link.post("/v1/storms/preview", body))
            if turn == self._turn:
                self.widget.show_preview(told)

        def refused(error: ErrorBody) -> None:
            if turn == self._turn:
                self.widget.show_preview(None, error.sentence)

        self._desk.run(look(), refused)

    def _save(self, _values: dict[str, object]) -> None:
        try:
            body = self._body()
        except BadStorm as bad:
            self.widget.refuse(str(bad), bad.field)
            return
        if body is None:
            return
        changing = self._changing
        path = "/v1/storms" if changing is None else f"/v1/storms/{changing.id}/change"
        if changing is not None:
            body["version"] = changing.version

        async def save() -> None:
            view = StormView.model_validate(await self._desk.patiently(self._desk.link.act(path, body)))
            self._done(view)

        self._desk.run(save(), self._refused)

    def _end(self, why: str) -> None:
        storm = self._chosen()
        if storm is None:
            return

        async def end() -> None:
            body = {"version": storm.version, "why": why}
            view = await self._desk.patiently(self._desk.link.act(f"/v1/storms/{storm.id}/end", body))
            self._done(StormView.model_validate(view))

        self._desk.run(end())

    def _done(self, view: StormView) -> None:
        """As the station has it now; the list follows from its answer."""
        self.widget.show_about()
        others = tuple(storm for storm in self.board.storms if storm.id != view.id)
        self.board = self.board.model_copy(update={"storms": (view, *others)})
        self._show()
        self.widget.view.choose(str(view.id))
        self.load()

    def _refused(self, body: ErrorBody) -> None:
        self.widget.refuse(body.sentence, body.field)
        if body.code is ErrorCode.CHANGED:
            self.load()

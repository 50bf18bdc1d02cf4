"""The presenter of the service desk's tasks (D2): own list, never mixed with alarms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject

from console.desk.place import Desk
from models.records import DeskTask, Entry, SiteRef
from widgets.tasks import TasksScreen

_KINDS = ("task-opened", "task-done")


class TasksDesk(QObject):
    """See :class:`console.desk.place.Place`."""

    def __init__(self, desk: Desk, open_site: Callable[[SiteRef], None]) -> None:
        super().__init__()
        self._desk, self._open_site = desk, open_site
        self.widget = TasksScreen()
        self._tasks: list[DeskTask] = []
        self.widget.card.wanted.connect(self._done)
        self.widget.card.back.connect(self._leave)

    def title(self) -> tuple[str, str, bool]:
        """How many, and since when the oldest."""
        return self.tr("Tasks"), self.tr("{0} open · oldest first").format(len(self._tasks)), False

    def can(self, command: str) -> bool:
        """Enter on a task; Ctrl+E for its site."""
        task = self._current()
        if command == "edit":
            return task is not None and task.site is not None
        return command == "back" or (command == "next" and task is not None)

    def do(self, command: str) -> None:
        """One command."""
        card, task = self.widget.card, self._current()
        if command == "back":
            if card.isVisible():
                self._leave()
            else:
                self._desk.go("queue")
        elif command == "next" and card.isVisible():
            card.press_next()
        elif command == "next" and task is not None:
            card.show_task(task)
            card.show()
            card.why.setFocus()
        elif command == "edit" and task is not None and task.site is not None:
            self._open_site(task.site)

    def enter(self) -> None:
        """To the front."""
        self.widget.card.hide()
        self._load()
        self.widget.view.setFocus()

    def refresh(self) -> None:
        """What is known changed; see :meth:`heard`."""

    def heard(self, entry: Entry) -> None:
        """A task was opened or done, here or elsewhere."""
        if entry.kind in _KINDS and self.widget.isVisible():
            self._load()

    def tick(self, now: datetime) -> None:
        """A second passed: ages grow."""
        if now.second == 0:
            self.widget.show_tasks(self._tasks, now)

    def _current(self) -> DeskTask | None:
        key = self.widget.view.key()
        return next((task for task in self._tasks if str(task.id) == key), None)

    def _load(self) -> None:
        async def load() -> None:
            self._show(await self._desk.link.get("/v1/tasks"))

        self._desk.run(load())

    def _show(self, tasks: list[object]) -> None:
        self._tasks = [DeskTask.model_validate(task) for task in tasks]
        self.widget.show_tasks(self._tasks, self._desk.link.now())

    def _done(self, task: int, why: str) -> None:
        async def done() -> None:
            self._show(await self._desk.patiently(self._desk.link.act(f"/v1/tasks/{task}/done", {"why": why})))
            self._leave()

        self._desk.run(done(), lambda body: self.widget.card.refuse(body.sentence, body.field))

    def _leave(self) -> None:
        self.widget.card.hide()
        self.widget.view.setFocus()

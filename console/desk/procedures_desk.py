"""The presenter of the procedures tab: levels, versions, steps, the printable overview (C3, C4, H, I11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.desk.file_at_hand import FileAtHand
from console.desk.kept_table import KeptTable
from console.desk.papers import documents
from console.desk.place import Desk
from console.desk.procedures_besides import save_emergency, save_overview
from models.records import (
    ErrorBody,
    ErrorCode,
    Level,
    Procedure,
    ProcedureStep,
    SiteProcedures,
    StepKind,
)
from widgets.form import Form
from widgets.keycap import retone
from widgets.site.procedure_forms import changes, fields_of, head_values, with_head, with_step
from widgets.site.procedures_tab import AT_SITE, ProceduresTab, Scope, scope_key, scopes_of

_AGAIN_S = 6.0


class ProceduresDesk(QObject):
    """What keys do on procedures; what is written and not saved lives in the file's drafts."""

    read = Signal()
    """What holds at the open site is shown."""

    def __init__(self, desk: Desk, at_hand: FileAtHand, tab: ProceduresTab) -> None:
        super().__init__()
        self._desk, self._at_hand, self.tab = desk, at_hand, tab
        self.found: SiteProcedures | None = None
        self.scope: Scope = (Level.SITE, "")
        self.folder: Callable[[], Path] = documents
        self._loading = ""
        self._emergency = KeptTable(at_hand, "emergency", tab.emergency)
        self._remove_asked: tuple[str, datetime] | None = None
        tab.types.chosen.connect(lambda _key: self._leave())
        tab.levels.clicked.connect(lambda _index: self._take_level())
        tab.add.clicked.connect(lambda _checked: self._add())
        tab.remove.clicked.connect(lambda _checked: self._remove_procedure())
        tab.steps.chosen.connect(lambda _key: self._fill_step())
        tab.order_wanted.connect(self._reorder)
        tab.head.changed.connect(self._head_typed)
        tab.step.changed.connect(self._step_typed)
        tab.emergency.wanted.connect(self._save_emergency)
        for command, button in tab.buttons.items():
            button.clicked.connect(lambda _checked=False, which=command: self.do(which))

    def show(self, _now: datetime) -> None:
        """The file changed, or the tab came to the front: what holds is asked anew."""
        file = self._at_hand.file
        if file is None or self._loading == file.site:
            return
        if self.found is None or self.found.site != file.site:
            # What holds at another site is not shown, and no key changes it.
            self.found, self.scope = None, (Level.SITE, "")
        site = self._loading = file.site
        level, target = self.scope
        area, _, zone = target.partition(" ") if level in (Level.AREA, Level.ZONE) else ("", "", "")
        place = {name: value for name, value in (("area", area), ("zone", zone)) if value}

        async def load() -> None:
            try:
                answer = await self._desk.link.get(f"/v1/sites/{site}/procedures", **place)
                found = SiteProcedures.model_validate(answer)
            finally:
                self._loading = ""
            if self._at_hand.site != site:
                return
            if self.scope != (level, target):
                # Another level was chosen meanwhile: what holds there is asked.
                self.show(_now)
                return
            self.found = found
            self._show()
            self.read.emit()

        self._desk.run(load())

    # -- commands -------------------------------------------------------------------------------

    def can(self, command: str) -> bool:
        """What is there for everybody, and what for whoever may write procedures (rulebook H)."""
        if command == "back":
            return True
        if command in ("next", "level"):
            return self.found is not None
        edits = ("add", "edit", "save", "take-back", "remove", "move-up", "move-down", "print")
        return command in edits and self._at_hand.may_edit() and self.found is not None

    def do(self, command: str) -> None:
        """One command."""
        tab = self.tab
        table = tab.emergency if tab.emergency.editing() else None
        if command == "level":
            self._choose_level()
        elif tab.at_levels() and command in ("next", "edit"):
            self._take_level()
        elif tab.at_levels() and command != "print":
            self._desk.notify(self.tr("Enter takes the level, Esc goes back to the types of alarm."))
        elif command == "print":
            save_overview(self._desk, self._at_hand.site, self.folder())
        elif table is not None and command in ("add", "remove", "save", "take-back"):
            {"add": table.add, "remove": table.remove, "save": table.press_save, "take-back": table.take_back}[
                command
            ]()
        elif command == "next" and tab.types.hasFocus():
            tab.steps.setFocus()
        elif command in ("edit", "next"):
            self._edit()
        elif command == "add":
            self._add()
        elif command == "save":
            self._save()
        elif command == "take-back":
            self._at_hand.keep(self._key(), None)
            self._leave()
        elif command == "remove":
            self._remove()
        elif command in ("move-up", "move-down"):
            self._move(-1 if command == "move-up" else 1)

    def back(self) -> bool:
        """Esc: from a form to the steps, from there to the types. False where it was there already."""
        tab = self.tab
        if tab.at_levels():
            tab.show_types_again()
            tab.types.setFocus()
            return True
        if tab.at() != "look":
            tab.front("look")
            tab.steps.setFocus()
            return True
        if tab.steps.hasFocus() or tab.emergency.editing():
            tab.types.setFocus()
            return True
        return False

    # -- what is chosen -------------------------------------------------------------------------

    def _key(self) -> str:
        level, target = self.scope
        return f"procedure:{level.value}|{target}|{self.tab.types.key()}"

    def _saved(self) -> Procedure | None:
        """What is kept at this level for the chosen type."""
        if self.found is None:
            return None
        wanted = (*self.scope, self.tab.types.key())
        return next((p for p in self.found.procedures if (p.level, p.target, p.applies_to) == wanted), None)

    def _inherited(self) -> Procedure | None:
        """What the chosen type gets from another level."""
        kind = self.tab.types.key().removeprefix("kind:")
        line = next((line for line in self.found.effective if line.kind == kind), None) if self.found else None
        if line is None or self.scope[0] not in AT_SITE or self.found is None:
            return None
        return next((one for one in self.found.procedures if one.id == line.procedure), None)

    def draft(self) -> Procedure | None:
        """What is written and not saved, else what is kept."""
        written = self._at_hand.draft(self._key())
        return written if isinstance(written, Procedure) else self._saved()

    def _begin(self) -> Procedure | None:
        """The draft to change: what is there, a copy of what is inherited, or nothing yet."""
        draft = self.draft()
        if draft is not None:
            return draft
        inherited = self._inherited()
        level, target = self.scope
        site = self._at_hand.site if level in AT_SITE else ""
        row = next((one for one in self.tab.types.rows.rows() if one.key == self.tab.types.key()), None)
        if row is None:
            return None
        common: dict[str, Any] = {"level": level, "site": site, "target": target, "applies_to": row.key}
        if inherited is not None:
            return inherited.model_copy(update={**common, "id": "", "version": 0, "at": None, "by": ""})
        return Procedure.model_construct(name=row.title, steps=(), **common)

    def _write(self, draft: Procedure) -> None:
        self._at_hand.keep(self._key(), None if draft == self._saved() else draft)
        self._say("")
        self._show()

    # -- showing --------------------------------------------------------------------------------

    def _show(self) -> None:
        file, found = self._at_hand.file, self.found
        if file is None or found is None:
            return
        level, target = self.scope
        prefix = f"{level.value}|{target}|"
        unsaved = {key.removeprefix(prefix) for key in self._at_hand.unsaved("procedure") if key.startswith(prefix)}
        self.tab.show_types(found, self.scope, unsaved)
        draft, saved = self.draft(), self._saved()
        shown = draft or self._inherited()
        may = self._at_hand.may_edit()
        version = saved.version if saved is not None else 0
        why, dirty, now = self._why(shown, saved), draft != saved, self._desk.link.now()
        own = draft is not None
        self.tab.show_procedure(shown, why, file.contacts, now, may=may, saved=version, dirty=dirty, own=own)
        self.tab.show_changes(version, changes(saved, draft, file.contacts) if draft is not None and dirty else [])
        self.tab.show_site(file)
        numbers = [(one.service, one.name, one.number) for one in found.emergency]
        self.tab.emergency.allow(may, self.tr("The service desk or a supervisor writes procedures and numbers."))
        self._emergency.show(found.site, numbers)
        self._tell_meanwhile(draft, saved)

    def _tell_meanwhile(self, draft: Procedure | None, saved: Procedure | None) -> None:
        """Somebody else saved since this was written: theirs and mine are below the steps, and one is chosen (I11)."""
        if draft is None or _of(draft) == _of(saved):
            return
        if saved is None:
            words = self.tr(
                "Removed meanwhile. Ctrl+Enter saves what is written here as a new procedure; Ctrl+R leaves it removed."
            )
        else:
            words = self.tr(
                "{0} saved version {1} meanwhile. What changes shows both: Ctrl+Enter saves what is written here as "
                "version {2}; Ctrl+R takes theirs."
            ).format(saved.by, saved.version, saved.version + 1)
        self._say(words, "refused")

    def _why(self, shown: Procedure | None, saved: Procedure | None) -> str:
        if shown is None:
            return self.tr("No procedure: alarms of this type get the standard order, or what applies in general.")
        if (shown.level, shown.target) != self.scope or shown.applies_to != self.tab.types.key():
            whose = {
                Level.STATION: self.tr("station"),
                Level.GROUP: self.tr("customer group"),
                Level.SITE: self.tr("site"),
                Level.AREA: self.tr("area"),
                Level.ZONE: self.tr("zone"),
            }[shown.level]
            return self.tr("Inherited from the {0}. Ins or Ctrl+E makes one for this level.").format(whose)
        if saved is None:
            return self.tr("New for this level: not saved yet.")
        return self.tr("Version {0} by {1}.").format(saved.version, saved.by)

    def _leave(self) -> None:
        self.tab.front("look")
        self._say("")
        self._show()

    def _say(self, sentence: str, tone: str = "second") -> None:
        self.tab.sentence.setText(sentence)
        self.tab.sentence.setVisible(bool(sentence))
        retone(self.tab.sentence, tone)

    def _choose_level(self) -> None:
        """Ctrl+G: the levels in place of the types; again: the next of them."""
        file, found, tab = self._at_hand.file, self.found, self.tab
        if file is None or found is None:
            return
        if tab.at_levels():
            rows = tab.levels.rows.rowCount()
            tab.levels.setCurrentIndex(tab.levels.rows.index((tab.levels.currentIndex().row() + 1) % rows))
        else:
            tab.show_levels(found, file, self.scope)
        tab.levels.setFocus()

    def _take_level(self) -> None:
        file, key = self._at_hand.file, self.tab.levels.key()
        if file is None or not key:
            return
        self.scope = next(scope for scope in scopes_of(file) if scope_key(scope) == key)
        self.tab.show_types_again()
        self._leave()
        self.tab.types.setFocus()
        self.show(self._desk.link.now())

    # -- writing --------------------------------------------------------------------------------

    def _edit(self) -> None:
        """The step under the focus bar; from the list of types the procedure itself."""
        draft = self._begin()
        if draft is None:
            return
        step = next((one for one in draft.steps if one.id == self.tab.steps.key()), None)
        if self.tab.types.hasFocus() or step is None:
            self.tab.front("head")
            self.tab.head.show_values(head_values(draft))
            self.tab.head.begin()
            return
        self.tab.front("step")
        self._fill_step()
        self.tab.step.begin()

    def _fill_step(self) -> None:
        draft = self._begin()
        step = next((s for s in draft.steps if s.id == self.tab.steps.key()), None) if draft is not None else None
        if draft is not None and step is not None and self.tab.at() == "step" and not self.tab.step.editing():
            self._show_step(step, draft)

    def _show_step(self, step: ProcedureStep, draft: Procedure) -> None:
        file = self._at_hand.file
        self.tab.show_step(step, draft, file.contacts if file is not None else ())

    def _head_typed(self) -> None:
        draft = self._begin()
        if draft is not None and self.tab.at() == "head":
            self._take(self.tab.head, lambda: with_head(draft, self.tab.head.values()))

    def _step_typed(self) -> None:
        draft, chosen = self._begin(), self.tab.steps.key()
        if draft is None or self.tab.at() != "step" or chosen not in [step.id for step in draft.steps]:
            return

        def typed() -> Procedure:
            values = self.tab.step.values()
            steps = tuple(with_step(step, values) if step.id == chosen else step for step in draft.steps)
            return draft.model_copy(update={"steps": steps})

        self.tab.step.only(fields_of(self.tab.step.values()))
        self._take(self.tab.step, typed)

    def _take(self, form: Form, typed: Callable[[], Procedure]) -> None:
        try:
            written = typed()
        except ValueError as error:
            form.say(str(error))
            return
        form.say("")
        self._write(written)

    def _add(self) -> None:
        draft = self._begin()
        if draft is None:
            return
        number = max((int(step.id[1:]) for step in draft.steps), default=0) + 1
        at = [step.id for step in draft.steps].index(self.tab.steps.key()) + 1 if self._on_step(draft) else None
        new = ProcedureStep(id=f"s{number}", kind=StepKind.CONTACTS if not draft.steps else StepKind.INSTRUCTION)
        steps = list(draft.steps)
        steps.insert(len(steps) if at is None else at, new)
        written = draft.model_copy(update={"steps": tuple(steps)})
        self._write(written)
        self.tab.steps.choose(new.id)
        self.tab.front("step")
        self._show_step(new, written)
        self.tab.step.begin()

    def _on_step(self, draft: Procedure) -> bool:
        return self.tab.steps.hasFocus() and self.tab.steps.key() in [step.id for step in draft.steps]

    def _move(self, by: int) -> None:
        draft = self._begin()
        if draft is None:
            return
        order = [step.id for step in draft.steps]
        if self.tab.steps.key() in order:
            at = order.index(self.tab.steps.key())
            if 0 <= at + by < len(order):
                order[at], order[at + by] = order[at + by], order[at]
                self._reorder(order)

    def _reorder(self, order: list[str]) -> None:
        draft, chosen = self._begin(), self.tab.steps.key()
        if draft is None or not self._at_hand.may_edit():
            return
        by_id = {step.id: step for step in draft.steps}
        self._write(draft.model_copy(update={"steps": tuple(by_id[one] for one in order if one in by_id)}))
        self.tab.steps.choose(chosen)

    def _remove(self) -> None:
        """A step, to be saved; from the list of types the whole procedure."""
        draft = self._begin()
        if self.tab.types.hasFocus():
            self._remove_procedure()
        elif draft is not None:
            steps = tuple(step for step in draft.steps if step.id != self.tab.steps.key())
            self._write(draft.model_copy(update={"steps": steps}))

    def _remove_procedure(self) -> None:
        """Asked for twice, for it is gone at once; alarms that began before keep it."""
        saved, now, key = self._saved(), self._desk.link.now(), self._key()
        if saved is None:
            self._at_hand.keep(key, None)
            self._leave()
            return
        asked, self._remove_asked = self._remove_asked, (key, now)
        if asked is None or asked[0] != key or (now - asked[1]).total_seconds() > _AGAIN_S:
            said = self.tr("Ctrl+Delete again removes “{0}” from this level; what it overrode applies again.")
            self._say(said.format(saved.name), "refused")
            return
        self._remove_asked = None
        self._send(f"/v1/procedures/{saved.id}/remove", {"version": saved.version}, self.tr("Removed."))

    def _save(self) -> None:
        draft, saved = self.draft(), self._saved()
        if draft is None or draft == saved:
            self._say(self.tr("Nothing was changed."))
            return
        # Over what is shown, whichever version it was written from: where they differ, both are on screen.
        identifier, version = _of(saved)
        given = draft.model_dump(mode="json", exclude={"at", "by", "version"}) | {"id": identifier}
        said = self.tr("Version {0} is saved. It holds from the next alarm on.").format(version + 1)
        self._send("/v1/procedures", {"procedure": given, "version": version}, said)

    def _send(self, path: str, body: dict[str, Any], said: str) -> None:
        site, key = self._at_hand.site, self._key()

        async def send() -> None:
            await self._desk.patiently(self._desk.link.act(path, body))
            self._at_hand.drafts.pop((site, key), None)
            self.tab.front("look")
            self._say(said)
            self._at_hand.open(self._at_hand.site)

        def refused(error: ErrorBody) -> None:
            self._say(error.sentence, "refused")
            if error.code is ErrorCode.CHANGED:
                self._at_hand.open(self._at_hand.site)

        self._desk.run(send(), refused)

    def _save_emergency(self, rows: list[tuple[str, ...]]) -> None:
        if self.found is not None:
            save_emergency(self._desk, self.found, rows, self._took_emergency, self.tab.emergency.refuse)

    def _took_emergency(self, found: SiteProcedures) -> None:
        self._emergency.saved(found.site)
        if self._at_hand.site == found.site:
            self.found = found
            self._show()


def _of(procedure: Procedure | None) -> tuple[str, int]:
    """Which version of which procedure; of none where there is none yet."""
    return ("", 0) if procedure is None else (procedure.id, procedure.version)

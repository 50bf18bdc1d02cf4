"""Procedures of a site, its customer group and the station: types left, steps in the middle (C3, C4; picture 04b)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from models.records import AlarmClass, ContactFile, Level, Procedure, SiteFile, SiteProcedures
from widgets.facts import Facts
from widgets.form import Form
from widgets.keycap import KeyButton, KeyCap, toned
from widgets.lines import Line, Lines
from widgets.panel import Panel
from widgets.rows import Row, RowsView
from widgets.site.procedure_forms import begins, condition, head_fields, kind_words, step_fields, who
from widgets.site.table import TableForm
from widgets.theme import theme

Scope = tuple[Level, str]
"""A level, and the area or customer group it is for."""


class ProceduresTab(QWidget):
    """Ins adds, Ctrl+E changes, Alt+arrows or dragging moves, Ctrl+Enter saves the next version."""

    order_wanted = Signal(list)
    """Ids of the steps in the order wanted."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(12))
        row.addWidget(self._types_panel(), 396)
        row.addWidget(self._steps_panels(), 676)
        row.addWidget(self._side(), 440)

    def _types_panel(self) -> Panel:
        panel = Panel(self.tr("Alarm types"), self.tr("another level"), "Ctrl+G")
        self.level = toned("strong", "")
        self.level.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(8))
        panel.body.addWidget(self.level)
        self.types = RowsView(self.tr("Types of alarm"))
        panel.body.addWidget(self.types, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(10))
        foot.addWidget(toned("second", self.tr("Printable overview for the customer")))
        foot.addStretch(1)
        foot.addWidget(KeyCap("Ctrl+P"))
        panel.body.addLayout(foot)
        return panel

    def _steps_panels(self) -> QWidget:
        self.panel = Panel("", self.tr("move Alt+↑ Alt+↓ or drag"))
        self.why = toned("second", "", wrap=True)
        self.why.setContentsMargins(theme().px(14), theme().px(6), theme().px(14), theme().px(6))
        self.steps = RowsView(self.tr("Steps in order"))
        self.steps.setDragDropMode(self.steps.DragDropMode.InternalMove)
        self.steps.rows.dropped.connect(self.order_wanted)
        self.panel.body.addWidget(self.why)
        self.panel.body.addWidget(self.steps, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(10))
        foot.setSpacing(theme().px(10))
        self.buttons = {
            "add": KeyButton(self.tr("Add step"), "Ins"),
            "edit": KeyButton(self.tr("Edit"), "Ctrl+E"),
            "save": KeyButton(self.tr("Save"), "Ctrl+Enter", next_=True),
        }
        for name, button in self.buttons.items():
            if name == "save":
                foot.addStretch(1)
            foot.addWidget(button)
        self.panel.body.addLayout(foot)
        self.sentence = toned("second", "", wrap=True)
        self.sentence.setContentsMargins(theme().px(14), 0, theme().px(14), theme().px(8))
        self.panel.body.addWidget(self.sentence)
        self.changes_panel = Panel(self.tr("What changes"))
        self.changes = Lines(self.tr("What changes"), self.tr("Nothing is changed."), 130)
        self.changes_panel.body.addWidget(self.changes)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(12))
        column.addWidget(self.panel, 5)
        column.addWidget(self.changes_panel, 2)
        return holder

    def _side(self) -> QStackedWidget:
        self.head, self.step = Form(head_fields(), self.tr("Procedure")), Form(step_fields(), self.tr("Step"))
        self.zones = Lines(self.tr("Zones and what they raise"), self.tr("No zone is on file."), 60)
        self.keys = Facts(92)
        names = (self.tr("Service"), self.tr("Name"), self.tr("Number"))
        self.emergency = TableForm(names, self.tr("Emergency numbers of this site"))
        look = QWidget()
        column = QVBoxLayout(look)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(12))
        zones = Panel(self.tr("Zones and what they raise"), "", "Alt+2")
        zones.body.addWidget(self.zones)
        column.addWidget(zones, 3)
        numbers = Panel(self.tr("Emergency numbers of this site"), self.tr("police, fire, ambulance"))
        numbers.body.addWidget(self.emergency)
        numbers.body.addWidget(self.keys)
        column.addWidget(numbers, 2)
        self.side = QStackedWidget()
        self.side.addWidget(look)
        for form, title in ((self.head, self.tr("Procedure")), (self.step, self.tr("Step"))):
            # The version is saved whole, below the steps.
            form.save.hide()
            form.revert.hide()
            panel = Panel(title, self.tr("Esc goes back and keeps"))
            panel.body.addWidget(form)
            self.side.addWidget(panel)
        return self.side

    # -- what it shows --------------------------------------------------------------------------

    def show_types(self, found: SiteProcedures, scope: Scope, unsaved: set[str]) -> None:
        """Every type of alarm, and what it gets at the level that is chosen."""
        level, _target = scope
        self.level.setText(self._level_words(scope, found))
        here = {one.applies_to: one for one in found.procedures if (one.level, one.target) == scope}
        by_id = {one.id: one for one in found.procedures}
        rows = [self._type_row("all", self.tr("Every alarm"), "·", here.get("all"), unsaved)]
        rows += [
            self._type_row(
                f"class:{one.value}",
                self.tr("Class {0}").format(one.value),
                "·",
                here.get(f"class:{one.value}"),
                unsaved,
            )
            for one in AlarmClass
        ]
        for line in found.effective:
            own = here.get(f"kind:{line.kind}")
            inherited = by_id.get(line.procedure) if level is Level.SITE and own is None else None
            key, mark = f"kind:{line.kind}", str(line.priority)
            standard = level is Level.SITE
            rows.append(self._type_row(key, line.words, mark, own, unsaved, inherited, standard=standard))
        self.types.know(rows)

    def _level_words(self, scope: Scope, found: SiteProcedures) -> str:
        level, target = scope
        return {
            Level.STATION: self.tr("Station: what all sites get"),
            Level.GROUP: self.tr("Customer group {0}: all of its sites").format(target),
            Level.SITE: self.tr("This site, {0}").format(found.site),
            Level.AREA: self.tr("Area {0} of this site").format(target),
            Level.ZONE: self.tr("Zone {0} of this site").format(target),
        }[level]

    def _type_row(
        self,
        key: str,
        words: str,
        mark: str,
        own: Procedure | None,
        unsaved: set[str],
        inherited: Procedure | None = None,
        *,
        standard: bool = False,
    ) -> Row:
        one = own or inherited
        if one is None:
            empty = self.tr("standard order") if standard else self.tr("nothing of its own")
            second, right = empty, ""
        else:
            second = begins(one) if own is not None else self.tr("inherited: {0}").format(one.name)
            right = self.tr("{0} steps").format(len(one.steps))
        return Row(key, words, second, right, mark=mark, unsaved=key in unsaved)

    def show_procedure(
        self, draft: Procedure | None, why: str, contacts: Sequence[ContactFile], *, may: bool, saved: int, dirty: bool
    ) -> None:
        """The steps of what is chosen, saved or not."""
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.panel.title.setText(draft.name if draft is not None else self.tr("Standard order"))
        version = draft.version if draft is not None else 0
        moves = (
            self.tr("version {0} · move Alt+↑ Alt+↓ or drag").format(version) if version else self.tr("not saved yet")
        )
        self.panel.summary.setText(moves if draft is not None else "")
        rows = []
        for nth, step in enumerate(draft.steps if draft is not None else (), 1):
            name, second = who(step, contacts)
            under = " · ".join(part for part in (kind_words(step.kind), second) if part)
            rows.append(Row(step.id, name, under, condition(step), mark=str(nth)))
        self.steps.know(rows)
        self.buttons["save"].say(self.tr("Save version {0}").format(saved + 1))
        self.buttons["save"].setEnabled(may and dirty)
        self.buttons["add"].setEnabled(may)
        self.buttons["edit"].setEnabled(may and draft is not None)
        self.step.set_choices(
            "contact", [("", self.tr("nobody")), *((contact.id, contact.name) for contact in contacts)]
        )

    def show_changes(self, version: int, lines: Sequence[tuple[str, str]]) -> None:
        """What the next version changes, and from when it holds."""
        self.changes_panel.title.setText(self.tr("What changes with version {0}").format(version + 1))
        applies = self.tr("from the next alarm; running alarms keep version {0}").format(version)
        told = [Line(label, words) for label, words in lines]
        if lines and version:
            told.append(Line(self.tr("Applies"), applies))
        self.changes.tell(told)

    def show_site(self, file: SiteFile) -> None:
        """Zones and keys, to look at while steps are written."""
        areas = {area.area: area.name for area in file.areas}
        self.zones.tell([Line(z.zone, z.name, z.kind, right=areas.get(z.area, z.area)) for z in file.zones])
        self.keys.tell([(self.tr("Keys held"), file.details.keys or self.tr("none"))])

    def front(self, which: str) -> None:
        """``look``, ``head`` or ``step`` at the right."""
        self.side.setCurrentIndex({"look": 0, "head": 1, "step": 2}[which])

    def at(self) -> str:
        """What is at the right."""
        return ("look", "head", "step")[self.side.currentIndex()]

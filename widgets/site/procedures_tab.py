"""Procedures of a site, its customer group and the station: types left, steps in the middle (C3, C4; picture 04b)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from models.records import (
    AlarmClass,
    ContactFile,
    Level,
    Procedure,
    ProcedureStep,
    SiteFile,
    SiteProcedures,
    StepKind,
)
from widgets.badge import TypeBadge
from widgets.columns import Columns
from widgets.facts import Facts
from widgets.form import Form
from widgets.keycap import KeyButton, retone, toned
from widgets.lines import Line, Lines
from widgets.panel import Panel
from widgets.rows import Row, RowsView
from widgets.site.overview import availability, reachable
from widgets.site.procedure_forms import (
    Change,
    begins,
    condition,
    earlier,
    fields_of,
    head_fields,
    kind_words,
    step_fields,
    step_values,
    who,
)
from widgets.site.steps_list import StepsDelegate
from widgets.site.table import TableForm
from widgets.theme import theme

Scope = tuple[Level, str]
"""A level, and the customer group, the area, or area and zone that it is for."""
AT_SITE = frozenset({Level.SITE, Level.AREA, Level.ZONE})


def scopes_of(file: SiteFile) -> list[Scope]:
    """The levels of a site's procedures: its own, those of its areas and zones, its group's, the station's."""
    found: list[Scope] = [(Level.SITE, "")]
    areas = {area.area: None for area in file.areas} | {zone.area: None for zone in file.zones if zone.area}
    for area in areas:
        found.append((Level.AREA, area))
        found += [(Level.ZONE, f"{area} {zone.zone}") for zone in file.zones if zone.area == area]
    found += [(Level.GROUP, file.details.group)] if file.details.group else []
    return [*found, (Level.STATION, "")]


def scope_key(scope: Scope) -> str:
    """A level in one text."""
    level, target = scope
    return f"{level.value}|{target}"


def step_row(
    nth: int, step: ProcedureStep, steps: Sequence[ProcedureStep], contacts: Sequence[ContactFile], now: datetime
) -> Row:
    """A step in the list. Who is away is struck, as in the workspace, and stays where they are (C4)."""
    name, second = who(step, contacts)
    contact = next((one for one in contacts if step.kind is StepKind.CONTACT and one.id == step.contact), None)
    away = contact is not None and not reachable(contact, now)
    when = condition(step, steps)
    if away and contact is not None:
        second, when = availability(contact, now), when or _tr("Skipped while away")
    elif not when and step.kind in (StepKind.CONTACT, StepKind.CONTACTS):
        when = _tr("All numbers, each once")
    said = step.text.partition("\n")[0] if step.kind is not StepKind.INSTRUCTION else ""
    when = when[:1].upper() + when[1:]
    return Row(step.id, name, second, when, said, mark=str(nth), lead=kind_words(step.kind), off=away)


def _tr(words: str) -> str:
    return QCoreApplication.translate("procedures", words)


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
        panel = self._types = Panel(self.tr("Alarm types"), self.tr("another level"), "Ctrl+G")
        self.level = toned("strong", "")
        self.level.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(8))
        panel.body.addWidget(self.level)
        self.types = RowsView(self.tr("Types of alarm"))
        self.levels = RowsView(self.tr("Levels: station, customer group, site, areas and zones"))
        self._left = QStackedWidget()
        for view in (self.types, self.levels):
            self._left.addWidget(view)
        panel.body.addWidget(self._left, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(10))
        self.add = KeyButton(self.tr("Add procedure"), "Ins")
        foot.addWidget(self.add)
        foot.addStretch(1)
        self.remove = KeyButton(self.tr("Remove"), "Ctrl+Del")
        foot.addWidget(self.remove)
        panel.body.addLayout(foot)
        return panel

    def _steps_panels(self) -> QWidget:
        self.panel = Panel("")
        self.panel.header.setFixedHeight(theme().px(52))
        retone(self.panel.title, "title")
        self.badge = TypeBadge()
        self.panel.lead_with(self.badge)
        self.panel.add_keys("Alt+↑", "Alt+↓", words=self.tr("or drag"))
        self.why = toned("second", "", wrap=True)
        self.why.setContentsMargins(theme().px(14), theme().px(6), theme().px(14), theme().px(6))
        self.steps = RowsView(self.tr("Steps in order"), StepsDelegate())
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
        headings = (self.tr("Zone"), self.tr("Name"), self.tr("Kind"), self.tr("Area"))
        self.zones = Columns(
            self.tr("Zones and what they raise"), headings, (46, 178, 104, 90), self.tr("No zone is on file.")
        )
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
        standard = level in AT_SITE
        rows = [self._type_row("all", self.tr("Every alarm"), 0, here.get("all"), unsaved)]
        for line in sorted(found.effective, key=lambda one: one.priority):
            own = here.get(f"kind:{line.kind}")
            inherited = by_id.get(line.procedure) if standard and own is None else None
            key = f"kind:{line.kind}"
            rows.append(self._type_row(key, line.words, line.priority, own, unsaved, inherited, standard=standard))
        for one in AlarmClass:
            words, key = self.tr("All of class {0}").format(one.value), f"class:{one.value}"
            rows.append(self._type_row(key, words, 0, here.get(key), unsaved))
        self.types.know(rows)

    def show_levels(self, found: SiteProcedures, file: SiteFile, scope: Scope) -> None:
        """Ctrl+G: the levels, with how many procedures each has of its own."""
        count = Counter((one.level, one.target) for one in found.procedures)
        names = {f"{zone.area} {zone.zone}": zone.name for zone in file.zones}
        areas = {area.area: area.name for area in file.areas}
        rows = []
        for level, target in scopes_of(file):
            name = (
                names.get(target, "") if level is Level.ZONE else areas.get(target, "") if level is Level.AREA else ""
            )
            own = count[level, target]
            words = self.tr("1 procedure") if own == 1 else self.tr("{0} procedures").format(own) if own else ""
            rows.append(Row(scope_key((level, target)), self._level_words((level, target), found), name, words))
        self.levels.know(rows)
        self.levels.choose(scope_key(scope))
        self._left.setCurrentWidget(self.levels)
        self.level.hide()
        self._types.title.setText(self.tr("Level"))
        self._types.summary.setText(self.tr("Enter takes it"))

    def show_types_again(self) -> None:
        """The types of alarm are in front."""
        self._left.setCurrentWidget(self.types)
        self.level.show()
        self._types.title.setText(self.tr("Alarm types"))
        self._types.summary.setText(self.tr("another level"))

    def at_levels(self) -> bool:
        """Whether a level is being chosen."""
        return self._left.currentWidget() is self.levels

    def _level_words(self, scope: Scope, found: SiteProcedures) -> str:
        level, target = scope
        area, _, zone = target.partition(" ")
        return {
            Level.STATION: self.tr("Station: what all sites get"),
            Level.GROUP: self.tr("Customer group {0}: all of its sites").format(target),
            Level.SITE: self.tr("This site, {0}").format(found.site),
            Level.AREA: self.tr("Area {0} of this site").format(target),
            Level.ZONE: self.tr("Zone {0}, area {1} of this site").format(zone, area),
        }[level]

    def _type_row(
        self,
        key: str,
        words: str,
        priority: int,
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
        mark = self.tr("all") if not priority else ""
        return Row(key, words, second, right_second=right, mark=mark, badge=priority, unsaved=key in unsaved)

    def show_procedure(
        self,
        draft: Procedure | None,
        why: str,
        contacts: Sequence[ContactFile],
        now: datetime,
        *,
        may: bool,
        saved: int,
        dirty: bool,
        own: bool,
    ) -> None:
        """The steps of what is chosen, saved or not."""
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.panel.title.setText(draft.name if draft is not None else self.tr("Standard order"))
        version = draft.version if draft is not None else 0
        moves = self.tr("version {0} · move").format(version) if version else self.tr("not saved yet · move")
        self.panel.summary.setText(moves if draft is not None else "")
        chosen = next((row for row in self.types.rows.rows() if row.key == self.types.key()), None)
        self.badge.show_priority(chosen.badge or 0 if chosen is not None else 0)
        steps = draft.steps if draft is not None else ()
        self.steps.know([step_row(nth, step, steps, contacts, now) for nth, step in enumerate(steps, 1)])
        self.buttons["save"].say(self.tr("Save version {0}").format(saved + 1))
        self.buttons["save"].setEnabled(may and dirty)
        self.buttons["add"].setEnabled(may)
        self.buttons["edit"].setEnabled(may and draft is not None)
        self.add.setEnabled(may)
        self.remove.setEnabled(may and own)

    def show_step(self, step: ProcedureStep, draft: Procedure, contacts: Sequence[ContactFile]) -> None:
        """Fill the form of a step: whom it can name, and the steps before it."""
        before = earlier(step, draft.steps, contacts)
        self.step.set_choices(
            "contact", [("", self.tr("nobody")), *((contact.id, contact.name) for contact in contacts)]
        )
        self.step.set_choices("after", [("", self.tr("any before this one")), *before])
        self.step.set_choices("back_to", [("", self.tr("the first")), *before])
        self.step.show_values(step_values(step))
        self.step.only(fields_of(self.step.values()))

    def show_changes(self, version: int, lines: Sequence[Change]) -> None:
        """What the next version changes, and from when it holds."""
        self.changes_panel.title.setText(self.tr("What changes with version {0}").format(version + 1))
        applies = self.tr("from the next alarm; running alarms keep version {0}").format(version)
        told = [Line(label, words, was=was) for label, was, words in lines]
        if lines and version:
            told.append(Line(self.tr("Applies"), applies))
        self.changes.tell(told)

    def show_site(self, file: SiteFile) -> None:
        """Zones and keys, to look at while steps are written."""
        areas = {area.area: area.name for area in file.areas}
        zones = [(z.zone, z.name, z.kind, areas.get(z.area) or z.area) for z in file.zones]
        self.zones.tell(zones, self.tr("{0} zones").format(len(zones)) if zones else "")
        self.keys.tell([(self.tr("Keys held"), file.details.keys or self.tr("none"))])

    def front(self, which: str) -> None:
        """``look``, ``head`` or ``step`` at the right."""
        self.side.setCurrentIndex({"look": 0, "head": 1, "step": 2}[which])

    def at(self) -> str:
        """What is at the right."""
        return ("look", "head", "step")[self.side.currentIndex()]

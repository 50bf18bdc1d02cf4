"""Systems, areas and zones of a site (picture 04; B3, B6)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from models.records import SiteFile, SystemFile
from widgets.form import Form
from widgets.panel import Panel
from widgets.rows import Row, RowsView
from widgets.site.forms import system_fields
from widgets.site.table import TableForm
from widgets.theme import theme
from widgets.words import day

NEW = "new"


class SystemsTab(QWidget):
    """Systems left, the chosen one beside it; areas and zones as tables that are saved whole."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(12))
        left = QVBoxLayout()
        left.setSpacing(theme().px(12))
        panel = Panel(self.tr("Systems"), self.tr("Ins adds"))
        self.view = RowsView(self.tr("Systems"))
        panel.body.addWidget(self.view)
        left.addWidget(panel, 2)
        self.old, self.new = (
            Form(system_fields(new=False), self.tr("System")),
            Form(system_fields(new=True), self.tr("New system")),
        )
        self._forms = QStackedWidget()
        for form in (self.old, self.new):
            self._forms.addWidget(form)
        self._form_panel = Panel("", self.tr("change"), "Ctrl+E")
        self._form_panel.body.addWidget(self._forms)
        left.addWidget(self._form_panel, 3)
        holder = QWidget()
        holder.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        row.addWidget(holder, 600)
        self.areas = TableForm((self.tr("Area"), self.tr("Name")), self.tr("Areas"))
        names = (self.tr("Zone"), self.tr("Name"), self.tr("Kind"), self.tr("Area"))
        self.zones = TableForm(names, self.tr("Zones"), (0, 3))
        areas = Panel(self.tr("Areas"), self.tr("Ins adds · Ctrl+Delete removes"))
        areas.body.addWidget(self.areas)
        row.addWidget(areas, 360)
        self._zones_panel = Panel(self.tr("Zones"), "")
        self._zones_panel.body.addWidget(self.zones)
        row.addWidget(self._zones_panel, 552)

    def show_file(self, file: SiteFile, unsaved: set[str], *, new: bool) -> None:
        """The systems; those replaced lately at the end (B6)."""
        rows = [_row(self, system, system.account in unsaved) for system in file.systems]
        if new:
            rows.append(Row(NEW, self.tr("New system"), self.tr("not saved yet"), unsaved=True))
        self.view.know(rows)
        in_service = [(s.account, s.account) for s in file.systems if s.out_of_service_at is None]
        self.new.set_choices("replaces", [("", self.tr("no other")), *in_service])
        self._zones_panel.summary.setText(self.tr("{0} zones · Ins adds · Ctrl+Delete removes").format(len(file.zones)))

    def front(self, *, new: bool, title: str) -> Form:
        """The form for a system that is there, or for a new one."""
        self._forms.setCurrentWidget(self.new if new else self.old)
        self._form_panel.title.setText(title)
        return self.form()

    def form(self) -> Form:
        """The form in front."""
        form = self._forms.currentWidget()
        assert isinstance(form, Form)
        return form

    def next_part(self) -> None:
        """Ctrl+E again: from the system to the areas, then the zones."""
        if self.form().editing():
            self.areas.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self.areas.editing():
            self.zones.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.form().begin()


def _row(widget: QWidget, system: SystemFile, unsaved: bool) -> Row:
    out = system.out_of_service_at
    name = system.label or widget.tr("System {0}").format(system.account)
    second = " · ".join(filter(None, (system.account, system.model, system.provider)))
    if out is not None:
        words = widget.tr("replaced {0}") if system.replaced_by else widget.tr("out of service {0}")
        return Row(system.account, name, second, words.format(day(out)), system.replaced_by, off=True, unsaved=unsaved)
    since = (
        widget.tr("since {0}").format(day(system.in_service_at)) if system.in_service_at else widget.tr("in service")
    )
    key = widget.tr("encrypted") if system.encrypted else widget.tr("in clear")
    return Row(system.account, name, second, since, key, unsaved=unsaved)

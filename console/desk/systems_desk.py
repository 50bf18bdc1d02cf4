"""The presenter of the systems tab: systems in and out of service, areas and zones (B3, B6)."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console.desk.file_at_hand import FileAtHand
from console.desk.kept_table import KeptTable
from console.desk.place import Desk
from models.records import AreaFile, ErrorBody, ErrorCode, SiteFile, SystemFile, ZoneFile
from widgets.form import Form
from widgets.site.forms import system_record, system_values
from widgets.site.systems_tab import NEW, SystemsTab
from widgets.site.table import TableForm


class SystemsDesk(QObject):
    """What keys do on systems, areas and zones of the open site."""

    def __init__(self, desk: Desk, at_hand: FileAtHand, tab: SystemsTab) -> None:
        super().__init__()
        self._desk, self._at_hand, self.tab = desk, at_hand, tab
        self._shown = ""
        self._tables = {
            "areas": KeptTable(at_hand, "areas", tab.areas),
            "zones": KeptTable(at_hand, "zones", tab.zones),
        }
        tab.view.chosen.connect(lambda _key: self._fill(anew=True))
        for form in (tab.old, tab.new):
            form.wanted.connect(lambda _values: self._save())
            form.changed.connect(self._keep)
        tab.areas.wanted.connect(lambda rows: self._save_table("areas", tab.areas, rows))
        tab.zones.wanted.connect(lambda rows: self._save_table("zones", tab.zones, rows))

    def show(self) -> None:
        """The file changed, or the tab came to the front."""
        file = self._at_hand.file
        if file is None:
            return
        allowed = self._at_hand.may_edit()
        why = self.tr("The service desk or a supervisor changes systems, areas and zones.")
        for part in (self.tab.old, self.tab.new, self.tab.areas, self.tab.zones):
            part.allow(allowed, why)
        new = self._at_hand.draft(f"system:{NEW}") is not None
        self.tab.show_file(file, self._at_hand.unsaved("system"), new=new)
        self._fill(anew=False)
        areas = [(area.area, area.name) for area in file.areas]
        zones = [(zone.zone, zone.name, zone.kind, zone.area) for zone in file.zones]
        self._tables["areas"].show(file.site, areas)
        self._tables["zones"].show(file.site, zones)

    def can(self, command: str) -> bool:
        """What can be done here."""
        if command in ("edit", "next", "back"):
            return True
        return command in ("save", "take-back", "add", "remove") and self._at_hand.may_edit()

    def do(self, command: str) -> None:
        """One command; in a table it is the table's."""
        table = next((one for one in (self.tab.areas, self.tab.zones) if one.editing()), None)
        if command in ("edit", "next"):
            self.tab.next_part()
        elif command == "save":
            table.press_save() if table is not None else self.tab.form().press_save()
        elif command == "take-back":
            if table is not None:
                table.take_back()
            else:
                self._take_back()
        elif command == "add":
            if table is not None:
                table.add()
            else:
                self._at_hand.keep(f"system:{NEW}", self._at_hand.draft(f"system:{NEW}") or True)
                self._at_hand.changed.emit()
                self.tab.view.choose(NEW)
                self.tab.form().begin()
        elif command == "remove":
            if table is not None:
                table.remove()
            else:
                self._desk.notify(
                    self.tr("A system is never removed: Ctrl+E, “Out of service”. The journal keeps its account.")
                )

    def back(self) -> bool:
        """Esc: to the list."""
        if self.tab.form().editing() or self.tab.areas.editing() or self.tab.zones.editing():
            self.tab.view.setFocus()
            return True
        return False

    def _current(self) -> SystemFile | None:
        file, key = self._at_hand.file, self.tab.view.key()
        return next((one for one in file.systems if one.account == key), None) if file is not None else None

    def _key(self) -> str:
        return f"system:{self.tab.view.key()}"

    def _fill(self, *, anew: bool) -> None:
        system, key = self._current(), self._key()
        new = self.tab.view.key() == NEW
        title = self.tr("New system") if new else self.tr("System {0}").format(system.account if system else "")
        form = self.tab.front(new=new, title=title)
        values = system_values(system or SystemFile(account=""))
        subject = f"{self._at_hand.site}/{key}"
        if anew or subject != self._shown:
            self._shown = subject
            self._at_hand.fill(form, key, values)
        else:
            form.show_theirs(values)

    def _keep(self) -> None:
        self._at_hand.keep_typed(self._key(), self.tab.form(), new=self.tab.view.key() == NEW)

    def _take_back(self) -> None:
        self.tab.form().take_back()
        self._at_hand.keep(self._key(), None)
        self._at_hand.changed.emit()

    def _save(self) -> None:
        form, system, now = self.tab.form(), self._current(), self._desk.link.now()
        if self.tab.view.key() != NEW:
            self._at_hand.save(form, self._key(), lambda values: system_record(values, system, now), _FIELDS)
            return
        self._save_new(form)

    def _save_new(self, form: Form) -> None:
        site = self._at_hand.site
        try:
            record = system_record(form.values(), None, self._desk.link.now())
        except ValueError as error:
            form.refuse(str(error))
            return

        def done(_file: SiteFile) -> None:
            self._at_hand.drafts.pop((site, f"system:{NEW}"), None)
            self._shown = ""

        def refused(body: ErrorBody) -> None:
            name = (body.field or "").removeprefix("system.")
            form.refuse(body.sentence, _FIELDS.get(name, name))

        body = {"system": record, "replaces": str(form.values()["replaces"])}
        self._at_hand.act("systems", body, refused, done)

    def _save_table(self, key: str, table: TableForm, rows: list[tuple[str, ...]]) -> None:
        file = self._at_hand.file
        if file is None:
            return
        if key == "areas":
            value = [AreaFile.model_construct(area=area, name=name).model_dump() for area, name in rows]
        else:
            value = [
                ZoneFile.model_construct(zone=zone, name=name, kind=kind, area=area).model_dump()
                for zone, name, kind, area in rows
            ]
        site = file.site

        def done(_file: SiteFile) -> None:
            self._tables[key].saved(site)

        def refused(body: ErrorBody) -> None:
            table.refuse(body.sentence)
            if body.code is ErrorCode.CHANGED:
                self._at_hand.open(site)

        self._at_hand.act("file", {"part": key, "value": value, "version": file.version(key)}, refused, done)


_FIELDS = {"interval_s": "interval", "margin_s": "margin"}

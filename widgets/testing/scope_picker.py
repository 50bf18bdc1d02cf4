"""What of a site is in test: its areas and zones, its systems, kinds of event, each with a box (F2; picture 03)."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from models.records import LIFE_SAFETY, SiteFile, TestKind, TestScope, ZoneRef, plain_number
from widgets.keycap import toned
from widgets.theme import theme
from widgets.tick import TickBox, TickDelegate, keeps_space

_KEY = int(Qt.ItemDataRole.UserRole)
_ON, _OFF, _SOME = Qt.CheckState.Checked, Qt.CheckState.Unchecked, Qt.CheckState.PartiallyChecked


def kind_words() -> dict[TestKind, str]:
    """The kinds as the screen names them."""
    said = {
        TestKind.INTRUSION: "Intrusion",
        TestKind.TAMPER: "Tamper",
        TestKind.FIRE: "Fire",
        TestKind.HOLD_UP: "Hold-up",
        TestKind.MEDICAL: "Medical",
        TestKind.HOURS: "Open / close",
        TestKind.TECHNICAL: "Technical",
        TestKind.LINE_POWER: "Line and power",
    }
    return {kind: QCoreApplication.translate("testing", words) for kind, words in said.items()}


class _Tree(QTreeWidget):
    """Space ticks, arrows move; Enter and Esc belong to the screen."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("scope")
        self.setHeaderHidden(True)
        self.setAccessibleName(name)
        self.setRootIsDecorated(False)
        self.setIndentation(theme().px(24))
        self.setTabKeyNavigation(False)
        self.setItemDelegate(TickDelegate(self))

    def event(self, event: QEvent) -> bool:
        """Space is its own."""
        return keeps_space(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Esc pass on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        """The first line is chosen where none is: Space does something at once."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.choose_first()

    def choose_first(self) -> None:
        """The first line, where none is chosen."""
        first = self.topLevelItem(0)
        if self.currentItem() is None and first is not None:
            self.setCurrentItem(first)


def _item(words: str, key: tuple[str, ...], right: str = "") -> QTreeWidgetItem:
    item = QTreeWidgetItem([words, right])
    item.setData(0, _KEY, key)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(0, _OFF)
    return item


class ScopePicker(QWidget):
    """Places left, kinds right. A signal is in test when its zone and its kind are ticked."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.known = False
        """Whether the places of the site are shown: before, nothing can be said of them."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(12))
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(theme().px(4))
        self.places = _Tree(self.tr("Areas and zones in test"))
        self.places.setColumnCount(2)
        header = self.places.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.kinds = _Tree(self.tr("Kinds of event in test"))
        self.everywhere = TickBox(self.tr("Every place"))
        self.all_except = TickBox(self.tr("All except what is ticked"))
        left.addWidget(toned("label", self.tr("Areas and zones")))
        left.addWidget(self.places, 1)
        left.addWidget(self.everywhere)
        left.addWidget(self.all_except)
        right.addWidget(toned("label", self.tr("Kinds of event")))
        right.addWidget(self.kinds, 1)
        self.says = toned("second", "", wrap=True)
        right.addWidget(self.says)
        self._say()
        row.addLayout(left, 3)
        row.addLayout(right, 2)
        # Behind the kinds: Tab and Space on the way to them turn no scope round.
        self.setTabOrder(self.places, self.kinds)
        self.setTabOrder(self.kinds, self.everywhere)
        self.setTabOrder(self.everywhere, self.all_except)
        for kind, words in kind_words().items():
            self.kinds.addTopLevelItem(_item(words, (kind.value,)))
        self.places.itemChanged.connect(self._ticked)
        self.kinds.itemChanged.connect(lambda *_: self.changed.emit())
        self.all_except.toggled.connect(self._turned)
        self.everywhere.toggled.connect(self._whole_site)

    def _whole_site(self, on: bool) -> None:
        """Every place, or those that are ticked: an empty box says the same in both, that its place is not named."""
        if on:
            self.places.blockSignals(True)
            for item in _items(self.places):
                for one in (item, *_children(item)):
                    one.setCheckState(0, _OFF)
            self.places.blockSignals(False)
            self.places.viewport().update()
            self.all_except.setChecked(False)
        self._turned()

    def _tick_everywhere(self, on: bool) -> None:
        self.everywhere.blockSignals(True)
        self.everywhere.setChecked(on)
        self.everywhere.blockSignals(False)
        self._say()

    def _turned(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        ticked = self.tr("A signal is in test when its zone and its kind are ticked.")
        every = self.tr("A signal is in test when its kind is ticked, wherever it comes from.")
        turned = self.tr("A signal is in test when its kind is ticked, and its zone is not.")
        everywhere = self.everywhere.isChecked()
        self.all_except.setEnabled(not everywhere)
        self.says.setText(every if everywhere else turned if self.all_except.isChecked() else ticked)

    def show_site(self, file: SiteFile | None, scope: TestScope | None) -> None:
        """The places of a site, ticked as ``scope`` has them; without one every kind but life safety is."""
        for tree in (self.places, self.kinds):
            tree.blockSignals(True)
        self.places.clear()
        self.known = file is not None
        part = scope if scope is not None and not scope.whole else None
        if file is not None:
            self._fill(file, part)
        kinds = set(TestKind) - LIFE_SAFETY if part is None else set(part.kinds)
        for item in _items(self.kinds):
            item.setCheckState(0, _ON if TestKind(item.data(0, _KEY)[0]) in kinds else _OFF)
        self._tick(part)
        for tree in (self.places, self.kinds):
            tree.blockSignals(False)
        if self.places.hasFocus():
            # Whoever was there before the site file was read.
            self.places.choose_first()

    def _fill(self, file: SiteFile, part: TestScope | None) -> None:
        states = {state.area: state.words for state in file.states}
        names = {plain_number(area.area): area for area in file.areas}
        chosen = set(part.systems) if part is not None else set()
        systems = [one for one in file.systems if one.out_of_service_at is None or one.account in chosen]
        if len(systems) > 1 or chosen:
            for system in systems:
                words = self.tr("System {0}").format(" ".join(filter(None, (system.account, system.label))))
                self.places.addTopLevelItem(_item(words, ("system", system.account)))
        for area in dict.fromkeys([*names, *(plain_number(zone.area) for zone in file.zones)]):
            known = names.get(area)
            title = (known.name if known else "") or self.tr("Area {0}").format(known.area if known else area)
            top = _item(title, ("area", area), states.get(known.area, "") if known else "")
            self.places.addTopLevelItem(top)
            here = [zone for zone in file.zones if plain_number(zone.area) == area]
            for zone in sorted(here, key=lambda one: (len(plain_number(one.zone)), plain_number(one.zone))):
                child = _item(f"{zone.zone} {zone.name}".strip(), ("zone", area, plain_number(zone.zone)))
                top.addChild(child)
                # Only areas have a state: a zone's name has both columns.
                child.setFirstColumnSpanned(True)
        if part is not None:
            self._fill_gone(file, part, set(names))
        self.places.expandAll()
        first = self.places.topLevelItem(0)
        if first is not None:
            self.places.setCurrentItem(first)

    def _fill_gone(self, file: SiteFile, part: TestScope, areas: set[str]) -> None:
        """What a scope names and the file has no more: shown, or the test would be of every place once it is saved."""
        zones = {(plain_number(zone.area), plain_number(zone.zone)) for zone in file.zones}
        accounts = {system.account for system in file.systems}
        gone: list[tuple[str, tuple[str, ...]]] = [
            (self.tr("System {0}").format(account), ("system", account))
            for account in part.systems
            if account not in accounts
        ]
        known = areas | {area for area, _zone in zones}
        gone += [(self.tr("Area {0}").format(area), ("area", area)) for area in part.areas if area not in known]
        gone += [
            (self.tr("Zone {0} of area {1}").format(one.zone, one.area), ("gone", one.area, one.zone))
            for one in part.zones
            if (one.area, one.zone) not in zones
        ]
        for words, key in gone:
            item = _item(self.tr("{0}, not in the site file").format(words), key)
            self.places.addTopLevelItem(item)
            item.setFirstColumnSpanned(True)

    def _tick(self, part: TestScope | None) -> None:
        self.all_except.blockSignals(True)
        self.all_except.setChecked(part is not None and part.all_except)
        self.all_except.blockSignals(False)
        self._tick_everywhere(part is None or not (part.systems or part.areas or part.zones))
        if part is None:
            return
        zones = {(zone.area, zone.zone) for zone in part.zones}
        for item in _items(self.places):
            what, *numbers = item.data(0, _KEY)
            if (
                what == "gone"
                or (what == "system" and numbers[0] in part.systems)
                or (what == "area" and numbers[0] in part.areas)
            ):
                item.setCheckState(0, _ON)
            for child in _children(item):
                _zone, area, number = child.data(0, _KEY)
                child.setCheckState(0, _ON if area in part.areas or (area, number) in zones else _OFF)
            self._sum_up(item)

    def _ticked(self, item: QTreeWidgetItem) -> None:
        """An area ticks its zones; its zones tick it."""
        self.places.blockSignals(True)
        state = item.checkState(0)
        for child in _children(item):
            child.setCheckState(0, state)
        parent = item.parent()
        if parent is not None:
            self._sum_up(parent)
        self.places.blockSignals(False)
        self.places.viewport().update()
        if state is not _OFF:
            self._tick_everywhere(False)
        self.changed.emit()

    def _sum_up(self, area: QTreeWidgetItem) -> None:
        states = {child.checkState(0) for child in _children(area)}
        if states:
            area.setCheckState(0, states.pop() if len(states) == 1 else _SOME)

    def lacks(self) -> str:
        """``kinds`` or ``places``, where nothing of them is ticked; else empty."""
        if all(item.checkState(0) is _OFF for item in _items(self.kinds)):
            return "kinds"
        return "" if self.scope() is not None else "places"

    def scope(self) -> TestScope | None:
        """What is ticked; None where no kind or no place is (:meth:`lacks`): that is no test of anything."""
        kinds = tuple(TestKind(item.data(0, _KEY)[0]) for item in _items(self.kinds) if item.checkState(0) is _ON)
        if not kinds:
            return None
        systems: list[str] = []
        areas: list[str] = []
        zones: list[ZoneRef] = []
        for item in _items(self.places):
            what, *numbers = item.data(0, _KEY)
            if what == "gone":
                zones += [ZoneRef(area=numbers[0], zone=numbers[1])] if item.checkState(0) is _ON else []
            elif item.checkState(0) is _ON:
                (systems if what == "system" else areas).append(numbers[0])
            elif item.checkState(0) is _SOME:
                ticked = [child.data(0, _KEY) for child in _children(item) if child.checkState(0) is _ON]
                zones += [ZoneRef(area=area, zone=zone) for _what, area, zone in ticked]
        if not (self.everywhere.isChecked() or systems or areas or zones):
            return None
        return TestScope(
            whole=False,
            systems=tuple(systems),
            areas=tuple(areas),
            zones=tuple(zones),
            all_except=self.all_except.isChecked() and bool(areas or zones),
            kinds=kinds,
        )


def _items(tree: QTreeWidget) -> Iterable[QTreeWidgetItem]:
    for nth in range(tree.topLevelItemCount()):
        item = tree.topLevelItem(nth)
        if item is not None:
            yield item


def _children(item: QTreeWidgetItem) -> Iterable[QTreeWidgetItem]:
    children = (item.child(nth) for nth in range(item.childCount()))
    return [child for child in children if child is not None]

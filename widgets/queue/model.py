"""The queue as a table: Waiting, Parked, Held; priority, then age. It moves only when it may (visual.md §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from models.records import AlarmState, AlarmView, OutagePart, Priority, StormDoes, StormMark
from widgets.queue.face import Face, face, spoken
from widgets.queue.moves import in_order
from widgets.queue.outage_rows import Part, cells_of, parts_of, spoken_part
from widgets.queue.storm_rows import Figures, Gathered, figures_of, gathered, order_of, spoken_gathered
from widgets.queue.storm_rows import cells_of as cells_of_gathered
from widgets.theme import priority_name

ALARM_ROLE = int(Qt.ItemDataRole.UserRole)
SECTION_ROLE = ALARM_ROLE + 1
_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Section:
    """A heading inside the list."""

    state: AlarmState
    title: str
    hint: str


Row = Section | Part | Gathered | str
"""A heading, a row below an outage, the row of what a storm profile holds, or an alarm's id."""


class QueueModel(QAbstractTableModel):
    """Rows are drawn from what is known; new alarms wait in :attr:`arrivals` until :meth:`settle`.

    Between settlings rows keep their places whatever happens: what they say changes, where they stand does not (I8).
    """

    arrivals_changed = Signal()
    rearranged = Signal()
    """The list moved, and has come to rest."""

    def __init__(self) -> None:
        super().__init__()
        self.headings = (
            self.tr("Priority"),
            self.tr("Elapsed / target"),
            self.tr("Event · area / zone"),
            self.tr("Site"),
            self.tr("State · held by"),
        )
        self._alarms: dict[str, AlarmView] = {}
        self._rows: list[Row] = []
        self.now = datetime.now(UTC)
        self.me = ""
        self.notes: dict[str, str] = {}
        """What else is said of a waiting alarm: to whom it is left, what nobody has who is there."""
        self._filter: tuple[str, ...] = ()
        """Words that a supervisor asks for in this view alone."""
        self._gone: set[str] = set()
        self._opened: set[str] = set()
        """Outages whose rows by what to do are in sight."""
        self._storms_opened: set[Gathered] = set()
        """Rows of storm profiles whose alarms are in sight below them."""
        self._held: dict[Gathered, Figures] = {}
        """What is in the rows of storm profiles, as far as is known."""
        self._rows_of_storms: dict[Gathered, list[AlarmView]] = {}
        """The same, alarm by alarm."""
        self._settled: set[tuple[str, AlarmState, int, datetime, StormMark | None, bool]] | None = None
        """What decided the order that stands."""
        self._faces: dict[str, tuple[AlarmView, datetime, str, str, Face]] = {}

    # -- what it is told ------------------------------------------------------------------------

    def know(self, alarms: Iterable[AlarmView], now: datetime) -> None:
        """How the open alarms stand now. Nothing moves; rows say the new words."""
        before, self.now = self._alarms, now
        self._alarms = {alarm.id: alarm for alarm in alarms}
        self._rows_of_storms = self._gathered()
        self._held = {row: figures_of(some) for row, some in self._rows_of_storms.items()}
        placed = set(self._placed())
        # A row whose alarm is over stays, in grey words, until the list may move.
        over, self._gone = self._gone, placed - self._alarms.keys()
        for gone in self._gone:
            self._alarms[gone] = before[gone]
        for row, what in enumerate(self._rows):
            of = alarm_of(what)
            if isinstance(what, Gathered) or (
                of is not None and (self._alarms[of] is not before.get(of) or of in over ^ self._gone)
            ):
                self._touch(row)
        self.arrivals_changed.emit()

    def settle(self) -> None:
        """The list may move: put everything in its order, new alarms included."""
        for gone in self._gone:
            self._alarms.pop(gone, None)
        self._opened -= self._gone
        self._gone.clear()
        self._storms_opened &= self._held.keys()
        order = {
            (alarm.id, alarm.state, alarm.priority, alarm.clock_from, alarm.storm, self.shows(alarm))
            for alarm in self._alarms.values()
        }
        if order == self._settled:
            return
        self._settled = order
        wanted = self._ordered()
        if wanted != self._rows:
            self._rearrange(wanted)
        self.arrivals_changed.emit()

    def open_parts(self, alarm: str, *, opened: bool) -> None:
        """Open or close the rows below an outage: asked for by whoever uses the list, so nothing else moves."""
        row, known = self.row_of(alarm), self._alarms.get(alarm)
        if row is None or known is None or known.outage is None or opened == (alarm in self._opened):
            return
        (self._opened.add if opened else self._opened.discard)(alarm)
        below = [what for what in self._rows if not (isinstance(what, Part) and what.alarm == alarm)]
        if opened:
            below[row + 1 : row + 1] = parts_of(alarm)
        self._rearrange(below)

    def open_storm(self, row: Gathered, *, opened: bool) -> None:
        """Open or close the alarms below a storm profile's row: asked for, so nothing else moves."""
        if row not in self._rows or opened == (row in self._storms_opened):
            return
        (self._storms_opened.add if opened else self._storms_opened.discard)(row)
        mine = [alarm.id for alarm in self._in_row(row)]
        below = [what for what in self._rows if what not in mine]
        if opened:
            at = below.index(row) + 1
            below[at:at] = mine
        self._rearrange(below)

    def filter(self, text: str) -> None:
        """Show what has all the words of ``text``, and whatever no filter hides; empty: everything."""
        self._filter = tuple(text.casefold().split())
        self.settle()

    def shows(self, alarm: AlarmView) -> bool:
        """Whether an alarm is in sight. An Emergency, what was escalated and what is one's own are never hidden."""
        if not self._filter or alarm.priority == Priority.EMERGENCY or alarm.escalated or alarm.holder == self.me:
            return True
        if gathered(alarm) is not None:
            # The row of a storm profile stands for all of its alarms.
            return True
        said = self.face_of(alarm)
        text = " ".join(
            (priority_name(alarm.priority), alarm.alarm_class.value, said.event, said.place, said.site, said.where)
        )
        held = alarm.held_by or alarm.parked_by or ""
        found = f"{text} {held} {alarm.account}".casefold()
        return all(word in found for word in self._filter)

    def hidden(self) -> int:
        """How many open alarms the filter keeps out of sight."""
        return sum(1 for alarm in self._alarms.values() if not self.shows(alarm)) if self._filter else 0

    def tick(self, now: datetime) -> None:
        """A second passed: only what shows time is painted again."""
        self.now = now
        if self._rows:
            times = self.index(0, 1), self.index(len(self._rows) - 1, 1)
            self.dataChanged.emit(*times, [int(Qt.ItemDataRole.DisplayRole)])

    def tell_notes(self, notes: Mapping[str, str]) -> None:
        """What else is said of waiting alarms now."""
        changed = {alarm for alarm, _note in self.notes.items() ^ notes.items()}
        self.notes = dict(notes)
        for row, what in enumerate(self._rows):
            if isinstance(what, str) and what in changed:
                self._touch(row)

    # -- what it is asked -----------------------------------------------------------------------

    def arrivals(self) -> list[AlarmView]:
        """New alarms that are not in the list yet, the most urgent first."""
        placed = set(self._placed())
        # What a storm profile holds comes into its row, and moves nothing.
        new = [
            alarm
            for alarm in self._alarms.values()
            if alarm.id not in placed and gathered(alarm) is None and self.shows(alarm)
        ]
        return sorted(new, key=lambda alarm: (alarm.priority, alarm.clock_from))

    def alarm_at(self, row: int) -> AlarmView | None:
        """The alarm in a row, or the one whose row is above; None for a heading."""
        of = alarm_of(self._rows[row]) if 0 <= row < len(self._rows) else None
        return self._alarms.get(of) if of is not None else None

    def part_at(self, row: int) -> OutagePart | None:
        """Which part of an outage a row below it counts; None for any other row."""
        what = self._rows[row] if 0 <= row < len(self._rows) else None
        return what.part if isinstance(what, Part) else None

    def gathered_at(self, row: int) -> Gathered | None:
        """The storm profile whose row this is; None for any other row."""
        what = self._rows[row] if 0 <= row < len(self._rows) else None
        return what if isinstance(what, Gathered) else None

    def below_storm(self, row: int) -> bool:
        """Whether the alarm in a row stands below that of a storm profile."""
        alarm = self.alarm_at(row)
        return alarm is not None and self.gathered_at(row) is None and gathered(alarm) is not None

    def held_in(self, row: Gathered) -> Figures | None:
        """What is in a storm profile's row now; None: nothing any more."""
        return self._held.get(row)

    def alarms_in(self, row: Gathered) -> list[AlarmView]:
        """The alarms of a storm profile's row, the most urgent first."""
        return self._in_row(row)

    def is_storm_open(self, row: Gathered) -> bool:
        """Whether its alarms are in sight."""
        return row in self._storms_opened

    def is_open(self, alarm: str) -> bool:
        """Whether the rows below an outage are in sight."""
        return alarm in self._opened

    def row_of(self, alarm: str | Gathered) -> int | None:
        """Where an alarm stands, or the row of a storm profile."""
        return self._rows.index(alarm) if alarm in self._rows else None

    def section_at(self, row: int) -> Section | None:
        """The heading in a row; None for an alarm."""
        what = self._rows[row] if 0 <= row < len(self._rows) else None
        return what if isinstance(what, Section) else None

    def face_of(self, alarm: AlarmView) -> Face:
        """What its row says now: the five cells of a row say it once."""
        known, note = self._faces.get(alarm.id), self.notes.get(alarm.id, "")
        if known is not None and known[0] is alarm and known[1] is self.now and known[2:4] == (self.me, note):
            return known[4]
        if len(self._faces) > len(self._alarms):
            self._faces.clear()
        said = face(alarm, self.now, self.me, note)
        self._faces[alarm.id] = (alarm, self.now, self.me, note, said)
        return said

    def is_over(self, alarm: str) -> bool:
        """Whether an alarm that is still in sight has ended meanwhile."""
        return alarm in self._gone

    def in_state(self, state: AlarmState) -> int:
        """How many are in a state, arrivals included; what a storm profile groups is one."""
        mine = [alarm for id_, alarm in self._alarms.items() if alarm.state is state and id_ not in self._gone]
        groups = [row for row in self._held if state is AlarmState.WAITING and row.does is StormDoes.GROUP]
        return sum(1 for alarm in mine if gathered(alarm) is None) + len(groups)

    # -- the order ------------------------------------------------------------------------------

    def _placed(self) -> list[str]:
        return [row for row in self._rows if isinstance(row, str)]

    def _ordered(self) -> list[Row]:
        rows: list[Row] = []
        for section in self._sections():
            members = [
                alarm
                for alarm in self._alarms.values()
                if alarm.state is section.state
                or (section.state is AlarmState.WAITING and alarm.state is AlarmState.CLOSED)
            ]
            members = [alarm for alarm in members if self.shows(alarm)]
            if members or section.state is AlarmState.WAITING:
                rows.append(section)
                rows += self._in_section(members)
        return rows

    def _in_section(self, members: Sequence[AlarmView]) -> list[Row]:
        places: list[tuple[tuple[bool, int, bool, datetime], Row]] = [
            ((False, alarm.priority, False, alarm.clock_from), alarm.id) for alarm in members if gathered(alarm) is None
        ]
        if any(gathered(alarm) is not None for alarm in members):
            places += [(order_of(figures), row) for row, figures in self._held.items()]
        rows: list[Row] = []
        for _place, row in sorted(places, key=lambda place: place[0]):
            rows.append(row)
            if isinstance(row, Gathered):
                rows += [alarm.id for alarm in self._in_row(row)] if row in self._storms_opened else ()
            elif isinstance(row, str) and row in self._opened:
                rows += parts_of(row)
        return rows

    def _gathered(self) -> dict[Gathered, list[AlarmView]]:
        """Of what is open: what has a row of its own is passed over quickly, as all has outside a storm."""
        found: dict[Gathered, list[AlarmView]] = {}
        for alarm in self._alarms.values():
            row = gathered(alarm) if alarm.storm is not None else None
            if row is not None:
                found.setdefault(row, []).append(alarm)
        return found

    def _in_row(self, row: Gathered) -> list[AlarmView]:
        return sorted(self._rows_of_storms.get(row, ()), key=lambda alarm: (alarm.priority, alarm.clock_from))

    def _sections(self) -> tuple[Section, ...]:
        return (
            Section(AlarmState.WAITING, self.tr("Waiting"), self.tr("priority, then longest waiting")),
            Section(AlarmState.PARKED, self.tr("Parked"), self.tr("come back to waiting when the timer ends")),
            Section(AlarmState.HELD, self.tr("Held"), self.tr("by an operator")),
        )

    def _rearrange(self, wanted: list[Row]) -> None:
        """Rows go, move and come, never all anew, so that the selection follows its alarm (libraries.md, fact 6)."""
        self._remove(set(self._rows) - set(wanted))
        present = set(self._rows)
        self._move([row for row in wanted if row in present])
        at = 0
        while at < len(wanted):
            end = at
            while end < len(wanted) and wanted[end] not in present:
                end += 1
            if end > at:
                self.beginInsertRows(QModelIndex(), at, end - 1)
                self._rows[at:at] = wanted[at:end]
                self.endInsertRows()
            at = end + 1
        self.rearranged.emit()

    def _remove(self, gone: set[Row]) -> None:
        for row in range(len(self._rows) - 1, -1, -1):
            if self._rows[row] in gone:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._rows[row]
                self.endRemoveRows()

    def _move(self, wanted: list[Row]) -> None:
        """Bring the rows into the order of ``wanted``, which holds the same ones: only what left its place moves.

        One alarm that is taken from the top of 500 is one move, not 499.
        """
        if wanted == self._rows:
            return
        stand = {row: at for at, row in enumerate(self._rows)}
        still = in_order([stand[row] for row in wanted])
        for nth, row in enumerate(wanted):
            if stand[row] in still:
                continue
            at = self._rows.index(row)
            to = self._rows.index(wanted[nth - 1]) + 1 if nth else 0
            if to in (at, at + 1):
                continue
            self.beginMoveRows(QModelIndex(), at, at, QModelIndex(), to)
            self._rows.insert(to, row)
            del self._rows[at + 1 if to < at else at]
            self.endMoveRows()

    def _touch(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))

    # -- Qt -------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Headings and alarms."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """The five columns of visual.md §6."""
        return 0 if parent.isValid() else len(self.headings)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        if not index.isValid() or self.section_at(index.row()) is not None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Words for eyes and screen readers; the records for the delegate."""
        if not index.isValid():
            return None
        section = self.section_at(index.row())
        if section is not None:
            if role == SECTION_ROLE:
                return section
            if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
                return f"{section.title} {self.in_state(section.state)}" if index.column() == 0 else None
            return None
        held = self.gathered_at(index.row())
        if held is not None:
            return self._gathered_data(held, index.column(), role)
        alarm = self.alarm_at(index.row())
        if alarm is None:
            return None
        if role == ALARM_ROLE:
            return alarm
        part = self.part_at(index.row())
        if part is not None:
            return self._part_data(alarm, part, index.column(), role)
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            words = spoken(alarm, self.now, self.me, self.notes.get(alarm.id, ""))
            return self.tr("Over: {0}").format(words) if self.is_over(alarm.id) else words
        if role == int(Qt.ItemDataRole.DisplayRole):
            said = self.face_of(alarm)
            return (str(alarm.priority), said.time, said.event, said.site, said.state)[index.column()]
        return None

    def _gathered_data(self, row: Gathered, column: int, role: int) -> Any:
        figures = self._held.get(row)
        if figures is None:
            return None
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            return spoken_gathered(figures, self.now)
        if role == int(Qt.ItemDataRole.DisplayRole):
            return cells_of_gathered(figures, self.now)[column]
        return None

    def _part_data(self, alarm: AlarmView, part: OutagePart, column: int, role: int) -> Any:
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            return spoken_part(part, alarm)
        return cells_of(part, alarm)[column] if role == int(Qt.ItemDataRole.DisplayRole) else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Column headings."""
        if orientation is Qt.Orientation.Horizontal and role == int(Qt.ItemDataRole.DisplayRole):
            return self.headings[section]
        return None


def alarm_of(row: Row) -> str | None:
    """The alarm that a row is about; None for a heading."""
    return row.alarm if isinstance(row, Part) else row if isinstance(row, str) else None

"""The board: everything that is in test, oldest first, and beside it the test that is chosen (F3, F4; picture 03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from widgets.badge import draw_test_tag
from widgets.lines import LEFT
from widgets.testing.face import Age, BoardRow
from widgets.theme import theme
from widgets.writing import write

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()
_ROW, _SECTION = 50, 27
_OVER = 0.45
"""How much of a tag is left of a test that is over."""
_AGE_SIZES = (18, 16, 14)
_WIDTHS = (158, 274, 236, 190, 228)
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Heading:
    """A line between groups of rows."""

    title: str
    count: int


class BoardModel(QAbstractTableModel):
    """Rows under their headings. The same rows in the same order are updated in place: nothing moves (visual.md §1)."""

    def __init__(self) -> None:
        super().__init__()
        self.headings = (
            self.tr("In test for"),
            self.tr("Site"),
            self.tr("Scope"),
            self.tr("By"),
            self.tr("Why · end"),
            self.tr("Signals in test"),
        )
        self._rows: list[BoardRow | Heading] = []

    def know(self, rows: Sequence[BoardRow]) -> bool:
        """Show ``rows``, which come in their order; whether any moved."""
        wanted: list[BoardRow | Heading] = []
        counts: dict[str, int] = {}
        for row in rows:
            counts[row.section] = counts.get(row.section, 0) + 1
        for row in rows:
            if not wanted or _section(wanted[-1]) != row.section:
                wanted.append(Heading(row.section, counts[row.section]))
            wanted.append(row)
        same = [_key(row) for row in wanted] == [_key(row) for row in self._rows]
        if same:
            for nth, (old, new) in enumerate(zip(self._rows, wanted, strict=True)):
                if old != new:
                    self._rows[nth] = new
                    self.dataChanged.emit(self.index(nth, 0), self.index(nth, self.columnCount() - 1))
            return False
        self.beginResetModel()
        self._rows = wanted
        self.endResetModel()
        return True

    def at(self, row: int) -> BoardRow | Heading | None:
        """What stands in a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, key: str) -> int | None:
        """Where a test stands."""
        return next((nth for nth, row in enumerate(self._rows) if isinstance(row, BoardRow) and row.key == key), None)

    def keys(self) -> list[str]:
        """The keys of the rows, in their order."""
        return [row.key for row in self._rows if isinstance(row, BoardRow)]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Rows and headings."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Six."""
        return 0 if parent.isValid() else len(self.headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """What a column holds."""
        if orientation is Qt.Orientation.Horizontal and role == int(Qt.ItemDataRole.DisplayRole):
            return self.headings[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading cannot be chosen."""
        if isinstance(self.at(index.row()), Heading):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The row, and its words."""
        row = self.at(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role == int(Qt.ItemDataRole.AccessibleTextRole) or role == int(Qt.ItemDataRole.DisplayRole):
            return row.title if isinstance(row, Heading) else row.spoken
        return None


def _section(row: BoardRow | Heading) -> str:
    return row.title if isinstance(row, Heading) else row.section


def _key(row: BoardRow | Heading) -> str:
    return f"heading {row.title}" if isinstance(row, Heading) else row.key


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(10, theme().px(_SECTION if isinstance(index.data(ROW_ROLE), Heading) else _ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, box = index.data(ROW_ROLE), QRectF(option.rect)
        if isinstance(row, Heading):
            _paint_heading(painter, box, row)
            return
        if not isinstance(row, BoardRow):
            return
        look = theme()
        selected = self._view.selectionModel().isRowSelected(index.row(), QModelIndex())
        painter.fillRect(box, look["bg3" if selected else "bg1"])
        painter.setPen(look["line1"])
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if selected and index.column() == 0:
            painter.fillRect(QRectF(box.left(), box.top(), look.px(4), box.height()), look["focus"])
        if index.column() == 0:
            _paint_age(painter, box, row)
            return
        left = look.px(14)
        if index.column() == 2 and row.tag is not None:
            tag = QRectF(box.left() + left, box.top() + look.px(5), look.px(20), look.px(20))
            painter.setOpacity(_OVER if row.over else 1)
            draw_test_tag(painter, tag, whole=row.tag)
            painter.setOpacity(1)
            left += look.px(28)
        upper = QRectF(box.left() + left, box.top() + look.px(4), box.width() - left - look.px(6), look.px(24))
        lower = QRectF(box.left() + look.px(14), box.top() + look.px(27), box.width() - look.px(20), look.px(20))
        first, second = row.cells[index.column() - 1]
        plain = "text3" if row.over else "text1"
        painter.setPen(look["ink1" if row.loud and index.column() == 2 else plain])
        write(painter, upper, first, 16, 600 if index.column() == 1 else 400)
        painter.setPen(look["text3" if row.over else "text2"])
        write(painter, lower, second, 15)


def _paint_heading(painter: QPainter, box: QRectF, row: Heading) -> None:
    look = theme()
    painter.fillRect(box, look["bg2"])
    painter.setPen(look["text2"])
    write(painter, box.adjusted(look.px(14), 0, 0, 0), f"{row.title} {row.count}", 14, 600)


def _paint_age(painter: QPainter, box: QRectF, row: BoardRow) -> None:
    look = theme()
    room = box.width() - look.px(14 + 20)
    # A day and a time are longer than an age: nothing of them is cut.
    fonts = [look.font(size, 600) for size in _AGE_SIZES]
    fitting = (font for font in fonts if QFontMetrics(font).horizontalAdvance(row.time) <= room)
    font = next(fitting, fonts[-1])
    painter.setFont(font)
    width = QFontMetrics(font).horizontalAdvance(row.time) + look.px(20)
    chip = QRectF(box.left() + look.px(14), box.center().y() - look.px(15), width, look.px(30))
    painter.setPen(look["text3" if row.over else "text1"])
    if row.age is Age.OLD:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look["test"])
        painter.drawRoundedRect(chip, 3, 3)
        painter.setPen(look["ontest"])
    elif row.age is Age.MARKED:
        painter.setPen(look["test"])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(chip, 3, 3)
        painter.setPen(look["text1"])
    painter.drawText(chip.adjusted(look.px(10), 0, 0, 0), LEFT, row.time)


class BoardView(QTableView):
    """Arrows choose a test; Enter belongs to the screen."""

    chosen = Signal()

    def __init__(self, model: BoardModel) -> None:
        super().__init__()
        self.setModel(model)
        self._model = model
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(self.tr("Everything in test, oldest first"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        for column, width in enumerate(_WIDTHS):
            header.resizeSection(column, theme().px(width))
        self.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit())
        model.modelReset.connect(self._sized)

    def _sized(self) -> None:
        self.clearSpans()
        for nth in range(self._model.rowCount()):
            heading = isinstance(self._model.at(nth), Heading)
            self.setRowHeight(nth, theme().px(_SECTION if heading else _ROW))
            if heading:
                self.setSpan(nth, 0, 1, self._model.columnCount())

    def current(self) -> BoardRow | None:
        """The test under the focus bar."""
        row = self._model.at(self.currentIndex().row())
        return row if isinstance(row, BoardRow) else None

    def choose(self, key: str | None) -> None:
        """Put the focus bar on a test; on the first where it is gone."""
        row = self._model.row_of(key) if key is not None else None
        if row is None:
            first = next(iter(self._model.keys()), None)
            row = None if first is None else self._model.row_of(first)
        if row is not None:
            self.setCurrentIndex(self._model.index(row, 0))

    def choose_none(self) -> None:
        """Take the focus bar away: what is asked is about none of these."""
        self.setCurrentIndex(QModelIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Esc pass on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
            return
        super().keyPressEvent(event)

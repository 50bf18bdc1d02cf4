"""The list of the queue and the slot above it, where new alarms wait while the list is in use."""

from __future__ import annotations

import time

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from models.records import AlarmView, OutagePart
from widgets.keycap import cap_width, draw_cap
from widgets.queue.delegate import LEFT, ROW, QueueDelegate, height_of, paint_cell
from widgets.queue.face import face, spoken
from widgets.queue.filter_line import FilterLine
from widgets.queue.model import QueueModel
from widgets.queue.storm_rows import Gathered
from widgets.theme import theme
from widgets.words import clock

COLUMNS = (166, 150, 384, 300)
_SHOWN = 5
"""So many alarms of a storm profile's row come into sight when it is opened."""
QUIET_S = 5.0
"""The list moves again after so long without a key or the pointer (visual.md §5)."""


class ArrivalsSlot(QWidget):
    """One fixed row above the list: the most urgent of the new alarms, and how many there are."""

    def __init__(self, model: QueueModel) -> None:
        super().__init__()
        self._model, self._empty = model, False
        self.setFixedHeight(theme().px(29 + ROW))
        model.arrivals_changed.connect(self._changed)
        self._changed()

    def _changed(self) -> None:
        new = self._model.arrivals()
        if not new and self._empty:
            return
        self._empty = not new
        said = spoken(new[0], self._model.now, self._model.me) if new else self.tr("No new alarms")
        self.setAccessibleName(self.tr("{0} new: {1}").format(len(new), said) if new else said)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The slot: always there, mostly empty."""
        look, painter, box = theme(), QPainter(self), QRectF(self.rect())
        new = self._model.arrivals()
        painter.setPen(QPen(look["line2" if new else "line1"], 1, Qt.PenStyle.DashLine))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        head = QRectF(box.left() + look.px(14), box.top(), box.width() - look.px(28), look.px(28))
        if not new:
            painter.setPen(look["text3"])
            painter.setFont(look.font(14))
            words = self.tr("New alarms wait here while you use the list: nothing moves under your hand.")
            painter.drawText(QRectF(head.left(), 0, head.width(), box.height()), LEFT, words)
            return
        painter.setPen(look["text1"])
        painter.setFont(look.font(14, 700))
        count = self.tr("{0} new").format(len(new))
        painter.drawText(head, LEFT, count)
        painter.setFont(look.font(14))
        painter.setPen(look["text2"])
        left = head.left() + look.px(20) + painter.fontMetrics().horizontalAdvance(count)
        hint = self.tr("held here: the list does not move while you use it")
        painter.drawText(QRectF(left, head.top(), head.width(), head.height()), LEFT, hint)
        cap = cap_width(self.tr("Space"))
        right = self.tr("joins the list after 5 s without a key, or")
        width = painter.fontMetrics().horizontalAdvance(right)
        painter.drawText(QRectF(head.right() - cap - width - look.px(10), 0, width + 2, head.height()), LEFT, right)
        draw_cap(painter, head.right() - cap, head.center().y(), self.tr("Space"), look["text2"])
        self._paint_row(painter, QRectF(0, look.px(28), box.width(), look.px(ROW)), new[0])

    def _paint_row(self, painter: QPainter, box: QRectF, alarm: AlarmView) -> None:
        said = face(alarm, self._model.now, self._model.me)
        left = box.left()
        widths = [theme().px(width) for width in COLUMNS]
        for column, width in enumerate([*widths, int(box.width() - sum(widths))]):
            paint_cell(painter, QRectF(left, box.top(), width, box.height()), column, alarm, said)
            left += width
        painter.setPen(theme()["text3"])
        painter.setFont(theme().font(14))
        opened = QRectF(0, box.top(), box.width() - theme().px(12), box.height())
        since = self.tr("New at {0}").format(clock(alarm.opened_at))
        painter.drawText(opened, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, since)


class QueueView(QTableView):
    """The list. It keeps its selection on the same alarm, and says when it is in use."""

    chosen = Signal(object)
    """AlarmView or None: what the preview shows."""
    opened = Signal(object)
    """AlarmView: Enter or a double click."""
    listed = Signal()
    """The systems of the chosen row below an outage are wanted: Enter or a double click."""

    def __init__(self, model: QueueModel) -> None:
        super().__init__()
        self._queue = model
        self._used_at = float("-inf")
        self.setModel(model)
        self.setItemDelegate(QueueDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Queue of alarms"))
        self.verticalHeader().hide()
        # Never by contents: Qt then measures every row whenever one changes, seconds for 500.
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(theme().px(ROW))
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setDefaultAlignment(LEFT)
        header.setFixedHeight(theme().px(28))
        for column, width in enumerate(COLUMNS):
            self.setColumnWidth(column, theme().px(width))
        header.setStretchLastSection(True)
        model.rearranged.connect(self._lay)
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentChanged.connect(self._chose)

    def in_use(self) -> bool:
        """Whether the list has focus or pointer and was used in the last five seconds."""
        return (self.hasFocus() or self.underMouse()) and time.monotonic() - self._used_at < QUIET_S

    def rest(self) -> None:
        """The hand is off: the list may move at once."""
        self._used_at = float("-inf")

    def current_alarm(self) -> AlarmView | None:
        """The alarm under the focus bar, or the outage whose row below it has it."""
        return self._queue.alarm_at(self.currentIndex().row())

    def current_part(self) -> OutagePart | None:
        """Which part of an outage has the focus bar; None on any other row."""
        return self._queue.part_at(self.currentIndex().row())

    def current_storm(self) -> Gathered | None:
        """The storm profile whose row has the focus bar; None on any other row."""
        return self._queue.gathered_at(self.currentIndex().row())

    def open_storm(self, *, opened: bool) -> bool:
        """Open the alarms below a storm profile's row, or close them from any of its rows; False: it is none."""
        at, row = self.currentIndex().row(), self.current_storm()
        if row is None and not opened and self._queue.below_storm(at):
            row = next((found for above in range(at, -1, -1) if (found := self._queue.gathered_at(above))), None)
        if row is None:
            return False
        if not opened:
            self._put(row)
        self._queue.open_storm(row, opened=opened)
        stands = self._queue.row_of(row)
        if opened and stands is not None:
            # That something was opened is seen, also below the last row that was in sight.
            self.updateGeometries()
            self.scrollTo(self._queue.index(min(stands + _SHOWN, self._queue.rowCount() - 1), 0))
        return True

    def _put(self, what: str | Gathered) -> None:
        row = self._queue.row_of(what)
        if row is not None:
            self.setCurrentIndex(self._queue.index(row, 0))

    def open_parts(self, *, opened: bool) -> None:
        """Open the rows below the outage under the focus bar, or close them; the bar stays with the outage."""
        alarm = self.current_alarm()
        if alarm is None or alarm.outage is None:
            return
        if not opened:
            self.choose(alarm.id)
        self._queue.open_parts(alarm.id, opened=opened)
        row = self._queue.row_of(alarm.id)
        if opened and row is not None:
            # All that was opened is in sight.
            self.scrollTo(self._queue.index(row + len(OutagePart), 0))

    def choose(self, alarm: str) -> None:
        """Put the focus bar on an alarm."""
        self._put(alarm)

    def choose_first(self, *, anew: bool = False) -> None:
        """Put the focus bar on the most urgent alarm where none has it, or ``anew``."""
        if (self.current_alarm() is not None or self.current_storm() is not None) and not anew:
            return
        for row in range(self._queue.rowCount()):
            if self._queue.section_at(row) is None:
                self.setCurrentIndex(self._queue.index(row, 0))
                return
        self.chosen.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key counts as use; Enter opens."""
        self._used_at = time.monotonic()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
            return
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            # A table's own go to its first and last column, which are no places here.
            rows = [row for row in range(self._queue.rowCount()) if self._queue.section_at(row) is None]
            if rows:
                self.setCurrentIndex(self._queue.index(rows[0 if event.key() == Qt.Key.Key_Home else -1], 0))
            return
        if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            opened = event.key() == Qt.Key.Key_Right
            if self.open_storm(opened=opened):
                return
            if self.current_alarm() is not None:
                self.open_parts(opened=opened)
                return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The pointer counts as use."""
        self._used_at = time.monotonic()
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click counts as use."""
        self._used_at = time.monotonic()
        super().mousePressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        alarm = self._queue.alarm_at(index.row())
        held = self._queue.gathered_at(index.row())
        if held is not None:
            self.open_storm(opened=not self._queue.is_storm_open(held))
        elif self._queue.part_at(index.row()) is not None:
            self.listed.emit()
        elif alarm is not None and not self._queue.is_over(alarm.id):
            self.opened.emit(alarm)

    def _chose(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.chosen.emit(self._queue.alarm_at(current.row()))

    def _lay(self) -> None:
        """Headings go across, and are lower than rows."""
        self.clearSpans()
        for row in range(self._queue.rowCount()):
            heading = self._queue.section_at(row) is not None
            height = height_of(self._queue, row)
            if self.rowHeight(row) != height:
                self.setRowHeight(row, height)
            if heading:
                self.setSpan(row, 0, 1, self._queue.columnCount())


class QueueList(QWidget):
    """Slot and list."""

    def __init__(self, model: QueueModel) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(8))
        self.slot, self.filter = ArrivalsSlot(model), FilterLine()
        self.view = QueueView(model)
        column.addWidget(self.slot)
        column.addWidget(self.filter)
        column.addWidget(self.view, 1)

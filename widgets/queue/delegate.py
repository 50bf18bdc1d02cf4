"""Paints the queue: badge, time against target, two lines (visual.md §5, §8)."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from models.records import AlarmView
from widgets.badge import BadgeStyle, draw_badge, style_of
from widgets.queue.face import Face
from widgets.queue.model import ALARM_ROLE, SECTION_ROLE, QueueModel, Section
from widgets.queue.outage_rows import OUTAGE_ROW, PART_ROW, paint_outage, paint_part
from widgets.queue.storm_rows import STORM_ROW, paint_branch, paint_gathered
from widgets.theme import priority_name, theme
from widgets.writing import write

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ROW, SECTION = 50, 27


class QueueDelegate(QStyledItemDelegate):
    """One delegate for all five columns."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Rows 50, headings 27 at 100 %; an outage has a line more."""
        model = index.model()
        assert isinstance(model, QueueModel)
        return QSize(10, height_of(model, index.row()))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One cell."""
        box = QRectF(option.rect)
        section = index.data(SECTION_ROLE)
        model = index.model()
        assert isinstance(model, QueueModel)
        if isinstance(section, Section):
            _paint_section(painter, box, section, model.in_state(section.state))
            return
        alarm, held = index.data(ALARM_ROLE), model.gathered_at(index.row())
        if held is None and not isinstance(alarm, AlarmView):
            return
        # The option's own flags are slower to ask than a cell is to paint.
        selected = self._view.selectionModel().isRowSelected(index.row(), QModelIndex())
        painter.fillRect(box, theme()["bg3" if selected else "bg1"])
        painter.setPen(theme()["line1"])
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if selected and index.column() == 0:
            painter.fillRect(QRectF(box.left(), box.top(), theme().px(4), box.height()), theme()["focus"])
        if held is not None:
            figures = model.held_in(held)
            if figures is not None:
                opened = model.is_storm_open(held)
                paint_gathered(painter, box, index.column(), figures, model.now, opened=opened)
            return
        if model.below_storm(index.row()) and index.column() == 0:
            box = paint_branch(painter, box)
        over = model.is_over(alarm.id)
        part = model.part_at(index.row())
        if part is not None:
            paint_part(painter, box, index.column(), alarm, part)
            return
        if alarm.outage is not None:
            rest = (box.height() - theme().px(ROW)) / 2
            middle = box.adjusted(0, rest, 0, -rest)
            if index.column() > 1:
                paint_outage(painter, box, index.column(), alarm, model.face_of(alarm))
            else:
                paint_cell(painter, middle, index.column(), alarm, model.face_of(alarm), over=over)
            return
        paint_cell(painter, box, index.column(), alarm, model.face_of(alarm), over=over)


def height_of(model: QueueModel, row: int) -> int:
    """How high a row of the queue is."""
    if model.section_at(row) is not None:
        return theme().px(SECTION)
    if model.part_at(row) is not None:
        return theme().px(PART_ROW)
    if model.gathered_at(row) is not None:
        return theme().px(STORM_ROW)
    alarm = model.alarm_at(row)
    return theme().px(ROW if alarm is None or alarm.outage is None else OUTAGE_ROW)


def paint_cell(
    painter: QPainter, box: QRectF, column: int, alarm: AlarmView, said: Face, *, over: bool = False
) -> None:
    """One cell of one alarm; used by the list and by the arrivals slot alike."""
    if column == 0:
        _paint_priority(painter, box, alarm, over=over)
    elif column == 1:
        _paint_time(painter, box, alarm, said)
    else:
        lines = ((said.event, said.place), (said.site, said.where), (said.state, said.under_state))[column - 2]
        _paint_lines(painter, box, lines, said, size=18 if column < 4 else 16, over=over)


def _paint_section(painter: QPainter, box: QRectF, section: Section, count: int) -> None:
    look = theme()
    painter.fillRect(box, look["bg2"])
    painter.setPen(look["line1"])
    painter.drawLine(box.bottomLeft(), box.bottomRight())
    painter.setPen(look["text2"])
    painter.setFont(look.font(14, 600))
    title = f"{section.title} {count}"
    left = box.left() + look.px(14)
    painter.drawText(QRectF(left, box.top(), box.width(), box.height()), LEFT, title)
    left += QFontMetrics(painter.font()).horizontalAdvance(title) + look.px(12)
    painter.setPen(look["text3"])
    painter.setFont(look.font(14))
    painter.drawText(QRectF(left, box.top(), box.width(), box.height()), LEFT, section.hint)


def _paint_priority(painter: QPainter, box: QRectF, alarm: AlarmView, *, over: bool) -> None:
    look = theme()
    badge = QRectF(box.left() + look.px(14), box.center().y() - look.px(16), look.px(54), look.px(32))
    style = BadgeStyle.GREY if over else style_of(alarm)
    draw_badge(painter, badge, alarm.priority, style)
    waiting = style is BadgeStyle.FILLED
    painter.setPen(look["text1" if waiting else "text2"])
    room = QRectF(badge.right() + look.px(10), box.top(), box.right() - badge.right() - look.px(10), box.height())
    write(painter, room, priority_name(alarm.priority), 16, 600 if waiting else 400)


def _paint_time(painter: QPainter, box: QRectF, alarm: AlarmView, said: Face) -> None:
    look = theme()
    left, top = box.left() + look.px(14), box.top()
    weight = 700 if said.bold else 400
    width = QFontMetrics(look.font(20, weight)).horizontalAdvance(said.time)
    time_box = QRectF(left, top + look.px(4), width, look.px(25))
    if said.over:
        chip = time_box.adjusted(-look.px(7), 0, look.px(7), 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.priority(alarm.priority))
        painter.drawRoundedRect(chip, 3, 3)
        painter.setPen(look.on_priority(alarm.priority))
    else:
        painter.setPen(look["text1" if said.bold else "text2"])
    write(painter, time_box.adjusted(0, 0, look.px(8), 0), said.time, 20, weight)
    painter.setPen(look["text3"])
    after = QRectF(time_box.right() + look.px(11 if said.over else 6), time_box.top(), box.width(), time_box.height())
    write(painter, after, said.after_time, 15)
    under = QRectF(left, top + look.px(29), box.width(), look.px(18))
    if said.under_time:
        painter.setPen(look.ink(alarm.priority) if said.over else look["text3"])
        write(painter, under, said.under_time, 14, 600 if said.over else 400)
    elif said.part is not None:
        bar = QRectF(left, top + look.px(36), look.px(112), look.px(5))
        painter.fillRect(bar, look["line1"])
        late = look.ink(alarm.priority) if said.part >= 0.75 else look["text2"]
        painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * said.part, bar.height()), late)


def _paint_lines(painter: QPainter, box: QRectF, lines: tuple[str, str], said: Face, *, size: int, over: bool) -> None:
    look = theme()
    ink: QColor = look["text3"] if over or said.struck else look["text1" if said.bold else "text2"]
    weight = 600 if said.bold and size > 16 else 500
    room = QRectF(box.left() + look.px(14), box.top() + look.px(4), box.width() - look.px(20), look.px(24))
    painter.setPen(ink)
    write(painter, room, lines[0], size, weight, struck=(over or said.struck) and size > 16)
    painter.setPen(look["text2" if said.bold and not over else "text3"])
    under = room.translated(0, look.px(23))
    under.setHeight(look.px(20))
    write(painter, under, lines[1], 15)

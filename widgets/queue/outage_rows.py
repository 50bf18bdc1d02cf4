"""The rows of an outage in the queue: its own, and those below it by what there is to do (visual.md 06d)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from models.records import AlarmState, AlarmView, OutagePart, OutageView, Priority
from widgets.badge import BadgeStyle, draw_badge
from widgets.keycap import draw_cap
from widgets.outage_figures import WhatToDo, by_what_to_do
from widgets.queue.face import Face
from widgets.theme import theme
from widgets.words import thousands
from widgets.writing import write

OUTAGE_ROW, PART_ROW = 87, 40


def _tr(text: str) -> str:
    return QCoreApplication.translate("outage", text)


@dataclass(frozen=True, slots=True)
class Part:
    """A row below an outage's: those of its systems for which there is the same to do."""

    alarm: str
    part: OutagePart


def parts_of(alarm: str) -> list[Part]:
    """The rows below an outage, always the same ones: what is counted in them changes, where they stand does not."""
    return [Part(alarm, part) for part in OutagePart]


def state_of(part: OutagePart, outage: OutageView) -> str:
    """What is left to do: ``212 to check, 3 done``."""
    if part is not OutagePart.ALONE or not outage.alone:
        return _tr("no action")
    to_check = thousands(outage.alone - outage.checked)
    return _tr("{0} to check, {1} done").format(to_check, thousands(outage.checked))


def cells_of(part: OutagePart, alarm: AlarmView) -> tuple[str, str, str, str, str]:
    """What the five cells of a row say: priority, count, what, what to do, what is left."""
    assert alarm.outage is not None
    row = by_what_to_do(alarm.outage)[part]
    priority = str(alarm.priority if _urgent(part, row) else int(Priority.LOW))
    return priority, thousands(row.systems), row.what, row.todo, state_of(part, alarm.outage)


def spoken_part(part: OutagePart, alarm: AlarmView) -> str:
    """The row for a screen reader."""
    assert alarm.outage is not None
    row = by_what_to_do(alarm.outage)[part]
    state = state_of(part, alarm.outage)
    return _tr("{0}, of {1}: {2}, {3}, {4}").format(row.what, alarm.words, row.systems, row.todo, state)


def _urgent(part: OutagePart, row: WhatToDo) -> bool:
    return part is OutagePart.ALONE and row.systems > 0


def paint_part(painter: QPainter, box: QRectF, column: int, alarm: AlarmView, part: OutagePart) -> None:
    """One cell of a row below an outage."""
    look = theme()
    assert alarm.outage is not None
    row = by_what_to_do(alarm.outage)[part]
    urgent, cells = _urgent(part, row), cells_of(part, alarm)
    room = box.adjusted(look.px(14), 0, -look.px(6), 0)
    if column == 0:
        _paint_branch(painter, box)
        badge = QRectF(box.left() + look.px(54), box.center().y() - look.px(16), look.px(54), look.px(32))
        open_ = alarm.state is AlarmState.WAITING
        style = BadgeStyle.FILLED if urgent and open_ else BadgeStyle.HOLLOW if row.systems else BadgeStyle.GREY
        draw_badge(painter, badge, int(cells[0]), style)
        return
    painter.setPen(look["text1" if row.systems and column < 3 else "text2" if row.systems else "text3"])
    weight = 600 if column == 1 or (urgent and column == 4) else 400
    write(painter, room, cells[column], 18 if column == 1 else 16 if column == 2 else 15, weight)


def paint_outage(painter: QPainter, box: QRectF, column: int, alarm: AlarmView, said: Face) -> None:
    """The last three cells of an outage's own row: three lines, and the count that everybody looks for."""
    look, outage = theme(), alarm.outage
    assert outage is not None
    room = QRectF(box.left() + look.px(14), box.top() + look.px(8), box.width() - look.px(20), look.px(27))
    first, under = look["text1" if said.bold else "text2"], look["text2" if said.bold else "text3"]
    if column == 3:
        room = QRectF(room.left(), room.top(), room.width(), look.px(42))
        painter.setPen(first)
        end = write(painter, room, thousands(outage.lost), 32, 700)
        painter.setPen(under)
        write(
            painter,
            QRectF(end + look.px(8), room.top() + look.px(4), room.right() - end, room.height()),
            _tr("off line"),
            16,
        )
        write(painter, QRectF(room.left(), room.bottom(), room.width(), look.px(22)), said.where, 15)
        return
    painter.setPen(first)
    write(
        painter, room, said.event if column == 2 else said.state, 20 if column == 2 else 16, 600 if column == 2 else 500
    )
    second = QRectF(room.left(), room.bottom(), room.width(), look.px(22))
    third = second.translated(0, look.px(22))
    painter.setPen(under)
    write(painter, second, said.place if column == 2 else said.under_state, 15)
    if column == 2:
        write(painter, third, _tr("{0}, lost links of this provider alone").format(alarm.id), 15)
        return
    end = write(painter, third, _tr("open or close rows"), 15)
    end = draw_cap(painter, end + look.px(8), third.center().y(), "→", look["text2"])
    draw_cap(painter, end + look.px(4), third.center().y(), "←", look["text2"])


def _paint_branch(painter: QPainter, box: QRectF) -> None:
    """The corner that says whose row it is."""
    look = theme()
    left, middle = box.left() + look.px(24), box.center().y()
    painter.setPen(QPen(look["text3"], 1.5))
    painter.drawLine(QPointF(left, box.top() + look.px(8)), QPointF(left, middle))
    painter.drawLine(QPointF(left, middle), QPointF(left + look.px(12), middle))

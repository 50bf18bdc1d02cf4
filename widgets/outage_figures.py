"""An outage at a glance: its systems by what there is to do, how it grew, and where they are (visual.md 06d)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from models.records import OutageMember, OutagePart, OutageView
from widgets.lines import LEFT, RIGHT
from widgets.theme import theme
from widgets.words import clock, thousands
from widgets.writing import write

_ROW, _CURVE, _BAR, _PLACES = 30, 84, 25, 5
_TOWNS = 12
"""With more towns than this their postcodes are counted by the first digit: regions, not a list of villages."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("outage", text)


class WhatToDo(NamedTuple):
    """How many systems, what they are, and what to do about them."""

    systems: int
    what: str
    todo: str


def by_what_to_do(outage: OutageView) -> dict[OutagePart, WhatToDo]:
    """The rows under an outage's row: each system is in one."""
    second = outage.lost - outage.alone
    return {
        OutagePart.ALONE: WhatToDo(outage.alone, _tr("No second path"), _tr("not monitored: check one by one")),
        OutagePart.SECOND_PATH: WhatToDo(second, _tr("Second path up"), _tr("still monitored, nothing to do")),
        OutagePart.BACK: WhatToDo(outage.back, _tr("Back"), _tr("nothing to do")),
    }


def by_place(members: Sequence[OutageMember]) -> list[tuple[str, int]]:
    """Where the systems that are off line are, the most first; what has no room is one line, and nothing is lost."""
    sites = [member.site for member in members if member.back_at is None]
    towns = Counter(site.town or _tr("No town on file") for site in sites)
    if len(towns) > _TOWNS and all(site.postcode for site in sites):
        towns = Counter(_tr("Postcode {0}…").format(site.postcode[0]) for site in sites)
    ordered = sorted(towns.items(), key=lambda item: (-item[1], item[0]))
    if len(ordered) <= _PLACES:
        return ordered
    others = sum(count for _, count in ordered[_PLACES - 1 :])
    return [*ordered[: _PLACES - 1], (_tr("Other places"), others)]


def growth(members: Sequence[OutageMember]) -> list[tuple[datetime, int]]:
    """How many were off line from each moment on."""
    steps = sorted(
        [(member.lost_at, 1) for member in members]
        + [(member.back_at, -1) for member in members if member.back_at is not None]
    )
    found: list[tuple[datetime, int]] = []
    standing = 0
    for moment, step in steps:
        standing += step
        if found and found[-1][0] == moment:
            found.pop()
        found.append((moment, standing))
    return found


class OutageFigures(QWidget):
    """Rows, curve and bars, each with its place: what is read later does not move what stands."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[WhatToDo] = []
        self._bars: list[tuple[str, int]] = []
        self._growth: list[tuple[datetime, int]] = []
        self._now: datetime | None = None
        self.setFixedHeight(theme().px(3 * _ROW + _CURVE + 12 + _PLACES * _BAR))

    def show_outage(self, outage: OutageView, *, other: bool) -> None:
        """The counts, at once; ``other`` where it is not the one shown before."""
        self._rows = list(by_what_to_do(outage).values())
        if other:
            self._bars, self._growth = [], []
        self._speak()

    def show_members(self, members: Sequence[OutageMember]) -> None:
        """Curve and bars, when the systems were read."""
        self._bars, self._growth = by_place(members), growth(members)
        self._speak()

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self._now = now
        self.update(0, theme().px(3 * _ROW), self.width(), theme().px(_CURVE + 12))

    def _speak(self) -> None:
        said = [f"{count} {what}, {todo}" for count, what, todo in self._rows]
        said += [f"{place} {count}" for place, count in self._bars]
        self.setAccessibleName("; ".join(said))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint all three."""
        look, painter = theme(), QPainter(self)
        for nth, row in enumerate(self._rows):
            self._paint_row(painter, QRectF(0, look.px(_ROW) * nth, self.width(), look.px(_ROW)), nth, row)
        top = float(look.px(3 * _ROW) + look.px(8))
        self._paint_growth(painter, QRectF(0, top, self.width(), look.px(_CURVE - 8)))
        top += look.px(_CURVE)
        if not self._bars and self._rows:
            words = _tr("Every system is back.") if self._growth else _tr("The systems are being read.")
            painter.setPen(look["text3"])
            write(painter, QRectF(0, top, self.width(), look.px(_BAR)), words, 15)
        most = max((count for _, count in self._bars), default=1)
        for place, count in self._bars:
            self._paint_bar(painter, QRectF(0, top, self.width(), look.px(_BAR)), place, count, most)
            top += look.px(_BAR)

    def _paint_row(self, painter: QPainter, box: QRectF, nth: int, row: WhatToDo) -> None:
        look, (count, what, todo) = theme(), row
        urgent = nth == 0 and count > 0
        if urgent:
            painter.fillRect(box, look["bg3"])
            painter.fillRect(QRectF(0, box.top(), look.px(4), box.height()), look.ink(2))
        painter.setPen(look["line1"])
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.setPen(look["text1" if count else "text3"])
        painter.setFont(look.font(18, 600))
        painter.drawText(QRectF(0, box.top(), look.px(76), box.height()), RIGHT, thousands(count))
        left = look.px(92)
        write(painter, QRectF(left, box.top(), look.px(160), box.height()), what, 16, 600 if urgent else 400)
        painter.setPen(look["text2" if count else "text3"])
        write(painter, QRectF(look.px(258), box.top(), box.width() - look.px(262), box.height()), todo, 15)

    def _paint_growth(self, painter: QPainter, box: QRectF) -> None:
        look = theme()
        if len(self._growth) < 2:
            return
        began, now = self._growth[0][0], self._now or self._growth[-1][0]
        span = max(1.0, (max(now, self._growth[-1][0]) - began).total_seconds())
        most = max(count for _, count in self._growth)
        room = box.adjusted(look.px(4), look.px(4), -look.px(4), -look.px(20))
        points = [room.bottomLeft()]
        for moment, count in [*self._growth, (max(now, self._growth[-1][0]), self._growth[-1][1])]:
            across = room.left() + room.width() * (moment - began).total_seconds() / span
            points.append(QPointF(across, points[-1].y()))
            points.append(QPointF(across, room.bottom() - room.height() * count / most))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = QColor(look["text3"])
        shade.setAlpha(60)
        painter.setBrush(shade)
        painter.setPen(QPen(shade, 0))
        painter.drawPolygon(QPolygonF([*points, room.bottomRight()]))
        painter.setPen(QPen(look["text1"], 1.5))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(look["line2"])
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        under = QRectF(room.left(), room.bottom() + look.px(2), room.width(), look.px(18))
        painter.setPen(look["text3"])
        painter.setFont(look.font(14))
        painter.drawText(under, LEFT, clock(began))
        painter.drawText(under, Qt.AlignmentFlag.AlignCenter, _tr("{0} off line at most").format(most))
        painter.drawText(under, RIGHT, clock(max(now, self._growth[-1][0])))

    def _paint_bar(self, painter: QPainter, box: QRectF, place: str, count: int, most: int) -> None:
        look = theme()
        painter.setPen(look["text2"])
        write(painter, QRectF(0, box.top(), look.px(164), box.height()), place, 15)
        room = box.width() - look.px(172 + 64)
        thick = look.px(11)
        bar = QRectF(look.px(172), box.center().y() - thick / 2, max(2.0, room * count / most), thick)
        painter.fillRect(bar, look["text3"])
        painter.setPen(look["text1"])
        painter.setFont(look.font(16, 600))
        painter.drawText(box.adjusted(0, 0, -look.px(4), 0), RIGHT, thousands(count))

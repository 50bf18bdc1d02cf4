"""The row of a storm profile in the queue: what it has grouped or delayed, counted, each to be opened below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from models.records import AlarmState, AlarmView, StormDoes, StormMark
from widgets.badge import BadgeStyle, draw_badge
from widgets.keycap import draw_cap
from widgets.theme import priority_name, theme
from widgets.words import clock, duration, plural, thousands
from widgets.writing import write

STORM_ROW = 64
_NAMED = 3


def _tr(text: str) -> str:
    return QCoreApplication.translate("storm", text)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A row for all that one storm profile holds in one way."""

    storm: int
    does: StormDoes


def gathered(alarm: AlarmView) -> Gathered | None:
    """Whose row has an alarm; None: it has one of its own."""
    mark = alarm.storm
    if mark is None or alarm.state is not AlarmState.WAITING or mark.does is StormDoes.LOWER:
        return None
    return Gathered(mark.id, mark.does)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is in such a row."""

    mark: StormMark
    alarms: int
    sites: int
    priority: int
    oldest: datetime
    next_at: datetime
    """When the first of them is presented by itself."""
    kinds: tuple[tuple[str, int], ...]
    """Words and how many, the most frequent first."""


def figures_of(alarms: Iterable[AlarmView]) -> Figures:
    """Of the alarms of one row, of which there is at least one."""
    some = list(alarms)
    marks = [alarm.storm for alarm in some if alarm.storm is not None]
    kinds = Counter(alarm.words for alarm in some)
    return Figures(
        mark=marks[0],
        alarms=len(some),
        sites=len({alarm.site.id if alarm.site is not None else alarm.account for alarm in some}),
        priority=min(alarm.priority for alarm in some),
        oldest=min(alarm.clock_from for alarm in some),
        next_at=min(mark.until for mark in marks),
        kinds=tuple(sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))),
    )


def order_of(figures: Figures) -> tuple[bool, int, bool, datetime]:
    """After the others of its priority; what is delayed is after all that waits."""
    return (figures.mark.does is StormDoes.DELAY, figures.priority, True, figures.oldest)


def kinds_words(kinds: Sequence[tuple[str, int]]) -> str:
    """``40 Water leak, 3 Mains failure``."""
    said = ", ".join(f"{count} {words}" for words, count in kinds[:_NAMED])
    return said + (_tr(" and {0} more kinds").format(len(kinds) - _NAMED) if len(kinds) > _NAMED else "")


def cells_of(figures: Figures, now: datetime) -> tuple[str, str, str, str, str]:
    """What the five cells say."""
    grouped = figures.mark.does is StormDoes.GROUP
    many = plural(figures.alarms, _tr("alarm"), _tr("alarms"))
    words = _tr("{0} grouped") if grouped else _tr("{0} delayed")
    sites = plural(figures.sites, _tr("site"), _tr("sites"))
    return (
        str(figures.priority),
        duration(now - figures.oldest),
        _tr("Storm “{0}”").format(figures.mark.name),
        words.format(many) + " · " + sites,
        _tr("Waiting") if grouped else _tr("first presented at {0}").format(clock(figures.next_at)),
    )


def spoken_gathered(figures: Figures, now: datetime) -> str:
    """The row for a screen reader."""
    cells = cells_of(figures, now)
    name = priority_name(figures.priority)
    until = _tr("until {0}").format(clock(figures.mark.until))
    return ", ".join((cells[2], cells[3], kinds_words(figures.kinds), name, cells[1], until, cells[4]))


def paint_branch(painter: QPainter, box: QRectF) -> QRectF:
    """The corner that says that a row stands below a storm profile's; gives what is left of its first cell."""
    look = theme()
    left, middle = box.left() + look.px(20), box.center().y()
    painter.setPen(QPen(look["text3"], 1.5))
    painter.drawLine(QPointF(left, box.top() + look.px(8)), QPointF(left, middle))
    painter.drawLine(QPointF(left, middle), QPointF(left + look.px(8), middle))
    return box.adjusted(look.px(22), 0, 0, 0)


def paint_gathered(
    painter: QPainter, box: QRectF, column: int, figures: Figures, now: datetime, *, opened: bool
) -> None:
    """One cell."""
    look, cells = theme(), cells_of(figures, now)
    grouped = figures.mark.does is StormDoes.GROUP
    room = QRectF(box.left() + look.px(14), box.top() + look.px(8), box.width() - look.px(20), look.px(26))
    under = room.translated(0, look.px(25))
    if column == 0:
        badge = QRectF(box.left() + look.px(14), box.center().y() - look.px(16), look.px(54), look.px(32))
        draw_badge(painter, badge, figures.priority, BadgeStyle.FILLED if grouped else BadgeStyle.HOLLOW)
        painter.setPen(look["text1" if grouped else "text2"])
        name = QRectF(badge.right() + look.px(10), box.top(), box.right() - badge.right(), box.height())
        write(painter, name, priority_name(figures.priority), 16, 600 if grouped else 400)
        return
    painter.setPen(look["text1" if grouped else "text2"])
    if column == 3:
        end = write(painter, room, thousands(figures.alarms), 26, 700)
        painter.setPen(look["text2"])
        rest = QRectF(end + look.px(8), room.top() + look.px(2), room.right() - end, room.height())
        write(painter, rest, _tr("grouped") if grouped else _tr("delayed"), 16)
        write(painter, under, plural(figures.sites, _tr("site"), _tr("sites")), 15)
        return
    size = {1: 20, 2: 20, 4: 16}[column]
    write(painter, room, cells[column], size, 600 if grouped and column < 4 else 500)
    painter.setPen(look["text2" if grouped else "text3"])
    if column == 1:
        write(painter, under, _tr("the oldest"), 15)
    elif column == 2:
        write(painter, under, kinds_words(figures.kinds), 15)
    else:
        end = write(painter, under, _tr("close rows") if opened else _tr("open rows"), 15)
        draw_cap(painter, end + look.px(8), under.center().y(), "←" if opened else "→", look["text2"])

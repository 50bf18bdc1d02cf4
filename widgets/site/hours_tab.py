"""The Hours tab of a site file: its areas, a week of the chosen one, and the cards that change it (D1, D2, D3).

Given records it shows them and emits what is wanted. Keys: arrows choose an area or a day, Enter goes on (area, day,
card, done), Esc goes back, PgUp and PgDown turn the weeks, Ctrl+E is for the standing hours, Alt+Del takes a change
back.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from models.records import AreaHours, AreaWeek, SiteHours, Supervised
from widgets.facts import Facts
from widgets.keycap import KeyButton, retone, toned
from widgets.lines import LEFT, RIGHT
from widgets.panel import Panel
from widgets.screens_list import ScreensList
from widgets.site.day_card import DayCard
from widgets.site.standing_card import StandingCard
from widgets.site.week import WeekGrid, hours_said
from widgets.theme import theme

AREA_ROLE = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()
_WEEK = timedelta(days=7)


class _Areas(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self._areas: tuple[AreaWeek, ...] = ()

    def know(self, areas: tuple[AreaWeek, ...]) -> None:
        """The same areas are updated in place."""
        if [area.area for area in areas] == [area.area for area in self._areas]:
            self._areas = areas
            if areas:
                self.dataChanged.emit(self.index(0), self.index(len(areas) - 1))
            return
        self.beginResetModel()
        self._areas = areas
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._areas)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.row() >= len(self._areas):
            return None
        area = self._areas[index.row()]
        if role == AREA_ROLE:
            return area
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            return f"{area.area} {area.name}, {self.state(area)}, {self.supervised(area)}"
        return None

    def state(self, area: AreaWeek) -> str:
        """B3: never a guess."""
        known = {"armed": self.tr("Armed"), "disarmed": self.tr("Disarmed")}
        return known.get(area.state or "", self.tr("State not transmitted"))

    def supervised(self, area: AreaWeek) -> str:
        """Whether it has hours (B4)."""
        return self.tr("supervised") if area.hours is not None else self.tr("no schedule")


class _AreaRow(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(10, theme().px(50))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        area, model = index.data(AREA_ROLE), index.model()
        if not isinstance(area, AreaWeek) or not isinstance(model, _Areas):
            return
        look, box = theme(), QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(box, look["bg3" if chosen else "bg1"])
        painter.setPen(look["line1"])
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if chosen and option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRectF(box.left(), box.top(), look.px(4), box.height()), look["focus"])
        room = box.adjusted(look.px(14), 0, -look.px(14), 0)
        half = room.height() / 2
        said = model.supervised(area)
        painter.setFont(look.font(14))
        painter.setPen(look["text2" if area.hours is not None else "text3"])
        painter.drawText(room, RIGHT, said)
        room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(said) - look.px(8))
        painter.setFont(look.font(16))
        painter.setPen(look["text1"])
        upper = QRectF(room.left(), room.top() + look.px(3), room.width(), half)
        name = f"{area.area} {area.name}".strip()
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(upper, LEFT, painter.fontMetrics().elidedText(name, elide, int(room.width())))
        painter.setFont(look.font(15))
        painter.setPen(look["text2"])
        lower = QRectF(room.left(), room.top() + half - look.px(3), room.width(), half)
        painter.drawText(lower, LEFT, painter.fontMetrics().elidedText(model.state(area), elide, int(room.width())))


class HoursTab(QWidget):
    """Areas left, the week in the middle, its rules or a card right."""

    week_wanted = Signal(object)
    """A date: any day of the week to be shown."""
    temporary_wanted = Signal(str, object, int)
    """Area, :class:`models.records.HoursAsked`, version."""
    taken_back = Signal(str, str, int)
    """Area, id of a temporary change, version."""
    standing_wanted = Signal(str, object, int)
    """Area, :class:`models.records.AreaHours` or None, version."""

    def __init__(self) -> None:
        super().__init__()
        self._site: SiteHours | None = None
        self._now: datetime | None = None
        self._may_edit = self._may_change = False
        self._go_to: date | None = None
        gutter = theme().px(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(gutter)
        self.areas = _Areas()
        self.list = ScreensList(self.areas, _AreaRow(), self.tr("Areas and whether they have supervised hours"))
        self.list.selectionModel().currentChanged.connect(lambda: self._show_area())
        left = Panel(self.tr("Areas"))
        left.body.addWidget(self.list, 1)
        left.setMinimumWidth(theme().px(260))
        row.addWidget(left, 300)
        row.addWidget(self._middle(), 760)
        self.rules, self.day, self.standing = Facts(132), DayCard(), StandingCard()
        self._rules_panel = Panel(self.tr("Standing hours"), "", "Ctrl+E")
        self._rules_panel.body.addWidget(self.rules)
        self._rules_panel.body.addStretch(1)
        self.side = QStackedWidget()
        for page in (self._rules_panel, self.day, self.standing):
            self.side.addWidget(page)
        row.addWidget(self.side, 472)
        self.side.currentChanged.connect(lambda: self._say_what_can_be_done())
        self.grid.chosen.connect(lambda: self._say_what_can_be_done())
        self.grid.edited.connect(lambda _day: self.edit_day())
        self.day.wanted.connect(self.temporary_wanted)
        self.day.taken_back.connect(self.taken_back)
        self.standing.wanted.connect(self.standing_wanted)
        for card in (self.day, self.standing):
            card.back.connect(self._leave_card)

    def _middle(self) -> QWidget:
        self.panel = Panel(self.tr("Supervised hours"))
        self.grid = WeekGrid()
        self.panel.body.addWidget(self.grid)
        foot = QHBoxLayout()
        pad = theme().px(14)
        foot.setContentsMargins(pad, theme().px(8), pad, theme().px(8))
        self.before = KeyButton(self.tr("Earlier"), "PgUp")
        self.after = KeyButton(self.tr("Later"), "PgDown")
        self.edit = KeyButton(self.tr("Change day"), "Enter", next_=True)
        self.before.setAccessibleName(self.tr("Earlier week, PgUp"))
        self.after.setAccessibleName(self.tr("Later week, PgDown"))
        self.before.clicked.connect(lambda: self.turn(-1))
        self.after.clicked.connect(lambda: self.turn(1))
        self.remove = KeyButton(self.tr("Take back"), "Alt+Del")
        self.edit.clicked.connect(self.edit_day)
        self.remove.clicked.connect(self.press_remove)
        foot.setSpacing(theme().px(8))
        for button in (self.edit, self.remove, self.before, self.after):
            foot.addWidget(button)
        foot.addStretch(1)
        self.panel.body.addLayout(foot)
        # Always reserved: nothing moves when a sentence comes.
        self.said = toned("second", wrap=True)
        self.said.setContentsMargins(pad, theme().px(4), pad, theme().px(4))
        self.said.setMinimumHeight(theme().px(64))
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.panel.body.addWidget(self.said)
        self.panel.body.addStretch(1)
        return self.panel

    # -- what is shown --------------------------------------------------------------------------

    def show_hours(self, site: SiteHours, now: datetime, *, may_edit: bool, may_change: bool) -> None:
        """Show a site's hours. ``may_edit``: the standing ones; ``may_change``: those of a day (H)."""
        other = self._site is None or self._site.site != site.site
        chosen = None if other else self.area()
        self._site, self._now = site, now
        self._may_edit, self._may_change = may_edit, may_change
        self.areas.know(site.areas)
        numbers = [area.area for area in site.areas]
        if other:
            self.side.setCurrentWidget(self._rules_panel)
            self.say("")
        # The first area that has hours is what is looked for.
        first = next((at for at, area in enumerate(site.areas) if area.hours is not None), 0)
        at = numbers.index(chosen.area) if chosen is not None and chosen.area in numbers else first
        self.list.setCurrentIndex(self.areas.index(at))
        self._show_area()

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self._now = now
        self.grid.tick(now)

    def area(self) -> AreaWeek | None:
        """The chosen area."""
        area = self.list.currentIndex().data(AREA_ROLE)
        return area if isinstance(area, AreaWeek) else None

    def card(self) -> DayCard | StandingCard | None:
        """The card that is open."""
        page = self.side.currentWidget()
        return page if isinstance(page, (DayCard, StandingCard)) else None

    def say(self, sentence: str, *, refused: bool = False) -> None:
        """One sentence below the week: what an act did not change (D2), or why it was refused."""
        self.said.setText(sentence)
        retone(self.said, "refused" if refused else "second")

    def done(self, sentence: str) -> None:
        """An act was done: its card goes, and what it did not change is said (D2)."""
        card = self.card()
        if card is not None:
            card.done()
            self._leave_card()
        self.say(sentence)

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """An act was refused: said on its card, which keeps what was typed, else below the week."""
        card = self.card()
        if card is not None:
            card.refuse(sentence, field)
        else:
            self.say(sentence, refused=True)

    def _show_area(self) -> None:
        area, site, now = self.area(), self._site, self._now
        if site is None or now is None:
            return
        if area is None or area.hours is None:
            words = self.tr("This area has no supervised hours: its openings and closings are journaled, and nothing ")
            more = self.tr("is expected of them. Ctrl+E sets its hours.")
            self.grid.show_week((), site.timezone, now, empty=words + more)
            self.rules.tell(())
        else:
            self.grid.show_week(area.days, site.timezone, now)
            self.rules.tell(self._rules(site, area, area.hours))
        if self._go_to is not None:
            self.grid.choose(self._go_to)
            self._go_to = None
        monday, sunday = site.monday, site.monday + timedelta(days=6)
        name = "" if area is None else f" · {area.name or area.area}"
        self.panel.title.setText(self.tr("Supervised hours{0}").format(name))
        self.panel.summary.setText(f"{monday.day} {monday:%b} – {sunday.day} {sunday:%b %Y} · {site.timezone}")
        self._say_what_can_be_done()

    def _say_what_can_be_done(self) -> None:
        """Off stays visible; the one inverse element is the card's while there is one (visual.md §1)."""
        free = self.card() is None
        self.edit.set_next(free)
        self.edit.setEnabled(free and self._can_edit_day())
        self.remove.setEnabled(free and self.can_remove())
        for button in (self.before, self.after):
            button.setEnabled(free)

    def _rules(self, site: SiteHours, area: AreaWeek, hours: AreaHours) -> list[tuple[str, str]]:
        """The standing hours in words, and which go before which."""
        names = (
            self.tr("Mon"), self.tr("Tue"), self.tr("Wed"), self.tr("Thu"), self.tr("Fri"), self.tr("Sat"),
            self.tr("Sun"),
        )  # fmt: skip
        pairs = [(name, hours_said(spans)) for name, spans in zip(names, hours.weekly, strict=True)]
        as_ever = self.tr("as on any other day")
        kept = as_ever if hours.on_holidays is None else hours_said(hours.on_holidays)
        pairs.append((self.tr("Holidays"), f"{kept} · {site.country}"))
        for season in hours.seasons:
            first, last = ("/".join(reversed(day.split("-"))) for day in (season.first, season.last))
            pairs.append((self.tr("Season"), f"{season.name}, {first} – {last}"))
        pairs.append((self.tr("What holds"), self.tr("temporary, before holiday, before season, before the week")))
        told = []
        if Supervised.OPENING in hours.supervised:
            told.append(self.tr("opening outside hours, {0} min early is none").format(hours.early_min))
        if Supervised.LATE_CLOSE in hours.supervised:
            again = self.tr(", told again after {0} min").format(hours.repeat_min) if hours.repeat_min else ""
            told.append(self.tr("not closed {0} min after the end{1}").format(hours.late_min, again))
        if Supervised.NOT_OPENED in hours.supervised:
            told.append(self.tr("not opened {0} min after the beginning").format(hours.missed_min))
        pairs.append((self.tr("Supervised"), "; ".join(told) or self.tr("nothing")))
        if area.said:
            pairs.append((self.tr("But"), area.said))
        if area.changed_at is not None:
            # By the clock that the hours beside it go by (I10).
            at = area.changed_at.astimezone(ZoneInfo(site.timezone))
            pairs.append((self.tr("Last change"), f"{at.day} {at:%b %H:%M} · {area.changed_by}"))
        if site.depends:
            pairs.append((self.tr("Tied to them"), ", ".join(site.depends)))
        return pairs

    # -- what is done ---------------------------------------------------------------------------

    def turn(self, weeks: int) -> None:
        """Another week; the same day of it stays chosen."""
        if self._site is None or self.card() is not None:
            return
        self._go_to = (self.grid.day or self._site.monday) + weeks * _WEEK
        self.week_wanted.emit(self._go_to)

    def _can_edit_day(self) -> bool:
        area = self.area()
        return self._may_change and area is not None and area.hours is not None and self.grid.day is not None

    def edit_day(self) -> None:
        """The card for the chosen day."""
        area, day = self.area(), self.grid.shown()
        if not self._can_edit_day() or area is None or day is None or self._site is None:
            return
        self.day.show_day(self._site.site, area, day, self._site.depends)
        self.side.setCurrentWidget(self.day)
        self.day.begin()

    def can_edit_standing(self) -> bool:
        """Whether Ctrl+E does something."""
        return self._may_edit and self.area() is not None and self.card() is None

    def edit_standing(self) -> None:
        """Ctrl+E: the card for the standing hours."""
        area = self.area()
        if not self.can_edit_standing() or area is None or self._site is None:
            return
        self.standing.show_area(self._site.site, area, self._site.depends)
        self.side.setCurrentWidget(self.standing)
        self.standing.begin()

    def can_remove(self) -> bool:
        """Whether Alt+Del does something: the chosen day, or the card that is open, has something to take back."""
        card = self.card()
        if isinstance(card, StandingCard):
            return card.area is not None and card.area.hours is not None
        shown = self.grid.shown()
        return self._may_change and shown is not None and shown.change is not None

    def press_remove(self) -> None:
        """Alt+Del: on the card what it is about, else the change of the chosen day."""
        card, area, shown = self.card(), self.area(), self.grid.shown()
        if not self.can_remove():
            return
        if card is not None:
            card.press_remove()
        elif area is not None and shown is not None and shown.change is not None:
            self.taken_back.emit(area.area, shown.change.id, area.version)

    def press_next(self) -> None:
        """Enter: from the areas to the week, to the day's card, and done."""
        card = self.card()
        if card is not None:
            card.press_next()
        elif self.grid.hasFocus():
            self.edit_day()
        else:
            self.grid.setFocus()

    def press_back(self) -> bool:
        """Esc: from the card to the week, to the areas; False where there is nothing to go back from."""
        card = self.card()
        if card is not None:
            return card.press_back()
        if self.grid.hasFocus():
            self.list.setFocus()
            return True
        return False

    def begin(self) -> None:
        """To the front: the week of the first area with hours."""
        area = self.area()
        (self.grid if area is not None and area.hours is not None else self.list).setFocus()

    def _leave_card(self) -> None:
        standing = self.card() is self.standing
        self.side.setCurrentWidget(self._rules_panel)
        (self.list if standing and not self.grid.shown() else self.grid).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Where no window has these keys as commands of its own."""
        key, held = event.key(), event.modifiers()
        if key == Qt.Key.Key_PageUp:
            self.turn(-1)
        elif key == Qt.Key.Key_PageDown:
            self.turn(1)
        elif key == Qt.Key.Key_E and held == Qt.KeyboardModifier.ControlModifier:
            self.edit_standing()
        elif key == Qt.Key.Key_Delete and held == Qt.KeyboardModifier.AltModifier:
            self.press_remove()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.press_next()
        elif key != Qt.Key.Key_Escape or not self.press_back():
            event.ignore()

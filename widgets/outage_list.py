"""The systems of an outage: all of them or those of one part, found as one types, each openable (visual.md 06d)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from models.records import OutageMember, OutagePart
from widgets.keycap import toned
from widgets.lines import LEFT, RIGHT
from widgets.screens_list import ScreensList, paint_row
from widgets.theme import theme
from widgets.words import clock, duration, thousands

MEMBER_ROLE = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
_ROW = 50
_MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


def order(member: OutageMember) -> tuple[bool, bool, bool, datetime, str]:
    """Off line before back, without a second path first, not checked first, then the longest silent."""
    checked = member.checked_at is not None
    return (member.back_at is not None, member.second_path, checked, member.lost_at, member.account)


class OutageModel(QAbstractListModel):
    """The systems in their order. What stands changes in place; the list is laid anew only where its order changed."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[OutageMember] = []
        self._members: list[OutageMember] = []
        self._part: OutagePart | None = None
        self._words: list[str] = []
        self.now: datetime | None = None

    def know(self, members: Sequence[OutageMember]) -> None:
        """Show ``members``, as far as they are looked for."""
        self._all = sorted(members, key=order)
        self._lay()

    def look_for(self, part: OutagePart | None, words: str) -> None:
        """Show one part alone, or all; of those whose name, number, town or account has each of ``words``."""
        self._part, self._words = part, words.casefold().split()
        self._lay()

    def _lay(self) -> None:
        shown = [member for member in self._all if self._wanted(member)]
        if [m.account for m in shown] == [m.account for m in self._members]:
            changed = [nth for nth, member in enumerate(shown) if member != self._members[nth]]
            self._members = shown
            for nth in changed:
                self.dataChanged.emit(self.index(nth), self.index(nth))
            return
        self.beginResetModel()
        self._members = shown
        self.endResetModel()

    def _wanted(self, member: OutageMember) -> bool:
        if self._part is not None and member.part is not self._part:
            return False
        if not self._words:
            return True
        said = f"{member.site.name} {member.site.id} {member.site.town} {member.account}".casefold()
        return all(word in said for word in self._words)

    def members(self) -> list[OutageMember]:
        """Those that are shown, in their order."""
        return list(self._members)

    def known(self) -> int:
        """How many there are, shown or not."""
        return len(self._all)

    def row_of(self, account: str) -> int | None:
        """Where a system stands."""
        return next((nth for nth, member in enumerate(self._members) if member.account == account), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many are shown."""
        return 0 if parent.isValid() else len(self._members)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The record, and its words."""
        if not index.isValid() or index.row() >= len(self._members):
            return None
        member = self._members[index.row()]
        if role == MEMBER_ROLE:
            return member
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            return f"{member.site.name}, {member.site.id}, {self.state(member)}, {self.path(member)}"
        return None

    def state(self, member: OutageMember) -> str:
        """Off line since, or back since."""
        if member.back_at is not None:
            return self.tr("back {0}").format(clock(member.back_at))
        return self.tr("off line since {0}").format(clock(member.lost_at))

    def path(self, member: OutageMember) -> str:
        """Whether the site is monitored all the same, and who checked it where it is not."""
        if member.second_path:
            return self.tr("second path is up")
        if member.checked_at is not None:
            return self.tr("no second path · checked {0} by {1}").format(clock(member.checked_at), member.checked_by)
        return self.tr("no second path: not monitored")


class _Row(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(10, theme().px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        member, model = index.data(MEMBER_ROLE), index.model()
        if not isinstance(member, OutageMember) or not isinstance(model, OutageModel):
            return
        look, box = theme(), paint_row(painter, option)
        room = box.adjusted(look.px(16), look.px(4), -look.px(16), -look.px(4))
        upper = QRectF(room.left(), room.top(), room.width(), room.height() / 2)
        lower = QRectF(room.left(), room.center().y(), room.width(), room.height() / 2)
        back = member.back_at is not None
        to_check = member.part is OutagePart.ALONE and member.checked_at is None
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(look.font(15))
        since, path = self._since(model, member), "" if back else model.path(member)
        right = painter.fontMetrics().horizontalAdvance(since) + look.px(12)
        painter.setPen(look["text3" if back else "text2"])
        painter.drawText(upper, RIGHT, since)
        left = lower.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(path) - look.px(12), 0)
        where = f"{member.site.town} · {member.site.id} · {member.account}"
        painter.drawText(lower, LEFT, painter.fontMetrics().elidedText(where, elide, int(left.width())))
        painter.setPen(look.ink(2) if to_check else look["text3"])
        painter.drawText(lower, RIGHT, path)
        painter.setFont(look.font(18, 600))
        painter.setPen(look["text3" if back else "text1"])
        name = painter.fontMetrics().elidedText(member.site.name, elide, int(room.width() - right))
        painter.drawText(upper, LEFT, name)

    def _since(self, model: OutageModel, member: OutageMember) -> str:
        words = model.state(member)
        if member.back_at is None and model.now is not None:
            words += f" · {duration(model.now - member.lost_at)}"
        return words


class OutageList(QWidget):
    """The line to type in has the keys; arrows and pages move the focus bar of the list below it."""

    moved = Signal()
    """Another system is under the focus bar, or none."""
    open_asked = Signal(object)
    """SiteRef: its file is wanted."""
    check_asked = Signal(str, bool)
    """A site's id: it was checked, or that is taken back."""

    def __init__(self, name: str) -> None:
        """``name`` is what a screen reader says of the list."""
        super().__init__()
        self._part: OutagePart | None = None
        self._read = False
        pad = theme().px(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.field = QLineEdit()
        self.field.setMaxLength(100)
        self.field.setPlaceholderText(self.tr("Type to find: name, number, town, account"))
        self.field.setAccessibleName(self.tr("Find a site of the outage by name, number, town or account"))
        self.field.installEventFilter(self)
        self.setFocusProxy(self.field)
        self.said = toned("label")
        row = QHBoxLayout()
        row.setContentsMargins(pad, theme().px(8), pad, theme().px(8))
        row.addWidget(self.field, 1)
        row.addWidget(self.said)
        column.addLayout(row)
        self.model = OutageModel()
        self.view = ScreensList(self.model, _Row(), name)
        column.addWidget(self.view, 1)
        self.field.textChanged.connect(self._look)
        self.view.selectionModel().currentChanged.connect(lambda: self.moved.emit())
        self.view.doubleClicked.connect(lambda: self.press_open())
        self._say()

    # -- what it is told ------------------------------------------------------------------------

    def forget(self) -> None:
        """Another outage: its systems are not read yet."""
        self._read = False
        self.field.clear()
        self.model.know(())
        self._say()
        self.moved.emit()

    def show_part(self, part: OutagePart | None) -> None:
        """Show one part alone, or all."""
        if part is not self._part:
            self._part = part
            self.field.clear()
            self._look()

    def show_members(self, members: Sequence[OutageMember]) -> None:
        """The systems; the focus bar stays on its system."""
        self._read = True
        self._keep(lambda: self.model.know(members))

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.model.now = now
        if self.isVisible():
            self.view.viewport().update()

    # -- what it is asked -----------------------------------------------------------------------

    def chosen(self) -> OutageMember | None:
        """The system under the focus bar."""
        member = self.view.currentIndex().data(MEMBER_ROLE)
        return member if isinstance(member, OutageMember) else None

    def has_keys(self) -> bool:
        """Whether keys go to it."""
        return self.field.hasFocus() or self.view.hasFocus()

    def can_check(self) -> bool:
        """Whether the chosen site is one to check: off line, and without a second path."""
        member = self.chosen()
        return member is not None and member.part is OutagePart.ALONE

    def press_open(self) -> None:
        """Ask for the file of the chosen site."""
        member = self.chosen()
        if member is not None:
            self.open_asked.emit(member.site)

    def press_check(self) -> None:
        """The chosen site was checked, or that is taken back; on to the next one."""
        member = self.chosen()
        if member is None or not self.can_check():
            return
        row = self.view.currentIndex().row() + 1
        if member.checked_at is None and row < self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(row))
        self.check_asked.emit(member.site.id, member.checked_at is None)

    # -- inside ---------------------------------------------------------------------------------

    def _look(self) -> None:
        self._keep(lambda: self.model.look_for(self._part, self.field.text()))

    def _keep(self, change: Callable[[], None]) -> None:
        kept, stood = self.chosen(), self.view.currentIndex().row()
        change()
        count = self.model.rowCount()
        row = self.model.row_of(kept.account) if kept is not None else None
        if row is None:
            # It is gone from here: the neighbour that stands in its place is next.
            row = min(max(stood, 0), count - 1)
        if count and self.view.currentIndex().row() != row:
            self.view.setCurrentIndex(self.model.index(row))
        self._say()
        self.moved.emit()

    def _say(self) -> None:
        # How many there are is said by the row itself, which the feed keeps.
        found = self.tr("{0} found").format(thousands(self.model.rowCount())) if self.field.text().strip() else ""
        self.said.setText(found if self._read else self.tr("The systems are being read."))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and pages in the line move the focus bar: nobody has to leave it to look at the next."""
        pressed = watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            QApplication.sendEvent(self.view, event)
            return True
        return super().eventFilter(watched, event)

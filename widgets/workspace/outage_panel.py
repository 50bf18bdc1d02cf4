"""The systems of an outage: each counted once, each openable, off line first (visual.md §6, 06d)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from models.records import OutageMember, OutageView
from widgets.keycap import KeyButton, toned
from widgets.lines import LEFT, RIGHT
from widgets.panel import Panel
from widgets.screens_list import ScreensList
from widgets.theme import theme
from widgets.words import clock, duration

MEMBER_ROLE = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


def order(member: OutageMember) -> tuple[bool, bool, datetime, str]:
    """Off line before back, without another path first, then the longest silent."""
    return (member.back_at is not None, member.second_path, member.lost_at, member.account)


class OutageModel(QAbstractListModel):
    """The systems in their order. What stands changes in place; the list is laid anew only where its order changed."""

    def __init__(self) -> None:
        super().__init__()
        self._members: list[OutageMember] = []
        self.now: datetime | None = None

    def know(self, members: Sequence[OutageMember]) -> None:
        """Show ``members``."""
        ordered = sorted(members, key=order)
        if [m.account for m in ordered] == [m.account for m in self._members]:
            changed = [nth for nth, member in enumerate(ordered) if member != self._members[nth]]
            self._members = ordered
            for nth in changed:
                self.dataChanged.emit(self.index(nth), self.index(nth))
            return
        self.beginResetModel()
        self._members = ordered
        self.endResetModel()

    def members(self) -> list[OutageMember]:
        """All of them, in their order."""
        return list(self._members)

    def row_of(self, account: str) -> int | None:
        """Where a system stands."""
        return next((nth for nth, member in enumerate(self._members) if member.account == account), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many."""
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
        """Whether the site is monitored all the same."""
        return self.tr("another path is up") if member.second_path else self.tr("no other path: not monitored")


class _Row(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(10, theme().px(50))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        member, model = index.data(MEMBER_ROLE), index.model()
        if not isinstance(member, OutageMember) or not isinstance(model, OutageModel):
            return
        look, box = theme(), QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(box, look["bg3" if selected else "bg1"])
        painter.setPen(look["line1"])
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if selected:
            painter.fillRect(QRectF(box.left(), box.top(), look.px(4), box.height()), look["focus"])
        room = box.adjusted(look.px(16), look.px(4), -look.px(16), -look.px(4))
        upper = QRectF(room.left(), room.top(), room.width(), room.height() / 2)
        lower = QRectF(room.left(), room.center().y(), room.width(), room.height() / 2)
        back = member.back_at is not None
        alone = not member.second_path and not back
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(look.font(18, 600))
        painter.setPen(look["text3" if back else "text1"])
        name = painter.fontMetrics().elidedText(member.site.name, elide, int(room.width() * 0.62))
        painter.drawText(upper, LEFT, name)
        painter.setFont(look.font(15))
        painter.setPen(look["text3" if back else "text2"])
        painter.drawText(lower, LEFT, f"{member.site.town} · {member.site.id} · {member.account}")
        painter.drawText(upper, RIGHT, self._since(model, member))
        painter.setPen(look.ink(2) if alone else look["text3"])
        painter.drawText(lower, RIGHT, "" if back else model.path(member))

    def _since(self, model: OutageModel, member: OutageMember) -> str:
        words = model.state(member)
        if member.back_at is None and model.now is not None:
            words += f" · {duration(model.now - member.lost_at)}"
        return words


class OutagePanel(Panel):
    """Stands where a site's call list stands: an outage calls nobody, its sites do."""

    split_asked = Signal(str)
    """Account of the system that is to get a row of its own."""

    def __init__(self) -> None:
        super().__init__(self.tr("Systems of this outage"))
        self.model = OutageModel()
        self.view = ScreensList(self.model, _Row(), self.tr("Systems of this outage, off line first"))
        self.body.addWidget(self.view, 1)
        self.split = KeyButton(self.tr("Give this site a row of its own"), "Ctrl+S")
        self.split.clicked.connect(self.press_split)
        self._hint = toned("second", wrap=True)
        pad = theme().px(12)
        self._hint.setContentsMargins(pad, pad, pad, 0)
        self.body.addWidget(self._hint)
        self.body.addWidget(self.split)
        self.view.selectionModel().currentChanged.connect(lambda: self._offer())
        self.model.modelReset.connect(self._offer)
        self._offer()

    def show_outage(self, outage: OutageView) -> None:
        """The figures, before the systems are read."""
        words = self.tr("{0} off line · {1} back · {2} without another path")
        self.summary.setText(words.format(outage.lost, outage.back, outage.alone))

    def show_members(self, members: Sequence[OutageMember]) -> None:
        """The systems; the focus bar stays on its system."""
        kept, stood = self.chosen(), self.view.currentIndex().row()
        self.model.know(members)
        row = self.model.row_of(kept.account) if kept is not None else None
        if row is None:
            # It has a row of its own now: the neighbour that stands in its place is next.
            row = min(max(stood, 0), len(members) - 1)
        if members and self.view.currentIndex().row() < 0:
            self.view.setCurrentIndex(self.model.index(row))
        self._offer()

    def chosen(self) -> OutageMember | None:
        """The system under the focus bar."""
        member = self.view.currentIndex().data(MEMBER_ROLE)
        return member if isinstance(member, OutageMember) else None

    def can_split(self) -> bool:
        """Whether the chosen system is off line."""
        member = self.chosen()
        return member is not None and member.back_at is None

    def press_split(self) -> None:
        """Ask for a row of its own for the chosen system."""
        member = self.chosen()
        if member is not None and self.can_split():
            self.split_asked.emit(member.account)

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.model.now = now
        if self.isVisible():
            self.view.viewport().update()

    def _offer(self) -> None:
        self.split.setEnabled(self.can_split())
        if not self.model.rowCount():
            words = self.tr("The systems are being read.")
        elif self.can_split():
            words = self.tr("A row of its own goes to the queue, with the site's call list.")
        else:
            words = self.tr("Choose a system that is off line with the arrow keys.")
        self._hint.setText(words)

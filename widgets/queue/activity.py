"""What happened lately on the whole station, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem

from models.records import Entry
from widgets.badge import draw_test_tag
from widgets.panel import Panel
from widgets.theme import theme
from widgets.words import clock
from widgets.writing import write

ENTRY_ROLE = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()
_HEADS = {
    "signal": QT_TRANSLATE_NOOP("activity", "Signal"),
    "repeat": QT_TRANSLATE_NOOP("activity", "Repeat"),
    "alarm-opened": QT_TRANSLATE_NOOP("activity", "New"),
    "alarm-raised": QT_TRANSLATE_NOOP("activity", "Raised"),
    "alarm-lowered": QT_TRANSLATE_NOOP("activity", "Lowered"),
    "taken": QT_TRANSLATE_NOOP("activity", "Taken"),
    "released": QT_TRANSLATE_NOOP("activity", "Released"),
    "returned": QT_TRANSLATE_NOOP("activity", "Returned"),
    "parked": QT_TRANSLATE_NOOP("activity", "Parked"),
    "woken": QT_TRANSLATE_NOOP("activity", "Back"),
    "closed": QT_TRANSLATE_NOOP("activity", "Closed"),
    "cancelled": QT_TRANSLATE_NOOP("activity", "Cancelled"),
    "call-begun": QT_TRANSLATE_NOOP("activity", "Calling"),
    "call": QT_TRANSLATE_NOOP("activity", "Call"),
    "note": QT_TRANSLATE_NOOP("activity", "Note"),
    "seen": QT_TRANSLATE_NOOP("activity", "Seen"),
    "test-on": QT_TRANSLATE_NOOP("activity", "In test"),
    "test-off": QT_TRANSLATE_NOOP("activity", "Out of test"),
    "signed-in": QT_TRANSLATE_NOOP("activity", "Signed in"),
    "signed-out": QT_TRANSLATE_NOOP("activity", "Signed out"),
    "handed-over": QT_TRANSLATE_NOOP("activity", "Handed over"),
    "help-asked": QT_TRANSLATE_NOOP("activity", "Help"),
    "alarm-asked": QT_TRANSLATE_NOOP("activity", "Asked"),
    "ask-answered": QT_TRANSLATE_NOOP("activity", "Answered"),
    "ask-withdrawn": QT_TRANSLATE_NOOP("activity", "Taken back"),
    "ask-over": QT_TRANSLATE_NOOP("activity", "Over"),
    "step-skipped": QT_TRANSLATE_NOOP("activity", "Skipped"),
    "step-done": QT_TRANSLATE_NOOP("activity", "Done"),
    "code-words-shown": QT_TRANSLATE_NOOP("activity", "Code words"),
    "idle-warned": QT_TRANSLATE_NOOP("activity", "No act"),
    "unreadable": QT_TRANSLATE_NOOP("activity", "Unreadable"),
}


def head_of(entry: Entry) -> str:
    """The first word of an entry's line."""
    known = str(_HEADS.get(entry.kind, entry.kind.replace("-", " ").capitalize()))
    return QCoreApplication.translate("activity", known)


def line_of(entry: Entry) -> str:
    """One entry on one line; who and where are in it."""
    text = entry.text.removeprefix(f"{head_of(entry)} ").removeprefix(f"{head_of(entry)}: ")
    return f"{text} · {entry.site_name}" if entry.site_name and entry.site_name not in text else text


class ActivityModel(QAbstractListModel):
    """The newest entries. Rows are inserted as they come, never reset while they do."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[Entry] = []

    def know(self, entries: Sequence[Entry]) -> None:
        """The newest entries, newest first."""
        newest = self._entries[0].seq if self._entries else -1
        new = [entry for entry in entries if entry.seq > newest]
        if len(new) == len(entries):
            self.beginResetModel()
            self._entries = list(entries)
            self.endResetModel()
            return
        if new:
            self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
            self._entries[:0] = new
            self.endInsertRows()
        surplus = len(self._entries) - len(entries)
        if surplus > 0:
            self.beginRemoveRows(QModelIndex(), len(entries), len(self._entries) - 1)
            del self._entries[len(entries) :]
            self.endRemoveRows()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """How many entries."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The entry, and its words."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            return f"{clock(entry.time)} {head_of(entry)} {line_of(entry)}"
        if role == int(Qt.ItemDataRole.ToolTipRole):
            actor = f"{entry.actor.name} {entry.actor.from_}".strip()
            return self.tr("Entry {0}, by {1}: {2}").format(entry.seq, actor, entry.text)
        return None


class _Line(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(10, theme().px(32))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry = index.data(ENTRY_ROLE)
        if not isinstance(entry, Entry):
            return
        look, box = theme(), QRectF(option.rect)
        painter.setPen(look["line1"])
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        left = box.left() + look.px(14)
        painter.setPen(look["text2"])
        write(painter, QRectF(left, box.top(), look.px(72), box.height()), clock(entry.time), 15)
        left += look.px(76)
        if entry.in_test:
            tag = QRectF(left, box.center().y() - look.px(9), look.px(18), look.px(18))
            draw_test_tag(painter, tag, whole=False)
            left += look.px(26)
        painter.setPen(look["text1"])
        left = write(painter, QRectF(left, box.top(), look.px(160), box.height()), head_of(entry), 15, 600) + look.px(7)
        painter.setPen(look["text2"])
        room = QRectF(left, box.top(), box.right() - left - look.px(8), box.height())
        write(painter, room, line_of(entry), 15)


class Activity(Panel):
    """The panel with the newest entries."""

    def __init__(self) -> None:
        super().__init__(self.tr("Activity, whole station"), self.tr("newest first"))
        self.model = ActivityModel()
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Line(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(self.tr("Activity of the whole station, newest first"))
        self.body.addWidget(self.view)

"""Lines of the journal to choose from: time, kind, who, what, from where; older ones come as one goes down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from models.records import Entry
from widgets.badge import draw_test_tag
from widgets.queue.activity import head_of
from widgets.screens_list import ScreensList, paint_row
from widgets.theme import theme
from widgets.words import clock, dated
from widgets.writing import write

_NOWHERE = QModelIndex()
ENTRY = int(Qt.ItemDataRole.UserRole)
_ROW = 37
_WIDTHS = (182, 128, 126)
"""Time, kind, who; what gets the rest, but for the last column."""
_FROM = 190


class EntriesModel(QAbstractListModel):
    """Entries, newest first. New ones are put in above and older ones below: what is chosen stays chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[Entry] = []

    def know(self, entries: Sequence[Entry]) -> None:
        """Show ``entries``."""
        had = [entry.seq for entry in self._entries]
        has = [entry.seq for entry in entries]
        if had == has:
            return
        at = has.index(had[0]) if had and had[0] in has else -1
        if at < 0 or has[at : at + len(had)] != had:
            self.beginResetModel()
            self._entries = list(entries)
            self.endResetModel()
            return
        if at:
            self.beginInsertRows(_NOWHERE, 0, at - 1)
            self._entries[:0] = entries[:at]
            self.endInsertRows()
        below = entries[at + len(had) :]
        if below:
            self.beginInsertRows(_NOWHERE, len(self._entries), len(entries) - 1)
            self._entries += below
            self.endInsertRows()

    def entries(self) -> list[Entry]:
        """What is shown."""
        return list(self._entries)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """How many."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The entry, and its words for who cannot see it."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == ENTRY:
            return entry
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            in_test = self.tr("in test") if entry.in_test else ""
            parts = (when_words(entry), head_of(entry), entry.actor.name, in_test, entry.text, _from(entry))
            return ", ".join(part for part in parts if part)
        return None


def when_words(entry: Entry) -> str:
    """Day and time of an entry."""
    # What is in an archive may be of any year.
    return f"{entry.time.astimezone():%d %b %Y} {clock(entry.time)}" if entry.archive else dated(entry.time)


def _from(entry: Entry) -> str:
    """From where; and that it is read from an archive, not from the live tables."""
    if not entry.archive:
        return entry.actor.from_
    archived = QCoreApplication.translate("EntriesModel", "archive")
    return f"{archived} · {entry.actor.from_}" if entry.actor.from_ else archived


class _Delegate(QStyledItemDelegate):
    def __init__(self, *, sites: bool) -> None:
        """``sites``: lines of several sites; each says of which it is."""
        super().__init__()
        self.sites = sites

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(10, theme().px(_ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry = index.data(ENTRY)
        if not isinstance(entry, Entry):
            return
        painter.save()
        look, box = theme(), paint_row(painter, option)
        left, right = box.left() + look.px(14), box.right() - look.px(14)
        cells = zip(
            _WIDTHS, (when_words(entry), head_of(entry), entry.actor.name), ("text2", "text2", "text1"), strict=True
        )
        for width, text, token in cells:
            painter.setPen(look[token])
            write(painter, QRectF(left, box.top(), look.px(width - 10), box.height()), text, 15)
            left += look.px(width)
        # From where gives way to what, where there is little room, and where it is not known.
        place = look.px(_FROM) if _from(entry) and right - left > look.px(2.2 * _FROM) else 0
        if entry.in_test:
            draw_test_tag(painter, QRectF(left, box.center().y() - look.px(9), look.px(18), look.px(18)), whole=False)
            left += look.px(26)
        painter.setPen(look["text1"])
        room = right - place - look.px(10)
        end = write(painter, QRectF(left, box.top(), room - left, box.height()), entry.text, 15, 600)
        if self.sites and entry.site_name and entry.site_name not in entry.text and room - end > look.px(60):
            painter.setPen(look["text2"])
            write(painter, QRectF(end, box.top(), room - end, box.height()), f" · {entry.site_name}", 15)
        if place:
            painter.setPen(look["text2"])
            write(painter, QRectF(right - place, box.top(), place, box.height()), _from(entry), 15)
        painter.restore()


class EntriesView(ScreensList):
    """The list; it tells which entry has the focus bar, and when older ones are wanted."""

    chosen = Signal(object)
    """The :class:`Entry` under the focus bar; None for none."""
    older_wanted = Signal()
    newer_wanted = Signal()

    def __init__(self, name: str, *, sites: bool = False) -> None:
        """``sites``: the lines are of several sites."""
        self.lines = EntriesModel()
        self._delegate = _Delegate(sites=sites)
        super().__init__(self.lines, self._delegate, name)
        self._told: int | None = None
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(lambda _now, _before: self._tell())
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def know(self, entries: Sequence[Entry]) -> None:
        """Show ``entries``, newest first; the focus bar stays on its entry, else goes to the newest.

        What is read stays where it is on the screen, whatever comes above it or goes.
        """
        kept, anchor = self.current(), self._anchor()
        seqs = {entry.seq: row for row, entry in enumerate(entries)}
        if anchor is not None and anchor[0] not in seqs:
            # Other lines altogether: from their top, which is not the end of these.
            self.scrollToTop()
        self.lines.know(entries)
        at = seqs.get(kept.seq, 0) if kept is not None else 0
        if entries and self.currentIndex().row() != at:
            self.setCurrentIndex(self.lines.index(at))
        if anchor is not None and anchor[0] in seqs:
            self.doItemsLayout()
            moved = self.visualRect(self.lines.index(seqs[anchor[0]])).top() - anchor[1]
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)
        self._tell()

    def _anchor(self) -> tuple[int, int] | None:
        """The first entry in sight and where it is; None at the very top, where what is new is put in sight."""
        index = self.indexAt(self.viewport().rect().topLeft())
        entry = index.data(ENTRY)
        if self.verticalScrollBar().value() == 0 or not isinstance(entry, Entry):
            return None
        return entry.seq, self.visualRect(index).top()

    def name_sites(self, *, on: bool) -> None:
        """Whether each line says of which site it is."""
        if self._delegate.sites != on:
            self._delegate.sites = on
            self.viewport().update()

    def to_top(self) -> None:
        """To the newest line."""
        if self.lines.rowCount():
            self.setCurrentIndex(self.lines.index(0))
        self.scrollToTop()

    def current(self) -> Entry | None:
        """The entry under the focus bar."""
        entry = self.currentIndex().data(ENTRY)
        return entry if isinstance(entry, Entry) else None

    def _tell(self) -> None:
        entry = self.current()
        seq = entry.seq if entry is not None else None
        if seq != self._told:
            self._told = seq
            self.chosen.emit(entry)
        self._look()

    def _look(self) -> None:
        """At the last line what is older is wanted."""
        last = self.lines.rowCount() - 1
        if last >= 0 and self.currentIndex().row() == last:
            self.older_wanted.emit()
        if last >= 0 and self.currentIndex().row() == 0:
            self.newer_wanted.emit()

    def _scrolled(self, value: int) -> None:
        """Scrolled to the end as well. Heard from the bar alone: while rows are put in, its end is that of before."""
        if value and value >= self.verticalScrollBar().maximum():
            self.older_wanted.emit()

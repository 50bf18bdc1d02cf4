"""A table of texts that is saved whole: areas, zones. What was typed is kept until it is saved or taken back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from widgets.keycap import KeyButton, retone, toned
from widgets.theme import theme

Texts = tuple[str, ...]


class _Table(QTableWidget):
    """Enter goes to the next cell and opens it; the screen around it has the other keys."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            item = self.currentItem()
            if item is not None:
                self.editItem(item)
            return
        super().keyPressEvent(event)


class TableForm(QWidget):
    """Rows of texts; Ins adds one, Ctrl+Delete removes one, Ctrl+Enter saves them all."""

    wanted = Signal(list)
    """Rows of texts, the empty ones left out."""
    changed = Signal()
    """Something was typed, removed or taken back."""

    def __init__(self, columns: Sequence[str], name: str, keys: Sequence[int] = (0,)) -> None:
        """``keys`` are the columns that say which row it is."""
        super().__init__()
        self._keys = tuple(keys)
        self._shown: list[Texts] = []
        self._filling = False
        self._allowed = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.table = _Table(0, len(columns))
        self.table.setHorizontalHeaderLabels(list(columns))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme().px(34))
        # The name, second of all, has what the others leave.
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setShowGrid(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setAccessibleName(name)
        self.table.setTabKeyNavigation(False)
        self.table.itemChanged.connect(lambda _item: self._touched())
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme().px(14), 0, theme().px(14), theme().px(10))
        self.save = KeyButton(self.tr("Save"), "Ctrl+Enter", next_=True)
        self.save.clicked.connect(self.press_save)
        self.sentence = toned("second", wrap=True)
        foot.addWidget(self.save)
        foot.addWidget(self.sentence, 1)
        column.addLayout(foot)
        self._mark()

    def show_rows(self, rows: Sequence[Texts], draft: Sequence[Texts] | None = None) -> None:
        """Show what is kept; ``draft`` is what was typed over it."""
        self._shown = list(rows)
        self._fill(self._shown if draft is None else draft)
        self._say("")

    def base(self) -> list[Texts]:
        """What was kept when it was shown: what is typed began from it."""
        return list(self._shown)

    def show_theirs(self, rows: Sequence[Texts]) -> None:
        """Somebody else saved meanwhile: rows that were not touched here are theirs; of others both are said (I11)."""
        if list(rows) == self._shown:
            return
        if self.editing():
            # A cell that is being typed in belongs to what was typed.
            self.table.setFocus()
        at = (self.table.currentRow(), self.table.currentColumn())
        merged, differing = self._merged({self._key(row): row for row in rows})
        self._shown = list(rows)
        self._fill(merged)
        self.table.setCurrentCell(min(at[0], len(merged) - 1), at[1])
        if differing:
            said = self.tr("Saved meanwhile: {0}. Ctrl+Enter saves this table; Ctrl+R takes what was saved meanwhile.")
            self.refuse(said.format("; ".join(differing)))

    def _merged(self, theirs: dict[Texts, Texts]) -> tuple[list[Texts], list[str]]:
        """The rows of both, and in words those of theirs that differ from what was typed here."""
        had = {self._key(row): row for row in self._shown}
        mine, merged, differing = self.rows(), [], []
        for row in mine:
            key = self._key(row)
            before, now = had.get(key), theirs.get(key)
            if row != before:
                merged.append(row)
                if now not in (before, row):
                    gone = self.tr("{0} removed").format(" ".join(key))
                    differing.append(gone if now is None else " ".join(filter(None, now)))
            elif now is not None:
                merged.append(now)
        here = {self._key(row) for row in mine}
        for key, now in theirs.items():
            if key not in here and key not in had:
                merged.append(now)
            elif key not in here and now != had[key]:
                differing.append(" ".join(filter(None, now)))
        return merged, differing

    def _key(self, row: Texts) -> Texts:
        return tuple(row[column] for column in self._keys)

    def rows(self) -> list[Texts]:
        """What stands in the table, empty rows left out."""
        found = []
        for row in range(self.table.rowCount()):
            texts = tuple(self._text(row, column) for column in range(self.table.columnCount()))
            if any(texts):
                found.append(texts)
        return found

    def draft(self) -> list[Texts] | None:
        """What was typed and not saved; None where nothing was."""
        rows = self.rows()
        return None if rows == self._shown else rows

    def add(self) -> None:
        """Ins: an empty row, ready to type."""
        if self._allowed:
            at = self.table.rowCount()
            self._append(("",) * self.table.columnCount())
            self.table.setCurrentCell(at, 0)
            self.table.setFocus()
            first = self.table.item(at, 0)
            if first is not None:
                self.table.editItem(first)

    def remove(self) -> None:
        """Ctrl+Delete: the row under the focus; nothing is gone before it is saved."""
        if self._allowed and self.table.currentRow() >= 0:
            self.table.removeRow(self.table.currentRow())
            self._touched()

    def take_back(self) -> None:
        """Ctrl+R."""
        self._fill(self._shown)
        self._say("")
        self.changed.emit()

    def press_save(self) -> None:
        """Ctrl+Enter."""
        self.table.setFocus()
        rows = self.draft()
        if rows is None:
            self._say(self.tr("Nothing was changed."))
        else:
            self._say(self.tr("Saving…"))
            self.wanted.emit(rows)

    def refuse(self, sentence: str, _field: str | None = None) -> None:
        """Why it was refused."""
        self._say(sentence, "refused")

    def allow(self, on: bool, why: str = "") -> None:
        """Whether it can be changed."""
        self._allowed = on
        triggers = QAbstractItemView.EditTrigger
        self.table.setEditTriggers(
            triggers.AnyKeyPressed | triggers.DoubleClicked | triggers.EditKeyPressed if on else triggers.NoEditTriggers
        )
        self.save.setVisible(on)
        if not on:
            self._say(why)

    def editing(self) -> bool:
        """Whether the cursor is in it."""
        focus = self.focusWidget()
        return focus is not None and focus.hasFocus()

    def _fill(self, rows: Sequence[Texts]) -> None:
        self._filling = True
        self.table.setRowCount(0)
        for texts in rows:
            self._append(texts)
        self._filling = False
        self._mark()

    def _append(self, texts: Texts) -> None:
        at = self.table.rowCount()
        self.table.insertRow(at)
        for column, text in enumerate(texts):
            self.table.setItem(at, column, QTableWidgetItem(text))

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return "" if item is None else item.text().strip()

    def _say(self, sentence: str, tone: str = "second") -> None:
        self.sentence.setText(sentence)
        retone(self.sentence, tone)

    def _touched(self) -> None:
        if not self._filling:
            self._mark()
            self.changed.emit()

    def _mark(self) -> None:
        if self._filling:
            return
        dirty = self.draft() is not None
        self.save.setEnabled(dirty)
        if dirty and not self.sentence.text():
            self._say(self.tr("Not saved yet. Ctrl+R takes it back."))
        elif not dirty:
            self._say("")

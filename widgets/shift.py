"""The shift log: what the next shift must know, what is open, and who has read it (06c)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from models.records import ShiftNote
from widgets.keycap import KeyButton, retone, toned
from widgets.lines import Line, Lines
from widgets.panel import Panel
from widgets.rows import Row, RowsView
from widgets.theme import theme
from widgets.words import day, minute


class ShiftScreen(QWidget):
    """Notes left, the chosen one in the middle, writing right."""

    written = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        gutter = theme().px(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(gutter, 0, gutter, gutter)
        row.setSpacing(gutter)
        panel = Panel(self.tr("Notes of the last days"), self.tr("Enter: read"))
        self.view = RowsView(self.tr("Notes of the shifts, newest first"))
        self.view.chosen.connect(lambda _key: self._show())
        self.empty = toned("", self.tr("No note of the last days. F9 writes one for the next shift."), wrap=True)
        self.empty.setContentsMargins(gutter, gutter, gutter, gutter)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        panel.body.addWidget(self.stack, 1)
        row.addWidget(panel, 560)
        self._note = Panel(self.tr("Note"), "")
        self._text = toned("headline", wrap=True)
        self._text.setContentsMargins(gutter, gutter, gutter, gutter)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._items = Lines(self.tr("What was open then"), self.tr("Nothing was open."), 10)
        self._readers = Lines(self.tr("Read by"), self.tr("Nobody has read it yet."), 118)
        self._note.body.addWidget(self._text)
        self._note.body.addWidget(self._items, 2)
        self._note.body.addWidget(self._readers, 1)
        row.addWidget(self._note, 700)
        write = Panel(self.tr("What the next shift must know"), self.tr("write"), "F9")
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("What the next shift must know"))
        self.text.setPlaceholderText(self.tr("F9, write, Ctrl+Enter leaves it. Esc keeps what was typed."))
        self.text.setTabChangesFocus(True)
        self.now = Lines(self.tr("Added by itself"), self.tr("Nothing is open."), 10)
        foot = QHBoxLayout()
        foot.setContentsMargins(gutter, theme().px(6), gutter, theme().px(10))
        self.leave = KeyButton(self.tr("Leave the note"), "Ctrl+Enter", next_=True)
        self.leave.clicked.connect(self.press_leave)
        self.sentence = toned("second", wrap=True)
        foot.addWidget(self.leave)
        foot.addWidget(self.sentence, 1)
        column = QVBoxLayout()
        column.setContentsMargins(gutter, gutter, gutter, 0)
        column.addWidget(self.text, 3)
        column.addWidget(toned("label", self.tr("Added by itself")))
        write.body.addLayout(column, 3)
        write.body.addWidget(self.now, 2)
        write.body.addLayout(foot)
        row.addWidget(write, 612)
        self._notes: tuple[ShiftNote, ...] = ()

    def show_notes(self, notes: Sequence[ShiftNote], open_now: Sequence[str]) -> None:
        """Newest first; those not read yet are marked."""
        self._notes = tuple(notes)
        self.view.know(
            [
                Row(
                    str(note.id),
                    note.text.splitlines()[0],
                    self.tr("{0} {1} · {2}").format(day(note.at), minute(note.at), note.by),
                    self.tr("not read") if note.unread else "",
                    mark="•" if note.unread else "",
                )
                for note in notes
            ]
        )
        self.stack.setCurrentIndex(0 if notes else 1)
        self.now.tell([Line("", item) for item in open_now])
        self._show()

    def current(self) -> ShiftNote | None:
        """The note under the focus bar."""
        key = self.view.key()
        return next((note for note in self._notes if str(note.id) == key), None)

    def say(self, sentence: str, *, refused: bool = False) -> None:
        """A sentence in place."""
        self.sentence.setText(sentence)
        retone(self.sentence, "refused" if refused else "second")

    def press_leave(self) -> None:
        """Ctrl+Enter."""
        text = self.text.toPlainText().strip()
        if not text:
            self.say(self.tr("Write what the next shift must know."), refused=True)
            self.text.setFocus()
        else:
            self.written.emit(text)

    def _show(self) -> None:
        note = self.current()
        for part in (self._items, self._readers):
            part.setVisible(note is not None)
        self._text.setText(note.text if note is not None else self.tr("The note that is chosen is shown here."))
        self._items.tell([Line("", item) for item in note.items] if note is not None else ())
        readers = note.read_by if note is not None else ()
        self._readers.tell([Line(f"{day(one.at)} {minute(one.at)}", one.name) for one in readers])

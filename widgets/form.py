"""A form: labelled fields that are saved together. What was typed is never lost, and what another saved is shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from widgets.keycap import KeyButton, retone, toned
from widgets.theme import theme
from widgets.tick import TickBox

Value = str | bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form and not saved."""

    draft: dict[str, Value]
    began: dict[str, Value]
    """What was kept in the same fields when it was typed."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. Its value is text, or yes and no."""

    name: str
    label: str
    hint: str = ""
    longest: int = 200
    lines: int = 1
    secret: bool = False
    check: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    """(value, words): one of these."""
    fixed: bool = False
    """Shown, and changed elsewhere."""
    reads: Callable[[str], str] | None = field(default=None, compare=False)
    """Gives what is wrong with a text as a sentence, or nothing."""


class Form(QWidget):
    """Fields under each other, saved with Ctrl+Enter. It keeps what was typed until it is saved or taken back."""

    wanted = Signal(dict)
    """Save: name to value, all of them."""
    changed = Signal()

    def __init__(self, fields: Sequence[Field], name: str) -> None:
        super().__init__()
        self.fields = {one.name: one for one in fields}
        self._inputs: dict[str, QWidget] = {}
        self._notes: dict[str, QLabel] = {}
        self._labels: dict[str, QLabel] = {}
        self._shown: dict[str, Value] = {one.name: False if one.check else "" for one in fields}
        self._began = dict(self._shown)
        """What was kept when a field was typed over; where that is no longer what is kept, somebody else saved."""
        self._filling = False
        self._idle = ""
        self.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(6))
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area = area
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(8))
        grid.setVerticalSpacing(theme().px(4))
        grid.setHorizontalSpacing(theme().px(12))
        grid.setColumnMinimumWidth(0, theme().px(128))
        grid.setColumnStretch(1, 1)
        self._pair: QHBoxLayout | None = None
        for nth, one in enumerate(fields):
            self._add(grid, 2 * nth, one)
        grid.setRowStretch(2 * len(fields), 1)
        area.setWidget(holder)
        column.addWidget(area, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme().px(14), 0, theme().px(14), theme().px(10))
        self.save = KeyButton(self.tr("Save"), "Ctrl+Enter", next_=True)
        self.save.clicked.connect(self.press_save)
        self.revert = KeyButton(self.tr("Take back"), "Ctrl+R")
        self.revert.clicked.connect(self.take_back)
        self.sentence = toned("second", wrap=True)
        foot.addWidget(self.save)
        foot.addWidget(self.revert)
        foot.addWidget(self.sentence, 1)
        column.addLayout(foot)
        self._mark()

    def _add(self, grid: QGridLayout, row: int, one: Field) -> None:
        label = toned("label", one.label)
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        label.setContentsMargins(0, theme().px(7), 0, 0)
        widget: QWidget
        if one.check:
            box = TickBox(one.hint)
            box.toggled.connect(self._touched)
            widget = box
        elif one.choices:
            combo = QComboBox()
            combo.view().setAccessibleName(one.label)
            # As wide as the column, not as its longest choice.
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(8)
            for value, words in one.choices:
                combo.addItem(words, value)
            combo.currentIndexChanged.connect(self._touched)
            widget = combo
        elif one.lines > 1:
            text = QPlainTextEdit()
            text.setTabChangesFocus(True)
            text.setFixedHeight(theme().px(26 * one.lines + 12))
            text.setPlaceholderText(one.hint)
            text.textChanged.connect(self._touched)
            widget = text
        else:
            line = QLineEdit()
            line.setMaxLength(one.longest)
            line.setEchoMode(QLineEdit.EchoMode.Password if one.secret else QLineEdit.EchoMode.Normal)
            line.setPlaceholderText(one.hint)
            line.textChanged.connect(self._touched)
            widget = line
        widget.setAccessibleName(one.label or one.hint)
        widget.setEnabled(not one.fixed)
        label.setBuddy(widget)
        note = toned("late", wrap=True)
        note.hide()
        if one.check and not one.label and self._pair is not None:
            # Two boxes share a row.
            self._pair.addWidget(widget, 1)
            self._pair = None
        elif one.check:
            self._pair = QHBoxLayout()
            self._pair.addWidget(widget, 1)
            grid.addWidget(label, row, 0)
            grid.addLayout(self._pair, row, 1)
        else:
            self._pair = None
            grid.addWidget(label, row, 0)
            grid.addWidget(widget, row, 1)
        grid.addWidget(note, row + 1, 1)
        self._inputs[one.name], self._notes[one.name] = widget, note
        self._labels[one.name] = label

    # -- values ---------------------------------------------------------------------------------

    def show_values(
        self,
        values: Mapping[str, Value],
        draft: Mapping[str, Value] | None = None,
        began: Mapping[str, Value] | None = None,
    ) -> None:
        """Show what is kept; ``draft`` is what was typed over it and not saved yet.

        ``began`` is what was kept when it was typed: what somebody saved since is said beside it (I11).
        """
        self._shown = {name: values.get(name, self._shown[name]) for name in self._shown}
        self._began = {**self._shown, **(began or {})}
        self._fill({**self._shown, **(draft or {})})
        self.say("")
        self._tell_differing()

    def set_choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Other choices for a field."""
        combo = self._inputs[name]
        assert isinstance(combo, QComboBox)
        kept, self._filling = combo.currentData(), True
        combo.clear()
        for value, words in choices:
            combo.addItem(words, value)
        combo.setCurrentIndex(max(0, combo.findData(kept)))
        self._filling = False

    def only(self, names: Collection[str]) -> None:
        """Show these fields alone; the others keep what stands in them."""
        for name, widget in self._inputs.items():
            for part in (widget, self._labels[name]):
                part.setVisible(name in names)

    def values(self) -> dict[str, Value]:
        """What stands in the fields."""
        return {name: self._value(name) for name in self._inputs}

    def draft(self) -> dict[str, Value]:
        """What was typed and not saved."""
        return {name: value for name, value in self.values().items() if value != self._shown[name]}

    def typed(self) -> Typed | None:
        """What was typed and not saved, and what was kept when it was; None where nothing was."""
        draft = self.draft()
        return Typed(draft, {name: self._began[name] for name in draft}) if draft else None

    def show_theirs(self, values: Mapping[str, Value]) -> None:
        """Somebody else saved meanwhile: theirs beside what was typed here; to be saved over only knowingly (I11)."""
        before = self._shown
        self._shown = {name: values.get(name, before[name]) for name in before}
        for name, theirs in self._shown.items():
            if self._value(name) == before[name]:
                self._began[name] = theirs
                self._set(name, theirs)
        self._mark()
        if self._shown != before:
            self._tell_differing()

    def _tell_differing(self) -> None:
        """Beside each field that both wrote, what was saved there meanwhile."""
        differing = False
        for name, note in self._notes.items():
            theirs, mine = self._shown[name], self._value(name)
            both = theirs not in (self._began[name], mine)
            if mine == theirs:
                self._began[name] = theirs
            if both:
                words = self._words(name, theirs)
                note.setText(self.tr("Saved meanwhile: {0}").format(words or self.tr("(empty)")))
            note.setVisible(both)
            differing = differing or both
        if differing:
            self.refuse(
                self.tr(
                    "Both are shown. Ctrl+Enter saves what is in the fields; Ctrl+R takes what was saved meanwhile."
                )
            )

    def take_in(self) -> None:
        """What stands in the fields was saved: it is what is kept now."""
        self._shown = self.values()
        self._began = dict(self._shown)
        for note in self._notes.values():
            note.hide()
        self._mark()
        self.say(self.tr("Saved."))

    def take_back(self) -> None:
        """Ctrl+R: what is kept, again."""
        self._fill(self._shown)
        self._began = dict(self._shown)
        for note in self._notes.values():
            note.hide()
        self.say("")

    def allow(self, on: bool, why: str = "", only: frozenset[str] = frozenset()) -> None:
        """Whether the fields can be changed, all or ``only`` some; ``why`` not the others is said in place."""
        for name, widget in self._inputs.items():
            widget.setEnabled((on or name in only) and not self.fields[name].fixed)
        self.save.setVisible(on or bool(only))
        self.revert.setVisible(on or bool(only))
        idle, self._idle = self._idle, "" if on else why
        if self.sentence.text() in ("", idle):
            # What else is said, of a refusal or of another's version, stays.
            self.say("")

    # -- what is done ---------------------------------------------------------------------------

    def begin(self, name: str = "") -> None:
        """The cursor in the first field that can be changed, or in ``name``."""
        first = next((n for n in self._inputs if self._inputs[n].isEnabled()), "")
        widget = self._inputs.get(name or first)
        if widget is not None:
            widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
            if isinstance(widget, QLineEdit):
                widget.selectAll()

    def editing(self) -> bool:
        """Whether the cursor is in one of the fields."""
        return any(widget.hasFocus() for widget in self._inputs.values())

    def press_save(self) -> None:
        """Ctrl+Enter."""
        if not self.draft():
            self.say(self.tr("Nothing was changed."))
            return
        for name in self.draft():
            one = self.fields[name]
            wrong = one.reads(str(self._value(name))) if one.reads is not None else ""
            if wrong:
                self.refuse(wrong, name)
                return
        self.say(self.tr("Saving…"))
        self.wanted.emit(self.values())

    def refuse(self, sentence: str, name: str | None = None) -> None:
        """Why it was refused; the field at fault gets the cursor where it is one of these."""
        self.sentence.setText(sentence)
        retone(self.sentence, "refused")
        if name and name in self._inputs:
            self.begin(name)
            self._area.ensureWidgetVisible(self._inputs[name])

    def say(self, sentence: str) -> None:
        """A sentence in place; without one why it cannot be changed, where it cannot."""
        self.sentence.setText(sentence or self._idle)
        retone(self.sentence, "second")

    # -- inside ---------------------------------------------------------------------------------

    def _fill(self, values: Mapping[str, Value]) -> None:
        self._filling = True
        for name in self._inputs:
            self._set(name, values[name])
        self._filling = False
        self._mark()

    def _set(self, name: str, value: Value) -> None:
        widget, kept = self._inputs[name], self._filling
        self._filling = True
        if isinstance(widget, QCheckBox):
            widget.setChecked(bool(value))
        elif isinstance(widget, QComboBox):
            widget.setCurrentIndex(max(0, widget.findData(value)))
        elif isinstance(widget, QPlainTextEdit):
            widget.setPlainText(str(value))
        elif isinstance(widget, QLineEdit):
            widget.setText(str(value))
            widget.setCursorPosition(0)
        self._filling = kept

    def _value(self, name: str) -> Value:
        widget = self._inputs[name]
        if isinstance(widget, QCheckBox):
            return widget.isChecked()
        if isinstance(widget, QComboBox):
            return str(widget.currentData() or "")
        if isinstance(widget, QPlainTextEdit):
            return widget.toPlainText().strip()
        assert isinstance(widget, QLineEdit)
        return widget.text().strip()

    def _words(self, name: str, value: Value) -> str:
        one = self.fields[name]
        if one.check:
            return self.tr("yes") if value else self.tr("no")
        widget = self._inputs[name]
        if isinstance(widget, QComboBox):
            return widget.itemText(max(0, widget.findData(value)))
        return str(value)

    def _touched(self) -> None:
        if not self._filling:
            self._mark()
            self.changed.emit()

    def _mark(self) -> None:
        dirty = bool(self.draft())
        self.save.setEnabled(dirty)
        self.revert.setEnabled(dirty)
        if dirty and self.sentence.text() in ("", self._idle):
            self.say(self.tr("Not saved yet."))
        elif not dirty and self.sentence.text() == self.tr("Not saved yet."):
            self.say("")

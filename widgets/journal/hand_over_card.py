"""The card that hands the journal over: as what, in which form, into which file; how far it is (G6)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QProgressBar, QWidget

from models.records import HandOverForm, HandOverReport, Language
from widgets.card import Card
from widgets.journal.entry_detail import grouped
from widgets.keycap import KeyButton, retone, toned
from widgets.theme import theme

_LONGEST_PATH = 1000
_STEPS = 1000
LANGUAGES = (
    (Language.EN, "English"),
    (Language.NL, "Nederlands"),
    (Language.FR, "Français"),
    (Language.DE, "Deutsch"),
)
"""Each by its own name: whoever needs it reads that."""


class HandOverCard(Card):
    """Enter begins, Esc stops what is being made, and then goes back."""

    wanted = Signal(object, object, str)
    """:class:`HandOverReport`, :class:`HandOverForm`, and the file as it was typed."""
    turned = Signal()
    """Another report or another form was chosen."""
    stop = Signal()
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.head_title.setText(self.tr("Hand over"))
        self.report, self.form, self.language, self.file = QComboBox(), QComboBox(), QComboBox(), QLineEdit()
        self._making = False
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme().px(12))
        grid.setVerticalSpacing(theme().px(8))
        grid.setColumnMinimumWidth(0, theme().px(100))
        grid.setColumnStretch(1, 1)
        fields: tuple[tuple[QWidget, str], ...] = (
            (self.report, self.tr("What")),
            (self.form, self.tr("As")),
            (self.language, self.tr("Language")),
            (self.file, self.tr("File")),
        )
        for row, (field, words) in enumerate(fields):
            label = toned("label", words)
            label.setBuddy(field)
            field.setAccessibleName(words)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        for language, words in LANGUAGES:
            self.language.addItem(words, language)
        for combo, words in (
            (self.report, self.tr("What")),
            (self.form, self.tr("As")),
            (self.language, self.tr("Language")),
        ):
            combo.view().setAccessibleName(words)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.activated.connect(self._turn)
        self.file.setMaxLength(_LONGEST_PATH)
        self.body.addLayout(grid)
        self.told = toned("second", wrap=True)
        self.body.addWidget(self.told)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(theme().px(10))
        self.bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bar.setAccessibleName(self.tr("How far it is"))
        self.body.addWidget(self.bar)
        self.body.addStretch(1)
        self.next = KeyButton(self.tr("Hand over"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self._sentence = toned("second", wrap=True)
        self.add_foot(self.next, self._sentence)
        self.bar.hide()

    def show_choices(
        self, reports: Sequence[tuple[HandOverReport, str]], forms: Sequence[tuple[HandOverForm, str]]
    ) -> None:
        """What can be handed over of what is shown, each in words; what was chosen before stays where it can."""
        for combo, choices in ((self.report, reports), (self.form, forms)):
            kept = combo.currentData()
            combo.clear()
            for value, words in choices:
                combo.addItem(words, value)
            combo.setCurrentIndex(max(0, combo.findData(kept)))

        self._turn()

    def _turn(self) -> None:
        """A paper alone speaks a language; the rest is what was journaled, and heads for programs."""
        self.language.setEnabled(not self._making and self.chosen()[1] is HandOverForm.PDF)
        self.turned.emit()

    def spoken(self) -> Language:
        """In which it is wanted."""
        return Language(self.language.currentData())

    def chosen(self) -> tuple[HandOverReport, HandOverForm]:
        """What stands in the two lists."""
        return HandOverReport(self.report.currentData()), HandOverForm(self.form.currentData())

    def show_file(self, path: str) -> None:
        """Where it is going to be."""
        self.file.setText(path)

    def tell(self, words: str) -> None:
        """What of the journal it is."""
        self.told.setText(words)
        self.speak(words)

    def begin(self) -> None:
        """The keyboard to the first field."""
        self._say("", "second")
        self.report.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_progress(self, done: int, count: int) -> None:
        """So many lines of so many."""
        self.bar.setValue(_STEPS * done // count if count else 0)
        self._say(self.tr("{0} of {1} lines · Esc stops it").format(grouped(done), grouped(count)), "second")

    def make(self, *, on: bool) -> None:
        """It is being made: nothing can be changed until it is done or stopped."""
        self._making = on
        self.language.setEnabled(not on and self.chosen()[1] is HandOverForm.PDF)
        for field in (self.report, self.form, self.file, self.next):
            field.setEnabled(not on)
        self.bar.setVisible(on)
        self.bar.setValue(0)
        if on:
            self._say(self.tr("Asking the station…"), "second")
            # A field that is switched off gives the keyboard away; the card hears Esc.
            self.setFocus()

    def making(self) -> bool:
        """Whether it is."""
        return self._making

    def say(self, sentence: str) -> None:
        """What came of it."""
        self._say(sentence, "second")

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why not."""
        self._say(sentence, "refused")
        {"file": self.file, "form": self.form}.get(field or "", self.report).setFocus()

    def _say(self, sentence: str, tone: str) -> None:
        self._sentence.setText(sentence)
        retone(self._sentence, tone)

    def press_next(self) -> None:
        """Enter."""
        if self._making:
            return
        if not self.file.text().strip():
            self.refuse(self.tr("Say into which file."), "file")
            return
        self.wanted.emit(*self.chosen(), self.file.text().strip())

    def press_back(self) -> bool:
        """Esc: stops what is being made; else back to the lines."""
        (self.stop if self._making else self.back).emit()
        return True

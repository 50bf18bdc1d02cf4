"""How it is known that an alarm is real, recorded before an authority is called (architecture.md §4)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit

from models.records import AlarmDetail
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned
from widgets.theme import theme


class VerifyCard(Card):
    """Digits choose how, Enter records; Esc goes back and keeps what was typed."""

    wanted = Signal(str, str)
    """How, by whom."""
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._alarm = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ways = (
            self.tr("Two zones alarmed"),
            self.tr("Seen on video"),
            self.tr("Heard on the line"),
            self.tr("Somebody at the site"),
        )
        self.head_title.setText(self.tr("Verification"))
        self.head_text.setText(self.tr("How is it known that this alarm is real?"))
        grid = QGridLayout()
        grid.setSpacing(theme().px(8))
        self.buttons = [KeyButton(way, str(nth + 1), " ") for nth, way in enumerate(self._ways)]
        for nth, button in enumerate(self.buttons):
            button.clicked.connect(lambda _checked=False, digit=nth + 1: self.press_digit(digit))
            button.setFixedHeight(theme().px(62))
            grid.addWidget(button, 0, nth)
        self.body.addLayout(grid)
        fields = QGridLayout()
        self.how, self.by = QLineEdit(), QLineEdit()
        for nth, (field, label, hint, longest) in enumerate(
            (
                (self.how, self.tr("How"), self.tr("1 to 4, or in words of your own"), 300),
                (self.by, self.tr("By whom"), self.tr("who saw, heard or said it"), 100),
            )
        ):
            field.setPlaceholderText(hint)
            field.setAccessibleName(label)
            field.setMaxLength(longest)
            fields.addWidget(toned("label", label), nth, 0)
            fields.addWidget(field, nth, 1)
        self.body.addLayout(fields)
        self.body.addStretch(1)
        self.next = KeyButton(self.tr("Record"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self._sentence = toned("second", wrap=True)
        self.add_foot(self.next, self._sentence)
        self.speak()

    def show_detail(self, detail: AlarmDetail, me: str) -> None:
        """The alarm; what was typed for another one is dropped."""
        if self._alarm != detail.alarm.id:
            self._alarm = detail.alarm.id
            self.how.clear()
            self.by.setText(me)
        self._sentence.setText(self.tr("The authority is called only after this; hold-up and fire go without."))
        retone(self._sentence, "second")
        self.speak(self.head_text.text())

    def begin(self) -> None:
        """The card itself, so that a digit chooses; words of one's own after Tab."""
        self.setFocus()

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self._sentence.setText(sentence)
        self.speak(sentence)
        retone(self._sentence, "refused")
        {"by": self.by}.get(field or "", self.how).setFocus()

    def press_next(self) -> None:
        """Record it."""
        if not self.how.text().strip():
            self.refuse(self.tr("Say how it is known that the alarm is real."))
        elif not self.by.text().strip():
            self.refuse(self.tr("Say who saw or said it."))
            self.by.setFocus()
        else:
            self.wanted.emit(self.how.text().strip(), self.by.text().strip())

    def press_digit(self, digit: int) -> None:
        """One of the usual ways; in a field Alt and the digit."""
        if digit <= len(self._ways):
            self.how.setText(self._ways[digit - 1])
            self.by.setFocus()
            self.by.selectAll()

    def press_back(self) -> bool:
        """Esc."""
        self.back.emit()
        return True

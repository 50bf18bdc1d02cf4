"""A patrol or an authority that the call list does not name: chosen by a digit or written, and put on it (G3)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit

from models.records import CallPlan, OffList, StepKind
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned
from widgets.theme import theme

_PLACES = 8


class OffListCard(Card):
    """A digit puts who is known on the list, Enter what was written; one that is on it comes to the Now card."""

    wanted = Signal(object, str, str)
    """StepKind, name, number."""
    listed = Signal(str)
    """The key of a step that calls the same already."""
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._alarm = ""
        self._known: tuple[OffList, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.head_title.setText(self.tr("Besides the call list"))
        self.head_text.setText(self.tr("Whom to send, or to call"))
        grid = QGridLayout()
        grid.setSpacing(theme().px(8))
        self.buttons = [KeyButton("", str(nth + 1), " ") for nth in range(_PLACES)]
        for nth, button in enumerate(self.buttons):
            button.clicked.connect(lambda _checked=False, digit=nth + 1: self.press_digit(digit))
            button.setFixedHeight(theme().px(62))
            grid.addWidget(button, nth // 4, nth % 4)
        for column in range(4):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)
        row = QHBoxLayout()
        row.setSpacing(theme().px(8))
        self.kind = QComboBox()
        self.kind.addItem(self.tr("Patrol"), StepKind.PATROL.value)
        self.kind.addItem(self.tr("Authority"), StepKind.AUTHORITY.value)
        self.name, self.number = QLineEdit(), QLineEdit()
        self.kind.setAccessibleName(self.tr("Patrol or authority"))
        self.kind.view().setAccessibleName(self.tr("Patrol or authority"))
        for field, words, longest in (
            (self.name, self.tr("Another team or authority"), 100),
            (self.number, self.tr("Its number"), 40),
        ):
            field.setPlaceholderText(words)
            field.setAccessibleName(words)
            field.setMaxLength(longest)
        row.addWidget(self.kind)
        row.addWidget(self.name, 2)
        row.addWidget(self.number, 1)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.next = KeyButton(self.tr("Put on the list"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self._sentence = toned("second", wrap=True)
        self.add_foot(self.next, self._sentence)
        self.speak()

    def show_known(self, alarm: str, known: Sequence[OffList], plan: CallPlan) -> None:
        """Who is known for the site of ``alarm``; what was written for another alarm is dropped."""
        if alarm != self._alarm:
            self._alarm = alarm
            self.name.clear()
            self.number.clear()
            self.kind.setCurrentIndex(0)
        # The authorities come last, and always have a place.
        authorities = [one for one in known if one.kind is StepKind.AUTHORITY]
        patrols = [one for one in known if one.kind is StepKind.PATROL][: _PLACES - len(authorities)]
        self._known = (*patrols, *authorities)
        self.head_right.setText(alarm)
        places = {step.key: step.index + 1 for step in plan.steps}
        for nth, button in enumerate(self.buttons):
            button.setVisible(nth < len(self._known))
            if nth < len(self._known):
                one = self._known[nth]
                at = places.get(one.step)
                button.say(one.name, self.tr("on the list, step {0}").format(at) if at is not None else one.number)
        self._say(self.tr("It is called from the list of this alarm alone; the procedure stays as it is."), "second")

    def begin(self) -> None:
        """The card itself, so that a digit chooses; words of one's own after Tab."""
        self.setFocus()

    def _say(self, sentence: str, tone: str) -> None:
        self._sentence.setText(sentence)
        retone(self._sentence, tone)
        self.speak(self.head_text.text(), sentence)

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused; the field at fault gets the focus."""
        self._say(sentence, "refused")
        widget = {"name": self.name, "number": self.number, "kind": self.kind}.get(field or "")
        if widget is not None:
            widget.setFocus()

    def press_next(self) -> None:
        """Put on the list what was written."""
        name, number = self.name.text().strip(), self.number.text().strip()
        if not name:
            self.refuse(self.tr("Choose by a digit, or write which team or authority it is."), "name")
        elif not number:
            self.refuse(self.tr("Write the number to call."), "number")
        else:
            self.wanted.emit(StepKind(self.kind.currentData()), name, number)

    def press_digit(self, digit: int) -> None:
        """Whom to send or to call; in a field Alt and the digit."""
        if digit <= len(self._known):
            one = self._known[digit - 1]
            if one.step:
                self.listed.emit(one.step)
            else:
                self.wanted.emit(one.kind, one.name, one.number)

    def press_back(self) -> bool:
        """Esc."""
        self.back.emit()
        return True

"""The card for handing an alarm over to somebody who is present (rulebook H)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from models.records import Presence
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned


class PeopleCard(Card):
    """Digits choose who gets the alarm; it is theirs at once, with everything done so far."""

    chosen = Signal(str, str)
    """Login name, workstation."""
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._present: tuple[Presence, ...] = ()
        self.head_title.setText(self.tr("Hand over"))
        self._text = toned("", wrap=True)
        self.body.addWidget(self._text)
        grid = QGridLayout()
        self.buttons = [KeyButton("", str(nth + 1), " ") for nth in range(8)]
        for nth, button in enumerate(self.buttons):
            button.clicked.connect(lambda _checked=False, digit=nth + 1: self.press_digit(digit))
            grid.addWidget(button, nth // 4, nth % 4)
        self.body.addLayout(grid)
        self.body.addStretch(1)
        self._sentence = toned("second", wrap=True)
        self.add_foot(self._sentence)
        self.speak()

    def show_people(self, alarm: str, present: Sequence[Presence]) -> None:
        """Who is at a workstation now."""
        self._present = tuple(present)[:8]
        self.head_text.setText(alarm)
        some = self.tr("Who takes it over? The journal says who gave it to whom.")
        self._text.setText(
            some if self._present else self.tr("Nobody else is signed in. F11 releases it to the queue.")
        )
        self._sentence.setText("")
        self.speak(alarm, self._text.text())
        for nth, button in enumerate(self.buttons):
            here = nth < len(self._present)
            button.setVisible(here)
            if here:
                button.say(self._present[nth].person.name, self._present[nth].workstation)

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self._sentence.setText(sentence)
        self.speak(sentence)
        retone(self._sentence, "refused")

    def press_next(self) -> None:
        """Enter does nothing here: a digit chooses."""

    def press_digit(self, digit: int) -> None:
        """Give it to that person."""
        if digit <= len(self._present):
            who = self._present[digit - 1]
            self.chosen.emit(who.person.login, who.workstation)

    def press_back(self) -> bool:
        """Esc."""
        self.back.emit()
        return True

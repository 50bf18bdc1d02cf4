"""The card on which a supervisor takes an alarm over, or gives it to somebody else (rulebook H)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit

from models.records import AlarmView
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned
from widgets.operators.face import At, alarm_words, held_words, skills_words
from widgets.words import duration

_MOST = 8


class TakeOverCard(Card):
    """Of the alarm that somebody held when it was opened, whatever is chosen in the list since (I8)."""

    take_wanted = Signal(object, str)
    """AlarmView as it is shown, why."""
    give_wanted = Signal(object, str, str, str)
    """AlarmView as it is shown, login and workstation of who gets it, why."""
    back = Signal()
    chosen = Signal()
    """Another of several alarms is meant."""

    def __init__(self) -> None:
        super().__init__()
        self.alarm: AlarmView | None = None
        self._held: tuple[AlarmView, ...] = ()
        self._of: tuple[str | None, str | None] = (None, None)
        self._others: tuple[At, ...] = ()
        self._mine = False
        self.head_title.setText(self.tr("Take over, or give to somebody"))
        self._text = toned("", wrap=True)
        self.body.addWidget(self._text)
        self.why = QLineEdit()
        self.why.setMaxLength(500)
        self.why.setPlaceholderText(self.tr("Why: both operators are told, and the journal keeps it"))
        self.why.setAccessibleName(self.tr("Why it is taken over"))
        self.body.addWidget(self.why)
        grid = QGridLayout()
        grid.setSpacing(8)
        # In a field digits write: the caps say what acts (visual.md §4).
        self.buttons = [KeyButton("", f"Alt+{nth + 1}", " ") for nth in range(_MOST)]
        for nth, button in enumerate(self.buttons):
            button.clicked.connect(lambda _checked=False, digit=nth + 1: self.press_digit(digit))
            grid.addWidget(button, nth // 2, nth % 2)
        self.body.addLayout(grid)
        self.body.addStretch(1)
        self._sentence = toned("second", wrap=True)
        self.body.addWidget(self._sentence)
        self.next = KeyButton(self.tr("Take it over"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self.add_foot(self.next)
        self.speak()

    def ask(self, at: At, others: Sequence[At], now: datetime, *, mine: bool, about: str = "") -> None:
        """About an alarm that somebody holds: ``about``, else the most urgent; ↑ and ↓ choose among several.

        ``mine``: it is one's own, and can only be given.
        """
        alarm = next((one for one in at.held if one.id == about), at.held[0])
        self._held = at.held
        if self.alarm is None or self.alarm.id != alarm.id:
            self.why.clear()
        self.alarm, self._of, self._mine = alarm, (alarm.holder, alarm.workstation), mine
        self._others = tuple(others)[:_MOST]
        self.next.setVisible(not mine)
        for nth, button in enumerate(self.buttons):
            here = nth < len(self._others)
            button.setVisible(here)
            if here:
                other = self._others[nth]
                holds = self.tr("holds {0}").format(alarm_words(other.held[0])) if other.held else self.tr("free")
                said = " · ".join(part for part in (other.workstation, holds, skills_words(other.member)) if part)
                button.say(other.member.person.name, said)
        self._say("", "second")
        self._tell(now)

    def begin(self) -> None:
        """The cursor where the reason goes."""
        self.why.setFocus()

    def done(self) -> None:
        """It is done: the reason was for that."""
        self.alarm = None
        self.why.clear()

    def follow(self, alarm: AlarmView | None, now: datetime) -> None:
        """How the alarm stands now; somebody else's hands are another matter, and are said."""
        if self.alarm is None:
            return
        if alarm is not None and (alarm.holder, alarm.workstation) == self._of:
            self.alarm = alarm
            self._tell(now)
        else:
            held = alarm.held_by if alarm is not None else None
            gone = self.tr("{0} is not in these hands any more.").format(self.alarm.id)
            self._say(gone + (self.tr(" It is in the hands of {0}.").format(held) if held else ""), "refused")

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self._say(sentence, "refused")
        if field == "why":
            self.why.setFocus()

    def press_next(self) -> None:
        """Enter: into one's own hands."""
        if self.alarm is not None and not self._mine and self._reasoned():
            self.take_wanted.emit(self.alarm, self.why.text().strip())

    def press_digit(self, digit: int) -> None:
        """To somebody else."""
        if self.alarm is None or digit > len(self._others) or not (self._mine or self._reasoned()):
            return
        to = self._others[digit - 1]
        self.give_wanted.emit(self.alarm, to.member.person.login, to.workstation, self.why.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Another of the alarms in the same hands; the field for the reason leaves these keys."""
        step = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}.get(event.key())
        if step is None or event.modifiers() or self.alarm is None or len(self._held) < 2:
            super().keyPressEvent(event)
            return
        at = self._nth()
        nth = max(0, min(len(self._held) - 1, at + step))
        if nth != at:
            self.alarm = self._held[nth]
            self._of = (self.alarm.holder, self.alarm.workstation)
            self._say("", "second")
            self.chosen.emit()

    def _nth(self) -> int:
        assert self.alarm is not None
        return next((nth for nth, one in enumerate(self._held) if one.id == self.alarm.id), 0)

    def press_back(self) -> bool:
        """Esc: what was typed stays."""
        self.back.emit()
        return True

    def _reasoned(self) -> bool:
        if self.why.text().strip():
            return True
        self.refuse(self.tr("Say why first: whoever holds it is told."), "why")
        return False

    def _tell(self, now: datetime) -> None:
        alarm = self.alarm
        assert alarm is not None
        self.head_text.setText(alarm.id)
        several = self.tr("{0} of {1} · ↑ ↓ another").format(self._nth() + 1, len(self._held))
        self.head_right.setText(several if len(self._held) > 1 else "")
        said = self.tr("In the hands of {0} at {1} for {2}.").format(
            alarm.held_by, alarm.workstation, duration(now - (alarm.held_since or now))
        )
        calling = self.tr("A call that runs is broken off. ")
        others = self.tr("Or give it to:") if self._others else self.tr("Nobody else is there to give it to.")
        self._text.setText(f"{alarm_words(alarm)}. {said} {calling}{others}")
        self.speak(alarm.id, held_words(alarm, now))

    def _say(self, sentence: str, tone: str) -> None:
        self._sentence.setText(sentence)
        retone(self._sentence, tone)

"""The card on which something is asked of somebody, or answered: words where they help, Enter sends them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned


class AskCard(Card):
    """One line to write, which may stay empty."""

    wanted = Signal(str)
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._about = ""
        self._text = toned("", wrap=True)
        self.body.addWidget(self._text)
        self.words = QLineEdit()
        self.words.setMaxLength(500)
        self.body.addWidget(self.words)
        self.body.addStretch(1)
        self._sentence = toned("second", wrap=True)
        self.body.addWidget(self._sentence)
        self.next = KeyButton(self.tr("Ask"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self.add_foot(self.next)
        self.head_title.setText(self.tr("Ask"))
        self.words.setAccessibleName(self.tr("In words, where they help"))
        self.speak()

    def show_matter(self, about: str, title: str, text: str, hint: str, verb: str) -> None:
        """What it is about; what was typed about something else is dropped."""
        if about != self._about:
            self.words.clear()
        self._about = about
        self.head_title.setText(title)
        self._text.setText(text)
        self.words.setPlaceholderText(hint)
        self.words.setAccessibleName(hint)
        self.next.say(verb)
        self._say("", "second")
        self.speak(text)

    def begin(self) -> None:
        """The cursor where words go."""
        self.words.setFocus()

    def done(self) -> None:
        """It was sent: the words were for that."""
        self._about = ""
        self.words.clear()

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self._say(sentence, "refused")

    def press_next(self) -> None:
        """Enter."""
        self.wanted.emit(self.words.text().strip())

    def press_back(self) -> bool:
        """Esc: what was typed stays."""
        self.back.emit()
        return True

    def _say(self, sentence: str, tone: str) -> None:
        self._sentence.setText(sentence)
        retone(self._sentence, tone)

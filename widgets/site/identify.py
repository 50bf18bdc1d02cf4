"""Who is calling: a code word, or an ID code and PIN, checked by the station (A7). A new PIN, shown once (A4)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit

from models.records import ContactFile, Identified, IssuedCode, Verified
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned


class IdentifyCard(Card):
    """One card for both: it asks, and says what came of it."""

    checked = Signal(str, str, str)
    """Code word, ID code, PIN; what was not given is empty."""
    issue_wanted = Signal(str)
    """How it is known who asks."""
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._issuing = False
        grid = QGridLayout()
        self.word, self.code, self.pin, self.how = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        rows = (
            (self.word, self.tr("Code word"), 100),
            (self.code, self.tr("or ID code"), 20),
            (self.pin, self.tr("and PIN"), 20),
            (self.how, self.tr("How you know them"), 300),
        )
        self._labels = []
        for nth, (field, label, longest) in enumerate(rows):
            text = toned("label", label)
            field.setMaxLength(longest)
            field.setAccessibleName(label)
            grid.addWidget(text, nth, 0)
            grid.addWidget(field, nth, 1)
            self._labels.append(text)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.how.setPlaceholderText(self.tr("code word right, called back on the number on file, identity card seen"))
        self.body.addLayout(grid)
        self.result = toned("figure", "", wrap=True)
        self.body.addWidget(self.result)
        self.body.addStretch(1)
        self.next = KeyButton("", "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self._sentence = toned("second", "", wrap=True)
        self.add_foot(self.next, self._sentence)
        self.ask_who(None)

    def ask_who(self, contact: ContactFile | None) -> None:
        """Ctrl+D: check who is calling."""
        self._begin(self.tr("Who is calling"), contact, issuing=False)
        self.next.say(self.tr("Check"))
        self._say(self.tr("Each try is journaled; wrong ones make the next wait."))
        self.word.setFocus()

    def ask_issue(self, contact: ContactFile) -> None:
        """Ctrl+I: issue a new PIN."""
        self._begin(self.tr("Issue a new PIN"), contact, issuing=True)
        self.next.say(self.tr("Issue"))
        self._say(self.tr("The old PIN stops working at once. The journal says who issued it to whom, never the PIN."))
        self.how.setFocus()

    def _begin(self, title: str, contact: ContactFile | None, *, issuing: bool) -> None:
        self._issuing = issuing
        self.head_title.setText(title)
        self.head_text.setText(contact.name if contact else "")
        for field, label in zip((self.word, self.code, self.pin, self.how), self._labels, strict=True):
            field.clear()
            shown = (field is self.how) == issuing
            field.setVisible(shown)
            label.setVisible(shown)
        self.result.setText("")
        self.next.setEnabled(True)
        self.speak(self.head_text.text())

    def show_result(self, found: Identified) -> None:
        """What came of it. The duress word reads like a right one to whoever looks over a shoulder (rulebook)."""
        self.word.clear()
        self.pin.clear()
        rights = ", ".join(right.value for right in found.rights) or self.tr("information only")
        if found.how is Verified.NO:
            self.result.setText(self.tr("Not identified"))
            self._say(self.tr("What they gave is not right. Give nothing away; the try is journaled."), "refused")
        elif found.how is Verified.DURESS:
            self.result.setText(self.tr("Identified · act as under threat"))
            self._say(self.tr("Speak as if all were well, and have an alarm handled as duress."), "refused")
        else:
            self.result.setText(self.tr("Identified by {0}").format(found.how.value))
            self._say(self.tr("May: {0}").format(rights))

    def show_issued(self, issued: IssuedCode) -> None:
        """The ID code and the PIN, this once."""
        self.result.setText(self.tr("ID code {0} · PIN {1}").format(issued.id_code, issued.pin))
        self._say(self.tr("Read it to them now: it is shown this once. Esc hides it."))
        self.next.setEnabled(False)
        self.speak(self.result.text())

    def _say(self, sentence: str, tone: str = "second") -> None:
        self._sentence.setText(sentence)
        retone(self._sentence, tone)

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self._say(sentence, "refused")
        widget = {"word": self.word, "pin": self.pin, "identified": self.how}.get(field or "")
        if widget is not None:
            widget.setFocus()

    def press_next(self) -> None:
        """Enter."""
        if not self.next.isEnabled():
            return
        if self._issuing:
            if not self.how.text().strip():
                self.refuse(self.tr("Say how you know who asks."), "identified")
            else:
                self.issue_wanted.emit(self.how.text().strip())
        elif self.word.text().strip():
            self.checked.emit(self.word.text().strip(), "", "")
        elif self.code.text().strip() and self.pin.text().strip():
            self.checked.emit("", self.code.text().strip(), self.pin.text().strip())
        else:
            self.refuse(self.tr("Give the code word, or the ID code and the PIN."), "word")

    def press_back(self) -> bool:
        """Esc: what was shown is gone."""
        self.result.setText("")
        for field in (self.word, self.code, self.pin, self.how):
            field.clear()
        self.back.emit()
        return True

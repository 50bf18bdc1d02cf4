"""Who is calling; a new PIN, shown once (A4); an e-mail address removed (A7); all sessions ended at once (A10)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit

from models.records import ContactFile, CustomerDevice, Identified, IssuedCode, SessionsEnded, Verified
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned
from widgets.words import day, minute, plural


class IdentifyCard(Card):
    """One card for all four: it asks, and says what came of it."""

    checked = Signal(str, str, str)
    """Code word, ID code, PIN; what was not given is empty."""
    issue_wanted = Signal(str)
    """How it is known who asks."""
    end_wanted = Signal(str)
    """The same, for the end of all sessions."""
    remove_wanted = Signal(str, str)
    """ID code and PIN of who asks that the e-mail address be removed."""
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._asks_how = False
        self._removes = False
        self._how_wanted = self.issue_wanted
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
        self._begin(self.tr("Who is calling"), contact, asks_how=False)
        self.next.say(self.tr("Check"))
        self._say(self.tr("Each try is journaled; wrong ones make the next wait."))
        self.word.setFocus()

    def ask_issue(self, contact: ContactFile) -> None:
        """Ctrl+I: issue a new PIN."""
        self._begin(self.tr("Issue a new PIN"), contact, asks_how=True)
        self._how_wanted = self.issue_wanted
        self.next.say(self.tr("Issue"))
        self._say(self.tr("The old PIN stops working at once. The journal says who issued it to whom, never the PIN."))
        self.how.setFocus()

    def ask_end(self, contact: ContactFile) -> None:
        """Ctrl+O: end all sessions, once it is known how many there are; Enter on the card is the confirmation."""
        self._begin(self.tr("End all sessions"), contact, asks_how=True)
        self._how_wanted = self.end_wanted
        self.next.say(self.tr("End all sessions"))
        self.result.setText(self.tr("Asking which are open…"))
        self._say(self.tr("Every device must identify again at once. The journal says who ended how many for whom."))
        self.how.setFocus()

    def ask_remove(self, contact: ContactFile) -> None:
        """Ctrl+W: remove the e-mail address; who asks gives ID code and PIN first (A7)."""
        self._begin(self.tr("Remove the e-mail address"), contact, asks_how=False)
        self._removes = True
        for part in (self.word, self._labels[0]):
            part.setVisible(False)
        self.next.say(self.tr("Check and remove"))
        self.result.setText(contact.email)
        self._say(self.tr("Who asks gives ID code and PIN. Their sessions end; the journal keeps the removal."))
        self.code.setFocus()

    def show_removed(self) -> None:
        """It is gone."""
        self.pin.clear()
        self.result.setText(self.tr("The e-mail address is removed"))
        self._say(self.tr("The customer may enrol anew with another address."))
        self.next.setEnabled(False)
        self.speak(self.head_text.text(), self.result.text())

    def show_sessions(self, open_: Sequence[CustomerDevice]) -> None:
        """Which are open now."""
        if not self._asks_how or self._how_wanted is not self.end_wanted:
            return
        count = len(open_)
        head = self.tr("No session is open")
        if count:
            head = plural(count, self.tr("session is open"), self.tr("sessions are open"))
            self.next.say(plural(count, self.tr("session: end it"), self.tr("sessions: end all")))
        lines = [
            self.tr("{0}: begun {1} {2}, last used {3}").format(
                one.device, day(one.begun_at), minute(one.begun_at), minute(one.used_at)
            )
            for one in open_[:4]
        ]
        more = [self.tr("and {0} more").format(count - 4)] if count > 4 else []
        self.result.setText("\n".join([head, *lines, *more]))
        self.speak(self.head_text.text(), self.result.text())

    def show_ended(self, ended: SessionsEnded) -> None:
        """How many were ended."""
        none = self.tr("No session was open")
        many = plural(ended.ended, self.tr("session is ended"), self.tr("sessions are ended"))
        self.result.setText(many if ended.ended else none)
        self._say(self.tr("Whoever has the phone must give the ID code and PIN again. Ctrl+I issues a new PIN."))
        self.next.setEnabled(False)
        self.speak(self.head_text.text(), self.result.text())

    def _begin(self, title: str, contact: ContactFile | None, *, asks_how: bool) -> None:
        self._asks_how, self._removes = asks_how, False
        self.head_title.setText(title)
        self.head_text.setText(contact.name if contact else "")
        for field, label in zip((self.word, self.code, self.pin, self.how), self._labels, strict=True):
            field.clear()
            shown = (field is self.how) == asks_how
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
        if self._asks_how:
            if not self.how.text().strip():
                self.refuse(self.tr("Say how you know who asks."), "identified")
            else:
                self._how_wanted.emit(self.how.text().strip())
        elif self._removes:
            if self.code.text().strip() and self.pin.text().strip():
                self.remove_wanted.emit(self.code.text().strip(), self.pin.text().strip())
            else:
                self.refuse(self.tr("Ask for the ID code and the PIN."), "pin")
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

"""The test card: put a whole site in test, or take it out, with who asked and why (F1, F3, G5)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit

from models.records import SiteRef, TestView
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned
from widgets.words import day, minute


class TestCard(Card):
    """One card for on and off; Enter does it, Esc goes back and keeps what was typed."""

    __test__ = False

    wanted = Signal(str, object, str)
    """Site id, the test that is to end or None to put it in test, why."""
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.site: SiteRef | None = None
        self.in_test: TestView | None = None
        self._text = toned("", wrap=True)
        self.body.addWidget(self._text)
        grid = QGridLayout()
        self.why = QLineEdit()
        self._why_label = toned("label", self.tr("Why"))
        self.why.setAccessibleName(self.tr("Reason"))
        self.why.setPlaceholderText(self.tr("Maintenance, detector replaced, fire drill…"))
        self.why.setMaxLength(500)
        grid.addWidget(self._why_label, 1, 0)
        grid.addWidget(self.why, 1, 1)
        self.body.addLayout(grid)
        self.body.addStretch(1)
        self.next = KeyButton("", "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self._sentence = toned("second", wrap=True)
        self.add_foot(self.next, self._sentence)
        self.head_title.setText(self.tr("Put in test"))
        self.speak()

    def show_site(self, site: SiteRef, in_test: TestView | None) -> None:
        """The site and how it stands; what was typed for another site is dropped."""
        if self.site is None or self.site.id != site.id or (self.in_test is None) != (in_test is None):
            self.why.clear()
        self.site, self.in_test = site, in_test
        self.head_title.setText(self.tr("Take out of test") if in_test else self.tr("Put in test"))
        self.head_text.setText(f"{site.name} · {site.id}")
        if in_test is not None:
            said = self.tr("Whole site in test since {0} {1}, set by {2}, asked by {3}: {4}. {5} signals in test.")
            self._text.setText(
                said.format(
                    day(in_test.since),
                    minute(in_test.since),
                    in_test.by,
                    in_test.asked_by,
                    in_test.why,
                    in_test.signals,
                )
            )
            self.next.say(self.tr("Take out of test"))
            self._say(self.tr("From then on its signals are presented as alarms again."), "second")
        else:
            self._text.setText(
                self.tr(
                    "The whole site, fire and hold-up included. Signals are received and journaled, and are not "
                    "presented as alarms. A duress code is always presented. There is no timer: "
                    "it stays in test until somebody takes it out."
                )
            )
            self.next.say(self.tr("Put in test"))
            self._say("", "second")

    def begin(self) -> None:
        """Put the cursor where writing begins."""
        self.why.setFocus()

    def _say(self, sentence: str, tone: str) -> None:
        self._sentence.setText(sentence)
        retone(self._sentence, tone)
        self.speak(self.head_text.text(), self._text.text(), sentence)

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self._say(sentence, "refused")
        if field == "why":
            self.why.setFocus()

    def press_next(self) -> None:
        """Enter."""
        if self.site is None:
            return
        why = self.why.text().strip()
        if self.in_test is None and not why:
            self.refuse(self.tr("Say why the site goes in test."), "why")
        else:
            self.wanted.emit(self.site.id, self.in_test, why)

    def press_back(self) -> bool:
        """Esc."""
        self.back.emit()
        return True

"""The card that puts a site in test, changes a test and takes a site out of it (F1, F2, F4, G5; picture 03)."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from models.records import (
    ErrorBody,
    ErrorCode,
    PlannedTest,
    ScopePreview,
    SiteFile,
    SiteRef,
    StillThere,
    TestScope,
    TestView,
    age_words,
)
from widgets.card import Card
from widgets.entry import read_moment, write_moment
from widgets.keycap import KeyButton, retone, toned
from widgets.plain import Words
from widgets.testing.face import end_words, moment
from widgets.testing.order import TestOrder
from widgets.testing.scope_picker import ScopePicker
from widgets.testing.when import read_minutes, read_when, write_minutes, write_when
from widgets.theme import theme


class _Said(Words):
    """What is in test, on the hatch of everything that is."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        pad = theme().px(10)
        self.setContentsMargins(pad, theme().px(6), pad, theme().px(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The hatch below the words."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().hatch())
        painter.setPen(theme()["test"])
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
        super().paintEvent(event)


class TestCard(Card):
    """One card for all of it. Enter does it, Esc goes back and keeps what was typed.

    ``parts``: it has room to choose a part; elsewhere Alt+P goes where there is.
    """

    __test__ = False

    wanted = Signal(object)
    """:class:`TestOrder`."""
    looked_at = Signal(str, object)
    """Site id and a scope: say what it would silence."""
    part_wanted = Signal(object)
    """SiteRef: a part is to be chosen."""
    back = Signal()

    def __init__(self, *, parts: bool = False) -> None:
        super().__init__()
        self.site: SiteRef | None = None
        self.test: TestView | None = None
        self._stale = ""
        """Why nothing can be done with it any more."""
        self._parts, self._out, self._part = parts, False, False
        self._asks: ErrorCode | None = None
        """What was refused and can be confirmed by the same key again."""
        self._confirmed = False
        """Life safety was confirmed for the scope as it is ticked now."""
        self._now = datetime.now().astimezone()
        self._default = timedelta(hours=4)
        self._text = toned("", wrap=True)
        self.whole = KeyButton(self.tr("Whole site"), "Alt+W")
        self.part = KeyButton(self.tr("In part"), "Alt+P")
        self.scope = ScopePicker()
        self.contact, self.proof = QComboBox(), QLineEdit()
        self.why, self.ends, self.ticket = QLineEdit(), QLineEdit(), QLineEdit()
        self.when = QLineEdit()
        self.planned: PlannedTest | None = None
        self.next = KeyButton("", "Enter", next_=True)
        self.leave = KeyButton(self.tr("Leave them"), "2")
        self._said = _Said()
        self._sentence = toned("second", wrap=True)
        self._build()

    def _build(self) -> None:
        which = QHBoxLayout()
        for button in (self.whole, self.part):
            button.setCheckable(True)
            which.addWidget(button, 1)
        self.body.addLayout(which)
        self.body.addWidget(self._text)
        self.body.addWidget(self.scope, 1)
        self._fields = QWidget()
        grid = QGridLayout(self._fields)
        grid.setContentsMargins(0, 0, 0, 0)
        # On the workspace a card is 334 high and never more: without room for parts its lines stand closer.
        grid.setVerticalSpacing(theme().px(6 if self._parts else 3))
        self.body.setSpacing(theme().px(8 if self._parts else 3))
        self._label(grid, 0, self.tr("Who asked"), self.contact, 2)
        grid.addWidget(self.proof, 0, 3, 1, 2)
        self._label(grid, 1, self.tr("Why"), self.why, 4)
        self._ends = toned("label", self.tr("End"))
        grid.addWidget(self._ends, 2, 0)
        grid.addWidget(self.ends, 2, 1, 1, 2)
        grid.addWidget(toned("label", self.tr("Ticket")), 2, 3)
        grid.addWidget(self.ticket, 2, 4)
        self._begins = toned("label", self.tr("Begins"))
        grid.addWidget(self._begins, 3, 0)
        grid.addWidget(self.when, 3, 1, 1, 4)
        self.ends.setAccessibleName(self.tr("End"))
        self.when.setAccessibleName(self.tr("When it begins"))
        self.when.textChanged.connect(self._planning)
        self.body.addWidget(self._fields)
        for field, longest, says in (
            (self.why, 500, self.tr("Maintenance, detector replaced, fire drill…")),
            (self.ends, 60, self.tr("no end")),
            (self.ticket, 60, self.tr("optional")),
            (self.when, 80, self.tr("now; or tomorrow 10:00, every Mon, Thu 10:00")),
            (self.proof, 130, self.tr("code word, or ID code and PIN")),
        ):
            field.setMaxLength(longest)
            field.setPlaceholderText(says)
        self.contact.view().setAccessibleName(self.tr("Who asked"))
        self.proof.setAccessibleName(self.tr("What they gave: code word, or ID code and PIN"))
        self.ticket.setAccessibleName(self.tr("Ticket number"))
        self.body.addWidget(self._said)
        self.body.addStretch(0)
        self.add_foot(self.next, self.leave, self._sentence)
        self.next.clicked.connect(self.press_next)
        self.leave.clicked.connect(lambda: self._answer(StillThere.LEAVE))
        self.whole.clicked.connect(self.press_whole)
        self.part.clicked.connect(self.press_part)
        self.contact.currentIndexChanged.connect(self._asked_by)
        self.scope.changed.connect(self._look)
        self.leave.hide()
        self.head_title.setText(self.tr("Put in test"))
        self.speak()

    def _label(self, grid: QGridLayout, row: int, words: str, field: QWidget, columns: int) -> None:
        grid.addWidget(toned("label", words), row, 0)
        grid.addWidget(field, row, 1, 1, columns)
        field.setAccessibleName(words)

    # -- what it is shown -----------------------------------------------------------------------

    def ask(
        self,
        site: SiteRef,
        file: SiteFile | None,
        test: TestView | None,
        now: datetime,
        *,
        out: bool = False,
        default_end: timedelta | None = None,
        planned: PlannedTest | None = None,
    ) -> None:
        """A site to put in test; with ``test`` that one is changed, or ended with ``out``. ``planned`` likewise.

        What was typed for another site or another test is dropped.
        """
        before = (self.site.id if self.site else "", _id(self.test), _id(self.planned), self._out)
        fresh = before != (site.id, _id(test), _id(planned), out)
        self.site, self.test, self.planned, self._out, self._now = site, test, planned, out, now
        self._default = default_end or self._default
        self.head_text.setText(f"{site.name} · {site.id}")
        if fresh:
            self._fill(file, test, planned)
        elif file is not None and self.contact.count() <= 1:
            self._contacts(file)
        if fresh or self.scope.places.topLevelItemCount() == 0:
            self.scope.show_site(file, test.scope if test else planned.scope if planned else None)
        self._arrange()

    def _fill(self, file: SiteFile | None, test: TestView | None, planned: PlannedTest | None) -> None:
        self._contacts(file)
        self.proof.clear()
        known = test or planned
        self.why.setText(known.why if known is not None and not self._out else "")
        self.ticket.setText(known.ticket if known is not None else "")
        self.when.setText(write_when(planned.when) if planned is not None else "")
        # Offered, and taken away with one key: no test is endless by oversight (F3).
        offered = self._now + self._default if test is None else test.ends_at
        self.ends.setText(write_minutes(planned.when.minutes) if planned is not None else write_moment(offered))
        self._part = known is not None and not known.scope.whole
        self._asks, self._confirmed = None, False
        self._say("")

    def _contacts(self, file: SiteFile | None) -> None:
        self.contact.clear()
        self.contact.addItem(self.tr("The station itself"), "")
        for contact in file.contacts if file is not None else ():
            self.contact.addItem(contact.name, contact.id)

    def _arrange(self) -> None:
        """What is to be seen of it now."""
        out, test = self._out, self.test
        title = self.tr("Take out of test") if out else self.tr("Change test") if test else self.tr("Put in test")
        if self.planned is not None:
            title = self.tr("Take the plan back") if out else self.tr("Change the plan")
        elif self._plans():
            title = self.tr("Plan a test")
        self.head_title.setText(title)
        for button, on in ((self.whole, not self._part), (self.part, self._part)):
            button.setVisible(not out)
            button.setChecked(on)
        self.scope.setVisible(self._part and self._parts and not out)
        self._fields.setVisible(True)
        for field in (self.contact, self.proof):
            field.setEnabled(test is None and self.planned is None)
        self._asked_by()
        for field in (self.ends, self.ticket, self.when):
            field.setEnabled(not out)
        for part in (self._begins, self.when):
            part.setVisible(self._parts and test is None)
        self._ends.setText(self.tr("How long") if self._plans() else self.tr("End"))
        self._text.setText(self._words())
        self._text.setVisible(bool(self._text.text()))
        self._said.setVisible(self._part and self._parts and not out)
        self.leave.setVisible(self._asks is ErrorCode.STILL_IN_ALARM)
        raises = self._asks is ErrorCode.STILL_IN_ALARM
        self.next.say(self.tr("Raise as alarms") if raises else title if self._asks is None else self.tr("Confirm"))
        if not out and (test is not None or self.planned is not None) and self._asks is None:
            self.next.say(self.tr("Save"))
        self.speak(self.head_text.text(), self._text.text(), self._sentence.text())
        self._look()

    def _plans(self) -> bool:
        """Whether it is to begin at another time than now."""
        return self._parts and self.test is None and bool(self.when.text().strip())

    def _planning(self) -> None:
        """A time is being typed, or was taken away: the end is a length of time then."""
        planning = self._ends.text() == self.tr("How long")
        if planning != self._plans() and self.planned is None:
            offered = write_moment(self._now + self._default)
            self.ends.setText(write_minutes(round(self._default.total_seconds() / 60)) if self._plans() else offered)
        self._arrange()

    def _words(self) -> str:
        test = self.test
        if self._out and self.planned is not None:
            return self.tr("{0} · {1}. A test of it that runs goes on.").format(self.planned.words, self.planned.why)
        if self._out and test is not None:
            what = self.tr("Whole site") if test.whole else test.scope_words
            said = self.tr("{0} · since {1} ({2}) · asked by {3}, set by {4} · {5}. {6} signals in test.")
            words = said.format(
                what,
                moment(test.since, self._now),
                age_words(self._now - test.since),
                test.asked_by,
                test.by,
                test.why,
                test.signals,
            )
            return words + " " + self.tr("From then on its signals are presented as alarms again.")
        if self._part:
            return ""
        words = self.tr(
            "The whole site, fire and hold-up included. Signals are received and journaled, and are not presented as "
            "alarms. A duress code is always presented."
        )
        return words if test is None else f"{words} {end_words(test, self._now)}."

    def _asked_by(self) -> None:
        named = bool(self.contact.currentData()) and self.test is None and self.planned is None
        self.proof.setEnabled(named)
        if not named:
            self.proof.clear()

    def _look(self) -> None:
        if self._asks is ErrorCode.CONFIRM or (self._asks is not None and not self._out):
            # It was asked of another scope.
            self._asks, self._confirmed = None, False
            self._say("")
            self._arrange()
        elif self._said.isVisibleTo(self) and self.site is not None:
            scope = self.scope.scope()
            if scope is None:
                no_kind = self.scope.lacks() == "kinds"
                words = self.tr("No kind is ticked") if no_kind else self.tr("No place is ticked")
                self._said.setText(self.tr("{0}: nothing would be in test.").format(words))
            else:
                self.looked_at.emit(self.site.id, scope)

    def show_preview(self, site: str, preview: ScopePreview) -> None:
        """What the scope silences."""
        if self.site is None or self.site.id != site:
            return
        words = self.tr("In test: {0}").format(preview.words)
        if preview.life_safety:
            words += " " + self.tr("Life safety is among it.")
        self._said.setText(words)

    def begin(self) -> None:
        """Put the cursor where writing begins."""
        (self.scope.places if self.scope.isVisibleTo(self) else self.why).setFocus()

    def _say(self, sentence: str, tone: str = "second") -> None:
        self._sentence.setText(sentence)
        retone(self._sentence, tone)

    # -- what it is asked -----------------------------------------------------------------------

    def press_whole(self) -> None:
        """Alt+W."""
        self._choose(part=False)

    def press_part(self) -> None:
        """Alt+P; where there is no room for it, elsewhere."""
        if not self._parts and self.site is not None and not self._out:
            self._arrange()
            self.part_wanted.emit(self.site)
            return
        self._choose(part=True)

    def _choose(self, *, part: bool) -> None:
        if self._out:
            return
        self._part, self._asks, self._confirmed = part, None, False
        self._say("")
        self._arrange()
        if part:
            self.scope.places.setFocus()

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self._say(sentence, "refused")
        self.speak(self.head_text.text(), sentence)
        named: dict[str, QWidget] = {
            "why": self.why,
            "ends_at": self.ends,
            "when": self.when,
            "contact": self.contact,
            "identified": self.proof,
            "word": self.proof,
            "kinds": self.scope.kinds,
            "places": self.scope.places,
        }
        widget = named.get(field or "")
        if widget is not None and widget.isVisibleTo(self) and widget.isEnabled():
            widget.setFocus()

    def refused(self, body: ErrorBody) -> None:
        """Why the station refused it; some things it asks to be told once more."""
        if body.code in (ErrorCode.CONFIRM, ErrorCode.STILL_IN_ALARM):
            self._asks = body.code
            self._say(body.sentence, "refused")
            self.leave.setVisible(body.code is ErrorCode.STILL_IN_ALARM)
            raises = body.code is ErrorCode.STILL_IN_ALARM
            self.next.say(self.tr("Raise as alarms") if raises else self.tr("Confirm"))
            self.next.setFocus()
            self.speak(self.head_text.text(), body.sentence)
            return
        self.refuse(body.sentence, body.field)

    def press_digit(self, digit: int) -> None:
        """2 leaves what is still in alarm."""
        if self._asks is ErrorCode.STILL_IN_ALARM and digit in (1, 2):
            self._answer(StillThere.RAISE if digit == 1 else StillThere.LEAVE)

    def _answer(self, still: StillThere) -> None:
        """What becomes of what is still in alarm, as the test ends or its scope leaves it."""
        if self._out:
            self._end(still)
        else:
            self._press(still)

    def press_next(self) -> None:
        """Enter."""
        if self.site is None:
            self._say(self._stale, "refused")
            return
        self._answer(StillThere.RAISE if self._asks is ErrorCode.STILL_IN_ALARM else StillThere.ASK)

    def _press(self, still: StillThere) -> None:
        scope = self._scope()
        if self._part and self._parts and not self.scope.known:
            # What is not shown cannot be ticked: it would be every place.
            self.refuse(self.tr("The areas and zones of the site are not read yet: F7 asks for them again."))
        elif scope is None and self._parts and self.scope.lacks() == "places":
            self.refuse(self.tr("Tick at least one place, or every place."), "places")
        elif scope is None:
            self.refuse(self.tr("Tick at least one kind of event."), "kinds")
        elif not self.why.text().strip():
            self.refuse(self.tr("Say why the site goes in test."), "why")
        elif self.contact.currentData() and not self.proof.text().strip() and self.proof.isEnabled():
            self.refuse(self.tr("Ask who it is: their code word, or ID code and PIN."), "identified")
        else:
            self._order(scope, still)

    def _scope(self) -> TestScope | None:
        """What is to be in test; where a part cannot be chosen, the part that is in test stays."""
        if not self._part:
            return TestScope()
        return self.scope.scope() if self._parts else self.test.scope if self.test else None

    def _order(self, scope: TestScope, still: StillThere) -> None:
        assert self.site is not None
        self._confirmed = self._confirmed or self._asks is ErrorCode.CONFIRM
        try:
            minutes = read_minutes(self.ends.text()) if self._plans() else 0
            ends_at = None if self._plans() else self._read_end()
        except ValueError as error:
            self.refuse(str(error), "ends_at")
            return
        try:
            when = read_when(self.when.text(), minutes, self._now) if self._plans() else None
        except ValueError as error:
            self.refuse(str(error), "when")
            return
        self.wanted.emit(
            TestOrder(
                site=self.site.id,
                why=self.why.text().strip(),
                test=self.test,
                scope=scope,
                ticket=self.ticket.text().strip(),
                ends_at=ends_at,
                contact=self.contact.currentData() or "",
                proof=self.proof.text().strip(),
                confirmed=self._confirmed,
                still=still,
                when=when,
                planned=self.planned,
            )
        )

    def _read_end(self) -> datetime | None:
        words = self.ends.text().strip()
        found = read_moment(words, self._now, end=True)
        # A time of day alone that is past is tomorrow's.
        if found is not None and found <= self._now and len(words) <= 5:
            found += timedelta(days=1)
        return found

    def _end(self, still: StillThere) -> None:
        if self.site is not None and (self.test is not None or self.planned is not None):
            why = self.why.text().strip()
            self.wanted.emit(TestOrder(self.site.id, why, self.test, out=True, still=still, planned=self.planned))

    def press_back(self) -> bool:
        """Esc: what was typed stays."""
        self.back.emit()
        return True

    def stale(self, sentence: str) -> None:
        """It is not so any more as it was asked: nothing can be done with it, whatever is pressed."""
        self.forget()
        self._stale = sentence
        self.refuse(sentence)

    def forget(self) -> None:
        """It was done: nothing of it is kept for the next."""
        self.site = self.test = self.planned = None
        self._asks, self._confirmed = None, False
        self.proof.clear()


def _id(what: TestView | PlannedTest | None) -> int:
    return what.id if what is not None else 0

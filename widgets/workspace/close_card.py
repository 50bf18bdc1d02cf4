"""The close card: how it ended, who cancelled, and why (G4; visual.md §6, 02b). It stands where the Now card stood."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from models.records import AlarmDetail, CallOutcome, Disposition, PlanStep, StepKind
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned
from widgets.theme import theme
from widgets.words import clock, plural

DISPOSITION_WORDS = {
    Disposition.FALSE_USER: QT_TRANSLATE_NOOP("dispositions", "False, user error"),
    Disposition.FALSE_TECHNICAL: QT_TRANSLATE_NOOP("dispositions", "False, technical"),
    Disposition.REAL_INTRUSION: QT_TRANSLATE_NOOP("dispositions", "Real, intrusion"),
    Disposition.REAL_OTHER: QT_TRANSLATE_NOOP("dispositions", "Real, other"),
    Disposition.NO_CAUSE: QT_TRANSLATE_NOOP("dispositions", "No cause found"),
    Disposition.CANCELLED: QT_TRANSLATE_NOOP("dispositions", "Cancelled"),
    Disposition.WORK_ON_SITE: QT_TRANSLATE_NOOP("dispositions", "Work on site"),
    Disposition.HANDED_TO_POLICE: QT_TRANSLATE_NOOP("dispositions", "Handed to police"),
}


class ReasonEdit(QPlainTextEdit):
    """A text of some lines: Enter is the next action, Shift+Enter a new line, Tab leaves."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter without Shift is not a new line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & (
            Qt.KeyboardModifier.ShiftModifier
        ):
            self.entered.emit()
            return
        super().keyPressEvent(event)


class CloseCard(Card):
    """Digits choose how it ended; Enter closes, only with everything done; Esc goes back and keeps what was typed."""

    close_asked = Signal(object, str)
    """Disposition, reason."""
    cancel_asked = Signal(str, str, object)
    """Contact id, why, code word or None: asked before the close where somebody was chosen."""
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._alarm = ""
        self._detail: AlarmDetail | None = None
        self.chosen: Disposition | None = None
        self._refusal = ""
        self._tries: dict[str, int] = {}
        """By whom: how often a code word of theirs was wrong on this alarm."""
        self._who_said = False
        """Whether an operator chose who cancelled: then nobody else is proposed."""
        self._offered = ""
        """The reason that was offered for the test; what was typed over it is the operator's."""
        self.head_title.setText(self.tr("Close alarm"))
        columns = QHBoxLayout()
        columns.setSpacing(theme().px(16))
        columns.addLayout(self._build_dispositions(), 1)
        columns.addLayout(self._build_who(), 1)
        self.body.addLayout(columns, 1)
        self.next = KeyButton(self.tr("Close alarm"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self._sentence = toned("second", wrap=True)
        self.add_foot(self.next, self._sentence)
        self.speak()

    def _build_dispositions(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme().px(6))
        column.addWidget(toned("label", self.tr("How it ended")))
        grid = QGridLayout()
        grid.setSpacing(theme().px(8))
        self.buttons: dict[Disposition, KeyButton] = {}
        for nth, (disposition, words) in enumerate(DISPOSITION_WORDS.items()):
            button = KeyButton(QCoreApplication.translate("dispositions", str(words)), str(nth + 1))
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, which=disposition: self.choose(which))
            self.buttons[disposition] = button
            grid.addWidget(button, nth // 2, nth % 2)
        column.addLayout(grid)
        column.addStretch(1)
        return column

    def _build_who(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme().px(6))
        column.addWidget(toned("label", self.tr("Who cancelled")))
        row = QHBoxLayout()
        self.who = QComboBox()
        self.who.setAccessibleName(self.tr("Who cancelled"))
        self.who.view().setAccessibleName(self.tr("Who cancelled"))
        self.who.setToolTip(self.tr("Space opens the list"))
        self.who.currentIndexChanged.connect(self._said_who)
        self.word = QLineEdit()
        self.word.setEchoMode(QLineEdit.EchoMode.Password)
        self.word.setPlaceholderText(self.tr("Code word"))
        self.word.setAccessibleName(self.tr("Code word given by whoever cancels"))
        self.word.setMaximumWidth(theme().px(150))
        row.addWidget(self.who, 1)
        row.addWidget(self.word)
        column.addLayout(row)
        column.addWidget(toned("label", self.tr("Reason, in words")))
        self.reason = ReasonEdit()
        self.reason.setAccessibleName(self.tr("Reason, in words"))
        self.reason.entered.connect(self.press_next)
        self.reason.textChanged.connect(self._touched)
        self.word.textChanged.connect(self._touched)
        column.addWidget(self.reason, 1)
        return column

    def show_detail(self, detail: AlarmDetail) -> None:
        """What is done and what is missing; what was typed stays, for the same alarm."""
        if detail.alarm.id != self._alarm:
            self._alarm = detail.alarm.id
            self.choose(None)
            self.reason.clear()
            self.word.clear()
            self.who.clear()
            self._who_said, self._tries = False, {}
            self._detail, self._offered = None, ""
        self._offer(detail)
        before, self._detail = self._detail, detail
        self.head_right.setText(detail.alarm.id)
        self.head_text.setText(self._done(detail))
        if before is None or before.plan != detail.plan or before.alarm.cancelled != detail.alarm.cancelled:
            self._fill_who(detail)
        self._tell_missing()

    def _offer(self, detail: AlarmDetail) -> None:
        """An alarm that ran before the test of its own place is offered to be closed for it, by the usual key (F5).

        Never for life safety: how a fire ended is said by whoever looked.
        """
        within = detail.in_test is not None and bool(detail.in_test.inside) and not detail.in_test.outside
        why = detail.tests[0].why if within and detail.tests and not detail.alarm.life_safety else ""
        offer = self.tr("test: {0}").format(why) if why else ""
        if offer == self._offered or self.reason.toPlainText() != self._offered:
            return
        untouched = self.chosen is (Disposition.WORK_ON_SITE if self._offered else None)
        self._offered = offer
        self.reason.setPlainText(offer)
        if untouched:
            self._choose(Disposition.WORK_ON_SITE if offer else None)

    def _done(self, detail: AlarmDetail) -> str:
        said = []
        for step in detail.plan.steps:
            for number in step.numbers:
                for attempt in number.attempts:
                    if attempt.outcome in (CallOutcome.VERIFIED, CallOutcome.REACHED):
                        said.append(self.tr("{0} reached {1}").format(step.name, clock(attempt.at)))
        said.append(self.tr("required steps done") if not detail.plan.missing else self.tr("steps are missing"))
        unseen = plural(detail.alarm.unseen, self.tr("signal"), self.tr("signals"))
        said.append(self.tr("{0} not seen").format(unseen) if detail.alarm.unseen else self.tr("all signals seen"))
        return " · ".join(said[-3:])

    def _fill_who(self, detail: AlarmDetail) -> None:
        kept = self.who.currentData()
        self.who.blockSignals(True)
        self.who.clear()
        cancelled = detail.alarm.cancelled
        if cancelled is not None:
            self.who.addItem(f"{cancelled.by}, {clock(cancelled.at)}, {cancelled.channel}", None)
        else:
            self.who.addItem(self.tr("Nobody"), None)
            for step, verified in _who_can_be_verified(detail):
                how = self.tr("verified by phone") if verified else self.tr("asks: code word needed")
                how = how if step.may_cancel else self.tr("has no right to cancel")
                self.who.addItem(f"{step.name}, {how}", (step.contact, verified) if step.may_cancel else None)
                self._offer_or_grey(self.who.count() - 1, on=step.may_cancel)
        self.who.setEnabled(cancelled is None)
        for row in range(self.who.count()):
            if kept is not None and self.who.itemData(row) and self.who.itemData(row)[0] == kept[0]:
                self.who.setCurrentIndex(row)
        self.who.blockSignals(False)
        self._propose_who()
        self._who_chosen()

    def _offer_or_grey(self, row: int, *, on: bool) -> None:
        """Whoever may not cancel is seen, with the reason, and cannot be chosen (E5)."""
        model = self.who.model()
        assert isinstance(model, QStandardItemModel)
        model.item(row).setEnabled(on)

    def _touched(self) -> None:
        self._refusal = ""
        self._who_chosen()

    def _said_who(self) -> None:
        self._who_said = True
        self._touched()

    def _who_chosen(self) -> None:
        data = self.who.currentData()
        self.word.setVisible(bool(data) and not data[1])
        self._tell_missing()

    def begin(self) -> None:
        """It comes to the front: the keys go where something is still to be said."""
        if self.chosen is None:
            self.setFocus()
        else:
            (self._at_fault() or self.reason).setFocus()

    def opens_list(self) -> bool:
        """Whether the list of who cancelled is what has the keys."""
        return self.who.hasFocus() and self.who.isEnabled()

    def open_list(self) -> None:
        """Space, or Alt and the arrow down: all who may have cancelled."""
        if self.opens_list():
            self.who.showPopup()

    def choose(self, disposition: Disposition | None) -> None:
        """How it ended."""
        self._choose(disposition)
        self._propose_who()
        if disposition is not None:
            self.reason.setFocus()
        if disposition is Disposition.CANCELLED and self.who.currentData() is None and self.who.isEnabled():
            self.who.setFocus()

    def _propose_who(self) -> None:
        """Cancelled: by whoever was verified and may do so, unless the operator says another (G4)."""
        if not self.who.isEnabled() or self._who_said:
            return
        row = 0
        if self.chosen is Disposition.CANCELLED:
            data = (self.who.itemData(nth) for nth in range(self.who.count()))
            row = next((nth for nth, who in enumerate(data) if who and who[1]), 0)
        self.who.blockSignals(True)
        self.who.setCurrentIndex(row)
        self.who.blockSignals(False)
        self._who_chosen()

    def _choose(self, disposition: Disposition | None) -> None:
        self.chosen, self._refusal = disposition, ""
        for which, button in self.buttons.items():
            button.setChecked(which is disposition)
        self._tell_missing()

    def _missing(self) -> str:
        if self._detail is None:
            return ""
        alarm, plan = self._detail.alarm, self._detail.plan
        if alarm.unseen:
            new = plural(alarm.unseen, self.tr("new signal"), self.tr("new signals"))
            return self.tr("{0}: Alt+A marks what is shown seen.").format(new)
        if self.chosen is None:
            return self.tr("Choose how it ended: 1 to 8.")
        who = self.who.currentData()
        if self.chosen is Disposition.CANCELLED and alarm.cancelled is None and who is None:
            if not any(self.who.itemData(row) for row in range(self.who.count())):
                return self.tr("Nobody on this call list may cancel: choose another end, or go on as the list says.")
            return self.tr("Say who cancelled.")
        if who and not who[1] and not self.word.text():
            return self.tr("{0} was not called: give the code word.").format(self.who.currentText().split(",")[0])
        if plan.missing and (who is None or alarm.silent):
            return " ".join(plan.missing)
        if not self.reason.toPlainText().strip() and (alarm.priority <= 2 or who):
            return self.tr("Give the reason in words.")
        return ""

    def _at_fault(self) -> QWidget | None:
        """The field that keeps it from being closed; None where it is none of them."""
        if self._detail is None or self.chosen is None:
            return None
        who = self.who.currentData()
        if self.chosen is Disposition.CANCELLED and self._detail.alarm.cancelled is None and who is None:
            return self.who
        if who and not who[1] and not self.word.text():
            return self.word
        if not self.reason.toPlainText().strip() and (self._detail.alarm.priority <= 2 or who):
            return self.reason
        return None

    def _tell_missing(self) -> None:
        missing = self._missing()
        ready = self.tr("Enter closes it. Journaled with your name, workstation and the time.")
        # Why it was refused stands until something changes: a wrong word is taken away, and is missing then.
        self._say(self._refusal or missing or ready, "refused" if self._refusal else "second")

    def _say(self, sentence: str, tone: str) -> None:
        self._sentence.setText(sentence)
        retone(self._sentence, tone)
        self.speak(self.head_text.text(), sentence)

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused, until something is changed; the field at fault gets the focus."""
        if field == "code_word":
            sentence = self._wrong_word(sentence)
        self._refusal = sentence
        self._say(sentence, "refused")
        widget = {"reason": self.reason, "why": self.reason, "contact": self.who, "code_word": self.word}.get(
            field or ""
        )
        if widget is not None:
            widget.setFocus()

    def _wrong_word(self, sentence: str) -> str:
        """Which try it was, of whom, and what else can be done about it."""
        name = self.who.currentText().split(",")[0]
        tries = self._tries[name] = self._tries.get(name, 0) + 1
        words = self.tr("{0} {1}, try {2}. Ask again; or Esc, call them, and 2 says Wrong code.")
        return words.format(sentence, name, tries)

    def press_next(self) -> None:
        """Enter: cancel first where somebody was chosen, then close. Says what is missing instead."""
        self._refusal = ""
        missing = self._missing()
        if missing or self.chosen is None:
            self._say(missing, "refused")
            if (field := self._at_fault()) is not None:
                field.setFocus()
            return
        reason = self.reason.toPlainText().strip()
        who = self.who.currentData()
        if who:
            self.cancel_asked.emit(who[0], reason, self.word.text() or None)
            self.word.clear()
        else:
            self.close_asked.emit(self.chosen, reason)

    def press_digit(self, digit: int) -> None:
        """How it ended."""
        self.choose(list(DISPOSITION_WORDS)[digit - 1])

    def press_back(self) -> bool:
        """Esc: back to the Now card."""
        self.back.emit()
        return True


def _who_can_be_verified(detail: AlarmDetail) -> list[tuple[PlanStep, bool]]:
    """Contacts who can be verified: those who may cancel first, of them those who were verified already."""
    found = []
    for step in detail.plan.steps:
        verified = any(a.outcome is CallOutcome.VERIFIED for number in step.numbers for a in number.attempts)
        if step.kind is StepKind.CONTACT and step.contact is not None and (verified or step.has_code_word):
            found.append((step, verified))
    return sorted(found, key=lambda pair: (not pair[0].may_cancel, not pair[1]))

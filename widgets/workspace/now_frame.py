"""The parts of the Now card and where they stand; what they say and do is :mod:`widgets.workspace.now_card`'s."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from models.records import CallOutcome
from widgets.card import Card
from widgets.keycap import KeyButton, toned
from widgets.theme import theme
from widgets.workspace.call_list import outcome_words
from widgets.workspace.step_face import StepFace

PERSON = (
    CallOutcome.VERIFIED,
    CallOutcome.WRONG_CODE,
    CallOutcome.NO_ANSWER,
    CallOutcome.VOICEMAIL,
    CallOutcome.BUSY,
    CallOutcome.WRONG_NUMBER,
    CallOutcome.REFUSED,
    CallOutcome.DURESS,
)
"""Outcomes of a call, by digit."""


class NowFrame(Card):
    """Who and which number above; outcomes, or a step that is no call; below one sentence, or a field."""

    def __init__(self) -> None:
        super().__init__()
        top = QHBoxLayout()
        left = QVBoxLayout()
        left.setSpacing(0)
        who = QHBoxLayout()
        who.setSpacing(theme().px(8))
        self._name, self._role = toned("person"), toned("second")
        who.addWidget(self._name)
        who.addWidget(self._role)
        who.addStretch(1)
        dial = QHBoxLayout()
        dial.setSpacing(theme().px(8))
        self._number, self._label = toned("dial"), toned("second")
        dial.addWidget(self._number)
        dial.addWidget(self._label)
        dial.addStretch(1)
        left.addLayout(who)
        left.addLayout(dial)
        right = QVBoxLayout()
        self._calling = toned("clock")
        # As wide as the longest that an exchange says: the card stands still while it rings.
        self._calling.setMinimumWidth(theme().px(255))
        self.next = KeyButton(self.tr("Dial"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self.hang_up = KeyButton(self.tr("Hang up"), "Alt+End")
        self.hang_up.clicked.connect(self.press_hang_up)
        right.addWidget(self._calling)
        right.addWidget(self.next)
        right.addWidget(self.hang_up)
        top.addLayout(left, 1)
        top.addLayout(right)
        holder = QWidget()
        holder.setLayout(top)
        top.setContentsMargins(0, 0, 0, 0)
        holder.setFixedHeight(theme().px(84))
        self.body.addWidget(holder)
        grid = QGridLayout()
        grid.setSpacing(theme().px(8))
        self.outcomes: list[KeyButton] = []
        for nth, outcome in enumerate(PERSON):
            button = KeyButton(outcome_words(outcome), str(nth + 1), " ")
            button.clicked.connect(lambda _checked=False, digit=nth + 1: self.press_digit(digit))
            button.setFixedHeight(theme().px(62))
            self.outcomes.append(button)
            grid.addWidget(button, nth // 4, nth % 4)
        grid.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setLayout(grid)
        self.face = StepFace()
        self.face.pressed.connect(self.press_digit)
        self._middle = QStackedWidget()
        self._middle.addWidget(holder)
        self._middle.addWidget(self.face)
        self.body.addWidget(self._middle)
        self._foot = QStackedWidget()
        self._foot.setFixedHeight(theme().px(44))
        self._sentence = toned("second", wrap=True)
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(12))
        row.addWidget(self._sentence, 1)
        self.skip_button = KeyButton(self.tr("Skip this step"), "Ctrl+K")
        self.skip_button.clicked.connect(self.press_skip)
        row.addWidget(self.skip_button)
        self._foot.addWidget(foot)
        self.why = QLineEdit()
        self.why.setAccessibleName(self.tr("Reason for skipping the step"))
        self.why.setMaxLength(500)
        self._foot.addWidget(self.why)
        self.body.addWidget(self._foot)
        self.head_title.setText(self.tr("Now"))
        self.speak()

    def press_hang_up(self) -> None:
        """The handset is down."""
        raise NotImplementedError

    def press_skip(self) -> None:
        """Ask why the step is skipped."""
        raise NotImplementedError

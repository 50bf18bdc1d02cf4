"""What stands before the queue: sign in, first administrator, lock. No site data is shown here (visual.md §6)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from widgets.facts import Facts
from widgets.keycap import KeyButton, KeyCap, retone, toned
from widgets.theme import theme
from widgets.tick import TickBox


class _Two(QWidget):
    """Two panels side by side in the middle of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        column = QVBoxLayout()
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(theme().px(12))
        self.left, self.right = _box(), _box()
        row.addWidget(self.left[0])
        row.addWidget(self.right[0])
        column.addLayout(row)
        column.addStretch(2)
        outer.addLayout(column)
        outer.addStretch(1)

    def say(self, label: QLabel, sentence: str, *, refused: bool = False) -> None:
        """A sentence in place."""
        label.setText(sentence)
        retone(label, "refused" if refused else "second")


class SignIn(_Two):
    """Who signs in, at which workstation, on which station."""

    wanted = Signal(str, str)
    """Login name, password."""
    theme_wanted = Signal(str)

    def __init__(self, theme_name: str) -> None:
        super().__init__()
        left, right = self.left[1], self.right[1]
        left.addWidget(toned("dial", "Vigie"))
        left.addWidget(toned("second", self.tr("Operator console")))
        self.facts = Facts(140)
        left.addWidget(self.facts)
        self.demo = toned("instruction", wrap=True)
        self.demo.hide()
        left.addWidget(self.demo)
        left.addStretch(1)
        self.operator = _field(right, self.tr("Operator code"))
        self.password = _field(right, self.tr("Password"), secret=True)
        self.hint = toned("label", " ")
        right.addWidget(self.hint)
        right.addWidget(toned("label", self.tr("Theme")))
        right.addLayout(self._themes(theme_name))
        right.addSpacing(theme().px(12))
        row = QHBoxLayout()
        self.next = KeyButton(self.tr("Sign in"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self.sentence = toned("second", self._tries(), wrap=True)
        row.addWidget(self.next)
        row.addWidget(self.sentence, 1)
        right.addLayout(row)
        right.addStretch(1)

    def _tries(self) -> str:
        return self.tr("Wrong tries are journaled, and each makes the next wait longer.")

    def _themes(self, theme_name: str) -> QHBoxLayout:
        row = QHBoxLayout()
        self._group = QButtonGroup(self)
        for name, words in (("dark", self.tr("Dark, night")), ("light", self.tr("Light, day"))):
            button = KeyButton(words)
            button.setCheckable(True)
            button.setChecked(name == theme_name)
            # Ctrl+L is its key: on the way from the password to the sign-in it would only swallow Enter.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked=False, which=name: self.theme_wanted.emit(which))
            self._group.addButton(button)
            row.addWidget(button)
        row.addWidget(KeyCap("Ctrl+L"))
        row.addStretch(1)
        return row

    def begin(self) -> None:
        """Ready for the next one."""
        self.say(self.sentence, self._tries())
        self.password.clear()
        self.next.setEnabled(True)
        (self.password if self.operator.text() else self.operator).setFocus()

    def busy(self) -> None:
        """The station is asked."""
        self.next.setEnabled(False)
        self.say(self.sentence, self.tr("Signing in…"))

    def refuse(self, sentence: str) -> None:
        """The station, or the link, said no."""
        self.next.setEnabled(True)
        self.say(self.sentence, sentence, refused=True)
        self.password.selectAll()
        self.password.setFocus()

    def press_next(self) -> None:
        """Enter: from the name to the password, then sign in."""
        if not self.operator.text().strip():
            self.say(self.sentence, self.tr("Give your operator code."), refused=True)
            self.operator.setFocus()
        elif not self.password.text():
            self.say(self.sentence, self.tr("Give your password."), refused=True)
            self.password.setFocus()
        elif self.next.isEnabled():
            self.wanted.emit(self.operator.text().strip(), self.password.text())

    def caps_lock(self, on: bool) -> None:
        """A word on Caps Lock, where it is known."""
        self.hint.setText(self.tr("Caps Lock is on") if on else " ")


class FirstAdministrator(_Two):
    """A new station: make its first account, with the one-time token that only this machine's user can read."""

    wanted = Signal(str, str, str, bool)
    """Login name, full name, password, also on shift."""

    def __init__(self) -> None:
        super().__init__()
        left, right = self.left[1], self.right[1]
        left.addWidget(toned("dial", self.tr("A new station")))
        left.addWidget(
            toned(
                "",
                self.tr(
                    "Nobody can sign in yet. Make the first administrator: that account adds operators, keys and "
                    "settings. This is offered once, on this machine alone."
                ),
                wrap=True,
            )
        )
        self.facts = Facts(140)
        left.addWidget(self.facts)
        left.addStretch(1)
        self.operator = _field(right, self.tr("Operator code"))
        self.name = _field(right, self.tr("Full name"))
        self.password = _field(right, self.tr("Password, at least 10 characters"), secret=True)
        self.again = _field(right, self.tr("Password again"), secret=True)
        self.on_shift = TickBox(self.tr("Also works on shift: handles alarms, as supervisor"))
        self.on_shift.setAccessibleName(self.on_shift.text())
        self.on_shift.setChecked(True)
        right.addWidget(self.on_shift)
        row = QHBoxLayout()
        self.next = KeyButton(self.tr("Make the account"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self.sentence = toned("second", wrap=True)
        row.addWidget(self.next)
        row.addWidget(self.sentence, 1)
        right.addLayout(row)

    def refuse(self, sentence: str) -> None:
        """Why it was refused."""
        self.next.setEnabled(True)
        self.say(self.sentence, sentence, refused=True)

    def press_next(self) -> None:
        """Enter."""
        if not self.operator.text().strip():
            self.refuse(self.tr("Give an operator code."))
            self.operator.setFocus()
        elif len(self.password.text()) < 10:
            self.refuse(self.tr("The password needs at least 10 characters."))
            self.password.setFocus()
        elif self.password.text() != self.again.text():
            self.refuse(self.tr("The two passwords differ."))
            self.again.setFocus()
        elif self.next.isEnabled():
            self.next.setEnabled(False)
            self.wanted.emit(
                self.operator.text().strip(),
                self.name.text().strip(),
                self.password.text(),
                self.on_shift.isChecked(),
            )


class Locked(_Two):
    """The workstation is locked: what waits is counted in the strip, no site is named."""

    wanted = Signal(str)
    """Password."""
    sign_out_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        left, right = self.left[1], self.right[1]
        self.title = toned("dial")
        self.under = toned("second")
        left.addWidget(self.title)
        left.addWidget(self.under)
        self.password = _field(left, self.tr("Password"), secret=True)
        row = QHBoxLayout()
        self.next = KeyButton(self.tr("Unlock"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self.leave = KeyButton(self.tr("Sign out"), "Shift+F12")
        self.leave.clicked.connect(self.sign_out_wanted)
        row.addWidget(self.next)
        row.addWidget(self.leave)
        row.addStretch(1)
        left.addLayout(row)
        self.sentence = toned("second", wrap=True)
        left.addWidget(self.sentence)
        left.addStretch(1)
        self.has = toned("title")
        self.facts = Facts(120)
        right.addWidget(self.has)
        right.addWidget(self.facts)
        right.addWidget(
            toned(
                "label",
                self.tr(
                    "After 2:00 locked, the alarm in hand goes back to the queue by itself. "
                    "The journal keeps who had it and why it went back."
                ),
                wrap=True,
            )
        )
        right.addStretch(1)

    def tell(self, workstation: str, who: str, since: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Who locked it, and what they have in hand, without naming a site."""
        self.title.setText(self.tr("{0} is locked").format(workstation))
        self.under.setText(self.tr("{0}, since {1}").format(who, since))
        self.has.setText(self.tr("What {0} has").format(who))
        self.facts.tell(pairs)

    def begin(self) -> None:
        """Ready for the password."""
        self.password.clear()
        self.next.setEnabled(True)
        self.say(self.sentence, "")
        self.password.setFocus()

    def refuse(self, sentence: str) -> None:
        """Why it was refused."""
        self.next.setEnabled(True)
        self.say(self.sentence, sentence, refused=True)
        self.password.selectAll()
        self.password.setFocus()

    def press_next(self) -> None:
        """Enter."""
        if self.password.text() and self.next.isEnabled():
            self.next.setEnabled(False)
            self.wanted.emit(self.password.text())


def _box() -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setObjectName("panel")
    frame.setFixedWidth(theme().px(620))
    frame.setMinimumHeight(theme().px(400))
    column = QVBoxLayout(frame)
    pad = theme().px(40)
    column.setContentsMargins(pad, theme().px(32), pad, theme().px(32))
    column.setSpacing(theme().px(8))
    return frame, column


def _field(column: QVBoxLayout, label: str, *, secret: bool = False) -> QLineEdit:
    words = toned("label", label)
    field = QLineEdit()
    field.setAccessibleName(label)
    field.setMaxLength(200 if secret else 60)
    if secret:
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
    words.setBuddy(field)
    column.addWidget(words)
    column.addWidget(field)
    return field

"""Which period the figures are of: four by name, or from and until as typed."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from widgets.entry import read_moment, write_moment
from widgets.keycap import KeyCap, toned
from widgets.theme import theme

PERIODS = ("today", "day", "week", "month", "typed")


class BadPeriod(ValueError):
    """What was typed is no period; ``field`` names where."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class PeriodLine(QWidget):
    """The periods by name, the fields, and why what was typed cannot be shown."""

    wanted = Signal(str)
    """One of :data:`PERIODS`."""

    def __init__(self) -> None:
        super().__init__()
        self.which = "day"
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(8))
        row.addWidget(toned("label", self.tr("Period")))
        row.addWidget(KeyCap("Alt+Left"))
        row.addWidget(KeyCap("Alt+Right"))
        names = (self.tr("Today"), self.tr("24 hours"), self.tr("7 days"), self.tr("30 days"), self.tr("From – until"))
        self.buttons: dict[str, QPushButton] = {}
        for which, words in zip(PERIODS, names, strict=True):
            button = QPushButton(words)
            button.setAutoDefault(False)
            button.setCheckable(True)
            # The plots have the keyboard; periods have keys of their own.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, chosen=which: self.wanted.emit(chosen))
            self.buttons[which] = button
            row.addWidget(button)
        row.addSpacing(theme().px(16))
        row.addWidget(KeyCap("/"))
        self.fields: dict[str, QLineEdit] = {}
        for field, words in (("from", self.tr("From")), ("to", self.tr("Until"))):
            row.addWidget(toned("label", words))
            edit = QLineEdit()
            edit.setMaxLength(40)
            edit.setFixedWidth(theme().px(176))
            edit.setAccessibleName(words)
            edit.setPlaceholderText(self.tr("24 Nov 06:00") if field == "from" else self.tr("now"))
            self.fields[field] = edit
            row.addWidget(edit)
        self.problem = toned("refused", "")
        row.addWidget(self.problem, 1)
        for key, words in (
            ("1 … 8", self.tr("panel")),
            ("↑ ↓ ← →", self.tr("choose")),
            ("Enter", self.tr("its lines")),
            ("Alt+↑ ↓", self.tr("customer group")),
            ("Ctrl+E", self.tr("targets")),
        ):
            cap, label = KeyCap(key), toned("label", words)
            row.addWidget(cap)
            row.addWidget(label)
            if key.startswith("Alt"):
                self._of_groups = (cap, label)
        self.show_groups(known=False)
        self.choose("day")

    def show_groups(self, *, known: bool) -> None:
        """Whether there is a customer group to go to: a key that would do nothing is not shown."""
        for part in self._of_groups:
            part.setVisible(known)

    def choose(self, which: str) -> None:
        """Mark one."""
        self.which = which
        for name, button in self.buttons.items():
            button.setChecked(name == which)

    def show_period(self, begin: datetime, end: datetime) -> None:
        """What the figures are of, in the fields; what is being typed, or was, is left."""
        if not self.typing() and self.which != "typed":
            self.fields["from"].setText(write_moment(begin))
            self.fields["to"].setText(write_moment(end))

    def typing(self) -> bool:
        """Whether a field has the keyboard."""
        return any(field.hasFocus() for field in self.fields.values())

    def begin(self) -> None:
        """The keyboard to the first field."""
        self.fields["from"].setFocus()
        self.fields["from"].selectAll()

    def refuse(self, sentence: str, field: str = "") -> None:
        """Why it cannot be; nothing: it can."""
        self.problem.setText(sentence)
        if field in self.fields:
            self.fields[field].setFocus()
            self.fields[field].selectAll()

    def period(self, now: datetime) -> tuple[datetime, datetime | None]:
        """From when, and until when; None: until now. :class:`BadPeriod` with a sentence."""
        if self.which == "today":
            return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0), None
        if self.which != "typed":
            days = {"day": 1, "week": 7, "month": 30}[self.which]
            return (now - timedelta(days=days)).replace(second=0, microsecond=0), None
        begin, end = self._typed("from", now), self._typed("to", now)
        if begin is None:
            raise BadPeriod("from", self.tr("Name a day and time from which the figures begin, such as 24 Nov 06:00."))
        if (end or now) <= begin:
            raise BadPeriod("to", self.tr("The period ends before it begins: name a later end."))
        return begin, end

    def _typed(self, name: str, now: datetime) -> datetime | None:
        try:
            moment = read_moment(self.fields[name].text(), now, end=name == "to")
        except ValueError as error:
            raise BadPeriod(name, str(error)) from error
        if moment is not None and moment > now + timedelta(days=1):
            # A day without a year that would be to come is the last one.
            return moment.replace(year=moment.year - 1)
        return moment

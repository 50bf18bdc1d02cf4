"""The card for a day's hours: today, a coming day or several, also past midnight (D1); and what stays as it is (D2)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit

from models.records import AreaWeek, HoursAsked, HoursChange, ShownDay, read_hours
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned
from widgets.site.week import hours_said

_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}))?")


def read_day(text: str, near: date) -> date:
    """``21/11``, ``21/11/2026`` or ``2026-11-21``; without a year the one that is nearest to ``near``.

    ValueError with a sentence (I12).
    """
    given = text.strip()
    try:
        if found := _DAY.fullmatch(given):
            number, month = int(found[1]), int(found[2])
            if found[3]:
                return date(int(found[3]), month, number)
            years = (near.year - 1, near.year, near.year + 1)
            return min((date(year, month, number) for year in years), key=lambda day: abs(day - near))
        return date.fromisoformat(given)
    except ValueError:
        raise ValueError(f"{given or '…'} is no day: write it as 21/11/2026.") from None


class DayCard(Card):
    """Enter changes the hours of a day or several, Del takes a change back, Esc goes back and keeps what was typed."""

    wanted = Signal(str, object, int)
    """Area, :class:`HoursAsked`, the version that was shown."""
    taken_back = Signal(str, str, int)
    """Area, id of the temporary change, the version that was shown."""
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.area: AreaWeek | None = None
        self.change: HoursChange | None = None
        """What can be taken back."""
        self._day = date.min
        self._drafts: dict[tuple[str, str, date], tuple[str, ...]] = {}
        self._site = ""
        self._unchanged = toned("instruction", wrap=True)
        self._was = toned("second", wrap=True)
        self.body.addWidget(self._was)
        grid = QGridLayout()
        self.hours, self.first, self.last, self.why = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        for row, (field, label, hint) in enumerate(
            (
                (self.hours, self.tr("Hours"), self.tr("10:00–01:30, or closed")),
                (self.first, self.tr("From"), self.tr("21/11/2026")),
                (self.last, self.tr("Until"), self.tr("that day included")),
                (self.why, self.tr("Why"), self.tr("Who asked for it, how you know it is them, and why")),
            )
        ):
            field.setAccessibleName(label)
            field.setPlaceholderText(hint)
            field.setMaxLength(200)
            grid.addWidget(toned("label", label), row, 0)
            grid.addWidget(field, row, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self._unchanged)
        self._sentence = toned("second", wrap=True)
        self.body.addWidget(self._sentence)
        self.body.addStretch(1)
        self.next = KeyButton(self.tr("Change hours"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self.remove = KeyButton(self.tr("Take back"), "Alt+Del")
        self.remove.clicked.connect(self.press_remove)
        self.add_foot(self.next, self.remove)
        self.head_title.setText(self.tr("Hours of a day"))
        self.speak()

    def show_day(self, site: str, area: AreaWeek, day: ShownDay, depends: tuple[str, ...]) -> None:
        """A day of an area; what was typed for it and not sent is there again."""
        self._site, self.area, self.change, self._day = site, area, day.change, day.day
        name = area.name or self.tr("Area {0}").format(area.area)
        self.head_text.setText(name)
        self.head_right.setText(f"{day.day:%a} {day.day.day} {day.day:%b}")
        said = self.tr("Without a change: {0}.").format(hours_said(day.was))
        if day.change is not None:
            made = self.tr("Changed by {0}: {1}.").format(day.change.by, day.change.why)
            said = f"{said} {made}"
        self._was.setText(said)
        unchanged = self.tr("Patrols and procedures are unchanged.")
        if depends:
            task = self.tr("The service desk gets a task, for these depend on the hours: {0}.")
            unchanged = f"{unchanged} {task.format(', '.join(depends))}"
        self._unchanged.setText(unchanged)
        self.remove.setVisible(day.change is not None)
        typed = self._drafts.get(self._key())
        shown = f"{day.day:%d/%m/%Y}"
        for field, text in zip(self._fields(), typed or (hours_said(day.spans), shown, shown, ""), strict=True):
            field.setText(text)
        self._say(self.tr("What was typed before is kept.") if typed else "", "second")

    def begin(self) -> None:
        """Put the cursor where writing begins."""
        self.hours.setFocus()
        self.hours.selectAll()

    def keep(self) -> None:
        """Esc: what was typed waits for this day."""
        if self.area is not None:
            self._drafts[self._key()] = tuple(field.text() for field in self._fields())

    def done(self) -> None:
        """It was taken: nothing waits any more."""
        self._drafts.pop(self._key(), None)

    def _key(self) -> tuple[str, str, date]:
        return (self._site, self.area.area if self.area else "", self._day)

    def _fields(self) -> tuple[QLineEdit, ...]:
        return (self.hours, self.first, self.last, self.why)

    def _say(self, sentence: str, tone: str) -> None:
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        retone(self._sentence, tone)
        self.speak(self.head_text.text(), self.head_right.text(), self._was.text(), self._unchanged.text(), sentence)

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self._say(sentence, "refused")
        names = {"hours": self.hours, "first": self.first, "last": self.last, "why": self.why}
        widget = names.get((field or "").rpartition(".")[2])
        if widget is not None:
            widget.setFocus()

    def press_next(self) -> None:
        """Enter."""
        if self.area is None:
            return
        field = "hours"
        try:
            spans = read_hours(self.hours.text())
            field = "first"
            first = read_day(self.first.text(), self._day)
            field = "last"
            last = read_day(self.last.text() or self.first.text(), first)
        except ValueError as error:
            self.refuse(str(error), field)
            return
        if not timedelta(0) <= last - first <= timedelta(days=366):
            self.refuse(self.tr("The last day is not before the first, nor more than a year after it."), "last")
        elif not self.why.text().strip():
            self.refuse(self.tr("Say who asked for it, and why."), "why")
        else:
            asked = HoursAsked(first=first, last=last, spans=spans, why=self.why.text())
            self.wanted.emit(self.area.area, asked, self.area.version)

    def press_remove(self) -> None:
        """Alt+Del."""
        if self.area is not None and self.change is not None:
            self.taken_back.emit(self.area.area, self.change.id, self.area.version)

    def press_back(self) -> bool:
        """Esc."""
        self.keep()
        self.back.emit()
        return True

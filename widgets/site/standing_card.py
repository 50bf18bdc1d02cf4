"""The card for standing hours: the week, seasons, holidays, and what is supervised how patiently (D3)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from models.records import AreaHours, AreaWeek, HoursSpan, Season, Supervised, read_hours
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned
from widgets.site.week import hours_said
from widgets.theme import theme
from widgets.tick import TickBox

_NEW = -2
_STANDARD = -1


@dataclass(frozen=True, slots=True)
class _Draft:
    """What was typed and not sent."""

    week: tuple[tuple[HoursSpan, ...], ...]
    seasons: tuple[Season, ...]
    at: int
    typed: tuple[str, ...]
    supervised: tuple[bool, ...]
    minutes: tuple[int, ...]


class StandingCard(Card):
    """Enter keeps the standing hours, Esc goes back and keeps what was typed. Temporary changes are not touched."""

    wanted = Signal(str, object, int)
    """Area, :class:`AreaHours` or None, the version that was shown."""
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.area: AreaWeek | None = None
        self._site = ""
        self._version = 0
        self._drafts: dict[tuple[str, str], _Draft] = {}
        self._week: list[tuple[HoursSpan, ...]] = [()] * 7
        self._seasons: list[Season] = []
        self._at = _STANDARD
        """Which week the seven fields are: the standard one, a season's by its place, or a new season's."""
        self.days = [QLineEdit() for _ in range(7)]
        self.which, self.holidays = QComboBox(), QLineEdit()
        self.name, self.first, self.last = QLineEdit(), QLineEdit(), QLineEdit()
        self.supervised = {what: TickBox() for what in Supervised}
        self.early, self.late, self.missed, self.repeat = QSpinBox(), QSpinBox(), QSpinBox(), QSpinBox()
        self._build()
        self.which.activated.connect(self._turn)
        self.head_title.setText(self.tr("Standing hours"))
        self.speak()

    def _build(self) -> None:
        self._grid = QGridLayout()
        names = (
            self.tr("Monday"), self.tr("Tuesday"), self.tr("Wednesday"), self.tr("Thursday"), self.tr("Friday"),
            self.tr("Saturday"), self.tr("Sunday"),
        )  # fmt: skip
        self._add(self.tr("Week"), self.which, self.tr("Which week"))
        self.which.view().setAccessibleName(self.tr("Which week"))
        for field in (self.name, self.first, self.last):
            field.setMaxLength(60)
        season = QHBoxLayout()
        for field, label, hint in (
            (self.name, self.tr("Name of the season"), self.tr("Name; empty takes it away")),
            (self.first, self.tr("First day of the season"), self.tr("from 01/07")),
            (self.last, self.tr("Last day of the season"), self.tr("to 31/08")),
        ):
            field.setAccessibleName(label)
            field.setPlaceholderText(hint)
            season.addWidget(field, 2 if field is self.name else 1)
        self._season_label = toned("label", self.tr("Season"))
        self._grid.addWidget(self._season_label, self._grid.rowCount(), 0)
        self._grid.addLayout(season, self._grid.rowCount() - 1, 1)
        for name, field in zip(names, self.days, strict=True):
            field.setPlaceholderText(self.tr("10:00–18:00, or closed"))
            self._add(name, field, name)
        self.holidays.setPlaceholderText(self.tr("as on any other day"))
        self._add(self.tr("Holidays"), self.holidays, self.tr("Hours on public holidays"))
        fields = QVBoxLayout()
        fields.setContentsMargins(0, 0, theme().px(6), 0)
        fields.addLayout(self._grid)
        words = {
            Supervised.OPENING: self.tr("Opening outside hours, earlier by"),
            Supervised.LATE_CLOSE: self.tr("Not closed in time, later by"),
            Supervised.NOT_OPENED: self.tr("Not opened in time, later by"),
        }
        watch = QGridLayout()
        spins = (self.early, self.late, self.missed)
        for row, (what, spin) in enumerate(zip(Supervised, spins, strict=True)):
            box = self.supervised[what]
            box.setText(words[what])
            self._minutes(spin, 240, words[what])
            watch.addWidget(box, row, 0)
            watch.addWidget(spin, row, 1)
        self._minutes(self.repeat, 1440, self.tr("Not closed is told again after"))
        self.repeat.setSpecialValueText(self.tr("never"))
        watch.addWidget(toned("label", self.tr("Not closed is told again after")), 3, 0)
        watch.addWidget(self.repeat, 3, 1)
        fields.addLayout(watch)
        fields.addStretch(1)
        holder, area = QWidget(), QScrollArea()
        holder.setLayout(fields)
        # More fields than a screen is high: it scrolls, and the foot stays.
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        self.body.addWidget(area, 1)
        self._unchanged = toned("instruction", wrap=True)
        self.body.addWidget(self._unchanged)
        self._sentence = toned("second", wrap=True)
        self.body.addWidget(self._sentence)
        self.next = KeyButton(self.tr("Keep hours"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self.remove = KeyButton(self.tr("No hours"), "Alt+Del")
        self.remove.clicked.connect(self.press_remove)
        self.add_foot(self.next, self.remove)

    def _add(self, label: str, field: QLineEdit | QComboBox, spoken: str) -> None:
        field.setAccessibleName(spoken)
        if isinstance(field, QLineEdit):
            field.setMaxLength(120)
        row = self._grid.rowCount()
        self._grid.addWidget(toned("label", label), row, 0)
        self._grid.addWidget(field, row, 1)

    def _minutes(self, spin: QSpinBox, most: int, spoken: str) -> None:
        spin.setRange(0, most)
        spin.setSuffix(self.tr(" min"))
        spin.setAccessibleName(spoken)

    # -- what is shown --------------------------------------------------------------------------

    def show_area(self, site: str, area: AreaWeek, depends: tuple[str, ...]) -> None:
        """The standing hours of an area; what was typed and not sent is there again."""
        self._site, self.area, self._version = site, area, area.version
        self.head_text.setText(area.name or self.tr("Area {0}").format(area.area))
        self.remove.setVisible(area.hours is not None)
        unchanged = self.tr("Patrols and procedures are unchanged.")
        if depends:
            task = self.tr("The service desk gets a task, for these depend on the hours: {0}.")
            unchanged = f"{unchanged} {task.format(', '.join(depends))}"
        self._unchanged.setText(unchanged)
        draft = self._drafts.get(self._key())
        self._fill(area.hours or AreaHours(weekly=((),) * 7))
        if draft is not None:
            self._restore(draft)
        self._say(self.tr("What was typed before is kept.") if draft else "", "second")

    def begin(self) -> None:
        """Put the cursor where writing begins."""
        self.days[0].setFocus()
        self.days[0].selectAll()

    def done(self) -> None:
        """It was taken: nothing waits any more."""
        self._drafts.pop(self._key(), None)

    def _key(self) -> tuple[str, str]:
        return (self._site, self.area.area if self.area else "")

    def _typed(self) -> tuple[QLineEdit, ...]:
        return (*self.days, self.holidays, self.name, self.first, self.last)

    def _spins(self) -> tuple[QSpinBox, ...]:
        return (self.early, self.late, self.missed, self.repeat)

    def _fill(self, hours: AreaHours) -> None:
        self._week, self._seasons, self._at = list(hours.weekly), list(hours.seasons), _STANDARD
        self.holidays.setText("" if hours.on_holidays is None else hours_said(hours.on_holidays))
        for what, box in self.supervised.items():
            box.setChecked(what in hours.supervised)
        minutes = (hours.early_min, hours.late_min, hours.missed_min, hours.repeat_min)
        for spin, value in zip(self._spins(), minutes, strict=True):
            spin.setValue(value)
        self._show_week()

    def _restore(self, draft: _Draft) -> None:
        self._week, self._seasons, self._at = list(draft.week), list(draft.seasons), draft.at
        self._show_week()
        for field, text in zip(self._typed(), draft.typed, strict=True):
            field.setText(text)
        for box, on in zip(self.supervised.values(), draft.supervised, strict=True):
            box.setChecked(on)
        for spin, minutes in zip(self._spins(), draft.minutes, strict=True):
            spin.setValue(minutes)

    def _show_week(self) -> None:
        self.which.clear()
        self.which.addItem(self.tr("Standard week"), _STANDARD)
        for number, one in enumerate(self._seasons):
            self.which.addItem(self.tr("Season: {0}").format(one.name), number)
        self.which.addItem(self.tr("New season"), _NEW)
        self.which.setCurrentIndex(self.which.findData(self._at))
        season = self._seasons[self._at] if self._at >= 0 else None
        for field, spans in zip(self.days, season.weekly if season else self._week, strict=True):
            field.setText(hours_said(spans))
        self.name.setText(season.name if season else "")
        self.first.setText(_shown(season.first) if season else "")
        self.last.setText(_shown(season.last) if season else "")
        for widget in (self._season_label, self.name, self.first, self.last):
            widget.setVisible(self._at != _STANDARD)

    def _turn(self) -> None:
        """Another week is chosen: what stands in the fields is taken in first, or it stays with what is wrong."""
        wanted, at, before = self.which.currentData(), self._at, len(self._seasons)
        if not self._take_in():
            self.which.setCurrentIndex(self.which.findData(self._at))
            return
        if len(self._seasons) < before:
            wanted = _STANDARD if wanted == at else wanted - 1 if wanted > at else wanted
        self._at = wanted
        self._show_week()
        (self.days[0] if self._at != _NEW else self.name).setFocus()

    def _take_in(self) -> bool:
        """Take in what the seven fields and the season's say; False, with the sentence, where they cannot be meant."""
        week = []
        for field in self.days:
            try:
                week.append(read_hours(field.text()))
            except ValueError as error:
                self._refuse_at(field, str(error))
                return False
        if self._at == _STANDARD:
            self._week = week
            return True
        if not self.name.text().strip():
            if self._at >= 0:
                del self._seasons[self._at]
            self._at = _STANDARD
            return True
        try:
            season = Season(
                name=self.name.text(), first=_kept(self.first.text()), last=_kept(self.last.text()), weekly=tuple(week)
            )
        except ValueError:
            sentence = self.tr("A season has a first and a last day: write them as 01/07.")
            self._refuse_at(self.first if not _is_day(self.first.text()) else self.last, sentence)
            return False
        if self._at == _NEW:
            self._seasons.append(season)
            self._at = len(self._seasons) - 1
        else:
            self._seasons[self._at] = season
        return True

    # -- acts -----------------------------------------------------------------------------------

    def _say(self, sentence: str, tone: str) -> None:
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        retone(self._sentence, tone)
        self.speak(self.head_text.text(), self._unchanged.text(), sentence)

    def _refuse_at(self, field: QLineEdit, sentence: str) -> None:
        self._say(sentence, "refused")
        field.setFocus()
        field.selectAll()

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self._say(sentence, "refused")
        if field is not None and field.startswith("hours.on_holidays"):
            self.holidays.setFocus()

    def hours(self) -> AreaHours | None:
        """What the card says; None, with the sentence on it, where that cannot be meant."""
        before = len(self._seasons)
        if not self._take_in():
            return None
        if len(self._seasons) != before:
            self._show_week()
        try:
            on_holidays = read_hours(self.holidays.text()) if self.holidays.text().strip() else None
        except ValueError as error:
            self._refuse_at(self.holidays, str(error))
            return None
        try:
            return AreaHours(
                weekly=tuple(self._week),
                on_holidays=on_holidays,
                seasons=tuple(self._seasons),
                supervised=tuple(what for what, box in self.supervised.items() if box.isChecked()),
                early_min=self.early.value(),
                late_min=self.late.value(),
                missed_min=self.missed.value(),
                repeat_min=self.repeat.value(),
            )
        except ValueError:
            self._say(self.tr("Two seasons hold the same day: their days must not meet."), "refused")
            return None

    def press_next(self) -> None:
        """Enter."""
        hours = None if self.area is None else self.hours()
        if hours is not None and self.area is not None:
            self.wanted.emit(self.area.area, hours, self._version)

    def press_remove(self) -> None:
        """Alt+Del."""
        if self.area is not None and self.area.hours is not None:
            self.wanted.emit(self.area.area, None, self._version)

    def press_back(self) -> bool:
        """Esc: what was typed waits for this area."""
        if self.area is not None:
            self._drafts[self._key()] = _Draft(
                tuple(self._week),
                tuple(self._seasons),
                self._at,
                tuple(field.text() for field in self._typed()),
                tuple(box.isChecked() for box in self.supervised.values()),
                tuple(spin.value() for spin in self._spins()),
            )
        self.back.emit()
        return True


def _shown(month_day: str) -> str:
    month, _, day = month_day.partition("-")
    return f"{day}/{month}"


def _kept(shown: str) -> str:
    day, _, month = shown.strip().replace(".", "/").replace("-", "/").partition("/")
    return f"{month.strip().zfill(2)}-{day.strip().zfill(2)}"


def _is_day(shown: str) -> bool:
    try:
        Season(name="x", first=_kept(shown), last=_kept(shown), weekly=((),) * 7)
    except ValueError:
        return False
    return True

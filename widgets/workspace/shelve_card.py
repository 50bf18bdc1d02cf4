"""A zone that tells far too often is put aside for a while (issue 5, 6): which one, for how long, why."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit

from models.records import AlarmView, ErrorBody, ErrorCode, RunawayZone
from widgets.card import Card
from widgets.keycap import KeyButton, retone, toned
from widgets.testing.when import read_minutes


@dataclass(frozen=True, slots=True)
class ShelfOrder:
    """What somebody wants put aside. ``minutes`` None: until it was quiet."""

    alarm: str
    zone: RunawayZone
    why: str
    minutes: int | None
    confirmed: bool


class ShelveCard(Card):
    """Enter puts the zone aside, Esc goes back and keeps what was typed."""

    wanted = Signal(object)
    """:class:`ShelfOrder`."""
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._alarm = ""
        self._zones: tuple[RunawayZone, ...] = ()
        self._confirms = False
        self.head_title.setText(self.tr("Put a zone aside"))
        text = self.tr(
            "Its signals of this kind are received, journaled and marked, and are not presented until it is over. It "
            "comes back by itself; what is still in alarm then is presented. The alarm in hand goes on."
        )
        self.body.addWidget(toned("", text, wrap=True))
        grid = QGridLayout()
        self.zone, self.long, self.why = QComboBox(), QLineEdit(), QLineEdit()
        for row, (label, field) in enumerate(
            ((self.tr("Zone"), self.zone), (self.tr("How long"), self.long), (self.tr("Why"), self.why))
        ):
            grid.addWidget(toned("label", label), row, 0)
            grid.addWidget(field, row, 1)
            field.setAccessibleName(label)
        self.zone.view().setAccessibleName(self.tr("Zone"))
        self.zone.currentIndexChanged.connect(lambda _nth: self._ask_anew())
        self.long.setPlaceholderText(self.tr("until it was quiet for a quarter of an hour; or 30 min, 2 h"))
        self.long.setMaxLength(30)
        self.why.setPlaceholderText(self.tr("Detector defect, cat in the hall, works…"))
        self.why.setMaxLength(500)
        self.body.addLayout(grid)
        self.body.addStretch(1)
        self.next = KeyButton(self.tr("Put aside"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self._sentence = toned("second", wrap=True)
        self.add_foot(self.next, self._sentence)
        self.speak()

    def ask(self, alarm: AlarmView) -> None:
        """The zones of an alarm that tell far too often."""
        if self._alarm != alarm.id:
            self.why.clear()
            self.long.clear()
        if (self._alarm, self._zones) != (alarm.id, alarm.runaway):
            self.zone.clear()
            for zone in alarm.runaway:
                self.zone.addItem(zone.label, zone)
        self._alarm, self._zones = alarm.id, alarm.runaway
        self.head_text.setText(alarm.site.name if alarm.site is not None else alarm.account)
        self._ask_anew()
        self.why.setFocus()

    def _ask_anew(self) -> None:
        self._confirms = False
        self.next.say(self.tr("Put aside"))
        self._say("")

    def _say(self, sentence: str, tone: str = "second") -> None:
        self._sentence.setText(sentence)
        retone(self._sentence, tone)
        self.speak(self.head_text.text(), sentence)

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self._say(sentence, "refused")
        widget = {"why": self.why, "minutes": self.long, "zone": self.zone}.get(field or "")
        if widget is not None:
            widget.setFocus()

    def refused(self, body: ErrorBody) -> None:
        """Why the station refused it; life safety is confirmed by the same key."""
        self.refuse(body.sentence, body.field)
        if body.code is ErrorCode.CONFIRM:
            self._confirms = True
            self.next.say(self.tr("Confirm"))
            self.next.setFocus()

    def press_next(self) -> None:
        """Enter."""
        zone = self.zone.currentData()
        if not isinstance(zone, RunawayZone):
            self.refuse(self.tr("No zone of this alarm tells far too often."))
        elif zone.kind is None:
            self.refuse(self.tr("What it tells is of no known kind, and is always presented."), "zone")
        elif not self.why.text().strip():
            self.refuse(self.tr("Say why it is put aside."), "why")
        else:
            try:
                minutes = read_minutes(self.long.text()) if self.long.text().strip() else None
            except ValueError as error:
                self.refuse(str(error), "minutes")
                return
            self.wanted.emit(ShelfOrder(self._alarm, zone, self.why.text().strip(), minutes, self._confirms))

    def press_back(self) -> bool:
        """Esc: what was typed stays."""
        self.back.emit()
        return True

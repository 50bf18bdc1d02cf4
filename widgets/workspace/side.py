"""The right column: site, state, notes, park."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QStackedWidget, QVBoxLayout, QWidget

from models.records import AlarmDetail
from widgets.facts import Facts
from widgets.keycap import KeyButton, KeyCap, toned
from widgets.lines import Line, Lines
from widgets.panel import Panel
from widgets.queue.preview import address
from widgets.theme import theme
from widgets.words import clock, minute
from widgets.workspace.close_card import ReasonEdit

WORDS_SHOWN_S = 15
"""Code words are shown for so long (rulebook H)."""
_HIDDEN = "●●●●●●●"


class SidePanels(QWidget):
    """What the operator needs beside the calls."""

    note_written = Signal(str)
    park_wanted = Signal(float, str)
    """Minutes, reason."""
    left_field = Signal()
    """Esc or done: the focus goes back to the card."""

    def __init__(self) -> None:
        super().__init__()
        self._alarm = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(12))
        column.addWidget(self._build_site(), 280)
        column.addWidget(self._build_state(), 160)
        column.addWidget(self._build_notes(), 300)
        column.addWidget(self._build_park())
        self._hide_words = QTimer(self)
        self._hide_words.setSingleShot(True)
        self._hide_words.setInterval(WORDS_SHOWN_S * 1000)
        self._hide_words.timeout.connect(self.hide_words)

    def _build_site(self) -> Panel:
        panel = Panel(self.tr("Site"), self.tr("site file"), "F3")
        self._site = Facts(92)
        panel.body.addWidget(self._site)
        row = QHBoxLayout()
        row.setContentsMargins(theme().px(14), 0, theme().px(14), theme().px(6))
        label = toned("label", self.tr("Code words"))
        label.setFixedWidth(theme().px(92))
        row.addWidget(label)
        row.addSpacing(theme().px(6))
        self.words = toned("strong", _HIDDEN, wrap=True)
        self.words.setAccessibleName(self.tr("Code words, hidden"))
        row.addWidget(self.words, 1)
        row.addWidget(KeyCap("Alt+C"))
        panel.body.addLayout(row)
        self._instructions = toned("instruction", wrap=True)
        holder = QHBoxLayout()
        holder.setContentsMargins(theme().px(14), 0, theme().px(14), theme().px(8))
        holder.addWidget(self._instructions)
        panel.body.addLayout(holder)
        panel.body.addStretch(1)
        return panel

    def _build_state(self) -> Panel:
        self._state_panel = Panel(self.tr("State now"))
        self._state = Facts(120)
        self._state_panel.body.addWidget(self._state)
        self._state_panel.body.addStretch(1)
        return self._state_panel

    def _build_notes(self) -> Panel:
        panel = Panel(self.tr("Notes"), self.tr("write"), "F9")
        self._notes = Lines(self.tr("Notes"), self.tr("No notes yet."), 60, whole=True)
        self.note = ReasonEdit()
        self.note.setPlaceholderText(self.tr("F9, write, Enter saves. Esc returns to the call."))
        self.note.setAccessibleName(self.tr("Write a note"))
        self.note.entered.connect(self._note_entered)
        panel.body.addWidget(self._notes, 2)
        holder = QVBoxLayout()
        holder.setContentsMargins(theme().px(14), theme().px(6), theme().px(14), theme().px(14))
        holder.addWidget(self.note)
        panel.body.addLayout(holder, 3)
        return panel

    def _build_park(self) -> QWidget:
        panel = Panel("")
        panel.header.hide()
        self._park = QStackedWidget()
        self._park.setFixedHeight(theme().px(54))
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.addWidget(toned("strong", self.tr("Park")))
        self.park_buttons = [
            KeyButton(self.tr("5 min"), "F8"),
            KeyButton(self.tr("15 min"), "Shift+F8"),
            KeyButton(self.tr("other…"), "Ctrl+F8"),
        ]
        for button, minutes in zip(self.park_buttons, (5, 15, None), strict=True):
            button.clicked.connect(lambda _checked=False, wanted=minutes: self.ask_park(wanted))
            row.addWidget(button)
        row.addStretch(1)
        self._park.addWidget(buttons)
        ask = QWidget()
        asked = QHBoxLayout(ask)
        self._at_most = toned("strong", self.tr("Park"))
        asked.addWidget(self._at_most)
        self.minutes = QSpinBox()
        self.minutes.setRange(1, 24 * 60)
        self.minutes.setSuffix(self.tr(" min"))
        self.minutes.setAccessibleName(self.tr("Minutes to park"))
        self.park_reason = QLineEdit()
        self.park_reason.setPlaceholderText(self.tr("What are we waiting for? Enter parks, Esc goes back"))
        self.park_reason.setAccessibleName(self.tr("Reason for parking"))
        self.park_reason.setMaxLength(500)
        asked.addWidget(self.minutes)
        asked.addWidget(self.park_reason, 1)
        self._park.addWidget(ask)
        panel.body.addWidget(self._park)
        self.park_refusal = toned("refused", wrap=True)
        self.park_refusal.setContentsMargins(theme().px(14), 0, theme().px(14), theme().px(8))
        self.park_refusal.hide()
        panel.body.addWidget(self.park_refusal)
        return panel

    # -- what it shows --------------------------------------------------------------------------

    def show_detail(self, detail: AlarmDetail) -> None:
        """Fill the column."""
        alarm, sheet = detail.alarm, detail.sheet
        if alarm.id != self._alarm:
            self._alarm = alarm.id
            self.note.clear()
            self.park_reason.clear()
            self._park.setCurrentIndex(0)
            self.park_refusal.hide()
            self.hide_words()
        self._limit_park(alarm.longest_park_s // 60)
        if sheet is None:
            unknown = (self.tr("Account"), self.tr("{0}: no site has it").format(alarm.account))
            if not alarm.account:
                unknown = (self.tr("Site"), self.tr("none: it is about the station itself"))
            many = (self.tr("Sites"), self.tr("many, listed under the card"))
            self._site.tell([unknown if alarm.outage is None else many])
            self._instructions.hide()
            self._state.tell([(self.tr("State"), self.tr("not transmitted"))])
        else:
            self._site.tell(
                [
                    (self.tr("Address"), address(alarm)),
                    (self.tr("Access"), sheet.access or self.tr("Nothing is noted.")),
                    *([(self.tr("Keys held"), sheet.keys)] if sheet.keys else []),
                    (self.tr("Accounts"), ", ".join(sheet.accounts)),
                ]
            )
            note = self.tr("Note for now. {0}").format(sheet.note) if sheet.note else ""
            instructions = self.tr("Special instructions. {0}").format(sheet.instructions) if sheet.instructions else ""
            self._instructions.setText("\n".join(filter(None, (note, instructions))))
            self._instructions.setVisible(bool(note or instructions))
            test = self.tr(" · in test")
            states = [(area.name, area.words + (test if area.in_test else "")) for area in sheet.areas]
            last = datetime.fromisoformat(sheet.line).astimezone(UTC) if sheet.line else None
            line = self.tr("last signal {0}").format(clock(last)) if last else self.tr("nothing received yet")
            self._state.tell([*states, (self.tr("Line"), line)])
        words = sheet is not None and (sheet.has_code_words or sheet.has_duress_words)
        if not self._hide_words.isActive():
            self.words.setText(_HIDDEN if words else self.tr("none on file"))
        self._notes.tell([Line(minute(note.at), note.text, right=note.by, dim=True) for note in reversed(detail.notes)])

    def show_words(self, words: dict[str, dict[str, str]]) -> None:
        """The code words, for fifteen seconds."""
        lines = []
        for contact in words.values():
            line = f"{contact.get('name', '')}: {contact.get('code', '–')}"
            if contact.get("duress"):
                line += self.tr(" · duress {0}").format(contact["duress"])
            lines.append(line)
        self.words.setText("\n".join(lines) or self.tr("none on file"))
        self.words.setAccessibleName(self.tr("Code words: {0}").format(", ".join(lines) or self.tr("none on file")))
        self._hide_words.start()

    def hide_words(self) -> None:
        """Out of sight again."""
        self._hide_words.stop()
        self.words.setText(_HIDDEN)
        self.words.setAccessibleName(self.tr("Code words, hidden"))

    def _limit_park(self, longest: int) -> None:
        """Offer no more minutes than the station grants this alarm (I4)."""
        self.minutes.setMaximum(max(1, longest))
        self._at_most.setText(self.tr("Park, {0} min at most").format(longest))
        for button, minutes in zip(self.park_buttons, (5, 15, 1), strict=True):
            button.setEnabled(minutes <= longest)

    # -- what is done ---------------------------------------------------------------------------

    def refuse_park(self, sentence: str, field: str | None) -> None:
        """Why it was not parked, where it was asked for."""
        self._park.setCurrentIndex(1)
        self.park_refusal.setText(sentence)
        self.park_refusal.show()
        (self.minutes if field == "minutes" else self.park_reason).setFocus()

    def ask_park(self, minutes: int | None) -> None:
        """F8: ask for the reason, and the minutes where they are not given."""
        self._park.setCurrentIndex(1)
        self.park_refusal.hide()
        self.minutes.setValue(minutes or 30)
        if minutes is None:
            self.minutes.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.minutes.selectAll()
        else:
            self.park_reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def press_next(self) -> bool:
        """Enter in one of its fields; whether it was used up."""
        if self._park.currentIndex() == 1 and (self.park_reason.hasFocus() or self.minutes.hasFocus()):
            self.park_refusal.hide()
            if not self.park_reason.text().strip():
                self.park_reason.setFocus()
            else:
                self.park_wanted.emit(float(self.minutes.value()), self.park_reason.text().strip())
            return True
        return False

    def press_back(self) -> bool:
        """Esc: leave a field, keeping what was typed."""
        if self._park.currentIndex() == 1:
            self._park.setCurrentIndex(0)
            self.park_refusal.hide()
            self.left_field.emit()
            return True
        if self.note.hasFocus():
            self.left_field.emit()
            return True
        return False

    def _note_entered(self) -> None:
        text = self.note.toPlainText().strip()
        if text:
            self.note_written.emit(text)
            self.left_field.emit()

    def note_saved(self, text: str) -> None:
        """That note is in the journal; what was written since stays."""
        if self.note.toPlainText().strip() == text:
            self.note.clear()

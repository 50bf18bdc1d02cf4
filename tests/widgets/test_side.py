"""The right column: code words for a moment, notes, park with a reason (I4, I9, H)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from models.records import AreaState, SiteSheet
from tests.widgets.made import SITE, alarm, detail, held
from widgets.workspace.side import SidePanels

SHEET = SiteSheet(site=SITE, access="Sleutel bij nr 3", accounts=("1001",), has_code_words=True)
WORDS = {"c1": {"name": "An Peeters", "code": "tulp", "duress": "roos"}, "c2": {"name": "Bert Maes", "code": "distel"}}


class Wanted:
    """What the operator asked for, in order."""

    def __init__(self, side: SidePanels) -> None:
        self.all: list[tuple[object, ...]] = []
        side.note_written.connect(lambda text: self.all.append(("note", text)))
        side.park_wanted.connect(lambda minutes, reason: self.all.append(("park", minutes, reason)))
        side.left_field.connect(lambda: self.all.append(("left",)))


@pytest.fixture
def side(show: Callable[[QWidget], None]) -> SidePanels:
    side = SidePanels()
    show(side)
    side.show_detail(detail(sheet=SHEET))
    return side


@pytest.fixture
def wanted(side: SidePanels) -> Wanted:
    return Wanted(side)


def hidden(side: SidePanels) -> bool:
    return "tulp" not in side.words.text() and "tulp" not in side.words.accessibleName()


def test_I9_code_words_are_hidden_until_they_are_asked_for(side: SidePanels) -> None:
    assert hidden(side)
    assert side.words.accessibleName() == "Code words, hidden"
    side.show_detail(detail(sheet=SHEET.model_copy(update={"has_code_words": False})))
    assert side.words.text() == "none on file"


def test_I9_code_words_are_shown_for_fifteen_seconds(side: SidePanels) -> None:
    side.show_words(WORDS)
    assert side.words.text() == "An Peeters: tulp · duress roos\nBert Maes: distel"
    assert "tulp" in side.words.accessibleName(), "a screen reader hears them too"
    timer = side._hide_words
    assert timer.isActive()
    assert timer.isSingleShot()
    assert timer.interval() == 15_000
    side.show_detail(detail(held(last_seq=11), sheet=SHEET))
    assert not hidden(side), "a new signal does not take them away"
    timer.timeout.emit()
    assert hidden(side)
    assert side.words.accessibleName() == "Code words, hidden"


def test_I9_code_words_go_with_their_alarm(side: SidePanels) -> None:
    side.show_words(WORDS)
    side.show_detail(detail(held("A2"), sheet=SHEET))
    assert hidden(side)
    assert not side._hide_words.isActive()


@pytest.mark.parametrize("minutes", [5, 15])
def test_I4_park_asks_for_a_reason(side: SidePanels, wanted: Wanted, minutes: int) -> None:
    side.ask_park(minutes)
    assert side.park_reason.hasFocus()
    assert side.press_next()
    assert wanted.all == []
    QTest.keyClicks(side.park_reason, "Patrouille 5 min")
    assert side.press_next()
    assert wanted.all == [("park", float(minutes), "Patrouille 5 min")]


def test_I4_park_for_another_time_asks_for_the_minutes(side: SidePanels, wanted: Wanted) -> None:
    side.ask_park(None)
    assert side.minutes.hasFocus()
    assert (side.minutes.minimum(), side.minutes.maximum()) == (1, 24 * 60)
    QTest.keyClicks(side.minutes, "45")
    assert side.press_next()
    assert side.park_reason.hasFocus()
    side.park_reason.setText("Elektricien komt")
    side.press_next()
    assert wanted.all == [("park", 45.0, "Elektricien komt")]


def test_esc_leaves_a_field_and_keeps_what_was_typed(side: SidePanels, wanted: Wanted) -> None:
    side.ask_park(5)
    side.park_reason.setText("half")
    assert side.press_back()
    assert wanted.all == [("left",)]
    side.ask_park(5)
    assert side.park_reason.text() == "half"
    side.press_back()
    side.note.setFocus()
    side.note.setPlainText("half a note")
    assert side.press_back()
    assert side.note.toPlainText() == "half a note"
    assert len(wanted.all) == 3


def test_enter_is_not_used_up_elsewhere(side: SidePanels, wanted: Wanted) -> None:
    assert not side.press_next()
    side.ask_park(5)
    side.note.setFocus()
    assert not side.press_next()
    assert wanted.all == []


def test_a_note_is_saved_by_enter_and_shift_enter_writes_a_line(side: SidePanels, wanted: Wanted) -> None:
    side.note.setFocus()
    QTest.keyClick(side.note, Qt.Key.Key_Return)
    assert wanted.all == []
    QTest.keyClicks(side.note, "een")
    QTest.keyClick(side.note, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(side.note, "twee")
    QTest.keyClick(side.note, Qt.Key.Key_Return)
    assert wanted.all == [("note", "een\ntwee"), ("left",)]


def test_a_note_stays_until_it_is_in_the_journal(side: SidePanels) -> None:
    side.note.setPlainText("Sleutel bij nr 3")
    side.note.entered.emit()
    assert side.note.toPlainText() == "Sleutel bij nr 3", "it may still be refused"
    side.note_saved("Sleutel bij nr 3")
    assert side.note.toPlainText() == ""
    side.note.setPlainText("the next one")
    side.note_saved("Sleutel bij nr 3")
    assert side.note.toPlainText() == "the next one"


def test_nothing_typed_goes_over_to_another_alarm(side: SidePanels) -> None:
    side.note.setPlainText("of the first")
    side.ask_park(5)
    side.park_reason.setText("of the first")
    side.show_detail(detail(held("A2"), sheet=SHEET))
    assert (side.note.toPlainText(), side.park_reason.text(), side._park.currentIndex()) == ("", "", 0)


def test_B3_what_is_not_transmitted_is_said_to_be_so(side: SidePanels) -> None:
    areas = (AreaState(area="1", name="Winkel", words="not transmitted"),)
    side.show_detail(detail(sheet=SHEET.model_copy(update={"areas": areas, "line": ""})))
    assert side._state._shown == (("Winkel", "not transmitted"), ("Line", "nothing received yet"))
    side.show_detail(detail(alarm(site=None, account="8001")))
    assert side._state._shown == (("State", "not transmitted"),)
    assert side._site._shown == (("Account", "8001: no site has it"),)


def test_I4_no_more_minutes_are_offered_than_an_alarm_may_be_parked_for(side: SidePanels) -> None:
    side.show_detail(detail(alarm(priority=1, longest_park_s=300)))
    side.ask_park(15)
    assert (side.minutes.value(), side.minutes.maximum()) == (5, 5)
    assert [button.isEnabled() for button in side.park_buttons] == [True, False, True]
    side.show_detail(detail(alarm(id="later", priority=3, longest_park_s=3600)))
    side.ask_park(15)
    assert (side.minutes.value(), side.minutes.maximum()) == (15, 60)


def test_a_refused_park_is_said_where_it_was_asked_for_and_keeps_what_was_typed(side: SidePanels) -> None:
    side.ask_park(15)
    side.park_reason.setText("Elektricien")
    side.refuse_park("At most 5 minutes.", "minutes")
    assert side.park_refusal.isVisible()
    assert side.park_refusal.text() == "At most 5 minutes."
    assert side.minutes.hasFocus()
    assert side.park_reason.text() == "Elektricien"
    side.press_back()
    assert not side.park_refusal.isVisible()

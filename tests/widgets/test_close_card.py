"""The close card: what is missing, what is kept, and that a cancel comes before the close (G4, E5, I8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from models.records import AlarmInTest, CallOutcome, Disposition
from tests.widgets.made import AN, BERT, POLICE, ago, cancelled, detail, held, in_test, tried
from widgets.words import clock
from widgets.workspace.close_card import DISPOSITION_WORDS, CloseCard


class Wanted:
    """What the operator asked for, in order."""

    def __init__(self, card: CloseCard) -> None:
        self.all: list[tuple[object, ...]] = []
        card.close_asked.connect(lambda disposition, reason: self.all.append(("close", disposition, reason)))
        card.cancel_asked.connect(lambda contact, why, word: self.all.append(("cancel", contact, why, word)))


@pytest.fixture
def card(qtbot: QtBot) -> CloseCard:
    card = CloseCard()
    qtbot.addWidget(card)
    card.show_detail(detail())
    return card


@pytest.fixture
def wanted(card: CloseCard) -> Wanted:
    return Wanted(card)


def said(card: CloseCard) -> str:
    return card._sentence.text()


def enter(card: CloseCard) -> str:
    card.press_next()
    return said(card)


def test_I8_it_says_what_is_missing_in_order(card: CloseCard, wanted: Wanted) -> None:
    missing = {"missing": ("Police Gent must be called.",)}
    card.show_detail(detail(held(unseen=2, priority=2), of_plan=missing))
    assert enter(card) == "2 new signals: Alt+A marks what is shown seen."
    card.show_detail(detail(held(priority=2), of_plan=missing))
    assert enter(card) == "Choose how it ended: 1 to 8."
    card.press_digit(6)
    assert card.chosen is Disposition.CANCELLED
    assert enter(card) == "Say who cancelled."
    card.who.setCurrentIndex(1)
    assert enter(card) == "An Peeters was not called: give the code word."
    card.word.setText("tulp")
    assert enter(card) == "Give the reason in words."
    card.who.setCurrentIndex(0)
    card.press_digit(1)
    assert enter(card) == "Police Gent must be called."
    card.show_detail(detail(held(priority=2)))
    assert enter(card) == "Give the reason in words."
    assert wanted.all == []
    card.reason.setPlainText("Verkeerde code")
    card.press_next()
    assert wanted.all == [("close", Disposition.FALSE_USER, "Verkeerde code")]


def test_the_reason_may_be_left_out_below_high(card: CloseCard, wanted: Wanted) -> None:
    card.press_digit(2)
    card.press_next()
    assert wanted.all == [("close", Disposition.FALSE_TECHNICAL, "")]


@pytest.mark.parametrize("digit", range(1, 9))
def test_digits_choose_in_the_order_of_the_screen(card: CloseCard, digit: int) -> None:
    card.press_digit(digit)
    assert card.chosen is list(Disposition)[digit - 1]
    assert [which for which, button in card.buttons.items() if button.isChecked()] == [card.chosen]
    assert len(DISPOSITION_WORDS) == 8


def test_G4_who_cancelled_is_told_to_the_station_before_the_close(card: CloseCard, wanted: Wanted) -> None:
    card.show_detail(detail(held(), tried(AN, CallOutcome.VERIFIED), BERT, current=None))
    card.press_digit(6)
    card.who.setCurrentIndex(1)
    assert not card.word.isVisibleTo(card), "verified by phone: no code word is asked"
    card.reason.setPlainText("Bezoek")
    card.press_next()
    assert wanted.all == [("cancel", AN.contact, "Bezoek", None)]
    card.show_detail(detail(held(cancelled=cancelled()), tried(AN, CallOutcome.VERIFIED), BERT, current=None))
    assert card.who.currentText() == f"E. Laurent, {clock(ago(5))}, app"
    assert not card.who.isEnabled()
    card.press_next()
    assert wanted.all[1:] == [("close", Disposition.CANCELLED, "Bezoek")]


def test_I9_the_code_word_is_hidden_and_forgotten_once_sent(card: CloseCard, wanted: Wanted) -> None:
    card.press_digit(6)
    card.who.setCurrentIndex(2)
    assert card.word.isVisibleTo(card)
    assert card.word.echoMode() is card.word.EchoMode.Password
    card.word.setText("distel")
    card.reason.setPlainText("Bezoek")
    card.press_next()
    assert wanted.all == [("cancel", BERT.contact, "Bezoek", "distel")]
    assert card.word.text() == ""


def test_only_who_can_be_verified_can_cancel(card: CloseCard) -> None:
    nobody = BERT.model_copy(update={"has_code_word": False})
    card.show_detail(detail(held(), AN, nobody, POLICE))
    assert [card.who.itemText(row).split(",")[0] for row in range(card.who.count())] == ["Nobody", "An Peeters"]


def test_E5_whoever_may_not_cancel_is_seen_with_the_reason_and_cannot_be_chosen(card: CloseCard) -> None:
    barred = BERT.model_copy(update={"may_cancel": False})
    card.show_detail(detail(held(), tried(barred, CallOutcome.VERIFIED), AN, POLICE))
    said_of = [card.who.itemText(row) for row in range(card.who.count())]
    assert said_of == ["Nobody", "An Peeters, asks: code word needed", "Bert Maes, has no right to cancel"]
    card.who.setFocus()
    for _ in range(3):
        QTest.keyClick(card.who, Qt.Key.Key_Down)
    assert card.who.currentText().startswith("An Peeters")


def test_E5_where_nobody_may_cancel_it_says_so_and_any_other_end_is_open(card: CloseCard, wanted: Wanted) -> None:
    card.show_detail(detail(held(), BERT.model_copy(update={"may_cancel": False}), POLICE))
    card.press_digit(6)
    assert enter(card) == "Nobody on this call list may cancel: choose another end, or go on as the list says."
    card.press_digit(1)
    card.press_next()
    assert wanted.all == [("close", Disposition.FALSE_USER, "")]


def test_what_was_typed_stays_for_the_same_alarm(card: CloseCard) -> None:
    card.press_digit(6)
    card.who.setCurrentIndex(2)
    card.word.setText("dis")
    card.reason.setPlainText("half a reason")
    assert card.press_back()
    card.show_detail(detail(held(version=3, unseen=1), tried(AN, CallOutcome.BUSY), BERT, current=1))
    assert card.chosen is Disposition.CANCELLED
    assert card.who.currentText().startswith("Bert Maes")
    assert (card.word.text(), card.reason.toPlainText()) == ("dis", "half a reason")


def test_nothing_is_kept_for_another_alarm(card: CloseCard, wanted: Wanted) -> None:
    card.press_digit(6)
    card.who.setCurrentIndex(2)
    card.word.setText("distel")
    card.reason.setPlainText("of the first alarm")
    # Another alarm of the same site: the same contacts are on its list.
    card.show_detail(detail(held("A2")))
    assert card.chosen is None
    assert card.who.currentText() == "Nobody"
    assert (card.word.text(), card.reason.toPlainText()) == ("", "")
    card.press_next()
    assert wanted.all == []


def test_what_is_done_is_said_in_the_head(card: CloseCard) -> None:
    card.show_detail(detail(held(unseen=1), tried(AN, CallOutcome.VERIFIED), BERT, current=None))
    said = f"An Peeters reached {clock(ago(10))} · required steps done · 1 signal not seen"
    assert card.head_text.text() == said


def test_enter_closes_and_shift_enter_writes_a_line(
    card: CloseCard, wanted: Wanted, show: Callable[[QWidget], None]
) -> None:
    show(card)
    card.press_digit(1)
    assert card.reason.hasFocus()
    QTest.keyClicks(card.reason, "een")
    QTest.keyClick(card.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(card.reason, "twee 2")
    assert wanted.all == []
    QTest.keyClick(card.reason, Qt.Key.Key_Return)
    assert wanted.all == [("close", Disposition.FALSE_USER, "een\ntwee 2")]


@pytest.mark.parametrize(("field", "widget"), [("reason", "reason"), ("contact", "who"), ("code_word", "word")])
def test_I12_a_refusal_names_the_field_and_goes_there(
    card: CloseCard, show: Callable[[QWidget], None], field: str, widget: str
) -> None:
    show(card)
    card.press_digit(6)
    card.who.setCurrentIndex(2)
    card.refuse("The code word is wrong.", field)
    more = " Bert Maes, try 1. Ask again; or Esc, call them, and 2 says Wrong code." if field == "code_word" else ""
    assert said(card) == "The code word is wrong." + more
    assert getattr(card, widget).hasFocus()


MISSING = {"missing": ("Police Gent must be called.",)}
INSIDE = AlarmInTest(inside=("Office",))


def test_F5_an_alarm_of_the_tests_place_is_offered_to_be_closed_for_it(card: CloseCard, wanted: Wanted) -> None:
    card.show_detail(detail(tests=(in_test(why="Detector replaced"),), in_test=INSIDE, of_plan=MISSING))
    assert (card.chosen, card.reason.toPlainText()) == (Disposition.WORK_ON_SITE, "test: Detector replaced")
    assert wanted.all == [], "never by itself"
    assert enter(card) == "Police Gent must be called."
    assert wanted.all == []
    card.show_detail(detail(tests=(in_test(why="Detector replaced"),), in_test=INSIDE))
    card.press_next()
    assert wanted.all == [("close", Disposition.WORK_ON_SITE, "test: Detector replaced")]


@pytest.mark.parametrize(
    ("found", "changes"),
    [
        (AlarmInTest(outside=("Hall",)), {}),
        (AlarmInTest(inside=("Office",), outside=("Hall",)), {}),
        (INSIDE, {"life_safety": True}),
    ],
)
def test_F5_what_is_outside_the_test_or_life_safety_is_offered_nothing(
    card: CloseCard, found: AlarmInTest, changes: dict[str, Any]
) -> None:
    card.show_detail(detail(held(**changes), tests=(in_test(),), in_test=found))
    assert (card.chosen, card.reason.toPlainText()) == (None, "")


def test_F5_what_was_chosen_before_the_test_began_stays_chosen(card: CloseCard) -> None:
    card.show_detail(detail())
    card.press_digit(1)
    card.show_detail(detail(tests=(in_test(),), in_test=INSIDE))
    assert card.chosen is Disposition.FALSE_USER
    card.show_detail(detail())
    assert (card.chosen, card.reason.toPlainText()) == (Disposition.FALSE_USER, "")


def test_F5_the_offer_goes_with_the_test_and_never_over_what_was_typed(card: CloseCard) -> None:
    card.show_detail(detail(tests=(in_test(),), in_test=INSIDE))
    card.show_detail(detail())
    assert (card.chosen, card.reason.toPlainText()) == (None, "")
    card.press_digit(1)
    card.reason.setPlainText("Verkeerde code")
    card.show_detail(detail(tests=(in_test(),), in_test=INSIDE))
    assert (card.chosen, card.reason.toPlainText()) == (Disposition.FALSE_USER, "Verkeerde code")

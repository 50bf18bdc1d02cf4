"""The Now card: what Enter and the digits do, and what they never do (C4, G3, I8)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from models.records import CallOutcome, StepKind, StepState
from tests.widgets.made import AN, BERT, NOW, POLICE, calling, cancelled, detail, held, step, tried
from widgets.workspace import now_card
from widgets.workspace.now_card import NowCard

Show = Callable[[QWidget], None]


class Wanted:
    """What the operator asked for, in order."""

    def __init__(self, card: NowCard) -> None:
        self.all: list[tuple[object, ...]] = []
        card.dial.connect(lambda step, number: self.all.append(("dial", step, number)))
        card.ended.connect(lambda step, number, outcome: self.all.append(("ended", step, number, outcome)))
        card.skip.connect(lambda step, why: self.all.append(("skip", step, why)))
        card.close_asked.connect(lambda: self.all.append(("close",)))


@pytest.fixture
def card(qtbot: QtBot) -> NowCard:
    card = NowCard()
    qtbot.addWidget(card)
    card.show_detail(detail(), own=True)
    card.tick(NOW)
    return card


@pytest.fixture
def wanted(card: NowCard) -> Wanted:
    return Wanted(card)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Workstation's seconds, moved by the test."""
    now = [1000.0]
    monkeypatch.setattr(now_card.time, "monotonic", lambda: now[0])
    return now


def test_E5_whom_to_ask_for_the_code_word_and_who_may_not_cancel_is_said_before_the_call(card: NowCard) -> None:
    asks = "Ask for the code word: Alt+C shows it for 15 s, journaled."
    assert card._sentence.text() == asks
    for word, said in ((True, f"{asks} Has no right to cancel."), (False, "Has no right to cancel.")):
        barred = AN.model_copy(update={"may_cancel": False, "has_code_word": word})
        card.show_detail(detail(held(version=3), barred, BERT, POLICE), own=True)
        assert card._sentence.text() == said


def test_G3_enter_dials_the_number_that_is_shown(card: NowCard, wanted: Wanted) -> None:
    assert card._number.text() == "+32 470 55 50 01"
    assert card.head_text.text() == "Step 1 of 3 · call contact 1"
    card.press_next()
    assert wanted.all == [("dial", AN.key, "+32 470 55 50 01")]


def test_G3_enter_does_nothing_during_a_call(card: NowCard, wanted: Wanted) -> None:
    card.show_detail(detail(held(), calling(AN), BERT), own=True)
    assert card.calling()
    card.press_next()
    card.pick(1)
    card.press_skip()
    assert wanted.all == []
    step = card.step()
    assert step is not None
    assert step.name == "An Peeters"
    assert not card.next.isVisibleTo(card)


@pytest.mark.parametrize("digit", range(1, 9))
def test_G3_digits_end_a_call_and_do_nothing_else(card: NowCard, wanted: Wanted, digit: int) -> None:
    card.press_digit(digit)
    assert wanted.all == []
    card.show_detail(detail(held(), calling(AN, 1), BERT), own=True)
    card.press_digit(digit)
    outcome = list(CallOutcome)[digit - 1]
    assert wanted.all == [("ended", AN.key, "+32 9 555 01 01", outcome)]


def test_authorities_give_no_code_word(card: NowCard, wanted: Wanted) -> None:
    card.show_detail(detail(held(), AN, BERT, calling(POLICE), current=2), own=True)
    assert [button.isEnabled() for button in card.outcomes] == [True, False, True, True, True, True, True, False]
    for digit in (2, 8):
        card.press_digit(digit)
    assert wanted.all == []
    card.press_digit(1)
    assert wanted.all == [("ended", POLICE.key, "101", CallOutcome.REACHED)]
    assert card.outcomes[0].words() == "Reached"
    assert card._sentence.text() == "Choose how the call ended: 1, or 3 to 7."


def test_ctrl_digit_picks_a_step_and_then_its_next_number(card: NowCard, wanted: Wanted) -> None:
    shown: list[object] = []
    card.shown_changed.connect(shown.append)
    card.pick(1)
    assert card._number.text() == "+32 470 55 50 02"
    card.pick(0)
    assert card._number.text() == "+32 470 55 50 01"
    card.pick(0)
    assert (card._number.text(), card.head_right.text()) == ("+32 9 555 01 01", "number 2 of 2")
    card.press_next()
    assert wanted.all == [("dial", AN.key, "+32 9 555 01 01")]
    assert shown == [1, 0, 0]
    card.pick(7)
    assert card._number.text() == "+32 9 555 01 01", "there is no such step"


def test_a_picked_step_begins_with_the_number_not_tried_yet(card: NowCard) -> None:
    card.show_detail(detail(held(), tried(AN, CallOutcome.BUSY), BERT, current=1), own=True)
    card.pick(0)
    assert card._number.text() == "+32 9 555 01 01"


def test_C4_a_picked_step_that_is_done_leads_on_to_the_next_to_do(card: NowCard, wanted: Wanted) -> None:
    read = step(2, "Read", kind=StepKind.INSTRUCTION, key="instruction:s3", contact=None)
    card.show_detail(detail(held(), AN, BERT, read), own=True)
    card.pick(2)
    assert card._name.text() == "Read"
    card.press_next()
    done = read.model_copy(update={"state": StepState.DONE})
    card.show_detail(detail(held(version=3), AN, BERT, done), own=True)
    assert card._name.text() == AN.name
    # One that was over before can be picked again, and stays.
    card.pick(2)
    card.show_detail(detail(held(version=4), AN, BERT, done), own=True)
    assert card._name.text() == "Read"


def test_C4_somebody_away_can_still_be_picked_and_it_says_why(card: NowCard) -> None:
    away = BERT.model_copy(update={"state": StepState.AWAY, "why": "Away until Mon 8:00"})
    card.show_detail(detail(held(), AN, away), own=True)
    card.pick(1)
    assert "Away until Mon 8:00" in card._role.text()


def test_skip_needs_a_reason(card: NowCard, wanted: Wanted) -> None:
    card.press_skip()
    card.press_next()
    assert wanted.all == []
    card.why.setText("  On holiday ")
    card.press_next()
    assert wanted.all == [("skip", AN.key, "On holiday")]
    assert card.why.text() == ""
    card.press_next()
    assert wanted.all[1:] == [("dial", AN.key, "+32 470 55 50 01")]


def test_I8_the_step_that_was_asked_about_is_skipped_whatever_comes(card: NowCard, wanted: Wanted) -> None:
    card.press_skip()
    card.why.setText("On holiday")
    # Meanwhile the list changed by itself, and another step is the current one.
    card.show_detail(detail(held(version=3), AN, BERT, current=1), own=False)
    card.press_next()
    assert wanted.all == [("skip", AN.key, "On holiday")]


def test_I8_after_the_step_changed_by_itself_enter_waits_for_the_eye(
    card: NowCard, wanted: Wanted, clock: list[float]
) -> None:
    card.show_detail(detail(held(version=3), AN, BERT, current=1), own=False)
    assert card._sentence.text() == "The step changed by itself: look before you dial."
    clock[0] += 0.69
    card.press_next()
    assert wanted.all == []
    clock[0] += 0.02
    card.press_next()
    assert wanted.all == [("dial", BERT.key, "+32 470 55 50 02")]


def test_I8_an_own_act_or_the_same_step_makes_nobody_wait(card: NowCard, wanted: Wanted, clock: list[float]) -> None:
    card.show_detail(detail(held(version=3), AN, BERT, POLICE), own=False)
    card.press_next()
    card.show_detail(detail(held(version=4), tried(AN, CallOutcome.BUSY), BERT, current=1), own=True)
    card.press_next()
    assert [what[1] for what in wanted.all] == [AN.key, BERT.key]


def test_esc_leaves_the_question_then_the_picked_step(card: NowCard, wanted: Wanted) -> None:
    assert not card.press_back()
    card.pick(1)
    card.press_skip()
    card.why.setText("half a reason")
    assert card.press_back()
    step = card.step()
    assert step is not None
    assert step.key == BERT.key
    assert card.press_back()
    step = card.step()
    assert step is not None
    assert step.key == AN.key
    assert not card.press_back()
    assert wanted.all == []


def test_a_finished_list_leads_to_the_close(card: NowCard, wanted: Wanted) -> None:
    card.show_detail(detail(held(), tried(AN, CallOutcome.VERIFIED), current=None), own=True)
    assert (card._name.text(), card.next.words(), card.next.key) == ("Ready to close", "Close alarm", "F10")
    card.press_next()
    assert wanted.all == [("close",)]


def test_what_is_missing_is_said_before_the_close(card: NowCard) -> None:
    missing = {"missing": ("Police Gent must be called.",)}
    card.show_detail(detail(held(), AN, current=None, of_plan=missing), own=True)
    assert card._name.text() == "Not ready to close"
    assert card._sentence.text() == "Police Gent must be called."


def test_E5_cancelled_in_hand_says_by_whom(card: NowCard) -> None:
    card.show_detail(detail(held(cancelled=cancelled()), AN, current=None), own=True)
    assert card.head_text.text() == "Cancelled by E. Laurent"


def test_another_alarm_begins_anew(card: NowCard, wanted: Wanted, clock: list[float]) -> None:
    card.pick(1)
    card.press_skip()
    card.why.setText("of the first alarm")
    card.show_detail(detail(held("A2")), own=False)
    assert card.why.text() == ""
    card.press_next()
    assert wanted.all == [("dial", AN.key, "+32 470 55 50 01")]


def test_the_handset_is_down_but_the_outcome_is_still_to_be_said(card: NowCard, wanted: Wanted) -> None:
    card.show_detail(detail(held(), calling(AN), BERT), own=True)
    card.tick(NOW)
    assert card._calling.text() == "Calling 0:05"
    card.press_hang_up()
    assert card._calling.text() == "Ended 0:05"
    assert card.calling()
    assert wanted.all == []
    card.press_digit(3)
    assert wanted.all == [("ended", AN.key, "+32 470 55 50 01", CallOutcome.NO_ANSWER)]


def test_no_number_no_dialling(card: NowCard, wanted: Wanted) -> None:
    card.show_detail(detail(held(), AN.model_copy(update={"numbers": ()}), BERT), own=True)
    card.press_next()
    assert wanted.all == []
    assert not card.next.isEnabled()


def test_nothing_is_dialled_before_an_alarm_is_shown(qtbot: QtBot) -> None:
    card = NowCard()
    qtbot.addWidget(card)
    wanted = Wanted(card)
    for digit in range(1, 9):
        card.press_digit(digit)
    card.press_skip()
    assert card.step() is None
    assert [what for what in wanted.all if what[0] != "close"] == []


def test_I8_the_keyboard_never_falls_onto_an_outcome(card: NowCard, wanted: Wanted, show: Show) -> None:
    show(card)
    card.next.setFocus()
    QTest.mouseClick(card.next, Qt.MouseButton.LeftButton)
    assert wanted.all == [("dial", AN.key, "+32 470 55 50 01")]
    # The button goes away under the hand: Qt gives the keyboard to the next one, "Verified".
    card.show_detail(detail(held(), calling(AN), BERT), own=True)
    assert QApplication.focusWidget() is card
    card.tick(NOW)
    QTest.mouseClick(card.hang_up, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is card
    QTest.mouseClick(card.outcomes[2], Qt.MouseButton.LeftButton)
    card.show_detail(detail(held(), tried(AN, CallOutcome.NO_ANSWER), BERT, current=1), own=True)
    assert QApplication.focusWidget() is card


def test_a_button_keeps_the_keyboard_while_it_can_be_used(card: NowCard, show: Show) -> None:
    show(card)
    card.show_detail(detail(held(), calling(AN), BERT), own=True)
    card.outcomes[3].setFocus()
    card.show_detail(detail(held(last_seq=11), calling(AN), BERT), own=False)
    assert QApplication.focusWidget() is card.outcomes[3]


def test_a_refusal_stays_until_the_next_try(card: NowCard) -> None:
    card.refuse("Bea has it.")
    card.show_detail(detail(held(version=3)), own=False)
    assert card._sentence.text() == "Bea has it."
    card.press_next()
    card.show_detail(detail(held(version=3), calling(AN), BERT), own=True)
    assert card._sentence.text() == "Choose how the call ended: 1 to 8."


def test_a_refusal_is_said_in_place(card: NowCard, show: Show) -> None:
    show(card)
    card.refuse("Give a reason.", "why")
    assert card._sentence.text() == "Give a reason."
    assert card.why.hasFocus()


def test_C4_a_silent_alarm_neither_shows_nor_dials_the_number_of_the_premises(card: NowCard, wanted: Wanted) -> None:
    premises = step(0, "Premises", "+32 9 555 01 00", kind=StepKind.PREMISES, key="premises")
    card.show_detail(detail(held(silent=True), premises), own=True)
    assert card._number.text() == "Do not call"
    assert not card.next.isEnabled()
    card.press_next()
    assert wanted.all == []

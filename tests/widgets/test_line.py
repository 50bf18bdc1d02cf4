"""The Now card with a telephone exchange: what it says is shown, what it proposes is chosen by nobody (G3)."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from models.records import CallOnLine, CallOutcome, LineState
from tests.widgets.made import AN, BERT, NOW, POLICE, ago, calling, detail, tried
from widgets.workspace.line import line_words
from widgets.workspace.now_card import NowCard


def line(state: LineState, **more: Any) -> CallOnLine:
    """A call on the alarm in hand that has stood so for 12 s."""
    return CallOnLine(**{"alarm": "A1", "state": state, "since": ago(12), **more})


@pytest.fixture
def card(qtbot: QtBot) -> NowCard:
    card = NowCard()
    qtbot.addWidget(card)
    card.show_detail(detail(None, calling(AN), BERT, POLICE), own=True)
    card.tick(NOW)
    return card


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        (line(LineState.OPERATOR), "Pick up 0:12"),
        (line(LineState.DIALLING), "Dialling 0:12"),
        (line(LineState.RINGING), "Ringing 0:12"),
        (line(LineState.ANSWERED), "Answered 0:12"),
        (line(LineState.ANSWERED, away=True), "Exchange away"),
        (line(LineState.ENDED, answered_at=ago(30), cause=16), "Ended 0:18"),
        (line(LineState.ENDED, proposed=CallOutcome.BUSY, cause=17), "Busy"),
        (line(LineState.ENDED, picked_up=False, cause=19), "Not picked up"),
        (line(LineState.ENDED, cause=34), "Not connected (34)"),
    ],
)
def test_G3_how_a_call_stands_in_words(card: NowCard, stands: CallOnLine, said: str) -> None:
    assert line_words(stands, NOW) == said
    card.show_line(stands)
    assert card._calling.text() == said


def test_G3_what_is_proposed_is_marked_keeps_its_key_and_is_chosen_by_its_digit_alone(card: NowCard) -> None:
    chosen: list[CallOutcome] = []
    card.ended.connect(lambda _step, _number, outcome: chosen.append(outcome))
    card.show_line(line(LineState.ENDED, proposed=CallOutcome.BUSY, cause=17))
    marked = [button for button in card.outcomes if button.property("next")]
    assert [(button.key, button.words(), button.second) for button in marked] == [("5", "Busy", "says the exchange")]
    assert not card.hang_up.isEnabled()
    card.press_next()
    assert chosen == []
    card.press_digit(3)
    assert chosen == [CallOutcome.NO_ANSWER]


def test_a_proposal_goes_with_its_call(card: NowCard) -> None:
    card.show_line(line(LineState.ENDED, proposed=CallOutcome.BUSY, cause=17))
    card.show_detail(detail(None, tried(AN, CallOutcome.BUSY), BERT, POLICE), own=True)
    assert not any(button.property("next") for button in card.outcomes)
    assert [button.second for button in card.outcomes] == [" "] * 8
    # Told late of a call that is over.
    card.show_line(line(LineState.ENDED, proposed=CallOutcome.BUSY, cause=17))
    assert not any(button.property("next") for button in card.outcomes)
    card.show_detail(detail(None, calling(AN), BERT, POLICE), own=True)
    assert card._calling.text() == "Calling 0:05"


def test_without_an_exchange_the_card_counts_by_itself(card: NowCard) -> None:
    card.show_line(line(LineState.RINGING))
    card.show_line(None)
    card.tick(NOW)
    assert card._calling.text() == "Calling 0:05"
    assert card.hang_up.isEnabled()

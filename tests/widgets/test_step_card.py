"""Steps that are no call on the Now card, patrols, and the verification before an authority (architecture.md §4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from models.records import PatrolMoment, PatrolRun, PlanNumber, StepKind
from tests.widgets.made import AN, NOW, POLICE, ago, detail, held, step
from widgets.workspace.call_list import CallList
from widgets.workspace.now_card import NowCard
from widgets.workspace.verify_card import VerifyCard

READ = step(0, "Instruction", kind=StepKind.INSTRUCTION, key="instruction:P-1:s1", text="Mind the dog", required=True)
TEAM = step(0, "Team Centre", "+32 2 555 01 90", kind=StepKind.PATROL, key="patrol:P-1:s3")


@pytest.fixture
def card(qtbot: QtBot) -> NowCard:
    card = NowCard()
    qtbot.addWidget(card)
    card.tick(NOW)
    return card


def heard(card: NowCard) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    card.dial.connect(lambda *what: found.append(("dial", *what)))
    card.done.connect(lambda *what: found.append(("done", *what)))
    card.patrol.connect(lambda *what: found.append(("patrol", *what)))
    card.skip.connect(lambda *what: found.append(("skip", *what)))
    card.verify_asked.connect(lambda: found.append(("verify",)))
    return found


def test_B_enter_says_that_an_instruction_was_followed(card: NowCard) -> None:
    found = heard(card)
    card.show_detail(detail(held(), READ, AN), own=True)
    assert card.face.text.text() == "Mind the dog"
    assert card.next.words() == "Done"
    assert "Required" in card._sentence.text()
    card.press_digit(1)
    card.press_next()
    assert found == [("done", "instruction:P-1:s1")]


def test_a_wait_counts_down_and_enter_does_not_end_it(card: NowCard) -> None:
    found = heard(card)
    wait = step(0, "Wait", kind=StepKind.WAIT, key="wait:P-1:s4", until=NOW + timedelta(seconds=80))
    card.show_detail(detail(held(), wait, AN), own=True)
    assert (card._calling.text(), card._calling.isHidden()) == ("Wait 1:20", False)
    card.tick(NOW + timedelta(seconds=30))
    assert card._calling.text() == "Wait 0:50"
    card.press_next()
    assert found == []


def test_a_round_says_when_it_is_due_and_begins_with_enter(card: NowCard) -> None:
    found = heard(card)
    again = step(
        0,
        "Another round",
        kind=StepKind.AGAIN,
        key="again:P-1:s6",
        until=NOW + timedelta(seconds=61),
        why="Round 2 of 3",
    )
    card.show_detail(detail(held(), again, AN), own=True)
    assert (card._calling.text(), card._number.text()) == ("Again in 1:01", "Round 2 of 3")
    card.press_next()
    assert found == [("done", "again:P-1:s6")]


def test_a_busy_number_counts_until_it_is_tried_again(card: NowCard) -> None:
    busy = PlanNumber(label="mobile", number="+32 470 55 50 01", again_at=NOW + timedelta(seconds=100))
    card.show_detail(detail(held(), AN.model_copy(update={"numbers": (busy,), "index": 0})), own=True)
    assert card._calling.text() == "Again in 1:40"


def test_an_authority_is_not_dialled_before_the_verification(card: NowCard) -> None:
    found = heard(card)
    police = POLICE.model_copy(update={"index": 0, "verify_first": True})
    card.show_detail(detail(held(), police), own=True)
    assert card.next.words() == "Verify first"
    card.press_next()
    assert found == [("verify",)]
    card.show_detail(detail(held(), police.model_copy(update={"verify_first": False})), own=True)
    card.press_next()
    assert found[-1] == ("dial", police.key, "101")


def test_digits_say_how_far_the_patrol_came_and_its_report_needs_words(card: NowCard) -> None:
    found = heard(card)
    run = PatrolRun(step=TEAM.key, team="Team Centre", keys="key box KB-0233", asked_at=ago(60), accepted_at=ago(30))
    card.show_detail(detail(held(), TEAM, of_plan={"patrols": (run,)}), own=True)
    assert "key box KB-0233" in card.face.text.text()
    for digit in (1, 2, 4):
        card.press_digit(digit)
    assert found == [("patrol", TEAM.key, PatrolMoment.ARRIVED, "", False)]
    card.press_next()
    assert len(found) == 1
    card.why.setText("nobody there")
    card.press_next()
    assert found[-1] == ("patrol", TEAM.key, PatrolMoment.REPORT, "nobody there", False)
    card.press_digit(5)
    card.why.setText("door forced")
    card.press_next()
    assert found[-1] == ("patrol", TEAM.key, PatrolMoment.REPORT, "door forced", True)


def test_a_patrol_that_was_not_asked_yet_is_called(card: NowCard) -> None:
    found = heard(card)
    card.show_detail(detail(held(), TEAM), own=True)
    card.press_next()
    assert found == [("dial", TEAM.key, "+32 2 555 01 90")]


def test_the_verification_needs_how_and_by_whom(qtbot: QtBot) -> None:
    card = VerifyCard()
    qtbot.addWidget(card)
    card.show_detail(detail(held()), "M. Claes")
    found: list[tuple[str, str]] = []
    card.wanted.connect(lambda how, by: found.append((how, by)))
    card.press_next()
    assert (found, card._sentence.text()) == ([], "Say how it is known that the alarm is real.")
    card.press_digit(2)
    card.by.clear()
    card.press_next()
    assert found == []
    card.by.setText("An Peeters")
    card.press_next()
    assert found == [("Seen on video", "An Peeters")]
    card.show_detail(detail(held()), "M. Claes")
    assert card.by.text() == "An Peeters"
    card.show_detail(detail(held("A2")), "M. Claes")
    assert (card.how.text(), card.by.text()) == ("", "M. Claes")


def test_C4_the_list_names_the_procedure_and_says_why(qtbot: QtBot) -> None:
    calls = CallList()
    qtbot.addWidget(calls)
    plan = detail().plan
    calls.show_plan(plan, 0)
    assert calls.why.isHidden()
    chosen = {
        "title": "procedure “Fire”",
        "procedure": "P-1",
        "version": 4,
        "why": "of this site, for this kind of alarm",
    }
    calls.show_plan(plan.model_copy(update=chosen), 0)
    assert calls.why.text() == "procedure “Fire”, version 4: of this site, for this kind of alarm"

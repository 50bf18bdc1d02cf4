"""The test card and the card for handing over (F1, F3, G5, H)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from models.records import Person, Presence, StaffRole
from tests.widgets.made import SITE, ago, in_test
from widgets.test_card import TestCard
from widgets.workspace.people_card import PeopleCard

OTHER = SITE.model_copy(update={"id": "S2", "name": "Juwelier"})


@pytest.fixture
def card(qtbot: QtBot, show: Callable[[QWidget], None]) -> TestCard:
    card = TestCard()
    show(card)
    return card


@pytest.fixture
def wanted(card: TestCard) -> list[tuple[str, object, str]]:
    wanted: list[tuple[str, object, str]] = []
    card.wanted.connect(lambda *what: wanted.append(what))
    return wanted


def test_F3_in_test_needs_a_reason(card: TestCard, wanted: list[tuple[str, object, str]]) -> None:
    card.show_site(SITE, None)
    card.begin()
    card.press_next()
    assert card._sentence.text() == "Say why the site goes in test."
    assert card.why.hasFocus()
    card.why.setText("Onderhoud")
    card.press_next()
    assert wanted == [("S1", None, "Onderhoud")]


def test_F1_it_says_that_there_is_no_timer_and_what_is_in_test(card: TestCard) -> None:
    card.show_site(SITE, None)
    assert "fire and hold-up included" in card._text.text()
    assert "no timer" in card._text.text()
    assert card.next.words() == "Put in test"


def test_G5_out_of_test_says_since_when_by_whom_and_why(card: TestCard, wanted: list[tuple[str, object, str]]) -> None:
    card.show_site(SITE, in_test(since=ago(3600), signals=7))
    for words in ("set by Claes", "asked by An Peeters", "maintenance", "7 signals in test"):
        assert words in card._text.text()
    card.press_next()
    assert wanted == [("S1", card.in_test, "")]


def test_what_was_typed_stays_for_the_same_site_alone(card: TestCard) -> None:
    card.show_site(SITE, None)
    card.why.setText("Onder")
    assert card.press_back()
    card.show_site(SITE, None)
    assert card.why.text() == "Onder"
    card.show_site(OTHER, None)
    assert card.why.text() == ""


def test_I12_a_refusal_goes_to_its_field(card: TestCard) -> None:
    card.show_site(SITE, None)
    card.refuse("The reason is too long.", "why")
    assert card._sentence.text() == "The reason is too long."
    assert card.why.hasFocus()


def test_nothing_is_asked_without_a_site(card: TestCard, wanted: list[tuple[str, object, str]]) -> None:
    card.press_next()
    assert wanted == []


def present(login: str) -> Presence:
    person = Person(login=login, name=login.capitalize(), roles=(StaffRole.OPERATOR,))
    return Presence(person=person, workstation=f"WS {login}")


def test_G2_a_digit_gives_the_alarm_to_somebody_present(qtbot: QtBot) -> None:
    card = PeopleCard()
    qtbot.addWidget(card)
    given: list[tuple[str, str]] = []
    card.chosen.connect(lambda *who: given.append(who))
    card.show_people("A1", [present("bea"), present("carl")])
    card.press_next()
    card.press_digit(3)
    assert given == []
    card.press_digit(2)
    assert given == [("carl", "WS carl")]
    assert [button.isVisibleTo(card) for button in card.buttons] == [True, True] + [False] * 6
    assert card.buttons[1].accessibleName() == "Carl, WS carl, 2"


def test_nobody_else_is_present(qtbot: QtBot) -> None:
    card = PeopleCard()
    qtbot.addWidget(card)
    card.show_people("A1", [])
    assert "F11 releases it" in card._text.text()

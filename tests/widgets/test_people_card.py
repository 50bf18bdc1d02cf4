"""The card for handing over (G2, H)."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from models.records import Person, Presence, StaffRole
from widgets.workspace.people_card import PeopleCard


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

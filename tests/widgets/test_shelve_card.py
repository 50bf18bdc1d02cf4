"""Issue 5, 6: a zone that tells far too often is put aside, with a reason and an end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from models.records import ErrorBody, ErrorCode, RunawayZone, TestKind
from tests.widgets.made import held
from widgets.workspace.shelve_card import ShelfOrder, ShelveCard

DOCK = RunawayZone(account="1001", area="1", zone="07", label="07 PIR dock", kind=TestKind.INTRUSION)
ODD = RunawayZone(account="1001", area="1", zone="09", label="09 Odd", kind=None)


@pytest.fixture
def card(show: Callable[[QWidget], None]) -> ShelveCard:
    card = ShelveCard()
    show(card)
    card.ask(held("A1", runaway=(DOCK, ODD)))
    return card


@pytest.fixture
def wanted(card: ShelveCard) -> list[ShelfOrder]:
    found: list[ShelfOrder] = []
    card.wanted.connect(found.append)
    return found


def test_it_needs_a_reason_and_is_until_quiet_or_for_a_time(card: ShelveCard, wanted: list[ShelfOrder]) -> None:
    card.press_next()
    assert wanted == []
    assert card.why.hasFocus()
    card.why.setText("cat")
    card.press_next()
    assert wanted[-1] == ShelfOrder("A1", DOCK, "cat", None, False)
    card.long.setText("2 h")
    card.press_next()
    assert wanted[-1].minutes == 120
    card.long.setText("soon")
    card.press_next()
    assert len(wanted) == 2
    assert card.long.hasFocus()


def test_what_is_of_no_known_kind_is_always_presented(card: ShelveCard, wanted: list[ShelfOrder]) -> None:
    card.zone.setCurrentIndex(1)
    card.why.setText("cat")
    card.press_next()
    assert wanted == []
    assert "always presented" in card._sentence.text()


def test_H_life_safety_is_confirmed_by_the_same_key_for_that_zone_alone(
    card: ShelveCard, wanted: list[ShelfOrder]
) -> None:
    card.why.setText("cat")
    card.refused(ErrorBody(code=ErrorCode.CONFIRM, sentence="Fire would not be presented.", field="kind"))
    assert card.next.words() == "Confirm"
    card.press_next()
    assert wanted[-1].confirmed
    card.zone.setCurrentIndex(1)
    card.zone.setCurrentIndex(0)
    card.press_next()
    assert not wanted[-1].confirmed


def test_what_was_typed_is_kept_for_the_same_alarm_alone(card: ShelveCard) -> None:
    card.why.setText("cat")
    card.ask(held("A1", runaway=(DOCK, ODD)))
    assert card.why.text() == "cat"
    card.ask(held("A2", runaway=(DOCK,)))
    assert (card.why.text(), card.zone.count()) == ("", 1)

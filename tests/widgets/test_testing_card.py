"""F1, F2, F4, G5, H: the card that puts a site in test, changes a test and takes a site out of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from models.records import (
    AreaFile,
    ContactFile,
    ErrorBody,
    ErrorCode,
    PlannedTest,
    ScopePreview,
    SiteDetails,
    SiteFile,
    StillThere,
    SystemFile,
    TestKind,
    TestScope,
    ZoneFile,
    ZoneRef,
)
from tests.widgets.made import NOW, SITE, ago, in_test
from widgets.testing.card import TestCard
from widgets.testing.order import TestOrder

OTHER = SITE.model_copy(update={"id": "S2", "name": "Depot"})
FILE = SiteFile(
    site="S1",
    details=SiteDetails(name="Bakkerij Peeters"),
    systems=(SystemFile(account="1001"), SystemFile(account="1002", label="annex")),
    areas=(AreaFile(area="1", name="Hall"), AreaFile(area="02", name="Office")),
    zones=(
        ZoneFile(area="1", zone="07", name="PIR dock"),
        ZoneFile(area="1", zone="9", name="Door"),
        ZoneFile(area="02", zone="11", name="Smoke"),
    ),
    contacts=(ContactFile(id="S1-1", name="An Peeters"),),
)
LIVE = {TestKind.INTRUSION, TestKind.TAMPER, TestKind.HOURS, TestKind.TECHNICAL, TestKind.LINE_POWER}


@pytest.fixture
def card(show: Callable[[QWidget], None]) -> TestCard:
    card = TestCard(parts=True)
    show(card)
    return card


@pytest.fixture
def wanted(card: TestCard) -> list[TestOrder]:
    found: list[TestOrder] = []
    card.wanted.connect(found.append)
    return found


def press(widget: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(widget, key)


def test_F3_a_test_needs_a_reason_and_an_end_is_offered(card: TestCard, wanted: list[TestOrder]) -> None:
    card.ask(SITE, FILE, None, NOW)
    card.begin()
    assert card.why.hasFocus()
    card.press_next()
    assert card._sentence.text() == "Say why the site goes in test."
    card.why.setText(" Onderhoud ")
    card.press_next()
    [order] = wanted
    assert (order.site, order.why, order.test, order.scope.whole) == ("S1", "Onderhoud", None, True)
    assert order.ends_at == (NOW + timedelta(hours=4)).replace(second=0, microsecond=0)
    card.ends.clear()
    card.press_next()
    assert wanted[-1].ends_at is None


def test_F1_it_says_what_a_whole_site_in_test_hides(card: TestCard) -> None:
    card.ask(SITE, FILE, None, NOW)
    assert "fire and hold-up included" in card._text.text()
    assert card.next.words() == "Put in test"


def test_A4_a_contact_who_asks_gives_a_word(card: TestCard, wanted: list[TestOrder]) -> None:
    card.ask(SITE, FILE, None, NOW)
    assert [card.contact.itemText(nth) for nth in range(card.contact.count())] == ["The station itself", "An Peeters"]
    assert not card.proof.isEnabled()
    card.why.setText("Onderhoud")
    card.contact.setCurrentIndex(1)
    card.press_next()
    assert wanted == []
    assert card.proof.hasFocus()
    card.proof.setText("tulp")
    card.press_next()
    assert (wanted[0].contact, wanted[0].proof) == ("S1-1", "tulp")


def test_F2_a_part_is_ticked_by_keys(card: TestCard, wanted: list[TestOrder]) -> None:
    card.ask(SITE, FILE, None, NOW)
    card.press_part()
    tree = card.scope.places
    assert tree.hasFocus()
    # Two systems, then Hall with 07 and 9, then Office with 11.
    press(tree, *[Qt.Key.Key_Down] * 3, Qt.Key.Key_Space)
    press(tree, *[Qt.Key.Key_Down] * 2, Qt.Key.Key_Space)
    card.why.setText("Detector replaced")
    card.press_next()
    [order] = wanted
    assert order.scope == TestScope(
        whole=False,
        areas=("2",),
        zones=(ZoneRef(area="1", zone="7"),),
        kinds=tuple(kind for kind in TestKind if kind in LIVE),
    )


def test_F2_tab_goes_from_the_zones_to_the_kinds_before_what_turns_the_scope_round(card: TestCard) -> None:
    card.ask(SITE, FILE, None, NOW)
    card.press_part()
    went = [card.focusWidget()]
    for _ in range(3):
        QTest.keyClick(went[-1], Qt.Key.Key_Tab)
        went.append(card.focusWidget())
    # Every place is in it: there is nothing to except.
    assert went == [card.scope.places, card.scope.kinds, card.scope.everywhere, card.contact]


def test_F2_all_except_turns_the_words_round(card: TestCard) -> None:
    scope = TestScope(whole=False, areas=("1",), all_except=True, kinds=(TestKind.TAMPER,))
    card.ask(SITE, FILE, in_test(scope=scope), NOW)
    assert card.scope.says.text().endswith("and its zone is not.")
    card.scope.all_except.setChecked(False)
    assert card.scope.says.text().endswith("its kind are ticked.")


def test_H_life_safety_is_not_ticked_by_itself(card: TestCard) -> None:
    card.ask(SITE, FILE, None, NOW)
    card.press_part()
    scope = card.scope.scope()
    assert scope is not None
    assert set(scope.kinds) == LIVE


def test_H_what_the_station_asks_again_is_confirmed_by_the_same_key_and_forgotten_by_a_change(
    card: TestCard, wanted: list[TestOrder]
) -> None:
    card.ask(SITE, FILE, None, NOW)
    card.press_part()
    card.why.setText("Fire drill")
    card.press_next()
    assert not wanted[-1].confirmed
    card.refused(ErrorBody(code=ErrorCode.CONFIRM, sentence="Signals of fire would not be presented.", field="kinds"))
    assert card.next.words() == "Confirm"
    card.press_next()
    assert wanted[-1].confirmed
    item = card.scope.kinds.topLevelItem(2)
    assert item is not None
    item.setCheckState(0, Qt.CheckState.Checked)
    assert card.next.words() == "Put in test"
    card.press_next()
    assert not wanted[-1].confirmed


def test_F2_no_kind_is_no_test(card: TestCard, wanted: list[TestOrder]) -> None:
    card.ask(SITE, FILE, None, NOW)
    card.press_part()
    for nth in range(card.scope.kinds.topLevelItemCount()):
        item = card.scope.kinds.topLevelItem(nth)
        assert item is not None
        item.setCheckState(0, Qt.CheckState.Unchecked)
    card.why.setText("x")
    card.press_next()
    assert wanted == []
    assert "at least one kind" in card._sentence.text()


def test_F2_the_preview_is_asked_for_and_shown_for_its_own_site_alone(card: TestCard) -> None:
    asked: list[tuple[str, TestScope]] = []
    card.looked_at.connect(lambda site, scope: asked.append((site, scope)))
    card.ask(SITE, FILE, None, NOW)
    assert asked == []
    card.press_part()
    assert asked[-1][0] == "S1"
    said = ScopePreview(
        words="1 of 3 zones.", short="", silenced=(), live=(), kinds_silenced=(), kinds_live=(), life_safety=()
    )
    card.show_preview("S2", said)
    assert "1 of 3" not in card._said.text()
    card.show_preview("S1", said)
    assert card._said.text() == "In test: 1 of 3 zones."


def test_a_change_begins_from_the_test_as_it_is(card: TestCard, wanted: list[TestOrder]) -> None:
    scope = TestScope(whole=False, areas=("1",), kinds=(TestKind.FIRE,))
    test = in_test(scope=scope, scope_words="Hall · fire", why="smoke heads", ticket="T1", since=ago(3600))
    card.ask(SITE, FILE, test, NOW)
    assert (card.why.text(), card.ticket.text(), card.ends.text()) == ("smoke heads", "T1", "")
    assert not card.contact.isEnabled()
    card.press_next()
    assert (wanted[0].test, wanted[0].scope, wanted[0].ends_at) == (test, scope, None)


def test_F2_before_the_places_are_known_nothing_is_set(card: TestCard, wanted: list[TestOrder]) -> None:
    scope = TestScope(whole=False, areas=("1",), kinds=(TestKind.TAMPER,))
    card.ask(SITE, None, in_test(scope=scope), NOW)
    card.press_next()
    assert wanted == [], "it would be of every place"
    assert "not read yet" in card._sentence.text()
    card.ask(SITE, FILE, in_test(scope=scope), NOW)
    card.press_next()
    assert [order.scope for order in wanted] == [scope]


@pytest.mark.parametrize(
    "scope",
    [
        TestScope(whole=False, zones=(ZoneRef(area="1", zone="77"),), kinds=(TestKind.TAMPER,)),
        TestScope(whole=False, areas=("8",), kinds=(TestKind.TAMPER,)),
        TestScope(whole=False, systems=("1009",), kinds=(TestKind.TAMPER,)),
    ],
)
def test_F2_what_the_file_has_no_more_stays_in_the_scope_until_it_is_taken_away(
    card: TestCard, wanted: list[TestOrder], scope: TestScope
) -> None:
    card.ask(SITE, FILE, in_test(scope=scope), NOW)
    card.press_next()
    assert wanted[-1].scope == scope
    tree = card.scope.places
    gone = tree.topLevelItem(tree.topLevelItemCount() - 1)
    assert gone is not None
    assert gone.text(0).endswith("not in the site file")
    gone.setCheckState(0, Qt.CheckState.Unchecked)
    card.press_next()
    assert len(wanted) == 1, "the last box unticked would have put every place in test"
    assert card._sentence.text() == "Tick at least one place, or every place."
    card.scope.everywhere.setChecked(True)
    card.press_next()
    assert wanted[-1].scope == TestScope(whole=False, kinds=(TestKind.TAMPER,))


def test_F2_every_place_is_a_box_of_its_own_and_an_empty_box_means_one_thing(card: TestCard) -> None:
    card.ask(SITE, FILE, None, NOW)
    card.press_part()
    picker, first = card.scope, card.scope.places.topLevelItem(3)
    assert first is not None
    assert picker.everywhere.isChecked()
    assert picker.says.text().endswith("wherever it comes from.")
    first.setCheckState(0, Qt.CheckState.Checked)
    assert not picker.everywhere.isChecked()
    first.setCheckState(0, Qt.CheckState.Unchecked)
    assert (picker.scope(), picker.lacks()) == (None, "places")
    first.setCheckState(0, Qt.CheckState.Checked)
    picker.everywhere.setChecked(True)
    assert first.checkState(0) is Qt.CheckState.Unchecked
    found = picker.scope()
    assert found is not None
    assert (found.areas, found.zones, found.systems, found.all_except) == ((), (), (), False)


def test_F2_a_system_of_a_scope_is_shown_where_it_is_the_only_one(card: TestCard, wanted: list[TestOrder]) -> None:
    scope = TestScope(whole=False, systems=("1001",), kinds=(TestKind.TAMPER,))
    card.ask(SITE, FILE.model_copy(update={"systems": FILE.systems[:1]}), in_test(scope=scope), NOW)
    card.press_next()
    assert wanted[-1].scope == scope


def test_F4_what_leaves_the_scope_in_alarm_is_raised_or_left_and_life_safety_confirmed_once(
    card: TestCard, wanted: list[TestOrder]
) -> None:
    scope = TestScope(whole=False, areas=("1",), kinds=(TestKind.FIRE,))
    card.ask(SITE, FILE, in_test(scope=scope), NOW)
    card.press_next()
    card.refused(ErrorBody(code=ErrorCode.CONFIRM, sentence="Fire?", field="kinds"))
    card.press_next()
    assert wanted[-1].confirmed
    card.refused(ErrorBody(code=ErrorCode.STILL_IN_ALARM, sentence="Still in alarm: 07 PIR dock.", field="still"))
    card.press_next()
    assert (wanted[-1].still, wanted[-1].confirmed, wanted[-1].out) == (StillThere.RAISE, True, False)
    card.press_digit(2)
    assert (wanted[-1].still, wanted[-1].confirmed, wanted[-1].out) == (StillThere.LEAVE, True, False)
    # Another scope is another question.
    first = card.scope.places.topLevelItem(3)
    assert first is not None
    first.setCheckState(0, Qt.CheckState.Checked)
    assert not card.leave.isVisible()
    card.press_next()
    assert (wanted[-1].still, wanted[-1].confirmed) == (StillThere.ASK, False)


def test_where_there_is_no_room_a_part_stays_what_it_is_and_is_chosen_elsewhere(
    show: Callable[[QWidget], None],
) -> None:
    card, orders, elsewhere = TestCard(), [], []  # type: ignore[var-annotated]
    show(card)
    card.wanted.connect(orders.append)
    card.part_wanted.connect(elsewhere.append)
    scope = TestScope(whole=False, areas=("1",), kinds=(TestKind.FIRE,))
    card.ask(SITE, FILE, in_test(scope=scope), NOW)
    card.press_next()
    assert orders[0].scope == scope
    card.press_part()
    assert elsewhere == [SITE]
    card.ask(OTHER, None, None, NOW)
    card.press_part()
    assert card.whole.isChecked()
    assert not card.part.isChecked()


def test_G5_out_of_test_says_since_when_by_whom_and_why(card: TestCard, wanted: list[TestOrder]) -> None:
    card.ask(SITE, FILE, in_test(since=ago(3600), signals=7), NOW, out=True)
    for words in ("set by Claes", "asked by An Peeters", "maintenance", "7 signals in test", "1 h 00 m"):
        assert words in card._text.text()
    assert not card.ends.isEnabled()
    card.press_next()
    assert (wanted[0].out, wanted[0].still) == (True, StillThere.ASK)


@pytest.mark.parametrize(("digit", "still"), [(1, StillThere.RAISE), (2, StillThere.LEAVE)])
def test_F4_what_is_still_in_alarm_is_raised_or_left_by_a_key(
    card: TestCard, wanted: list[TestOrder], digit: int, still: StillThere
) -> None:
    card.ask(SITE, FILE, in_test(), NOW, out=True)
    card.press_digit(digit)
    assert wanted == []
    card.refused(ErrorBody(code=ErrorCode.STILL_IN_ALARM, sentence="Still in alarm: 07 PIR dock.", field="still"))
    assert card.leave.isVisible()
    assert card.next.words() == "Raise as alarms"
    card.press_digit(digit)
    assert wanted[-1].still is still


def test_what_was_typed_stays_for_the_same_site_alone(card: TestCard) -> None:
    card.ask(SITE, FILE, None, NOW)
    card.why.setText("Onder")
    assert card.press_back()
    card.ask(SITE, FILE, None, NOW)
    assert card.why.text() == "Onder"
    card.ask(OTHER, FILE, None, NOW)
    assert card.why.text() == ""


@pytest.mark.parametrize(
    ("field", "name"), [("why", "why"), ("ends_at", "ends"), ("identified", "proof"), ("contact", "contact")]
)
def test_I12_a_refusal_goes_to_its_field(card: TestCard, field: str, name: str) -> None:
    card.ask(SITE, FILE, None, NOW)
    card.contact.setCurrentIndex(1)
    card.refuse("The rule says no.", field)
    assert card._sentence.text() == "The rule says no."
    assert getattr(card, name).hasFocus()


def test_I12_an_end_that_is_no_time_is_refused_at_its_field(card: TestCard, wanted: list[TestOrder]) -> None:
    card.ask(SITE, FILE, None, NOW)
    card.why.setText("x")
    card.ends.setText("soon")
    card.press_next()
    assert wanted == []
    assert card.ends.hasFocus()


def test_F2_with_a_time_it_is_planned_for_a_length_of_time(card: TestCard, wanted: list[TestOrder]) -> None:
    card.ask(SITE, FILE, None, NOW)
    card.why.setText("fire test")
    card.when.setText("every Mon 10:00")
    assert card.head_title.text() == "Plan a test"
    assert card._ends.text() == "How long"
    assert card.ends.text() == "4 h"
    card.ends.setText("30 min")
    card.press_next()
    [order] = wanted
    assert order.when is not None
    assert (order.when.weekdays, order.when.at, order.when.minutes, order.ends_at) == ((0,), "10:00", 30, None)
    card.when.setText("every")
    card.press_next()
    assert len(wanted) == 1
    assert card.when.hasFocus()
    card.when.clear()
    assert card.head_title.text() == "Put in test"
    card.press_next()
    assert wanted[-1].when is None
    assert wanted[-1].ends_at is not None


def test_F2_what_is_planned_is_changed_and_taken_back(card: TestCard, wanted: list[TestOrder]) -> None:
    planned = PlannedTest.model_validate(
        {
            "id": 5, "version": 2, "site": SITE, "timezone": "Europe/Brussels", "words": "every Monday 10:00, 30 min",
            "when": {"first": "2026-11-30", "at": "10:00", "minutes": 30, "weekdays": [0]}, "state": "planned",
            "scope": {"whole": False, "areas": ["1"], "kinds": ["fire"]}, "why": "fire test", "by": "Claes",
            "asked_by": "An", "channel": "phone", "planned_at": NOW,
        }
    )  # fmt: skip
    card.ask(SITE, FILE, None, NOW, planned=planned)
    assert (card.when.text(), card.ends.text(), card.why.text()) == ("every Mon 10:00", "30 min", "fire test")
    assert card.part.isChecked()
    assert not card.contact.isEnabled()
    card.press_next()
    assert (wanted[0].planned, wanted[0].scope) == (planned, planned.scope)
    card.ask(SITE, FILE, None, NOW, planned=planned, out=True)
    assert "every Monday 10:00" in card._text.text()
    card.press_next()
    assert (wanted[1].out, wanted[1].planned) == (True, planned)

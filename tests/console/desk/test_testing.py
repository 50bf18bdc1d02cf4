"""F2–F5, A4, G5: sites in and out of test by the keyboard alone, from the queue, the workspace and the board."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt

from console.client.link import Refusal
from models.records import ErrorBody, ErrorCode, Identified, RunawayZone, TestDetail, TestKind, TestScope, Verified
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import SITE, alarm, held, in_test
from tests.widgets.test_testing_card import FILE

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
PART = TestScope(whole=False, areas=("1",), kinds=(TestKind.INTRUSION,))


def prepared(desk: Scripted) -> None:
    """Answers for what these screens ask by themselves."""
    desk.answers |= {
        "/file": lambda _body: FILE,
        "/signals": lambda _body: [],
        "/tests/7": lambda _body: TestDetail(test=in_test(), places=(), seen=0, expected=0),
        "/tests/preview": lambda _body: {
            "words": "3 of 3 zones.", "short": "", "silenced": [], "live": [], "kinds_silenced": [], "kinds_live": [],
            "life_safety": [],
        },
        "/sites/S1/tests": lambda _body: in_test(),
        "/planned-tests": lambda _body: [],
        "/tests/7/end": lambda _body: TestDetail(test=in_test(), places=(), seen=0, expected=0),
    }  # fmt: skip


def asked(desk: Scripted, end: str) -> list[dict[str, Any]]:
    return [body for path, body in desk.asked if path.endswith(end)]


def test_G5_from_the_queue_a_site_goes_in_test_and_back_to_the_queue(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        desk.sign_in(alarm("A1"))
        desk.press(Qt.Key.Key_F7)
        await desk.until(lambda: desk.window.queue.test.contact.count() == 2, "what was asked for")
        desk.type("works")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: bool(asked(desk, "/sites/S1/tests")), "what was asked for")
        [body] = asked(desk, "/sites/S1/tests")
        assert (body["why"], body["scope"]["whole"], body["asked"]) == ("works", True, {})
        assert body["ends_at"] is not None
        await desk.until(lambda: not desk.window.queue.test.isVisible(), "what was asked for")
        await desk.settled()

    play(act)


def test_A4_who_asks_is_identified_first_and_a_second_press_does_not_ask_twice(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        desk.answers["/identify"] = lambda body: Identified(
            contact="S1-1", name="An", how=Verified.CODE_WORD if body["word"] == "tulp" else Verified.NO, entry=55
        )
        desk.sign_in(alarm("A1"))
        desk.press(Qt.Key.Key_F7)
        card = desk.window.queue.test
        await desk.until(lambda: card.contact.count() == 2, "what was asked for")
        card.contact.setCurrentIndex(1)
        card.why.setText("works")
        card.proof.setText("narcis")
        desk.window.do("next")
        await desk.until(lambda: "not right" in card._sentence.text(), "what was asked for")
        assert asked(desk, "/sites/S1/tests") == []
        card.proof.setText("tulp")
        desk.answers["/sites/S1/tests"] = refuse(ErrorCode.CONFIRM, "kinds")
        desk.window.do("next")
        await desk.until(lambda: card.next.words() == "Confirm", "what was asked for")
        assert asked(desk, "/sites/S1/tests")[0]["asked"] == {"contact": "S1-1", "identified": 55}
        desk.answers["/sites/S1/tests"] = lambda _body: in_test()
        desk.window.do("next")
        await desk.until(lambda: len(asked(desk, "/sites/S1/tests")) == 2, "what was asked for")
        assert asked(desk, "/sites/S1/tests")[1]["confirmed"] is True
        assert len(asked(desk, "/identify")) == 2
        await desk.settled()

    play(act)


def test_duress_on_the_phone_sets_no_test_and_reads_like_nothing_special(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        desk.answers["/identify"] = lambda _body: Identified(contact="S1-1", name="An", how=Verified.DURESS, entry=55)
        desk.sign_in(alarm("A1"))
        desk.press(Qt.Key.Key_F7)
        card = desk.window.queue.test
        await desk.until(lambda: card.contact.count() == 2, "what was asked for")
        card.contact.setCurrentIndex(1)
        card.why.setText("works")
        card.proof.setText("roos")
        desk.window.do("next")
        await desk.until(lambda: "as if all were well" in card._sentence.text(), "what was asked for")
        assert asked(desk, "/sites/S1/tests") == []
        await desk.settled()

    play(act)


def refuse(code: ErrorCode, field: str | None = None) -> Any:
    def answer(_body: dict[str, Any]) -> Any:
        raise Refusal(ErrorBody(code=code, sentence="No, by a rule.", field=field))

    return answer


@pytest.mark.parametrize(("digit", "still"), [(Qt.Key.Key_1, "raise"), (Qt.Key.Key_2, "leave")])
def test_F4_out_of_test_from_the_board_asks_what_becomes_of_zones_in_alarm(
    play: Play, digit: Qt.Key, still: str
) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        desk.sign_in(tests=(in_test(),))
        desk.press(Qt.Key.Key_F4)
        desk.answers["/tests/7/end"] = refuse(ErrorCode.STILL_IN_ALARM, "still")
        desk.press(Qt.Key.Key_F7, SHIFT)
        screen = desk.window.screens.tests.widget
        assert screen.asks()
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: screen.card.leave.isVisible(), "what was asked for")
        del desk.answers["/tests/7/end"]
        prepared(desk)
        desk.press(digit, ALT)
        await desk.until(
            lambda: [body["still"] for body in asked(desk, "/tests/7/end")] == ["ask", still], "what was asked for"
        )
        await desk.until(lambda: not screen.asks(), "what was asked for")
        assert desk.window.at == "tests"
        await desk.settled()

    play(act)


def test_F4_a_narrower_scope_asks_what_becomes_of_zones_in_alarm(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        desk.sign_in(tests=(in_test(scope=PART, scope_words="Hall · intrusion"),))
        desk.press(Qt.Key.Key_F4)
        desk.answers["/tests/7/change"] = refuse(ErrorCode.STILL_IN_ALARM, "still")
        desk.press(Qt.Key.Key_F7)
        screen = desk.window.screens.tests.widget
        await desk.until(lambda: screen.asks() and screen.card.scope.known, "its places")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: screen.card.leave.isVisible(), "what was asked for")
        desk.answers["/tests/7/change"] = lambda _body: in_test()
        desk.press(Qt.Key.Key_2, ALT)
        await desk.until(
            lambda: [body["still"] for body in asked(desk, "/tests/7/change")] == ["ask", "leave"], "it is left"
        )
        await desk.settled()

    play(act)


def test_F2_a_part_is_chosen_on_the_board_and_it_goes_back_to_the_alarm(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        mine = held("A1")
        desk.sign_in(mine)
        desk.window.open_alarm(mine)
        await desk.until(lambda: desk.window.workspace.detail is not None, "what was asked for")
        desk.press(Qt.Key.Key_F7)
        desk.press(Qt.Key.Key_P, ALT)
        assert desk.window.at == "tests"
        card = desk.window.screens.tests.widget.card
        await desk.until(lambda: card.scope.places.topLevelItemCount() > 0, "what was asked for")
        desk.press(Qt.Key.Key_Down)
        desk.press(Qt.Key.Key_Down)
        desk.press(Qt.Key.Key_Space)
        card.why.setText("detector replaced")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: bool(asked(desk, "/sites/S1/tests")), "what was asked for")
        scope = asked(desk, "/sites/S1/tests")[0]["scope"]
        assert (scope["whole"], scope["areas"]) == (False, ["1"])
        assert not {"fire", "hold-up", "medical"} & set(scope["kinds"])
        await desk.until(lambda: desk.window.at == "workspace", "what was asked for")
        await desk.settled()

    play(act)


def test_esc_on_the_board_goes_back_to_where_the_part_was_asked(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        desk.sign_in(alarm("A1"))
        desk.press(Qt.Key.Key_F7)
        desk.press(Qt.Key.Key_P, ALT)
        assert desk.window.at == "tests"
        desk.press(Qt.Key.Key_Escape)
        await desk.until(lambda: desk.window.at == "queue", "what was asked for")
        assert asked(desk, "/sites/S1/tests") == []
        await desk.settled()

    play(act)


def test_F2_of_several_tests_of_a_site_one_is_chosen_on_the_board(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        second = in_test(id=8, scope=PART, scope_words="Hall · intrusion")
        desk.answers["/tests/8"] = lambda _body: TestDetail(test=second, places=(), seen=0, expected=0)
        other = in_test(SITE.model_copy(update={"id": "S2", "name": "Depot"}), id=9)
        desk.sign_in(alarm("A1"), tests=(in_test(), second, other))
        desk.press(Qt.Key.Key_F7, SHIFT)
        board = desk.window.screens.tests.widget
        assert desk.window.at == "tests"
        assert set(board.model.keys()) == {"7", "8"}
        assert not board.asks()
        await desk.settled()

    play(act)


def test_F3_the_board_filters_by_age_part_signals_and_words(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        desk.answers["/tests/8"] = lambda _body: TestDetail(test=in_test(id=8), places=(), seen=0, expected=0)
        # By the clock on the wall, which the console's ages go by: both are young.
        young = {"since": datetime.now(UTC)}
        past = in_test(id=8, scope=PART, scope_words="Hall", signals=2, why="painting", past_end=True, **young)
        desk.sign_in(tests=(in_test(**young), past))
        desk.press(Qt.Key.Key_F4)
        board = desk.window.screens.tests.widget
        assert board.model.keys() == ["8", "7"], "past its end comes first"
        for nth, shown in ((2, ["8"]), (3, ["8"]), (4, ["8"]), (1, ["8", "7"])):
            desk.press(Qt.Key(Qt.Key.Key_0 + nth), ALT)
            assert board.model.keys() == shown
        desk.press(Qt.Key.Key_Slash)
        desk.type("paint")
        assert board.model.keys() == ["8"]
        desk.type("x")
        assert "No test fits" in board.empty.text()
        assert board.stack.currentIndex() == 1
        desk.press(Qt.Key.Key_Escape)
        assert board.model.keys() == ["8", "7"]
        await desk.settled()

    play(act)


def test_a_file_that_cannot_be_read_is_said_on_the_card(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        desk.answers["/file"] = refuse(ErrorCode.BEHIND)
        desk.sign_in(alarm("A1"))
        desk.press(Qt.Key.Key_F7)
        await desk.until(lambda: desk.window.queue.test._sentence.text() == "No, by a rule.", "what was asked for")
        await desk.settled()

    play(act)


def test_a_runaway_zone_is_put_aside_from_the_alarm_in_hand(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        dock = RunawayZone(account="1001", area="1", zone="07", label="07 PIR dock", kind=TestKind.INTRUSION)
        mine = held("A1", runaway=(dock,))
        desk.answers["/alarms/A1/shelve"] = lambda _body: in_test(id=9, shelved=True, scope=PART)
        desk.sign_in(mine)
        await desk.open(mine)
        assert "Alt+Z" in desk.window.workspace.title()[1]
        desk.press(Qt.Key.Key_Z, ALT)
        desk.type("cat")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: bool(asked(desk, "/alarms/A1/shelve")), "it is put aside")
        [body] = asked(desk, "/alarms/A1/shelve")
        assert (body["zone"], body["kind"], body["once"], body["minutes"]) == ("07", "intrusion", True, None)
        await desk.until(lambda: desk.window.workspace.widget.card() is desk.window.workspace.widget.now, "back")
        await desk.settled()

    play(act)


def test_alt_Z_says_why_nothing_is_put_aside_and_where_something_could_be(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        desk.sign_in(held("A1"))
        await desk.open(held("A1"))
        desk.press(Qt.Key.Key_Z, ALT)
        assert desk.notice == (
            "No zone of this alarm reports too often: there is none to put aside. F7 puts zones in test."
        )
        desk.press(Qt.Key.Key_F4)
        desk.press(Qt.Key.Key_Z, ALT)
        assert desk.notice.startswith("A zone is put aside from an alarm in your hands")
        dock = RunawayZone(account="1001", area="1", zone="07", label="07 PIR dock", kind=TestKind.INTRUSION)
        desk.tell(held("A2", runaway=(dock,)))
        desk.press(Qt.Key.Key_Z, ALT)
        assert desk.notice == "07 PIR dock of alarm A2 can be put aside: Ctrl+F2 opens the alarm, then Alt+Z."

    play(act)


def test_F2_expired_plans_are_looked_back_at_and_cannot_be_changed(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        expired = {
            "id": 5, "version": 2, "site": SITE.model_dump(), "timezone": "Europe/Brussels", "asked_by": "An",
            "words": "Mon 23 Nov 2026 10:00, 30 min", "state": "expired", "why": "fire test", "by": "Claes",
            "when": {"first": "2026-11-23", "at": "10:00", "minutes": 30}, "channel": "phone",
            "scope": {"whole": True}, "planned_at": "2026-11-22T20:00:00Z", "over_at": "2026-11-23T09:30:00Z",
        }  # fmt: skip
        running = expired | {"id": 6, "state": "current", "test": 7}
        desk.answers = {"/v1/planned-tests": lambda _body: [running, expired], **desk.answers}
        desk.sign_in(tests=(in_test(planned=6),))
        desk.press(Qt.Key.Key_F4)
        board = desk.window.screens.tests.widget
        await desk.until(lambda: board.buttons["over"].words() == "Over 1", "it is counted")
        assert board.model.keys() == ["7"], "what runs is one row, and what is expired none among them"
        desk.press(Qt.Key.Key_5, ALT)
        assert board.model.keys() == ["planned 5"]
        assert not desk.window.able("test-change")
        assert not desk.window.able("test-out")
        await desk.settled()

    play(act)


def test_F2_planned_tests_stand_on_the_board_and_are_taken_back_by_key(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        planned = {
            "id": 5, "version": 2, "site": SITE.model_dump(), "timezone": "Europe/Brussels", "asked_by": "An",
            "words": "every Monday 10:00, 30 min", "state": "planned", "why": "fire test", "by": "Claes",
            "when": {"first": "2026-11-30", "at": "10:00", "minutes": 30, "weekdays": [0]}, "channel": "phone",
            "scope": {"whole": True}, "planned_at": "2026-11-23T20:00:00Z", "next_at": "2026-11-30T09:00:00Z",
        }  # fmt: skip
        desk.answers["/planned-tests/5/remove"] = lambda _body: planned | {"state": "expired"}
        desk.answers = {"/v1/planned-tests": lambda _body: [planned], **desk.answers}
        desk.sign_in(alarm("A1"))
        desk.press(Qt.Key.Key_F4)
        board = desk.window.screens.tests.widget
        await desk.until(lambda: board.model.keys() == ["planned 5"], "it is listed")
        board.view.choose(None)
        desk.press(Qt.Key.Key_F7, SHIFT)
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: bool(asked(desk, "/planned-tests/5/remove")), "it is taken back")
        assert asked(desk, "/planned-tests/5/remove")[0]["version"] == 2
        await desk.settled()

    play(act)


def test_G5_from_the_site_file_a_part_and_a_later_time_are_chosen_where_one_is(play: Play) -> None:
    """Begins was hidden there, End cut off, and Alt+P jumped to a board on which another site stayed chosen."""

    async def act(desk: Scripted) -> None:
        prepared(desk)
        desk.sign_in()
        desk.answers |= {"/S1/journal": lambda _body: [], "/v1/tasks": lambda _body: []}
        desk.press(Qt.Key.Key_F3)
        desk.window.screens.sites.open_site(SITE)
        await desk.until(lambda: desk.window.screens.sites.at_hand.file is not None, "the file")
        desk.press(Qt.Key.Key_F7)
        card = desk.window.screens.sites.widget.card
        await desk.until(lambda: card.isVisible() and card.contact.count() == 2, "the card")
        assert card.when.isVisible()
        for field in (card.when, card.ends, card.ticket, card.next):
            assert field.height() >= field.minimumSizeHint().height()
            assert card.rect().contains(field.mapTo(card, field.rect().bottomRight())), field.accessibleName()
        desk.press(Qt.Key.Key_P, ALT)
        assert desk.window.at == "find-site"
        assert card.scope.isVisible()
        await desk.settled()

    play(act)


def test_G5_the_board_shows_no_other_site_beside_a_card_that_asks_for_one(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        other = SITE.model_copy(update={"id": "S2", "name": "Other"})
        desk.sign_in(alarm("A1"), tests=(in_test(other),))
        desk.press(Qt.Key.Key_F7)
        await desk.until(lambda: desk.window.queue.test.contact.count() == 2, "the card")
        desk.press(Qt.Key.Key_P, ALT)
        assert desk.window.at == "tests"
        assert desk.window.screens.tests.widget.view.current() is None
        await desk.settled()

    play(act)


def test_I8_a_card_for_a_site_that_was_put_in_test_meanwhile_does_nothing_more(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        desk.sign_in(alarm("A1"))
        desk.press(Qt.Key.Key_F7)
        card = desk.window.queue.test
        await desk.until(lambda: card.contact.count() == 2, "the card")
        desk.type("works")
        desk.link.known.tests = {"S1": (in_test(),)}
        desk.window.queue.refresh()
        for _twice in range(2):
            assert card._sentence.text() == "Bakkerij Peeters was put in test meanwhile. Esc, then F7 asks again."
            desk.press(Qt.Key.Key_Return)
            await desk.settled()
        assert asked(desk, "/sites/S1/tests") == []
        assert desk.acts("take-next") == desk.acts("take") == []
        desk.press(Qt.Key.Key_Escape)
        desk.press(Qt.Key.Key_F7)
        await desk.until(lambda: card.next.words() == "Save", "the test that runs")
        await desk.settled()

    play(act)


def test_F3_the_site_file_has_the_banner_of_a_site_in_test(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        prepared(desk)
        desk.sign_in(tests=(in_test(),))
        desk.answers |= {"/S1/journal": lambda _body: [], "/v1/tasks": lambda _body: []}
        desk.press(Qt.Key.Key_F3)
        desk.window.screens.sites.open_site(SITE)
        await desk.until(lambda: desk.window.screens.sites.at_hand.file is not None, "the file")
        title, said, banner = desk.window.screens.sites.title()
        assert (title, banner) == ("Site in test", True)
        assert "whole site · since" in said
        assert "by An Peeters · maintenance" in said
        await desk.settled()

    play(act)

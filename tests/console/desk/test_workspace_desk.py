"""The workspace's presenter: what goes to the station, and what must never go there (G2, G3, G4, I8, I9, I11)."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt

from console.client.link import Refusal
from models.records import (
    AlarmDetail,
    AlarmState,
    AlarmView,
    CallOutcome,
    Disposition,
    ErrorBody,
    ErrorCode,
    JournalPage,
    Returned,
    SiteDetails,
    SiteFile,
)
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import AN, BERT, NOW, alarm, calling, detail, held, tried
from widgets.theme import priority_name


def refused(sentence: str) -> object:
    def answer(_body: object) -> object:
        raise Refusal(ErrorBody(code=ErrorCode.INVALID, sentence=sentence))

    return answer


async def opened(desk: Scripted) -> None:
    mine = held()
    desk.sign_in(mine)
    await desk.open(mine)


def test_I11_an_act_names_the_version_that_was_shown(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        desk.answers["/call"] = lambda _body: held()
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        assert desk.acts("call") == [{"step": AN.key, "number": "+32 470 55 50 01", "version": 2}]

    play(act)


def test_I11_one_act_at_a_time_and_waiting_is_said(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        desk.gates["/call"] = asyncio.Event()
        desk.answers["/call"] = lambda _body: held()
        desk.press(Qt.Key.Key_Return)
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.notice == "Sending to the station…", "it says that it waits")
        assert len(desk.acts("call")) == 1
        desk.gates["/call"].set()
        await desk.settled()
        assert desk.notice == ""

    play(act)


def test_I11_taking_says_that_it_waits(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(alarm())
        desk.gates["take-next"] = asyncio.Event()
        desk.answers["take-next"] = lambda _body: held()
        desk.details["A1"] = detail(held())
        desk.press(Qt.Key.Key_F1)
        await desk.until(lambda: desk.notice == "Sending to the station…", "it says that it waits")
        desk.gates["take-next"].set()
        await desk.until(lambda: desk.window.at == "workspace", "the workspace")
        await desk.settled()
        assert desk.notice == ""

    play(act)


def test_I8_seen_covers_what_was_on_screen(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        desk.tell(held(unseen=1, last_seq=11))
        await desk.settled()
        # The next one is known, and its line is not on the screen yet.
        desk.tell(held(unseen=2, last_seq=12))
        desk.answers["/seen"] = lambda _body: held(last_seq=12, unseen=1)
        desk.press(Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
        await desk.settled()
        assert desk.acts("seen") == [{"up_to": 11}]

    play(act)


def test_I8_nothing_of_the_last_alarm_acts_on_the_next(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        closing = desk.window.workspace.widget.closing
        desk.press(Qt.Key.Key_F10)
        desk.press(Qt.Key.Key_1)
        desk.type("Reden van de eerste")
        desk.press(Qt.Key.Key_Escape)
        second = held("A2", words="Brand", priority=1)
        desk.gates["/v1/alarms/A2"] = asyncio.Event()
        desk.sign_in(held(), second)
        desk.window.open_alarm(second)
        # Its detail is still on the way: the cards hold the first alarm.
        desk.press(Qt.Key.Key_Return)
        desk.press(Qt.Key.Key_F10)
        assert closing.chosen is Disposition.FALSE_USER
        closing.press_next()
        desk.gates["/v1/alarms/A2"].set()
        await desk.settled()
        assert desk.asked == []
        assert closing.chosen is None
        assert desk.window.workspace.widget.header._event.text() == "Brand"

    play(act)


def test_the_head_names_the_new_alarm_at_once(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        second = held("A2", words="Brand", priority=1)
        desk.gates["/v1/alarms/A2"] = asyncio.Event()
        desk.sign_in(held(), second)
        desk.window.open_alarm(second)
        assert desk.window.workspace.widget.header._event.text() == "Brand"
        desk.gates["/v1/alarms/A2"].set()
        await desk.settled()

    play(act)


def test_G4_the_cancel_is_journaled_before_the_close(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.sign_in(mine)
        desk.details["A1"] = detail(mine, tried(AN, CallOutcome.VERIFIED), BERT, current=None)
        await desk.open(mine)
        desk.answers["/cancel"] = lambda _body: held(version=3)
        desk.answers["/close"] = refused("A required step is missing.")
        desk.press(Qt.Key.Key_F10)
        # An was verified: she is proposed, and the keys are in the reason.
        desk.press(Qt.Key.Key_6)
        desk.type("Bezoek")
        desk.details["A1"] = detail(held(version=3), tried(AN, CallOutcome.VERIFIED), BERT, current=None)
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.acts("close"), "the close after the cancel")
        await desk.settled()
        assert desk.acts("cancel") == [{"contact": AN.contact, "why": "Bezoek", "code_word": None}]
        assert desk.acts("close") == [{"disposition": "cancelled", "reason": "Bezoek", "version": 3}]
        assert desk.window.workspace.widget.closing._sentence.text() == "A required step is missing."

    play(act)


def test_a_refused_note_is_not_lost(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        note = desk.window.workspace.widget.side.note
        desk.lose()
        desk.press(Qt.Key.Key_F9)
        desk.type("Sleutel bij nr 3")
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        assert note.toPlainText() == "Sleutel bij nr 3"
        assert "nothing was done" in desk.window.workspace.widget.now._sentence.text()

    play(act)


def test_a_refused_park_is_said_where_it_was_typed_and_nowhere_else(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        desk.answers["/park"] = refused("It may be parked for 5 minutes at most.")  # type: ignore[assignment]
        side = desk.window.workspace.widget.side
        desk.press(Qt.Key.Key_F8)
        desk.type("Patrouille")
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        assert side.park_refusal.text() == "It may be parked for 5 minutes at most."
        assert side.park_refusal.isVisible()
        assert side.park_reason.text() == "Patrouille"
        assert "5 minutes" not in desk.window.workspace.widget.now._sentence.text()

    play(act)


def test_a_note_that_is_kept_late_takes_no_keyboard_away(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        desk.gates["/note"] = asyncio.Event()
        desk.answers["/note"] = lambda _body: held()
        desk.press(Qt.Key.Key_F9)
        desk.type("Sleutel")
        desk.press(Qt.Key.Key_Return)
        assert desk.focus() is desk.window.workspace.widget.now
        desk.press(Qt.Key.Key_F10)
        desk.press(Qt.Key.Key_1)
        reason = desk.window.workspace.widget.closing.reason
        assert desk.focus() is reason
        desk.gates["/note"].set()
        await desk.settled()
        assert desk.focus() is reason
        assert desk.window.workspace.widget.side.note.toPlainText() == ""

    play(act)


def test_I9_code_words_that_come_late_are_not_shown_with_another_alarm(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        desk.gates["code-words"] = asyncio.Event()
        desk.answers["code-words"] = lambda _body: {"c": {"name": "An Peeters", "code": "tulp"}}
        desk.press(Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
        await desk.until(lambda: desk.acts("code-words"), "asked")
        second = held("A2")
        desk.sign_in(held(), second)
        await desk.open(second)
        desk.gates["code-words"].set()
        await desk.settled()
        assert "tulp" not in desk.window.workspace.widget.side.words.text()

    play(act)


def test_I8_an_alarm_that_was_taken_away_says_so_where_it_was_and_no_key_does_anything_else(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        desk.tell(alarm(version=3, returned=Returned(at=NOW, why="no act for 3 minutes")))
        await desk.settled()
        screen = desk.window.workspace.widget
        assert desk.window.at == "workspace", "whoever was about to press Enter would take what is first in the queue"
        assert screen.card() is screen.gone
        assert desk.notice == "A1 went back to the queue: no act for 3 minutes."
        asked = len(desk.asked)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_1, Qt.Key.Key_F8, Qt.Key.Key_F10, Qt.Key.Key_F11):
            desk.press(key)
        await desk.settled()
        assert len(desk.asked) == asked
        desk.press(Qt.Key.Key_Escape)
        assert desk.window.at == "queue"

    play(act)


def test_I8_an_alarm_that_was_taken_away_moves_nobody_who_is_elsewhere(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        # That its file is not there would be the newest notice on a slow day.
        desk.answers |= {
            "/S1/file": lambda _body: SiteFile(site="S1", details=SiteDetails(name="Bakkerij Peeters")),
            "/S1/journal": lambda _body: [],
            "/v1/journal": lambda _body: JournalPage(),
            "/v1/tasks": lambda _body: [],
        }
        desk.press(Qt.Key.Key_F3)
        assert desk.window.at == "find-site"
        desk.tell(alarm(version=3, returned=Returned(at=NOW, why="no act for 3 minutes")))
        await desk.settled()
        assert desk.window.at == "find-site"
        assert desk.focus() is desk.window.screens.sites.widget.search.field
        assert desk.notice == "A1 went back to the queue: no act for 3 minutes."

    play(act)


def test_G3_the_close_waits_for_the_end_of_the_call(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.sign_in(mine)
        desk.details["A1"] = detail(mine, calling(AN), BERT)
        await desk.open(mine)
        desk.press(Qt.Key.Key_F10)
        assert desk.window.workspace.widget.card() is desk.window.workspace.widget.now
        desk.answers["/call"] = lambda _body: held()
        desk.press(Qt.Key.Key_Return)
        assert desk.acts("call") == []
        desk.press(Qt.Key.Key_3)
        await desk.settled()
        assert [body["outcome"] for body in desk.acts("call")] == ["no-answer"]

    play(act)


CLOSED = {"state": AlarmState.CLOSED, "closed_at": NOW, "version": 4}


async def both_in_hand(desk: Scripted, first: AlarmDetail | None = None) -> AlarmView:
    """A1 is on the screen; A2 is in hand as well, and A3, which would come next by itself."""
    one, second = held(), held("A2", words="Brand")
    desk.sign_in(one, second, held("A3", priority=2))
    desk.details["A1"] = first or detail(one)
    await desk.open(one)
    return second


async def moved_on(desk: Scripted, second: AlarmView, verb: str) -> None:
    """The act on A1 is on its way; A2 is brought to the screen before its answer comes."""
    await desk.until(lambda: desk.acts(verb), f"{verb} is on its way")
    desk.window.open_alarm(second)
    await asyncio.sleep(0.1)
    desk.gates[f"/{verb}"].set()
    await desk.settled()


def test_I8_a_cancel_that_is_answered_late_closes_no_other_alarm(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        second = await both_in_hand(desk, detail(held(), tried(AN, CallOutcome.VERIFIED), BERT, current=None))
        desk.gates["/cancel"] = asyncio.Event()
        desk.answers["/cancel"] = lambda _body: held(version=3)
        desk.answers["/close"] = lambda _body: alarm("A2", **CLOSED)
        desk.press(Qt.Key.Key_F10)
        # An was verified: she is proposed, and the keys are in the reason.
        desk.press(Qt.Key.Key_6)
        desk.type("Bezoek")
        desk.press(Qt.Key.Key_Return)
        await moved_on(desk, second, "cancel")
        assert [path for path, _ in desk.asked if path.endswith("/close")] == []
        assert desk.window.workspace.alarm == second
        assert desk.notice == "A1 is cancelled, and not closed: it was no longer on the screen."

    play(act)


def test_I8_a_close_that_is_answered_late_leaves_the_next_alarm_on_screen(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        second = await both_in_hand(desk, detail(held(), tried(AN, CallOutcome.VERIFIED), BERT, current=None))
        desk.gates["/close"] = asyncio.Event()
        desk.answers["/close"] = lambda _body: alarm(**CLOSED)
        desk.press(Qt.Key.Key_F10)
        desk.press(Qt.Key.Key_1)
        desk.type("Poes")
        desk.press(Qt.Key.Key_Return)
        await moved_on(desk, second, "close")
        assert desk.window.workspace.alarm == second
        assert desk.window.workspace.detail is not None
        assert desk.notice == "A1 is closed."

    play(act)


@pytest.mark.parametrize(("key", "verb"), [(Qt.Key.Key_F11, "release"), (Qt.Key.Key_F8, "park")])
def test_I8_what_left_the_hands_late_takes_no_other_off_the_screen(play: Play, key: Qt.Key, verb: str) -> None:
    async def act(desk: Scripted) -> None:
        second = await both_in_hand(desk)
        desk.gates[f"/{verb}"] = asyncio.Event()
        desk.answers[f"/{verb}"] = lambda _body: alarm(version=3)
        desk.press(key)
        if verb == "park":
            desk.type("Patrouille")
            desk.press(Qt.Key.Key_Return)
        await moved_on(desk, second, verb)
        assert desk.window.at == "workspace"
        assert desk.window.workspace.alarm == second

    play(act)


def test_I8_a_refusal_that_comes_late_names_its_alarm(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        second = await both_in_hand(desk)
        desk.gates["/call"] = asyncio.Event()
        desk.answers["/call"] = refused("This number may not be called.")  # type: ignore[assignment]
        desk.press(Qt.Key.Key_Return)
        await moved_on(desk, second, "call")
        assert "may not be called" not in desk.window.workspace.widget.now._sentence.text()
        assert desk.notice == "A1: This number may not be called."

    play(act)


def test_I11_an_act_names_the_version_on_the_cards_and_not_what_the_feed_told(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        desk.gates["/v1/alarms/A1"] = asyncio.Event()
        desk.answers["/call"] = lambda _body: held(version=3, last_seq=11)
        desk.tell(held(version=3, last_seq=11))
        desk.window.changed()
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.acts("call"), "the call")
        assert desk.acts("call")[0]["version"] == 2
        desk.gates["/v1/alarms/A1"].set()
        await desk.settled()

    play(act)


def test_I8_the_head_shows_a_raise_before_the_cards_are_read_again(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        header = desk.window.workspace.widget.header
        desk.gates["/v1/alarms/A1"] = asyncio.Event()
        desk.tell(held(version=3, priority=1, words="Brand", last_seq=11))
        desk.window.changed()
        assert (header._priority.text(), header._event.text()) == (priority_name(1), "Brand")
        desk.gates["/v1/alarms/A1"].set()
        await desk.settled()

    play(act)


def test_I11_after_an_own_note_the_next_act_names_the_new_version(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        desk.answers["/note"] = desk.answers["/call"] = lambda _body: held(version=3)
        desk.details["A1"] = detail(held(version=3))
        desk.press(Qt.Key.Key_F9)
        desk.type("Sleutel")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.acts("note"), "the note")
        for _ in range(50):
            desk.press(Qt.Key.Key_Return)
            await asyncio.sleep(0.002)
            if desk.acts("call"):
                break
        await desk.settled()
        assert desk.acts("call")[0]["version"] == 3

    play(act)


def test_I4_an_outage_that_nobody_acts_on_is_told_without_the_site_it_has_not(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        lost = alarm("A8", site=None, account="", words="Provider outage, Northlink DSL")
        desk.sign_in(lost.model_copy(update={"escalated": 2}))
        await desk.until(lambda: "Unattended" in desk.notice, "what nobody acts on is told")
        assert desk.notice.endswith(": Provider outage, Northlink DSL. F1 takes it.")

    play(act)


def test_I4_what_is_said_to_whoever_acts_comes_before_what_nobody_acts_on(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        low = alarm("A8", priority=4, words="Low battery").model_copy(update={"escalated": 2})
        desk.sign_in(held(), low, alarm("A9", priority=1, words="Fire"))
        await desk.until(lambda: "Unattended" in desk.notice, "what nobody acts on is told")
        desk.answers["take-next"] = refused("A call is running. F1 again parks this call.")  # type: ignore[assignment]
        desk.press(Qt.Key.Key_F1)
        await desk.settled()
        assert desk.notice == "A call is running. F1 again parks this call."

    play(act)


def test_G1_the_banner_says_of_F1_what_it_does(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        fire = alarm("A8", priority=1, words="Fire").model_copy(update={"escalated": 2})
        desk.sign_in(fire)
        await desk.until(lambda: "F1 takes it." in desk.notice, "nothing is in hand")
        assert "yours first" not in desk.notice
        desk.sign_in(fire, held(priority=1))
        await desk.until(lambda: "Close, park or release yours first, then F1 takes it." in desk.notice, "as urgent")
        desk.sign_in(fire, held(priority=3))
        await desk.until(lambda: "Fire" in desk.notice and "yours first" not in desk.notice, "more urgent than mine")
        await desk.settled()

    play(act)


def test_issue_4_who_signs_out_is_told_of_what_is_not_saved(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in()
        desk.window.screens.sites.at_hand.drafts["S-10129", "contact:2"] = object()
        desk.press(Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
        await desk.settled()
        assert desk.notice.startswith("Not saved: changes of S-10129.")
        assert desk.window.screens.sites.at_hand.drafts
        assert desk.link.session is not None
        desk.press(Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
        await desk.until(lambda: desk.link.session is None, "signed out")

    play(act)


def test_the_close_card_takes_the_keys_where_something_is_still_to_be_said(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held(priority=2)
        desk.sign_in(mine)
        desk.details["A1"] = detail(mine, AN, BERT, current=None)
        await desk.open(mine)
        closing = desk.window.workspace.widget.closing
        desk.press(Qt.Key.Key_F10)
        desk.press(Qt.Key.Key_1)
        desk.press(Qt.Key.Key_Escape)
        desk.press(Qt.Key.Key_F10)
        desk.type("Kat in de hal")
        assert closing.reason.toPlainText() == "Kat in de hal", "opened again with a choice made"
        closing.reason.clear()
        closing.setFocus()
        desk.press(Qt.Key.Key_Return)
        assert closing._sentence.text() == "Give the reason in words."
        assert desk.focus() is closing.reason, "Enter says what is missing, and goes there"
        desk.press(Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
        assert desk.focus() is closing.who
        desk.press(Qt.Key.Key_Space)
        assert closing.who.view().isVisible(), "its list opens by a key"
        closing.who.hidePopup()
        closing.who.setCurrentIndex(1)
        closing.setFocus()
        desk.press(Qt.Key.Key_Return)
        assert desk.focus() is closing.word

    play(act)


def test_G4_who_was_verified_is_proposed_for_cancelled_and_another_that_was_chosen_stays(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.sign_in(mine)
        desk.details["A1"] = detail(mine, AN, tried(BERT.model_copy(update={"may_cancel": True}), CallOutcome.VERIFIED))
        await desk.open(mine)
        closing = desk.window.workspace.widget.closing
        desk.press(Qt.Key.Key_F10)
        assert closing.who.currentText() == "Nobody"
        desk.press(Qt.Key.Key_6)
        assert closing.who.currentText() == "Bert Maes, verified by phone"
        desk.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
        assert closing.who.currentText() == "Nobody", "how it really ended nobody cancelled"
        closing.who.setCurrentIndex(2)
        desk.press(Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
        assert closing.who.currentText() == "An Peeters, asks: code word needed"

    play(act)


def test_a_wrong_code_word_says_so_and_which_try_it_was_until_another_is_typed(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        closing = desk.window.workspace.widget.closing

        def wrong(_body: object) -> object:
            sentence = "The code word is wrong."
            raise Refusal(ErrorBody(code=ErrorCode.WRONG_SECRET, sentence=sentence, field="code_word"))

        desk.answers["/cancel"] = wrong
        desk.press(Qt.Key.Key_F10)
        desk.press(Qt.Key.Key_6)
        closing.who.setCurrentIndex(1)
        closing.reason.setPlainText("Bezoek")
        for nth in (1, 2):
            closing.word.setText("fout")
            desk.press(Qt.Key.Key_Return)
            await desk.until(lambda n=nth: f"An Peeters, try {n}." in closing._sentence.text(), "it says so")  # type: ignore[misc]
            # Read again, as after anything that happens at the site.
            desk.window.workspace._load()
            await desk.settled()
            assert closing._sentence.text().startswith("The code word is wrong. An Peeters, try ")
            assert "2 says Wrong code" in closing._sentence.text()
            assert desk.focus() is closing.word
        desk.type("t")
        assert "wrong" not in closing._sentence.text()

    play(act)

"""Who is where and holds what, taken over by keys alone, and told to whoever had it (rulebook H, I8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics

from console.client.link import Refusal
from models.records import AlarmState, Ask, AskKind, ErrorBody, ErrorCode, Person, Seat, StaffMember, StaffRole
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import ME, NOW, WORKSTATION, alarm, held
from widgets.operators.face import row_of, seats_of
from widgets.theme import theme

ALT = Qt.KeyboardModifier.AltModifier
CHIEF = Person(login=ME, name="Claes", roles=(StaffRole.SUPERVISOR,))


def member(login: str, workstation: str = "", **changes: Any) -> StaffMember:
    """Somebody, signed in at a workstation or nowhere."""
    now = datetime.now(UTC)
    seat = Seat(
        **{
            "workstation": workstation,
            "since": now - timedelta(hours=2),
            "last_beat": now,
            "used_at": now - timedelta(seconds=5),
            **changes,
        }
    )
    person = Person(login=login, name=login.capitalize(), roles=(StaffRole.OPERATOR,))
    return StaffMember(person=person, seats=(seat,) if workstation else ())


def theirs(number: str = "A1", **changes: Any) -> Any:
    """An alarm in the hands of Bea at WS 02."""
    return held(number, holder="bea", held_by="Bea", workstation="WS 02", **changes)


def staff(*more: StaffMember) -> Any:
    """What the station answers: Claes is here, Bea at WS 02."""
    return [one.model_dump(mode="json") for one in (member("bea", "WS 02"), member(ME, WORKSTATION), *more)]


async def at_operators(desk: Scripted, *alarms: Any, more: tuple[StaffMember, ...] = (), me: Person = CHIEF) -> Any:
    """Alt+O, with who is there read."""
    desk.sign_in(*alarms, me=me)
    desk.answers["/v1/operators"] = lambda _body: staff(*more)
    desk.press(Qt.Key.Key_O, ALT)
    screen = desk.window.screens.operators.widget
    await desk.until(lambda: screen.seats, "who is there")
    return screen


def test_H_a_supervisor_takes_over_by_keys_with_a_reason_and_works_on_it(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen = await at_operators(desk, theirs())
        assert [(at.member.person.login, len(at.held)) for at in screen.seats] == [("bea", 1), (ME, 0)]
        desk.press(Qt.Key.Key_Return)
        assert screen.acts()
        desk.press(Qt.Key.Key_Return)
        assert not desk.acts("take-over"), "nobody is told why"
        assert "Say why" in screen.card._sentence.text()
        desk.answers["/take-over"] = lambda _body: held(version=3)
        desk.type("second call needed")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.window.at == "workspace", "it is in one's own hands")
        assert desk.acts("take-over") == [{"why": "second call needed", "version": 2}]

    play(act)


def test_H_a_digit_gives_it_to_somebody_who_is_there(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        away = (member("quiet", "WS 03", quiet=True), member("lunch", "WS 04", locked_at=datetime.now(UTC)))
        screen = await at_operators(desk, theirs(), more=(member("carl", "WS 05"), *away, member("home")))
        desk.press(Qt.Key.Key_Return)
        shown = [button.words() for button in screen.card.buttons if button.isVisible()]
        assert shown == ["Carl"], "Enter is for oneself; to a silent or a locked workstation nothing is given (I4)"
        desk.answers["/hand-over"] = lambda _body: held(holder="carl", held_by="Carl", workstation="WS 05", version=3)
        desk.type("speaks French")
        desk.press(Qt.Key.Key_1, ALT)
        await desk.until(lambda: not screen.acts(), "given")
        [sent] = desk.acts("hand-over")
        assert sent == {"to": "carl", "workstation": "WS 05", "why": "speaks French", "version": 2}
        assert desk.notice == "A1 is in the hands of Carl now."
        assert desk.window.at == "operators"

    play(act)


def test_H_of_several_alarms_in_the_same_hands_arrows_choose_which_is_taken_over(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        fire, tamper = theirs("A1", priority=1, words="Fire"), theirs("A2", words="Tamper", version=7)
        screen = await at_operators(desk, tamper, fire)
        assert "↑ ↓ then choose which" in screen._how.text()
        desk.press(Qt.Key.Key_Return)
        card = screen.card
        assert (card.alarm.id, card.head_right.text()[:6]) == ("A1", "1 of 2")
        desk.type("he has two")
        desk.press(Qt.Key.Key_Up)
        assert card.alarm.id == "A1", "above the first there is none"
        desk.press(Qt.Key.Key_Down)
        assert (card.alarm.id, card.head_right.text()[:6]) == ("A2", "2 of 2")
        assert "Tamper" in card._text.text()
        desk.tell(theirs("A2", words="Tamper", version=8))
        await desk.settled()
        desk.answers["/take-over"] = lambda _body: held("A2", version=9)
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.window.at == "workspace", "it is in one's own hands")
        assert desk.acts("A2/take-over") == [{"why": "he has two", "version": 8}]
        assert len(desk.acts("take-over")) == 1

    play(act)


def test_H_enter_on_a_row_in_other_hands_takes_that_alarm_over(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(theirs("A1", priority=1, words="Fire"), theirs("A2", words="Tamper"), me=CHIEF)
        desk.answers["/v1/operators"] = lambda _body: staff()
        queue = desk.window.queue.widget
        desk.press(Qt.Key.Key_Down)
        assert queue.list.view.current_alarm().id == "A2"
        assert queue.preview.take.words() == "Take over, or give to somebody"
        desk.press(Qt.Key.Key_Return)
        screen = desk.window.screens.operators.widget
        await desk.until(screen.acts, "the card")
        assert screen.card.alarm.id == "A2"
        assert not desk.acts("take"), "nothing was tried that is refused"

    play(act)


def test_G2_enter_on_a_row_that_another_took_a_moment_before_says_so_and_moves_nobody(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(theirs(held_since=desk.window.link.now()), me=CHIEF)
        desk.press(Qt.Key.Key_Return)
        assert (desk.notice, desk.window.at) == ("Bea took it just before you.", "queue")
        assert not desk.acts("take")
        await desk.settled()

    play(act)


def test_H_enter_on_a_row_in_other_hands_asks_for_it_where_one_may_not_take_it_over(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(theirs(), me=CHIEF.model_copy(update={"roles": (StaffRole.OPERATOR,)}))
        desk.answers["/v1/operators"] = lambda _body: staff()
        assert desk.window.queue.widget.preview.take.words() == "Ask for it"
        desk.press(Qt.Key.Key_Return)
        screen = desk.window.screens.operators.widget
        assert screen.side.currentWidget() is screen.ask
        desk.answers["/ask"] = lambda _body: []
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.acts("A1/ask"), "asked")

    play(act)


def test_a_long_request_for_help_is_shown_to_its_end(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen = await at_operators(desk, theirs())
        words = "the police cannot find the address and the owner does not answer " * 7
        ask = Ask(id=1, kind=AskKind.HELP, alarm="A1", login="bea", workstation="WS 02", by="Bea", at=NOW, words=words)
        screen.show_asks([ask], desk.window.link.known.alarms, NOW)
        painted = screen.asks._painted
        screen.asks.resize(700, 120)
        room = QFontMetrics(theme().font(15)).boundingRect(QRect(0, 0, 700 - 98, 9999), Qt.TextFlag.TextWordWrap, words)
        assert painted.heightForWidth(700) >= 33 + room.height()
        screen.show_asks([ask.model_copy(update={"words": "x"})], {}, NOW)
        assert painted.heightForWidth(700) == 33

    play(act)


def test_I11_the_card_follows_its_alarm_and_says_when_it_is_in_other_hands(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen = await at_operators(desk, theirs())
        desk.press(Qt.Key.Key_Return)
        desk.type("x")
        desk.tell(theirs(version=5, doing="Contact 1: calling"))
        await desk.settled()
        assert screen.card.alarm.version == 5, "what is shown is what the act names"
        desk.tell(held(version=6, holder="carl", held_by="Carl", workstation="WS 05"))
        await desk.settled()
        assert screen.card.alarm.version == 5
        assert "It is in the hands of Carl" in screen.card._sentence.text()

        def changed(_body: object) -> object:
            raise Refusal(ErrorBody(code=ErrorCode.CHANGED, sentence="A1 changed since it was shown.", field="version"))

        desk.answers["/take-over"] = changed
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: "changed since" in screen.card._sentence.text(), "the refusal, in place")
        assert screen.acts()
        assert screen.card.why.text() == "x", "what was typed is kept"

    play(act)


def test_H_an_operator_sees_who_is_where_and_takes_nothing_over(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen = await at_operators(desk, theirs(), me=CHIEF.model_copy(update={"roles": (StaffRole.OPERATOR,)}))
        assert not desk.window.able("hand-over")
        assert screen.panel.summary.text() == "ask for an alarm"
        assert screen._how.text() == "Enter asks for it. Only a supervisor may take it over."
        desk.tell(held("A2"))
        await desk.settled()
        desk.press(Qt.Key.Key_Down)
        assert screen._how.text().startswith("In your own hands"), "nobody asks themselves"
        desk.press(Qt.Key.Key_Up)
        desk.press(Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier)
        assert not screen.acts()
        assert not desk.acts("take-over")

    play(act)


def test_I4_what_was_escalated_is_on_the_screen_with_before_whom(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen = await at_operators(desk, alarm("A1", escalated=1), alarm("A2", priority=1, escalated=2), alarm("A3"))
        lines = screen.unattended._painted.lines
        assert [(line.strong.split(" ·")[0], line.right) for line in lines] == [
            ("Emergency", "told: everybody"),
            ("Medium", "told: supervisors"),
        ]

    play(act)


def test_H_I8_what_is_taken_out_of_these_hands_is_said_with_who_and_why_and_moves_nobody(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held())
        await desk.open(held())
        desk.press(Qt.Key.Key_F9)
        desk.type("half a no")
        told = "Taken over by Chief from Claes · second call needed"
        desk.tell(theirs(version=3), kind="handed-over", text=told)
        await desk.settled()
        screen = desk.window.workspace.widget
        assert desk.window.at == "workspace"
        assert screen.card() is screen.gone
        assert told in desk.notice
        assert screen.side.note.toPlainText() == "half a no"
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        assert not desk.acts("note")
        assert not desk.acts("take")

    play(act)


def test_H_I8_who_took_it_is_said_also_where_the_feed_showed_it_gone_before_it_told_why(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held())
        await desk.open(held())
        # A call was broken off with it: its entry comes first, with the alarm as it stands by then.
        desk.tell(theirs(version=3), kind="call", text="Contact 1: broken off")
        await desk.settled()
        screen = desk.window.workspace.widget
        assert "it is in the hands of Bea" in screen.gone._why.text()
        told = "Taken over by Chief from Claes · second call needed"
        desk.tell(theirs(version=3), kind="handed-over", text=told)
        await desk.settled()
        assert screen.gone._why.text() == f"{told}."
        assert told in desk.notice
        assert "held by you" not in desk.window.workspace.title()[1]

    play(act)


def test_H_I8_what_one_let_go_oneself_is_not_told_as_taken_by_others_later(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held())
        known = desk.window.link.known
        known.see(alarm(version=3))
        desk.tell(alarm(version=3), kind="released")
        desk.tell(theirs(version=4), kind="taken")
        desk.tell(held(version=5, holder="carl", held_by="Carl", workstation="WS 05"), kind="handed-over", text="x")
        await desk.settled()
        assert not known.away

    play(act)


def test_H_I8_what_is_put_into_these_hands_is_said_and_rings_until_it_is_looked_at(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(theirs(), alarm("A2", priority=4))
        view = desk.window.queue.widget.list.view
        view.choose("A2")
        desk.window.frames.ringer.mute()
        desk.tell(held(version=3), kind="handed-over", text="Handed over by Chief from Bea to Claes · you know it")
        await desk.settled()
        assert desk.window.at == "queue"
        chosen = view.current_alarm()
        assert chosen is not None
        assert chosen.id == "A2", "nothing moves under the hand"
        assert "you know it" in desk.notice
        assert desk.player.playing == 3
        desk.press(Qt.Key.Key_F2, Qt.KeyboardModifier.ControlModifier)
        await desk.until(lambda: desk.window.workspace.detail is not None, "it is opened")
        desk.window.tick()
        assert desk.player.playing in (None, 4)

    play(act)


def test_a_row_says_who_does_what_and_for_how_long() -> None:
    now = datetime.now(UTC)
    busy, free = member("bea", "WS 02"), member("carl", "WS 03", used_at=now - timedelta(seconds=130))
    silent = member("dora", "WS 04", quiet=True, last_beat=now - timedelta(seconds=90))
    mine = theirs(held_since=now - timedelta(seconds=75), doing="Contact 1: calling")
    rows = [row_of(at, now) for at in seats_of([busy, free, silent, member("emil")], [mine])]
    assert [row.badge for row in rows] == [3, 0, 0, None]
    assert rows[0].second == "Intrusion · Bakkerij Peeters · for 1:15 · Contact 1: calling"
    assert rows[1].second == "Free"
    assert rows[1].right_second.endswith("idle for 2:10")
    assert rows[2].off
    assert rows[2].second == "The workstation has not answered for 1:30"
    assert rows[3].second == "not signed in"
    assert AlarmState.HELD in {mine.state}

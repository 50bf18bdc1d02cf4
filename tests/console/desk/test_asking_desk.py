"""Help asked and answered by keys; what is asked stands on every supervisor's console until it is answered (H, I8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt

from models.records import Ask, AskKind, FeedItem, StaffRole
from tests.console.desk.scripted import Play, Scripted
from tests.console.desk.test_operators_desk import ALT, CHIEF, at_operators, staff, theirs
from tests.widgets.made import ME, WORKSTATION, entry, held


def ask(**changes: Any) -> Ask:
    """Bea asks for help with A1."""
    given = {"id": 11, "kind": AskKind.HELP, "alarm": "A1", "login": "bea", "by": "Bea", "workstation": "WS 02"}
    return Ask.model_validate(
        {**given, "at": datetime.now(UTC) - timedelta(seconds=42), "words": "two callers", **changes}
    )


def mine(**changes: Any) -> Ask:
    """What was asked from here."""
    return ask(login=ME, by="Claes", workstation=WORKSTATION, **changes)


def hear(desk: Scripted, seq: int, kind: str, *asks: Ask, **more: Any) -> None:
    """The feed tells what is asked now."""
    item = FeedItem(entry=entry(seq, kind=kind, alarm="A1", **more), asks=asks)
    assert desk.link.known.apply(item)
    desk.qt_link.item_heard(item)


def test_H_one_key_asks_for_help_and_the_same_takes_it_back(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held())
        await desk.open(held())
        desk.answers["/help"] = lambda _body: [mine().model_dump(mode="json")]
        desk.press(Qt.Key.Key_R, ALT)
        screen = desk.window.workspace.widget
        assert screen.card() is screen.ask
        desk.type("two callers")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: screen.card() is screen.now, "it is asked")
        assert desk.acts("help") == [{"words": "two callers"}]
        assert "no supervisor has answered yet" in desk.window.workspace.standing()
        desk.answers["/withdraw"] = lambda _body: []
        desk.press(Qt.Key.Key_R, ALT)
        await desk.until(lambda: not desk.link.known.asks, "taken back")
        assert screen.card() is screen.now
        assert desk.notice == "You ask no longer."

    play(act)


def test_H_what_is_asked_stands_and_rings_at_a_supervisor_until_it_is_answered(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(theirs(), me=CHIEF)
        hear(desk, 11, "help-asked", ask())
        await desk.settled()
        said = "Bea asks for help: Intrusion, Bakkerij Peeters · two callers. Alt+R answers."
        assert desk.notice == said
        assert desk.player.playing == 2
        assert desk.window.at == "queue"
        desk.window.notify("something else", loud=True)
        desk.window.frames._noticed_at -= 20
        desk.window.tick()
        assert desk.notice == said, "it stays"
        desk.answers["/v1/operators"] = lambda _body: staff()
        desk.answers["/answer"] = lambda _body: []
        desk.press(Qt.Key.Key_R, ALT)
        assert desk.window.at == "operators"
        screen = desk.window.screens.operators.widget
        assert screen.side.currentWidget() is screen.ask
        desk.type("on my way")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: not screen.acts(), "answered")
        assert desk.acts("answer") == [{"words": "on my way"}]
        desk.window.tick()
        assert desk.player.playing is None

    play(act)


def test_H_an_operator_is_not_rung_for_anothers_help(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(theirs())
        hear(desk, 11, "help-asked", ask())
        await desk.settled()
        assert desk.player.playing is None
        assert desk.notice == ""
        assert not desk.window.able("ask-help")

    play(act)


def test_H_whoever_asked_is_told_what_came_of_it(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held())
        await desk.open(held())
        hear(desk, 11, "help-asked", mine())
        hear(desk, 12, "ask-answered", text="Chief answers Claes: on my way")
        await desk.settled()
        assert desk.notice == "Chief answers Claes: on my way."

    play(act)


def test_H_a_holder_who_is_asked_for_an_alarm_is_told_and_answers(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(held())
        await desk.open(held())
        hear(desk, 11, "alarm-asked", ask(kind=AskKind.ALARM, words=""))
        await desk.settled()
        assert desk.notice == "Bea asks for Intrusion, Bakkerij Peeters. Ctrl+F12 hands it over, Alt+R answers."
        desk.answers["/answer"] = lambda _body: []
        desk.press(Qt.Key.Key_R, ALT)
        screen = desk.window.workspace.widget
        assert screen.card() is screen.ask
        desk.type("nearly done")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: screen.card() is screen.now, "answered")
        assert desk.acts("answer") == [{"words": "nearly done"}]

    play(act)


def test_H_what_one_is_asked_is_not_kept_back_by_what_one_knows_of_the_alarm(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        silent = held(silent=True)
        desk.sign_in(silent)
        await desk.open(silent)
        await desk.settled()
        warnings = desk.window.workspace.widget.header.warnings
        assert warnings.accessibleName().startswith("Silent: do not call")
        # The ask itself has the alarm read again, and what was known of it said anew.
        hear(desk, 11, "alarm-asked", ask(kind=AskKind.ALARM))
        await desk.settled()
        desk.window.tick()
        assert "asks for" in desk.notice, desk.notice
        assert warnings.accessibleName().startswith("Silent: do not call"), "both are seen"

    play(act)


def test_H_an_operator_asks_for_what_another_holds_from_the_list_of_operators(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen = await at_operators(desk, theirs(), me=CHIEF.model_copy(update={"roles": (StaffRole.OPERATOR,)}))
        desk.answers["/ask"] = lambda _body: [mine(kind=AskKind.ALARM).model_dump(mode="json")]
        desk.press(Qt.Key.Key_Return)
        assert screen.side.currentWidget() is screen.ask
        desk.type("I know the site")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: not screen.acts(), "asked")
        assert desk.acts("ask") == [{"words": "I know the site"}]
        assert [line.strong for line in screen.asks._painted.lines] == ["Claes asks for the alarm"]

    play(act)

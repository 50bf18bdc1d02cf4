"""A patrol or an authority besides the call list, from the workspace by keys alone (G3)."""

from __future__ import annotations

from PySide6.QtCore import Qt

from console.client.link import Refusal
from models.records import ErrorBody, ErrorCode, OffList, StepKind
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import AN, POLICE, detail, held, step

ALT = Qt.KeyboardModifier.AltModifier
CENTRE = OffList(kind=StepKind.PATROL, name="Team Centre", number="+32 2 555 01 90")
LISTED = OffList(kind=StepKind.AUTHORITY, name="Police Gent", number="101", step=POLICE.key)
FIRE = OffList(kind=StepKind.AUTHORITY, name="Fire brigade", number="112")
TEAM = step(2, "Team Centre", "+32 2 555 01 90", kind=StepKind.PATROL, key="patrol:added:77", contact=None)


async def asked(desk: Scripted) -> None:
    mine = held()
    desk.details["A1"] = detail(mine, AN, POLICE.model_copy(update={"index": 1}))
    desk.answers["/off-list"] = lambda body: (
        held(version=3).model_dump(mode="json")
        if body
        else [one.model_dump(mode="json") for one in (CENTRE, LISTED, FIRE)]
    )
    desk.sign_in(mine)
    await desk.open(mine)
    desk.press(Qt.Key.Key_S, ALT)
    work = desk.window.workspace.widget
    await desk.until(lambda: work.card() is work.off_list, "who is known")


def test_G3_a_digit_puts_a_known_team_on_the_list_and_enter_dials_it(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await asked(desk)
        work = desk.window.workspace.widget
        shown = [(button.words(), button.isVisible()) for button in work.off_list.buttons[:4]]
        assert shown == [("Team Centre", True), ("Police Gent", True), ("Fire brigade", True), ("", False)]
        desk.details["A1"] = detail(held(version=3), AN, POLICE.model_copy(update={"index": 1}), TEAM)
        desk.press(Qt.Key.Key_1)
        await desk.until(lambda: work.card() is work.now and work.now.step() == TEAM, "the new step is next")
        [sent] = desk.acts("off-list")
        assert sent == {"kind": "patrol", "name": "Team Centre", "number": "+32 2 555 01 90", "version": 2}
        desk.answers["/call"] = lambda _body: held(version=4)
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.acts("call"), "it is dialled")
        assert [(one["step"], one["number"]) for one in desk.acts("call")] == [(TEAM.key, "+32 2 555 01 90")]

    play(act)


def test_C4_who_is_on_the_list_already_comes_to_the_card_and_nothing_is_sent(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await asked(desk)
        work = desk.window.workspace.widget
        desk.press(Qt.Key.Key_2)
        assert work.card() is work.now
        assert work.now.step().name == "Police Gent"
        assert not desk.acts("off-list")

    play(act)


def test_G3_another_team_is_written_and_a_refusal_stands_in_place(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await asked(desk)
        work = desk.window.workspace.widget
        card = work.off_list
        desk.press(Qt.Key.Key_Return)
        assert card._sentence.text() == "Choose by a digit, or write which team or authority it is."
        assert card.name.hasFocus()
        desk.type("Civil protection 2")
        assert not desk.acts("off-list"), "in a field digits write"
        desk.press(Qt.Key.Key_Return)
        assert card.number.hasFocus()
        desk.type("1")
        card.kind.setCurrentIndex(1)

        def refused(_body: object) -> object:
            raise Refusal(ErrorBody(code=ErrorCode.INVALID, sentence="“1” is not a telephone number.", field="number"))

        desk.answers["/off-list"] = refused
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: "not a telephone number" in card._sentence.text(), "it is refused in place")
        assert work.card() is card
        assert desk.acts("off-list")[-1]["kind"] == "authority"
        desk.press(Qt.Key.Key_Escape)
        assert work.card() is work.now
        assert card.name.text() == "Civil protection 2", "what was typed is kept"

    play(act)

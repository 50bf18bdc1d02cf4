"""Skills on the console: changed by keys, F1's block and the rows say what is left to whom, supervisors are warned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt

from console.client.link import Refusal
from models.records import Beat, ErrorBody, ErrorCode, LeftTo, StaffSkills, Uncovered
from tests.console.desk.scripted import Play, Scripted
from tests.console.desk.test_operators_desk import CHIEF, at_operators, theirs
from tests.widgets.made import ago, alarm

CTRL = Qt.KeyboardModifier.ControlModifier


def beat(desk: Scripted, **more: Any) -> None:
    """What the station says this second."""
    desk.link.known.beat = Beat(at=datetime.now(UTC), seq=10, **more)
    desk.window.tick()


def left(number: str, *to: str) -> LeftTo:
    return LeftTo(alarm=number, to=to, until=datetime.now(UTC) + timedelta(seconds=20))


def test_what_F1_takes_is_what_the_block_says(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        first, second = alarm("A1", words="Intrusion"), alarm("A2", words="Tamper", came=ago(5))
        desk.sign_in(first, second)
        block = desk.window.frame.strip.next
        assert "Intrusion" in block.accessibleName()
        beat(desk, next="A2", left=(left("A1", "Fra"),))
        assert "Tamper" in block.accessibleName()
        # Newer and more urgent than what the station said last: it is the one.
        desk.tell(alarm("A3", priority=1, words="Fire"))
        await desk.settled()
        desk.window.tick()
        assert "Fire" in block.accessibleName()

    play(act)


def test_what_is_left_to_others_is_said_on_its_row_and_in_the_block(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(alarm("A1"))
        model = desk.window.queue.widget.model
        beat(desk, left=(left("A1", "Fra"),))
        assert "Left to Fra" in desk.window.frame.strip.next.accessibleName()
        assert desk.window.able("take-next"), "F1 says why"
        assert model.face_of(model.alarm_at(1)).under_state.startswith("F1 leaves it to Fra")  # type: ignore[arg-type]
        beat(desk)
        assert "F1 leaves" not in model.face_of(model.alarm_at(1)).under_state  # type: ignore[arg-type]

    play(act)


def test_I4_supervisors_are_told_what_nobody_has_and_every_row_says_it(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        for me, said in ((CHIEF, True), (None, False)):
            desk.sign_in(alarm("A1"), **({"me": me} if me is not None else {}))
            beat(desk, next="A1", uncovered=(Uncovered(alarm="A1", lacks=("speaks FR",)),))
            words = "Nobody who speaks FR is signed in: Intrusion, Bakkerij Peeters is offered to everybody."
            assert (desk.notice == words) is said
            model = desk.window.queue.widget.model
            assert model.face_of(model.alarm_at(1)).under_state.startswith("Nobody speaks FR")  # type: ignore[arg-type]

    play(act)


def test_H_a_supervisor_changes_skills_by_keys_and_an_operator_cannot(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen = await at_operators(desk, theirs())
        desk.press(Qt.Key.Key_E, CTRL)
        assert screen.edits()
        desk.answers["/operators/bea/skills"] = lambda body: StaffSkills(languages=("FR", "NL"), version=1)
        desk.type("fr nl")
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: screen.skills.form.sentence.text() == "Saved.", "saved")
        [sent] = desk.acts("skills")
        assert sent == {"languages": ["fr", "nl"], "classes": [], "groups": [], "trainee": False, "version": 0}
        desk.press(Qt.Key.Key_Escape)
        assert not screen.acts()
        await desk.settled()

    play(act)


def test_I11_what_another_saved_meanwhile_is_shown_beside_what_was_typed(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen = await at_operators(desk, theirs())
        desk.press(Qt.Key.Key_E, CTRL)

        def changed(_body: object) -> object:
            raise Refusal(ErrorBody(code=ErrorCode.CHANGED, sentence="Changed meanwhile: FR.", field="version"))

        desk.answers["/operators/bea/skills"] = changed
        theirs_now = [one.model_copy() for one in desk.window.screens.operators.staff]
        theirs_now[0] = theirs_now[0].model_copy(update={"skills": StaffSkills(languages=("FR",), version=1)})
        desk.answers["/v1/operators"] = lambda _body: [one.model_dump(mode="json") for one in theirs_now]
        desk.type("NL")
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(
            lambda: "Saved meanwhile: FR" in screen.skills.form._notes["languages"].text(), "both are shown"
        )
        assert screen.skills.form.values()["languages"] == "NL"

    play(act)

"""What is offered is what is accepted: the console asks the rule that decides before it asks an operator (H, G1)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from models.records import Person, Returned, StaffRole
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import AN, BERT, ME, alarm, detail, held

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.SUPERVISOR])
@pytest.mark.parametrize("required", [True, False])
def test_H_nobody_is_asked_why_a_step_is_skipped_who_may_not_skip_it(
    play: Play, role: StaffRole, required: bool
) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.sign_in(mine, me=Person(login=ME, name="Claes", roles=(role,)))
        desk.details["A1"] = detail(mine, AN.model_copy(update={"required": required}), BERT)
        await desk.open(mine)
        now = desk.window.workspace.widget.now
        may = not required or role is StaffRole.SUPERVISOR
        assert now.skip_button.isEnabled() is may
        desk.press(Qt.Key.Key_K, CTRL)
        assert now.why.isVisible() is may
        if not may:
            assert now._sentence.text() == "An Peeters is required: only a supervisor may skip it."

    play(act)


def test_what_is_no_longer_in_ones_hands_is_not_called_so(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.sign_in(mine)
        await desk.open(mine)
        header = desk.window.workspace.widget.header
        assert header._hands.label.text() == "In your hands"
        desk.tell(alarm(version=3))
        await desk.settled()
        assert header._hands.label.text() == "Was in your hands"
        stood = header._hands.value.text()
        desk.window.tick()
        assert header._hands.value.text() == stood

    play(act)


def test_what_comes_back_from_parking_is_not_called_unattended(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(alarm(escalated=2, returned=Returned(at=desk.link.now(), why="parked until now")))
        await desk.until(lambda: desk.notice.startswith("Back in the queue for 0:0"), "it says so")

    play(act)


def test_nobody_is_never_signed_in_where_somebody_reads_it(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in()
        desk.answers["/v1/operators"] = lambda _body: []
        desk.window.go("operators")
        assert desk.window.screens.operators.title()[1] == "loading who is where"
        await desk.settled()

    play(act)


@pytest.mark.parametrize(
    ("key", "modifiers", "says"),
    [
        (Qt.Key.Key_P, CTRL, "Ctrl+P does nothing here"),
        (Qt.Key.Key_F6, Qt.KeyboardModifier.NoModifier, "is for supervisors"),
        (Qt.Key.Key_F10, Qt.KeyboardModifier.NoModifier, "F10 does nothing here: Close alarm"),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier, "F1 takes nothing: no alarm is waiting"),
        (Qt.Key.Key_F2, CTRL, "Ctrl+F2 shows nothing: no alarm is in your hands"),
    ],
)
def test_a_key_that_does_nothing_says_so(play: Play, key: Qt.Key, modifiers: Qt.KeyboardModifier, says: str) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in()
        desk.press(key, modifiers)
        assert says in desk.notice
        await desk.settled()

    play(act)

"""Steps that are no call, from the workspace to the station: verification, instructions, patrols, time (G3, I11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt

from models.records import AlarmDetail, PatrolRun, PlanStep, StepKind
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import AN, POLICE, ago, detail, held, step

UNVERIFIED = POLICE.model_copy(update={"index": 0, "verify_first": True})
READ = step(0, "Instruction", kind=StepKind.INSTRUCTION, key="instruction:P-1:s1", text="Mind the dog")
TEAM = step(0, "Team", "+32 2 555 01 90", kind=StepKind.PATROL, key="patrol:P-1:s3")


async def opened(desk: Scripted, *steps: PlanStep, **of_plan: object) -> None:
    mine = held()
    desk.details["A1"] = detail(mine, *steps, of_plan=of_plan)
    desk.sign_in(mine)
    await desk.open(mine)


def test_the_verification_is_recorded_by_keys_and_the_call_is_next(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk, UNVERIFIED)
        desk.answers["/verify"] = lambda _body: held()
        work = desk.window.workspace.widget
        desk.press(Qt.Key.Key_Return)
        assert work.card() is work.verifying
        desk.press(Qt.Key.Key_2)
        desk.details["A1"] = detail(held(), UNVERIFIED.model_copy(update={"verify_first": False}))
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        assert desk.acts("verify") == [{"how": "Seen on video", "by": "Claes", "version": 2}]
        assert work.card() is work.now
        assert work.now.next.words() == "Dial"

    play(act)


def test_escape_leaves_the_verification_and_keeps_what_was_typed(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk, UNVERIFIED)
        work = desk.window.workspace.widget
        desk.press(Qt.Key.Key_Return)
        desk.press(Qt.Key.Key_3)
        desk.press(Qt.Key.Key_Escape)
        assert work.card() is work.now
        desk.press(Qt.Key.Key_Return)
        assert work.verifying.how.text() == "Heard on the line"

    play(act)


def test_B_an_instruction_is_done_with_the_version_that_was_shown(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk, READ, AN)
        desk.answers["/step"] = lambda _body: held()
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        assert desk.acts("step") == [{"step": "instruction:P-1:s1", "version": 2}]

    play(act)


def test_a_patrols_time_is_one_digit(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk, TEAM, patrols=(PatrolRun(step=TEAM.key, team="Team", asked_at=ago(60)),))
        desk.answers["/patrol"] = lambda _body: held()
        desk.press(Qt.Key.Key_2)
        await desk.settled()
        [sent] = desk.acts("patrol")
        assert (sent["step"], sent["moment"], sent["report"]) == (TEAM.key, "arrived", "")

    play(act)


def test_what_time_alone_changes_is_read_again_when_the_time_has_come(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        # The window's own clock runs too: a time that it does not reach.
        due = datetime.now(UTC) + timedelta(hours=1)
        await opened(desk, AN, changes_at=due)
        work = desk.window.workspace
        later: AlarmDetail = detail(held(), READ)
        desk.details["A1"] = later
        work.tick(due - timedelta(seconds=1))
        assert not work._load_due.isActive()
        work.tick(due)
        await desk.settled()
        assert work.detail == later

    play(act)

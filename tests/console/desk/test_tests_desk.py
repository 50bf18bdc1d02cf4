"""F3, F5, G5: the board's presenter: tests that are over, the report on paper, and what is said of open alarms."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from models.records import AlarmInTest, FeedItem, TestBegun, TestDetail, TestView
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import SITE, ago, detail, entry, held, in_test

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
OVER = in_test(id=5, since=ago(7200), ended_at=ago(60), ended_by="Dubois")


def test_F3_what_is_over_is_looked_back_at_and_cannot_be_changed(play: Play, tmp_path: Path) -> None:
    async def act(desk: Scripted) -> None:
        desk.answers["/v1/tests"] = lambda _body: [OVER.model_dump(mode="json")]
        desk.answers["/v1/tests/5"] = lambda _body: TestDetail(test=OVER, places=(), seen=0, expected=0)
        desk.answers["/signals"] = lambda _body: []
        desk.answers["/planned-tests"] = lambda _body: []
        desk.answers["/report.pdf"] = lambda _body: {"a": "paper"}
        desk.sign_in()
        board = desk.window.screens.tests
        board.folder = lambda: tmp_path / "papers"
        desk.press(Qt.Key.Key_F4)
        await desk.settled()
        assert board.widget.buttons["all"].words() == "All 0"
        assert board.widget.view.current() is None, "what is over is not among what runs"
        assert not desk.window.able("print")
        desk.press(Qt.Key.Key_5, ALT)
        row = board.widget.view.current()
        assert row is not None
        assert row.over
        assert board.widget.buttons["over"].words() == "Over 1"
        assert not desk.window.able("test-change")
        assert not desk.window.able("test-out")
        desk.press(Qt.Key.Key_Return)
        assert not board.widget.asks()
        desk.press(Qt.Key.Key_P, CTRL)
        await desk.settled()
        [paper] = (tmp_path / "papers").glob("Test 5 S1 *.pdf")
        assert paper.read_bytes() == b'{"a": "paper"}'
        assert desk.notice == f"The report is saved as {paper}"
        board.folder = lambda: paper
        desk.press(Qt.Key.Key_P, CTRL)
        await desk.settled()
        assert "cannot be written" in desk.notice

    play(act)


def test_F3_a_test_that_ends_before_ones_eyes_is_looked_back_at_and_looked_at_anew(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        runs, ended = in_test(id=5, since=ago(7200)), [OVER.model_copy(update={"signals": 0})]
        over: list[TestView] = []
        desk.answers["/v1/tests"] = lambda _body: [one.model_dump(mode="json") for one in over]
        desk.answers["/v1/tests/5"] = lambda _body: TestDetail(
            test=over[0] if over else runs, places=(), seen=0, expected=0
        )
        desk.answers["/signals"] = lambda _body: []
        desk.answers["/planned-tests"] = lambda _body: []
        desk.sign_in(tests=(runs,))
        board = desk.window.screens.tests
        desk.press(Qt.Key.Key_F4)
        await desk.settled()
        await desk.until(lambda: board._detail is not None, "it is looked at")
        assert board.widget.buttons["over"].words() == "Over 0"
        over += ended
        told = FeedItem(entry=entry(90, kind="test-off", site="S1"), tests=())
        desk.link.known.apply(told)
        board.refresh()
        await desk.until(lambda: board.widget.buttons["over"].words() == "Over 1", "it is read at once")
        desk.press(Qt.Key.Key_5, ALT)
        await desk.until(lambda: board._detail is not None and board._detail.test.ended_at, "its end is read too")
        # What ended while another screen was in front is read when this one comes back.
        over.append(OVER.model_copy(update={"id": 6}))
        desk.press(Qt.Key.Key_F2)
        desk.press(Qt.Key.Key_F4)
        await desk.until(lambda: board.widget.buttons["over"].words() == "Over 2", "it is read anew")
        await desk.settled()

    play(act)


def test_F5_open_alarms_are_offered_when_a_test_begins(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in()
        begun = TestBegun(**in_test().model_dump(), run_on=("A1", "A2"))
        desk.answers["/S1/tests"] = lambda _body: begun
        desk.window.queue.testing.ask(SITE, None)
        card = desk.window.queue.testing.card
        card.why.setText("works")
        card.press_next()
        await desk.settled()
        assert desk.notice == (
            "Bakkerij Peeters is in test. 2 open alarms of this site run on, to be handled and closed like any other"
        )

    play(act)


def test_F5_the_banner_keeps_saying_whether_this_alarm_is_in_scope(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.details["A1"] = detail(mine, tests=(in_test(),), in_test=AlarmInTest(outside=("Hall",)))
        desk.sign_in(mine, tests=(in_test(),))
        await desk.open(mine)
        await desk.settled()
        # The board behind asks the station for nothing; what it was refused would be said here.
        desk.window.screens.tests._load()
        await desk.settled()
        warnings = desk.window.workspace.widget.header.warnings
        said = "This alarm comes from Hall: not in test"
        assert warnings.accessibleName() == said
        desk.window.notify("Flood since 20:00:00", loud=True)
        desk.window.frames._noticed_at = float("-inf")
        desk.window.tick()
        assert warnings.accessibleName() == said

    play(act)

"""The fixed line of warnings: only the alarm's own state changes it, whatever else is said (G3, E5, visual.md)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt

from models.records import AlarmInTest, AlarmState, CallOutcome
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import AN, BERT, ME, NOW, alarm, calling, cancelled, detail, held, in_test, tried
from widgets.queue.face import face

SILENT = "Silent: do not call the premises, police first"


def said(desk: Scripted) -> list[str]:
    header = desk.window.workspace.widget.header
    assert header.warnings.isVisible()
    return [warning.words for warning in header.warnings.shown]


def test_do_not_call_the_premises_stays_through_every_step_and_every_notice(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held(silent=True, words="Hold-up", priority=1)
        desk.sign_in(mine)
        await desk.open(mine)
        assert said(desk) == [SILENT]
        desk.window.frames._noticed_at -= 60
        desk.window.tick()
        desk.window.notify("Flood since 20:00:00", loud=True)
        desk.window.tell("A supervisor looked")
        desk.tell(held(silent=True, words="Hold-up", priority=1, unseen=1, last_seq=11))
        await desk.settled()
        assert said(desk) == [SILENT]
        step = tried(AN, CallOutcome.NO_ANSWER)
        newest = held(silent=True, words="Hold-up", priority=1, unseen=1, last_seq=11)
        desk.details["A1"] = detail(newest, step, calling(BERT), current=1)
        desk.window.workspace._load()
        await desk.settled()
        assert said(desk) == [SILENT]
        desk.press(Qt.Key.Key_F2)
        desk.press(Qt.Key.Key_F2, Qt.KeyboardModifier.ControlModifier)
        assert said(desk) == [SILENT]

    play(act)


def test_a_duress_word_is_in_the_title_and_stays_in_the_line(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.sign_in(mine)
        await desk.open(mine)
        assert said(desk) == []
        now = held(silent=True, duress=True, priority=1, version=3, last_seq=11)
        desk.tell(now, shown=detail(now, tried(AN, CallOutcome.DURESS), BERT, current=1))
        await desk.settled()
        assert said(desk) == ["Duress: somebody is under threat", SILENT]
        assert desk.window.workspace.widget.header._event.text() == "Duress · Intrusion"
        desk.tell(held(silent=True, duress=True, priority=1, version=4, last_seq=12, unseen=1))
        await desk.settled()
        assert "Duress: somebody is under threat" in said(desk)

    play(act)


def test_a_duress_word_given_to_somebody_else_is_in_the_row_here(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        theirs = held(holder="fra", held_by="Fra", workstation="WS 02")
        desk.sign_in(theirs)
        rows = desk.window.queue.widget.list.view
        assert face(theirs, desk.link.now(), ME).event == "Intrusion"
        now = held(holder="fra", held_by="Fra", workstation="WS 02", silent=True, duress=True, priority=1, version=3)
        desk.tell(now)
        await desk.settled()
        shown = rows.current_alarm()
        assert shown is not None
        assert face(shown, desk.link.now(), ME).event == "Duress · Intrusion"
        assert desk.window.queue.widget.preview._event.text() == "Duress · Intrusion"

    play(act)


def test_E5_a_cancel_is_seen_beside_a_flood_and_says_that_signals_came_after_it(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        gone = cancelled(at=datetime.now(UTC), by="E. Laurent")
        mine = held(cancelled=gone, last_signal_at=gone.at - timedelta(seconds=5))
        desk.sign_in(mine)
        await desk.open(mine)
        desk.window.notify("Flood since 20:00:00 · 40 lost links grouped", loud=True)
        assert [words.partition(" by ")[2] for words in said(desk)] == ["E. Laurent, app"]
        desk.tell(held(cancelled=gone, last_signal_at=gone.at + timedelta(seconds=5), unseen=1, last_seq=11))
        await desk.settled()
        assert [words.partition(" by ")[2] for words in said(desk)] == ["E. Laurent, app, before the last signals"]

    play(act)


def test_what_else_is_open_at_the_site_and_its_test_stay_in_the_line(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held(incident="I1")
        fire = alarm("A2", incident="I1", words="Hold-up", priority=1, silent=True)
        other = alarm("A3", words="Brand elders")
        desk.sign_in(mine, fire, other, tests=(in_test(),))
        desk.details["A1"] = detail(mine, in_test=AlarmInTest(inside=(), outside=("Winkel",)))
        await desk.open(mine)
        first, test, also = said(desk)
        assert first == "Do not call the premises: a silent alarm of this site is open"
        assert test == "This alarm comes from Winkel: not in test"
        assert also.startswith("Also open here: Emergency Hold-up, waiting")
        desk.tell(alarm("A2", incident="I1", state=AlarmState.CLOSED, closed_at=NOW, version=3))
        await desk.settled()
        assert said(desk) == ["This alarm comes from Winkel: not in test"]

    play(act)

"""Calls by the station's exchange: asked for once journaled, ended with Alt+End, never said to be over (G3)."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt

from console.client.link import Refusal
from console.desk.softphone import Telephone
from models.records import AlarmView, Beat, CallOnLine, CallOutcome, ErrorBody, ErrorCode, LineState, StationInfo
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import AN, BERT, POLICE, calling, detail, held

EXCHANGE = StationInfo(name="Station", version="0", journal="j", database="sqlite", exchange=True)


async def at_work(desk: Scripted) -> AlarmView:
    """An alarm in hand, and calls made by the exchange from extension 201."""
    desk.window._preferences.telephone = Telephone.PBX
    desk.window._preferences.extension = "201"
    mine = held()
    desk.sign_in(mine, station=EXCHANGE)

    def begin(_body: object) -> AlarmView:
        desk.details[mine.id] = detail(mine, calling(AN), BERT, POLICE)
        return mine

    desk.answers[f"/{mine.id}/call"] = begin
    await desk.open(mine)
    return mine


def beat(desk: Scripted, *calls: CallOnLine, findings: tuple[str, ...] = ()) -> None:
    """What the feed says."""
    said = Beat(at=datetime.now(UTC), seq=10, calls=calls, findings=findings)
    desk.link.known.beat = said
    desk.qt_link.beat_heard(said)


def line(mine: AlarmView, state: LineState, proposed: CallOutcome | None = None) -> CallOnLine:
    return CallOnLine(alarm=mine.id, state=state, since=datetime.now(UTC), proposed=proposed)


def test_G3_journaled_then_rung_then_shown_and_hung_up(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = await at_work(desk)
        desk.answers[f"/{mine.id}/ring"] = lambda _body: line(mine, LineState.OPERATOR)
        desk.answers[f"/{mine.id}/hang-up"] = lambda _body: None
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        assert [path.rpartition("/")[2] for path, _body in desk.asked] == ["call", "ring"]
        assert desk.acts("ring") == [{"extension": "201"}]
        card = desk.window.workspace.widget.now
        beat(desk, line(mine, LineState.ANSWERED))
        assert card._calling.text() == "Answered 0:00"
        desk.press(Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier)
        await desk.settled()
        assert len(desk.acts("hang-up")) == 1
        beat(desk, line(mine, LineState.ENDED, CallOutcome.BUSY))
        assert card._calling.text() == "Busy"
        assert len(desk.acts("call")) == 1
        desk.press(Qt.Key.Key_5)
        await desk.settled()
        assert [body.get("outcome") for body in desk.acts("call")] == [None, "busy"]

    play(act)


def test_an_exchange_that_is_away_leaves_the_call_to_the_operator_loudly(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = await at_work(desk)
        sentence = "The telephone exchange does not answer: dial by hand."

        def refuse(_body: object) -> None:
            raise Refusal(ErrorBody(code=ErrorCode.WRONG_STATE, sentence=sentence))

        desk.answers[f"/{mine.id}/ring"] = refuse
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        assert desk.notice == sentence
        card = desk.window.workspace.widget.now
        assert card.calling()
        beat(desk)
        # No call of the exchange's: Alt+End is the operator's own handset.
        desk.press(Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier)
        await desk.settled()
        assert desk.acts("hang-up") == []
        desk.press(Qt.Key.Key_3)
        await desk.settled()
        assert desk.acts("call")[-1]["outcome"] == "no-answer"
        assert desk.notice != sentence

    play(act)


def test_without_an_extension_or_an_exchange_the_operator_is_told(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = await at_work(desk)
        desk.window._preferences.extension = ""
        assert "Ctrl+Y asks" in desk.window.telephone.ring(mine.id, "112")
        desk.sign_in(mine)
        assert "has no telephone exchange" in desk.window.telephone.ring(mine.id, "112")
        assert desk.acts("ring") == []

    play(act)


def test_ctrl_Y_asks_for_the_extension_without_a_dialog_and_keeps_it(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.sign_in(mine, station=EXCHANGE)
        await desk.open(mine)
        desk.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        assert desk.window._preferences.telephone is Telephone.BY_HAND, "one key that slips changes nothing"
        assert desk.notice.startswith("Calls are dialled by hand. Ctrl+Y again changes that: ")
        desk.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        question = desk.window.telephone.question
        assert question.isVisible()
        desk.type("2a0 1")
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        assert not question.isVisible()
        assert (desk.window._preferences.telephone, desk.window._preferences.extension) == (Telephone.PBX, "201")
        assert desk.notice == "Calls are made by the telephone exchange, from extension 201"
        assert desk.focus() is desk.window.workspace.widget.now
        # The digits went into the answer, and Enter dialled nobody.
        assert desk.asked == []
        desk.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        assert desk.window._preferences.telephone is Telephone.TEL
        assert not question.isVisible()

    play(act)


def test_esc_takes_the_question_back_and_what_comes_to_the_front_covers_it(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.sign_in(mine, station=EXCHANGE)
        await desk.open(mine)
        for leave in (Qt.Key.Key_Escape, Qt.Key.Key_F2):
            desk.window._preferences.telephone = Telephone.BY_HAND
            desk.window.telephone._said_at = float("-inf")
            for _ in range(2):
                desk.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
            assert desk.window.telephone.question.isVisible()
            desk.press(leave)
            assert not desk.window.telephone.question.isVisible()

    play(act)

"""A supervisor's filter of their own queue: marked, hides nothing urgent, ends with the session (rulebook H)."""

from __future__ import annotations

from PySide6.QtCore import Qt

from models.records import SiteRef
from tests.console.desk.scripted import Play, Scripted
from tests.console.desk.test_operators_desk import CHIEF
from tests.widgets.made import alarm, held

CTRL = Qt.KeyboardModifier.ControlModifier
AALST = SiteRef(id="S2", name="Juwelier Korenmarkt", town="Aalst")


def rows(desk: Scripted) -> list[str]:
    """The alarms in sight, in order."""
    return desk.window.queue.widget.model._placed()


def test_H_a_supervisor_filters_their_view_and_it_says_how_much_it_hides(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(alarm("A1"), alarm("A2", site=AALST), alarm("A3", words="Tamper"), me=CHIEF)
        desk.press(Qt.Key.Key_Slash)
        desk.type("aalst")
        assert rows(desk) == ["A2"]
        line = desk.window.queue.widget.list.filter
        assert line.said.text() == "hides 2 of the open alarms, never an Emergency"
        desk.window.tick()
        assert "filter hides 2: Ctrl+0 shows all" in desk.window.frame.title.summary.text()
        assert "3 open" in desk.window.frame.title.summary.text(), "what is counted is everything"
        desk.press(Qt.Key.Key_Return)
        assert not desk.acts("take"), "Enter leaves the field, and takes nothing"
        chosen = desk.window.queue.widget.list.view.current_alarm()
        assert chosen is not None
        assert chosen.id == "A2"
        desk.press(Qt.Key.Key_0, CTRL)
        assert len(rows(desk)) == 3
        assert not line.isVisible()

    play(act)


def test_I4_no_filter_hides_an_emergency_what_was_escalated_or_what_is_ones_own(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(alarm("A1"), alarm("A2", site=AALST), held("A3"), me=CHIEF)
        desk.press(Qt.Key.Key_Slash)
        desk.type("aalst")
        assert rows(desk) == ["A2", "A3"]
        desk.window.queue.widget.list.view.setFocus()
        desk.tell(alarm("A4", priority=1, words="Fire"))
        desk.tell(alarm("A1", escalated=1, version=2))
        await desk.settled()
        desk.press(Qt.Key.Key_Space)
        assert rows(desk) == ["A4", "A1", "A2", "A3"]
        # What is hidden rings, and F1 takes it.
        desk.tell(alarm("A5", priority=2, words="Hidden"))
        await desk.settled()
        assert desk.player.playing == 1
        assert "A5" not in rows(desk)
        assert len(desk.link.known.waiting()) == 4

    play(act)


def test_H_an_operator_has_no_filter(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(alarm("A1"), alarm("A2", site=AALST))
        assert not desk.window.able("filter")
        desk.press(Qt.Key.Key_Slash)
        assert not desk.window.queue.widget.list.filter.isVisible()
        assert len(rows(desk)) == 2

    play(act)


def test_H_a_filter_ends_with_its_session(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(alarm("A1"), alarm("A2", site=AALST), me=CHIEF)
        desk.press(Qt.Key.Key_Slash)
        desk.type("aalst")
        desk.link._ended("")
        desk.sign_in(alarm("A1"), alarm("A2", site=AALST))
        await desk.settled()
        assert rows(desk) == ["A1", "A2"]
        assert not desk.window.queue.widget.list.filter.isVisible()

    play(act)

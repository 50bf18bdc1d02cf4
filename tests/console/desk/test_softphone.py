"""Calls handed to the workstation's softphone: after they are journaled, and never silently not (G3)."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QApplication

from console.desk.softphone import Softphone, Telephone, next_of
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import held


def test_G3_a_number_is_handed_over_as_it_is_dialled(qapp: QApplication) -> None:
    opened: list[str] = []

    def open_(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    for how in Telephone:
        assert Softphone(lambda how=how: how, open_).dial("+32 9 555 01 (00)") == ""  # type: ignore[misc]
    assert opened == ["tel:+3295550100", "sip:+3295550100"]


def test_G3_where_nothing_opens_it_the_operator_is_told_the_number(qapp: QApplication) -> None:
    said = Softphone(lambda: Telephone.TEL, lambda _url: False).dial("+32 9 555 01 00")
    assert "Dial +32 9 555 01 00 by hand" in said


def test_the_ways_go_round(qapp: QApplication) -> None:
    tel, sip, hand, pbx = Telephone
    assert [next_of(how, exchange=False) for how in Telephone] == [sip, hand, tel, tel]
    assert [next_of(how, exchange=True) for how in Telephone] == [sip, hand, pbx, tel]


def test_G3_it_is_journaled_before_it_is_dialled_and_trouble_is_loud(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        rung: list[tuple[str, list[str]]] = []

        def ring(_alarm: str, number: str) -> str:
            rung.append((number, [path for path, _body in desk.asked]))
            return "No softphone"

        desk.window.workspace.calls.ring = ring
        mine = held()
        desk.sign_in(mine)
        desk.answers[f"/{mine.id}/call"] = lambda _body: mine
        await desk.open(mine)
        step = desk.window.workspace.widget.now.step()
        assert step is not None
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        [(number, asked)] = rung
        assert number == step.numbers[0].number
        assert asked[-1].endswith("/call")
        assert desk.notice == "No softphone"

    play(act)

"""The journal handed over by keys alone: what, as what, where to, how far it is; stopped, nothing is left (G6, H)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from console.client.link import Refusal
from console.desk.hand_over_desk import free_name
from models.records import ErrorBody, ErrorCode, HandOverProgress, Person, StaffRole
from tests.console.desk.scripted import Play, Scripted
from tests.console.desk.test_review_desk import CTRL, at_journal, shown
from tests.widgets.made import ME


class Answer:
    """The file as the station sends it: two pieces, and between them whatever the test waits for."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.bodies: list[dict[str, Any]] = []
        self.left = 0
        self.refusal: ErrorBody | None = None
        self.headers: dict[str, str] = {}

    @asynccontextmanager
    async def streamed(self, path: str, body: dict[str, Any]) -> AsyncIterator[Any]:
        assert path == "/v1/journal/export"
        self.bodies.append(body)
        if self.refusal is not None:
            raise Refusal(self.refusal)
        try:
            yield self
        finally:
            self.left += 1

    async def aiter_bytes(self) -> AsyncIterator[bytes]:
        yield b"one,"
        await self.go_on.wait()
        yield b"two"


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.glob("*")}


async def at_card(desk: Scripted, folder: Path) -> tuple[Any, Answer]:
    review, _station = await at_journal(desk)
    answer = Answer()
    desk.link.streamed = answer.streamed  # type: ignore[method-assign]
    review.hand_over.folder = lambda: folder
    desk.press(Qt.Key.Key_P, CTRL)
    await desk.until(lambda: review.widget.card.report.hasFocus(), "the card has the keyboard")
    return review, answer


def test_G6_ctrl_P_hands_over_what_is_found_into_a_file(play: Play, tmp_path: Path) -> None:
    papers = tmp_path / "papers"

    async def act(desk: Scripted) -> None:
        review, answer = await at_card(desk, papers)
        card = review.widget.card
        assert [str(card.report.itemData(nth)) for nth in range(card.report.count())] == ["lines", "incident"]
        assert card.language.isEnabled()
        desk.press(Qt.Key.Key_Tab)
        desk.press(Qt.Key.Key_Tab)
        desk.press(Qt.Key.Key_Down)
        desk.press(Qt.Key.Key_Backtab)
        desk.press(Qt.Key.Key_Down)
        desk.press(Qt.Key.Key_Down)
        assert not card.language.isEnabled(), "a table is for programs"
        path = Path(card.file.text())
        assert (path.parent, path.suffix, path.name.startswith("Journal ")) == (papers, ".csv", True)
        desk.press(Qt.Key.Key_Return)
        await desk.until(path.exists, "the file")
        await desk.until(lambda: review.widget.lines().hasFocus(), "the lines have the keyboard again")
        assert files(papers) == {path.name: b"one,two"}
        [body] = answer.bodies
        assert (body["form"], body["report"], body["file"]) == ("csv", "lines", path.name)
        assert body["language"] == "nl"
        assert "Handed over as" in desk.notice
        assert shown(review)[0] == 500
        # Another in the same minute has a name of its own, and what else there would be is said.
        desk.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        assert Path(card.file.text()).name not in ("", *files(papers))
        assert "of a site's activity: name the site and from when" in card.told.text()
        assert "choose a line of it" not in card.told.text(), "its report is offered already"

    play(act)


def test_a_name_that_is_taken_is_offered_with_a_number(tmp_path: Path) -> None:
    wanted = tmp_path / "Journal 2026-11-28 2030.pdf"
    assert free_name(wanted) == wanted
    for nth in (2, 3):
        free_name(wanted).touch()
        assert free_name(wanted).name == f"Journal 2026-11-28 2030 {nth}.pdf"


def test_G6_esc_stops_it_and_leaves_no_file(play: Play, tmp_path: Path) -> None:
    papers = tmp_path / "papers"

    async def act(desk: Scripted) -> None:
        review, answer = await at_card(desk, papers)
        answer.go_on.clear()
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: files(papers), "the file begins")
        identifier = answer.bodies[0]["id"]
        desk.answers[f"/{identifier}"] = lambda _body: HandOverProgress(done=1200, count=5000)
        card = review.widget.card
        await desk.until(lambda: card.bar.value() == 240, "how far it is")
        assert "1\u202f200 of 5\u202f000 lines" in card._sentence.text()
        desk.press(Qt.Key.Key_Escape)
        await desk.until(lambda: not card.making(), "it is stopped")
        assert answer.left == 1
        assert files(papers) == {}
        assert card._sentence.text().startswith("Stopped: ")
        desk.press(Qt.Key.Key_Escape)
        await desk.until(lambda: review.widget.lines().hasFocus(), "the lines have the keyboard again")

    play(act)


def test_G6_a_refusal_stands_on_the_card_and_no_file_is_made(play: Play, tmp_path: Path) -> None:
    papers, mine = tmp_path / "papers", tmp_path / "mine"
    mine.write_text("mine")

    async def act(desk: Scripted) -> None:
        review, answer = await at_card(desk, papers)
        card = review.widget.card
        sentence = "A PDF holds 5,000 lines at most; these are 9,000. Choose a shorter period, or CSV."
        answer.refusal = ErrorBody(code=ErrorCode.INVALID, sentence=sentence, field="form")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: card._sentence.text() == sentence, "why not")
        assert card.form.hasFocus()
        assert files(papers) == {}
        answer.refusal = None
        card.file.setText(str(mine))
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: "is there already" in card._sentence.text(), "it is there")
        card.file.setText(str(mine / "x.pdf"))
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: "cannot be written" in card._sentence.text(), "no folder")

    play(act)
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.SERVICE_DESK])
def test_H_who_is_no_supervisor_is_not_offered_it(play: Play, role: StaffRole) -> None:
    async def act(desk: Scripted) -> None:
        review, _station = await at_journal(desk)
        session = desk.link.session
        assert session is not None
        assert review.can("print")
        person = Person(login=ME, name="Claes", roles=(role,))
        desk.link.session = session.model_copy(update={"person": person})
        assert not review.can("print")

    play(act)


def test_G6_what_lies_in_archives_that_are_not_mounted_is_said_and_stays(play: Play, tmp_path: Path) -> None:
    papers = tmp_path / "papers"

    async def act(desk: Scripted) -> None:
        _review, answer = await at_card(desk, papers)
        answer.headers["X-Vigie-Not-Mounted"] = "journal-2025-09.zip"
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: "journal-2025-09.zip" in desk.notice, "what is missing is said")

    play(act)

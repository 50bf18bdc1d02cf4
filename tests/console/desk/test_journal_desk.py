"""The journal tab of a site file by keys alone: lines page by page, the chosen one opened (B5, G4, I9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt

from console.client.link import Refusal
from models.records import (
    ArchivedPart,
    Entry,
    EntryDetail,
    ErrorBody,
    ErrorCode,
    JournalPage,
    Person,
    SiteDetails,
    SiteFile,
    SiteRef,
    StaffRole,
)
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import ME, NOW, entry

ALT = Qt.KeyboardModifier.AltModifier
FILE = SiteFile(site="S1", details=SiteDetails(name="Bakkerij Peeters"))
OTHER = SiteFile(site="S2", details=SiteDetails(name="Juwelier"))


def line(seq: int) -> Entry:
    return entry(seq, kind="site-changed", site="S1", text=f"Line {seq}", time=NOW - timedelta(minutes=500 - seq))


class Journal:
    """A journal of 250 lines, handed out a hundred at a time."""

    def __init__(self) -> None:
        self.newest = 250
        self.asked: list[str | None] = []
        self.opened: list[int] = []
        self.archived: tuple[ArchivedPart, ...] = ()

    def page(self, query: dict[str, str] | None) -> list[dict[str, Any]]:
        if query and "kinds" in query:
            return []
        before = int((query or {}).get("before", self.newest + 1))
        self.asked.append((query or {}).get("before"))
        return [line(seq).model_dump(mode="json") for seq in range(before - 1, max(0, before - 101), -1)]

    def detail(self, seq: int) -> EntryDetail:
        self.opened.append(seq)
        return EntryDetail(entry=line(seq), data={"before": {"access": ""}, "after": {"access": f"Door {seq}"}})


async def opened(desk: Scripted, *, newest: int = 250, archived: tuple[ArchivedPart, ...] = ()) -> tuple[Any, Journal]:
    desk.sign_in(me=Person(login=ME, name="Claes", roles=(StaffRole.OPERATOR,)))
    journal = Journal()
    journal.newest, journal.archived = newest, archived
    send = desk.link._send

    async def asked(method: str, path: str, body: Any = None, query: dict[str, str] | None = None) -> Any:
        if path == "/v1/journal":
            desk.answers["/journal"] = lambda _body: JournalPage(archived=journal.archived)
        elif path.endswith("/journal"):
            desk.answers["/journal"] = lambda _body: journal.page(query)
        elif "/journal/" in path:
            seq = int(path.rpartition("/")[2])
            desk.answers[f"/journal/{seq}"] = lambda _body: journal.detail(seq)
        return await send(method, path, body, query)

    desk.link._send = asked  # type: ignore[method-assign]
    desk.answers |= {"/S1/file": lambda _body: FILE, "/S2/file": lambda _body: OTHER, "/tasks": lambda _body: []}
    desk.press(Qt.Key.Key_F3)
    desk.window.screens.sites.open_site(SiteRef(id="S1", name="Bakkerij Peeters"))
    await desk.until(lambda: desk.window.screens.sites.at_hand.site == "S1", "the file")
    desk.press(Qt.Key.Key_7, ALT)
    tab = desk.window.screens.sites.widget.journal
    if newest:
        await desk.until(lambda: tab.view.hasFocus() and tab.pane.changes.isVisible(), "the newest line is opened")
    return tab, journal


ARCHIVED = (ArchivedPart(file="journal-2024-03.zip", months="2024-03", first=1, last=30),)


@pytest.mark.parametrize("newest", [0, 12])
def test_G6_archives_that_are_not_mounted_are_named_where_a_sites_lines_end(play: Play, newest: int) -> None:
    async def act(desk: Scripted) -> None:
        tab, _journal = await opened(desk, newest=newest, archived=ARCHIVED)
        await desk.until(lambda: tab.archived.isVisible(), "what is not here")
        assert "vigie journal mount journal-2024-03.zip" in tab.archived.text()
        assert tab.panel.summary.text() == f"{newest} lines here, older ones are archived · open"
        assert tab._empty.text() == "No line of this site is here."

    play(act)


def test_G6_a_site_without_lines_and_without_archives_says_so(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab, _journal = await opened(desk, newest=0)
        await desk.until(lambda: "all there are" in tab.panel.summary.text(), "known to be all")
        assert tab._empty.text() == "Nothing is journaled of this site yet."
        assert not tab.archived.isVisible()

    play(act)


def test_I9_the_chosen_line_opens_beside_the_list_with_before_and_after(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab, journal = await opened(desk)
        assert [(one.field, one.after) for one in tab.pane.changes.shown] == [("Access", "Door 250")]
        desk.press(Qt.Key.Key_Down)
        assert not tab.pane.changes.isVisible(), "what was opened before is not shown beside another line"
        await desk.until(lambda: tab.pane.changes.isVisible(), "the next is opened")
        assert tab.pane.changes.shown[0].after == "Door 249"
        desk.press(Qt.Key.Key_Up)
        assert tab.pane.changes.shown[0].after == "Door 250", "what was opened once is there at once"
        assert journal.opened == [250, 249]
        desk.press(Qt.Key.Key_Return)
        assert tab.pane.area.hasFocus()
        desk.press(Qt.Key.Key_Escape)
        assert tab.view.hasFocus()
        desk.press(Qt.Key.Key_Escape)
        assert desk.window.screens.sites.widget.search.field.hasFocus()

    play(act)


def test_G4_older_lines_come_as_one_goes_down_until_there_are_no_more(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab, journal = await opened(desk)
        assert "older ones come" in tab.panel.summary.text()
        for count in (200, 250):
            desk.press(Qt.Key.Key_End)
            await desk.until(lambda wanted=count: tab.view.lines.rowCount() == wanted, f"{count} lines")
        desk.press(Qt.Key.Key_End)
        await desk.until(lambda: tab.panel.summary.text().startswith("250 lines, all"), "that is all")
        assert [one.seq for one in tab.view.lines.entries()] == list(range(250, 0, -1))
        assert journal.asked == [None, "151", "51", "1"]
        desk.press(Qt.Key.Key_End)
        assert journal.asked[-1] == "1"

    play(act)


def test_G4_what_comes_meanwhile_is_put_above_and_no_line_between_is_missing(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab, journal = await opened(desk)
        desk.press(Qt.Key.Key_End)
        await desk.until(lambda: tab.view.lines.rowCount() == 200, "200 lines")
        chosen = tab.view.current()
        journal.newest = 253
        desk.window.screens.sites.at_hand.open("S1")
        await desk.until(lambda: tab.view.lines.rowCount() == 203, "three more")
        assert tab.view.current() == chosen
        # So many came that the newest page does not reach what is here: what is here is let go of.
        journal.newest = 400
        desk.window.screens.sites.at_hand.open("S1")
        await desk.until(lambda: tab.view.lines.rowCount() == 100, "the newest page")
        assert tab.view.lines.entries()[0].seq == 400

    play(act)


def test_a_line_that_cannot_be_opened_says_why(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab, _journal = await opened(desk)

        send = desk.link._send

        async def asked(method: str, path: str, body: Any = None, query: dict[str, str] | None = None) -> Any:
            if path.endswith("/249"):
                raise Refusal(ErrorBody(code=ErrorCode.BEHIND, sentence="The station cannot answer now. Try again."))
            return await send(method, path, body, query)

        desk.link._send = asked  # type: ignore[method-assign]
        desk.press(Qt.Key.Key_Down)
        await desk.until(lambda: "cannot answer" in tab.pane._empty.text(), "it says why")

    play(act)


def test_whoever_signs_out_leaves_no_line_open(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab, _journal = await opened(desk)
        desk.window.screens.sites.signed_out()
        assert tab.view.lines.rowCount() == 0
        assert tab.pane.seq is None
        assert not tab.pane.changes.isVisible()

    play(act)

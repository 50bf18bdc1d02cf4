"""A station that answers late: what is shown is of one alarm or one site, or says that it is loading (I8, G3, I9)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from models.records import (
    ContactFile,
    Identified,
    JournalPage,
    NoteLine,
    Person,
    SiteDetails,
    SiteFile,
    SiteRef,
    SiteSheet,
    StaffRole,
    Verified,
)
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import ME, NOW, SITE, alarm, detail, held, step

SHOP = SiteRef(id="S2", name="Juwelier Goossens", street="Zuivelmarkt 9", postcode="3500", town="Hasselt")
LIES = step(0, "Lies Goossens", "+32 470 55 50 77", has_code_word=True)
SHEET = SiteSheet(site=SHOP, instructions="Nooit de winkel bellen.", access="Sleutel bij de buren", accounts=("2002",))
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def seen(widget: QWidget) -> str:
    """All that is visible there, as words."""
    found = []
    for one in widget.findChildren(QWidget):
        if one.isVisible():
            text = one.text() if isinstance(one, (QLabel, QLineEdit)) else ""
            text = one.toPlainText() if isinstance(one, QPlainTextEdit) else text
            found += [text, one.accessibleName(), one.toolTip()]
    return "\n".join(found)


OF_THE_FIRST = ("470 55 50 01", "An Peeters", "Kerkstraat", "Honden los", "Sleutel in de kluis", "Buurvrouw belde")


async def first_open(desk: Scripted, *more: Any) -> None:
    mine = held()
    desk.sign_in(mine, *more)
    desk.details["A1"] = detail(
        mine,
        sheet=SiteSheet(site=SITE, instructions="Honden los.", access="Sleutel in de kluis", accounts=("1001",)),
        notes=(NoteLine(at=NOW, by="Claes", text="Buurvrouw belde"),),
    )
    await desk.open(mine)
    for words in OF_THE_FIRST:
        assert words in seen(desk.window.workspace.widget), "or the test looks for nothing"


def second(**changes: Any) -> Any:
    return held("A2", site=SHOP, words="Hold-up", priority=1, version=5, **changes)


async def by_f1(desk: Scripted) -> None:
    desk.answers["take-next"] = lambda _body: second()
    desk.press(Qt.Key.Key_F1)


async def by_enter(desk: Scripted) -> None:
    desk.answers["/take"] = lambda _body: second()
    desk.press(Qt.Key.Key_F2)
    desk.window.queue.widget.list.view.choose_first(anew=True)
    desk.press(Qt.Key.Key_Return)


async def by_double_click(desk: Scripted) -> None:
    desk.answers["/take"] = lambda _body: second()
    desk.press(Qt.Key.Key_F2)
    view = desk.window.queue.widget.list.view
    view.choose_first(anew=True)
    view.opened.emit(view.current_alarm())


async def by_ctrl_f2(desk: Scripted) -> None:
    desk.tell(second())
    desk.press(Qt.Key.Key_F2, CTRL)


@pytest.mark.parametrize("how", [by_f1, by_enter, by_double_click, by_ctrl_f2])
def test_I8_nothing_of_another_alarm_is_seen_under_a_new_head_and_no_key_acts_on_it(play: Play, how: Any) -> None:
    async def act(desk: Scripted) -> None:
        await first_open(desk, alarm("A2", site=SHOP, words="Hold-up", priority=1))
        desk.details["A2"] = detail(second(), LIES, sheet=SHEET)
        desk.gates["/v1/alarms/A2"] = asyncio.Event()
        await how(desk)
        screen = desk.window.workspace.widget
        await desk.until(lambda: screen.isVisible() and "Goossens" in screen.header._site.text(), "its head")
        shown = seen(screen)
        assert [words for words in OF_THE_FIRST if words in shown] == []
        assert "loading A2" in shown
        assert desk.window.workspace.title()[1] == "loading A2"
        asked = len(desk.asked)
        keys: list[tuple[Qt.Key, Qt.KeyboardModifier]] = [
            (key, Qt.KeyboardModifier.NoModifier)
            for key in (
                *(Qt.Key.Key_Return, Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_F8, Qt.Key.Key_F9, Qt.Key.Key_F10),
                *(Qt.Key.Key_F7, Qt.Key.Key_Space),
            )
        ]
        for more in (Qt.Key.Key_C, Qt.Key.Key_A, Qt.Key.Key_S, Qt.Key.Key_3, Qt.Key.Key_End, Qt.Key.Key_Z):
            keys.append((more, ALT))
        for more in (Qt.Key.Key_K, Qt.Key.Key_1, Qt.Key.Key_F8, Qt.Key.Key_F12):
            keys.append((more, CTRL))
        for key, modifiers in keys:
            desk.press(key, modifiers)
        assert screen.card() is screen.loading
        assert len(desk.asked) == asked
        desk.gates["/v1/alarms/A2"].set()
        await desk.settled()
        assert "470 55 50 77" in seen(screen)
        assert "Nooit de winkel bellen." in seen(screen)
        assert len(desk.asked) == asked, "what was pressed before it was shown is not done after"
        desk.answers["/call"] = lambda _body: second(version=6)
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        assert desk.acts("call") == [{"step": LIES.key, "number": "+32 470 55 50 77", "version": 5}]

    play(act)


def test_I4_an_alarm_that_cannot_be_read_is_asked_for_again_and_can_be_given_back(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await first_open(desk)
        desk.tell(second())
        del desk.details["A2"]
        desk.window.open_alarm(second())
        await desk.settled()
        screen = desk.window.workspace.widget
        assert "Nothing is scripted for /v1/alarms/A2." in seen(screen)
        assert [words for words in OF_THE_FIRST if words in seen(screen)] == []
        desk.details["A2"] = detail(second(), LIES)
        desk.window.tick()
        await desk.settled()
        assert screen.card() is screen.now
        assert desk.focus() is screen.now

    play(act)


def test_I8_an_alarm_that_goes_while_it_is_read_leaves_nothing_of_another(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await first_open(desk)
        desk.tell(second())
        desk.gates["/v1/alarms/A2"] = asyncio.Event()
        desk.window.open_alarm(second())
        desk.tell(alarm("A2", site=SHOP, words="Hold-up", priority=1, version=6))
        screen = desk.window.workspace.widget
        await desk.until(lambda: "no longer in your hands" in seen(screen), "it is gone")
        assert [words for words in OF_THE_FIRST if words in seen(screen)] == []
        desk.gates["/v1/alarms/A2"].set()
        await desk.settled()
        desk.press(Qt.Key.Key_Escape)
        assert desk.window.workspace.alarm is not None
        assert desk.window.workspace.alarm.id == "A1"

    play(act)


@pytest.mark.parametrize("key", [Qt.Key.Key_F10, Qt.Key.Key_F9, Qt.Key.Key_F8])
def test_what_is_asked_from_the_queue_comes_when_the_alarm_was_read(play: Play, key: Qt.Key) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.sign_in(mine)
        desk.gates["/v1/alarms/A1"] = asyncio.Event()
        desk.press(key)
        screen = desk.window.workspace.widget
        assert screen.card() is screen.loading
        desk.gates["/v1/alarms/A1"].set()
        await desk.settled()
        there = {
            Qt.Key.Key_F10: lambda: screen.card() is screen.closing,
            Qt.Key.Key_F9: screen.side.note.hasFocus,
            Qt.Key.Key_F8: screen.side.park_reason.hasFocus,
        }
        assert there[key]()

    play(act)


def test_the_preview_says_that_it_is_loading_and_shows_nothing_of_another(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(alarm(), alarm("A2", site=SHOP))
        desk.window.go("queue")
        preview = desk.window.queue.widget.preview
        await desk.until(lambda: "An Peeters" in seen(preview), "the first is read")
        desk.gates["/v1/alarms/A2"] = asyncio.Event()
        desk.press(Qt.Key.Key_Down)
        assert "Goossens" in seen(preview)
        assert "An Peeters" not in seen(preview)
        assert "loading A2" in seen(preview)
        desk.gates["/v1/alarms/A2"].set()
        await desk.until(lambda: "An Peeters" in seen(preview), "the second is read")

    play(act)


# -- the site file ------------------------------------------------------------------------------------


def filed(site: str, name: str, *contacts: ContactFile) -> SiteFile:
    return SiteFile(site=site, details=SiteDetails(name=name, instructions=f"Van {name}"), contacts=contacts)


AN = ContactFile(id="S1-1", person="S1-1", name="An Peeters", id_code="12345678")
BERT = ContactFile(id="S1-2", person="S1-2", name="Bert Maes")


async def file_open(desk: Scripted) -> None:
    desk.sign_in(me=Person(login=ME, name="Claes", roles=(StaffRole.SUPERVISOR,)))
    desk.answers |= {
        "/S1/file": lambda _body: filed("S1", "Bakkerij Peeters", AN, BERT),
        "/S2/file": lambda _body: filed("S2", SHOP.name),
        "/journal": lambda _body: [],
        "/v1/journal": lambda _body: JournalPage(),
        "/v1/tasks": lambda _body: [],
    }
    desk.press(Qt.Key.Key_F3)
    desk.window.screens.sites.open_site(SiteRef(id="S1", name="Bakkerij Peeters"))
    await desk.until(lambda: desk.window.screens.sites.at_hand.site == "S1", "the file")


@pytest.mark.parametrize("tab", range(7))
def test_I8_nothing_of_another_site_is_seen_while_a_file_is_read(play: Play, tab: int) -> None:
    async def act(desk: Scripted) -> None:
        await file_open(desk)
        sites = desk.window.screens.sites
        sites.tab(tab)
        desk.gates["/S2/file"] = asyncio.Event()
        sites.open_site(SHOP)
        shown = seen(sites.widget)
        assert "Bakkerij Peeters" not in seen(sites.widget.stack)
        assert "loading S2" in shown
        assert SHOP.name in shown
        for key in (Qt.Key.Key_F7, Qt.Key.Key_Insert):
            desk.press(key)
        for key in (Qt.Key.Key_E, Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_I, Qt.Key.Key_B):
            desk.press(key, CTRL)
        for nth in range(7):
            sites.tab(nth)
            assert "Bakkerij Peeters" not in seen(sites.widget.stack)
        assert desk.asked == []
        desk.gates["/S2/file"].set()
        await desk.until(lambda: sites.at_hand.site == "S2", "the file")
        assert "Bakkerij Peeters" not in seen(sites.widget.stack)

    play(act)


def test_a_site_file_that_does_not_come_says_why_and_shows_no_other(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await file_open(desk)
        sites = desk.window.screens.sites
        del desk.answers["/S2/file"]
        sites.open_site(SHOP)
        await desk.settled()
        assert "Nothing is scripted for /v1/sites/S2/file." in seen(sites.widget.stack)
        assert "Bakkerij Peeters" not in seen(sites.widget.stack)
        desk.answers["/S2/file"] = lambda _body: filed("S2", SHOP.name)
        sites.open_site(SHOP)
        await desk.until(lambda: sites.at_hand.site == "S2", "the file")

    play(act)


def test_I9_what_is_answered_late_about_one_contact_is_not_shown_with_another(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await file_open(desk)
        contacts = desk.window.screens.sites.contacts
        desk.press(Qt.Key.Key_3, ALT)
        await desk.until(contacts.tab.view.hasFocus, "the contacts")
        desk.gates["/identify"] = asyncio.Event()
        desk.answers["/identify"] = lambda _body: Identified(
            contact="S1-1", how=Verified.CODE_WORD, name="An Peeters", entry=3
        )
        desk.press(Qt.Key.Key_D, CTRL)
        desk.type("tulp")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.acts("identify"), "An is asked for")
        desk.press(Qt.Key.Key_Escape)
        desk.press(Qt.Key.Key_Down)
        desk.press(Qt.Key.Key_D, CTRL)
        assert contacts.tab.identify.head_text.text() == "Bert Maes"
        desk.gates["/identify"].set()
        await desk.settled()
        assert contacts.tab.identify.result.text() == ""

    play(act)

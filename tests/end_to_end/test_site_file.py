"""The site file by keys alone on a real station; two service desks at one site (I9, I11, C1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.end_to_end.consoles import Desk, play, running
from tests.programs import exported
from widgets.site.contacts_tab import NEW

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
STAFF = {"sofie": "service-desk", "lambert": "service-desk", "an": "operator"}


async def open_site(desk: Desk, words: str, site: str) -> None:
    """F3, a few letters: the first site found is shown."""
    sites = desk.window.screens.sites
    desk.press(Qt.Key.Key_F3)
    desk.type(words)
    await desk.until(lambda: sites.at_hand.site == site, f"the file of {site}")


def changes(data: Path) -> list[dict[str, Any]]:
    return [entry for entry in exported(data) if entry["kind"].startswith(("site-changed", "contact-"))]


def test_C1_contacts_are_written_moved_and_suspended_by_keys(app: QApplication, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data, STAFF) as station:

        async def act() -> None:
            desk = Desk(station.http, "WS 01", tmp_path / "prefs")
            await desk.sign_in("sofie")
            sites, tab = desk.window.screens.sites, desk.window.screens.sites.contacts.tab
            await open_site(desk, "bak", "S-1")
            desk.press(Qt.Key.Key_3, ALT)
            await desk.until(lambda: tab.view.hasFocus() and len(tab.view.rows.rows()) == 2, "two contacts")

            desk.press(Qt.Key.Key_Insert)
            await desk.until(lambda: tab.view.key() == NEW and tab.form.editing(), "a new contact is written")
            desk.type("Tom Verbeke")
            desk.press(Qt.Key.Key_Tab)
            desk.type("chef")
            desk.press(Qt.Key.Key_Tab)
            desk.type("mobile 0470 55 50 09")
            desk.press(Qt.Key.Key_Return)
            desk.type("home 09 555 01 09 private")
            desk.press(Qt.Key.Key_Return, CTRL)
            file = sites.at_hand
            await desk.until(lambda: file.file is not None and len(file.file.contacts) == 3, "three contacts")
            assert file.file is not None
            tom = file.file.contacts[2]
            assert [(n.label, n.number, n.private) for n in tom.numbers] == [
                ("mobile", "+32 470 55 50 09", False),
                ("home", "+32 9 555 01 09", True),
            ]
            await desk.until(lambda: tab.view.key() == tom.id, "the focus bar is on the new one")

            desk.press(Qt.Key.Key_Escape)
            desk.press(Qt.Key.Key_Up, ALT)
            await desk.until(lambda: file.file is not None and file.file.contacts[1].id == tom.id, "moved up")
            assert tab.view.key() == tom.id
            desk.press(Qt.Key.Key_J, CTRL)
            await desk.until(lambda: file.file is not None and file.file.contacts[1].suspended, "suspended")
            desk.press(Qt.Key.Key_Delete, CTRL)
            assert file.file.contacts[1].id == tom.id
            desk.press(Qt.Key.Key_Delete, CTRL)
            await desk.until(
                lambda: file.file is not None and len(file.file.contacts) == 2, "removed at the second press"
            )
            await desk.close()

        play(app, act)
    told = [entry["text"] for entry in changes(data)]
    assert told == [
        "Contact Tom Verbeke added",
        "Call order changed: order",
        "Contact Tom Verbeke changed: suspended",
        "Contact Tom Verbeke removed",
    ]


def test_I11_two_desks_at_one_site_see_each_other_and_lose_nothing(app: QApplication, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data, STAFF) as station:

        async def act() -> None:
            one = Desk(station.http, "WS 01", tmp_path / "prefs1")
            await one.sign_in("sofie")
            await open_site(one, "bak", "S-1")
            one.press(Qt.Key.Key_E, CTRL)
            form = one.window.screens.sites.widget.overview.form
            form.begin("access")
            one.type("Rear door, key box 12")

            other = Desk(station.http, "WS 02", tmp_path / "prefs2")
            await other.sign_in("lambert")
            await open_site(other, "bak", "S-1")
            other.press(Qt.Key.Key_E, CTRL)
            other.window.screens.sites.widget.overview.form.begin("access")
            other.type("Front door")
            other.press(Qt.Key.Key_Return, CTRL)
            theirs = other.window.screens.sites.at_hand
            await other.until(lambda: theirs.file and theirs.file.details.access == "Front door", "the other saved")

            note = form._notes["access"]
            await one.until(lambda: "Front door" in note.text(), "theirs is shown beside mine")
            assert form.values()["access"] == "Rear door, key box 12"
            one.window.activateWindow()
            await one.until(one.window.isActiveWindow, "the first desk has the keyboard again")
            form.begin("access")
            one.press(Qt.Key.Key_Escape)
            # Looked at something else and came back: what was typed is still there.
            await open_site(one, "juw", "S-2")
            await open_site(one, "bak", "S-1")
            assert form.values()["access"] == "Rear door, key box 12"
            one.press(Qt.Key.Key_E, CTRL)
            one.press(Qt.Key.Key_Return, CTRL)
            mine = one.window.screens.sites.at_hand
            await one.until(
                lambda: mine.file and mine.file.details.access.startswith("Rear"), "mine is saved knowingly"
            )
            await one.close()
            await other.close()

        play(app, act)
    first, second = changes(data)
    assert (first["actor"]["name"], second["actor"]["name"]) == ("lambert", "sofie")
    assert second["data"]["before"] == {"access": "Front door"}
    assert second["data"]["after"] == {"access": "Rear door, key box 12"}


def test_H_an_operator_sets_an_absence_and_nothing_else(app: QApplication, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data, STAFF) as station:

        async def act() -> None:
            desk = Desk(station.http, "WS 01", tmp_path / "prefs")
            await desk.sign_in("an")
            tab, file = desk.window.screens.sites.contacts.tab, desk.window.screens.sites.at_hand
            await open_site(desk, "bak", "S-1")
            desk.press(Qt.Key.Key_3, ALT)
            await desk.until(lambda: len(tab.view.rows.rows()) == 2, "two contacts")
            desk.press(Qt.Key.Key_Insert)
            assert tab.view.key() != NEW
            desk.press(Qt.Key.Key_A, CTRL)
            await desk.until(tab.form.editing, "the absence is written")
            assert not tab.form._inputs["name"].isEnabled()
            desk.type("nonsense")
            desk.press(Qt.Key.Key_Return, CTRL)
            assert "is no day and time" in tab.form.sentence.text()
            for _ in range(8):
                desk.press(Qt.Key.Key_Backspace)
            desk.type("tomorrow 08:00")
            desk.press(Qt.Key.Key_Return, CTRL)
            await desk.until(lambda: file.file and file.file.contacts[0].away_until, "away")
            await desk.close()

        play(app, act)
    [change] = changes(data)
    assert change["text"] == "Contact An Peeters changed: away until"


def test_a_new_site_is_made_by_keys_and_its_number_is_its_own(app: QApplication, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data, STAFF) as station:

        async def act() -> None:
            desk = Desk(station.http, "WS 01", tmp_path / "prefs")
            await desk.sign_in("sofie")
            screen, file = desk.window.screens.sites.widget, desk.window.screens.sites.at_hand
            desk.press(Qt.Key.Key_F3)
            desk.press(Qt.Key.Key_N, CTRL)
            desk.type("S-1")
            desk.press(Qt.Key.Key_Tab)
            desk.type("Garage Nord")
            desk.press(Qt.Key.Key_Return, CTRL)
            await desk.until(lambda: "already" in screen.new.sentence.text(), "the number is taken")
            desk.press(Qt.Key.Key_Escape)
            desk.press(Qt.Key.Key_N, CTRL)
            assert screen.new.values()["name"] == "Garage Nord"
            screen.new.begin("site")
            desk.type("S-9")
            desk.press(Qt.Key.Key_Return, CTRL)
            await desk.until(lambda: file.site == "S-9", "its file is open")
            await desk.close()

        play(app, act)
    [entry] = [entry for entry in exported(data) if entry["kind"] == "site-added"]
    assert (entry["site"], entry["text"]) == ("S-9", "Site Garage Nord added")

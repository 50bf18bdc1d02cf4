"""Tables of a site's file, and the load of another: nothing typed is lost, nothing of others overwritten (I11)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import Qt

from console.client.link import Refusal
from models.records import (
    ContactFile,
    EmergencyNumber,
    ErrorBody,
    ErrorCode,
    Part,
    Person,
    SiteDetails,
    SiteFile,
    SiteProcedures,
    SiteRef,
    StaffRole,
    SystemFile,
    ZoneFile,
)
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import ME

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
DOOR, HALL = ZoneFile(zone="1", name="Door", kind="door"), ZoneFile(zone="2", name="Hall", kind="motion")
FILE = SiteFile(site="S1", details=SiteDetails(name="Bakkerij Peeters"), zones=(DOOR, HALL))
OTHER = SiteFile(site="S2", details=SiteDetails(name="Garage Maes"), zones=(ZoneFile(zone="9", name="Gate"),))
REFS = {file.site: SiteRef(id=file.site, name=file.details.name) for file in (FILE, OTHER)}


async def opened(desk: Scripted, files: dict[str, SiteFile]) -> Any:
    desk.sign_in(me=Person(login=ME, name="Claes", roles=(StaffRole.SERVICE_DESK,)))
    desk.answers |= {
        "/S1/file": lambda body: save(files, body) if body else files["S1"],
        "/S2/file": lambda _body: files["S2"],
        "/journal": lambda _body: [],
        "/tasks": lambda _body: [],
    }
    desk.press(Qt.Key.Key_F3)
    sites = desk.window.screens.sites
    sites.open_site(REFS["S1"])
    await desk.until(lambda: sites.at_hand.site == "S1", "the file")
    return sites


def save(files: dict[str, SiteFile], body: dict[str, Any]) -> SiteFile:
    """As the station does: refused where the part changed since."""
    file = files["S1"]
    if body["version"] != file.version(body["part"]):
        raise Refusal(ErrorBody(code=ErrorCode.CHANGED, sentence="Lambert changed this meanwhile."))
    zones = tuple(ZoneFile.model_validate(zone) for zone in body["value"])
    files["S1"] = file.model_copy(update={"zones": zones, "parts": (Part(key="zones", version=9),)})
    return files["S1"]


def test_I11_zones_of_two_desks_are_put_together_and_a_row_of_both_is_said(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        files = {"S1": FILE, "S2": OTHER}
        sites = await opened(desk, files)
        desk.press(Qt.Key.Key_2, ALT)
        table = sites.systems.tab.zones
        await desk.until(lambda: len(table.rows()) == 2, "the zones")
        table.table.item(1, 1).setText("Hall upstairs")
        theirs = (
            DOOR.model_copy(update={"name": "Front door"}),
            HALL.model_copy(update={"name": "Corridor"}),
            ZoneFile(zone="3", name="Cellar"),
        )
        files["S1"] = FILE.model_copy(update={"zones": theirs, "parts": (Part(key="zones", version=1),)})
        sites.at_hand.open("S1")
        await desk.settled()
        assert [row[1] for row in table.rows()] == ["Front door", "Hall upstairs", "Cellar"]
        assert "Saved meanwhile: 2 Corridor motion." in table.sentence.text()
        table.press_save()
        await desk.until(lambda: files["S1"].version("zones") == 9, "saved knowingly")
        assert [zone.name for zone in files["S1"].zones] == ["Front door", "Hall upstairs", "Cellar"]

    play(act)


def test_I11_what_is_typed_in_one_table_outlives_the_save_of_another_and_another_site(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        files = {"S1": FILE, "S2": OTHER}
        sites = await opened(desk, files)
        desk.press(Qt.Key.Key_2, ALT)
        zones, areas = sites.systems.tab.zones, sites.systems.tab.areas
        await desk.until(lambda: len(zones.rows()) == 2, "the zones")
        zones.table.item(1, 1).setText("Hall upstairs")
        desk.answers["/S1/file"] = lambda _body: FILE
        areas.wanted.emit([("1", "Winkel")])
        await desk.settled()
        assert zones.rows()[1][1] == "Hall upstairs"
        sites.open_site(REFS["S2"])
        await desk.until(lambda: [row[1] for row in zones.rows()] == ["Gate"], "the other site's zones")
        sites.open_site(REFS["S1"])
        await desk.until(lambda: zones.rows()[1:] and zones.rows()[1][1] == "Hall upstairs", "what was typed")

    play(act)


@pytest.mark.parametrize("part", ["details", "contact", "system"])
def test_I11_what_was_typed_and_left_shows_on_return_what_another_desk_saved_meanwhile(play: Play, part: str) -> None:
    async def act(desk: Scripted) -> None:
        an = ContactFile(id="S1-1", person="S1-1", name="An", role="owner")
        mine = FILE.model_copy(update={"contacts": (an,), "systems": (SystemFile(account="1001", label="Main"),)})
        theirs = mine.model_copy(
            update={
                "details": FILE.details.model_copy(update={"name": "Bakkerij Maes"}),
                "contacts": (an.model_copy(update={"role": "tenant"}),),
                "systems": (SystemFile(account="1001", label="Spare"),),
            }
        )
        files = {"S1": mine, "S2": OTHER}
        sites = await opened(desk, files)
        digit = {"details": Qt.Key.Key_1, "system": Qt.Key.Key_2, "contact": Qt.Key.Key_3}[part]
        form, name, words = {
            "details": (sites.widget.overview.form, "name", "Bakkerij Maes"),
            "system": (sites.systems.tab.old, "label", "Spare"),
            "contact": (sites.contacts.tab.form, "role", "tenant"),
        }[part]
        desk.press(digit, ALT)
        if part == "details":
            desk.press(Qt.Key.Key_E, CTRL)
        form.begin(name)
        desk.type("ours")
        sites.open_site(REFS["S2"])
        await desk.until(lambda: sites.at_hand.site == "S2", "the other site")
        files["S1"] = theirs
        sites.open_site(REFS["S1"])
        await desk.until(lambda: sites.at_hand.site == "S1", "the first again")
        desk.press(digit, ALT)
        if part == "details":
            desk.press(Qt.Key.Key_E, CTRL)
        assert form.values()[name] == "ours", "what was typed is kept"
        assert form._notes[name].text() == f"Saved meanwhile: {words}"
        assert form._notes[name].isVisible()
        assert form.sentence.text().startswith("Both are shown.")
        form.begin(name)
        desk.press(Qt.Key.Key_R, CTRL)
        assert (form.values()[name], form._notes[name].isVisible()) == (words, False)
        assert not sites.at_hand.drafts

    play(act)


def test_I11_emergency_numbers_typed_for_one_site_are_never_saved_to_another(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        sites = await opened(desk, {"S1": FILE, "S2": OTHER})
        own = EmergencyNumber(service="police", name="Zone Maas", number="+32 89 55 50 10")
        desk.answers |= {
            "/S1/procedures": lambda _body: SiteProcedures(site="S1"),
            "/S2/procedures": lambda _body: SiteProcedures(site="S2", emergency=(own,)),
        }
        desk.press(Qt.Key.Key_4, ALT)
        procedures = sites.procedures
        table = procedures.tab.emergency
        await desk.until(lambda: procedures.found is not None, "the procedures")
        table.add()
        table.table.item(0, 0).setText("fire")
        sites.open_site(REFS["S2"])
        await desk.until(lambda: procedures.found.site == "S2", "the other site's procedures")
        assert table.rows() == [("police", "Zone Maas", "+32 89 55 50 10")]
        sites.open_site(REFS["S1"])
        await desk.until(lambda: procedures.found.site == "S1", "the first site's procedures")
        await desk.until(lambda: table.rows() == [("fire", "", "")], "what was typed")

    play(act)


def test_I11_a_site_that_is_answered_late_is_not_shown_in_place_of_the_one_asked_for_since(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        sites = await opened(desk, {"S1": FILE, "S2": OTHER})
        gate = desk.gates["/S1/journal"] = asyncio.Event()
        asked: list[int] = []
        desk.answers["/tasks"] = lambda _body: [asked.append(1)][:0]
        sites.at_hand.open("S1")
        await asyncio.sleep(0)
        sites.open_site(REFS["S2"])
        await desk.until(lambda: sites.at_hand.site == "S2", "the other site")
        gate.set()
        await desk.until(lambda: len(asked) == 2, "the late answer")
        await desk.settled()
        assert sites.at_hand.site == "S2"

    play(act)

"""The procedures tab by keys alone: levels, steps, versions, the overview (C3, C4, I11)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from console.client.link import Refusal
from models.records import (
    AreaFile,
    CallOutcome,
    ContactFile,
    Effective,
    ErrorBody,
    ErrorCode,
    Level,
    Person,
    Procedure,
    ProcedureStep,
    SiteDetails,
    SiteFile,
    SiteProcedures,
    SiteRef,
    StaffRole,
    StepKind,
    When,
    ZoneFile,
)
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import ME

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
AN = ContactFile(id="S1-1", person="S1-1", name="An Peeters")
FILE = SiteFile(
    site="S1",
    details=SiteDetails(name="Bakkerij Peeters", group="Bakers", keys="KB-0233"),
    contacts=(AN,),
    areas=(AreaFile(area="1", name="Winkel"),),
    zones=(ZoneFile(area="1", zone="7", name="PIR winkel", kind="motion"),),
)
FIRE = Procedure(
    id="P-1",
    level=Level.SITE,
    site="S1",
    applies_to="kind:fire",
    name="Fire",
    steps=(
        ProcedureStep(id="s1", kind=StepKind.AUTHORITY, service="fire"),
        ProcedureStep(id="s2", kind=StepKind.CONTACT, contact="S1-1"),
    ),
    version=4,
    by="Sofie",
)
ALL = Procedure(
    id="P-2",
    level=Level.STATION,
    name="Station default",
    steps=(ProcedureStep(id="s1", kind=StepKind.CONTACTS),),
    version=1,
)
FOUND = SiteProcedures(
    site="S1",
    group="Bakers",
    procedures=(FIRE, ALL),
    effective=(
        Effective(kind="fire", words="Fire", priority=1, procedure="P-1"),
        Effective(kind="intrusion", words="Intrusion", priority=3, procedure="P-2"),
    ),
)


async def opened(desk: Scripted, role: StaffRole = StaffRole.SERVICE_DESK) -> Any:
    desk.sign_in(me=Person(login=ME, name="Claes", roles=(role,)))
    desk.answers |= {
        "/file": lambda _body: FILE,
        "/journal": lambda _body: [],
        "/tasks": lambda _body: [],
        "/S1/procedures": lambda _body: FOUND,
        "/v1/procedures": lambda _body: FIRE,
    }
    desk.press(Qt.Key.Key_F3)
    desk.window.screens.sites.open_site(SiteRef(id="S1", name="Bakkerij Peeters"))
    await desk.until(lambda: desk.window.screens.sites.at_hand.site == "S1", "the file")
    desk.press(Qt.Key.Key_4, ALT)
    found = desk.window.screens.sites.procedures
    await desk.until(lambda: found.found is not None and found.tab.types.hasFocus(), "the procedures")
    found.tab.types.choose("kind:fire")
    await desk.settled()
    return found


def rows(view: Any) -> list[tuple[str, str]]:
    return [(row.title, row.second) for row in view.rows.rows()]


def steps(view: Any) -> list[tuple[str, str, str]]:
    return [(row.lead, row.title, row.right) for row in view.rows.rows()]


def test_C4_every_type_says_what_it_gets_and_from_where(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab = (await opened(desk)).tab
        shown = dict(rows(tab.types))
        assert (shown["Fire"], shown["Intrusion"]) == ("call at once", "inherited: Station default")
        assert steps(tab.steps) == [
            ("Authority", "Fire brigade", ""),
            ("Contact", "An Peeters", "All numbers, each once"),
        ]
        tab.types.choose("kind:intrusion")
        assert tab.why.text().startswith("Inherited from the station.")

    play(act)


def test_I11_steps_are_moved_added_and_removed_and_saved_as_the_next_version(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        found = await opened(desk)
        tab = found.tab
        desk.press(Qt.Key.Key_Return)
        assert tab.steps.hasFocus()
        tab.steps.choose("s2")
        desk.press(Qt.Key.Key_Up, ALT)
        assert [step.id for step in found.draft().steps] == ["s2", "s1"]
        assert tab.buttons["save"].words() == "Save version 5"
        desk.press(Qt.Key.Key_Insert)
        await desk.until(tab.step.editing, "the form of the new step")
        tab.step.begin("text")
        desk.type("Mind the dog")
        assert [step.text for step in found.draft().steps] == ["", "Mind the dog", ""]
        told = [(line.when, line.strong) for line in tab.changes._painted.lines]
        assert ("Step 2", "new: Instruction, Mind the dog") in told
        assert told[-1] == ("Applies", "from the next alarm; running alarms keep version 4")
        desk.press(Qt.Key.Key_Escape)
        tab.steps.choose("s1")
        desk.press(Qt.Key.Key_Delete, CTRL)
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: desk.acts("procedures"), "saved")
        [sent] = desk.acts("procedures")
        assert (sent["version"], [step["id"] for step in sent["procedure"]["steps"]]) == (4, ["s2", "s3"])
        await desk.until(lambda: found.draft() == FIRE, "what the station keeps is shown again")

    play(act)


def test_I11_what_another_saved_meanwhile_is_said_and_nothing_is_lost(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        found = await opened(desk)

        def refused(_body: object) -> object:
            raise Refusal(ErrorBody(code=ErrorCode.CHANGED, sentence="Lambert saved version 5 meanwhile."))

        desk.answers["/v1/procedures"] = refused
        desk.press(Qt.Key.Key_Return)
        desk.press(Qt.Key.Key_Down, ALT)
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: "Lambert" in found.tab.sentence.text(), "it is said")
        assert [step.id for step in found.draft().steps] == ["s2", "s1"]

    play(act)


def test_I11_of_two_versions_both_are_shown_and_either_is_taken(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        found = await opened(desk)
        theirs = FIRE.model_copy(update={"version": 5, "by": "Lambert", "name": "Fire, all floors"})
        desk.press(Qt.Key.Key_Return)
        desk.press(Qt.Key.Key_Down, ALT)

        def refused(_body: object) -> object:
            desk.answers["/S1/procedures"] = lambda _body: FOUND.model_copy(update={"procedures": (theirs, ALL)})
            desk.answers["/v1/procedures"] = lambda _body: theirs
            raise Refusal(ErrorBody(code=ErrorCode.CHANGED, sentence="Lambert saved version 5 meanwhile."))

        desk.answers["/v1/procedures"] = refused
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: "Ctrl+R takes theirs" in found.tab.sentence.text(), "the choice")
        assert found.tab.sentence.text().startswith("Lambert saved version 5 meanwhile.")
        told = [(line.when, line.was, line.strong) for line in found.tab.changes._painted.lines]
        assert told[:2] == [
            ("Name", "Fire, all floors", "Fire"),
            ("Order", "", "the steps are in another order"),
        ]
        assert found.tab.buttons["save"].words() == "Save version 6"
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: "Version 6 is saved" in found.tab.sentence.text(), "mine is saved over theirs")
        sent = desk.acts("procedures")[-1]
        assert (sent["version"], sent["procedure"]["id"], sent["procedure"]["name"]) == (5, "P-1", "Fire")

    play(act)


@pytest.mark.parametrize("gone", [False, True])
def test_I11_a_procedure_that_was_left_and_is_taken_up_again_says_what_was_saved_meanwhile(
    play: Play, gone: bool
) -> None:
    async def act(desk: Scripted) -> None:
        found = await opened(desk)
        desk.press(Qt.Key.Key_Return)
        desk.press(Qt.Key.Key_Down, ALT)
        found.tab.types.choose("kind:intrusion")
        theirs = FIRE.model_copy(update={"version": 5, "by": "Lambert", "steps": FIRE.steps[:1]})
        left = (ALL,) if gone else (theirs, ALL)
        desk.answers["/S1/procedures"] = lambda _body: FOUND.model_copy(update={"procedures": left})
        desk.window.screens.sites.at_hand.open("S1")
        await desk.until(lambda: found.found.procedures == left, "what was saved meanwhile")
        assert found.tab.sentence.text() == ""
        found.tab.types.choose("kind:fire")
        said = "Removed meanwhile." if gone else "Lambert saved version 5 meanwhile."
        assert found.tab.sentence.text().startswith(said)
        desk.press(Qt.Key.Key_R, CTRL)
        assert found.tab.sentence.text() == ""
        assert found.draft() == (None if gone else theirs)
        found.tab.types.setFocus()
        found.tab.types.choose("kind:fire")
        assert not desk.window.screens.sites.at_hand.unsaved("procedure")

    play(act)


def test_C4_an_inherited_procedure_is_overridden_by_a_copy_at_this_level(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        found = await opened(desk)
        found.tab.types.choose("kind:intrusion")
        desk.press(Qt.Key.Key_Insert)
        draft = found.draft()
        assert (draft.id, draft.level, draft.site, draft.applies_to) == ("", Level.SITE, "S1", "kind:intrusion")
        assert [step.kind for step in draft.steps] == [StepKind.CONTACTS, StepKind.INSTRUCTION]

    play(act)


def test_C4_group_and_station_are_reached_by_one_key(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        found = await opened(desk)
        seen = []
        for times in (2, 2, 2, 2, 2):
            for _ in range(times):
                desk.press(Qt.Key.Key_G, CTRL)
            desk.press(Qt.Key.Key_Return)
            await desk.settled()
            assert found.tab.types.hasFocus()
            seen.append(found.scope)
        assert seen == [
            (Level.AREA, "1"),
            (Level.ZONE, "1 7"),
            (Level.GROUP, "Bakers"),
            (Level.STATION, ""),
            (Level.SITE, ""),
        ]
        desk.press(Qt.Key.Key_G, CTRL)
        assert rows(found.tab.levels)[:3] == [
            ("This site, S1", ""),
            ("Area 1 of this site", "Winkel"),
            ("Zone 7, area 1 of this site", "PIR winkel"),
        ]
        desk.press(Qt.Key.Key_Down)
        desk.press(Qt.Key.Key_Escape)
        assert found.scope == (Level.SITE, ""), "Esc leaves the level as it was"

    play(act)


async def at_zone(desk: Scripted, found: Any) -> None:
    for _ in range(3):
        desk.press(Qt.Key.Key_G, CTRL)
    desk.press(Qt.Key.Key_Return)
    await desk.settled()
    assert found.scope == (Level.ZONE, "1 7")


def test_C4_a_zones_procedure_is_made_changed_and_removed_by_keys(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        found = await opened(desk)
        await at_zone(desk, found)
        found.tab.types.choose("kind:intrusion")
        desk.press(Qt.Key.Key_Insert)
        desk.press(Qt.Key.Key_Escape)
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: desk.acts("procedures"), "saved")
        [sent] = desk.acts("procedures")
        one = sent["procedure"]
        assert (one["level"], one["site"], one["target"], sent["version"]) == ("zone", "S1", "1 7", 0)
        assert [step["kind"] for step in one["steps"]] == ["contact group", "instruction"]

        kept = Procedure.model_validate({**one, "id": "P-9", "version": 1, "by": "Sofie"})
        desk.answers["/S1/procedures"] = lambda _body: FOUND.model_copy(
            update={"procedures": (*FOUND.procedures, kept)}
        )
        desk.answers["/P-9/remove"] = lambda _body: None
        found.show(desk.link.now())
        await desk.settled()
        assert found.draft() == kept
        found.tab.types.setFocus()
        desk.press(Qt.Key.Key_Delete, CTRL)
        assert "again removes" in found.tab.sentence.text()
        assert not desk.acts("remove")
        desk.press(Qt.Key.Key_Delete, CTRL)
        await desk.until(lambda: desk.acts("remove"), "removed at the second press")
        assert desk.acts("remove") == [{"version": 1}]

    play(act)


def test_C4_what_a_zone_inherits_is_asked_of_the_station_for_that_zone(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        asked: list[dict[str, str] | None] = []
        send = desk.link._send

        async def noted(method: str, path: str, body: Any = None, query: dict[str, str] | None = None) -> Any:
            if path.endswith("/S1/procedures"):
                asked.append(query)
            return await send(method, path, body, query)

        desk.link._send = noted  # type: ignore[method-assign]
        found = await opened(desk)
        await at_zone(desk, found)
        assert asked[-1] == {"area": "1", "zone": "7"}

    play(act)


def test_C4_a_step_waits_for_any_of_several_outcomes_of_any_step_or_of_one(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        found = await opened(desk)
        tab = found.tab
        desk.press(Qt.Key.Key_Return)
        tab.steps.choose("s2")
        desk.press(Qt.Key.Key_E, CTRL)
        await desk.until(tab.step.editing, "the form of the step")
        form, inputs = tab.step, tab.step._inputs
        assert not inputs["after_busy"].isVisible()
        inputs["when"].setCurrentIndex(inputs["when"].findData(When.OUTCOME.value))
        assert inputs["after_busy"].isVisible()
        assert not inputs["minutes"].isVisible()
        for box in ("after_voicemail", "after_no_answer"):
            form.begin(box)
            desk.press(Qt.Key.Key_Space)
        inputs["after"].setCurrentIndex(inputs["after"].findData("s1"))
        step = found.draft().steps[1]
        assert (step.when, step.outcomes, step.after) == (
            When.OUTCOME,
            (CallOutcome.NO_ANSWER, CallOutcome.VOICEMAIL),
            "s1",
        )
        assert steps(tab.steps)[1][2] == "Only after: No answer or Voicemail, of step 1"
        told = [(line.when, line.was, line.strong) for line in tab.changes._painted.lines]
        assert ("Step 2", "always", "only after: No answer or Voicemail, of step 1") in told
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: desk.acts("procedures"), "saved")
        assert desk.acts("procedures")[0]["procedure"]["steps"][1]["outcomes"] == ["no-answer", "voicemail"]

    play(act)


def test_C4_who_is_away_is_struck_in_the_procedure_and_stays_in_their_place(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        found = await opened(desk)
        away = AN.model_copy(update={"away_until": datetime(2099, 1, 1, tzinfo=UTC)})
        found._at_hand.take(FILE.model_copy(update={"contacts": (away,)}))
        await desk.settled()
        row = found.tab.steps.rows.rows()[1]
        assert (row.title, row.off, row.right) == ("An Peeters", True, "Skipped while away")
        assert row.second.startswith("Away until")

    play(act)


def test_H_an_operator_looks_and_writes_nothing(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        found = await opened(desk, StaffRole.OPERATOR)
        for key, modifiers in ((Qt.Key.Key_Insert, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Delete, CTRL)):
            desk.press(key, modifiers)
        assert found.draft() == FIRE
        assert not found.can("print")

    play(act)


@pytest.mark.parametrize("there", [True, False])
def test_C3_the_overview_is_saved_and_it_says_where(play: Play, tmp_path: Path, there: bool) -> None:
    async def act(desk: Scripted) -> None:
        found = await opened(desk)
        folder = tmp_path / "papers"
        if not there:
            # A file where the folder should be: it cannot be written, and that is said.
            folder.write_text("")
        found.folder = lambda: folder
        desk.answers["/procedures.pdf"] = lambda _body: {"a": "paper"}
        desk.press(Qt.Key.Key_P, CTRL)
        await desk.until(lambda: "overview" in desk.notice or "cannot be written" in desk.notice, "it says where")
        assert ("is saved as" in desk.notice) == there
        if there:
            [paper] = folder.iterdir()
            assert paper.name.startswith("Procedures S1 ")
            assert str(paper) in desk.notice

    play(act)


def test_C3_that_customers_see_only_the_standard_order_stands_beside_the_procedures(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await opened(desk)
        desk.window.changed()
        assert desk.notice == "Customers see only the standard order"
        desk.window.notify("Something was done.")
        assert desk.notice == "Something was done.", "what was just said comes first"
        desk.window.notify("")
        desk.press(Qt.Key.Key_3, ALT)
        desk.window.changed()
        assert desk.notice == ""

    play(act)

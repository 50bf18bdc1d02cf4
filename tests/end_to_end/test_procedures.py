"""A procedure is written by keys, and followed by keys: real station, real window, real panel (C3, C4, G3)."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from models.records import StepKind
from tests.end_to_end.consoles import Desk, play, running, signal
from tests.end_to_end.test_site_file import open_site
from tests.programs import exported

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def test_C4_a_procedure_is_written_and_followed_by_keys_alone(app: QApplication, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data, {"sam": "supervisor"}) as station:

        async def act() -> None:
            desk = Desk(station.http, "WS 01", tmp_path / "prefs")
            await desk.sign_in("sam")
            window = desk.window
            sites, tab = window.screens.sites, window.screens.sites.procedures.tab
            sites.procedures.folder = lambda: tmp_path / "papers"
            await open_site(desk, "bak", "S-1")
            desk.press(Qt.Key.Key_4, ALT)
            await desk.until(lambda: tab.types.hasFocus() and tab.types.rows.rowCount() > 20, "the types of alarm")
            tab.types.choose("kind:intrusion")

            desk.press(Qt.Key.Key_Insert)
            await desk.until(tab.step.editing, "a first step")
            desk.press(Qt.Key.Key_Escape)
            desk.press(Qt.Key.Key_Insert)
            tab.step.begin("text")
            desk.type("Mind the dog")
            desk.press(Qt.Key.Key_Escape)
            desk.press(Qt.Key.Key_Up, ALT)
            desk.press(Qt.Key.Key_Return, CTRL)
            await desk.until(lambda: "Version 1 is saved" in tab.sentence.text(), "saved")
            desk.press(Qt.Key.Key_P, CTRL)
            papers = tmp_path / "papers"
            await desk.until(lambda: papers.exists() and list(papers.glob("*.pdf")), "the overview")

            signal(station, "1001", 1, "Nri1/BA7")
            await desk.until(lambda: desk.link.link.known.waiting(), "the alarm")
            desk.press(Qt.Key.Key_F1)
            work = window.workspace
            await desk.until(lambda: work.detail is not None, "the workspace")
            now = work.widget.now
            step = now.step()
            assert step is not None
            assert (step.kind, step.text) == (StepKind.INSTRUCTION, "Mind the dog")
            assert work.widget.calls.why.text() == (
                "procedure “Intrusion”, version 1: of this site, for this kind of alarm"
            )
            desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: (s := now.step()) is not None and s.name == "An Peeters", "the first contact")
            await desk.close()

        play(app, act)
    [paper] = (tmp_path / "papers").glob("*.pdf")
    assert "1. Mind the dog" in PdfReader(paper).pages[0].extract_text()
    told = [entry["text"] for entry in exported(data) if entry["kind"] in ("procedure", "step-done")]
    assert told == ["Procedure “Intrusion” added, version 1 (site)", "Done: Instruction · Mind the dog"]

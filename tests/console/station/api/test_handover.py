"""The journal handed over over HTTP: forms, reports, formulas, rights, cancelled half-way (G6, I9, H)."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from pypdf import PdfReader

from console.station import handover
from models.records import MOST_ON_A_SHEET, StaffRole
from tests.console.station.house import START, House, Seat, site
from tests.frames import sia

SUPERVISOR, DESK, OPERATOR = StaffRole.SUPERVISOR, StaffRole.SERVICE_DESK, StaffRole.OPERATOR
FORMULA = '=HYPERLINK("http://evil","x")'
FROM = START - timedelta(days=1)


async def hand_over(seat: Seat, form: str, report: str = "lines", language: str = "en", **asked: Any) -> Any:
    body = {
        "id": uuid4().hex, "form": form, "report": report, "asked": asked, "file": f"x.{form}", "language": language
    }  # fmt: skip
    return await seat.client.post("/v1/journal/export", json=body)


async def an_evening(house: House) -> str:
    """An alarm of a site whose name is a formula, handled to its end, with a note that is another."""
    await house.bring_in(site("S2", "2002", name=FORMULA))
    claes = await house.seat("claes")
    await house.send(sia("2002", 1, "Nri1/BA07"))
    house.clock.move(20)
    alarm = (await claes.take_next()).json()["id"]
    await claes.act(alarm, "note", text="=1+1")
    house.clock.move(60)
    await claes.skip_all(alarm)
    closed = await claes.act(alarm, "close", disposition="no-cause", reason="+32 trace")
    assert closed.status_code == 200, closed.text
    await house.station.indexer.catch_up()
    return str(alarm)


def cells_of(form: str, made: bytes) -> list[dict[str, Any]]:
    if form == "csv":
        return list(csv.DictReader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    if form == "jsonl":
        return [json.loads(line) for line in made.decode().splitlines()]
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    assert sheet is not None
    assert all(cell.data_type not in ("f", "e") for row in sheet.iter_rows() for cell in row)
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def text_of(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
async def test_G6_what_the_filter_selects_is_handed_over_whole_and_formulas_are_text(house: House, form: str) -> None:
    alarm = await an_evening(house)
    chief = await house.seat("chief", SUPERVISOR)
    answer = await hand_over(chief, form, site="S2")
    assert answer.status_code == 200, answer.text
    found = cells_of(form, answer.content)
    known = [entry for entry in await house.entries() if entry["site"] == "S2"]
    assert [int(line["seq"]) for line in found] == [entry["seq"] for entry in known]
    assert int(answer.headers["X-Vigie-Lines"]) == len(known)
    assert {line["hash"] for line in found} == {entry["hash"] for entry in known}
    assert {line["alarm"] or "" for line in found} == {alarm, ""}
    for line in found:
        assert line["site_name"] == (FORMULA if form == "jsonl" else f"'{FORMULA}")
        for value in line.values():
            assert form == "jsonl" or not str(value).startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize("report", ["lines", "site-activity", "incident", "operator"])
async def test_G6_a_report_is_made_on_paper(house: House, report: str) -> None:
    alarm = await an_evening(house)
    chief = await house.seat("chief", SUPERVISOR)
    asked = {
        "lines": {"site": "S2"},
        "site-activity": {"site": "S2", "from_": FROM.isoformat()},
        "incident": {"alarm": alarm},
        "operator": {"operator": "claes", "from_": FROM.isoformat()},
    }[report]
    answer = await hand_over(chief, "pdf", report, **asked)
    assert answer.status_code == 200, answer.text
    text = text_of(answer.content)
    for words in {
        "lines": ("Journal", "Selected: site S2", "=1+1", FORMULA),
        "site-activity": ("Site activity", "Alarms of the period: 1", "20 s", "No cause", "=1+1", FORMULA, "S2"),
        "incident": ("Incident report", "after 20 s, target", "in time", "in hand of Claes", "No cause", "+32 trace"),
        "operator": ("Operator report", "Claes", "First act in time: 1 of 1", "How closed alarms ended", "=1+1"),
    }[report]:
        assert words in text, (words, text)


@pytest.mark.parametrize(
    ("language", "fixed"),
    [
        ("nl", ("Incidentrapport", "na 20 s, norm", "op tijd", "in behandeling bij Claes", "Geen oorzaak gevonden")),
        ("fr", ("Rapport d’incident", "après 20 s, objectif", "à temps", "traitée par Claes", "Sans cause trouvée")),
        ("de", ("Ereignisbericht", "nach 20 s, Ziel", "rechtzeitig", "in Bearbeitung bei Claes", "Keine Ursache")),
    ],
)
async def test_G6_a_paper_speaks_its_readers_language_and_leaves_what_was_journaled(
    house: House, language: str, fixed: tuple[str, ...]
) -> None:
    alarm = await an_evening(house)
    chief = await house.seat("chief", SUPERVISOR)
    text = text_of((await hand_over(chief, "pdf", "incident", language, alarm=alarm)).content)
    for words in (*fixed, "=1+1", "+32 trace"):
        assert words in text, (words, text)
    for words in ("First act", "From start to end", "Who had it", " page 1"):
        assert words not in text or (words == " page 1" and language == "fr"), (words, text)
    unknown = await hand_over(chief, "pdf", "incident", "xx", alarm=alarm)
    assert (unknown.status_code, unknown.json()["field"]) == (422, "language")


async def test_G6_who_has_it_is_in_the_journal_before_anything_is_sent(house: House) -> None:
    await an_evening(house)
    chief = await house.seat("chief", SUPERVISOR)
    await hand_over(chief, "csv", site="S2", words="Hond")
    [entry] = await house.entries("journal-exported")
    assert entry["text"] == "Journal handed out as CSV (lines) to x.csv: site S2, words “Hond”; 0 lines"
    assert (entry["actor"]["name"], entry["data"]["target"]) == ("Chief", "x.csv")


async def test_G6_what_cannot_be_is_refused_by_its_field_and_nothing_is_journaled(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await an_evening(house)
    chief = await house.seat("chief", SUPERVISOR)
    whole = FROM.isoformat()
    for form, report, asked, field in (
        ("pdf", "site-activity", {"site": "S2"}, "from"),
        ("pdf", "site-activity", {"from_": whole}, "site"),
        ("pdf", "site-activity", {"site": "S9", "from_": whole}, "site"),
        ("pdf", "operator", {"operator": "claes"}, "from"),
        ("pdf", "operator", {"from_": whole}, "operator"),
        ("pdf", "incident", {}, "alarm"),
        ("pdf", "incident", {"alarm": "A-9"}, "alarm"),
        ("csv", "lines", {"words": "…"}, "words"),
        ("csv", "lines", {"site": "S\x002"}, "site"),
        ("csv", "lines", {"to": whole, "from_": START.isoformat()}, "to"),
    ):
        answer = await hand_over(chief, form, report, **asked)
        assert (answer.status_code in (404, 422), answer.json()["field"]) == (True, field), (report, asked)
    monkeypatch.setattr(handover, "MOST_ON_A_SHEET", 3)
    monkeypatch.setattr(handover, "MOST_ON_PAPER", 3)
    for form, words in (("xlsx", "A sheet of XLSX holds 3"), ("pdf", "A PDF holds 3")):
        answer = await hand_over(chief, form)
        assert (answer.status_code, answer.json()["field"]) == (422, "form")
        assert answer.json()["sentence"].startswith(f"{words} lines at most; these are ")
    assert await house.entries("journal-exported") == []
    assert MOST_ON_A_SHEET == 1_048_576 - 1


async def test_G6_whoever_goes_away_stops_it_and_how_far_it_is_is_told_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await an_evening(house)
    chief, other = await house.seat("chief", SUPERVISOR), await house.seat("other", SUPERVISOR)
    read, gate, pages = handover.entries_numbered, asyncio.Event(), []
    loop = asyncio.get_running_loop()

    def slowly(connection: Any, numbers: Any) -> Any:
        pages.append(numbers)
        if len(pages) == 3:
            loop.call_soon_threadsafe(reached.set)
        return read(connection, numbers)

    adding = handover.sheet_of

    class Held:
        """A workbook that is begun, and at its third page waits."""

        def __init__(self, form: Any) -> None:
            self.sheet = adding(form)
            sheets.append(self)
            self.dropped = False

        def add(self, lines: Any) -> bytes:
            if len(pages) == 3:
                asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(30)
            return self.sheet.add(lines)

        def end(self) -> Any:
            return self.sheet.end()

        def drop(self) -> None:
            self.dropped = True
            self.sheet.drop()

    sheets: list[Held] = []
    reached = asyncio.Event()
    monkeypatch.setattr(handover, "PAGE", 2)
    monkeypatch.setattr(handover, "entries_numbered", slowly)
    monkeypatch.setattr(handover, "sheet_of", Held)
    body = {"id": uuid4().hex, "form": "xlsx", "file": "x.xlsx"}
    asking = asyncio.ensure_future(chief.client.post("/v1/journal/export", json=body))
    await asyncio.wait_for(reached.wait(), 30)
    path = f"/v1/journal/export/{body['id']}"
    told = (await chief.client.get(path)).json()
    assert (told["done"], told["count"]) == (4, len(await house.entries()) - 1)
    assert (await other.client.get(path)).status_code == 404
    asking.cancel()
    making = house.station.parts.handovers[("chief", body["id"])]
    async with asyncio.timeout(30):
        while not making.stop:  # noqa: ASYNC110
            await asyncio.sleep(0)
        gate.set()
        while house.station.parts.handovers:  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert len(pages) == 3
    assert sheets[0].dropped
    assert (await chief.client.get(path)).status_code == 404


@pytest.mark.parametrize("role", [OPERATOR, DESK])
async def test_H_only_a_supervisor_is_told_how_far_it_is(house: House, role: StaffRole) -> None:
    seat = await house.seat("who", role)
    answer = await seat.client.get(f"/v1/journal/export/{'0' * 32}")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


async def test_I9_what_was_masked_stays_masked_in_every_form(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await house.send(sia("1001", 1, "Nri1/OP04][K98765"), sia("1001", 2, "Nri1/CL04][P4711"))
    masked = [entry["raw"] for entry in await house.entries("signal")]
    assert len(masked) == 2
    for form in ("csv", "xlsx", "jsonl", "pdf"):
        made = (await hand_over(chief, form, site="S1")).content
        text = text_of(made) if form == "pdf" else str(cells_of(form, made))
        assert "98765" not in text, form
        assert "4711" not in text, form
        if form != "pdf":
            assert [line["raw"] for line in cells_of(form, made) if line["kind"] == "signal"] == masked

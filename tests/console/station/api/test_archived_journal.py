"""The journal over HTTP when months of it are in archives: said where they are not mounted, one list where they are."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from console.station.archive_places import archive_folder
from console.station.archiving import archive_journal
from console.station.erasing import erase_person, subject_of
from console.station.mounting import mount, unmount
from console.station.store import archives
from console.station.store.archives import Archive
from console.station.verifying import verify_journal
from tests.console.station.acts.test_erasing import everything
from tests.console.station.house import House, Seat, open_house
from tests.console.station.store.archived import BEGAN, live
from tests.console.station.store.spoiled import Copy
from tests.frames import sia

MAY = datetime(2024, 5, 1, tzinfo=UTC)
QUERIES: tuple[dict[str, Any], ...] = (
    {},
    {"site": "S1"},
    {"site": "S2"},
    {"words": "hond"},
    {"operator": "claes", "groups": "call,closed"},
    {"groups": "armed"},
    {"priorities": "3"},
    {"from": "2024-03-20T00:00:00Z"},
    {"to": "2024-05-20T00:00:00Z"},
    {"from": "2024-04-01T00:00:00Z", "to": "2024-05-20T00:00:00Z", "site": "S1"},
)


@pytest.fixture
async def aged(place: Path | str, still: None) -> AsyncIterator[tuple[House, Seat]]:
    """A station with months behind it, and a supervisor."""
    async with open_house(place, start=BEGAN) as house:
        await live(house)
        yield house, await house.sign_in("claes", "WS-claes")


async def archived(house: House, place: Path | str, folder: Path) -> list[Archive]:
    """March and April leave the live tables, while the station runs."""
    assert await asyncio.to_thread(archive_journal, place, before=MAY, folder=folder) == 0
    return await house.station.database.read(archives.known)


async def shown(place: Path | str, folder: Path, known: list[Archive]) -> None:
    assert await asyncio.to_thread(mount, place, [folder / one.file for one in known]) == 0


async def page(seat: Seat, **query: Any) -> dict[str, Any]:
    answer = await seat.client.get("/v1/journal", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def numbers(seat: Seat, **query: Any) -> list[int]:
    return [entry["seq"] for entry in (await page(seat, limit=200, **query))["entries"]]


async def paged(seat: Seat, limit: int, query: dict[str, Any], *, up: bool) -> list[int]:
    """All of it by pages, newest first."""
    found: list[int] = []
    where: dict[str, int] = {"after": 0} if up else {}
    while True:
        one = await page(seat, limit=limit, **query, **where)
        some = [entry["seq"] for entry in one["entries"]]
        found = some + found if up else found + some
        if not one["newer" if up else "older"]:
            return found
        where = {"after": some[0]} if up else {"before": some[-1]}


async def test_G6_the_list_says_what_left_and_is_whole_again_where_archives_are_mounted(
    aged: tuple[House, Seat], place: Path | str, tmp_path: Path
) -> None:
    house, seat = aged
    truth = [await numbers(seat, **query) for query in QUERIES]
    assert all(truth)
    head = max(truth[0])
    known = await archived(house, place, tmp_path)
    edge = known[-1].last
    for query, numbers_of in zip(QUERIES, truth, strict=True):
        found = await page(seat, limit=200, **query)
        assert [e["seq"] for e in found["entries"] if e["seq"] <= head] == [n for n in numbers_of if n > edge], query
        named = [part["file"] for part in found["archived"]]
        # What is in March is older than what is asked from the 20th on.
        assert named == [one.file for one in known[1 if "from" in query else 0 :]], query
    assert (await page(seat, **{"from": "2024-05-02T00:00:00Z"}))["archived"] == []
    await shown(place, tmp_path, known)
    for query, numbers_of in zip(QUERIES, truth, strict=True):
        found = await page(seat, limit=200, count=True, **query)
        assert [e["seq"] for e in found["entries"] if e["seq"] <= head] == numbers_of, query
        assert (found["archived"], found["count"]) == ([], len(found["entries"])), query
        for entry in found["entries"]:
            one = archives.holds(known, entry["seq"])
            assert entry["archive"] == (one.file if one else "")
        for limit in (1, 3, 7):
            assert await paged(seat, limit, query, up=False) == [e["seq"] for e in found["entries"]], (query, limit)
            assert await paged(seat, limit, query, up=True) == [e["seq"] for e in found["entries"]], (query, limit)
    assert await asyncio.to_thread(unmount, place, []) == 0
    assert len((await page(seat))["archived"]) == 2
    told = [entry["text"] for entry in await house.entries("archive-mounted", "archive-unmounted")]
    assert [text.split(":")[0] for text in told] == ["Archive mounted"] * 2 + ["Archive unmounted"] * 2


async def test_G6_I5_a_line_and_an_alarm_of_an_archive_open_where_it_is_mounted(
    aged: tuple[House, Seat], place: Path | str, tmp_path: Path
) -> None:
    house, seat = aged
    [note] = await numbers(seat, kinds="note")
    path = f"/v1/journal/{note}"
    before = (await seat.client.get(path)).json()
    alarm = before["entry"]["alarm"]
    whole = (await seat.client.get(f"/v1/alarms/{alarm}/timeline")).json()
    known = await archived(house, place, tmp_path)
    refused = await seat.client.get(path)
    assert (refused.status_code, known[1].file in refused.json()["sentence"]) == (404, True)
    assert (await seat.client.get(f"/v1/sites/S1/journal/{note}")).status_code == 404
    told = (await seat.client.get(f"/v1/alarms/{alarm}/timeline")).json()
    assert (told["lines"], [part["file"] for part in told["archived"]]) == ([], [known[1].file])
    refused = await seat.client.get("/v1/journal/proof", params={"first": note, "last": note})
    assert (refused.status_code, "not mounted" in refused.json()["sentence"]) == (409, True)

    await shown(place, tmp_path, known)
    after = (await seat.client.get(path)).json()
    assert after["proof"]["broken"] == []
    assert after["entry"].pop("archive") == known[1].file
    before["entry"].pop("archive")
    for gone in (before, after):
        gone.pop("proof")
    assert after == before
    assert (await seat.client.get(f"/v1/sites/S1/journal/{note}")).json()["entry"]["seq"] == note
    told = (await seat.client.get(f"/v1/alarms/{alarm}/timeline")).json()
    assert [line["seq"] for line in told["lines"]] == [line["seq"] for line in whole["lines"]]
    assert {line["archive"] for line in told["lines"]} == {known[1].file}
    for name in ("spans", "calls", "first_act_s", "closed_s", "began_at"):
        assert told[name] == whole[name], name
    head = (await page(seat))["head"]
    proof = await seat.client.get("/v1/journal/proof", params={"first": 1, "last": head})
    assert (proof.status_code, proof.json()["broken"]) == (200, []), proof.text
    of_site = (await seat.client.get("/v1/sites/S2/journal")).json()
    assert [line["seq"] for line in of_site] == await numbers(seat, site="S2")


async def test_G6_what_is_handed_over_has_what_is_mounted_and_names_what_is_not(
    aged: tuple[House, Seat], place: Path | str, tmp_path: Path
) -> None:
    house, seat = aged
    known = await archived(house, place, tmp_path)

    async def handed(nth: int, form: str = "csv", **asked: Any) -> tuple[list[int], str]:
        body = {"id": f"{nth:032x}", "form": form, "asked": asked}
        answer = await seat.client.post("/v1/journal/export", json=body)
        assert answer.status_code == 200, answer.text
        if form == "csv":
            lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        elif form == "jsonl":
            lines = [json.loads(line) for line in answer.text.splitlines()]
        else:
            head, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
            lines = [dict(zip(head, row, strict=True)) for row in rows]
        entries = [line for line in lines if line["kind"] != "archive-not-mounted"]
        assert int(answer.headers["X-Vigie-Lines"]) == len(entries)
        missing = answer.headers.get("X-Vigie-Not-Mounted", "")
        # Whoever is handed the file alone is told the same, before anything else, by lines that are no entries.
        told = lines[: len(lines) - len(entries)]
        assert [line["text"].partition("the archive ")[2].partition(":")[0] for line in told] == (
            missing.split(", ") if missing else []
        )
        assert not any(line["seq"] for line in told)
        return [int(line["seq"]) for line in entries], missing

    found, missing = await handed(1, site="S1")
    assert (min(found) > known[-1].last, missing) == (True, ", ".join(one.file for one in known))
    [told] = await house.entries("journal-exported")
    assert told["text"].endswith(f"without what is in {missing}")
    for nth, form in ((3, "xlsx"), (4, "jsonl")):
        assert await handed(nth, form, site="S1") == (found, missing), form
    await shown(place, tmp_path, known)
    found, missing = await handed(2, site="S1")
    assert (found, missing) == ((await numbers(seat, site="S1"))[::-1], "")


async def test_G6_a_paper_says_what_it_is_without_and_an_alarm_of_later_is_without_nothing(
    aged: tuple[House, Seat], place: Path | str, tmp_path: Path
) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    house, seat = aged
    [note] = await numbers(seat, kinds="note")
    alarm = (await seat.client.get(f"/v1/journal/{note}")).json()["entry"]["alarm"]
    known = await archived(house, place, tmp_path)
    await house.send(sia("1001", 40, "Nri1/BA07"))
    later = (await seat.take_next()).json()["id"]

    async def paper(nth: int, of: str, **more: Any) -> str:
        body = {"id": f"{nth:032x}", "form": "pdf", "report": "incident", "asked": {"alarm": of}, **more}
        answer = await seat.client.post("/v1/journal/export", json=body)
        assert answer.status_code == 200, answer.text
        read = await asyncio.to_thread(
            lambda: [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
        )
        return " ".join(" ".join(read).split())

    assert f"Without what is in archives that are not mounted: {known[1].file}" in await paper(1, alarm)
    assert "Zonder wat in archieven staat" in await paper(2, alarm, language="nl")
    assert "not mounted" not in await paper(3, later)
    assert (await page(seat, alarm=later))["archived"] == []
    await shown(place, tmp_path, known)
    whole = await paper(4, alarm)
    assert "not mounted" not in whole
    assert "zag een hond" in whole


async def test_F6_figures_of_what_is_archived_are_refused_with_a_sentence(
    aged: tuple[House, Seat], place: Path | str, tmp_path: Path
) -> None:
    house, seat = aged
    await archived(house, place, tmp_path)
    asked = {"from": "2024-04-01T00:00:00Z", "to": "2024-05-01T00:00:00Z"}
    answer = await seat.client.get("/v1/performance", params=asked)
    assert (answer.status_code, answer.json()["field"]) == (422, "from"), answer.text
    assert "is archived" in answer.json()["sentence"]
    assert (await seat.client.get("/v1/performance")).status_code == 200


async def test_I14_what_left_is_in_no_table_and_in_no_index_any_more(
    aged: tuple[House, Seat], place: Path | str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house, _seat = aged
    assert "wind" in await everything(house)
    known = await archived(house, place, tmp_path)
    left = await everything(house)
    index = await house.station.database.read(_indexed)
    assert index == len(await house.entries()) or index <= len(await house.entries())
    for entry in ("Nri1/OP01", "Nri1/BA07"):
        assert entry not in left
    subject = subject_of(["Zoë O'Hara"], [], [], ["S1"])
    await asyncio.to_thread(lambda: erase_person(place, subject, "Request", really=False))
    said = capsys.readouterr().out
    assert f"The archive {known[1].words()} may name this person: mount it to see" in said
    await shown(place, tmp_path, known)
    await asyncio.to_thread(lambda: erase_person(place, subject, "Request", really=False))
    said = capsys.readouterr().out
    assert f"Entries of the archive {known[0].words()} that name this person: 0." in said
    assert f"Entries of the archive {known[1].words()} that name this person: 1." in said


async def test_I14_a_person_is_erased_from_mounted_archives_and_the_chain_is_whole(
    aged: tuple[House, Seat], place: Path | str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from zipfile import ZipFile

    house, seat = aged
    folder = archive_folder(place)
    known = await archived(house, place, folder)
    await shown(place, folder, known)
    [note] = await numbers(seat, kinds="note")
    hash_ = (await seat.client.get(f"/v1/journal/{note}")).json()["hash"]
    subject = subject_of(["Zoë O'Hara"], [], [], ["S1"])
    assert await asyncio.to_thread(lambda: erase_person(place, subject, "Request 2026-17", really=True)) == 0
    said = capsys.readouterr().out
    now = await house.station.database.read(archives.known)
    assert [one.file for one in now] != [one.file for one in known]
    assert now[0] == known[0], "what names nobody is left as it is"
    assert f"{known[1].file} was written anew as {now[1].file}" in said
    assert sorted(path.name for path in folder.glob("*.zip")) == sorted(one.file for one in now)
    for path in folder.glob("*.zip"):
        with ZipFile(path) as file:
            assert "O'Hara" not in file.read("entries.jsonl").decode()
    for path in (folder / "mounted").glob("*.db"):
        assert b"O'Hara" not in path.read_bytes()
    assert "O'Hara" not in await everything(house)
    verifier = [sys.executable, "-I", "-S", "resources/sealed/verify.py", str(folder / now[1].file)]
    done = await asyncio.to_thread(lambda: subprocess.run(verifier, capture_output=True, text=True, check=False))
    assert "Of 1 entries the content was erased, signed by the station." in done.stdout
    assert await numbers(seat, words="hond") == []
    opened = (await seat.client.get(f"/v1/journal/{note}")).json()
    assert (opened["hash"], opened["proof"]["erased"], opened["proof"]["broken"]) == (hash_, 1, [])
    house.station.sealer.seal()
    assert await asyncio.to_thread(verify_journal, place) == 0
    assert "1 contents were erased by root" in capsys.readouterr().out
    [told] = [entry for entry in await house.entries("erased") if known[1].file in entry["text"]]
    assert "O'Hara" not in told["text"]


async def test_I5_an_archive_put_back_over_its_erased_one_is_found(
    aged: tuple[House, Seat], place: Path | str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house, _seat = aged
    folder = archive_folder(place)
    known = await archived(house, place, folder)
    await shown(place, folder, known)
    subject = subject_of(["Zoë O'Hara"], [], [], ["S1"])
    assert await asyncio.to_thread(lambda: erase_person(place, subject, "Request", really=True)) == 0
    house.station.sealer.seal()
    journal = Copy(place, folder)
    journal.query("DELETE FROM journal_archive WHERE by_seq = (SELECT max(by_seq) FROM journal_archive)", "SELECT 1")
    assert await asyncio.to_thread(verify_journal, place) == 1
    assert "tells of an archive whose signed row is missing" in capsys.readouterr().out


async def test_I14_a_month_that_is_archived_while_a_person_is_erased_is_not_called_erased(
    aged: tuple[House, Seat],
    place: Path | str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from console.station import erasing

    house, _seat = aged
    real, todo = erasing.do, [MAY]

    async def meanwhile(*words: Any) -> None:
        while todo:
            folder, before = archive_folder(place), todo.pop()
            assert await asyncio.to_thread(archive_journal, place, before=before, folder=folder) == 0
        await real(*words)

    monkeypatch.setattr("console.station.erasing.do", meanwhile)
    subject = subject_of(["Zoë O'Hara"], [], [], ["S1"])
    assert await asyncio.to_thread(lambda: erase_person(place, subject, "Request", really=True)) == 1
    said = capsys.readouterr()
    assert "Erased, journaled and signed" not in said.out
    assert "Do it again" in said.err
    known = await house.station.database.read(archives.known)
    await shown(place, archive_folder(place), known)
    assert await asyncio.to_thread(lambda: erase_person(place, subject, "Request", really=True)) == 0
    [note] = [entry for entry in await house.entries("erased") if "from the archive" in entry["text"]]
    assert known[1].file in note["text"]


def _indexed(connection: Any) -> int:
    name = "rowid" if connection.dialect.name == "sqlite" else "seq"
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT rowid FROM journal_words WHERE journal_words MATCH 'op01 OR hond'")
        assert list(found) == []
        return 0
    return int(connection.exec_driver_sql(f"SELECT count({name}) FROM journal_words").scalar_one())

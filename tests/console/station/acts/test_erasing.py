"""I14: a person's data goes where the law demands it, by a signed act, and the chain stays whole."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, text

from console.station.acts.caller import STATION
from console.station.acts.tasks import open_task
from console.station.control import EraseRequest, act_of
from console.station.erasing import erase_person, subject_of
from console.station.rules.refusal import Refused
from console.station.store import traces
from console.station.store.ledger import Ledger
from console.station.store.traces import Subject
from console.station.verifying import verify_journal
from models.records import HandOverForm, ReportPlan, StaffRole
from models.tables import LetterRow, ReportRow
from tests.console.station.house import SITE, House, open_house
from tests.frames import sia

NAME = "Zoë O'Hara-Müller"
NUMBER = "+32 470 12 34 56"


async def written(house: House) -> str:
    """An alarm of S1 with a note, a parking and a journal that name the person; the alarm."""
    seat = await house.seat("claes", StaffRole.OPERATOR, StaffRole.SUPERVISOR)
    await house.send(sia("1001", 1, "Nri1/BA01"))
    alarm = (await seat.take_next()).json()["id"]
    done = await seat.act(alarm, "note", text=f'{NAME} says "all fine", from 0470 12 34 56')
    assert done.status_code == 200, done.text
    done = await seat.act(alarm, "note", text="Nothing personal")
    assert done.status_code == 200, done.text
    return str(alarm)


def whole(house: House) -> Subject:
    return subject_of([NAME], [NUMBER], [], ["S1"])


async def everything(house: House) -> str:
    """All that the database says, of every table but the erasures' signatures."""
    from sqlalchemy import text

    def read(connection: object) -> str:
        from sqlalchemy import inspect

        rows = []
        tables = inspect(connection).get_table_names()  # type: ignore[union-attr]
        # The index of words has no rows to show; what it holds lies in tables of its own.
        for table in (table for table in tables if table != "journal_words"):
            rows += [" ".join(map(str, row)) for row in connection.execute(text(f"SELECT * FROM {table}"))]  # type: ignore[attr-defined]
        return "\n".join(rows)

    return await house.station.database.read(read)


async def test_I14_a_person_is_erased_from_journal_and_alarms_and_the_chain_is_whole(
    house: House, place: Path | str, capsys: pytest.CaptureFixture[str]
) -> None:
    await written(house)
    assert NAME in await everything(house)
    before = await house.entries()
    found = await house.station.database.read(lambda c: list(traces.entries(c, whole(house))))
    assert [entry["kind"] for entry in before if entry["seq"] in found] == ["note"]
    request = EraseRequest(
        who="root", why="Request 2026-17", words=list(whole(house).words), sites=["S1"], entries=found
    )
    await house.station.scribe.act(act_of(request, house.station.secrets))

    left = await everything(house)
    assert NAME not in left
    assert "470 12 34 56" not in left
    assert "Nothing personal" in left
    after = await house.entries()
    assert [entry["hash"] for entry in after[: len(before)]] == [entry["hash"] for entry in before]
    [told] = [entry for entry in after if entry["kind"] == "erased"]
    assert told["text"] == "A person's data erased: 1 entries of the journal, 1 other places. Request 2026-17"
    assert told["actor"]["kind"] == "local"
    house.station.sealer.seal()
    assert await asyncio.to_thread(verify_journal, place) == 0
    said = capsys.readouterr().out
    assert f"1 contents were erased by root on 2026-11-23 (entry {told['seq']})." in said
    assert "The journal is intact" in said


async def test_I14_a_person_is_erased_from_what_was_asked_tasked_and_sent(
    house: House, place: Path | str, capsys: pytest.CaptureFixture[str]
) -> None:
    alarm, seat = await written(house), await house.sign_in("claes", "WS-claes")
    chief = await house.seat("chief", StaffRole.SUPERVISOR)
    asked = (await seat.act(alarm, "help", words=f"{NAME} shouts at me")).json()
    await chief.client.post(f"/v1/asks/{asked[0]['id']}/answer", json={"words": f"Let {NAME} shout"})
    mail = "zoe@customer.example"
    plan = ReportPlan(name="Weekly", to=(mail,), form=HandOverForm.CSV)

    def act(ledger: Ledger) -> None:
        for number in (NUMBER, "0470 12 34 56"):
            matter = f"wrong-number:S1:c1:{number}"
            open_task(ledger, STATION, "wrong number", f"Not reached by {number}", matter=matter, site="S1")
        open_task(ledger, STATION, "report", f"Report refused: Weekly, {mail}: 550", matter="report:1")
        for number, removed in ((1, 0), (2, 1)):
            row = {"id": number, "version": 1, "plan": plan.model_dump_json(), "by": "Chief", "removed": removed}
            told = {"last_at": ledger.now, "last_words": f"Report sent to {mail}", "last_failed": 0, "next_at": None}
            ledger.connection.execute(insert(ReportRow).values(**row, **told))
        letter = {"id": 9, "report": 2, "message_id": "<1@x>", "plan": plan.model_dump_json(), "head": 1, "tries": 7}
        times = {"from_at": ledger.now, "to_at": ledger.now, "next_try": None, "left": json.dumps([mail])}
        ledger.connection.execute(insert(LetterRow).values(**letter, **times))

    await house.station.scribe.act(act)
    subject = subject_of([NAME], [NUMBER], [mail], ["S1"])
    status = await asyncio.to_thread(lambda: erase_person(place, subject, "Request", really=True))
    said = capsys.readouterr()
    assert status == 0, said.err
    assert "Named in reports by e-mail, which others act by: 1. Change those by hand." in said.out
    left = await everything(house)
    assert [word for word in (NAME, "470 12 34 56") if word in left] == []
    assert left.count(mail) == 1, "who gets a report that still goes out is for somebody to change"


async def test_I14_nothing_of_it_is_left_in_the_file_either(small_house: House, tmp_path: Path) -> None:
    await written(small_house)
    found = await small_house.station.database.read(lambda c: list(traces.entries(c, whole(small_house))))
    subject = whole(small_house)
    request = EraseRequest(who="root", why="Request", words=list(subject.words), sites=["S1"], entries=found)
    await small_house.station.scribe.act(act_of(request, small_house.station.secrets))
    with closing(sqlite3.connect(tmp_path / "data" / "vigie.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    content = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("vigie.db*"))
    assert b"Nothing personal" in content
    assert NAME.encode() not in content


async def test_what_is_said_of_others_and_of_other_sites_stays(house: House) -> None:
    await written(house)
    elsewhere = subject_of([NAME], [NUMBER], [], ["S2"])
    assert await house.station.database.read(lambda c: list(traces.entries(c, elsewhere))) == []
    assert await house.station.database.read(lambda c: traces.elsewhere(c, elsewhere)) == []
    other = subject_of(["Nobody Knows"], [], [], ["S1"])
    assert await house.station.database.read(lambda c: list(traces.entries(c, other))) == []


async def test_C4_whoever_is_on_a_call_list_is_not_erased(house: House) -> None:
    [contact] = await house.station.database.read(
        lambda c: [tuple(row) for row in c.exec_driver_sql("SELECT name FROM person ORDER BY id LIMIT 1")]
    )
    subject = subject_of([contact[0]], [], [], ["S1"])
    request = EraseRequest(who="root", why="Request", words=list(subject.words), sites=["S1"], entries=[])
    with pytest.raises(Refused, match="still a contact of S1: take them off the call list first"):
        await house.station.scribe.act(act_of(request, house.station.secrets))


def test_a_number_is_looked_for_in_every_form() -> None:
    assert {"+32470123456", "+32 470 12 34 56", "0470 12 34 56"} <= set(subject_of([], [NUMBER], [], ["S1"]).words)


def test_a_name_is_looked_for_as_JSON_spells_it_too() -> None:
    spelled = Subject(('Zoë "Zo"',), ()).spellings()
    assert json.dumps('Zoë "Zo"')[1:-1] in spelled
    assert 'Zoë \\"Zo\\"' in spelled


async def test_without_yes_it_is_only_shown(
    house: House, place: Path | str, capsys: pytest.CaptureFixture[str]
) -> None:
    await written(house)
    count = len(await house.entries())
    status = await asyncio.to_thread(lambda: erase_person(place, whole(house), "Request", really=False))
    said = capsys.readouterr().out
    assert status == 0
    assert "Entries of the journal that name this person: 1" in said
    assert "Named in notes on alarms: 1." in said
    assert "Nothing was erased: --yes does it." in said
    assert len(await house.entries()) == count


def in_the_files(folder: Path) -> bool:
    """Whether the name stands in the database's file, in its log or beside them."""
    return any(NAME.encode() in path.read_bytes() for path in folder.glob("vigie.db*"))


async def test_I14_nothing_of_it_is_left_in_the_log_of_a_station_that_runs_or_has_stopped(
    small_house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    await written(small_house)
    assert in_the_files(folder)
    # A reader that is open, as every station has: one that closes last leaves the log as it is.
    await small_house.station.database.read(lambda c: list(traces.entries(c, whole(small_house))))
    done = await asyncio.to_thread(lambda: erase_person(folder, whole(small_house), "Request", really=True))
    assert done == 0, capsys.readouterr().err
    assert not in_the_files(folder)


async def test_I14_whoever_reads_what_was_there_before_is_told_of_and_nobody_waits_for_them(
    small_house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, place = small_house, tmp_path / "data"
    monkeypatch.setattr("console.station.erasing._AGAIN_S", 0.0)
    await written(house)
    reading, stop = threading.Event(), threading.Event()

    def stand_still(connection: Connection) -> None:
        connection.execute(text("SELECT seq FROM journal")).all()
        reading.set()
        stop.wait(60)

    standing = asyncio.create_task(house.station.database.read(stand_still))
    await asyncio.to_thread(reading.wait)
    try:
        done = await asyncio.to_thread(lambda: erase_person(place, whole(house), "Request", really=True))
        assert done == 1
        assert "Somebody reads what was there before" in capsys.readouterr().err
    finally:
        stop.set()
        await standing
    assert await house.station.database.leave_nothing()


async def test_I14_no_dead_row_is_left_on_postgresql(postgres_url: str, still: None) -> None:
    async with open_house(postgres_url) as house:
        await house.bring_in(SITE)
        await written(house)
        done = await asyncio.to_thread(lambda: erase_person(postgres_url, whole(house), "Request", really=True))
        assert done == 0

        def read(connection: Connection) -> bytes:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pageinspect"))
            pages = []
            for table in ("journal_payload", "note", "act"):
                blocks = connection.execute(text(f"SELECT pg_relation_size('{table}') / 8192")).scalar_one()
                for block in range(blocks):
                    items = text(f"SELECT t_data FROM heap_page_items(get_raw_page('{table}', {block}))")
                    pages += [row.t_data for row in connection.execute(items) if row.t_data is not None]
            return b"".join(pages)

        assert NAME.encode() not in await house.station.database.write(read)

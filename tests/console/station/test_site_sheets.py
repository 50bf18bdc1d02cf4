"""Whole site files out and in again: nothing changes, only what differs is written, everybody stays who they are."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from console.station import errand
from console.station.acts import extras
from console.station.acts.extras import Extra
from console.station.export_command import export_journal
from console.station.rules.brought import Brought
from console.station.sheets import books, cells, layout
from console.station.sheets.gather import gather
from console.station.sheets.layout import ExtraSheet
from console.station.site_export import export_sites
from console.station.site_import import import_sites
from console.station.store.export import Selection
from models.records import StaffRole
from tests.console.station.house import SITE, House, site
from tests.examples import examples
from tests.frames import ack, sia

KEY = "00112233445566778899AABBCCDDEEFF"
Sheets = dict[str, list[dict[str, str]]]


def made(target: Path, sheets: Sheets) -> Path:
    """A file of sheets, as somebody writes one."""
    heads = {name: list(dict.fromkeys(column for row in rows for column in row)) for name, rows in sheets.items()}
    with books.written(target, heads) as add:
        for name, rows in sheets.items():
            for row in rows:
                add(name, [row.get(column, "") for column in heads[name]])
    return target


def rows_of(target: Path, sheet: str) -> list[dict[str, str]]:
    [table] = [table for table in books.read(target) if table.name == sheet]
    filled = ([*row, *[""] * (len(table.columns) - len(row))] for _line, row in table.rows)
    return [dict(zip(table.columns, row, strict=True)) for row in filled]


async def bring(place: Path | str, file: Path, *, dry_run: bool = False, skip_bad: bool = False) -> int:
    """As the subcommand does it, in a process of its own: here in a thread."""
    return await asyncio.to_thread(import_sites, place, file, skip_bad=skip_bad, dry_run=dry_run)


async def out(place: Path | str, target: Path, *, with_secrets: bool = False) -> Path:
    assert await asyncio.to_thread(export_sites, place, target, with_secrets=with_secrets) == 0
    return target


async def settle(house: House) -> None:
    """On PostgreSQL the station hears of it by a notification: wait until its feed has the last entry."""
    last = (await house.entries())[-1]["seq"]
    async for page in house.station.feed.follow(last - 1, 5):
        if page:
            return


@pytest.mark.parametrize("kind", ["", ".zip", ".xlsx"])
async def test_what_is_handed_out_and_brought_in_again_changes_nothing_and_leaves_no_trace(
    house: House, place: Path | str, tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    file = await out(place, tmp_path / f"out{kind}")
    before = len(await house.entries())
    assert await bring(place, file, dry_run=True) == 0
    assert "S1: as it is" in capfd.readouterr().out
    assert await bring(place, file) == 0
    assert "1 sites are imported. 0 added, 0 changed, 1 as they were." in capfd.readouterr().out
    assert len(await house.entries()) == before


async def test_I9_no_key_and_no_word_is_handed_out_unless_it_is_asked_for_and_then_that_is_journaled(
    house: House, place: Path | str, tmp_path: Path
) -> None:
    await house.bring_in(site("S2", "2002", systems=(SITE.systems[0].__class__("2002", KEY, False),)))
    file = await out(place, tmp_path / "out")
    content = "".join(one.read_text(encoding="utf-8") for one in file.iterdir())
    for secret in ("tulp", "roos", "distel", KEY, "key_hex", "code_word"):
        assert secret not in content, secret
    assert "secrets-exported" not in {entry["kind"] for entry in await house.entries()}
    # What has no column stays: words and key are still there.
    assert await bring(place, file) == 0

    open_ = await out(place, tmp_path / "secret.xlsx", with_secrets=True)
    assert open_.stat().st_mode & 0o777 == 0o600
    assert [row["code_word"] for row in rows_of(open_, "contact")] == ["tulp", "distel"]
    assert [row["key_hex"] for row in rows_of(open_, "system")] == ["", KEY]
    [entry] = await house.entries("secrets-exported")
    assert entry["text"] == "Site files handed out with keys, code words and ID codes, to secret.xlsx"
    assert rows_of(open_, "about")[2]["value"].startswith("yes")
    journal = json.dumps(await house.entries())
    assert not any(secret in journal for secret in ("tulp", "roos", KEY))
    before = len(await house.entries())
    assert await bring(place, open_) == 0
    assert len(await house.entries()) == before


async def test_only_what_differs_is_written_and_journaled_with_before_and_after(
    house: House, place: Path | str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = made(
        tmp_path / "in.xlsx",
        {
            "site": [{"site": "S1", "name": "Bakkerij Peeters", "access": "Rear door"}, {"site": "S9", "name": "New"}],
            "contact": [
                {"site": "S1", "name": "Bert Maes", "role": "chef"},
                {"site": "S1", "name": "Tom Vos", "role": ""},
            ],
        },
    )
    before = len(await house.entries())
    assert await bring(place, file, dry_run=True) == 0
    said = capfd.readouterr().out
    assert "S1: changed: details, contact:S1-2, contact:Tom Vos, contact:S1-1, order" in said
    assert "S9: added" in said
    assert len(await house.entries()) == before
    assert await bring(place, file) == 0
    told = [(entry["kind"], entry["text"]) for entry in (await house.entries())[before:]]
    assert told == [
        ("site-imported", "Site New imported: 0 systems, 0 zones, 0 contacts"),
        ("site-changed", "Site file of Bakkerij Peeters changed: access"),
        ("contact-removed", "Contact An Peeters removed"),
        ("site-changed", "Contact Bert Maes changed: role"),
        ("contact-added", "Contact Tom Vos added"),
        ("sites-imported", "Import of in.xlsx: 1 sites added, 1 changed"),
    ]
    [change] = [e for e in await house.entries("site-changed") if e["text"].endswith("access")]
    data = json.loads(change["data"]) if isinstance(change["data"], str) else change["data"]
    assert data == {"part": "details", "before": {"access": ""}, "after": {"access": "Rear door"}}
    # The numbers have no sheet in this file, and the zones none: they stay.
    again = await out(place, tmp_path / "again")
    assert [row["number"] for row in rows_of(again, "number")] == ["+32 470 55 50 02"]
    assert len(rows_of(again, "zone")) == 3
    assert [row["contact"] for row in rows_of(again, "contact")] == ["S1-2", "S1-3"]
    count = len(await house.entries())
    assert await bring(place, file) == 0
    assert len(await house.entries()) == count


async def test_a_person_of_two_sites_stays_one_whichever_site_comes_again(
    house: House, place: Path | str, tmp_path: Path
) -> None:
    desk = await house.seat("sofie", StaffRole.SERVICE_DESK)
    await house.bring_in(site("S2", "2002"))
    added = await desk.client.post("/v1/sites/S2/contacts", json={"contact": {"name": "An Peeters", "person": "S1-1"}})
    assert added.status_code == 200, added.text
    await house.bring_in(SITE)
    file = await out(place, tmp_path / "out")
    assert [(row["site"], row["contact"], row["person"]) for row in rows_of(file, "contact")] == [
        ("S1", "S1-1", "S1-1"),
        ("S1", "S1-2", "S1-2"),
        ("S2", "S2-1", "S1-1"),
    ]
    # Only S1 is in the file: the person's new name is at both, and S2 is told.
    contacts = [row | {"name": row["name"].replace("An", "Anna")} for row in rows_of(file, "contact")[:2]]
    one = made(tmp_path / "one.zip", {"site": rows_of(file, "site")[:1], "contact": contacts})
    assert await bring(place, one) == 0
    names = [row["name"] for row in rows_of(await out(place, tmp_path / "two"), "contact")]
    assert names == ["Anna Peeters", "Bert Maes", "Anna Peeters"]
    told = [entry["text"] for entry in await house.entries("site-changed") if entry["site"] == "S2"]
    assert told[-1] == "Contact An Peeters changed at site S1: name"
    # Removed from S1, the person is still who they are at S2.
    gone = made(
        tmp_path / "gone.zip", {"site": rows_of(file, "site")[:1], "contact": [{"site": "S1", "name": "Bert Maes"}]}
    )
    assert await bring(place, gone) == 0
    assert [row["person"] for row in rows_of(await out(place, tmp_path / "three"), "contact")] == ["S1-2", "S1-1"]


async def test_a_new_site_with_somebody_who_is_known_says_how_they_are_everywhere(
    house: House, place: Path | str, tmp_path: Path
) -> None:
    contact = [{"site": "S9", "name": "Anna Peeters", "person": "S1-1"}]
    file = made(tmp_path / "in.zip", {"site": [{"site": "S9", "name": "New"}], "contact": contact})
    assert await bring(place, file) == 0
    rows = rows_of(await out(place, tmp_path / "out"), "contact")
    assert [(row["person"], row["name"]) for row in rows] == [
        ("S1-1", "Anna Peeters"),
        ("S1-2", "Bert Maes"),
        ("S1-1", "Anna Peeters"),
    ]
    assert [entry["site"] for entry in await house.entries("site-changed")] == ["S9", "S1"]


async def test_a_whole_station_moves_into_an_empty_one(house: House, place: Path | str, tmp_path: Path) -> None:
    await house.bring_in(site("S2", "2002"))
    desk = await house.seat("sofie", StaffRole.SERVICE_DESK)
    contact = {"name": "An Peeters", "person": "S1-1", "rights": ["cancel"], "substitute": ""}
    assert (await desk.client.post("/v1/sites/S2/contacts", json={"contact": contact})).is_success
    mechanic = {"contact": {"name": "Ivo Technicus", "installer": True}}
    assert (await desk.client.post("/v1/sites/S2/contacts", json=mechanic)).is_success
    file = await out(place, tmp_path / "out", with_secrets=True)
    assert [row["installer"] for row in rows_of(file, "contact")] == ["no", "no", "no", "yes"], "A9: installers stay so"
    other = tmp_path / "other"
    assert await bring(other, file) == 0
    again = await out(other, tmp_path / "again", with_secrets=True)
    for sheet in layout.sheets():
        assert rows_of(again, sheet.name) == rows_of(file, sheet.name), sheet.name


BAD: list[tuple[Sheets, str]] = [
    ({"site": [{"site": "S1", "name": ""}]}, "site, line 2, name: is empty"),
    ({"site": [{"site": "S 1", "name": "x"}]}, "site, line 2, site: a site number has"),
    ({"site": [{"site": "S1", "name": "x"}, {"site": "S1", "name": "y"}]}, "site, line 3, site: is on line 2 already"),
    ({"site": [{"site": "S1", "name": "x", "colour": "red"}]}, "site, line 1, colour: this column is not known"),
    ({"site": [{"site": "S1", "name": "x"}], "door": [{"site": "S1"}]}, "door, line 1, (sheet): no such sheet"),
    ({"zone": [{"site": "S1", "zone": "1"}]}, "site, line 1, (sheet): this sheet is missing"),
    ({"site": [{"site": "S1", "name": "x", "note_until": "soon"}]}, "site, line 2, note_until: an ISO time"),
    ({"site": [{"site": "S1", "name": "x", "timezone": "Moon"}]}, "site, line 2, timezone: this is not a time zone"),
    ({"site": [{"site": "S1", "name": "x" * 201}]}, "site, line 2, name: 200 characters at most"),
]  # fmt: skip
ONE = {"site": [{"site": "S1", "name": "x"}]}
BAD += [
    (ONE | {"system": [{"site": "S2", "account": "1001"}]}, "system, line 2, site: the sheet of sites has no such"),
    (ONE | {"system": [{"site": "S1", "account": "1"}]}, "system, line 2, account: an account has 3 to 16"),
    (ONE | {"system": [{"site": "S1", "account": "1001", "key_hex": "5ECRE7"}]}, "system, line 2, key_hex: an AES key"),
    (ONE | {"system": [{"site": "S1", "account": "1001", "interval_s": "5"}]}, "system, line 2, interval_s: A superv"),
    (ONE | {"area": [{"site": "S1", "area": "1"}], "zone": [{"site": "S1", "area": "2", "zone": "1"}]},
     "site, line 2, zone: site S1: zone 1 is in area 2"),
    (ONE | {"contact": [{"site": "S1", "name": "An", "rights": "all"}]}, "contact, line 2, rights: one or more of"),
    (ONE | {"contact": [{"site": "S1", "name": "An", "code_word": "5ECRE7" * 20}]},
     "contact, line 2, code_word: a word"),
    (ONE | {"contact": [{"site": "S1", "name": "An"}], "number": [{"site": "S1", "contact": "An", "number": "12x"}]},
     "number, line 2, number: this is not a telephone number"),
    (ONE | {"contact": [{"site": "S1", "name": "An"}], "number": [{"site": "S1", "contact": "Bo", "number": "112"}]},
     "number, line 2, contact: the sheet of contacts has neither"),
    ({"site": [{"site": "S1", "name": "x"}, {"site": "S2", "name": "y"}],
      "contact": [{"site": "S1", "name": "An", "person": "P1"}, {"site": "S2", "name": "Bo", "person": "P1"}]},
     "contact, line 3, person: has other names on line 2"),
    ({"site": [{"site": "S9", "name": "x"}], "system": [{"site": "S9", "account": "1001"}]},
     "site, line 2, account: site S9: Account 1001 belongs to site S1 already."),
]  # fmt: skip


@pytest.mark.parametrize(("sheets", "problem"), BAD, ids=[problem[:40] for _sheets, problem in BAD])
async def test_I12_what_is_wrong_is_told_by_sheet_line_and_field_and_nothing_is_imported(
    small_house: House, tmp_path: Path, capfd: pytest.CaptureFixture[str], sheets: Sheets, problem: str
) -> None:
    before = len(await small_house.entries())
    good = {"site": [*sheets["site"], {"site": "S77", "name": "Good"}]} if "site" in sheets else {}
    file = made(tmp_path / "in.zip", {**sheets, **good})
    assert await bring(tmp_path / "data", file) == 1
    said = capfd.readouterr().err
    assert problem in said
    assert "in.zip: " in said
    assert "Nothing was imported" in said
    assert "5ECRE7" not in said
    assert len(await small_house.entries()) == before


LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60) | st.sampled_from(
    ["=1+1", "+32 470", "-5", "@x", "'=x", "''", '"', "a,b;c", "_x000D_", "é̂ß", "x" * 200]
)
TEXT = LINE | st.sampled_from(["two\nlines", "a\r\nb", '=cmd|"/c calc"!A1', "x" * 4000, "tab\there", "\x1f odd \x7f"])
FILE = st.fixed_dictionaries(
    {"name": LINE.filter(str.strip), "access": TEXT, "note": TEXT, "group": LINE.map(lambda t: t[:100])}
)


@examples(60, HealthCheck.function_scoped_fixture)
@given(details=st.lists(FILE, min_size=1, max_size=4), kind=st.sampled_from(["", ".zip", ".xlsx"]))
async def test_whatever_the_texts_are_they_come_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, details: list[dict[str, str]], kind: str
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    sites = [Brought(site=f"S{nth}", details=one) for nth, one in enumerate(details)]
    for one in sites:
        one.contacts = [{"name": one.details["name"], "role": one.details["group"][:100], "numbers": []}]
    async with errand.hands(folder / "data") as ask:
        from console.station.bringer import BringRequest

        await ask("/bring/write", BringRequest(who="me", source="test", sites=sites))
        [*_verdicts] = await ask("/bring/compare", BringRequest(who="me", source="test", sites=sites))
    file = await out(folder / "data", folder / f"out{kind}")
    gathered = gather(books.read(file))
    assert gathered.problems == []
    async with errand.hands(folder / "data") as ask:
        verdicts = await ask("/bring/compare", BringRequest(who="me", source="test", sites=gathered.sites))
    assert {verdict["what"] for verdict in verdicts} == {"as it is"}


async def test_I1_an_alarm_is_acknowledged_and_presented_while_many_sites_come_in(
    house: House, place: Path | str, tmp_path: Path
) -> None:
    sites = [{"site": f"N{nth:04d}", "name": f"New {nth}"} for nth in range(600)]
    systems = [{"site": one["site"], "account": f"7{nth:04d}"} for nth, one in enumerate(sites)]
    file = made(tmp_path / "in.zip", {"site": sites, "system": systems})
    line = await house.line()
    coming = asyncio.ensure_future(bring(place, file))
    async with asyncio.timeout(60):
        while not await house.entries("site-imported") or len(await house.entries("site-imported")) < 3:
            assert not coming.done()
            await asyncio.sleep(0)
        assert await line.say(sia("1001", 1, "Nri1/BA07")) == ack("1001", 1)
        # Presented before the import is over: the journal has sites after it.
        [alarm] = await house.alarms()
        assert alarm.words
        assert await coming == 0
    kinds = [entry["kind"] for entry in await house.entries()]
    heard = kinds.index("signal")
    assert "site-imported" in kinds[heard:]
    await settle(house)
    assert await line.say(sia("70599", 1, "NRP")) == ack("70599", 1)
    assert (await house.entries("signal"))[-1]["site"] == "N0599"


@pytest.mark.parametrize(
    ("contacts", "brought"),
    [
        ([{"site": "S1", "name": "Tom Vos"}, {"site": "S2", "name": ""}], ["S1"]),
        # Whose contact it is cannot be said: a list that lacks one would remove who is there.
        ([{"site": "S1", "name": "Tom Vos"}, {"site": "S 1", "name": "Bert Maes"}], []),
        ([{"site": "S1", "name": "Tom Vos"}, {"site": "S3", "name": "Bert Maes"}], []),
        ([{"site": "S1", "name": "Tom Vos", "colour": "red"}], []),
    ],
)
def test_skip_bad_leaves_out_a_whole_site_or_all(
    tmp_path: Path, contacts: list[dict[str, str]], brought: list[str]
) -> None:
    sheets = {"site": [{"site": "S1", "name": "x"}, {"site": "S2", "name": "y"}], "contact": contacts}
    assert [one.site for one in gather(books.read(made(tmp_path / "in.zip", sheets))).sites] == brought


def test_skip_bad_takes_nothing_of_a_sheet_that_breaks_off(tmp_path: Path) -> None:
    (tmp_path / "site.csv").write_text("site,name\nS1,x\n")
    (tmp_path / "contact.csv").write_text('site,name\nS1,An\nS1,"Bert\n')
    found = gather(books.read(tmp_path))
    assert found.sites == []
    assert str(found.problems[0]).startswith("contact, line 3, (row): this row and what follows cannot be read")


async def test_a_dry_run_on_no_station_makes_none(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = made(tmp_path / "in.zip", ONE)
    assert await bring(tmp_path / "data", file, dry_run=True) == 0
    assert "S1: added" in capfd.readouterr().out
    assert not (tmp_path / "data").exists()


async def test_a_part_of_its_own_module_has_its_place(
    small_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the hours and the procedures will do."""
    kept: dict[str, Any] = {"S1": ["mon"]}
    part = Extra(
        "days",
        lambda _connection, sites: {one: kept[one] for one in sites if one in kept},
        lambda edit, value: kept.__setitem__(edit.site, value),
    )
    sheet = ExtraSheet(
        "day",
        {"day": cells.words},
        ("day",),
        lambda file: ({"day": day} for day in file.extras.get("days", ())),
        part="days",
        gather=lambda rows: [row["day"] for row in rows],
    )
    monkeypatch.setattr(extras, "EXTRAS", [*extras.EXTRAS, part])
    monkeypatch.setattr(layout, "EXTRA_SHEETS", [sheet])
    file = await out(tmp_path / "data", tmp_path / "out")
    assert rows_of(file, "day") == [{"site": "S1", "day": "mon"}]
    rows = [{"site": "S1", "day": "tue"}, {"site": "S9", "day": "wed"}]
    new = made(tmp_path / "in.xlsx", {"site": [*rows_of(file, "site"), {"site": "S9", "name": "New"}], "day": rows})
    assert await bring(tmp_path / "data", new) == 0
    assert kept == {"S1": ["tue"], "S9": ["wed"]}


def test_the_journal_of_an_import_can_be_handed_out(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert import_sites(tmp_path / "data", made(tmp_path / "in.xlsx", ONE), skip_bad=False, dry_run=False) == 0
    assert openpyxl.load_workbook(tmp_path / "in.xlsx").sheetnames == ["site"]
    capfd.readouterr()
    assert export_journal(tmp_path / "data", "jsonl", Selection("S1")) == 0
    assert "Site x imported" in capfd.readouterr().out


async def test_D1_standing_hours_go_out_and_come_in(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from models.records import AreaHours, read_hours

    day = read_hours("09:00–18:00")
    hours = AreaHours(weekly=(day,) * 7).standing()
    site = {"site": "S1", "name": "Bakkerij"}
    text = json.dumps(hours, sort_keys=True)
    first = made(
        tmp_path / "a.xlsx",
        {"site": [site], "area": [{"site": "S1", "area": "1"}], "hours": [{"site": "S1", "area": "1", "hours": text}]},
    )
    assert await bring(tmp_path / "data", first) == 0
    file = await out(tmp_path / "data", tmp_path / "out")
    assert rows_of(file, "hours") == [{"site": "S1", "area": "1", "hours": text}]
    capfd.readouterr()
    assert await bring(tmp_path / "data", file) == 0
    assert "0 changed" in (said := "".join(capfd.readouterr())), said
    bad = made(tmp_path / "b.xlsx", {"site": [site], "hours": [{"site": "S1", "area": "1", "hours": "at night"}]})
    assert await bring(tmp_path / "data", bad) == 1

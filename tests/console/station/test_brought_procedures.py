"""Procedures, emergency numbers and ID codes in whole site files, out and in again (C3, A4, A6)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.records import StaffRole
from models.tables import PersonRow
from tests.console.station.acts.test_procedures import procedure, write
from tests.console.station.house import House, Seat, site
from tests.console.station.test_site_sheets import ONE, Sheets, bring, made, out, rows_of

DESK = StaffRole.SERVICE_DESK
CALL = [{"id": "s1", "kind": "contact group"}]
MANY: list[dict[str, Any]] = [
    {"id": "s3", "kind": "instruction", "text": "=Mind the dog\nand the cat", "required": True},
    {"id": "s1", "kind": "contact", "contact": "S1-1"},
    {"id": "s2", "kind": "contact group", "role": "keyholder", "when": "outcome", "outcomes": ["no-answer", "busy"],
     "after": "s1"},
    {"id": "s4", "kind": "patrol", "name": "Team Centre", "number": "02 555 01 90", "when": "nobody"},
    {"id": "s5", "kind": "wait", "seconds": 300},
    {"id": "s6", "kind": "again", "seconds": 120, "rounds": 2, "back_to": "s1"},
    {"id": "s7", "kind": "authority", "service": "police", "name": "+Police, north", "when": "confirmed"},
]  # fmt: skip
KEPT: list[dict[str, Any]] = [
    {"steps": MANY, "after_s": 30, "otherwise": "-Send the patrol"},
    {"level": "area", "target": "1", "applies_to": "class:life safety", "name": "Fire", "steps": CALL},
    {"level": "zone", "target": "1 7", "applies_to": "all", "name": "PIR", "steps": CALL},
    {"level": "group", "site": "", "target": "Bakers", "applies_to": "all", "name": "Bakers", "steps": CALL},
    {"level": "station", "site": "", "applies_to": "kind:fire", "name": "@Fire", "steps": CALL},
]
NUMBERS = [{"service": "police", "name": "Police, zone centre", "number": "02 555 01 01"}]


async def written(house: House) -> Seat:
    desk = await house.seat("sofie", DESK)
    for one in KEPT:
        answer = await write(desk, procedure(**one))
        assert answer.status_code == 200, answer.text
    answer = await desk.client.post("/v1/sites/S1/emergency", json={"numbers": NUMBERS, "version": 0})
    assert answer.status_code == 200, answer.text
    return desk


@pytest.mark.parametrize("kind", ["", ".zip", ".xlsx"])
async def test_C3_procedures_go_out_and_come_in_again_and_change_nothing(
    house: House, place: Path | str, tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    await written(house)
    file = await out(place, tmp_path / f"out{kind}")
    before = len(await house.entries())
    assert await bring(place, file, dry_run=True) == 0
    said = capfd.readouterr().out
    assert "S1: as it is" in said
    assert "Procedures of the station and of customer groups: 0 added, 0 changed, 2 as they are." in said
    assert await bring(place, file) == 0
    assert "1 sites are imported. 0 added, 0 changed, 1 as they were." in capfd.readouterr().out
    assert len(await house.entries()) == before


async def test_C3_a_desk_can_read_the_sheets_and_no_spreadsheet_runs_them(
    house: House, place: Path | str, tmp_path: Path
) -> None:
    await written(house)
    file = await out(place, tmp_path / "out")
    heads = [(row["site"], row["group"], row["area"], row["zone"], row["applies_to"], row["name"])
             for row in rows_of(file, "procedure")]  # fmt: skip
    assert heads == [
        ("*", "", "", "", "kind:fire", "@Fire"),
        ("*", "Bakers", "", "", "all", "Bakers"),
        ("S1", "", "", "", "kind:intrusion", "Intrusion, one zone"),
        ("S1", "", "1", "", "class:life safety", "Fire"),
        ("S1", "", "1", "7", "all", "PIR"),
    ]
    steps = [row for row in rows_of(file, "step") if row["site"] == "S1" and not row["area"]]
    assert [(row["order"], row["step"], row["kind"]) for row in steps][:3] == [
        ("1", "3", "instruction"),
        ("2", "1", "contact"),
        ("3", "2", "contact group"),
    ]
    assert (steps[2]["when"], steps[2]["outcomes"], steps[2]["after"]) == ("outcome", "no-answer, busy", "1")
    assert (steps[3]["number"], steps[5]["back_to"], steps[0]["required"]) == ("+32 2 555 01 90", "1", "yes")
    assert rows_of(file, "emergency") == [
        {"site": "S1", "service": "police", "name": "Police, zone centre", "number": "+32 2 555 01 01"}
    ]
    raw = "".join((file / f"{name}.csv").read_text(encoding="utf-8-sig") for name in ("procedure", "step"))
    for formula in ("'=Mind", "'+Police", "'-Send", "'@Fire", "'+32 2"):
        assert formula in raw


async def test_C3_procedures_move_with_their_sites_into_an_empty_station(
    house: House, place: Path | str, tmp_path: Path
) -> None:
    await written(house)
    file = await out(place, tmp_path / "out")
    other = tmp_path / "other"
    assert await bring(other, file) == 0
    again = await out(other, tmp_path / "again")
    for sheet in ("procedure", "step", "emergency"):
        assert rows_of(again, sheet) == rows_of(file, sheet), sheet


async def test_C4_I9_only_what_differs_is_a_new_version_and_what_is_gone_is_removed(
    house: House, place: Path | str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    desk = await written(house)
    file = await out(place, tmp_path / "out")
    sheets: Sheets = {name: rows_of(file, name) for name in ("site", "procedure", "step", "emergency")}
    sheets["procedure"] = [row for row in sheets["procedure"] if row["name"] != "PIR"]
    sheets["step"] = [row for row in sheets["step"] if not row["zone"]]
    for row in sheets["step"]:
        if row["kind"] == "wait":
            row["seconds"] = "600"
        if row["site"] == "*" and not row["group"]:
            row["role"] = "fire warden"
    sheets["emergency"] = []
    changed = made(
        tmp_path / "in.xlsx", sheets | {"emergency": [{"site": "", "service": "", "name": "", "number": ""}]}
    )
    before = len(await house.entries())
    assert await bring(place, changed, dry_run=True) == 0
    said = capfd.readouterr().out
    assert "S1: changed: procedures, emergency" in said
    assert "customer groups: 0 added, 1 changed, 1 as they are." in said
    assert len(await house.entries()) == before
    assert await bring(place, changed) == 0
    told = [entry["text"] for entry in (await house.entries())[before:]]
    assert told == [
        "Procedure “@Fire” changed, version 2 (station)",
        "Procedure “PIR” removed (zone of 1 7)",
        "Procedure “Intrusion, one zone” changed, version 2 (site)",
        "Emergency numbers changed",
        "Import of in.xlsx: 0 sites added, 1 changed",
    ]
    [entry] = [one for one in await house.entries("procedure") if one["text"] == told[2]]
    data = json.loads(entry["data"]) if isinstance(entry["data"], str) else entry["data"]
    assert (data["before"]["steps"][4]["seconds"], data["after"]["steps"][4]["seconds"]) == (300, 600)
    versions = {}
    for level in ("station", "site", "area", "zone"):
        kept = (await desk.client.get("/v1/procedures", params={"level": level})).json()
        versions |= {one["name"]: one["version"] for one in kept}
    assert versions == {"@Fire": 2, "Intrusion, one zone": 2, "Fire": 1}
    count = len(await house.entries())
    assert await bring(place, changed) == 0
    assert len(await house.entries()) == count


async def test_a_file_takes_no_procedure_of_the_station_or_a_group_away(
    house: House, place: Path | str, tmp_path: Path
) -> None:
    await written(house)
    file = await out(place, tmp_path / "out")
    sheets = {name: [row for row in rows_of(file, name) if row.get("group") in (None, "")]
              for name in ("site", "procedure", "step")}  # fmt: skip
    assert [row["name"] for row in sheets["procedure"]] == ["@Fire", "Intrusion, one zone", "Fire", "PIR"]
    before = len(await house.entries())
    assert await bring(place, made(tmp_path / "in.zip", {**sheets, "site": rows_of(file, "site")})) == 0
    assert len(await house.entries()) == before


async def test_a_step_may_name_its_contact_as_people_do(house: House, place: Path | str, tmp_path: Path) -> None:
    sheets: Sheets = {
        "site": [{"site": "S1", "name": "Bakkerij Peeters"}, {"site": "S9", "name": "New"}],
        "contact": [{"site": one, "name": name} for one in ("S1", "S9") for name in ("An Peeters", "Bert Maes")],
        "procedure": [{"site": one, "name": "By name"} for one in ("S1", "S9")],
        "step": [{"site": one, "kind": "contact", "contact": "Bert Maes"} for one in ("S1", "S9")],
    }
    file = made(tmp_path / "in.xlsx", sheets)
    assert await bring(place, file) == 0
    steps = rows_of(await out(place, tmp_path / "out"), "step")
    assert [(row["site"], row["contact"], row["applies_to"]) for row in steps] == [
        ("S1", "S1-2", "all"),
        ("S9", "S9-2", "all"),
    ]
    count = len(await house.entries())
    assert await bring(place, file) == 0
    assert len(await house.entries()) == count


async def test_who_left_the_call_list_keeps_no_file_from_coming_in_again(
    house: House, place: Path | str, tmp_path: Path
) -> None:
    desk = await written(house)
    gone = await desk.client.post("/v1/sites/S1/contacts/S1-1/remove", json={"version": 1})
    assert gone.status_code == 200, gone.text
    file = await out(place, tmp_path / "out")
    before = len(await house.entries())
    assert await bring(place, file) == 0
    assert len(await house.entries()) == before


P = {"site": "S1", "name": "One"}
S = {"site": "S1", "kind": "contact group"}


def sheets(head: dict[str, str] | None = None, step: dict[str, str] | None = None) -> Sheets:
    return ONE | {"procedure": [{**P, **(head or {})}], "step": [{**S, **(step or {})}]}


PATROL = {"site": "S1", "kind": "patrol", "order": "2", "name": "Team", "number": "12x"}
BAD: list[tuple[Sheets, str]] = [
    (sheets({"applies_to": "kind:flood-of-frogs"}, {"applies_to": "kind:flood-of-frogs"}),
     "procedure, line 2, applies_to: no such type"),
    (sheets({"name": ""}), "procedure, line 2, name: is empty"),
    (sheets({"group": "Bakers"}, {"group": "Bakers"}), "procedure, line 2, group: a group's procedure is of no site"),
    (sheets({"zone": "7"}, {"zone": "7"}), "procedure, line 2, area: a zone is named with its area"),
    (sheets({"site": "*", "area": "1"}, {"site": "*", "area": "1"}), "procedure, line 2, site: an area or zone is one"),
    (sheets({"site": ""}), "procedure, line 2, site: a site number has letters"),
    (sheets({}, {"area": "1"}), "step, line 2, applies_to: the sheet of procedures has none for this"),
    (sheets({}, {"area": "1"}), "procedure, line 2, name: the sheet of steps has none for it"),
    (sheets({}, {"kind": "dance"}), "step, line 2, kind: one of: premises, contact"),
    (sheets({}, {"kind": ""}), "step, line 2, kind: is empty"),
    (sheets({}, {"when": "outcome"}), "step, line 2, outcomes: say after which outcomes"),
    (sheets({}, {"outcomes": "maybe"}), "step, line 2, outcomes: one or more of: verified"),
    (sheets({}, {"kind": "contact", "contact": "Nobody"}), "step, line 2, contact: site S1: the site has neither"),
    (sheets({"site": "*"}, {"site": "*", "kind": "contact", "contact": "An"}),
     "step, line 2, contact: name a contact of the site"),
    (sheets({}, {"kind": "push"}), "procedure, line 2, name: Nobody is called: a push replaces no call (E3, E4)."),
    (ONE | {"procedure": [P], "step": [S, PATROL]}, "step, line 3, number: this is not a telephone number"),
    (ONE | {"procedure": [P, P], "step": [S]}, "procedure, line 3, applies_to: there is a procedure for the same"),
    (ONE | {"procedure": [P], "step": [S, {**S, "back_to": "7"}]}, "step, line 3, back_to: it refers to a step"),
    (ONE | {"step": [S]}, "step, line 2, applies_to: the sheet of procedures has none for this"),
    (ONE | {"emergency": [{"site": "S1", "service": "vet", "name": "Vet", "number": "112"}]},
     "emergency, line 2, service: there is a character or form"),
    (ONE | {"emergency": [{"site": "S1", "service": "police", "name": "P", "number": "x"}]},
     "emergency, line 2, number: this is not a telephone number"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "problem"), BAD, ids=[problem[:60] for _given, problem in BAD])
async def test_I12_what_is_wrong_of_a_procedure_is_told_by_its_own_line(
    small_house: House, tmp_path: Path, capfd: pytest.CaptureFixture[str], given: Sheets, problem: str
) -> None:
    before = len(await small_house.entries())
    assert await bring(tmp_path / "data", made(tmp_path / "in.zip", given)) == 1
    said = capfd.readouterr().err
    assert problem in said
    assert len(await small_house.entries()) == before


# -- ID codes -------------------------------------------------------------------------------------


async def coded(house: House) -> str:
    desk = await house.seat("sofie", DESK)
    answer = await desk.client.post("/v1/sites/S1/contacts/S1-1/issue", json={"identified": "in person"})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id_code"])


async def codes(house: House) -> list[tuple[str, str | None, bool]]:
    query = select(PersonRow.id, PersonRow.id_code, PersonRow.pin_hash).order_by(PersonRow.id)
    rows = await house.station.database.read(lambda connection: connection.execute(query).all())
    return [(row.id, row.id_code, row.pin_hash is not None) for row in rows]


async def test_A4_an_id_code_survives_a_round_trip_and_is_handed_out_only_where_secrets_are(
    house: House, place: Path | str, tmp_path: Path
) -> None:
    code = await coded(house)
    stood = await codes(house)
    assert stood == [("S1-1", code, True), ("S1-2", None, False)]
    bare = await out(place, tmp_path / "bare")
    assert code not in "".join(one.read_text(encoding="utf-8") for one in bare.iterdir())
    open_ = await out(place, tmp_path / "open.xlsx", with_secrets=True)
    assert [row["id_code"] for row in rows_of(open_, "contact")] == [code, ""]
    before = len(await house.entries())
    for file in (bare, open_):
        assert await bring(place, file) == 0
    assert await codes(house) == stood
    assert len(await house.entries()) == before
    # Into an empty station the code comes, the PIN never: the control room issues one (A4).
    other = tmp_path / "other"
    assert await bring(other, open_) == 0
    again = await out(other, tmp_path / "again", with_secrets=True)
    assert [row["id_code"] for row in rows_of(again, "contact")] == [code, ""]


async def test_A4_a_brought_id_code_alone_identifies_nobody_and_is_journaled(
    house: House, place: Path | str, tmp_path: Path
) -> None:
    contact = [
        {"site": "S1", "contact": "S1-1", "name": "An Peeters", "id_code": ""},
        {"site": "S1", "contact": "S1-2", "name": "Bert Maes", "id_code": "44556677"},
    ]
    file = made(tmp_path / "in.xlsx", {"site": [{"site": "S1", "name": "Bakkerij Peeters"}], "contact": contact})
    assert await bring(place, file) == 0
    assert await codes(house) == [("S1-1", None, False), ("S1-2", "44556677", False)]
    told = [entry["text"] for entry in await house.entries("id-code-brought")]
    assert told == ["ID code of Bert Maes brought in; the control room issues a PIN"]
    assert "44556677" not in json.dumps(await house.entries())
    before = len(await house.entries())
    assert await bring(place, file) == 0
    assert len(await house.entries()) == before


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([("S1", "S1-1", "An Peeters", "11112222"), ("S1", "S1-2", "Bert Maes", "")],
         "An Peeters has another ID code: the control room issues it anew (A4)"),
        ([("S1", "S1-1", "An Peeters", ""), ("S1", "S1-2", "Bert Maes", "{code}")],
         "the ID code of Bert Maes is somebody else's already (A6)"),
        ([("S9", "", "Tom Vos", "{code}")], "the ID code of Tom Vos is somebody else's already (A6)"),
        ([("S9", "", "Tom Vos", "77778888"), ("S9", "", "Eva Vos", "77778888")],
         "contact, line 3, id_code: is somebody else's on line 2 (A6)"),
        ([("S9", "", "Tom Vos", "7 8")], "contact, line 2, id_code: an ID code has"),
    ],
)  # fmt: skip
async def test_A6_a_file_never_moves_or_replaces_an_id_code(
    house: House, place: Path | str, tmp_path: Path, capfd: pytest.CaptureFixture[str],
    rows: list[tuple[str, str, str, str]], problem: str,
) -> None:  # fmt: skip
    code = await coded(house)
    stood = await codes(house)
    contact = [
        {"site": number, "contact": identifier, "name": name, "id_code": given.format(code=code)}
        for number, identifier, name, given in rows
    ]
    file = made(
        tmp_path / "in.xlsx", {"site": [{"site": number, "name": "x"} for number in {row[0] for row in rows}],
                               "contact": contact}
    )  # fmt: skip
    assert await bring(place, file) == 1
    said = capfd.readouterr().err
    assert problem in said
    assert code not in said
    assert await codes(house) == stood


async def test_A6_one_person_of_two_sites_has_one_id_code(house: House, place: Path | str, tmp_path: Path) -> None:
    await house.bring_in(site("S2", "2002"))
    contact = [{"site": number, "name": "Tom Vos", "person": "P-1", "id_code": "77778888"} for number in ("S2", "S9")]
    known = [{"site": "S9", "name": "Bert Maes", "person": "S1-2", "id_code": "99990000"}]
    file = made(
        tmp_path / "in.zip",
        {"site": [{"site": "S2", "name": "Site S2"}, {"site": "S9", "name": "x"}], "contact": [*contact, *known]},
    )
    assert await bring(place, file) == 0
    assert await codes(house) == [("P-1", "77778888", False), ("S1-1", None, False), ("S1-2", "99990000", False)]

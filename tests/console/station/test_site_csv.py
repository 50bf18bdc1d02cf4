"""``vigie site import``: every problem with its line and field, and all or nothing (I12)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from console.station import site_csv, site_import
from console.station.acts.registry import NewSystem
from console.station.export_command import export_journal
from console.station.store.export import Selection
from models.records import ContactRight

HEAD = (
    "site,name,street,postcode,town,account,key_hex,clear_allowed,area,zone,zone_kind,"
    "contact,phone,order,code_word,rights"
)
KEY = "00112233445566778899AABBCCDDEEFF"


def row(**values: str) -> str:
    given = {"site": "S1", "name": "Bakkerij", **values}
    return ",".join(given.get(name, "") for name in HEAD.split(","))


def file(*rows: str) -> str:
    return "\n".join([HEAD, *rows]) + "\n"


def test_the_rows_of_one_site_make_one_site() -> None:
    text = file(
        row(street="Kerkstraat 1", postcode="9000", town="Gent", account="1001", area="1 Winkel", zone="7 PIR"),
        row(account="1002", key_hex=KEY, area="2", zone="9 Deur", zone_kind="door"),
        row(contact="Bert", phone="0471 55 50 02", order="2"),
        row(contact="An", phone="0470 55 50 01", order="1", code_word="tulp", rights='"Cancel, whole-site test"'),
        row(contact="An", phone="+32 9 555 01 01"),
        row(site="S2", name="Kapper"),
    )
    sites, problems = site_csv.parse(text)
    assert problems == []
    one = sites[0]
    assert [site.id for site in sites] == ["S1", "S2"]
    assert one.systems == (NewSystem("1001", None, True), NewSystem("1002", KEY, False))
    assert one.areas == (("1", "Winkel"), ("2", ""))
    assert one.zones == (("1", "7", "PIR", ""), ("2", "9", "Deur", "door"))
    assert [(contact.name, contact.code_word, contact.rights) for contact in one.contacts] == [
        ("An", "tulp", (ContactRight.CANCEL, ContactRight.TEST)),
        ("Bert", None, ()),
    ]
    assert one.contacts[0].numbers == (("mobile", "+32 470 55 50 01"), ("phone", "+32 9 555 01 01"))


BAD = [
    (row(name=""), "name"),
    (row(site="S 1"), "site"),
    (row(site=""), "site"),
    (row(site="x" * 41), "site"),
    (row(account="12"), "account"),
    (row(account="10-01"), "account"),
    (row(key_hex=KEY), "account"),
    (row(account="1001", key_hex="0011"), "key_hex"),
    (row(account="1001", key_hex="Z" * 32), "key_hex"),
    (row(account="1001", clear_allowed="maybe"), "clear_allowed"),
    (row(zone_kind="door"), "zone"),
    (row(phone="0470555001"), "contact"),
    (row(code_word="tulp"), "contact"),
    (row(rights="cancel"), "contact"),
    (row(contact="An", rights="everything"), "rights"),
    (row(contact="An", phone="12"), "phone"),
    (row(contact="An", order="first"), "order"),
    (row(contact="An", order="0"), "order"),
    (row() + ",one more", "(end)"),
    (row(name="x" * 201), "name"),
    (row(street="x" * 201), "street"),
    (row(postcode="x" * 21), "postcode"),
    (row(town="x" * 101), "town"),
    (row(area="1 " + "x" * 101), "area"),
    (row(area="1", zone="1 " + "x" * 101), "zone"),
    (row(zone="1", zone_kind="x" * 41), "zone_kind"),
    (row(contact="x" * 201), "contact"),
    (row(contact="An", code_word="x" * 101), "code_word"),
    (row(name="a\x00b"), "name"),
]


@pytest.mark.parametrize(("bad", "field"), BAD, ids=[f"{n}-{field}" for n, (_row, field) in enumerate(BAD)])
def test_I12_each_problem_is_told_with_its_line_and_field(bad: str, field: str) -> None:
    sites, problems = site_csv.parse(file(row(site="S0", name="Good"), bad))
    assert [(problem.line, problem.field) for problem in problems] == [(3, field)]
    assert "S0" in [site.id for site in sites]
    if field != "(end)":
        assert [site.id for site in sites] == ["S0"]


def test_I12_what_two_rows_contradict_is_told() -> None:
    text = file(row(account="1001"), row(name="Slager"), row(site="S2", name="Kapper", account="1001"))
    _sites, problems = site_csv.parse(text)
    assert [str(problem) for problem in problems] == [
        "line 3, name: another name than on line 2",
        "line 4, account: belongs to site S1 already",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1, site: this column is missing"),
        ('"site,name\nS1,Bakkerij\n', "line 1, (row): this row and what follows cannot be read"),
        ("site;name\nS1;Bakkerij\n", "line 1, site: this column is missing"),
        ("site,name,colour\nS1,Bakkerij,red\n", "line 1, colour: this column is not known"),
        ('site,name\nS1,"Bakkerij\n' + "x\n" * 10, "line 2, (row): this row and what follows cannot be read"),
        ('site,name\nS1,"Bakkerij\n' + "x\n" * 100_000, "line 2, (row): this row and what follows cannot be read"),
    ],
    ids=[
        "empty",
        "quote not closed in the head",
        "semicolons",
        "unknown column",
        "quote not closed",
        "quote not closed in a large file",
    ],
)
def test_I12_a_file_of_another_shape_is_told(text: str, problem: str) -> None:
    _sites, problems = site_csv.parse(text)
    assert problem in [str(one)[: len(problem)] for one in problems]


def test_a_quoted_value_may_hold_commas_and_new_lines() -> None:
    sites, problems = site_csv.parse('site,name,street\nS1,"Peeters, An","Kerkstraat 1\nbus 2"\nS2,B,C\n')
    assert problems == []
    assert [(site.name, site.street) for site in sites] == [("Peeters, An", "Kerkstraat 1\nbus 2"), ("B", "C")]


def test_I9_a_problem_never_repeats_a_secret() -> None:
    secret = "5ECRE7" * 6
    _sites, problems = site_csv.parse(file(row(account="1001", key_hex=secret), row(code_word=secret)))
    assert len(problems) == 2
    assert "5ECRE7" not in str(problems)


def imported(place: Path | str, tmp_path: Path, *rows: str, skip_bad: bool = False) -> int:
    (tmp_path / "sites.csv").write_text(file(*rows), encoding="utf-8-sig")
    return site_import.import_sites(place, tmp_path / "sites.csv", skip_bad=skip_bad, dry_run=False)


def test_I12_nothing_is_imported_unless_all_is_right_or_told_so(
    place: Path | str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = (row(account="1001"), row(site="S2", name="Kapper", account="1"))
    assert imported(place, tmp_path, *rows) == 1
    said = capfd.readouterr().err
    assert "sites.csv: line 3, account: an account has 3 to 16 letters and digits" in said
    assert "Nothing was imported: 1 problems." in said
    assert imported(place, tmp_path, *rows, skip_bad=True) == 0
    assert "1 sites are imported." in capfd.readouterr().out
    assert export_journal(place, "jsonl", Selection("S1")) == 0
    assert "Site Bakkerij imported" in capfd.readouterr().out


def test_an_account_stays_with_its_site_and_a_site_may_come_again(
    place: Path | str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert imported(place, tmp_path, row(account="1001")) == 0
    assert imported(place, tmp_path, row(site="S2", name="Kapper", account="1001")) == 1
    assert "Account 1001 belongs to site S1 already." in capfd.readouterr().err
    assert imported(place, tmp_path, row(account="1002", contact="An", phone="0470555001")) == 0
    assert imported(place, tmp_path, row(site="S2", name="Kapper", account="1001")) == 0


def test_a_file_that_cannot_be_read_is_exit_status_2(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert site_import.import_sites(tmp_path / "data", tmp_path / "nowhere.csv", skip_bad=False, dry_run=False) == 2
    (tmp_path / "latin.csv").write_bytes(b"site,name\nS1,caf\xe9\n")
    assert site_import.import_sites(tmp_path / "data", tmp_path / "latin.csv", skip_bad=False, dry_run=False) == 2
    assert "it is not UTF-8 text" in capfd.readouterr().err


@pytest.mark.parametrize("broken", ["{", "[]", '{"S1": 5}', '{"S1": {"contacts": {"An": {"away_until": "soon"}}}}'])
def test_I12_a_broken_file_of_extras_is_said_and_nothing_is_imported(
    broken: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sites = tmp_path / "sites.csv"
    sites.write_text("site,name,account,contact,phone,order\nS1,Bakkerij,1001,An,+32400550101,1\n")
    sites.with_suffix(".json").write_text(broken)
    assert site_import.import_sites(tmp_path / "data", sites, skip_bad=False, dry_run=False) == 1
    assert "sites.json" in capsys.readouterr().err
    assert not (tmp_path / "data" / "vigie.db").exists()


async def test_a_break_in_a_value_is_a_blank_in_the_site_file_and_comes_in_again_the_same(
    place: Path | str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sites.csv").write_text('site,name,street,contact\nS1,"Bakkerij\nPeeters","Kerkstraat 1\nbus 2",An\n')
    for counts in ("1 added, 0 changed, 0 as they were", "0 added, 0 changed, 1 as they were"):
        run = asyncio.to_thread(site_import.import_sites, place, tmp_path / "sites.csv", skip_bad=False, dry_run=False)
        assert await run == 0
        assert counts in capfd.readouterr().out

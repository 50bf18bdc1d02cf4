"""A cell holds what was put into it, and no spreadsheet runs it as a formula (I9)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.station.sheets import books, cells
from console.station.sheets.gather import gather
from models.records import AvailableSpan, ContactRight
from tests.examples import examples

ODD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40) | st.sampled_from(
    [
        "=1+1",
        "+32 470",
        "-5",
        "@SUM(A1)",
        "'=x",
        "''+",
        "'quoted'",
        '"',
        'a,"b"\n',
        "\r\n",
        "\ta",
        "_x000D_",
        "x" * 4000,
    ]
)
HEAD = {"site": ("site", "name")}


@given(ODD)
def test_what_is_neutralised_reads_back_the_same(text: str) -> None:
    cell = cells.neutral(text)
    assert cells.plain(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cells.unescaped(cells.escaped(cell)) == cell


@pytest.mark.parametrize("kind", ["", ".zip", ".xlsx"])
@examples(30)
@given(rows=st.lists(st.tuples(ODD.filter(bool), ODD.filter(bool)), min_size=1, max_size=8))
def test_every_kind_of_file_gives_back_what_was_written(kind: str, rows: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as name:
        target = Path(name) / f"out{kind}"
        with books.written(target, HEAD) as add:
            for row in rows:
                add("site", row)
        [table] = books.read(target)
    assert table.columns == ["site", "name"]
    assert [tuple(row) for _line, row in table.rows] == rows
    assert table.problems == []


def test_a_workbook_has_text_where_a_formula_could_be(tmp_path: Path) -> None:
    with books.written(tmp_path / "out.xlsx", HEAD) as add:
        add("site", ("S1", '=HYPERLINK("http://x")'))
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx")["site"]["B2"]
    assert (cell.data_type, cell.value) == ("s", '\'=HYPERLINK("http://x")')


def test_a_workbook_typed_by_hand_is_read_as_it_is_meant_and_a_formula_is_a_problem(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Site"
    for row in (["Site", " NAME "], [1001, 7.0], ["S2", "=A1"], [None, None], ["S3", True]):
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    [table] = books.read(tmp_path / "in.xlsx")
    assert (table.name, table.columns) == ("site", ["site", "name"])
    assert table.rows == [(2, ("1001", "7")), (3, ("S2",)), (5, ("S3", "yes"))]
    assert [str(one) for one in table.problems] == ["site, line 3, name: this is a formula, not a value"]


@pytest.mark.parametrize(
    "value",
    [
        (
            AvailableSpan(day=0, from_minute=540, until_minute=1020),
            AvailableSpan(day=4, from_minute=1320, until_minute=2880),
        ),
        (),
    ],
)
def test_times_of_the_week_read_back(value: Any) -> None:
    assert cells.spans(cells.text_of(value)) == value


def test_rights_read_back_in_their_order() -> None:
    assert cells.text_of((ContactRight.CANCEL, ContactRight.TEST)) == "cancel, whole-site test"
    assert cells.rights("Whole-site test,cancel") == (ContactRight.CANCEL, ContactRight.TEST)


def test_what_is_no_file_of_sheets_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK no workbook")
    (tmp_path / "a.zip").write_bytes(b"no zip")
    (tmp_path / "a.txt").write_text("no")
    for name in ("a.xlsx", "a.zip", "a.txt", "nowhere.xlsx"):
        with pytest.raises(books.Unreadable):
            books.read(tmp_path / name)


def test_of_a_large_file_each_text_is_held_once_and_no_site_longer_than_it_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "site.csv").write_text("site,name,town\n" + "".join(f"S{n},Bakkerij,Gent\n" for n in range(3)))
    tables = books.read(tmp_path)
    assert len({id(text) for _line, row in tables[0].rows for text in row[1:]}) == 2
    kept: list[str] = []
    found = gather(tables, keep=lambda site: kept.append(site.site))
    assert (kept, found.sites, tables[0].rows) == (["S0", "S1", "S2"], [], [])

"""I12: a small file that unpacks to more than a machine has, or says that it does, is refused before it is read."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from console.station import site_csv
from console.station.sheets import books
from console.station.sheets.books import BOUNDS, Unreadable

_ROWS = "xl/worksheets/sheet1.xml"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    bounds = replace(BOUNDS, bytes=2_000_000, part_bytes=1_000_000, parts=50, rows=5_000, columns=20)
    monkeypatch.setattr(books, "BOUNDS", bounds)


def packed(target: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in parts.items():
            into.writestr(name, content)
    return target


def workbook(target: Path, sheet: str) -> Path:
    """A workbook of which one sheet's XML is ``sheet``."""
    book = openpyxl.Workbook()
    plain = target.with_suffix(".plain.xlsx")
    book.save(plain)
    with zipfile.ZipFile(plain) as known:
        parts = {one: known.read(one).decode() for one in known.namelist()}
    return packed(target, {**parts, _ROWS: sheet})


def sheet_of(rows: str, before: str = "") -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?>{before}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'


def text(cell: str, words: str = "x") -> str:
    return f'<c r="{cell}" t="inlineStr"><is><t>{words}</t></is></c>'


FILES = {
    "a zip that unpacks to much": (
        lambda folder: packed(folder / "a.zip", {"site.csv": "site,name\n" + "x" * 3_000_000}),
        "bytes; 2,000,000 is the most",
    ),
    "many parts": (
        lambda folder: packed(folder / "a.zip", {f"{n}.csv": "a\n" for n in range(60)}),
        "60 parts; 50 is the most",
    ),
    "many rows in a zip": (
        lambda folder: packed(folder / "a.zip", {"site.csv": "site\n" * 6_000}),
        "Sheet site has 5,001 rows; 5,000 is the most",
    ),
    "many columns in a zip": (
        lambda folder: packed(folder / "a.zip", {"site.csv": "a," * 30}),
        "Line 1 of sheet site has 31 columns; 20 is the most",
    ),
    "one endless line": (
        lambda folder: packed(folder / "a.zip", {"site.csv": "x" * 900_000}),
        "letters or more",
    ),
    "a part of a workbook that unpacks to much": (
        lambda folder: workbook(folder / "a.xlsx", sheet_of("<row/>" * 200_000)),
        "bytes; 1,000,000 is the most",
    ),
    "a row far below": (
        lambda folder: workbook(folder / "a.xlsx", sheet_of(f'<row r="99999999999">{text("A99999999999")}</row>')),
        "rows; 5,000 is the most",
    ),
    "a column far to the right": (
        lambda folder: workbook(folder / "a.xlsx", sheet_of(f'<row r="1">{text("ZZZ1")}</row>')),
        "columns; 20 is the most",
    ),
    "a column that is none": (
        lambda folder: workbook(folder / "a.xlsx", sheet_of(f'<row r="1">{text("ZZZZZZZ1")}</row>')),
        "it is a damaged workbook",
    ),
    "entities that grow": (
        lambda folder: workbook(
            folder / "a.xlsx",
            sheet_of(
                f'<row r="1">{text("A1", "&b;")}</row>',
                '<!DOCTYPE w [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
            ),
        ),
        "cannot be read",
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_I12_a_file_that_holds_more_than_a_file_may_is_refused(tmp_path: Path, small: None, case: str) -> None:
    make, sentence = FILES[case]
    with pytest.raises(Unreadable, match=sentence):
        books.read(make(tmp_path))


def test_I12_a_file_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "BOUNDS", replace(BOUNDS, seconds=0))
    with pytest.raises(Unreadable, match="It takes longer than 0 s to read"):
        books.read(packed(tmp_path / "a.zip", {"site.csv": "site\n" * 1_000}))


def test_I12_a_large_file_of_one_table_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_csv, "LARGEST", 10)
    file = tmp_path / "sites.csv"
    file.write_text("site,name\nS1,Bakkerij\n")
    with pytest.raises(site_csv.Unreadable, match="has more than 10 bytes"):
        site_csv.read(file)


def test_what_is_within_the_bounds_is_read(tmp_path: Path, small: None) -> None:
    file = workbook(
        tmp_path / "a.xlsx", sheet_of(f'<row r="1">{text("A1", "site")}</row><row r="9">{text("A9")}</row>')
    )
    [table] = books.read(file)
    assert (table.columns, table.rows) == (["site"], [(9, ("x",))])

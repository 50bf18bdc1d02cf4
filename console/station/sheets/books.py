"""Tables in files: a folder or a zip of CSV files, or a workbook. What is in them is for others to say."""

from __future__ import annotations

import csv
import io
import os
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from console.station.sheets import cells

_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a file may hold. A few thousand bytes can unpack to more than any machine has, or say they are rows."""

    bytes: int = 2_000_000_000
    """Unpacked, all parts together."""
    part_bytes: int = 1_000_000_000
    """Of a workbook: one part of it; its texts are in memory at once."""
    parts: int = 1_000
    rows: int = 2_000_000
    """Of one sheet, empty ones too; 50,000 sites have a million zones."""
    columns: int = 200
    cell: int = 32_767
    """Letters, as in a workbook."""
    seconds: float = 900.0


BOUNDS = Bounds()


class Unreadable(Exception):
    """The file cannot be read; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in which file or sheet, on which line and in which field; never the value of a secret (I9)."""

    sheet: str
    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.sheet}, line {self.line}, {self.field}: {self.sentence}"


@dataclass(slots=True)
class Table:
    """One sheet: its columns, and its rows with the line each ends on."""

    name: str
    columns: list[str]
    rows: list[tuple[int, Sequence[str]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(file: Path) -> list[Table]:
    """The tables of a folder, zip or workbook. :class:`Unreadable` where it is none, or more than :data:`BOUNDS`."""
    bounded = _Bounded(time.monotonic() + BOUNDS.seconds)
    try:
        if file.is_dir():
            found = sorted(one for one in file.iterdir() if one.suffix.lower() == ".csv")
            _within("The files of the folder hold", "bytes", sum(one.stat().st_size for one in found), BOUNDS.bytes)
            return [_csv_file(one, bounded) for one in found]
        if file.is_file() and not zipfile.is_zipfile(file):
            raise Unreadable(f"{file} cannot be read: it is no workbook, folder, zip or CSV file.")
        with zipfile.ZipFile(file) as packed:
            # By what it says of itself: of no part more is unpacked than that.
            parts = packed.infolist()
            _within("It has", "parts", len(parts), BOUNDS.parts)
            _within("It unpacks to", "bytes", sum(one.file_size for one in parts), BOUNDS.bytes)
            if file.suffix.lower() == ".zip":
                return [_packed(packed, one, bounded) for one in parts if one.filename.lower().endswith(".csv")]
            _within(
                "A part of it unpacks to", "bytes", max((one.file_size for one in parts), default=0), BOUNDS.part_bytes
            )
        return _workbook(file, bounded)
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError, KeyError, EOFError, zipfile.LargeZipFile) as error:
        raise Unreadable(f"{file} cannot be read: {_why(error)}.") from error


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return getattr(error, "strerror", None) or "it is damaged, or no such file"


def _within(what: str, unit: str, count: int, most: int) -> None:
    if count > most:
        raise Unreadable(f"{what} {count:,} {unit}; {most:,} is the most.")


@dataclass(slots=True)
class _Bounded:
    """Looks at each row as it comes, before anything is made of it."""

    until: float
    """Monotonic seconds."""

    def row(self, name: str, line: int, values: Sequence[Any]) -> None:
        """:class:`Unreadable` where this is more than a sheet may have."""
        if line > BOUNDS.rows or len(values) > BOUNDS.columns:
            _within(f"Sheet {name} has", "rows", line, BOUNDS.rows)
            _within(f"Line {line} of sheet {name} has", "columns", len(values), BOUNDS.columns)
        if line % 1_000 == 0 and time.monotonic() > self.until:
            raise Unreadable(f"It takes longer than {BOUNDS.seconds:.0f} s to read.")

    def lines(self, text: IO[str]) -> Iterator[str]:
        """The lines of a text, none longer than a row may be."""
        most = BOUNDS.columns * BOUNDS.cell
        while line := text.readline(most + 1):
            _within("A line of it has", "letters or more", len(line), most)
            yield line


def _packed(packed: zipfile.ZipFile, one: zipfile.ZipInfo, bounded: _Bounded) -> Table:
    with packed.open(one) as content, io.TextIOWrapper(content, encoding="utf-8-sig", newline="") as text:
        return _csv(Path(one.filename).stem.lower(), text, bounded)


def _csv_file(file: Path, bounded: _Bounded) -> Table:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return _csv(file.stem.lower(), text, bounded)


class _Texts(dict[str, str]):
    """The same words stand in very many rows: each is kept once."""

    def row(self, values: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.setdefault(value, value) for value in values)


def _csv(name: str, text: IO[str], bounded: _Bounded) -> Table:
    # A field is bounded by the reader itself (csv.field_size_limit).
    reader = csv.reader(bounded.lines(text), strict=True)
    table, texts = Table(name, []), _Texts()
    done = 0
    try:
        for row in reader:
            line, done = reader.line_num, reader.line_num
            bounded.row(name, line, row)
            if line and not table.columns:
                table.columns = [column.strip().lower() for column in row]
            elif not cells.is_empty(row):
                table.rows.append((line, texts.row(map(cells.plain, row))))
    except csv.Error as error:
        table.problems.append(Problem(name, done + 1, "(row)", f"this row and what follows cannot be read: {error}"))
    return table


def _workbook(file: Path, bounded: _Bounded) -> list[Table]:
    # Half a second to import: only who reads a workbook waits for it.
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(file, read_only=True)
    except (InvalidFileException, ValueError, TypeError) as error:
        raise Unreadable(f"{file} cannot be read: it is no workbook, folder, zip or CSV file.") from error
    found = []
    try:
        for sheet in book.worksheets:
            # What a program says of its size may be wrong, and then rows would be cut off.
            sheet.reset_dimensions()
            found.append(_sheet(sheet.title.lower(), sheet.iter_rows(), bounded))
    except (ValueError, SyntaxError) as error:
        # XML that is damaged, defines entities, or counts its rows with something else than numbers.
        raise Unreadable(f"{file} cannot be read: it is a damaged workbook.") from error
    finally:
        book.close()
    return found


def _sheet(name: str, rows: Iterable[Sequence[Any]], bounded: _Bounded) -> Table:
    table, texts = Table(name, []), _Texts()
    for line, row in enumerate(rows, 1):
        bounded.row(name, line, row)
        values = []
        for nth, cell in enumerate(row):
            value = _value(cell.value)
            if cell.data_type in ("f", "e"):
                column = table.columns[nth] if nth < len(table.columns) else "(end)"
                what = "a formula" if cell.data_type == "f" else "an error"
                table.problems.append(Problem(name, line, column, f"this is {what}, not a value"))
                value = ""
            values.append(value)
        while values and not values[-1]:
            values.pop()
        if not table.columns:
            table.columns = [value.strip().lower() for value in values]
        elif values:
            table.rows.append((line, texts.row(values)))
    return table


def _value(value: Any) -> str:
    if isinstance(value, str):
        return cells.plain(cells.unescaped(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat()
    return cells.text_of(value)


Add = Callable[[str, Sequence[str]], None]
"""Add a row to a sheet."""


@contextmanager
def written(target: Path, heads: Mapping[str, Sequence[str]]) -> Iterator[Add]:
    """Write sheets into ``target``: a workbook, a zip, or else a folder. Only the owner may read what is made."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise Unreadable(f"{target} is there already.")
    kind = target.suffix.lower()
    writer = _write_book if kind == ".xlsx" else _write_csv
    with writer(target, heads) as add:
        for name, columns in heads.items():
            add(name, columns)
        yield add


@contextmanager
def _write_csv(target: Path, heads: Mapping[str, Sequence[str]]) -> Iterator[Add]:
    with ExitStack() as open_:
        packed = None
        if target.suffix.lower() == ".zip":
            out = open_.enter_context(os.fdopen(_owned(target), "wb"))
            packed = open_.enter_context(zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6))
            folder = None
        else:
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder = target
        texts: dict[str, IO[str]] = {}
        for name in heads:
            if folder is not None:
                file = open_.enter_context(
                    os.fdopen(_owned(folder / f"{name}.csv"), "w", encoding="utf-8-sig", newline="")
                )
            else:
                # One file at a time can be open in a zip: the sheets wait beside it, unnamed.
                import tempfile

                file = open_.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8-sig", newline=""))
            texts[name] = file
        writers = {name: csv.writer(text, lineterminator="\r\n") for name, text in texts.items()}
        yield lambda name, row: writers[name].writerow([cells.neutral(value) for value in row])
        if packed is not None:
            for name, text in texts.items():
                text.seek(0)
                with packed.open(f"{name}.csv", "w") as into:
                    # Its own mark stands at the beginning already.
                    while piece := text.buffer.read(_AT_ONCE):  # type: ignore[attr-defined]
                        into.write(piece)


@contextmanager
def _write_book(target: Path, heads: Mapping[str, Sequence[str]]) -> Iterator[Add]:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheets = {name: book.create_sheet(name) for name in heads}
    yield lambda name, row: sheets[name].append([cells.escaped(cells.neutral(value)) for value in row])
    with os.fdopen(_owned(target), "wb") as out:
        book.save(out)


def _owned(file: Path) -> int:
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

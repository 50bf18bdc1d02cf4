"""Lines of the journal as a file that grows page by page: CSV, XLSX, JSON lines (G6). Formulas are made text."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from console.station.sheets import cells
from console.station.store.export import cell
from models.records import HandOverForm

COLUMNS = (
    "seq", "time", "panel_time", "kind", "actor_kind", "actor", "actor_from", "site", "site_name", "account", "alarm",
    "priority", "in_test", "text", "data", "raw", "hash",
)  # fmt: skip
_NUMBERS = frozenset({"seq", "priority"})
_AT_ONCE = 64 * 1024
_LONGEST_CELL = 32_767
_CUT = " … (cut: a cell of a workbook holds no more; JSON lines and CSV have all of it)"

Line = dict[str, Any]
NOT_HERE = "archive-not-mounted"
"""The kind of a line that is no entry: it has no number, and says what the file is without."""


class Sheet(Protocol):
    """A file in the making; none holds the lines that were given to it."""

    def add(self, lines: Sequence[Line]) -> bytes:
        """Put lines in; what can be sent of the file already."""

    def end(self) -> Iterator[bytes]:
        """The rest of the file."""

    def drop(self) -> None:
        """Leave nothing behind, finished or not."""


def not_here(archive: str) -> Line:
    """A line that names an archive which was not mounted: whoever is handed the file alone knows it too (G6)."""
    text = f"Without what is in the archive {archive}: it was not mounted when this was handed over."
    actor = {"kind": "station", "name": "station", "from": ""}
    empty = dict.fromkeys(name for name in (*COLUMNS, "prev") if not name.startswith("actor_"))
    return {**empty, "kind": NOT_HERE, "actor": actor, "in_test": False, "text": text}


def sheet_of(form: HandOverForm) -> Sheet:
    """An empty file of a form that is no paper."""
    made: dict[HandOverForm, type[_Csv] | type[_JsonLines] | type[_Book]] = {
        HandOverForm.CSV: _Csv,
        HandOverForm.JSONL: _JsonLines,
        HandOverForm.XLSX: _Book,
    }
    return made[form]()


def _row(line: Line) -> list[Any]:
    actor = line["actor"]
    flat = {**line, "actor_kind": actor["kind"], "actor": actor["name"], "actor_from": actor["from"]}
    return [flat[name] if name in _NUMBERS else cell(flat[name]) for name in COLUMNS]


class _JsonLines:
    def add(self, lines: Sequence[Line]) -> bytes:
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()

    def end(self) -> Iterator[bytes]:
        return iter(())

    def drop(self) -> None:
        return


class _Csv:
    """With the mark by which spreadsheets know UTF-8."""

    def __init__(self) -> None:
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._text.write("\ufeff")
        self._writer.writerow(COLUMNS)

    def add(self, lines: Sequence[Line]) -> bytes:
        self._writer.writerows(map(_row, lines))
        made = self._text.getvalue().encode()
        self._text.seek(0)
        self._text.truncate()
        return made

    def end(self) -> Iterator[bytes]:
        # The heads alone, where no line came.
        return iter((self._text.getvalue().encode(),))

    def drop(self) -> None:
        self._text.close()


class _Book:
    """Rows go to an unnamed file beside, as they come: a zip can be sent only when it is whole."""

    def __init__(self) -> None:
        import openpyxl

        self._book = openpyxl.Workbook(write_only=True)
        self._sheet = self._book.create_sheet("journal")
        self._sheet.append(list(COLUMNS))
        self._saved = False

    def add(self, lines: Sequence[Line]) -> bytes:
        for line in lines:
            self._sheet.append([_fitting(value) for value in _row(line)])
        return b""

    def end(self) -> Iterator[bytes]:
        with tempfile.TemporaryFile() as file:
            self._book.save(file)
            self._saved = True
            file.seek(0)
            while piece := file.read(_AT_ONCE):
                yield piece

    def drop(self) -> None:
        if not self._saved:
            self._sheet.close()
            self._sheet._writer.cleanup()
            self._saved = True


def _fitting(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = cells.escaped(value)
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - len(_CUT)] + _CUT

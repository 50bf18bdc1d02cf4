"""``vigie journal export`` to standard output."""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import Connection

from console.station.store import export as journal_export
from console.station.subcommand import reading, say_archived


def export_journal(place: Path | str, format_: str, selection: journal_export.Selection) -> int:
    """``vigie journal export`` to standard output."""
    write = journal_export.write_csv if format_ == "csv" else journal_export.write_jsonl
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]

    def query(connection: Connection) -> int:
        say_archived(connection)
        write(journal_export.entries(connection, selection), sys.stdout)
        sys.stdout.flush()
        return 0

    return reading(place, query)

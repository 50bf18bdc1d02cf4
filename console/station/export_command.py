"""``vigie journal export`` to standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from console.station.store import archives
from console.station.store import export as journal_export
from console.station.store.database import Database
from console.station.subcommand import UNREADABLE, looking, say, say_archived
from models.tables import JournalHead


def export_journal(place: Path | str, format_: str, selection: journal_export.Selection) -> int:
    """``vigie journal export`` to standard output.

    In pages, each of a snapshot of its own: whoever reads the pipe may take their time. The journal only grows, so
    that what is handed out is what was there when it began.
    """
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]

    async def work(database: Database) -> int:
        head, cut = await database.read(_stands)
        after, first = 0, True
        while True:

            def page(connection: Connection, since: int = after) -> tuple[list[dict[str, Any]], int]:
                return journal_export.page(connection, selection, since, head), archives.cut(connection)

            found, cut_now = await database.read(page)
            if cut_now > max(cut, after):
                say("Entries were archived meanwhile: this export is not whole. Do it again.")
                return UNREADABLE
            if format_ == "csv":
                journal_export.write_csv(found, sys.stdout, head=first)
            else:
                journal_export.write_jsonl(found, sys.stdout)
            sys.stdout.flush()
            if not found:
                return 0
            after, first = found[-1]["seq"], False

    return looking(place, work)


def _stands(connection: Connection) -> tuple[int, int]:
    """The journal's last number, and the last that is in an archive, which is said."""
    say_archived(connection)
    return connection.execute(select(JournalHead.seq)).scalar_one(), archives.cut(connection)

"""What of the journal is in archives that are not mounted, in words: never silently nothing (G6)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from models.records import ArchivedPart
from widgets.journal.entry_detail import grouped

_NAMED = 6


def archived_words(parts: Sequence[ArchivedPart]) -> str:
    """A sentence that names the newest of them and how it is shown; empty where there is none."""
    if not parts:
        return ""
    newest = parts[-1]
    if len(parts) == 1:
        words = _tr("Lines up to {0} ({1}) are in an archive that is not mounted. To see them: vigie journal mount {2}")
        return words.format(grouped(newest.last), newest.months, newest.file)
    named = [part.months.split(" ")[0] for part in parts]
    if len(parts) > _NAMED:
        # Not all between: what is mounted of them is in the list.
        named = [*named[:2], "…", *named[-2:]]
    words = _tr("Lines of {1} are in {0} archives that are not mounted. To see the newest: vigie journal mount {2}")
    return words.format(len(parts), ", ".join(named), newest.file)


def _tr(words: str) -> str:
    return QCoreApplication.translate("archived", words)

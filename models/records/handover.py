"""The journal handed over: in which form, what of it, and how far it has come (G6)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from models.records.record import Record


class HandOverForm(StrEnum):
    """Form of the file that is handed over."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    """JSON lines: one object a line, exact."""
    PDF = "pdf"


class HandOverReport(StrEnum):
    """What is handed over: the lines themselves, or a report made of them."""

    LINES = "lines"
    SITE = "site-activity"
    """One site in a period."""
    INCIDENT = "incident"
    """One alarm from its first signal to its end."""
    OPERATOR = "operator"
    """One member of staff in a period."""


class Language(StrEnum):
    """In which a paper speaks to its reader."""

    EN = "en"
    NL = "nl"
    FR = "fr"
    DE = "de"


class HandOverProgress(Record):
    """How far a file has come that is being made."""

    done: int = Field(ge=0)
    """Lines that are in it."""
    count: int = Field(ge=0)
    """Lines that will be."""


ERASED = "Erased as the law demands"
"""In the place of what an entry said (I14)."""
MOST_ON_A_SHEET = 1_048_575
"""Lines below the heads of a sheet of XLSX."""
MOST_ON_PAPER = 5_000
"""Lines of a PDF: about two hundred pages; its maker keeps them all in memory."""

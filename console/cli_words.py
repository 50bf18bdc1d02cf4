"""What the subcommands of ``vigie`` share: their common options, and how a word is read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

if TYPE_CHECKING:
    from click import ClickException, UsageError
else:
    # Typer may bring a click of its own, whose exceptions are not click's: found through the one it hands out.
    _BASES = {base.__name__: base for base in typer.BadParameter.__mro__}
    ClickException, UsageError = _BASES["ClickException"], _BASES["UsageError"]

__all__ = ["ClickException", "DataOption", "DatabaseOption", "UsageError", "moment", "one_of", "place", "time_span"]

DataOption = Annotated[Optional[Path], typer.Option("--data", metavar="DIR", help="The station's data folder.")]  # noqa: UP045
DatabaseOption = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--database", metavar="URL", help="A PostgreSQL database instead of a data folder."),
]


def one_of(data: Path | None, database: str | None) -> str | None:
    """The database, where one is named; both are a :class:`UsageError`."""
    if data is not None and database is not None:
        raise UsageError("--data and --database exclude each other")
    return database


def place(data: Path | None, database: str | None) -> Path | str:
    """The data folder or the database's URL; neither is a :class:`UsageError`."""
    given = one_of(data, database) or data
    if given is None:
        raise UsageError("give --data DIR or --database URL")
    return given


def moment(option: str, given: str | None) -> datetime | None:
    """A time as ISO 8601 says it; UTC where it names no zone. What is not one is a :class:`UsageError`."""
    if given is None:
        return None
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise UsageError(f"{option}: '{given}' is not an ISO time such as 2026-11-23T20:47:00Z") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def yes_no(option: str, given: str | None) -> bool | None:
    """``yes`` or ``no``; None where the option was not given."""
    if given is None:
        return None
    if given not in ("yes", "no"):
        raise UsageError(f"{option}: yes or no")
    return given == "yes"


def time_span(given: str | None) -> tuple[int | None, int | None]:
    """``BEFORE:AFTER`` in seconds, -1 for ``off``; None where nothing was given."""
    if given is None:
        return None, None
    if given == "off":
        return -1, -1
    before, _, after = given.replace(",", ":").partition(":")
    if not before.isdecimal() or not after.isdecimal():
        raise UsageError("--time-window: BEFORE:AFTER in seconds, as 40:20, or off")
    return int(before), int(after)

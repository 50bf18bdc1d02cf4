"""``vigie erase``, thin."""

from __future__ import annotations

import sys
from typing import Annotated, Optional

import typer

from console.cli_words import DatabaseOption, DataOption, UsageError, place

_SHORTEST = 4


def erase(
    name: Annotated[list[str], typer.Option(metavar="NAME", help="The whole name; each spelling. Repeatable.")],
    site: Annotated[list[str], typer.Option(metavar="NUMBER", help="A site that the person knew. Repeatable.")],
    why: Annotated[str, typer.Option(metavar="WORDS", help="Who asked, and when; nothing of the person.")],
    data: DataOption = None,
    database: DatabaseOption = None,
    number: Annotated[Optional[list[str]], typer.Option(metavar="PHONE", help="Repeatable.")] = None,  # noqa: UP045
    email: Annotated[Optional[list[str]], typer.Option(metavar="ADDRESS", help="Repeatable.")] = None,  # noqa: UP045
    yes: Annotated[
        bool, typer.Option("--yes", help="Erase; without it only where the person is named is shown.")
    ] = False,
) -> None:
    """Erase a person's data from the journal and from what was written of alarms, by a signed act."""
    words = [*name, *(number or ()), *(email or ())]
    short = [word for word in words if len(word.strip()) < _SHORTEST]
    if short:
        raise UsageError(
            f"a name, number or address has {_SHORTEST} characters or more: a shorter one is in other words"
        )
    if any(word in why for word in words):
        raise UsageError("--why: it stays in the journal, so it must not name the person")
    from console.station.erasing import erase_person, subject_of

    subject = subject_of([one.strip() for one in name], number or (), email or (), site)
    sys.exit(erase_person(place(data, database), subject, why, really=yes))

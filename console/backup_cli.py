"""``vigie backup`` and ``vigie restore``, thin."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from console.cli_words import DatabaseOption, DataOption, UsageError, place

PassphraseOption = Annotated[
    bool,
    typer.Option("--with-keys", help="Keys along, under a passphrase: asked for, or a line of standard input."),
]


def backup(
    target: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder to be made.")],
    data: DataOption = None,
    database: DatabaseOption = None,
    with_keys: PassphraseOption = False,
    with_archives: Annotated[
        bool, typer.Option("--with-archives", help="The sealed files of old months along, as they are.")
    ] = False,
) -> None:
    """Copy a station, while it runs or not, into a folder from which it comes back whole."""
    from console.station.backup import make_backup

    given = place(data, database)
    sys.exit(make_backup(given, target, passphrase(twice=True) if with_keys else None, with_archives=with_archives))


def restore(
    source: Annotated[Path, typer.Argument(metavar="FOLDER", help="A backup.")],
    data: DataOption = None,
    database: DatabaseOption = None,
    keys: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(metavar="FOLDER", help="The station's keys, where they were kept apart from the backup."),
    ] = None,
    unsigned: Annotated[
        bool, typer.Option("--unsigned", help="Take a backup without a signature, of an earlier version. Journaled.")
    ] = False,
) -> None:
    """Bring a station back from a backup, into a new data folder or an empty PostgreSQL database."""
    from console.station import backup

    given = place(data, database)
    asked = keys is None and (source / "keys.sealed").is_file()
    given_phrase = passphrase(twice=False) if asked else None
    sys.exit(backup.restore(source, given, given_phrase, keys, unsigned=unsigned))


def passphrase(*, twice: bool) -> str:
    """Asked for, or a line of standard input; ``twice`` for a new one, which must be long."""
    if sys.stdin.isatty():
        said: str = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=twice)
    else:
        said = sys.stdin.readline().rstrip("\r\n")
    if twice and len(said) < 12:
        raise UsageError("a passphrase has 12 characters or more: whoever has the backup may guess for ever")
    return said

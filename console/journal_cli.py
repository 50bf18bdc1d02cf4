"""``vigie journal`` and its subcommands, thin: each imports its part when it is asked for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from console.cli_words import DatabaseOption, DataOption, UsageError, moment, place

journal = typer.Typer(help="Hand out the journal, or prove that it is whole.", no_args_is_help=True)


@journal.command("export")
def journal_export(
    data: DataOption = None,
    database: DatabaseOption = None,
    format_: Annotated[str, typer.Option("--format", metavar="jsonl|csv", help="JSON lines or CSV.")] = "jsonl",
    site_: Annotated[Optional[str], typer.Option("--site", metavar="NUMBER", help="Only this site.")] = None,  # noqa: UP045
    from_: Annotated[Optional[str], typer.Option("--from", metavar="ISO-TIME", help="From this time on.")] = None,  # noqa: UP045
    to: Annotated[str | None, typer.Option("--to", metavar="ISO-TIME", help="Up to, not including, this time.")] = None,
    sealed: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            metavar="FILE.zip", help="Entries, proofs, public key and a verifier: a third party can check it."
        ),
    ] = None,
) -> None:
    """Hand out the journal on standard output, in order, or sealed into a file; with and without a running station."""
    if format_ not in ("jsonl", "csv"):
        raise UsageError("--format: jsonl or csv")
    from console.station.store.export import Selection

    selection = Selection(site_, moment("--from", from_), moment("--to", to))
    if sealed is not None:
        from console.station.sealed_export import export_sealed

        sys.exit(export_sealed(place(data, database), sealed, selection))
    from console.station.run import export_journal

    sys.exit(export_journal(place(data, database), format_, selection))


@journal.command("verify")
def journal_verify(
    data: DataOption = None,
    database: DatabaseOption = None,
    checkpoints: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option(metavar="FILE", help="Checkpoints that were kept elsewhere, as well. Repeatable."),
    ] = None,
) -> None:
    """Prove that the journal is whole: exit status 0 intact, 1 broken, 2 unreadable."""
    from console.station.verifying import verify_journal

    sys.exit(verify_journal(place(data, database), checkpoints or ()))


@journal.command("checkpoints")
def journal_checkpoints(
    data: DataOption = None,
    database: DatabaseOption = None,
    last: Annotated[int, typer.Option(metavar="N", min=1, help="How many, the newest.")] = 1,
) -> None:
    """Print signed checkpoints, to be kept out of this station's reach: with them a cut tail is found for ever."""
    from console.station.sealed_export import show_checkpoints

    sys.exit(show_checkpoints(place(data, database), last))


@journal.command("key")
def journal_key(data: DataOption = None, database: DatabaseOption = None) -> None:
    """Print the public key with which exports and checkpoints are checked, and its fingerprint."""
    from console.station.sealed_export import show_key

    sys.exit(show_key(place(data, database)))

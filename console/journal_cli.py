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
    format_: Annotated[
        str, typer.Option("--format", metavar="jsonl|csv|xlsx|pdf", help="XLSX and PDF into a file alone: --output.")
    ] = "jsonl",
    site_: Annotated[Optional[str], typer.Option("--site", metavar="NUMBER", help="Only this site.")] = None,  # noqa: UP045
    from_: Annotated[Optional[str], typer.Option("--from", metavar="ISO-TIME", help="From this time on.")] = None,  # noqa: UP045
    to: Annotated[str | None, typer.Option("--to", metavar="ISO-TIME", help="Up to, not including, this time.")] = None,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--output", "-o", metavar="FILE", help="Into a new file; that it was handed out is journaled."),
    ] = None,
    report: Annotated[
        str,
        typer.Option(metavar="lines|site-activity|incident|operator", help="What is on a PDF; with --output."),
    ] = "lines",
    operator_: Annotated[
        str, typer.Option("--operator", metavar="NAME", help="Only what this member of staff did; with --output.")
    ] = "",
    alarm: Annotated[str, typer.Option(metavar="ALARM", help="Only this alarm; with --output.")] = "",
    words: Annotated[str, typer.Option(metavar="WORDS", help="Only with all these words; with --output.")] = "",
    zone: Annotated[str, typer.Option(metavar="ZONE", help="Time zone of a PDF that is of no site.")] = "UTC",
    language: Annotated[str, typer.Option(metavar="en|nl|fr|de", help="In which a PDF speaks to its reader.")] = "en",
    sealed: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            metavar="FILE.zip", help="Entries, proofs, public key and a verifier: a third party can check it."
        ),
    ] = None,
) -> None:
    """Hand out the journal on standard output, in order, or into a file; with and without a running station."""
    if output is not None and sealed is None:
        sys.exit(_into_file(place(data, database), output, (format_, report, zone, language), {
            "site": site_ or "", "operator": operator_, "alarm": alarm, "words": words,
            "from_": moment("--from", from_), "to": moment("--to", to),
        }))  # fmt: skip
    if format_ not in ("jsonl", "csv"):
        raise UsageError("--format: jsonl or csv; xlsx and pdf with --output FILE")
    if operator_ or alarm or words or report != "lines":
        raise UsageError("--operator, --alarm, --words and --report need --output FILE")
    from console.station.store.export import Selection

    selection = Selection(site_, moment("--from", from_), moment("--to", to))
    if sealed is not None:
        from console.station.sealed_export import export_sealed

        sys.exit(export_sealed(place(data, database), sealed, selection))
    from console.station.export_command import export_journal

    sys.exit(export_journal(place(data, database), format_, selection))


def _into_file(where: Path | str, output: Path, how: tuple[str, str, str, str], asked: dict[str, object]) -> int:
    from zoneinfo import ZoneInfo, available_timezones

    from pydantic import ValidationError

    from models.records import HandOverForm, HandOverReport, JournalFilter, Language

    format_, report, zone, language = how
    forms, reports = [one.value for one in HandOverForm], [one.value for one in HandOverReport]
    if format_ not in forms:
        raise UsageError(f"--format: one of {', '.join(forms)}")
    if report not in reports:
        raise UsageError(f"--report: one of {', '.join(reports)}")
    if zone not in available_timezones():
        raise UsageError(f"--zone: '{zone}' is no time zone such as Europe/Brussels")
    if language not in list(Language):
        raise UsageError(f"--language: one of {', '.join(Language)}")
    try:
        selected = JournalFilter.model_validate(asked)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"--{str(first['loc'][0]).rstrip('_')}: {first['msg']}") from None
    from console.station.handover import Wanted
    from console.station.handover_command import hand_over

    wanted = Wanted(HandOverForm(format_), HandOverReport(report), selected, ZoneInfo(zone), Language(language))
    return hand_over(where, output, wanted)


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


@journal.command("archive")
def journal_archive(
    data: DataOption = None,
    database: DatabaseOption = None,
    before: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="YYYY-MM", help="Months before this one; without it all but the last four."),
    ] = None,
    to: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--to", metavar="FOLDER", help="Where the files go; without it the station's own folder."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; change nothing.")] = False,
) -> None:
    """Move whole old months into sealed files, each verified on its disk before anything leaves the database."""
    from console.station.archiving import archive_journal

    edge = None if before is None else moment("--before", f"{before}-01T00:00:00+00:00")
    sys.exit(archive_journal(place(data, database), before=edge, folder=to, dry_run=dry_run))


@journal.command("mount")
def journal_mount(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """Verify archives and show their entries in the journal again, to read and to search."""
    from console.station.mounting import mount

    sys.exit(mount(place(data, database), files))


@journal.command("unmount")
def journal_unmount(
    names: Annotated[Optional[list[str]], typer.Argument(metavar="[FILE…]")] = None,  # noqa: UP045
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show archives no longer; without a name, none."""
    from console.station.mounting import unmount

    sys.exit(unmount(place(data, database), names or ()))


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

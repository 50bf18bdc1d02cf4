"""``vigie`` and its subcommands, thin: each parses its words and hands over.

Heavy parts are imported by the command that needs them, so that none pays for another's.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn, Optional

import typer

from console.backup_cli import backup, restore
from console.bench_cli import bench
from console.cli_words import ClickException, DatabaseOption, DataOption, UsageError, moment, place, time_span, yes_no
from console.erase_cli import erase
from console.journal_cli import journal
from console.operator_cli import operator
from console.station_cli import station

app = typer.Typer(
    name="vigie",
    help="Operator console and station for alarm receiving centres.",
    invoke_without_command=True,
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
site = typer.Typer(help="Bring site files in, hand them out.", no_args_is_help=True)
account = typer.Typer(help="Keys and policy of a panel's account.", no_args_is_help=True)
app.add_typer(journal, name="journal")
app.add_typer(site, name="site")
app.add_typer(account, name="account")
app.add_typer(operator, name="operator")
app.add_typer(station, name="station")
app.add_typer(bench, name="bench")
app.command("backup")(backup)
app.command("restore")(restore)
app.command("erase")(erase)


def main() -> None:
    """Run ``vigie``. Wrong words: one clear line and exit status 2."""
    # Whatever it writes, and SQLite beside its file, is for its own user: sites, names and keys are in it (I9).
    os.umask(0o077)
    try:
        app(prog_name="vigie", standalone_mode=False)
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            error.show()
            sys.exit(2)
        where = error.ctx.command_path if error.ctx is not None else "vigie"
        stop(2, f"{where}: {error.format_message()}")
    except ClickException as error:
        stop(2, error.format_message())
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def stop(status: int, sentence: str) -> NoReturn:
    """End with a sentence on standard error."""
    print(f"vigie: {sentence}" if not sentence.startswith("vigie") else sentence, file=sys.stderr)
    sys.exit(status)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"vigie {version('vigie')}")
        raise typer.Exit


@app.callback()
def start(
    context: typer.Context,
    _show: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """The operator console; with no station configured it starts its own on the embedded database, and says so."""
    if context.invoked_subcommand is None:
        from console.desk.launch import run_with_own_station

        sys.exit(run_with_own_station())


@app.command("console")
def console_command(
    station: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--station", metavar="URL", help="A station's HTTP address; several: the next when one is silent."
        ),
    ] = None,
    ca: Annotated[
        Path | None,
        typer.Option("--ca", metavar="FILE", help="The authority that signed the station's certificate."),
    ] = None,
) -> None:
    """The operator console on a station that runs already."""
    from console.desk.launch import run_console, run_with_own_station

    sys.exit(run_console(station, ca=ca) if station else run_with_own_station())


@app.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="No console: station and panels only.")] = False,
    load: Annotated[Optional[float], typer.Option("--load", metavar="N", min=0.1, help="N signals a second.")] = None,  # noqa: UP045
) -> None:
    """A sample station in a temporary folder, its panels, and the console; everything ends with it."""
    from console.demo import run_demo

    sys.exit(run_demo(headless=headless, load=load))


@app.command()
def decode(
    key: Annotated[Optional[str], typer.Option(metavar="HEX", help="AES key, 32, 48 or 64 hex digits.")] = None,  # noqa: UP045
    at: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="ISO-TIME", help="Check the frame's time against this one, and answer at it."),
    ] = None,
    pad: Annotated[Optional[str], typer.Option(metavar="HEX", help="Pad bytes of an encrypted reply.")] = None,  # noqa: UP045
) -> None:
    """Decode DC-09 frames: one a line on standard input, with Python-style escapes; one JSON object a line out."""
    from console.decode_command import decode_lines

    key_bytes = _hex("--key", key)
    if key_bytes is not None and len(key_bytes) not in (16, 24, 32):
        raise UsageError("--key: an AES key has 32, 48 or 64 hex digits")
    sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    decode_lines(sys.stdin, sys.stdout, key=key_bytes, at=moment("--at", at), pad=_hex("--pad", pad))


@site.command("import")
def site_import(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    data: DataOption = None,
    database: DatabaseOption = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Import the sites whose rows are right.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would come of each site; change nothing.")
    ] = False,
) -> None:
    """Bring whole site files in: a workbook (.xlsx), a zip or folder of CSV files, or one CSV table.

    Only what differs is changed. Bad rows are listed; nothing is imported unless all are right or --skip-bad is given.
    """
    from console.station.site_import import import_sites

    sys.exit(import_sites(place(data, database), file, skip_bad=skip_bad, dry_run=dry_run))


@site.command("export")
def site_export(
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="A .xlsx or .zip to be made, else a folder.")],
    data: DataOption = None,
    database: DatabaseOption = None,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="Keys and code words in clear as well; this is journaled.")
    ] = False,
) -> None:
    """Hand whole site files out, as "site import" takes them; readable by you alone."""
    from console.station.site_export import export_sites

    sys.exit(export_sites(place(data, database), target, with_secrets=with_secrets))


@account.command("set")
def account_set(
    account_: Annotated[str, typer.Argument(metavar="ACCOUNT")],
    data: DataOption = None,
    database: DatabaseOption = None,
    key_stdin: Annotated[
        bool, typer.Option("--key-stdin", help="Read the AES key, in hex, from one line of standard input.")
    ] = False,
    clear_allowed: Annotated[
        Optional[str], typer.Option(metavar="yes|no", help="Whether frames in clear are taken although there is a key.")  # noqa: UP045
    ] = None,
    check_clear_time: Annotated[
        Optional[str], typer.Option(metavar="yes|no", help="Whether the time of clear frames is checked as well.")  # noqa: UP045
    ] = None,
    time_window: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="BEFORE:AFTER|off", help="Seconds the panel's clock may be behind and ahead, as 40:20."),
    ] = None,
    interval: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(metavar="SECONDS", help="Supervision interval: longer silence loses the link; 0 for none."),
    ] = None,
    margin: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(metavar="SECONDS", help="How much longer than the interval its silence may last."),
    ] = None,
    provider: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="NAME", help="Whose path it comes by: links lost together are one outage."),
    ] = None,
    lenient_length: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="yes|no", help="Whether a frame with a good CRC and a wrong length is taken."),
    ] = None,
    lone_ack: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="yes|no", help="Whether its panel waits for the byte 06 in place of an ACK frame."),
    ] = None,
    override: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            metavar="CODE=KIND",
            help="A vendor's meaning of a code, as 423=duress; CODE= takes it back; /A=text: /A.. is text. Repeatable.",
        ),
    ] = None,
) -> None:
    """Change the key, the policy and the link supervision of a panel's account."""
    from console.station.acts.registry import AccountSettings
    from console.station.registry_command import set_account

    key = sys.stdin.readline().strip() if key_stdin else None
    if key is not None and (_hex("--key-stdin", key) is None or len(key) not in (32, 48, 64)):
        raise UsageError("--key-stdin: an AES key has 32, 48 or 64 hex digits")
    before, after = time_span(time_window)
    sys.exit(
        set_account(
            place(data, database),
            AccountSettings(
                account_,
                key,
                clear_allowed=yes_no("--clear-allowed", clear_allowed),
                check_clear_time=yes_no("--check-clear-time", check_clear_time),
                window_before_s=before,
                window_after_s=after,
                interval_s=interval,
                margin_s=margin,
                provider=provider,
                lenient_length=yes_no("--lenient-length", lenient_length),
                lone_ack=yes_no("--lone-ack", lone_ack),
                overrides=tuple(override or ()),
            ),
        )
    )


def _hex(option: str, given: str | None) -> bytes | None:
    if given is None:
        return None
    try:
        return bytes.fromhex(given)
    except ValueError:
        # Never the value: it may be a key (I9).
        raise UsageError(f"{option}: these are not hex digits") from None

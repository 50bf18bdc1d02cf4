"""``vigie station`` and what belongs to its keys, thin."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from console.backup_cli import passphrase
from console.cli_words import DatabaseOption, DataOption, UsageError, one_of, place, time_span

station = typer.Typer(help="The station, headless; and its keys.", invoke_without_command=True, no_args_is_help=False)


@station.callback()
def run(
    context: typer.Context,
    data: DataOption = None,
    database: DatabaseOption = None,
    dc09: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where panels dial in, TCP and UDP.")] = "0.0.0.0:9009",
    http: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where consoles connect.")] = "127.0.0.1:9080",
    tls_cert: Annotated[
        Optional[Path], typer.Option("--tls-cert", metavar="FILE", help="Certificate, needed beyond this machine.")  # noqa: UP045
    ] = None,
    tls_key: Annotated[Optional[Path], typer.Option("--tls-key", metavar="FILE", help="Its private key.")] = None,  # noqa: UP045
    time_window: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="BEFORE,AFTER|off", help="For accounts without a window of their own; 40,20 without it."),
    ] = None,
    source_rate: Annotated[
        float, typer.Option(metavar="N", min=0, help="Frames a second that one address may send for long; 0: no limit.")
    ] = 500.0,
    pbx: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--pbx", metavar="URL", help="An Asterisk's REST interface: it makes the operators' calls."),
    ] = None,
    pbx_user: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--pbx-user", metavar="NAME", help="The station's name there."),
    ] = None,
    pbx_password_file: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--pbx-password-file", metavar="FILE", help="Its password; no one else may read the file."),
    ] = None,
    pbx_endpoint: Annotated[
        str, typer.Option("--pbx-endpoint", metavar="PATTERN", help="How an operator's telephone is called.")
    ] = "PJSIP/{extension}",
    pbx_trunk: Annotated[
        str, typer.Option("--pbx-trunk", metavar="PATTERN", help="How a number is called.")
    ] = "PJSIP/{number}@trunk",
    pbx_ca: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--pbx-ca", metavar="FILE", help="The authority that signed its certificate."),
    ] = None,
    smtp: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--smtp", metavar="HOST:PORT", help="The mail server that takes reports of the journal."),
    ] = None,
    smtp_tls: Annotated[
        str, typer.Option("--smtp-tls", metavar="starttls|implicit|none", help="none: on this machine alone.")
    ] = "starttls",
    smtp_from: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--smtp-from", metavar="ADDRESS", help="From whom they are."),
    ] = None,
    smtp_domain: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--smtp-domain", metavar="DOMAIN", help="To addresses of it alone. Repeatable."),
    ] = None,
    smtp_user: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--smtp-user", metavar="NAME", help="The station's name there."),
    ] = None,
    smtp_password_file: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--smtp-password-file", metavar="FILE", help="Its password; no one else may read the file."),
    ] = None,
    smtp_ca: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--smtp-ca", metavar="FILE", help="The authority that signed its certificate."),
    ] = None,
    archive_after: Annotated[
        int,
        typer.Option(
            metavar="MONTHS", min=0, help="Older whole months go into sealed files; 0: never, else 4 or more."
        ),
    ] = 0,
) -> None:
    """The station, headless. Prints one line "ready dc09=HOST:PORT http=HOST:PORT" when it accepts signals."""
    if context.invoked_subcommand is not None:
        return
    from console.station.exchange.settings import ExchangeRefused, ExchangeSettings
    from console.station.mail.settings import MailRefused, MailSettings
    from console.station.run import run_station

    window = time_span(time_window)
    if 0 < archive_after < 4:
        raise UsageError("--archive-after: 4 or more: figures and what customers see need the last months")
    try:
        exchange = (
            ExchangeSettings.read(pbx, pbx_user, pbx_password_file, pbx_endpoint, pbx_trunk, pbx_ca) if pbx else None
        )
        mail = (
            MailSettings.read(smtp, smtp_tls, smtp_from, smtp_domain or (), smtp_user, smtp_password_file, smtp_ca)
            if smtp
            else None
        )
    except (ExchangeRefused, MailRefused) as error:
        raise UsageError(str(error)) from error
    sys.exit(
        run_station(
            data,
            one_of(data, database),
            dc09,
            http,
            tls_cert,
            tls_key,
            time_window=window,
            source_rate=source_rate,
            exchange=exchange,
            archive_after=archive_after,
            mail=mail,
        )
    )


@station.command("keys")
def keys(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="To be made.")],
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """The station's keys into a file, under a passphrase: for a second machine over the same database."""
    from console.station.keys_command import hand_out

    sys.exit(hand_out(place(data, database), file, passphrase(twice=True)))


@station.command("join")
def join(
    file: Annotated[Path, typer.Argument(metavar="FILE", help='What "vigie station keys" made.')],
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """Bring the keys of a journal to this machine."""
    from console.station import keys_command

    sys.exit(keys_command.join(place(data, database), file, passphrase(twice=False)))


@station.command("new-keys")
def new_keys(
    why: Annotated[str, typer.Option("--why", metavar="WORDS", help="What became of the old ones; journaled.")],
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """New keys where the old are lost for good. Account keys and code words must be entered again."""
    from console.station import keys_command

    sys.exit(keys_command.new_keys(place(data, database), why))

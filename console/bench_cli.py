"""``vigie bench`` and its subcommands, thin: each imports its benchmark when it is asked for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

bench = typer.Typer(help="Measure, beside others in the same run. Needs the development extras.", no_args_is_help=True)


@bench.command("receive")
def bench_receive(
    rounds: Annotated[int, typer.Option(metavar="N", min=1, help="Rounds of each, in turns.")] = 5,
    seconds: Annotated[float, typer.Option(metavar="S", min=0.5, help="Seconds a round.")] = 5.0,
) -> None:
    """Acknowledged frames a second and their waits, beside pysiaalarm's server. Prints a table."""
    from console.bench.receive import run

    sys.exit(run(rounds, seconds))


@bench.command("desk")
def bench_desk(
    rounds: Annotated[int, typer.Option(metavar="N", min=1, help="Rounds of each, in turns.")] = 3,
    seconds: Annotated[float, typer.Option(metavar="S", min=0.5, help="Seconds at rest, and seconds of load.")] = 10.0,
    sites: Annotated[int, typer.Option(metavar="N", min=500, help="Sites the station knows.")] = 500,
) -> None:
    """How soon the console paints what panels send, and how it stands a load, with a real station. Prints a table."""
    from console.bench.desk import run

    sys.exit(run(rounds, seconds, sites))


@bench.command("import")
def bench_import(
    sites: Annotated[int, typer.Option(metavar="N", min=100, help="Sites that are brought in.")] = 50_000,
) -> None:
    """How long whole site files take to come in and go out, and what a panel waits meanwhile. Prints a table."""
    from console.bench.sites import run_import

    sys.exit(run_import(sites))


@bench.command("search")
def bench_search(
    sites: Annotated[int, typer.Option(metavar="N", min=100, help="Sites the station knows.")] = 100_000,
    rounds: Annotated[int, typer.Option(metavar="N", min=1, help="Rounds of seven searches, key by key.")] = 20,
) -> None:
    """How soon sites are found while somebody types, beside bare SQL. Prints a table."""
    from console.bench.sites import run_search

    sys.exit(run_search(sites, rounds))


@bench.command("journal")
def bench_journal(
    entries: Annotated[int, typer.Option(metavar="N", min=10_000, help="Entries in the journal.")] = 10_000_000,
    samples: Annotated[int, typer.Option(metavar="N", min=5, help="Questions of each kind.")] = 50,
    folder: Annotated[Path | None, typer.Option(help="Where the journal is made; 10 GiB for ten million.")] = None,
) -> None:
    """How soon a large journal answers a supervisor, beside bare SQL, and how fast it is verified. Prints a table."""
    from console.bench.journal import run

    sys.exit(run(entries, samples, folder))

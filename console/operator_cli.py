"""``vigie operator``: staff who can sign in, and what each can be given."""

from __future__ import annotations

import sys
from typing import Annotated, Optional

import typer

from console.cli_words import DatabaseOption, DataOption, UsageError, place, yes_no

operator = typer.Typer(help="Staff who can sign in.", no_args_is_help=True)


@operator.command("add")
def operator_add(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    role: Annotated[
        list[str],
        typer.Option("--role", metavar="operator|service-desk|supervisor|administrator", help="May be given again."),
    ],
    data: DataOption = None,
    database: DatabaseOption = None,
    full_name: Annotated[Optional[str], typer.Option("--full-name", help="The name shown to others.")] = None,  # noqa: UP045
) -> None:
    """Add a member of staff. Asks for the password on a terminal, else reads one line from standard input."""
    from console.station.registry_command import add_operator
    from models.records import StaffRole

    try:
        roles = tuple(StaffRole(given) for given in role)
    except ValueError:
        raise UsageError("--role: operator, service-desk, supervisor or administrator") from None
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise UsageError("the password is empty")
    sys.exit(add_operator(place(data, database), name, full_name or name, roles, password))


@operator.command("skills")
def operator_skills(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    data: DataOption = None,
    database: DatabaseOption = None,
    language: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--language", metavar="NL", help="Repeatable; these alone. An empty one: all."),
    ] = None,
    class_: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--class",
            metavar="life safety|intrusion|technical|supervision|service",
            help="Kinds of alarm. Repeatable; these alone. An empty one: all.",
        ),
    ] = None,
    group: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--group", metavar="NAME", help="Customer groups. Repeatable; these alone. An empty one: all."),
    ] = None,
    trainee: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="yes|no", help="A trainee is given no Emergency while another can take it."),
    ] = None,
) -> None:
    """What F1 can give somebody. What is not named stays as it is set; who has nothing set is given everything."""
    from console.station.registry_command import set_skills
    from models.records import AlarmClass

    try:
        classes = None if class_ is None else tuple(AlarmClass(one) for one in class_ if one)
    except ValueError:
        raise UsageError(f"--class: {', '.join(one.value for one in AlarmClass)}") from None
    languages = None if language is None else tuple(language)
    groups = None if group is None else tuple(group)
    sys.exit(set_skills(place(data, database), name, languages, classes, groups, yes_no("--trainee", trainee)))

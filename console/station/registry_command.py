"""``vigie account set``, ``vigie operator add`` and ``vigie operator skills``: each answers with an exit status."""

from __future__ import annotations

import asyncio
from pathlib import Path

from console.station.acts import registry
from console.station.control import AccountRequest, OperatorRequest, Request, SkillsRequest
from console.station.errand import ErrandFailed, do
from console.station.passwords import hash_password
from console.station.subcommand import say, who
from models.records import AlarmClass, StaffRole


def set_account(place: Path | str, settings: registry.AccountSettings) -> int:
    """``vigie account set``."""
    return _ask(place, AccountRequest(who=who(), settings=settings), f"Account {settings.account.upper()} is set.")


def add_operator(place: Path | str, login: str, name: str, roles: tuple[StaffRole, ...], password: str) -> int:
    """``vigie operator add``."""
    operator = registry.NewOperator(login, name, roles, hash_password(password))
    return _ask(place, OperatorRequest(who=who(), operator=operator), f"Operator {login.lower()} is added.")


def set_skills(
    place: Path | str,
    login: str,
    languages: tuple[str, ...] | None,
    classes: tuple[AlarmClass, ...] | None,
    groups: tuple[str, ...] | None,
    trainee: bool | None,
) -> int:
    """``vigie operator skills``."""
    request = SkillsRequest(
        who=who(), login=login, languages=languages, classes=classes, groups=groups, trainee=trainee
    )
    return _ask(place, request, f"What {login.lower()} can be given is set.")


def _ask(place: Path | str, request: Request, done: str) -> int:
    """Have a running station do something, or do it here with the folder locked."""
    try:
        asyncio.run(do(place, request))
    except ErrandFailed as error:
        say(str(error))
        return error.status
    print(done)
    return 0

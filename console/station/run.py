"""What the station's subcommands do, once their words are parsed. Each answers with an exit status."""

from __future__ import annotations

import asyncio
import gc
import getpass
import json
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from console.station import log
from console.station.acts import registry
from console.station.api.control import AccountRequest, OperatorRequest, SkillsRequest
from console.station.clock import SystemClock
from console.station.errand import ErrandFailed, do
from console.station.exchange import ExchangeSettings
from console.station.folder import DataFolder, FolderInUse, FolderRefused, default_folder
from console.station.http_server import Address
from console.station.mail.settings import MailSettings
from console.station.passwords import hash_password
from console.station.receiver import PortTaken
from console.station.rules.profile import DEFAULT_PROFILE, Profile
from console.station.service import SOURCE_RATE, Settings, Station, StationRefused
from console.station.store import archives
from console.station.store import export as journal_export
from console.station.store.database import Database, DatabaseRefused
from console.station.store.secrets import SecretsRefused
from models.records import AlarmClass, StaffRole

T = TypeVar("T")
IN_USE, REFUSED, BROKEN, UNREADABLE = 3, 1, 1, 2


def say(sentence: str) -> None:
    """A sentence on standard error."""
    print(f"vigie: {sentence}", file=sys.stderr)


def run_station(
    data: Path | None,
    database: str | None,
    dc09: str,
    http: str,
    tls_cert: Path | None,
    tls_key: Path | None,
    demo: str | None = None,
    time_window: tuple[int | None, int | None] = (None, None),
    source_rate: float = SOURCE_RATE,
    exchange: ExchangeSettings | None = None,
    archive_after: int = 0,
    mail: MailSettings | None = None,
) -> int:
    """``vigie station``: until SIGTERM or SIGINT. ``time_window``: seconds behind and ahead, -1 for unchecked.

    ``source_rate``: frames a second that one address may send for long, 0 for no limit.
    """
    log.to_standard_error()
    try:
        settings = Settings(
            folder=None if database is not None else DataFolder(data or default_folder()),
            database_url=database,
            dc09=Address.parse(dc09),
            http=Address.parse(http),
            tls_cert=tls_cert,
            tls_key=tls_key,
            demo=demo,
            source_rate=source_rate,
            exchange=exchange,
            archive_after=archive_after,
            mail=mail,
        )
    except ValueError as error:
        say(f"{error}.")
        return UNREADABLE
    before, after = time_window
    profile = replace(
        DEFAULT_PROFILE,
        window_before_s=DEFAULT_PROFILE.window_before_s if before is None else before,
        window_after_s=DEFAULT_PROFILE.window_after_s if after is None else after,
    )
    return _with_fast_loop(lambda: _serve(settings, profile))


def _with_fast_loop(work: Callable[[], object]) -> int:
    try:
        import uvloop
    except ImportError:
        factory = None
    else:
        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(work())  # type: ignore[arg-type]


async def _serve(settings: Settings, profile: Profile) -> int:
    station = Station(settings, SystemClock(), profile)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    try:
        dc09, http = await station.start()
    except FolderInUse as error:
        say(str(error))
        return IN_USE
    except (FolderRefused, StationRefused, PortTaken, DatabaseRefused, SecretsRefused) as error:
        say(str(error))
        return REFUSED
    except (SQLAlchemyError, OSError) as error:
        say(f"The database cannot be used: {_first_line(error)}")
        return REFUSED
    spare_long_pauses()
    print(f"ready dc09={dc09} http={http}", flush=True)
    assert station.failed is not None
    waiting = asyncio.ensure_future(stopping.wait())
    ends: set[asyncio.Future[Any]] = {waiting, station.failed}
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    broken = station.failed.done()
    waiting.cancel()
    await station.stop()
    if broken:
        say("A part of the station ended unexpectedly; the station stops so that it can be started anew.")
        return REFUSED
    if station.sealer.trouble:
        say(f"{station.sealer.trouble} Everything acknowledged is in the journal; the next start seals it.")
        return REFUSED
    return 0


def spare_long_pauses() -> None:
    """What is there after the start stays: looked through by the collector it would halt everything, ACKs included.

    Rubbish that comes later is found as ever, in fewer and still short rounds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)


def export_journal(place: Path | str, format_: str, selection: journal_export.Selection) -> int:
    """``vigie journal export`` to standard output."""
    write = journal_export.write_csv if format_ == "csv" else journal_export.write_jsonl
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]

    def query(connection: Connection) -> int:
        say_archived(connection)
        write(journal_export.entries(connection, selection), sys.stdout)
        sys.stdout.flush()
        return 0

    return reading(place, query)


def say_archived(connection: Connection) -> None:
    """Say which entries left the live tables: an export of those is not of them."""
    edge = archives.cut(connection)
    if edge:
        say(f"Entries 1 to {edge} are in archives, sealed files of their own; this is of what came after them.")


def set_account(place: Path | str, settings: registry.AccountSettings) -> int:
    """``vigie account set``."""
    return errand(place, AccountRequest(who=who(), settings=settings), f"Account {settings.account.upper()} is set.")


def add_operator(place: Path | str, login: str, name: str, roles: tuple[StaffRole, ...], password: str) -> int:
    """``vigie operator add``."""
    operator = registry.NewOperator(login, name, roles, hash_password(password))
    return errand(place, OperatorRequest(who=who(), operator=operator), f"Operator {login.lower()} is added.")


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
    return errand(place, request, f"What {login.lower()} can be given is set.")


def errand(place: Path | str, request: object, done: str) -> int:
    """Have a running station do something, or do it here with the folder locked."""
    try:
        asyncio.run(do(place, request))  # type: ignore[arg-type]
    except ErrandFailed as error:
        say(str(error))
        return error.status
    print(done)
    return 0


def who() -> str:
    """The user at this machine, for the journal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def reading(place: Path | str, query: Callable[[Connection], int]) -> int:
    """Run ``query`` on one snapshot of a journal, with and without a running station; its exit status."""

    async def read() -> int:
        if isinstance(place, Path):
            folder = DataFolder(place)
            if not folder.database.is_file():
                say(f"There is no station's database in {place}.")
                return UNREADABLE
            database = Database.sqlite(folder.database)
        else:
            database = Database.postgres(place)
        try:
            return await database.read(query)
        finally:
            await database.close()

    try:
        return asyncio.run(read())
    except DatabaseRefused as error:
        say(str(error))
    except BrokenPipeError:
        raise
    except (SQLAlchemyError, OSError) as error:
        say(f"The journal cannot be read: {_first_line(error)}")
    except (json.JSONDecodeError, TypeError, ValueError) as error:
        say(f"The journal holds something that is not an entry: {error}")
    return UNREADABLE


def _first_line(error: Exception) -> str:
    return (str(getattr(error, "orig", error)).splitlines() or [type(error).__name__])[0]

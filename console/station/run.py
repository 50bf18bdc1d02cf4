"""``vigie station``: a station from its start to a signal that ends it. Answers with an exit status."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from console.station import log
from console.station.clock import SystemClock
from console.station.exchange import ExchangeSettings
from console.station.folder import DataFolder, FolderInUse, FolderRefused, default_folder, make_private
from console.station.http_server import Address
from console.station.mail.settings import MailSettings
from console.station.receiver import PortTaken
from console.station.rules.profile import DEFAULT_PROFILE, Profile
from console.station.service import SOURCE_RATE, Settings, Station, StationRefused
from console.station.store import faults
from console.station.store.database import DatabaseRefused, postgres_url
from console.station.store.secrets import SecretsRefused, folder_for_url
from console.station.subcommand import IN_USE, REFUSED, UNREADABLE, say


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
        if settings.database_url is not None:
            # Its keys and archives; a data folder is looked after where it is made.
            make_private(folder_for_url(postgres_url(settings.database_url)))
        dc09, http = await station.start()
    except FolderInUse as error:
        say(str(error))
        return IN_USE
    except (FolderRefused, StationRefused, PortTaken, DatabaseRefused, SecretsRefused) as error:
        say(str(error))
        return REFUSED
    except (SQLAlchemyError, OSError) as error:
        say(f"The database cannot be used: {faults.reason(error)}")
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

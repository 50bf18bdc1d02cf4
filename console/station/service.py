"""The station put together: started, run, and stopped cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets as random
import socket
import sqlite3
from collections.abc import Coroutine
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, func, select
from sqlalchemy.engine import URL

from console.station import disk, passwords
from console.station.acts.caller import STATION
from console.station.acts.supervision import limit_of
from console.station.admission import Admission, room_for_panels
from console.station.api.app import operator_api
from console.station.api.context import Parts, Setup
from console.station.api.control import control_api
from console.station.archive_places import mounted_folder
from console.station.archivist import Archivist
from console.station.clock import Clock
from console.station.directory import Directory
from console.station.duties import Duties
from console.station.exchange import Exchange, ExchangeSettings
from console.station.feed import Feed
from console.station.folder import DataFolder, FolderLock
from console.station.heartbeats import Heartbeats
from console.station.http_server import Address, HttpServer, http_config, listen
from console.station.indexer import Indexer
from console.station.intake import Intake
from console.station.mail.mailer import Mailer
from console.station.mail.settings import MailSettings
from console.station.neighbours import Neighbours
from console.station.receiver import Receiver
from console.station.rules import holidays_of
from console.station.rules.limits import Pace
from console.station.rules.profile import DEFAULT_PROFILE, Profile
from console.station.rules.supervision import Links
from console.station.rules.trouble import SKILLS, STOPPED, WARNING, Finding
from console.station.sealing import Sealer
from console.station.shared_time import SharedTime, database_now
from console.station.shelves import Shelves
from console.station.store.database import Database, postgres_url
from console.station.store.opening import open_store
from console.station.store.scribe import Scribe
from console.station.store.secrets import folder_for_url
from console.station.store.sites import SystemFacts
from console.station.tending import Tending
from console.station.tls import Certificate
from console.station.troubles import Troubles
from models.records import Beat, StationInfo
from models.tables import JournalHead, OperatorRow

_log = structlog.get_logger("vigie.station")
SOURCE_RATE = 500.0
"""Ten thousand panels behind one gateway poll at a fifth of it."""


class StationRefused(Exception):
    """The station cannot start; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a station is to run."""

    folder: DataFolder | None
    database_url: str | None
    dc09: Address
    http: Address
    source_rate: float = SOURCE_RATE
    """Frames a second that one address may send for long; 0: no limit."""
    tls_cert: Path | None = None
    tls_key: Path | None = None
    exchange: ExchangeSettings | None = None
    """The telephone exchange that makes the operators' calls; None: there is none."""
    mail: MailSettings | None = None
    """The server that takes the station's e-mail; None: it sends none."""
    archive_after: int = 0
    """Whole months of the journal that stay in the live tables; 0: all of it."""
    demo: str | None = None
    """The sentence that says that this is the demo, and how to sign in."""


class Station:
    """A running station. :meth:`start`, then wait, then :meth:`stop`."""

    def __init__(self, settings: Settings, clock: Clock, profile: Profile = DEFAULT_PROFILE) -> None:
        self._settings = settings
        self.clock = clock
        self.profile = profile
        self._lock: FolderLock | None = None
        self.tending = Tending(clock)
        self.database_now = database_now
        """Reads the clock that all stations over one PostgreSQL go by."""
        self._servers: list[HttpServer] = []
        self.certificate: Certificate | None = None
        self._scribe_task: asyncio.Task[None] | None = None
        self.failed: asyncio.Future[None] | None = None
        """Fails when a part of the station ended that must not."""

    async def start(self) -> tuple[Address, Address]:
        """Open everything; returns the real DC-09 and HTTP addresses. Refusals carry a sentence."""
        self._check_tls()
        self.failed = asyncio.get_running_loop().create_future()
        await self._open_store()
        self.shared_time = SharedTime(self.database, self.clock, self.database_now)
        if self._url is not None:
            # Before anything is written with a time.
            await self.shared_time.measure()
        self._build()
        await self._know_systems()
        await self.scribe.recall()
        self._scribe_task = self._keep(self.scribe.run())
        await self.scribe.act(lambda ledger: ledger.append("station-started", STATION, "The station started"))
        http = await self._serve_http()
        await self._serve_control()
        # Before anything is heard: beside panels that send, it made them wait for a third of a second.
        await asyncio.to_thread(holidays_of.make_ready)
        await asyncio.to_thread(passwords.make_ready)
        host, port = await self.receiver.start(self._settings.dc09.host, self._settings.dc09.port)
        self.tending.begin("time", self.duties.run)
        self.tending.begin("sealing", lambda: self.sealer.run(self.heartbeats))
        self.tending.begin("the index of words", self.indexer.run)
        if self._url is not None:
            self.troubles.place = f"{socket.gethostname()} {port}"
        self.tending.begin("the station's own troubles", self.troubles.run)
        if self.exchange is not None:
            self.tending.begin("telephone", self.exchange.run)
        if self.mailer is not None:
            self.tending.begin("e-mail", self.mailer.run)
        if self.archivist is not None:
            self.tending.begin("archives", self.archivist.run)
        if self.certificate is not None:
            certificate = self.certificate
            self.tending.begin("the certificate", lambda: certificate.run(self.heartbeats))
        if self._url is not None:
            neighbours = Neighbours(
                self._url,
                self.database,
                self.feed,
                self.heartbeats,
                since=self._at[0],
                changed=self.accounts_changed,
            )
            self.tending.begin("the other stations", neighbours.run)
            self.tending.begin("clocks", lambda: self.shared_time.run(self.heartbeats))
        self._write_address(http)
        return Address(host, port), http

    async def stop(self) -> None:
        """End cleanly: take no more, write what was taken, seal the journal, let go of the folder."""
        await self.receiver.stop()
        await self.tending.end()
        if self.exchange is not None:
            await self.exchange.close()
        await self.feed.close()
        for server in self._servers:
            server.end()
        await asyncio.gather(*(server.done for server in self._servers), return_exceptions=True)
        with contextlib.suppress(Exception):
            await self.scribe.act(lambda ledger: ledger.append("station-stopped", STATION, "The station stopped"))
        self.scribe.stop()
        if self._scribe_task is not None:
            # Waited for, not awaited: one that failed was told already, and the rest must still be let go of.
            await asyncio.wait([self._scribe_task])
        self.receiver.close()
        await asyncio.to_thread(self.sealer.seal)
        await self._let_go()

    async def _let_go(self) -> None:
        await self.parts.shelves.close()
        await self.database.close()
        folder = self._settings.folder
        if folder is not None:
            for file in (folder.address, folder.control):
                try:
                    file.unlink(missing_ok=True)
                except OSError as error:
                    # Left behind, and overwritten at the next start: no reason to end otherwise than clean.
                    _log.error("not removed", file=file.name, error=error.strerror)
        if self._lock is not None:
            self._lock.release()

    @property
    def _place(self) -> Path | str:
        """As subcommands name it."""
        folder, url = self._settings.folder, self._settings.database_url
        return folder.path if folder is not None else url or ""

    def _check_tls(self) -> None:
        if not self._settings.http.loopback and (self._settings.tls_cert is None or self._settings.tls_key is None):
            raise StationRefused(
                f"--http {self._settings.http} can be reached from other machines: give --tls-cert and --tls-key."
            )

    async def _open_store(self) -> None:
        self._url: URL | None = None
        folder = self._settings.folder
        if folder is not None:
            folder.create()
            self._lock = folder.lock()
            self.database = Database.sqlite(folder.database)
            keys = folder.secrets
        else:
            assert self._settings.database_url is not None
            self._url = postgres_url(self._settings.database_url)
            self.database = Database.postgres(self._url)
            keys = folder_for_url(self._url)
        self.secrets, self.journal_id = await open_store(self.database, keys)
        self._at = await self.database.read(_where)

    def _build(self) -> None:
        self.feed = Feed(self.database, self.profile)
        self.feed.begin(self._at[0])
        self.heartbeats = Heartbeats(self.clock)
        self.sealer = Sealer(self.secrets, self.journal_id, self.clock)
        self.sealer.stands(self._at[0], self._at[1])
        self.sealer.seal()
        self.scribe = Scribe(self.database, self.clock, self.profile, written=self._written, refusal=self._refusal)
        self.indexer = Indexer(self.database, self.heartbeats, lambda: self.feed.seq, self._has_room)
        self.directory = Directory(self.database, self.clock, self._came)
        self.links = Links()
        self.intake = Intake(self.directory, self.secrets, self.clock, self.profile, self.links)
        room, self.few_files = room_for_panels()
        if self.few_files:
            _log.warning(self.few_files)
        self.receiver = Receiver(
            self.intake, self.scribe, Pace(self._settings.source_rate), admission=Admission(most=room)
        )
        self.exchange = self._exchange()
        months = self._settings.archive_after
        self.archivist = Archivist(self._place, months, self.heartbeats) if months else None
        self.parts = Parts(
            database=self.database,
            scribe=self.scribe,
            feed=self.feed,
            clock=self.clock,
            profile=self.profile,
            secrets=self.secrets,
            journal_id=self.journal_id,
            info=self.info,
            beat=self.beat,
            setup=self._setup(),
            accounts_changed=self.accounts_changed,
            sealed_to=lambda: self.sealer.sealed_to,
            exchange=self.exchange,
            offers=lambda: self.duties.offers,
            shelves=Shelves(mounted_folder(self._place)),
            mail=self._settings.mail,
        )
        self.mailer = self._mailer()
        self.duties = Duties(
            self.database,
            self.scribe,
            self.clock,
            self.profile,
            self.parts.life_signs,
            self.links,
            self.heartbeats,
        )
        self.troubles = Troubles(self.database, self.scribe, self.clock, self.heartbeats, self._findings)

    def _mailer(self) -> Mailer | None:
        settings = self._settings.mail
        if settings is None:
            return None
        return Mailer(
            settings, self.database, self.scribe, self.clock, self.profile, self.heartbeats, self.parts.shelves
        )

    def _exchange(self) -> Exchange | None:
        settings = self._settings
        if settings.exchange is None:
            return None
        # The same after a restart, another for each station at one exchange: it hands an application to the last comer.
        where = f"{self.journal_id} {socket.gethostname()} {settings.http}"
        app = f"vigie-{sha256(where.encode()).hexdigest()[:12]}"
        return Exchange(
            settings.exchange, app, self.database, self.scribe, self.clock, self.heartbeats, self.feed.nudge
        )

    def _setup(self) -> Setup:
        file = self.secrets.folder / "first-run.token"
        if self._at[2]:
            file.unlink(missing_ok=True)
            return Setup(None, lambda: None)
        token = random.token_urlsafe(24)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(descriptor, token.encode())
        os.close(descriptor)

        def used() -> None:
            file.unlink(missing_ok=True)
            self.parts.setup.token = None

        return Setup(token, used)

    async def _written(self, seq: int, hash_: str) -> None:
        self.sealer.stands(seq, hash_)
        await self.feed.grew(seq)

    def info(self) -> StationInfo:
        """Who answers; nothing about sites."""
        now = self.clock.now()
        alive = [sign for sign in self.parts.life_signs.values() if (now - sign.at).total_seconds() < 20]
        return StationInfo(
            name="main",
            version=version("vigie"),
            journal=self.journal_id,
            database=self.database.dialect,
            sqlite=sqlite3.sqlite_version if self.database.dialect == "sqlite" else None,
            demo=self._settings.demo,
            setup_open=self.parts.setup.token is not None,
            signed_in=len(alive),
            exchange=self.exchange is not None,
        )

    def beat(self) -> Beat:
        """What the feed says every second."""
        return Beat(
            at=self.clock.now(),
            last_signal_at=self.intake.tally.last_signal_at,
            seq=self.feed.seq,
            refused=self.intake.tally.refused.total(),
            refusing=self.intake.tally.refusals.line(),
            # Skills that nobody has are the supervisors' to hear, and an alarm in the queue.
            findings=tuple(finding.text for finding in self._findings() if finding.subject != SKILLS),
            calls=self.exchange.lines() if self.exchange is not None else (),
        )

    def _has_room(self) -> bool:
        return self._settings.folder is None or disk.trouble(self._settings.folder.path) is None

    def _refusal(self) -> str | None:
        return None if self._settings.folder is None else disk.refusal(self._settings.folder.path)

    def _findings(self) -> list[Finding]:
        """What is wrong with the station itself, now."""
        certificate = None if self.certificate is None else self.certificate.trouble(self.clock.now())
        room = None if self._settings.folder is None else disk.trouble(self._settings.folder.path)
        told = (
            ("writing", STOPPED, self.scribe.trouble or self.scribe.stuck()),
            ("signals", STOPPED, self.scribe.unshown()),
            ("delay", WARNING, self.scribe.behind()),
            ("sealing", STOPPED, self.sealer.trouble),
            ("disk", WARNING, room),
            ("certificate", WARNING, certificate),
            ("clock", WARNING, self.shared_time.trouble()),
            ("files", WARNING, self.few_files or None),
            ("archives", WARNING, None if self.archivist is None else self.archivist.trouble),
            ("telephone", WARNING, None if self.exchange is None else self.exchange.trouble()),
        )
        return [
            *(Finding(subject, subject, text, kind) for subject, kind, text in told if text),
            *(Finding("duties", duty, text) for duty, text in self.heartbeats.silent().items()),
            *(Finding("duties", f"{name} broke off", text) for name, text in self.tending.told().items()),
            *(Finding("audit", text.partition(" ")[0], text) for text in self.duties.audited),
            *(Finding("duties", duty, text) for duty, text in self.duties.failing.items()),
            *(Finding("call lists", alarm, text) for alarm, text in list(self.parts.unshown.items())),
            *(Finding(SKILLS, words, text, WARNING) for words, text in self.duties.offers.missing().items()),
        ]

    async def _serve_http(self) -> Address:
        settings = self._settings
        try:
            sock = listen(settings.http)
        except OSError as error:
            raise StationRefused(
                f"The HTTP address {settings.http} cannot be opened: {error.strerror or error}."
            ) from error
        config = http_config(
            operator_api(self.parts),
            server_header=False,
            ssl_certfile=settings.tls_cert,
            ssl_keyfile=settings.tls_key,
        )
        try:
            server = HttpServer(config)
            config.load()
            if config.ssl is not None and settings.tls_cert is not None and settings.tls_key is not None:
                self.certificate = Certificate(settings.tls_cert, settings.tls_key, config.ssl)
        except (OSError, ValueError) as error:
            raise StationRefused(f"The TLS certificate or key cannot be used: {error}.") from error
        self._servers.append(server)
        server.start([sock])
        host, port = sock.getsockname()[:2]
        return Address(host, port)

    async def _serve_control(self) -> None:
        folder = self._settings.folder
        if folder is None:
            return
        folder.control.unlink(missing_ok=True)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        old = os.umask(0o177)
        try:
            sock.bind(str(folder.control))
        except OSError as error:
            raise StationRefused(
                f"The local socket {folder.control} cannot be opened: {error.strerror or error}. "
                "A shorter path for the data folder may help."
            ) from error
        finally:
            os.umask(old)
        server = HttpServer(http_config(control_api(self.database, self.scribe, self.secrets, self.accounts_changed)))
        self._servers.append(server)
        server.start([sock])

    async def _know_systems(self) -> None:
        await self.directory.load()
        limits, lost = {}, []
        for system in self.directory.all():
            limit = limit_of(system, self.profile)
            if limit is not None:
                limits[system.account] = limit
            if system.link_lost_at is not None:
                lost.append(system.account)
        self.links.watch(limits, lost, self.clock.monotonic())

    def _came(self, system: SystemFacts) -> None:
        """Brought in by another station over the same database: supervised from now on, not from the next reload."""
        limit = limit_of(system, self.profile)
        if limit is not None:
            self.links.watch_also(system.account, limit, self.clock.monotonic(), lost=system.link_lost_at is not None)

    async def accounts_changed(self) -> None:
        """Accounts, sites or staff were changed: what is kept of them in memory is read anew."""
        await self._know_systems()
        if self.parts.setup.token is not None and (await self.database.read(_where))[2]:
            self.parts.setup.used()

    def _write_address(self, http: Address) -> None:
        folder = self._settings.folder
        if folder is None:
            return
        scheme = "https" if self._settings.tls_cert else "http"
        draft = folder.address.with_suffix(".new")
        draft.write_text(json.dumps({"http": f"{scheme}://{http}", "pid": os.getpid()}))
        draft.replace(folder.address)

    def _keep(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """The writer of the journal: a station without one ends, so that it is started anew."""
        task = asyncio.get_running_loop().create_task(work)

        def ended(done: asyncio.Task[None]) -> None:
            if done.cancelled() or done.exception() is None:
                return
            _log.critical("a part of the station ended", exc_info=done.exception())
            if self.failed is not None and not self.failed.done():
                self.failed.set_exception(done.exception() or RuntimeError("a part of the station ended"))

        task.add_done_callback(ended)
        return task


def _where(connection: Connection) -> tuple[int, str, int]:
    head = connection.execute(select(JournalHead.seq, JournalHead.hash)).one()
    operators = connection.execute(select(func.count()).select_from(OperatorRow)).scalar_one()
    return head.seq, head.hash, operators

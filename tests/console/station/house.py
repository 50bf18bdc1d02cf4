"""A whole station inside the test's process: real database, real sockets, and a clock that only the test moves."""

from __future__ import annotations

import asyncio
import faulthandler
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from console.station.acts import registry
from console.station.acts.registry import NewContact, NewOperator, NewSite, NewSystem
from console.station.clock import MovedClock
from console.station.exchange import ExchangeSettings
from console.station.folder import DataFolder
from console.station.http_server import Address
from console.station.mail.settings import MailSettings
from console.station.passwords import hash_password
from console.station.rules.alarm import Alarm
from console.station.rules.profile import DEFAULT_PROFILE, Profile
from console.station.service import Settings, Station
from console.station.store import alarms as alarm_store
from console.station.store import export, standing
from models.records import ContactRight, StaffRole
from tests.databases import migrated_folder
from tests.frames import frame

START = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
AWAKE = replace(DEFAULT_PROFILE, unused_lock_s=10**9, silent_session_s=10**9)
"""Hours pass in a line, with nobody at the keys: no workstation locks itself, and no session ends by that.

``test_locked.py`` asks what happens otherwise.
"""
HASHED = hash_password(PASSWORD)

MAY_CANCEL = (ContactRight.CANCEL,)
SITE = NewSite(
    id="S1",
    name="Bakkerij Peeters",
    street="Kerkstraat 1",
    postcode="9000",
    town="Gent",
    premises_number="+32 9 555 01 00",
    systems=(NewSystem("1001", None, True),),
    areas=(("1", "Winkel"), ("2", "Atelier")),
    zones=(("1", "7", "PIR winkel", "motion"), ("1", "9", "Achterdeur", "door"), ("2", "11", "Rook", "smoke")),
    contacts=(
        NewContact(
            "An Peeters",
            (("mobile", "+32 470 55 50 01"), ("home", "+32 9 555 01 01")),
            "tulp",
            "roos",
            rights=MAY_CANCEL,
        ),
        NewContact("Bert Maes", (("mobile", "+32 470 55 50 02"),), "distel"),
    ),
)


def site(number: str, account: str, **changes: Any) -> NewSite:
    """Another site with one system in clear and nothing else."""
    return NewSite(**{"id": number, "name": f"Site {number}", "systems": (NewSystem(account, None, True),), **changes})


@dataclass
class Line:
    """A panel's TCP connection to the real port."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, *frames: bytes) -> bytes:
        """Send, and give the first reply."""
        self.writer.write(b"".join(frames))
        return await self.reply()

    async def reply(self) -> bytes:
        """The next reply, whole."""
        # Not wait_for: on Python 3.11 it can swallow the cancellation of whoever waits for something else around it.
        try:
            # Not as a measure: a disk that other tests fill and unmount may hold a sync for many seconds.
            async with asyncio.timeout(60):
                first = await self.reader.readexactly(1)
                return first if first == b"\x06" else first + await self.reader.readuntil(b"\r")
        except TimeoutError:
            # Seen twice in whole runs when it was 10 s, and never while anybody looked: what stands still is told.
            faulthandler.dump_traceback()
            for task in asyncio.all_tasks():
                task.print_stack()
            raise

    async def unanswered(self, *frames: bytes, poll: str = "ABCDEF") -> bool:
        """Whether none of ``frames`` is answered: replies come in order, so a poll behind them tells."""
        return await self.say(*frames, frame(f'"NULL"0000L0#{poll}[]')) == frame(f'"ACK"0000L0#{poll}[]')


@dataclass
class Seat:
    """A signed-in member of staff at a workstation."""

    login: str
    workstation: str
    client: httpx.AsyncClient

    async def act(self, alarm: str, which: str, /, **body: Any) -> httpx.Response:
        """One of the acts on an alarm."""
        return await self.client.post(f"/v1/alarms/{alarm}/{which}", json=body)

    async def test_on(self, site: str, /, **body: Any) -> httpx.Response:
        """Put a site in test: the whole of it and by the station's own wish, where ``body`` says nothing else."""
        return await self.client.post(f"/v1/sites/{site}/tests", json={"why": "works", **body})

    async def tests(self, site: str) -> list[dict[str, Any]]:
        """The tests that run at a site."""
        picture = (await self.client.get("/v1/picture")).json()
        return [test for test in picture["tests"] if test["site"]["id"] == site]

    async def test_off(self, site: str, /, **body: Any) -> httpx.Response:
        """Take a site out of its oldest test; what is still in alarm there is left, where ``body`` says nothing."""
        [test, *_others] = await self.tests(site)
        return await self.client.post(f"/v1/tests/{test['id']}/end", json={"still": "leave", **body})

    async def skip_all(self, alarm: str) -> None:
        """Skip everybody on the call list, then do what it says where nobody was reached."""
        path = f"/v1/alarms/{alarm}"
        for step in (await self.client.get(path)).json()["plan"]["steps"]:
            await self.act(alarm, "call", step=step["key"], outcome="skipped", why="test")
        for step in (await self.client.get(path)).json()["plan"]["steps"]:
            if step["state"] == "current":
                answer = await self.act(alarm, "step", step=step["key"])
                assert answer.status_code == 200, answer.text

    async def take_next(self, **body: Any) -> httpx.Response:
        """F1."""
        return await self.client.post("/v1/alarms/take-next", json=body)

    async def beat(self, **body: Any) -> None:
        """A sign of life."""
        answer = await self.client.post("/v1/session/beat", json=body)
        assert answer.status_code == 200, answer.text

    async def picture(self) -> dict[str, Any]:
        """How everything stands."""
        answer = await self.client.get("/v1/picture")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@dataclass
class House:
    """The running station and everything a test does with it."""

    station: Station
    clock: MovedClock
    dc09: Address
    http: Address
    by_hand: bool = False
    """The test wrote into the tables past every act, so that they differ from the journal."""
    # One for all clients: making one takes longer than what is tested.
    _transport: httpx.AsyncHTTPTransport = field(default_factory=lambda: httpx.AsyncHTTPTransport(verify=False))
    _clients: list[httpx.AsyncClient] = field(default_factory=list)
    _lines: list[Line] = field(default_factory=list)

    async def line(self) -> Line:
        """Dial in."""
        line = Line(*await asyncio.open_connection(self.dc09.host, self.dc09.port))
        self._lines.append(line)
        return line

    async def send(self, *frames: bytes) -> list[bytes]:
        """Send each frame on one connection and give the replies."""
        line = await self.line()
        return [await line.say(one) for one in frames]

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        """An HTTP client, signed in or not."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        client = httpx.AsyncClient(
            base_url=f"http://{self.http}", headers=headers, timeout=120, transport=self._transport
        )
        self._clients.append(client)
        return client

    async def staff(self, login: str, *roles: StaffRole, name: str | None = None) -> None:
        """Add a member of staff."""
        person = NewOperator(login, name or login.capitalize(), roles or (StaffRole.OPERATOR,), HASHED)
        await self.station.scribe.act(lambda ledger: registry.add_operator(ledger, registry.local("test"), person))

    async def sign_in(self, login: str, workstation: str) -> Seat:
        """Sign in over HTTP."""
        answer = await self.client().post(
            "/v1/session", json={"operator": login, "password": PASSWORD, "workstation": workstation}
        )
        assert answer.status_code == 200, answer.text
        return Seat(login, workstation, self.client(answer.json()["token"]))

    async def seat(self, login: str, *roles: StaffRole, workstation: str | None = None) -> Seat:
        """Add a member of staff and sign them in at a workstation of their own."""
        await self.staff(login, *roles)
        return await self.sign_in(login, workstation or f"WS-{login}")

    async def bring_in(self, *sites: NewSite) -> None:
        """Import sites as a subcommand would."""
        await self.station.scribe.act(
            lambda ledger: registry.import_sites(ledger, self.station.secrets, registry.local("test"), sites, "test")
        )
        await self.station.accounts_changed()

    async def entries(self, *kinds: str) -> list[dict[str, Any]]:
        """The journal as it is exported; of some kinds alone where given."""
        found = await self.station.database.read(lambda c: list(export.entries(c, export.Selection())))
        return [entry for entry in found if not kinds or entry["kind"] in kinds]

    async def alarms(self) -> list[Alarm]:
        """The open alarms, the most urgent first."""
        found = await self.station.database.read(alarm_store.all_open)
        return sorted(found, key=lambda alarm: alarm.urgency)

    async def alarm(self, identifier: str) -> Alarm:
        """One alarm, open or closed."""
        found = await self.station.database.read(lambda c: alarm_store.by_id(c, identifier))
        assert found is not None
        return found

    async def pass_time(self, seconds: int, *alive: Seat) -> None:
        """Let time pass, the last seconds one by one; the duties are done and ``alive`` workstations beat."""
        left = seconds
        while left > 0:
            step = 5 if left > 5 else 1
            left -= step
            self.clock.move(step)
            if step == 5:
                for seat in alive:
                    await seat.beat()
            await self.station.duties.second()

    async def jump(self, seconds: int, *alive: Seat) -> None:
        """Let time pass at once to five seconds before its end, then second by second.

        For hours in which nothing is due before their end: :meth:`pass_time` costs the processor 15 s an hour.
        """
        self.clock.move(seconds - 5)
        for seat in alive:
            await seat.beat()
        await self.station.duties.second()
        await self.pass_time(5, *alive)

    async def audit(self, *alive: Seat) -> tuple[str, ...]:
        """What the auditor finds now."""
        # These live by real time: the clock that was moved says nothing of them.
        for duty in ("listening to the other stations", "comparing clocks"):
            self.station.heartbeats.beat(duty)
        for seat in alive:
            await seat.beat()
        for _ in range(10):
            await self.station.duties.second()
        return self.station.beat().findings

    async def leave(self) -> None:
        """Close what was opened and stop the station."""
        for line in self._lines:
            line.writer.close()
        for client in self._clients:
            await client.aclose()
        # A failed test no longer has pytest's own limit: a station that does not stop must not stop the rest.
        async with asyncio.timeout(60):
            different = [] if self.by_hand else await self.station.database.read(lambda c: [*standing.differences(c)])
            await self.station.stop()
        # Whatever a test did: what the tables say is what the journal tells (I5).
        assert different == []


@asynccontextmanager
async def open_house(
    place: Path | str,
    profile: Profile = AWAKE,
    exchange: ExchangeSettings | None = None,
    start: datetime = START,
    mail: MailSettings | None = None,
    database_clock: MovedClock | None = None,
) -> AsyncIterator[House]:
    """Start a station on ``place``. Its background second is the test's to call: see ``conftest.py``.

    ``database_clock``: the clock of the database; the station follows it then. Without one both are right.
    """
    settings = Settings(
        folder=DataFolder(migrated_folder(place)) if isinstance(place, Path) else None,
        database_url=None if isinstance(place, Path) else place,
        dc09=Address("127.0.0.1", 0),
        http=Address("127.0.0.1", 0),
        exchange=exchange,
        mail=mail,
    )
    clock = MovedClock(start, follows=database_clock is not None)
    station = Station(settings, clock, profile)
    station.database_now = lambda _connection: (database_clock or clock).own()
    house = House(station, clock, *await station.start())
    try:
        yield house
    finally:
        await house.leave()

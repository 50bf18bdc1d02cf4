"""A random night with live stations: kills, freezes, cut connections, restarts, wrong clocks and a midnight."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from console.station.registry_command import add_operator
from console.station.site_import import import_sites
from models.records import StaffRole
from tests.chaos.actors import PASSWORD, Follower, Operator, Panel
from tests.chaos.judge import faults
from tests.databases import PostgresServer
from tests.programs import RunningStation, exported, vigie, where

SHIFTED = [sys.executable, str(Path(__file__).with_name("shifted_station.py"))]
_SITES = "site,name,account,clear_allowed,contact,phone,order\n" + "".join(
    f"S-{n},Site {n},{0xA000 + n:04X},yes,Contact {n},+3240055{n:04d},1\n" for n in range(12)
)
_LOAD = 150
"""Acknowledged signals of a night that counts."""
PANELS = [f"{0xA000 + n:04X}" for n in range(12)]


@dataclass
class Night:
    """What is there, and what is done to it."""

    place: Path | str
    server: PostgresServer | None
    seed: int
    seconds: float
    folder: Path
    stations: list[RunningStation] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    down: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        # Midnight comes in the middle of it, by the clock that all go by.
        now = datetime.now(UTC)
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        self.shift = (midnight - now).total_seconds() - self.seconds / 2

    def prepare(self) -> None:
        """Sites, operators, and the stations themselves, whose clocks are apart."""
        sites = self.folder / "sites.csv"
        sites.write_text(_SITES)
        # What the subcommands do, in this process: starting a program for each takes longer than the night.
        assert import_sites(self.place, sites, skip_bad=False, dry_run=False) == 0
        for login in ("an", "bea", "chief", "follower"):
            assert add_operator(self.place, login, login, (StaffRole.OPERATOR,), PASSWORD) == 0
        for number in range(2 if self.server else 1):
            skew = self.chance.choice((0.0, 1.0, -3.0, 25.0, -3600.0))
            clocks = {
                "VIGIE_TEST_SHARED_CLOCK": str(self.shift),
                "VIGIE_TEST_OWN_CLOCK": str(self.shift + (skew if self.server else 0.0)),
            }
            words = ["--source-rate", "0"]
            self.stations.append(RunningStation(self.place, words, before=SHIFTED, env=clocks).start())
            self.done.append(f"station {number} is {skew} s off")

    def where(self) -> list[tuple[tuple[str, int], str]]:
        """The stations that are up, as far as anybody knows."""
        return [(one.dc09, one.http) for nth, one in enumerate(self.stations) if nth not in self.down]

    def one_event(self) -> None:
        """Something happens."""
        nth = self.chance.randrange(len(self.stations))
        station = self.stations[nth]
        what = self.chance.choice(("kill", "freeze", "freeze", "backend", "restart", "stop"))
        if what in ("backend", "restart") and self.server is None:
            what = "kill"
        self.done.append(f"{what} {nth}")
        if what == "kill":
            self.down.add(nth)
            station.kill()
            self._again(nth)
        elif what == "stop":
            self.down.add(nth)
            station.process.send_signal(signal.SIGTERM)
            station.process.communicate(timeout=60)
            self._again(nth)
        elif what == "freeze":
            station.process.send_signal(signal.SIGSTOP)
            threading.Event().wait(self.chance.uniform(0.2, 5.0))
            station.process.send_signal(signal.SIGCONT)
        elif what == "backend" and self.server is not None:
            with contextlib.suppress(subprocess.CalledProcessError):
                self.server.sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'vigie%' "
                    "ORDER BY random() LIMIT 2"
                )
        elif self.server is not None:
            self.server._run("pg_ctl", "-D", str(self.server._folder / "data"), "-m", "immediate", "-w", "stop")
            self.server.start()

    def _again(self, nth: int) -> None:
        for _ in range(20):
            with contextlib.suppress(AssertionError):
                self.stations[nth].start()
                self.down.discard(nth)
                return
            threading.Event().wait(0.3)
        raise AssertionError(f"station {nth} does not start again: {self.stations[nth].log()[-2000:]}")


def play(night: Night) -> list[str]:
    """Play it to its end; what the judge found, each with what was done before it."""
    try:
        return [f"{found} (seed {night.seed}: {', '.join(night.done)})" for found in _played(night)]
    finally:
        for station in night.stations:
            if station.process.poll() is None:
                station.kill()


def _played(night: Night) -> list[str]:
    night.prepare()
    stop, told = threading.Event(), threading.Event()
    panels = [Panel(account, random.Random(f"{night.seed} {account}")) for account in PANELS]
    operators = [Operator(login, random.Random(f"{night.seed} {login}")) for login in ("an", "bea", "chief")]
    follower = Follower()
    busy = [threading.Thread(target=one.work, args=(night.where, stop)) for one in (*panels, *operators)]
    follows = threading.Thread(target=follower.work, args=(night.where, told))
    for thread in (*busy, follows):
        thread.start()
    try:
        began = time.monotonic()
        # On a machine that has other things to do for longer: without load nothing would be shown.
        while (gone := time.monotonic() - began) < night.seconds or (
            gone < 6 * night.seconds and (_load(panels) < _LOAD or not any(one.history for one in operators))
        ):
            threading.Event().wait(night.chance.uniform(0.5, 2.5))
            night.one_event()
    finally:
        stop.set()
        for thread in busy:
            thread.join(timeout=60)
        told.set()
        follows.join(timeout=30)
    found = [f"a panel is not answered any more: {one.account}" for one in panels if one.unsure is not None]
    found += judged(night, panels, operators, follower)
    for station in night.stations:
        station.stop()
    proof = vigie("journal", "verify", *where(night.place))
    if proof.returncode != 0:
        found.append(f"the journal is not whole: {proof.stdout} {proof.stderr}")
    return found


def _load(panels: Sequence[Panel]) -> int:
    return sum(len(panel.acknowledged) for panel in panels)


def judged(night: Night, panels: list[Panel], operators: list[Operator], follower: Follower) -> list[str]:
    """What is open by a station's own picture, and the judge's findings."""
    entries = exported(night.place)
    with httpx.Client(base_url=night.where()[0][1], timeout=30) as client:
        body = {"operator": "follower", "password": PASSWORD, "workstation": "WS-judge"}
        token = client.post("/v1/session", json=body).json()["token"]
        picture = client.get("/v1/picture", headers={"Authorization": f"Bearer {token}"}).json()
    open_now = [alarm["id"] for alarm in picture["alarms"]]
    acts = [act for operator in operators for act in operator.history]
    assert _load(panels) >= _LOAD / 2, "the load was no load"
    assert acts, "nobody did anything"
    return faults(entries, open_now, panels, acts, [follower])


@contextmanager
def secrets_in(folder: Path) -> Iterator[None]:
    """The keys of a PostgreSQL journal lie there, for the programs that are started."""
    before = os.environ.get("VIGIE_SECRETS")
    os.environ["VIGIE_SECRETS"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["VIGIE_SECRETS"]
        else:
            os.environ["VIGIE_SECRETS"] = before

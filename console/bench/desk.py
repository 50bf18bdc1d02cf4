"""``vigie bench desk``: how soon the console shows what panels send, and how it stands the load (performance.md)."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from console.bench import load
from console.bench.ground import Ground, on_uvloop, processor_time, spread, station
from console.bench.load import CONNECTIONS, Measured, account, frames_of
from console.bench.watched import resident
from console.simulator import signals
from console.simulator.frames import Writer

OPERATOR = ("bench", "een lange bank vooruit")
OPEN, PROBES = 500, 12
"""Alarms that are open before anything is measured; and panels whose rows are watched, all in sight at the top."""
PER_SECOND, EVERY_S = 1000.0, 0.05
_SETTLE_S = 1.0
_PAINTED_WITHIN_S = 90.0
_SCREEN = {"name": "bench", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "dpr": 1}


@dataclass(slots=True)
class Heard:
    """What one window reported of one stretch."""

    late: list[float]
    rows: list[tuple[str, int, float]]
    bytes: int

    def stalls(self) -> tuple[float, float]:
        """The lateness of the event loop that 99 of 100 moments did not exceed, and the most, in ms."""
        return _at(self.late, 0.99) * 1000, max(self.late, default=float("nan")) * 1000


@dataclass(slots=True)
class Round:
    """What one round gave; times in ms, sizes in MB."""

    bare_start: float = 0.0
    start: float = 0.0
    rest: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    unseen: int = 0
    stall: tuple[float, float] = (0.0, 0.0)
    bare_stall: tuple[float, float] = (0.0, 0.0)
    acknowledged: float = 0.0
    console_share: float = 0.0
    station_share: float = 0.0
    console: tuple[float, float] = (0.0, 0.0)
    station: tuple[float, float] = (0.0, 0.0)


class Shown:
    """A window in a process of its own."""

    def __init__(self, screen_file: Path, *words: str) -> None:
        environment = dict(os.environ)
        # As where it is installed: what was compiled once stays compiled.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if not _screen():
            environment["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen_file}"
        began = time.perf_counter()
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "console.bench.watched", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        said = self._first()
        assert said.startswith("painted "), f"no window was painted: {said!r}"
        self.start = (float(said.split()[1]) - began) * 1000
        """Milliseconds from the start of the process until it was painted."""

    def report(self) -> Heard:
        """What was seen since the last report."""
        assert self.process.stdin is not None
        self.process.stdin.write("report\n")
        self.process.stdin.flush()
        said = json.loads(self._line())
        return Heard(said["late"], [(row[0], row[1], row[2]) for row in said["rows"]], said["bytes"])

    def end(self) -> None:
        """Close it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _first(self) -> str:
        """The first line; nothing where none comes in time: a window that is not painted must not be waited for."""
        slow = threading.Timer(_PAINTED_WITHIN_S, self.process.kill)
        slow.start()
        try:
            return self._line()
        finally:
            slow.cancel()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


@contextmanager
def shown(folder: Path, *words: str) -> Iterator[Shown]:
    """A window, until it is no longer needed."""
    window = Shown(folder / "screen.json", *words)
    try:
        yield window
    finally:
        window.end()


class Probes:
    """Panels in sight: each fire signal opens a row at the top of the queue, or joins the one it opened."""

    def __init__(self, port: int, sites: int) -> None:
        self._port, self._writers = port, [Writer(account(sites + nth), "SIA-DCS") for nth in range(PROBES)]
        self._sent: dict[tuple[str, int], float] = {}
        self._count = 0

    async def send(self, seconds: float) -> None:
        """One signal each :data:`EVERY_S`; noted is when it went into the socket."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        began = time.perf_counter()
        for number in range(max(PROBES, int(seconds / EVERY_S))):
            await asyncio.sleep(max(0.0, began + number * EVERY_S - time.perf_counter()))
            panel = self._writers[self._count % PROBES]
            signal = signals.Signal(signals.FIRE, "1", str(self._count // PROBES % 8 + 1))
            nth = self._count // PROBES + 1
            frame = panel.event(signal, (nth - 1) % 9999 + 1, datetime.now(UTC))
            self._sent[panel.account, nth] = time.perf_counter()
            writer.write(frame)
            reply = await reader.readuntil(b"\r")
            assert b'ACK"' in reply, f"a watched signal was refused: {reply!r}"
            self._count += 1
        writer.close()

    def waits(self, rows: list[tuple[str, int, float]]) -> tuple[list[float], int]:
        """Milliseconds from the socket to the painted row, one a signal; and how many were never painted.

        A row that says three signals shows the second as well.
        """
        sent, self._sent = self._sent, {}
        found, unseen = [], 0
        for (panel, nth), at in sent.items():
            seen = [moment for who, count, moment in rows if who == panel and count >= nth]
            if seen:
                found.append((min(seen) - at) * 1000)
            else:
                unseen += 1
        return found, unseen


def run(rounds: int, seconds: float, sites: int = OPEN) -> int:
    """Measure and print. Exit status 0: figures are for reading, a benchmark passes no verdict."""
    sites = max(sites, OPEN)
    before = os.getloadavg()[0]
    found = [_round(seconds, sites) for _ in range(rounds)]
    screen = _screen() or "painted offscreen, 1920 × 1080"
    print(f"{rounds} rounds of {seconds:g} s at rest and {seconds:g} s of load; medians (least to most), which is also")
    print(f"how much this machine wavers. {os.cpu_count()} processors for station, console and load together, Python")
    print(f"{platform.python_version()}, {screen}. {OPEN} alarms open, {sites:,} sites; {PER_SECOND:,.0f} signals/s")
    rate = statistics.median(one.acknowledged for one in found)
    print(f"offered over {CONNECTIONS} connections, {rate:,.0f} acknowledged; one signal in {EVERY_S * 1000:.0f} ms")
    print("watched from the socket until its row was on the screen.")
    others = ", ".join(f"{load:.1f}" for load in (before, os.getloadavg()[0]))
    print(f"Processes that wanted a processor before, and after (averages of a minute): {others}.")
    unseen = sum(one.unseen for one in found)
    if unseen:
        print(f"{unseen} watched signals never came to the screen.")
    print()
    print("| the console | measured | target | |")
    print("|---|---|---|---|")
    for line in _lines(found, seconds, sites):
        print(line)
    return 0


def _screen() -> str:
    """Where the windows are shown; empty where there is no screen.

    Qt's plain offscreen screen is 800 × 800: part of the queue is never painted there, so it counts as none.
    """
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return ""
    given = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
    return next((f"{name}={os.environ[name]}" for name in given if os.environ.get(name)), "")


def _lines(found: list[Round], seconds: float, sites: int) -> Iterator[str]:
    for name, waits in (("at rest", [one.rest for one in found]), ("under the load", [one.busy for one in found])):
        middle, most = [_at(w, 0.5) for w in waits], [_at(w, 0.99) for w in waits]
        yield _line(f"socket to painted row, {name}: p50", f"{spread(middle, '.0f')} ms", "–", None)
        yield _line(f"socket to painted row, {name}: p99", f"{spread(most, '.0f')} ms", "< 100 ms", _middle(most) < 100)
    p99, most = [one.stall[0] for one in found], [one.stall[1] for one in found]
    bare = f"{spread([one.bare_stall[0] for one in found], '.1f')} ms"
    bare_most = f"{max(one.bare_stall[1] for one in found):.0f} ms"
    yield _line("event loop late, under the load: p99", f"{spread(p99, '.1f')} ms", "< 16 ms", _middle(p99) < 16)
    yield _line("the same: most", f"{spread(most, '.0f')} ms", "≤ 100 ms", max(most) <= 100)
    yield _line("a bare window beside the same load: p99, most", f"{bare}, {bare_most}", "–", None)
    console = spread([one.console_share for one in found], ".0f")
    share = spread([one.station_share for one in found], ".0f")
    yield _line("of one processor, under the load: console, station", f"{console} %, {share} %", "–", None)
    start, bare_start = [one.start for one in found], [one.bare_start for one in found]
    goal = 1000 + 1.5 * _middle(bare_start)
    yield _line(
        "process start to painted queue", f"{spread(start, ',.0f')} ms", f"< {goal:,.0f} ms", _middle(start) < goal
    )
    yield _line("a bare PySide6 window", f"{spread(bare_start, ',.0f')} ms", "–", None)
    full = sites >= 100_000 and seconds >= 3600
    for name, sizes, limit in (
        ("console", [one.console for one in found], 250),
        ("station", [one.station for one in found], 400),
    ):
        ends = [end for _, end in sizes]
        words = f"{_middle([begin for begin, _ in sizes]):.0f} to {spread(ends, '.0f')} MB"
        # An hour of load on 100,000 sites is what the target asks for; anything less only says where it stands.
        reached = max(ends) < limit if full else None
        yield _line(f"memory of the {name}, before to after", words, f"< {limit} MB", reached)
    yield _line("search as you type, 100,000 sites: p99", "see `vigie bench search`", "< 50 ms", None)


def _line(name: str, measured: str, target: str, reached: bool | None) -> str:
    said = {True: "reached", False: "not reached", None: ""}[reached]
    return f"| {name} | {measured} | {target} | {said} |"


def _middle(values: list[float]) -> float:
    return statistics.median(values)


def _at(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def _round(seconds: float, sites: int) -> Round:
    found, each = Round(), int(seconds * PER_SECOND / CONNECTIONS) + 1
    with station(_sites(sites + PROBES), OPERATOR) as ground, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "screen.json").write_text(json.dumps({"screens": [_SCREEN]}))
        on_uvloop(lambda: _open(ground))
        with shown(folder, "bare") as bare:
            found.bare_start = bare.start
            frames = [frames_of(nth, each, None, 2) for nth in range(CONNECTIONS)]
            bare.report()
            on_uvloop(lambda: load.steady("127.0.0.1", ground.port, frames, seconds, PER_SECOND))
            found.bare_stall = bare.report().stalls()
        with shown(folder, "console", ground.url, str(folder), *OPERATOR) as console:
            found.start, probes = console.start, Probes(ground.port, sites)
            _pause()
            before = console.report().bytes, resident(ground.process)
            on_uvloop(lambda: probes.send(seconds))
            found.rest, unseen = probes.waits(_rows(console))
            frames = [frames_of(nth, each, None, 2 + each) for nth in range(CONNECTIONS)]
            console.report()
            spent = processor_time(console.process.pid), processor_time(ground.process)
            measured = on_uvloop(lambda: _both(ground, frames, seconds, probes))
            found.console_share = 100 * (processor_time(console.process.pid) - spent[0]) / measured.seconds
            found.station_share = 100 * (processor_time(ground.process) - spent[1]) / measured.seconds
            heard = console.report()
            found.stall, found.acknowledged = heard.stalls(), measured.rate
            found.busy, missed = probes.waits(heard.rows + _rows(console))
            found.unseen = unseen + missed
            found.console = before[0] / 1e6, console.report().bytes / 1e6
            found.station = before[1] / 1e6, resident(ground.process) / 1e6
    return found


async def _open(ground: Ground) -> None:
    """One alarm at each of :data:`OPEN` sites."""
    reader, writer = await asyncio.open_connection("127.0.0.1", ground.port)
    for nth in range(OPEN):
        signal = signals.Signal(signals.INTRUSION, "1", "1")
        writer.write(Writer(account(nth), "SIA-DCS").event(signal, 1, datetime.now(UTC)))
        reply = await reader.readuntil(b"\r")
        assert b'ACK"' in reply, f"an alarm was refused: {reply!r}"
    writer.close()


def _sites(count: int) -> Iterator[tuple[str, ...]]:
    for nth in range(count):
        where = ("Stationsstraat 1", f"{1000 + nth % 90 * 100}", f"Town {nth % 90}")
        zone = ("1 Hall", "1 PIR hall", "motion", "A. Peeters", "+32400550101", "1", "")
        yield (f"B-{nth}", f"Bench {nth}", *where, account(nth), "", "yes", *zone)


def _rows(console: Shown) -> list[tuple[str, int, float]]:
    """The rows painted until a moment after the last signal."""
    _pause()
    return console.report().rows


def _pause() -> None:
    time.sleep(_SETTLE_S)


async def _both(ground: Ground, busy: list[list[bytes]], seconds: float, probes: Probes) -> Measured:
    measured, _ = await asyncio.gather(
        load.steady("127.0.0.1", ground.port, busy, seconds, PER_SECOND), probes.send(seconds)
    )
    return measured

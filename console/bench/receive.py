"""``vigie bench receive``: acknowledged frames a second, beside pysiaalarm in the same run (performance.md)."""

from __future__ import annotations

import os
import platform
import socket
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from console.bench import load
from console.bench.ground import Ground, on_uvloop, processor_time, spread, station, sync_cost
from console.bench.load import CONNECTIONS, Measured, account, frames_of, poll_of

KEY = b"0123456789ABCDEF"
"""pysiaalarm takes a key's letters as its bytes."""
POLLING, POLL_EVERY_S = 10_000, 90
_NOBODY = ("motion", "", "", "", "")
"""The kind of the zone, and no contact."""
Way = Callable[[str, int, list[list[bytes]], float], Coroutine[Any, Any, Measured]]


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table."""

    name: str
    connections: int
    way: Way
    key: bytes | None = None
    target: float = 0.0
    """Least ratio to the peer that performance.md asks for; 0 where it asks for none."""


CASES = (
    Case("1 connection that stays", 1, load.persistent),
    Case("50 connections that stay", CONNECTIONS, load.persistent, target=4.0),
    Case("50 connections, each frame dials anew", CONNECTIONS, load.per_frame, target=3.0),
    Case("50 connections that stay, AES-128", CONNECTIONS, load.persistent, KEY, target=3.0),
)


def run(rounds: int, seconds: float) -> int:
    """Measure and print. Exit status 0: figures are for reading, a benchmark passes no verdict."""
    try:
        import pysiaalarm  # noqa: F401
    except ImportError:
        print("vigie: the benchmarks need the development extras: uv sync", file=sys.stderr)
        return 1
    print(f"{rounds} rounds of {seconds:g} s each, in turns; medians (least to most). One load generator for all;")
    print(f"{os.cpu_count()} processors, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.")
    print("One in ten frames raises an alarm. Vigie syncs, journals, chains and routes before its ACK; pysiaalarm")
    print(f"stores nothing. One fdatasync here: {sync_cost() * 1000:.2f} ms (median of 200).")
    print()
    print("| load | Vigie frames/s | p50, p99 ms | pysiaalarm frames/s | p50, p99 ms | ratio | target |")
    print("|---|---|---|---|---|---|---|")
    for case in CASES:
        ours, theirs = _measure(case, rounds, seconds)
        print(_line(case, ours, theirs), flush=True)
    print()
    print("| beside it | Vigie (least to most) | target |")
    print("|---|---|---|")
    offered = [_offered(seconds) for _ in range(rounds)]
    waits = [measured.wait(0.99) * 1000 for measured in offered]
    refused = sum(measured.refused for measured in offered)
    print(
        f"| 1,000 frames/s offered over {CONNECTIONS} connections: p99 | {spread(waits, '.1f')} ms, {refused} refused "
        "| < 10 ms |",
        flush=True,
    )
    shares = [_polled(seconds) for _ in range(rounds)]
    print(
        f"| {POLLING:,} panels polling every {POLL_EVERY_S} s, {POLLING / POLL_EVERY_S:.0f} polls/s: of one processor "
        f"| {spread([100 * share for share in shares], '.1f')} % | < 5 % |"
    )
    return 0


def _line(case: Case, ours: list[Measured], theirs: list[Measured]) -> str:
    ratio = statistics.median(m.rate for m in ours) / statistics.median(m.rate for m in theirs)
    target = f"≥ {case.target:g}" if case.target else "–"
    cells = (case.name, _rates(ours), _waits(ours), _rates(theirs), _waits(theirs), f"{ratio:.2f}", target)
    return f"| {' | '.join(cells)} |"


def _rates(rounds: list[Measured]) -> str:
    rates = sorted(m.rate for m in rounds)
    refused = sum(m.refused for m in rounds)
    said = f"{statistics.median(rates):,.0f} ({rates[0]:,.0f} to {rates[-1]:,.0f})"
    return said + (f", {refused} refused" if refused else "")


def _waits(rounds: list[Measured]) -> str:
    middle = statistics.median(m.wait(0.5) for m in rounds) * 1000
    return f"{middle:.1f}, {statistics.median(m.wait(0.99) for m in rounds) * 1000:.1f}"


def _measure(case: Case, rounds: int, seconds: float) -> tuple[list[Measured], list[Measured]]:
    ours, theirs = [], []
    for _ in range(rounds):
        with _station(case.key) as ground:
            ours.append(_round(case, ground.port, seconds))
        with _peer(case.key) as port:
            theirs.append(_round(case, port, seconds))
    return ours, theirs


def _round(case: Case, port: int, seconds: float) -> Measured:
    each = max(600, 60_000 // case.connections)
    frames = [frames_of(nth, min(each, 9999), case.key) for nth in range(case.connections)]
    return on_uvloop(lambda: case.way("127.0.0.1", port, frames, seconds))


def _offered(seconds: float) -> Measured:
    frames = [frames_of(nth, 400, None) for nth in range(CONNECTIONS)]
    with _station(None) as ground:
        return on_uvloop(lambda: load.steady("127.0.0.1", ground.port, frames, seconds, 1000.0))


def _polled(seconds: float) -> float:
    """The share of one processor that the station takes while panels poll and nothing else happens.

    Each poll dials anew, as that of a panel with minutes between two does; the frames are those of the connections'
    own accounts over and over, because the station keeps no more of a panel than its last sign of life.
    """
    polls = [[poll_of(nth)] for nth in range(CONNECTIONS)]
    # Long enough for the duties of each second and each tenth, whose share is in the figure.
    seconds = max(seconds, 10.0)
    with _station(None) as ground:
        on_uvloop(lambda: load.dialled("127.0.0.1", ground.port, polls, 1.0, POLLING / POLL_EVERY_S))
        before = processor_time(ground.process)
        measured = on_uvloop(lambda: load.dialled("127.0.0.1", ground.port, polls, seconds, POLLING / POLL_EVERY_S))
        assert measured.acknowledged, "no poll was answered"
        return (processor_time(ground.process) - before) / measured.seconds


def _station(key: bytes | None) -> AbstractContextManager[Ground]:
    """A real station with a site a connection."""
    said = (key.hex() if key else "", "no" if key else "yes")
    return station(
        (f"B-{nth}", f"Bench {nth}", "", "", "", account(nth), *said, "1 Hall", f"{zone} PIR {zone}", *_NOBODY)
        for nth in range(CONNECTIONS)
        for zone in range(1, 9)
    )


@contextmanager
def _peer(key: bytes | None) -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = int(sock.getsockname()[1])
    words = [sys.executable, "-m", "console.bench.peer", str(port), *([key.decode()] if key else [])]
    child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        assert child.stdout is not None
        assert child.stdout.readline().startswith("ready"), "the peer did not start"
        yield port
    finally:
        child.terminate()
        child.wait()

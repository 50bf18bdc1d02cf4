"""I1 as the kernel saw it: no acknowledgement is sent before the sync of the commit that holds its signal."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end import careless_station
from tests.frames import ack, sia
from tests.programs import RunningStation

_CALLS = "trace=fsync,fdatasync,pwrite64,write,writev,send,sendto,sendmsg"
_LINE = re.compile(r"(?P<thread>\d+) +(?:<\.\.\. (?P<resumed>\w+) resumed>|(?P<call>\w+)\()(?P<rest>.*)\Z")
_FILE = re.compile(r"\d+<(?P<path>[^>]*)>")
CONNECTIONS, EACH = 8, 6


@dataclass
class Call:
    """One system call: when it was entered and when it had returned, as line numbers of the trace."""

    name: str
    path: str
    text: str
    entered: int
    returned: int


def calls_of(trace: str) -> list[Call]:
    """The calls of a trace of several threads, with the calls that were split over two lines put together."""
    found: list[Call] = []
    open_calls: dict[str, Call] = {}
    for number, line in enumerate(trace.splitlines()):
        parts = _LINE.match(line)
        if parts is None:
            continue
        if parts["resumed"]:
            call = open_calls.pop(parts["thread"], None)
            if call is not None:
                call.text, call.returned = call.text + parts["rest"], number
            continue
        on = _FILE.match(parts["rest"])
        call = Call(parts["call"], on["path"] if on else "", parts["rest"], number, number)
        found.append(call)
        if "<unfinished ...>" in parts["rest"]:
            open_calls[parts["thread"]] = call
    return found


def mark(connection: int, number: int) -> str:
    """Words that appear once in the trace of the database: in the pages of one signal."""
    return f"mark-{connection:02d}-{number:02d}-end"


def account(connection: int) -> str:
    return f"{0xA100 + connection:04X}"


def talk(address: tuple[str, int], connection: int) -> None:
    """One panel: two frames at a time in one segment, so that commits hold several signals."""
    with socket.create_connection(address, timeout=30) as line:
        for first in range(0, EACH, 2):
            pair = [first, first + 1]
            line.sendall(b"".join(sia(account(connection), n + 1, f"Nri1/BA07^{mark(connection, n)}^") for n in pair))
            wanted = b"".join(ack(account(connection), n + 1) for n in pair)
            got = b""
            while len(got) < len(wanted):
                got += line.recv(4096)
            assert got == wanted


def traced(tmp_path: Path, *instead: str) -> list[Call]:
    """Run a station under strace, send frames from many connections at once, and give its system calls."""
    trace = tmp_path / "trace"
    # -D: the station itself is our child and gets our SIGTERM; strace is beside it.
    under = ["strace", "-D", "-f", "-y", "-s", "9000", "-e", _CALLS, "-o", str(trace), *instead]
    with RunningStation(tmp_path / "data", before=under) as station:
        panels = [threading.Thread(target=talk, args=(station.dc09, number)) for number in range(CONNECTIONS)]
        for panel in panels:
            panel.start()
        for panel in panels:
            panel.join()
        assert station.stop() == 0
    return calls_of(trace.read_text(encoding="utf-8", errors="replace"))


def too_early(calls: list[Call]) -> list[str]:
    """The acknowledgements that left before a sync, begun after their signal was written, had returned."""
    syncs = [call for call in calls if call.name in ("fsync", "fdatasync")]
    early = []
    for connection in range(CONNECTIONS):
        for number in range(EACH):
            written = next(
                call for call in calls if call.path.endswith("vigie.db-wal") and mark(connection, number) in call.text
            )
            echo = ack(account(connection), number + 1)[9:-1].decode().replace('"', '\\"')
            sent = next(call for call in calls if call.path.startswith("socket:") and echo in call.text)
            synced = any(
                sync.path == written.path and sync.entered > written.returned and sync.returned < sent.entered
                for sync in syncs
            )
            if not synced:
                early.append(f"{echo}: written in line {written.entered}, sent in line {sent.entered}")
    return early


@pytest.fixture(scope="module", autouse=True)
def strace_works() -> None:
    """Containers may forbid ptrace."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed (Debian: apt-get install strace)")
    tried = subprocess.run(["strace", "-f", "-e", "trace=write", "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"strace may not trace here: {tried.stderr.strip().splitlines()[-1:]}")


def test_I1_the_sync_precedes_every_acknowledgement(tmp_path: Path) -> None:
    calls = traced(tmp_path)
    assert too_early(calls) == []
    # Group commit: fewer syncs than signals, or the order above would be no achievement.
    assert len([call for call in calls if call.name == "fdatasync"]) < CONNECTIONS * EACH


def test_I1_the_same_check_fails_where_sqlite_does_not_sync(tmp_path: Path) -> None:
    calls = traced(tmp_path, sys.executable, str(careless_station.__file__))
    assert len(too_early(calls)) == CONNECTIONS * EACH

"""What benchmarks stand on: a real station with sites, as a process of its own, and words for figures."""

from __future__ import annotations

import asyncio
import csv
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
HEAD = (
    *("site", "name", "street", "postcode", "town", "account", "key_hex", "clear_allowed"),
    *("area", "zone", "zone_kind", "contact", "phone", "order", "code_word"),
)
VIGIE = (sys.executable, "-m", "console")
_READY = re.compile(r"ready dc09=(\S+):(\d+) http=(\S+):(\d+)")


@dataclass(frozen=True, slots=True)
class Ground:
    """A station that runs."""

    port: int
    """Where panels dial in, on this machine."""
    url: str
    process: int


@contextmanager
def station(rows: Iterable[tuple[str, ...]], operator: tuple[str, str] | None = None) -> Iterator[Ground]:
    """A real station on the embedded database with the sites of ``rows``, and ``operator`` (login, password)."""
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as name:
        data, sites = Path(name) / "data", Path(name) / "sites.csv"
        with sites.open("w", newline="") as out:
            csv.writer(out).writerows((HEAD, *rows))
        _run("site", "import", "--data", str(data), str(sites))
        with serve(data, operator) as ground:
            yield ground


@contextmanager
def serve(data: Path, operator: tuple[str, str] | None = None) -> Iterator[Ground]:
    """A real station on a data folder, whatever is in it, and ``operator`` (login, password)."""
    if operator is not None:
        _run("operator", "add", "--data", str(data), operator[0], "--role", "operator", stdin=f"{operator[1]}\n")
    words = ["station", "--data", str(data), "--dc09", "127.0.0.1:0", "--http", "127.0.0.1:0", "--source-rate", "0"]
    child = subprocess.Popen([*VIGIE, *words], stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        assert child.stdout is not None
        found = _READY.match(child.stdout.readline())
        assert found is not None, "the station did not start"
        yield Ground(int(found[2]), f"http://{found[3]}:{found[4]}", child.pid)
    finally:
        child.terminate()
        child.wait()


def _run(*words: str, stdin: str = "") -> None:
    subprocess.run([*VIGIE, *words], check=True, stdout=subprocess.DEVNULL, input=stdin, text=True)  # noqa: S603


def on_uvloop(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run the load to its end, on a loop that is quick enough for it."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work())


def processor_time(process: int) -> float:
    """Seconds of processor time, own and in the kernel, that a process has taken (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spread(values: Iterable[float], form: str) -> str:
    """The median, and from the least to the most."""
    values = list(values)
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def sync_cost() -> float:
    """Seconds that one fdatasync takes here: the median of 200."""
    with tempfile.NamedTemporaryFile() as file:
        costs = []
        for _ in range(200):
            file.write(b"x" * 512)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            costs.append(time.perf_counter() - began)
    return statistics.median(costs)

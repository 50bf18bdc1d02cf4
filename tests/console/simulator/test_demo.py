"""The demo without its console: real station, real panels, and nothing left of it however it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from console.demo import PASSWORD
from tests.programs import VIGIE, exported

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc"),
]


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """For temporary files: a station's local socket allows no long path."""
    folder = Path(tempfile.mkdtemp(prefix="vd-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Demo:
    """``vigie demo --headless``, ready."""

    process: subprocess.Popen[str]
    folder: Path
    said: str
    url: str

    @property
    def data(self) -> Path:
        """The station's data folder."""
        [made] = self.folder.glob("vigie-demo-*")
        return made / "station"

    def parts(self) -> dict[int, str]:
        """The demo's processes and their command lines."""
        return {pid: words(pid) for pid in children(self.process.pid)}


@pytest.fixture
def demo(short_folder: Path) -> Iterator[Demo]:
    process = subprocess.Popen(
        [*VIGIE, "demo", "--headless", "--load", "20"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(short_folder)},
    )
    try:
        assert process.stdout is not None
        ready, said = process.stdout.readline(), process.stdout.readline()
        assert ready.startswith("ready dc09=127.0.0.1:"), process.communicate(timeout=30)
        yield Demo(process, short_folder, said, "http://" + ready.split("http=")[1].strip())
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    """Look again and again until it is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def stat(pid: int) -> tuple[str, int] | None:
    """(state, parent) of a process; None where there is none."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return after_name[0], int(after_name[1])


def children(pid: int) -> list[int]:
    found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return [other for other in found if (known := stat(other)) is not None and known[1] == pid]


def words(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def gone(pids: list[int]) -> bool:
    """Ended; a zombie has ended, where nobody collects it."""
    return all((known := stat(pid)) is None or known[0] == "Z" for pid in pids)


def signals_in(data: Path) -> int:
    return sum(1 for entry in exported(data) if entry["kind"] == "signal")


def test_the_journal_grows_and_sigterm_leaves_nothing(demo: Demo) -> None:
    assert (
        demo.said == f"A console: vigie console --station {demo.url}, as operator or supervisor, password {PASSWORD}.\n"
    )
    parts = demo.parts()
    assert len(parts) == 2, parts
    before = signals_in(demo.data)
    until(lambda: signals_in(demo.data) >= before + 20)
    demo.process.send_signal(signal.SIGTERM)
    _out, err = demo.process.communicate(timeout=60)
    assert demo.process.returncode == 0, err
    assert "Traceback" not in err
    assert gone(list(parts))
    assert list(demo.folder.iterdir()) == []


def test_both_can_sign_in_the_screen_says_how_and_sites_are_in_test_whole_and_in_part(demo: Demo) -> None:
    with httpx.Client(base_url=demo.url, trust_env=False) as http:
        assert PASSWORD in http.get("/v1/station").raise_for_status().text
        for name in ("operator", "supervisor"):
            credentials = {"operator": name, "password": PASSWORD, "workstation": "WS 01"}
            session = http.post("/v1/session", json=credentials).raise_for_status().json()
        http.headers["Authorization"] = f"Bearer {session['token']}"
        picture = http.get("/v1/picture").raise_for_status().json()
    assert len(picture["tests"]) == 6
    assert {test["scope"]["whole"] for test in picture["tests"]} == {True, False}
    # Not SIGINT: whoever runs the tests in the background of a shell has it ignored, and the demo respects that.
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(60) == 0


def test_sigkill_of_the_demo_ends_its_parts_and_removes_the_folder(demo: Demo) -> None:
    parts = list(demo.parts())
    demo.process.kill()
    demo.process.wait()
    until(lambda: gone(parts))
    assert list(demo.folder.iterdir()) == []


def test_a_part_that_dies_ends_the_demo_with_a_sentence(demo: Demo) -> None:
    parts = demo.parts()
    [station] = [pid for pid, command in parts.items() if "demo_child station" in command]
    os.kill(station, signal.SIGKILL)
    _out, err = demo.process.communicate(timeout=60)
    assert demo.process.returncode == 1
    assert "vigie: The station ended unexpectedly (exit status -9); the demo ends." in err
    assert gone(list(parts))
    assert list(demo.folder.iterdir()) == []

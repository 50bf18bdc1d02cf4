"""I1, I2: the file system under the station becomes read-only: no ACK is untrue, it is said, it goes on (issue 3, 7).

The kernel refuses ``mount -o remount,ro`` while the station has files open for writing, so it happens in two ways: a
file system that finds itself broken turns read-only by itself, and is mended and mounted anew while the station is
stopped; or every write is refused with EROFS for a while, as a volume of another machine does.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.end_to_end.test_clean_end import as_journaled, intact, journaled, opened
from tests.frames import ack, sia
from tests.programs import RunningStation, vigie

PASSWORD = "een lang wachtwoord"
PANELS = 8
SAID = "Read-only file system"


def quietly(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, check=False)


@dataclass
class Volume:
    """An ext4 of its own, in a file."""

    device: str
    at: Path

    def mount(self) -> str:
        """What was wrong; empty where it is mounted."""
        done = quietly("mount", "-t", "ext4", "-o", "errors=remount-ro", self.device, str(self.at))
        return done.stderr.strip() if done.returncode else ""

    def fail(self) -> None:
        """As when the kernel finds the file system broken."""
        Path(f"/sys/fs/ext4/{Path(self.device).name}/trigger_fs_error").write_text("1")

    def mend(self) -> None:
        """What whoever keeps the machine does."""
        subprocess.run(["umount", str(self.at)], check=True)
        assert quietly("e2fsck", "-f", "-y", self.device).returncode in (0, 1)
        assert not self.mount()


@pytest.fixture
def volume() -> Iterator[Volume]:
    """Only root can mount one."""
    if os.geteuid() != 0 or shutil.which("mkfs.ext4") is None or shutil.which("losetup") is None:
        pytest.skip("no ext4 can be made and mounted here")
    folder = Path(tempfile.mkdtemp(prefix="vigie-volume-"))
    image, at = folder / "image", folder / "at"
    at.mkdir()
    with image.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    loop = quietly("losetup", "--find", "--show", str(image))
    if loop.returncode != 0:
        shutil.rmtree(folder)
        pytest.skip(f"no loop device here: {loop.stderr.strip()}")
    made = Volume(loop.stdout.strip(), at)
    try:
        trouble = made.mount()
        if trouble:
            pytest.skip(f"no ext4 can be mounted here: {trouble}")
        yield made
        quietly("umount", "--lazy", str(at))
    finally:
        quietly("losetup", "--detach", made.device)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Panel:
    """Sends one signal after the other, again until it is acknowledged; dials again when nobody answers."""

    account: str
    acknowledged: list[bytes] = field(default_factory=list)
    sequence: int = 1

    def work(self, address: tuple[str, int], stop: threading.Event) -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError), socket.create_connection(address, timeout=2) as line:
                while not stop.is_set():
                    sent = sia(self.account, self.sequence, f"Nri1/BA{self.sequence % 64:02d}")
                    line.sendall(sent)
                    reply = line.recv(200)
                    if reply != ack(self.account, self.sequence):
                        break
                    self.acknowledged.append(sent)
                    self.sequence = self.sequence % 9999 + 1
            stop.wait(0.1)


@contextlib.contextmanager
def load(station: RunningStation) -> Iterator[list[Panel]]:
    """Panels that send for as long as this lasts."""
    panels = [Panel(f"{0xA000 + number:04X}") for number in range(PANELS)]
    stop = threading.Event()
    threads = [threading.Thread(target=panel.work, args=(station.dc09, stop)) for panel in panels]
    for thread in threads:
        thread.start()
    try:
        yield panels
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def counted(panels: list[Panel]) -> int:
    return sum(len(panel.acknowledged) for panel in panels)


def more(panels: list[Panel], than: int, within_s: float = 40) -> int:
    """Wait until more signals are acknowledged."""
    last = time.monotonic() + within_s
    while counted(panels) <= than:
        assert time.monotonic() < last, f"only {counted(panels)} acknowledged"
        time.sleep(0.05)
    return counted(panels)


def at_rest(panels: list[Panel]) -> int:
    """How many are acknowledged, once none was for a second."""
    before = -1
    while before != (before := counted(panels)):
        time.sleep(1)
    return before


def each_once(place: Path, panels: list[Panel]) -> None:
    """What was acknowledged is in the journal; nothing is there twice."""
    kept = journaled(place)
    wanted = Counter(as_journaled(one) for panel in panels for one in panel.acknowledged)
    assert not wanted - kept, "acknowledged and lost"
    assert set(kept.values()) == {1}, "journaled twice"


@contextlib.contextmanager
def console(station: RunningStation) -> Iterator[httpx.Client]:
    """Somebody who was signed in before anything went wrong."""
    with httpx.Client(base_url=station.http, trust_env=False, timeout=30) as http:
        credentials = {"operator": "an", "password": PASSWORD, "workstation": "WS 01"}
        session = http.post("/v1/session", json=credentials).json()
        http.headers["Authorization"] = f"Bearer {session['token']}"
        yield http


def until(http: httpx.Client, right: Callable[[str], bool], within_s: float = 40) -> str:
    """Ask what a console is told of the station's state until it is ``right``."""
    last = time.monotonic() + within_s
    while True:
        answer = http.get("/v1/picture").json()
        told = " ".join(answer["findings"]) if "findings" in answer else str(answer)
        if right(told):
            return told
        assert time.monotonic() < last, told
        time.sleep(0.2)


def staffed(data: Path) -> None:
    done = vigie("operator", "add", "--data", str(data), "an", "--role", "operator", stdin=PASSWORD + "\n")
    assert done.returncode == 0, done.stderr


@pytest.mark.timeout(240)
def test_I1_a_file_system_that_turns_read_only_under_load_makes_no_ack_untrue_and_is_told(volume: Volume) -> None:
    data = volume.at / "data"
    staffed(data)
    with RunningStation(data, words=["--source-rate", "0"]) as station:
        refused = quietly("mount", "-o", "remount,ro", str(volume.at))
        assert refused.returncode != 0, "the kernel lets nobody take a file system away that is being written"
        with console(station) as http, load(station) as panels:
            more(panels, 100)
            volume.fail()
            before = at_rest(panels)
            told = until(http, lambda told: SAID in told)
            assert "The station cannot write its database" in told
            assert SAID in station.log()
            assert counted(panels) == before, "acknowledged what cannot be kept"
        assert station.process.poll() is None
        assert station.stop() == 1
        assert "Traceback" not in station.log()
    volume.mend()
    with RunningStation(data, words=["--source-rate", "0"]) as station:
        with load(station) as again:
            more(again, 100)
        assert station.stop() == 0
    kept = journaled(data)
    for when, one in (("before", panels), ("after", again)):
        wanted = Counter(as_journaled(sent) for panel in one for sent in panel.acknowledged)
        missing = wanted - kept
        assert not missing, f"acknowledged {when} and lost: {missing.total()} of {wanted.total()}, {list(missing)[:3]}"
    assert "all are sealed" in intact(data)


@pytest.mark.timeout(240)
def test_I1_writes_refused_as_read_only_under_load_are_told_and_taken_up_again_by_itself(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not on this machine")
    data = tmp_path / "data"
    staffed(data)
    with (
        RunningStation(data, words=["--source-rate", "0"]) as station,
        console(station) as http,
        load(station) as panels,
    ):
        more(panels, 100)
        with read_only(station, data):
            before = at_rest(panels)
            told = until(http, lambda told: SAID in told)
            assert "The station cannot write its database" in told
            assert SAID in station.log()
            assert counted(panels) == before, "acknowledged what cannot be kept"
        more(panels, before + 100)
        until(http, lambda told: not told)
        last = time.monotonic() + 20
        while not any("Station trouble · The station cannot write its database" in text for text in opened(data)):
            assert time.monotonic() < last, opened(data)
            time.sleep(0.2)
        assert station.process.poll() is None
    each_once(data, panels)
    assert "all are sealed" in intact(data)


@contextlib.contextmanager
def read_only(station: RunningStation, data: Path) -> Iterator[None]:
    """The kernel answers every write of the station below ``data`` with EROFS.

    And every file that it would open there, also to read: more than a read-only file system refuses.
    """
    below = [data, *(path for path in data.rglob("*") if path.is_file())]
    calls = "pwrite64,pwritev,write,writev,ftruncate,fsync,fdatasync,openat,unlink,rename"
    strace = subprocess.Popen(
        [
            "strace", "-f", "-qq", "-o", "/dev/null", "-p", str(station.process.pid),
            *(word for path in below for word in ("-P", str(path))),
            "-e", f"trace={calls}", "-e", f"inject={calls}:error=EROFS",
        ],
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        yield
        assert strace.poll() is None, strace.stderr.read() if strace.stderr else ""
    finally:
        strace.terminate()
        strace.communicate(timeout=30)

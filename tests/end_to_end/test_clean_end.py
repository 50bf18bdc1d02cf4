"""I1, I2: the real station ends cleanly under load, and outlives permissions and writes that are taken from it."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.frames import ack, sia
from tests.programs import RunningStation, exported, vigie, where

PASSWORD = "een lang wachtwoord"
PANELS = 32
ENOUGH = 1000
LEAST_PER_S = 200
# Root, held to the permissions of files like anybody else.
AS_A_USER = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]


@dataclass
class Panel:
    """Sends one signal after the other until the station hangs up."""

    account: str
    acknowledged: list[bytes] = field(default_factory=list)

    def work(self, address: tuple[str, int]) -> None:
        with contextlib.suppress(OSError), socket.create_connection(address, timeout=20) as line:
            for sequence in range(1, 10_000):
                sent = sia(self.account, sequence, f"Nri1/BA{sequence % 64:02d}")
                line.sendall(sent)
                reply = line.recv(200)
                if not reply:
                    return
                assert reply == ack(self.account, sequence)
                self.acknowledged.append(sent)


def journaled(place: Path | str) -> Counter[str]:
    return Counter(entry["raw"] for entry in exported(place) if entry["kind"] == "signal")


def opened(place: Path) -> list[str]:
    return [entry["text"] for entry in exported(place) if entry["kind"] == "alarm-opened"]


def as_journaled(frame: bytes) -> str:
    return frame.decode("ascii").replace("\n", "\\n").replace("\r", "\\r")


def intact(place: Path | str) -> str:
    proof = vigie("journal", "verify", *where(place))
    assert proof.returncode == 0, proof.stdout + proof.stderr
    return proof.stdout


def test_I1_sigterm_under_load_ends_in_seconds_with_every_acknowledged_signal_journaled_once(place: Path | str) -> None:
    panels = [Panel(f"{0xA000 + number:04X}") for number in range(PANELS)]
    with RunningStation(place, words=["--source-rate", "0"]) as station:
        threads = [threading.Thread(target=panel.work, args=(station.dc09,)) for panel in panels]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        while sum(len(panel.acknowledged) for panel in panels) < ENOUGH:
            assert time.monotonic() - began < 60, "too slow to be a load"
            time.sleep(0.001)
        rate = ENOUGH / (time.monotonic() - began)
        told = time.monotonic()
        assert station.stop() == 0, station.log()
        took = time.monotonic() - told
        for thread in threads:
            thread.join()
        assert "Traceback" not in station.log()
    assert rate >= LEAST_PER_S, f"only {rate:.0f} signals a second"
    assert took < 10, f"it took {took:.1f} s to end"
    kept = journaled(place)
    wanted = Counter(as_journaled(one) for panel in panels for one in panel.acknowledged)
    assert not wanted - kept, "acknowledged and lost"
    assert set(kept.values()) == {1}, "journaled twice"
    assert "intact" in intact(place)
    assert "all are sealed" in intact(place)


def findings(station: RunningStation) -> list[str]:
    """What a console is told of the station's state, or why it cannot sign in."""
    with httpx.Client(base_url=station.http, trust_env=False, timeout=30) as http:
        credentials = {"operator": "an", "password": PASSWORD, "workstation": "WS 01"}
        session = http.post("/v1/session", json=credentials)
        if session.status_code != 200:
            return [session.json()["sentence"]]
        headers = {"Authorization": f"Bearer {session.json()['token']}"}
        answer = http.get("/v1/picture", headers=headers)
        told: list[str] = answer.json()["findings"] if answer.status_code == 200 else [answer.json()["sentence"]]
        return told


def until(station: RunningStation, right: Callable[[list[str]], bool], within_s: float = 40) -> list[str]:
    """Ask as a console does until the answer is ``right``: the station's own limits are seconds of the real clock."""
    last = time.monotonic() + within_s
    while not right(told := findings(station)):
        assert time.monotonic() < last, (told, station.log())
        time.sleep(0.2)
    return told


@pytest.fixture
def with_staff(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    done = vigie("operator", "add", "--data", str(data), "an", "--role", "operator", stdin=PASSWORD + "\n")
    assert done.returncode == 0, done.stderr
    return data


def unless_held_to_permissions() -> None:
    if sys.platform != "linux" or shutil.which("setpriv") is None:
        pytest.skip("setpriv is not on this machine")
    if os.geteuid() == 0 and subprocess.run([*AS_A_USER, "true"], capture_output=True, check=False).returncode:
        pytest.skip("root's capabilities cannot be dropped here")


@pytest.mark.parametrize("ends_without", [False, True], ids=["given back", "ends without"])
def test_I1_permissions_that_are_taken_are_told_make_no_ack_untrue_and_are_used_again(
    with_staff: Path, ends_without: bool
) -> None:
    unless_held_to_permissions()
    data = with_staff
    parts = [data, data / "vigie.db", data / "secrets"]
    before = {part: part.stat().st_mode & 0o777 for part in parts}
    sent = [sia("1001", number, f"Nri1/BA{number:02d}") for number in range(1, 31)]
    station = RunningStation(data, before=AS_A_USER if os.geteuid() == 0 else []).start()
    try:
        with station.dial() as line:
            for part in reversed(parts):
                part.chmod(0)
            for number, one in enumerate(sent, 1):
                line.sendall(one)
                assert line.recv(200) == ack("1001", number)
        told = until(station, lambda told: any("Permission denied" in one for one in told))
        assert "The journal cannot be sealed: Permission denied" in " ".join(told)
        assert "Permission denied" in station.log()
        if ends_without:
            assert station.stop() == 1
            assert "Everything acknowledged is in the journal; the next start seals it." in station.log()
            assert "Traceback" not in station.log()
    finally:
        for part in parts:
            part.chmod(before[part])
        if station.process.poll() is None:
            until(station, lambda told: told == [])
            assert station.stop() == 0
    if ends_without:
        with RunningStation(data):
            pass
    assert journaled(data) == Counter(map(as_journaled, sent))
    assert "all are sealed" in intact(data)


def test_I1_writes_that_are_refused_are_told_answered_with_nothing_and_taken_up_again_by_itself(
    with_staff: Path,
) -> None:
    """The kernel refuses the process every write to a file, as on a file system that has become read-only."""
    if not hasattr(resource, "prlimit"):
        pytest.skip("the limits of another process cannot be changed here")
    one, other = sia("1001", 1, "Nri1/BA01"), sia("1001", 2, "Nri1/BA02")
    # Its log goes through a program of its own, or it would be refused as well.
    with RunningStation(with_staff, before=["bash", "-c", 'exec "$@" 2> >(exec cat >&2)', "-"]) as station:
        usual = resource.prlimit(station.process.pid, resource.RLIMIT_FSIZE)
        with station.dial() as line:
            line.sendall(one)
            assert line.recv(200) == ack("1001", 1)
            # Root alone may lift it again, and it need not be lowered for good.
            resource.prlimit(station.process.pid, resource.RLIMIT_FSIZE, (0, usual[1]))
            line.settimeout(3)
            line.sendall(other)
            with pytest.raises(TimeoutError):
                line.recv(200)
        assert station.process.poll() is None
        told = until(station, lambda told: bool(told))
        assert "cannot write" in " ".join(told)
        resource.prlimit(station.process.pid, resource.RLIMIT_FSIZE, usual)
        until(station, lambda told: told == [])
        with station.dial() as line:
            line.sendall(other)
            assert line.recv(200) == ack("1001", 2)
        assert "database cannot be written" in station.log()
        last = time.monotonic() + 20
        while not any("Station trouble · The station cannot write its database" in text for text in opened(with_staff)):
            assert time.monotonic() < last, opened(with_staff)
        assert station.stop() == 0
    assert journaled(with_staff) == Counter(map(as_journaled, (one, other)))
    intact(with_staff)


def test_a_port_that_is_taken_is_a_sentence_and_exit_status_1(tmp_path: Path) -> None:
    for kind, words in ((socket.SOCK_STREAM, "--dc09"), (socket.SOCK_DGRAM, "--dc09"), (socket.SOCK_STREAM, "--http")):
        with socket.socket(socket.AF_INET, kind) as taken:
            taken.bind(("127.0.0.1", 0))
            if kind is socket.SOCK_STREAM:
                taken.listen()
            free = "--http" if words == "--dc09" else "--dc09"
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            done = vigie("station", "--data", str(tmp_path / "data"), words, address, free, "127.0.0.1:0")
        assert done.returncode == 1
        [sentence] = done.stderr.splitlines()
        assert address in sentence
        assert "ddress already in use" in sentence

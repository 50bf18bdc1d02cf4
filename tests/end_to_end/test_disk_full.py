"""I1, I2: the station's disk fills and is emptied: no ACK is untrue, it is said, and it goes on by itself."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.frames import ack, sia
from tests.programs import RunningStation, exported, vigie, where

PASSWORD = "een lang wachtwoord"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own with room for little; only root can mount one."""
    folder = Path(tempfile.mkdtemp(prefix="vigie-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    shutil.rmtree(folder, ignore_errors=True)


def told(station: RunningStation) -> list[str]:
    """What a console is told of the station's state."""
    with httpx.Client(base_url=station.http, trust_env=False, timeout=30) as http:
        credentials = {"operator": "an", "password": PASSWORD, "workstation": "WS 01"}
        session = http.post("/v1/session", json=credentials)
        if session.status_code != 200:
            # Signing in is journaled: with a full disk it is refused, with a sentence.
            return [session.json()["sentence"]]
        findings: list[str] = http.get(
            "/v1/picture", headers={"Authorization": f"Bearer {session.json()['token']}"}
        ).json()["findings"]
        return findings


def send(line: socket.socket, number: int) -> bytes | None:
    """One frame; None where no answer came in time."""
    frame = sia("1001", number, f"Nri1/BA{number % 64:02d}^{'x' * 400}^")
    line.sendall(frame)
    try:
        reply = line.recv(200)
    except TimeoutError:
        return None
    assert reply == ack("1001", number)
    return frame


@pytest.mark.timeout(300)
def test_I1_a_disk_that_fills_loses_nothing_acknowledged_and_the_station_recovers(small_disk: Path) -> None:
    data = small_disk / "data"
    done = vigie("operator", "add", "--data", str(data), "an", "--role", "operator", stdin=PASSWORD + "\n")
    assert done.returncode == 0, done.stderr
    filler = small_disk / "filler"
    filler.write_bytes(bytes(1_000_000))
    acknowledged: list[bytes] = []
    with RunningStation(data) as station:
        with socket.create_connection(station.dc09, timeout=3) as line:
            number = 0
            while (stored := send(line, number + 1)) is not None:
                acknowledged.append(stored)
                number += 1
                assert number < 20_000, "the disk never filled"
        # Whoever is signed in sees how much is left; a sign-in that finds no room any more is refused with the reason.
        assert any(words in " ".join(told(station)) for words in ("disk is nearly full", "disk is full"))
        assert "database or disk is full" in station.log()
        filler.unlink()
        with socket.create_connection(station.dc09, timeout=10) as line:
            for again in range(1, 6):
                stored = send(line, number + again)
                assert stored is not None, "it does not recover by itself"
                acknowledged.append(stored)
        assert not any("cannot write" in finding for finding in told(station))
        assert station.process.poll() is None
        # A clean end needs room for its last checkpoint only.
        assert station.stop() == 0
    entries = exported(data)
    kept = Counter(entry["raw"] for entry in entries if entry["kind"] == "signal")
    wanted = Counter(raw.decode("ascii").replace("\n", "\\n").replace("\r", "\\r") for raw in acknowledged)
    assert not wanted - kept, "acknowledged and lost"
    proof = vigie("journal", "verify", *where(data))
    assert proof.returncode == 0, proof.stdout + proof.stderr

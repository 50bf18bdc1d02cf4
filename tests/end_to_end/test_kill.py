"""I1: SIGKILL at random moments under load loses no acknowledged signal, and stores none twice."""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.frames import ack, sia
from tests.programs import RunningStation, exported, vigie, where

KILLS = int(os.environ.get("VIGIE_KILLS", "10"))
"""Set to 50 and more for a long night; ten in the ordinary run."""
PANELS = 12


@dataclass
class Panel:
    """Dials in again and again; remembers which frames were acknowledged, and resends what was not."""

    account: str
    acknowledged: list[bytes] = field(default_factory=list)
    sequence: int = 0
    unsure: bytes | None = None

    def work(self, address: tuple[str, int], stop: threading.Event) -> None:
        """Send until told to stop or the station is gone."""
        try:
            with socket.create_connection(address, timeout=5) as line:
                while not stop.is_set():
                    if self.unsure is None:
                        self.sequence = self.sequence % 9999 + 1
                        self.unsure = sia(self.account, self.sequence, f"Nri1/BA{self.sequence % 64:02d}")
                    line.sendall(self.unsure)
                    reply = line.recv(200)
                    if not reply:
                        return
                    assert reply == ack(self.account, self.sequence)
                    self.acknowledged.append(self.unsure)
                    self.unsure = None
        except OSError:
            return


@pytest.mark.timeout(60 + 30 * KILLS)
def test_I1_sigkill_under_load_loses_no_acknowledged_signal(place: Path | str) -> None:
    chance = random.Random(20261123)
    panels = [Panel(f"{0xA000 + number:04X}") for number in range(PANELS)]
    for _ in range(KILLS):
        station = RunningStation(place).start()
        stop = threading.Event()
        threads = [threading.Thread(target=panel.work, args=(station.dc09, stop)) for panel in panels]
        for thread in threads:
            thread.start()
        # The moment of the kill is what is random here; nothing is waited for.
        threading.Event().wait(chance.uniform(0.05, 0.6))
        if chance.random() < 0.4:
            # Stopped in the middle of whatever it did, gone on, and killed soon after.
            station.process.send_signal(signal.SIGSTOP)
            threading.Event().wait(chance.uniform(0.02, 0.2))
            station.process.send_signal(signal.SIGCONT)
            threading.Event().wait(chance.uniform(0.0, 0.1))
        station.kill()
        stop.set()
        for thread in threads:
            thread.join()

    entries = exported(place)
    stored = Counter(entry["raw"] for entry in entries if entry["kind"] == "signal")
    wanted = Counter(
        raw.decode("ascii").replace("\n", "\\n").replace("\r", "\\r") for panel in panels for raw in panel.acknowledged
    )
    assert sum(wanted.values()) > KILLS * 5, "the load was no load"
    missing = wanted - stored
    assert not missing, f"acknowledged and lost: {list(missing)[:3]}"
    # Each frame is sent with its own sequence number, so whatever is stored twice is a fault.
    assert max(stored.values()) == 1
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    proof = vigie("journal", "verify", *where(place))
    assert proof.returncode == 0, proof.stdout + proof.stderr
    with RunningStation(place) as station:
        assert station.stop() == 0
    proof = vigie("journal", "verify", *where(place))
    assert (proof.returncode, "all are sealed" in proof.stdout) == (0, True)

"""The real programs, started as a user starts them."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

VIGIE = [sys.executable, "-m", "console"]
_READY = re.compile(r"ready dc09=(\S+):(\d+) http=(\S+):(\d+)")


def where(place: Path | str) -> list[str]:
    """The words that name a station's journal."""
    return ["--data", str(place)] if isinstance(place, Path) else ["--database", place]


def vigie(
    *words: str, stdin: str = "", env: dict[str, str] | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a subcommand to its end, within ``timeout`` seconds."""
    return subprocess.run(
        [*VIGIE, *words],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, **(env or {})},
        check=False,
    )


def exported(place: Path | str) -> list[dict[str, Any]]:
    """The journal by ``vigie journal export``."""
    done = vigie("journal", "export", *where(place), "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@dataclass
class RunningStation:
    """``vigie station`` as a process of its own."""

    place: Path | str
    words: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    """A program to run it under, for example strace."""
    env: dict[str, str] = field(default_factory=dict)

    _log: IO[str] = field(default_factory=lambda: tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115

    def log(self) -> str:
        """What it has logged."""
        # Its own place in the file: the station goes on writing where it is.
        return os.pread(self._log.fileno(), 1 << 24, 0).decode("utf-8", "replace")

    def start(self) -> RunningStation:
        """Start and wait for its line."""
        self.process = subprocess.Popen(
            [
                *self.before, *VIGIE, "station", *where(self.place),
                "--dc09", "127.0.0.1:0", "--http", "127.0.0.1:0", *self.words,
            ],
            stdout=subprocess.PIPE,
            # A file, not a pipe: a station must not come to a stand because nobody reads its log.
            stderr=self._log,
            text=True,
            env={**os.environ, **self.env},
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = _READY.match(line)
        if found is None:
            self.process.kill()
            raise AssertionError(f"not ready: {line!r} {self.log()}")
        self.dc09 = (found[1], int(found[2]))
        self.http = f"http://{found[3]}:{found[4]}"
        return self

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        self.process.kill()
        self.process.communicate()

    def stop(self) -> int:
        """SIGTERM: a clean end; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)
        return int(self.process.returncode)

    def dial(self) -> socket.socket:
        """A panel's TCP connection."""
        return socket.create_connection(self.dc09, timeout=10)

    def __enter__(self) -> RunningStation:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()

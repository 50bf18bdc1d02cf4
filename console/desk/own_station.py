"""This machine's own station: found where it runs, else started, detached: it goes on when the console closes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import platformdirs

_STARTS_WITHIN_S = 60.0


class StationWillNotStart(Exception):
    """The message is a sentence."""


@dataclass(frozen=True, slots=True)
class OwnStation:
    """Where it answers, and whether it was started now."""

    url: str
    folder: Path
    started: bool

    def first_run_token(self) -> str | None:
        """The one-time token for the first administrator; only this machine's user can read it."""
        try:
            return (self.folder / "secrets" / "first-run.token").read_text().strip() or None
        except OSError:
            return None


def own_folder() -> Path:
    """Where the station started by ``vigie`` keeps its data: the platform's data folder."""
    return Path(platformdirs.user_data_dir("vigie")) / "station"


def find_or_start(folder: Path, *extra: str) -> OwnStation:
    """The station on ``folder``; ``extra`` are further words for ``vigie station``."""
    running = _running(folder)
    if running is not None:
        return OwnStation(running, folder, started=False)
    print(f"Starting this machine's own station in {folder}", file=sys.stderr, flush=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = folder / "station.log"
    with log.open("ab") as output:
        os.chmod(log, 0o600)
        before = output.tell()
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "console", "station", "--data", str(folder), *extra],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < deadline:
        url = _running(folder)
        if url is not None:
            return OwnStation(url, folder, started=True)
        if child.poll() is not None:
            raise StationWillNotStart(_last_words(log, before) or f"The station ended with status {child.returncode}.")
        time.sleep(0.05)
    raise StationWillNotStart(f"The station did not start within {_STARTS_WITHIN_S:.0f} s; its log is {log}.")


def _running(folder: Path) -> str | None:
    try:
        url = str(json.loads((folder / "station.json").read_text())["http"])
        answer = httpx.get(f"{url}/v1/station", timeout=3.0, trust_env=False).raise_for_status().json()
    except (OSError, ValueError, KeyError, TypeError, httpx.HTTPError):
        return None
    # The address may be an old one, and somebody else's by now.
    return url if isinstance(answer, dict) and {"journal", "version"} <= answer.keys() else None


def _last_words(log: Path, since: int) -> str:
    said = log.read_bytes()[since:].decode(errors="replace")
    lines = [line for line in said.splitlines() if line.startswith("vigie: ")]
    return lines[-1].removeprefix("vigie: ") if lines else ""

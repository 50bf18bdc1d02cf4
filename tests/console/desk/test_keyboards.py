"""Every key of every command, pressed for real on the keyboards that operators have (visual.md §4)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def display() -> Iterator[str]:
    """An X server of its own."""
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        yield f":{server.stdout.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.parametrize("layout", ["be", "fr", "de", "us"])
def test_every_key_does_what_it_says_and_digits_go_by_their_place(display: str, layout: str, tmp_path: Path) -> None:
    there = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    subprocess.run(["setxkbmap", layout], env=there, check=True, capture_output=True)
    altgr = ["altgr"] if layout in ("be", "fr") else []
    done = subprocess.run(
        [sys.executable, "-m", "tests.console.desk.typed", str(tmp_path), *altgr],
        env=there,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == []

"""This machine's own station: started where it does not run, found where it does, and left running."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from console.desk import own_station
from console.desk.own_station import StationWillNotStart, find_or_start
from console.desk.preferences import Preferences

ANY = ("--dc09", "127.0.0.1:0", "--http", "127.0.0.1:0")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Process ids of what was started; ended with the test."""
    pids: list[int] = []
    real = own_station.subprocess.Popen

    def start(*words: object, **more: object) -> object:
        child = real(*words, **more)  # type: ignore[call-overload]
        pids.append(child.pid)
        return child

    monkeypatch.setattr(own_station.subprocess, "Popen", start)
    yield pids
    for pid in pids:
        try:
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            continue


def test_it_is_started_and_found_again(tmp_path: Path, started: list[int], capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "station"
    first = find_or_start(folder, *ANY)
    assert first.started
    assert str(folder) in capfd.readouterr().err, "it says so"
    second = find_or_start(folder, *ANY)
    assert not second.started
    assert second.url == first.url
    assert len(started) == 1
    assert httpx.get(f"{first.url}/v1/station", trust_env=False).json()["setup_open"] is True
    token = first.first_run_token()
    assert token
    assert os.getsid(started[0]) == started[0], "it has a session of its own: closing the console does not end it"
    for secret in (folder / "secrets" / "first-run.token", folder / "station.log"):
        assert secret.stat().st_mode & 0o077 == 0


def test_a_port_in_use_gives_the_stations_own_sentence(tmp_path: Path, started: list[int]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StationWillNotStart) as refused:
            find_or_start(tmp_path / "station", "--dc09", "127.0.0.1:0", "--http", f"127.0.0.1:{port}")
    assert str(port) in str(refused.value)
    assert str(refused.value).endswith(".")


def test_an_old_sentence_in_the_log_is_not_told_again(tmp_path: Path, started: list[int]) -> None:
    folder = tmp_path / "station"
    folder.mkdir()
    (folder / "station.log").write_text("vigie: The disk was full.\n")
    with pytest.raises(StationWillNotStart, match="ended with status"):
        find_or_start(folder, "--help")


def test_a_stale_address_is_no_running_station(tmp_path: Path, started: list[int]) -> None:
    folder = tmp_path / "station"
    folder.mkdir()
    (folder / "station.json").write_text(json.dumps({"http": "http://127.0.0.1:9"}))
    assert find_or_start(folder, *ANY).started


@pytest.mark.parametrize("answer", [b"<html>A printer</html>", b'{"version": "2"}', b'"journal version"', b"[]"])
def test_whoever_else_answers_at_a_stale_address_is_no_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    def get(url: str, **_more: object) -> httpx.Response:
        return httpx.Response(200, content=answer, request=httpx.Request("GET", url))

    monkeypatch.setattr(own_station.httpx, "get", get)
    (tmp_path / "station.json").write_text(json.dumps({"http": "http://127.0.0.1:9"}))
    assert own_station._running(tmp_path) is None


def test_an_address_file_that_is_not_one_is_no_running_station(tmp_path: Path) -> None:
    (tmp_path / "station.json").write_text("[]")
    assert own_station._running(tmp_path) is None


def test_without_a_token_there_is_no_first_administrator_to_make(tmp_path: Path) -> None:
    own = own_station.OwnStation("http://127.0.0.1:9", tmp_path, started=False)
    assert own.first_run_token() is None


def test_preferences_are_kept_and_hold_no_secret(tmp_path: Path) -> None:
    first = Preferences(tmp_path)
    assert (first.theme, first.operator) == ("dark", "")
    assert first.workstation == f"WS {socket.gethostname()}"[:60]
    first.theme, first.operator = "light", "claes"
    first._settings.sync()
    again = Preferences(tmp_path)
    assert (again.theme, again.operator) == ("light", "claes")
    assert set((tmp_path / "console.ini").read_text().split()) == {"[General]", "operator=claes", "theme=light"}


def test_a_theme_that_does_not_exist_is_dark(tmp_path: Path) -> None:
    (tmp_path / "console.ini").write_text("[General]\ntheme=pink\nworkstation=WS 07\n")
    kept = Preferences(tmp_path)
    assert (kept.theme, kept.workstation) == ("dark", "WS 07")

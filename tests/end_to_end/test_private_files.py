"""I9: nothing that a station writes can be read by another user of its machine, whatever was there before."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.frames import sia
from tests.programs import RunningStation, vigie, where


def readable_by_others(folder: Path) -> list[str]:
    """What is in ``folder``, itself too, that others may look into."""
    found = [folder, *folder.rglob("*")]
    return sorted(str(path.relative_to(folder)) for path in found if stat.S_IMODE(path.lstat().st_mode) & 0o077)


def opened_wide(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)


@pytest.fixture
def wide() -> object:
    """As on a machine where files are for everybody to read."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def test_I9_all_that_a_station_writes_is_its_users_alone(
    place: Path | str, wide: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys"
    monkeypatch.setenv("VIGIE_SECRETS", str(keys))
    folder = place if isinstance(place, Path) else keys
    if isinstance(place, Path):
        opened_wide(place)
    station = RunningStation(place).start()
    try:
        _send(station)
        assert readable_by_others(folder) == []
        if isinstance(place, Path):
            assert (place / "vigie.db-wal").exists()
            assert (place / "vigie.db-shm").exists()
        opened_wide(folder)
    finally:
        station.stop()
    done = vigie("backup", str(tmp_path / "backup"), *where(place))
    assert done.returncode == 0, done.stderr
    assert readable_by_others(tmp_path / "backup") == []
    assert readable_by_others(folder) == [], "mended by whatever comes next"
    for option, name in (("--sealed", "all.zip"), ("--output", "all.jsonl")):
        done = vigie("journal", "export", *where(place), option, str(tmp_path / name))
        assert done.returncode == 0, done.stderr
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def _send(station: RunningStation) -> None:
    import socket

    with socket.create_connection(station.dc09, timeout=20) as line:
        line.sendall(sia("1001", 1, "Nri1/BA07"))
        assert b'"ACK"' in line.recv(200)


def test_a_link_in_a_data_folder_is_not_followed_and_what_is_not_the_stations_is_left(tmp_path: Path) -> None:
    from console.station.folder import DataFolder

    data, other = DataFolder(tmp_path / "data"), tmp_path / "other"
    data.create()
    other.mkdir()
    (other / "theirs").write_text("x")
    (data.path / "notes.txt").write_text("x")
    data.secrets.mkdir()
    (data.secrets / "link").symlink_to(other)
    (data.path / "vigie.db-link").symlink_to(other / "theirs")
    for path in (other, other / "theirs", data.path / "notes.txt"):
        path.chmod(0o755)
    data.create()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (other, other / "theirs", data.path / "notes.txt")} == {0o755}

"""A station comes back whole from a backup that was made while panels sent (issue 6; I1, I3, I5, I9)."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.station.store.secrets import Secrets
from tests.databases import PostgresServer
from tests.frames import sia
from tests.programs import RunningStation, exported, vigie, where

PASSPHRASE = "a horse and a battery"


@pytest.fixture
def elsewhere(place: Path | str, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Path | str, dict[str, str]]:
    """Where the backup is brought back: a new place of the same kind, and its keys' folder."""
    if isinstance(place, Path):
        return tmp_path / "again", {}
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.fresh(), {"VIGIE_SECRETS": str(tmp_path / "secrets-again")}


def send(address: tuple[str, int], account: str, numbers: range) -> int:
    """Signals of one panel, one after the other; how many were acknowledged."""
    with socket.create_connection(address, timeout=20) as line:
        for number in numbers:
            line.sendall(sia(account, number, f"Nri1/BA{number % 64:02d}"))
            assert b'"ACK"' in line.recv(200)
    return len(numbers)


def signals(place: Path | str) -> list[str]:
    return [entry["raw"] for entry in exported(place) if entry["kind"] == "signal"]


def backed_up_under_load(place: Path | str, target: Path) -> list[str]:
    """A backup made while a panel sends; the signals acknowledged before it began."""
    station = RunningStation(place).start()
    stop = threading.Event()

    def load() -> None:
        number = 1
        while not stop.is_set():
            send(station.dc09, "A002", range(number, number + 20))
            number = (number + 20) % 9000

    try:
        done = vigie("operator", "add", "anna", *where(place), "--role", "operator", stdin="correct horse\n")
        assert done.returncode == 0, done.stderr
        send(station.dc09, "A003", range(1, 40))
        before = signals(place)
        sender = threading.Thread(target=load)
        sender.start()
        try:
            done = vigie("backup", str(target), *where(place), "--with-keys", stdin=PASSPHRASE + "\n")
        finally:
            stop.set()
            sender.join()
        assert done.returncode == 0, done.stderr
        assert "The backup is in" in done.stdout
    finally:
        station.stop()
    return before


def test_a_station_comes_back_from_a_backup_made_under_load(
    place: Path | str, elsewhere: tuple[Path | str, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again, env = elsewhere
    target = tmp_path / "backup"
    before = backed_up_under_load(place, target)
    later = signals(place)
    assert {path.stat().st_mode & 0o777 for path in target.iterdir()} == {0o600}

    for name, value in env.items():
        monkeypatch.setenv(name, value)
    done = vigie("restore", str(target), *where(again), stdin=PASSPHRASE + "\n")
    assert done.returncode == 0, done.stderr
    assert "The journal is intact" in done.stdout
    found = signals(again)
    assert found[: len(before)] == before, "every signal from before it is there, in its order"
    assert found == later[: len(found)], "and of what came meanwhile a beginning without gaps"
    [last] = [entry for entry in exported(again) if entry["kind"] == "restored"]
    assert last["seq"] == len(exported(again))
    assert last["text"].startswith("Restored from the backup backup of ")

    if isinstance(place, Path) and isinstance(again, Path):
        for name in ("seal.key", "sign.key"):
            assert (again / "secrets" / name).read_bytes() == (place / "secrets" / name).read_bytes()
    # It goes on: same keys, same staff, same journal.
    station = RunningStation(again).start()
    try:
        send(station.dc09, "A003", range(100, 110))
        assert vigie("journal", "verify", *where(again)).returncode == 0
    finally:
        station.stop()
    assert len(signals(again)) == len(found) + 10
    done = vigie("operator", "add", "anna", *where(again), "--role", "operator", stdin="another horse\n")
    assert "anna" in done.stderr, "she is there already"
    done = vigie("journal", "verify", *where(again))
    assert (done.returncode, "all are sealed" in done.stdout) == (0, True), done.stdout


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small station, ``data``, and its backup with the keys, ``backup``."""
    folder = tmp_path_factory.mktemp("original")
    station = RunningStation(folder / "data").start()
    try:
        send(station.dc09, "A003", range(1, 10))
        words = ("backup", str(folder / "backup"), "--data", str(folder / "data"), "--with-keys")
        done = vigie(*words, stdin=PASSPHRASE + "\n")
        assert done.returncode == 0, done.stderr
    finally:
        station.stop()
    return folder


@pytest.fixture
def made(original: Path, tmp_path: Path) -> Path:
    """A backup of its own for one test, beside its station."""
    for name in ("data", "backup"):
        shutil.copytree(original / name, tmp_path / name)
    return tmp_path / "backup"


def restored(made: Path, *words: str, stdin: str = PASSPHRASE + "\n") -> subprocess.CompletedProcess[str]:
    again = made.parent / "again"
    done = vigie("restore", str(made), "--data", str(again), *words, stdin=stdin)
    if done.returncode:
        assert not (again / "vigie.db").exists()
        assert not (again / "secrets").exists()
        assert list(again.glob(".restore-*")) == []
    return done


def mended(made: Path, name: str, *, signed: bool = True) -> None:
    """The manifest as somebody would forge it who changed ``name``; ``signed``: and has the station's key."""
    from console.station import manifest as manifests
    from console.station.backup import _digest

    manifest = json.loads((made / "manifest.json").read_text())
    manifest["sha256"][name] = _digest(made / name)
    if signed:
        key = Secrets.open(made.parent / "data" / "secrets", create=False).sign_key
        manifest = manifests.signed(manifest, key)
    (made / "manifest.json").write_text(json.dumps(manifest))


def slip_in(made: Path) -> None:
    with closing(sqlite3.connect(made / "vigie.db")) as connection, connection:
        connection.execute("INSERT INTO operator (login, name, password_hash) VALUES ('eve', 'Eve', 'x')")
        connection.execute("INSERT INTO operator_role (login, role) VALUES ('eve', 'administrator')")


def slip_in_and_mend_the_digest(made: Path) -> None:
    slip_in(made)
    mended(made, "vigie.db", signed=False)


def slip_in_and_sign(made: Path) -> None:
    slip_in(made)
    mended(made, "vigie.db")


def close_all_and_sign(made: Path) -> None:
    with closing(sqlite3.connect(made / "vigie.db")) as connection, connection:
        assert connection.execute("UPDATE alarm SET state = 'closed', closed_by = 'Eve'").rowcount
    mended(made, "vigie.db")


def take_the_signature_off(made: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text())
    del manifest["signature"]
    (made / "manifest.json").write_text(json.dumps(manifest))


def sign_with_another_key(made: Path) -> None:
    from console.station import manifest as manifests

    manifest = json.loads((made / "manifest.json").read_text())
    (made / "manifest.json").write_text(json.dumps(manifests.signed(manifest, Ed25519PrivateKey.generate())))


def damage(made: Path) -> None:
    with (made / "vigie.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"damaged")


def forge(made: Path) -> None:
    with closing(sqlite3.connect(made / "vigie.db")) as connection, connection:
        connection.execute("DROP TRIGGER journal_payload_no_update")
        connection.execute("UPDATE journal_payload SET text = 'nothing happened' WHERE seq = 3")
    mended(made, "vigie.db")


def cut(made: Path) -> None:
    content = (made / "keys.sealed").read_bytes()
    (made / "keys.sealed").write_bytes(content[:-40] + b'"}')
    mended(made, "keys.sealed")


def reach_out(made: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["sha256"]["../data/vigie.db"] = "00"
    (made / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (damage, "vigie.db in"),
        (forge, "The journal in this backup is not whole; nothing was brought back."),
        (cut, "The keys in this backup are damaged."),
        (slip_in_and_mend_the_digest, "is not signed by the station whose keys these are"),
        (slip_in_and_sign, "The journal in this backup is not whole; nothing was brought back."),
        (close_all_and_sign, "The journal in this backup is not whole; nothing was brought back."),
        (take_the_signature_off, "The manifest of this backup has no signature"),
        (sign_with_another_key, "is not signed by the station whose keys these are"),
        (reach_out, "is not what the backup was made with"),
        (lambda made: (made / "manifest.json").unlink(), "is no backup that this version of Vigie made"),
        (lambda made: (made / "vigie.db").unlink(), "vigie.db in"),
    ],
)
def test_I5_a_backup_that_was_changed_is_refused_and_nothing_is_left(
    made: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    spoil(made)
    done = restored(made)
    assert done.returncode == 1
    assert sentence in done.stderr


def test_a_wrong_or_missing_passphrase_is_a_sentence(made: Path) -> None:
    assert "The passphrase is not the one of this backup." in restored(made, stdin="a wrong passphrase\n").stderr


def test_I9_the_keys_are_in_the_backup_under_the_passphrase_alone(made: Path) -> None:
    keys = [(made.parent / "data" / "secrets" / name).read_bytes() for name in ("seal.key", "sign.key")]
    for path in made.iterdir():
        content = path.read_bytes()
        for key in keys:
            assert key not in content
            assert key.hex().encode() not in content


def test_without_keys_it_says_so_and_takes_those_that_were_kept_apart(tmp_path: Path, made: Path) -> None:
    done = vigie("backup", str(tmp_path / "bare"), "--data", str(tmp_path / "data"))
    assert done.returncode == 0
    assert "The station's keys are NOT in it." in done.stdout
    bare = vigie("restore", str(tmp_path / "bare"), "--data", str(tmp_path / "again"))
    assert bare.returncode == 1
    assert "give --keys" in bare.stderr
    shutil.copytree(tmp_path / "data" / "secrets", tmp_path / "kept")
    words = ("--data", str(tmp_path / "again"), "--keys", str(tmp_path / "kept"))
    assert vigie("restore", str(tmp_path / "bare"), *words).returncode == 0


def test_a_place_that_is_taken_is_not_overwritten(made: Path, tmp_path: Path) -> None:
    assert restored(made).returncode == 0
    done = vigie("restore", str(made), "--data", str(tmp_path / "again"), stdin=PASSPHRASE + "\n")
    assert (done.returncode, "There is a station in" in done.stderr) == (1, True)
    done = vigie("backup", str(made), "--data", str(tmp_path / "data"))
    assert (done.returncode, "is there already" in done.stderr) == (1, True)
    assert os.listdir(tmp_path / "again")


def test_a_short_passphrase_is_refused_before_anything_is_copied(made: Path, tmp_path: Path) -> None:
    words = ("backup", str(tmp_path / "b"), "--data", str(tmp_path / "data"), "--with-keys")
    done = vigie(*words, stdin="short\n")
    assert (done.returncode, "12 characters" in done.stderr) == (2, True)
    assert not (tmp_path / "b").exists()


def test_I6_a_backup_without_a_signature_is_brought_back_when_told_so_and_that_is_journaled(made: Path) -> None:
    take_the_signature_off(made)
    assert restored(made, "--unsigned").returncode == 0
    [entry] = [entry for entry in exported(made.parent / "again") if entry["kind"] == "restored"]
    assert "The backup had no signature" in entry["text"]
    assert entry["data"]["signed"] is False


def test_I5_a_wrong_signature_is_refused_whatever_is_told(made: Path) -> None:
    slip_in_and_mend_the_digest(made)
    assert "is not signed by the station" in restored(made, "--unsigned").stderr

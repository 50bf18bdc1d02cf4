"""The command line as a contract: real processes, their exit statuses, and what they say."""

from __future__ import annotations

import io
import json
import os
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import openpyxl
import pytest

from console.cli import main
from tests.frames import ack, crc, frame, sia
from tests.programs import VIGIE, RunningStation, exported, vigie, where

KEY = "00112233445566778899AABBCCDDEEFF"
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
Here = Callable[..., tuple[int, str, str]]
SITES = "site,name,account,contact,phone\nS1,Bakkerij Peeters,1001,An Peeters,0470 55 50 01\n"


def says(place_or_words: list[str], status: int, sentence: str, stdin: str = "") -> None:
    """A command that ends with ``status`` and one clear line."""
    done = vigie(*place_or_words, stdin=stdin)
    assert done.returncode == status, done.stdout + done.stderr
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStation]:
    with RunningStation(tmp_path_factory.mktemp("station") / "data") as running:
        yield running


def at(station: RunningStation) -> list[str]:
    return where(station.place)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """``vigie`` inside this process, for what starts nothing: its status, its output, its error."""

    def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["vigie", *words])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


COMMANDS = [
    [], ["station"], ["console"], ["demo"], ["decode"], ["journal", "export"], ["journal", "verify"],
    ["site", "import"], ["account", "set"], ["operator", "add"],
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_is_there_for_every_command(words: list[str], here: Here) -> None:
    status, said, _ = here(*words, "--help")
    assert status == 0
    assert said.startswith(" ".join(["Usage: vigie", *words]))


def test_a_group_without_a_command_shows_its_help_and_exit_status_2() -> None:
    done = vigie("journal")
    assert done.returncode == 2
    assert "verify" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nonsense"], "nonsense"),
        (["station", "--nonsense"], "--nonsense"),
        (["station", "--data", "a", "--database", "postgresql://b/c"], "exclude each other"),
        (["station", "--dc09", "nonsense"], "'nonsense' is not HOST:PORT"),
        (["station", "--http", "127.0.0.1:99999"], "is not HOST:PORT"),
        (["journal", "export"], "give --data DIR or --database URL"),
        (["journal", "verify"], "give --data DIR or --database URL"),
        (["journal", "export", "--data", "x", "--format", "xml"], "--format: jsonl or csv"),
        (["journal", "export", "--data", "x", "-o", "f", "--format", "xml"], "--format: one of csv, xlsx, jsonl, pdf"),
        (["journal", "export", "--data", "x", "-o", "f", "--report", "all"], "--report: one of lines, site-activity"),
        (["journal", "export", "--data", "x", "-o", "f", "--zone", "Mars"], "--zone: 'Mars' is no time zone"),
        (["journal", "export", "--data", "x", "--words", "dog"], "--operator, --alarm, --words and --report need"),
        (["journal", "export", "--data", "x", "--from", "yesterday"], "--from: 'yesterday' is not an ISO time"),
        (["operator", "add", "x", "--data", "x", "--role", "king"], "--role: operator, service-desk"),
        (["operator", "add", "x", "--data", "x"], "role"),
        (["account", "set", "1001", "--data", "x", "--clear-allowed", "maybe"], "--clear-allowed: yes or no"),
        (["account", "set", "1001", "--data", "x", "--time-window", "1"], "--time-window: BEFORE:AFTER"),
        (["account", "set", "1001", "--data", "x", "--lenient-length", "maybe"], "--lenient-length: yes or no"),
        (["station", "--data", "x", "--time-window", "40"], "--time-window: BEFORE:AFTER"),
        (["decode", "--at", "noon"], "--at: 'noon' is not an ISO time"),
        (["decode", "--key", "5ECRE7XYZ"], "--key: these are not hex digits"),
        (["decode", "--key", "0011"], "--key: an AES key has 32, 48 or 64 hex digits"),
    ],
)
def test_I12_wrong_words_are_one_clear_line_and_exit_status_2(words: list[str], sentence: str, here: Here) -> None:
    status, out, error = here(*words)
    assert (status, out) == (2, "")
    assert error.startswith("vigie")
    assert sentence in error
    assert len(error.strip().splitlines()) == 1
    assert "5ECRE7" not in error


def test_I12_wrong_words_end_the_real_program_in_the_same_way() -> None:
    says(["nonsense"], 2, "vigie: No such command 'nonsense'.")
    says(["station", "--nonsense"], 2, "vigie station: No such option: --nonsense")


def test_the_station_says_when_it_is_ready_and_ends_cleanly_on_SIGTERM(tmp_path: Path) -> None:
    with RunningStation(tmp_path / "data") as running:
        with running.dial() as line, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            datagrams.settimeout(10)
            line.sendall(sia("1001", 1, "NRP"))
            assert line.recv(100) == ack("1001", 1)
            datagrams.sendto(sia("1001", 2, "NRP"), running.dc09)
            assert datagrams.recv(100) == ack("1001", 2)
        assert httpx.get(f"{running.http}/v1/station").json()["database"] == "sqlite"
        address = json.loads((tmp_path / "data" / "station.json").read_text())
        assert (address["http"], address["pid"]) == (running.http, running.process.pid)
        assert running.stop() == 0
    assert not (tmp_path / "data" / "station.json").exists()
    entries = exported(tmp_path / "data")
    assert [entry["kind"] for entry in entries][-1] == "station-stopped"
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_a_data_folder_in_use_is_exit_status_3(station: RunningStation) -> None:
    says(["station", *at(station), "--dc09", "127.0.0.1:0", "--http", "127.0.0.1:0"], 3, "is in use by another station")


def test_what_cannot_be_opened_is_a_sentence(station: RunningStation, tmp_path: Path) -> None:
    data = ["station", "--data", str(tmp_path / "data")]
    taken = f"127.0.0.1:{station.dc09[1]}"
    says([*data, "--dc09", taken, "--http", "127.0.0.1:0"], 1, f"The DC-09 address {taken} cannot be opened")
    http = station.http.removeprefix("http://")
    says([*data, "--dc09", "127.0.0.1:0", "--http", http], 1, f"The HTTP address {http} cannot be opened")
    says([*data, "--http", "0.0.0.0:0"], 1, "can be reached from other machines: give --tls-cert and --tls-key")
    says(["station", "--database", "sqlite:///x"], 1, "only PostgreSQL URLs are taken here")
    says(["station", "--database", "postgresql://nobody@127.0.0.1:1/x"], 1, "The database cannot be used")


def test_an_operator_is_added_with_and_without_a_running_station(
    station: RunningStation, here: Here, tmp_path: Path
) -> None:
    for place in (at(station), ["--data", str(tmp_path / "data")]):
        words = ["operator", "add", "claes", "--role", "operator", "--role", "supervisor", *place]
        assert here(*words, stdin="correct horse\n")[0] == 0
        status, _, error = here(*words, stdin="other\n")
        assert (status, error) == (1, "vigie: An operator named claes exists already.\n")
        assert here("operator", "add", "new", "--role", "operator", *place, stdin="\n")[0] == 2
    body = {"operator": "claes", "password": "correct horse", "workstation": "WS1"}
    answer = httpx.post(f"{station.http}/v1/session", json=body)
    assert answer.json()["person"]["roles"] == ["operator", "supervisor"]
    assert "correct horse" not in json.dumps(exported(station.place))


def test_sites_and_keys_reach_a_running_station(station: RunningStation, tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text(SITES)
    (tmp_path / "bad.csv").write_text(SITES + "S2,,1,,\n")
    done = vigie("site", "import", *at(station), str(tmp_path / "bad.csv"))
    assert done.returncode == 1
    assert "bad.csv: line 3, name: a site has a name" in done.stderr
    assert vigie("site", "import", *at(station), str(tmp_path / "sites.csv")).returncode == 0
    set_key = ["account", "set", "1001", *at(station), "--key-stdin", "--clear-allowed", "no"]
    says(set_key, 2, "--key-stdin: an AES key has 32, 48 or 64 hex digits", stdin="0011\n")
    assert vigie(*set_key, stdin=f"{KEY}\n").returncode == 0
    says(["account", "set", "7777", *at(station), "--clear-allowed", "no"], 1, "No site has the account 7777.")
    with station.dial() as line:
        line.sendall(sia("1001", 1, "NBA07") + frame('"NULL"0000L0#ABC[]'))
        assert line.recv(100) == frame('"ACK"0000L0#ABC[]')
    everything = json.dumps(exported(station.place))
    assert "Frame in clear refused" in everything
    assert KEY not in everything


def test_what_an_account_s_panel_does_otherwise_reaches_a_running_station(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text(SITES)
    with RunningStation(tmp_path / "data", words=["--time-window", "86400,60"]) as running:
        change = ["account", "set", "1001", *at(running)]
        assert vigie("site", "import", *at(running), str(tmp_path / "sites.csv")).returncode == 0
        says([*change, "--override", "FA=status"], 1, "FA means Fire, an Emergency: it cannot be lowered to Status.")
        overrides = ["--override", "423=duress", "--override", "NC=closing"]
        settings = ["--lenient-length", "yes", "--check-clear-time", "yes", "--lone-ack", "yes"]
        assert vigie(*change, *overrides, *settings).returncode == 0
        assert vigie(*change, "--override", "NC=").returncode == 0
        hour_ago = f"_{datetime.now(UTC) - timedelta(hours=1):%H:%M:%S,%m-%d-%Y}"
        body = f'"ADM-CID"0001L0#1001[#1001|1423 01 007]{hour_ago}'.encode()
        with running.dial() as line:
            line.sendall(b"\n%04X%04X%s\r" % (crc(body), len(body) + 1, body))
            assert line.recv(100) == b"\x06"
        assert running.stop() == 0
    entries = exported(tmp_path / "data")
    assert [entry["data"]["overrides"] for entry in entries if entry["kind"] == "account-set"][-1] == "423=duress"
    [signal] = [entry for entry in entries if entry["kind"] == "signal"]
    assert (signal["priority"], signal["data"]["events"][0]["kind"]) == (1, "duress")


def test_I5_the_journal_is_exported_and_verified_beside_a_running_station(station: RunningStation) -> None:
    with station.dial() as line:
        line.sendall(sia("4444", 1, "NBA07"))
        assert line.recv(100) == ack("4444", 1)
    entries = exported(station.place)
    assert [entry["account"] for entry in entries if entry["kind"] == "signal"][-1] == "4444"
    done = vigie("journal", "verify", *at(station))
    assert done.returncode == 0
    assert f"The journal is intact: {len(entries)} entries," in done.stdout
    table = vigie("journal", "export", *at(station), "--format", "csv").stdout
    assert table.splitlines()[0].startswith("seq,time,panel_time,kind,actor,site,account,alarm,priority,in_test,text")


def test_G6_the_journal_is_handed_over_into_a_file_beside_a_running_station(
    station: RunningStation, tmp_path: Path
) -> None:
    book = tmp_path / "journal.xlsx"
    done = vigie("journal", "export", *at(station), "-o", str(book), "--format", "xlsx")
    assert done.returncode == 0, done.stderr
    rows = list(openpyxl.load_workbook(book).active.iter_rows(values_only=True))
    entries = exported(station.place)
    told = entries[-1]
    assert told["kind"] == "journal-exported"
    assert told["text"].startswith("Journal handed out as XLSX (lines) to journal.xlsx: all entries; ")
    assert [row[0] for row in rows[1:]] == [entry["seq"] for entry in entries[:-1]]
    again = vigie("journal", "export", *at(station), "-o", str(book), "--format", "xlsx")
    assert (again.returncode, again.stderr.strip()) == (1, f"vigie: {book} is there already.")
    refused = vigie("journal", "export", *at(station), "-o", str(tmp_path / "x"), "--report", "incident")
    assert (refused.returncode, refused.stderr.strip()) == (1, "vigie: alarm: An incident report needs an alarm.")
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(("x", "journal"))] == ["journal.xlsx"]


def test_I5_verify_says_what_is_broken_and_where(here: Here, tmp_path: Path) -> None:
    place = tmp_path / "data"
    assert here("operator", "add", "a", "--role", "operator", "--data", str(place), stdin="x\n")[0] == 0
    assert here("journal", "verify", "--data", str(place))[0] == 0
    with closing(sqlite3.connect(place / "vigie.db")) as connection, connection:
        connection.execute("DROP TRIGGER journal_no_update")
        connection.execute("UPDATE journal SET kind = 'x' WHERE seq = 1")
    done = vigie("journal", "verify", "--data", str(place))
    assert (done.returncode, done.stderr) == (1, "")
    assert "entry 1 was changed" in done.stdout


def test_I5_what_cannot_be_read_is_exit_status_2(here: Here, tmp_path: Path) -> None:
    nowhere, place = ["--data", str(tmp_path / "nowhere")], tmp_path / "data"
    assert here("operator", "add", "a", "--role", "operator", "--data", str(place), stdin="x\n")[0] == 0
    (place / "vigie.db").write_bytes(b"this is no database, it is a text" * 200)
    for words, sentence in (
        (["verify", *nowhere], "cannot be read"),
        (["export", *nowhere], "There is no station's database"),
        (["verify", "--database", "nonsense"], "this is not a database URL"),
        (["verify", "--data", str(place)], "cannot be read"),
        (["export", "--data", str(place)], "cannot be read"),
    ):
        status, out, error = here("journal", *words)
        assert (status, out) == (2, ""), words
        assert sentence in error
        assert len(error.strip().splitlines()) == 1
    assert not (tmp_path / "nowhere").exists()


def test_decode_reads_a_frame_a_line_and_never_fails() -> None:
    lines = [
        sia("1001", 7, "Nri1/BA07").decode().replace("\n", "\\n").replace("\r", "\\r"),
        "GET / HTTP/1.1",
        "\\xZZ",
        r'\nE5D50078"SIA-DCS"0002R1L232#78919[1234|NFA129][S123Main St., 55123]_11:10:00,10-12-2019\r',
    ]
    done = vigie("decode", stdin="\n".join(lines) + "\n")
    assert done.returncode == 0
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["valid"] for one in said] == [True, False, False, False]
    assert list(said[0]) == [
        "valid", "reason", "encrypted", "token", "sequence", "receiver", "line", "account", "data", "xdata", "events",
        "timestamp", "reply",
    ]  # fmt: skip
    assert said[0]["events"] == [
        {"code": "BA", "qualifier": None, "area": "1", "address": "07", "text": None, "kind": "intrusion",
         "description": "Burglary zone tripped while armed"}
    ]  # fmt: skip
    assert said[0]["reply"] == ack("1001", 7).decode().replace("\n", "\\n").replace("\r", "\\r")
    assert all(set(one) == set(said[0]) for one in said)


def test_the_version_is_said() -> None:
    assert vigie("--version").stdout.startswith("vigie 0.")


def test_a_console_without_a_screen_says_so_and_starts_nothing(tmp_path: Path) -> None:
    bare = {key: value for key, value in os.environ.items() if key not in SCREENS}
    for words in ((), ("console", "--station", "http://127.0.0.1:1")):
        done = subprocess.run(
            [*VIGIE, *words],
            capture_output=True,
            text=True,
            timeout=60,
            env={**bare, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "share")},
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.startswith("vigie: The console needs a screen")
    assert not (tmp_path / "share").exists()

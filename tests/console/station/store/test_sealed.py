"""A sealed export is checked by its own verifier, a program of its own, and every change in it is found (G6, I5)."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from console.station.export_command import export_journal
from console.station.sealed_export import export_sealed, show_checkpoints, show_key
from console.station.store.export import Selection
from console.station.verifying import verify_journal
from tests.console.station.house import SITE
from tests.console.station.store.spoiled import Copy, copied, erased, write_journal

Edit = Callable[[dict[str, object]], object]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    folder = tmp_path_factory.mktemp("journal")
    write_journal(folder / "data")
    return Copy(folder / "data", folder / "data" / "secrets")


@pytest.fixture
def journal(original: Copy, tmp_path: Path) -> Copy:
    return copied(original, tmp_path)


def unpacked(journal: Copy, tmp_path: Path, selection: Selection | None = None) -> Path:
    target = tmp_path / "export.zip"
    assert export_sealed(journal.place, target, selection or Selection()) == 0
    with zipfile.ZipFile(target) as archive:
        archive.extractall(tmp_path / "out")
    return tmp_path / "out"


def checked(folder: Path, *words: str) -> tuple[int, str]:
    # -I -S: neither our packages nor anybody's: what a stranger's Python has.
    done = subprocess.run([sys.executable, "-I", "-S", folder / "verify.py", *words], capture_output=True, text=True)
    assert not done.stderr
    return done.returncode, done.stdout


def test_a_third_party_checks_a_whole_export_with_the_standard_library(
    journal: Copy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = unpacked(journal, tmp_path)
    said = capsys.readouterr().out
    status, found = checked(folder)
    assert status == 0, found
    assert "Everything is as the station sealed it" in found
    assert "Signed while the station ran, by a checkpoint, up to entry" in found
    assert "gaps" not in found
    show_key(journal.place)
    fingerprint = capsys.readouterr().out.split()[-1]
    assert fingerprint in said
    assert checked(folder, "--key", fingerprint)[1].endswith("The key is yours.\n")
    status, found = checked(folder, "--key", "00" * 32)
    assert status == 1
    assert "signed with another key than yours" in found


def test_G6_who_took_the_journal_out_is_in_the_journal(journal: Copy, tmp_path: Path) -> None:
    lines = (unpacked(journal, tmp_path) / "entries.jsonl").read_text().splitlines()
    last = json.loads(lines[-1])
    assert (last["kind"], last["actor_kind"]) == ("journal-exported", "local")
    assert "export.zip: all entries" in last["text"]


def test_a_selection_says_its_gaps_and_holds_nothing_of_others(journal: Copy, tmp_path: Path) -> None:
    folder = unpacked(journal, tmp_path, Selection(site=SITE.id))
    lines = [json.loads(line) for line in (folder / "entries.jsonl").read_text().splitlines()]
    assert {line["site"] for line in lines} == {SITE.id}
    status, found = checked(folder)
    assert status == 0, found
    assert "Made on" in found
    assert f"site {SITE.id}" in found


def edit(name: str) -> Edit:
    def change(entry: dict[str, object]) -> None:
        value = entry[name]
        entry[name] = value + 1 if isinstance(value, int) else f"{value}x"

    return change


@pytest.mark.parametrize(
    "column",
    ["time", "kind", "actor_kind", "site", "in_test", "payload_digest", "prev", "hash", "salt", "text", "data", "raw"],
)
def test_any_change_of_an_entry_is_found(journal: Copy, tmp_path: Path, column: str) -> None:
    folder = unpacked(journal, tmp_path)
    file = folder / "entries.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    edit(column)(lines[7])
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    status, found = checked(folder)
    assert status == 1
    assert f"entry {lines[7]['seq']}" in found
    assert "entries.jsonl is not the file that the station signed for" in found


@pytest.mark.parametrize("name", ["entries.jsonl", "checkpoints.jsonl"])
def test_a_line_that_was_left_out_is_found(journal: Copy, tmp_path: Path, name: str) -> None:
    folder = unpacked(journal, tmp_path)
    lines = (folder / name).read_text().splitlines(keepends=True)
    (folder / name).write_text("".join(lines[:-1]))
    assert checked(folder)[0] == 1


def test_a_manifest_or_a_checkpoint_that_nobody_signed_is_found(journal: Copy, tmp_path: Path) -> None:
    folder = unpacked(journal, tmp_path)
    manifest = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(manifest.replace('"made_by": "', '"made_by": "not '))
    assert "manifest.json is not what the station signed" in checked(folder)[1]
    (folder / "manifest.json").write_text(manifest)
    points = (folder / "checkpoints.jsonl").read_text()
    (folder / "checkpoints.jsonl").write_text(points.replace('"time": "20', '"time": "19'))
    assert "is not what the station signed" in checked(folder)[1]


def test_what_is_no_export_is_a_sentence(journal: Copy, tmp_path: Path) -> None:
    folder = unpacked(journal, tmp_path)
    (folder / "manifest.json").unlink()
    assert checked(folder)[0] == 2


def test_I14_contents_that_were_erased_are_told_and_those_that_were_removed_are_found(
    journal: Copy, tmp_path: Path
) -> None:
    erased(journal, [8, 9])
    folder = unpacked(journal, tmp_path)
    status, found = checked(folder)
    assert status == 0, found
    assert "Of 2 entries the content was erased, signed by the station." in found
    file = folder / "entries.jsonl"
    file.write_text(file.read_text().replace('"erased_by":', '"by":'))
    assert "entry 8 has lost its content" in checked(folder)[1]


def test_a_journal_that_is_not_what_was_sealed_is_not_handed_out(
    journal: Copy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.rehash()
    journal.query("UPDATE journal SET kind = 'note' WHERE seq = 8", "SELECT 1")
    journal.rehash()
    assert export_sealed(journal.place, tmp_path / "export.zip", Selection()) == 1
    assert "is not what the station sealed: the journal is broken" in capsys.readouterr().err
    assert list(tmp_path.glob("*export*")) == []


def test_a_file_that_is_there_is_not_overwritten(journal: Copy, tmp_path: Path) -> None:
    (tmp_path / "export.zip").write_text("mine")
    assert export_sealed(journal.place, tmp_path / "export.zip", Selection()) == 1
    assert (tmp_path / "export.zip").read_text() == "mine"


def test_I5_a_checkpoint_kept_elsewhere_finds_another_journal_that_was_signed_anew_with_the_same_key(
    journal: Copy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.jsonl"
    capsys.readouterr()
    assert show_checkpoints(journal.place, 1) == 0
    kept.write_text(capsys.readouterr().out)
    assert verify_journal(journal.place, [kept]) == 0
    # Whoever has the whole machine has the key: nothing of the old journal is left, and all of the new one is signed.
    assert isinstance(journal.place, Path)
    journal.checkpoints.unlink()
    for file in journal.place.glob("vigie.db*"):
        file.unlink()
    write_journal(journal.place)
    assert verify_journal(journal.place) == 0
    capsys.readouterr()
    assert verify_journal(journal.place, [kept]) == 1
    assert "kept.jsonl seals another journal than this" in capsys.readouterr().out
    kept.write_text("a note\n")
    assert verify_journal(journal.place, [kept]) == 1
    assert "kept.jsonl: checkpoint line 1 cannot be read" in capsys.readouterr().out
    kept.write_text("\n")
    assert verify_journal(journal.place, [kept]) == 1
    assert "kept.jsonl holds no checkpoint" in capsys.readouterr().out


def test_I5_a_checkpoint_kept_elsewhere_finds_a_cut_although_the_stations_own_were_cut_along(
    journal: Copy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show_checkpoints(journal.place, 1) == 0
    (tmp_path / "kept.jsonl").write_text(capsys.readouterr().out)
    for table in ("journal", "journal_payload"):
        journal.query(f"DELETE FROM {table} WHERE seq > 10", "SELECT 1")
    journal.query("UPDATE journal_head SET seq = 10, hash = (SELECT hash FROM journal WHERE seq = 10)", "SELECT 1")
    points = [line for line in journal.checkpoints.read_text().splitlines(True) if json.loads(line)["seq"] <= 10]
    journal.checkpoints.write_text("".join(points))
    assert verify_journal(journal.place) == 0, "as whole as the station itself can know"
    assert verify_journal(journal.place, [tmp_path / "kept.jsonl"]) == 1
    assert "is missing or is not what was sealed" in capsys.readouterr().out


def test_G6_the_plain_export_names_the_erased_entry_without_its_content(
    journal: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    erased(journal, [8])
    assert export_journal(journal.place, "csv", Selection()) == 0
    line = capsys.readouterr().out.splitlines()[8]
    assert line.startswith("8,")

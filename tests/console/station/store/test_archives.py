"""I5, I14, issue 6: months leave the live tables as sealed files, and the chain stays verifiable across the cut."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from console.station.mounting import mount, unmount
from console.station.store.chain import first_prev
from console.station.verifying import STRETCH, _Walkers, verify_journal
from tests.console.station.store.archived import MONTHS, archive, known, write_old_journal
from tests.console.station.store.spoiled import Copy, alone, copied
from tests.console.station.store.test_proof import spoil
from tests.databases import PostgresServer

TAMPERS = int(os.environ.get("VIGIE_TAMPERS", "8"))


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    folder = tmp_path_factory.mktemp("journal")
    if request.param == "sqlite":
        write_old_journal(folder / "data")
        yield Copy(folder / "data", folder / "data" / "secrets")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    place, before = server.fresh(), os.environ.get("VIGIE_SECRETS")
    os.environ["VIGIE_SECRETS"] = str(folder / "secrets")
    write_old_journal(place)
    if before is None:
        del os.environ["VIGIE_SECRETS"]
    yield Copy(place, folder / "secrets")


@pytest.fixture
def journal(original: Copy, tmp_path: Path) -> Copy:
    return copied(original, tmp_path)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def rows(journal: Copy) -> int:
    return int(journal.query("SELECT count(*) AS n FROM journal")[0]["n"])


def verified(journal: Copy, capsys: pytest.CaptureFixture[str], stretch: int = STRETCH) -> tuple[int, str]:
    capsys.readouterr()
    status = verify_journal(journal.place, stretch=stretch)
    return status, capsys.readouterr().out


def test_I5_months_leave_for_files_that_their_own_verifier_finds_whole(
    journal: Copy, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = journal.query("SELECT seq, hash FROM journal ORDER BY seq")
    assert archive(journal.place, files) == 0
    cuts = known(journal.place)
    assert [one.period() for one in cuts] == list(MONTHS)
    assert (cuts[0].first, [one.first for one in cuts[1:]]) == (1, [one.last + 1 for one in cuts[:-1]])
    assert sorted(path.name for path in files.glob("*.zip")) == sorted(one.file for one in cuts)
    for one in cuts:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "resources/sealed/verify.py", str(files / one.file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        assert f"{one.last - one.first + 1} entries" in done.stdout
    left = journal.query("SELECT seq, hash FROM journal ORDER BY seq")
    assert left[: len(before) - cuts[-1].last] == before[cuts[-1].last :]
    assert journal.query("SELECT count(*) AS n FROM journal_payload")[0]["n"] == len(left)
    for name in ("journal_span",):
        assert journal.query(f"SELECT count(*) AS n FROM {name}")[0]["n"] <= 1
    status, said = verified(journal, capsys)
    assert status == 0, said
    assert f"The journal is intact: entries {cuts[-1].last + 1} to" in said
    assert f"Entries 1 to {cuts[0].last} are in the archive {cuts[0].file}: signed" in said


def test_G4_who_archived_what_is_journaled(journal: Copy, files: Path) -> None:
    assert archive(journal.place, files) == 0
    told = journal.query(
        "SELECT p.text FROM journal j JOIN journal_payload p ON p.seq = j.seq WHERE j.kind = 'archived' ORDER BY j.seq"
    )
    assert [row["text"].startswith("Journal archived: entries ") for row in told] == [True] * 3
    assert [one.file in row["text"] for one, row in zip(known(journal.place), told, strict=True)] == [True] * 3


def test_a_dry_run_changes_nothing(journal: Copy, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from console.station.archiving import archive_journal

    count = rows(journal)
    status = alone(lambda: _later(lambda: archive_journal(journal.place, folder=files, dry_run=True)))
    said = capsys.readouterr().out
    assert (status, rows(journal), files.exists()) == (0, count, False)
    assert [f"{month}: entries" in said for month in MONTHS] == [True] * 3


async def _later(work: object) -> object:
    import asyncio

    return await asyncio.to_thread(work)  # type: ignore[arg-type]


def test_F6_B2_the_last_months_stay_whatever_is_asked(
    journal: Copy, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert archive(journal.place, files, datetime(2099, 1, 1, tzinfo=UTC)) == 1
    assert "The last 4 whole months stay" in capsys.readouterr().err
    assert archive(journal.place, files, datetime(2024, 5, 1, tzinfo=UTC)) == 0
    assert [one.period() for one in known(journal.place)] == list(MONTHS[:2])


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE alarm SET state = 'held'", "an alarm that is open"),
        (
            "INSERT INTO site_test (id, version, site, since, by, asked_by, asked_how, channel, why, ticket, whole, "
            "scope, shelved, once, scoped_at, past_end, signals, last_signal, ended_by) SELECT max(last_seq), 1, 'S1', "
            "0, 'x', 'x', '', '', '', '', 1, '', 0, 0, 0, 0, 0, '', '' FROM alarm",
            "a test that runs",
        ),
    ],
)
def test_a_month_that_something_running_needs_stays(
    journal: Copy, files: Path, statement: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.query(statement, "SELECT 1")
    assert archive(journal.place, files) == 0
    assert [one.period() for one in known(journal.place)] == list(MONTHS[:1])
    assert why in capsys.readouterr().out


def test_a_broken_journal_is_not_archived(journal: Copy, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count = rows(journal)
    journal.query("UPDATE journal_payload SET text = 'nothing' WHERE seq = 8", "SELECT 1")
    assert archive(journal.place, files) == 1
    assert "the content of entry 8 was changed" in capsys.readouterr().err
    assert (rows(journal), known(journal.place), list(files.glob("*.zip"))) == (count, [], [])


TAMPER = {
    "row gone": "DELETE FROM journal_archive WHERE first = 1",
    "all rows gone": "DELETE FROM journal_archive",
    "last": "UPDATE journal_archive SET last = last + 1 WHERE first = 1",
    "hash": "UPDATE journal_archive SET hash = prev WHERE first = 1",
    "prev": "UPDATE journal_archive SET prev = hash WHERE first > 1",
    "file": "UPDATE journal_archive SET file = 'x.zip'",
    "digest": "UPDATE journal_archive SET digest = '00'",
    "time": "UPDATE journal_archive SET last_time = last_time + 1",
    "act": "UPDATE journal_archive SET by_seq = by_seq - 1000",
    "signature": "UPDATE journal_archive SET signature = 'AAAA'",
    "first live entry": "DELETE FROM journal WHERE seq = (SELECT min(seq) FROM journal)",
    "its prev": "UPDATE journal SET prev = hash WHERE seq = (SELECT min(seq) FROM journal)",
    "the telling entry": "UPDATE journal SET kind = 'note' WHERE kind = 'archived'",
    "slipped in": "INSERT INTO journal SELECT 3, time, panel_time, kind, actor_kind, site, account, alarm, priority, "
    "in_test, payload_digest, prev, hash FROM journal WHERE seq = (SELECT min(seq) FROM journal)",
    "below zero": "INSERT INTO journal SELECT -3, time, panel_time, kind, actor_kind, site, account, alarm, priority, "
    "in_test, payload_digest, prev, hash FROM journal WHERE seq = (SELECT min(seq) FROM journal)",
}


@pytest.mark.parametrize("stretch", [STRETCH, 5])
@pytest.mark.parametrize("what", TAMPER)
def test_I5_whatever_is_done_at_the_cut_is_found(
    journal: Copy,
    files: Path,
    what: str,
    stretch: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    monkeypatch.setattr(
        "console.station.verifying.ProcessPoolExecutor", lambda workers, mp_context: ThreadPoolExecutor(workers)
    )
    assert archive(journal.place, files) == 0
    assert verified(journal, capsys, stretch)[0] == 0
    journal.query(TAMPER[what], "SELECT 1")
    status, said = verified(journal, capsys, stretch)
    assert status == 1, said


def test_I5_whoever_was_added_in_a_month_that_left_is_known_and_whoever_was_slipped_in_is_found(
    journal: Copy, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert archive(journal.place, files) == 0
    capsys.readouterr()
    [count] = journal.query("SELECT count(*) AS n FROM journal WHERE kind = 'operator-added'")
    assert count["n"] == 0, "it left with its month"
    assert verified(journal, capsys)[0] == 0
    journal.query("INSERT INTO operator (login, name, password_hash) VALUES ('eve', 'Eve', 'x')", "SELECT 1")
    status, said = verified(journal, capsys)
    assert (status, "eve can sign in as nothing, and no entry tells that they were added" in said) == (1, True)
    journal.query("DELETE FROM operator WHERE login = 'eve'", "SELECT 1")
    journal.query("UPDATE operator_role SET role = 'administrator' WHERE role = 'supervisor'", "SELECT 1")
    assert "claes is administrator, operator, and was added as operator, supervisor" in verified(journal, capsys)[1]


def test_I5_entries_removed_with_an_act_that_nobody_signed_are_missing(
    journal: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    head = journal.query("SELECT journal_id FROM journal_head")[0]["journal_id"]
    [edge] = journal.query("SELECT hash, time FROM journal WHERE seq = 6")
    journal.query(
        f"INSERT INTO journal_archive VALUES (7, 1, 6, '{first_prev(head)}', '{edge['hash']}', {edge['time']}, "
        f"{edge['time']}, 'x.zip', '00', 'AAAA')",
        "DELETE FROM journal WHERE seq <= 6",
        "DELETE FROM journal_payload WHERE seq <= 6",
        "SELECT 1",
    )
    status, said = verified(journal, capsys)
    assert status == 1
    assert "that entries 1 to 6 are in the archive x.zip is not signed" in said
    assert "entries 1 to 6 are missing" in said


def test_I5_by_an_act_that_nobody_signed_no_file_is_deleted_and_nothing_leaves_or_is_mounted(
    journal: Copy, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from console.station.archive_places import archive_folder
    from console.station.erasing import erase_person, subject_of

    folder = archive_folder(journal.place)
    assert archive(journal.place, folder) == 0
    one, count = known(journal.place)[0], rows(journal)
    # The newest act on some entries holds: by its word the file of the one before would go, wherever it lies.
    key = journal.secrets / "sign.key"
    for number, file in ((900, os.path.relpath(key, folder)), (901, "other.zip")):
        journal.query(
            f"INSERT INTO journal_archive VALUES ({number}, {one.first}, {one.last}, '{one.prev}', '{one.hash}', "
            f"{one.first_time}, {one.last_time}, '{file}', '{one.digest}', 'AAAA')",
            "SELECT 1",
        )
    subject = subject_of(["Nobody Here"], [], [], ["S1"])
    for attempt in (
        lambda: erase_person(journal.place, subject, "Request", really=True),
        lambda: archive(journal.place, folder),
        lambda: mount(journal.place, [folder / one.file]),
    ):
        capsys.readouterr()
        assert alone(lambda attempt=attempt: _later(attempt)) == 1
        assert "is not signed: verify the journal first" in capsys.readouterr().err
    assert (key.is_file(), (folder / one.file).is_file(), rows(journal)) == (True, True, count)
    assert verified(journal, capsys)[0] == 1


def _while_others_walk(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
    """Do ``work`` once, as the processes that verify begin: what they find is younger than the head they were told."""
    walks, todo = _Walkers.__call__, [work]

    def walked(self: _Walkers, *words: Any) -> Any:
        while todo:
            todo.pop()()
        return walks(self, *words)

    monkeypatch.setattr("console.station.verifying._Walkers.__call__", walked)
    monkeypatch.setattr(
        "console.station.verifying.ProcessPoolExecutor", lambda workers, mp_context: ThreadPoolExecutor(workers)
    )


def test_I5_a_month_that_leaves_while_the_journal_is_verified_is_no_break(
    journal: Copy, files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _while_others_walk(monkeypatch, lambda: archive(journal.place, files))
    status, said = verified(journal, capsys, stretch=3)
    assert status == 0, said
    assert [one.period() for one in known(journal.place)] == list(MONTHS)
    journal.query("UPDATE journal_payload SET text = 'x' WHERE seq = (SELECT max(seq) FROM journal) - 1", "SELECT 1")
    assert verified(journal, capsys, stretch=3)[0] == 1


@pytest.mark.parametrize("stretch", [STRETCH, 3])
def test_I5_an_archive_whose_removal_was_broken_off_is_whole_and_goes_on(
    journal: Copy, files: Path, stretch: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows(journal)
    calls = iter(range(2))

    async def some(ask: object, upto: object) -> None:
        from console.station.control import REMOVE_ARCHIVED, RemoveArchivedRequest

        for _ in calls:
            await ask(REMOVE_ARCHIVED, RemoveArchivedRequest(limit=4))  # type: ignore[operator]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("console.station.archiving._remove", some)
        assert archive(journal.place, files) == 1
    # The act itself is one more.
    assert rows(journal) == whole + 1 - 8
    status, said = verified(journal, capsys)
    assert status == 0, said
    assert "The journal is intact: entries 9 to" in said
    if stretch != STRETCH:
        _while_others_walk(monkeypatch, lambda: archive(journal.place, files))
        status, said = verified(journal, capsys, stretch)
        assert status == 0, said
        assert [one.period() for one in known(journal.place)] == list(MONTHS)
        return
    [first] = known(journal.place)
    (files / first.file).rename(files / "away.zip")
    assert archive(journal.place, files) == 1
    assert "its entries stay in the live tables" in capsys.readouterr().err
    (files / "away.zip").rename(files / first.file)
    assert archive(journal.place, files) == 0
    assert verified(journal, capsys)[0] == 0
    assert [one.period() for one in known(journal.place)] == list(MONTHS)
    assert rows(journal) == whole + 3 - known(journal.place)[-1].last


def test_I5_mounted_archives_are_verified_with_the_rest_and_a_change_in_them_is_found(
    journal: Copy, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from console.station.archive_places import mounted_file

    assert archive(journal.place, files) == 0
    cuts = known(journal.place)
    assert alone(lambda: _later(lambda: mount(journal.place, [files / one.file for one in cuts]))) == 0
    status, said = verified(journal, capsys)
    assert status == 0, said
    assert said.count("mounted, and verified with the rest") == 3
    shelf = Copy(files, files)
    (files / "vigie.db").symlink_to(mounted_file(journal.place, cuts[1]))
    shelf.query("UPDATE journal_payload SET text = 'x' WHERE seq = (SELECT max(seq) - 2 FROM journal)", "SELECT 1")
    status, said = verified(journal, capsys)
    assert status == 1
    assert f"the mounted archive {cuts[1].file}: the content of entry {cuts[1].last - 2} was changed" in said
    assert alone(lambda: _later(lambda: unmount(journal.place, []))) == 0
    assert verified(journal, capsys)[0] == 0
    assert not mounted_file(journal.place, cuts[1]).exists()


def test_G4_what_cannot_be_journaled_as_hidden_stays_shown(
    journal: Copy, files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.station.archive_places import mounted_file
    from console.station.errand import ErrandFailed

    assert archive(journal.place, files) == 0
    one = known(journal.place)[0]
    assert alone(lambda: _later(lambda: mount(journal.place, [files / one.file]))) == 0

    async def refused(*_words: object) -> None:
        raise ErrandFailed("The station cannot write now.")

    with monkeypatch.context() as patch:
        patch.setattr("console.station.mounting.do", refused)
        assert alone(lambda: _later(lambda: unmount(journal.place, []))) == 1
    assert mounted_file(journal.place, one).is_file()
    assert alone(lambda: _later(lambda: unmount(journal.place, []))) == 0
    assert not mounted_file(journal.place, one).exists()


def test_I14_of_two_that_archive_one_month_the_one_that_is_refused_leaves_no_file(
    journal: Copy, files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.station import archiving

    # Another machine, with a folder of its own, is quicker than this one.
    other, real = tmp_path / "other", archiving._write

    def slower(*words: Any) -> Any:
        written = real(*words)
        with monkeypatch.context() as patch:
            patch.setattr("console.station.archiving._write", real)
            patch.setattr("console.station.archiving.who", lambda: "somebody else")
            patch.setattr("console.station.errand.DataFolder.lock", lambda _folder: Free())
            assert archive(journal.place, other) == 0
        return written

    class Free:
        def release(self) -> None:
            """It is another machine."""

    monkeypatch.setattr("console.station.archiving._write", slower)
    assert archive(journal.place, files) == 1
    assert "is the next to be archived" in capsys.readouterr().err
    assert (list(files.glob("*.zip")), len(list(other.glob("*.zip")))) == ([], 3)
    assert verified(journal, capsys)[0] == 0


def test_what_another_version_mounted_is_not_read_and_is_mounted_anew(
    journal: Copy, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from console.station.archive_places import mounted_file

    assert archive(journal.place, files) == 0
    one = known(journal.place)[0]
    assert alone(lambda: _later(lambda: mount(journal.place, [files / one.file]))) == 0
    file = mounted_file(journal.place, one)
    older = file.with_name(file.name.replace(".00", ".0x"))
    file.rename(older)
    assert "mounted, and verified" not in verified(journal, capsys)[1]
    assert alone(lambda: _later(lambda: mount(journal.place, [files / one.file]))) == 0
    assert "mounted, and verified" in verified(journal, capsys)[1]
    assert (file.is_file(), older.is_file(), len(list(file.parent.iterdir()))) == (True, False, 1)


@pytest.mark.parametrize("seed", range(TAMPERS))
def test_I5_G4_whatever_is_done_at_random_to_what_stayed_is_found(
    journal: Copy, files: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert archive(journal.place, files) == 0
    done = spoil(journal, random.Random(seed))
    status, said = verified(journal, capsys)
    assert status == 1, f"{done}: {said}"


@pytest.mark.parametrize("seed", range(TAMPERS))
def test_I5_an_archive_that_is_not_what_was_archived_is_not_mounted(
    journal: Copy, files: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(seed)
    assert archive(journal.place, files) == 0
    file = files / chance.choice(known(journal.place)).file
    content = bytearray(file.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    file.write_bytes(content)
    assert alone(lambda: _later(lambda: mount(journal.place, [file]))) == 1
    assert "is not what was archived" in capsys.readouterr().err
    assert verified(journal, capsys)[0] == 0


@pytest.mark.parametrize("statement", ["UPDATE journal_archive SET last = 1", "DELETE FROM journal_archive"])
async def test_I5_the_database_lets_entries_go_only_where_an_archive_holds_them(
    original: Copy, tmp_path: Path, statement: str
) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    from tests.console.station.store.archived import opened

    database = opened(copied(original, tmp_path).place)
    try:
        for table in ("journal", "journal_payload"):
            with pytest.raises(DBAPIError, match="append-only"):
                await database.write(lambda c, table=table: c.execute(text(f"DELETE FROM {table} WHERE seq = 1")))
        await database.write(
            lambda c: c.execute(text("INSERT INTO journal_archive VALUES (9, 1, 2, 'p', 'h', 0, 0, 'f', 'd', 's')"))
        )
        with pytest.raises(DBAPIError, match="append-only"):
            await database.write(lambda c: c.execute(text(statement)))
        for table in ("journal", "journal_payload"):
            with pytest.raises(DBAPIError, match="append-only"):
                await database.write(lambda c, table=table: c.execute(text(f"DELETE FROM {table} WHERE seq <= 3")))
            await database.write(lambda c, table=table: c.execute(text(f"DELETE FROM {table} WHERE seq <= 2")))
            with pytest.raises(DBAPIError, match="append-only"):
                await database.write(lambda c, table=table: c.execute(text(f"UPDATE {table} SET seq = 99")))
    finally:
        await database.close()

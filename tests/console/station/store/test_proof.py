"""I5, G4: nothing in the journal is changed, removed, moved or added unseen."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from console.station.sealed_export import export_sealed
from console.station.store.chain import JOURNAL_COLUMNS, entry_hash
from console.station.store.checkpoints import CheckpointFile
from console.station.store.database import Database
from console.station.store.export import Selection
from console.station.store.secrets import Secrets
from console.station.verifying import STRETCH, verify_journal
from tests.console.station.house import START, open_house
from tests.console.station.store.spoiled import SIGNALS, Copy, alone, copied, erased, write_journal
from tests.databases import PostgresServer

TAMPERS = int(os.environ.get("VIGIE_TAMPERS", "8"))
"""Set to hundreds for a long night."""


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    folder = tmp_path_factory.mktemp("journal")
    if request.param == "sqlite":
        write_journal(folder / "data")
        yield Copy(folder / "data", folder / "data" / "secrets")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    place, before = server.fresh(), os.environ.get("VIGIE_SECRETS")
    os.environ["VIGIE_SECRETS"] = str(folder / "secrets")
    write_journal(place)
    if before is None:
        del os.environ["VIGIE_SECRETS"]
    yield Copy(place, folder / "secrets")


@pytest.fixture
def journal(original: Copy, tmp_path: Path) -> Copy:
    return copied(original, tmp_path)


@pytest.fixture(params=["whole", "stretches"])
def verified(
    request: pytest.FixtureRequest,
    journal: Copy,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> object:
    """Verifies in one piece, and in stretches of five entries by threads, as a large journal is by processes."""
    monkeypatch.setattr(
        "console.station.verifying.ProcessPoolExecutor", lambda workers, mp_context: ThreadPoolExecutor(workers)
    )

    def verify() -> tuple[int, str]:
        status = verify_journal(journal.place, stretch=5 if request.param == "stretches" else STRETCH)
        return status, capsys.readouterr().out

    return verify


def broken(verify: object, *sentences: str) -> None:
    status, said = verify()  # type: ignore[operator]
    assert status == 1, said
    for sentence in sentences:
        assert sentence in said


def test_I5_a_whole_journal_is_intact_and_all_of_it_is_sealed(journal: Copy, verified: object) -> None:
    count = journal.query("SELECT count(*) AS n FROM journal")[0]["n"]
    assert count > SIGNALS
    assert verified() == (0, f"The journal is intact: {count} entries, all are sealed.\n")  # type: ignore[operator]


CHANGES = {
    "time": "time + 1",
    "panel_time": "1",
    "kind": "'note'",
    "actor_kind": "'operator'",
    "site": "'S9'",
    "account": "'9999'",
    "alarm": "'A-9'",
    "priority": "4",
    "in_test": "1",
    "payload_digest": "'00'",
    "prev": "'00'",
    "hash": "'00'",
}


@pytest.mark.parametrize("column", CHANGES)
def test_I5_a_change_of_any_column_is_found(journal: Copy, verified: object, column: str) -> None:
    assert set(CHANGES) == set(journal.query("SELECT * FROM journal WHERE seq = 8")[0]) - {"seq"}
    journal.query(f"UPDATE journal SET {column} = {CHANGES[column]} WHERE seq = 8", "SELECT 1")
    broken(verified, "entry 8 was changed")


@pytest.mark.parametrize("column", ["salt", "actor_name", "actor_from", "text", "data", "raw"])
def test_I5_I14_a_change_of_any_content_is_found(journal: Copy, verified: object, column: str) -> None:
    assert len(journal.query("SELECT * FROM journal_payload WHERE seq = 8")[0]) == 7
    journal.query(f"UPDATE journal_payload SET {column} = 'x' WHERE seq = 8", "SELECT 1")
    broken(verified, "the content of entry 8 was changed")


def test_I5_a_number_moved_is_found(journal: Copy, verified: object) -> None:
    journal.query(
        "UPDATE journal SET seq = 1000 WHERE seq = 8", "UPDATE journal_payload SET seq = 1000 WHERE seq = 8", "SELECT 1"
    )
    status, said = verified()  # type: ignore[operator]
    assert status == 1
    assert "entries 8 to 8 are missing" in said
    # Walked in stretches, nothing above the head is looked at but counted.
    assert "entry 1000 was changed" in said or "1 entries lie above it" in said


def test_I5_a_removed_entry_is_found_with_and_without_its_content(journal: Copy, verified: object) -> None:
    journal.query("DELETE FROM journal WHERE seq = 8", "SELECT 1")
    broken(verified, "entry 9: entries 8 to 8 are missing", "1 contents belong to no entry")
    journal.query("DELETE FROM journal_payload WHERE seq = 8", "SELECT 1")
    broken(verified, "entry 9: entries 8 to 8 are missing")


def test_I5_a_removed_content_is_found(journal: Copy, verified: object) -> None:
    journal.query("DELETE FROM journal_payload WHERE seq = 8", "SELECT 1")
    broken(verified, "entry 8 has lost its content")


def test_I5_two_entries_that_changed_places_are_found(journal: Copy, verified: object) -> None:
    for table in ("journal", "journal_payload"):
        journal.query(
            f"UPDATE {table} SET seq = -8 WHERE seq = 8",
            f"UPDATE {table} SET seq = 8 WHERE seq = 9",
            f"UPDATE {table} SET seq = 9 WHERE seq = -8",
            "SELECT 1",
        )
    broken(verified, "entry 8 does not follow the entry before it")


COPY_ENTRY = (
    "INSERT INTO journal SELECT {to}, time, panel_time, kind, actor_kind, site, account, alarm, priority, in_test, "
    "payload_digest, prev, hash FROM journal WHERE seq = 8",
    "INSERT INTO journal_payload SELECT {to}, salt, actor_name, actor_from, text, data, raw "
    "FROM journal_payload WHERE seq = 8",
    "SELECT 1",
)


@pytest.mark.parametrize("to", ["0", "-1", "(SELECT max(seq) + 1 FROM journal)"])
def test_I5_an_entry_slipped_in_is_found(journal: Copy, verified: object, to: str) -> None:
    journal.query(*(statement.format(to=to) for statement in COPY_ENTRY))
    broken(verified)


@pytest.mark.parametrize("cut", [1, 5, 10_000])
def test_I5_a_cut_tail_is_found_even_with_its_head_mended(journal: Copy, verified: object, cut: int) -> None:
    journal.query(
        f"DELETE FROM journal WHERE seq > (SELECT max(seq) FROM journal_payload) - {cut}",
        f"DELETE FROM journal_payload WHERE seq > (SELECT max(seq) FROM journal_payload) - {cut}",
        "SELECT 1",
    )
    broken(verified, "the tail is cut or changed")
    journal.query(
        "UPDATE journal_head SET seq = coalesce((SELECT max(seq) FROM journal), 0), hash = "
        "coalesce((SELECT hash FROM journal ORDER BY seq DESC LIMIT 1), journal_id || repeat('0', 32))"
        if isinstance(journal.place, str)
        else "UPDATE journal_head SET seq = coalesce((SELECT max(seq) FROM journal), 0), hash = "
        "coalesce((SELECT hash FROM journal ORDER BY seq DESC LIMIT 1), "
        "journal_id || '00000000000000000000000000000000')",
        "SELECT 1",
    )
    broken(verified, "is missing or is not what was sealed")


def test_I5_a_chain_that_was_forged_whole_is_found(journal: Copy, verified: object) -> None:
    journal.query("UPDATE journal_payload SET text = 'nothing happened' WHERE seq = 8", "SELECT 1")
    journal.rehash()
    broken(verified, "is missing or is not what was sealed")


def test_I5_what_was_forged_before_a_start_is_found_though_the_station_seals_what_it_finds(
    journal: Copy, verified: object, still: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VIGIE_SECRETS", str(journal.secrets))

    async def start_and_stop() -> None:
        async with open_house(journal.place):
            pass

    alone(start_and_stop)
    assert verified()[0] == 0  # type: ignore[operator]
    # The tail alone, after the last checkpoint but one: with as many entries as were sealed, the next start seals it.
    journal.query("UPDATE journal_payload SET text = 'nothing happened' WHERE seq = 8", "SELECT 1")
    journal.checkpoints.write_text("".join(journal.checkpoints.read_text().splitlines(keepends=True)[:2]))
    last = json.loads(journal.checkpoints.read_text().splitlines()[-1])["seq"]
    for table in ("journal", "journal_payload"):
        journal.query(f"DELETE FROM {table} WHERE seq > {last}", "SELECT 1")
    journal.rehash()
    broken(verified, f"entry {last}, sealed at", "is missing or is not what was sealed")
    alone(start_and_stop)
    broken(verified, f"entry {last}, sealed at", "is missing or is not what was sealed")
    assert export_sealed(journal.place, tmp_path / "export.zip", Selection()) == 1


def test_I5_another_journal_in_its_place_is_found(journal: Copy, verified: object) -> None:
    journal.rehash("ab" * 16)
    broken(verified, "no checkpoint of this journal was found")


def test_I5_a_second_or_no_head_is_found(journal: Copy, verified: object) -> None:
    journal.query("INSERT INTO journal_head SELECT 2, journal_id, seq, hash, alarm_count FROM journal_head")
    broken(verified, "2 heads instead of one")
    journal.query("DELETE FROM journal_head", "SELECT 1")
    broken(verified, "0 heads instead of one")


def test_I5_lost_checkpoints_are_found(journal: Copy, verified: object) -> None:
    journal.checkpoints.unlink()
    broken(verified, "no checkpoint of this journal was found")


@pytest.mark.parametrize("field", ["seq", "hash", "time", "journal", "signature"])
def test_I5_a_forged_checkpoint_is_found(journal: Copy, verified: object, field: str) -> None:
    lines = journal.checkpoints.read_text().splitlines()
    point = json.loads(lines[-1])
    point[field] = 3 if field == "seq" else "AAAA"
    journal.checkpoints.write_text("\n".join([*lines, json.dumps(point)]) + "\n")
    broken(verified, f"checkpoint line {len(lines) + 1} has a wrong signature")


def test_I5_a_checkpoint_that_a_crash_cut_short_spoils_nothing(journal: Copy, verified: object) -> None:
    with journal.checkpoints.open("a") as file:
        file.write('{"journal": "ab')
    assert verified()[0] == 0  # type: ignore[operator]


def test_I5_checkpoints_that_were_spoilt_are_found_and_what_a_crash_leaves_anywhere_is_not(
    journal: Copy, verified: object
) -> None:
    lines = journal.checkpoints.read_bytes().splitlines()
    last = lines[-1]
    for length in range(len(last)):
        # Broken off anywhere, and closed by the next write.
        journal.checkpoints.write_bytes(b"\n".join([*lines[:-1], last[:length], last, b""]))
        points, wrong = read_checkpoints(journal)
        assert (len(points), wrong) == (len(lines), [])
    spoilt = {
        "a sign in its middle": last[:20] + b"}" + last[21:],
        "its end": last[:-3] + b"#",
        "its beginning": last[5:],
        "all of it": b"x" * len(last),
        "nulls within": last[:40] + b"\x00" * 40 + last[80:],
    }
    for what, line in spoilt.items():
        journal.checkpoints.write_bytes(b"\n".join([*lines[:-1], line, b""]))
        status, said = verified()  # type: ignore[operator]
        assert (status, f"checkpoint line {len(lines)} " in said) == (1, True), what


def read_checkpoints(journal: Copy) -> tuple[list[object], list[str]]:
    secrets = Secrets.open(journal.secrets, create=False)
    name = journal.checkpoints.stem.removeprefix("checkpoints-")
    points, wrong = CheckpointFile(journal.secrets, name).read(secrets.sign_key.public_key())
    return [*points], wrong


def test_I5_that_checkpoints_were_cut_off_is_said_where_a_station_leaves_no_more_than_a_minute(
    journal: Copy, verified: object
) -> None:
    lines = journal.checkpoints.read_bytes().splitlines(keepends=True)
    journal.checkpoints.write_bytes(lines[0])
    key = Secrets.open(journal.secrets, create=False).sign_key
    # Of a station that went on for two minutes after the last checkpoint that is left.
    rows = journal.query("SELECT max(seq) AS last FROM journal")
    journal.query(f"UPDATE journal SET time = time + 120000000 WHERE seq = {rows[0]['last']}", "SELECT 1")
    journal.rehash()
    point = json.loads(lines[0])
    hashes = journal.query(f"SELECT hash FROM journal WHERE seq = {point['seq']}")
    journal.checkpoints.unlink()
    CheckpointFile(journal.secrets, point["journal"]).add(
        point["seq"], hashes[0]["hash"] if hashes else point["hash"], START, key
    )
    status, said = verified()  # type: ignore[operator]
    assert (status, "checkpoints were cut off, or could not be written" in said) == (0, True), said


def test_I5_entries_not_sealed_yet_are_said(journal: Copy, verified: object) -> None:
    lines = journal.checkpoints.read_text().splitlines(keepends=True)
    journal.checkpoints.write_text("".join(lines[:1]))
    status, said = verified()  # type: ignore[operator]
    assert (status, "entries 1 to" in said, "are not sealed yet" in said) == (0, True, True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET kind = 'x'",
        "DELETE FROM journal",
        "UPDATE journal_payload SET text = 'x'",
        "DELETE FROM journal_payload",
        "TRUNCATE journal",
    ],
)
async def test_I5_the_database_itself_refuses_changes(original: Copy, tmp_path: Path, statement: str) -> None:
    copy = copied(original, tmp_path)
    if isinstance(copy.place, Path):
        if statement.startswith("TRUNCATE"):
            pytest.skip("SQLite has no TRUNCATE")
        database = Database.sqlite(copy.place / "vigie.db")
    else:
        database = Database.postgres(copy.place)
    try:
        with pytest.raises(DBAPIError, match="append-only"):
            await database.write(lambda connection: connection.exec_driver_sql(statement))
        if isinstance(copy.place, Path):
            # A replacing insert removes the old row without its DELETE trigger, were it not refused as well.
            with pytest.raises(DBAPIError, match="append-only"):
                await database.write(
                    lambda c: c.exec_driver_sql("INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE seq = 8")
                )
    finally:
        await database.close()


@pytest.mark.parametrize("seq", [5, 8, 10])
def test_I5_an_entry_forged_with_its_own_hash_no_longer_leads_to_the_next(
    journal: Copy, verified: object, seq: int
) -> None:
    journal.query(f"UPDATE journal SET kind = 'note' WHERE seq = {seq}", "SELECT 1")
    [row] = journal.query(f"SELECT * FROM journal WHERE seq = {seq}")
    forged = entry_hash([row[name] for name in JOURNAL_COLUMNS])
    journal.query(f"UPDATE journal SET hash = '{forged}' WHERE seq = {seq}", "SELECT 1")
    # Five and ten are the last of their stretches: the first entry of the next is compared where they are joined.
    broken(verified, f"entry {seq + 1} does not follow the entry before it")


def test_I5_a_large_journal_is_walked_by_processes_of_their_own(
    journal: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    count = journal.query("SELECT count(*) AS n FROM journal")[0]["n"]
    assert verify_journal(journal.place, stretch=12) == 0
    assert f"{count} entries, all are sealed" in capsys.readouterr().out
    journal.query("UPDATE journal_payload SET text = 'x' WHERE seq = 14", "SELECT 1")
    assert verify_journal(journal.place, stretch=12) == 1
    assert "the content of entry 14 was changed" in capsys.readouterr().out


def spoil(journal: Copy, chance: random.Random) -> str:
    """Do something that must be found, at random; what it was."""
    [ends] = journal.query("SELECT min(seq) AS first, max(seq) AS last FROM journal")
    first, last = ends["first"], ends["last"]
    seq, other = chance.sample(range(first, last + 1), 2)
    what = chance.choice(["change", "content", "delete", "reorder", "truncate", "slip in"])
    anew = what != "delete" and chance.random() < 0.5
    if what == "change":
        # What hashing anew would mend is no change then.
        column = chance.choice(sorted(set(CHANGES) - ({"payload_digest", "prev", "hash"} if anew else set())))
        # Some entries have that value already: a change must be one.
        value = {"in_test": "7", "priority": "9", "panel_time": "1"}.get(column, CHANGES[column])
        journal.query(f"UPDATE journal SET {column} = {value} WHERE seq = {seq}", "SELECT 1")
    elif what == "content":
        column = chance.choice(["salt", "actor_name", "actor_from", "text", "data", "raw"])
        journal.query(f"UPDATE journal_payload SET {column} = 'forged' WHERE seq = {seq}", "SELECT 1")
    elif what == "delete":
        tables = chance.choice([("journal",), ("journal_payload",), ("journal", "journal_payload")])
        journal.query(*(f"DELETE FROM {table} WHERE seq = {seq}" for table in tables), "SELECT 1")
    elif what == "reorder":
        for table in ("journal", "journal_payload"):
            for from_, to in ((seq, -1), (other, seq), (-1, other)):
                journal.query(f"UPDATE {table} SET seq = {to} WHERE seq = {from_}", "SELECT 1")
    elif what == "truncate":
        for table in ("journal", "journal_payload"):
            journal.query(f"DELETE FROM {table} WHERE seq >= {seq}", "SELECT 1")
    else:
        # A forged entry after the last, hashed well, is what verifying calls not sealed yet.
        to = chance.choice([0, -5, last + 7] if anew else [0, -5, last + 1, last + 7])
        journal.query(
            *(statement.format(to=to).replace("seq = 8", f"seq = {seq}") for statement in COPY_ENTRY), "SELECT 1"
        )
    if anew and seq > first:
        journal.rehash()
        return f"{what}, all hashed anew"
    return what


@pytest.mark.parametrize("seed", range(TAMPERS))
def test_I5_G4_whatever_is_done_to_it_at_random_is_found(journal: Copy, verified: object, seed: int) -> None:
    done = spoil(journal, random.Random(seed))
    status, said = verified()  # type: ignore[operator]
    assert status == 1, f"{done}: {said}"


def test_I14_what_was_erased_by_a_signed_act_is_said_and_is_no_break(journal: Copy, verified: object) -> None:
    act = erased(journal, [8, 9])
    status, said = verified()  # type: ignore[operator]
    assert status == 0, said
    assert f"2 contents were erased by Sofie Maes on 2026-11-23 (entry {act})." in said
    assert journal.query("SELECT * FROM journal_payload WHERE seq IN (8, 9)") == []


@pytest.mark.parametrize(
    ("forgery", "sentence"),
    [
        ("DELETE FROM erasure WHERE seq = 8", "entry 8 has lost its content"),
        ("UPDATE erasure SET signature = 'AAAA' WHERE seq = 8", "entry 8 has lost its content: that it was erased"),
        ("UPDATE erasure SET by_seq = 3 WHERE seq = 8", "entry 8 has lost its content: that it was erased"),
        ("UPDATE erasure SET seq = 10 WHERE seq = 8", "entry 10 is said to be erased, and its content is still here"),
    ],
)
def test_I14_an_erasure_that_nobody_signed_is_a_loss(
    journal: Copy, verified: object, forgery: str, sentence: str
) -> None:
    erased(journal, [8, 9])
    journal.query(forgery, "SELECT 1")
    broken(verified, sentence)


async def test_I14_the_database_lets_contents_go_only_where_an_erasure_says_so(original: Copy, tmp_path: Path) -> None:
    copy = copied(original, tmp_path)
    database = (
        Database.sqlite(copy.place / "vigie.db") if isinstance(copy.place, Path) else Database.postgres(copy.place)
    )
    try:
        with pytest.raises(DBAPIError, match="append-only"):
            await database.write(lambda c: c.execute(text("DELETE FROM journal_payload WHERE seq = 8")))
        await database.write(lambda c: c.execute(text("INSERT INTO erasure VALUES (8, 9, 'd', 's')")))
        for statement in ("DELETE FROM erasure", "UPDATE erasure SET seq = 9"):
            with pytest.raises(DBAPIError, match="append-only"):
                await database.write(lambda c, statement=statement: c.execute(text(statement)))
        await database.write(lambda c: c.execute(text("DELETE FROM journal_payload WHERE seq = 8")))
        with pytest.raises(DBAPIError, match="append-only"):
            await database.write(lambda c: c.execute(text("DELETE FROM journal_payload WHERE seq >= 8")))
    finally:
        await database.close()

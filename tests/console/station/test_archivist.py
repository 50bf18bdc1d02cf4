"""Months that grow old are archived by the station itself, and what keeps them is told; backups know archives."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.station import backup
from console.station.archive_places import archive_folder
from console.station.archivist import Archivist, archive_quietly
from console.station.store import archives
from console.station.verifying import verify_journal
from tests.console.station.house import House, open_house
from tests.console.station.store.archived import BEGAN, MONTHS, archive, known, live, write_old_journal
from tests.frames import sia
from tests.programs import RunningStation


@pytest.fixture
async def aged(place: Path | str, still: None) -> AsyncIterator[House]:
    """A station with months behind it."""
    async with open_house(place, start=BEGAN) as house:
        await live(house)
        yield house


async def test_months_leave_by_themselves_while_panels_are_acknowledged(aged: House, place: Path | str) -> None:
    duty = Archivist(place, 13, aged.station.heartbeats)
    looking = asyncio.create_task(duty.look())
    line, number = await aged.line(), 30
    while not looking.done():
        aged.clock.move(0.1)
        assert b'"ACK"' in await line.say(sia("1001", number := number + 1, "Nri1/OP09"))
    await looking
    assert (duty.trouble, duty._failed) == (None, "")
    cuts = await aged.station.database.read(archives.known)
    assert [one.period() for one in cuts] == list(MONTHS)
    assert {one.file for one in cuts} == {path.name for path in archive_folder(place).glob("*.zip")}
    aged.station.sealer.seal()
    assert await asyncio.to_thread(verify_journal, place) == 0


async def test_I1_a_station_that_stops_waits_for_no_month_that_is_being_archived(
    aged: House, place: Path | str
) -> None:
    duty = Archivist(place, 13, aged.station.heartbeats)
    # It hangs over a key that nobody writes, as it would for minutes over a disk.
    key = aged.station.secrets.folder / "sign.key"
    kept = key.rename(key.with_name("kept"))
    os.mkfifo(key, 0o600)
    looking = asyncio.create_task(duty.look())
    # Opened once the other end is: it is at work now.
    held = await asyncio.to_thread(os.open, key, os.O_WRONLY)
    [child] = [one.pid for one in multiprocessing.active_children()]
    looking.cancel()
    # Waited for, it would never end, and nothing in this loop with it: no panel would be answered meanwhile.
    with pytest.raises(asyncio.CancelledError):
        await looking
    with pytest.raises(ProcessLookupError):
        os.kill(child or 0, 0)
    os.close(held)
    kept.replace(key)
    await duty.look()
    assert [one.period() for one in await aged.station.database.read(archives.known)] == list(MONTHS)


async def test_what_cannot_be_archived_twice_in_a_row_is_a_trouble(aged: House, place: Path | str) -> None:
    folder = archive_folder(place)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file in the way")
    duty = Archivist(place, 13, aged.station.heartbeats)
    await duty.look()
    assert duty.trouble is None
    await duty.look()
    assert duty.trouble is not None
    assert "The journal is not archived: The archive cannot be written" in duty.trouble
    folder.unlink()
    await duty.look()
    assert duty.trouble is None


def test_I12_less_than_the_last_months_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setattr(os, "nice", lambda _more: 0)
    write_old_journal(tmp_path / "data")
    assert archive_quietly(tmp_path / "data", 1)[0] == 1
    with pytest.raises(AssertionError, match="4 or more"):
        RunningStation(tmp_path / "data", ["--archive-after", "2"]).start()


@pytest.mark.parametrize("along", [True, False])
def test_a_backup_takes_archives_along_or_names_them(
    tmp_path: Path, along: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place, target, again = tmp_path / "data", tmp_path / "backup", tmp_path / "again"
    write_old_journal(place)
    assert archive(place, archive_folder(place)) == 0
    files = [one.file for one in known(place)]
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert backup.make_backup(place, target, "a horse and a battery", with_archives=along) == 0
    said = capsys.readouterr().out
    assert [file in said for file in files] == [not along] * 3
    assert backup.restore(target, again, "a horse and a battery", None) == 0
    said = capsys.readouterr().out
    assert sorted(path.name for path in archive_folder(again).glob("*")) == (sorted(files) if along else [])
    assert ("hold what came before" in said) == (not along)
    assert verify_journal(again) == 0
    if along:
        (archive_folder(place) / files[0]).write_bytes(b"spoiled")
        assert backup.make_backup(place, tmp_path / "other", None, with_archives=True) == 1

"""I5: SIGKILL at random moments of archiving: an entry is live, or in a verified file, or in both; never in neither."""

from __future__ import annotations

import os
import random
import subprocess
import time
from hashlib import sha256
from pathlib import Path

import pytest

from console.station.acts.caller import STATION
from console.station.store import journal_index
from console.station.store.ledger import Ledger
from tests.console.station.store.archived import known, opened, write_old_journal
from tests.console.station.store.spoiled import alone
from tests.programs import VIGIE, vigie, where

KILLS = int(os.environ.get("VIGIE_KILLS", "10")) // 2
MANY = 1500


def grown(place: Path | str) -> set[int]:
    """An old journal with enough in it that something can be interrupted; the numbers of its entries."""
    write_old_journal(place)

    async def work() -> set[int]:
        from tests.console.station.store.archived import BEGAN

        database = opened(place)

        def act(connection: object) -> None:
            # As the station did it: later entries of the last month that goes.
            ledger = Ledger.open(connection, BEGAN)  # type: ignore[arg-type]
            for nth in range(MANY):
                ledger.append("note", STATION, f"Line {nth} of many")
            ledger.append("note", STATION, "The last", at=BEGAN.replace(year=2025, month=1))
            ledger.write()

        await database.write(act)
        await database.write(journal_index.index_all)
        found = await database.read(lambda c: set(c.exec_driver_sql("SELECT seq FROM journal").scalars()))
        await database.close()
        return found

    numbers: set[int] = alone(work)
    return numbers


def live(place: Path | str) -> set[int]:
    async def work() -> set[int]:
        database = opened(place)
        try:
            return await database.read(lambda c: set(c.exec_driver_sql("SELECT seq FROM journal").scalars()))
        finally:
            await database.close()

    numbers: set[int] = alone(work)
    return numbers


def filed(place: Path | str, folder: Path) -> set[int]:
    """What is in files that are there, byte for byte, as an act says."""
    found: set[int] = set()
    for one in known(place):
        content = (folder / one.file).read_bytes()
        assert sha256(content).hexdigest() == one.digest
        found |= set(range(one.first, one.last + 1))
    return found


@pytest.mark.timeout(120 + 30 * KILLS)
def test_I5_sigkill_while_archiving_loses_no_entry(
    place: Path | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_SECRETS", str(tmp_path / "secrets"))
    every, folder = grown(place), tmp_path / "kept"
    words = ("journal", "archive", *where(place), "--to", str(folder))
    chance = random.Random(20261128)
    kinds = set()
    for nth in range(KILLS):
        begun = subprocess.Popen([*VIGIE, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # The first kills come as soon as anything of the kind is on the disk, the others anywhere.
        marks = ("*.part", "*.zip")
        if nth < 4:
            deadline = time.monotonic() + 30
            while not list(folder.glob(marks[nth % 2])) and begun.poll() is None and time.monotonic() < deadline:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.03) if nth >= 2 else 0)
        else:
            time.sleep(chance.uniform(0.6, 2.5))
        begun.kill()
        begun.wait()
        here, there = live(place), filed(place, folder)
        kinds.add((bool(there), bool(here & there)))
        assert every <= here | there
    done = vigie("journal", "verify", *where(place))
    assert done.returncode == 0, done.stdout
    done = vigie(*words)
    assert done.returncode == 0, done.stderr
    here, there = live(place), filed(place, folder)
    assert (every <= here | there, here & there) == (True, set())
    assert sorted(path.name for path in folder.glob("*.zip")) == sorted(one.file for one in known(place))
    done = vigie("journal", "verify", *where(place))
    assert done.returncode == 0, done.stdout
    done = vigie("journal", "mount", *where(place), *(str(folder / one.file) for one in known(place)))
    assert done.returncode == 0, done.stderr
    done = vigie("journal", "verify", *where(place))
    assert (done.returncode, done.stdout.count("mounted, and verified")) == (0, 4), done.stdout

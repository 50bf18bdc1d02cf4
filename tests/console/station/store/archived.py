"""A station's journal of some months long ago, and its archives."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.station.archiving import archive_journal
from console.station.store import archives, journal_index
from console.station.store.archives import Archive
from console.station.store.database import Database
from models.records import StaffRole
from tests.console.station.house import SITE, House, open_house, site
from tests.console.station.store.spoiled import alone
from tests.frames import sia

BEGAN = datetime(2024, 3, 11, 9, 0, tzinfo=UTC)
MONTHS = ("2024-03", "2024-04", "2024-05")
A_DAY = 86_400


async def live(house: House) -> None:
    """Three months with an alarm handled in the second, openings in each, and half a year of silence after them."""
    await house.bring_in(SITE, site("S2", "2002", name="Juwelier Goud"))
    claes = await house.seat("claes", StaffRole.OPERATOR, StaffRole.SUPERVISOR)
    await house.send(*(sia("1001", number, f"Nri1/OP{number:02d}") for number in range(1, 5)))
    house.clock.move(30 * A_DAY)
    claes = await house.sign_in("claes", "WS-claes")
    await house.send(sia("2002", 1, "Nri1/OP05"), sia("1001", 5, "Nri1/BA07"))
    alarm = (await claes.take_next()).json()["id"]
    await claes.act(alarm, "note", text="Zoë O'Hara zag een hond")
    await claes.act(alarm, "seen", up_to=2**40)
    await claes.skip_all(alarm)
    closed = await claes.act(alarm, "close", disposition="no-cause", reason="wind")
    assert closed.status_code == 200, closed.text
    house.clock.move(30 * A_DAY)
    await house.send(*(sia("1001", 10 + number, f"Nri1/CL{number:02d}") for number in range(1, 4)))
    house.clock.move(190 * A_DAY)
    await house.send(sia("1001", 20, "Nri1/OP20"))
    await house.station.indexer.catch_up()


def write_old_journal(place: Path | str) -> None:
    """The same of a station that stopped cleanly."""

    async def work() -> None:
        async with open_house(place, start=BEGAN) as house:
            await live(house)
        database = opened(place)
        await database.write(journal_index.index_all)
        await database.close()

    with pytest.MonkeyPatch.context() as patch:
        # No duty runs by itself: months that pass at once are no trouble of the station.
        for name in ("duties._TICK_S", "sealing.SEAL_EVERY_S", "troubles.LOOK_EVERY_S", "indexer._REST_S"):
            patch.setattr(f"console.station.{name}", 3600.0)
        alone(work)


def opened(place: Path | str) -> Database:
    """The database of a station that does not run."""
    return Database.sqlite(place / "vigie.db") if isinstance(place, Path) else Database.postgres(place)


def known(place: Path | str) -> list[Archive]:
    """What was archived."""

    async def work() -> list[Archive]:
        database = opened(place)
        try:
            return await database.read(archives.known)
        finally:
            await database.close()

    found: list[Archive] = alone(work)
    return found


def archive(place: Path | str, folder: Path, before: datetime | None = None) -> int:
    """``vigie journal archive``."""
    status: int = alone(lambda: asyncio.to_thread(archive_journal, place, before=before, folder=folder))
    return status

"""``vigie journal export --output``: the journal handed over into a file, as the console does it (G6)."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from console.station import handover
from console.station.api.journal import check
from console.station.archive_places import mounted_folder
from console.station.control import JournalHandedOutRequest
from console.station.errand import ErrandFailed, do
from console.station.folder import DataFolder
from console.station.handover import Making, Wanted
from console.station.progress import progress
from console.station.rules.profile import DEFAULT_PROFILE
from console.station.rules.refusal import Refused
from console.station.shelves import Shelves
from console.station.store import faults
from console.station.store.database import Database, DatabaseRefused
from console.station.subcommand import UNREADABLE, say, who


def hand_over(place: Path | str, target: Path, wanted: Wanted) -> int:
    """Write what is ``wanted`` into ``target``; exit status 0, 1 when it may not be, 2 when something is unreadable."""
    if target.exists():
        say(f"{target} is there already.")
        return 1
    part = target.with_name(target.name + ".part")
    try:
        check(wanted.asked)
        lines = asyncio.run(_write(place, target.name, part, wanted))
        part.replace(target)
    except Refused as refused:
        say(f"{refused.field}: {refused.sentence}" if refused.field else refused.sentence)
        return 1
    except (ErrandFailed, DatabaseRefused) as error:
        say(str(error))
        return 1
    except (SQLAlchemyError, OSError) as error:
        say(f"{target} was not made: {faults.reason(error)}")
        return UNREADABLE
    except KeyboardInterrupt:
        say(f"Cancelled; {target} was not made.")
        return 1
    finally:
        part.unlink(missing_ok=True)
    print(f"{lines:,} {'line' if lines == 1 else 'lines'} in {target}.")
    return 0


async def _write(place: Path | str, name: str, part: Path, wanted: Wanted) -> int:
    if isinstance(place, Path) and not DataFolder(place).database.is_file():
        raise ErrandFailed(f"There is no station's database in {place}.")
    database = Database.sqlite(DataFolder(place).database) if isinstance(place, Path) else Database.postgres(place)
    shelves = Shelves(mounted_folder(place))
    try:
        extent = await database.read(lambda connection: handover.measure(connection, wanted))
        extent, mounted = await handover.beyond(database, shelves, wanted, extent)
        # First: who has it is in the journal, whatever becomes of the file.
        selected = handover.selection(wanted, extent)
        await do(place, JournalHandedOutRequest(who=who(), target=name, selection=selected, what=wanted.words))
        making, shown = Making(extent.count), 0
        file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        made = handover.make(database, wanted, extent, making, DEFAULT_PROFILE, datetime.now(UTC), mounted)
        with os.fdopen(file, "wb") as out, progress(extent.count, "Writing") as bar:
            async for piece in made:
                out.write(piece)
                bar.update(making.done - shown)
                shown = making.done
        if extent.missing:
            say(f"Without what is in {', '.join(extent.missing)}: not mounted.")
        return making.count
    finally:
        await shelves.close()
        await database.close()

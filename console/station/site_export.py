"""``vigie site export``: whole site files, as ``vigie site import`` takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, select

from console.station.acts import brought_procedures, extras
from console.station.control import HandedOutRequest
from console.station.errand import ErrandFailed, do
from console.station.folder import DataFolder
from console.station.rules.brought import Kept
from console.station.sheets import books, layout
from console.station.sheets.gather import rows_of
from console.station.store import whole_files
from console.station.store.database import DatabaseRefused, postgres_url
from console.station.store.secrets import Secrets, SecretsRefused, folder_for_url
from console.station.subcommand import UNREADABLE, reading, say, who
from models.records import SiteDetails
from models.tables import SiteRow

_AT_ONCE = 500
_ABOUT = ("about", "value")
_OPEN = "yes: AES keys, code words and ID codes in clear; keep this file as you keep them, and delete it"


def export_sites(place: Path | str, target: Path, *, with_secrets: bool) -> int:
    """Write every site into ``target``; exit status 0, 1 when it may not be, 2 when something cannot be read."""
    secrets = None
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        say(f"{target} is there already.")
        return 1
    if with_secrets:
        try:
            secrets = Secrets.open(_folder(place), create=False)
            # First: who has them is in the journal, whatever becomes of the file.
            asyncio.run(do(place, HandedOutRequest(who=who(), target=target.name)))
        except (SecretsRefused, DatabaseRefused, ErrandFailed) as error:
            say(str(error))
            return 1
    try:
        return reading(place, lambda connection: _write(connection, target, secrets))
    except books.Unreadable as error:
        say(str(error))
    except OSError as error:
        say(f"{target} cannot be written: {error.strerror or error}.")
    return UNREADABLE


def _folder(place: Path | str) -> Path:
    return DataFolder(place).secrets if isinstance(place, Path) else folder_for_url(postgres_url(place))


def _write(connection: Connection, target: Path, secrets: Secrets | None) -> int:
    heads = {sheet.name: layout.columns(sheet, secrets=secrets is not None) for sheet in layout.sheets()}
    sites = sorted(connection.execute(select(SiteRow.id)).scalars())
    with books.written(target, {"about": _ABOUT, **heads}) as add:
        add("about", ("format", layout.FORMAT))
        add("about", ("exported", datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")))
        add("about", ("secrets", _OPEN if secrets is not None else "no"))
        _add_everywhere(connection, heads, add)
        for begin in range(0, len(sites), _AT_ONCE):
            some = sites[begin : begin + _AT_ONCE]
            kept = whole_files.load(connection, some, secrets)
            for extra in extras.EXTRAS:
                for site, value in extra.load(connection, some).items():
                    kept[site].extras[extra.name] = value
            for site in some:
                for sheet in layout.sheets():
                    for row in rows_of(kept[site], sheet, site, heads[sheet.name]):
                        add(sheet.name, row)
    print(f"{len(sites)} sites are in {target}.")
    return 0


def _add_everywhere(connection: Connection, heads: Mapping[str, list[str]], add: books.Add) -> None:
    """What holds for the station and for customer groups: without it the sites would not be whole elsewhere."""
    procedures = {brought_procedures.NAME: brought_procedures.of_station(connection)}
    kept = Kept(SiteDetails(name=layout.EVERYWHERE), extras=procedures)
    for sheet in layout.sheets():
        if sheet.beyond_sites:
            for row in rows_of(kept, sheet, layout.EVERYWHERE, heads[sheet.name]):
                add(sheet.name, row)

"""Where a station's archives are: sealed files, and those of them that are mounted."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from console.station.folder import DataFolder
from console.station.rules.journal_words import VERSION
from console.station.store import schema
from console.station.store.archives import Archive
from console.station.store.database import postgres_url
from console.station.store.secrets import folder_for_url


def archive_folder(place: Path | str) -> Path:
    """The station's own folder of archives; over PostgreSQL it is beside the keys."""
    if isinstance(place, Path):
        return DataFolder(place).archives
    return folder_for_url(postgres_url(place)) / "archives"


def mounted_folder(place: Path | str) -> Path:
    """Where the files of mounted archives are."""
    return archive_folder(place) / "mounted"


def mounted_file(place: Path | str, archive: Archive) -> Path:
    """The file of an archive while it is mounted."""
    return mounted_folder(place) / shelf_name(archive)


def shelf_name(archive: Archive) -> str:
    """How that file is called: what another version of Vigie made is not read, its tables and words may be others."""
    return f"{Path(archive.file).stem}.{_made_by()}.db"


def forget_shelf(place: Path | str, archive: Archive) -> None:
    """Delete what is mounted of an archive, whatever version made it."""
    for file in mounted_folder(place).glob(f"{Path(archive.file).stem}.*"):
        file.unlink(missing_ok=True)


@cache
def _made_by() -> str:
    return f"{schema.newest()}-{VERSION}"

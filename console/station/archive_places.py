"""Where a station's archives are: sealed files, and those of them that are mounted."""

from __future__ import annotations

from pathlib import Path

from console.station.folder import DataFolder
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
    """How that file is called."""
    return f"{Path(archive.file).stem}.db"

"""The station's data folder: one station at a time, and where everything in it lies."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import structlog

_log = structlog.get_logger("vigie.folder")


class FolderInUse(Exception):
    """Another station has the folder; the message is a sentence."""


class FolderRefused(Exception):
    """The folder cannot be used; the message is a sentence."""


def make_private(*paths: Path) -> None:
    """0700 for each of ``paths`` that is a folder and all in it, 0600 for files, whatever they were before (I9).

    A link is passed over. What belongs to somebody else, or lies where modes cannot be set, is logged: a station that
    would not start because of it could receive nothing.
    """
    for path in paths:
        for one in _with_what_is_in_it(path):
            # A draft may be gone again by now.
            with suppress(FileNotFoundError):
                mode = one.lstat().st_mode
                if stat.S_ISLNK(mode):
                    continue
                wanted = 0o700 if stat.S_ISDIR(mode) else 0o600
                try:
                    if stat.S_IMODE(mode) != wanted:
                        one.chmod(wanted)
                except OSError as error:
                    _log.warning("others may read this", path=str(one), error=error.strerror)


def _with_what_is_in_it(path: Path) -> Iterator[Path]:
    yield path
    if path.is_symlink():
        return
    # Where it is a file or is not there, nothing is in it; links to folders are not followed.
    for folder, folders, files in os.walk(path):
        yield from (Path(folder) / name for name in (*folders, *files))


def default_folder() -> Path:
    """The platform's data folder of the user."""
    return Path(platformdirs.user_data_dir("vigie")) / "station"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths inside a data folder."""

    path: Path

    @property
    def database(self) -> Path:
        """The embedded database."""
        return self.path / "vigie.db"

    @property
    def secrets(self) -> Path:
        """Keys and checkpoints, apart from the database (I5)."""
        return self.path / "secrets"

    @property
    def archives(self) -> Path:
        """Sealed files of what left the live tables."""
        return self.path / "archives"

    @property
    def control(self) -> Path:
        """The local socket of a running station, for subcommands."""
        return self.path / "control.sock"

    @property
    def address(self) -> Path:
        """Where a running station's HTTP address is written, for a console on the same machine."""
        return self.path / "station.json"

    @property
    def first_run(self) -> Path:
        """The one-time token with which the first administrator is made."""
        return self.path / "first-run.token"

    def create(self) -> None:
        """Make the folder, readable by its owner alone, and so what is the station's in one that was there before."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FolderRefused(f"The data folder {self.path} cannot be made: {error.strerror}.") from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise FolderRefused(f"The data folder {self.path} cannot be written by this user.")
        with suppress(OSError):
            self.path.chmod(0o700)
        # By name: somebody may have given a folder in which other things lie too.
        files = (self.control, self.address, self.first_run, *self.path.glob("station.l*"))
        make_private(*self.path.glob(f"{self.database.name}*"), self.secrets, self.archives, *files)

    def lock(self) -> FolderLock:
        """Take the folder for this process; :class:`FolderInUse` where a station has it."""
        descriptor = os.open(self.path / "station.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise FolderInUse(f"The data folder {self.path} is in use by another station.") from error
        return FolderLock(descriptor)


@dataclass(slots=True)
class FolderLock:
    """Held until released or the process ends, however it ends."""

    descriptor: int

    def release(self) -> None:
        """Give the folder back."""
        os.close(self.descriptor)

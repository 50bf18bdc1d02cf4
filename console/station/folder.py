"""The station's data folder: one station at a time, and where everything in it lies."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs


class FolderInUse(Exception):
    """Another station has the folder; the message is a sentence."""


class FolderRefused(Exception):
    """The folder cannot be used; the message is a sentence."""


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
        """Make the folder, readable by its owner alone."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FolderRefused(f"The data folder {self.path} cannot be made: {error.strerror}.") from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise FolderRefused(f"The data folder {self.path} cannot be written by this user.")

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

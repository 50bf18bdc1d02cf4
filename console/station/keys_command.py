"""``vigie station keys``, ``join`` and ``new-keys``: keys brought to a second machine, or replaced where they are lost.

Several stations over one database share its keys (I5, I9). Each answers with an exit status.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from console.station.backup import BackupRefused, opened_keys, sealed_keys
from console.station.clock import SystemClock
from console.station.control import NewKeysRequest, act_of
from console.station.folder import DataFolder, FolderInUse
from console.station.store import faults, known_keys, schema
from console.station.store.database import Database, DatabaseRefused, postgres_url
from console.station.store.ledger import Ledger
from console.station.store.secrets import KEY_FILES, Secrets, SecretsRefused, folder_for_url, write_secret
from console.station.subcommand import BROKEN, IN_USE, REFUSED, UNREADABLE, say, who

_REFUSALS = (BackupRefused, SecretsRefused, DatabaseRefused)


def hand_out(place: Path | str, file: Path, passphrase: str) -> int:
    """Write the station's keys into ``file`` under ``passphrase``."""
    try:
        folder = _folder(place)
        Secrets.open(folder, create=False)
        content = json.dumps(sealed_keys(folder, passphrase)).encode()
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
    except FileExistsError:
        say(f"{file} exists already; nothing is overwritten.")
        return REFUSED
    except _REFUSALS as error:
        say(str(error))
        return REFUSED
    except OSError as error:
        say(f"{file} cannot be written: {error.strerror}.")
        return REFUSED
    print(f'The keys are in {file}, under the passphrase. On the other machine: "vigie station join {file}".')
    return 0


def join(place: Path | str, file: Path, passphrase: str) -> int:
    """Bring the keys in ``file`` to this machine, for the journal of ``place``, which must be the one they are of."""
    try:
        folder = _folder(place)
        if any((folder / name).exists() for name in KEY_FILES):
            raise SecretsRefused(f"There are keys in {folder} already; nothing is overwritten. Move them away first.")
        content = opened_keys(file, passphrase)
        marks = asyncio.run(_known(place))
        brought = Secrets.of(folder, content)
        if marks is not None and brought.marks != marks:
            raise SecretsRefused(f"The keys in {file} are of another journal than this.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in KEY_FILES:
            write_secret(folder / name, content[name])
    except _REFUSALS as error:
        say(str(error))
        return REFUSED
    except (OSError, ValueError, SQLAlchemyError) as error:
        say(f"{file} cannot be used: {getattr(error, 'strerror', None) or faults.reason(error)}.")
        return UNREADABLE
    print(f"The keys are in {folder}: a station can start here.")
    return 0


def new_keys(place: Path | str, why: str) -> int:
    """Make new keys for a journal whose keys are lost, by a journaled act; the station must not run."""
    folder = _folder(place)
    if any((folder / name).exists() for name in KEY_FILES):
        say(f"There are keys in {folder}. Only where they are lost are new ones made: move these away first.")
        return REFUSED
    lock = None
    try:
        if isinstance(place, Path):
            lock = DataFolder(place).lock()
        seq = asyncio.run(_replace(place, folder, why))
    except FolderInUse as error:
        say(str(error))
        return IN_USE
    except _REFUSALS as error:
        say(str(error))
        return REFUSED
    except (OSError, SQLAlchemyError) as error:
        say(f"No new keys were made: {faults.reason(error)}.")
        return BROKEN
    finally:
        if lock is not None:
            lock.release()
    print(f"New keys are in {folder}; entry {seq} of the journal says so. Enter account keys and code words again.")
    return 0


async def _replace(place: Path | str, folder: Path, why: str) -> int:
    database = _database(place)
    try:
        if await database.write(known_keys.known) is None:
            raise SecretsRefused("This journal knows no keys yet: start the station, it makes its own.")
        await database.write(schema.prepare)
        secrets = Secrets.open(folder)

        def act(connection: Connection) -> int:
            ledger = Ledger.open(connection, SystemClock().now())
            seq = act_of(NewKeysRequest(who=who(), why=why), secrets)(ledger)
            ledger.write()
            return seq

        try:
            return await database.write(act)
        except BaseException:
            for name in KEY_FILES:
                (folder / name).unlink(missing_ok=True)
            raise
    finally:
        await database.close()


async def _known(place: Path | str) -> tuple[str, str] | None:
    if isinstance(place, Path) and not DataFolder(place).database.is_file():
        return None
    database = _database(place)
    try:
        return await database.read(known_keys.known)
    finally:
        await database.close()


def _database(place: Path | str) -> Database:
    return Database.sqlite(DataFolder(place).database) if isinstance(place, Path) else Database.postgres(place)


def _folder(place: Path | str) -> Path:
    return DataFolder(place).secrets if isinstance(place, Path) else folder_for_url(postgres_url(place))

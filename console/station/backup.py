"""``vigie backup`` and ``vigie restore``: a folder from which a station comes back whole (issue 6).

The folder holds the database (a copy by SQLite's online backup, or ``pg_dump``'s), the signed checkpoints, a signed
manifest with digests, and, under a passphrase, the station's keys. Without its keys a station cannot open its account
keys and code words, nor can the journal's signatures be continued.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy import Connection, select
from sqlalchemy.engine import URL

from console.station import manifest as manifests
from console.station.archive_places import archive_folder
from console.station.control import BackupRequest, RestoredRequest
from console.station.errand import ErrandFailed, do
from console.station.folder import DataFolder, FolderInUse, FolderRefused
from console.station.manifest import ManifestRefused
from console.station.progress import progress
from console.station.store import archives
from console.station.store.archives import Archive
from console.station.store.checkpoints import CheckpointFile, point_fields
from console.station.store.database import DatabaseRefused, postgres_url
from console.station.store.secrets import Secrets, SecretsRefused, folder_for_url
from console.station.subcommand import BROKEN, IN_USE, REFUSED, UNREADABLE, reading, say, who
from console.station.verifying import secrets_of, verify_journal
from models.tables import JournalHead

FORMAT = "vigie-backup/1"
_KEYS = ("seal.key", "sign.key")
_KEY_BYTES = 32
_PAGES = 2_000
"""Database pages a step: eight megabytes."""
_SCRYPT = {"length": 32, "n": 2**16, "r": 8, "p": 1}


class BackupRefused(Exception):
    """It cannot be made or brought back; the message is a sentence."""


# -- making one ---------------------------------------------------------------------------------------


def make_backup(place: Path | str, target: Path, passphrase: str | None, *, with_archives: bool = False) -> int:
    """Write a backup into the folder ``target``, with and without a running station; exit status."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        say(f"{target} is there already.")
        return REFUSED
    try:
        secrets = secrets_of(place)
        asyncio.run(do(place, BackupRequest(who=who(), target=target.name, keys=passphrase is not None)))
        head = _head(place)
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = _dump(postgres_url(place), target) if isinstance(place, str) else _copy(DataFolder(place), target)
        _keep_checkpoints(secrets, target, head)
        kept = _archives(place)
        if with_archives:
            _copy_archives(place, kept, target)
        if passphrase is not None:
            _write(target / "keys.sealed", json.dumps(sealed_keys(secrets.folder, passphrase)).encode())
        names = sorted(path.name for path in target.iterdir())
        manifest = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "made_by": who(),
            "database": name,
            "archives": [one.file for one in kept],
            "sha256": {one: _digest(target / one) for one in names},
            **head,
        }
        signed = manifests.signed(manifest, secrets.sign_key)
        _write(target / "manifest.json", (json.dumps(signed, indent=1) + "\n").encode())
    except (BackupRefused, SecretsRefused, DatabaseRefused, ErrandFailed) as error:
        say(str(error))
        return REFUSED
    except (OSError, sqlite3.Error) as error:
        say(f"The backup cannot be written to {target}: {getattr(error, 'strerror', None) or error}.")
        return UNREADABLE
    size = sum(path.stat().st_size for path in target.iterdir())
    print(f"The backup is in {target}: {size / 1e6:,.1f} MB, up to entry {head['seq']} and what came meanwhile.")
    if kept and not with_archives:
        print(f"Archives of the journal are NOT in it: keep copies of these, or --with-archives. {_named(kept)}")
    if passphrase is None:
        print(f"The station's keys are NOT in it. Keep a copy of {secrets.folder} elsewhere: it is not whole without.")
    return 0


def _head(place: Path | str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def query(connection: Connection) -> int:
        row = connection.execute(select(JournalHead.journal_id, JournalHead.seq, JournalHead.hash)).one()
        found.update(journal=row.journal_id, seq=row.seq, hash=row.hash)
        return 0

    if reading(place, query) != 0:
        raise BackupRefused("Nothing was copied.")
    return found


def _archives(place: Path | str) -> list[Archive]:
    found: list[Archive] = []

    def query(connection: Connection) -> int:
        found.extend(archives.known(connection))
        return 0

    if reading(place, query) != 0:
        raise BackupRefused("Nothing was copied.")
    return found


def _named(kept: list[Archive]) -> str:
    return ", ".join(one.file for one in kept)


def _copy_archives(place: Path | str, kept: list[Archive], target: Path) -> None:
    folder = archive_folder(place)
    for one in kept:
        file = folder / one.file
        if not file.is_file() or _digest(file) != one.digest:
            raise BackupRefused(f"{one.file} is not in {folder} as it was archived.")
        shutil.copyfile(file, target / one.file)
        (target / one.file).chmod(0o600)
        _sync(target / one.file)


def _bring_archives(source: Path, manifest: dict[str, Any], place: Path | str) -> None:
    """The archives that are in the backup, into the station's folder; the others are named."""
    names = [name for name in manifest.get("archives", []) if isinstance(name, str) and Path(name).name == name]
    there = [name for name in names if (source / name).is_file() and name in manifest["sha256"]]
    folder = archive_folder(place)
    if there:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in there:
        draft = folder / f"{name}.part"
        shutil.copyfile(source / name, draft)
        draft.chmod(0o600)
        _sync(draft)
        draft.replace(folder / name)
    missing = [name for name in names if name not in there]
    if missing:
        print(f"Archives that are not in this backup, and hold what came before: {', '.join(missing)}.")


def _copy(folder: DataFolder, target: Path) -> str:
    copy = target / "vigie.db"
    with (
        closing(sqlite3.connect(f"file:{folder.database}?mode=ro", uri=True, isolation_level=None)) as source,
        closing(sqlite3.connect(copy)) as sink,
    ):
        # One snapshot from the first page to the last: without it each write of the station would begin the copy anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM journal_head").fetchone()
        (pages,) = source.execute("PRAGMA page_count").fetchone()
        with progress(pages, "Copying") as bar:
            source.backup(sink, pages=_PAGES, progress=_stepped(bar.update), sleep=0)
        source.execute("ROLLBACK")
        # One file, without a log beside it.
        sink.execute("PRAGMA journal_mode=DELETE")
        _check(sink)
    _sync(copy)
    copy.chmod(0o600)
    return copy.name


def _stepped(update: Callable[[int], object]) -> Callable[[int, int, int], None]:
    done = 0

    def step(_status: int, remaining: int, total: int) -> None:
        nonlocal done
        update(total - remaining - done)
        done = total - remaining

    return step


def _check(connection: sqlite3.Connection) -> None:
    (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise BackupRefused(f"The copy of the database is damaged: {said}.")


def _dump(url: URL, target: Path) -> str:
    _postgres("pg_dump", url, "--format=custom", "--no-owner", "--file", str(target / "vigie.dump"))
    (target / "vigie.dump").chmod(0o600)
    _sync(target / "vigie.dump")
    return "vigie.dump"


def _keep_checkpoints(secrets: Secrets, target: Path, head: dict[str, Any]) -> None:
    """The checkpoints that the copy is sure to bear out: later ones would call it cut."""
    points, _wrong = CheckpointFile(secrets.folder, head["journal"]).signed(secrets.sign_key.public_key())
    kept = [
        json.dumps({**point_fields(point), "signature": signature}) + "\n"
        for point, signature in points
        if point.seq <= head["seq"]
    ]
    _write(target / f"checkpoints-{head['journal']}.jsonl", "".join(kept).encode())


# -- bringing one back --------------------------------------------------------------------------------


def restore(
    source: Path, place: Path | str, passphrase: str | None, keys: Path | None, *, unsigned: bool = False
) -> int:
    """Bring ``source`` back as the station of ``place``, which must be none yet; exit status.

    The keys come from the backup with its ``passphrase``, or from the folder ``keys``. The manifest's signature, the
    journal, and what the tables say beside it are verified before anything is in its place. ``unsigned`` takes a
    backup without any signature, as earlier versions made them; that is journaled.
    """
    try:
        manifest = _manifest(source)
        content = _keys(source, passphrase, keys)
        _require_signature(manifest, content, unsigned=unsigned)
        if isinstance(place, Path):
            return _restore_sqlite(source, manifest, DataFolder(place), content)
        return _restore_postgres(source, manifest, place, content)
    except FolderInUse as error:
        say(str(error))
        return IN_USE
    except (BackupRefused, ManifestRefused, SecretsRefused, DatabaseRefused, ErrandFailed, FolderRefused) as error:
        say(str(error))
        return REFUSED
    except (OSError, sqlite3.Error) as error:
        say(f"The backup cannot be brought back: {getattr(error, 'strerror', None) or error}.")
        return UNREADABLE


def _require_signature(manifest: dict[str, Any], content: dict[str, bytes], *, unsigned: bool) -> None:
    if manifests.is_signed(manifest):
        manifests.check(manifest, Ed25519PrivateKey.from_private_bytes(content["sign.key"]))
    elif not unsigned:
        raise BackupRefused(
            "The manifest of this backup has no signature: anybody may have changed it. "
            "If an earlier version of Vigie made it, and it was never out of your hands, give --unsigned."
        )


def _restore_sqlite(source: Path, manifest: dict[str, Any], folder: DataFolder, keys: dict[str, bytes]) -> int:
    if manifest["database"] != "vigie.db":
        raise BackupRefused("This backup is of a PostgreSQL database: give --database, an empty one.")
    if folder.database.exists() or folder.secrets.exists():
        raise BackupRefused(f"There is a station in {folder.path} already; nothing is overwritten.")
    folder.create()
    lock = folder.lock()
    draft = Path(tempfile.mkdtemp(prefix=".restore-", dir=folder.path))
    try:
        there = DataFolder(draft)
        shutil.copyfile(source / "vigie.db", there.database)
        there.database.chmod(0o600)
        with closing(sqlite3.connect(there.database)) as connection:
            _check(connection)
        _bring_keys(source, there.secrets, manifest, keys)
        if verify_journal(draft) != 0:
            raise BackupRefused("The journal in this backup is not whole; nothing was brought back.")
        asyncio.run(do(draft, _restored(source, manifest)))
        # The keys first: a station that found the database alone would make itself new ones.
        there.secrets.replace(folder.secrets)
        for path in (*draft.glob("vigie.db-*"), there.database):
            _sync(path)
            path.replace(folder.path / path.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        lock.release()
    _bring_archives(source, manifest, folder.path)
    print(f"The station is back in {folder.path}. Everybody signs in anew.")
    return 0


def _restore_postgres(source: Path, manifest: dict[str, Any], place: str, keys: dict[str, bytes]) -> int:
    if manifest["database"] != "vigie.dump":
        raise BackupRefused("This backup is of an embedded database: give --data, a new folder.")
    url = postgres_url(place)
    folder = folder_for_url(url)
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(f"There are keys of a station in {folder} already; nothing is overwritten.")
    # In one transaction: a database that holds something already refuses, and nothing of it is changed.
    _postgres("pg_restore", url, "--no-owner", "--single-transaction", "--exit-on-error", str(source / "vigie.dump"))
    _bring_keys(source, folder, manifest, keys)
    if verify_journal(place) != 0:
        say("The journal in this backup is not whole. Do not use this database.")
        return BROKEN
    asyncio.run(do(place, _restored(source, manifest)))
    _bring_archives(source, manifest, place)
    print("The station's database is back. Everybody signs in anew.")
    return 0


def _restored(source: Path, manifest: dict[str, Any]) -> RestoredRequest:
    return RestoredRequest(
        who=who(),
        source=source.resolve().name,
        made_at=manifest["made_at"],
        seq=int(manifest["seq"]),
        signed=manifests.is_signed(manifest),
    )


def _manifest(source: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
        digests = dict(manifest["sha256"])
        if manifest["format"] != FORMAT or manifest["database"] not in digests or not str(manifest["seq"]).isdecimal():
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupRefused(f"{source} is no backup that this version of Vigie made.") from None
    for name, digest in digests.items():
        # A name only: nothing outside of the folder is looked at.
        if Path(name).name != name or not (source / name).is_file() or _digest(source / name) != digest:
            raise BackupRefused(f"{name} in {source} is not what the backup was made with.")
    return manifest


def _keys(source: Path, passphrase: str | None, keys: Path | None) -> dict[str, bytes]:
    if keys is not None:
        content = {name: (keys / name).read_bytes() for name in _KEYS}
    elif not (source / "keys.sealed").is_file():
        raise BackupRefused("The station's keys are not in this backup: give --keys, the folder where they were kept.")
    elif passphrase is None:
        raise BackupRefused("The station's keys are in this backup under a passphrase: give it.")
    else:
        content = opened_keys(source / "keys.sealed", passphrase)
    if any(len(key) != _KEY_BYTES for key in content.values()):
        raise BackupRefused("These are not the keys of a station.")
    return content


def _bring_keys(source: Path, folder: Path, manifest: dict[str, Any], content: dict[str, bytes]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, key in content.items():
        _write(folder / name, key)
    checkpoints = f"checkpoints-{manifest['journal']}.jsonl"
    if (source / checkpoints).is_file():
        _write(folder / checkpoints, (source / checkpoints).read_bytes())


# -- parts --------------------------------------------------------------------------------------------


def sealed_keys(folder: Path, passphrase: str) -> dict[str, str]:
    """The keys in ``folder`` under ``passphrase``, as JSON takes them."""
    salt, nonce = os.urandom(16), os.urandom(12)
    keys = {name: base64.b64encode((folder / name).read_bytes()).decode() for name in _KEYS}
    key = Scrypt(salt=salt, **_SCRYPT).derive(passphrase.encode())
    sealed = AESGCM(key).encrypt(nonce, json.dumps(keys).encode(), FORMAT.encode())
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    return {name: base64.b64encode(part).decode() for name, part in parts.items()}


def opened_keys(file: Path, passphrase: str) -> dict[str, bytes]:
    """The contents of the key files by name. :class:`BackupRefused` for another passphrase, or no file of keys."""
    try:
        sealed = json.loads(file.read_bytes())
        parts = {name: base64.b64decode(sealed[name]) for name in ("salt", "nonce", "sealed")}
        key = Scrypt(salt=parts["salt"], **_SCRYPT).derive(passphrase.encode())
        keys = json.loads(AESGCM(key).decrypt(parts["nonce"], parts["sealed"], FORMAT.encode()))
    except InvalidTag:
        raise BackupRefused("The passphrase is not the one of this backup.") from None
    except (KeyError, ValueError, TypeError):
        raise BackupRefused("The keys in this backup are damaged.") from None
    return {name: base64.b64decode(keys[name]) for name in _KEYS}


def _postgres(program: str, url: URL, *words: str) -> None:
    path = shutil.which(program)
    if path is None:
        found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
        if not found:
            raise BackupRefused(f"{program} is not here: install the client programs of PostgreSQL.")
        path = str(found[-1])
    # The password by the environment: whoever lists processes reads their words.
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    plain = url.set(drivername="postgresql", password=None).render_as_string()
    done = subprocess.run(  # noqa: S603
        [path, "--no-password", f"--dbname={plain}", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["it says nothing"]
        raise BackupRefused(f"{program} failed: {lines[0]}")


def _write(path: Path, content: bytes) -> None:
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(path: Path) -> str:
    seen = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            seen.update(piece)
    return seen.hexdigest()

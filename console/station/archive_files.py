"""A file of archived entries put in its place: synced, read again from its disk, and verified there."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from console.station.store import sealed_check
from console.station.store.archives import Archive


class NotWhole(Exception):
    """What is on the disk is not what was to be; the file is gone again. The message is a sentence."""


def keep(
    draft: Path, folder: Path, journal: str, name: str, first: int, last: int, key: Ed25519PublicKey
) -> tuple[Archive, int]:
    """Give ``draft`` its name in ``folder`` and verify it there; what it is, and how many contents of it were erased.

    ``name``: the month. The name that it gets has its digest in it: no file is ever written over.
    """
    sync(draft)
    digest = sealed_check.digest(draft)
    target = folder / f"journal-{journal[:8]}-{name}-{first}-{last}-{digest[:8]}.zip"
    draft.replace(target)
    sync(folder)
    found = sealed_check.check(target, key)
    whole = (found.first, found.last, found.gaps, found.entries)
    wrong = "; ".join(found.broken[:3])
    if not wrong and whole != (first, last, 0, last - first + 1):
        wrong = "entries are missing in it"
    if not wrong and sealed_check.digest(target) != digest:
        wrong = f"the disk does not give back {target.name}"
    if wrong:
        target.unlink()
        raise NotWhole(wrong)
    made = Archive(0, first, last, found.prev, found.hash, found.first_time, found.last_time, target.name, digest)
    return made, found.erased


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One program at a time; BlockingIOError where another is at it: what it has just verified must not go."""
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def sync(path: Path) -> None:
    """Wait until a file, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""A sealed export read again and checked, by the verifier that goes along with it: what it checks is one thing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from console.station.store.sealed import FRAMES, fingerprint
from resources.sealed import verify


@dataclass(slots=True)
class Checked:
    """What was found; ``broken`` is empty where everything is as the station sealed it."""

    broken: list[str] = field(default_factory=list)
    journal: str = ""
    first: int = 0
    last: int = 0
    prev: str = ""
    """What the first entry points back to."""
    hash: str = ""
    """Of the last entry."""
    first_time: int = 0
    """The earliest, in microseconds."""
    last_time: int = 0
    entries: int = 0
    erased: int = 0
    gaps: int = 0
    hashes: dict[int, str] = field(default_factory=dict)
    """Of the entries that were asked for."""


def check(file: Path, key: Ed25519PublicKey, wanted: Collection[int] = ()) -> Checked:
    """Read all of ``file``, signed with ``key``, from its disk."""
    try:
        found: Any = verify.Check(verify.parts_of(file), _signed, wanted)  # type: ignore[no-untyped-call]
        found.all(fingerprint(key))
    except (OSError, KeyError, TypeError, ValueError, AttributeError, IndexError, BadZipFile) as error:
        return Checked([f"{file.name} cannot be read: {error}"])
    return Checked(
        broken=list(found.wrong),
        journal=str(found.manifest.get("journal")),
        first=found.first["seq"] if found.first else 0,
        last=found.last["seq"] if found.last else 0,
        prev=found.first["prev"] if found.first else "",
        hash=found.last["hash"] if found.last else "",
        first_time=found.times[0],
        last_time=found.times[1],
        entries=found.entries,
        erased=found.erased,
        gaps=found.gaps,
        hashes={seq: hash_ for seq, hash_ in found.hashes.items() if hash_ is not None},
    )


def entries(file: Path) -> Iterator[dict[str, Any]]:
    """The entries in order."""
    return _lines(file, "entries.jsonl")


def frames(file: Path) -> Iterator[dict[str, Any]]:
    """The sealed originals of frames that went along: ``seq`` and ``sealed``."""
    with ZipFile(file) as archive:
        there = FRAMES in archive.namelist()
    return _lines(file, FRAMES) if there else iter(())


def digest(file: Path) -> str:
    """SHA-256 of a whole file."""
    seen = sha256()
    with file.open("rb") as content:
        while piece := content.read(1 << 20):
            seen.update(piece)
    return seen.hexdigest()


def _lines(file: Path, name: str) -> Iterator[dict[str, Any]]:
    with ZipFile(file) as archive, archive.open(name) as lines:
        for line in lines:
            yield json.loads(line)


def _signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """As the verifier's own, a thousand times faster."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True

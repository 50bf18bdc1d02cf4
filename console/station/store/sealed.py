"""A sealed export: entries, proofs, public key and a verifier in one zip that a third party can check (issue 6, I5).

What is in it, and by which rules it is checked, says ``resources/sealed/README.txt``, which goes along.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from console.station.store.checkpoints import Checkpoint, point_fields

FORMAT = "vigie-sealed-journal/1"
_LEVEL = 6
FRAMES = "frames.jsonl"


@dataclass(frozen=True, slots=True)
class Made:
    """Who made an export of which journal, when, and of which entries, in words."""

    journal: str
    at: str
    by: str
    selection: str


class Broken(Exception):
    """The journal is not what was sealed: nothing is handed out; the message is a sentence."""


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the raw public key: short enough to be read out on the phone."""
    return sha256(key.public_bytes_raw()).hexdigest()


def write(
    target: Path,
    made: Made,
    entries: Iterator[dict[str, Any]],
    checkpoints: list[tuple[Checkpoint, str]],
    key: Ed25519PrivateKey,
    written: Callable[[int], object],
    frames: Iterator[dict[str, Any]] | None = None,
) -> int:
    """Write the zip; how many entries are in it. ``written`` is told how many were written since it was told last.

    ``entries`` in order, each as :func:`console.station.store.export.chained_entries` gives them; ``checkpoints`` with
    their signatures, of which one an hour goes along; ``frames`` are the sealed originals of frames, for an archive
    alone: they open with the station's key (I9). What is not finished is not left behind: it goes to a draft
    first. :class:`Broken` where an entry is not what was sealed, OSError where the disk refuses.
    """
    draft = target.with_name(f".{target.name}.part")
    try:
        with ZipFile(draft, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            count = _fill(archive, made, entries, checkpoints, key, written, frames)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return count


def _fill(
    archive: ZipFile,
    made: Made,
    entries: Iterator[dict[str, Any]],
    checkpoints: list[tuple[Checkpoint, str]],
    key: Ed25519PrivateKey,
    written: Callable[[int], object],
    frames: Iterator[dict[str, Any]] | None,
) -> int:
    points: dict[int, tuple[Checkpoint, str]] = {}
    for point, signature in checkpoints:
        other = points.setdefault(point.seq, (point, signature))[0]
        if other.hash != point.hash:
            raise Broken(f"Entry {point.seq} was sealed twice, differently: the journal is broken; verify it.")
    count = gaps = erased = told = 0
    first = last = None
    seen, kept = sha256(), []
    with archive.open(_named("entries.jsonl"), "w", force_zip64=True) as file:
        for entry in entries:
            line = (json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
            seen.update(line)
            file.write(line)
            seq = entry["seq"]
            first = seq if first is None else first
            gaps += last is not None and seq != last + 1
            erased += "salt" not in entry
            if seq in points:
                if points[seq][0].hash != entry["hash"]:
                    raise Broken(f"Entry {seq} is not what the station sealed: the journal is broken; verify it.")
                kept.append(points[seq])
            last, count = seq, count + 1
            if count - told >= 1000:
                written(count - told)
                told = count
    written(count - told)
    # One every ten seconds would take a verifier in plain Python hours; the last of an hour says as much.
    hourly = {point.time[:13]: (point, signature) for point, signature in kept}
    sealed = "".join(
        json.dumps({**point_fields(point), "signature": signature}) + "\n" for point, signature in hourly.values()
    ).encode()
    digests = {"entries.jsonl": seen.hexdigest(), "checkpoints.jsonl": sha256(sealed).hexdigest()}
    if frames is not None:
        digests[FRAMES] = _originals(archive, frames)
    manifest = json.dumps(
        {
            "format": FORMAT,
            "journal": made.journal,
            "made_at": made.at,
            "made_by": made.by,
            "selection": made.selection,
            "entries": count,
            "first": first,
            "last": last,
            "gaps": gaps,
            "erased": erased,
            "sha256": digests,
        },
        ensure_ascii=False,
        indent=1,
    ).encode()
    public = key.public_key()
    for name, content in (
        ("checkpoints.jsonl", sealed),
        ("manifest.json", manifest),
        ("manifest.sig", base64.b64encode(key.sign(manifest)) + b"\n"),
        ("public-key.txt", base64.b64encode(public.public_bytes_raw()) + b"\n"),
        ("verify.py", files("resources.sealed").joinpath("verify.py").read_bytes()),
        ("README.txt", files("resources.sealed").joinpath("README.txt").read_bytes()),
    ):
        archive.writestr(_named(name), content)
    return count


def _originals(archive: ZipFile, frames: Iterator[dict[str, Any]]) -> str:
    seen = sha256()
    with archive.open(_named(FRAMES), "w", force_zip64=True) as file:
        for frame in frames:
            line = (json.dumps(frame, separators=(",", ":")) + "\n").encode()
            seen.update(line)
            file.write(line)
    return seen.hexdigest()


def _named(name: str) -> ZipInfo:
    info = ZipInfo(name, time.gmtime()[:6])
    info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
    return info

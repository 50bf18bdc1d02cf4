"""Signed checkpoints, apart from the database: whoever has only the database cannot cut its tail unseen (I5).

A line of ``checkpoints-<journal id>.jsonl`` is ``{"journal", "seq", "hash", "time", "signature"}``: an Ed25519
signature over the first four as compact JSON. The public key lies beside it in ``sign.pub``.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.station.store.secrets import Verifies


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """At ``time`` entry ``seq`` of the journal had ``hash``; ``seq`` 0 seals the empty journal."""

    journal: str
    seq: int
    hash: str
    time: str

    def message(self) -> bytes:
        """What is signed."""
        return json.dumps([self.journal, self.seq, self.hash, self.time], separators=(",", ":")).encode()


class CheckpointFile:
    """The checkpoints of one journal."""

    def __init__(self, folder: Path, journal_id: str) -> None:
        self.path = folder / f"checkpoints-{journal_id}.jsonl"
        self._journal = journal_id
        self._public = folder / "sign.pub"

    @classmethod
    def at(cls, path: Path, journal_id: str) -> CheckpointFile:
        """Checkpoints that were kept elsewhere, in a file of any name."""
        found = cls(path.parent, journal_id)
        found.path = path
        return found

    def add(self, seq: int, hash_: str, now: datetime, key: Ed25519PrivateKey) -> None:
        """Append a synced, signed checkpoint. OSError where the disk refuses."""
        point = Checkpoint(self._journal, seq, hash_, now.isoformat())
        signature = base64.b64encode(key.sign(point.message())).decode()
        line = json.dumps({**point_fields(point), "signature": signature}) + "\n"
        if not self._public.exists():
            self._public.write_bytes(base64.b64encode(key.public_key().public_bytes_raw()) + b"\n")
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # A line cut short by a crash is closed first, so that it spoils no other.
            if _ends_inside_a_line(self.path):
                line = "\n" + line
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def exists(self) -> bool:
        """Whether this journal was ever sealed here."""
        return self.path.exists()

    def read(self, key: Verifies) -> tuple[list[Checkpoint], list[str]]:
        """The checkpoints with a good signature, in order, and a sentence for each line that is not one."""
        signed, wrong = self.signed(key)
        return [point for point, _signature in signed], wrong

    def signed(self, key: Verifies) -> tuple[list[tuple[Checkpoint, str]], list[str]]:
        """As :meth:`read`, each with its signature in base64.

        The beginning of a line is what a crash leaves, and is passed over: nothing was ever sealed by it. Anything
        else that is no checkpoint was done to the file.
        """
        points: list[tuple[Checkpoint, str]] = []
        wrong: list[str] = []
        content = self.path.read_bytes() if self.path.exists() else b""
        for number, line in enumerate(content.split(b"\n"), 1):
            if not line:
                continue
            try:
                fields = json.loads(line)
                point = Checkpoint(fields["journal"], fields["seq"], fields["hash"], fields["time"])
                key.verify(base64.b64decode(fields["signature"]), point.message())
            except ValueError as error:
                if isinstance(error, json.JSONDecodeError) and _is_beginning(line):
                    continue
                wrong.append(f"checkpoint line {number} cannot be read")
            except (KeyError, TypeError):
                wrong.append(f"checkpoint line {number} cannot be read")
            except InvalidSignature:
                wrong.append(f"checkpoint line {number} has a wrong signature")
            else:
                points.append((point, fields["signature"]))
        return points, wrong


_FIELDS = (
    (b'{"journal": "', b"0123456789abcdef"),
    (b'", "seq": ', b"0123456789"),
    (b', "hash": "', b"0123456789abcdef"),
    (b'", "time": "', b"0123456789-:.+TZ"),
    (b'", "signature": "', b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="),
    (b'"}', b""),
)
"""What stands before each value of a line, and what it is written with."""


def _is_beginning(line: bytes) -> bool:
    """Whether a write of a checkpoint that was broken off leaves this; some disks give nulls for what is missing."""
    rest = line.rstrip(b"\x00")
    for before, signs in _FIELDS:
        if before.startswith(rest):
            return True
        if not rest.startswith(before):
            return False
        rest = rest[len(before) :].lstrip(signs)
    return False


def point_fields(point: Checkpoint) -> dict[str, str | int]:
    """The signed fields by name."""
    return {"journal": point.journal, "seq": point.seq, "hash": point.hash, "time": point.time}


def _ends_inside_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"

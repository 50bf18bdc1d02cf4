"""Contents of entries erased as the law demands, by a signed act that verifying can tell from a loss (I14)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, delete, insert, select

from console.station.store import journal_index
from console.station.store.secrets import Verifies
from models.tables import ErasureRow, Journal, JournalPayload, SealedFrame

ERASED = "erased"
"""The kind of the entry that tells of an erasure."""
_AT_ONCE = 500


def batched(numbers: Iterable[int]) -> Iterator[list[int]]:
    """``numbers`` in pieces that a statement takes."""
    some: list[int] = []
    for number in numbers:
        some.append(number)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def erase(connection: Connection, journal_id: str, entries: Iterable[int], by_seq: int, key: Ed25519PrivateKey) -> int:
    """Remove what ``entries`` say, in the transaction that appends entry ``by_seq``, which tells of it; how many.

    Their place in the chain, their kind, time, site and alarm stay; the unmasked originals of their frames go along.
    What was erased before is passed over.
    """
    gone = 0
    for some in batched(entries):
        query = (
            select(Journal.seq, Journal.payload_digest)
            .join(JournalPayload, JournalPayload.seq == Journal.seq)
            .where(Journal.seq.in_(some))
        )
        found = connection.execute(query).all()
        rows = [
            {
                "seq": seq,
                "by_seq": by_seq,
                "digest": digest,
                "signature": signed(key, journal_id, seq, digest, by_seq),
            }
            for seq, digest in found
        ]
        if not rows:
            continue
        # First the permission: without it the database refuses to let a content go.
        connection.execute(insert(ErasureRow), rows)
        numbers = [row.seq for row in found]
        # While the content is still there: what is taken out of the index is told by it.
        journal_index.forget(connection, numbers)
        connection.execute(delete(JournalPayload).where(JournalPayload.seq.in_(numbers)))
        connection.execute(delete(SealedFrame).where(SealedFrame.seq.in_(numbers)))
        gone += len(rows)
    return gone


def signed(key: Ed25519PrivateKey, journal_id: str, seq: int, digest: str, by_seq: int) -> str:
    """The station's signature over an erasure, in base64."""
    return base64.b64encode(key.sign(_message(journal_id, seq, digest, by_seq))).decode()


def good(key: Verifies, journal_id: str, seq: int, digest: str, by_seq: int, signature: str) -> bool:
    """Whether the station signed this erasure."""
    try:
        key.verify(base64.b64decode(signature, validate=True), _message(journal_id, seq, digest, by_seq))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _message(journal_id: str, seq: int, digest: str, by_seq: int) -> bytes:
    return json.dumps(["erased", journal_id, seq, digest, by_seq], separators=(",", ":")).encode()

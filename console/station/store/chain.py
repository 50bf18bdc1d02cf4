"""The hash chain of the journal, as plain functions (I5, I14). Anybody can compute it with the standard library.

``payload_digest = sha256(salt + json([actor_name, actor_from, text, data, raw]))`` and
``hash = sha256(json([seq, time, panel_time, kind, actor_kind, site, account, alarm, priority, in_test,
payload_digest, prev]))``, where json has no blanks and escapes everything outside ASCII, digests are lower-case hex,
times are microseconds since 1970 UTC, and the first ``prev`` is the journal's id (32 hex digits), zero-filled to 64.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from console.station.store.canonical import chained

JOURNAL_COLUMNS = (
    "seq", "time", "panel_time", "kind", "actor_kind", "site", "account", "alarm", "priority", "in_test",
    "payload_digest", "prev",
)  # fmt: skip
PAYLOAD_COLUMNS = ("actor_name", "actor_from", "text", "data", "raw")

Column = str | int | None


def payload_digest(salt: str, columns: Sequence[Column]) -> str:
    """Digest of an entry's payload; ``columns`` in the order of :data:`PAYLOAD_COLUMNS`."""
    return sha256((salt + chained(columns)).encode()).hexdigest()


def entry_hash(columns: Sequence[Column]) -> str:
    """Hash of an entry; ``columns`` in the order of :data:`JOURNAL_COLUMNS`."""
    return sha256(chained(columns).encode()).hexdigest()


def first_prev(journal_id: str) -> str:
    """What the first entry points back to: it ties the chain to this journal and no other."""
    return journal_id.ljust(64, "0")

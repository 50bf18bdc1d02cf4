"""Whether the keys beside a station are those of its journal: with others it could open nothing of it (I5, I9).

A station whose folder of keys was lost, or a second machine that made its own, once said "ready": encrypted fires got
no ACK and left no trace, code words answered with an error, and a journal sealed by the new key was called intact.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, func, insert, inspect, select

from console.station.store.ledger import KEYS_REPLACED, Ledger
from console.station.store.secrets import KEY_FILES, Secrets, SecretsRefused, Verifies, key_purpose, word_purpose
from models.records import Actor
from models.tables import ContactRow, KnownKeys, SystemRow


def known(connection: Connection) -> tuple[str, str] | None:
    """The marks of the keys in force; None where the database knows none yet, or is empty."""
    if not inspect(connection).has_table(KnownKeys.__tablename__):
        return None
    row = connection.execute(select(KnownKeys.seal, KnownKeys.sign).order_by(KnownKeys.id.desc()).limit(1)).first()
    return None if row is None else (row.seal, row.sign)


def opened(folder: Path, marks: tuple[str, str] | None) -> Secrets:
    """The keys in ``folder``; made there for a journal that has none. :class:`SecretsRefused` says what mends it."""
    if marks is None:
        return Secrets.open(folder)
    if not all((folder / name).is_file() for name in KEY_FILES):
        raise SecretsRefused(f"There are no keys in {folder}, and this journal has some. {_MENDED_BY}")
    secrets = Secrets.open(folder, create=False)
    if secrets.marks != marks:
        raise SecretsRefused(f"The keys in {folder} are not those of this journal. {_MENDED_BY}")
    return secrets


_MENDED_BY = (
    'Bring them here: "vigie station keys FILE" where the station runs, then "vigie station join FILE" on this '
    'machine; or from a backup. Only if they are lost for good: "vigie station new-keys".'
)


def remember(connection: Connection, secrets: Secrets) -> None:
    """Note the keys of a journal that knows none yet. :class:`SecretsRefused` where they open nothing of it."""
    if known(connection) is not None:
        return
    _try(connection, secrets)
    connection.execute(insert(KnownKeys).values(id=1, seal=secrets.marks[0], sign=secrets.marks[1]))


def _try(connection: Connection, secrets: Secrets) -> None:
    """A journal of before: whatever of it is sealed must open."""
    system = connection.execute(
        select(SystemRow.account, SystemRow.sealed_key).where(SystemRow.sealed_key.is_not(None)).limit(1)
    ).first()
    word = connection.execute(
        select(ContactRow.id, ContactRow.sealed_code_word).where(ContactRow.sealed_code_word.is_not(None)).limit(1)
    ).first()
    try:
        if system is not None:
            secrets.unseal(system.sealed_key, key_purpose(system.account))
        elif word is not None:
            secrets.unseal(word.sealed_code_word, word_purpose(word.id, "code"))
    except SecretsRefused as error:
        raise SecretsRefused(f"The keys in {secrets.folder} are not those of this journal. {_MENDED_BY}") from error


def replace(ledger: Ledger, secrets: Secrets, actor: Actor, why: str) -> int:
    """New keys are in force from here on; the number of the entry that tells of it."""
    count = ledger.connection.execute(select(func.max(KnownKeys.id))).scalar() or 0
    seal, sign = secrets.marks
    ledger.connection.execute(insert(KnownKeys).values(id=count + 1, seal=seal, sign=sign))
    text = f"The station's keys were replaced: account keys and code words must be entered again · {why}"
    return ledger.append(KEYS_REPLACED, actor, text, data={"sign": sign, "why": why})


class AnyOf:
    """The keys that this journal was ever signed with."""

    def __init__(self, keys: Sequence[Verifies]) -> None:
        self._keys = keys

    def verify(self, signature: bytes, data: bytes) -> None:
        """See :class:`Verifies`."""
        for key in self._keys[:-1]:
            try:
                return key.verify(signature, data)
            except InvalidSignature:
                continue
        return self._keys[-1].verify(signature, data)


def verifier(connection: Connection, secrets: Secrets) -> Verifies:
    """Checks what was signed with the keys in force, or with those before."""
    former = connection.execute(select(KnownKeys.sign).order_by(KnownKeys.id.desc()).offset(1)).scalars()
    keys = [Ed25519PublicKey.from_public_bytes(bytes.fromhex(one)) for one in former]
    return AnyOf([secrets.sign_key.public_key(), *keys]) if keys else secrets.sign_key.public_key()

"""The station's own secrets: one key that seals what the database must not show, one that signs checkpoints.

They lie in a folder of their own (0700, files 0600), apart from the database: a headless machine has no keyring
(libraries.md, fact 10). Losing the folder means that sealed account keys and code words must be entered again.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Mapping
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Protocol

import platformdirs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.engine import URL


class SecretsRefused(Exception):
    """The secrets cannot be used; the message is a sentence."""


KEY_FILES = ("seal.key", "sign.key")


def folder_for_url(url: URL) -> Path:
    """Where the secrets of a PostgreSQL journal lie: by server and database name, never by user or password.

    Several stations over one database share this folder's content (``VIGIE_SECRETS`` names another place).
    """
    given = os.environ.get("VIGIE_SECRETS")
    if given:
        return Path(given)
    hosts = url.query.get("host") or f"{url.host or 'local'}:{url.port or 5432}"
    where = f"{','.join(hosts) if isinstance(hosts, tuple) else hosts}/{url.database}"
    return Path(platformdirs.user_data_dir("vigie")) / "secrets" / sha256(where.encode()).hexdigest()[:16]


class Verifies(Protocol):
    """One public key, or several of which any may have signed. cryptography's InvalidSignature where none has."""

    def verify(self, signature: bytes, data: bytes) -> None:
        """Nothing where ``signature`` is good for ``data``."""


class Secrets:
    """Seals and opens, and signs. Instances never print their keys."""

    def __init__(self, folder: Path, seal_key: bytes, sign_key: Ed25519PrivateKey) -> None:
        self.folder = folder
        self._aead = AESGCM(seal_key)
        self._digest_key = blake2b(b"digest", key=seal_key, digest_size=32).digest()
        self.sign_key = sign_key

    def __repr__(self) -> str:
        return f"Secrets({self.folder})"

    @classmethod
    def open(cls, folder: Path, *, create: bool = True) -> Secrets:
        """The secrets in ``folder``, made on first use. :class:`SecretsRefused` where they cannot be read."""
        seal, sign = (folder / name for name in KEY_FILES)
        try:
            if create:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                for file in (seal, sign):
                    write_secret(file, os.urandom(32))
            return cls.of(folder, {file.name: file.read_bytes() for file in (seal, sign)})
        except OSError as error:
            raise SecretsRefused(f"the station's keys in {folder} cannot be read: {error.strerror}") from error

    @classmethod
    def of(cls, folder: Path, content: Mapping[str, bytes]) -> Secrets:
        """The secrets of which ``content`` holds the files by name; :class:`SecretsRefused` where one is damaged."""
        seal_key, sign_key = (content[name] for name in KEY_FILES)
        if len(seal_key) != 32 or len(sign_key) != 32:
            raise SecretsRefused(f"the station's keys in {folder} are damaged; bring them back from your backup")
        return cls(folder, seal_key, Ed25519PrivateKey.from_private_bytes(sign_key))

    @property
    def marks(self) -> tuple[str, str]:
        """What tells these keys from others: of the sealing key a digest, of the signing key its public half."""
        return (
            blake2b(b"mark", key=self._digest_key, digest_size=16).hexdigest(),
            self.sign_key.public_key().public_bytes_raw().hex(),
        )

    def seal(self, plain: str | bytes, purpose: str) -> str:
        """``plain`` encrypted and bound to ``purpose`` (for example ``code word of c-12``), as ASCII text."""
        nonce = os.urandom(12)
        data = plain.encode() if isinstance(plain, str) else plain
        return base64.b64encode(nonce + self._aead.encrypt(nonce, data, purpose.encode())).decode()

    def unseal(self, sealed: str, purpose: str) -> bytes:
        """What was sealed. :class:`SecretsRefused` where the key is another or the text was changed."""
        blob = base64.b64decode(sealed)
        try:
            return self._aead.decrypt(blob[:12], blob[12:], purpose.encode())
        except InvalidTag as error:
            raise SecretsRefused(f"the sealed {purpose} cannot be opened with this station's key") from error

    def digest(self, data: bytes) -> str:
        """A keyed digest: equal data give equal digests, and nobody without the key can guess them back."""
        return blake2b(data, key=self._digest_key, digest_size=32).hexdigest()

    @staticmethod
    def same(one: str, other: str) -> bool:
        """Equality of secrets in constant time."""
        return hmac.compare_digest(one.encode(), other.encode())


def key_purpose(account: str) -> str:
    """What an account's key is sealed for."""
    return f"key of account {account}"


def word_purpose(contact: str, which: str) -> str:
    """What a contact's code or duress word is sealed for."""
    return f"{which} word of contact {contact}"


def write_secret(file: Path, content: bytes) -> None:
    """Write a 0600 file unless it exists; whole or not at all, also when the machine stops halfway."""
    if file.exists():
        return
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(draft, file)  # fails where another process was first: its key stands
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)

"""Passwords and PINs as they are stored: argon2id, slow on purpose (security)."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@cache
def _nobody() -> str:
    """Verified for names that do not exist, so that the time of an answer does not tell which do."""
    return _hasher.hash(secrets.token_hex(16))


def make_ready() -> None:
    """Hash what names that do not exist are compared with, so that the first of them is answered as soon as the rest.

    Not at import: every subcommand would wait for it.
    """
    _nobody()


def hash_password(password: str) -> str:
    """An argon2id hash. It takes about 0.1 s: run it in a thread."""
    return _hasher.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Whether ``password`` belongs to ``stored``; takes as long when there is nobody of that name."""
    try:
        return _hasher.verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False

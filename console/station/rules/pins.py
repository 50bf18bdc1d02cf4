"""ID codes and PINs (A4, A5): which PINs are refused, and how new ones are drawn."""

from __future__ import annotations

import secrets
from itertools import pairwise

from console.station.rules.refusal import Refused
from models.records import ErrorCode

REFUSED = frozenset({"0000", "1111", "1234", "4321"})
"""A5: refused wherever a PIN is set, whatever the settings."""
DIGITS = 4
_ID_DIGITS = 8


def check_pin(pin: str, *, easy_ones: bool = False) -> None:
    """Refuse a PIN that anybody guesses first (A5); runs and all-same ones too unless ``easy_ones`` are allowed."""
    if len(pin) != DIGITS or not pin.isascii() or not pin.isdecimal():
        raise Refused(ErrorCode.INVALID, f"A PIN has {DIGITS} digits.", "pin")
    if pin in REFUSED or (not easy_ones and (len(set(pin)) == 1 or _run(pin))):
        # Never the PIN itself in a sentence (I9).
        raise Refused(ErrorCode.INVALID, "This PIN is too easy to guess; choose another.", "pin")


def _run(pin: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})


def new_pin() -> str:
    """A PIN drawn by chance that :func:`check_pin` lets pass."""
    while True:
        pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        try:
            check_pin(pin)
        except Refused:
            continue
        return pin


def new_id_code() -> str:
    """An ID code drawn by chance: eight digits, the first not 0; whether it is free is for the caller to see."""
    return str(secrets.randbelow(9 * 10 ** (_ID_DIGITS - 1)) + 10 ** (_ID_DIGITS - 1))

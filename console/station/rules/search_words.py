"""What a site is found by: words without case and accents, telephone numbers as digits in each form they are typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from phonenumbers import PhoneMetadata, phonenumberutil

LONGEST = 100
NAME, EXACT = "=", "#"
"""Before a whole name, and before a number or account that was typed to its end; no word begins so."""
_WORD = re.compile(r"[^\W_]+")
_JOINED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t", "ı": "i"})
_CALLED = re.compile(r"\+?[\d ()./-]+\Z")


def words(text: str) -> list[str]:
    """The words of a text, in order, without case and accents: ``Café L'Été`` is ``cafe``, ``l``, ``ete``."""
    if text.isascii():
        # Nine texts in ten, and a tenth of the time.
        return [word[:LONGEST] for word in _WORD.findall(text.lower())]
    parts = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(sign for sign in parts if not unicodedata.combining(sign)).casefold().translate(_JOINED)
    return [word[:LONGEST] for word in _WORD.findall(folded)]


def of_name(name: str) -> Iterator[str]:
    """Each word of the name, and the whole of it."""
    found = words(name)
    yield from found
    yield (NAME + " ".join(found))[: LONGEST + 1]


def of_number(number: str) -> Iterator[str]:
    """A site number or an account: its parts, and the whole of it without the signs between."""
    found = words(number)
    whole = "".join(found)[:LONGEST]
    if whole:
        yield from (*found, whole, EXACT + whole)


def of_phone(number: str) -> Iterator[str]:
    """A telephone number as it is dialled from abroad and at home: ``32470555001`` and ``0470555001``."""
    digits = _digits(number)
    if not digits:
        return
    yield digits[:LONGEST]
    if number.startswith("+"):
        # Kept in international form: a blank ends the country's code.
        code, _, rest = number[1:].partition(" ")
        if code.isdecimal() and rest:
            yield (_trunk(int(code)) + _digits(rest))[:LONGEST]


def typed(text: str) -> list[list[str]]:
    """What somebody may mean by what they typed: each a list of words that must all be found.

    Digits in a row may be one telephone number with blanks: ``0470 55 50 01``.
    """
    separate = words(text)
    if _CALLED.match(text.strip()):
        digits = _digits(text).removeprefix("00")
        if digits and [digits] != separate:
            return [[digits[:LONGEST]], separate] if separate else [[digits[:LONGEST]]]
    joined: list[str] = []
    run = ""
    for word in [*separate, ""]:
        if word.isdecimal() and word:
            run += word
            continue
        if run:
            joined.append(run[:LONGEST])
        run = ""
        if word:
            joined.append(word)
    return [separate] if joined == separate else [joined, separate]


def fits(word: str, among: Iterable[str]) -> bool:
    """Whether one of the words begins with ``word``."""
    return any(one.startswith(word) for one in among)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isdecimal())


@lru_cache(maxsize=300)
def _trunk(code: int) -> str:
    """What is dialled at home in place of the country's code: mostly ``0``."""
    region = phonenumberutil.region_code_for_country_code(code)
    known = PhoneMetadata.metadata_for_region(region)
    return (known and known.national_prefix) or ""

"""Telephone numbers: read as people write them, kept as they are dialled, masked where they are private."""

from __future__ import annotations

import re

import phonenumbers

from console.station.rules.refusal import Refused
from models.records import ErrorCode

_BELGIUM = 32
_SHORTEST, _SHORT = 3, 6
"""So few digits are a service's own number (112) or an extension: dialled as they are. Fewer are a slip."""


def dialled(given: str, country: str) -> str:
    """``given`` in international form, read by ``country`` where it has no prefix; refused where it cannot be one.

    Possible is enough: numbers of a new range, and fictional ones, are not valid by the tables.
    """
    digits = "".join(sign for sign in given if sign.isdecimal())
    if given.strip().isdecimal() and _SHORTEST <= len(digits) <= _SHORT:
        return digits
    try:
        number = phonenumbers.parse(given, country)
    except phonenumbers.NumberParseException:
        raise Refused(ErrorCode.INVALID, f"“{given}” is not a telephone number.", "numbers") from None
    if not phonenumbers.is_possible_number(number):
        raise Refused(ErrorCode.INVALID, f"“{given}” has too few or too many digits.", "numbers")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def label_of(number: str, country: str) -> str:
    """What a number without a label is: ``mobile`` where the numbering plan says so, else ``phone``."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return "phone"
    # All of Belgium's +32 4xx xx xx xx is for mobiles, also what is assigned to nobody and so in no table.
    belgian = parsed.country_code == _BELGIUM and re.fullmatch(r"4\d{8}", str(parsed.national_number)) is not None
    mobile = belgian or phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
    return "mobile" if mobile else "phone"


def masked(number: str) -> str:
    """A private number as others see it: its last two digits alone, ``··· 62``."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    return f"··· {digits[-2:]}"

"""Contact ID blocks taken apart (DC-05; dc09.md §5.1), in the forms that panels and receivers write."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUALIFIERS = {"E": "1", "R": "3", "P": "6"}
"""Event, restore and previous as receivers print them."""
_DIGITS = r"(?P<q>[0-9ERP]) ?(?P<code>[0-9A-F]{3})"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.DOTALL)
    for form in (
        # 1140 01 015, and 114001015.
        _DIGITS + r"(?P<area>[0-9A-F]{2})(?P<number>[0-9A-F]{3})(?P<rest>(?![0-9A-Z]).*)\Z",
        # The raw DC-05 tail with its checksum: 18QEEEGGCCCS (dc09.md §6, 12).
        r"18(?P<q>[0-9])(?P<code>[0-9A-F]{3})(?P<area>[0-9A-F]{2})(?P<number>[0-9A-F]{3})[0-9A-F]?(?P<rest>)\Z",
        # Divided, whatever the widths: 1130 01 0015.
        _DIGITS + r"[\s,;:./-]+(?P<area>[0-9A-F]{1,4})[\s,;:./-]+(?P<number>[0-9A-F]{1,6})(?P<rest>(?![0-9A-Z]).*)\Z",
        # One number alone: by its width the group or the zone.
        _DIGITS + r"[\s,;:./-]+(?P<area>[0-9A-F]{1,2})(?P<number>)(?P<rest>(?![0-9A-Z]).*)\Z",
        _DIGITS + r"[\s,;:./-]+(?P<area>)(?P<number>[0-9A-F]{3,6})(?P<rest>(?![0-9A-Z]).*)\Z",
        # The code is certain, the place is not: it is kept as text.
        _DIGITS + r"(?P<area>)(?P<number>)(?P<rest>(?:(?![0-9A-Z]).*|[0-9A-F]{6,8}))\Z",
    )
)
_MAY_BE = re.compile(r"[0-9]|[ERPerp] ?[0-9]")


@dataclass(frozen=True, slots=True)
class ContactId:
    """One Contact ID block."""

    qualifier: str
    code: str
    area: str | None
    number: str | None
    text: str | None


def contact_id(block: str) -> ContactId | None:
    """What a block says; None where it is no Contact ID."""
    block = block.strip(" \t\r\n\x00")
    if not _MAY_BE.match(block):
        return None
    for form in _FORMS:
        found = form.match(block)
        if found:
            sign = found["q"].upper()
            return ContactId(
                _QUALIFIERS.get(sign, sign),
                found["code"].upper(),
                found["area"] or None,
                found["number"] or None,
                found["rest"].strip(" \t\r\n\x00^/,;") or None,
            )
    return None

"""What stands between the brackets of a frame: its data, in however many groups, and X data (dc09.md §1).

Nothing there is left out of the decision: a group that X data does not explain is data, to be read or shown.
"""

from __future__ import annotations

import re

from console.station.dc09.frame import Frame
from console.station.dc09.packet import BLOCK_LETTERS, strictly_known

_SECRET = frozenset("KP")
_ANY_TEXT = frozenset("ILORSV")
"""Alarm text, location, building, room, site, verification: free text, in which nothing is a code."""
_HASH = re.compile(r"A[0-9A-Fa-f]{8,}\Z")
_X_DATA = re.compile(r"[A-Z]")


def data_groups(frame: Frame) -> tuple[str, ...]:
    """The groups that are data, in their order: the first, and whichever others are no X data.

    The same twice says it once (iss-060).
    """
    first = frame.data or ""
    if not frame.xdata:
        return (first,)
    found, told = [first], {account_and_packets(first)[1], first}
    for group in frame.xdata:
        if group not in told and _is_data(group, frame.account):
            found.append(group)
            told.add(group)
    return tuple(found)


def account_and_packets(group: str) -> tuple[str, str | None]:
    """``#1234|NRP``: the account as it stands there, and what follows the bar; None where there is no bar."""
    account, bar, packets = group.partition("|")
    return account, packets if bar else None


def _is_data(group: str, account: str) -> bool:
    """Whether a group after the first is more data, and no X data: in doubt it is, so that it is shown."""
    if not group.strip(" \x00"):
        return False
    letter = group[0]
    if not _X_DATA.match(group):
        return True
    if letter in _SECRET:
        return False
    head, packets = account_and_packets(group)
    if packets is not None and (letter not in _ANY_TEXT or head == account):
        return True
    if letter in _ANY_TEXT or _HASH.match(group):
        return False
    # A panel that leaves its account out: an event to the last character is one ("[NFA2]", "[BA01]").
    forms = (group, group[1:]) if letter in BLOCK_LETTERS else (group,)
    return any(strictly_known(form) is not None for form in forms)

"""What a panel said, decoded: plain frozen records without any behaviour of the receiver."""

from __future__ import annotations

from dataclasses import dataclass

from models.records.kinds import EventRole


@dataclass(frozen=True, slots=True)
class Event:
    """The decoded meaning of one event inside a signal.

    ``kind`` is a name in the one table of kinds (``resources/codes/kinds.csv``), for example ``fire`` or
    ``intrusion``; ``unknown`` where no table knows the code: such an event is still acknowledged and presented.
    ``area`` and ``address`` are text as the panel sent it (leading zeros count); ``concerns`` says what the address
    names (``zone``, ``user``, ``area``, ``condition``, ...). ``user`` is set where the event names a person's number.
    """

    code: str
    qualifier: str | None
    area: str | None
    address: str | None
    concerns: str
    user: str | None
    text: str | None
    kind: str
    description: str
    role: EventRole
    restores: str | None = None
    """For restorals: the code whose alarm this one restores, as sent (``BA`` for ``BR``)."""
    old: bool = False
    """Sent from the panel's buffer (DC-03 block ``O``): it happened earlier."""


def plain_number(number: str | None) -> str:
    """``007`` and ``7`` name the same zone, area or user; 0 and nothing name none."""
    return (number or "").lstrip("0").upper()

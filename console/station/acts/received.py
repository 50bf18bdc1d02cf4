"""One frame that carries an event, or the station's own word, on its way into the journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from console.station.acts.caller import STATION
from models.records import Actor, Event


@dataclass(frozen=True, slots=True)
class Received:
    """One frame that carries an event, as the receiver hands it over, free of secrets (I9)."""

    account: str
    """The account whose site it concerns, upper case; known or not."""
    header_account: str
    path: str
    """Receiver and line of the frame: what tells two lines of one panel apart."""
    token: str
    sequence: str
    digest: str
    """Keyed digest of the data: equal for a repeat."""
    raw: str | None
    """The frame in Python-style escapes, secrets masked; None for the station's own word."""
    events: tuple[Event, ...]
    received_at: datetime
    panel_time: datetime | None
    sender: str
    """Transport and address: ``tcp 10.0.0.7:40112``."""
    answer: str
    """What the panel will be told: ``ACK``, ``NAK``, ``DUH`` or ``none``."""
    kind: str = "signal"
    """Kind of journal entry; ``unreadable`` for frames that were kept raw with the reason."""
    out_of_window: bool = False
    sent_at: datetime | None = None
    """The panel's time of sending."""
    happened_at: datetime | None = None
    """The panel's time of occurrence (H data)."""
    answered_before: bool = False
    """The last ACK that was handed to the panel on this path was for the same token, sequence and data."""
    details: dict[str, Any] = field(default_factory=dict)
    sealed_raw: str | None = None
    by: Actor | None = None
    """Who says so where no panel does: the station, of a link."""
    known: bool = True
    """Its account has a system, or the station says it: what strangers send does not go before others (I1)."""
    site: str | None = None
    """The site that it is about, where no system need tell it; None: that of the account."""

    @classmethod
    def own(
        cls,
        account: str,
        kind: str,
        event: Event,
        now: datetime,
        details: dict[str, Any],
        site: str | None = None,
    ) -> Received:
        """The station's own word, of a link or of hours: routed like a panel's.

        Of a ``site`` itself it needs no system: the account is empty where there is none.
        """
        return cls(
            account=account,
            header_account=account,
            path="",
            token="",
            sequence="",
            digest="",
            raw=None,
            events=(event,),
            received_at=now,
            panel_time=None,
            sender="",
            answer="none",
            kind=kind,
            by=STATION,
            details=details,
            site=site,
        )

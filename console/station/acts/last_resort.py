"""The last resort for a signal that neither our rules nor the tables take: stored and shown as it came (I1, I2).

Nothing here looks anything up that could be the reason of the failure: no site, no zones, no names, no plan, and an
alarm whose number is the journal's own. Whoever opens it sees the account, the frame and why it is all there is.
"""

from __future__ import annotations

from console.station.acts.received import Received
from console.station.codes import kind
from console.station.rules.alarm import Alarm
from console.station.store import alarms as alarm_store
from console.station.store.ledger import Ledger
from models.records import Actor, ActorKind, AlarmState, EventRole, Priority

_KIND = "unknown"


def gravest(received: Received) -> str:
    """The kind under which a signal is kept that could not be processed: what was life safety stays it."""
    told = [event.kind for event in received.events if event.role is EventRole.ALARM]
    known = [name for name in told if kind(name).life_safety]
    return min(known, key=lambda name: kind(name).priority, default=_KIND)


def keep(ledger: Ledger, received: Received, *, shown: bool) -> int:
    """Journal ``received``, with an alarm of its own where it is ``shown``; the number of its entry."""
    seq, reason = ledger.head.seq + 1, str(received.details.get("kept_raw", ""))
    identifier = f"R-{seq}" if shown else None
    priority = int(kind(gravest(received)).priority)
    ledger.append(
        "signal",
        received.by or Actor(kind=ActorKind.PANEL, name=received.account, from_=received.sender),
        f"Signal of account {received.account}: {reason}",
        at=received.received_at,
        account=received.account or None,
        alarm=identifier,
        priority=priority,
        data={"sequence": received.sequence, "answer": received.answer, "kept_raw": reason},
        raw=received.raw,
    )
    if identifier is not None:
        alarm_store.add(ledger.connection, [_alarm(identifier, received, priority, seq)])
    return seq


def _alarm(identifier: str, received: Received, priority: int, seq: int) -> Alarm:
    of, at = kind(_KIND), received.received_at
    named = kind(gravest(received))
    return Alarm(
        id=identifier,
        version=1,
        matter=f"kept-raw:{seq}",
        site=None,
        account=received.account,
        alarm_class=of.alarm_class,
        kind=of.name,
        words=f"{named.words}: signal could not be processed",
        place=f"Account {received.account}. Its frame is in the journal, entry {seq}.",
        zones=(),
        priority=priority,
        life_safety=priority == Priority.EMERGENCY,
        silent=False,
        state=AlarmState.WAITING,
        incident=identifier,
        opened_at=at,
        clock_from=at,
        last_signal_at=at,
        last_signal_words=named.words,
        last_seq=seq,
        unseen=1,
    )

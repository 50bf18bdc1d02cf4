"""The answers given to acts, kept a while for those that are sent again (I11)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from console.station.rules.refusal import Refused
from console.station.store.ledger import Ledger
from models.records import ErrorCode
from models.tables import Act

KEPT = timedelta(hours=24)
"""A console sends an act again within seconds, and never after its session has ended."""
_AT_ONCE = 1_000


def answered(ledger: Ledger, identifier: str, what: str, digest: str) -> str | None:
    """The answer that was given to this act; None where it was not done. Refused where the identifier was another's."""
    done = ledger.connection.execute(select(Act.what, Act.answer).where(Act.id == identifier)).first()
    if done is None:
        return None
    # Of what an earlier version did its words alone are known.
    if done.what not in (_named(what, digest), what):
        raise Refused(ErrorCode.INVALID, "This identifier was used for another act.", "act")
    return str(done.answer)


def keep(ledger: Ledger, identifier: str, what: str, digest: str, answer: str) -> None:
    """Keep the answer to an act that was done in this transaction.

    ``digest`` is of what the act said, keyed: code and duress words are in it, and short enough to be guessed (I9).
    """
    ledger.connection.execute(
        insert(Act).values(id=identifier, at=ledger.now, what=_named(what, digest), answer=answer)
    )


def _named(what: str, digest: str) -> str:
    return f"{what}:{digest}"


def forget(connection: Connection, now: datetime) -> int:
    """Remove answers that are older than :data:`KEPT`, some at once; how many."""
    old = select(Act.id).where(Act.at < now - KEPT).order_by(Act.at).limit(_AT_ONCE)
    return connection.execute(delete(Act).where(Act.id.in_(old))).rowcount

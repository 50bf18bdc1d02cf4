"""The journal handed out of the station: who has it is in the journal before anything leaves (G6)."""

from __future__ import annotations

from console.station.store.ledger import Ledger
from models.records import Actor


def journal_handed_out(ledger: Ledger, actor: Actor, what: str, target: str, selection: str) -> int:
    """Journal it: as ``what``, into the file ``target``, the entries that ``selection`` says in words."""
    words = f"Journal handed out as {what} to {target}: {selection}"
    return ledger.append("journal-exported", actor, words, data={"target": target, "selection": selection})

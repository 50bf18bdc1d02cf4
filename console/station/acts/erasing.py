"""A person's data erased as the law demands: a signed act that leaves the chain whole (I14)."""

from __future__ import annotations

from collections.abc import Sequence

from console.station.rules.lines import one_line
from console.station.rules.refusal import Refused
from console.station.store import traces
from console.station.store.erasure import ERASED, erase
from console.station.store.ledger import Ledger
from console.station.store.secrets import Secrets
from console.station.store.traces import Subject
from models.records import Actor, ErrorCode


def erased_from_archive(ledger: Ledger, actor: Actor, file: str, entries: int, sites: Sequence[str], why: str) -> int:
    """Say that a person's data goes from an archive, before it is written anew; the number that the file names."""
    words = f"A person's data erased from the archive {file}: {entries} entries. {one_line(why)}"
    data = {"entries": entries, "file": file, "sites": list(sites), "why": one_line(why)}
    return ledger.append(ERASED, actor, words, data=data)


def erase_traces(
    ledger: Ledger, secrets: Secrets, actor: Actor, subject: Subject, entries: Sequence[int], why: str
) -> int:
    """Erase what ``entries`` say and where else the person is named; the number of the entry that tells of it.

    That entry says how much was erased, by whom and why, and nothing of the person. Refused while they are on a call
    list: who is called instead is for somebody to decide, not a side effect.
    """
    on_lists = traces.still_contact(ledger.connection, subject)
    if on_lists:
        sites = ", ".join(on_lists)
        raise Refused(
            ErrorCode.WRONG_STATE, f"This person is still a contact of {sites}: take them off the call list first."
        )
    elsewhere = traces.blot_out(ledger.connection, subject)
    count = len(entries)
    words = f"A person's data erased: {count} entries of the journal, {elsewhere} other places. {one_line(why)}"
    data = {"entries": count, "elsewhere": elsewhere, "sites": list(subject.sites), "why": one_line(why)}
    seq = ledger.append(ERASED, actor, words, data=data)
    erase(ledger.connection, ledger.head.journal_id, entries, seq, secrets.sign_key)
    return seq

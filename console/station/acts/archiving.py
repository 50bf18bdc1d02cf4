"""Entries of the journal that leave the live tables for a sealed file: the act, and the mounting of such files."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, func, select

from console.station.rules.refusal import Refused
from console.station.store import archive_plan, archives, standing
from console.station.store.archives import ARCHIVED, Archive
from console.station.store.ledger import Ledger
from console.station.store.secrets import Secrets
from models.records import Actor, ErrorCode
from models.tables import ErasureRow, Journal
from models.tables.base import from_micros


def archive(ledger: Ledger, secrets: Secrets, actor: Actor, wanted: Archive, erased: int) -> int:
    """Say, signed, that entries are in a file, so that the database lets them go; the number of the entry that tells.

    Whoever asks has read the file again from its disk and found it whole, with ``erased`` contents that were erased.
    What else must hold is looked at here, under the journal's lock: the entries are the oldest that are live, the
    ends are those of the chain, nothing was erased meanwhile, nothing that runs needs them.
    """
    connection, now = ledger.connection, ledger.now
    edge = archives.cut(connection)
    if wanted.first != edge + 1 or wanted.last < wanted.first:
        raise Refused(ErrorCode.WRONG_STATE, f"Entry {edge + 1:,} is the next to be archived, not {wanted.first:,}.")
    hash_ = connection.execute(select(Journal.hash).where(Journal.seq == wanted.last)).scalar()
    prev = connection.execute(select(Journal.prev).where(Journal.seq == wanted.first)).scalar()
    if (prev, hash_) != (wanted.prev, wanted.hash):
        raise Refused(ErrorCode.WRONG_STATE, "The file does not hold what the journal holds: verify the journal.")
    if from_micros(wanted.last_time) >= archive_plan.limit(now, archive_plan.LEAST_MONTHS):
        words = f"The last {archive_plan.LEAST_MONTHS} whole months stay in the live tables."
        raise Refused(ErrorCode.WRONG_STATE, words)
    held = archive_plan.held_back(connection, now)
    if held is not None and held[0] <= wanted.last:
        raise Refused(ErrorCode.WRONG_STATE, f"Entry {held[0]:,} is needed by {held[1]}.")
    if _erased(connection, wanted) != erased:
        raise Refused(ErrorCode.WRONG_STATE, "A content was erased while the file was made: make it again.")
    data = {name: getattr(wanted, name) for name in ("first", "last", "prev", "hash", "file", "digest")}
    words = f"Journal archived: entries {wanted.first:,} to {wanted.last:,}, {wanted.period()}, are in {wanted.file}"
    # By what the journal tells, never by the tables: whom somebody slipped in there would be known for good.
    there = standing.staff(connection, wanted.last)
    more = {"staff": {login: member.told() for login, member in there.members.items()}, "unnamed": there.unnamed}
    seq = ledger.append(ARCHIVED, actor, words, data={**data, **more} if there.known else data)
    archives.add(connection, replace(wanted, by_seq=seq).signed(ledger.head.journal_id, secrets.sign_key))
    return seq


def replaced(ledger: Ledger, secrets: Secrets, actor: Actor, wanted: Archive) -> int:
    """Say, signed, that a file takes the place of another with the same entries, of which less is left (I14)."""
    known = archives.known(ledger.connection)
    was = next((one for one in known if (one.first, one.last) == (wanted.first, wanted.last)), None)
    if was is None or (was.prev, was.hash) != (wanted.prev, wanted.hash):
        raise Refused(ErrorCode.WRONG_STATE, "No archive holds these entries, with these hashes.")
    data = {name: getattr(wanted, name) for name in ("first", "last", "prev", "hash", "file", "digest")}
    words = f"Archive written anew without what was erased: {wanted.file} in the place of {was.file}"
    seq = ledger.append(ARCHIVED, actor, words, data={**data, "was": was.file})
    archives.add(ledger.connection, replace(wanted, by_seq=seq).signed(ledger.head.journal_id, secrets.sign_key))
    return seq


def _erased(connection: Connection, wanted: Archive) -> int:
    within = (ErasureRow.seq >= wanted.first, ErasureRow.seq <= wanted.last)
    return int(connection.execute(select(func.count()).select_from(ErasureRow).where(*within)).scalar_one())


def mounted(ledger: Ledger, actor: Actor, file: str, *, on: bool) -> int:
    """Say that an archive is shown again by this station, or no longer (G4)."""
    if archives_named(ledger.connection, file) is None:
        raise Refused(ErrorCode.NOT_FOUND, f"{file} is no archive of this journal.")
    words = f"Archive mounted: {file}" if on else f"Archive unmounted: {file}"
    return ledger.append("archive-mounted" if on else "archive-unmounted", actor, words, data={"file": file})


def archives_named(connection: Connection, file: str) -> Archive | None:
    """The archive of a name."""
    return next((one for one in archives.known(connection) if one.file == file), None)

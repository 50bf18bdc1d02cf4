"""``vigie erase``: shows where a person's data is, and erases it when told so (I14)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import phonenumbers
from sqlalchemy import Connection

from console.station.archive_erasing import drop, naming
from console.station.archive_erasing import erase as erase_archived
from console.station.control import LEAVE_NOTHING, EraseRequest, LeaveNothingRequest
from console.station.errand import ErrandFailed, do, hands
from console.station.store import archives, known_keys, traces
from console.station.store.archives import Archive
from console.station.store.ledger import journal_id
from console.station.store.secrets import SecretsRefused
from console.station.store.traces import Subject
from console.station.subcommand import REFUSED, UNREADABLE, reading, say, who
from console.station.verifying import secrets_of

MOST = 100_000
"""Entries that one call erases: a name that is found in more is too common a word."""
_KEPT = "Backups, exports, and archives that are not mounted, keep what they have."
_SERVERS = (
    "PostgreSQL's own log (WAL), its archive, replicas and base backups keep what was until they are written over or "
    "removed, and freed space in its files until it is used again: VACUUM FULL, at a quiet hour, writes them anew."
)
_TRIES, _AGAIN_S = 10, 0.5
_AT_ONCE = 2_000
"""Entries an act: whoever waits for the journal's writer meanwhile waits for a part of a second."""


def subject_of(names: Sequence[str], numbers: Sequence[str], emails: Sequence[str], sites: Sequence[str]) -> Subject:
    """Whose data: numbers in every form in which they may have been written."""
    words = [*names, *emails]
    for number in numbers:
        words.append(number)
        try:
            parsed = phonenumbers.parse(number, "BE")
        except phonenumbers.NumberParseException:
            continue
        form = phonenumbers.PhoneNumberFormat
        words += [phonenumbers.format_number(parsed, one) for one in (form.E164, form.INTERNATIONAL, form.NATIONAL)]
    return Subject(tuple(dict.fromkeys(word for word in words if word)), tuple(sites))


def erase_person(place: Path | str, subject: Subject, why: str, *, really: bool) -> int:
    """Print where the person is named; with ``really`` erase it there; exit status."""
    found: list[int] = []
    lists: list[str] = []
    kept: list[Archive] = []
    gone: list[Archive] = []
    journal: list[str] = []
    wrong: list[str] = []

    def look(connection: Connection) -> int:
        lists.extend(traces.still_contact(connection, subject))
        found.extend(islice(traces.entries(connection, subject), MOST + 1))
        print(f"Entries of the journal that name this person: {_many(len(found))}{_which(found)}.")
        for trace in traces.elsewhere(connection, subject):
            print(f"Named in {trace.place}: {trace.count}.")
        for trace in traces.told(connection, subject):
            print(f"Named in {trace.place}, which others act by: {trace.count}. Change those by hand.")
        kept.extend(archives.known(connection))
        if kept:
            wrong.append(archives.unsigned(connection, known_keys.verifier(connection, secrets_of(place))))
        gone.extend(archives.superseded(connection))
        journal.append(journal_id(connection) or "")
        return 0

    try:
        status = reading(place, look)
    except SecretsRefused as error:
        say(str(error))
        return REFUSED
    if status != 0:
        return status
    if any(wrong):
        say(wrong[0])
        return REFUSED
    in_archives = [(one, naming(place, one, subject)) for one in kept]
    for one, entries in in_archives:
        print(_in_archive(one, entries))
    if lists:
        say(f"This person is still a contact of {', '.join(lists)}: take them off the call list first.")
        return REFUSED
    if len(found) > MOST:
        say("These words are found too often to be one person's: give the whole name.")
        return REFUSED
    if not really:
        print(f"Nothing was erased: --yes does it. {_KEPT}")
        return 0
    try:
        # At least one act, which erases what is outside of the journal too.
        for begin in range(0, max(1, len(found)), _AT_ONCE):
            request = EraseRequest(
                who=who(), why=why, words=list(subject.words), sites=list(subject.sites),
                entries=found[begin : begin + _AT_ONCE],
            )  # fmt: skip
            asyncio.run(do(place, request))
        left_in_logs = asyncio.run(_leave_nothing(place))
        drop(place, gone)
        for one, entries in in_archives:
            if entries:
                made = erase_archived(place, one, entries, subject, why, journal[0])
                print(f"{one.file} was written anew as {made.file}: destroy copies of the first.")
    except ErrandFailed as error:
        say(str(error))
        return error.status
    left: list[int] = []

    def look_again(connection: Connection) -> int:
        # What was archived meanwhile was live when it was looked for, and is in a file that nobody looked into.
        if archives.cut(connection) > archives.cut_of(kept):
            return UNREADABLE
        left.extend(traces.entries(connection, subject))
        return 0 if not left and not traces.elsewhere(connection, subject) else UNREADABLE

    if reading(place, look_again) != 0:
        say("Something names this person still: it was written meanwhile. Do it again.")
        return REFUSED
    print(f"Erased, journaled and signed. {_KEPT}")
    if isinstance(place, str):
        print(_SERVERS)
    if left_in_logs:
        say("Somebody reads what was there before: logs or dead rows keep it until they are done. Do it again then.")
        return REFUSED
    return 0


async def _leave_nothing(place: Path | str) -> bool:
    """Whether something of it stays in logs or dead rows, because somebody reads what was there before."""
    async with hands(place) as ask:
        for _ in range(_TRIES):
            if not (await ask(LEAVE_NOTHING, LeaveNothingRequest()))["left"]:
                return False
            await asyncio.sleep(_AGAIN_S)
    return True


def _in_archive(one: Archive, entries: list[int] | None) -> str:
    """Whether an archive names the person: looked into where it is mounted, else said that nobody has (I14)."""
    if entries is None:
        return f"The archive {one.words()} may name this person: mount it to see, and to erase it there."
    return f"Entries of the archive {one.words()} that name this person: {len(entries)}."


def _many(count: int) -> str:
    return f"more than {MOST}" if count > MOST else str(count)


def _which(found: Sequence[int]) -> str:
    shown = ", ".join(map(str, found[:20]))
    return f" ({shown}{' and more' if len(found) > 20 else ''})" if found else ""

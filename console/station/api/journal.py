"""The journal reviewed over HTTP: pages of what is asked for, one entry opened, one alarm from start to end (G6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy import Connection, select

from console.station import shelves as on_shelves
from console.station.acts.caller import Caller
from console.station.api.alarms import AlarmId
from console.station.api.context import WITHOUT_NUL, Parts, SignedIn, StationParts
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, may, require
from console.station.rules.search_words import words as words_of
from console.station.store import alarms as alarm_store
from console.station.store import archives, journal_search, journal_view, known_keys
from console.station.store.archives import Archive
from console.station.store.proof import prove_range
from console.station.store.views import alarm_views
from models.records import (
    AlarmTimeline,
    AlarmView,
    EntryDetail,
    ErrorCode,
    JournalFilter,
    JournalGroup,
    JournalPage,
    JournalProof,
    Priority,
)
from models.tables import SessionRow

router = APIRouter(prefix="/v1")
MOST, MOST_PROVEN = 200, 5_000
_MOST_KINDS = 40
_Text = Annotated[str, Query(max_length=200, pattern=WITHOUT_NUL)]
_Short = Annotated[str, Query(max_length=40, pattern=WITHOUT_NUL)]
_Seq = Annotated[int | None, Query(ge=0, lt=2**63)]


@router.get("/journal")
async def journal(
    caller: SignedIn,
    parts: StationParts,
    site: _Short = "",
    system: Annotated[str, Query(max_length=100, pattern=WITHOUT_NUL)] = "",
    area: _Short = "",
    operator: _Text = "",
    customer: _Text = "",
    kinds: Annotated[str, Query(max_length=400, pattern=r"^[a-z,-]*$")] = "",
    groups: Annotated[str, Query(max_length=200, pattern=r"^[a-z,-]*$")] = "",
    priorities: Annotated[str, Query(max_length=20, pattern=r"^[1-5]?(,[1-5])*$")] = "",
    from_: Annotated[datetime | None, Query(alias="from")] = None,
    to: datetime | None = None,
    alarm: _Short = "",
    in_test: bool = False,
    words: _Text = "",
    before: _Seq = None,
    after: _Seq = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    count: bool = False,
) -> JournalPage:
    """Entries that fit, newest first: below number ``before``, or the nearest above ``after``.

    Words are whole words, without case and accents. Times need their zone (I10).
    """
    if before is not None and after is not None:
        raise Refused(ErrorCode.INVALID, "Give before or after, not both.", "after")
    asked = JournalFilter(
        site=site.strip(),
        system=system.strip(),
        area=area.strip(),
        operator=operator,
        customer=customer,
        kinds=_kinds(kinds),
        groups=_groups(groups),
        priorities=tuple(dict.fromkeys(Priority(int(one)) for one in priorities.split(",") if one)),
        from_=from_,
        to=to,
        alarm=alarm.strip(),
        in_test=in_test,
        words=words,
    )
    check(asked)

    def read(connection: Connection) -> tuple[JournalFilter, JournalPage, list[Archive], JournalFilter]:
        own, since = _for(connection, caller, asked)
        page = journal_search.find(connection, own, limit, before=before, after=after, count=count)
        page = page if since is None else page.model_copy(update={"since": since})
        return own, page, archives.known(connection), on_shelves.reach(connection, own)

    own, page, known, reached = await parts.database.read(read)
    if not known:
        return page
    shelves = await parts.shelves.of(known)
    page = await on_shelves.page(page, shelves, own, limit, before=before, after=after, count=count)
    return page.model_copy(update={"archived": on_shelves.not_shown(known, shelves, reached)})


def _kinds(given: str) -> tuple[str, ...]:
    kinds = tuple(filter(None, given.split(",")))
    if len(kinds) > _MOST_KINDS:
        raise Refused(ErrorCode.INVALID, f"Give {_MOST_KINDS} kinds at most; groups hold more.", "kinds")
    return kinds


def _groups(given: str) -> tuple[JournalGroup, ...]:
    try:
        return tuple(dict.fromkeys(JournalGroup(one) for one in given.split(",") if one))
    except ValueError as error:
        known = ", ".join(group.value for group in JournalGroup)
        raise Refused(ErrorCode.INVALID, f"These are the groups of entries: {known}.", "groups") from error


def check(asked: JournalFilter) -> None:
    """Refuse a filter that asks for nothing that can be, by its field (I12)."""
    for name, moment in (("from", asked.from_), ("to", asked.to)):
        if moment is not None and moment.tzinfo is None:
            raise Refused(ErrorCode.INVALID, "A time needs its zone, for example 2026-11-24T20:00:00+01:00.", name)
    if asked.from_ is not None and asked.to is not None and asked.to <= asked.from_:
        raise Refused(ErrorCode.INVALID, "The period ends before it begins.", "to")
    for name, given in (("operator", asked.operator), ("customer", asked.customer), ("words", asked.words)):
        if given.strip() and not words_of(given):
            raise Refused(ErrorCode.INVALID, f"“{given.strip()}” has no letters or digits to look for.", name)


def _for(connection: Connection, caller: Caller, asked: JournalFilter) -> tuple[JournalFilter, datetime | None]:
    """What of it the caller may see: the whole journal, any site at hand, or their own shift (rulebook H, G6)."""
    require(caller.roles, Right.READ_SITE_JOURNAL)
    if may(caller.roles, Right.READ_JOURNAL) or asked.site:
        return asked, None
    if asked.alarm:
        alarm = alarm_store.by_id(connection, asked.alarm)
        if alarm is not None and alarm.site is not None:
            return asked, None
    if not may(caller.roles, Right.READ_OWN_SHIFT):
        raise Refused(
            ErrorCode.NOT_ALLOWED,
            "Name a site: the service desk sees the journal of the site at hand, a supervisor the whole of it.",
            "site",
        )
    since = _shift_began(connection, caller)
    from_ = since if asked.from_ is None else max(since, asked.from_)
    return asked.model_copy(update={"from_": from_}), since


def _shift_began(connection: Connection, caller: Caller) -> datetime:
    began = connection.execute(
        select(SessionRow.created_at).where(
            SessionRow.login == caller.login, SessionRow.workstation == caller.workstation
        )
    ).scalar()
    if began is None:
        raise Refused(ErrorCode.NOT_SIGNED_IN, "Your session has ended; sign in again.")
    return began


@router.get("/journal/proof")
async def journal_proof(
    first: Annotated[int, Query(ge=1, lt=2**63)],
    last: Annotated[int, Query(ge=1, lt=2**63)],
    caller: SignedIn,
    parts: StationParts,
) -> JournalProof:
    """Whether the lines from ``first`` to ``last``, at most 5,000, are as they were written (G4, I5)."""
    require(caller.roles, Right.READ_JOURNAL)
    if not first <= last < first + MOST_PROVEN:
        raise Refused(ErrorCode.INVALID, f"From first to last, at most {MOST_PROVEN} lines at once.", "last")
    known = await parts.database.read(archives.known)
    proofs = []
    for shelf in await parts.shelves.of(known):
        low, high = max(first, shelf.archive.first), min(last, shelf.archive.last)
        if low <= high:
            proofs.append(await shelf.database.read(partial(_proven, parts=parts, first=low, last=high)))
    live = max(first, archives.cut_of(known) + 1)
    if live <= last:
        proofs.append(await parts.database.read(partial(_proven, parts=parts, first=live, last=last)))
    looked_at = sum(proof.last - proof.first + 1 for proof in proofs)
    if looked_at < last - first + 1:
        raise Refused(ErrorCode.WRONG_STATE, "Some of these lines are in an archive that is not mounted.", "first")
    return JournalProof(
        first=first,
        last=last,
        broken=tuple(sentence for proof in proofs for sentence in proof.broken),
        erased=sum(proof.erased for proof in proofs),
        sealed_to=parts.sealed_to(),
    )


def _proven(connection: Connection, parts: Parts, first: int, last: int) -> JournalProof:
    found = prove_range(connection, first, last, known_keys.verifier(connection, parts.secrets))
    return JournalProof(
        first=first,
        last=last,
        broken=tuple(found.broken),
        erased=sum(found.erased.values()),
        sealed_to=parts.sealed_to(),
    )


@router.get("/journal/{seq}")
async def journal_entry(
    seq: Annotated[int, Path(ge=0, lt=2**63)], caller: SignedIn, parts: StationParts
) -> EntryDetail:
    """One entry, opened: before and after of a change, events and masked frame of a signal, who armed (B5, I9)."""
    require(caller.roles, Right.READ_SITE_JOURNAL)

    def read(connection: Connection) -> EntryDetail | None:
        found = journal_view.opened(connection, seq, parts.profile)
        return None if found is None else found.model_copy(update={"proof": _proven(connection, parts, seq, seq)})

    def check(connection: Connection, found: EntryDetail) -> EntryDetail:
        if found.entry.site is None and not may(caller.roles, Right.READ_JOURNAL):
            _for(connection, caller, JournalFilter())
            if found.entry.time < _shift_began(connection, caller):
                raise Refused(ErrorCode.NOT_ALLOWED, f"Line {seq} is older than your shift: ask a supervisor.", "seq")
        return found

    found = await opened(parts, seq, read)
    if found is None:
        raise Refused(ErrorCode.NOT_FOUND, f"The journal has no line {seq}.", "seq")
    return await parts.database.read(lambda connection: check(connection, found))


async def opened(parts: Parts, seq: int, read: Callable[[Connection], EntryDetail | None]) -> EntryDetail | None:
    """An entry as ``read`` gives it, from the live tables or a mounted archive.

    Refused with the archive's name where it is in one that is not mounted.
    """
    known = await parts.database.read(archives.known)
    archive = archives.holds(known, seq)
    if archive is None:
        return await parts.database.read(read)
    for shelf in await parts.shelves.of([archive]):
        found = await shelf.database.read(read)
        if found is None:
            return None
        entry = found.entry.model_copy(update={"archive": archive.file})
        alarm = None
        if entry.alarm is not None:
            alarm = await parts.database.read(partial(_alarm, alarm_id=entry.alarm, parts=parts))
        return found.model_copy(update={"entry": entry, "alarm": alarm})
    raise Refused(ErrorCode.NOT_FOUND, f"Line {seq} is in the archive {archive.words()}: mount it to see it.", "seq")


def _alarm(connection: Connection, alarm_id: str, parts: Parts) -> AlarmView | None:
    alarm = alarm_store.by_id(connection, alarm_id)
    return None if alarm is None else alarm_views(connection, [alarm], parts.profile)[0]


@router.get("/alarms/{alarm_id}/timeline")
async def timeline(alarm_id: AlarmId, caller: SignedIn, parts: StationParts) -> AlarmTimeline:
    """One alarm, open or closed, from its first signal to its end, with its response times (G6)."""
    require(caller.roles, Right.READ_SITE_JOURNAL)

    def look(connection: Connection) -> tuple[list[Archive], list[int]]:
        known = archives.known(connection)
        return known, journal_view.signals_of(connection, alarm_id) if known else []

    known, numbers = await parts.database.read(look)
    shelves = await parts.shelves.of(known)
    told = [
        await shelf.database.read(
            partial(journal_view.told, alarm=alarm_id, numbers=numbers, archive=shelf.archive.file)
        )
        for shelf in shelves
    ]
    earlier = journal_view.joined(told)

    def read(connection: Connection) -> AlarmTimeline | None:
        alarm = alarm_store.by_id(connection, alarm_id)
        if alarm is None:
            return None
        found = journal_view.timeline(connection, alarm, parts.profile, earlier)
        asked = on_shelves.reach(connection, JournalFilter(alarm=alarm.id))
        return found.model_copy(update={"archived": on_shelves.not_shown(known, shelves, asked)})

    found = await parts.database.read(read)
    if found is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no alarm {alarm_id}.", "alarm")
    return found

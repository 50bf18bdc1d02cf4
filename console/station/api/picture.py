"""How everything stands, and what comes after: the picture and the feed (architecture.md §1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection, select

from console.station.acts.caller import Caller
from console.station.acts.sessions import present
from console.station.api.context import Parts, StationParts, There, there
from console.station.feed import event_id, seq_of
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import alarms as alarm_store
from console.station.store import response, storms, testmode_views, views
from console.station.store.asking import open_asks
from models.records import FeedItem, Person, Picture
from models.tables import JournalHead

router = APIRouter(prefix="/v1")
_BEAT_S = 1.0
_ACTIVITY = 40
_UNCOVERED = 20


@router.get("/picture")
async def picture(caller: There, parts: StationParts) -> Picture:
    """All open alarms, tests and the newest activity at one journal number; follow the feed from there."""
    require(caller.roles, Right.WATCH)
    return await parts.database.read(lambda connection: _picture(connection, parts, caller))


def _picture(connection: Connection, parts: Parts, caller: Caller) -> Picture:
    now = parts.clock.now()
    head = connection.execute(select(JournalHead)).one()
    return Picture(
        event_id=event_id(parts.journal_id, head.seq),
        at=now,
        station=parts.info(),
        me=Person(login=caller.login, name=caller.name, roles=caller.roles),
        workstation=caller.workstation,
        alarms=tuple(views.alarm_views(connection, alarm_store.all_open(connection), parts.profile)),
        tests=tuple(testmode_views.views(connection)),
        storms=tuple(storms.standing(connection)),
        activity=tuple(views.newest_entries(connection, _ACTIVITY)),
        present=tuple(present(connection, now - timedelta(seconds=2 * parts.profile.lease_s))),
        asks=open_asks(connection),
        targets=dict(response.profile_of(connection, parts.profile).targets_s),
        test_default_s=parts.profile.test_default_s,
        test_marked_s=parts.profile.test_marked_s,
        test_old_s=parts.profile.test_old_s,
        findings=parts.beat().findings,
    )


@router.get("/feed", response_class=StreamingResponse)
async def feed(
    request: Request,
    caller: There,
    parts: StationParts,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Server-sent events: ``entry`` (id ``<journal-id>:<sequence>``), ``beat`` every second, ``fresh``.

    Resumes after ``Last-Event-ID``. An id that is unknown, of another journal or from the future gets one ``fresh``
    event: ask for a new picture and follow from its ``event_id``.
    """
    require(caller.roles, Right.WATCH)
    after = seq_of(last_event_id, parts.journal_id, parts.feed.seq)
    return StreamingResponse(
        _fresh() if after is None else _events(request, parts, caller, after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _fresh() -> AsyncIterator[str]:
    yield "event: fresh\ndata: {}\n\n"


async def _events(request: Request, parts: Parts, caller: Caller, after: int) -> AsyncIterator[str]:
    yield _beat(parts, caller)
    told = parts.clock.monotonic()
    async for page in parts.feed.follow(after, _BEAT_S):
        if not await _still_there(request, parts):
            return
        if page:
            yield "".join(_entry(parts.journal_id, item) for item in page)
        # A busy feed beats as well: silence must mean that the link is dead.
        if not page or parts.clock.monotonic() - told >= _BEAT_S:
            yield _beat(parts, caller)
            told = parts.clock.monotonic()


async def _still_there(request: Request, parts: Parts) -> bool:
    """Whoever signed out, or whose session ended, is told nothing more."""
    try:
        await there(request, parts)
    except Refused:
        return False
    return True


def _entry(journal_id: str, item: FeedItem) -> str:
    data = item.model_dump_json(by_alias=True)
    return f"id: {event_id(journal_id, item.entry.seq)}\nevent: entry\ndata: {data}\n\n"


def _beat(parts: Parts, caller: Caller) -> str:
    place, offers = (caller.login, caller.workstation), parts.offers()
    offered = {"next": offers.next_id(place, parts.profile, parts.clock.now()), "left": offers.left_elsewhere(place)}
    beat = parts.beat().model_copy(update={**offered, "uncovered": offers.uncovered(_UNCOVERED)})
    return f"event: beat\ndata: {beat.model_dump_json()}\n\n"

"""A period in figures, for supervisors (G6; F4: what came in test is left out)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter
from sqlalchemy import Connection

from console.station.acts import response as acts
from console.station.api.context import WITHOUT_NUL, ActBody, SignedIn, StationParts, answer_once
from console.station.rules.flood import Flood
from console.station.rules.refusal import Refused
from console.station.rules.response import Figures, together
from console.station.rules.rights import Right, require
from console.station.store import archives, response
from console.station.store import performance as store
from console.station.store.ledger import Ledger
from models.records import (
    Answered,
    EarlierFigures,
    ErrorCode,
    Measure,
    Performance,
    Priority,
    ResponseProfile,
    ResponseTarget,
)
from models.tables.base import from_micros

router = APIRouter(prefix="/v1")
LONGEST = timedelta(days=93)
_DAY = timedelta(hours=24)
_YEAR, _PART = timedelta(days=365), timedelta(days=15)
_TARGETS = TypeAdapter(ResponseProfile)


class TargetsBody(ActBody):
    """The response targets as they are to be; ``version`` is that of those that were looked at."""

    version: int
    name: str = Field(max_length=60, pattern=WITHOUT_NUL)
    emergency: tuple[ResponseTarget, ResponseTarget]
    others: tuple[ResponseTarget, ResponseTarget]


@router.get("/performance/earlier")
async def earlier(
    caller: SignedIn,
    parts: StationParts,
    to: datetime,
    group: Annotated[str, Query(max_length=100, pattern=WITHOUT_NUL)] = "",
) -> EarlierFigures:
    """How alarms were answered in the twelve months before ``to``, as far as the journal is live."""
    require(caller.roles, Right.READ_FIGURES)
    if to.tzinfo is None:
        raise Refused(ErrorCode.INVALID, "A time needs its zone, for example 2026-11-24T20:00:00+01:00.", "to")
    now, group = parts.clock.now(), group.strip()
    try:
        begin = to - _YEAR
    except OverflowError as error:
        raise Refused(ErrorCode.INVALID, "No journal holds that time.", "to") from error

    def since(connection: Connection) -> tuple[datetime, int]:
        archived = max((from_micros(one.last_time) for one in archives.known(connection)), default=begin)
        live = max(begin, archived + timedelta(microseconds=1)) if archived > begin else begin
        return live, store.count(connection, live, to, group) if live < to else 0

    begin, many = await parts.database.read(since)
    if many > store.MOST_ALARMS:
        words = f"More than {store.MOST_ALARMS:,} alarms came in the twelve months before."
        raise Refused(ErrorCode.INVALID, words, "to")

    def read(connection: Connection, first: datetime, last: datetime) -> tuple[Answered, Answered]:
        profile = response.profile_of(connection, parts.profile)
        figures = Figures(store.alarms(connection, first, last, group), profile, now).priorities()
        of = {one.priority: one.operator for one in figures}
        emergency = of.pop(Priority.EMERGENCY)
        return emergency, together(of.values())

    # Part by part: whoever waits for another answer, or for an acknowledgement, waits for no whole year.
    parts_read, at = [], begin
    while many and at < to:
        after = min(to, at + _PART)
        parts_read.append(await parts.database.read(partial(read, first=at, last=after)))
        at = after
    return EarlierFigures(
        from_=begin,
        to=to,
        emergency=together(one for one, _others in parts_read),
        others=together(others for _one, others in parts_read),
    )


@router.get("/performance/targets")
async def targets(caller: SignedIn, parts: StationParts) -> ResponseProfile:
    """The response targets that hold."""
    require(caller.roles, Right.WATCH)
    return await parts.database.read(lambda connection: response.kept(connection, parts.profile))


@router.post("/performance/targets")
async def set_targets(body: TargetsBody, caller: SignedIn, parts: StationParts) -> ResponseProfile:
    """Set the response targets: the figures and the queue go by them from now on."""
    wanted = ResponseProfile(name=body.name, version=body.version, emergency=body.emergency, others=body.others)

    def act(ledger: Ledger) -> ResponseProfile:
        return acts.change(ledger, caller, parts.profile, wanted)

    return await answer_once(parts, caller, f"targets/{body.version}", body, act, _TARGETS)


@router.get("/performance")
async def performance(
    caller: SignedIn,
    parts: StationParts,
    from_: Annotated[datetime | None, Query(alias="from")] = None,
    to: datetime | None = None,
    group: Annotated[str, Query(max_length=100, pattern=WITHOUT_NUL)] = "",
) -> Performance:
    """Alarms received from ``from`` on and before ``to``; without them the last 24 hours. Times need their zone.

    ``group``: those of the sites of one customer group alone.
    """
    require(caller.roles, Right.READ_FIGURES)
    for name, moment in (("from", from_), ("to", to)):
        if moment is not None and moment.tzinfo is None:
            raise Refused(ErrorCode.INVALID, "A time needs its zone, for example 2026-11-24T20:00:00+01:00.", name)
    now = parts.clock.now()
    end = to if to is not None else now
    try:
        begin = from_ if from_ is not None else end - _DAY
        long = end - begin
    except OverflowError as error:
        raise Refused(ErrorCode.INVALID, "No journal holds that time.", "to") from error
    if long <= timedelta(0):
        raise Refused(ErrorCode.INVALID, "The period ends before it begins.", "to")
    if long > LONGEST:
        raise Refused(
            ErrorCode.INVALID, f"Figures are made of {LONGEST.days} days at most: name a later start.", "from"
        )
    group = group.strip()

    def read(connection: Connection) -> Performance:
        archived = max((one.last_time for one in archives.known(connection)), default=None)
        if archived is not None and begin <= from_micros(archived):
            words = f"Figures are made of what is live: the journal up to {from_micros(archived):%d %b %Y} is archived."
            raise Refused(ErrorCode.INVALID, words, "from")
        profile = response.profile_of(connection, parts.profile)
        if store.count(connection, begin, end, group) > store.MOST_ALARMS:
            words = f"More than {store.MOST_ALARMS:,} alarms came in this period: choose a shorter one."
            raise Refused(ErrorCode.INVALID, words, "from")
        figures = Figures(store.alarms(connection, begin, end, group), profile, now)
        late, late_count = figures.late(Measure.OPERATOR)
        late_handling, late_handling_count = figures.late(Measure.HANDLING)
        ends, false_alarms, closed = figures.ends()
        return Performance(
            profile=profile.name,
            group=group,
            from_=begin,
            to=end,
            until=now,
            priorities=figures.priorities(),
            groups=figures.groups(),
            late=late,
            late_count=late_count,
            late_handling=late_handling,
            late_handling_count=late_handling_count,
            emergencies=figures.emergencies(),
            hours=figures.hours(),
            operators=figures.operators(Flood()),
            ends=ends,
            false_alarms=false_alarms,
            closed=closed,
            sources=store.sources(connection, begin, end, group),
        )

    return await parts.database.read(read)

"""A period in figures, for supervisors (G6; F4: what came in test is left out)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import Connection

from console.station.api.context import SignedIn, StationParts
from console.station.rules.flood import Flood
from console.station.rules.refusal import Refused
from console.station.rules.response import Figures
from console.station.rules.rights import Right, require
from console.station.store import archives
from console.station.store import performance as store
from models.records import ErrorCode, Measure, Performance
from models.tables.base import from_micros

router = APIRouter(prefix="/v1")
LONGEST = timedelta(days=93)
_DAY = timedelta(hours=24)


@router.get("/performance")
async def performance(
    caller: SignedIn,
    parts: StationParts,
    from_: Annotated[datetime | None, Query(alias="from")] = None,
    to: datetime | None = None,
) -> Performance:
    """Alarms received from ``from`` on and before ``to``; without them the last 24 hours. Times need their zone."""
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
    profile = parts.profile

    def read(connection: Connection) -> Performance:
        archived = max((one.last_time for one in archives.known(connection)), default=None)
        if archived is not None and begin <= from_micros(archived):
            words = f"Figures are made of what is live: the journal up to {from_micros(archived):%d %b %Y} is archived."
            raise Refused(ErrorCode.INVALID, words, "from")
        if store.count(connection, begin, end) > store.MOST_ALARMS:
            words = f"More than {store.MOST_ALARMS:,} alarms came in this period: choose a shorter one."
            raise Refused(ErrorCode.INVALID, words, "from")
        figures = Figures(store.alarms(connection, begin, end), profile, now)
        late, late_count = figures.late(Measure.OPERATOR)
        late_handling, late_handling_count = figures.late(Measure.HANDLING)
        ends, false_alarms, closed = figures.ends()
        return Performance(
            profile=profile.name,
            from_=begin,
            to=end,
            until=now,
            priorities=figures.priorities(),
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
            sources=store.sources(connection, begin, end),
        )

    return await parts.database.read(read)

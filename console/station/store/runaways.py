"""How often zones told alarms lately, as the journal has it: what a station that starts counts on from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, func, select

from console.station.rules.runaway import ZoneKey
from console.station.store import sites
from models.records import EventRole
from models.tables import AlarmSignalRow, Journal
from models.tables.base import from_micros, to_micros

_MOST = 20_000
"""Looked at, the newest: a start in the middle of a storm waits for a tenth of a second, not for all of it."""


def told_since(connection: Connection, since: datetime) -> Iterator[tuple[ZoneKey, datetime]]:
    """The alarms of zones that were presented ``since`` then, the oldest first.

    A few of them may be of a user whose number is no zone's (a duress code): that hides nothing, and marks no alarm.
    """
    first = select(func.min(Journal.seq)).where(Journal.time >= to_micros(since)).scalar_subquery()
    line = AlarmSignalRow
    found = connection.execute(
        select(Journal.site, Journal.account, line.area, line.zone, Journal.time)
        .join(Journal, Journal.seq == line.seq)
        .where(
            line.seq >= first,
            line.role == EventRole.ALARM.value,
            line.in_test == 0,
            line.zone != "",
            Journal.kind == "signal",
            Journal.site.is_not(None),
        )
        .order_by(line.seq.desc(), line.part.desc())
        .limit(_MOST)
    ).all()
    facts = sites.facts(connection, sorted({row.site for row in found}))
    for row in reversed(found):
        spot = facts[row.site].spot_of(row.area, row.zone, "zone")
        yield ZoneKey(row.site, row.account, spot.area, spot.zone), from_micros(row.time)

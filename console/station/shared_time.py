"""One clock for all stations over one PostgreSQL: the database's (I3, I6).

Leases, parking and escalation are agreed between stations by times in the tables. Of two whose clocks stood 25 s apart
one took a live operator's alarm away 22 times in 45 s, and nothing told of it. So each follows the database's clock,
and says by how much its own is wrong.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from console.station.clock import Clock
from console.station.heartbeats import Heartbeats
from console.station.store.database import Database

_log = structlog.get_logger("vigie.time")
EVERY_S = 10.0
TOLD_FROM = timedelta(seconds=2)
"""By so much a clock that is set by the network is never wrong."""
_ASKED = 3
_DUTY = "comparing clocks"


def database_now(connection: Connection) -> datetime:
    """What the database's clock says at this moment."""
    at: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return at


class SharedTime:
    """Keeps a station's clock on the database's."""

    def __init__(self, database: Database, clock: Clock, now: Callable[[Connection], datetime] = database_now) -> None:
        self._database = database
        self._clock = clock
        self._now = now
        self.skew = timedelta()
        """By how much the machine's own clock is ahead of the database's; negative: behind."""

    async def measure(self) -> None:
        """Compare, and follow. Of a few answers the quickest is the surest."""

        def ask(connection: Connection) -> tuple[timedelta, timedelta]:
            before = self._clock.own()
            at = self._now(connection)
            after = self._clock.own()
            return after - before, before + (after - before) / 2 - at

        asked = [await self._database.read(ask) for _ in range(_ASKED)]
        self.skew = min(asked)[1]
        self._clock.follow(-self.skew)

    async def run(self, heartbeats: Heartbeats) -> None:
        """Measure for ever; a database that is away is not asked for the time, and the last answer holds."""
        heartbeats.expect(_DUTY, 6 * EVERY_S)
        while True:
            await asyncio.sleep(EVERY_S)
            await self.measure()
            heartbeats.beat(_DUTY)

    def trouble(self) -> str | None:
        """A sentence while the machine's clock is off; None when it is right."""
        if abs(self.skew) < TOLD_FROM:
            return None
        seconds = abs(self.skew.total_seconds())
        much = f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
        side = "ahead of" if self.skew > timedelta() else "behind"
        return (
            f"This machine's clock is {much} {side} the database's, which all stations go by. "
            "Have the network set it (NTP)."
        )

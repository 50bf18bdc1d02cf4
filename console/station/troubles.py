"""Watches what is wrong with the station itself and brings it into the queue, apart from the duties it watches (I4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from console.station.acts import trouble as act
from console.station.clock import Clock
from console.station.heartbeats import Heartbeats
from console.station.rules import trouble
from console.station.rules.refusal import Refused
from console.station.rules.trouble import SKILLS, Finding
from console.station.store import alarms as alarm_store
from console.station.store.database import Database
from console.station.store.scribe import Scribe

_log = structlog.get_logger("vigie.troubles")
LOOK_EVERY_S = 1.0
_GONE_S = 30.0
"""A finding is noted as cleared once it was away for so long: what comes and goes is one matter."""
_AGAIN_S = 3600.0
"""What still stands after so long is presented again, if somebody closed its alarm meanwhile."""
_TRY_EVERY_S = 5.0
"""While the database cannot be written."""
_DUTY = "the station's troubles as alarms"
_SEEN_BY_ALL = frozenset({"audit", SKILLS})
"""Subjects that every station over one database finds alike."""


@dataclass(slots=True)
class _Standing:
    finding: Finding
    last: float
    told: float | None = None


class Troubles:
    """The findings that stand, and which of them are alarms already. Tests call :meth:`look` themselves."""

    def __init__(
        self,
        database: Database,
        scribe: Scribe,
        clock: Clock,
        heartbeats: Heartbeats,
        found: Callable[[], Sequence[Finding]],
    ) -> None:
        self._database = database
        self._scribe = scribe
        self._clock = clock
        self._heartbeats = heartbeats
        self._found = found
        self._standing: dict[act.Told, _Standing] = {}
        self._known = False
        self._not_before = 0.0
        self.place = ""
        """Which of several stations over one database this is; empty where there is one."""

    async def run(self) -> None:
        """Look for ever. Where it cannot write, the notice on every console remains (:class:`models.records.Beat`)."""
        self._heartbeats.expect(_DUTY, 60 * LOOK_EVERY_S)
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Present what is new, note what is gone."""
        now = self._clock.monotonic()
        for finding in self._found():
            standing = self._standing.setdefault(self._key(finding), _Standing(finding, now))
            standing.last = now
        if now < self._not_before and self._scribe.trouble:
            return
        try:
            await self._tell(now)
        except Refused:
            # Said by the scribe already; told as soon as it can be written, and each try shows whether it can.
            self._not_before = now + _TRY_EVERY_S
            self._heartbeats.beat(_DUTY)
        except Exception as error:
            _log.error("findings not told", error=type(error).__name__)
            self._not_before = now + _TRY_EVERY_S
        else:
            self._heartbeats.beat(_DUTY)

    async def _tell(self, now: float) -> None:
        if not self._known:
            await self._remember(now)
        found = [
            (key[0], one.finding)
            for key, one in self._standing.items()
            if one.told is None or (one.last == now and now - one.told >= _AGAIN_S)
        ]
        gone = [key for key, one in self._standing.items() if now - one.last >= _GONE_S]
        if not found and not gone:
            return
        await self._scribe.act(act.tell(self.place, found, gone))
        for matter, finding in found:
            self._standing[matter, finding.name].told = now
        for key in gone:
            del self._standing[key]

    async def _remember(self, now: float) -> None:
        """What was told before a restart: it is noted as cleared where it is not found again."""
        places = {trouble.matter(self.place, ""), trouble.matter("", "")}
        for alarm in await self._database.read(lambda c: alarm_store.open_with_matters(c, places)):
            for zone in alarm.zones:
                if not zone.restored:
                    subject = alarm.matter.rpartition(":")[2]
                    standing = _Standing(Finding(subject, zone.zone, zone.label, zone.kind), now, now)
                    self._standing.setdefault((alarm.matter, zone.zone), standing).told = now
        self._known = True

    def _key(self, finding: Finding) -> act.Told:
        place = "" if finding.subject in _SEEN_BY_ALL else self.place
        return trouble.matter(place, finding.subject), finding.name

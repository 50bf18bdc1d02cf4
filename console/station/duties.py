"""The station's background duties: the clockwork, beats of workstations, the auditor (I3, I4)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import structlog

from console.station import auditor
from console.station.acts import clockwork, planned, storms, supervision, testmode_watch, watching
from console.station.acts.caller import STATION
from console.station.acts.clock_moved import clock_moved, slept
from console.station.acts.sessions import LifeSign, store_life_signs
from console.station.clock import Clock
from console.station.heartbeats import Heartbeats
from console.station.rules.profile import Profile
from console.station.rules.supervision import Links
from console.station.store import done_acts, offering, outages
from console.station.store import storms as storm_store
from console.station.store.database import Database
from console.station.store.ledger import Ledger
from console.station.store.offering import Offers
from console.station.store.scribe import Scribe

_log = structlog.get_logger("vigie.duties")
_TICK_S = 1.0
_STANDSTILL_S = 2.0
"""By so much later than asked for, the loop did nothing at all meanwhile: it did not listen to panels either."""
_STILL_S = 15.0
"""A duty of every second that was not done for so long stands still."""
_CLOCK, _LIFE_SIGNS, _CLOCKWORK, _SUPERVISION, _HOURS, _TESTS, _STORMS = (
    "the clock",
    "signs of life",
    "leases, parked alarms and escalation",
    "link supervision",
    "supervised hours",
    "tests",
    "storm profiles",
)
_OFFERS = "routing by skills"
_AUDIT, _LINKS_STAND, _SHARE = "audit", "links by the tables", "links heard here"
_FORGET = "answers to old acts"
_EVERY_SECOND = (_CLOCK, _LIFE_SIGNS, _CLOCKWORK, _SUPERVISION, _HOURS, _TESTS, _STORMS, _OFFERS)
_SELDOM = (_AUDIT, _LINKS_STAND, _SHARE)
_AUDIT_EVERY = 10
_SHARE_EVERY = 5
_FORGET_EVERY = 60
_CLOCK_STEP = timedelta(seconds=2)
_LINKS_AT_ONCE = 200


class Duties:
    """Does once a second what must be done as time passes. Tests call :meth:`second` themselves."""

    def __init__(
        self,
        database: Database,
        scribe: Scribe,
        clock: Clock,
        profile: Profile,
        life_signs: dict[str, LifeSign],
        links: Links,
        heartbeats: Heartbeats,
    ) -> None:
        self._database = database
        self._scribe = scribe
        self._clock = clock
        self._profile = profile
        self._life_signs = life_signs
        self._links = links
        self._shared = database.dialect == "postgresql"
        """Other stations may run over the same database, and hear what this one does not."""
        self._stored: dict[str, LifeSign] = {}
        self._started_at = clock.now()
        self._offset = clock.now() - timedelta(seconds=clock.monotonic())
        self._asleep = clock.asleep()
        self._seconds = 0
        self.audited: tuple[str, ...] = ()
        """The auditor's open findings, each beginning with the alarm's number."""
        self.offers = Offers()
        """To whom each waiting alarm is offered now."""
        self.failing: dict[str, str] = {}
        """Duties that fail, each with a sentence."""
        self._heartbeats = heartbeats
        for duty in _EVERY_SECOND:
            heartbeats.expect(duty, _STILL_S)
        for duty in _SELDOM:
            heartbeats.expect(duty, 6 * _AUDIT_EVERY * _TICK_S)
        heartbeats.expect(_FORGET, 6 * _FORGET_EVERY * _TICK_S)

    async def run(self) -> None:
        """Do the duties for ever; one that fails is told and tried again."""
        while True:
            before = self._real()
            await asyncio.sleep(_TICK_S)
            late = self._real() - before - _TICK_S
            if late > _STANDSTILL_S:
                # Frozen, or held up by its machine: before silence is judged.
                _log.warning("the station stood still", seconds=round(late, 1))
                self._links.stood_still(self._clock.monotonic())
            await self.second()

    def _real(self) -> float:
        """Time as it passes for the loop, also where a test moves the station's clock."""
        return asyncio.get_running_loop().time()

    async def second(self) -> None:
        """One second's duties."""
        self._seconds += 1
        failing = {}
        duties: list[tuple[str, Callable[[], Awaitable[None]]]] = [
            (_CLOCK, self._clock_stands),
            (_LIFE_SIGNS, self._beats),
            (_CLOCKWORK, self._clockwork),
            (_SUPERVISION, self._supervise),
            (_HOURS, self._watch_hours),
            (_TESTS, self._watch_tests),
            (_STORMS, self._storms_turn),
            (_OFFERS, self._offer),
        ]
        if self._seconds % _AUDIT_EVERY == 0:
            duties += [(_AUDIT, self._audit), (_LINKS_STAND, self._links_stand)]
        if self._seconds % _SHARE_EVERY == 0:
            duties.append((_SHARE, self._share_heard))
        if self._seconds % _FORGET_EVERY == 0:
            duties.append((_FORGET, self._forget))
        for name, duty in duties:
            try:
                await duty()
                self._heartbeats.beat(name)
            except Exception as error:
                _log.error("duty failed", duty=name, error=type(error).__name__)
                failing[name] = f"The station's duty '{name}' fails"
        self.failing = failing

    async def _clock_stands(self) -> None:
        """Whether the machine's clock goes as time passes; small corrections are none of ours."""
        await self._slept()
        offset = self._clock.now() - timedelta(seconds=self._clock.monotonic())
        step = offset - self._offset
        if abs(step) < _CLOCK_STEP:
            # Followed, or a thousand small corrections would look like one step.
            self._offset = offset
            return
        _log.warning("the clock was set", seconds=step.total_seconds())
        await self._scribe.act(clock_moved(step, own=not self._shared))
        self._offset = offset
        self._started_at += step

    async def _slept(self) -> None:
        """Whether the machine slept: its clock is not set then, time went on without it."""
        seconds = self._clock.asleep() - self._asleep
        if timedelta(seconds=seconds) < _CLOCK_STEP:
            return
        _log.warning("the machine slept", seconds=seconds)
        await self._scribe.act(slept(seconds))
        self._asleep += seconds
        self._offset += timedelta(seconds=seconds)
        # As after a start: every workstation gets its full time to be heard again.
        self._started_at = self._clock.now()

    async def _beats(self) -> None:
        new = {key: sign for key, sign in self._life_signs.items() if self._stored.get(key) != sign}
        if not new:
            return
        await self._database.write(lambda connection: store_life_signs(connection, new.values()))
        self._stored.update(new)
        old = self._clock.now() - timedelta(minutes=10)
        for key in [key for key, sign in self._life_signs.items() if sign.at < old]:
            del self._life_signs[key]
            self._stored.pop(key, None)

    async def _clockwork(self) -> None:
        now = self._clock.now()
        due = await self._database.read(
            lambda connection: clockwork.due(connection, self._profile, now, self._started_at)
        )
        if due:
            # Decided again under the journal's lock: with several stations only the first finds it still due.
            await self._scribe.act(clockwork.tick(self._profile, self._started_at))

    async def _offer(self) -> None:
        """What consoles show of F1; what F1 takes is decided again in its own transaction."""
        now = self._clock.now()
        self.offers = await self._database.read(lambda connection: offering.read(connection, self._profile, now))

    async def _supervise(self) -> None:
        lost, returned = self._links.silent(self._clock.monotonic()), self._links.returned()
        if lost and self._shared:
            lost = await self._silent_everywhere(lost)
        if not lost and not returned:
            return
        # A mass of them in pieces: nobody else's act waits for all of them (architecture.md §3).
        for at in range(0, max(len(lost), len(returned)), _LINKS_AT_ONCE):
            some, back = lost[at : at + _LINKS_AT_ONCE], returned[at : at + _LINKS_AT_ONCE]
            await self._scribe.act(supervision.tell(self._profile, some, back))
            self._links.told(some, back)

    async def _watch_hours(self) -> None:
        """What should be closed, or open, and is not (D3). A mass of them in pieces, as with links."""
        now = self._clock.now()
        while True:
            looked = await self._database.read(lambda connection: watching.due(connection, now))
            loud = [(area.site, area.area) for area, judged in looked if watching.says_something(judged)]
            quiet = [one for one in looked if not watching.says_something(one[1])]
            if quiet:
                # Past the journal, which has nothing to tell of them (decision 2).
                await self._database.write(partial(watching.put_off, looked=quiet))
            if loud:
                await self._scribe.act(watching.tell(self._profile, loud))
            if len(looked) < watching.MOST:
                return

    async def _watch_tests(self) -> None:
        """Planned tests that begin; tests that end, or that have grown old (F3)."""
        now = self._clock.now()
        while await self._database.read(lambda connection: planned.due(connection, now)):
            if not await self._scribe.act(planned.tick()):
                break
        if await self._database.read(lambda connection: testmode_watch.due(connection, self._profile, now)):
            await self._scribe.act(testmode_watch.tick(self._profile))

    async def _storms_turn(self) -> None:
        """Storm profiles begin and end; what they held back is presented."""
        now = self._clock.now()
        if await self._database.read(lambda connection: storms.turns(connection, now)):
            await self._scribe.act(storms.turn())
        due = await self._database.read(lambda connection: storms.due(connection, now))
        for at in range(0, len(due.alarms), storms.MOST):
            await self._scribe.act(storms.settle(due.alarms[at : at + storms.MOST]))
        if due.versions:
            # Past the journal, which has nothing to tell of it (decision 2).
            await self._database.write(lambda connection: storm_store.mark_settled(connection, due.versions))

    async def _silent_everywhere(self, suspects: list[str]) -> list[str]:
        """A panel that another station hears is not lost."""
        heard = await self._database.read(lambda connection: outages.heard_elsewhere(connection, suspects))
        now, elapsed = self._clock.now(), self._clock.monotonic()
        for account, at in heard.items():
            self._links.heard_elsewhere(account, elapsed - (now - at).total_seconds())
        return self._links.silent(elapsed)

    async def _share_heard(self) -> None:
        now, elapsed = self._clock.now(), self._clock.monotonic()
        heard = {a: now - timedelta(seconds=elapsed - at) for a, at in self._links.to_share().items()}
        if heard and self._shared:
            await self._database.write(lambda connection: outages.share_heard(connection, heard))

    async def _links_stand(self) -> None:
        """Another station over the same database may have told, and what left test is supervised anew."""
        lost = await self._database.read(outages.lost_accounts)
        self._links.stands(lost, self._clock.monotonic())

    async def _forget(self) -> None:
        """Past the journal, which has told of each act itself."""
        now = self._clock.now()
        await self._database.write(lambda connection: done_acts.forget(connection, now))

    async def _audit(self) -> None:
        now = self._clock.now()
        found = tuple(
            await self._database.read(
                lambda connection: auditor.findings(connection, self._profile, now, self._started_at)
            )
        )
        new = [finding for finding in found if finding not in self.audited]
        self.audited = found
        if new:
            await self._scribe.act(lambda ledger: _journal(ledger, new))


def _journal(ledger: Ledger, findings: list[str]) -> None:
    for finding in findings:
        ledger.append("finding", STATION, f"The auditor finds: {finding}")

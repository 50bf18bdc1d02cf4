"""Panels at work: an evening at its own pace, or a load of so many signals a second."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass

from console.simulator import premises, signals
from console.simulator.dialler import Outcome, Panel, Station
from console.simulator.evening import happenings
from console.simulator.frames import Writer
from console.simulator.sample import POLL_EVERY_S, PROVIDERS, Sample, Site
from console.simulator.signals import Signal

_LAST_ANSWERS_S = 6.0
_IN_FLIGHT_PER_PANEL = 4
_LOOK_UP_S = 0.2
_SEQUENCES = 9999


@dataclass(slots=True)
class Counts:
    """What became of the signals so far."""

    sent: int = 0
    acknowledged: int = 0
    failed: int = 0

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.acknowledged} acknowledged, {self.failed} failed"


Report = Callable[[Counts], None]


@dataclass(frozen=True, slots=True)
class Silence:
    """A provider whose path fails for a while: its panels are not heard."""

    provider: str
    from_s: float
    """Seconds after the beginning."""
    for_s: float

    def now(self, elapsed_s: float) -> bool:
        """Whether it is silent so long after the beginning."""
        return self.from_s <= elapsed_s < self.from_s + self.for_s


OUTAGE = Silence(PROVIDERS[0], 150.0, 300.0)
"""What the demo's evening has besides alarms: one provider fails, and comes back."""


class _Panels:
    """A panel for each site, made when it first has something to say."""

    def __init__(self, sample: Sample, host: str, port: int, report: Report, *, all_stay: bool = False) -> None:
        self.counts = Counts()
        self._sites = {site.number: site for site in sample.sites}
        self._station = Station(host, port)
        self._report = report
        self._all_stay = all_stay
        self._panels: dict[str, Panel] = {}
        self._sending: set[asyncio.Task[None]] = set()
        self._polling: set[asyncio.Task[None]] = set()

    @property
    def in_flight(self) -> int:
        """Signals that are not answered yet."""
        return len(self._sending)

    def say(self, site: str, signal: Signal) -> None:
        """Have a site's panel send a signal; does not wait."""
        self.counts.sent += 1
        task = asyncio.create_task(self._send(site, signal))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def wait_for_one(self) -> None:
        """Until some signal is answered or given up, or a moment has passed."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=_LOOK_UP_S, return_when=asyncio.FIRST_COMPLETED)

    async def poll(self, *, stop: asyncio.Event, silent: Silence | None) -> None:
        """Every panel polls once an interval, each at its own moment, until ``stop``."""
        clock = asyncio.get_running_loop().time
        begun, sites = clock(), list(self._sites.values())
        for turn in itertools.count():
            for nth, site in enumerate(sites):
                if await _stopped_before(begun + (turn + nth / len(sites)) * POLL_EVERY_S, stop):
                    return
                if silent is None or site.provider != silent.provider or not silent.now(clock() - begun):
                    task = asyncio.create_task(self._poll(site.number))
                    self._polling.add(task)
                    task.add_done_callback(self._polling.discard)

    async def _poll(self, number: str) -> None:
        await self._panel(number).poll()

    async def finish(self) -> None:
        """Wait a moment for the last answers, then hang up. A poll is not waited for: the next one says as much."""
        for poll in self._polling:
            poll.cancel()
        if self._sending:
            _done, late = await asyncio.wait(self._sending, timeout=_LAST_ANSWERS_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            self.counts.failed += len(late)
        for panel in self._panels.values():
            await panel.close()
        self._report(self.counts)

    async def _send(self, number: str, signal: Signal) -> None:
        outcome = await self._panel(number).send(signal)
        if outcome is Outcome.ACKNOWLEDGED:
            self.counts.acknowledged += 1
        else:
            self.counts.failed += 1
        self._report(self.counts)

    def _panel(self, number: str) -> Panel:
        panel = self._panels.get(number)
        if panel is None:
            site = self._sites[number]
            writer = Writer(site.account, site.token, site.key)
            stays = self._all_stay or site.stays
            # A real panel goes on where it stopped: two runs on one station must not look like repeats.
            sequence = random.randrange(_SEQUENCES)  # noqa: S311
            panel = Panel(writer, self._station, site.transport, sequence=sequence, stays=stays)
            self._panels[number] = panel
        return panel


async def run_evening(
    sample: Sample, host: str, port: int, *, stop: asyncio.Event, speed: float = 1.0, report: Report
) -> Counts:
    """Play the evening of the sample's seed until ``stop``; ``speed`` 2 is twice as fast."""
    panels = _Panels(sample, host, port, report)
    begun = asyncio.get_running_loop().time()
    polling = asyncio.create_task(panels.poll(stop=stop, silent=OUTAGE))
    try:
        for happening in happenings(sample, sample.seed):
            if await _stopped_before(begun + happening.at / speed, stop):
                break
            panels.say(happening.site, happening.signal)
    finally:
        polling.cancel()
        await panels.finish()
    return panels.counts


async def run_load(
    sample: Sample, host: str, port: int, per_second: float, *, stop: asyncio.Event, report: Report
) -> Counts:
    """Send ``per_second`` signals a second over all panels until ``stop``.

    The moments are absolute: what a slow moment held back is caught up, so the rate is kept over time.
    """
    panels = _Panels(sample, host, port, report, all_stay=True)
    chance = random.Random(f"load {sample.seed}")  # noqa: S311 - repeatable is what is wanted
    sites = itertools.cycle(chance.sample(sample.sites, len(sample.sites)))
    most = _IN_FLIGHT_PER_PANEL * len(sample.sites)
    clock = asyncio.get_running_loop().time
    begun, said = clock(), 0
    polling = asyncio.create_task(panels.poll(stop=stop, silent=None))
    try:
        while not await _stopped_before(begun + said / per_second, stop):
            due = 1 + int((clock() - begun) * per_second)
            while said < due and not stop.is_set():
                if panels.in_flight >= most:
                    await panels.wait_for_one()
                    continue
                site = next(sites)
                panels.say(site.number, _any_signal(site, chance))
                said += 1
    finally:
        polling.cancel()
        await panels.finish()
    return panels.counts


async def _stopped_before(moment: float, stop: asyncio.Event) -> bool:
    """Wait until ``moment`` of the loop's clock; True where ``stop`` was set before it."""
    try:
        async with asyncio.timeout_at(moment):
            await stop.wait()
    except TimeoutError:
        return stop.is_set()
    return True


def _any_signal(site: Site, chance: random.Random) -> Signal:
    """What arrives at a busy station: mostly routine, one in ten an alarm."""
    drawn = chance.random()
    user = f"{chance.randint(1, len(site.contacts)):02d}"
    if drawn < 0.25:
        return Signal(signals.OPENING, "1", user)
    if drawn < 0.55:
        return Signal(signals.CLOSING, "1", user)
    if drawn < 0.8:
        return Signal(signals.TEST)
    zone = chance.choice(site.zones(*premises.BURGLARY) or site.zones())
    code = signals.INTRUSION if drawn < 0.9 else signals.INTRUSION_RESTORED
    return Signal(code, zone.area, zone.number, zone.name)

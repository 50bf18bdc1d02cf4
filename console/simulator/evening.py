"""An evening's life of the sample station: an endless script of what its panels report, and when.

A pure generator: no clock, no sockets. The pace keeps one operator busy but not drowned: after a livelier beginning,
something that needs an operator every 40 to 70 s; the rest is openings, closings, tests and restorals.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from console.simulator import premises, signals
from console.simulator.sample import Sample, Site, Zone
from console.simulator.signals import Code, Signal

LIVELY_S = 90.0
_BETWEEN_MATTERS_S = (40.0, 70.0)
_BETWEEN_ROUTINE_S = (2.0, 9.0)
_REST_OF_SITES = 70
"""So many sites have their turn before one is chosen again: its alarms can be handled in peace."""


@dataclass(frozen=True, slots=True)
class Happening:
    """A signal at ``at`` seconds after the evening began."""

    at: float
    site: str
    account: str
    signal: Signal
    needs_operator: bool
    """Begins something that an operator must handle; False for what only follows it, and for routine."""


Step = tuple[float, Signal]
Matter = Callable[["_Evening"], "tuple[Site, list[Step]]"]


def happenings(sample: Sample, seed: int) -> Iterator[Happening]:
    """The evening of a seed, without end, in order of time."""
    return _Evening(sample, seed).play()


class _Evening:
    """Draws matters and routine, each at its pace, and lays them on one line of time."""

    def __init__(self, sample: Sample, seed: int) -> None:
        self.chance = random.Random(f"evening {seed}")  # noqa: S311 - repeatable is what is wanted
        in_test = {test.site: test.zones for test in sample.tests}
        self._sites = [site for site in sample.sites if site.number not in in_test]
        # Of a part that is in test only its zones tell anything: nothing of these sites needs an operator.
        self._in_test = [
            (site, in_test[site.number] or _burglary(site)) for site in sample.sites if site.number in in_test
        ]
        self._armed = {site.number: site.armed for site in sample.sites}
        self._recent: deque[str] = deque(maxlen=_REST_OF_SITES)
        self._coming: list[tuple[float, int, Happening]] = []
        self._count = 0

    def play(self) -> Iterator[Happening]:
        """Beginning, then matters and routine for ever."""
        for at, matter in _BEGINNING:
            self._lay(at, matter)
        matter_at = LIVELY_S + self.chance.uniform(*_BETWEEN_MATTERS_S)
        routine_at = self.chance.uniform(0.0, 2.0)
        while True:
            if routine_at <= matter_at:
                self._routine(routine_at)
                routine_at += self.chance.uniform(*_BETWEEN_ROUTINE_S)
            else:
                self._lay(matter_at, self.chance.choices(_MATTERS, _WEIGHTS)[0])
                matter_at += self.chance.uniform(*_BETWEEN_MATTERS_S)
            # What is drawn later happens later: all before the next draw is final.
            final = min(routine_at, matter_at)
            while self._coming and self._coming[0][0] <= final:
                yield heapq.heappop(self._coming)[2]

    # -- choosing --------------------------------------------------------------------------------

    def site(self, fits: Callable[[Site], bool], *, armed: bool | None = None) -> Site:
        """A site that fits and had no turn lately; where none is left, rest and state are waived."""
        fitting = [site for site in self._sites if fits(site)]
        rested = [site for site in fitting if site.number not in self._recent]
        wanted = [site for site in rested if armed is None or self._armed[site.number] is armed]
        chosen = self.chance.choice(wanted or rested or fitting)
        self._recent.append(chosen.number)
        return chosen

    def user(self, site: Site) -> tuple[str, str]:
        """A user's number and name: the contacts, numbered in their order."""
        place = self.chance.randrange(len(site.contacts))
        return f"{place + 1:02d}", site.contacts[place].name

    def user_signal(self, code: Code, site: Site, area: str) -> Signal:
        """Something that a user did."""
        number, name = self.user(site)
        return Signal(code, area, number, name)

    # -- laying on the line of time ----------------------------------------------------------------

    def _lay(self, at: float, matter: Matter) -> None:
        site, steps = matter(self)
        for index, (after, signal) in enumerate(steps):
            self._add(at + after, site, signal, needs_operator=index == 0)

    def _add(self, at: float, site: Site, signal: Signal, *, needs_operator: bool = False) -> None:
        if signal.code in (signals.OPENING, signals.CLOSING):
            self._armed[site.number] = signal.code is signals.CLOSING
        self._count += 1
        happening = Happening(round(at, 3), site.number, site.account, signal, needs_operator)
        heapq.heappush(self._coming, (at, self._count, happening))

    def _routine(self, at: float) -> None:
        """One thing that needs nobody."""
        drawn = self.chance.random()
        site = self.chance.choice([site for site in self._sites if site.number not in self._recent])
        if drawn < 0.06:
            site, zones = self.chance.choice(self._in_test)
            self._add(at, site, _of_zone(signals.INTRUSION, self.chance.choice(zones)))
        elif drawn < 0.25:
            self._add(at, site, Signal(signals.TEST))
        elif drawn < 0.29:
            self._add(at, site, _of_zone(signals.BYPASS, self.chance.choice(site.zones())))
        else:
            self._open_or_close(at, site)

    def _open_or_close(self, at: float, site: Site) -> None:
        """An evening: what is open closes; now and then somebody comes back."""
        closing = not self._armed[site.number]
        if not closing and self.chance.random() < 0.5:
            self._add(at, site, Signal(signals.TEST))
            return
        code = signals.CLOSING if closing else signals.OPENING
        first = self.user_signal(code, site, site.areas[0].number)
        self._add(at, site, first)
        for area in site.areas[1:]:
            # The same user goes through the areas one after the other.
            self._add(at + self.chance.uniform(4, 15), site, Signal(code, area.number, first.number, first.text))


def _of_zone(code: Code, zone: Zone) -> Signal:
    return Signal(code, zone.area, zone.number, zone.name)


def _burglary(site: Site) -> tuple[Zone, ...]:
    return site.zones(*premises.BURGLARY)


def _has(*kinds: str) -> Callable[[Site], bool]:
    return lambda site: bool(site.zones(*kinds))


# -- matters: each chooses its site and tells the steps, the first at 0 ---------------------------------


def _intrusion(evening: _Evening) -> tuple[Site, list[Step]]:
    """One zone, sometimes again, restored after a while."""
    chance = evening.chance
    site = evening.site(_has(*premises.BURGLARY), armed=True)
    zone = chance.choice(_burglary(site))
    steps = [
        (0.0, _of_zone(signals.INTRUSION, zone)),
        (chance.uniform(8, 40), _of_zone(signals.INTRUSION_RESTORED, zone)),
    ]
    if chance.random() < 0.4:
        steps.append((chance.uniform(45, 80), _of_zone(signals.INTRUSION, zone)))
    return site, steps


def _confirmed(evening: _Evening) -> tuple[Site, list[Step]]:
    """Somebody walks through: two or three zones."""
    chance = evening.chance
    site = evening.site(lambda site: len(_burglary(site)) >= 2, armed=True)
    zones = _burglary(site)[:3]
    steps = [(index * chance.uniform(7, 14), _of_zone(signals.INTRUSION, zone)) for index, zone in enumerate(zones)]
    return site, [*steps, (chance.uniform(50, 80), _of_zone(signals.INTRUSION_RESTORED, zones[0]))]


def _false_alarm(evening: _Evening) -> tuple[Site, list[Step]]:
    """A user comes in, is late at the keypad, disarms and cancels."""
    chance = evening.chance
    site = evening.site(_has(*premises.BURGLARY), armed=True)
    zone = _burglary(site)[0]
    opening = evening.user_signal(signals.OPENING, site, zone.area)
    late = chance.uniform(15, 35)
    return site, [
        (0.0, _of_zone(signals.INTRUSION, zone)),
        (late, opening),
        (late + 1.5, Signal(signals.CANCEL, zone.area, opening.number, opening.text)),
        (late + 4, _of_zone(signals.INTRUSION_RESTORED, zone)),
    ]


def _fire(evening: _Evening) -> tuple[Site, list[Step]]:
    """One detector, then its neighbour where there is one."""
    chance = evening.chance
    site = evening.site(_has(premises.SMOKE, premises.HEAT))
    zones = site.zones(premises.SMOKE, premises.HEAT)[:2]
    steps = [(index * chance.uniform(15, 30), _of_zone(signals.FIRE, zone)) for index, zone in enumerate(zones)]
    return site, [*steps, (chance.uniform(150, 400), _of_zone(signals.FIRE_RESTORED, zones[0]))]


def _hold_up(evening: _Evening) -> tuple[Site, list[Step]]:
    """The button under the till."""
    site = evening.site(
        lambda site: site.kind in ("jeweller", "petrol station", "shop") and bool(site.zones(premises.HOLD_UP)),
        armed=False,
    )
    zone = site.zones(premises.HOLD_UP)[0]
    return site, [(0.0, _of_zone(signals.HOLD_UP, zone))]


def _duress(evening: _Evening) -> tuple[Site, list[Step]]:
    """A disarming under threat."""
    site = evening.site(lambda site: site.token == "ADM-CID" and site.kind != "care home")
    opening = evening.user_signal(signals.OPENING, site, "1")
    return site, [(0.0, Signal(signals.DURESS, "1", opening.number, opening.text)), (1.0, opening)]


def _medical(evening: _Evening) -> tuple[Site, list[Step]]:
    """The call button of a resident."""
    site = evening.site(_has(premises.MEDICAL))
    zone = evening.chance.choice(site.zones(premises.MEDICAL))
    restored = evening.chance.uniform(60, 200)
    return site, [(0.0, _of_zone(signals.MEDICAL, zone)), (restored, _of_zone(signals.MEDICAL_RESTORED, zone))]


def _of_a_zone(code: Code, restored: Code | None, after: tuple[float, float], *kinds: str) -> Matter:
    def matter(evening: _Evening) -> tuple[Site, list[Step]]:
        site = evening.site(_has(*kinds))
        zone = evening.chance.choice(site.zones(*kinds))
        steps = [(0.0, _of_zone(code, zone))]
        if restored is not None:
            steps.append((evening.chance.uniform(*after), _of_zone(restored, zone)))
        return site, steps

    return matter


def _of_the_panel(code: Code, restored: Code, after: tuple[float, float]) -> Matter:
    def matter(evening: _Evening) -> tuple[Site, list[Step]]:
        site = evening.site(lambda _site: True)
        return site, [(0.0, Signal(code)), (evening.chance.uniform(*after), Signal(restored))]

    return matter


def _late(evening: _Evening) -> tuple[Site, list[Step]]:
    """Nobody armed in time; mostly somebody does a little later."""
    site = evening.site(lambda site: site.kind != "residence", armed=False)
    closing = evening.user_signal(signals.CLOSING, site, "1")
    return site, [(0.0, Signal(signals.LATE, "1")), (evening.chance.uniform(200, 500), closing)]


# Restorals of self-completing kinds come late, so that most wait for the operator and some go by themselves.
_mains = _of_the_panel(signals.MAINS, signals.MAINS_RESTORED, (150, 600))
_battery = _of_the_panel(signals.BATTERY, signals.BATTERY_RESTORED, (400, 1200))
_line = _of_the_panel(signals.LINE, signals.LINE_RESTORED, (120, 500))
_tamper = _of_a_zone(
    signals.TAMPER, signals.TAMPER_RESTORED, (20, 120), premises.PIR, premises.KEYPAD, premises.DOOR, premises.SMOKE
)
_water = _of_a_zone(signals.WATER, signals.WATER_RESTORED, (300, 900), premises.WATER)
_cold = _of_a_zone(signals.COLD, signals.COLD_RESTORED, (200, 600), premises.PROBE)
_radio_battery = _of_a_zone(signals.RADIO_BATTERY, None, (0, 0), premises.PIR, premises.DOOR, premises.SMOKE)

_BEGINNING: tuple[tuple[float, Matter], ...] = (
    (1.0, _intrusion),
    (2.5, _mains),
    (4.5, _intrusion),
    (6.5, _battery),
    (9.0, _tamper),
    (20.0, _hold_up),
    (31.0, _confirmed),
    (52.0, _false_alarm),
    (75.0, _fire),
)
_WEIGHED: tuple[tuple[int, Matter], ...] = (
    (22, _intrusion),
    (20, _false_alarm),
    (8, _confirmed),
    (10, _mains),
    (4, _battery),
    (5, _radio_battery),
    (8, _tamper),
    (5, _late),
    (4, _line),
    (4, _cold),
    (3, _water),
    (3, _fire),
    (2, _hold_up),
    (1, _duress),
    (2, _medical),
)
_MATTERS = [matter for _weight, matter in _WEIGHED]
_WEIGHTS = [weight for weight, _matter in _WEIGHED]

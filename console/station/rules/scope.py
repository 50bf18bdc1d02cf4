"""Whether an event is in test, and why (F2, F4, F5): a scope answers for one event at one place.

Nothing here knows a table: facts in, a verdict out. What is in doubt is presented: a signal that cannot be placed, or
whose kind is unknown, is in test only where the whole site is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.station.codes import Kind
from models.records import TestKind, TestScope

KIND_WORDS = {
    TestKind.INTRUSION: "intrusion",
    TestKind.TAMPER: "tamper",
    TestKind.FIRE: "fire",
    TestKind.HOLD_UP: "hold-up",
    TestKind.MEDICAL: "medical",
    TestKind.HOURS: "open and close",
    TestKind.TECHNICAL: "technical",
    TestKind.LINE_POWER: "line and power",
}
_ALWAYS_PRESENTED = {
    "duress": "a duress code is always presented",
    "test-grown-old": "what a test itself has to say is always presented",
}
Place = tuple[str, str]
"""Area and zone by their plain numbers."""


@dataclass(frozen=True, slots=True)
class Where:
    """The place that an event concerns, as far as it can be told: zones, else an area, else the system."""

    account: str
    zones: frozenset[Place] = frozenset()
    """More than one where the panel sent no area and several have a zone of that number."""
    sent: Place | None = None
    """The zone as it was sent, where the site file has no such zone."""
    area: str = ""
    """Plain number, for what concerns an area as a whole."""
    unplaced: bool = False
    """It comes from a place, and the area of it cannot be told: it may lie in any."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an event is in test, and why, in words for the operator."""

    in_test: bool
    why: str


@dataclass(frozen=True, slots=True)
class RunningTest:
    """A test as reception knows it. It runs from ``since`` up to, not including, ``until``.

    ``since`` is when its scope became what it is: an alarm that was opened before goes on (F5).
    """

    id: int
    since: datetime
    scope: TestScope
    until: datetime | None = None

    def runs(self, at: datetime) -> bool:
        """Whether a signal that is received ``at`` can be in it (F5: the time of receipt decides)."""
        return self.since <= at and (self.until is None or at < self.until)


def judge(scope: TestScope, kind: Kind, where: Where) -> Verdict:
    """Whether an event of ``kind`` at ``where`` is in the scope."""
    if kind.name in _ALWAYS_PRESENTED:
        return Verdict(False, _ALWAYS_PRESENTED[kind.name])
    if scope.whole:
        return Verdict(True, "the whole site is in test")
    if kind.test_kind not in {one.value for one in scope.kinds}:
        return Verdict(False, f"{_kind_words(kind)} is not in test")
    if scope.systems and where.account not in scope.systems:
        return Verdict(False, f"system {where.account} is not in test")
    if not _placed(scope, where):
        return Verdict(False, f"{_place_words(where)} is not in test")
    return Verdict(True, f"{_place_words(where)} and {_kind_words(kind)} are in test")


def group_of(kind: Kind) -> TestKind | None:
    """The kind of event as a scope ticks it; None: in no scope but a whole site's."""
    return TestKind(kind.test_kind) if kind.test_kind in KIND_WORDS else None


def covering(tests: Iterable[RunningTest], kind: Kind, where: Where, at: datetime) -> tuple[RunningTest, ...]:
    """The tests that an event received ``at`` is in; none: it is presented."""
    return tuple(test for test in tests if test.runs(at) and judge(test.scope, kind, where).in_test)


def touches(scope: TestScope, area: str) -> bool:
    """Whether anything of an area, by its plain number, is in test."""
    if not scope.areas and not scope.zones:
        return True
    if scope.all_except:
        return area not in scope.areas
    return area in scope.areas or any(zone.area == area for zone in scope.zones)


def widens(scope: TestScope, had: TestScope) -> bool:
    """Whether ``scope``, of a part, may hold a place that ``had`` does not, whatever their kinds; in doubt it does."""
    if had.systems and not (scope.systems and set(scope.systems) <= set(had.systems)):
        return True
    if not (had.areas or had.zones):
        return False
    if not (scope.areas or scope.zones) or scope.all_except != had.all_except:
        return True
    more, less = (had, scope) if scope.all_except else (scope, had)
    zones = all(zone in less.zones or zone.area in less.areas for zone in more.zones)
    return not (zones and set(more.areas) <= set(less.areas))


def _placed(scope: TestScope, where: Where) -> bool:
    if not scope.areas and not scope.zones:
        return True
    areas = set(scope.areas)
    zones = {(zone.area, zone.zone) for zone in scope.zones}
    if scope.all_except:
        if where.unplaced and (areas or not where.zones):
            # It may come from just what was excepted.
            return False
        if where.zones:
            return not any(area in areas or (area, zone) in zones for area, zone in where.zones)
        # An area that has one excepted zone is not in test as a whole.
        return where.area not in areas | {area for area, _ in zones} if where.area else True
    if where.zones:
        # Named as it comes, a zone that the file does not have is meant by itself (issue 5, point 6).
        return where.sent in zones or all(area in areas or (area, zone) in zones for area, zone in where.zones)
    return bool(where.area) and where.area in areas


def _kind_words(kind: Kind) -> str:
    group = group_of(kind)
    return KIND_WORDS[group] if group is not None else kind.words.lower()


def _place_words(where: Where) -> str:
    if where.zones:
        return "zone " + " or ".join(sorted({zone for _, zone in where.zones}))
    return f"area {where.area}" if where.area else f"system {where.account}"


@dataclass(frozen=True, slots=True)
class KnownZone:
    """A zone of the site file with its names."""

    area: str
    """Plain number."""
    zone: str
    """Plain number."""
    area_name: str
    name: str
    """``12 PIR corridor``."""


def silenced(scope: TestScope, zones: Sequence[KnownZone]) -> tuple[list[KnownZone], list[KnownZone]]:
    """The zones of the site that the scope's places hold, and the others."""
    inside: list[KnownZone] = []
    outside: list[KnownZone] = []
    for zone in zones:
        where = Where("", frozenset({(zone.area, zone.zone)}))
        (inside if scope.whole or _placed(scope, where) else outside).append(zone)
    return inside, outside


def words(scope: TestScope, zones: Sequence[KnownZone]) -> str:
    """What is in test in a sentence, before it is saved (picture 03)."""
    if scope.whole:
        return "The whole site, fire and hold-up included. A duress code is always presented."
    inside, _ = silenced(scope, zones)
    of = f" of {len(scope.systems)} systems" if len(scope.systems) > 1 else ""
    of = f" of system {scope.systems[0]}" if len(scope.systems) == 1 else of
    where = f"{len(inside)} of {len(zones)} zones{of}" if zones else f"All zones{of}"
    return f"{where}, {len(scope.kinds)} of {len(TestKind)} kinds. Everything else is presented as ever."


def short_words(scope: TestScope, zones: Sequence[KnownZone]) -> str:
    """What is in test as a list shows it: ``Office: 4 zones · intrusion, tamper``; empty for a whole site."""
    if scope.whole:
        return ""
    kinds = ", ".join(KIND_WORDS[kind] for kind in scope.kinds)
    of = "system " + ", ".join(scope.systems) + ", " if scope.systems else ""
    return f"{of}{_places_words(scope, zones)} · {kinds}"


def _places_words(scope: TestScope, zones: Sequence[KnownZone]) -> str:
    if not scope.areas and not scope.zones:
        return "every zone"
    names = {zone.area: zone.area_name for zone in zones}
    said = [names.get(area) or f"area {area}" for area in scope.areas]
    for area in dict.fromkeys(zone.area for zone in scope.zones):
        theirs = [one.zone for one in scope.zones if one.area == area]
        place = names.get(area) or (f"area {area}" if area else "without area")
        some = f"zone {theirs[0]}" if len(theirs) == 1 else f"{len(theirs)} zones"
        # "All except Hall: 5 zones" would leave open whether these five are in test.
        said.append(f"{some} of {place}" if scope.all_except else f"{place}: {some}")
    return ("all except " if scope.all_except else "") + ", ".join(said)

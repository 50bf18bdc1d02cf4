"""One place, one spelling: areas and zones as the site file and the signals name them (architecture.md §6).

``1``, ``01`` and ``001``, with and without an area, SIA and Contact ID: each signal's place is made canonical once, on
receipt. Confirmation, second path, restorals and runaways compare canonical places alone; the lines of an alarm and
the journal keep what the panel wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from console.station.rules.hours import Schedule
from console.station.rules.scope import RunningTest, Where
from models.records import Event, plain_number

AT_ZONES = frozenset({"zone", "door"})
"""What an event can concern whose address is a zone's number."""
_ZONES_TOO = frozenset({"zone", "door", "unused", "condition"})
"""What a number names that is a zone's, or would be if the panel sent one."""
_AT_AREAS = frozenset({"zone", "door", "area", "user"})
"""What an event can concern that has an area: of a printer or a line the address means no place on the site."""


class Spot(NamedTuple):
    """A place within a site by its plain numbers; empty where none was sent."""

    area: str
    zone: str
    names: str = "zone"
    """What the second number names: ``zone``, ``user``, ``line`` ..."""

    def may_be(self, other: Spot) -> bool:
        """Whether both can be one place: one that was sent without its area can be in any."""
        if self.zone != other.zone:
            return False
        same_area = self.area == other.area or not self.area or not other.area
        return same_area and (self.zone, self.names) == (other.zone, other.names)


def apart(spots: Iterable[Spot]) -> int:
    """How many places these are at the least: what can be one place counts once."""
    given = set(spots)
    # The exact ones first: what says less is then found among them. In one pass: each signal asks this of its alarm.
    exact = {spot for spot in given if spot.zone and spot.area}
    numbers = {(spot.zone, spot.names) for spot in exact}
    without_area = {(spot.zone, spot.names) for spot in given if spot.zone and not spot.area} - numbers
    count = len(exact) + len(without_area)
    # Without a number it says of no zone that it is another.
    areas = {spot.area for spot in given if not spot.zone and spot.area} - {spot.area for spot in exact}
    count += len(areas)
    return count or min(len(given), 1)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What routing must know of a site. ``id`` is None for an account that no site has."""

    id: str | None
    tests: tuple[RunningTest, ...] = ()
    """The tests that run here, oldest first."""
    area_names: dict[str, str] = field(default_factory=dict)
    zone_names: dict[tuple[str, str], str] = field(default_factory=dict)
    hours: Mapping[str, Schedule] = field(default_factory=dict)
    """By plain number: the areas that have supervised hours (D3)."""

    def area_of(self, number: str | None) -> str:
        """The plain number of the area that is meant: a site with one area needs none."""
        area = plain_number(number)
        return next(iter(self.area_names)) if not area and len(self.area_names) == 1 else area

    def spot(self, event: Event) -> Spot:
        """The one spelling of the place that an event concerns (architecture.md §6)."""
        return self.spot_of(event.area, event.address, event.concerns)

    def spot_of(self, area: str | None, number: str | None, concerns: str) -> Spot:
        """The same from what the panel wrote, and from what its code says that the number names."""
        names = "zone" if concerns in _ZONES_TOO else concerns
        # Of what concerns an area the number is the area's own.
        zone = "" if names == "area" else plain_number(number)
        plain = plain_number(area)
        if not plain:
            # A panel that sends no area means the only one that has such a zone, or the only one there is.
            at = {place[0] for place in self.zone_names if place[1] == zone} if names == "zone" and zone else set()
            plain = next(iter(at)) if len(at) == 1 else self.area_of(None)
        return Spot(plain, zone, names)

    def place(self, event: Event) -> tuple[str, str]:
        """(area's words, zone's words) of an event; numbers where no names are known."""
        area = plain_number(event.area)
        zone = plain_number(event.address)
        area_words = self.area_names.get(area, "") or (f"Area {event.area}" if area else "")
        if event.concerns == "user" or not zone:
            return area_words, ""
        name = self.zone_names.get((area, zone)) or self._only_zone(zone) or event.text or ""
        return area_words, f"{event.address} {name}".strip()

    def where(self, account: str, event: Event) -> Where:
        """The place that an event concerns, for the scope of a test (F2)."""
        area, zone = self.area_of(event.area), plain_number(event.address)
        if event.concerns not in AT_ZONES or not zone:
            at_area = event.concerns in _AT_AREAS
            return Where(account, area=area if at_area else "", unplaced=at_area and not area)
        meant = self.zones_meant(area, zone)
        sent = (area, zone) if area and (area, zone) not in self.zone_names else None
        return Where(account, meant, sent, unplaced=not area and not meant & self.zone_names.keys())

    def zones_meant(self, area: str, zone: str) -> frozenset[tuple[str, str]]:
        """By plain numbers: the zone that is meant, or whichever it can be."""
        if area and (area, zone) in self.zone_names:
            return frozenset({(area, zone)})
        # No area was sent, or another than the file has: whichever zones of that number there are, and the one that
        # was named. It is in test where all of them are, so that what is in doubt is presented.
        known = {place for place in self.zone_names if place[1] == zone}
        return frozenset(known | {(area, zone)} if area or not known else known)

    def _only_zone(self, zone: str) -> str:
        # Many panels send no area, or another than the file has: the number names the zone if it is the only one.
        names = {name for (_area, number), name in self.zone_names.items() if number == zone}
        return names.pop() if len(names) == 1 else ""

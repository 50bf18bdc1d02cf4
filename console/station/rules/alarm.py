"""An alarm as the rules see it: one matter to handle (architecture.md §4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from console.station.rules.places import Spot
from models.records import AlarmClass, AlarmState, Disposition


@dataclass(frozen=True, slots=True)
class ZoneFact:
    """A zone that took part in an alarm: when it last alarmed and whether it is restored."""

    area: str
    """Plain number (``rules/places.py``); what the panel wrote stands on the alarm's lines."""
    zone: str
    """Plain number, or the name of what the station itself watches."""
    label: str
    kind: str
    at: datetime
    restored: bool = False
    code: str = ""
    seq: int = 0
    """The journal's number of the signal that told it last."""
    accounts: tuple[str, ...] = ()
    """The systems that told this one occurrence: more than one for a panel behind two paths."""
    runaway: bool = False
    """It told far too often while this alarm was open (``rules/runaway.py``)."""
    names: str = "zone"
    """What ``zone`` is the number of."""

    @property
    def spot(self) -> Spot:
        """The place that is compared with others."""
        return Spot(self.area, self.zone, self.names)

    @property
    def key(self) -> tuple[str, str]:
        """What tells two zones of a site apart."""
        return (self.area, self.zone)


MOST_ZONES = 100
"""An alarm names so many of its zones: each signal reads and writes all of them, and whoever sends made-up ones must
not make every other signal wait. Each signal has its line on the alarm and its journal entry all the same."""


def with_zone(zones: tuple[ZoneFact, ...], fact: ZoneFact) -> tuple[tuple[ZoneFact, ...], int]:
    """``zones`` with ``fact`` as the newest, in the place of what it said before, and how many gave way in alarm.

    What is restored gives way first, the oldest of it; then the oldest there is.
    """
    spot = fact.spot
    kept = [zone for zone in zones if zone.zone != fact.zone or zone.kind != fact.kind or not _says_of(zone.spot, spot)]
    beyond = 0
    while len(kept) >= MOST_ZONES:
        oldest = next((nth for nth, zone in enumerate(kept) if zone.restored), 0)
        beyond += not kept.pop(oldest).restored
    return (*kept, fact), beyond


def _says_of(known: Spot, spot: Spot) -> bool:
    """Whether ``spot`` says anew what was said of ``known``, without its area before as well."""
    return known == spot or (not known.area and known.may_be(spot))


def settled(zones: tuple[ZoneFact, ...], fact: ZoneFact) -> ZoneFact:
    """``fact`` with what is known of it from before: the area that it was sent without, the mark of a runaway."""
    spot = fact.spot
    again = [zone for zone in zones if zone.zone == fact.zone and zone.kind == fact.kind and zone.spot.may_be(spot)]
    areas = {zone.area for zone in again if zone.area}
    if not fact.area and len(areas) == 1:
        fact = replace(fact, area=areas.pop())
    if any(zone.runaway for zone in again if _says_of(zone.spot, fact.spot)):
        fact = replace(fact, runaway=True)
    return fact


@dataclass(frozen=True)
class Alarm:
    """One alarm's facts; the rules answer with a new one and never change this.

    Without slots: copying a dictionary is several times quicker than ``dataclasses.replace`` over fifty fields, and
    every signal makes a few of these.
    """

    id: str
    version: int
    matter: str
    """What it is about, unique among open alarms: ``<site>:<class>`` or ``unknown:<account>``."""
    site: str | None
    account: str
    alarm_class: AlarmClass
    kind: str
    words: str
    place: str
    zones: tuple[ZoneFact, ...]
    priority: int
    life_safety: bool
    silent: bool
    state: AlarmState
    incident: str
    opened_at: datetime
    clock_from: datetime
    last_signal_at: datetime
    last_signal_words: str
    last_seq: int
    seen_seq: int = 0
    taken_at: datetime | None = None
    """First act of an operator since ``clock_from``."""
    holder: str | None = None
    holder_name: str | None = None
    workstation: str | None = None
    held_since: datetime | None = None
    last_act_at: datetime | None = None
    idle_warned_at: datetime | None = None
    doing: str = ""
    calling_since: datetime | None = None
    parked_until: datetime | None = None
    parked_by: str | None = None
    park_reason: str = ""
    signals: int = 1
    unseen: int = 0
    cancelled_at: datetime | None = None
    cancelled_by: str = ""
    cancel_channel: str = ""
    cancel_why: str = ""
    returned_at: datetime | None = None
    returned_why: str = ""
    escalated: int = 0
    """Whom it was brought before while it waited (I4)."""
    out_of_window: bool = False
    pushed_at: datetime | None = None
    disposition: Disposition | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    close_reason: str = ""
    storm: int | None = None
    """The storm profile that has it grouped, delayed or lowered (``rules/storm.py``)."""
    storm_does: str = ""
    storm_until: datetime | None = None
    """Until then at most."""
    own_priority: int = 0
    """What it is by itself while a storm profile has it lowered; 0: it is not."""
    zones_beyond: int = 0
    """How many zones gave way to others in ``zones`` while they were still in alarm (:func:`with_zone`)."""

    @property
    def own(self) -> int:
        """How urgent it is by itself, whatever a storm profile lowered it to."""
        return self.own_priority or self.priority

    def lifted(self) -> Alarm:
        """As it is by itself: grouped, delayed and lowered by nothing."""
        if self.storm is None and not self.own_priority:
            return self
        return self.but(storm=None, storm_does="", storm_until=None, priority=self.own, own_priority=0)

    @property
    def urgency(self) -> tuple[int, datetime]:
        """The queue's order: priority, then age. Fixed (architecture.md §4, G1)."""
        return (self.priority, self.clock_from)

    def but(self, **changes: Any) -> Alarm:
        """The same with ``changes``, as :func:`dataclasses.replace` makes it."""
        new = object.__new__(Alarm)
        known = new.__dict__
        known.update(self.__dict__)
        known.update(changes)
        if len(known) != len(self.__dict__):
            raise TypeError(f"an alarm has no {sorted(changes.keys() - self.__dict__.keys())}")
        return new

    def differs_from(self, other: Alarm) -> tuple[str, ...]:
        """The names of the fields that differ, in the order of the fields."""
        was = other.__dict__
        return tuple(
            [name for name, value in self.__dict__.items() if value is not (old := was[name]) and value != old]
        )


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts: a member of staff at a workstation."""

    login: str
    name: str
    workstation: str

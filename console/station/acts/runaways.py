"""Zones that tell alarms far too often, marked on their alarm as reception routes a signal (``rules/runaway.py``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from console.station.acts.memory import Memory
from console.station.acts.received import Received
from console.station.codes import Kind
from console.station.rules.places import AT_ZONES, Spot
from console.station.rules.profile import Profile
from console.station.rules.routing import Line, Note, Routed
from console.station.rules.runaway import Runaway, ZoneKey
from models.records import EventRole


def mark(
    routed: Routed, site: str, signal: Received, memory: Memory, profile: Profile, kind_of: Callable[[str], Kind]
) -> None:
    """Count the alarms of a signal's zones; one that runs away is marked and to be journaled. Nothing is hidden by it.

    What is in test is not counted: nobody is bothered by it, or the zone is put aside already.
    """
    for line in routed.lines:
        event = line.event
        if event.role is not EventRole.ALARM or line.in_test or event.concerns not in AT_ZONES or not event.address:
            continue
        spot = memory.sites[site].spot(event)
        key = ZoneKey(site, signal.account, spot.area, spot.zone)
        found = memory.count(key, signal.received_at, profile)
        if found is not None:
            _mark(routed, line, spot, found, kind_of(event.kind).name)


def _mark(routed: Routed, line: Line, spot: Spot, found: Runaway, kind: str) -> None:
    alarm = routed.alarms[line.alarm]
    zones = tuple(
        replace(zone, runaway=True) if zone.spot.may_be(spot) and zone.kind == kind else zone for zone in alarm.zones
    )
    # Once for each alarm: the mark goes with its zone for as long as the alarm is open.
    if zones != alarm.zones:
        alarm = alarm.but(zones=zones)
        routed.alarms[alarm.id] = alarm
        routed.notes.append(Note("runaway", alarm, f"Runaway: {line.place} · {line.words}, {found.words}"))

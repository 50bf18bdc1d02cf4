"""What storm profiles do with alarms as reception routes a signal to them (``rules/storm.py``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from console.station.acts.memory import Memory
from console.station.codes import Kind
from console.station.rules import storm as rule
from console.station.rules.alarm import Alarm
from console.station.rules.routing import Note, Routed
from console.station.store import storms as store


def mark(
    routed: Routed,
    before: Mapping[str, Alarm],
    memory: Memory,
    connection: Connection,
    kind_of: Callable[[str], Kind],
    now: datetime,
) -> list[int]:
    """Settle the alarms of a signal; each change is a note. Answers with the profiles that touched a further alarm.

    ``before``: by id the alarms as they stood before the signal.
    """
    touched = []
    for alarm in list(routed.alarms.values()):
        if not memory.storms and alarm.storm is None:
            continue
        place = memory.place(connection, alarm.site) if memory.storms else store.NOWHERE
        # As it was stored: a signal that joined took its mark away, and what covers it still is no change.
        was = before.get(alarm.id)
        kept = alarm if was is None else _as_stood(alarm, was)
        new = rule.settled(kept, memory.storms or (), store.facts_of(alarm, place), kind_of, now)
        if new is alarm:
            continue
        routed.alarms[alarm.id] = new
        names = {storm.id: storm.name for storm in memory.storms or ()}
        for what, text in rule.told(was, new, names):
            routed.notes.append(Note(what, new, text))
        if new.storm is not None and (was is None or was.storm != new.storm):
            touched.append(new.storm)
    return touched


def _as_stood(alarm: Alarm, was: Alarm) -> Alarm:
    """``alarm`` with the mark that it had, unless a signal made it more urgent than it was by itself."""
    if was.storm is None or alarm.storm is not None or alarm.own < was.own:
        return alarm
    return alarm.but(
        storm=was.storm,
        storm_does=was.storm_does,
        storm_until=was.storm_until,
        priority=was.priority,
        own_priority=was.own_priority,
    )

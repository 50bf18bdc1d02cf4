"""What a storm profile does with an alarm, and when it gives it back (issue 6). Facts and a time in, decisions out.

It touches technical and supervision alarms that wait and that nobody has had in hand; never life safety, never
intrusion, never the station's own troubles, and nothing that the table of kinds does not know. Whatever it did it
takes back at its end: an alarm keeps its own priority and its own clock all the while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.station.codes import Kind
from console.station.rules import outage
from console.station.rules.alarm import Alarm
from console.station.rules.alarm_words import PRIORITY_WORDS
from models.records import AlarmClass, AlarmState, Priority, StormDoes, StormScope

CLASSES = (AlarmClass.TECHNICAL, AlarmClass.SUPERVISION)
STATIONS_OWN = frozenset({"station-trouble", "station-warning"})
"""Of the station itself: who keeps it must hear of them, most of all in a storm."""
_MILDEST = (StormDoes.LOWER, StormDoes.GROUP, StormDoes.DELAY)
"""Where several profiles cover an alarm, the one that hides the least of it has it."""
_CLOCK_BACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Storm:
    """A storm profile that has begun."""

    id: int
    name: str
    scope: StormScope
    does: StormDoes
    delay: timedelta
    begun_at: datetime
    ends_at: datetime

    def over(self, now: datetime) -> bool:
        """Whether its time has passed, or the clock stands before its begin: then nobody knows how long it ran."""
        return now >= self.ends_at or self.begun_at - now > _CLOCK_BACK


@dataclass(frozen=True, slots=True)
class Facts:
    """What is not on an alarm itself: where its site is, and whose paths its systems come by."""

    postcode: str = ""
    providers: frozenset[str] = frozenset()
    """Of each system that told it; "" for one without a named provider."""


def may_cover(kind: Kind) -> bool:
    """Whether any storm profile may touch alarms of a kind."""
    return (
        kind.alarm_class in CLASSES
        and not kind.life_safety
        and not kind.silent
        and Priority.EMERGENCY < kind.priority <= Priority.LOW
        and kind.name not in STATIONS_OWN
    )


def may_touch(alarm: Alarm, kind_of: Callable[[str], Kind]) -> bool:
    """Whether any storm profile may touch an alarm: all that it is about may be covered, and nobody has had it."""
    return (
        alarm.state is AlarmState.WAITING
        and alarm.taken_at is None
        and alarm.returned_at is None
        and not alarm.life_safety
        and not alarm.silent
        and alarm.alarm_class in CLASSES
        and alarm.own > Priority.EMERGENCY
        and all(may_cover(kind_of(name)) for name in _kinds(alarm))
    )


def covers(scope: StormScope, alarm: Alarm, facts: Facts, kind_of: Callable[[str], Kind]) -> bool:
    """Whether an alarm that may be touched is in a profile's scope; one of several kinds with all of them."""
    if not all(_named(scope, kind_of(name)) for name in _kinds(alarm)):
        return False
    postcode = plain(facts.postcode)
    if scope.postcodes and not (postcode and postcode.startswith(tuple(map(plain, scope.postcodes)))):
        return False
    providers = {name.casefold() for name in facts.providers}
    return not scope.providers or (bool(providers) and providers <= {name.casefold() for name in scope.providers})


def _named(scope: StormScope, kind: Kind) -> bool:
    # An outage is one row already: it is touched where it is named, not with all of its class.
    return kind.name in scope.kinds or (kind.alarm_class in scope.classes and kind.name != outage.KIND)


def _kinds(alarm: Alarm) -> set[str]:
    return {alarm.kind, *(zone.kind for zone in alarm.zones)}


def plain(postcode: str) -> str:
    """``b-9000 `` and ``B9000`` are one."""
    return "".join(letter for letter in postcode.casefold() if letter.isalnum())


@dataclass(frozen=True, slots=True)
class Hold:
    """What is done with an alarm: by which profile, and until when at most."""

    storm: Storm
    until: datetime

    @property
    def does(self) -> StormDoes:
        """Grouped, delayed or lowered."""
        return self.storm.does


def hold(
    alarm: Alarm, storms: Iterable[Storm], facts: Facts, kind_of: Callable[[str], Kind], now: datetime
) -> Hold | None:
    """What the profiles that have begun do with an alarm now; None: it is presented as ever."""
    if not may_touch(alarm, kind_of):
        return None
    for storm in sorted(storms, key=lambda one: (_MILDEST.index(one.does), one.id)):
        if storm.over(now) or not covers(storm.scope, alarm, facts, kind_of):
            continue
        if storm.does is StormDoes.LOWER:
            if alarm.own < Priority.LOW:
                return Hold(storm, storm.ends_at)
        elif alarm.kind != outage.KIND:
            if storm.does is StormDoes.GROUP:
                return Hold(storm, storm.ends_at)
            # Never longer than the delay from now, whatever the clock was when it came.
            until = min(alarm.clock_from + storm.delay, now + storm.delay, storm.ends_at)
            if until > now:
                return Hold(storm, until)
    return None


def settled(
    alarm: Alarm, storms: Iterable[Storm], facts: Facts, kind_of: Callable[[str], Kind], now: datetime
) -> Alarm:
    """``alarm`` as the profiles have it now. Only a change of priority is one that acts must know of (I11)."""
    own = alarm.lifted()
    found = hold(own, storms, facts, kind_of, now)
    if found is None:
        new = own
    else:
        new = own.but(storm=found.storm.id, storm_does=found.does.value, storm_until=found.until)
        if found.does is StormDoes.LOWER:
            new = new.but(priority=int(Priority.LOW), own_priority=own.priority)
    if new.priority != alarm.priority:
        new = new.but(version=alarm.version + 1)
    return alarm if not new.differs_from(alarm) else new


def presented(alarm: Alarm, now: datetime) -> bool:
    """Whether it is in the queue now: all that waits is, but for what is delayed."""
    return not delayed(alarm.storm_does, alarm.storm_until, now)


def delayed(does: str, until: datetime | None, now: datetime) -> bool:
    """Whether what a profile ``does`` with an alarm keeps it out of the queue now."""
    return does == StormDoes.DELAY.value and until is not None and until > now


def urgency(alarm: Alarm) -> tuple[int, bool, datetime]:
    """The queue's order: what is grouped comes after the others of its priority, as its one row does (G1)."""
    return (alarm.priority, alarm.storm_does == StormDoes.GROUP.value, alarm.clock_from)


def loud(alarms: Sequence[Alarm], firsts: Mapping[int, str], now: datetime) -> list[Alarm]:
    """Of those that wait too long, what is brought before others: of each group its first alone, for all of them.

    ``firsts``: by profile the alarm of its group that came first.
    """
    return [
        alarm
        for alarm in alarms
        if presented(alarm, now)
        and (alarm.storm_does != StormDoes.GROUP.value or firsts.get(alarm.storm or 0) == alarm.id)
    ]


def told(before: Alarm | None, after: Alarm, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """The journal's words for what a storm profile did with an alarm, or no longer does: (kind of entry, text)."""
    mine = (before.storm, before.storm_does) if before is not None else (None, "")
    if mine == (after.storm, after.storm_does):
        return []
    found = []
    if before is not None and before.storm is not None and after.storm is None:
        if after.state is not AlarmState.WAITING:
            return []
        rise = f" as {after.priority} {PRIORITY_WORDS[after.priority]}" if after.priority < before.priority else ""
        words = f"Presented again{rise}: {_name(before.storm, names)} no longer covers it · {after.words}"
        found.append(("storm-presented", words))
    if after.storm is not None and after.storm_until is not None:
        until = f"until {after.storm_until:%d %b %H:%M:%S} UTC · {after.words}"
        name = _name(after.storm, names)
        if after.storm_does == StormDoes.LOWER.value:
            own = f"{after.own_priority} {PRIORITY_WORDS[after.own_priority]}"
            found.append(("storm-lowered", f"Lowered from {own} to 4 Low by {name} {until}"))
        elif after.storm_does == StormDoes.GROUP.value:
            found.append(("storm-grouped", f"Grouped by {name} {until}"))
        else:
            found.append(("storm-delayed", f"Delayed by {name} {until}"))
    return found


def _name(storm: int, names: Mapping[int, str]) -> str:
    return f"storm profile “{names[storm]}”" if storm in names else f"storm profile {storm}"


# -- words ----------------------------------------------------------------------------------------


def scope_words(scope: StormScope, kind_of: Callable[[str], Kind]) -> str:
    """``Water leak, Mains failure · postcode 28, 29 · provider Fixnet``."""
    what = [f"all {one.value}" for one in scope.classes] + [kind_of(name).words for name in scope.kinds]
    parts = [", ".join(what)]
    if scope.postcodes:
        parts.append("postcode " + ", ".join(scope.postcodes))
    if scope.providers:
        parts.append("provider " + ", ".join(scope.providers))
    return " · ".join(parts)

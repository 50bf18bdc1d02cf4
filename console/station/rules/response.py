"""Response times against the profile: from the facts of each alarm to figures (G6; architecture.md §4).

Receipt to the first act of an operator; an alarm that rose before somebody acted is measured from its rise, against
the targets of what it became. Who acted is what the journal says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from console.station.rules.flood import Flood, slots
from console.station.rules.profile import Profile
from models.records import (
    Answered,
    Disposition,
    EmergencyMark,
    EndFigures,
    GroupFigures,
    HourFigures,
    LateAlarm,
    LoadSlot,
    Measure,
    OperatorFigures,
    Priority,
    PriorityFigures,
    ResponseProfile,
    ResponseTarget,
)

FIRST_ACTS = (
    "taken",
    "note",
    "seen",
    "call-begun",
    "call",
    "step-done",
    "step-skipped",
    "verified",
    "patrol",
    "parked",
    "released",
    "handed-over",
    "site-checked",
    "split-off",
    "cancelled",
    "closed",
)
"""Entries of an operator that answer an alarm: mostly its taking; what joins an alarm in hand is taken by none."""
CLOCKS = ("alarm-opened", "alarm-raised")
"""Entries that start an alarm's clock."""
FALSE = (Disposition.FALSE_USER, Disposition.FALSE_TECHNICAL)
MOST_LATE, MOST_MARKS, MOST_OPERATORS, MOST_GROUPS = 200, 500, 100, 50
_P95 = 0.95


@dataclass(frozen=True, slots=True)
class AlarmFacts:
    """One alarm, as the journal tells it."""

    id: str
    priority: int
    """What it was when somebody acted first; what it is, where nobody did."""
    opened_at: datetime
    clock_from: datetime
    """Its receipt, or its last rise before the first act."""
    site: str | None = None
    site_name: str = ""
    group: str = ""
    """The customer group of its site; empty: none."""
    words: str = ""
    acted_at: datetime | None = None
    acted_by: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    disposition: Disposition | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """One alarm measured."""

    alarm: AlarmFacts
    at: datetime
    seconds: float
    over: bool
    """It is over: answered, or ended. Otherwise it only grows."""
    by: str
    targets: tuple[ResponseTarget, ResponseTarget]

    @property
    def late_by(self) -> float:
        """By how much it missed the first target; 0 or less: in time."""
        return self.seconds - self.targets[0].seconds

    @property
    def in_second(self) -> bool:
        """Whether it kept the second target."""
        return self.seconds <= self.targets[1].seconds

    @property
    def of_second(self) -> bool:
        """Whether it is known if it kept the second target: it is over, or has passed it."""
        return self.over or not self.in_second


LONGEST_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why targets cannot be, and which of them."""

    field: str
    sentence: str


def wrong_targets(given: ResponseProfile) -> Wrong | None:
    """What no targets may be: a second that is met before the first, or asks for less (I12)."""
    for name, words, (first, second) in (
        ("emergency", "Emergency", given.emergency),
        ("others", "the others", given.others),
    ):
        for nth, target in (("first", first), ("second", second)):
            if not 1 <= target.seconds <= LONGEST_S:
                return Wrong(f"{name}_{nth}_s", f"A target of {words} is of 1 to {LONGEST_S} seconds.")
            if not 1 <= target.percent <= 100:
                return Wrong(f"{name}_{nth}_percent", f"A target of {words} is of 1 to 100 percent.")
        if second.seconds <= first.seconds:
            return Wrong(f"{name}_second_s", f"The second target of {words} gives more time than the first.")
        if second.percent < first.percent:
            return Wrong(f"{name}_second_percent", f"The second target of {words} asks for no less than the first.")
    return None


def timed(alarm: AlarmFacts, measure: Measure, profile: Profile, until: datetime) -> Timed | None:
    """One alarm measured ``until`` then; None where there is nothing to measure (yet)."""
    targets = profile.response[alarm.priority]
    if measure is Measure.OPERATOR:
        begun, ended, by = alarm.clock_from, alarm.acted_at, alarm.acted_by
        if ended is None and alarm.closed_at is not None:
            return None
    else:
        begun, ended, by = alarm.opened_at, alarm.closed_at, alarm.closed_by
    seconds = max(0.0, ((ended or until) - begun).total_seconds())
    if ended is None and seconds <= targets[0].seconds:
        return None
    return Timed(alarm, begun, seconds, ended is not None, by, targets)


def answered(some: Iterable[Timed]) -> Answered:
    """Alarms in time, and how long it took."""
    some = list(some)
    times = sorted(one.seconds for one in some if one.over)
    return Answered(
        alarms=len(some),
        first=sum(one.late_by <= 0 for one in some),
        second=sum(one.over and one.in_second for one in some),
        of_second=sum(one.of_second for one in some),
        median_s=rank(times, 0.5),
        p95_s=rank(times, _P95),
        slowest_s=times[-1] if times else None,
    )


def together(some: Iterable[Answered]) -> Answered:
    """Counts of several spans in one; what took how long is not told of them."""
    some = list(some)
    names = ("alarms", "first", "second", "of_second")
    return Answered(**{name: sum(getattr(one, name) for one in some) for name in names})


def rank(times: Sequence[float], share: float) -> float | None:
    """The nearest rank of sorted ``times``: that ``share`` of them took no longer."""
    return times[max(0, ceil(share * len(times)) - 1)] if times else None


class Figures:
    """All figures of a period's alarms."""

    def __init__(self, alarms: Sequence[AlarmFacts], profile: Profile, until: datetime) -> None:
        self._alarms, self._profile = alarms, profile
        self._by = {
            measure: [one for alarm in alarms if (one := timed(alarm, measure, profile, until)) is not None]
            for measure in Measure
        }

    def priorities(self) -> tuple[PriorityFigures, ...]:
        """Each priority that operators see, also one without an alarm."""
        found = []
        for priority in (Priority.EMERGENCY, Priority.HIGH, Priority.MEDIUM, Priority.LOW):
            opened = sum(alarm.priority == priority for alarm in self._alarms)
            mine = {m: [one for one in some if one.alarm.priority == priority] for m, some in self._by.items()}
            found.append(
                PriorityFigures(
                    priority=priority,
                    targets=self._profile.response[priority],
                    opened=opened,
                    unmeasured=opened - len(mine[Measure.OPERATOR]),
                    operator=answered(mine[Measure.OPERATOR]),
                    handling=answered(mine[Measure.HANDLING]),
                )
            )
        return tuple(found)

    def groups(self) -> tuple[GroupFigures, ...]:
        """By customer group, the most alarms first; sites of none are left out, and where there is none all are."""
        mine: defaultdict[str, list[Timed]] = defaultdict(list)
        for one in self._by[Measure.OPERATOR]:
            mine[one.alarm.group].append(one)
        opened = Counter(alarm.group for alarm in self._alarms if alarm.group)
        return tuple(
            GroupFigures(group=group, opened=count, operator=answered(mine[group]))
            for group, count in sorted(opened.items(), key=lambda item: (-item[1], item[0]))[:MOST_GROUPS]
        )

    def late(self, measure: Measure) -> tuple[tuple[LateAlarm, ...], int]:
        """What missed its first target, the worst first, and how many there are."""
        late = sorted((one for one in self._by[measure] if one.late_by > 0), key=lambda one: -one.late_by)
        shown = tuple(
            LateAlarm(
                alarm=one.alarm.id,
                priority=Priority(one.alarm.priority),
                site=one.alarm.site,
                site_name=one.alarm.site_name,
                words=one.alarm.words,
                at=one.at,
                by=one.by,
                seconds=one.seconds,
                over_s=one.late_by,
                missed_both=not one.in_second,
            )
            for one in late[:MOST_LATE]
        )
        return shown, len(late)

    def emergencies(self) -> tuple[EmergencyMark, ...]:
        """Each Emergency with its time."""
        marks = [one for one in self._by[Measure.OPERATOR] if one.alarm.priority == Priority.EMERGENCY]
        marks.sort(key=lambda one: one.at)
        return tuple(
            EmergencyMark(alarm=one.alarm.id, at=one.at, seconds=one.seconds, late=one.late_by > 0)
            for one in marks[-MOST_MARKS:]
        )

    def hours(self) -> tuple[HourFigures, ...]:
        """By clock hour of their receipt and by priority."""
        opened: Counter[tuple[datetime, int]] = Counter(
            (_hour(alarm.opened_at), alarm.priority) for alarm in self._alarms
        )
        measured: defaultdict[tuple[datetime, int], list[Timed]] = defaultdict(list)
        for one in self._by[Measure.OPERATOR]:
            measured[_hour(one.alarm.opened_at), one.alarm.priority].append(one)
        return tuple(
            HourFigures(
                at=at,
                priority=Priority(priority),
                opened=count,
                alarms=len(measured[at, priority]),
                first=sum(one.late_by <= 0 for one in measured[at, priority]),
                second=sum(one.over and one.in_second for one in measured[at, priority]),
                of_second=sum(one.of_second for one in measured[at, priority]),
            )
            for (at, priority), count in sorted(opened.items())
        )

    def operators(self, flood: Flood) -> tuple[OperatorFigures, ...]:
        """Whoever acted first on something, or closed something; who answered most comes first."""
        mine: defaultdict[str, list[Timed]] = defaultdict(list)
        for one in self._by[Measure.OPERATOR]:
            if one.by:
                mine[one.by].append(one)
        closed = Counter(alarm.closed_by for alarm in self._alarms if alarm.closed_at and alarm.acted_at)
        found = []
        for name in sorted(mine, key=lambda name: (-len(mine[name]), name))[:MOST_OPERATORS]:
            times = [one.alarm.acted_at for one in mine[name] if one.alarm.acted_at is not None]
            load, floods = slots(times, flood)
            found.append(
                OperatorFigures(
                    name=name,
                    answered=answered(mine[name]),
                    closed=closed[name],
                    slots=tuple(LoadSlot(at=slot.at, alarms=slot.alarms, flood=slot.flood) for slot in load),
                    floods=floods,
                )
            )
        return tuple(found)

    def ends(self) -> tuple[tuple[EndFigures, ...], int, int]:
        """How they ended, the most frequent first; how many were false, and how many ended at all."""
        counts = Counter(alarm.disposition for alarm in self._alarms if alarm.disposition is not None)
        ends = tuple(
            EndFigures(disposition=disposition, alarms=count)
            for disposition, count in sorted(counts.items(), key=lambda item: (-item[1], item[0].value))
        )
        return ends, sum(counts[disposition] for disposition in FALSE), counts.total()


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)

"""What a workstation knows: a picture, and what the feed told since (architecture.md §1). No Qt, no HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.records import (
    AlarmState,
    AlarmView,
    Ask,
    AskKind,
    Beat,
    Entry,
    FeedItem,
    LeftTo,
    Picture,
    StormDoes,
    StormView,
    TestView,
)

ACTIVITY_KEPT = 40
LEAVES_AFTER = timedelta(seconds=10)
"""A cancelled Low alarm stays in sight, struck, for so long (visual.md §5)."""
_OVER_KEPT = 500

_LEAVES = ("taken", "released", "parked", "returned", "handed-over", "closed", "cancelled")
"""Entries that tell how an alarm came out of somebody's hands."""


@dataclass(slots=True)
class Known:
    """How everything stands, as far as this workstation was told."""

    picture: Picture | None = None
    event_id: str | None = None
    """Where to follow the feed from."""
    alarms: dict[str, AlarmView] = field(default_factory=dict)
    """Open alarms, and cancelled ones that leave soon, by id."""
    over: dict[str, None] = field(default_factory=dict)
    """Ids of alarms that were closed lately: late news of them brings them not back."""
    asks: tuple[Ask, ...] = ()
    """What is asked and not answered yet, oldest first."""
    given: dict[str, str] = field(default_factory=dict)
    """Alarms that somebody else put into these hands and nobody looked at yet, with what the journal says of it."""
    away: dict[str, str] = field(default_factory=dict)
    """Alarms that somebody else took out of these hands, the same."""
    tests: dict[str, tuple[TestView, ...]] = field(default_factory=dict)
    """By site id the tests that run there, oldest first; sites without one are not in it."""
    storms: dict[int, StormView] = field(default_factory=dict)
    """Storm profiles that are in force or planned, by number."""
    activity: list[Entry] = field(default_factory=list)
    """The newest entries, newest first."""
    beat: Beat | None = None
    heard_at: float | None = None
    """Workstation's monotonic seconds of the last word from the station."""
    _left: set[str] = field(default_factory=set)
    """Alarms that are known to have left these hands before an entry told how."""
    _queue: list[AlarmView] = field(default_factory=list)
    _queue_of: dict[AlarmState, list[AlarmView]] | None = None
    """What waits in the queue, and the order of all alarms that it was taken from."""
    _ordered: dict[AlarmState, list[AlarmView]] | None = None
    """The alarms by state, in the queue's order, until one changes: a dozen parts of the screen ask at a time."""

    def load(self, picture: Picture) -> None:
        """Start anew from a picture."""
        self.picture = picture
        self.event_id = picture.event_id
        self.alarms = {alarm.id: alarm for alarm in picture.alarms}
        self._ordered = None
        self.over.clear()
        self.away.clear()
        self._left.clear()
        self.asks = picture.asks
        self._keep_given()
        self.tests = {}
        for test in picture.tests:
            self.tests[test.site.id] = (*self.tests.get(test.site.id, ()), test)
        self.storms = {storm.id: storm for storm in picture.storms}
        self.activity = list(picture.activity[:ACTIVITY_KEPT])

    def apply(self, item: FeedItem) -> bool:
        """Take in one item of the feed. False where it is known already: an entry is never shown twice."""
        journal, _, seq = (self.event_id or ":0").partition(":")
        if item.entry.seq <= int(seq):
            return False
        self.event_id = f"{journal}:{item.entry.seq}"
        self.activity.insert(0, item.entry)
        del self.activity[ACTIVITY_KEPT:]
        if item.alarm is not None:
            self._change_hands(item)
            self.see(item.alarm)
            self._keep_given()
            if item.entry.kind in _LEAVES:
                self._left.discard(item.alarm.id)
        if item.asks is not None:
            self.asks = item.asks
        if item.tests is not None and item.entry.site is not None:
            self.tests[item.entry.site] = item.tests
            if not item.tests:
                del self.tests[item.entry.site]
        if item.targets is not None:
            self._measure_by(item.targets)
        if item.storms is not None:
            self.storms = {storm.id: storm for storm in item.storms}
        return True

    def _measure_by(self, targets: dict[int, int]) -> None:
        """Other response targets hold: for what is open as well."""
        if self.picture is not None:
            self.picture = self.picture.model_copy(update={"targets": targets})
        for alarm in self.alarms.values():
            target = targets.get(alarm.priority, alarm.target_s)
            self.alarms[alarm.id] = alarm.model_copy(update={"target_s": target})
        self._ordered = None

    def see(self, alarm: AlarmView) -> None:
        """Take in how one alarm stands: from the feed, or from the answer to an act. Older news changes nothing."""
        known = self.alarms.get(alarm.id)
        if known is not None and (alarm.version, alarm.last_seq) < (known.version, known.last_seq):
            return
        if alarm.state is AlarmState.CLOSED:
            self.over[alarm.id] = None
            if len(self.over) > _OVER_KEPT:
                del self.over[next(iter(self.over))]
        elif alarm.id in self.over:
            return
        self._ordered = None
        self._note_left(known, alarm)
        if alarm.state is AlarmState.CLOSED and (known is None or alarm.cancelled is None or alarm.priority < 4):
            self.alarms.pop(alarm.id, None)
        else:
            self.alarms[alarm.id] = alarm

    def looked_at(self, alarm: str) -> None:
        """Somebody opened an alarm in hand: it need not ring for having been put there."""
        self.given.pop(alarm, None)

    def _change_hands(self, item: FeedItem) -> None:
        """Note what others put into these hands, or took out of them (rulebook H)."""
        entry, alarm = item.entry, item.alarm
        if entry.kind != "handed-over" or alarm is None or self.picture is None:
            return
        me = (self.picture.me.login, self.picture.workstation)
        before = self.alarms.get(alarm.id)
        mine = alarm.state is AlarmState.HELD and (alarm.holder, alarm.workstation) == me
        own = entry.actor.name == self.picture.me.name and entry.actor.from_.startswith(f"{me[1]}, ")
        if own:
            return
        if mine:
            self.given[alarm.id] = entry.text
            self.away.pop(alarm.id, None)
        elif alarm.id in self._left or (before is not None and self._here(before)):
            self.away[alarm.id] = entry.text

    def _here(self, alarm: AlarmView) -> bool:
        """Whether an alarm is in these hands."""
        if self.picture is None or alarm.state is not AlarmState.HELD:
            return False
        return (alarm.holder, alarm.workstation) == (self.picture.me.login, self.picture.workstation)

    def _note_left(self, before: AlarmView | None, now: AlarmView) -> None:
        """An item of the feed has its alarm as it stands when it is sent: it may be gone before its entry says how."""
        if self._here(now):
            self._left.discard(now.id)
        elif before is not None and self._here(before):
            self._left.add(now.id)

    def _keep_given(self) -> None:
        if self.given:
            mine = {alarm.id for alarm in self.in_hand()}
            self.given = {alarm: text for alarm, text in self.given.items() if alarm in mine}

    def forget_left(self, now: datetime) -> bool:
        """Drop cancelled alarms that were in sight long enough; whether any went."""
        gone = [alarm.id for alarm in self.alarms.values() if alarm.closed_at and now - alarm.closed_at >= LEAVES_AFTER]
        for alarm in gone:
            del self.alarms[alarm]
            self._ordered = None
        return self._let_go(now) or bool(gone)

    def _let_go(self, now: datetime) -> bool:
        """What a storm profile held back until now is presented, also where the station does not say so (I4)."""
        past = [each for each in self.alarms.values() if each.storm is not None and each.storm.until <= now]
        for alarm in past:
            priority = alarm.own_priority or alarm.priority
            changed = {"storm": None, "priority": priority, "own_priority": 0}
            self.alarms[alarm.id] = alarm.model_copy(update=changed)
            self._ordered = None
        return bool(past)

    # -- questions ------------------------------------------------------------------------------

    def in_state(self, state: AlarmState) -> list[AlarmView]:
        """Alarms in a state, in the queue's order: priority, then age (G1)."""
        if self._ordered is None:
            self._ordered = {each: [] for each in AlarmState}
            for alarm in sorted(self.alarms.values(), key=urgency):
                self._ordered[alarm.state].append(alarm)
        return list(self._ordered[state])

    def all_waiting(self) -> list[AlarmView]:
        """Everything that waits, what storm profiles group and delay included."""
        return self.in_state(AlarmState.WAITING)

    def waiting(self, priority: int | None = None) -> list[AlarmView]:
        """What waits in the queue, of one priority or of all: of what a storm profile groups the first stands for all.

        What one delays is not in the queue yet.
        """
        if self._ordered is None or self._queue_of is not self._ordered:
            self._queue = _presented(self.all_waiting())
            self._queue_of = self._ordered
        return [alarm for alarm in self._queue if priority is None or alarm.priority == priority]

    def storms_in_force(self) -> list[StormView]:
        """The storm profiles that have begun, the next to end first."""
        found = [storm for storm in self.storms.values() if storm.begun_at is not None and storm.ended_at is None]
        return sorted(found, key=lambda storm: storm.ends_at)

    def storm_counts(self) -> dict[int, int]:
        """How many waiting alarms each storm profile groups, delays or lowers."""
        found: dict[int, int] = {}
        for alarm in self.all_waiting():
            if alarm.storm is not None:
                found[alarm.storm.id] = found.get(alarm.storm.id, 0) + 1
        return found

    def in_hand(self) -> list[AlarmView]:
        """What is in the hands of this workstation, the most urgent first."""
        if self.picture is None:
            return []
        me = (self.picture.me.login, self.picture.workstation)
        return [a for a in self.in_state(AlarmState.HELD) if (a.holder, a.workstation) == me]

    def ringing(self) -> list[AlarmView]:
        """What makes itself heard here: all that wait, and new signals or warnings on what is in hand (I4, I8).

        And what somebody else put there, until it is looked at.
        """
        mine = [a for a in self.in_hand() if a.unseen or a.idle_warned_at is not None or a.id in self.given]
        return sorted([*self.waiting(), *mine], key=urgency) if mine else self.waiting()

    def left_to(self, now: datetime) -> dict[str, LeftTo]:
        """What F1 leaves to others at this moment, by alarm."""
        return {one.alarm: one for one in (self.beat.left if self.beat is not None else ()) if one.until > now}

    def next_here(self, now: datetime) -> AlarmView | None:
        """What F1 takes here: as the station said, else the most urgent of what is not left to others."""
        left = self.left_to(now)
        offered = [alarm for alarm in self.waiting() if alarm.id not in left]
        named = self.beat.next if self.beat is not None else None
        first = offered[0] if offered else None
        # What came since the station said it is more urgent, or comes behind.
        of_it = (alarm for alarm in offered if alarm.id == named and first is not None)
        return next((alarm for alarm in of_it if alarm.priority == first.priority), first)  # type: ignore[union-attr]

    def lacking(self) -> dict[str, tuple[str, ...]]:
        """By alarm, what it needs and nobody who is signed in has."""
        waiting = {alarm.id for alarm in self.waiting()}
        told = self.beat.uncovered if self.beat is not None else ()
        return {one.alarm: one.lacks for one in told if one.alarm in waiting}

    def asked_here(self, *, supervisor: bool) -> list[Ask]:
        """What somebody else asks of whoever sits here: help of a supervisor, an alarm of its holder."""
        if self.picture is None:
            return []
        me = (self.picture.me.login, self.picture.workstation)
        mine = {alarm.id for alarm in self.in_hand()}
        return [
            one
            for one in self.asks
            if (one.login, one.workstation) != me and (supervisor if one.kind is AskKind.HELP else one.alarm in mine)
        ]

    def tests_by_age(self) -> list[TestView]:
        """All tests that run, oldest first (F3)."""
        return sorted((test for tests in self.tests.values() for test in tests), key=lambda test: test.since)

    def test_of(self, site: str | None) -> TestView | None:
        """The oldest test of a site, or None."""
        tests = self.tests.get(site or "", ())
        return tests[0] if tests else None

    def grown_old(self, now: datetime) -> list[TestView]:
        """Tests that have grown old, or that are past their end: each is a Low alarm as well (F3)."""
        old = timedelta(seconds=self.picture.test_old_s if self.picture is not None else 0)
        return [
            test
            for test in self.tests_by_age()
            if now - test.since >= old or test.past_end or (test.ends_at is not None and test.ends_at <= now)
        ]

    def findings(self) -> Iterable[str]:
        """The auditor's findings, the newest word on them (I4)."""
        if self.beat is not None:
            return self.beat.findings
        return self.picture.findings if self.picture is not None else ()


def _presented(waiting: Iterable[AlarmView]) -> list[AlarmView]:
    found, groups = [], set()
    for alarm in waiting:
        mark = alarm.storm
        if mark is not None and mark.does is not StormDoes.LOWER:
            if mark.does is StormDoes.DELAY or mark.id in groups:
                continue
            groups.add(mark.id)
        found.append(alarm)
    return found


def urgency(alarm: AlarmView) -> tuple[int, bool, datetime]:
    """Priority, then age (G1); what a storm profile groups comes after the others of its priority."""
    grouped = alarm.storm is not None and alarm.storm.does is StormDoes.GROUP
    return (alarm.priority, grouped, alarm.clock_from)

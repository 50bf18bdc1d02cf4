"""What a signal does: which alarm it joins or opens, what it only notes, what test mode keeps from the screens.

Rules: architecture.md §4 "Alarm and incident", I7, I13; rulebook F4, F5, G1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from console.station.codes import Kind
from console.station.rules import paths, transitions
from console.station.rules.alarm import Alarm, ZoneFact, settled, with_zone
from console.station.rules.alarm_words import PRIORITY_WORDS, changes, places
from console.station.rules.event_words import by_user, event_words
from console.station.rules.places import SiteFacts, Spot, apart
from console.station.rules.profile import Profile
from console.station.rules.scope import RunningTest, covering
from models.records import AlarmClass, AlarmState, Event, EventRole, Priority, Supervised, plain_number

_CONFIRMING = frozenset({"intrusion", "intrusion-confirmed"})


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """A signal at the moment it is journaled as number ``seq``."""

    seq: int
    account: str
    received_at: datetime
    panel_time: datetime | None
    events: tuple[Event, ...]
    out_of_window: bool = False
    """Its own time was refused: it presents alarms but changes nothing else (architecture.md §4)."""
    resend: bool = False
    """The same signal was presented already when it was answered NAK: its alarms are not presented again."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event on an alarm."""

    alarm: str
    part: int
    event: Event
    words: str
    place: str
    zone_name: str
    priority: int
    in_test: bool
    note: str


@dataclass(frozen=True, slots=True)
class Note:
    """A decision to journal beside the signal itself."""

    kind: str
    alarm: Alarm
    text: str


@dataclass(frozen=True, slots=True)
class AreaChange:
    """An area's state as the system transmitted it (B3)."""

    area: str
    state: str
    by: str


@dataclass(frozen=True, slots=True)
class Tested:
    """An event that is in test."""

    tests: tuple[RunningTest, ...]
    event: Event
    words: str
    place: str
    kind: str
    spot: Spot


@dataclass(slots=True)
class Routed:
    """The decisions about one signal."""

    alarms: dict[str, Alarm] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    areas: list[AreaChange] = field(default_factory=list)
    opened_outside: list[str] = field(default_factory=list)
    """Plain numbers of areas that were opened outside their supervised hours (D3)."""
    words: list[str] = field(default_factory=list)
    told_before: dict[int, str] = field(default_factory=dict)
    """Signals of other systems of the site that told the same, to the alarm: this one is a second line of theirs."""
    priority: int = int(Priority.LOG)
    in_test: bool = False
    tested: list[Tested] = field(default_factory=list)


def matter_of(site: SiteFacts, account: str, alarm_class: AlarmClass) -> str:
    """What an alarm is about: at most one is open for each (architecture.md §4)."""
    return f"{site.id}:{alarm_class.value}" if site.id is not None else f"unknown:{account}"


class Router:
    """Routes the events of one signal over the open alarms of its site."""

    def __init__(
        self,
        signal: SignalFacts,
        site: SiteFacts,
        open_alarms: dict[str, Alarm],
        *,
        kind_of: Callable[[str], Kind],
        new_id: Callable[[], str],
        profile: Profile,
    ) -> None:
        """``open_alarms``: by matter, every open alarm of the site (or of the unknown account)."""
        self._signal = signal
        self._site = site
        self._open = dict(open_alarms)
        self._before = {alarm.id: alarm.lifted() for alarm in open_alarms.values()}
        self._kind_of = kind_of
        self._new_id = new_id
        self._profile = profile
        self._routed = Routed()
        self._incident_had = min((alarm.priority for alarm in self._open.values()), default=int(Priority.LOG))

    def route(self) -> Routed:
        """Decide about every event of the signal, in their order."""
        for part, event in enumerate(self._signal.events):
            self._route(part, event)
        self._wake_parked()
        self._note_what_changed()
        return self._routed

    def _route(self, part: int, event: Event) -> None:
        kind = self._kind_of(event.kind)
        words = event_words(event, kind)
        area, zone = self._site.place(event)
        place = " / ".join(filter(None, (area, zone)))
        self._routed.words.append(" · ".join(filter(None, (words, place, by_user(event)))))
        tests = self._tests(kind, event)
        if tests:
            self._routed.in_test = True
            self._routed.tested.append(Tested(tests, event, words, place, kind.name, self._site.spot(event)))
        if event.role is EventRole.ALARM and kind.priority < Priority.LOG:
            self._routed.priority = min(self._routed.priority, int(kind.priority))
            if not self._signal.resend:
                self._present(part, event, kind, words, place, zone, tests)
        elif self._signal.out_of_window:
            return
        elif event.role is EventRole.RESTORE:
            self._restore(part, event, kind, words, place, zone)
        elif event.role in (EventRole.OPEN, EventRole.CLOSE):
            self._open_or_close(part, event, words, place)
        elif event.role is EventRole.CANCEL:
            self._cancel(part, event, words, place)

    def _tests(self, kind: Kind, event: Event) -> tuple[RunningTest, ...]:
        """F4: the tests that an event is in, by the time of receipt; none: it is presented."""
        if not self._site.tests:
            return ()
        where = self._site.where(self._signal.account, event)
        return covering(self._site.tests, kind, where, self._signal.received_at)

    def _present(
        self,
        part: int,
        event: Event,
        kind: Kind,
        words: str,
        place: str,
        zone: str,
        tests: tuple[RunningTest, ...],
    ) -> None:
        matter = matter_of(self._site, self._signal.account, kind.alarm_class)
        alarm = self._open.get(matter)
        in_test = bool(tests)
        if in_test and not _opened_before(alarm, tests):
            return
        # What concerns an area as a whole is named by it: of two areas that are late both are told.
        label = zone or (place if event.concerns == "area" else "")
        spot = self._site.spot(event)
        fact = ZoneFact(spot.area, spot.zone, label, kind.name, self._signal.received_at, names=spot.names)
        fact = replace(fact, code=event.code, seq=self._signal.seq, accounts=(self._signal.account,))
        known = paths.told_before(alarm, fact, self._profile) if alarm is not None else None
        if alarm is not None and known is not None:
            self._keep(paths.told_again(alarm, known, fact))
            self._routed.told_before[known.seq] = alarm.id
            self._routed.words[-1] += f" · second path of entry {known.seq}"
            note = f"second path, system {self._signal.account}"
            self._line(matter, part, event, words, place, zone, int(kind.priority), in_test, note)
            return
        if alarm is None:
            self._keep(self._opened(matter, kind, words, place, fact))
            note = ""
        else:
            joined, note = self._joined(alarm, kind, words, place, fact)
            self._keep(joined)
        self._line(matter, part, event, words, place, zone, int(kind.priority), in_test, note)

    def _opened(self, matter: str, kind: Kind, words: str, place: str, fact: ZoneFact) -> Alarm:
        now = self._signal.received_at
        identifier = self._new_id()
        neighbours = sorted(self._open.values(), key=lambda other: other.urgency)
        incident = neighbours[0].incident if neighbours else identifier
        alarm = Alarm(
            id=identifier,
            version=1,
            matter=matter,
            site=self._site.id,
            account=self._signal.account,
            alarm_class=kind.alarm_class,
            kind=kind.name,
            words=words,
            place=place,
            zones=(fact,),
            priority=int(kind.priority),
            life_safety=kind.life_safety,
            silent=kind.silent,
            state=AlarmState.WAITING,
            incident=incident,
            opened_at=now,
            clock_from=now,
            last_signal_at=now,
            last_signal_words=words,
            last_seq=self._signal.seq,
            unseen=1,
            out_of_window=self._signal.out_of_window,
        )
        holding = next((other for other in neighbours if other.state is AlarmState.HELD), None)
        if holding is None:
            return alarm
        # One operator has the alarms of one site together: it rings at the holder, on a clock of its own.
        return alarm.but(
            state=AlarmState.HELD,
            holder=holding.holder,
            holder_name=holding.holder_name,
            workstation=holding.workstation,
            held_since=now,
            last_act_at=now,
        )

    def _joined(self, alarm: Alarm, kind: Kind, words: str, place: str, fact: ZoneFact) -> tuple[Alarm, str]:
        # Whether a storm profile has it still is decided anew, of all that it is about then.
        alarm = alarm.lifted()
        new_zone = not any(zone.zone == fact.zone and zone.spot.may_be(fact.spot) for zone in alarm.zones)
        fact = settled(alarm.zones, fact)
        zones, beyond = with_zone(alarm.zones, fact)
        joined = alarm.but(
            zones=zones,
            zones_beyond=alarm.zones_beyond + beyond,
            signals=alarm.signals + 1,
            unseen=alarm.unseen + 1,
            last_signal_at=self._signal.received_at,
            last_signal_words=words,
            last_seq=self._signal.seq,
            silent=alarm.silent or kind.silent,
            life_safety=alarm.life_safety or kind.life_safety,
            out_of_window=alarm.out_of_window or self._signal.out_of_window,
        )
        if kind.priority < alarm.priority:
            joined = joined.but(kind=kind.name, words=words)
        priority = min(int(kind.priority), alarm.priority)
        confirmed = self._confirmed_zones(joined)
        if confirmed > 1:
            priority = min(priority, int(Priority.HIGH))
            if joined.kind in _CONFIRMING:
                joined = joined.but(words=f"Intrusion, {confirmed} zones confirmed")
        joined = joined.but(place=places(joined, place))
        if priority < alarm.priority:
            return self._raised(joined, priority), f"raised to {PRIORITY_WORDS[priority]}"
        return joined, "new zone" if new_zone else ""

    def _confirmed_zones(self, alarm: Alarm) -> int:
        """How many zones of intrusion alarmed within the confirmation window (architecture.md §4)."""
        earliest = self._signal.received_at - timedelta(seconds=self._profile.confirmation_s)
        return apart(zone.spot for zone in alarm.zones if zone.kind in _CONFIRMING and zone.at >= earliest)

    def _raised(self, alarm: Alarm, priority: int) -> Alarm:
        """A rise makes itself heard: its own clock starts where somebody had put the alarm aside or in hand."""
        raised = alarm.but(priority=priority, version=alarm.version + 1, escalated=0)
        if raised.state is AlarmState.HELD:
            return raised.but(clock_from=self._signal.received_at, taken_at=None)
        return raised

    def _wake_parked(self) -> None:
        """A signal of higher priority than its incident had: a parked alarm comes back (architecture.md §4)."""
        most = min((alarm.priority for alarm in self._open.values()), default=int(Priority.LOG))
        if most >= self._incident_had:
            return
        for alarm in list(self._open.values()):
            if alarm.state is AlarmState.PARKED:
                woken = transitions.wake(alarm, self._signal.received_at, "a signal of higher priority came")
                self._keep(woken.but(clock_from=self._signal.received_at, taken_at=None))

    def _restore(
        self,
        part: int,
        event: Event,
        kind: Kind,
        words: str,
        place: str,
        zone: str,
        restores: Callable[[Event, ZoneFact], bool] | None = None,
    ) -> None:
        """Restorals are noted; they end nothing but what the table lists (I13)."""
        matter = matter_of(self._site, self._signal.account, kind.alarm_class)
        alarm = self._open.get(matter)
        tests = self._tests(kind, event)
        if alarm is None or (tests and not _opened_before(alarm, tests)):
            # In test its alarm was not presented: its restoral is none of an alarm's that came from elsewhere (F4).
            return
        ends = restores or self._ends
        zones = tuple(
            replace(fact, restored=True) if fact.kind == kind.name and ends(event, fact) else fact
            for fact in alarm.zones
        )
        if restores is not None and zones == alarm.zones:
            return
        self._keep(alarm.but(zones=zones))
        self._line(matter, part, event, words, place, zone, int(Priority.LOG), bool(tests), "")
        noted = self._open[matter]
        if self._may_complete_itself(noted):
            self._keep(transitions.complete_itself(noted, f"restored: {words}", self._signal.received_at))

    def _ends(self, event: Event, fact: ZoneFact) -> bool:
        """Whether a restoral is of this zone: by its number, or of all that an area or a system told."""
        spot = self._site.spot(event)
        if not spot.zone:
            return not plain_number(event.area) or fact.area in ("", spot.area)
        return spot.may_be(fact.spot)

    def _may_complete_itself(self, alarm: Alarm) -> bool:
        return (
            alarm.state is AlarmState.WAITING
            and alarm.own == Priority.LOW
            and not alarm.zones_beyond
            and all(zone.restored and self._kind_of(zone.kind).self_completing for zone in alarm.zones)
        )

    def _open_or_close(self, part: int, event: Event, words: str, place: str) -> None:
        opens = event.role is EventRole.OPEN
        if not event.old:
            state = "disarmed" if opens else "armed"
            self._routed.areas.append(AreaChange(plain_number(event.area), state, by_user(event)))
            self._end_of_hours_alarm(part, event, self._kind_of("not-opened" if opens else "late-to-close"), place)
            if opens and self._opened_outside_hours(part, event, place):
                return
        self._note_on(AlarmClass.INTRUSION, part, event, words, place)

    def _end_of_hours_alarm(self, part: int, event: Event, kind: Kind, place: str) -> None:
        """What was not closed, or not opened, in time is so now: these Low kinds complete themselves (D3, I13)."""
        area = self._site.area_of(event.area)
        restored = replace(event, kind=kind.name, role=EventRole.RESTORE)
        self._restore(
            part,
            restored,
            kind,
            kind.restored_words,
            place,
            "",
            lambda _event, fact: not fact.restored and self._site.area_of(fact.area) == area,
        )

    def _opened_outside_hours(self, part: int, event: Event, place: str) -> bool:
        """D3: an opening outside the supervised hours is told when it is received; whether it got a line of its own."""
        area = self._site.area_of(event.area)
        schedule = self._site.hours.get(area)
        if schedule is None or not schedule.outside(self._signal.received_at):
            return False
        self._routed.opened_outside.append(area)
        if Supervised.OPENING not in schedule.hours.supervised:
            return False
        kind, before = self._kind_of("opening-outside-hours"), len(self._routed.lines)
        self._routed.words[-1] += " · outside supervised hours"
        self._routed.priority = min(self._routed.priority, int(kind.priority))
        # The user is no zone: two openings of one area are one place.
        told = replace(event, kind=kind.name, role=EventRole.ALARM, address=None, concerns="area")
        self._present(part, told, kind, kind.words, place, "", self._tests(kind, told))
        if len(self._routed.lines) == before:
            return False
        line = self._routed.lines[-1]
        self._routed.lines[-1] = replace(line, note=", ".join(filter(None, (by_user(event), line.note))))
        return True

    def _cancel(self, part: int, event: Event, words: str, place: str) -> None:
        """A panel's cancel or abort is noted beside the state and ends nothing (I13)."""
        for alarm_class in (AlarmClass.INTRUSION, AlarmClass.LIFE_SAFETY):
            matter = matter_of(self._site, self._signal.account, alarm_class)
            alarm = self._open.get(matter)
            if alarm is None or self._hidden(alarm, event):
                continue
            if alarm.cancelled_at is None:
                who = by_user(event) or "nobody named"
                self._keep(transitions.cancel(alarm, who, "panel", words, self._signal.received_at, by_panel=True))
            self._note_on(alarm_class, part, event, words, place)

    def _note_on(self, alarm_class: AlarmClass, part: int, event: Event, words: str, place: str) -> None:
        matter = matter_of(self._site, self._signal.account, alarm_class)
        alarm = self._open.get(matter)
        if alarm is not None and not self._hidden(alarm, event):
            in_test = bool(self._tests(self._kind_of(event.kind), event))
            self._line(matter, part, event, words, place, "", int(Priority.LOG), in_test, by_user(event))

    def _hidden(self, alarm: Alarm, event: Event) -> bool:
        """Whether an event is in test and says nothing on this alarm, which came from elsewhere (F4, F5)."""
        tests = self._tests(self._kind_of(event.kind), event)
        return bool(tests) and not _opened_before(alarm, tests)

    def _keep(self, alarm: Alarm) -> None:
        self._routed.alarms[alarm.id] = alarm
        if alarm.state is AlarmState.CLOSED:
            del self._open[alarm.matter]
        else:
            self._open[alarm.matter] = alarm

    def _line(
        self,
        matter: str,
        part: int,
        event: Event,
        words: str,
        place: str,
        zone: str,
        priority: int,
        in_test: bool,
        note: str,
    ) -> None:
        if self._signal.out_of_window:
            note = ", ".join(filter(None, (note, "outside its time window")))
        alarm = self._open[matter]
        self._routed.lines.append(Line(alarm.id, part, event, words, place, zone, priority, in_test, note))
        self._keep(alarm.but(last_seq=self._signal.seq))

    def _note_what_changed(self) -> None:
        for alarm in self._routed.alarms.values():
            for kind, text in changes(self._before.get(alarm.id), alarm):
                self._routed.notes.append(Note(kind, alarm, text))


def _opened_before(alarm: Alarm | None, tests: Iterable[RunningTest]) -> bool:
    """F5: a test never hides what already runs."""
    return alarm is not None and alarm.opened_at < min(test.since for test in tests)

"""Figures of a period as plots and lists show them: each in words, and what it leads to (G6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from models.records import (
    AlarmState,
    AlarmView,
    Answered,
    Disposition,
    EarlierFigures,
    HourFigures,
    JournalFilter,
    JournalGroup,
    LateAlarm,
    LoadSlot,
    OperatorFigures,
    Performance,
    Priority,
    PriorityFigures,
    ResponseTarget,
    SourceFigures,
    TestView,
)
from widgets.badge import BadgeStyle, style_of
from widgets.performance.graphs import Bar, moment_words
from widgets.performance.plot import Spot
from widgets.performance.rows import Row
from widgets.performance.tiles import Tile
from widgets.theme import priority_name
from widgets.words import clock, duration, headline, plural
from widgets.workspace.close_card import DISPOSITION_WORDS

SLOT = timedelta(minutes=10)
HOUR = timedelta(hours=1)
MARKED = timedelta(hours=8)
"""A test of this age is marked (visual.md §5)."""
_DAY = timedelta(hours=26)
OF_GROUP = "group:"
"""How the lead of a customer group's row begins: its figures alone."""
_OTHERS = (Priority.HIGH, Priority.MEDIUM, Priority.LOW)


def _tr(words: str) -> str:
    return QCoreApplication.translate("performance", words)


def _measured(done: Answered, nth: int) -> int:
    """Of how many alarms it is known whether they kept the first target, or the second."""
    return (done.alarms, done.of_second)[nth]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "–"


# -- tiles ----------------------------------------------------------------------------------------


def tiles(
    figures: Performance, alarms: Sequence[AlarmView], now: datetime, earlier: EarlierFigures | None = None
) -> list[Tile]:
    """In time for both targets of Emergency and of the others, beside the year before; what waits and is open now."""
    found = []
    by = {one.priority: one for one in figures.priorities}
    for name, some, year in (
        (
            priority_name(Priority.EMERGENCY),
            [by[Priority.EMERGENCY]],
            earlier.emergency if earlier is not None else None,
        ),
        (_tr("Others"), [by[priority] for priority in _OTHERS], earlier.others if earlier is not None else None),
    ):
        for nth in range(2):
            target = some[0].targets[nth]
            whole = sum(_measured(one.operator, nth) for one in some)
            kept = sum((one.operator.first, one.operator.second)[nth] for one in some)
            missed = bool(whole) and 100 * kept / whole < target.percent
            counted = _tr("{0} of {1}").format(kept, whole)
            against = _tr("below {0}%") if missed else _tr("target {0}%")
            second = f"{counted} · {against.format(f'{target.percent:g}')}" if whole else _tr("no alarms measured")
            if year is not None and _measured(year, nth):
                # Of the year the share alone: there is room for no more.
                share = _percent((year.first, year.second)[nth], _measured(year, nth))
                against = against.format(f"{target.percent:g}") if whole else _tr("none measured")
                second = _tr("{0} · 12 months {1}").format(against, share)
            title = _tr("{0}, within {1} s").format(name, target.seconds)
            found.append(Tile(title, _percent(kept, whole), second, missed))
    waiting = [alarm for alarm in alarms if alarm.state is AlarmState.WAITING]
    oldest = min(waiting, key=lambda alarm: alarm.clock_from, default=None)
    words = _tr("nobody waits")
    if oldest is not None:
        words = _tr("oldest {0}, {1}").format(duration(now - oldest.clock_from), priority_name(oldest.priority))
    found.append(Tile(_tr("Waiting now"), str(len(waiting)), words))
    open_ = [alarm for alarm in alarms if alarm.state is not AlarmState.CLOSED]
    parked = sum(alarm.state is AlarmState.PARKED for alarm in open_)
    lost = [alarm for alarm in open_ if forgotten(alarm, now)]
    said = _tr("{0} parked").format(parked)
    if lost:
        said += " · " + _tr("{0} forgotten").format(len(lost))
    found.append(Tile(_tr("Open alarms"), str(len(open_)), said, bool(lost)))
    return found


def forgotten(alarm: AlarmView, now: datetime) -> bool:
    """Nobody does anything about it: it waits for twice its target, or its holder has not acted for too long (I4)."""
    if alarm.state is AlarmState.WAITING:
        return (now - alarm.clock_from).total_seconds() > 2 * alarm.target_s
    if alarm.state is AlarmState.HELD:
        since = alarm.last_act_at or alarm.held_since
        idle = since is not None and (now - since).total_seconds() > alarm.idle_limit_s
        return idle and not alarm.doing
    return alarm.state is AlarmState.PARKED and alarm.parked_until is not None and alarm.parked_until < now


# -- what is open now -----------------------------------------------------------------------------


def open_rows(
    alarms: Sequence[AlarmView], tests: Sequence[TestView], old: Sequence[TestView], now: datetime
) -> list[Row]:
    """Open alarms, forgotten ones first, then the oldest; then tests by age."""
    open_ = [alarm for alarm in alarms if alarm.state is not AlarmState.CLOSED]
    rows = []
    for alarm in sorted(open_, key=lambda alarm: (not forgotten(alarm, now), alarm.opened_at)):
        state, since, who = {
            AlarmState.WAITING: (_tr("Waiting {0}"), alarm.clock_from, _tr("nobody")),
            AlarmState.HELD: (_tr("Held {0}"), alarm.held_since or alarm.opened_at, alarm.held_by or ""),
            AlarmState.PARKED: (_tr("Parked {0}"), alarm.last_act_at or alarm.opened_at, alarm.parked_by or ""),
        }[alarm.state]
        lost = forgotten(alarm, now)
        first = state.format(duration(now - since)) + (" · " + _tr("forgotten") if lost else "")
        # An outage is of no site and of no single system.
        where = alarm.site.name if alarm.site is not None else alarm.account
        second = " · ".join(part for part in (where, headline(alarm)) if part)
        why = alarm.park_reason or alarm.doing
        words = f"{alarm.id}, {priority_name(alarm.priority)}, {first}, {second}, {who}"
        spot = Spot(words, JournalFilter(alarm=alarm.id))
        badge = (alarm.priority, style_of(alarm))
        rows.append(Row(spot, first, second, who, why, badge=badge, loud=lost))
    rows += _tests(tests, old, now)
    return rows


def _tests(tests: Sequence[TestView], old: Sequence[TestView], now: datetime) -> list[Row]:
    """Tests by age, the oldest first: past their end, over the age at which one has grown old, over 8 h, the others."""
    aged = {id(test) for test in old}
    past = [test for test in tests if test.past_end or (test.ends_at is not None and test.ends_at <= now)]
    rest = [test for test in tests if test not in past]
    grown = [test for test in rest if id(test) in aged]
    young = [test for test in rest if id(test) not in aged]
    marked = [test for test in young if now - test.since >= MARKED]
    rows = []
    for some, one, many, loud in (
        (past, _tr("test past its end"), _tr("tests past their end"), True),
        (grown, _tr("test over 24 h"), _tr("tests over 24 h"), True),
        (marked, _tr("test of 8 to 24 h"), _tr("tests of 8 to 24 h"), False),
        ([test for test in young if test not in marked], _tr("test under 8 h"), _tr("tests under 8 h"), False),
    ):
        if some:
            first = plural(len(some), one, many)
            oldest = min(some, key=lambda test: test.since)
            second = _tr("oldest {0}, {1}").format(duration(now - oldest.since), oldest.site.name)
            rows.append(Row(Spot(f"{first}, {second}", "tests"), first, second, "", "F4", test=loud, loud=loud))
    return rows


# -- response -------------------------------------------------------------------------------------


def late_rows(some: Sequence[LateAlarm]) -> list[Row]:
    """Each with how late it was, where, and who answered."""
    rows = []
    for one in some:
        first = one.site_name or one.alarm
        who = one.by or _tr("nobody yet")
        second = f"{moment_words(one.at)} · {one.words}"
        words = _tr("{0}, {1}: {2} late, {3}, by {4}").format(
            one.alarm, priority_name(one.priority), duration(one.over_s), one.site_name, who
        )
        spot = Spot(words, JournalFilter(alarm=one.alarm))
        badge = (int(one.priority), BadgeStyle.HOLLOW)
        rows.append(Row(spot, first, second, f"+{duration(one.over_s)}", who, badge=badge, missed=one.missed_both))
    return rows


def mark_spots(figures: Performance) -> list[Spot]:
    """Each Emergency in words."""
    return [
        Spot(f"{mark.alarm} · {moment_words(mark.at)} · {duration(mark.seconds)}", JournalFilter(alarm=mark.alarm))
        for mark in figures.emergencies
    ]


def hour_bars(figures: Performance) -> list[Bar]:
    """The hours of a day in order; of a longer period each hour of the day, all its days together."""
    by_hour = figures.to - figures.from_ > _DAY
    mine = [hour for hour in figures.hours if hour.priority is not Priority.EMERGENCY]
    if by_hour:
        return [
            _bar(f"{hour:02d}", [one for one in mine if one.at.astimezone().hour == hour], figures)
            for hour in range(24)
        ]
    first = figures.from_.replace(minute=0, second=0, microsecond=0)
    bars, at = [], first
    while at < figures.to:
        some = [one for one in mine if one.at == at]
        bars.append(_bar(f"{at.astimezone():%H}", some, figures, at))
        at += HOUR
    return bars


def _bar(label: str, some: Sequence[HourFigures], figures: Performance, at: datetime | None = None) -> Bar:
    names = ("alarms", "first", "second", "of_second")
    alarms, first, second, of_second = (sum(getattr(one, name) for one in some) for name in names)
    words = _tr("{0} h: {1} of {2} in time, {3} in the second").format(label, first, alarms, second)
    # Of many days the one that was worst is where one looks first.
    worst = max(some, key=lambda one: (one.alarms - one.first, one.alarms), default=None)
    begin = at or (worst.at if worst is not None else None)
    lead = None
    if begin is not None and alarms:
        lead = JournalFilter(from_=begin, to=begin + HOUR, groups=(JournalGroup.ALARM,), priorities=_OTHERS)
        if at is None:
            words += " · " + _tr("opens {0}").format(moment_words(begin))
    return Bar(label, Spot(words, lead), alarms, first, second, of_second)


def priority_rows(figures: Performance) -> list[Row]:
    """Each priority: in time, median, p95, slowest; how many."""
    if not any(one.opened for one in figures.priorities):
        return []
    return [_priority_row(one, figures) for one in figures.priorities]


def _priority_row(one: PriorityFigures, figures: Performance) -> Row:
    done, (first, second) = one.operator, one.targets
    missed = _missed(done, one.targets)
    shares = _shares(done)
    times = _tr("nobody answered one")
    if done.median_s is not None and done.p95_s is not None and done.slowest_s is not None:
        times = _tr("median {0} · p95 {1} · slowest {2}").format(
            duration(done.median_s), duration(done.p95_s), duration(done.slowest_s)
        )
    within = _tr("in {0} s / {1} s").format(first.seconds, second.seconds)
    name = priority_name(one.priority)
    lead = JournalFilter(from_=figures.from_, to=figures.to, groups=(JournalGroup.ALARM,), priorities=(one.priority,))
    words = f"{name}: {one.opened}, {shares} {within}, {times}"
    badge = (int(one.priority), BadgeStyle.HOLLOW)
    head = f"{name} · {shares}" if done.alarms else name
    return Row(Spot(words, lead), head, times, str(one.opened), "", badge=badge, loud=missed)


def group_rows(figures: Performance) -> list[Row]:
    """Each customer group: in time, how many; Enter shows its figures alone."""
    if figures.group:
        return []
    rows = []
    for one in figures.groups:
        done = one.operator
        head = f"{one.group} · {_shares(done)}" if done.alarms else one.group
        words = _tr("{0}: {1} alarms, {2}").format(one.group, one.opened, _shares(done))
        second = _tr("customer group · Enter: its figures alone")
        rows.append(Row(Spot(words, f"{OF_GROUP}{one.group}"), head, second, str(one.opened)))
    return rows


def _missed(done: Answered, targets: tuple[ResponseTarget, ResponseTarget]) -> bool:
    kept = (done.first, done.second)
    return any(100 * kept[nth] < targets[nth].percent * _measured(done, nth) for nth in range(2))


def _shares(done: Answered) -> str:
    """``94.1% / 100.0%``."""
    return f"{_percent(done.first, done.alarms)} / {_percent(done.second, done.of_second)}"


# -- operators ------------------------------------------------------------------------------------


def slot_words(operator: OperatorFigures, at: datetime, slot: LoadSlot | None) -> str:
    """One operator's ten minutes, and the operator altogether."""
    done = operator.answered
    flood = f" ({_tr('flood')})" if slot is not None and slot.flood else ""
    count = slot.alarms if slot is not None else 0
    median = duration(done.median_s) if done.median_s is not None else "–"
    p95 = duration(done.p95_s) if done.p95_s is not None else "–"
    return _tr("{0} {1}: {2}{3} · all {4}, median {5}, p95 {6}, closed {7}").format(
        operator.name, clock(at)[:5], count, flood, done.alarms, median, p95, operator.closed
    )


def slot_lead(operator: OperatorFigures, at: datetime) -> JournalFilter:
    """What this operator had in those ten minutes."""
    return JournalFilter(operator=operator.name, from_=at, to=at + SLOT, groups=(JournalGroup.TAKEN,))


# -- ends and zones -------------------------------------------------------------------------------


def end_rows(figures: Performance) -> list[Row]:
    """How they ended, the most frequent first."""
    most = max((one.alarms for one in figures.ends), default=1)
    rows = []
    for one in figures.ends:
        name = _ending(one.disposition)
        if one.disposition is Disposition.SELF_COMPLETED:
            lead = JournalFilter(from_=figures.from_, words="completed itself")
        else:
            words = one.disposition.value.replace("-", " ")
            lead = JournalFilter(from_=figures.from_, groups=(JournalGroup.CLOSED,), words=words)
        share = _percent(one.alarms, figures.closed)
        spot = Spot(f"{name}: {one.alarms}, {share}", lead)
        rows.append(Row(spot, name, right=str(one.alarms), share=one.alarms / most))
    return rows


def _ending(disposition: Disposition) -> str:
    if disposition is Disposition.SELF_COMPLETED:
        return _tr("Completed itself")
    return QCoreApplication.translate("dispositions", str(DISPOSITION_WORDS[disposition]))


def _zone(one: SourceFigures) -> str:
    """``07 PIR shop``; zone 000 is the system itself, whatever it is about."""
    number = one.zone if one.zone is not None and one.zone.strip("0") else ""
    if one.zone_name and number and number not in one.zone_name:
        return f"{number} {one.zone_name}"
    if one.zone_name and one.zone_name != one.zone:
        return one.zone_name
    return _tr("Zone {0}").format(number) if number else _tr("The system itself")


def source_rows(figures: Performance) -> list[Row]:
    """The zones that alarm most."""
    rows = []
    for one in figures.sources:
        where = one.site_name or one.site or _tr("unknown account")
        first = _zone(one)
        alarms = plural(one.alarms, _tr("alarm"), _tr("alarms"))
        lead = JournalFilter(
            site=one.site or "", area=one.area or "", from_=figures.from_, to=figures.to, groups=(JournalGroup.SIGNAL,)
        )
        spot = Spot(f"{first}, {where}: {one.signals}, {alarms}", lead)
        rows.append(Row(spot, first, where, str(one.signals), alarms))
    return rows

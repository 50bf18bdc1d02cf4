"""Storm profiles touch technical alarms alone, lose nothing, and give all of it back at their end (I4, I13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.station.codes import Kind, kind, kinds
from console.station.rules import outage, transitions
from console.station.rules import storm as rule
from console.station.rules.alarm import Alarm, ZoneFact
from console.station.rules.outage import Count
from console.station.rules.profile import DEFAULT_PROFILE
from console.station.rules.refusal import Refused
from console.station.rules.routing import Router, SignalFacts
from console.station.rules.storm import Facts, Storm
from models.records import AlarmClass, AlarmState, Priority, StormDoes, StormScope
from tests.console.station.rules.facts import CLAES, NOW, SITE, alarm, events, later

GENT = Facts("9000", frozenset({"Fixnet"}))
ALL = StormScope(classes=rule.CLASSES)


def technical(name: str = "water", *more: str, **changes: Any) -> Alarm:
    """A waiting alarm about kinds of the table, as its first signal opened it."""
    of = kind(name)
    zones = tuple(ZoneFact("1", str(nth), each, each, NOW) for nth, each in enumerate((name, *more)))
    given_ = {
        "matter": f"S1:{of.alarm_class.value}",
        "alarm_class": of.alarm_class,
        "kind": name,
        "words": of.words,
        "zones": zones,
        "priority": int(of.priority),
        "life_safety": of.life_safety,
        "silent": of.silent,
    }
    return alarm(**{**given_, **changes})


def storm(does: StormDoes = StormDoes.GROUP, scope: StormScope = ALL, number: int = 7, **changes: Any) -> Storm:
    return Storm(
        **{
            "id": number,
            "name": "Ciara",
            "scope": scope,
            "does": does,
            "delay": timedelta(minutes=10),
            "begun_at": later(-3600),
            "ends_at": later(3600),
            **changes,
        }
    )


def settled(one: Alarm, *storms: Storm, at: datetime = NOW, facts: Facts = GENT) -> Alarm:
    return rule.settled(one, storms, facts, kind, at)


# -- what is covered ------------------------------------------------------------------------------

COVERED = {
    "water", "environmental", "mains-failure", "low-battery", "power-trouble", "trouble", "supervisory",
    "door-held", "communication", "link-lost", "late-to-close", "not-opened", "outage",
}  # fmt: skip


@pytest.mark.parametrize("name", [*kinds(), "never heard of"])
def test_which_kinds_may_be_covered_is_a_table(name: str) -> None:
    assert rule.may_cover(kind(name)) == (name in COVERED)


@pytest.mark.parametrize(
    "changes",
    [{"life_safety": True}, {"silent": True}, {"priority": Priority.EMERGENCY}, {"priority": Priority.LOG}],
)
def test_whatever_a_table_says_of_a_technical_kind_life_safety_is_never_covered(changes: dict[str, Any]) -> None:
    assert rule.may_cover(kind("water"))
    assert not rule.may_cover(replace(kind("water"), **changes))


@pytest.mark.parametrize("does", list(StormDoes))
@pytest.mark.parametrize("name", ["water", "mains-failure", "link-lost"])
def test_what_each_does_with_a_low_technical_alarm(name: str, does: StormDoes) -> None:
    before = technical(name)
    after = settled(before, storm(does))
    if does is StormDoes.LOWER:
        assert after is before, "nothing is lower than Low, and nothing becomes log only"
        return
    assert (after.storm, after.storm_does, after.priority) == (7, does.value, 4)
    assert after.storm_until == (later(3600) if does is StormDoes.GROUP else later(600))
    assert (after.clock_from, after.version) == (before.clock_from, before.version)
    assert rule.presented(after, NOW) is (does is StormDoes.GROUP)


def test_lowered_is_low_and_keeps_its_own_priority_for_the_end() -> None:
    lost = technical("outage", site=None, account="", matter="outage:Fixnet", zones=())
    named = StormScope(kinds=("outage",))
    facts = Facts("", frozenset({"Fixnet"}))
    low = settled(lost, storm(StormDoes.LOWER, named), facts=facts)
    assert (low.priority, low.own_priority, low.own) == (4, 2, 2)
    assert low.version == lost.version + 1, "an act that was meant for High is refused (I11)"
    back = settled(low, at=later(10))
    assert (back.priority, back.own_priority, back.clock_from) == (2, 0, lost.clock_from)
    assert settled(lost, storm(StormDoes.LOWER), facts=facts) is lost, "with all of its class it is not meant"
    for does in (StormDoes.GROUP, StormDoes.DELAY):
        assert settled(lost, storm(does, named), facts=facts) is lost, "it is one row already"


def test_a_lowered_outage_stays_low_as_it_grows_and_is_heard_where_a_site_falls_silent_late() -> None:
    opened = outage.opened("A-1", "Fixnet", Count(20, 0, 5), 1, NOW)
    named = storm(StormDoes.LOWER, StormScope(kinds=("outage",), providers=("Fixnet",)))
    low = settled(opened, named, facts=Facts("", frozenset({"Fixnet"})))
    grown = outage.counted(low, Count(30, 0, 9), "Link lost", 2, later(60))
    assert (grown.priority, grown.own, grown.version) == (4, 2, low.version)
    late = outage.counted(grown, Count(31, 0, 10), "Link lost", 3, later(1200), late=True)
    assert (late.priority, late.own_priority, late.storm) == (2, 0, None)
    assert late.version == grown.version + 1


def test_what_is_lowered_is_ended_by_nothing_that_ends_a_low_alarm() -> None:
    low = technical("outage", site=None, priority=4, own_priority=2, storm=7, storm_does="lower", storm_until=later(9))
    assert transitions.cancel(low, "E. Laurent", "app", "my own", NOW).state is AlarmState.WAITING
    with pytest.raises(Refused):
        transitions.complete_itself(low, "restored", NOW)
    assert not outage.may_gather(low.but(kind="link-lost"), ["1001"])
    taken = transitions.take(low, CLAES, NOW)
    assert (taken.priority, taken.own_priority, taken.storm) == (2, 0, None)


def test_a_signal_of_its_own_priority_raises_no_lowered_alarm_and_takes_its_mark_to_be_decided_anew() -> None:
    def medium(name: str) -> Kind:
        return replace(kind(name), priority=Priority.MEDIUM) if name == "water" else kind(name)

    low = technical(priority=4, own_priority=3, storm=7, storm_does="lower", storm_until=later(3600))
    signal = SignalFacts(20, "1001", later(5), None, events("Nri1/WA12"))
    routed = Router(
        signal, SITE, {low.matter: low}, kind_of=medium, new_id=lambda: "A-2", profile=DEFAULT_PROFILE
    ).route()
    [joined] = routed.alarms.values()
    assert (joined.own, joined.storm, joined.signals, joined.version) == (3, None, 2, low.version)
    assert [note.kind for note in routed.notes] == []


@pytest.mark.parametrize(
    ("scope", "facts", "covered"),
    [
        (StormScope(kinds=("water",)), GENT, True),
        (StormScope(kinds=("mains-failure",)), GENT, False),
        (StormScope(classes=(AlarmClass.TECHNICAL,)), GENT, True),
        (StormScope(classes=(AlarmClass.SUPERVISION,)), GENT, False),
        (StormScope(), GENT, False),
        (StormScope(kinds=("water",), postcodes=("90",)), GENT, True),
        (StormScope(kinds=("water",), postcodes=("B-90",)), Facts("b 9000"), True),
        (StormScope(kinds=("water",), postcodes=("91", "8")), GENT, False),
        (StormScope(kinds=("water",), postcodes=("90",)), Facts(""), False),
        (StormScope(kinds=("water",), providers=("fixnet",)), GENT, True),
        (StormScope(kinds=("water",), providers=("Other",)), GENT, False),
        (StormScope(kinds=("water",), providers=("Fixnet",)), Facts("9000", frozenset({""})), False),
        (StormScope(kinds=("water",), providers=("Fixnet",)), Facts("9000", frozenset({"Fixnet", "Other"})), False),
        (StormScope(kinds=("water",), providers=("Fixnet",)), Facts("9000"), False),
        (StormScope(kinds=("water",), postcodes=("90",), providers=("Other",)), GENT, False),
    ],
)
def test_what_a_scope_covers_is_a_table(scope: StormScope, facts: Facts, covered: bool) -> None:
    assert rule.covers(scope, technical(), facts, kind) is covered


def test_an_alarm_about_several_kinds_is_covered_with_all_of_them_alone() -> None:
    both = technical("water", "mains-failure")
    assert settled(both, storm(scope=StormScope(kinds=("water",)))) is both
    assert settled(both, storm()).storm == 7


@pytest.mark.parametrize(
    "changes",
    [
        {"life_safety": True},
        {"silent": True},
        {"priority": 1},
        {"state": AlarmState.HELD},
        {"state": AlarmState.PARKED},
        {"state": AlarmState.CLOSED},
        {"taken_at": NOW},
        {"returned_at": NOW},
        {"alarm_class": AlarmClass.LIFE_SAFETY},
        {"alarm_class": AlarmClass.SERVICE},
        {"kind": "never heard of"},
    ],
)
def test_what_somebody_had_or_what_is_more_than_technical_is_left_alone(changes: dict[str, Any]) -> None:
    one = technical(**changes)
    for does in StormDoes:
        assert settled(one, storm(does)) is one


def test_of_several_profiles_the_one_that_hides_least_has_it() -> None:
    group, delay = storm(StormDoes.GROUP, number=9), storm(StormDoes.DELAY, number=8)
    assert settled(technical(), delay, group).storm == 9
    assert settled(technical(), delay).storm == 8


# -- time -----------------------------------------------------------------------------------------


def test_a_delay_counts_from_receipt_and_ends_at_the_profiles_end_at_the_latest() -> None:
    delay = storm(StormDoes.DELAY, ends_at=later(300))
    assert settled(technical(), delay).storm_until == later(300)
    waited = technical(clock_from=later(-599))
    assert settled(waited, storm(StormDoes.DELAY)).storm_until == later(1)
    waited = technical(clock_from=later(-600))
    assert settled(waited, storm(StormDoes.DELAY)) is waited, "it has waited that long already"


def test_a_clock_that_was_set_back_holds_nothing_for_longer() -> None:
    early = technical(clock_from=later(7200), opened_at=later(7200))
    assert settled(early, storm(StormDoes.DELAY)).storm_until == later(600)
    assert settled(technical(), storm(begun_at=later(61))) == technical(), "before its begin it is over"
    assert storm(begun_at=later(61)).over(NOW)
    assert not storm(begun_at=later(59)).over(NOW)


# -- properties -----------------------------------------------------------------------------------

names = st.sampled_from([*kinds(), "never heard of"])
moments = st.integers(-20_000, 20_000).map(later)


@st.composite
def alarms(draw: st.DrawFn) -> Alarm:
    first = draw(names)
    made = technical(first, *draw(st.lists(names, max_size=2)))
    zones = [kind(zone.kind) for zone in made.zones]
    priority = min(int(of.priority) for of in zones)
    return made.but(
        priority=min(priority, 4),
        life_safety=any(of.life_safety for of in zones) or (draw(st.booleans()) and draw(st.booleans())),
        silent=any(of.silent for of in zones),
        state=draw(st.sampled_from([AlarmState.WAITING] * 4 + list(AlarmState))),
        taken_at=draw(st.sampled_from([None, None, None, NOW])),
        clock_from=draw(moments),
    )


@st.composite
def profiles(draw: st.DrawFn) -> list[Storm]:
    scope = st.builds(
        StormScope,
        kinds=st.lists(names, max_size=4).map(tuple),
        classes=st.lists(st.sampled_from(list(AlarmClass)), max_size=3).map(tuple),
        postcodes=st.sampled_from([(), (), ("90",), ("1",)]),
        providers=st.sampled_from([(), (), ("Fixnet",), ("Other",)]),
    )
    one = st.builds(
        Storm,
        id=st.integers(1, 5),
        name=st.just("Ciara"),
        scope=scope,
        does=st.sampled_from(list(StormDoes)),
        delay=st.integers(1, 120).map(lambda minutes: timedelta(minutes=minutes)),
        begun_at=moments,
        ends_at=moments,
    )
    return draw(st.lists(one, max_size=4))


@given(alarms(), profiles(), moments)
def test_life_safety_intrusion_and_what_is_unknown_are_never_touched(
    one: Alarm, storms: list[Storm], now: datetime
) -> None:
    told = [kind(name) for name in {one.kind, *(zone.kind for zone in one.zones)}]
    outside = (
        one.life_safety
        or one.silent
        or any(
            of.life_safety or of.silent or of.alarm_class not in rule.CLASSES or of.priority <= Priority.EMERGENCY
            for of in told
        )
    )
    after = settled(one, *storms, at=now)
    if outside or one.state is not AlarmState.WAITING or one.taken_at is not None:
        assert after is one


@given(alarms(), profiles(), moments)
def test_nothing_but_its_mark_and_its_priority_is_changed_and_that_to_low_at_most(
    one: Alarm, storms: list[Storm], now: datetime
) -> None:
    after = settled(one, *storms, at=now)
    allowed = {"storm", "storm_does", "storm_until", "priority", "own_priority", "version"}
    assert set(after.differs_from(one)) <= allowed
    assert one.priority <= after.priority <= Priority.LOW
    assert after.own == one.own
    assert after.lifted().but(version=one.version) == one
    if after.storm is not None and after.storm_until is not None:
        [its] = [each for each in storms if each.id == after.storm and each.does.value == after.storm_does][:1]
        assert its is not None
        assert now < after.storm_until <= max(each.ends_at for each in storms if each.id == after.storm)
    else:
        assert rule.presented(after, now)


@given(alarms(), profiles(), moments, moments)
def test_I4_at_the_end_of_all_profiles_everything_is_presented_with_its_own_priority_and_clock(
    one: Alarm, storms: list[Storm], now: datetime, then: datetime
) -> None:
    held = settled(one, *storms, at=now)
    end = max([then, *(each.ends_at for each in storms)])
    back = settled(held, *storms, at=end)
    assert (back.storm, back.storm_until, back.priority, back.clock_from) == (None, None, one.priority, one.clock_from)
    assert rule.presented(back, end)
    # Also where the profiles are gone from the tables altogether, or ended by hand.
    assert settled(held, at=now).but(version=one.version) == one


@given(alarms(), profiles(), moments)
def test_what_is_settled_stays_as_it_is_until_something_changes(one: Alarm, storms: list[Storm], now: datetime) -> None:
    once = settled(one, *storms, at=now)
    assert settled(once, *storms, at=now) is once


@given(st.lists(alarms(), max_size=6), profiles(), moments)
def test_every_waiting_alarm_is_in_the_queue_or_counted_as_delayed(
    some: list[Alarm], storms: list[Storm], now: datetime
) -> None:
    after = [settled(one, *storms, at=now) for one in some]
    in_queue = [one for one in after if rule.presented(one, now)]
    delayed = [one for one in after if one.storm is not None and one.storm_does == StormDoes.DELAY.value]
    assert len(in_queue) + len(delayed) == len(some)

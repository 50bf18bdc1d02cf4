"""Link supervision and outages as rules: read as a checklist (dc09.md §4, architecture.md §4 and §5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from console.station.rules import outage
from console.station.rules.alarm import Alarm, ZoneFact
from console.station.rules.outage import Count
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.rules.supervision import Links
from models.records import AlarmClass, AlarmState
from tests.console.station.rules.facts import NOW, alarm


def watched(**limits: float) -> Links:
    links = Links()
    links.watch(limits, [], 0.0)
    return links


def test_silence_within_the_limit_says_nothing_and_beyond_it_is_told_once() -> None:
    links = watched(A=120)
    assert links.silent(119.9) == []
    assert links.silent(120.0) == ["A"]
    links.told(["A"], [])
    assert links.silent(9999.0) == []


def test_what_was_not_journaled_is_told_again() -> None:
    links = watched(A=120)
    assert links.silent(120.0) == ["A"]
    assert links.silent(121.0) == ["A"]


def test_any_frame_counts_as_alive() -> None:
    links = watched(A=120)
    links.heard("A", 100.0)
    assert links.silent(219.0) == []
    assert links.silent(220.0) == ["A"]


def test_a_frame_before_the_loss_was_journaled_takes_it_back() -> None:
    links = watched(A=120)
    assert links.silent(120.0) == ["A"]
    links.heard("A", 121.0)
    assert links.silent(122.0) == []
    assert links.returned() == []
    assert links.silent(241.0) == ["A"]


def test_a_lost_link_that_is_heard_is_told_back_and_may_be_lost_again() -> None:
    links = watched(A=120)
    links.silent(120.0)
    links.told(["A"], [])
    links.heard("A", 500.0)
    assert links.returned() == ["A"]
    links.told([], ["A"])
    assert links.returned() == []
    assert links.silent(619.0) == []
    assert links.silent(620.0) == ["A"]


def test_after_a_start_each_system_gets_one_whole_limit_and_what_was_lost_before_is_not_told_again() -> None:
    links = Links()
    links.watch({"A": 120, "B": 60}, ["B"], 1000.0)
    assert links.silent(1119.0) == []
    assert links.silent(1120.0) == ["A"]
    links.heard("B", 1121.0)
    assert links.returned() == ["B"]


def test_a_new_limit_counts_from_the_change_and_others_go_on() -> None:
    links = watched(A=120, B=120)
    links.watch({"A": 60, "B": 120}, [], 100.0)
    assert links.silent(130.0) == ["B"]
    assert links.silent(160.0) == ["A", "B"]


def test_who_is_supervised_no_longer_is_never_told() -> None:
    links = watched(A=120)
    links.watch({}, [], 10.0)
    links.heard("A", 20.0)
    assert links.silent(500.0) == []


def test_what_the_tables_say_holds_told_elsewhere_or_anew() -> None:
    links = watched(A=120, B=120)
    links.stands(["A"], 50.0)
    assert links.silent(120.0) == ["B"]
    links.told(["B"], [])
    links.stands([], 200.0)
    assert links.silent(319.0) == []
    assert links.silent(320.0) == ["A", "B"]


def test_a_panel_that_another_station_hears_is_not_lost() -> None:
    links = watched(A=120, B=120)
    assert links.silent(120.0) == ["A", "B"]
    links.heard_elsewhere("A", 100.0)
    links.heard_elsewhere("B", -5.0)
    assert links.silent(120.0) == ["B"]
    assert links.silent(220.0) == ["A", "B"]


def test_what_was_heard_here_is_shared_once() -> None:
    links = watched(A=120, B=120)
    links.heard("A", 3.0)
    links.heard("unknown", 4.0)
    assert links.to_share() == {"A": 3.0}
    assert links.to_share() == {}


def test_a_hundred_thousand_systems_cost_a_step_each_time_their_limit_passes_and_no_more() -> None:
    links = Links()
    links.watch({f"{n:05X}": 90.0 for n in range(100_000)}, [], 0.0)
    steps = 0
    for second in range(89):
        links.silent(float(second))
        steps += len(links._due) != 100_000
    assert steps == 0, "a second before anything can be due touches nothing"


# -- outage ---------------------------------------------------------------------------------------

PROFILE = Profile(outage_systems=3, outage_window_s=300)


@pytest.mark.parametrize(
    ("ages_s", "begins"),
    [
        ([0, 10], False),
        ([0, 10, 299], True),
        ([0, 10, 300], False),
        ([0, 0, 0, 900], True),
        ([900, 900, 900], False),
        ([], False),
    ],
)
def test_so_many_within_the_window_are_one_outage(ages_s: list[int], begins: bool) -> None:
    assert outage.begins([NOW - timedelta(seconds=age) for age in ages_s], NOW, PROFILE) is begins


def test_it_is_high_while_sites_have_no_other_path_and_low_while_all_have() -> None:
    assert outage.opened("A-1", "Fixnet", Count(30, 0, 4), 9, NOW).priority == 2
    assert outage.opened("A-1", "Fixnet", Count(30, 0, 0), 9, NOW).priority == 4


def test_a_site_without_another_path_raises_it_and_it_rings_at_its_holder() -> None:
    low = outage.opened("A-1", "Fixnet", Count(30, 0, 0), 9, NOW)
    held = replace(low, state=AlarmState.HELD, holder="an", taken_at=NOW)
    later = NOW + timedelta(seconds=40)
    raised = outage.counted(held, Count(31, 0, 1), "Link lost", 12, later)
    assert (raised.priority, raised.unseen, raised.clock_from, raised.version) == (2, 1, later, held.version + 1)


def test_I13_an_outage_falls_back_by_the_rule_that_raised_it_and_loses_nothing() -> None:
    high = replace(
        outage.opened("A-1", "Fixnet", Count(30, 0, 4), 9, NOW),
        state=AlarmState.HELD,
        holder="an",
        unseen=3,
        escalated=2,
    )
    still = outage.counted(high, Count(27, 3, 1), "Link restored", 80, NOW)
    assert (still.priority, still.version) == (2, high.version), "one site has no path yet"
    low = outage.counted(high, Count(26, 4, 0), "Link restored", 80, NOW + timedelta(seconds=40))
    assert (low.priority, low.version) == (4, high.version + 1)
    assert [getattr(low, name) for name in ("state", "holder", "unseen", "escalated", "clock_from")] == [
        getattr(high, name) for name in ("state", "holder", "unseen", "escalated", "clock_from")
    ]
    assert outage.counted(low, Count(27, 4, 1), "Link lost", 90, NOW).priority == 2, "and rises again"


def test_I13_that_all_are_back_ends_nothing() -> None:
    alarm_ = outage.opened("A-1", "Fixnet", Count(30, 0, 4), 9, NOW)
    back = outage.counted(alarm_, Count(0, 30, 0), "Link restored", 80, NOW)
    assert (back.state, back.priority, back.place) == (AlarmState.WAITING, 4, "0 off line, 30 back")


def test_I4_it_cannot_be_closed_over_systems_that_are_off_line() -> None:
    assert outage.missing(Count(2, 10, 0)) == (
        "2 systems are still off line: wait for them, or give them rows of their own.",
    )
    assert outage.missing(Count(0, 12, 0)) == ()


def zone_fact(kind: str) -> ZoneFact:
    return ZoneFact("", "system 1001", "system 1001", kind, NOW)


def lost_row(**changes: Any) -> Alarm:
    facts: dict[str, Any] = {"alarm_class": AlarmClass.SUPERVISION, "kind": "link-lost", "priority": 4}
    return alarm(**{**facts, "zones": (zone_fact("link-lost"),), **changes})


def test_a_row_about_a_lost_link_alone_goes_on_in_the_outage() -> None:
    gathered = outage.gather(lost_row(), "A-9", {"1001"}, NOW)
    assert (gathered.state, gathered.close_reason) == (AlarmState.CLOSED, "goes on in A-9")


@pytest.mark.parametrize(
    "changes",
    [
        {"state": AlarmState.HELD},
        {"state": AlarmState.PARKED},
        {"priority": 2},
        {"zones": (zone_fact("link-lost"), zone_fact("mains-failure"))},
        {"cancelled_at": NOW},
        {"zones": (zone_fact("link-lost"), replace(zone_fact("link-lost"), zone="system 2002"))},
    ],
)
def test_I4_what_somebody_has_in_hand_or_what_is_about_more_keeps_its_own_row(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        outage.gather(lost_row(**changes), "A-9", {"1001"}, NOW)

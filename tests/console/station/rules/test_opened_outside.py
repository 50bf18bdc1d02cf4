"""D3: openings outside the supervised hours, told when they are received; and what ends a late closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from console.station.rules import holidays_of
from console.station.rules.hours import Schedule
from console.station.rules.scope import RunningTest
from models.records import AlarmClass, AlarmState, AreaHours, Supervised, TestScope, read_hours
from tests.console.station.rules.facts import CLAES, NOW, SITE, Desk, alarm
from tests.console.station.rules.test_hours import BRUSSELS, change, week

# NOW is Monday 23 November 2026, 21:00 in Brussels.
OPENED, CLOSED = "Nri1/OP03", "Nri1/CL03"


def site(hours: str = "10:00–18:00", area: str = "1", **settings: Any) -> Any:
    made = AreaHours(weekly=week(every=hours), **settings)
    return replace(SITE, hours={area: Schedule(made, BRUSSELS, holidays_of.of("BE"))})


def test_D3_an_opening_outside_the_hours_is_a_medium_alarm_with_the_user_named() -> None:
    desk = Desk(site=site())
    routed = desk.signal(OPENED)
    one = desk.one()
    assert (one.kind, one.words, one.priority, one.place) == (
        "opening-outside-hours",
        "Opening outside hours",
        3,
        "Hall",
    )
    assert one.alarm_class is AlarmClass.INTRUSION
    assert routed.words == ["Disarmed · Hall · user 03 · outside supervised hours"]
    [line] = routed.lines
    assert (line.words, line.note) == ("Opening outside hours", "user 03")
    assert routed.opened_outside == ["1"]
    assert [change.state for change in routed.areas] == ["disarmed"]


@pytest.mark.parametrize(
    ("given", "packet"),
    [
        (site("10:00–23:00"), OPENED),  # within the hours
        (site("21:15–23:00"), OPENED),  # a little early
        (site("10:00–20:50"), OPENED),  # a little late
        (site(area="2"), OPENED),  # another area's hours
        (SITE, OPENED),  # no hours, no guess (B4)
        (site(), CLOSED),
    ],
)
def test_D3_no_alarm_for_an_opening_within_what_is_tolerated_nor_for_an_area_without_hours(
    given: Any, packet: str
) -> None:
    desk = Desk(site=given)
    routed = desk.signal(packet)
    assert desk.open == {}
    assert routed.opened_outside == []


def test_D1_a_temporary_change_of_today_makes_the_opening_expected() -> None:
    desk = Desk(site=site(changes=(change(date(2026, 11, 23), hours="10:00–01:30"),)))
    desk.signal(OPENED)
    assert desk.open == {}


def test_D3_an_area_whose_openings_are_not_supervised_is_watched_for_its_closing_alone() -> None:
    desk = Desk(site=site(supervised=(Supervised.LATE_CLOSE,)))
    assert desk.signal(OPENED).opened_outside == ["1"]
    assert desk.open == {}


def test_a_site_with_one_area_needs_no_number_in_the_signal() -> None:
    one_area = replace(site(), area_names={"1": "Shop"})
    desk = Desk(site=one_area)
    desk.signal("NOP03")
    assert desk.one().kind == "opening-outside-hours"
    desk = Desk(site=site())
    desk.signal("NOP03")
    assert desk.open == {}, "with several areas none is guessed (B3)"


def test_F4_F5_in_test_it_is_presented_only_where_an_alarm_ran_before() -> None:
    desk = Desk(site=replace(site(), tests=(RunningTest(1, NOW, TestScope()),)))
    routed = desk.signal(OPENED)
    assert desk.open == {}
    assert routed.in_test
    assert "outside supervised hours" in routed.words[0]
    desk = Desk(alarm(opened_at=NOW.replace(hour=19)), site=replace(site(), tests=(RunningTest(1, NOW, TestScope()),)))
    desk.signal(OPENED)
    assert desk.one().last_signal_words == "Opening outside hours"


def test_an_opening_outside_the_hours_joins_the_intrusion_that_runs_with_one_line() -> None:
    desk = Desk(alarm(), site=site())
    routed = desk.signal(OPENED)
    assert [line.words for line in routed.lines] == ["Opening outside hours"]
    assert (desk.one().words, desk.one().unseen) == ("Intrusion", 2)


def test_a_late_or_refused_report_of_an_opening_tells_nothing() -> None:
    desk = Desk(site=site())
    desk.signal(OPENED, out_of_window=True)
    assert desk.open == {}


def late(desk: Desk, code: str = "CI") -> None:
    desk.signal(f"Nri1/{code}")
    assert desk.one().priority == 4


def test_I13_closed_late_clears_itself_while_nobody_holds_it() -> None:
    desk = Desk(site=site())
    late(desk)
    desk.signal("Nri2/CL03", 60)
    assert desk.one().state is AlarmState.WAITING, "another area"
    desk.signal(CLOSED, 60)
    [done] = desk.closed
    assert (done.kind, done.close_reason) == ("late-to-close", "restored: Closed")


def test_I13_what_an_operator_holds_stays_and_only_notes_the_closing() -> None:
    held = Desk(site=site())
    late(held)
    [matter] = held.open
    held.open[matter] = alarm(
        AlarmState.HELD,
        **{name: getattr(held.one(), name) for name in ("matter", "alarm_class", "kind", "words", "zones", "priority")},
    )
    routed = held.signal(CLOSED, 60)
    assert held.one().holder == CLAES.login
    assert [line.words for line in routed.lines] == ["Closed"]


def test_I13_opened_late_clears_not_opened_and_leaves_other_matters_alone() -> None:
    desk = Desk(site=site("21:00–23:00"))
    late(desk, "OI")
    desk.signal(OPENED, 60)
    [done] = desk.closed
    assert done.kind == "not-opened"
    desk = Desk(alarm(matter="S1:supervision", alarm_class=AlarmClass.SUPERVISION, kind="link-lost"), site=site())
    routed = desk.signal(CLOSED)
    assert routed.lines == [], "a lost link has nothing to do with a closing"


def test_the_hours_of_the_tests_are_read_as_people_write_them() -> None:
    assert [str(span) for span in read_hours("20:00-1:30, 9.00–12:00")] == ["09:00–12:00", "20:00–01:30"]
    for wrong in ("", "10-18", "25:00–26:00", "10:00–12:00, 11:00–13:00", "10:61–12:00"):
        with pytest.raises(ValueError, match=r"hours|Hours"):
            read_hours(wrong)

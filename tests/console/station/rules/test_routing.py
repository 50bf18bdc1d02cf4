"""What a signal does: classes, priorities, joins, rises, tests (architecture.md §4; G1, F4, F5, I7, I13)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.station.codes import kind
from console.station.rules import transitions
from console.station.rules.profile import DEFAULT_PROFILE
from console.station.rules.scope import RunningTest
from models.records import AlarmClass, AlarmState, TestKind, TestScope
from tests.console.station.rules.facts import CLAES, NOW, SITE, Desk, alarm, events, later


def notes(routed: object) -> list[str]:
    return [note.text for note in routed.notes]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("packet", "alarm_class", "priority", "words", "place"),
    [
        ("Nri2/FA11", AlarmClass.LIFE_SAFETY, 1, "Fire", "Office / 11 Smoke"),
        ("Nri1/HA1", AlarmClass.LIFE_SAFETY, 1, "Hold-up, silent", "Hall / 1"),
        ("Nri1/BA07", AlarmClass.INTRUSION, 3, "Intrusion", "Hall / 07 PIR dock"),
        ("NAT", AlarmClass.TECHNICAL, 4, "Mains failure", ""),
        ("NYC", AlarmClass.SUPERVISION, 4, "Communication trouble", ""),
        ("NQQ5", AlarmClass.SERVICE, 3, "Unknown event QQ", "5"),
    ],
)
def test_G1_an_alarm_gets_the_class_and_priority_of_its_kind(
    packet: str, alarm_class: AlarmClass, priority: int, words: str, place: str
) -> None:
    desk = Desk()
    routed = desk.signal(packet)
    alarm = desk.one()
    assert (alarm.alarm_class, alarm.priority, alarm.words, alarm.place) == (alarm_class, priority, words, place)
    assert (alarm.state, alarm.opened_at, alarm.clock_from, alarm.unseen) == (AlarmState.WAITING, NOW, NOW, 1)
    assert routed.priority == priority


@pytest.mark.parametrize("packet", ["Nri1/OP4", "Nri1/CL4", "NRP", "Nri1/BB07", "Nri1/BR07"])
def test_log_only_kinds_open_nothing(packet: str) -> None:
    desk = Desk()
    assert desk.signal(packet).priority == 5
    assert not desk.open


def test_a_signal_joins_the_open_alarm_of_its_class_and_another_class_opens_one_of_the_same_incident() -> None:
    desk = Desk()
    desk.signal("Nri1/BA07")
    desk.signal("Nri1/TA07", 5)
    desk.signal("NAT", 6)
    intrusion, technical = desk.open["S1:intrusion"], desk.open["S1:technical"]
    assert (intrusion.signals, intrusion.unseen, intrusion.last_signal_words) == (2, 2, "Tamper")
    assert technical.incident == intrusion.incident == intrusion.id


def test_two_zones_within_the_window_make_confirmed_intrusion() -> None:
    desk = Desk()
    desk.signal("Nri1/BA07")
    routed = desk.signal("Nri1/BA09", 30 * 60)
    alarm = desk.one()
    assert (alarm.priority, alarm.words) == (2, "Intrusion, 2 zones confirmed")
    assert alarm.place == "Hall / 07 PIR dock · 09 Door dock 3"
    assert [line.note for line in routed.lines] == ["raised to High"]
    assert notes(routed) == ["Raised to 2 High · Intrusion, 2 zones confirmed"]


@pytest.mark.parametrize(
    ("second", "at"), [("Nri1/BA07", 5), ("Nri1/BA09", 30 * 60 + 1), ("Nri1/TA09", 5)], ids=["same", "late", "tamper"]
)
def test_the_same_zone_a_late_one_or_a_tamper_confirms_nothing(second: str, at: int) -> None:
    desk = Desk()
    desk.signal("Nri1/BA07")
    desk.signal(second, at)
    assert desk.one().priority == 3


def test_contact_id_139_is_confirmed_at_once() -> None:
    desk = Desk()
    desk.signal("1139 01 007", token="ADM-CID")
    assert (desk.one().priority, desk.one().words) == (2, "Intrusion confirmed")


def test_G1_a_rise_rings_at_the_holder_on_a_clock_of_its_own() -> None:
    desk = Desk()
    desk.signal("Nri1/BA07")
    desk.open["S1:intrusion"] = transitions.take(desk.one(), CLAES, later(10))
    desk.signal("Nri1/BA09", 60)
    alarm = desk.one()
    assert (alarm.state, alarm.holder, alarm.priority) == (AlarmState.HELD, "claes", 2)
    assert (alarm.clock_from, alarm.taken_at, alarm.unseen) == (later(60), None, 1)


def test_G1_a_new_class_at_a_held_site_goes_to_the_same_operator_and_rings() -> None:
    desk = Desk()
    desk.signal("Nri1/BA07")
    desk.open["S1:intrusion"] = transitions.take(desk.one(), CLAES, later(10))
    routed = desk.signal("Nri2/FA11", 60)
    fire = desk.open["S1:life safety"]
    assert (fire.state, fire.holder, fire.clock_from, fire.taken_at) == (AlarmState.HELD, "claes", later(60), None)
    assert notes(routed) == ["New 1 Emergency · Fire, with M. Claes at WS1"]


@pytest.mark.parametrize(("packet", "back"), [("Nri2/FA11", True), ("Nri1/BA09", True), ("NAT", False)])
def test_G1_a_parked_alarm_comes_back_for_what_is_more_urgent_alone(packet: str, back: bool) -> None:
    desk = Desk()
    desk.signal("Nri1/BA07")
    held = transitions.take(desk.one(), CLAES, later(10))
    desk.open["S1:intrusion"] = transitions.park(held, CLAES, later(3000), "patrol", later(20), DEFAULT_PROFILE)
    desk.signal(packet, 60)
    alarm = desk.open["S1:intrusion"]
    assert alarm.state is (AlarmState.WAITING if back else AlarmState.PARKED)
    if back:
        assert (alarm.clock_from, alarm.taken_at) == (later(60), None)
        assert alarm.returned_why == "a signal of higher priority came"


@pytest.mark.parametrize("packet", ["Nri1/BR07", "Nri1/OP4", "Nri1/CL4", "Nri1/BC4"])
@pytest.mark.parametrize("state", ["waiting", "held"])
def test_I13_no_restoral_opening_or_cancel_ends_an_alarm(packet: str, state: str) -> None:
    desk = Desk()
    desk.signal("Nri1/BA07")
    if state == "held":
        desk.open["S1:intrusion"] = transitions.take(desk.one(), CLAES, later(10))
    routed = desk.signal(packet, 60)
    alarm = desk.one()
    assert (alarm.state.value, alarm.priority, alarm.unseen) == (state, 3, 1 if state == "waiting" else 0)
    assert [line.alarm for line in routed.lines] == [alarm.id]


def test_I13_a_cancel_of_the_panel_is_noted_with_its_user() -> None:
    desk = Desk()
    desk.signal("Nri1/BA07")
    routed = desk.signal("Nri1/BC4", 60)
    assert (desk.one().cancelled_by, desk.one().cancel_channel) == ("user 4", "panel")
    assert notes(routed) == ["Cancelled by user 4, panel · Intrusion"]


def test_I13_a_listed_low_kind_completes_itself_when_all_of_it_is_restored_and_nobody_has_it() -> None:
    desk = Desk()
    desk.signal("NAT")
    desk.signal("NYT1", 5)
    desk.signal("NAR", 60)
    assert desk.one().state is AlarmState.WAITING
    desk.signal("NYR1", 90)
    assert not desk.open
    assert (desk.closed[-1].disposition, desk.closed[-1].closed_by) == ("self-completed", "station")


@pytest.mark.parametrize(("alarm", "restoral"), [("Nri1/WA12", "Nri1/WR12"), ("Nri1/BA07", "Nri1/BR07")])
def test_I13_what_the_table_does_not_list_does_not_complete_itself(alarm: str, restoral: str) -> None:
    desk = Desk()
    desk.signal(alarm)
    desk.signal(restoral, 60)
    assert desk.one().state is AlarmState.WAITING


def test_I13_a_held_or_parked_low_alarm_does_not_complete_itself() -> None:
    for state in (AlarmState.HELD, AlarmState.PARKED):
        desk = Desk()
        desk.signal("NAT")
        held = transitions.take(desk.one(), CLAES, later(1))
        parked = transitions.park(held, CLAES, later(3000), "later", later(2), DEFAULT_PROFILE)
        desk.open["S1:technical"] = held if state is AlarmState.HELD else parked
        desk.signal("NAR", 60)
        assert desk.one().state is state


IN_TEST = replace(SITE, tests=(RunningTest(1, later(100), TestScope()),))


def test_F4_what_is_received_in_test_is_marked_and_not_presented() -> None:
    desk = Desk(site=IN_TEST)
    for packet in ("Nri1/BA07", "Nri2/FA11", "NQQ5", "Nri1/OP4"):
        assert desk.signal(packet, 100).in_test
    assert not desk.open


def test_F5_the_time_of_receipt_decides() -> None:
    desk = Desk(site=IN_TEST)
    assert not desk.signal("Nri1/BA07", 99.999).in_test
    assert desk.one().words == "Intrusion"


def test_F5_signals_still_join_an_alarm_opened_before_the_test_and_none_opened_in_it() -> None:
    desk = Desk(site=IN_TEST)
    desk.signal("Nri1/BA07", 50)
    routed = desk.signal("Nri1/BA09", 200)
    assert (desk.one().signals, desk.one().priority) == (2, 2)
    assert [line.in_test for line in routed.lines] == [True]
    desk.signal("Nri2/FA11", 210)
    assert set(desk.open) == {"S1:intrusion"}


@pytest.mark.parametrize("packet", ["Nri2/BR11", "Nri2/OP04", "Nri2/CL04", "Nri2/BC04", "Nri2/OC11"])
def test_F4_nothing_in_test_is_noted_on_an_alarm_that_came_from_elsewhere(packet: str) -> None:
    kinds = ("intrusion", "hours", "tamper")
    office = TestScope(whole=False, areas=("2",), kinds=tuple(TestKind(kind) for kind in kinds))
    desk = Desk(site=replace(SITE, tests=(RunningTest(1, later(0), office),)))
    desk.signal("Nri1/BA07", 50)
    routed = desk.signal(packet, 60)
    [event] = events(packet)
    assert [line.in_test for line in routed.lines] == ([] if routed.in_test else [False]), event.kind
    assert routed.in_test == (kind(event.kind).test_kind in kinds)
    before = Desk(alarm(opened_at=later(-1)), site=desk.site)
    assert [line.in_test for line in before.signal(packet, 60).lines] in ([], [routed.in_test])


@pytest.mark.parametrize(("packet", "token"), [("1121 01 004", "ADM-CID"), ("1124 01 004", "ADM-CID")])
def test_F5_a_duress_code_is_always_presented(packet: str, token: str) -> None:
    desk = Desk(site=IN_TEST)
    desk.signal(packet, 200, token=token)
    assert (desk.one().words, desk.one().priority, desk.one().silent) == ("Duress code", 1, True)


def test_time_refused_an_alarm_is_presented_marked_and_nothing_else_changes() -> None:
    desk = Desk()
    routed = desk.signal("Nri1/BA07", out_of_window=True)
    assert desk.one().out_of_window
    assert routed.lines[0].note == "outside its time window"
    for packet in ("Nri1/BC4", "Nri1/BR07", "Nri1/OP4"):
        routed = desk.signal(packet, 5, out_of_window=True)
        assert (routed.alarms, routed.areas, routed.lines) == ({}, [], [])
    assert desk.one().cancelled_at is None


def test_a_resend_after_NAK_presents_nothing_twice_but_its_openings_count() -> None:
    desk = Desk()
    assert desk.signal("Nri1/BA07", resend=True).alarms == {}
    assert [change.state for change in desk.signal("Nri1/OP4", resend=True).areas] == ["disarmed"]


def test_B3_areas_change_with_what_the_system_sends_and_old_events_change_nothing() -> None:
    desk = Desk()
    [change] = desk.signal("Nri2/id004/CL").areas
    assert (change.area, change.state, change.by) == ("2", "armed", "user 004")
    assert desk.signal("Ori2/id004/OP").areas == []


def test_I8_one_signal_of_several_events_opens_all_it_must() -> None:
    desk = Desk()
    routed = desk.signal("Nri1/BA07/FA11/OP4")
    assert {alarm.alarm_class for alarm in desk.open.values()} == {AlarmClass.INTRUSION, AlarmClass.LIFE_SAFETY}
    assert routed.priority == 1
    assert len(routed.words) == 3

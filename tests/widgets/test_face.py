"""What a row says, to eyes and to a screen reader (visual.md §5, §7, §8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.records import AlarmState, Returned
from tests.widgets.made import NOW, ago, alarm, cancelled, held, parked
from widgets.queue.face import face, spoken
from widgets.words import clock, dated, day, duration, minute, plural


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0:00"), (0, "0:00"), (42.9, "0:42"), (725, "12:05"), (3599, "59:59"), (3600, "1 h 00"),
        (11220, "3 h 07"), (86399, "23 h 59"), (86400, "1 d 00 h"), (3 * 86400 + 4 * 3600 + 59, "3 d 04 h"),
    ],
)  # fmt: skip
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
    assert duration(timedelta(seconds=seconds)) == words


def test_times_are_those_of_the_workstation(monkeypatch: pytest.MonkeyPatch) -> None:
    here = NOW.astimezone()
    assert clock(NOW) == f"{here:%H:%M:%S}"
    assert minute(NOW) == f"{here:%H:%M}"
    assert day(NOW) == f"{here:%a %d %b}"
    assert (plural(1, "signal", "signals"), plural(0, "signal", "signals")) == ("1 signal", "0 signals")


def test_waiting() -> None:
    said = face(alarm(came=ago(55)), NOW)
    assert (said.time, said.after_time, said.under_time, said.over) == ("0:55", "/ 1:30", "", False)
    assert said.part == pytest.approx(55 / 90)
    assert (said.state, said.under_state, said.bold, said.struck) == ("Waiting", "1 signal", True, False)
    assert (said.site, said.where) == ("Bakkerij Peeters", "Gent · S1")


def test_a_target_is_over_only_once_it_is_passed() -> None:
    assert not face(alarm(came=ago(90)), NOW).over
    said = face(alarm(came=ago(102)), NOW)
    assert (said.over, said.under_time, said.part) == (True, "+0:12 over", 1.0)


def test_several_signals_and_a_wrong_clock() -> None:
    said = face(alarm(signals=4, last_signal_at=ago(7), out_of_window=True), NOW)
    assert said.under_state == "Panel's clock is wrong · 4 signals, last 0:07 ago"


def test_silent_says_what_not_to_do() -> None:
    assert face(alarm(silent=True), NOW).under_state == "Do not call premises"


def test_parked_says_how_long_and_why() -> None:
    said = face(parked(), NOW)
    assert (said.time, said.after_time, said.part, said.over) == ("2:00", "left", None, False)
    assert (said.state, said.under_state, said.bold) == ("Parked by Claes", "patrol on its way", False)


def test_held_says_by_whom_and_what_they_do() -> None:
    one = held(came=ago(78), doing="Contact 2 of 4: calling")
    said = face(one, NOW, "bea")
    assert (said.time, said.under_time, said.over) == ("0:30", "taken in 0:48", False)
    assert (said.state, said.under_state) == ("Claes · WS 01", "Contact 2 of 4: calling")
    assert face(one, NOW, "claes").state == "In your hands"


def test_I4_held_without_an_act_goes_back_soon() -> None:
    said = face(held(idle_warned_at=NOW, last_act_at=ago(65)), NOW, "bea")
    assert said.under_state == "No act for 1:05: goes back soon"


def test_E5_cancelled_low_is_struck_with_who_and_when_and_leaves() -> None:
    one = alarm(priority=4, state=AlarmState.CLOSED, cancelled=cancelled(), closed_at=ago(4))
    said = face(one, NOW)
    assert said.struck
    assert not said.bold
    assert said.under_time == "leaves in 0:06"
    assert (said.state, said.under_state) == (f"Cancelled {clock(ago(5))}", "E. Laurent, app")


def test_E5_cancelled_but_still_waiting_says_so_and_is_not_struck() -> None:
    said = face(alarm(cancelled=cancelled()), NOW)
    assert (said.state, said.struck, said.bold) == (f"Cancelled {clock(ago(5))}", False, True)


def test_G2_returned_says_why_and_its_clock_runs_on() -> None:
    said = face(alarm(came=ago(500), returned=Returned(at=ago(3), why="WS 02 does not answer")), NOW)
    assert (said.state, said.under_state) == (f"Returned {clock(ago(3))}", "WS 02 does not answer")
    assert said.time == "8:20"


def test_an_unknown_account_is_named() -> None:
    said = face(alarm(site=None, account="8001", place=""), NOW)
    assert said.site == "Unknown account 8001"
    assert said.where == "no site has this account"
    assert said.place == "Panel · account 8001"


def test_a_screen_reader_hears_priority_time_target_and_who() -> None:
    assert spoken(alarm(priority=2, came=ago(102)), NOW) == (
        "Priority 2 High, waiting 1:42, target 1:30, Intrusion, Winkel / 07 PIR winkel, "
        "Bakkerij Peeters, Gent · S1, Waiting, 1 signal"
    )
    assert spoken(parked(), NOW).startswith("Priority 3 Medium, parked 2:00, Intrusion")
    assert "In your hands" in spoken(held(), NOW, "claes")


def test_a_day_of_another_year_has_its_year() -> None:
    now = datetime.now(UTC).astimezone()
    assert dated(now) == f"{day(now)} {clock(now)}"
    before = now.replace(year=now.year - 2, month=11, day=16)
    assert dated(before) == f"16 Nov {now.year - 2} {clock(before)}"

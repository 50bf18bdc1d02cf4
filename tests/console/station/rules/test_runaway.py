"""A zone that tells far too often: the window finds the burst, the bucket the slow leak; against a slow oracle."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.station.rules.profile import DEFAULT_PROFILE, Profile
from console.station.rules.runaway import Meter, Runaway, counted, forgettable
from tests.console.station.rules.facts import later
from tests.examples import examples


def told(seconds: list[float], profile: Profile = DEFAULT_PROFILE) -> tuple[Meter, list[Runaway | None]]:
    meter, found = Meter(), []
    for at in seconds:
        meter, one = counted(meter, later(at), profile)
        found.append(one)
    return meter, found


def test_ten_alarms_in_five_minutes_are_a_runaway_and_nine_are_none() -> None:
    _, found = told([33 * number for number in range(10)])
    assert [one is not None for one in found] == [False] * 9 + [True]
    assert found[-1] is not None
    assert found[-1].words == "10 alarms in 5 min"
    _, slower = told([34 * number for number in range(10)])
    assert slower == [None] * 10, "the first is five minutes old when the tenth comes"


def test_what_no_window_sees_the_bucket_does() -> None:
    _, found = told([120 * number for number in range(40)])
    first = next(number for number, one in enumerate(found, 1) if one is not None)
    assert first == 38, "one in two minutes, of which a fifth leaks away"
    one = found[first - 1]
    assert one is not None
    assert one.words == "38 alarms in 1 h 14 m"


def test_one_in_ten_minutes_never_is_a_runaway() -> None:
    _, found = told([600 * number for number in range(500)])
    assert found == [None] * 500


def test_a_clock_that_was_set_back_neither_leaks_nor_fails() -> None:
    _, found = told([1000, 1001, 0, 1, 2])
    assert found == [None] * 5


def test_a_meter_is_forgotten_when_it_says_nothing_more() -> None:
    meter, _ = told([0, 1])
    assert not forgettable(meter, later(1199), DEFAULT_PROFILE)
    assert forgettable(meter, later(1201), DEFAULT_PROFILE)
    assert forgettable(Meter(), later(0), DEFAULT_PROFILE)


@pytest.mark.parametrize(("most", "expected"), [(1, [True, True]), (2, [False, True])])
def test_the_thresholds_are_the_profiles(most: int, expected: list[bool]) -> None:
    _, found = told([0, 1], replace(DEFAULT_PROFILE, runaway_alarms=most))
    assert [one is not None for one in found] == expected


def slow(times: list[datetime], profile: Profile) -> bool:
    """The last of ``times``, decided from all of them anew."""
    at = times[-1]
    if sum(1 for one in times if (at - one).total_seconds() < profile.runaway_window_s) >= profile.runaway_alarms:
        return True
    level, last = 0.0, times[0]
    for one in times:
        level = max(level - (one - last).total_seconds() / profile.runaway_leak_s, 0.0) + 1
        last = one
    return level >= profile.runaway_bucket


@examples(200)
@given(
    st.lists(st.one_of(st.integers(0, 200), st.integers(0, 3000)), min_size=1, max_size=60),
    st.integers(1, 12),
    st.integers(2, 8),
)
def test_as_the_slow_oracle_says(gaps: list[int], most: int, bucket: int) -> None:
    profile = replace(DEFAULT_PROFILE, runaway_alarms=most, runaway_bucket=bucket)
    times, at = [], 0
    for gap in gaps:
        at += gap
        times.append(at)
    _, found = told([float(one) for one in times], profile)
    known = [later(one) for one in times]
    assert [one is not None for one in found] == [slow(known[:number], profile) for number in range(1, len(known) + 1)]

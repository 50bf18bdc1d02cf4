"""Planned tests by the wall clock of their site (I10), and against a slow, obvious oracle."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from console.station.rules.planned import following, run_on, words
from models.records import PlannedWhen
from tests.examples import examples

BRUSSELS, SANTIAGO, LORD_HOWE = (
    ZoneInfo("Europe/Brussels"),
    ZoneInfo("America/Santiago"),
    ZoneInfo("Australia/Lord_Howe"),
)
MINUTE = timedelta(minutes=1)


def when(first: date, at: str = "10:00", *weekdays: int, minutes: int = 30, last: date | None = None) -> PlannedWhen:
    return PlannedWhen(first=first, at=at, minutes=minutes, weekdays=weekdays, last=last)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_I10_a_weekly_test_keeps_to_the_wall_clock_across_both_changes() -> None:
    fire = when(date(2026, 1, 1), "10:00", 0)
    starts = [utc(2026, 3, 23, 9), utc(2026, 3, 30, 8), utc(2026, 10, 19, 8), utc(2026, 10, 26, 9)]
    for start in starts:
        found = following(fire, BRUSSELS, start - MINUTE)
        assert found is not None
        assert (found.start, found.end) == (start, start + 30 * MINUTE)
        after = following(fire, BRUSSELS, start)
        assert after is not None
        assert after.start > start


def test_I10_in_the_hour_that_is_left_out_it_begins_at_the_change() -> None:
    found = following(when(date(2026, 3, 29), "02:30"), BRUSSELS, utc(2026, 3, 1))
    assert found is not None
    assert (found.start, found.end) == (utc(2026, 3, 29, 1), utc(2026, 3, 29, 1, 30))


def test_I10_in_the_hour_that_comes_twice_it_begins_once_and_keeps_its_length() -> None:
    night = when(date(2026, 10, 25), "02:30", 6, minutes=90)
    found = following(night, BRUSSELS, utc(2026, 10, 24, 12))
    assert found is not None
    assert (found.start, found.end) == (utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 2))
    again = following(night, BRUSSELS, found.start)
    assert again is not None
    assert again.start == utc(2026, 11, 1, 1, 30)


def test_once_is_once_and_a_last_day_is_the_last() -> None:
    assert following(when(date(2026, 11, 23)), BRUSSELS, utc(2026, 11, 23, 9)) is None
    daily = when(date(2026, 11, 23), "10:00", *range(7), last=date(2026, 11, 24))
    assert following(daily, BRUSSELS, utc(2026, 11, 24, 8, 59)) == run_on(daily, BRUSSELS, date(2026, 11, 24))
    assert following(daily, BRUSSELS, utc(2026, 11, 24, 9)) is None


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        (when(date(2026, 11, 23), "10:00", 0), "every Monday 10:00, 30 min"),
        (when(date(2026, 11, 23), "10:00", 4, 0, 2), "every Monday, Wednesday and Friday 10:00, 30 min"),
        (when(date(2026, 11, 23), "08:05", *range(7), minutes=90), "every day 08:05, 1 h 30 min"),
        (
            when(date(2026, 11, 23), "10:00", 0, last=date(2026, 12, 31)),
            "every Monday 10:00, 30 min, until 31 Dec 2026",
        ),
        (when(date(2026, 11, 23), "10:00", minutes=120), "Mon 23 Nov 2026 10:00, 2 h"),
    ],
)
def test_the_words_of_a_planned_test(planned: PlannedWhen, said: str) -> None:
    assert words(planned) == said


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "24:00"},
        {"at": "9:00"},
        {"minutes": 0},
        {"weekdays": (7,)},
        {"weekdays": (0, 0)},
        {"weekdays": (0,), "minutes": 24 * 60 + 1},
        {"last": "2026-12-01"},
        {"weekdays": (0,), "last": "2026-11-22"},
        {"first": "0001-01-01"},
        {"first": "9999-12-31"},
    ],
)
def test_I12_what_is_planned_makes_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PlannedWhen.model_validate({"first": "2026-11-23", "at": "10:00", "minutes": 30, **wrong})


# -- against the oracle ---------------------------------------------------------------------------


@cache
def wall_minutes(zone: ZoneInfo, autumn: bool) -> tuple[tuple[datetime, datetime], ...]:
    """Each minute of some weeks around a change of clock, and what the wall shows then."""
    start = utc(2026, 9, 25) if autumn else utc(2026, 3, 20)
    minutes = [start + MINUTE * number for number in range(45 * 24 * 60)]
    return tuple((at, at.astimezone(zone).replace(tzinfo=None)) for at in minutes)


def slow(planned: PlannedWhen, zone: ZoneInfo, after: datetime, autumn: bool) -> datetime | None:
    """Goes through the minutes one by one: on each day, the first that shows the time or a later one."""
    at_clock = time.fromisoformat(planned.at)
    begun: set[date] = set()
    for at, wall in wall_minutes(zone, autumn):
        day = wall.date()
        if day in begun or wall.time() < at_clock:
            continue
        begun.add(day)
        holds = (
            day == planned.first if not planned.weekdays else day >= planned.first and day.weekday() in planned.weekdays
        )
        if holds and (planned.last is None or day <= planned.last) and at > after:
            return at
    return None


@examples(150)
@given(
    st.sampled_from([BRUSSELS, SANTIAGO, LORD_HOWE]),
    st.booleans(),
    st.integers(0, 20),
    st.one_of(st.integers(0, 4 * 60), st.integers(0, 24 * 60 - 1)),
    st.sets(st.integers(0, 6)),
    st.one_of(st.none(), st.integers(0, 20)),
    st.integers(0, 20 * 24 * 60),
)
def test_I10_as_the_slow_oracle_says(
    zone: ZoneInfo, autumn: bool, ahead: int, minute: int, days: set[int], length: int | None, at: int
) -> None:
    start = date(2026, 9, 27) if autumn else date(2026, 3, 22)
    first = start + timedelta(days=ahead)
    last = first + timedelta(days=length) if length is not None and days else None
    planned = when(first, f"{minute // 60:02d}:{minute % 60:02d}", *sorted(days), last=last)
    after = datetime(start.year, start.month, start.day, tzinfo=UTC) + MINUTE * at
    found = following(planned, zone, after)
    assert (None if found is None else found.start) == slow(planned, zone, after, autumn)

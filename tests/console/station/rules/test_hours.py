"""Schedules (D1, I10): precedence, past midnight, both changes of clock; and against a slow, obvious oracle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.station.rules import holidays_of
from console.station.rules.hours import Interval, Schedule
from models.records import AreaHours, HoursChange, HoursSpan, Layer, Season, read_hours
from tests.examples import examples

BRUSSELS, SANTIAGO, SYDNEY = ZoneInfo("Europe/Brussels"), ZoneInfo("America/Santiago"), ZoneInfo("Australia/Sydney")
AT = datetime(2025, 11, 18, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def week(**days: str) -> tuple[tuple[HoursSpan, ...], ...]:
    """``mon="10:00–18:00"``; ``every`` for the days that are not named."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return tuple(read_hours(days.get(name, days.get("every", "closed"))) for name in names)


def change(first: date, last: date | None = None, hours: str = "closed", number: str = "1") -> HoursChange:
    spans = read_hours(hours)
    return HoursChange(id=number, first=first, last=last or first, spans=spans, why="asked", by="H. Laurent", at=AT)


def schedule(hours: AreaHours, zone: ZoneInfo = BRUSSELS, country: str = "BE") -> Schedule:
    return Schedule(hours, zone, holidays_of.of(country))


def local(zone: ZoneInfo, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=zone, fold=fold).astimezone(UTC)  # type: ignore[misc,arg-type]


# -- by name --------------------------------------------------------------------------------------


def test_D1_a_closing_at_half_past_one_belongs_to_the_evening_before() -> None:
    plan = schedule(AreaHours(weekly=week(fri="10:00–01:30", sat="10:00–18:00")))
    [friday] = plan.day(date(2025, 11, 21)).spans
    assert (friday.opens, friday.closes) == (600, 1530)
    night = local(BRUSSELS, 2025, 11, 22, 1, 29)
    assert plan.open_at(night)
    assert not plan.open_at(night + MINUTE)
    assert plan.next_change(night) == night + MINUTE
    closed = AreaHours(weekly=plan.hours.weekly, changes=(change(date(2025, 11, 22)),))
    assert schedule(closed).open_at(night), "a Saturday that is closed does not cut off the Friday"


def test_temporary_goes_before_holiday_before_seasonal_before_weekly() -> None:
    summer = Season(name="Summer", first="07-01", last="08-31", weekly=week(every="09:00–13:00"))
    day = date(2025, 7, 21)
    weekly, holiday, shop = week(every="10:00–18:00"), read_hours("10:00–12:00"), change(day, hours="20:00–02:00")
    layers = [
        (AreaHours(weekly=weekly), Layer.WEEKLY, "10:00–18:00", ""),
        (AreaHours(weekly=weekly, seasons=(summer,)), Layer.SEASONAL, "09:00–13:00", "Summer"),
        (
            AreaHours(weekly=weekly, seasons=(summer,), on_holidays=holiday), Layer.HOLIDAY, "10:00–12:00",
            "National Day",
        ),
        (
            AreaHours(weekly=weekly, seasons=(summer,), on_holidays=holiday, changes=(shop,)), Layer.TEMPORARY,
            "20:00–02:00", "National Day",
        ),
    ]  # fmt: skip
    for hours, layer, words, named in layers:
        shown = schedule(hours).day(day)
        assert (shown.layer, shown.named, shown.holiday) == (layer, named, "National Day")
        assert shown.spans == read_hours(words) == schedule(hours).spans(day)
    assert shown.was == holiday, "what the temporary change took the place of"
    assert shown.change == shop


def test_of_two_temporary_changes_of_a_day_the_later_made_one_holds() -> None:
    first, second = change(date(2025, 11, 17), date(2025, 11, 23)), change(date(2025, 11, 21), None, "08:00–09:00", "2")
    plan = schedule(AreaHours(weekly=week(every="10:00–18:00"), changes=(first, second)))
    assert [len(plan.spans(date(2025, 11, day))) for day in (16, 17, 21, 23, 24)] == [1, 0, 1, 0, 1]
    assert plan.day(date(2025, 11, 21)).change == second


def test_a_season_goes_over_the_new_year_and_holidays_are_those_of_the_sites_country() -> None:
    winter = Season(name="Winter", first="12-20", last="01-05", weekly=week())
    plan = schedule(AreaHours(weekly=week(every="10:00–18:00"), seasons=(winter,)))
    days = (date(2025, 12, 19), date(2025, 12, 20), date(2026, 1, 5), date(2026, 1, 6))
    assert [bool(plan.spans(day)) for day in days] == [True, False, False, True]
    closed = AreaHours(weekly=week(every="10:00–18:00"), on_holidays=())
    chile = [date(2026, 7, 21), date(2026, 9, 18)]
    assert [bool(schedule(closed).spans(day)) for day in chile] == [False, True]
    assert [bool(schedule(closed, SANTIAGO, "CL").spans(day)) for day in chile] == [True, False]
    assert not holidays_of.knows("XX")
    assert schedule(closed, BRUSSELS, "XX").spans(date(2026, 12, 25)), "no holidays are known: none are guessed"


SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("hours", "day", "opens", "closes"),
    [
        # 02:00–03:00 is left out: what begins or ends in it does so at the change, 01:00 UTC.
        ("02:30–10:00", SPRING, "01:00", "08:00"),
        ("00:00–02:30", SPRING, "-23:00", "01:00"),
        ("00:00–10:00", SPRING, "-23:00", "08:00"),
        # 02:00–03:00 comes twice: what begins in it does so the first time, what ends in it the second.
        ("02:30–10:00", AUTUMN, "00:30", "09:00"),
        ("00:00–02:30", AUTUMN, "-22:00", "01:30"),
        ("00:00–02:00", AUTUMN, "-22:00", "00:00"),
        ("00:00–03:00", AUTUMN, "-22:00", "02:00"),
    ],
)
def test_I10_both_changes_of_clock(hours: str, day: date, opens: str, closes: str) -> None:
    plan = schedule(AreaHours(weekly=week(), changes=(change(day, hours=hours),)))

    def utc(words: str) -> datetime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        hour, _, minute = words.lstrip("-").partition(":")
        before = timedelta(days=1) if words.startswith("-") else timedelta(0)
        return midnight - before + timedelta(hours=int(hour), minutes=int(minute))

    assert plan.intervals(day - timedelta(days=2), day + timedelta(days=2)) == [Interval(utc(opens), utc(closes))]


def test_I10_hours_wholly_in_the_hour_that_is_left_out_are_none() -> None:
    plan = schedule(AreaHours(weekly=week(), changes=(change(SPRING, hours="02:15–02:45"),)))
    assert plan.intervals(SPRING, SPRING) == []
    assert plan.next_change(local(BRUSSELS, 2026, 3, 28, 12, 0)) is None


def test_hours_that_touch_at_midnight_are_one_and_round_the_clock_never_changes() -> None:
    weekend = schedule(AreaHours(weekly=week(fri="10:00–24:00", sat="00:00–12:00")))
    assert len(weekend.intervals(date(2025, 11, 17), date(2025, 11, 23))) == 1
    assert weekend.next_change(local(BRUSSELS, 2025, 11, 21, 10, 0)) == local(BRUSSELS, 2025, 11, 22, 12, 0)
    always = schedule(AreaHours(weekly=week(every="00:00–24:00")))
    assert always.open_at(AT)
    assert always.next_change(AT) is None


def test_D3_an_opening_is_outside_the_hours_beyond_what_is_tolerated_on_both_sides() -> None:
    plan = schedule(AreaHours(weekly=week(fri="10:00–18:00"), early_min=15, late_min=10))
    moments = {"09:44": True, "09:45": False, "12:00": False, "18:00": False, "18:09": False, "18:10": True}
    for words, outside in moments.items():
        hour, minute = map(int, words.split(":"))
        assert plan.outside(local(BRUSSELS, 2025, 11, 21, hour, minute)) is outside, words
    assert schedule(AreaHours(weekly=week())).outside(AT), "an area that is always closed"


# -- against the oracle ---------------------------------------------------------------------------


def minutes_open(plan: Schedule, first: date, last: date) -> set[datetime]:
    """The oracle: each minute of UTC, what the wall shows then, and whether some day's hours have that.

    Hours go from the first minute that the wall is within them to the last, whatever the wall shows in between.
    """
    days = [first + timedelta(days=number) for number in range(-3, (last - first).days + 4)]
    wall_at = [shown for day in days for shown in walls(plan.zone, day)]
    found: set[datetime] = set()
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - what a wall shows has no zone
        for span in oracle_spans(plan, day):
            begins, stops = midnight + span.opens * MINUTE, midnight + span.closes * MINUTE
            within = [at for at, wall in wall_at if begins <= wall < stops]
            if within:
                found |= {at for at, _ in wall_at if within[0] <= at <= within[-1]}
    return found


@cache
def walls(zone: ZoneInfo, day: date) -> list[tuple[datetime, datetime]]:
    """Each minute of a day of UTC, and what the wall shows then."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    moments = (midnight + number * MINUTE for number in range(1440))
    return [(at, at.astimezone(zone).replace(tzinfo=None)) for at in moments]


def oracle_spans(plan: Schedule, day: date) -> tuple[HoursSpan, ...]:
    hours, spans = plan.hours, plan.hours.weekly[day.weekday()]
    for season in hours.seasons:
        in_it, turn = False, date(2024, int(season.first[:2]), int(season.first[3:]))
        for _ in range(366):
            in_it |= (turn.month, turn.day) == (day.month, day.day)
            if f"{turn:%m-%d}" == season.last:
                break
            turn += timedelta(days=1)
            turn = turn.replace(year=2024)
        if in_it:
            spans = season.weekly[day.weekday()]
    if hours.on_holidays is not None and plan.holiday_of(day):
        spans = hours.on_holidays
    for one in hours.changes:
        if one.first <= day <= one.last:
            spans = one.spans
    return spans


@st.composite
def day_spans(draw: st.DrawFn) -> tuple[HoursSpan, ...]:
    spans, earliest = [], 0
    for _ in range(draw(st.integers(0, 2))):
        if earliest >= 1440:
            break
        opens = draw(
            st.integers(earliest, 1439) | st.sampled_from([m for m in (0, 60, 120, 150, 1439) if m >= earliest])
        )
        closes = draw(st.integers(opens + 1, min(opens + 1440, 2880)) | st.just(min(opens + 1440, 1440 + 150)))
        closes = max(closes, opens + 1)
        spans.append(HoursSpan(opens=opens, closes=closes))
        earliest = closes
    return tuple(spans)


CHANGES_OF_CLOCK = {
    BRUSSELS: (date(2024, 3, 31), date(2024, 10, 27), date(2026, 3, 29), date(2026, 10, 25)),
    # At midnight: the day's first hour is left out, or the evening's last comes twice.
    SANTIAGO: (date(2024, 4, 6), date(2024, 9, 8), date(2025, 4, 5), date(2026, 9, 6)),
    SYDNEY: (date(2024, 4, 7), date(2025, 10, 5)),
}
COUNTRIES = {BRUSSELS: "BE", SANTIAGO: "CL", SYDNEY: "AU"}


@st.composite
def plans(draw: st.DrawFn) -> tuple[Schedule, date]:
    zone = draw(st.sampled_from([BRUSSELS, SANTIAGO, SYDNEY]))
    day = draw(st.dates(date(2019, 1, 1), date(2030, 12, 31)) | st.sampled_from(CHANGES_OF_CLOCK[zone]))
    weeks = st.tuples(*[day_spans()] * 7)
    seasons = []
    if draw(st.booleans()):
        ends = [f"{draw(st.dates(date(2024, 1, 1), date(2024, 12, 31))):%m-%d}" for _ in range(2)]
        seasons = [Season(name="Season", first=ends[0], last=ends[1], weekly=draw(weeks))]
    changes = []
    for number in range(draw(st.integers(0, 2))):
        first = day + timedelta(days=draw(st.integers(-2, 2)))
        last = first + timedelta(days=draw(st.integers(0, 3)))
        changes.append(
            HoursChange(id=str(number), first=first, last=last, spans=draw(day_spans()), why="x", by="y", at=AT)
        )
    hours = AreaHours(
        weekly=draw(weeks), on_holidays=draw(st.none() | day_spans()), seasons=tuple(seasons), changes=tuple(changes)
    )
    return schedule(hours, zone, COUNTRIES[zone]), day


@examples(100)
@given(plans(), st.integers(-1440, 1440))
def test_D1_I10_schedules_agree_with_a_slow_and_obvious_oracle(made: tuple[Schedule, date], offset: int) -> None:
    plan, day = made
    first, last = day - timedelta(days=3), day + timedelta(days=3)
    open_ = minutes_open(plan, first, last)
    intervals = plan.intervals(first, last)
    by_rule = {at for one in intervals for at in minutes(one)}
    assert by_rule == open_
    assert all(a.end < b.start for a, b in pairwise(intervals)), "in order and apart"
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    at = noon + offset * MINUTE
    assert plan.open_at(at) == (at in open_)
    # Within two days of the middle every minute is known to the oracle: later ones may have hours of other days.
    nearest = (at + number * MINUTE for number in range(1, 1440))
    expected = next((moment for moment in nearest if (moment in open_) != (moment - MINUTE in open_)), None)
    found = plan.next_change(at)
    assert (found if found is not None and found < at + timedelta(days=1) else None) == expected


def minutes(one: Interval) -> set[datetime]:
    return {one.start + number * MINUTE for number in range((one.end - one.start) // MINUTE)}

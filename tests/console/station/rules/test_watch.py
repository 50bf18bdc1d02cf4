"""D3, B3: what is not closed or not opened in time, told once and again, and when it is looked at next."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from console.station.rules.watch import AreaStands, Judgement, Told, judge
from models.records import AreaHours, Supervised
from tests.console.station.rules.test_hours import BRUSSELS, change, local, schedule, week

DAY = (2026, 11, 23)
"""A Monday."""
NOTHING = Told()


def at(words: str, day: tuple[int, int, int] = DAY) -> datetime:
    hour, _, minute = words.partition(":")
    return local(BRUSSELS, *day, int(hour), int(minute))


def look(
    now: str | datetime,
    state: str | None,
    since: str | datetime = "08:00",
    told: Told = NOTHING,
    **settings: Any,
) -> Judgement:
    hours = AreaHours(**{"weekly": week(every="10:00–18:00"), **settings})
    moment = now if isinstance(now, datetime) else at(now)
    stood = since if isinstance(since, datetime) else at(since)
    return judge(schedule(hours), AreaStands(state, stood if state else None), told, moment)


def test_D3_not_closed_in_time_is_told_after_the_tolerance() -> None:
    assert look("18:14", "disarmed").late_from is None
    assert look("18:14", "disarmed").due_at == at("18:15")
    found = look("18:15", "disarmed")
    assert found.late_from == at("18:00")
    assert (found.told.late_from, found.told.late_at, found.told.times) == (at("18:00"), at("18:15"), 1)
    assert found.due_at == at("19:15"), "the repeat"
    assert look("18:15", "armed", "17:00").late_from is None


def test_D3_it_is_told_again_after_the_repeat_and_once_where_there_is_none() -> None:
    first = look("18:15", "disarmed").told
    assert look("19:14", "disarmed", told=first).late_from is None
    again = look("19:15", "disarmed", told=first)
    assert (again.late_from, again.told.times, again.due_at) == (at("18:00"), 2, at("20:15"))
    once = look("23:00", "disarmed", told=first, repeat_min=0)
    assert once.late_from is None
    assert look("19:15", "armed", "19:00", told=first).late_from is None


def test_D3_the_next_evening_is_a_matter_of_its_own_and_what_is_armed_is_looked_at_once_more() -> None:
    told = look("18:15", "disarmed").told
    tomorrow = at("18:15", (2026, 11, 24))
    assert look(tomorrow, "disarmed", told=told, repeat_min=0).late_from == at("18:00", (2026, 11, 24))
    assert look("18:05", "armed", "17:00").due_at == at("18:15"), "it may be opened within the tolerance, and stay open"


def test_D3_opened_after_the_hours_it_gets_as_long_as_one_that_stayed_open() -> None:
    assert look("22:14", "disarmed", "22:00").late_from is None
    assert look("22:14", "disarmed", "22:00").due_at == at("22:15")
    assert look("22:15", "disarmed", "22:00").late_from == at("22:00")
    within = look("18:15", "disarmed", "18:10")
    assert within.late_from == at("18:00"), "opened within the tolerance: it should be closed at the end of it"


def test_D3_who_comes_a_little_early_is_no_more_late() -> None:
    told = look("18:15", "disarmed").told
    next_day = (2026, 11, 24)
    assert look(at("09:44", next_day), "disarmed", told=told).late_from == at("18:00")
    assert look(at("09:45", next_day), "disarmed", told=told).late_from is None
    assert look(at("08:20", next_day), "disarmed", at("08:05", next_day), early_min=120).late_from is None


def test_D1_the_evening_that_was_made_longer_is_late_only_after_its_new_end() -> None:
    longer = (change(date(*DAY), hours="10:00–01:30"),)
    assert look("18:15", "disarmed", changes=longer).late_from is None
    late = look(at("01:45", (2026, 11, 24)), "disarmed", changes=longer)
    assert late.late_from == at("01:30", (2026, 11, 24))


def test_D3_not_opened_in_time_is_told_once_for_each_beginning() -> None:
    yesterday = at("18:00", (2026, 11, 22))
    assert look("10:14", "armed", yesterday).missed_from is None
    assert look("10:14", "armed", yesterday).due_at == at("10:15")
    found = look("10:15", "armed", yesterday)
    assert found.missed_from == at("10:00")
    assert look("11:00", "armed", yesterday, told=found.told).missed_from is None
    tomorrow = at("10:15", (2026, 11, 24))
    assert look(tomorrow, "armed", yesterday, told=found.told).missed_from == at("10:00", (2026, 11, 24))
    assert look("10:15", "armed", "10:05").missed_from is None, "it was opened, and closed again"
    assert look("10:15", "disarmed", "10:14").missed_from is None


def test_hours_shorter_than_the_tolerance_are_not_missed_unseen() -> None:
    found = look("10:09", "armed", at("18:00", (2026, 11, 22)), weekly=week(every="10:00–10:10"))
    assert found.missed_from == at("10:00")


@pytest.mark.parametrize("now", ["10:15", "18:15", "22:00"])
def test_B3_what_is_not_transmitted_is_neither_late_nor_missed(now: str) -> None:
    found = look(now, None)
    assert (found.late_from, found.missed_from) == (None, None)
    assert found.due_at is not None, "it may be transmitted later"


def test_only_what_is_asked_for_is_supervised() -> None:
    assert look("18:15", "disarmed", supervised=(Supervised.OPENING,)).due_at is None
    assert look("18:15", "disarmed", supervised=(Supervised.NOT_OPENED,)).late_from is None
    missed = look("10:15", "armed", at("18:00", (2026, 11, 22)), supervised=(Supervised.LATE_CLOSE,))
    assert missed.missed_from is None


def test_an_area_that_is_always_closed_or_always_open_is_looked_at_now_and_then() -> None:
    closed = look("12:00", "disarmed", "11:00", weekly=week())
    assert closed.late_from == at("11:00")
    always = look("12:00", "armed", at("12:00", (2026, 10, 1)), weekly=week(every="00:00–24:00"))
    assert (always.missed_from, always.late_from) == (None, None)
    assert always.due_at is not None
    assert always.due_at <= at("12:00") + timedelta(days=7)


@pytest.mark.parametrize("state", ["armed", "disarmed", None])
def test_looking_always_when_it_is_due_misses_nothing_and_never_stands_still(state: str | None) -> None:
    """A week of looks at what is due alone finds what a look every minute finds, over a change of clock."""
    hours = AreaHours(weekly=week(mon="10:00–18:00", fri="20:00–02:30", sat="20:00–02:30"), repeat_min=240)
    plan, stands = schedule(hours), AreaStands(state, local(BRUSSELS, 2026, 10, 20, 12, 0) if state else None)
    begin, end = local(BRUSSELS, 2026, 10, 22, 12, 0), local(BRUSSELS, 2026, 10, 27, 12, 0)

    def run(step: timedelta | None) -> list[tuple[datetime, str]]:
        now, told, said = begin, Told(), []
        while now < end:
            found = judge(plan, stands, told, now)
            told = found.told
            said += [(now, "late")] if found.late_from else []
            said += [(now, "missed")] if found.missed_from else []
            assert found.due_at is not None
            assert found.due_at > now
            now = now + step if step else found.due_at
        return said

    every_minute = run(timedelta(minutes=1))
    assert run(None) == every_minute
    assert bool(every_minute) == (state is not None)

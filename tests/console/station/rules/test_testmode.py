"""F1, F3: what time does to a test, by table and over ten days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from console.station.rules.profile import DEFAULT_PROFILE as PROFILE
from console.station.rules.testmode import TestDue, TestFacts, due
from models.records import age_words
from tests.console.station.rules.facts import NOW, later

H = 3600
DAY = 24 * H
BEGUN = TestFacts(NOW)
TO_20 = TestFacts(NOW, ends_at=later(4 * H))
SHELF = TestFacts(NOW, ends_at=later(H), shelved=True)


@pytest.mark.parametrize(
    ("test", "at", "expected"),
    [
        (BEGUN, 0, None),
        (BEGUN, DAY - 1, None),
        (BEGUN, DAY, TestDue.OLD),
        (replace(BEGUN, told_at=later(DAY)), 2 * DAY - 1, None),
        (replace(BEGUN, told_at=later(DAY)), 2 * DAY, TestDue.OLD),
        (TO_20, 4 * H - 901, None),
        (TO_20, 4 * H - 900, TestDue.WARN),
        (replace(TO_20, warned=True), 4 * H - 900, None),
        (TO_20, 4 * H, TestDue.END),
        (replace(TO_20, still_in_alarm=1), 4 * H, TestDue.PAST_END),
        (replace(TO_20, still_in_alarm=1, past_end=True, told_at=later(4 * H)), 4 * H + 1, None),
        (replace(TO_20, still_in_alarm=1, past_end=True, told_at=later(4 * H)), 28 * H, TestDue.OLD),
        # what held it back is restored: it is over
        (replace(TO_20, still_in_alarm=0, past_end=True, told_at=later(4 * H)), 5 * H, TestDue.END),
        # shorter than the warning: none
        (replace(TO_20, ends_at=later(600)), 1, None),
        (replace(TO_20, ends_at=later(600)), 600, TestDue.END),
        # longer than a day: old before its end
        (replace(TO_20, ends_at=later(48 * H)), DAY, TestDue.OLD),
        (SHELF, H - 1, None),
        (SHELF, H, TestDue.END),
        (replace(SHELF, still_in_alarm=1), H, TestDue.END),
        (replace(SHELF, once=True), 899, None),
        (replace(SHELF, once=True), 900, TestDue.END),
        (replace(SHELF, once=True, last_signal_at=later(800)), 1699, None),
        (replace(SHELF, once=True, last_signal_at=later(800)), 1700, TestDue.END),
    ],
)  # fmt: skip
def test_F3_what_is_due(test: TestFacts, at: float, expected: TestDue | None) -> None:
    assert due(test, PROFILE, later(at)) is expected


def test_F3_a_test_without_an_end_is_brought_up_once_a_day_for_ten_days() -> None:
    test, told = BEGUN, []
    for minute in range(10 * 24 * 60 + 1):
        now = later(60 * minute)
        if due(test, PROFILE, now) is not None:
            told.append(minute // 60)
            test = replace(test, told_at=now)
    assert told == [24 * day for day in range(1, 11)]


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(minutes=9), "0 h 09 m"),
        (timedelta(hours=11, minutes=20), "11 h 20 m"),
        (timedelta(days=1), "1 d 00 h"),
        (timedelta(days=3, hours=4, minutes=59), "3 d 04 h"),
    ],
)
def test_the_age_of_a_test_in_words(age: timedelta, words: str) -> None:
    assert age_words(age) == words

"""Reports go out once each day, week or month by the wall clock, at both changes as well (I10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from console.station.rules.reports import following, latest, period, words
from models.records import ReportPlan

BRUSSELS = "Europe/Brussels"


def plan(**more: Any) -> ReportPlan:
    return ReportPlan(**{"name": "Daily", "to": ("a@b.example",), "timezone": BRUSSELS, **more})


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("asked", "after", "out", "of"),
    [
        # An ordinary day, and the days of both changes: 23 and 25 hours.
        ({}, utc(2026, 11, 23, 5), utc(2026, 11, 24, 5), (utc(2026, 11, 22, 23), utc(2026, 11, 23, 23))),
        ({}, utc(2026, 3, 29, 5), utc(2026, 3, 30, 4), (utc(2026, 3, 28, 23), utc(2026, 3, 29, 22))),
        ({}, utc(2026, 10, 25, 6), utc(2026, 10, 26, 5), (utc(2026, 10, 24, 22), utc(2026, 10, 25, 23))),
        # In the hour that is left out: at the change. In the hour that comes twice: the first time alone.
        ({"at": "02:30"}, utc(2026, 3, 28, 12), utc(2026, 3, 29, 1), (utc(2026, 3, 27, 23), utc(2026, 3, 28, 23))),
        ({"at": "02:30"}, utc(2026, 10, 24, 12), utc(2026, 10, 25, 0, 30),
         (utc(2026, 10, 23, 22), utc(2026, 10, 24, 22))),
        ({"at": "02:30"}, utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30),
         (utc(2026, 10, 24, 22), utc(2026, 10, 25, 23))),
        # Mondays; the seven days across the change.
        ({"every": "week", "day": 0}, utc(2026, 3, 24), utc(2026, 3, 30, 4),
         (utc(2026, 3, 22, 23), utc(2026, 3, 29, 22))),
        # The 31st of February is its last day; what is told is the whole month before.
        ({"every": "month", "day": 31}, utc(2026, 2, 1), utc(2026, 2, 28, 5),
         (utc(2025, 12, 31, 23), utc(2026, 1, 31, 23))),
        ({"every": "month", "day": 1}, utc(2026, 12, 2), utc(2027, 1, 1, 5),
         (utc(2026, 11, 30, 23), utc(2026, 12, 31, 23))),
    ],
)  # fmt: skip
def test_I10_when_it_goes_out_and_of_what(
    asked: dict[str, Any], after: datetime, out: datetime, of: tuple[datetime, datetime]
) -> None:
    one = plan(**asked)
    assert following(one, after) == out
    assert period(one, out) == of


ZONES = st.sampled_from([BRUSSELS, "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])


@given(
    zone=ZONES,
    at=st.times().map(lambda one: f"{one:%H:%M}"),
    every=st.sampled_from([("day", 0), ("week", 3), ("month", 1), ("month", 30), ("month", 31)]),
    began=st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(lambda one: one.replace(tzinfo=UTC)),  # noqa: DTZ001
)
def test_I10_it_goes_out_once_each_time_and_the_periods_leave_nothing_out(
    zone: str, at: str, every: tuple[str, int], began: datetime
) -> None:
    one = plan(timezone=zone, at=at, every=every[0], day=every[1])
    outs = [following(one, began)]
    for _ in range(20):
        outs.append(following(one, outs[-1]))
    days = [out.astimezone(ZoneInfo(zone)).date() for out in outs]
    assert len(set(days)) == len(days)
    for before, out in pairwise(outs):
        assert before < out
        assert following(one, out - timedelta(microseconds=1)) == out
        assert period(one, before)[1] == period(one, out)[0], "each begins where the one before ends"
        assert period(one, out)[1] <= out
    assert latest(one, outs[0], outs[7]) == (outs[7], 7)
    assert latest(one, outs[0], outs[1] - timedelta(seconds=1)) == (outs[0], 0)


def test_G6_it_is_told_in_words() -> None:
    assert words(plan()) == "every day 06:00"
    assert words(plan(every="week", day=4, at="18:30")) == "every Friday 18:30"
    assert words(plan(every="month", day=1)) == "every month on day 1, 06:00"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"to": ()}, "to"),
        ({"to": ("nobody",)}, "to"),
        ({"to": ("a@b.example\nBcc: c@d.example",)}, "to"),
        ({"to": ("a@b.example", "A@b.example")}, "twice"),
        ({"name": "two\nlines"}, "name"),
        ({"at": "24:00"}, "at"),
        ({"timezone": "Mars/Olympus"}, "time zone"),
        ({"every": "week", "day": 7}, "weekday"),
        ({"every": "month", "day": 0}, "day of a month"),
        ({"report": "incident"}, "incident"),
        ({"report": "site-activity"}, "site"),
        ({"report": "operator"}, "operator"),
        ({"asked": {"from_": "2026-01-01T00:00:00Z"}}, "period"),
    ],
)
def test_I12_what_cannot_be_is_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        plan(**wrong)

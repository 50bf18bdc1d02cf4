"""F2, I10: when a test is to run, as people type it."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.records import PlannedWhen
from widgets.testing.when import read_minutes, read_when, write_minutes, write_when

NOW = datetime(2026, 11, 24, 16, 0).astimezone()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("30 min", 30), ("30", 30), ("2 h", 120), ("1 h 30", 90), ("1h30m", 90), ("45 minutes", 45)],
)
def test_how_long(text: str, minutes: int) -> None:
    assert read_minutes(text) == minutes
    assert read_minutes(write_minutes(minutes)) == minutes


@pytest.mark.parametrize("text", ["", "soon", "0", "0 h", "10:00", "-5"])
def test_I12_no_length_of_time_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="no length of time"):
        read_minutes(text)


@pytest.mark.parametrize(
    ("text", "first", "at", "weekdays"),
    [
        ("30 Nov 10:00", "2026-11-30", "10:00", ()),
        ("tomorrow 8:30", "2026-11-25", "08:30", ()),
        ("18:00", "2026-11-24", "18:00", ()),
        ("10:00", "2026-11-25", "10:00", ()),
        ("every Mon 10:00", "2026-11-24", "10:00", (0,)),
        ("every monday, Thu 9:05", "2026-11-24", "09:05", (0, 3)),
        ("every Mon-Fri 10:00", "2026-11-24", "10:00", (0, 1, 2, 3, 4)),
        ("every Sat-Mon 10:00", "2026-11-24", "10:00", (0, 5, 6)),
    ],
)
def test_when_it_begins(text: str, first: str, at: str, weekdays: tuple[int, ...]) -> None:
    found = read_when(text, 30, NOW)
    assert (found.first.isoformat(), found.at, found.weekdays, found.minutes) == (first, at, weekdays, 30)
    assert read_when(write_when(found), 30, NOW) == found


@pytest.mark.parametrize("text", ["every 10:00", "every foo 10:00", "every Mon 25:00", "every Mon", "whenever"])
def test_I12_no_time_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="such as"):
        read_when(text, 30, NOW)


def test_what_is_planned_is_written_as_it_is_read() -> None:
    when = PlannedWhen.model_validate({"first": "2026-11-30", "at": "10:00", "minutes": 90, "weekdays": [0, 3]})
    assert (write_when(when), write_minutes(when.minutes)) == ("every Mon, Thu 10:00", "1 h 30 min")

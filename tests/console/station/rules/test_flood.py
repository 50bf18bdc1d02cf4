"""More than an operator can handle: begins over ten in ten minutes, ends under five (G6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.station.rules.flood import Flood, slots

AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("counts", "marked"),
    [
        ([], []),
        ([10], [False]),
        ([11], [True]),
        ([4, 10, 11, 10, 5, 4, 5], [False, False, True, True, True, False, False]),
        ([11, 4, 10], [True, False, False]),
        ([12, 3, 11, 5], [True, False, True, True]),
    ],
)
def test_G6_a_flood_begins_over_ten_and_ends_under_five(counts: list[int], marked: list[bool]) -> None:
    assert Flood().marked(counts) == marked


@pytest.mark.parametrize(
    ("per_slot", "expected", "floods"),
    [
        ({}, [], 0),
        ({0: 10}, [(0, 10, False)], 0),
        ({0: 11, 1: 7}, [(0, 11, True), (1, 7, True)], 1),
        ({0: 11, 2: 7}, [(0, 11, True), (2, 7, False)], 1),
        ({0: 11, 1: 4, 2: 12}, [(0, 11, True), (1, 4, False), (2, 12, True)], 2),
    ],
)
def test_G6_ten_quiet_minutes_end_a_flood(
    per_slot: dict[int, int], expected: list[tuple[int, int, bool]], floods: int
) -> None:
    times = [
        AT + timedelta(minutes=10 * slot, seconds=30 * nth) for slot, count in per_slot.items() for nth in range(count)
    ]
    found, begun = slots(times[::-1], Flood())
    assert [((one.at - AT) // timedelta(minutes=10), one.alarms, one.flood) for one in found] == expected
    assert begun == floods

"""How much one source may send: a checklist of its allowance."""

from __future__ import annotations

import pytest

from console.station.rules.limits import DEBT_S, Pace


@pytest.mark.parametrize(
    ("spent", "later_s", "frames", "wait_s"),
    [
        (0, 0, 100, 0.0),
        (0, 0, 101, 0.1),
        (100, 0, 1, 0.1),
        (100, 1, 10, 0.0),
        (100, 1, 30, 2.0),
        (100, 999, 100, 0.0),
        (100, 999, 110, 1.0),
    ],
)
def test_a_source_may_send_what_it_saved_up_and_then_waits(
    spent: int, later_s: float, frames: int, wait_s: float
) -> None:
    pace = Pace(10)
    pace.wait("10.0.0.7", spent, 0.0)
    assert pace.wait("10.0.0.7", frames, later_s) == pytest.approx(wait_s)


def test_however_much_was_sent_it_is_made_good_in_seconds() -> None:
    pace = Pace(10)
    assert pace.wait("10.0.0.7", 100_000, 0.0) == DEBT_S
    assert pace.wait("10.0.0.7", 1, DEBT_S + 0.2) == 0


def test_what_is_refused_is_not_held_against_a_source() -> None:
    pace = Pace(10)
    assert sum(pace.take("10.0.0.7", 0.0) for _ in range(5000)) == 100
    assert pace.take("10.0.0.7", 0.2)
    assert all(Pace(0).take("10.0.0.7", 0.0) for _ in range(5000))


def test_one_sources_excess_costs_no_other_anything() -> None:
    pace = Pace(10)
    assert pace.wait("10.0.0.7", 5000, 0.0) > 0
    assert pace.wait("10.0.0.8", 100, 0.0) == 0


def test_without_a_limit_nobody_waits() -> None:
    assert Pace(0).wait("10.0.0.7", 10**9, 0.0) == 0


def test_memory_is_bounded_and_who_was_forgotten_starts_afresh() -> None:
    pace = Pace(10)
    for number in range(30_000):
        pace.wait(str(number), 1, 0.0)
    assert len(pace._buckets) == 20_000

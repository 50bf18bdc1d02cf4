"""I6, I10: times are UTC to the microsecond, the same number on every database; a time without a zone is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tables.base import UtcMicros, from_micros, to_micros


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_I6_no_microsecond_is_lost(at: datetime) -> None:
    assert from_micros(to_micros(at)) == at


@given(st.integers(-(10**15), 10**16))
def test_I6_nor_added(micros: int) -> None:
    assert to_micros(from_micros(micros)) == micros


def test_I10_the_same_moment_is_the_same_number_in_every_zone() -> None:
    at = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    for hours in (-11, 0, 1, 2, 14):
        assert to_micros(at.astimezone(timezone(timedelta(hours=hours)))) == to_micros(at)


def test_I10_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="without a zone"):
        to_micros(naive)
    with pytest.raises(ValueError, match="without a zone"):
        UtcMicros().process_bind_param(naive, None)  # type: ignore[arg-type]

"""What time does to a test: it is warned of, ends, stays past its end, or has grown old (F1, F3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from console.station.rules.profile import Profile


class TestDue(StrEnum):
    """What must happen to a test now."""

    __test__ = False

    WARN = "warn"
    """Say that it ends soon."""
    END = "end"
    PAST_END = "past end"
    """It should end, and zones are still in alarm: it goes on until they are restored, and is brought up."""
    OLD = "old"
    """Bring it up: it is old, or past its end."""


@dataclass(frozen=True, slots=True)
class TestFacts:
    """A test that runs, as far as time concerns it."""

    __test__ = False

    since: datetime
    ends_at: datetime | None = None
    past_end: bool = False
    warned: bool = False
    told_at: datetime | None = None
    shelved: bool = False
    once: bool = False
    last_signal_at: datetime | None = None
    still_in_alarm: int = 0


def due(test: TestFacts, profile: Profile, now: datetime) -> TestDue | None:
    """The most pressing thing that time asks for; None: nothing yet.

    What is shelved always comes back in time: what is still in alarm then is presented.
    """
    if test.shelved and test.once:
        quiet_since = max(test.since, test.last_signal_at or test.since)
        if now - quiet_since >= timedelta(seconds=profile.shelf_quiet_s):
            return TestDue.END
    if test.past_end and not test.still_in_alarm:
        return TestDue.END
    if test.ends_at is not None and not test.past_end and now >= test.ends_at:
        return TestDue.PAST_END if test.still_in_alarm and not test.shelved else TestDue.END
    if _is_old(test, profile, now):
        return TestDue.OLD
    if test.ends_at is not None and not test.warned and not test.shelved:
        soon = test.ends_at - timedelta(seconds=profile.test_warning_s)
        # A test that is shorter than the warning needs none.
        if test.since < soon <= now < test.ends_at:
            return TestDue.WARN
    return None


def _is_old(test: TestFacts, profile: Profile, now: datetime) -> bool:
    if not test.past_end and now - test.since < timedelta(seconds=profile.test_old_s):
        return False
    return test.told_at is None or now - test.told_at >= timedelta(seconds=profile.test_again_s)

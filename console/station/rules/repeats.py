"""Whether a frame is one that was heard already, or a new signal that looks like it (decision 6).

Rule: architecture.md §4 "Time and repeats". A second real alarm is never taken for a repeat; where nothing tells the
two apart for certain, a signal is presented twice rather than not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from console.station.rules.profile import Profile

NO_SEQUENCE = "0000"
FIRST_SEQUENCE = "0001"
_LAST_SEQUENCE = 9999


class Judged(StrEnum):
    """What a frame is."""

    NEW = "new"
    REPEAT = "repeat"
    """The last signal sent again: counted, presented no second time."""
    MENDED = "mended"
    """The last signal, refused for its time, sent again with a mended clock: its alarms are out already."""


@dataclass(slots=True)
class Repeat:
    """The last signal of an account on one path: what a repeat is recognised by."""

    token: str
    sequence: str
    digest: str
    seq: int
    at: datetime
    accepted: bool
    """False where it was answered NAK: the panel is bound to send it again."""
    presented: bool
    """False where it came in test (F4)."""
    sent_at: datetime | None = None
    """When the panel said that it sent it."""
    happened_at: datetime | None = None
    """When the panel said that it happened (H data)."""
    counts: bool = False
    """Its sequence followed the one before: see :func:`counts`."""
    alarms: str | None = None
    """The alarms it was presented on, separated by blanks; None for none."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A frame that has come, and what became of the last signal on its path until now."""

    token: str
    sequence: str
    digest: str
    at: datetime
    sent_at: datetime | None = None
    happened_at: datetime | None = None
    in_window: bool = True
    unable: bool = False
    """It is answered DUH, and panels send what was answered DUH again and again (dc09.md §2)."""
    answered: bool = False
    """The last signal's ACK was handed to a living connection."""
    still_open: bool = True
    """Every alarm that the last signal was presented on is open."""
    restored: bool = False
    """A restoral of one of its zones came since, on whatever path."""
    test_over: bool = False
    """The last signal was kept from the screens by a test (F4), and this one would not be."""


def judge(new: Arrival, last: Repeat | None, profile: Profile) -> Judged:
    """The rule. Order matters: first what makes a signal new for certain, then what makes it a repeat for certain."""
    if last is None or _another(new, last, profile) or _new_by_its_own_time(new, last, profile):
        return Judged.NEW
    # A repeat only counts on what operators still have before them: nothing is ever hidden by one.
    if not new.still_open or new.restored or new.test_over:
        return Judged.NEW
    if not last.accepted:
        return Judged.MENDED if new.in_window else Judged.REPEAT
    if new.unable:
        return Judged.REPEAT
    if new.sequence == NO_SEQUENCE:
        # A panel that sends 0000 with every event has no sequence (dc09.md §6, 10).
        return Judged.NEW
    if not new.answered or last.counts or _same_by_its_own_time(new, last, profile):
        return Judged.REPEAT
    # The panel was told, and says the same again: soon, that is a second try under way; later, a second alarm of a
    # panel whose sequence stands still or began anew.
    return Judged.NEW if abs(new.at - last.at) > timedelta(seconds=profile.resend_s) else Judged.REPEAT


def counts(sequence: str, last: Repeat | None) -> bool:
    """Whether a panel's sequence goes up by one: the same number again is then the same signal, however late.

    Never for 0001, with which a panel begins anew after power-up.
    """
    if last is None or sequence in (NO_SEQUENCE, FIRST_SEQUENCE):
        return False
    if not sequence.isdecimal() or not last.sequence.isdecimal():
        return False
    return int(sequence) == int(last.sequence) % _LAST_SEQUENCE + 1


def _another(new: Arrival, last: Repeat, profile: Profile) -> bool:
    same = (new.token, new.sequence, new.digest) == (last.token, last.sequence, last.digest)
    return not same or abs(new.at - last.at) > timedelta(seconds=profile.repeat_s)


def _new_by_its_own_time(new: Arrival, last: Repeat, profile: Profile) -> bool:
    """The panel itself says that this happened, or was written, at another time."""
    if new.happened_at is not None and last.happened_at is not None and new.happened_at != last.happened_at:
        # A few panels fill in the time of sending, which each try renews.
        return not (new.happened_at == new.sent_at and last.happened_at == last.sent_at)
    if new.sent_at is None or last.sent_at is None or new.sent_at == last.sent_at or not last.accepted:
        # After a NAK the clock was set: the difference says nothing.
        return False
    between = (new.sent_at - last.sent_at) - (new.at - last.at)
    return abs(between) > timedelta(seconds=profile.resend_s)


def _same_by_its_own_time(new: Arrival, last: Repeat, profile: Profile) -> bool:
    """The panel's clock runs, and names one time for both: it kept the frame and sends it again."""
    if new.sent_at is None or last.sent_at is None:
        return False
    if new.sent_at != last.sent_at:
        return new.happened_at is not None and new.happened_at == last.happened_at
    late = last.at - last.sent_at
    return timedelta(seconds=-profile.window_after_s) <= late <= timedelta(seconds=profile.window_before_s)

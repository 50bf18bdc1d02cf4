"""An outage: one provider's path falls silent at many sites, and is one row instead of hundreds (architecture.md §4).

It groups lost links and nothing else: every other kind of alarm of the same sites keeps its own row.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from console.station.rules import transitions
from console.station.rules.alarm import Alarm
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from models.records import AlarmClass, AlarmState, Disposition, ErrorCode, Priority, plain_number

KIND = "outage"
_LINK = "link-lost"


@dataclass(frozen=True, slots=True)
class Count:
    """How an outage stands."""

    lost: int
    """Off line now."""
    back: int
    alone: int
    """Off line now, at sites without a second path that works: they are not monitored."""


def matter(provider: str) -> str:
    """At most one outage of a provider is open."""
    return f"outage:{provider}"


def begins(lost_at: Collection[datetime], now: datetime, profile: Profile) -> bool:
    """Whether so many links of one provider were lost within the window that it is one matter."""
    since = now - timedelta(seconds=profile.outage_window_s)
    return sum(1 for at in lost_at if at > since) >= profile.outage_systems


def opened(identifier: str, provider: str, count: Count, seq: int, now: datetime) -> Alarm:
    """The one alarm of an outage. High while sites are not monitored at all, else Low: they have a second path."""
    return Alarm(
        id=identifier,
        version=1,
        matter=matter(provider),
        site=None,
        account="",
        alarm_class=AlarmClass.SUPERVISION,
        kind=KIND,
        words=words(provider),
        place=place(count),
        zones=(),
        priority=_priority(count),
        life_safety=False,
        silent=False,
        state=AlarmState.WAITING,
        incident=identifier,
        opened_at=now,
        clock_from=now,
        last_signal_at=now,
        last_signal_words="Link lost",
        last_seq=seq,
        signals=count.lost,
    )


def counted(alarm: Alarm, count: Count, said: str, seq: int, now: datetime, *, late: bool = False) -> Alarm:
    """Links were lost or came back. A site that is now without any path raises it; nothing ends it (I13).

    Once every site has a path again it falls back to Low: state, holder, clock and what was not seen stay as they are.
    ``late``: a site without a second path fell silent long after the others: it may be a cut line that has nothing to
    do with them, and must be heard also where the outage is in hand or parked.
    """
    changed = replace(
        alarm,
        place=place(count),
        signals=max(alarm.signals, count.lost + count.back),
        last_signal_at=now,
        last_signal_words=said,
        last_seq=seq,
    )
    rises = bool(count.alone) and alarm.own > Priority.HIGH
    if rises or late:
        priority = min(alarm.own, int(Priority.HIGH))
        changed = replace(changed.lifted(), priority=priority, version=alarm.version + 1, escalated=0)
        if alarm.state is AlarmState.PARKED:
            changed = transitions.wake(changed, now, "a site without a second path fell silent")
        if alarm.state is AlarmState.HELD:
            changed = replace(changed, unseen=alarm.unseen + 1)
        if alarm.state is not AlarmState.WAITING:
            changed = replace(changed, clock_from=now, taken_at=None)
    elif alarm.own == Priority.HIGH and not count.alone:
        changed = replace(changed.lifted(), priority=_priority(count), version=alarm.version + 1)
    return changed


def _priority(count: Count) -> int:
    return int(Priority.HIGH if count.alone else Priority.LOW)


def gather(alarm: Alarm, outage: str, accounts: Collection[str], now: datetime) -> Alarm:
    """A site's own row for a lost link gives way to the outage's; refused where it is about anything else.

    Only what waits, is Low and is about lost links alone: what somebody has in hand or parked stays theirs.
    """
    if not may_gather(alarm, accounts):
        raise Refused(ErrorCode.WRONG_STATE, f"{alarm.id} is not about a lost link alone.")
    return replace(
        alarm.lifted(),
        version=alarm.version + 1,
        state=AlarmState.CLOSED,
        disposition=Disposition.SELF_COMPLETED,
        closed_at=now,
        closed_by="station",
        close_reason=f"goes on in {outage}",
    )


def may_gather(alarm: Alarm, accounts: Collection[str]) -> bool:
    """Whether a site's row is about lost links of ``accounts`` and nothing else, and in nobody's hands.

    ``accounts``: the systems that the outage has. Another system's loss would be told by nobody any more.
    """
    # As a fact's place is spelled, which is canonical (architecture.md §6).
    joined = {plain_number(in_zones(account)) for account in accounts}
    return (
        alarm.state is AlarmState.WAITING
        and alarm.kind == _LINK
        and alarm.own == Priority.LOW
        and alarm.cancelled_at is None
        and all(zone.kind == _LINK and (zone.restored or plain_number(zone.zone) in joined) for zone in alarm.zones)
    )


def in_zones(account: str) -> str:
    """How a system stands in the place of a zone, in the alarm of its lost link."""
    return f"system {account}"


def words(provider: str) -> str:
    """What it is called."""
    return f"Provider outage, {provider}" if provider else "Many links lost, provider not named"


def place(count: Count) -> str:
    """Its second line."""
    alone = f" · {count.alone} without a second path" if count.alone else " · all have a second path"
    return f"{count.lost} off line, {count.back} back{alone if count.lost else ''}"


def missing(count: Count) -> tuple[str, ...]:
    """What stands between an outage and its close: nothing may be forgotten in it (I4)."""
    if not count.lost:
        return ()
    many = "1 system is" if count.lost == 1 else f"{count.lost} systems are"
    return (f"{many} still off line: wait for them, or give them rows of their own.",)

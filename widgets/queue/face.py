"""What a row of the queue says of an alarm now: times, words and colours, without any painting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from models.records import AlarmState, AlarmView, OutageView
from widgets.theme import priority_name
from widgets.words import clock, duration, headline, plural


def _tr(text: str) -> str:
    return QCoreApplication.translate("queue", text)


@dataclass(frozen=True, slots=True)
class Face:
    """One row, in words. ``part`` is the share of the target that is used, None where no bar is due."""

    time: str
    after_time: str
    under_time: str
    part: float | None
    over: bool
    event: str
    place: str
    site: str
    where: str
    state: str
    under_state: str
    bold: bool
    struck: bool


def face(alarm: AlarmView, now: datetime, me: str = "", note: str = "") -> Face:
    """How ``alarm`` looks at ``now`` to the operator with login name ``me``; ``note`` is what else is said of it."""
    time, after, under, part, over = _times(alarm, now)
    state, under_state = _state(alarm, now, me)
    if note and alarm.state is AlarmState.WAITING:
        under_state = f"{note} · {under_state}" if under_state else note
    place, site, where = _outage(alarm.outage, now) if alarm.outage is not None else _where(alarm)
    return Face(
        time=time,
        after_time=after,
        under_time=under,
        part=part,
        over=over,
        event=headline(alarm),
        place=place,
        site=site,
        where=where,
        state=state,
        under_state=under_state,
        bold=alarm.state is AlarmState.WAITING,
        struck=alarm.state is AlarmState.CLOSED,
    )


def _where(alarm: AlarmView) -> tuple[str, str, str]:
    place = alarm.place or _tr("Panel · account {0}").format(alarm.account)
    if alarm.site is None and not alarm.account:
        return place, _tr("The station itself"), _tr("tell whoever keeps it")
    if alarm.site is None:
        return place, _tr("Unknown account {0}").format(alarm.account), _tr("no site has this account")
    return place, alarm.site.name, f"{alarm.site.town} · {alarm.site.id}"


def _outage(outage: OutageView, now: datetime) -> tuple[str, str, str]:
    """One row for many sites, counted once (visual.md 06d)."""
    alone = _tr("{0} without a second path").format(outage.alone)
    since = _tr("since {0} · ").format(clock(outage.began_at))
    place = since + (alone if outage.alone else _tr("every site has a second path"))
    quiet = _tr("{0} back · no new loss for {1}").format(outage.back, duration(now - outage.last_loss_at))
    return place, _tr("{0} off line").format(outage.lost), quiet


def _times(alarm: AlarmView, now: datetime) -> tuple[str, str, str, float | None, bool]:
    if alarm.state is AlarmState.PARKED and alarm.parked_until is not None:
        return duration(alarm.parked_until - now), _tr("left"), "", None, False
    if alarm.state is AlarmState.HELD and alarm.held_since is not None:
        # One that came into these hands with another, or by a supervisor, was not taken out of the queue.
        taken = _tr("taken in {0}").format(duration(alarm.taken_at - alarm.clock_from)) if alarm.taken_at else ""
        return duration(now - alarm.held_since), "", taken, None, False
    elapsed = (now - alarm.clock_from).total_seconds()
    if alarm.state is AlarmState.CLOSED and alarm.closed_at is not None:
        left = max(0, 10 - int((now - alarm.closed_at).total_seconds()))
        return duration(elapsed), "", _tr("leaves in {0}").format(duration(left)), None, False
    over = elapsed > alarm.target_s
    under = _tr("+{0} over").format(duration(elapsed - alarm.target_s)) if over else ""
    return duration(elapsed), f"/ {duration(alarm.target_s)}", under, min(1.0, elapsed / alarm.target_s), over


def _state(alarm: AlarmView, now: datetime, me: str) -> tuple[str, str]:
    if alarm.state is AlarmState.CLOSED:
        return _closed(alarm)
    if alarm.state is AlarmState.HELD:
        doing = alarm.doing or _tr("In hand")
        if alarm.idle_warned_at is not None:
            doing = _tr("No act for {0}: goes back soon").format(duration(now - (alarm.last_act_at or now)))
        if alarm.holder == me:
            return _tr("In your hands"), doing
        return f"{alarm.held_by} · {alarm.workstation}", doing
    if alarm.state is AlarmState.PARKED:
        return _tr("Parked by {0}").format(alarm.parked_by or "?"), alarm.park_reason
    if alarm.cancelled is not None:
        return _tr("Cancelled {0}").format(
            clock(alarm.cancelled.at)
        ), f"{alarm.cancelled.by}, {alarm.cancelled.channel}"
    if alarm.returned is not None:
        return _tr("Returned {0}").format(clock(alarm.returned.at)), alarm.returned.why
    if alarm.silent:
        return _tr("Waiting"), _tr("Do not call premises")
    if alarm.outage is not None:
        return _tr("Waiting"), _tr("opened {0}").format(clock(alarm.opened_at))
    count = plural(alarm.signals, _tr("signal"), _tr("signals"))
    if alarm.signals > 1:
        count += _tr(", last {0} ago").format(duration(now - alarm.last_signal_at))
    if alarm.out_of_window:
        count = _tr("Panel's clock is wrong · ") + count
    return _tr("Waiting"), count


def _closed(alarm: AlarmView) -> tuple[str, str]:
    if alarm.cancelled is not None:
        return _tr("Cancelled {0}").format(
            clock(alarm.cancelled.at)
        ), f"{alarm.cancelled.by}, {alarm.cancelled.channel}"
    return _tr("Closed"), alarm.closed_by or ""


def spoken(alarm: AlarmView, now: datetime, me: str = "", note: str = "") -> str:
    """The row for a screen reader: ``Priority 2 High, waiting 1:42, target 1:30, …`` (visual.md §8)."""
    said = face(alarm, now, me, note)
    name = priority_name(alarm.priority)
    time = f"{alarm.state.value} {said.time}"
    target = _tr(", target {0}").format(duration(alarm.target_s)) if alarm.state is AlarmState.WAITING else ""
    return (
        _tr("Priority {0} {1}, {2}{3}").format(alarm.priority, name, time, target)
        + f", {said.event}, {said.place}, {said.site}, {said.where}, {said.state}, {said.under_state}"
    )

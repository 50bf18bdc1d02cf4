"""What the title line says of the alarm in hand: the banner of a site in test first, one notice (visual.md §3)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from console.client.picture import Known, urgency
from models.records import AlarmDetail, AlarmState, AlarmView
from widgets.testing.face import banner, in_test_words, scope_words
from widgets.theme import priority_name
from widgets.words import clock, duration, headline
from widgets.workspace.warning_line import Warning, Weight


def _tr(words: str) -> str:
    return QCoreApplication.translate("workspace", words)


def title_of(alarm: AlarmView | None, detail: AlarmDetail | None, known: Known, now: datetime) -> tuple[str, str, bool]:
    """Title, summary, and whether it is the banner of a site in test."""
    if alarm is None:
        return _tr("Alarm"), _tr("No alarm is in your hands. F1 takes the most urgent."), False
    tests = known.tests.get(alarm.site.id, ()) if alarm.site else ()
    if tests:
        return in_test_words(tests), banner(tests, now), True
    if alarm.runaway:
        zones = ", ".join(zone.label for zone in alarm.runaway)
        said = _tr("{0} tells far too often · Alt+Z puts it aside, the alarm goes on").format(zones)
        return _tr("Alarm {0}").format(alarm.id), said, False
    if detail is None:
        return _tr("Alarm {0}").format(alarm.id), _tr("loading {0}").format(alarm.id), False
    since = clock(alarm.held_since) if alarm.held_since else ""
    summary = _tr("held by you since {0} · {1} · {2}").format(since, alarm.workstation or "", detail.plan.title)
    others = len(known.in_hand()) - 1
    if others > 0:
        summary += _tr(" · {0} more in your hands: Ctrl+F2").format(others)
    return _tr("Alarm {0}").format(alarm.id), summary, False


def warnings_of(alarm: AlarmView, detail: AlarmDetail | None, known: Known, now: datetime) -> list[Warning]:
    """What holds of the alarm in hand, the gravest first: from its own state alone, so that nothing takes it away."""
    found = []
    others = [
        one
        for one in sorted(known.alarms.values(), key=urgency)
        if one.id != alarm.id and one.incident == alarm.incident and one.state is not AlarmState.CLOSED
    ]
    if alarm.duress:
        found.append(Warning(_tr("Duress: somebody is under threat"), Weight.DANGER))
    if alarm.silent:
        found.append(Warning(_tr("Silent: do not call the premises, police first"), Weight.DANGER))
    elif any(one.silent for one in others):
        # One roof: what rings for the one rings for the other (architecture.md §4).
        found.append(Warning(_tr("Do not call the premises: a silent alarm of this site is open"), Weight.DANGER))
    gone = alarm.cancelled
    if gone is not None:
        words = _tr("Cancelled {0} by {1}, {2}").format(clock(gone.at), gone.by, gone.channel)
        found.append(Warning(words + (_tr(", before the last signals") if alarm.last_signal_at > gone.at else "")))
    tests = known.tests.get(alarm.site.id, ()) if alarm.site is not None else ()
    if tests:
        scope = detail.in_test if detail is not None and detail.alarm.id == alarm.id else None
        said = scope_words(scope) if scope is not None else in_test_words(tests)
        found.append(Warning(said, Weight.TEST))
    for one in others:
        words = _tr("Also open here: {0} {1}, {2} {3}")
        since = duration(now - one.clock_from)
        found.append(Warning(words.format(priority_name(one.priority), headline(one), one.state.value, since)))
    return found


def why_lost(alarm: str, now: AlarmView | None, known: Known) -> str:
    """Who or what took an alarm out of these hands; ``now`` is how it stands."""
    away = known.away.get(alarm)
    if away is not None:
        return f"{away}."
    if now is None:
        return _tr("{0} is closed.").format(alarm)
    if now.state is AlarmState.WAITING and now.returned is not None:
        return _tr("{0} went back to the queue: {1}.").format(alarm, now.returned.why)
    where = _tr("it is in the hands of {0}").format(now.held_by) if now.held_by else now.state.value
    return _tr("{0} is no longer in your hands: {1}.").format(alarm, where)


def notice_of(alarm: AlarmView, telephone: str) -> tuple[str, bool, bool]:
    """The one notice: what just came of this alarm; whether it is loud, and stays. What holds is in the warning line.

    ``telephone`` is what went wrong at the call that runs.
    """
    if alarm.idle_warned_at is not None:
        return _tr("No act for too long: it goes back to the queue in seconds. Any act keeps it."), True, False
    if alarm.unseen:
        words = _tr("New signal {0}: {1}. Alt+A marks it seen.")
        return words.format(clock(alarm.last_signal_at), alarm.last_signal_words), True, False
    if telephone:
        return telephone, True, False
    return "", False, False

"""What the title line says of the alarm in hand: the banner of a site in test first, one notice (visual.md §3)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from console.client.picture import Known
from models.records import AlarmDetail, AlarmState, AlarmView
from widgets.testing.face import banner, scope_words
from widgets.words import clock


def _tr(words: str) -> str:
    return QCoreApplication.translate("workspace", words)


def title_of(alarm: AlarmView | None, detail: AlarmDetail | None, known: Known, now: datetime) -> tuple[str, str, bool]:
    """Title, summary, and whether it is the banner of a site in test."""
    if alarm is None:
        return _tr("Alarm"), _tr("No alarm is in your hands. F1 takes the most urgent."), False
    tests = known.tests.get(alarm.site.id, ()) if alarm.site else ()
    if tests:
        title = _tr("Site in test") if any(test.whole for test in tests) else _tr("Site in test, in part")
        return title, banner(tests, now), True
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


def notice_of(alarm: AlarmView, detail: AlarmDetail | None, telephone: str) -> tuple[str, bool, bool]:
    """The one notice: what the operator must know of this alarm besides the card; whether it is loud, and stays.

    ``telephone`` is what went wrong at the call that runs.
    """
    if alarm.idle_warned_at is not None:
        return _tr("No act for too long: it goes back to the queue in seconds. Any act keeps it."), True, False
    if alarm.unseen:
        words = _tr("New signal {0}: {1}. Alt+A marks it seen.")
        return words.format(clock(alarm.last_signal_at), alarm.last_signal_words), True, False
    if alarm.cancelled is not None:
        words, gone = _tr("Cancelled {0} by {1}, {2}. F10 closes it."), alarm.cancelled
        return words.format(clock(gone.at), gone.by, gone.channel), False, False
    if telephone:
        return telephone, True, False
    if detail is not None and detail.together:
        first = detail.together[0]
        return _tr("Same site: {0} {1}, {2}").format(first.id, first.words, first.state.value), False, False
    if alarm.silent:
        return _tr("Silent alarm: do not call the premises. Police first."), False, False
    if detail is not None and detail.in_test is not None:
        return _tr("{0}  F7").format(scope_words(detail.in_test)), False, True
    return "", False, False

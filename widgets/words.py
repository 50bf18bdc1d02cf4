"""Times and durations as the screens say them (visual.md §7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QCoreApplication

from models.records import AlarmView


def headline(alarm: AlarmView) -> str:
    """What an alarm is, wherever it is named: that somebody is under threat stands before whatever came first."""
    if alarm.duress and "duress" not in alarm.words.casefold():
        return QCoreApplication.translate("words", "Duress · {0}").format(alarm.words)
    return alarm.words


def duration(span: timedelta | float) -> str:
    """``0:42``, ``12:05``, ``3 h 07``, ``3 d 04 h``."""
    seconds = int(span.total_seconds() if isinstance(span, timedelta) else span)
    seconds = max(0, seconds)
    if seconds < 3600:
        return f"{seconds // 60}:{seconds % 60:02d}"
    if seconds < 24 * 3600:
        return f"{seconds // 3600} h {seconds % 3600 // 60:02d}"
    return f"{seconds // 86400} d {seconds % 86400 // 3600:02d} h"


def clock(moment: datetime) -> str:
    """``20:47:36`` at the workstation."""
    return moment.astimezone().strftime("%H:%M:%S")


def minute(moment: datetime) -> str:
    """``20:47``."""
    return moment.astimezone().strftime("%H:%M")


def day(moment: datetime) -> str:
    """``Fri 21 Nov``."""
    return moment.astimezone().strftime("%a %d %b")


def dated(moment: datetime) -> str:
    """Day and time; of another year than this with the year, for a day of the week is none."""
    here = moment.astimezone()
    if here.year == datetime.now(UTC).astimezone().year:
        return f"{day(moment)} {clock(moment)}"
    return f"{here:%d %b %Y} {clock(moment)}"


def plural(count: int, one: str, many: str) -> str:
    """``1 signal``, ``3 signals``."""
    return f"{count} {one if count == 1 else many}"


def thousands(count: int) -> str:
    """``3 961``."""
    return f"{count:,}".replace(",", " ")

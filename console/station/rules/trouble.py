"""The station's own troubles as alarms: each kind of trouble is one open alarm, and each finding is a fact on it (I4).

What stands still together (the duties of one second, the alarms of one dead workstation) is one matter to handle, not
ten. A finding whose cause is gone is noted as cleared and ends nothing (I13): an operator closes the alarm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from console.station.codes import Kind
from console.station.rules.alarm import Alarm, ZoneFact
from models.records import AlarmState

STOPPED, WARNING = "station-trouble", "station-warning"
"""A duty of the station stopped: Medium. It still does everything: Low."""
SKILLS = "skills"
"""Subject of what nobody has who is signed in, and a waiting alarm needs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the station itself."""

    subject: str
    """What it is about: findings of one subject share an alarm."""
    name: str
    """What tells it from others of its subject; the same for as long as it stands."""
    text: str
    """A sentence; its figures may change while it stands."""
    kind: str = STOPPED


def matter(place: str, subject: str) -> str:
    """At most one alarm of a subject is open for each station (``place``); what all stations see alike has no place."""
    return f"station:{place}:{subject}"


def opened(identifier: str, about: str, place: str, finding: Finding, kind: Kind, seq: int, now: datetime) -> Alarm:
    """A new alarm for ``finding``, with the matter ``about``."""
    return Alarm(
        id=identifier,
        version=1,
        matter=about,
        site=None,
        account="",
        alarm_class=kind.alarm_class,
        kind=kind.name,
        words=f"{kind.words} at {place}" if place else kind.words,
        place=finding.text,
        zones=(_fact(finding, seq, now),),
        priority=int(kind.priority),
        life_safety=False,
        silent=False,
        state=AlarmState.WAITING,
        incident=identifier,
        opened_at=now,
        clock_from=now,
        last_signal_at=now,
        last_signal_words=kind.words,
        last_seq=seq,
        unseen=1,
    )


def joined(alarm: Alarm, finding: Finding, kind: Kind, seq: int, now: datetime) -> Alarm | None:
    """``alarm`` with one finding more, or one that came again; None where it is on it and stands already."""
    if any(zone.zone == finding.name and not zone.restored for zone in alarm.zones):
        return None
    others = tuple(zone for zone in alarm.zones if zone.zone != finding.name)
    standing = sum(not zone.restored for zone in others)
    return replace(
        alarm,
        place=f"{finding.text} And {standing} more." if standing else finding.text,
        zones=(*others, _fact(finding, seq, now)),
        signals=alarm.signals + 1,
        unseen=alarm.unseen + 1,
        last_signal_at=now,
        last_signal_words=kind.words,
        last_seq=seq,
    )


def cleared(alarm: Alarm, name: str, words: str, now: datetime) -> tuple[Alarm, ZoneFact] | None:
    """``alarm`` with the finding noted as cleared, and which; None where it is not on it or was noted already.

    It stays where it is, in the queue or in somebody's hands: no silence ends an alarm (I13).
    """
    known = next((zone for zone in alarm.zones if zone.zone == name and not zone.restored), None)
    if known is None:
        return None
    zones = tuple(replace(zone, restored=True) if zone is known else zone for zone in alarm.zones)
    return replace(alarm, zones=zones, last_signal_at=now, last_signal_words=words), known


def _fact(finding: Finding, seq: int, now: datetime) -> ZoneFact:
    return ZoneFact("", finding.name, finding.text, finding.kind, now, seq=seq)

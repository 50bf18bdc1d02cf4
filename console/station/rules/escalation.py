"""Escalation of the unattended: to supervisors, then to everybody (I4; best-practice A, "warn or escalate")."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from console.station.rules.alarm import Alarm
from console.station.rules.profile import Profile
from models.records import AlarmState, Escalation

_TO = {Escalation.SUPERVISORS: "supervisors", Escalation.EVERYBODY: "everybody"}


def escalate(alarm: Alarm, profile: Profile, now: datetime) -> Alarm | None:
    """``alarm`` brought before more people, or None where that is not due. It waits on, its clock untouched."""
    due = level(alarm, profile, now)
    return replace(alarm, escalated=int(due)) if due > alarm.escalated else None


def level(alarm: Alarm, profile: Profile, now: datetime) -> Escalation:
    """Who must hear of an alarm that has waited so long without anybody taking it."""
    if alarm.state is not AlarmState.WAITING:
        return Escalation.NONE
    waited = now - alarm.clock_from
    supervisors, everybody = (timedelta(seconds=s) for s in profile.escalate_s[alarm.priority])
    if waited >= everybody:
        return Escalation.EVERYBODY
    return Escalation.SUPERVISORS if waited >= supervisors else Escalation.NONE


def words(alarm: Alarm, now: datetime) -> str:
    """What the journal says of it."""
    seconds = int((now - alarm.clock_from).total_seconds())
    to = _TO[Escalation(alarm.escalated)]
    return f"Unattended for {seconds // 60}:{seconds % 60:02d}, escalated to {to}"

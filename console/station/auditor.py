"""The auditor of I4: trusts nobody, shares nothing with the engine, and looks at the tables with its own eyes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

from console.station.rules.profile import Profile
from models.tables.base import to_micros

_LATE_S = 30
"""How far behind its own limits the engine may be before the auditor speaks."""


def findings(connection: Connection, profile: Profile, now: datetime, started_at: datetime) -> list[str]:
    """A sentence for each open alarm that is neither waiting, nor held by somebody who acts, nor parked in time."""
    found: list[str] = []
    late = timedelta(seconds=_LATE_S)
    rows = connection.execute(
        text(
            "SELECT a.id, a.state, a.priority, a.holder, a.workstation, a.parked_until, a.last_act_at, "
            "a.calling_since, "
            "(SELECT max(s.last_beat) FROM session s WHERE s.login = a.holder AND s.workstation = a.workstation) "
            "AS last_beat, "
            "(SELECT max(s.active_at) FROM session s WHERE s.login = a.holder AND s.workstation = a.workstation "
            "AND s.active_alarm = a.id) "
            "AS active_at, a.storm_until, a.storm_does, a.life_safety, a.alarm_class, "
            "(SELECT t.ended_at FROM storm t WHERE t.id = a.storm) AS storm_ended "
            "FROM alarm a WHERE a.state <> 'closed' ORDER BY a.id"
        )
    ).all()
    alive_since = to_micros(max(now - timedelta(seconds=profile.lease_s) - late, started_at - late))
    for row in rows:
        if row.state == "waiting":
            wrong = _held_back(row, profile, now, late)
            if wrong:
                found.append(f"{row.id} {wrong}")
            continue
        if row.state == "held":
            if row.holder is None or row.workstation is None:
                found.append(f"{row.id} is held by nobody")
            elif (row.last_beat or 0) < alive_since and now - started_at > timedelta(seconds=profile.lease_s) + late:
                found.append(f"{row.id} is held by {row.workstation}, which is not answering")
            elif _last_act(row, profile, started_at) < to_micros(
                now - timedelta(seconds=profile.idle_s[row.priority] + profile.idle_grace_s) - late
            ):
                found.append(f"{row.id} is held by {row.workstation} without an act")
        elif row.state == "parked":
            longest = to_micros(now + timedelta(seconds=profile.longest_park_s[row.priority]) + late)
            if row.parked_until is None or row.parked_until > longest:
                found.append(f"{row.id} is parked without an end")
            elif row.parked_until < to_micros(now - late):
                found.append(f"{row.id} should have come back from parked")
        else:
            found.append(f"{row.id} is in no known state")
    return found


def _held_back(row: Row[Any], profile: Profile, now: datetime, late: timedelta) -> str:
    """What is wrong with how a storm profile holds an alarm that waits; empty where none does, or all is well."""
    if not row.storm_does:
        return ""
    if row.life_safety or row.alarm_class not in ("technical", "supervision"):
        return "is touched by a storm profile, which never may"
    longest = profile.storm_delay_most_s if row.storm_does == "delay" else profile.storm_most_s
    if row.storm_until is None or row.storm_until > to_micros(now + timedelta(seconds=longest) + late):
        return "is held back by a storm profile without an end"
    if row.storm_until < to_micros(now - late):
        return "should be presented: the time is past for which a storm profile held it back"
    if row.storm_ended is not None and row.storm_ended < to_micros(now - late):
        return "should be presented: its storm profile is over"
    return ""


def _last_act(row: Row[Any], profile: Profile, started_at: datetime) -> int:
    """When its holder last did anything: an act, a key, or a call for as long as a call counts."""
    calling_to = 0 if row.calling_since is None else row.calling_since + profile.longest_call_s * 1_000_000
    return max(to_micros(started_at), row.last_act_at or 0, row.active_at or 0, calling_to)

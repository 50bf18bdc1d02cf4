"""What the station does by itself as time passes: leases, idle limits, parked alarms (I3, I4).

:func:`due` only reads, so that a quiet second takes no lock; :func:`tick` decides again under the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from console.station.acts.caller import STATION
from console.station.acts.returning import return_alarm
from console.station.rules import escalation, storm, transitions
from console.station.rules.alarm import Alarm
from console.station.rules.profile import Profile
from console.station.store import alarms as alarm_store
from console.station.store import storms as storm_store
from console.station.store.ledger import Ledger
from models.records import AlarmState, Escalation
from models.tables import SessionRow


@dataclass(frozen=True, slots=True)
class Workstation:
    """What is known of the holder's workstation."""

    last_beat: datetime
    active_at: datetime
    locked_at: datetime | None
    active_alarm: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What must happen to one alarm now: ``kind`` of entry, its text, and the alarm after it."""

    kind: str
    text: str
    alarm: Alarm


def decide(alarm: Alarm, at: Workstation | None, profile: Profile, now: datetime, since: datetime) -> Due | None:
    """The rule for one alarm. ``since`` is the station's start: after a restart every lease gets its full time."""
    if alarm.state is AlarmState.PARKED:
        if alarm.parked_until is not None and alarm.parked_until <= now:
            return _due(transitions.wake(alarm, now, "its time is reached"), "returned", "Back from parked", alarm)
        return None
    if alarm.state is AlarmState.WAITING:
        louder = escalation.escalate(alarm, profile, now)
        return None if louder is None else _due(louder, "escalated", escalation.words(louder, now), alarm)
    if alarm.state is not AlarmState.HELD:
        return None
    last_beat = max(at.last_beat, since) if at else since
    if now - last_beat >= timedelta(seconds=profile.lease_s):
        why = f"{alarm.workstation} is not answering"
        return _due(transitions.give_back(alarm, now, why), "returned", f"Back in the queue: {why}", alarm)
    if at is not None and at.locked_at is not None and now - at.locked_at >= timedelta(seconds=profile.locked_s):
        why = f"{alarm.workstation} stayed locked"
        return _due(transitions.give_back(alarm, now, why), "returned", f"Back in the queue: {why}", alarm)
    return _idle(alarm, at, profile, now, since)


def _idle(alarm: Alarm, at: Workstation | None, profile: Profile, now: datetime, since: datetime) -> Due | None:
    moments = [since, alarm.last_act_at or since]
    if at is not None and at.active_alarm == alarm.id:
        # A key counts for the alarm that was on the workspace, and for no other that the workstation holds.
        moments.append(at.active_at)
    if alarm.calling_since is not None:
        moments.append(min(now, alarm.calling_since + timedelta(seconds=profile.longest_call_s)))
    idle = now - max(moments)
    limit = timedelta(seconds=profile.idle_s[alarm.priority])
    if idle < limit:
        if alarm.idle_warned_at is None:
            return None
        # The warning must go from the screens once it no longer holds: a warning that lies is soon passed over.
        return _due(replace(alarm, idle_warned_at=None), "idle-over", f"{alarm.holder_name} is at it again", alarm)
    if alarm.idle_warned_at is None or alarm.idle_warned_at < max(moments):
        warned = replace(alarm, idle_warned_at=now)
        return _due(warned, "idle-warned", f"No act by {alarm.holder_name} for {int(limit.total_seconds())} s", alarm)
    if now - alarm.idle_warned_at >= timedelta(seconds=profile.idle_grace_s):
        why = f"no act by {alarm.holder_name}"
        return _due(transitions.give_back(alarm, now, why), "returned", f"Back in the queue: {why}", alarm)
    return None


def due(connection: Connection, profile: Profile, now: datetime, since: datetime) -> list[Due]:
    """Everything that must happen now."""
    # What waits is read only where it has waited for the shortest escalation: hundreds may wait in a flood.
    soonest = min(seconds for seconds, _ in profile.escalate_s.values())
    watched = [
        *alarm_store.in_state(connection, AlarmState.HELD, AlarmState.PARKED),
        *_loud(connection, now - timedelta(seconds=soonest), now),
    ]
    if not watched:
        return []
    stations: dict[tuple[str, str], Workstation] = {}
    for row in connection.execute(select(SessionRow).where(SessionRow.expires_at > now).order_by(SessionRow.last_beat)):
        stations[row.login, row.workstation] = Workstation(
            row.last_beat, row.active_at, row.locked_at, row.active_alarm
        )
    decided = (
        decide(alarm, stations.get((alarm.holder or "", alarm.workstation or "")), profile, now, since)
        for alarm in watched
    )
    return [item for item in decided if item is not None]


def _loud(connection: Connection, since: datetime, now: datetime) -> list[Alarm]:
    """What has waited since then without being brought before everybody; of what a storm profile grouped one alone."""
    found = alarm_store.unattended(connection, since, int(Escalation.EVERYBODY))
    if all(alarm.storm is None for alarm in found):
        return found
    return storm.loud(found, storm_store.firsts(connection), now)


def tick(profile: Profile, since: datetime) -> Callable[[Ledger], int]:
    """An act that does what is due; answers how many alarms it touched."""

    def act(ledger: Ledger) -> int:
        things = due(ledger.connection, profile, ledger.now, since)
        for thing in things:
            if thing.kind == "returned":
                return_alarm(ledger, thing.alarm, thing.text)
                continue
            alarm_store.save(ledger.connection, [thing.alarm])
            ledger.append(
                thing.kind,
                STATION,
                thing.text,
                site=thing.alarm.site,
                account=thing.alarm.account,
                alarm=thing.alarm.id,
                priority=thing.alarm.priority,
            )
        return len(things)

    return act


def _due(alarm: Alarm, kind: str, text: str, before: Alarm) -> Due:
    return Due(kind, f"{text} · {before.words}", alarm)

"""The words of an alarm: where it is, and what a signal changed."""

from __future__ import annotations

from console.station.rules.alarm import Alarm
from models.records import AlarmState

PRIORITY_WORDS = {1: "Emergency", 2: "High", 3: "Medium", 4: "Low"}


def places(alarm: Alarm, newest: str) -> str:
    """The zones that took part, at most four by name; ``newest`` is the place of the last signal."""
    labels = list(dict.fromkeys(zone.label for zone in alarm.zones if zone.label))
    if len(labels) < 2:
        return alarm.place or newest
    area = newest.split(" / ")[0] if " / " in newest else ""
    more = len(labels) - 4 + alarm.zones_beyond
    shown = " · ".join(labels[:4]) + (f" · {more} more" if more > 0 else "")
    same_area = len({zone.area for zone in alarm.zones}) == 1
    return f"{area} / {shown}" if area and same_area else shown


def changes(old: Alarm | None, new: Alarm) -> list[tuple[str, str]]:
    """The journal's words for what a signal changed."""
    name = PRIORITY_WORDS[new.priority]
    if old is None:
        joined = f", with {new.holder_name} at {new.workstation}" if new.state is AlarmState.HELD else ""
        return [("alarm-opened", f"New {new.priority} {name} · {new.words}{joined}")]
    changed = []
    if new.priority < old.priority:
        changed.append(("alarm-raised", f"Raised to {new.priority} {name} · {new.words}"))
    if new.state is AlarmState.WAITING and old.state is AlarmState.PARKED:
        changed.append(("returned", f"Back from parked: {new.returned_why}"))
    if new.cancelled_at != old.cancelled_at:
        changed.append(("cancelled", f"Cancelled by {new.cancelled_by}, {new.cancel_channel} · {new.words}"))
    if new.state is AlarmState.CLOSED:
        changed.append(("self-completed", f"Completed itself · {new.words} · {new.close_reason}"))
    return changed

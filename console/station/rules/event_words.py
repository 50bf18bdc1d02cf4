"""The words of an event: what it is called, and who did it."""

from __future__ import annotations

from console.station.codes import Kind
from models.records import Event, EventRole, plain_number


def event_words(event: Event, kind: Kind) -> str:
    """What an event is called on screen."""
    if event.kind == "unknown":
        return f"Unknown event {event.code}".strip()
    return kind.restored_words if event.role is EventRole.RESTORE and kind.restored_words else kind.words


def by_user(event: Event) -> str:
    """``user 03`` where an event names one."""
    user = event.user or (event.address if event.concerns == "user" else None)
    return f"user {user}" if user and plain_number(user) else ""

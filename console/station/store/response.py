"""The response targets that a supervisor set (F6; architecture.md §4): read where they are used, by every station."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from console.station.rules.profile import Profile
from models.records import Priority, ResponseProfile
from models.tables import ResponseProfileRow

_ONE = 1


def kept(connection: Connection, profile: Profile) -> ResponseProfile:
    """The targets that hold: those that were set, else those of ``profile``."""
    row = connection.execute(select(ResponseProfileRow.targets)).first()
    if row is not None:
        return ResponseProfile.model_validate_json(row.targets)
    return ResponseProfile(
        name=profile.name, emergency=profile.response[Priority.EMERGENCY], others=profile.response[Priority.HIGH]
    )


def profile_of(connection: Connection, profile: Profile) -> Profile:
    """``profile`` with the targets that hold."""
    row = connection.execute(select(ResponseProfileRow.targets)).first()
    return profile if row is None else profile.with_response(ResponseProfile.model_validate_json(row.targets))


def keep(connection: Connection, given: ResponseProfile, now: datetime) -> None:
    """Set the targets."""
    values = {
        "version": given.version,
        "name": given.name,
        "targets": given.model_dump_json(),
        "by": given.by,
        "at": now,
    }
    if given.version == 1:
        connection.execute(insert(ResponseProfileRow).values(id=_ONE, **values))
    else:
        connection.execute(update(ResponseProfileRow).where(ResponseProfileRow.id == _ONE).values(values))
